//! One request, whole, for somebody who may see it: how it stands and what happened to it (R20).
use super::decide::may_look;
use super::favorites::is_own;
use super::refusals::Look;
use super::{ActError, App};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::past::Happened;
use crate::domain::record::Record;
use chrono::{DateTime, Utc};

/// Most things that are read of a request's past. A request moves some ten times; each extension is
/// one more.
const PAST: i64 = 500;

/// A request with its past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// As it stands.
    pub record: Record,
    /// Its moves, in order.
    pub past: Vec<Happened>,
    /// Whether the reader starred it; `None` where they cannot.
    pub star: Option<bool>,
    /// When it was read.
    pub at: DateTime<Utc>,
}

impl App {
    /// A request with its past, for somebody who may see it.
    ///
    /// # Errors
    ///
    /// [`ActError::NotFound`] when there is none, and when it is not theirs to see.
    pub async fn whole(&self, viewer: &PersonId, id: RequestId) -> Result<Whole, ActError> {
        let mut tx = self.store().read().await?;
        let record = tx.request(id).await?.ok_or(ActError::NotFound)?;
        if !may_look(&self.policy(), viewer, &record) {
            drop(tx);
            self.audit_refused_look(viewer, id, Look::Request).await?;
            return Err(ActError::NotFound);
        }
        let past = tx.moves_of(id, PAST).await?;
        let star = match is_own(viewer, &record) {
            true => Some(tx.has_star(viewer, id).await?),
            false => None,
        };
        Ok(Whole { record, past, star, at: self.now() })
    }
}
