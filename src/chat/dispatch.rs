//! Runs a platform's handler: one task for each thing that the platform sends, bounded in number
//! and in time, tracked.
//!
//! HTTP and Slack's sockets share one, so that the bound holds over both. A caller that goes away
//! (a closed connection) does not stop a handler half-way.
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// Handlers at a time. Each holds a payload of some 10 KB; Slack itself waits for 3 s only, Teams for
/// some more.
const MOST_AT_A_TIME: usize = 256;
/// How long a handler may take. The person has given up long before; what is still not done after
/// this hangs, and would hold its place for good.
const PATIENCE: Duration = Duration::from_secs(10);

/// Handles everything that a platform sends: never fails, since a failure is told to the person by
/// whoever handles it.
pub type Handle<In, Out> = Arc<dyn Fn(In) -> BoxFuture<'static, Out> + Send + Sync>;

/// Hands what a platform sends to its handler.
pub struct Dispatch<In, Out> {
    handler: Handle<In, Out>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    patience: Duration,
}

/// A place among the handlers that run at a time.
#[derive(Debug)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl<In, Out> Clone for Dispatch<In, Out> {
    fn clone(&self) -> Self {
        Self {
            handler: Arc::clone(&self.handler),
            places: Arc::clone(&self.places),
            tasks: self.tasks.clone(),
            patience: self.patience,
        }
    }
}

impl<In, Out> std::fmt::Debug for Dispatch<In, Out> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dispatch").field("running", &self.tasks.len()).finish_non_exhaustive()
    }
}

impl<In, Out: Send + 'static> Dispatch<In, Out> {
    /// Hands everything to `handler`.
    pub fn new(handler: Handle<In, Out>) -> Self {
        Self::bounded(handler, MOST_AT_A_TIME, PATIENCE)
    }

    /// As [`Dispatch::new`], with other bounds.
    pub fn bounded(handler: Handle<In, Out>, at_a_time: usize, patience: Duration) -> Self {
        let places = Arc::new(Semaphore::new(at_a_time));
        Self { handler, places, tasks: TaskTracker::new(), patience }
    }

    /// Waits for a place; `None` once this stops.
    pub async fn place(&self) -> Option<Place> {
        self.places.clone().acquire_owned().await.ok().map(Place)
    }

    /// Starts the handler; the task's outcome is `None` when it took too long.
    pub fn start(&self, inbound: In, place: Place) -> JoinHandle<Option<Out>> {
        let handling = (self.handler)(inbound);
        let patience = self.patience;
        let task = async move {
            let answer = tokio::time::timeout(patience, handling).await.ok();
            if answer.is_none() {
                tracing::error!("a handler took too long and was stopped");
            }
            drop(place);
            answer
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
    use std::sync::atomic::{AtomicBool, Ordering};

    #[tokio::test]
    async fn a_handler_that_hangs_is_stopped_and_gives_its_place_back() {
        let hangs: Handle<(), u8> = Arc::new(|_| Box::pin(std::future::pending()));
        let dispatch = Dispatch::bounded(hangs, 1, Duration::from_millis(1));
        let place = dispatch.place().await.unwrap();

        let answer = dispatch.start((), place).await.unwrap();

        assert_eq!(answer, None);
        assert!(dispatch.place().await.is_some());
    }

    #[tokio::test]
    async fn finishing_waits_for_what_runs_though_nobody_waits_for_its_answer() {
        let is_done = Arc::new(AtomicBool::new(false));
        let handler: Handle<(), u8> = {
            let is_done = is_done.clone();
            Arc::new(move |_| {
                let is_done = is_done.clone();
                Box::pin(async move {
                    tokio::task::yield_now().await;
                    is_done.store(true, Ordering::SeqCst);
                    1
                })
            })
        };
        let dispatch = Dispatch::new(handler);
        let place = dispatch.place().await.unwrap();
        drop(dispatch.start((), place));

        dispatch.finish().await;

        assert!(is_done.load(Ordering::SeqCst));
        assert!(dispatch.place().await.is_none());
    }
}
