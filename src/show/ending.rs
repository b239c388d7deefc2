//! The messages about an end: that it is near, whether it can be moved, and that it came.
use super::limits::shorten;
use super::{Fact, Voice, cards, statuses, words};
use crate::domain::catalog::Item;
use crate::domain::extend::{self, NotOffered, Offer};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::parties::is_theirs;
use crate::domain::record::Record;
use crate::domain::request::State;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Most things that are named because they cannot be asked for again.
const GONE_NAMED: usize = 5;
/// Longest reason for an end, in characters: what the dialog takes.
const END_REASON_CHARS: usize = 1000;

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
pub fn extend_button(voice: Voice<'_>, record: &Record, viewer: &PersonId) -> Option<ExtendButton> {
    let State::Active { is_told: true, .. } = &record.state else { return None };
    let (offer, _) = extend::ahead(voice.policy, record).ok()?;
    is_theirs(voice.policy, viewer, &record.asked).then(|| button(voice, record, &offer))
}

/// The button for this offer.
pub fn button(voice: Voice<'_>, record: &Record, offer: &Offer) -> ExtendButton {
    let extensions = match &record.state {
        State::Active { extensions, .. } => *extensions,
        _ => 0,
    };
    let step = words::duration(voice, offer.step);
    ExtendButton {
        label: voice.say("extend-button", [("step", step.into())]),
        value: format!("{} {extensions}", record.asked.id),
    }
}

/// The message that access ends soon; rewritten when its end moves or comes.
pub fn ends_soon(voice: Voice<'_>, record: &Record, viewer: &PersonId) -> EndsSoon {
    let id = record.asked.id;
    let (title, line) = match &record.state {
        State::Active { is_told: true, .. } => ("ending-soon", outlook(voice, record, viewer)),
        State::Active { .. } => ("ending-moved", voice.say("ending-moved-line", [])),
        State::Revoking { .. } => ("ending-now", words::standing(voice, record)),
        _ => ("ending-over", words::standing(voice, record)),
    };
    let title = voice.say(title, []);
    let facts = match (&record.state, record.ended_at) {
        (State::Active { until, .. }, _) => vec![until_fact(voice, *until)],
        (_, Some(at)) => vec![Fact::time(&voice.say("fact-ended", []), at)],
        _ => record.expires_at.map(|at| until_fact(voice, at)).into_iter().collect(),
    };
    let is_active = matches!(record.state, State::Active { .. });
    EndsSoon {
        id: id.to_string(),
        summary: format!("{title} ({id}). {line}"),
        title,
        line,
        facts,
        items: words::items(voice, &record.left().items),
        extend: extend_button(voice, record, viewer),
        can_revoke: is_active && is_theirs(voice.policy, viewer, &record.asked),
    }
}

/// The same about an end that moved, once there is another message about the new one: that one
/// alone says when, which may move again.
pub fn moved(voice: Voice<'_>, record: &Record) -> EndsSoon {
    let (title, line) = (voice.say("ending-moved", []), voice.say("ending-moved-below", []));
    EndsSoon {
        id: record.asked.id.to_string(),
        summary: format!("{title} ({}). {line}", record.asked.id),
        title,
        line,
        facts: Vec::new(),
        items: words::items(voice, &record.left().items),
        extend: None,
        can_revoke: false,
    }
}

fn until_fact(voice: Voice<'_>, at: DateTime<Utc>) -> Fact {
    Fact::time(&voice.say("fact-until", []), at)
}

/// Whether access that ends soon may last longer, as a sentence for `viewer`.
fn outlook(voice: Voice<'_>, record: &Record, viewer: &PersonId) -> String {
    match extend::ahead(voice.policy, record) {
        Ok(_) if !is_theirs(voice.policy, viewer, &record.asked) => {
            let name = words::name(voice, &record.asked.requester);
            voice.say("extend-by-other", [("name", name.into())])
        }
        Ok((Offer { step, left, .. }, _)) => {
            let step = words::duration(voice, step);
            voice.say("extend-offered", [("step", step.into()), ("left", left.into())])
        }
        Err(why) => why_not(voice, &why),
    }
}

/// Why access cannot be extended, as a sentence.
pub fn why_not(voice: Voice<'_>, why: &NotOffered) -> String {
    match why {
        NotOffered::NotActive => voice.say("extend-not-active", []),
        NotOffered::NotAllowed => voice.say("extend-not-allowed", []),
        NotOffered::Changed => voice.say("extend-changed", []),
        NotOffered::Shortened => voice.say("narrowed-extend", []),
        NotOffered::Used { times } => voice.say("extend-used", [("times", (*times).into())]),
        NotOffered::AtLongest => voice.say("extend-at-longest", []),
        NotOffered::Early { from } => {
            voice.say("extend-early", [("from", words::clock(voice, *from).into())])
        }
        NotOffered::Already { until } => {
            voice.say("extend-already", [("until", words::clock(voice, *until).into())])
        }
    }
}

/// Why access was not extended, for whoever tried, and how it stands.
pub fn not_extended(voice: Voice<'_>, record: &Record, why: &NotOffered) -> Vec<String> {
    let id = record.asked.id.to_string();
    let standing = words::standing(voice, record);
    let status = statuses::of_state(voice, &record.state);
    vec![
        voice.say("extend-refused", [("id", id.into())]),
        why_not(voice, why),
        voice.say("ended-standing", [("status", status.into()), ("standing", standing.into())]),
    ]
}

/// The message that it is over, for `viewer`.
pub fn ended(voice: Voice<'_>, record: &Record, viewer: &PersonId) -> Ended {
    let (id, status) = (record.asked.id.to_string(), statuses::of_state(voice, &record.state));
    Ended {
        mark: cards::mark(&record.state).to_owned(),
        summary: voice
            .say("ended-summary", [("id", id.as_str().into()), ("status", status.as_str().into())]),
        id,
        status,
        standing: words::standing(voice, record),
        items: words::items(voice, &record.left().items),
        reason: words::end_reason(&record.state).map(|reason| words::quoted(voice, reason)),
        can_ask_again: record.state.is_final() && is_theirs(voice.policy, viewer, &record.asked),
    }
}

/// What is said to whoever extended access with a typed word.
pub fn extended(voice: Voice<'_>, record: &Record) -> String {
    let id = record.asked.id.to_string();
    let until = record.expires_at.map(|at| words::clock(voice, at)).unwrap_or_default();
    voice.say("extend-done", [("id", id.into()), ("until", until.into())])
}

/// What a form that asks again says at its top: what it is about, and what is no longer offered.
pub fn again_note(voice: Voice<'_>, of: RequestId, gone: &[Item]) -> String {
    let note = voice.say("again-note", [("id", of.to_string().into())]);
    if gone.is_empty() {
        return note;
    }
    let mut names = words::items(voice, gone.get(..GONE_NAMED).unwrap_or(gone)).join("; ");
    if let Some(more) = gone.len().checked_sub(GONE_NAMED).filter(|more| *more > 0) {
        names = voice.say("again-more", [("names", names.into()), ("count", more.into())]);
    }
    let gone = voice.say("again-gone", [("names", names.into())]);
    format!("{note} {gone}")
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
    /// Whether a reason must be given.
    pub is_reason_required: bool,
    /// The reason as far as it was given already.
    pub reason: String,
}

/// What a dialog for an end is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending<'a> {
    /// Withdrawn while it is pending, rather than taken away.
    pub is_cancelled: bool,
    /// Whether a reason must be given.
    pub is_reason_required: bool,
    /// The reason as far as it was given already.
    pub reason: &'a str,
}

/// The dialog for a request that is withdrawn, or for access that is taken away.
pub fn end_form(voice: Voice<'_>, record: &Record, of: Ending<'_>) -> EndForm {
    let id = || record.asked.id.to_string().into();
    let (title, submit, line) = match of.is_cancelled {
        true => ("end-cancel-title", "end-cancel-submit", "end-cancel-line"),
        false => ("end-revoke-title", "end-revoke-submit", "end-revoke-line"),
    };
    let name = |person| words::name(voice, person);
    let mut facts = vec![Fact::text(&voice.say("fact-for", []), name(&record.asked.grantee))];
    if record.asked.requester != record.asked.grantee {
        facts.push(Fact::text(&voice.say("fact-from", []), name(&record.asked.requester)));
    }
    if let State::Active { until, .. } = &record.state {
        facts.push(until_fact(voice, *until));
    }
    EndForm {
        title: voice.say(title, [("id", id())]),
        submit: voice.say(submit, []),
        line: voice.say(line, []),
        facts,
        items: words::items(voice, &record.left().items),
        is_reason_required: of.is_reason_required,
        reason: shorten(of.reason, END_REASON_CHARS),
    }
}
