//! Doing what the transactions caused: messages, targets, and what time alone moves on.
//!
//! Work lives in the database and is claimed with a lease, so any number of instances share it and
//! one that dies loses nothing. Each target has a lane of its own: a slow one delays only itself.
mod backoff;
mod messages;
mod pace;
mod targets;

use crate::app::App;
use crate::app::job::{Job, MESSAGES, target_lane};
use crate::chat::Messenger;
use crate::connect::Connector;
use crate::domain::id::IntegrationId;
use crate::store::outbox::Claim;
use futures_util::stream::{self, StreamExt};
use pace::Pace;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Jobs of one lane in flight at once.
const IN_FLIGHT: usize = 8;
/// Longest sleep between looks at the database, when no bell rings: another instance may have
/// queued something.
const POLL: Duration = Duration::from_secs(1);
/// How often lost work is looked for.
const SWEEP: Duration = Duration::from_secs(20);
/// How often connectors are asked what they have.
const LIST_EVERY: Duration = Duration::from_secs(600);
/// Longest wait for a connector's list.
const LIST_PATIENCE: Duration = Duration::from_secs(60);

/// Everything that works on the outbox and the schedule.
pub struct Worker {
    app: App,
    messengers: Vec<Arc<dyn Messenger>>,
    connectors: BTreeMap<IntegrationId, Arc<dyn Connector>>,
    pace: Pace,
}

impl Worker {
    /// A worker that speaks through these messengers and reaches these targets.
    pub fn new(
        app: App,
        messengers: Vec<Arc<dyn Messenger>>,
        connectors: BTreeMap<IntegrationId, Arc<dyn Connector>>,
    ) -> Self {
        Self { app, messengers, connectors, pace: Pace::default() }
    }

    /// Works until `stop`; what is in flight then finishes on `tasks`.
    pub fn start(self: Arc<Self>, stop: &CancellationToken, tasks: &TaskTracker) {
        for lane in self.lanes() {
            let worker = Arc::clone(&self);
            let (stop, in_flight) = (stop.clone(), tasks.clone());
            tasks.spawn(async move { worker.run_lane(&lane, &stop, &in_flight).await });
        }
        let worker = Arc::clone(&self);
        let stopped = stop.clone();
        tasks.spawn(async move { worker.run_schedule(&stopped).await });
        let stopped = stop.clone();
        tasks.spawn(async move { self.run_listing(&stopped).await });
    }

    /// Does everything that is due now, and what that causes, until nothing is; how many jobs ran.
    ///
    /// For tests and scripts that pass time themselves.
    pub async fn drain(&self) -> usize {
        let mut ran = 0;
        loop {
            let mut round = self.moved_by_time().await;
            for lane in self.lanes() {
                let claims = self.claim(&lane, IN_FLIGHT).await;
                round += claims.len();
                stream::iter(claims)
                    .for_each_concurrent(IN_FLIGHT, |claim| async move { self.run(claim).await })
                    .await;
            }
            if round == 0 {
                return ran;
            }
            ran += round;
        }
    }

    /// Asks every connector what it has, once.
    pub async fn list_all(&self) {
        for (integration, connector) in &self.connectors {
            match tokio::time::timeout(LIST_PATIENCE, connector.list()).await {
                Ok(Ok(resources)) => {
                    if let Err(error) = self.app.take_listed(integration, &resources).await {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(error, %integration, "keeping what a connector listed");
                    }
                }
                Ok(Err(fault)) => {
                    tracing::warn!(%integration, fault = %fault, "a connector cannot list");
                }
                Err(_) => tracing::warn!(%integration, "a connector takes too long to list"),
            }
        }
    }

    fn lanes(&self) -> Vec<String> {
        std::iter::once(MESSAGES.to_owned())
            .chain(self.connectors.keys().map(target_lane))
            .collect()
    }

    async fn run_lane(self: Arc<Self>, lane: &str, stop: &CancellationToken, tasks: &TaskTracker) {
        let slots = Arc::new(Semaphore::new(IN_FLIGHT));
        while !stop.is_cancelled() {
            // Listening begins before looking, so that nothing queued in between is slept over.
            let bell = self.app.bell().notified();
            let claims = self.claim(lane, slots.available_permits()).await;
            if claims.is_empty() {
                tokio::select! {
                    () = bell => {}
                    () = tokio::time::sleep(POLL) => {}
                    () = stop.cancelled() => {}
                }
            }
            for claim in claims {
                let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
                let worker = Arc::clone(&self);
                tasks.spawn(async move {
                    worker.run(claim).await;
                    drop(slot);
                    worker.app.bell().notify_waiters();
                });
            }
        }
    }

    async fn run_schedule(&self, stop: &CancellationToken) {
        let mut sweep = tokio::time::interval(SWEEP);
        while !stop.is_cancelled() {
            self.moved_by_time().await;
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                _ = sweep.tick() => {
                    if let Err(error) = self.app.requeue_stuck().await {
                        tracing::error!(error = &error as &dyn std::error::Error, "looking for lost work");
                    }
                }
                () = stop.cancelled() => {}
            }
        }
    }

    async fn run_listing(&self, stop: &CancellationToken) {
        let mut again = tokio::time::interval(LIST_EVERY);
        loop {
            tokio::select! {
                _ = again.tick() => self.list_all().await,
                () = stop.cancelled() => return,
            }
        }
    }

    async fn moved_by_time(&self) -> usize {
        self.app.run_due().await.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "moving what is due");
            0
        })
    }

    async fn claim(&self, lane: &str, free: usize) -> Vec<Claim> {
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        if limit == 0 {
            return Vec::new();
        }
        self.app.store().claim(lane, limit, self.app.now()).await.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, lane, "claiming work");
            Vec::new()
        })
    }

    async fn run(&self, claim: Claim) {
        let done = match serde_json::from_str(&claim.job) {
            Ok(Job::Settle { entitlement }) => self.settle(&claim, &entitlement).await,
            Ok(Job::Show(card)) => self.show(&claim, &card).await,
            Err(error) => self.set_aside(&claim, &format!("unreadable job: {error}")).await,
        };
        if let Err(error) = done {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                work = claim.id,
                "work failed"
            );
            self.give_back(&claim).await;
        }
    }

    /// Lets failed work run again soon. Where not even that can be written, the lease runs out.
    async fn give_back(&self, claim: &Claim) {
        let now = self.app.now();
        let at = now + backoff::target(claim.attempts, None);
        let written = async {
            let mut tx = self.app.store().begin().await?;
            tx.again(claim, at, "it failed on our side", now).await?;
            tx.commit().await
        };
        if let Err(error) = written.await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, work = claim.id, "failed work waits until its lease is over");
        }
    }
}
