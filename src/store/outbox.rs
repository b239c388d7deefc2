//! Work that a transaction caused, claimed with a lease and run at least once.
//!
//! A row's id names *what* is to be done, so queueing it twice is one row that runs once more
//! (`generation`). Rows of one `thread` run in the order of `seq`; lanes run beside each other.
use super::db::{Arg, Row};
use super::{Store, StoreError, Tx, many, sql, time};
use crate::ids;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// How long a claim holds unless it is renewed. What a dead instance held is freed without it; it is
/// for one that hangs, or whose machine is cut off.
pub const LEASE: TimeDelta = TimeDelta::seconds(15);

/// Work to queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Names what is to be done.
    pub id: String,
    /// Which workers run it.
    pub lane: String,
    /// What it must not overtake.
    pub thread: String,
    /// Its place in the thread.
    pub seq: i64,
    /// The job as JSON.
    pub job: String,
}

/// What a transaction will write to the outbox when it commits, by the ids of the work. One that
/// settles two claims of the same work looks at both: one of them was lost to the other.
#[derive(Debug, Default)]
pub(super) struct Pending {
    queued: BTreeMap<String, (Work, DateTime<Utc>)>,
    done: BTreeMap<(String, i64, String), (Claim, DateTime<Utc>)>,
}

/// Work that this worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Names what is to be done.
    pub id: String,
    /// The job as JSON.
    pub job: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// Since when it waits to be done: queued once more before that, it has failed since.
    pub queued_at: DateTime<Utc>,
    generation: i64,
    holder: String,
}

/// How work is given back.
struct Back<'a> {
    /// When it runs, unless it was queued again meanwhile.
    at: DateTime<Utc>,
    /// What went wrong.
    why: Option<&'a str>,
    /// How often it was tried in vain.
    attempts: i64,
    /// Whether what is left of it was queued after what was done.
    is_anew: bool,
}

/// A queued row as people who look after the service see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Names what is to be done.
    pub id: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it runs next.
    pub run_at: DateTime<Utc>,
    /// True when it was set aside.
    pub is_dead: bool,
    /// Why the last try failed.
    pub error: Option<String>,
}

impl Work {
    fn args(&self, queued_at: i64) -> Vec<Arg<'_>> {
        vec![
            (&self.id).into(),
            (&self.lane).into(),
            (&self.thread).into(),
            self.seq.into(),
            (&self.job).into(),
            queued_at.into(),
        ]
    }
}

impl Store {
    /// Claims due work of a lane, at most `limit`; writes only when there is some. What somebody else
    /// took since it was read is left to them.
    pub async fn claim(
        &self,
        lane: &str,
        limit: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, StoreError> {
        let millis = now.timestamp_millis();
        let args = [lane.into(), millis.into(), limit.into()];
        let due_rows = self.read().await?.conn.rows(sql::OUTBOX_DUE, &args).await?;
        if due_rows.is_empty() {
            return Ok(Vec::new());
        }
        let holder = ids::fresh();
        let mut found = Vec::with_capacity(due_rows.len());
        for row in &due_rows {
            found.push((due(row, &holder)?, row.int(5)?));
        }
        // Rows are always written in the order of their ids, so that two instances cannot block
        // each other.
        found.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        let mut tx = self.begin().await?;
        let lease_until = (now + LEASE).timestamp_millis();
        let mut claims = Vec::with_capacity(found.len());
        for (claim, held_until) in found {
            let args = [
                (&claim.id).into(),
                claim.generation.into(),
                held_until.into(),
                lease_until.into(),
                (&holder).into(),
                self.instance.into(),
            ];
            if tx.conn.execute(sql::OUTBOX_TAKE, &args).await? == 1 {
                claims.push(claim);
            }
        }
        tx.commit().await?;
        Ok(claims)
    }

    /// Holds work for longer; false when it was lost to another worker.
    pub async fn renew(&self, claim: &Claim, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.alone().await?;
        let lease_until = (now + LEASE).timestamp_millis();
        let args = [(&claim.id).into(), (&claim.holder).into(), lease_until.into()];
        let is_ours = tx.conn.execute(sql::OUTBOX_RENEW, &args).await? == 1;
        tx.commit().await?;
        Ok(is_ours)
    }

    /// Gives work back that was not tried, because its turn is at `at`.
    pub async fn not_yet(
        &self,
        claim: &Claim,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.alone().await?;
        let back = Back { at, why: None, attempts: claim.attempts - 1, is_anew: false };
        tx.give_back(claim, back, now).await?;
        tx.commit().await
    }

    /// The lanes that hold work.
    pub async fn lanes(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.read().await?.conn.rows(sql::OUTBOX_LANES, &[]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }
}

impl Tx {
    /// Queues work; what is queued already runs once more.
    pub fn queue(&mut self, work: Work, now: DateTime<Utc>) {
        self.outbox.queued.insert(work.id.clone(), (work, now));
    }

    /// Settles done work: removed, or freed to run once more when it was queued again meanwhile.
    /// The commit fails when the lease was lost to another worker.
    pub fn done(&mut self, claim: &Claim, now: DateTime<Utc>) {
        let key = (claim.id.clone(), claim.generation, claim.holder.clone());
        self.outbox.done.insert(key, (claim.clone(), now));
    }

    /// Writes what this transaction queued and settled, in the order of ids.
    pub(super) async fn write_outbox(&mut self) -> Result<(), StoreError> {
        let Pending { mut queued, done } = std::mem::take(&mut self.outbox);
        for ((id, ..), (claim, at)) in &done {
            let later = queued.split_off(id);
            self.add(&queued).await?;
            self.settle(claim, *at).await?;
            queued = later;
        }
        self.add(&queued).await
    }

    async fn add(
        &mut self,
        queued: &BTreeMap<String, (Work, DateTime<Utc>)>,
    ) -> Result<(), StoreError> {
        let rows: Vec<Vec<Arg<'_>>> =
            queued.values().map(|(work, now)| work.args(now.timestamp_millis())).collect();
        self.conn.add(&many::OUTBOX_ADD, &rows).await
    }

    async fn settle(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<(), StoreError> {
        let args = [(&claim.id).into(), claim.generation.into(), (&claim.holder).into()];
        if self.conn.execute(sql::OUTBOX_DONE, &args).await? == 1 {
            return Ok(());
        }
        let back = Back { at: now, why: None, attempts: 0, is_anew: true };
        match self.give_back(claim, back, now).await? {
            true => Ok(()),
            false => Err(StoreError::Stale),
        }
    }

    /// Gives work back to be tried again at `at`, or at once when it was queued again meanwhile;
    /// false when it was lost to another worker.
    pub async fn again(
        &mut self,
        claim: &Claim,
        at: DateTime<Utc>,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let back = Back { at, why: Some(why), attempts: claim.attempts, is_anew: false };
        self.give_back(claim, back, now).await
    }

    /// Sets work aside that cannot succeed; it stays visible.
    pub async fn dead(&mut self, claim: &Claim, why: &str) -> Result<(), StoreError> {
        let args =
            [(&claim.id).into(), (&claim.holder).into(), why.into(), claim.generation.into()];
        self.conn.execute(sql::OUTBOX_DEAD, &args).await?;
        Ok(())
    }

    /// When a lane's next work is due.
    pub async fn next_run(&mut self, lane: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row = self.conn.row(sql::OUTBOX_NEXT, &[lane.into()]).await?;
        row.map(|row| row.maybe_int(0)).transpose()?.flatten().map(time).transpose()
    }

    /// What is queued, set-aside work last.
    pub async fn queued(&mut self, limit: i64) -> Result<Vec<Queued>, StoreError> {
        let rows = self.conn.rows(sql::OUTBOX_LIST, &[limit.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(Queued {
                    id: row.text(0)?,
                    attempts: row.int(1)?,
                    run_at: time(row.int(2)?)?,
                    is_dead: row.boolean(3)?,
                    error: row.maybe_text(4)?,
                })
            })
            .collect()
    }

    async fn give_back(
        &mut self,
        claim: &Claim,
        back: Back<'_>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let args = [
            (&claim.id).into(),
            (&claim.holder).into(),
            claim.generation.into(),
            back.at.timestamp_millis().into(),
            now.timestamp_millis().into(),
            back.why.into(),
            back.attempts.into(),
            back.is_anew.into(),
        ];
        Ok(self.conn.execute(sql::OUTBOX_AGAIN, &args).await? == 1)
    }
}

fn due(row: &Row, holder: &str) -> Result<Claim, StoreError> {
    Ok(Claim {
        id: row.text(0)?,
        job: row.text(1)?,
        generation: row.int(2)?,
        attempts: row.int(3)? + 1,
        queued_at: time(row.int(4)?)?,
        holder: holder.to_owned(),
    })
}
