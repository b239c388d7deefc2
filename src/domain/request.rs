//! One access request and the moves it may make.
//!
//! A request asks for *one* access flow's part of a form, for one grantee; the split is
//! `domain::submission`. This file is the transition table (R1): every pair of state and event has
//! an answer, an illegal one changes nothing and says why.
//!
//! ```text
//! PendingMfa -> PendingApproval -> Granting -> Active -> Revoking -> Expired | Revoked
//!      |              |               |                     ^  |
//!      |              |               +---------------------+  +-> Failed (nothing could be given)
//!      +--------------+--> Rejected | Cancelled | Failed (nobody decided)
//! ```
//!
//! What was given is always taken back through `Revoking`, also after a failure, so that a final
//! status never says more than the target confirmed (R4). Times are UTC. Every function takes the
//! time it needs; none reads a clock.
use super::catalog::{Entitlement, Item};
use super::id::{FlowId, PersonId, RequestId};
use super::plan::Plan;
use super::ticket::Ticket;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a target may fail to give access before the request is given up.
pub const GRANT_PATIENCE: TimeDelta = TimeDelta::hours(1);
/// How long taking access back may fail before the admins are told (V9 asks for five minutes at most).
pub const REVOKE_ALARM_AFTER: TimeDelta = TimeDelta::minutes(4);

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

/// Where a request stands, with exactly the facts that are true there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum State {
    /// Waiting for the requester to prove presence.
    PendingMfa {
        /// When the wait is over.
        closes_at: DateTime<Utc>,
    },
    /// Waiting for approvers.
    PendingApproval {
        /// When the wait is over.
        closes_at: DateTime<Utc>,
        /// Who said yes so far, in order.
        approvals: Vec<Approved>,
    },
    /// The connectors are being asked to give the access.
    Granting {
        /// When that began.
        since: DateTime<Utc>,
        /// Who said yes; empty when policy did.
        approvals: Vec<Approved>,
    },
    /// The target confirmed the access; it ends at `until`.
    Active {
        /// When the target confirmed.
        since: DateTime<Utc>,
        /// When it ends.
        until: DateTime<Utc>,
        /// When requester and grantee hear that it ends soon.
        tells_at: DateTime<Utc>,
        /// Whether they heard of this end.
        is_told: bool,
        /// How often it was extended.
        extensions: u32,
        /// What could not be given (R32); never all of it.
        missing: Vec<Missing>,
    },
    /// The connectors are being asked to take the access away.
    Revoking {
        /// When that began.
        since: DateTime<Utc>,
        /// Why.
        cause: RevokeCause,
        /// Whether the admins were told that it takes too long.
        is_alarmed: bool,
    },
    /// Somebody, or policy, said no.
    Rejected {
        /// Who.
        by: Actor,
        /// Why; shown to the requester.
        reason: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Taken away because its time was over, and gone.
    Expired {
        /// When the target confirmed.
        at: DateTime<Utc>,
    },
    /// Taken away before its time, and gone.
    Revoked {
        /// Who asked for that.
        by: Actor,
        /// Why.
        reason: String,
        /// When the target confirmed.
        at: DateTime<Utc>,
    },
    /// Withdrawn while it was pending.
    Cancelled {
        /// Who withdrew it.
        by: Actor,
        /// Why, where somebody else than the requester withdrew it.
        #[serde(default)]
        reason: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Ended without access.
    Failed {
        /// Why.
        why: String,
        /// When.
        at: DateTime<Utc>,
    },
}

/// One yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// Who said it.
    pub by: PersonId,
    /// Their words, where they gave any.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// True when they decided their own request, as the flow allows.
    pub is_own: bool,
}

/// A thing that was asked for and could not be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What.
    pub item: Item,
    /// The connector's words.
    pub why: String,
}

/// Who or what caused a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person.
    Person(PersonId),
    /// A flow's rule.
    Policy,
    /// The passing of time.
    Clock,
    /// What a connector reported.
    Connector,
}

/// Why access is being removed; decides the final status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum RevokeCause {
    /// The time is over: ends as Expired.
    TimeUp,
    /// Somebody asked: ends as Revoked.
    Asked {
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// It could not be given; what is left of the attempt is removed: ends as Failed.
    Undo {
        /// Why it could not be given.
        why: String,
    },
}

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

/// The move is not possible from where the request stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request is {status}; {why}")]
pub struct Refused {
    /// The status that refused, as shown to people.
    pub status: &'static str,
    /// Why this cannot happen there.
    pub why: WhyNot,
}

/// Why something cannot happen where a request stands; true there, and follows the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// Deciding came after the window.
    #[error("its time to be decided is over")]
    TimeToDecideOver,
    /// Closing the window came before its end.
    #[error("its time to be decided is not over")]
    TimeToDecideNotOver,
    /// A proof of presence that nothing waits for.
    #[error("it does not wait for a proof of presence")]
    NoProofAwaited,
    /// Deciding came before the proof of presence.
    #[error("the requester has to prove presence first")]
    NotProved,
    /// Deciding came after the decision.
    #[error("it is no longer waiting for a decision")]
    NotWaiting,
    /// Withdrawing what is not pending.
    #[error("only a pending request can be cancelled")]
    NotPending,
    /// Giving up on a target that has time left.
    #[error("its target may still take some time")]
    TargetAtWork,
    /// News of a grant that nobody waits for.
    #[error("no access is being given")]
    NothingGiven,
    /// Extending at the end, or by nothing.
    #[error("access is extended before its end, and by more than nothing")]
    ExtendedTooLate,
    /// Extending what is not Active.
    #[error("only active access can be extended")]
    NotActive,
    /// Telling of the end twice.
    #[error("its end was told already")]
    EndTold,
    /// Telling of an end that is far, or over.
    #[error("its end is not near, or it is over")]
    EndNotNear,
    /// Telling of the end of what is not Active.
    #[error("only active access nears its end")]
    NoEndNears,
    /// Ending what is being ended.
    #[error("its access is being taken away already")]
    AlreadyRevoking,
    /// The time is not up.
    #[error("its access is not at its end")]
    NotAtItsEnd,
    /// Ending what is not there.
    #[error("there is no access to take away")]
    NoAccess,
    /// A second alarm.
    #[error("the admins were told already")]
    AdminsKnow,
    /// An alarm about a target that has time left.
    #[error("taking the access away may still take some time")]
    RemovalAtWork,
    /// News of a removal that nobody waits for.
    #[error("no access is being taken away")]
    NothingTaken,
    /// Asking again for what is not over.
    #[error("it can be asked for again once it is over")]
    NotOver,
    /// How to connect, asked while it is not Active.
    #[error("how to connect is shown while it is Active")]
    NotConnectable,
}

/// Why a request failed that nobody decided in time.
pub const NOBODY_DECIDED: &str = "nobody decided in time";
/// Why access is not given or ends whose grantee the directory no longer has.
pub const LEFT_DIRECTORY: &str = "the person is no longer in the directory";
/// Why a request failed whose target did not say whether it gave the access.
pub const TARGET_TOO_SLOW: &str = "the target system did not answer in time";

impl State {
    /// Where a fresh request stands, with the work that begins.
    pub fn first(asked: &Asked, gate: Gate, window: TimeDelta) -> Move {
        let now = asked.submitted_at;
        let closes_at = now + window;
        match gate {
            Gate::Mfa => Move {
                to: Self::PendingMfa { closes_at },
                effects: vec![Effect::AskMfa, Effect::RewriteMessages],
            },
            Gate::People => pending_approval(closes_at),
            Gate::Open => granting(Vec::new(), now),
            Gate::Closed { reason } => ended(Self::Rejected { by: Actor::Policy, reason, at: now }),
        }
    }

    /// The status as people read it.
    pub fn label(&self) -> &'static str {
        match self {
            Self::PendingMfa { .. } => "Pending MFA",
            Self::PendingApproval { .. } => "Pending Approval",
            Self::Granting { .. } => "Granting",
            Self::Active { .. } => "Active",
            Self::Revoking { .. } => "Revoking",
            Self::Rejected { .. } => "Rejected",
            Self::Expired { .. } => "Expired",
            Self::Revoked { .. } => "Revoked",
            Self::Cancelled { .. } => "Cancelled",
            Self::Failed { .. } => "Failed",
        }
    }

    /// Whether nothing can happen to it any more.
    pub fn is_final(&self) -> bool {
        match self {
            Self::PendingMfa { .. }
            | Self::PendingApproval { .. }
            | Self::Granting { .. }
            | Self::Active { .. }
            | Self::Revoking { .. } => false,
            Self::Rejected { .. }
            | Self::Expired { .. }
            | Self::Revoked { .. }
            | Self::Cancelled { .. }
            | Self::Failed { .. } => true,
        }
    }

    /// What time alone does next, and when; the schedule makes it so.
    pub fn next_by_time(&self) -> Option<(DateTime<Utc>, Event)> {
        match self {
            Self::PendingMfa { closes_at } | Self::PendingApproval { closes_at, .. } => {
                Some((*closes_at + TimeDelta::milliseconds(1), Event::WindowClosed))
            }
            Self::Granting { since, .. } => Some((*since + GRANT_PATIENCE, Event::PatienceOver)),
            Self::Active { until, tells_at, is_told: false, .. } if tells_at < until => {
                Some((*tells_at, Event::EndNears))
            }
            Self::Active { until, .. } => Some((*until, Event::TimeUp)),
            Self::Revoking { since, is_alarmed: false, .. } => {
                Some((*since + REVOKE_ALARM_AFTER, Event::Overdue))
            }
            Self::Revoking { is_alarmed: true, .. }
            | Self::Rejected { .. }
            | Self::Expired { .. }
            | Self::Revoked { .. }
            | Self::Cancelled { .. }
            | Self::Failed { .. } => None,
        }
    }

    /// What time alone does now, where it does something. After an outage nobody is told that
    /// access ends soon which should be gone already.
    pub fn due(&self, now: DateTime<Utc>) -> Option<Event> {
        match self {
            Self::Active { until, .. } if *until <= now => Some(Event::TimeUp),
            _ => self.next_by_time().filter(|(at, _)| *at <= now).map(|(_, event)| event),
        }
    }

    /// The move that `event` makes.
    ///
    /// # Errors
    ///
    /// [`Refused`] when `event` cannot happen here, for example a second approver's click. Callers
    /// answer the person; they do not log an error.
    #[expect(clippy::too_many_lines, reason = "the table is written once, as one match (R1)")]
    pub fn after(&self, event: Event, now: DateTime<Utc>) -> Result<Move, Refused> {
        use Effect::RewriteMessages;
        let made = match (self, event) {
            (Self::PendingMfa { closes_at }, Event::MfaPassed { needs_approval })
                if now <= *closes_at =>
            {
                if needs_approval {
                    pending_approval(*closes_at)
                } else {
                    granting(Vec::new(), now)
                }
            }
            (
                Self::PendingApproval { closes_at, approvals },
                Event::Approved { approval, completes },
            ) if now <= *closes_at => {
                let approvals = approvals.iter().cloned().chain([approval]).collect();
                if completes {
                    granting(approvals, now)
                } else {
                    let to = Self::PendingApproval { closes_at: *closes_at, approvals };
                    Move { to, effects: vec![Effect::AskApprovers, RewriteMessages] }
                }
            }
            (
                Self::PendingMfa { closes_at } | Self::PendingApproval { closes_at, .. },
                Event::Rejected { by, reason },
            ) if now <= *closes_at => ended(Self::Rejected { by, reason, at: now }),
            (
                Self::PendingMfa { .. } | Self::PendingApproval { .. },
                Event::Cancelled { by, reason },
            ) => cancelled(by, reason, now),
            (
                Self::PendingMfa { closes_at } | Self::PendingApproval { closes_at, .. },
                Event::WindowClosed,
            ) if *closes_at < now => {
                ended(Self::Failed { why: NOBODY_DECIDED.to_owned(), at: now })
            }
            (Self::Granting { .. }, Event::Granted { duration, notice, missing }) => Move {
                to: Self::Active {
                    since: now,
                    until: now + duration,
                    tells_at: now + duration - notice,
                    is_told: false,
                    extensions: 0,
                    missing,
                },
                effects: vec![RewriteMessages, Effect::Tell(News::Active)],
            },
            (Self::Granting { .. }, Event::GrantFailed { why }) => {
                revoking(RevokeCause::Undo { why }, now)
            }
            (Self::Granting { since, .. }, Event::PatienceOver)
                if *since + GRANT_PATIENCE <= now =>
            {
                let why = TARGET_TOO_SLOW.to_owned();
                revoking(RevokeCause::Undo { why }, now)
            }
            (
                Self::Active { since, until, extensions, missing, .. },
                Event::Extended { by: _, step, notice },
            ) if now < *until && step > TimeDelta::zero() => {
                let to = Self::Active {
                    since: *since,
                    until: *until + step,
                    tells_at: *until + step - notice,
                    is_told: false,
                    extensions: extensions.saturating_add(1),
                    missing: missing.clone(),
                };
                Move { to, effects: vec![RewriteMessages, Effect::SettleTargets] }
            }
            (
                Self::Active { since, until, tells_at, is_told: false, extensions, missing },
                Event::EndNears,
            ) if *tells_at <= now && now < *until => Move {
                to: Self::Active {
                    since: *since,
                    until: *until,
                    tells_at: *tells_at,
                    is_told: true,
                    extensions: *extensions,
                    missing: missing.clone(),
                },
                effects: vec![RewriteMessages, Effect::Tell(News::EndNears)],
            },
            (Self::Granting { .. } | Self::Active { .. }, Event::RevokeAsked { by, reason }) => {
                revoking(RevokeCause::Asked { by, reason }, now)
            }
            (Self::Active { until, .. }, Event::TimeUp) if *until <= now => {
                revoking(RevokeCause::TimeUp, now)
            }
            (Self::Revoking { since, cause, is_alarmed: false }, Event::Overdue)
                if *since + REVOKE_ALARM_AFTER <= now =>
            {
                let to = Self::Revoking { since: *since, cause: cause.clone(), is_alarmed: true };
                Move { to, effects: vec![RewriteMessages, Effect::Alarm(Alarm::StillThere)] }
            }
            (Self::Revoking { cause, .. }, Event::Removed) => ended(after_removal(cause, now)),
            (_, event) => {
                return Err(Refused { status: self.label(), why: self.why_not(&event) });
            }
        };
        Ok(made)
    }

    /// Why `event` cannot happen here.
    fn why_not(&self, event: &Event) -> WhyNot {
        match (event, self) {
            (Event::MfaPassed { .. }, Self::PendingMfa { .. })
            | (Event::Rejected { .. }, Self::PendingMfa { .. })
            | (Event::Approved { .. } | Event::Rejected { .. }, Self::PendingApproval { .. }) => {
                WhyNot::TimeToDecideOver
            }
            (Event::MfaPassed { .. }, _) => WhyNot::NoProofAwaited,
            (Event::Approved { .. }, Self::PendingMfa { .. }) => WhyNot::NotProved,
            (Event::Approved { .. } | Event::Rejected { .. }, _) => WhyNot::NotWaiting,
            (Event::Cancelled { .. }, _) => WhyNot::NotPending,
            (Event::WindowClosed, Self::PendingMfa { .. } | Self::PendingApproval { .. }) => {
                WhyNot::TimeToDecideNotOver
            }
            (Event::WindowClosed, _) => WhyNot::NotWaiting,
            (Event::PatienceOver, Self::Granting { .. }) => WhyNot::TargetAtWork,
            (Event::Granted { .. } | Event::GrantFailed { .. } | Event::PatienceOver, _) => {
                WhyNot::NothingGiven
            }
            (Event::Extended { .. }, Self::Active { .. }) => WhyNot::ExtendedTooLate,
            (Event::Extended { .. }, _) => WhyNot::NotActive,
            (Event::EndNears, Self::Active { is_told: true, .. }) => WhyNot::EndTold,
            (Event::EndNears, Self::Active { .. }) => WhyNot::EndNotNear,
            (Event::EndNears, _) => WhyNot::NoEndNears,
            (Event::RevokeAsked { .. } | Event::TimeUp, Self::Revoking { .. }) => {
                WhyNot::AlreadyRevoking
            }
            (Event::TimeUp, Self::Active { .. }) => WhyNot::NotAtItsEnd,
            (Event::RevokeAsked { .. } | Event::TimeUp, _) => WhyNot::NoAccess,
            (Event::Overdue, Self::Revoking { is_alarmed: true, .. }) => WhyNot::AdminsKnow,
            (Event::Overdue, Self::Revoking { .. }) => WhyNot::RemovalAtWork,
            (Event::Overdue | Event::Removed, _) => WhyNot::NothingTaken,
        }
    }
}

/// What stands between a fresh request and the access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    /// The requester proves presence first.
    Mfa,
    /// People decide.
    People,
    /// Nothing: the flow approves by itself.
    Open,
    /// The flow says no by itself.
    Closed {
        /// Why; shown to the requester.
        reason: String,
    },
}

fn pending_approval(closes_at: DateTime<Utc>) -> Move {
    Move {
        to: State::PendingApproval { closes_at, approvals: Vec::new() },
        effects: vec![Effect::AskApprovers, Effect::RewriteMessages],
    }
}

fn granting(approvals: Vec<Approved>, now: DateTime<Utc>) -> Move {
    Move {
        to: State::Granting { since: now, approvals },
        effects: vec![Effect::RewriteMessages, Effect::SettleTargets],
    }
}

fn revoking(cause: RevokeCause, now: DateTime<Utc>) -> Move {
    Move {
        to: State::Revoking { since: now, cause, is_alarmed: false },
        effects: vec![Effect::RewriteMessages, Effect::SettleTargets],
    }
}

fn ended(to: State) -> Move {
    Move { to, effects: vec![Effect::RewriteMessages, Effect::Tell(News::Ended)] }
}

/// Whoever withdraws their own request knows of it; the requester is told of anybody else.
fn cancelled(by: Actor, reason: String, now: DateTime<Utc>) -> Move {
    let is_own = reason.is_empty();
    let to = State::Cancelled { by, reason, at: now };
    if is_own { Move { to, effects: vec![Effect::RewriteMessages] } } else { ended(to) }
}

/// The final status that a cause of removal leads to.
fn after_removal(cause: &RevokeCause, at: DateTime<Utc>) -> State {
    match cause {
        RevokeCause::TimeUp => State::Expired { at },
        RevokeCause::Asked { by, reason } => {
            State::Revoked { by: by.clone(), reason: reason.clone(), at }
        }
        RevokeCause::Undo { why } => State::Failed { why: why.clone(), at },
    }
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

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
