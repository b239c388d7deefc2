//! The forms: asking for access, deciding, and what comes after, as models.
use super::limits::{CHOICE_CHARS, CHOICES, NAME_CHARS, QUOTE_CHARS, one_line, shorten};
use super::{Choice, Fact, Voice, cards, statuses, words};
use crate::domain::catalog::Resource;
use crate::domain::flow::Approval;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::record::Record;
use crate::domain::request::{State, WhyNot};
use crate::domain::submission::{RefusedItem, Split};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Value, json};

/// The form that asks for access by resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestForm {
    /// How many resources are chosen, as a sentence.
    pub chosen: String,
    /// One list of permissions for every type of what is chosen.
    pub permissions: Vec<PermissionList>,
    /// Durations offered; the first is the default.
    pub durations: Vec<Choice>,
    /// The longest possible, as a hint.
    pub longest: String,
    /// What submitting would make of it, a line a request.
    pub preview: Vec<String>,
    /// The justification to begin with.
    pub justification: String,
    /// Resources chosen to begin with.
    pub resources: Vec<Choice>,
}

/// The permissions of one type of resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PermissionList {
    /// Names the list; the same as long as the same things are meant.
    pub id: String,
    /// `Permission on databases in Production PostgreSQL`.
    pub label: String,
    /// Weakest first.
    pub choices: Vec<Choice>,
}

/// A resource as a choice: its name, then its type and place.
pub fn resource_choice(voice: Voice<'_>, resource: &Resource, handle: String) -> Choice {
    let integration = voice.policy.catalog.integration_name(&resource.at.integration);
    let hint = voice.say(
        "form-resource",
        [("kind", resource.kind.as_str().into()), ("integration", integration.into())],
    );
    Choice {
        label: one_line(&resource.name, CHOICE_CHARS),
        value: handle,
        hint: Some(one_line(&hint, CHOICE_CHARS)),
    }
}

/// The last row of a list that does not hold everything.
pub fn refine_choice(voice: Voice<'_>, value: &str) -> Choice {
    Choice {
        label: voice.say("form-refine", []),
        value: value.to_owned(),
        hint: Some(voice.say("form-refine-hint", [])),
    }
}

/// Permissions as a list for one type of resource.
pub fn permission_list(
    voice: Voice<'_>,
    resource: &Resource,
    id: String,
    permissions: &[String],
) -> PermissionList {
    let integration = voice.policy.catalog.integration_name(&resource.at.integration);
    let label = voice.say(
        "form-permission",
        [("kind", resource.kind.as_str().into()), ("integration", integration.into())],
    );
    // The place in the list: a permission's own text may be longer than a value.
    let choice = |(place, permission): (usize, &String)| Choice {
        label: one_line(permission, CHOICE_CHARS),
        value: place.to_string(),
        hint: None,
    };
    PermissionList {
        id,
        label: one_line(&label, NAME_CHARS),
        choices: permissions.iter().enumerate().take(CHOICES).map(choice).collect(),
    }
}

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

/// Durations as choices; the value is the number of seconds.
pub fn duration_choices(voice: Voice<'_>, durations: &[TimeDelta]) -> Vec<Choice> {
    let choice = |duration: &TimeDelta| Choice {
        label: words::duration(voice, *duration),
        value: duration.num_seconds().to_string(),
        hint: None,
    };
    durations.iter().take(CHOICES).map(choice).collect()
}

/// What a form would become, a line a request.
pub fn preview(voice: Voice<'_>, split: &Split<'_>) -> Vec<String> {
    let count = |count: usize| voice.say("count-things", [("count", count.into())]);
    let mut lines: Vec<String> = split
        .parts
        .iter()
        .map(|part| {
            let flow = one_line(&part.flow.name, NAME_CHARS);
            let who = match &part.flow.approval {
                Approval::Automatic => voice.say("preview-at-once", []),
                Approval::Denied(reason) => {
                    voice.say("preview-denied", [("reason", one_line(reason, 200).into())])
                }
                Approval::Stages(plan) => {
                    voice.say("preview-approved-by", [("plan", words::plan(voice, plan).into())])
                }
            };
            voice.say(
                "preview",
                [
                    ("flow", flow.into()),
                    ("things", count(part.items.len()).into()),
                    ("who", who.into()),
                    ("longest", words::duration(voice, part.flow.longest).into()),
                ],
            )
        })
        .collect();
    if !split.refused.is_empty() {
        let things = count(split.refused.len());
        lines.push(voice.say("preview-left-out", [("things", things.into())]));
    }
    lines
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

/// What a form became.
pub fn submitted(
    voice: Voice<'_>,
    requests: &[Record],
    refused: &[RefusedItem],
    gone: usize,
) -> Notice {
    let mut lines: Vec<String> = requests
        .iter()
        .map(|record| {
            voice.say(
                "submitted-request",
                [
                    ("mark", cards::mark(&record.state).into()),
                    ("id", record.asked.id.to_string().into()),
                    ("status", statuses::of_state(voice, &record.state).into()),
                    ("standing", words::standing(voice, record).into()),
                ],
            )
        })
        .collect();
    lines.extend(refused.iter().take(20).map(|refused| {
        let item = words::item(voice, &refused.item);
        let why = words::why_refused(voice, refused.why);
        voice.say("submitted-left-out", [("item", item.into()), ("why", why.into())])
    }));
    if let Some(more) = refused.len().checked_sub(20).filter(|more| *more > 0) {
        lines.push(voice.say("submitted-left-out-more", [("count", more.into())]));
    }
    if gone > 0 {
        lines.push(voice.say("submitted-gone", [("count", gone.into())]));
    }
    lines.push(voice.say("submitted-you-hear", []));
    Notice { title: voice.say("submitted-title", []), lines, quote: None }
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
        State::Rejected { reason, .. } => Some(shorten(reason, QUOTE_CHARS)),
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
    let when = voice.say(
        "happened-at",
        [
            ("year", at.format("%Y").to_string().into()),
            ("month", at.format("%m").to_string().into()),
            ("day", at.format("%d").to_string().into()),
            ("time", at.format("%H:%M").to_string().into()),
        ],
    );
    format!("{happened} {when}")
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
