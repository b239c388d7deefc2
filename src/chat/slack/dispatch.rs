//! Runs the handler: one task for each thing Slack sends, bounded in number and in time, tracked.
//!
//! HTTP and the sockets share one, so that the bound holds over both. A caller that goes away
//! (a closed connection) does not stop a handler half-way.
use super::{Ack, Handler, Inbound};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// Handlers at a time. Each holds a payload of some 10 KB; Slack itself waits for 3 s only.
const MOST_AT_A_TIME: usize = 256;
/// How long a handler may take. Slack's person has given up after 3 s; what is still not done
/// after this hangs, and would hold its place for good.
const PATIENCE: Duration = Duration::from_secs(10);

/// Hands what Slack sends to the handler.
#[derive(Clone)]
pub struct Dispatch {
    handler: Handler,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    patience: Duration,
}

/// A place among the handlers that run at a time.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl std::fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dispatch").field("running", &self.tasks.len()).finish_non_exhaustive()
    }
}

impl Dispatch {
    /// Hands everything to `handler`.
    pub fn new(handler: Handler) -> Self {
        Self::bounded(handler, MOST_AT_A_TIME, PATIENCE)
    }

    /// As [`Dispatch::new`], with other bounds.
    pub fn bounded(handler: Handler, at_a_time: usize, patience: Duration) -> Self {
        let places = Arc::new(Semaphore::new(at_a_time));
        Self { handler, places, tasks: TaskTracker::new(), patience }
    }

    /// Waits for a place; `None` once this stops.
    pub async fn place(&self) -> Option<Place> {
        self.places.clone().acquire_owned().await.ok().map(Place)
    }

    /// Starts the handler; the task's outcome is `None` when it took too long.
    pub fn start(&self, inbound: Inbound, place: Place) -> JoinHandle<Option<Ack>> {
        let handling = (self.handler)(inbound);
        let patience = self.patience;
        let task = async move {
            let ack = tokio::time::timeout(patience, handling).await.ok();
            if ack.is_none() {
                tracing::error!("a handler took too long and was stopped");
            }
            drop(place);
            ack
        };
        self.tasks.spawn(task.in_current_span())
    }

    /// Takes nothing more and waits until what runs has ended.
    pub async fn finish(&self) {
        self.places.close();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[tokio::test]
    async fn a_handler_that_hangs_is_stopped_and_gives_its_place_back() {
        let hangs: Handler = Arc::new(|_| Box::pin(std::future::pending()));
        let dispatch = Dispatch::bounded(hangs, 1, Duration::from_millis(1));
        let place = dispatch.place().await.unwrap();

        let ack = dispatch.start(Inbound::Event(Value::Null), place).await.unwrap();

        assert_eq!(ack, None);
        assert!(dispatch.place().await.is_some());
    }

    #[tokio::test]
    async fn finishing_waits_for_what_runs_though_nobody_waits_for_its_answer() {
        let is_done = Arc::new(AtomicBool::new(false));
        let handler: Handler = {
            let is_done = is_done.clone();
            Arc::new(move |_| {
                let is_done = is_done.clone();
                Box::pin(async move {
                    tokio::task::yield_now().await;
                    is_done.store(true, Ordering::SeqCst);
                    Ack::default()
                })
            })
        };
        let dispatch = Dispatch::new(handler);
        let place = dispatch.place().await.unwrap();
        drop(dispatch.start(Inbound::Event(Value::Null), place));

        dispatch.finish().await;

        assert!(is_done.load(Ordering::SeqCst));
        assert!(dispatch.place().await.is_none());
    }
}
