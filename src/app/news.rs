//! What of a request's life deserves a mail (R35, R36).
//!
//! A mail cannot be rewritten as a message in chat can. So each message that somebody has of a
//! request is boiled down to its news, a word, and only other news than the last one is mailed. What
//! moves on without anybody having to know it at once is found on the page behind the mail's link.
//!
//! ```text
//! ask           asked ──> voted (quiet) ──> asked            closed, once it was asked
//! status        submitted ──> approved ──> given (quiet)     over (quiet), or withdrawn
//! active        active
//! ends_soon     nears.0 ──> nears.1 …                        one for each end that it had
//! ended         ended
//! alarms        raised ──> over
//! ```
use super::job::CardKind;
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::id::PersonId;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::request::{Actor, State};

/// What there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    /// This, if it was not the last thing said.
    Say(String),
    /// Nothing, but this is how it stands; saying the same as before is news again later.
    Quiet(&'static str),
    /// Nothing, and what was said last still stands.
    Same,
}

pub(super) const ASKED: &str = "asked";
const RAISED: &str = "raised";

/// The news that a message of `kind` holds for `reader`, who was told `last` by mail.
pub(super) fn news(
    policy: &Policy,
    record: &Record,
    kind: CardKind,
    reader: &PersonId,
    last: Option<&str>,
) -> News {
    match kind {
        CardKind::Ask => ask(policy, record, reader, last),
        CardKind::Status => status(record, reader),
        CardKind::Active => match &record.state {
            State::Active { .. } => say("active"),
            _ => News::Same,
        },
        CardKind::EndsSoon => match &record.state {
            State::Active { is_told: true, extensions, .. } => {
                News::Say(format!("nears.{extensions}"))
            }
            _ => News::Same,
        },
        CardKind::Ended if record.state.is_final() => say("ended"),
        CardKind::Ended => News::Same,
        CardKind::StillThere => {
            raised_or_over(matches!(record.state, State::Revoking { .. }), last)
        }
        CardKind::NobodyCanApprove => {
            raised_or_over(matches!(record.state, State::PendingApproval { .. }), last)
        }
        CardKind::EndStays => raised_or_over(matches!(record.state, State::Active { .. }), last),
    }
}

fn say(word: &str) -> News {
    News::Say(word.to_owned())
}

/// An approver hears when it is their turn, and when it is over without them.
fn ask(policy: &Policy, record: &Record, reader: &PersonId, last: Option<&str>) -> News {
    let has_decided = record.has_decided(reader);
    if !matches!(record.state, State::PendingApproval { .. }) {
        let waits_for_nothing = has_decided || last != Some(ASKED);
        return if waits_for_nothing { News::Quiet("closed") } else { say("closed") };
    }
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), policy);
    match (ballot.open().contains(reader), has_decided) {
        (true, _) => say(ASKED),
        (false, true) => News::Quiet("voted"),
        // Others decide now; the page says so to whoever still looks.
        (false, false) => News::Same,
    }
}

/// Requester and grantee hear that it was sent, and approved. That the access is there, and how all
/// of it ended, are messages of their own.
fn status(record: &Record, reader: &PersonId) -> News {
    match &record.state {
        State::PendingMfa { .. } | State::PendingApproval { .. } => say("submitted"),
        State::Granting { .. } => say("approved"),
        State::Active { .. } | State::Revoking { .. } => News::Quiet("given"),
        // Whoever withdrew their own request knows; the person it was for does not.
        State::Cancelled { by: Actor::Person(by), reason, .. }
            if reason.is_empty() && by != reader =>
        {
            say("withdrawn")
        }
        State::Rejected { .. }
        | State::Failed { .. }
        | State::Expired { .. }
        | State::Revoked { .. }
        | State::Cancelled { .. } => News::Quiet("over"),
    }
}

fn raised_or_over(is_raised: bool, last: Option<&str>) -> News {
    match is_raised {
        true => say(RAISED),
        false if last == Some(RAISED) => say("over"),
        false => News::Quiet("over"),
    }
}
