//! The messages about an end: that it is near, whether it can be moved, and that it came.
use super::limits::{QUOTE_CHARS, shorten};
use super::{Fact, cards, words};
use crate::domain::duration;
use crate::domain::extend::{self, NotOffered, Offer};
use crate::domain::id::PersonId;
use crate::domain::parties::is_theirs;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::request::State;
use serde::Serialize;

/// A button that lets access last longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtendButton {
    /// `Extend by 30 min`.
    pub label: String,
    /// The request, and how often it had been extended: two clicks on one message extend once.
    pub value: String,
}

/// Tells that access ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndsSoon {
    /// `AR-1042`.
    pub id: String,
    /// What the message says at its top.
    pub title: String,
    /// The sentence for a notification.
    pub summary: String,
    /// Whether it may last longer, or what became of it.
    pub line: String,
    /// Until when.
    pub facts: Vec<Fact>,
    /// What, a line each.
    pub items: Vec<String>,
    /// Offers to let it last longer.
    pub extend: Option<ExtendButton>,
    /// Offers to end it.
    pub can_revoke: bool,
}

/// Tells that it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// `AR-1042`.
    pub id: String,
    /// `Expired`.
    pub status: String,
    /// A mark for the status.
    pub mark: String,
    /// The sentence for a notification.
    pub summary: String,
    /// What happened and what to do next.
    pub standing: String,
    /// What, a line each.
    pub items: Vec<String>,
    /// Somebody's words.
    pub reason: Option<String>,
    /// Offers to ask for it again.
    pub can_ask_again: bool,
}

/// The button that lets access last longer, for `viewer`, once its end is near.
pub fn extend_button(policy: &Policy, record: &Record, viewer: &PersonId) -> Option<ExtendButton> {
    let State::Active { is_told: true, .. } = &record.state else { return None };
    let (offer, _) = extend::ahead(policy, record).ok()?;
    is_theirs(policy, viewer, &record.asked).then(|| button(record, &offer))
}

/// The button for this offer.
pub fn button(record: &Record, offer: &Offer) -> ExtendButton {
    let extensions = match &record.state {
        State::Active { extensions, .. } => *extensions,
        _ => 0,
    };
    ExtendButton {
        label: format!("Extend by {}", duration::spoken(offer.step)),
        value: format!("{} {extensions}", record.asked.id),
    }
}

/// The message that access ends soon; rewritten when its end moves or comes.
pub fn ends_soon(policy: &Policy, record: &Record, viewer: &PersonId) -> EndsSoon {
    let id = record.asked.id;
    let (title, line) = match &record.state {
        State::Active { is_told: true, .. } => {
            ("⏰ Your access ends soon", outlook(policy, record, viewer))
        }
        State::Active { extensions: 0, .. } => ("Your access is in place", String::new()),
        State::Active { .. } => (
            "Your access was extended",
            "It lasts longer; you hear from me before it ends.".to_owned(),
        ),
        State::Revoking { .. } => {
            ("🔄 This access is being taken away", words::standing(policy, record))
        }
        _ => ("This access has ended", words::standing(policy, record)),
    };
    let facts = match (&record.state, record.ended_at) {
        (State::Active { until, .. }, _) => vec![Fact::time("Until", *until)],
        (_, Some(at)) => vec![Fact::time("Ended", at)],
        _ => record.expires_at.map(|at| Fact::time("Until", at)).into_iter().collect(),
    };
    let is_active = matches!(record.state, State::Active { .. });
    EndsSoon {
        id: id.to_string(),
        title: title.to_owned(),
        summary: format!("{title} ({id}). {line}"),
        line: if line.is_empty() { words::standing(policy, record) } else { line },
        facts,
        items: words::items(policy, &record.asked.items),
        extend: extend_button(policy, record, viewer),
        can_revoke: is_active && is_theirs(policy, viewer, &record.asked),
    }
}

/// Whether access that ends soon may last longer, as a sentence for `viewer`.
fn outlook(policy: &Policy, record: &Record, viewer: &PersonId) -> String {
    match extend::ahead(policy, record) {
        Ok(_) if !is_theirs(policy, viewer, &record.asked) => {
            format!("{} can extend it.", words::name(policy, &record.asked.requester))
        }
        Ok((Offer { step, left, .. }, _)) => format!(
            "You can extend it by {} without asking again; {}.",
            duration::spoken(step),
            match left {
                1 => "this is the last time".to_owned(),
                left => format!("{left} times in all"),
            }
        ),
        Err(why) => format!("It cannot be extended: {why}."),
    }
}

/// Why access was not extended, for whoever tried, with what to do instead.
pub fn not_extended(policy: &Policy, record: &Record, why: &NotOffered) -> Vec<String> {
    let id = record.asked.id;
    let next = match why {
        NotOffered::Early { from } => {
            format!("That is from {} on.", from.format("%H:%M UTC on %d %B"))
        }
        NotOffered::Already { until } => {
            format!("It lasts until {}.", until.format("%H:%M UTC on %d %B"))
        }
        NotOffered::NotActive
        | NotOffered::NotAllowed
        | NotOffered::Changed
        | NotOffered::Used { .. }
        | NotOffered::AtLongest => "Ask for it again when you need it for longer.".to_owned(),
    };
    let standing = match why {
        NotOffered::NotActive => words::standing(policy, record),
        _ => String::new(),
    };
    let status = record.state.label();
    let mut lines = vec![format!("{id} is {status} and was not extended: {why}.")];
    lines.extend(Some(standing).filter(|standing| !standing.is_empty()));
    lines.push(next);
    lines
}

/// The message that it is over, for `viewer`.
pub fn ended(policy: &Policy, record: &Record, viewer: &PersonId) -> Ended {
    let status = record.state.label();
    Ended {
        id: record.asked.id.to_string(),
        status: status.to_owned(),
        mark: cards::mark(&record.state).to_owned(),
        summary: format!("{}: {status}", record.asked.id),
        standing: words::standing(policy, record),
        items: words::items(policy, &record.asked.items),
        reason: words::end_reason(&record.state).map(|reason| shorten(reason, QUOTE_CHARS)),
        can_ask_again: record.state.is_final() && is_theirs(policy, viewer, &record.asked),
    }
}

/// What is said to whoever extended access with a typed word.
pub fn extended(record: &Record) -> String {
    let id = record.asked.id;
    match &record.state {
        State::Active { until, .. } => {
            format!("{id} is extended until {}.", until.format("%H:%M UTC on %d %B"))
        }
        _ => format!("{id} is {}.", record.state.label()),
    }
}

/// The dialog in which an admin says why they end what is somebody else's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndForm {
    /// `End AR-1042`.
    pub title: String,
    /// `End access`.
    pub submit: String,
    /// What happens then.
    pub line: String,
    /// Whose it is, and until when.
    pub facts: Vec<Fact>,
    /// What, a line each.
    pub items: Vec<String>,
}

/// The dialog for a request that is withdrawn, or for access that is taken away.
pub fn end_form(policy: &Policy, record: &Record, is_cancelled: bool) -> EndForm {
    let id = record.asked.id;
    let (title, submit, line) = match is_cancelled {
        true => (
            format!("Cancel {id}"),
            "Cancel request",
            "Nobody will be asked any more. The requester is told who cancelled it and why.",
        ),
        false => (
            format!("End {id}"),
            "End access",
            "The access is taken away and open sessions are closed. Requester and grantee are told \
             who ended it and why.",
        ),
    };
    let mut facts = vec![Fact::text("For", words::name(policy, &record.asked.grantee))];
    if record.asked.requester != record.asked.grantee {
        facts.push(Fact::text("From", words::name(policy, &record.asked.requester)));
    }
    if let State::Active { until, .. } = &record.state {
        facts.push(Fact::time("Until", *until));
    }
    EndForm {
        title,
        submit: submit.to_owned(),
        line: line.to_owned(),
        facts,
        items: words::items(policy, &record.asked.items),
    }
}
