//! The statuses by name, where a list is filtered or counted by them (R1).
//!
//! [`State`](super::request::State) says what is true of a request; this is the name alone.
use serde::{Deserialize, Serialize};

/// The name of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waiting for the requester to prove presence.
    PendingMfa,
    /// Waiting for approvers.
    PendingApproval,
    /// Being given.
    Granting,
    /// There.
    Active,
    /// Being taken away.
    Revoking,
    /// Refused by a person or by policy.
    Rejected,
    /// Over because its time was.
    Expired,
    /// Ended early.
    Revoked,
    /// Withdrawn while it was pending.
    Cancelled,
    /// Ended without access.
    Failed,
}

impl Status {
    /// Every status, in the order of a request's life.
    pub const ALL: [Self; 10] = [
        Self::PendingMfa,
        Self::PendingApproval,
        Self::Granting,
        Self::Active,
        Self::Revoking,
        Self::Rejected,
        Self::Expired,
        Self::Revoked,
        Self::Cancelled,
        Self::Failed,
    ];

    /// The statuses that a request never leaves.
    pub const FINAL: [Self; 5] =
        [Self::Rejected, Self::Expired, Self::Revoked, Self::Cancelled, Self::Failed];

    /// Its word as [`State::label`](super::request::State::label) says it and the database keeps it.
    pub fn label(self) -> &'static str {
        match self {
            Self::PendingMfa => "Pending MFA",
            Self::PendingApproval => "Pending Approval",
            Self::Granting => "Granting",
            Self::Active => "Active",
            Self::Revoking => "Revoking",
            Self::Rejected => "Rejected",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::Cancelled => "Cancelled",
            Self::Failed => "Failed",
        }
    }

    /// Its word where a platform carries it for us.
    pub fn word(self) -> &'static str {
        match self {
            Self::PendingMfa => "pending_mfa",
            Self::PendingApproval => "pending_approval",
            Self::Granting => "granting",
            Self::Active => "active",
            Self::Revoking => "revoking",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// The status of that word, where there is one.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// The status that the database keeps as `label`.
    pub fn of_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.label() == label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::{Actor, RevokeCause, State};
    use chrono::{DateTime, Utc};

    #[test]
    fn every_state_has_the_name_of_one_status() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let by = Actor::Clock;
        let states = [
            State::PendingMfa { closes_at: at },
            State::PendingApproval { closes_at: at, approvals: Vec::new() },
            State::Granting { since: at, approvals: Vec::new() },
            State::Active {
                since: at,
                until: at,
                tells_at: at,
                is_told: false,
                extensions: 0,
                missing: Vec::new(),
            },
            State::Revoking { since: at, cause: RevokeCause::TimeUp, is_alarmed: false },
            State::Rejected { by: by.clone(), reason: String::new(), at },
            State::Expired { at },
            State::Revoked { by: by.clone(), reason: String::new(), at },
            State::Cancelled { by, reason: String::new(), at },
            State::Failed { why: String::new(), at },
        ];

        for (state, status) in states.into_iter().zip(Status::ALL) {
            assert_eq!(Status::of_label(state.label()), Some(status));
            assert_eq!(Status::read(status.word()), Some(status));
            assert_eq!(state.is_final(), Status::FINAL.contains(&status));
            assert_eq!(serde_json::json!(status), status.word());
        }
        assert_eq!(Status::read("<!channel>"), None);
    }
}
