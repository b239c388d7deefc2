//! The forms: asking for access, deciding, and what comes after, as models.
use super::narrowing::{self, MOST_TICKS, NarrowForm};
use super::{Choice, Fact, Voice, cards, statuses, words};
use crate::domain::catalog::Item;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use crate::domain::request::{State, WhyNot};
use chrono::{DateTime, Utc};
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
    /// Something that has to be said first.
    pub note: Option<String>,
    /// What a yes leaves of it; a no leaves nothing.
    pub narrow: Option<NarrowForm>,
}

/// The dialog for a yes or a no.
pub fn decide(voice: Voice<'_>, record: &Record, viewer: &PersonId, approves: bool) -> DecideForm {
    let ask = cards::ask(voice, record, Some(viewer));
    let needs_reason =
        voice.policy.flow(&record.asked.flow).is_some_and(|flow| flow.needs_approval_reason);
    let [title, submit, label] = match approves {
        true => ["decide-title-approve", "button-approve", "decide-reason"],
        false => ["decide-title-reject", "button-reject", "decide-why-not"],
    };
    DecideForm {
        title: voice.say(title, [("id", record.asked.id.to_string().into())]),
        submit: voice.say(submit, []),
        reason_label: voice.say(label, []),
        is_reason_required: !approves || needs_reason,
        facts: ask.facts,
        items: ask.items,
        justification: record.asked.justification.clone(),
        note: None,
        narrow: approves.then(|| narrowing::form(voice, record, MOST_TICKS)),
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
pub fn late(voice: Voice<'_>, record: &Record, why: WhyNot, command: &str) -> Notice {
    let id = record.asked.id.to_string();
    let decided = record.decisions.last();
    let happened_at = match &record.state {
        State::PendingApproval { .. } | State::PendingMfa { .. } => None,
        State::Granting { .. } | State::Active { .. } | State::Revoking { .. } => {
            Some(decided.map(|decision| decision.at))
        }
        State::Rejected { at, .. }
        | State::Expired { at }
        | State::Revoked { at, .. }
        | State::Cancelled { at, .. }
        | State::Failed { at, .. } => Some(Some(*at)),
    };
    let next = match &record.state {
        State::PendingApproval { .. } | State::PendingMfa { .. } => "late-pending",
        State::Granting { .. } => "late-granting",
        State::Active { .. } => "late-active",
        State::Revoking { .. } => "late-revoking",
        State::Rejected { .. }
        | State::Expired { .. }
        | State::Revoked { .. }
        | State::Cancelled { .. }
        | State::Failed { .. } => "late-over",
    };
    let quote = match &record.state {
        State::Rejected { reason, .. } => Some(words::quoted(voice, reason)),
        _ => None,
    };
    let standing = voice.say(
        "late",
        [
            ("id", id.as_str().into()),
            ("status", statuses::of_state(voice, &record.state).into()),
            ("why", words::why_not(voice, why).into()),
        ],
    );
    let mut lines = vec![standing];
    lines.extend(happened_at.map(|at| happened(voice, record, at)));
    lines.push(voice.say(next, [("command", command.into()), ("id", id.as_str().into())]));
    Notice { title: id, lines, quote }
}

/// `Already approved by Ben. At 08:30 UTC on 2026-11-24.`
fn happened(voice: Voice<'_>, record: &Record, at: Option<DateTime<Utc>>) -> String {
    let happened = words::decided(voice, record);
    let Some(at) = at else { return happened };
    format!("{happened} {}", voice.say("happened-at", words::time_parts(at)))
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
    pub fn page(voice: Voice<'_>, id: RequestId, entries: Vec<ConnectEntry>, page: usize) -> Self {
        let total = entries.len();
        let pages = total.div_ceil(CONNECT_PAGE).max(1);
        let page = page.min(pages - 1);
        let first = page * CONNECT_PAGE;
        let entries: Vec<ConnectEntry> =
            entries.into_iter().skip(first).take(CONNECT_PAGE).collect();
        Self {
            id: id.to_string(),
            page: (pages > 1).then(|| {
                let last = first + entries.len();
                voice.say(
                    "connect-page",
                    [("first", (first + 1).into()), ("last", last.into()), ("total", total.into())],
                )
            }),
            entries,
            has_next: page + 1 < pages,
            next: page + 1,
            has_previous: page > 0,
            previous: page.saturating_sub(1),
        }
    }
}

/// How to connect with `item`, by label and value; the credential comes last.
pub fn connect_entry(
    voice: Voice<'_>,
    item: &Item,
    lines: &[(String, String)],
    credential: Option<&str>,
) -> ConnectEntry {
    let line =
        |(label, value): &(String, String)| Fact::text(&words::connect_label(voice, label), value);
    let mut lines: Vec<Fact> = lines.iter().map(line).collect();
    let password = |credential| Fact::text(&voice.say("connect-password", []), credential);
    lines.extend(credential.map(password));
    ConnectEntry { item: words::item(voice, item), lines }
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
