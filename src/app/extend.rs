//! Extending access that is there, near its end (R14): no approval, no new session, one click once.
use super::effects::apply;
use super::{ActError, App};
use crate::domain::extend::{NotOffered, notice, offer};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::parties::is_theirs;
use crate::domain::record::Record;
use crate::domain::request::{Actor, Event, State};
use crate::store::audit::AuditEntry;

impl App {
    /// Lets active access last a step longer. `seen` is how often it had been extended when the
    /// person saw it, so that two clicks on one message extend once; `key` names what the platform
    /// sent: the same again does nothing.
    ///
    /// # Errors
    ///
    /// [`ActError::NotTheirs`] for whoever does not dispose of it, which is audited;
    /// [`ActError::NotExtended`] when it cannot be extended now, with the request as it stands.
    pub async fn extend(
        &self,
        by: &PersonId,
        id: RequestId,
        seen: Option<u32>,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        self.retried(|| self.try_to_extend(by, id, seen, key)).await
    }

    async fn try_to_extend(
        &self,
        by: &PersonId,
        id: RequestId,
        seen: Option<u32>,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        let now = self.now();
        let snapshot = self.policy();
        let policy = &snapshot.policy;
        let mut tx = self.store().begin().await?;
        let record = tx.lock_request(id).await?.ok_or(ActError::NotFound)?;
        if policy.directory.active(by).is_none() || !is_theirs(policy, by, &record.asked) {
            tx.audit(AuditEntry {
                at: now,
                actor: Actor::Person(by.clone()),
                kind: "extending_refused",
                request: Some(id),
                body: serde_json::json!({}),
            });
            tx.commit().await?;
            return Err(ActError::NotTheirs);
        }
        if let Some(key) = key
            && !tx.see_inbound(key, now).await?
        {
            return Ok(record);
        }
        let refused = |why| ActError::NotExtended(id, Box::new(record.clone()), why);
        if let Some(why) = moved_on(&record, seen) {
            return Err(refused(why));
        }
        let offer = offer(policy, &record, now).map_err(refused)?;
        let since = record.active_at.unwrap_or(now);
        let rule = policy.flow(&record.asked.flow).and_then(|flow| flow.extend.as_ref());
        let event = Event::Extended {
            by: Actor::Person(by.clone()),
            step: offer.step,
            notice: notice(rule, since, offer.until, now),
        };
        let moved = apply(&mut tx, &snapshot, &record, event, now).await?;
        tx.commit().await?;
        self.ring();
        Ok(moved)
    }
}

/// Why a click on what is no longer shown so does nothing.
fn moved_on(record: &Record, seen: Option<u32>) -> Option<NotOffered> {
    match (&record.state, seen) {
        (State::Active { until, extensions, .. }, Some(seen)) if *extensions != seen => {
            Some(NotOffered::Already { until: *until })
        }
        _ => None,
    }
}
