//! What time alone does: pending requests close, access ends, slow work raises its alarm.
//!
//! Reads what is due by the clock and makes it so. Nothing here knows whether the appointment was
//! kept on time or is overdue after a crash: the two are the same.
use super::draft::KEEP_DRAFTS;
use super::effects::apply;
use super::job::Job;
use super::{ActError, App};
use crate::domain::id::RequestId;
use crate::domain::record::Record;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt};

/// Most requests moved in one round; the next begins at once while there are more.
const ROUND: i64 = 500;
/// Requests moved in one commit: fewer waits for the disk, no long lock.
const CHUNK: usize = 50;
/// Commits in flight at once: they wait for each other only at the end of the audit's chain.
const CHUNKS_AT_ONCE: usize = 4;
/// How long a request may be on its way with no work queued before the work is queued again.
const STUCK_AFTER: TimeDelta = TimeDelta::seconds(20);
/// How long a repeat of what a platform sent is recognised: Slack retries for an hour.
const REMEMBER_INBOUND: TimeDelta = TimeDelta::days(2);

impl App {
    /// Moves on everything that is due, the longest overdue first; how many requests moved.
    pub async fn run_due(&self) -> Result<usize, ActError> {
        let mut moved = 0;
        loop {
            let due = self.store().read().await?.due_requests(self.now(), ROUND).await?;
            let progressed = self.run_these(&due).await;
            moved += progressed;
            if progressed == 0 {
                break;
            }
        }
        Ok(moved)
    }

    /// Moves on these requests, some at a time; what is moved is worked on while the rest is moved.
    async fn run_these(&self, due: &[Record]) -> usize {
        let chunks: Vec<_> = due.chunks(CHUNK).map(|chunk| self.run_chunk(chunk)).collect();
        let moved = stream::iter(chunks).buffer_unordered(CHUNKS_AT_ONCE);
        moved.collect::<Vec<usize>>().await.iter().sum()
    }

    /// Moves on the requests among these that are due, all in one commit, or each in its own where
    /// one of them cannot be moved, or was moved meanwhile.
    async fn run_chunk(&self, due: &[Record]) -> usize {
        let mut progressed = 0;
        match self.retried(|| self.run_together(due)).await {
            Ok(moved) => progressed += moved,
            Err(error) => {
                tracing::info!(
                    error = &error as &dyn std::error::Error,
                    "moving due requests one by one"
                );
                for record in due {
                    progressed += self.run_alone(record.asked.id).await;
                }
            }
        }
        self.ring();
        progressed
    }

    async fn run_alone(&self, id: RequestId) -> usize {
        let moved = self.retried(|| self.try_to_run(id)).await;
        moved.map(usize::from).unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, request.id = %id, "a due request cannot be moved");
            0
        })
    }

    /// Moves on requests as they were read: each move fails where somebody else came first.
    async fn run_together(&self, due: &[Record]) -> Result<usize, ActError> {
        let now = self.now();
        let policy = self.policy();
        let mut due: Vec<_> =
            due.iter().filter_map(|record| Some((record, record.state.due(now)?))).collect();
        // Always written in the order of their numbers, so that two instances cannot block each other.
        due.sort_by_key(|(record, _)| record.asked.id);
        let ids: Vec<RequestId> = due.iter().map(|(record, _)| record.asked.id).collect();
        let mut tx = self.store().begin().await?;
        tx.read_cards_ahead(&ids).await?;
        for (record, event) in due {
            apply(&mut tx, &policy, record, event, now).await?;
        }
        tx.commit().await?;
        Ok(ids.len())
    }

    /// Moves a request on that nobody else can move meanwhile; whether it was due.
    async fn try_to_run(&self, id: RequestId) -> Result<bool, ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        let Some(record) = tx.lock_request(id).await? else { return Ok(false) };
        let Some(event) = record.state.due(now) else { return Ok(false) };
        apply(&mut tx, &self.policy(), &record, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Queues the work of whatever is on its way and has none; how much that was.
    pub async fn requeue_stuck(&self) -> Result<usize, ActError> {
        let now = self.now();
        let stuck = self.store().read().await?.stuck_entitlements(now - STUCK_AFTER, ROUND).await?;
        let mut tx = self.store().begin().await?;
        for entitlement in &stuck {
            tx.queue(Job::Settle { entitlement: entitlement.clone() }.ending(), now);
        }
        tx.forget_inbound(now - REMEMBER_INBOUND).await?;
        tx.forget_drafts(now - KEEP_DRAFTS).await?;
        tx.commit().await?;
        if !stuck.is_empty() {
            self.ring();
        }
        Ok(stuck.len())
    }

    /// When time alone next moves a request on.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, ActError> {
        Ok(self.store().read().await?.next_due().await?)
    }
}
