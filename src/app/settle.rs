//! Making a target agree with who holds an entitlement, in two transactions around the call.
//!
//! First *what is wanted now* is read; the worker calls the connector; then what it confirmed is
//! written for the grants that were seen. What changed meanwhile has queued the entitlement again,
//! and one entitlement is never worked on twice at once (its outbox row is its lock), so the last
//! word is always the present's. Overlapping grants fall out of it: access goes only when no live
//! grant wants it (R31).
use super::browse::Details;
use super::effects::{apply, queue_settling};
use super::job::Job;
use super::{ActError, App};
use crate::domain::catalog::Entitlement;
use crate::domain::extend::notice;
use crate::domain::id::RequestId;
use crate::domain::person::Person;
use crate::domain::record::Record;
use crate::domain::request::{Actor, Event, LEFT_DIRECTORY, Missing, State};
use crate::store::audit::AuditEntry;
use crate::store::outbox::Claim;
use crate::store::{Grant, GrantStage, OpenGrant, StoreError, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// How much longer than our own clock a target's own end may be: a net, never the first to act.
const NET: TimeDelta = TimeDelta::seconds(60);

/// What a target shall do about an entitlement.
#[derive(Debug, Clone)]
pub enum Order {
    /// Give it.
    Give {
        /// To whom.
        grantee: Box<Person>,
        /// Until when at the latest, for targets that can end it themselves.
        until: DateTime<Utc>,
        /// Whether the credential of an earlier call is lost or was never made.
        needs_credential: bool,
        /// The same for every try.
        key: String,
    },
    /// Take it away.
    Take,
}

/// An order with the grants it was made for.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the target shall do.
    pub order: Order,
    /// When that was read.
    at: DateTime<Utc>,
    seen: Vec<OpenGrant>,
}

impl Plan {
    /// Whether every grant of it holds already: the call only moves an end.
    pub fn is_all_held(&self) -> bool {
        self.seen.iter().all(|grant| grant.stage == GrantStage::Held)
    }

    /// The grant that ends last.
    pub(super) fn last(&self) -> Option<&OpenGrant> {
        self.seen.iter().max_by_key(|grant| grant.expires_at)
    }
}

/// What the target answered, confirmed by reading it back.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It holds the entitlement; how to connect, where the connector told.
    Given(Option<Details>),
    /// It will never give it.
    Refused(String),
    /// It does not hold it.
    Taken,
}

impl App {
    /// What a target shall do about an entitlement now. What no grant is open for is taken away:
    /// a call that was given up for lost may have given it since.
    pub async fn plan_settling(&self, entitlement: &Entitlement) -> Result<Plan, ActError> {
        let now = self.now();
        let mut tx = self.store().read().await?;
        let seen = tx.open_grants(entitlement).await?;
        let mut until: Option<DateTime<Utc>> = None;
        for grant in seen.iter().filter(|grant| is_live(grant)) {
            let end = match grant.stage {
                // A request's time begins when all of it is confirmed, so count from now until then.
                GrantStage::Wanted | GrantStage::Held => {
                    tx.request(grant.request).await?.map(|record| match record.state {
                        State::Granting { .. } => now + record.asked.duration,
                        _ => grant.expires_at,
                    })
                }
                GrantStage::Ending | GrantStage::Gone | GrantStage::Refused => None,
            };
            until = until.max(end);
        }
        let has_details = tx.details(entitlement).await?.is_some();
        let policy = self.policy();
        let grantee = policy.policy.directory.active(&entitlement.grantee);
        let order = match (until, grantee) {
            (Some(until), Some(grantee)) => Order::Give {
                grantee: Box::new(grantee.clone()),
                until: until + NET,
                needs_credential: !has_details,
                key: key_of(entitlement, &seen),
            },
            // Nobody wants it, or the person has left: it must not be there.
            _ => Order::Take,
        };
        Ok(Plan { order, at: now, seen })
    }

    /// Writes what the target confirmed, moves the requests that waited for it, and settles the work.
    ///
    /// # Errors
    ///
    /// [`StoreError::Stale`] when the work was lost to another worker; nothing is written then but
    /// that the target is to be looked after once more.
    pub async fn settled(
        &self,
        claim: &Claim,
        entitlement: &Entitlement,
        plan: &Plan,
        outcome: Outcome,
    ) -> Result<(), ActError> {
        let written = self.retried(|| self.try_to_settle(claim, entitlement, plan, &outcome)).await;
        if let Err(ActError::Store(StoreError::Stale)) = &written {
            self.settle_again(entitlement).await?;
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

    async fn try_to_settle(
        &self,
        claim: &Claim,
        entitlement: &Entitlement,
        plan: &Plan,
        outcome: &Outcome,
    ) -> Result<(), ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        let mut records = Vec::new();
        for id in plan.seen.iter().map(|grant| grant.request).collect::<BTreeSet<_>>() {
            records.extend(tx.lock_request(id).await?);
        }
        self.write_outcome(&mut tx, entitlement, plan, outcome, now).await?;
        let has_left = matches!(outcome, Outcome::Taken)
            && plan.seen.iter().any(|grant| grant.stage == GrantStage::Held);
        for record in &records {
            // What was on its way in or out is confirmed as ever; only what holds ends for this.
            if has_left && matches!(record.state, State::Active { .. }) {
                self.end_for_leaver(&mut tx, record, now).await?;
            } else {
                self.move_on(&mut tx, record, plan, now).await?;
            }
        }
        tx.done(claim, now);
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    async fn write_outcome(
        &self,
        tx: &mut Tx,
        entitlement: &Entitlement,
        plan: &Plan,
        outcome: &Outcome,
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let open = tx.open_grants(entitlement).await?;
        // A grant that moved since it was seen was queued again; this answer is not about it.
        let unmoved = |seen: &&OpenGrant| {
            open.iter().any(|o| o.request == seen.request && o.stage == seen.stage)
        };
        let is_held_by_another = plan.seen.iter().any(|grant| grant.stage == GrantStage::Held);
        for grant in plan.seen.iter().filter(unmoved) {
            let (stage, fault) = match (grant.stage, outcome) {
                (GrantStage::Wanted, Outcome::Given(_)) => (GrantStage::Held, None),
                (GrantStage::Wanted, Outcome::Refused(why)) => {
                    (GrantStage::Refused, Some(why.as_str()))
                }
                (GrantStage::Wanted, Outcome::Taken) => (GrantStage::Refused, Some(LEFT_DIRECTORY)),
                (GrantStage::Ending, Outcome::Refused(_)) if !is_held_by_another => continue,
                (GrantStage::Ending, _) => (GrantStage::Gone, None),
                (GrantStage::Held | GrantStage::Gone | GrantStage::Refused, _) => continue,
            };
            tx.set_grant(grant.request, entitlement, stage, fault).await?;
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
            Outcome::Refused(_) if is_held_by_another => {}
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
        plan: &Plan,
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let id = record.asked.id;
        let event = match &record.state {
            State::Granting { .. } if tx.count_unsettled(id).await? == 0 => {
                self.granted(record, &tx.grants_of(id).await?, now)
            }
            State::Revoking { .. } if tx.count_unsettled(id).await? == 0 => Event::Removed,
            _ => return Ok(()),
        };
        let moved = apply(tx, &self.policy(), record, event, now).await?;
        if let State::Active { missing, .. } = &moved.state {
            clean_up(tx, record, missing, now).await?;
            // What was confirmed first, or by a slow call, was given an end counted from when that
            // began: it is moved out.
            if record.asked.items.len() > 1 || now - plan.at > NET {
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
            let duration = record.asked.duration;
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

    /// Ends an active request whose grants a target no longer gives because the person has left.
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
    if tx.erase_details(entitlement).await? {
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
    for entitlement in record.asked.entitlements().filter(is_missing) {
        tx.set_grant(record.asked.id, &entitlement, GrantStage::Ending, None).await?;
        tx.queue(Job::Settle { entitlement }.ending(), now);
    }
    Ok(())
}

fn is_live(grant: &OpenGrant) -> bool {
    matches!(grant.stage, GrantStage::Wanted | GrantStage::Held)
}

/// Names the order by the grants it serves and the ends of those that hold, so that a target can
/// tell a repeat from a new one: an extension is a new one. The end of what is wanted is counted
/// anew at each try, and the tries are one order.
fn key_of(entitlement: &Entitlement, seen: &[OpenGrant]) -> String {
    let end = |grant: &OpenGrant| {
        (grant.stage == GrantStage::Held).then_some(grant.expires_at.timestamp_millis())
    };
    let live: Vec<(RequestId, Option<i64>)> = seen
        .iter()
        .filter(|grant| is_live(grant))
        .map(|grant| (grant.request, end(grant)))
        .collect();
    let text = format!("{}{live:?}", entitlement.key());
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn unreadable(source: serde_json::Error) -> ActError {
    let what = "how to connect".to_owned();
    ActError::Store(StoreError::Unreadable { what, source })
}
