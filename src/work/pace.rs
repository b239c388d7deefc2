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
    /// The end of what each has used up; one burst may run ahead of the present.
    used_until: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl Pace {
    /// Takes a turn now, or says when there is one.
    pub(super) fn turn(&self, place: &str, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let mut used_until = self.used_until.lock().unwrap_or_else(PoisonError::into_inner);
        if used_until.len() >= REMEMBERED {
            used_until.retain(|_, until| *until > now);
        }
        let used = used_until.get(place).copied().unwrap_or(now).max(now) + STEP;
        let ahead = used - now;
        if ahead > STEP * BURST {
            return Err(used - STEP * BURST);
        }
        used_until.insert(place.to_owned(), used);
        Ok(())
    }

    /// Writes nothing to a conversation before `at`: its platform asked for that.
    pub(super) fn hold(&self, place: &str, at: DateTime<Utc>) {
        let mut used_until = self.used_until.lock().unwrap_or_else(PoisonError::into_inner);
        used_until.insert(place.to_owned(), at + STEP * (BURST - 1));
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
        assert_eq!(pace.turn("C1", now), Err(now + STEP));
        assert_eq!(pace.turn("C2", now), Ok(()));
        assert_eq!(pace.turn("C1", now + STEP), Ok(()));
    }

    #[test]
    fn a_held_conversation_waits_until_its_time() {
        let pace = Pace::default();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let until = now + TimeDelta::seconds(30);

        pace.hold("C1", until);

        assert_eq!(pace.turn("C1", now), Err(until));
        assert_eq!(pace.turn("C1", until), Ok(()));
    }
}
