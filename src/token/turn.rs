//! One at a time: of several who need the same thing fetched, one fetches it and the others wait for
//! what comes of that.
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Lets one in at a time.
#[derive(Debug)]
pub struct Turns {
    gate: Semaphore,
    done: AtomicU64,
}

/// Who came in.
pub enum Turn<'a> {
    /// The caller's turn to fetch.
    Ours(OurTurn<'a>),
    /// Somebody else fetched meanwhile, with whatever outcome.
    Theirs,
}

/// The turn of one; whoever is dropped on the way leaves it to the next.
pub struct OurTurn<'a> {
    turns: &'a Turns,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { gate: Semaphore::new(1), done: AtomicU64::new(0) }
    }
}

impl Turns {
    /// Waits until nobody is at it.
    pub async fn next(&self) -> Turn<'_> {
        let seen = self.done.load(Ordering::Acquire);
        // The gate is never closed; were it, everybody would be let in.
        let permit = self.gate.acquire().await.ok();
        if self.done.load(Ordering::Acquire) == seen {
            Turn::Ours(OurTurn { turns: self, _permit: permit })
        } else {
            Turn::Theirs
        }
    }
}

impl OurTurn<'_> {
    /// Ends the turn: what came of it can be seen by those who waited.
    pub fn end(self) {
        self.turns.done.fetch_add(1, Ordering::Release);
    }
}
