//! Lists of requests, a page at a time, each read from an index of its own.
//!
//! Numbers grow with time, so that newest first is highest number first, and a page is what lies
//! below a number.
use super::db::Arg;
use super::requests::records;
use super::{StoreError, Tx, sql};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::listing::Start;
use crate::domain::record::Record;
use crate::domain::status::Status;
use std::collections::{BTreeMap, BTreeSet};

/// A list of somebody's.
#[derive(Debug, Clone, Copy)]
pub enum Listed<'a> {
    /// What they asked for or receive, at these statuses; none means all.
    Requests(&'a PersonId, &'a BTreeSet<Status>),
    /// What gives them access now.
    Access(&'a PersonId),
    /// What they asked for others, and others for them.
    Delegated(&'a PersonId),
    /// What they starred, the newest star first.
    Favorites(&'a PersonId),
    /// What waits for the decision of a recipient of messages; the words are `app`'s.
    Waiting(&'a str),
}

/// What lies before a place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// How many.
    pub count: usize,
    /// Where the page right before it starts.
    pub start: Start,
}

impl Listed<'_> {
    fn who(&self) -> &str {
        match self {
            Self::Requests(person, _)
            | Self::Access(person)
            | Self::Delegated(person)
            | Self::Favorites(person) => person.as_str(),
            Self::Waiting(recipient) => recipient,
        }
    }

    /// The statuses as the statements take them: `|Active|Failed|`, or nothing for all.
    fn only(&self) -> Option<String> {
        let Self::Requests(_, statuses) = self else { return None };
        let labels: Vec<&str> = statuses.iter().map(|status| status.label()).collect();
        Some(if labels.is_empty() { String::new() } else { format!("|{}|", labels.join("|")) })
    }

    fn page_statement(&self) -> &'static str {
        match self {
            Self::Requests(..) => sql::LIST_REQUESTS,
            Self::Access(_) => sql::LIST_ACCESS,
            Self::Delegated(_) => sql::LIST_DELEGATED,
            Self::Favorites(_) => sql::LIST_FAVORITES,
            Self::Waiting(_) => sql::LIST_WAITING,
        }
    }

    fn ahead_statement(&self) -> &'static str {
        match self {
            Self::Requests(..) => sql::LIST_REQUESTS_AHEAD,
            Self::Access(_) => sql::LIST_ACCESS_AHEAD,
            Self::Delegated(_) => sql::LIST_DELEGATED_AHEAD,
            Self::Favorites(_) => sql::LIST_FAVORITES_AHEAD,
            Self::Waiting(_) => sql::LIST_WAITING_AHEAD,
        }
    }
}

impl Tx {
    /// The newest of a list that are older than `start`, at most `limit`.
    pub async fn list(
        &mut self,
        list: Listed<'_>,
        start: Start,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let below = start.map_or(i64::MAX, |id| id.0);
        let only = list.only();
        let mut args = vec![list.who().into(), below.into(), count(limit).into()];
        args.extend(only.as_deref().map(Arg::Text));
        let rows = self.conn.rows(list.page_statement(), &args).await?;
        records(&rows)
    }

    /// How much of a list is not older than `start`, everything where it is none, and where the page
    /// of `size` right before it starts.
    pub async fn ahead(
        &mut self,
        list: Listed<'_>,
        start: Start,
        size: usize,
    ) -> Result<Ahead, StoreError> {
        let from = start.map_or(i64::MIN, |id| id.0);
        let only = list.only();
        let mut args = vec![list.who().into(), from.into(), count(size).into()];
        args.extend(only.as_deref().map(Arg::Text));
        let row = self.conn.row(list.ahead_statement(), &args).await?;
        let row = row.ok_or(StoreError::OutOfRange("a count"))?;
        Ok(Ahead { count: counted(row.int(0)?)?, start: row.maybe_int(1)?.map(RequestId) })
    }

    /// How many of a person's requests stand at each status that any of them has.
    pub async fn count_requests(
        &mut self,
        person: &PersonId,
    ) -> Result<BTreeMap<Status, usize>, StoreError> {
        let rows = self.conn.rows(sql::REQUEST_COUNTS, &[person.as_str().into()]).await?;
        let mut counts = BTreeMap::new();
        for row in &rows {
            if let Some(status) = Status::of_label(&row.text(0)?) {
                counts.insert(status, counted(row.int(1)?)?);
            }
        }
        Ok(counts)
    }
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn counted(count: i64) -> Result<usize, StoreError> {
    usize::try_from(count).map_err(|_| StoreError::OutOfRange("a count"))
}
