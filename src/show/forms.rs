//! The forms: asking for access, deciding, and what comes after, as models.
use super::{Choice, Fact, Voice, cards, words};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use crate::domain::request::State;
use serde::Serialize;
use serde_json::{Value, json};

/// Choices as the answer to a search. No template lays it out: there are up to a hundred, people
/// wait for it at every key, and a template takes twenty times as long.
pub fn options(choices: &[Choice]) -> Value {
    let text = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    let option = |choice: &Choice| match &choice.hint {
        Some(hint) => json!({
            "text": text(&choice.label), "description": text(hint), "value": choice.value,
        }),
        None => json!({ "text": text(&choice.label), "value": choice.value }),
    };
    let options: Vec<Value> = choices.iter().map(option).collect();
    json!({ "options": options })
}

/// The dialog that takes a reason for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecideForm {
    /// `Approve AR-1042`.
    pub title: String,
    /// `Approve`.
    pub submit: String,
    /// What the reason is called.
    pub reason_label: String,
    /// Whether it must be given.
    pub is_reason_required: bool,
    /// Who asks, for what, for how long.
    pub facts: Vec<Fact>,
    /// What, a line each.
    pub items: Vec<String>,
    /// The requester's words.
    pub justification: String,
}

/// The dialog for a yes or a no.
pub fn decide(voice: Voice<'_>, record: &Record, viewer: &PersonId, approves: bool) -> DecideForm {
    let ask = cards::ask(voice, record, Some(viewer));
    let needs_reason =
        voice.policy.flow(&record.asked.flow).is_some_and(|flow| flow.needs_approval_reason);
    let verb = if approves { "Approve" } else { "Reject" };
    DecideForm {
        title: format!("{verb} {}", record.asked.id),
        submit: verb.to_owned(),
        reason_label: match approves {
            true => "Reason (shown to the requester)".to_owned(),
            false => "Why not (shown to the requester)".to_owned(),
        },
        is_reason_required: !approves || needs_reason,
        facts: ask.facts,
        items: ask.items,
        justification: record.asked.justification.clone(),
    }
}

/// A view that only says something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The view's title.
    pub title: String,
    /// What is to say, a paragraph each.
    pub lines: Vec<String>,
    /// Somebody's words, where they belong to it.
    pub quote: Option<String>,
}

impl Notice {
    /// A notice of one paragraph.
    pub fn new(title: &str, line: impl Into<String>) -> Self {
        Self { title: title.to_owned(), lines: vec![line.into()], quote: None }
    }
}

/// The polite answer to something that came too late, or too early; `why` says what is missing.
pub fn late(voice: Voice<'_>, record: &Record, why: &str, command: &str) -> Notice {
    let id = record.asked.id;
    let decided = record.decisions.last();
    let (happened, at) = match &record.state {
        State::PendingApproval { .. } | State::PendingMfa { .. } => (None, None),
        State::Granting { .. } | State::Active { .. } | State::Revoking { .. } => {
            (Some(words::decided(voice, record)), decided.map(|decision| decision.at))
        }
        State::Rejected { at, .. }
        | State::Expired { at }
        | State::Revoked { at, .. }
        | State::Cancelled { at, .. }
        | State::Failed { at, .. } => (Some(words::decided(voice, record)), Some(*at)),
    };
    let when = at.map(|at| format!(" At {}.", at.format("%H:%M UTC on %d %B"))).unwrap_or_default();
    let next = match &record.state {
        State::PendingApproval { .. } | State::PendingMfa { .. } => {
            format!("It can be withdrawn with {command} cancel {id}.")
        }
        State::Granting { .. } => "You are told when it is ready.".to_owned(),
        State::Active { .. } => format!("It can be ended early with {command} revoke {id}."),
        State::Revoking { .. } => "You are told when the access is gone.".to_owned(),
        _ => "Nothing is left for you to do.".to_owned(),
    };
    let quote = match &record.state {
        State::Rejected { reason, .. } => Some(words::quoted(voice, reason)),
        _ => None,
    };
    let status = format!("{id} is {}: {why}.", record.state.label());
    let mut lines = vec![status];
    lines.extend(happened.map(|happened| format!("{happened}{when}")));
    lines.push(next);
    Notice { title: id.to_string(), lines, quote }
}

/// How to connect, for the grantee's eyes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Connect {
    /// `AR-1042`.
    pub id: String,
    /// One for everything that was given, as far as it is on this page.
    pub entries: Vec<ConnectEntry>,
    /// `1 to 20 of 80`, where there is more than one page.
    pub page: Option<String>,
    /// Whether there is a next page.
    pub has_next: bool,
    /// The number of the next page.
    pub next: usize,
    /// Whether there is a page before.
    pub has_previous: bool,
    /// The number of the page before.
    pub previous: usize,
}

/// Entries on one page of how to connect.
const CONNECT_PAGE: usize = 20;

impl Connect {
    /// Page `page`, from 0, of how to connect with what request `id` gave.
    pub fn page(id: RequestId, entries: Vec<ConnectEntry>, page: usize) -> Self {
        let total = entries.len();
        let pages = total.div_ceil(CONNECT_PAGE).max(1);
        let page = page.min(pages - 1);
        let first = page * CONNECT_PAGE;
        let entries: Vec<ConnectEntry> =
            entries.into_iter().skip(first).take(CONNECT_PAGE).collect();
        Self {
            id: id.to_string(),
            page: (pages > 1)
                .then(|| format!("{} to {} of {total}", first + 1, first + entries.len())),
            entries,
            has_next: page + 1 < pages,
            next: page + 1,
            has_previous: page > 0,
            previous: page.saturating_sub(1),
        }
    }
}

/// How to connect to one thing.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ConnectEntry {
    /// What.
    pub item: String,
    /// As label and value, the credential among them.
    pub lines: Vec<Fact>,
}

impl std::fmt::Debug for ConnectEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the credential, and not the lines, which may hold one.
        f.debug_struct("ConnectEntry").field("item", &self.item).finish_non_exhaustive()
    }
}
