//! Writing what targets confirmed, together with what is confirmed while another write goes on.
//!
//! Whoever comes first writes for all who wait by then; the others find theirs written. So nothing
//! waits for company, and the more there is to write, the less each of it costs.
use crate::app::settled::Settlement;
use crate::app::{ActError, App};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, oneshot};

/// Most answers in one transaction: what they lock is held until all of them are written.
const MOST: usize = 16;

/// What waits to be written.
#[derive(Debug)]
pub(super) struct Together {
    waiting: Mutex<VecDeque<Waiting>>,
    writers: Semaphore,
}

/// An answer, and who waits for it to be written.
type Waiting = (Settlement, oneshot::Sender<Result<(), ActError>>);

impl Together {
    /// Writes with at most so many transactions at once.
    pub(super) fn new(writers: usize) -> Self {
        Self { waiting: Mutex::default(), writers: Semaphore::new(writers) }
    }

    /// Writes a settlement, and those that wait beside it.
    ///
    /// # Errors
    ///
    /// As [`App::settled`].
    pub(super) async fn write(&self, app: &App, settlement: Settlement) -> Result<(), ActError> {
        let (told, written) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back((settlement, told));
        let turn = self.writers.acquire().await;
        let (settlements, askers): (Vec<_>, Vec<_>) = self.take().into_iter().unzip();
        for (written, asker) in app.settled(&settlements).await.into_iter().zip(askers) {
            // Who went away meanwhile does not need to know.
            let _ = asker.send(written);
        }
        drop(turn);
        written.await.unwrap_or(Err(ActError::CutShort))
    }

    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.len().min(MOST);
        waiting.drain(..count).collect()
    }
}
