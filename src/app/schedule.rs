//! What time alone does: pending requests close, access ends, slow work raises its alarm.
//!
//! Reads what is due by the clock and makes it so. Nothing here knows whether the appointment was
//! kept on time or is overdue after a crash: the two are the same.
use super::draft::KEEP_DRAFTS;
use super::effects::{apply, cause};
use super::job::{CardKind, Job};
use super::{ActError, App};
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::id::RequestId;
use crate::domain::request::{Alarm, Effect, State};
use chrono::{DateTime, TimeDelta, Utc};

/// Most requests moved in one round; the next begins at once while there are more.
const ROUND: i64 = 500;
/// Requests moved in one commit: fewer waits for the disk, no long lock.
const CHUNK: usize = 50;
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
            let progressed = self.run_these(&due).await?;
            moved += progressed;
            if progressed == 0 {
                break;
            }
        }
        Ok(moved)
    }

    /// Moves on the requests among these that are due, all in one commit, or each in its own where
    /// one of them cannot be moved.
    async fn run_these(&self, due: &[RequestId]) -> Result<usize, ActError> {
        let mut progressed = 0;
        for chunk in due.chunks(CHUNK) {
            match self.retried(|| self.run_chunk(chunk)).await {
                // What is moved is worked on while the rest is moved.
                Ok(moved) => {
                    progressed += moved;
                    self.ring();
                }
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "moving due requests one by one"
                    );
                    for id in chunk {
                        progressed += self.run_alone(*id).await;
                    }
                }
            }
        }
        Ok(progressed)
    }

    async fn run_alone(&self, id: RequestId) -> usize {
        self.run_chunk(&[id]).await.unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, request.id = %id, "a due request cannot be moved");
            0
        })
    }

    async fn run_chunk(&self, due: &[RequestId]) -> Result<usize, ActError> {
        let now = self.now();
        // Always locked in the order of their numbers, so that two instances cannot block each other.
        let mut due = due.to_vec();
        due.sort();
        let policy = self.policy();
        let mut tx = self.store().begin().await?;
        let mut moved = 0;
        for id in due {
            let Some(record) = tx.lock_request(id).await? else { continue };
            let Some(event) = record.state.due(now) else { continue };
            apply(&mut tx, &policy, &record, event, now).await?;
            moved += 1;
        }
        tx.commit().await?;
        Ok(moved)
    }

    /// Queues the work of whatever is on its way and has none; how much that was.
    pub async fn requeue_stuck(&self) -> Result<usize, ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        let stuck = tx.stuck_entitlements(now - STUCK_AFTER, ROUND).await?;
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

    /// Tells the admins of pending requests that nobody can approve any more (R27); how many those
    /// are. Approvers leave and policies change without touching the requests.
    pub async fn alarm_undecidable(&self) -> Result<usize, ActError> {
        let snapshot = self.policy();
        let pending = self.store().read().await?.pending_requests(None, ROUND).await?;
        let mut alarmed = 0;
        for record in pending {
            let so_far = approvals_so_far(&record.state);
            if Ballot::of(&record.asked, so_far, &snapshot.policy).can_complete() {
                continue;
            }
            let mut tx = self.store().begin().await?;
            let Some(record) = tx.lock_request(record.asked.id).await? else { continue };
            let kind = CardKind::NobodyCanApprove.word();
            let is_known = tx.cards_of(record.asked.id).await?.iter().any(|card| card.kind == kind);
            if is_known || !matches!(record.state, State::PendingApproval { .. }) {
                continue;
            }
            let alarm = vec![Effect::Alarm(Alarm::NobodyCanApprove)];
            cause(&mut tx, &snapshot, &record, alarm, self.now()).await?;
            tx.commit().await?;
            alarmed += 1;
        }
        Ok(alarmed)
    }

    /// When time alone next moves a request on.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, ActError> {
        Ok(self.store().read().await?.next_due().await?)
    }
}
