//! What can happen to a request, and what follows from it besides its new state: the words of the
//! transition table in `domain::request`.
use super::request::{Actor, Approved, Missing, State};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Something that happened to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The requester proved presence.
    MfaPassed {
        /// Whether people must still approve.
        needs_approval: bool,
    },
    /// An approver said yes; the domain's `decide` checked that they may.
    Approved {
        /// Their word.
        approval: Approved,
        /// Whether no further yes is needed.
        completes: bool,
    },
    /// An approver, or policy, said no.
    Rejected {
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// The requester withdrew it, or an admin did.
    Cancelled {
        /// Who.
        by: Actor,
        /// Why; empty where the requester did.
        reason: String,
    },
    /// The wait may be over; happens only after `closes_at`.
    WindowClosed,
    /// Every connector answered, and at least one thing was given.
    Granted {
        /// For how long from now (R3).
        duration: TimeDelta,
        /// How long before its end people hear of it.
        notice: TimeDelta,
        /// What could not be given.
        missing: Vec<Missing>,
    },
    /// Nothing could be given.
    GrantFailed {
        /// Why.
        why: String,
    },
    /// Giving may have taken too long; happens only after [`GRANT_PATIENCE`].
    PatienceOver,
    /// The access shall last longer.
    Extended {
        /// Who wants that.
        by: Actor,
        /// By how long; `domain::extend` says.
        step: TimeDelta,
        /// How long before its new end people hear of it.
        notice: TimeDelta,
    },
    /// The end may be near; happens from `tells_at` on, once for each end.
    EndNears,
    /// Somebody wants the access gone.
    RevokeAsked {
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// The time may be over; happens only from `until` on.
    TimeUp,
    /// Taking away may take too long; happens only after [`REVOKE_ALARM_AFTER`], once.
    Overdue,
    /// The target confirmed that nothing is left.
    Removed,
}

/// Work the move calls for; stored in the transaction that stores the move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the requester to prove presence.
    AskMfa,
    /// Ask whoever can say yes now.
    AskApprovers,
    /// Bring every message about the request up to date.
    RewriteMessages,
    /// Make the targets agree with where the request stands.
    SettleTargets,
    /// Tell requester and grantee in a message of its own.
    Tell(News),
    /// Tell the admins.
    Alarm(Alarm),
}

/// What requester and grantee are told in a message of its own (R36: where attention is needed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// The access is there: how to connect.
    Active,
    /// It ends soon: whether it may last longer.
    EndNears,
    /// It is over: why, and by whom.
    Ended,
}

/// What the admins are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Access that should be gone is still there.
    StillThere,
}

/// A move: where the request now stands and the work that calls for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The new state.
    pub to: State,
    /// Stored with it, run after it.
    pub effects: Vec<Effect>,
}

impl Event {
    /// The event's name in the audit.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MfaPassed { .. } => "mfa_passed",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
            Self::Cancelled { .. } => "cancelled",
            Self::WindowClosed => "window_closed",
            Self::Granted { .. } => "granted",
            Self::GrantFailed { .. } => "grant_failed",
            Self::PatienceOver => "patience_over",
            Self::Extended { .. } => "extended",
            Self::EndNears => "end_nears",
            Self::RevokeAsked { .. } => "revoke_asked",
            Self::TimeUp => "time_up",
            Self::Overdue => "overdue",
            Self::Removed => "removed",
        }
    }
}
