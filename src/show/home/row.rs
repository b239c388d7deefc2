//! One request as a row of a list: what it is about, where it stands, and what the reader can do.
use super::super::ending::{ExtendButton, extend_button};
use super::super::{Voice, When, cards, limits, statuses, words};
use crate::domain::id::PersonId;
use crate::domain::listing::List;
use crate::domain::parties::is_theirs;
use crate::domain::record::Record;
use crate::domain::request::State;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Longest words that say what a row is about. A row is read at a glance; its details say all.
const WHAT_CHARS: usize = 160;

/// One request in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// `AR-1042`.
    pub id: String,
    /// Names its buttons among all that the view shows.
    pub block: String,
    /// A mark for the status, and what it is about.
    pub title: String,
    /// Its number, its status and who, where that is somebody else.
    pub line: String,
    /// What happens or happened when.
    pub fact: RowTime,
    /// Offers to decide.
    pub can_decide: bool,
    /// Offers to withdraw it.
    pub can_cancel: bool,
    /// Offers to end it.
    pub can_revoke: bool,
    /// Offers how to connect.
    pub can_connect: bool,
    /// Offers to let it last longer.
    pub extend: Option<ExtendButton>,
    /// Offers to ask for it again.
    pub can_ask_again: bool,
    /// Offers to take its star away.
    pub can_unstar: bool,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    /// In a list.
    List(List),
    /// Among what ended last.
    Closed,
}

impl In {
    /// Its word where a platform carries it for us.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::List(list) => list.word(),
            Self::Closed => "closed",
        }
    }
}

/// A time in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowTime {
    /// `Until`.
    pub label: String,
    /// When.
    pub when: When,
}

impl RowTime {
    fn new(voice: Voice<'_>, label: &str, at: DateTime<Utc>) -> Self {
        Self { label: voice.say(label, []), when: at.into() }
    }
}

/// A request as a row in `place`, read by `viewer`.
pub(super) fn row(voice: Voice<'_>, viewer: &PersonId, place: In, record: &Record) -> Row {
    let id = record.asked.id;
    let is_requester = *viewer == record.asked.requester;
    let is_theirs = is_theirs(voice.policy, viewer, &record.asked);
    let is_active = matches!(record.state, State::Active { .. });
    let is_pending =
        matches!(record.state, State::PendingMfa { .. } | State::PendingApproval { .. });
    let is_waiting = place == In::List(List::Waiting);
    let is_favorite = place == In::List(List::Favorites);
    Row {
        id: id.to_string(),
        block: format!("{}-{id}", place.word()),
        title: title(voice, record),
        line: line(voice, viewer, record),
        fact: fact(voice, record),
        can_decide: is_waiting,
        can_cancel: !is_waiting && !is_favorite && is_requester && is_pending,
        // A favourite is there to be asked for; what it gives now is among the reader's access.
        can_revoke: !is_favorite && is_theirs && is_active,
        can_connect: !is_favorite && is_active && *viewer == record.asked.grantee,
        extend: extend_button(voice, record, viewer).filter(|_| !is_favorite),
        can_ask_again: is_theirs && (is_favorite || record.state.is_final()),
        can_unstar: is_favorite,
    }
}

/// A mark for the status, the first thing that was asked for, and how many more.
fn title(voice: Voice<'_>, record: &Record) -> String {
    let items = record.left().items;
    let first = items.first().map(|item| words::item(voice, item));
    let first = limits::shorten(&first.unwrap_or_default(), WHAT_CHARS);
    let what = match items.len() {
        0 | 1 => first,
        all => voice.say("row-more", [("first", first.into()), ("count", (all - 1).into())]),
    };
    let mark = cards::mark(&record.state);
    voice.say("row-title", [("mark", mark.into()), ("what", what.into())])
}

/// Its number, its status, and who it is about where that is not the reader alone.
fn line(voice: Voice<'_>, viewer: &PersonId, record: &Record) -> String {
    let id = record.asked.id.to_string();
    let status = statuses::of_state(voice, &record.state);
    if record.asked.requester == *viewer && record.asked.grantee == *viewer {
        return voice.say("row-own", [("id", id.into()), ("status", status.into())]);
    }
    let who = words::who(voice, record);
    voice.say("row-others", [("id", id.into()), ("status", status.into()), ("who", who.into())])
}

fn fact(voice: Voice<'_>, record: &Record) -> RowTime {
    match &record.state {
        State::Active { until, .. } => RowTime::new(voice, "row-until", *until),
        State::PendingMfa { closes_at } | State::PendingApproval { closes_at, .. } => {
            RowTime::new(voice, "row-open-until", *closes_at)
        }
        State::Granting { since, .. } | State::Revoking { since, .. } => {
            RowTime::new(voice, "row-since", *since)
        }
        State::Rejected { at, .. }
        | State::Expired { at }
        | State::Revoked { at, .. }
        | State::Cancelled { at, .. }
        | State::Failed { at, .. } => RowTime::new(voice, "row-ended", *at),
    }
}
