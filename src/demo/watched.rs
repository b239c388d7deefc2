//! A state that can be waited for, and a server that is stopped: what the local Slack and the local
//! Teams have in common.
use axum::Router;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A state whose changes wake whoever waits for one.
pub(super) struct Watched<S> {
    state: Mutex<S>,
    changed: watch::Sender<u64>,
}

impl<S> Watched<S> {
    /// Begins with this state.
    pub(super) fn new(state: S) -> Self {
        Self { state: Mutex::new(state), changed: watch::Sender::new(0) }
    }

    /// Reads anything of the state.
    pub(super) fn read<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state, and wakes who waits.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        let changed = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_modify(|version| *version = version.wrapping_add(1));
        changed
    }

    /// Hears of every change from now on.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until `look` finds something; none when it does not within `timeout`.
    pub(super) async fn wait_for<T>(
        &self,
        mut look: impl FnMut(&S) -> Option<T>,
        timeout: Duration,
    ) -> Option<T> {
        let mut changes = self.subscribe();
        let found = async {
            loop {
                if let Some(found) = self.read(&mut look) {
                    return Some(found);
                }
                changes.changed().await.ok()?;
            }
        };
        tokio::time::timeout(timeout, found).await.ok().flatten()
    }
}

/// Serves `router` until `stop`; `name` says in the log which server failed.
pub(super) fn serve(
    listener: TcpListener,
    router: Router,
    stop: &CancellationToken,
    tasks: &TaskTracker,
    name: &'static str,
) {
    let stop = stop.clone();
    tasks.spawn(async move {
        let served = axum::serve(listener, router)
            .with_graceful_shutdown(async move { stop.cancelled().await });
        if let Err(error) = served.await {
            tracing::error!(%error, "the local {name} stopped serving");
        }
    });
}

/// Stops what is served and waits until everything has ended.
pub(super) async fn end(stop: &CancellationToken, tasks: &TaskTracker) {
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}
