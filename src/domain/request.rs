//! One access request and the moves it may make.
//!
//! A request asks for *one* access flow's part of a form, for one grantee; the split is
//! `domain::submission`. This file is the transition table (R1): every pair of state and event has
//! an answer, an illegal one changes nothing and says why. What can happen is in `event`, why it
//! cannot in `refusal`, what was asked for in `asked`.
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
pub use super::asked::Asked;
use super::catalog::Item;
pub use super::event::{Alarm, Effect, Event, Move, News};
use super::id::PersonId;
use super::narrow::Narrowing;
pub use super::refusal::{Refused, WhyNot};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a target may fail to give access before the request is given up.
pub const GRANT_PATIENCE: TimeDelta = TimeDelta::hours(1);
/// How long taking access back may fail before the admins are told (V9 asks for five minutes at most).
pub const REVOKE_ALARM_AFTER: TimeDelta = TimeDelta::minutes(4);

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
    /// What they took away of it.
    #[serde(default, skip_serializing_if = "Narrowing::is_none")]
    pub narrowing: Narrowing,
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
                return Err(Refused { status: self.label(), why: WhyNot::of(&event, self) });
            }
        };
        Ok(made)
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

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
