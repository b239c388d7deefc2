//! Favourites: requests of their own that people star to ask for them again (R13).
use super::refusals::Look;
use super::{ActError, App};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;

impl App {
    /// Stars one of `person`'s own requests, or takes the star away. Doing it twice is doing it once.
    ///
    /// # Errors
    ///
    /// [`ActError::NotFound`] for a request that is not theirs to see;
    /// [`ActError::NotFavorite`] for one that somebody asked for on another's behalf.
    pub async fn star(
        &self,
        person: &PersonId,
        id: RequestId,
        is_starred: bool,
    ) -> Result<(), ActError> {
        let starred = self.retried(|| self.try_to_star(person, id, is_starred)).await;
        if let Err(ActError::NotTheirs) = starred {
            self.audit_refused_look(person, id, Look::Star).await?;
            return Err(ActError::NotFound);
        }
        starred
    }

    async fn try_to_star(
        &self,
        person: &PersonId,
        id: RequestId,
        is_starred: bool,
    ) -> Result<(), ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        let record = tx.request(id).await?.ok_or(ActError::NotFound)?;
        if !record.is_party(person) {
            return Err(ActError::NotTheirs);
        }
        if !is_own(person, &record) {
            return Err(ActError::NotFavorite);
        }
        if is_starred {
            tx.star(person, id, now).await?;
        } else {
            tx.unstar(person, id).await?;
        }
        tx.commit().await?;
        self.forget_boosted(person);
        Ok(())
    }
}

/// Whether `person` asked for it, for themselves: only such a request may be starred.
pub(super) fn is_own(person: &PersonId, record: &Record) -> bool {
    record.asked.requester == *person && record.asked.grantee == *person
}
