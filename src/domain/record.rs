//! A request as it is kept: what was asked, where it stands, and what happened on the way.
use super::catalog::{Entitlement, Item};
use super::id::PersonId;
use super::narrow::{self, Left, Narrowing};
use super::request::{Asked, State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One request with its history in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What was asked for.
    pub asked: Asked,
    /// Where it stands.
    pub state: State,
    /// Counts its moves; guards them against each other.
    pub version: i64,
    /// When its target confirmed the access. Never cleared.
    pub active_at: Option<DateTime<Utc>>,
    /// When the access ends or ended at the latest. Never cleared.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it reached its final status. Never cleared.
    pub ended_at: Option<DateTime<Utc>>,
    /// Every yes and no, in order.
    pub decisions: Vec<Decision>,
}

/// One yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who.
    pub by: PersonId,
    /// Whether it was a yes.
    pub is_approval: bool,
    /// Their words.
    pub reason: Option<String>,
    /// True when they decided their own request, as the flow allows.
    pub is_own: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// What a yes took away of it.
    #[serde(default, skip_serializing_if = "Narrowing::is_none")]
    pub narrowing: Narrowing,
}

impl Record {
    /// What approvers left of what was asked for.
    pub fn left(&self) -> Left<'_> {
        narrow::left(&self.asked, self.decisions.iter().map(|decision| &decision.narrowing))
    }

    /// What the connectors are asked to give.
    pub fn entitlements(&self) -> Vec<Entitlement> {
        self.asked.entitlements(&self.left().items)
    }

    /// What was taken out, and by which yes.
    pub fn taken_out(&self) -> impl Iterator<Item = (&Item, &Decision)> {
        let by = |decision| move |item| (item, decision);
        self.decisions
            .iter()
            .flat_map(move |decision| decision.narrowing.without.iter().map(by(decision)))
    }

    /// Whether an approver shortened it.
    pub fn is_shortened(&self) -> bool {
        self.decisions.iter().any(|decision| decision.narrowing.duration.is_some())
    }

    /// Whether `person` made it or receives it.
    pub fn is_party(&self, person: &PersonId) -> bool {
        *person == self.asked.requester || *person == self.asked.grantee
    }

    /// Whether `person` said yes or no to it.
    pub fn has_decided(&self, person: &PersonId) -> bool {
        self.decisions.iter().any(|decision| decision.by == *person)
    }
}
