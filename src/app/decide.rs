//! A yes or a no by a person, authorised here and now (R26).
use super::effects::apply;
use super::{ActError, App, Snapshot};
use crate::domain::decide::{Ballot, NotAllowed, Verdict, approvals_so_far};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use crate::domain::request::{Actor, Event, State, WhyNot};
use crate::store::audit::AuditEntry;
use chrono::{DateTime, Utc};

impl App {
    /// Decides on a pending request. `key` names what the platform sent: the same again decides
    /// nothing, also where the person is asked at the next stage as well.
    ///
    /// # Errors
    ///
    /// [`ActError::NotAllowed`] when this person may not, which is audited; [`ActError::Late`] with
    /// the request as it stands when it no longer waits for a decision.
    pub async fn decide(
        &self,
        by: &PersonId,
        id: RequestId,
        verdict: Verdict,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        self.retried(|| self.try_to_decide(by, id, verdict.clone(), key)).await
    }

    async fn try_to_decide(
        &self,
        by: &PersonId,
        id: RequestId,
        verdict: Verdict,
        key: Option<&str>,
    ) -> Result<Record, ActError> {
        let now = self.now();
        let snapshot = self.policy();
        let mut tx = self.store().begin().await?;
        let record = tx.lock_request(id).await?.ok_or(ActError::NotFound)?;
        match self.vote(&snapshot, by, &record, verdict) {
            Ok(event) => {
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
            Err(ActError::NotAllowed(why)) => {
                tx.audit(refusal(by, id, why, now));
                tx.commit().await?;
                Err(why.into())
            }
            Err(other) => Err(other),
        }
    }

    /// Refuses a decision that cannot be read, or why this person may not decide at all; audited.
    ///
    /// # Errors
    ///
    /// Always: as [`App::decide`] for whoever may not decide, else [`ActError::NotAllowed`] with `why`.
    pub async fn refuse_decision(
        &self,
        by: &PersonId,
        id: RequestId,
        why: NotAllowed,
    ) -> Result<Record, ActError> {
        self.ask_to_decide(by, id, true).await?;
        let mut tx = self.store().begin().await?;
        tx.audit(refusal(by, id, why, self.now()));
        tx.commit().await?;
        Err(why.into())
    }

    /// The event that a verdict makes; late only for those who may know how the request stands.
    fn vote(
        &self,
        snapshot: &Snapshot,
        by: &PersonId,
        record: &Record,
        verdict: Verdict,
    ) -> Result<Event, ActError> {
        match &record.state {
            State::PendingApproval { approvals, .. } => {
                let flow = snapshot.policy.flow(&record.asked.flow);
                let needs_reason = flow.is_some_and(|flow| flow.needs_approval_reason)
                    && matches!(
                        verdict,
                        Verdict::Approve { reason: None }
                            | Verdict::ApproveLess { reason: None, .. }
                    );
                let ballot = Ballot::of(&record.asked, approvals, &snapshot.policy);
                let event = ballot.decide(by, verdict, self.now())?;
                if needs_reason { Err(ActError::NeedsReason) } else { Ok(event) }
            }
            _ if may_look(snapshot, by, record) => {
                Err(ActError::Late(record.asked.id, Box::new(record.clone()), WhyNot::NotWaiting))
            }
            _ => Err(NotAllowed::NotAnApprover.into()),
        }
    }

    /// The request that `by` is about to decide on, for the dialog that asks the reason.
    ///
    /// # Errors
    ///
    /// As [`App::decide`]: who may not decide does not get the dialog, and that is audited.
    pub async fn ask_to_decide(
        &self,
        by: &PersonId,
        id: RequestId,
        approves: bool,
    ) -> Result<Record, ActError> {
        let snapshot = self.policy();
        let record = self.store().read().await?.request(id).await?.ok_or(ActError::NotFound)?;
        // A reason stands in for the one to come: only the right to decide is asked about here.
        let reason = "?".to_owned();
        let verdict = match approves {
            true => Verdict::Approve { reason: Some(reason) },
            false => Verdict::Reject { reason },
        };
        match self.vote(&snapshot, by, &record, verdict) {
            Ok(_) => Ok(record),
            Err(ActError::NotAllowed(why)) => {
                let mut tx = self.store().begin().await?;
                tx.audit(refusal(by, id, why, self.now()));
                tx.commit().await?;
                Err(why.into())
            }
            Err(other) => Err(other),
        }
    }

    /// Records that somebody who is nobody here pressed a button.
    pub async fn audit_stranger(&self, why: &str, account: &str) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.audit(AuditEntry {
            at: self.now(),
            actor: Actor::Policy,
            kind: "stranger_refused",
            request: None,
            body: serde_json::json!({ "why": why, "account": account }),
        });
        tx.commit().await?;
        Ok(())
    }
}

fn refusal(by: &PersonId, id: RequestId, why: NotAllowed, at: DateTime<Utc>) -> AuditEntry {
    AuditEntry {
        at,
        actor: Actor::Person(by.clone()),
        kind: "decision_refused",
        request: Some(id),
        body: serde_json::json!({ "why": why.to_string() }),
    }
}

/// Who may see a request at all: its parties, whoever is or was asked to decide, and admins.
pub(super) fn may_look(snapshot: &Snapshot, person: &PersonId, record: &Record) -> bool {
    let is_admin = snapshot.policy.directory.active(person).is_some_and(|person| person.is_admin);
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), &snapshot.policy);
    is_admin || record.is_party(person) || record.has_decided(person) || ballot.is_asked(person)
}
