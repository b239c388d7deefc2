//! What a request asks for: fixed when it was submitted, and never changed by what happens to it.
use super::catalog::{Entitlement, Item};
use super::id::{FlowId, PersonId, RequestId};
use super::plan::Plan;
use super::ticket::Ticket;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What was asked for; fixed when it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The request's number.
    pub id: RequestId,
    /// The form it came from.
    pub submission: String,
    /// The flow that governs it.
    pub flow: FlowId,
    /// Who asked.
    pub requester: PersonId,
    /// Who receives the access.
    pub grantee: PersonId,
    /// What, all under one flow; never empty.
    pub items: Vec<Item>,
    /// For how long once it is Active.
    #[serde(with = "seconds")]
    pub duration: TimeDelta,
    /// Why, in the requester's words.
    pub justification: String,
    /// The ticket that it is for, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
    /// Who had to approve when it was submitted.
    pub plan: Plan,
    /// Whether the flow let people decide their own when it was submitted.
    pub allow_self_approval: bool,
    /// When.
    pub submitted_at: DateTime<Utc>,
}

impl Asked {
    /// What the connectors will be asked to give.
    pub fn entitlements(&self) -> impl Iterator<Item = Entitlement> + '_ {
        self.items
            .iter()
            .map(|item| Entitlement { grantee: self.grantee.clone(), item: item.clone() })
    }
}

/// A duration as whole seconds.
mod seconds {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &TimeDelta, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(value.num_seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<TimeDelta, D::Error> {
        let seconds = i64::deserialize(from)?;
        TimeDelta::try_seconds(seconds).ok_or_else(|| serde::de::Error::custom("too many seconds"))
    }
}
