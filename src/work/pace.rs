//! How fast one conversation may be written to: about one message a second, short bursts allowed.
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The pause between two messages to one conversation, in the long run.
const STEP: TimeDelta = TimeDelta::seconds(1);
/// Messages that may go out at once after a quiet time.
const BURST: i32 = 4;
/// Conversations remembered; quiet ones are forgotten first.
const REMEMBERED: usize = 10_000;

/// When each conversation may be written to next.
#[derive(Debug, Default)]
pub(super) struct Pace {
    places: Mutex<HashMap<String, Place>>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// The end of what is used up; one burst may run ahead of the present.
    used_until: DateTime<Utc>,
    /// The last turn that was named to somebody who has to wait, so that all come one by one.
    promised: DateTime<Utc>,
}

impl Pace {
    /// Takes a turn now, or says when to come for one.
    pub(super) fn turn(&self, place: &str, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= REMEMBERED {
            places.retain(|_, place| place.used_until > now);
        }
        let fresh = Place { used_until: now, promised: now };
        let place = places.entry(place.to_owned()).or_insert(fresh);
        let used_until = place.used_until.max(now) + STEP;
        if used_until - now <= STEP * BURST {
            place.used_until = used_until;
            return Ok(());
        }
        let soonest = used_until - STEP * BURST;
        place.promised = (place.promised + STEP).max(soonest);
        Err(place.promised)
    }

    /// Until when a conversation is held, where it is.
    pub(super) fn held(&self, place: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let at = places.get(place)?.used_until - STEP * (BURST - 1);
        Some(at).filter(|at| now < *at)
    }

    /// Whether a conversation is held because its platform asked for that: its own pace never uses up
    /// more than one burst.
    pub(super) fn is_held(&self, place: &str, now: DateTime<Utc>) -> bool {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.get(place).is_some_and(|place| place.used_until - now > STEP * BURST)
    }

    /// Writes nothing to a conversation before `at`: its platform asked for that.
    pub(super) fn hold(&self, place: &str, at: DateTime<Utc>) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        // The one that was refused comes back at `at`, before any other.
        let held = Place { used_until: at + STEP * (BURST - 1), promised: at };
        places.insert(place.to_owned(), held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_out_at_once_and_then_one_a_second() {
        let pace = Pace::default();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();

        let turns: Vec<bool> = (0..5).map(|_| pace.turn("C1", now).is_ok()).collect();

        assert_eq!(turns, [true, true, true, true, false]);
        assert!(!pace.is_held("C1", now), "nobody asked for it");
        assert_eq!(pace.turn("C1", now), Err(now + STEP * 2));
        assert_eq!(pace.turn("C2", now), Ok(()));
        assert_eq!(pace.turn("C1", now + STEP), Ok(()));
    }

    #[test]
    fn a_held_conversation_waits_until_its_time() {
        let pace = Pace::default();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let until = now + TimeDelta::seconds(30);

        pace.hold("C1", until);

        assert_eq!((pace.held("C1", now), pace.held("C2", now)), (Some(until), None));
        assert!(pace.is_held("C1", now) && !pace.is_held("C2", now));
        assert_eq!(pace.turn("C1", now), Err(until + STEP), "after the one that was refused");
        assert_eq!(pace.held("C1", until), None);
        assert_eq!(pace.turn("C1", until), Ok(()));
    }
}
