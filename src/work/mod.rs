//! Doing what the transactions caused: messages, targets, and what time alone moves on.
//!
//! Work lives in the database and is claimed with a lease, so any number of instances share it and
//! one that dies loses nothing. Each target has a lane of its own: a slow one delays only itself.
mod back;
mod backoff;
mod homes;
mod lane;
mod mail;
mod messages;
mod pace;
mod reach;
mod targets;
mod tell;
mod together;
mod ways;

use crate::app::job::{HOMES, Job, MAIL, MESSAGES, target_lanes};
use crate::app::{ActError, App};
use crate::chat::{Messenger, Post};
use crate::connect::Connector;
use crate::domain::catalog::Entitlement;
use crate::domain::id::{IntegrationId, PersonId, RequestId};
use crate::domain::language::Language;
use crate::store::outbox::Claim;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt};
use lane::{Lane, Running};
use pace::Pace;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use together::Together;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Jobs of one lane in flight at once. A target has two lanes, and connectors take as many calls.
pub const IN_FLIGHT: usize = 4;
/// Transactions at once that write what targets confirmed.
const WRITERS: usize = 4;
/// How often the lease on work in flight is renewed; well within the lease.
pub const RENEW_EVERY: Duration = Duration::from_secs(4);
/// How often we try to write that a target must be looked after again; [`RENEW_EVERY`] apart, that is
/// ten minutes, longer than a database is away for a restart.
const PERSISTENCE: usize = 150;
/// How long a lane waits after the bell, so that work queued together is claimed together: a claim
/// costs as much as the work itself, and nobody notices a fiftieth of a second.
const GATHER: Duration = Duration::from_millis(20);
/// Longest sleep between looks at the database, when no bell rings: another instance may have
/// queued something.
const POLL: Duration = Duration::from_secs(1);
/// How often lost work is looked for.
const SWEEP: Duration = Duration::from_secs(20);
/// How often connectors are asked what they have.
const LIST_EVERY: Duration = Duration::from_secs(600);
/// Longest wait for a connector's list.
const LIST_PATIENCE: Duration = Duration::from_secs(60);

/// Makes the link that leads a person to a request, from a time on.
pub type Link = Arc<dyn Fn(&PersonId, RequestId, DateTime<Utc>) -> String + Send + Sync>;

/// How people are reached by email.
pub struct MailWay {
    /// Sends letters.
    pub post: Post,
    /// How long chat may fail before email takes over.
    pub after: TimeDelta,
    /// Whether everything is said by email as well, beside chat.
    pub beside_chat: bool,
    /// Makes the links in letters.
    pub link: Link,
}

/// Everything that works on the outbox and the schedule.
pub struct Worker {
    app: App,
    messengers: Vec<Arc<dyn Messenger>>,
    mail: Option<MailWay>,
    connectors: BTreeMap<IntegrationId, Arc<dyn Connector>>,
    pace: Pace,
    together: Together,
    language: Language,
}

impl Worker {
    /// A worker that speaks through these messengers and reaches these targets; it writes to
    /// channels, and to whoever's language is not known, in `language`.
    pub fn new(
        app: App,
        messengers: Vec<Arc<dyn Messenger>>,
        connectors: BTreeMap<IntegrationId, Arc<dyn Connector>>,
        language: Language,
    ) -> Self {
        // One database file has one writer: what waits for it is better written by the next.
        let writers = if app.store().is_alone() { 1 } else { WRITERS };
        let (pace, together) = (Pace::default(), Together::new(writers));
        Self { app, messengers, mail: None, connectors, pace, together, language }
    }

    /// The same worker, which also reaches people by email.
    #[must_use]
    pub fn with_mail(self, mail: Option<MailWay>) -> Self {
        Self { mail, ..self }
    }

    /// Works until `stop`; what is in flight then finishes on `tasks`.
    pub fn start(self: Arc<Self>, stop: &CancellationToken, tasks: &TaskTracker) {
        let (stop, all) = (stop.clone(), tasks.clone());
        tasks.spawn(async move {
            // Who is asked, and what is governed by which flow, is not known before.
            tokio::select! {
                () = self.app.catalogue_known() => self.start_all(&stop, &all).await,
                () = stop.cancelled() => {}
            }
        });
    }

    async fn start_all(self: Arc<Self>, stop: &CancellationToken, tasks: &TaskTracker) {
        for lane in self.lanes().await {
            let (worker, stop, in_flight) = (Arc::clone(&self), stop.clone(), tasks.clone());
            tasks.spawn(async move { worker.run_lane(&lane, &stop, &in_flight).await });
        }
        let worker = Arc::clone(&self);
        let stopped = stop.clone();
        tasks.spawn(async move { every(POLL, &stopped, || worker.moved_by_time()).await });
        let worker = Arc::clone(&self);
        let stopped = stop.clone();
        // Beside the schedule: what has many pages to look through holds up no end of a grant.
        tasks.spawn(async move { every(SWEEP, &stopped, || worker.sweep()).await });
        let worker = Arc::clone(&self);
        let stopped = stop.clone();
        tasks.spawn(async move { every(POLL, &stopped, || worker.watch()).await });
        let stopped = stop.clone();
        tasks.spawn(async move { self.run_listing(&stopped).await });
    }

    /// Does everything that is due now, and what that causes, until nothing is; how many jobs ran.
    ///
    /// For tests and scripts that pass time themselves.
    pub async fn drain(&self) -> usize {
        let mut ran = 0;
        self.take_over().await;
        loop {
            let mut round = self.moved_by_time().await;
            for lane in self.lanes().await {
                round += self.drain_lane(&lane).await;
            }
            if round == 0 {
                return ran;
            }
            ran += round;
        }
    }

    /// Does one handful of what is due in a lane; how many jobs that was.
    pub async fn drain_lane(&self, lane: &str) -> usize {
        let claims = self.claim(lane, IN_FLIGHT).await;
        let count = claims.len();
        stream::iter(claims)
            .for_each_concurrent(IN_FLIGHT, |claim| async move { self.run(claim).await })
            .await;
        count
    }

    /// Asks every connector what it has, once.
    pub async fn list_all(&self) {
        for (integration, connector) in &self.connectors {
            match tokio::time::timeout(LIST_PATIENCE, connector.list()).await {
                Ok(Ok(resources)) => {
                    if let Err(error) = self.app.take_listed(integration, resources).await {
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

    /// Every lane there is: of what is configured, and of what still holds work though it no longer
    /// is, so that nothing lies forgotten.
    async fn lanes(&self) -> BTreeSet<String> {
        let left = self.app.store().lanes().await.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "looking for lanes");
            Vec::new()
        });
        let configured = self.connectors.keys().flat_map(target_lanes);
        let said = [MESSAGES, HOMES].into_iter().chain(self.mail.is_some().then_some(MAIL));
        said.map(str::to_owned).chain(configured).chain(left).collect()
    }

    async fn run_lane(self: Arc<Self>, lane: &str, stop: &CancellationToken, tasks: &TaskTracker) {
        let lane = Lane::new(lane);
        while !stop.is_cancelled() {
            // Listening begins before looking, so that nothing queued in between is slept over.
            let bell = self.app.bell().notified();
            let claims = self.claim(&lane.name, lane.room()).await;
            if claims.is_empty() {
                tokio::select! {
                    () = bell => tokio::time::sleep(GATHER).await,
                    () = tokio::time::sleep(POLL) => {}
                    () = stop.cancelled() => {}
                }
            }
            for claim in claims {
                let Some(seat) = lane.seat().await else { return };
                let (worker, stop) = (Arc::clone(&self), stop.clone());
                tasks.spawn(async move {
                    let work = async {
                        // What still waits at a stop is left to whoever comes next.
                        let turn = tokio::select! {
                            biased;
                            () = stop.cancelled() => None,
                            turn = seat.turn() => turn,
                        };
                        if turn.is_some() {
                            worker.run_claimed(&claim, turn).await;
                        }
                    };
                    worker.hold(&claim, work).await;
                    drop(seat);
                    worker.app.bell().notify_waiters();
                });
            }
        }
    }

    /// Looks for what nothing works on, and after what waits for approvers.
    async fn sweep(&self) {
        if let Err(error) = self.app.requeue_stuck().await {
            tracing::error!(error = &error as &dyn std::error::Error, "looking for lost work");
        }
        if let Err(error) = self.app.look_after_pending().await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "looking after requests that wait for approvers");
        }
    }

    /// Takes over what instances that died left, and lets it be worked on.
    async fn watch(&self) {
        if self.take_over().await > 0 {
            self.app.bell().notify_waiters();
        }
    }

    /// Frees the work of instances that died; how much that was.
    async fn take_over(&self) -> u64 {
        let take_over = || async { Ok(self.app.store().take_over(self.app.now()).await?) };
        match self.app.retried(take_over).await {
            Ok(0) => 0,
            Ok(freed) => {
                tracing::warn!(freed, "took over the work of an instance that is gone");
                freed
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "looking after the other instances");
                0
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

    /// Runs a job at once.
    async fn run(&self, claim: Claim) {
        self.hold(&claim, self.run_claimed(&claim, None)).await;
    }

    /// Holds a claim while `work` lasts: its lease is renewed beside it. Neither ever waits for the
    /// other to be polled: work that is in its commit holds what renewing waits for.
    async fn hold(&self, claim: &Claim, work: impl Future<Output = ()>) {
        tokio::select! {
            biased;
            () = work => {}
            () = self.keep_renewing(claim) => {}
        }
    }

    async fn keep_renewing(&self, claim: &Claim) {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            match self.app.store().renew(claim, self.app.now()).await {
                Ok(true) => {}
                // Another worker has it: what this one does can no longer be written.
                Ok(false) => tracing::warn!(work = claim.id, "a lease was lost"),
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, work = claim.id, "renewing a lease");
                }
            }
        }
    }

    /// Runs a job that has a place among those in flight, or needs none.
    async fn run_claimed(&self, claim: &Claim, place: Option<Running<'_>>) {
        let done = match serde_json::from_str(&claim.job) {
            Ok(Job::Settle { entitlement }) => self.settle(claim, entitlement, place).await,
            Ok(Job::Show(card)) => self.show(claim, &card).await,
            Ok(Job::Rewrite(card)) => self.rewrite(claim, &card).await,
            Ok(
                job @ (Job::TellSecondAccount { .. }
                | Job::TellUnreachable { .. }
                | Job::TellAway { .. }
                | Job::TellMailDown { .. }
                | Job::TellSignInClosed { .. }),
            ) => self.tell(claim, job).await,
            Ok(Job::InChat { what }) => self.tell_in_chat(claim, *what).await,
            Ok(Job::Mail { what, is_beside }) => self.mail(claim, &what, is_beside).await,
            Ok(Job::Home { person }) => self.draw_home(claim, &person).await,
            Err(error) => self.set_aside(claim, &format!("unreadable job: {error}")).await,
        };
        if let Err(error) = done {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                work = claim.id,
                "work failed"
            );
            self.give_back(claim).await;
        }
    }

    /// Lets failed work run again soon. Where not even that can be written, the lease runs out; but a
    /// target was called, maybe after whoever took the work over, so that is not left at that.
    async fn give_back(&self, claim: &Claim) {
        let entitlement = match serde_json::from_str(&claim.job) {
            Ok(Job::Settle { entitlement }) => Some(entitlement),
            _ => None,
        };
        let tries = if entitlement.is_some() { PERSISTENCE } else { 1 };
        for n in 1..=tries {
            let Err(error) = self.try_to_give_back(claim, entitlement.as_ref()).await else {
                return;
            };
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                work = claim.id,
                "failed work waits until its lease is over"
            );
            if n < tries {
                tokio::time::sleep(RENEW_EVERY).await;
            }
        }
    }

    async fn try_to_give_back(
        &self,
        claim: &Claim,
        entitlement: Option<&Entitlement>,
    ) -> Result<(), ActError> {
        let now = self.app.now();
        let at = now + backoff::target(claim.attempts, None);
        let mut tx = self.app.store().begin().await?;
        let is_ours = tx.again(claim, at, "it failed on our side", now).await?;
        tx.commit().await?;
        match entitlement {
            Some(entitlement) if !is_ours => self.app.settle_again(entitlement).await,
            _ => Ok(()),
        }
    }
}

/// Does `work` again and again until `stop`, with a pause after each time.
async fn every<F: Future>(pause: Duration, stop: &CancellationToken, work: impl Fn() -> F) {
    while !stop.is_cancelled() {
        work().await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}
