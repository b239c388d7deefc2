//! Doing a use case once more where the database gave it up for another's sake.
//!
//! Transactions that wait for each other in a circle, or that cannot be ordered one after the
//! other, are broken by PostgreSQL: one of them fails and has changed nothing. Tried again, it finds
//! what the other left. A use case is one transaction, so the whole of it is tried again.
use super::ActError;

/// How often a use case is tried: who loses twice meets something else than chance.
const TRIES: usize = 3;

impl super::App {
    /// Does `act`, and does it again where the database gave it up for another's sake.
    ///
    /// # Errors
    ///
    /// Those of `act`.
    pub async fn retried<T, F>(&self, act: impl Fn() -> F) -> Result<T, ActError>
    where
        F: Future<Output = Result<T, ActError>>,
    {
        for _ in 1..TRIES {
            match act().await {
                Err(ActError::Store(error)) if error.is_passing() => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "the database gave a transaction up; trying it again");
                }
                done => return done,
            }
        }
        act().await
    }
}
