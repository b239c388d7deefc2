//! Who may stay: one seat per connection, and what gives way when there is none left.
//!
//! A connection is either awaited (silent between requests, or still sending one) or answered.
//! When all seats are taken, the one that was awaited longest gives way to a newcomer, so that
//! any number of slow connections cannot keep others out; one that is answered never does.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// All the seats there are.
pub(super) struct Seats {
    taken: Mutex<Taken>,
    most: usize,
    bodies: Arc<Semaphore>,
}

#[derive(Default)]
struct Taken {
    last_id: u64,
    by_id: BTreeMap<u64, State>,
}

struct State {
    stage: Stage,
    since: Instant,
    /// Bytes of a body that is not whole yet.
    body_bytes: usize,
    leave: CancellationToken,
}

/// How far the present request of a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Silent, between requests.
    Silent,
    /// Sending its headers.
    Headers,
    /// Sending its body.
    Body,
    /// Waiting for our answer.
    Answered,
}

impl Stage {
    /// Whether it may be sent away for another.
    fn is_awaited(self) -> bool {
        match self {
            Self::Silent | Self::Headers | Self::Body => true,
            Self::Answered => false,
        }
    }
}

/// One connection's seat; given back when it is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    id: u64,
    /// Cancelled when the connection must go.
    pub(super) leave: CancellationToken,
}

impl Seats {
    /// `most` connections, whose unfinished bodies hold at most `body_bytes` together.
    pub(super) fn new(most: usize, body_bytes: usize) -> Arc<Self> {
        let bodies = Arc::new(Semaphore::new(body_bytes.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { taken: Mutex::default(), most, bodies })
    }

    /// A seat for a newcomer; `None` when every connection there is waits for an answer of ours.
    pub(super) fn take(self: &Arc<Self>) -> Option<Seat> {
        let mut taken = self.lock();
        if taken.by_id.len() >= self.most {
            taken.send_away(|_, _| true)?;
        }
        taken.last_id += 1;
        let id = taken.last_id;
        let leave = CancellationToken::new();
        let (stage, since) = (Stage::Headers, Instant::now());
        let state = State { stage, since, body_bytes: 0, leave: leave.clone() };
        taken.by_id.insert(id, state);
        Some(Seat { seats: self.clone(), id, leave })
    }

    /// Sends one that is awaited away, if there is one.
    pub(super) fn make_room(&self) {
        self.lock().send_away(|_, _| true);
    }

    /// Sends everyone away.
    pub(super) fn clear(&self) {
        self.lock().by_id.values().for_each(|state| state.leave.cancel());
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Sends away who was awaited longest of those who may go; tells what its body held.
    fn send_away(&mut self, may_go: impl Fn(u64, &State) -> bool) -> Option<usize> {
        let awaited = self.by_id.iter().filter(|(_, state)| state.stage.is_awaited());
        let oldest = awaited.filter(|(id, state)| may_go(**id, state));
        let id = *oldest.min_by_key(|(_, state)| state.since)?.0;
        let state = self.by_id.remove(&id)?;
        state.leave.cancel();
        Some(state.body_bytes)
    }
}

impl Seat {
    /// Notes that the connection said something; only the first word after a silence counts.
    pub(super) fn heard(&self) {
        self.change(|state| {
            if state.stage == Stage::Silent {
                (state.stage, state.since) = (Stage::Headers, Instant::now());
            }
        });
    }

    /// Notes how far the present request is.
    pub(super) fn reached(&self, stage: Stage) {
        self.change(|state| {
            (state.stage, state.since, state.body_bytes) = (stage, Instant::now(), 0);
        });
    }

    /// How far the present request is, and since when.
    pub(super) fn stage(&self) -> Option<(Stage, Instant)> {
        self.seats.lock().by_id.get(&self.id).map(|state| (state.stage, state.since))
    }

    /// Waits for room for `bytes` more of a body, at the cost of the oldest unfinished ones.
    pub(super) async fn room_for(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let count = u32::try_from(bytes).ok()?;
        let bodies = &self.seats.bodies;
        let room = match bodies.clone().try_acquire_many_owned(count) {
            Ok(room) => room,
            Err(_) => {
                self.clear_bodies(bytes);
                bodies.clone().acquire_many_owned(count).await.ok()?
            }
        };
        self.change(|state| state.body_bytes += bytes);
        Some(room)
    }

    /// Sends others with unfinished bodies away until theirs held as much as is wanted.
    fn clear_bodies(&self, wanted: usize) {
        let mut taken = self.seats.lock();
        let mut freed = 0;
        while freed < wanted {
            let others = |id: u64, state: &State| id != self.id && state.body_bytes > 0;
            let Some(bytes) = taken.send_away(others) else { return };
            freed += bytes;
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.seats.lock().by_id.get_mut(&self.id) {
            change(state);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.lock().by_id.remove(&self.id);
    }
}

/// How long a connection may stay at a stage.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stays {
    pub(super) silent: Duration,
    pub(super) headers: Duration,
    pub(super) request: Duration,
}

impl Stays {
    /// When a connection at `stage` since `since` must go.
    pub(super) fn until(&self, stage: Stage, since: Instant) -> Instant {
        match stage {
            Stage::Silent => since + self.silent,
            Stage::Headers => since + self.headers,
            // The request's own limit answers first; this is for who does not take the answer.
            Stage::Body | Stage::Answered => since + self.request * 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_newcomer_takes_the_seat_of_who_was_awaited_longest() {
        let seats = Seats::new(2, 10);
        let answered = seats.take().unwrap();
        answered.reached(Stage::Answered);
        let slow = seats.take().unwrap();

        let newcomer = seats.take().unwrap();

        assert!(slow.leave.is_cancelled());
        assert!(!answered.leave.is_cancelled());
        newcomer.reached(Stage::Answered);
        assert!(seats.take().is_none());
        drop(answered);
        assert!(seats.take().is_some());
    }

    #[tokio::test]
    async fn the_oldest_unfinished_bodies_give_way() {
        let seats = Seats::new(9, 10);
        let [old, older, young] = [(); 3].map(|()| seats.take().unwrap());
        let held_by_older = older.room_for(4).await;
        let held_by_old = old.room_for(5).await;

        let waiting = young.room_for(6);
        tokio::pin!(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending());

        assert!(old.leave.is_cancelled() && older.leave.is_cancelled());
        assert!(!young.leave.is_cancelled());
        drop((held_by_old, held_by_older));
        assert!(waiting.await.is_some());
    }
}
