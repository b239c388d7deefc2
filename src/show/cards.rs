//! The messages about a request, as models.
use super::ending::{Ended, EndsSoon, ExtendButton};
use super::limits::{LISTED_ITEMS, NAME_CHARS, one_line};
use super::texts::Value;
use super::{Fact, Voice, narrowing, statuses, tickets, words};
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::id::PersonId;
use crate::domain::parties::is_theirs;
use crate::domain::person::Account;
use crate::domain::record::Record;
use crate::domain::request::{Missing, State};
use serde::Serialize;

/// Asks an approver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// `AR-1042`.
    pub id: String,
    /// A mark for the status.
    pub mark: String,
    /// The sentence for a notification.
    pub summary: String,
    /// Who, for whom, for how long.
    pub facts: Vec<Fact>,
    /// What, a line each.
    pub items: Vec<String>,
    /// The requester's words.
    pub justification: String,
    /// Why the reader is asked.
    pub why_you: String,
    /// True while somebody can decide.
    pub is_open: bool,
    /// Who can decide now, for platforms that show them a view of their own.
    #[serde(skip)]
    pub deciders: Vec<PersonId>,
    /// What came of it, once it is decided.
    pub outcome: String,
    /// The decider's words.
    pub reason: Option<String>,
}

/// The living message to requester and grantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// `AR-1042`.
    pub id: String,
    /// `Active`.
    pub status: String,
    /// A mark for the status.
    pub mark: String,
    /// The sentence for a notification.
    pub summary: String,
    /// Where it stands, as a sentence.
    pub standing: String,
    /// Who, for whom, for how long, until when.
    pub facts: Vec<Fact>,
    /// What, a line each.
    pub items: Vec<String>,
    /// The requester's words.
    pub justification: String,
    /// Somebody's words about its end.
    pub reason: Option<String>,
    /// Offers to withdraw it.
    pub can_cancel: bool,
    /// Offers to end it.
    pub can_revoke: bool,
}

/// Tells that the access is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Active {
    /// `AR-1042`.
    pub id: String,
    /// What the message says at its top.
    pub title: String,
    /// The sentence for a notification.
    pub summary: String,
    /// What, a line each.
    pub items: Vec<String>,
    /// Since when and until when.
    pub facts: Vec<Fact>,
    /// What could not be given, with the target's words.
    pub missing: Vec<String>,
    /// True while it is Active.
    pub is_active: bool,
    /// True for the grantee, who alone may see how to connect.
    pub can_connect: bool,
    /// Offers to let it last longer, near its end.
    pub extend: Option<ExtendButton>,
    /// True for whoever may end it.
    pub can_revoke: bool,
}

/// Tells admins that something needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// `AR-1042`.
    pub id: String,
    /// What is wrong and what to do.
    pub summary: String,
    /// What, a line each.
    pub items: Vec<String>,
    /// Who and since when.
    pub facts: Vec<Fact>,
    /// True until it is over.
    pub is_raised: bool,
}

/// Tells admins what is about no request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdminNote {
    /// What the message says at its top.
    pub title: String,
    /// What happened and what to do.
    pub summary: String,
    /// Who or what it is about.
    pub facts: Vec<Fact>,
}

/// One message about a request, or to admins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Card {
    /// See [`Ask`].
    Ask(Ask),
    /// See [`Status`].
    Status(Status),
    /// See [`Active`].
    Active(Active),
    /// See [`EndsSoon`].
    EndsSoon(EndsSoon),
    /// See [`Ended`].
    Ended(Ended),
    /// See [`Alarm`].
    Alarm(Alarm),
    /// See [`AdminNote`].
    AdminNote(AdminNote),
}

impl Card {
    /// The template that lays it out.
    pub fn template(&self) -> &'static str {
        match self {
            Self::Ask(_) => "ask",
            Self::Status(_) => "status",
            Self::Active(_) => "active",
            Self::EndsSoon(_) => "ends_soon",
            Self::Ended(_) => "ended",
            Self::Alarm(_) => "alarm",
            Self::AdminNote(_) => "admin_note",
        }
    }

    /// The sentence for a notification.
    pub fn summary(&self) -> &str {
        match self {
            Self::Ask(Ask { summary, .. })
            | Self::Status(Status { summary, .. })
            | Self::Active(Active { summary, .. })
            | Self::EndsSoon(EndsSoon { summary, .. })
            | Self::Ended(Ended { summary, .. })
            | Self::Alarm(Alarm { summary, .. })
            | Self::AdminNote(AdminNote { summary, .. }) => summary,
        }
    }

    /// The number of the request that it is about, where it is about one.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Ask(Ask { id, .. })
            | Self::Status(Status { id, .. })
            | Self::Active(Active { id, .. })
            | Self::EndsSoon(EndsSoon { id, .. })
            | Self::Ended(Ended { id, .. })
            | Self::Alarm(Alarm { id, .. }) => Some(id),
            Self::AdminNote(_) => None,
        }
    }

    /// What it is about, a line each.
    pub fn items(&self) -> &[String] {
        match self {
            Self::Ask(Ask { items, .. })
            | Self::Status(Status { items, .. })
            | Self::Active(Active { items, .. })
            | Self::EndsSoon(EndsSoon { items, .. })
            | Self::Ended(Ended { items, .. })
            | Self::Alarm(Alarm { items, .. }) => items,
            Self::AdminNote(_) => &[],
        }
    }
}

/// The message that asks `viewer`, or a channel, to decide.
pub fn ask(voice: Voice<'_>, record: &Record, viewer: Option<&PersonId>) -> Ask {
    let is_pending = matches!(record.state, State::PendingApproval { .. });
    let open = Ballot::of(&record.asked, approvals_so_far(&record.state), voice.policy).open();
    // A channel's buttons are for whoever of its readers may; a person's only while it is their turn.
    let is_open = is_pending && viewer.map_or(!open.is_empty(), |viewer| open.contains(viewer));
    let who = words::who(voice, record);
    Ask {
        id: record.asked.id.to_string(),
        mark: mark(&record.state).to_owned(),
        summary: match is_pending {
            true => voice.say("ask-summary", [("who", who.into()), ("id", id(record))]),
            false => voice.say(
                "ask-summary-decided",
                [("id", id(record)), ("outcome", words::decided(voice, record).into())],
            ),
        },
        facts: ask_facts(voice, record),
        items: words::items(voice, &record.left().items),
        justification: words::quoted(voice, &record.asked.justification),
        why_you: why_asked(voice, record, viewer),
        is_open,
        deciders: if is_pending { open.into_iter().collect() } else { Vec::new() },
        outcome: words::decided(voice, record),
        reason: decider_reason(record).map(|reason| words::quoted(voice, reason)),
    }
}

fn id(record: &Record) -> Value<'static> {
    record.asked.id.to_string().into()
}

fn ask_facts(voice: Voice<'_>, record: &Record) -> Vec<Fact> {
    let flow = voice.policy.flow(&record.asked.flow);
    let mut facts = vec![
        Fact::text(&voice.say("fact-from", []), words::name(voice, &record.asked.requester)),
        Fact::text(&voice.say("fact-for", []), words::name(voice, &record.asked.grantee)),
    ];
    facts.extend(narrowing::facts(voice, record));
    if let Some(flow) = flow {
        facts.push(Fact::text(&voice.say("fact-flow", []), one_line(&flow.name, NAME_CHARS)));
    }
    facts.extend(tickets::fact(voice, record));
    if let State::PendingApproval { closes_at, .. } = &record.state {
        facts.push(Fact::time(&voice.say("fact-open-until", []), *closes_at));
    }
    facts.extend(decided_at(voice, record));
    facts
}

fn decided_at(voice: Voice<'_>, record: &Record) -> Option<Fact> {
    let last = record.decisions.last()?;
    let label = if last.is_approval { "fact-approved" } else { "fact-rejected" };
    Some(Fact::time(&voice.say(label, []), last.at))
}

fn why_asked(voice: Voice<'_>, record: &Record, viewer: Option<&PersonId>) -> String {
    let plan = words::plan(voice, &record.asked.plan);
    match viewer {
        Some(_) => voice.say("ask-why-you", [("plan", plan.into())]),
        None => voice.say("ask-why-channel", [("plan", plan.into())]),
    }
}

/// The words of whoever decided last.
fn decider_reason(record: &Record) -> Option<&str> {
    let reason = record.decisions.last().and_then(|decision| decision.reason.as_deref());
    reason.filter(|reason| !reason.trim().is_empty())
}

/// Somebody's words about how a request stands, whole.
pub fn whole_reason(record: &Record) -> Option<&str> {
    words::end_reason(&record.state).or_else(|| decider_reason(record))
}

/// The living message to requester and grantee.
pub fn status(voice: Voice<'_>, record: &Record, viewer: &PersonId) -> Status {
    let status = statuses::of_state(voice, &record.state);
    let standing = words::standing(voice, record);
    let is_requester = *viewer == record.asked.requester;
    Status {
        id: record.asked.id.to_string(),
        mark: mark(&record.state).to_owned(),
        summary: voice.say(
            "status-summary",
            [
                ("id", id(record)),
                ("status", status.as_str().into()),
                ("standing", standing.as_str().into()),
            ],
        ),
        status,
        standing,
        facts: status_facts(voice, record),
        items: words::items(voice, &record.left().items),
        justification: words::quoted(voice, &record.asked.justification),
        reason: whole_reason(record).map(|reason| words::quoted(voice, reason)),
        can_cancel: is_requester
            && matches!(record.state, State::PendingMfa { .. } | State::PendingApproval { .. }),
        can_revoke: is_theirs(voice.policy, viewer, &record.asked)
            && matches!(record.state, State::Active { .. }),
    }
}

fn status_facts(voice: Voice<'_>, record: &Record) -> Vec<Fact> {
    let mut facts =
        vec![Fact::text(&voice.say("fact-for", []), words::name(voice, &record.asked.grantee))];
    if record.asked.requester != record.asked.grantee {
        facts.push(Fact::text(
            &voice.say("fact-from", []),
            words::name(voice, &record.asked.requester),
        ));
    }
    match &record.state {
        State::Active { since, until, .. } => {
            facts.push(Fact::time(&voice.say("fact-since", []), *since));
            facts.push(Fact::time(&voice.say("fact-until", []), *until));
            facts.extend(narrowing::less(voice, record));
        }
        _ => facts.extend(narrowing::facts(voice, record)),
    }
    facts.extend(tickets::fact(voice, record));
    if let Some(at) = record.ended_at {
        facts.push(Fact::time(&voice.say("fact-ended", []), at));
    }
    facts
}

/// A mark for a status; it never stands alone.
pub fn mark(state: &State) -> &'static str {
    match state {
        State::PendingMfa { .. } | State::PendingApproval { .. } => "⏳",
        State::Granting { .. } | State::Revoking { .. } => "🔄",
        State::Active { .. } => "✅",
        State::Rejected { .. } => "🚫",
        State::Expired { .. } => "⌛",
        State::Revoked { .. } | State::Cancelled { .. } => "⏹️",
        State::Failed { .. } => "⚠️",
    }
}

/// The message that the access is there.
pub fn active(voice: Voice<'_>, record: &Record, viewer: &PersonId) -> Active {
    let is_active = matches!(record.state, State::Active { .. });
    let (mut facts, missing) = match &record.state {
        State::Active { since, until, missing, .. } => (
            vec![
                Fact::time(&voice.say("fact-since", []), *since),
                Fact::time(&voice.say("fact-until", []), *until),
            ],
            missing_lines(voice, missing),
        ),
        _ => {
            let since = record.active_at.map(|at| Fact::time(&voice.say("fact-since", []), at));
            (
                since
                    .into_iter()
                    .chain(record.ended_at.map(|at| Fact::time(&voice.say("fact-ended", []), at)))
                    .collect(),
                Vec::new(),
            )
        }
    };
    facts.extend(narrowing::less(voice, record));
    let title = active_title(voice, record);
    Active {
        id: record.asked.id.to_string(),
        summary: match is_active {
            true => voice.say("active-summary", [("id", id(record))]),
            false => voice.say(
                "active-summary-over",
                [
                    ("id", id(record)),
                    ("title", title.as_str().into()),
                    ("status", statuses::of_state(voice, &record.state).into()),
                ],
            ),
        },
        title,
        items: words::items(voice, &record.left().items),
        facts,
        missing,
        is_active,
        can_connect: is_active && *viewer == record.asked.grantee,
        extend: super::ending::extend_button(voice, record, viewer),
        can_revoke: is_active && is_theirs(voice.policy, viewer, &record.asked),
    }
}

/// What a target confirmed, and no more (R4).
fn active_title(voice: Voice<'_>, record: &Record) -> String {
    let key = match &record.state {
        State::Active { .. } => "active-title",
        State::Revoking { .. } => "active-title-revoking",
        _ => "active-title-ended",
    };
    voice.say(key, [])
}

/// What could not be given, with the target's words; the first ones where it is many.
fn missing_lines(voice: Voice<'_>, missing: &[Missing]) -> Vec<String> {
    let line = |one: &Missing| {
        let why = words::fault(voice, &one.why, NAME_CHARS);
        let item = words::item(voice, &one.item);
        voice.say("missing", [("item", item.into()), ("why", why.into())])
    };
    let mut lines: Vec<String> = missing.iter().take(LISTED_ITEMS).map(line).collect();
    if let Some(more) = missing.len().checked_sub(LISTED_ITEMS).filter(|more| *more > 0) {
        lines.push(voice.say("missing-more", [("count", more.into())]));
    }
    lines
}

/// The alarm that access which should be gone is still there.
pub fn still_there(voice: Voice<'_>, record: &Record) -> Alarm {
    let is_raised = matches!(record.state, State::Revoking { .. });
    let key = if is_raised { "alarm-still-there" } else { "alarm-gone" };
    alarm(voice, record, key, is_raised)
}

/// The alarm that nobody can approve.
pub fn nobody_can_approve(voice: Voice<'_>, record: &Record) -> Alarm {
    let is_raised = matches!(record.state, State::PendingApproval { .. });
    let key = if is_raised { "alarm-nobody" } else { "alarm-waits-no-longer" };
    alarm(voice, record, key, is_raised)
}

/// The alarm that a target refuses to move the end of access.
pub fn end_stays(voice: Voice<'_>, record: &Record) -> Alarm {
    let is_raised = matches!(record.state, State::Active { .. });
    let key = if is_raised { "alarm-end-stays" } else { "alarm-ended" };
    alarm(voice, record, key, is_raised)
}

fn alarm(voice: Voice<'_>, record: &Record, key: &str, is_raised: bool) -> Alarm {
    let mut facts = vec![
        Fact::text(&voice.say("fact-for", []), words::name(voice, &record.asked.grantee)),
        Fact::text(&voice.say("fact-status", []), statuses::of_state(voice, &record.state)),
    ];
    if let State::Revoking { since, .. } = &record.state {
        facts.push(Fact::time(&voice.say("fact-since", []), *since));
    }
    if let State::Active { until, .. } = &record.state {
        facts.push(Fact::time(&voice.say("fact-until", []), *until));
    }
    Alarm {
        id: record.asked.id.to_string(),
        summary: voice.say(key, [("id", id(record))]),
        items: words::items(voice, &record.left().items),
        facts,
        is_raised,
    }
}

/// The word that a second account for a person was refused.
pub fn second_account(voice: Voice<'_>, account: &Account, person: &PersonId) -> AdminNote {
    let name = words::name(voice, person);
    let fact = |key: &str, text: String| Fact::text(&voice.say(key, []), text);
    AdminNote {
        title: voice.say("second-account-title", []),
        summary: voice.say("second-account", [("name", name.as_str().into())]),
        facts: vec![
            fact("second-account-person", name),
            fact("second-account-account", super::limits::one_line(&account.user, 60)),
            fact("second-account-workspace", super::limits::one_line(&account.workspace, 60)),
        ],
    }
}

/// The word that somebody cannot be reached in any way.
pub fn unreachable(voice: Voice<'_>, person: &PersonId) -> AdminNote {
    let name = words::name(voice, person);
    AdminNote {
        title: voice.say("unreachable-title", []),
        summary: voice.say("unreachable", [("name", name.as_str().into())]),
        facts: vec![Fact::text(&voice.say("second-account-person", []), name)],
    }
}

/// The word that mail does not go out.
pub fn mail_down(voice: Voice<'_>) -> AdminNote {
    AdminNote {
        title: voice.say("mail-down-title", []),
        summary: voice.say("mail-down", []),
        facts: Vec::new(),
    }
}

/// The word to admins that too many wrong codes were typed to sign in as somebody.
pub fn sign_in_closed(voice: Voice<'_>, person: &PersonId, is_own: bool) -> AdminNote {
    closed(voice, person, "sign-in-closed", is_own)
}

/// The same word to the person whom the codes were for.
pub fn your_sign_in_closed(voice: Voice<'_>, person: &PersonId, is_own: bool) -> AdminNote {
    closed(voice, person, "sign-in-closed-yours", is_own)
}

fn closed(voice: Voice<'_>, person: &PersonId, key: &str, is_own: bool) -> AdminNote {
    let name = words::name(voice, person);
    let room = if is_own { "own" } else { "open" };
    AdminNote {
        title: voice.say("sign-in-closed-title", []),
        summary: voice.say(key, [("name", name.as_str().into()), ("room", room.into())]),
        facts: vec![Fact::text(&voice.say("second-account-person", []), name)],
    }
}
