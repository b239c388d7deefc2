//! What a request asks for: fixed when it was submitted, and never changed by what happens to it.
//! What approvers leave of it is worked out in `domain::narrow`.
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
    /// What the connectors are asked to give where this is left of it.
    pub fn entitlements(&self, left: &[Item]) -> Vec<Entitlement> {
        let of = |item: &Item| Entitlement { grantee: self.grantee.clone(), item: item.clone() };
        left.iter().map(of).collect()
    }
}

/// A duration as whole seconds.
pub(super) mod seconds {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        value: &TimeDelta,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_i64(value.num_seconds())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<TimeDelta, D::Error> {
        let seconds = i64::deserialize(from)?;
        TimeDelta::try_seconds(seconds).ok_or_else(|| serde::de::Error::custom("too many seconds"))
    }

    /// A duration that may be missing.
    pub(in super::super) mod maybe {
        use chrono::TimeDelta;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};

        #[derive(Serialize, Deserialize)]
        struct Seconds(#[serde(with = "super")] TimeDelta);

        pub(in super::super::super) fn serialize<S: Serializer>(
            value: &Option<TimeDelta>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            value.map(Seconds).serialize(to)
        }

        pub(in super::super::super) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<TimeDelta>, D::Error> {
            Ok(Option::<Seconds>::deserialize(from)?.map(|seconds| seconds.0))
        }
    }
}
