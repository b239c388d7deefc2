//! What a target shall do about an entitlement: what is wanted of it now, by the grants that are open.
//!
//! Overlapping grants fall out of it: access goes only when no live grant wants it (R31). The worker
//! calls the connector, and `settled` writes what it confirmed.
use super::browse::Details;
use super::{ActError, App};
use crate::domain::catalog::Entitlement;
use crate::domain::id::RequestId;
use crate::domain::person::Person;
use crate::store::{GrantStage, OpenGrant};
use chrono::{DateTime, TimeDelta, Utc};

/// How much longer than our own clock a target's own end may be: a net, never the first to act.
pub(super) const NET: TimeDelta = TimeDelta::seconds(60);

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
    pub(super) at: DateTime<Utc>,
    pub(super) seen: Vec<OpenGrant>,
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
        let seen = self.store().read().await?.open_grants(entitlement).await?;
        // A request's time begins when all of it is confirmed, so count from now until then.
        let end = |grant: &OpenGrant| grant.granting.map_or(grant.expires_at, |asked| now + asked);
        let until = seen.iter().filter(|grant| is_live(grant)).map(end).max();
        let has_details = seen.iter().any(|grant| grant.has_details);
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
