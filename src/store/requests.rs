//! Requests as rows: `asked`, `state` and `decisions` are the domain's JSON, `version` guards moves, the
//! other columns repeat what is searched for.
use super::db::Row;
use super::{StoreError, Tx, sql, time};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::narrow;
use crate::domain::record::{Decision, Record};
use crate::domain::request::{Asked, State};
use chrono::{DateTime, Utc};

impl Tx {
    /// Reserves `count` numbers; answers them in order.
    pub async fn reserve_numbers(&mut self, count: usize) -> Result<Vec<RequestId>, StoreError> {
        let count = i64::try_from(count).map_err(|_| StoreError::OutOfRange("a count"))?;
        let row = self.conn.row(sql::REQUEST_NUMBERS, &[count.into()]).await?;
        let last = row.ok_or(StoreError::Stale)?.int(0)?;
        Ok((last - count + 1..=last).map(RequestId).collect())
    }

    /// Adds a submission; false when there is one by that id already.
    pub async fn add_submission(
        &mut self,
        id: &str,
        requester: &PersonId,
        grantee: &PersonId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let args = [
            id.into(),
            requester.as_str().into(),
            grantee.as_str().into(),
            now.timestamp_millis().into(),
        ];
        Ok(self.conn.execute(sql::SUBMISSION_ADD, &args).await? == 1)
    }

    /// The requests that a submission became, in order.
    pub async fn requests_in(&mut self, submission: &str) -> Result<Vec<Record>, StoreError> {
        let rows = self.conn.rows(sql::REQUESTS_IN, &[submission.into()]).await?;
        records(&rows)
    }

    /// Adds a request at version 1.
    pub async fn add_request(&mut self, asked: &Asked, state: &State) -> Result<(), StoreError> {
        let times = Times::of(asked, state);
        let (asked_json, state_json) = (json(asked, asked.id)?, json(state, asked.id)?);
        let args = [
            asked.id.0.into(),
            (&asked.submission).into(),
            asked.flow.as_str().into(),
            asked.requester.as_str().into(),
            asked.grantee.as_str().into(),
            (&asked_json).into(),
            (&state_json).into(),
            state.label().into(),
            asked.submitted_at.timestamp_millis().into(),
            times.expires_at.into(),
            times.ended_at.into(),
            times.due_at.into(),
        ];
        self.conn.execute(sql::REQUEST_ADD, &args).await?;
        Ok(())
    }

    /// Reads a request and keeps others from moving it until this transaction ends.
    pub async fn lock_request(&mut self, id: RequestId) -> Result<Option<Record>, StoreError> {
        self.found(sql::REQUEST_LOCK, id).await
    }

    /// Reads a request.
    pub async fn request(&mut self, id: RequestId) -> Result<Option<Record>, StoreError> {
        self.found(sql::REQUEST_GET, id).await
    }

    /// Stores where the request now stands, and the decision that moved it there, where one did.
    ///
    /// # Errors
    ///
    /// [`StoreError::Stale`] when the row is no longer at the record's version.
    pub async fn move_request(
        &mut self,
        from: &Record,
        to: &State,
        decision: Option<&Decision>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let times = Times::of(&from.asked, to);
        let state_json = json(to, from.asked.id)?;
        let decided = |decision| from.decisions.iter().chain([decision]).collect::<Vec<_>>();
        let decisions = decision.map(|made| json(&decided(made), from.asked.id)).transpose()?;
        let args = [
            from.asked.id.0.into(),
            from.version.into(),
            (&state_json).into(),
            to.label().into(),
            now.timestamp_millis().into(),
            times.active_at.into(),
            times.expires_at.into(),
            times.ended_at.into(),
            times.due_at.into(),
            decisions.as_deref().into(),
        ];
        match self.conn.execute(sql::REQUEST_MOVE, &args).await? {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    /// The requests that wait for approvers, newest first, older than `before`.
    pub async fn pending_requests(
        &mut self,
        before: Option<RequestId>,
        limit: i64,
    ) -> Result<Vec<Record>, StoreError> {
        let before = before.map_or(i64::MAX, |id| id.0);
        let rows = self.conn.rows(sql::REQUESTS_PENDING, &[before.into(), limit.into()]).await?;
        records(&rows)
    }

    /// The requests that time alone moves on by `now`, the longest overdue first. A row that cannot
    /// be read keeps no other from its end.
    pub async fn due_requests(
        &mut self,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<Record>, StoreError> {
        let args = [now.timestamp_millis().into(), limit.into()];
        let rows = self.conn.rows(sql::REQUESTS_DUE, &args).await?;
        let read = |row: &Row| {
            record(row)
                .inspect_err(|error| {
                    let error = error as &dyn std::error::Error;
                    tracing::error!(error, "a request that is due cannot be read");
                })
                .ok()
        };
        Ok(rows.iter().filter_map(read).collect())
    }

    /// When time alone next moves a request on.
    pub async fn next_due(&mut self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row = self.conn.row(sql::REQUEST_NEXT_DUE, &[]).await?;
        row.map(|row| row.maybe_int(0)).transpose()?.flatten().map(time).transpose()
    }

    async fn found(
        &mut self,
        statement: &'static str,
        id: RequestId,
    ) -> Result<Option<Record>, StoreError> {
        self.conn.row(statement, &[id.0.into()]).await?.map(|row| record(&row)).transpose()
    }
}

/// The requests in rows of what the statements read of one.
pub(super) fn records(rows: &[Row]) -> Result<Vec<Record>, StoreError> {
    rows.iter().map(record).collect()
}

pub(super) fn record(row: &Row) -> Result<Record, StoreError> {
    let id = RequestId(row.int(6)?);
    let unreadable = |source| StoreError::Unreadable { what: id.to_string(), source };
    let maybe_time = |column| row.maybe_int(column)?.map(time).transpose();
    Ok(Record {
        asked: serde_json::from_str(&row.text(0)?).map_err(unreadable)?,
        state: serde_json::from_str(&row.text(1)?).map_err(unreadable)?,
        version: row.int(2)?,
        active_at: maybe_time(3)?,
        expires_at: maybe_time(4)?,
        ended_at: maybe_time(5)?,
        decisions: serde_json::from_str(&row.text(7)?).map_err(unreadable)?,
    })
}

fn json<T: serde::Serialize>(value: &T, id: RequestId) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|source| StoreError::Unreadable { what: id.to_string(), source })
}

/// The times that a state means, in epoch milliseconds.
struct Times {
    active_at: Option<i64>,
    expires_at: Option<i64>,
    ended_at: Option<i64>,
    due_at: Option<i64>,
}

impl Times {
    fn of(asked: &Asked, state: &State) -> Self {
        let millis = |at: &DateTime<Utc>| at.timestamp_millis();
        let (active_at, expires_at, ended_at) = match state {
            State::PendingMfa { .. } | State::PendingApproval { .. } | State::Revoking { .. } => {
                (None, None, None)
            }
            // Committed before any connector is called; Active sets the later, exact time.
            State::Granting { since, approvals } => {
                let left = narrow::left(asked, approvals.iter().map(|yes| &yes.narrowing));
                (None, Some(millis(&(*since + left.duration))), None)
            }
            State::Active { since, until, .. } => (Some(millis(since)), Some(millis(until)), None),
            State::Rejected { at, .. }
            | State::Expired { at }
            | State::Revoked { at, .. }
            | State::Cancelled { at, .. }
            | State::Failed { at, .. } => (None, None, Some(millis(at))),
        };
        let due_at = state.next_by_time().map(|(at, _)| at.timestamp_millis());
        Self { active_at, expires_at, ended_at, due_at }
    }
}
