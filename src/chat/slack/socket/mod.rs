//! Socket Mode: Slack's events over connections that we open, for installations without a public
//! address.
//!
//! ```text
//! slot 1:  dial -> hello -> serve ... told to go -> dial the next -> hello -> let the old one finish
//! slot 2:  the same, independently
//! ```
//!
//! Slack picks one connection for each envelope, so there are always two: while one is replaced or
//! lost the other carries on. An envelope that gets no acknowledgement is sent again by Slack.
mod link;
#[cfg(test)]
mod tests;

use super::Dispatch;
use super::api::{ApiError, SlackApi};
use crate::health::{Health, Part};
use link::{End, Link};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The pace of connecting, checking and giving up.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many connections to hold; Slack allows an app ten over all instances.
    pub connections: usize,
    /// How long connecting and the first word may take.
    pub dial: Duration,
    /// Between our pings.
    pub ping: Duration,
    /// After so long without any frame the connection counts as dead.
    pub silence: Duration,
    /// The first wait after a failure; doubled for each further one.
    pub first_wait: Duration,
    /// The longest wait after a failure.
    pub longest_wait: Duration,
    /// The wait after a refusal that only an admin can mend.
    pub fatal_wait: Duration,
    /// A connection that lived shorter than this counts as a failure.
    pub settled: Duration,
    /// How long acknowledgements may still take after a connection is to end.
    pub finish: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connections: 2,
            dial: Duration::from_secs(10),
            ping: Duration::from_secs(10),
            silence: Duration::from_secs(35),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(30),
            fatal_wait: Duration::from_secs(60),
            settled: Duration::from_secs(10),
            finish: Duration::from_secs(8),
        }
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
enum DialError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error("the socket could not be opened: {0}")]
    Socket(String),
}

impl DialError {
    /// Whether only an admin can mend it.
    fn is_fatal(&self) -> bool {
        match self {
            Self::Api(error) => error.is_dead_token() || error.is_ours(),
            Self::Socket(_) => false,
        }
    }
}

/// Everything that the connections of one app share.
pub struct SocketMode {
    api: SlackApi,
    app_token: SecretString,
    dispatch: Dispatch,
    part: Part,
    pace: Pace,
    open: AtomicUsize,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl std::fmt::Debug for SocketMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SocketMode").field("open", &self.open).finish_non_exhaustive()
    }
}

/// Holds connections to Slack and hands what comes to `dispatch` until `stop`; then takes nothing
/// more, sends the acknowledgements that are due, and returns. `health` tells whether Slack is
/// connected under the part `slack`.
pub async fn run(
    api: SlackApi,
    app_token: SecretString,
    dispatch: Dispatch,
    health: &Health,
    stop: CancellationToken,
) {
    let part = health.part("slack");
    SocketMode::new(api, app_token, dispatch, part, Pace::default(), stop).run().await;
}

impl SocketMode {
    /// Prepares connections at a pace of one's own; [`run`] has Slack's.
    pub fn new(
        api: SlackApi,
        app_token: SecretString,
        dispatch: Dispatch,
        part: Part,
        pace: Pace,
        stop: CancellationToken,
    ) -> Self {
        let (open, tasks) = (AtomicUsize::new(0), TaskTracker::new());
        Self { api, app_token, dispatch, part, pace, open, tasks, stop }
    }

    /// Holds the connections until the stop; see [`run`].
    pub async fn run(self) {
        let mode = Arc::new(self);
        for slot in 0..mode.pace.connections {
            mode.tasks.spawn(mode.clone().keep(slot));
        }
        mode.tasks.close();
        mode.tasks.wait().await;
    }

    /// Keeps one connection, the next one always before the last one goes.
    async fn keep(self: Arc<Self>, slot: usize) {
        let mut old: Option<CancellationToken> = None;
        let mut failures: u32 = 0;
        while !self.stop.is_cancelled() {
            let dialed = tokio::select! {
                () = self.stop.cancelled() => break,
                dialed = link::dial(&self.api, &self.app_token, self.pace) => dialed,
            };
            let wait = match dialed {
                Err(error) => {
                    failures = failures.saturating_add(1);
                    self.ails(&error);
                    match &error {
                        DialError::Api(ApiError::RateLimited { after }) => *after,
                        error if error.is_fatal() => self.pace.fatal_wait,
                        DialError::Api(_) | DialError::Socket(_) => self.back_off(failures),
                    }
                }
                Ok(link) => {
                    let (born, mut news) = (Instant::now(), self.start(link, slot, &mut old));
                    let end = tokio::select! {
                        () = self.stop.cancelled() => break,
                        end = &mut news => end.unwrap_or(End::Lost("its task ended")),
                    };
                    let is_settled = born.elapsed() >= self.pace.settled;
                    failures = if is_settled { 0 } else { failures.saturating_add(1) };
                    self.wait_after(end, is_settled, failures)
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        if let Some(old) = old {
            old.cancel();
        }
    }

    /// Serves a fresh connection and lets the one before it finish.
    fn start(
        self: &Arc<Self>,
        link: Link,
        slot: usize,
        old: &mut Option<CancellationToken>,
    ) -> oneshot::Receiver<End> {
        let retire = self.stop.child_token();
        if let Some(old) = old.replace(retire.clone()) {
            old.cancel();
        }
        self.open.fetch_add(1, Ordering::SeqCst);
        self.part.well();
        let (tell, news) = oneshot::channel();
        let mode = self.clone();
        self.tasks.spawn(async move {
            let end = link.serve(&mode.dispatch, mode.pace, retire, tell).await;
            tracing::debug!(slot, %end, "a connection to Slack ended");
            let left = mode.open.fetch_sub(1, Ordering::SeqCst).saturating_sub(1);
            if left == 0 && !mode.stop.is_cancelled() {
                mode.part.ails("there is no connection to Slack");
            }
        });
        news
    }

    fn wait_after(&self, end: End, is_settled: bool, failures: u32) -> Duration {
        match end {
            End::Disabled => {
                self.part.ails("Socket Mode is switched off in the Slack app's settings");
                self.pace.fatal_wait
            }
            End::ToldToGo | End::Retired | End::Lost(_) if is_settled => Duration::ZERO,
            End::ToldToGo | End::Retired | End::Lost(_) => self.back_off(failures),
        }
    }

    fn ails(&self, error: &DialError) {
        if error.is_fatal() {
            self.part.ails(format!("Slack refuses the connection: {error}"));
        } else if self.open.load(Ordering::SeqCst) == 0 {
            self.part.ails("Slack cannot be reached");
            tracing::warn!(%error, "connecting to Slack failed");
        } else {
            tracing::info!(%error, "one more connection to Slack failed");
        }
    }

    /// Doubles with each failure up to the ceiling; half of it is chance, so that many instances
    /// do not come back in step.
    fn back_off(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1).min(16));
        let whole = self.pace.first_wait.saturating_mul(doubled).min(self.pace.longest_wait);
        whole.mul_f64(0.5 + chance() / 2.0)
    }
}

/// Evenly between 0 and 1.
fn chance() -> f64 {
    let mut bytes = [0; 4];
    // Without chance the wait is merely the same for all.
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    }
}
