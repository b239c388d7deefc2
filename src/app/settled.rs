//! Writing what targets confirmed, for the grants that were seen when they were called.
//!
//! What changed since has queued the entitlement again, and one entitlement is never worked on twice
//! at once (its outbox row is its lock), so the last word is always the present's. Answers that come
//! in at the same time are written in one transaction: what they share is read, moved and chained
//! once, and they wait for the disk together.
use super::browse::Details;
use super::effects::{apply, queue_settling};
use super::job::Job;
use super::settle::{NET, Outcome, Plan};
use super::{ActError, App};
use crate::domain::catalog::Entitlement;
use crate::domain::extend::notice;
use crate::domain::id::RequestId;
use crate::domain::record::Record;
use crate::domain::request::{Actor, Event, LEFT_DIRECTORY, Missing, State};
use crate::store::audit::AuditEntry;
use crate::store::outbox::Claim;
use crate::store::{Grant, GrantStage, StoreError, Tx};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What a target confirmed of an entitlement, and the work that asked it.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The work, done with this.
    pub claim: Claim,
    /// What the target was asked about.
    pub entitlement: Entitlement,
    /// What was wanted of it.
    pub plan: Plan,
    /// What it confirmed.
    pub outcome: Outcome,
}

/// How many grants of each request were brought to where they stay.
type Written = BTreeMap<RequestId, usize>;

impl Settlement {
    fn is_about(&self, request: RequestId) -> bool {
        self.plan.seen.iter().any(|grant| grant.request == request)
    }

    fn holds(&self, stage: GrantStage) -> bool {
        self.plan.seen.iter().any(|grant| grant.stage == stage)
    }

    /// Where a grant goes that stood at `from`, and why it is refused; `None` where it stays.
    fn stage_after(&self, from: GrantStage) -> Option<(GrantStage, Option<&str>)> {
        match (from, &self.outcome) {
            (GrantStage::Wanted, Outcome::Given(_)) => Some((GrantStage::Held, None)),
            (GrantStage::Wanted, Outcome::Refused(why)) => Some((GrantStage::Refused, Some(why))),
            (GrantStage::Wanted, Outcome::Taken) => {
                Some((GrantStage::Refused, Some(LEFT_DIRECTORY)))
            }
            (GrantStage::Ending, Outcome::Refused(_)) if !self.holds(GrantStage::Held) => None,
            (GrantStage::Ending, _) => Some((GrantStage::Gone, None)),
            (GrantStage::Held | GrantStage::Gone | GrantStage::Refused, _) => None,
        }
    }

    /// Whether the target gave something up because its grantee has left, and not its requests.
    fn is_of_leaver(&self) -> bool {
        matches!(self.outcome, Outcome::Taken) && self.holds(GrantStage::Held)
    }
}

impl App {
    /// Writes what targets confirmed, moves the requests that waited for it, and settles the work: all
    /// in one transaction, or each in its own where that fails.
    ///
    /// # Errors
    ///
    /// [`StoreError::Stale`] for work that was lost to another worker; nothing is written of it then
    /// but that the target is to be looked after once more.
    pub async fn settled(&self, settlements: &[Settlement]) -> Vec<Result<(), ActError>> {
        if settlements.len() > 1 && self.retried(|| self.try_to_settle(settlements)).await.is_ok() {
            return settlements.iter().map(|_| Ok(())).collect();
        }
        let mut written = Vec::with_capacity(settlements.len());
        for settlement in settlements {
            written.push(self.settled_alone(settlement).await);
        }
        written
    }

    async fn settled_alone(&self, settlement: &Settlement) -> Result<(), ActError> {
        let one = std::slice::from_ref(settlement);
        let written = self.retried(|| self.try_to_settle(one)).await;
        if let Err(ActError::Store(StoreError::Stale)) = &written {
            self.settle_again(&settlement.entitlement).await?;
        }
        written
    }

    /// Queues an entitlement whose target was called by a worker that had lost the work: the call
    /// may have come after the next worker's, so the target is made to agree once more.
    pub async fn settle_again(&self, entitlement: &Entitlement) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.queue(Job::Settle { entitlement: entitlement.clone() }.ending(), self.now());
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    async fn try_to_settle(&self, settlements: &[Settlement]) -> Result<(), ActError> {
        let now = self.now();
        let seen = settlements.iter().flat_map(|one| &one.plan.seen).map(|grant| grant.request);
        let mut tx = self.store().begin().await?;
        let mut records = Vec::new();
        for id in seen.collect::<BTreeSet<_>>() {
            records.extend(tx.lock_request(id).await?);
        }
        let ids: Vec<RequestId> = records.iter().map(|record| record.asked.id).collect();
        tx.read_cards_ahead(&ids).await?;
        let mut written = Written::new();
        for settlement in settlements {
            self.write_outcome(&mut tx, settlement, &mut written, now).await?;
        }
        let leavers = settlements.iter().filter(|one| one.is_of_leaver());
        let left: BTreeSet<RequestId> =
            leavers.flat_map(|one| &one.plan.seen).map(|grant| grant.request).collect();
        for record in &records {
            match record.state {
                State::Active { .. } if left.contains(&record.asked.id) => {
                    self.end_for_leaver(&mut tx, record, now).await?;
                }
                // What was on its way in or out is confirmed as ever.
                _ => {
                    let about = settlements.iter().filter(|one| one.is_about(record.asked.id));
                    let began = about.map(|one| one.plan.at).min();
                    self.move_on(&mut tx, record, (&written, began), now).await?;
                }
            }
        }
        for settlement in settlements {
            tx.done(&settlement.claim, now);
        }
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    async fn write_outcome(
        &self,
        tx: &mut Tx,
        settlement: &Settlement,
        written: &mut Written,
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let Settlement { entitlement, plan, outcome, .. } = settlement;
        for grant in &plan.seen {
            let Some((stage, fault)) = settlement.stage_after(grant.stage) else { continue };
            // A grant that moved since it was seen was queued again; this answer is not about it.
            let move_ = (grant.stage, stage);
            if tx.move_grant(grant.request, entitlement, move_, fault).await? {
                *written.entry(grant.request).or_default() += 1;
            }
        }
        match outcome {
            Outcome::Given(Some(details)) => {
                let details = self.with_credential(tx, entitlement, details).await?;
                let sealed = self.seal_details(entitlement, &details)?;
                tx.save_details(entitlement, &sealed, now).await?;
            }
            Outcome::Taken => erase(tx, entitlement, plan, now).await?,
            Outcome::Given(None) => {}
            // Nothing of the attempt can be told apart from what another grant holds.
            Outcome::Refused(_) if settlement.holds(GrantStage::Held) => {}
            // What the attempt may have left is removed by a run of its own.
            Outcome::Refused(_) => {
                tx.queue(Job::Settle { entitlement: entitlement.clone() }.ending(), now);
            }
        }
        Ok(())
    }

    /// Moves a request whose grants are all settled.
    async fn move_on(
        &self,
        tx: &mut Tx,
        record: &Record,
        (written, began): (&Written, Option<DateTime<Utc>>),
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let id = record.asked.id;
        // Where all of it was written here, nothing is left to count.
        let is_whole = written.get(&id) == Some(&record.left().items.len());
        let event = match &record.state {
            State::Granting { .. } if is_whole || tx.count_unsettled(id).await? == 0 => {
                self.granted(record, &tx.grants_of(id).await?, now)
            }
            State::Revoking { .. } if is_whole || tx.count_unsettled(id).await? == 0 => {
                Event::Removed
            }
            _ => return Ok(()),
        };
        let moved = apply(tx, &self.policy(), record, event, now).await?;
        if let State::Active { missing, .. } = &moved.state {
            clean_up(tx, record, missing, now).await?;
            // What was confirmed first, or by a slow call, was given an end counted from when that
            // began: it is moved out.
            let is_slow = began.is_some_and(|began| now - began > NET);
            if record.left().items.len() > 1 || is_slow {
                queue_settling(tx, &moved, now);
            }
        }
        Ok(())
    }

    /// The event that settled grants make of a request that is being granted.
    fn granted(&self, record: &Record, grants: &[Grant], now: DateTime<Utc>) -> Event {
        let missing: Vec<Missing> = grants
            .iter()
            .filter(|grant| grant.stage != GrantStage::Held)
            .map(|grant| Missing {
                item: grant.entitlement.item.clone(),
                why: grant.fault.clone().unwrap_or_default(),
            })
            .collect();
        if missing.len() < grants.len() {
            let duration = record.left().duration;
            let snapshot = self.policy();
            let flow = snapshot.policy.flow(&record.asked.flow);
            let rule = flow.and_then(|flow| flow.extend.as_ref());
            let notice = notice(rule, now, now + duration, now);
            return Event::Granted { duration, notice, missing };
        }
        let why = missing.into_iter().map(|missing| missing.why).next().unwrap_or_default();
        Event::GrantFailed { why }
    }

    /// The details with the credential of an earlier call, where this one made none.
    async fn with_credential(
        &self,
        tx: &mut Tx,
        entitlement: &Entitlement,
        details: &Details,
    ) -> Result<Details, ActError> {
        let mut details = details.clone();
        if details.credential.is_none()
            && let Some(before) = tx.details(entitlement).await?
        {
            details.credential = self.open_details(entitlement, &before)?.credential;
        }
        Ok(details)
    }

    /// Ends a request whose grants a target no longer gives because the person has left.
    async fn end_for_leaver(
        &self,
        tx: &mut Tx,
        record: &Record,
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let reason = LEFT_DIRECTORY.to_owned();
        let event = Event::RevokeAsked { by: Actor::Policy, reason };
        apply(tx, &self.policy(), record, event, now).await?;
        Ok(())
    }

    fn seal_details(
        &self,
        entitlement: &Entitlement,
        details: &Details,
    ) -> Result<String, ActError> {
        let text = serde_json::to_string(details).map_err(unreadable)?;
        let sealed = self.inner.seal.seal(&text, &entitlement.key());
        sealed.map_err(|_| ActError::Seal)
    }

    pub(super) fn open_details(
        &self,
        entitlement: &Entitlement,
        sealed: &str,
    ) -> Result<Details, ActError> {
        let text = self.inner.seal.open(sealed, &entitlement.key()).map_err(|_| ActError::Seal)?;
        serde_json::from_str(&text).map_err(unreadable)
    }
}

/// Erases how to connect with what is gone, and records that it was.
async fn erase(
    tx: &mut Tx,
    entitlement: &Entitlement,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    // Only this work keeps and erases them, so what was not there is not there.
    let may_be_there = plan.seen.is_empty() || plan.seen.iter().any(|grant| grant.has_details);
    if may_be_there && tx.erase_details(entitlement).await? {
        tx.audit(AuditEntry {
            at: now,
            actor: Actor::Connector,
            kind: "details_erased",
            request: plan.seen.iter().map(|grant| grant.request).max(),
            body: serde_json::json!({ "entitlement": entitlement }),
        });
    }
    Ok(())
}

/// What refused grants of an otherwise active request may have left goes at once.
async fn clean_up(
    tx: &mut Tx,
    record: &Record,
    missing: &[Missing],
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let is_missing = |e: &Entitlement| missing.iter().any(|missing| missing.item == e.item);
    for entitlement in record.entitlements().into_iter().filter(is_missing) {
        let move_ = (GrantStage::Refused, GrantStage::Ending);
        tx.move_grant(record.asked.id, &entitlement, move_, None).await?;
        tx.queue(Job::Settle { entitlement }.ending(), now);
    }
    Ok(())
}

fn unreadable(source: serde_json::Error) -> ActError {
    let what = "how to connect".to_owned();
    ActError::Store(StoreError::Unreadable { what, source })
}
