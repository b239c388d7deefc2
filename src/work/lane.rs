//! One lane's places: how much of its work is in flight, and how much is claimed ahead of that.
//!
//! A claim costs as much as a quick job, so while jobs are quick many are claimed at once. Behind
//! slow ones nothing waits that another instance could do.
use super::IN_FLIGHT;
use crate::app::job::{HOMES, MESSAGES};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Messages in flight at once: each to a conversation of its own, and mostly waiting for Slack.
const MESSAGES_IN_FLIGHT: usize = 32;
/// Most jobs claimed ahead of those in flight.
const AHEAD: usize = 60;
/// A job that took less is quick.
const QUICK: Duration = Duration::from_millis(100);

/// A lane as one instance works on it.
pub(super) struct Lane {
    pub(super) name: String,
    places: usize,
    seats: Arc<Semaphore>,
    shared: Arc<Shared>,
}

struct Shared {
    in_flight: Semaphore,
    /// Quick jobs that were done since somebody looked.
    quick: AtomicUsize,
}

/// The right to hold one claim.
pub(super) struct Seat {
    shared: Arc<Shared>,
    _held: OwnedSemaphorePermit,
}

/// The right to run, for as long as it lasts.
pub(super) struct Running<'a> {
    since: Instant,
    quick: &'a AtomicUsize,
    _place: SemaphorePermit<'a>,
}

impl Lane {
    pub(super) fn new(name: &str) -> Self {
        let is_chat = [MESSAGES, HOMES].contains(&name);
        let places = if is_chat { MESSAGES_IN_FLIGHT } else { IN_FLIGHT };
        Self {
            name: name.to_owned(),
            places,
            seats: Arc::new(Semaphore::new(places + AHEAD)),
            shared: Arc::new(Shared {
                in_flight: Semaphore::new(places),
                quick: AtomicUsize::new(0),
            }),
        }
    }

    /// How much to claim now.
    pub(super) fn room(&self) -> usize {
        let quick = self.shared.quick.swap(0, Ordering::Relaxed);
        let ahead = quick.saturating_mul(2).min(AHEAD);
        let held = (self.places + AHEAD).saturating_sub(self.seats.available_permits());
        (self.places + ahead).saturating_sub(held)
    }

    /// A place for one claim; there is one for as many as [`Lane::room`] said.
    pub(super) async fn seat(&self) -> Option<Seat> {
        let held = Arc::clone(&self.seats).acquire_owned().await.ok()?;
        Some(Seat { shared: Arc::clone(&self.shared), _held: held })
    }
}

impl Seat {
    /// Waits until the claim may run.
    pub(super) async fn turn(&self) -> Option<Running<'_>> {
        let place = self.shared.in_flight.acquire().await.ok()?;
        Some(Running { since: Instant::now(), quick: &self.shared.quick, _place: place })
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if self.since.elapsed() < QUICK {
            self.quick.fetch_add(1, Ordering::Relaxed);
        }
    }
}
