//! Ending a request early: cancel while it is pending, revoke while access is there (R15).
use super::effects::apply;
use super::{ActError, App, Snapshot};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use crate::domain::request::{Actor, Event};
use crate::store::audit::AuditEntry;

impl App {
    /// Withdraws a pending request. `key` names what the platform sent: the same again does nothing.
    ///
    /// # Errors
    ///
    /// [`ActError::NotTheirs`] for anybody but the requester and admins; [`ActError::Late`] when it
    /// is not pending.
    pub async fn cancel(
        &self,
        by: &PersonId,
        id: RequestId,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        self.end(by, id, Event::Cancelled { by: Actor::Person(by.clone()) }, key).await
    }

    /// Takes active access away. `key` names what the platform sent: the same again does nothing.
    ///
    /// # Errors
    ///
    /// [`ActError::NotTheirs`] for anybody but the requester and admins; [`ActError::NeedsReason`]
    /// when it is not their own and they give none; [`ActError::Late`] when no access is there.
    pub async fn revoke(
        &self,
        by: &PersonId,
        id: RequestId,
        reason: String,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        self.end(by, id, Event::RevokeAsked { by: Actor::Person(by.clone()), reason }, key).await
    }

    async fn end(
        &self,
        by: &PersonId,
        id: RequestId,
        event: Event,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        self.retried(|| self.try_to_end(by, id, event.clone(), key)).await
    }

    async fn try_to_end(
        &self,
        by: &PersonId,
        id: RequestId,
        event: Event,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        let now = self.now();
        let snapshot = self.policy();
        let mut tx = self.store().begin().await?;
        let record = tx.lock_request(id).await?.ok_or(ActError::NotFound)?;
        if !may_end(&snapshot, by, &record) {
            tx.audit(AuditEntry {
                at: now,
                actor: Actor::Person(by.clone()),
                kind: "ending_refused",
                request: Some(id),
                body: serde_json::json!({ "event": event.name() }),
            });
            tx.commit().await?;
            return Err(ActError::NotTheirs);
        }
        let is_silent =
            matches!(&event, Event::RevokeAsked { reason, .. } if reason.trim().is_empty());
        if is_silent && *by != record.asked.requester {
            return Err(ActError::NeedsReason);
        }
        if let Some(key) = key
            && !tx.see_inbound(key, now).await?
        {
            return Ok(record);
        }
        let moved = apply(&mut tx, &snapshot, &record, event, now).await?;
        tx.commit().await?;
        self.ring();
        Ok(moved)
    }
}

fn may_end(snapshot: &Snapshot, person: &PersonId, record: &Record) -> bool {
    let known = snapshot.policy.directory.active(person);
    known.is_some_and(|known| known.is_admin || *person == record.asked.requester)
}
