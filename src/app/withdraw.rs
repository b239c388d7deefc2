//! Ending a request early: cancel while it is pending, revoke while access is there (R15).
use super::effects::apply;
use super::{ActError, App, Snapshot};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::parties::{is_theirs, may_cancel, may_revoke};
use crate::domain::record::Record;
use crate::domain::request::{Actor, Event};
use crate::store::audit::AuditEntry;

impl App {
    /// Withdraws a pending request. `key` names what the platform sent: the same again does nothing.
    ///
    /// # Errors
    ///
    /// [`ActError::NotTheirs`] for anybody but the requester and admins; [`ActError::NeedsReason`]
    /// when it is not their own and they give none; [`ActError::Late`] when it is not pending.
    pub async fn cancel(
        &self,
        by: &PersonId,
        id: RequestId,
        reason: String,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        self.end(by, id, Event::Cancelled { by: Actor::Person(by.clone()), reason }, key).await
    }

    /// Takes active access away. `key` names what the platform sent: the same again does nothing.
    ///
    /// # Errors
    ///
    /// [`ActError::NotTheirs`] for whoever neither disposes of it nor is an admin;
    /// [`ActError::NeedsReason`] when an admin gives none; [`ActError::Late`] when no access is there.
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
        if !may_end(&snapshot, by, &record, &event) {
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
        let event = check_reason(&snapshot, by, &record, event)?;
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

fn may_end(snapshot: &Snapshot, person: &PersonId, record: &Record, event: &Event) -> bool {
    match event {
        Event::Cancelled { .. } => may_cancel(&snapshot.policy, person, record),
        _ => may_revoke(&snapshot.policy, person, record),
    }
}

/// Whoever ends what is somebody else's says why; whoever withdraws their own need not.
fn check_reason(
    snapshot: &Snapshot,
    by: &PersonId,
    record: &Record,
    event: Event,
) -> Result<Event, ActError> {
    let is_own = *by == record.asked.requester;
    match event {
        Event::Cancelled { by, .. } if is_own => Ok(Event::Cancelled { by, reason: String::new() }),
        Event::Cancelled { reason, .. } if reason.trim().is_empty() => Err(ActError::NeedsReason),
        Event::RevokeAsked { reason, .. }
            if reason.trim().is_empty() && !is_theirs(&snapshot.policy, by, &record.asked) =>
        {
            Err(ActError::NeedsReason)
        }
        event => Ok(event),
    }
}
