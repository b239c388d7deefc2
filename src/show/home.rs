//! The portal: what a person holds, asked for, and is asked to decide, as a model.
use super::{Voice, When, cards, words};
use crate::domain::id::PersonId;
use crate::domain::record::Record;
use crate::domain::request::State;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Rows that each list shows; the message says when there are more.
pub const ROWS: usize = 8;

/// The portal's first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Home {
    /// `Good to see you, Ana.`
    pub greeting: String,
    /// How many requests stand where, as a sentence.
    pub counts: String,
    /// What waits for this person's decision.
    pub waiting: Vec<Row>,
    /// Says that there is more to decide, where there is.
    pub waiting_more: Option<String>,
    /// This person's requests, newest first.
    pub mine: Vec<Row>,
    /// Says that there are more, where there are.
    pub mine_more: Option<String>,
}

/// One request in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// `AR-1042`.
    pub id: String,
    /// Mark, id and status.
    pub title: String,
    /// What, in one line.
    pub what: String,
    /// What happens or happened when.
    pub fact: RowTime,
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

/// The portal of `viewer`.
pub fn home(
    voice: Voice<'_>,
    viewer: &PersonId,
    mine: &[Record],
    waiting: &[Record],
    counts: &[(String, i64)],
) -> Home {
    let count = |status: &str| counts.iter().find(|(s, _)| s == status).map_or(0, |(_, n)| *n);
    let total: i64 = counts.iter().map(|(_, n)| n).sum();
    let rows = |records: &[Record]| -> Vec<Row> {
        records.iter().take(ROWS).map(|record| row(voice, viewer, record)).collect()
    };
    let shown = i64::try_from(mine.len().min(ROWS)).unwrap_or(i64::MAX);
    Home {
        greeting: format!("Good to see you, {}.", words::name(voice, viewer)),
        counts: format!(
            "Active {}   ·   Pending Approval {}   ·   Pending MFA {}",
            count("Active"),
            count("Pending Approval"),
            count("Pending MFA"),
        ),
        waiting: rows(waiting),
        waiting_more: (waiting.len() > ROWS)
            .then(|| format!("The {ROWS} newest are shown; decide these and the next appear.")),
        mine: rows(mine),
        mine_more: (total > shown).then(|| {
            format!(
                "{shown} of your {total} requests are shown. Type /access show AR-… for any other."
            )
        }),
    }
}

fn row(voice: Voice<'_>, viewer: &PersonId, record: &Record) -> Row {
    let id = record.asked.id;
    let first = record.asked.items.first().map(|item| words::item(voice, item));
    let more = match record.asked.items.len() {
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let is_requester = *viewer == record.asked.requester;
    let is_active = matches!(record.state, State::Active { .. });
    Row {
        id: id.to_string(),
        title: format!(
            "{} {id} · {} · {}",
            cards::mark(&record.state),
            record.state.label(),
            words::who(voice, record)
        ),
        what: format!("{}{more}", first.unwrap_or_default()),
        fact: match &record.state {
            State::Active { until, .. } => RowTime::new("Until", *until),
            State::PendingMfa { closes_at } | State::PendingApproval { closes_at, .. } => {
                RowTime::new("Open until", *closes_at)
            }
            _ => RowTime::new("Asked", record.asked.submitted_at),
        },
        can_cancel: is_requester
            && matches!(record.state, State::PendingMfa { .. } | State::PendingApproval { .. }),
        can_revoke: is_requester && is_active,
        can_connect: is_active && *viewer == record.asked.grantee,
    }
}
