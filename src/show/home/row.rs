//! One request as a row of a list: what it is about, where it stands, and what the reader can do.
use super::super::{When, cards, limits, words};
use crate::domain::id::PersonId;
use crate::domain::listing::List;
use crate::domain::policy::Policy;
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
    fn new(label: &str, at: DateTime<Utc>) -> Self {
        Self { label: label.to_owned(), when: at.into() }
    }
}

/// A request as a row of `list`, read by `viewer`.
pub(super) fn row(policy: &Policy, viewer: &PersonId, list: List, record: &Record) -> Row {
    let id = record.asked.id;
    let is_requester = *viewer == record.asked.requester;
    let is_active = matches!(record.state, State::Active { .. });
    let is_pending =
        matches!(record.state, State::PendingMfa { .. } | State::PendingApproval { .. });
    Row {
        id: id.to_string(),
        block: format!("{}-{id}", list.word()),
        title: format!("{} {}", cards::mark(&record.state), what(policy, record)),
        line: line(policy, viewer, record),
        fact: fact(record),
        can_decide: list == List::Waiting,
        can_cancel: list != List::Waiting && is_requester && is_pending,
        can_revoke: is_requester && is_active,
        can_connect: is_active && *viewer == record.asked.grantee,
    }
}

/// The first thing that was asked for, and how many more.
fn what(policy: &Policy, record: &Record) -> String {
    let first = record.asked.items.first().map(|item| words::item(policy, item));
    let first = limits::shorten(&first.unwrap_or_default(), WHAT_CHARS);
    match record.asked.items.len() {
        0 | 1 => first,
        count => format!("{first} and {} more", super::number(count - 1)),
    }
}

fn line(policy: &Policy, viewer: &PersonId, record: &Record) -> String {
    let (id, status) = (record.asked.id, record.state.label());
    let is_only_theirs = record.asked.requester == *viewer && record.asked.grantee == *viewer;
    if is_only_theirs {
        return format!("{id} · {status}");
    }
    format!("{id} · {status} · {}", words::who(policy, record))
}

fn fact(record: &Record) -> RowTime {
    match &record.state {
        State::Active { until, .. } => RowTime::new("until", *until),
        State::PendingMfa { closes_at } | State::PendingApproval { closes_at, .. } => {
            RowTime::new("open until", *closes_at)
        }
        State::Granting { since, .. } | State::Revoking { since, .. } => {
            RowTime::new("since", *since)
        }
        State::Rejected { at, .. }
        | State::Expired { at }
        | State::Revoked { at, .. }
        | State::Cancelled { at, .. }
        | State::Failed { at, .. } => RowTime::new("ended", *at),
    }
}
