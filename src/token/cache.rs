//! An issuer's keys, kept: fetched when they are first needed and when a token names one that is
//! not there, then at most once an hour, so that forged names do not make us ask without end.
//!
//! One caller fetches at a time. Whoever needs no more than what is known does not wait for it; the
//! others wait no longer than that one fetch takes, and take what came of it.
use super::keys::Keys;
use super::turn::{Turn, Turns};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// How long keys are good without asking again.
const FRESH_FOR: TimeDelta = TimeDelta::hours(24);
/// How often an unknown key makes us ask.
const ASKED_EVERY: TimeDelta = TimeDelta::hours(1);
/// How soon we ask again where the issuer did not answer and there are keys of before.
const ASKED_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// The keys that are known of one issuer.
#[derive(Debug, Default)]
pub struct KeyCache {
    known: Mutex<Option<Known>>,
    turns: Turns,
}

#[derive(Debug, Clone)]
struct Known {
    keys: Arc<Keys>,
    at: DateTime<Utc>,
    /// Not asked again before this.
    rests_until: DateTime<Utc>,
}

/// Nothing is known of the issuer's keys yet, and whoever asked for them just now failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the issuer's keys are not known yet")]
pub struct NoKeysYet;

impl KeyCache {
    /// The keys, of which one has the name `key` where the issuer has it; `fetch` gets them anew.
    ///
    /// # Errors
    ///
    /// Those of `fetch`, where there are no keys yet.
    pub async fn keys<E, F>(
        &self,
        key: Option<&str>,
        now: DateTime<Utc>,
        fetch: impl FnOnce() -> F,
    ) -> Result<Arc<Keys>, E>
    where
        E: From<NoKeysYet>,
        F: Future<Output = Result<Keys, E>>,
    {
        if let Some(keys) = self.good_enough(key, now) {
            return Ok(keys);
        }
        let Turn::Ours(turn) = self.turns.next().await else {
            return self.known().map(|known| known.keys).ok_or(NoKeysYet.into());
        };
        let fetched = fetch().await;
        let outcome = self.note(fetched, now);
        turn.end();
        outcome
    }

    /// What is known, where that is enough for a token which names `key`.
    fn good_enough(&self, key: Option<&str>, now: DateTime<Utc>) -> Option<Arc<Keys>> {
        let known = self.known()?;
        let has_key = key.is_none_or(|key| known.keys.has(key));
        let is_enough = now < known.rests_until || (has_key && now - known.at < FRESH_FOR);
        is_enough.then_some(known.keys)
    }

    fn note<E>(&self, fetched: Result<Keys, E>, now: DateTime<Utc>) -> Result<Arc<Keys>, E> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match (fetched, known.as_mut()) {
            (Ok(keys), _) => {
                let keys = Arc::new(keys);
                let rests_until = now + ASKED_EVERY;
                *known = Some(Known { keys: Arc::clone(&keys), at: now, rests_until });
                Ok(keys)
            }
            // What was good yesterday is good until the issuer answers again.
            (Err(_), Some(known)) => {
                known.rests_until = now + ASKED_AGAIN;
                Ok(Arc::clone(&known.keys))
            }
            (Err(error), None) => Err(error),
        }
    }

    fn known(&self) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Poll;
    use tokio::sync::Notify;

    #[derive(Debug, PartialEq)]
    enum Down {
        Asked,
        Waited,
    }

    impl From<NoKeysYet> for Down {
        fn from(_: NoKeysYet) -> Self {
            Self::Waited
        }
    }

    fn keys(id: &str) -> Keys {
        let key = serde_json::json!({"kty": "RSA", "kid": id, "n": "AQAB", "e": "AQAB"});
        Keys::read(serde_json::json!({ "keys": [key] }).to_string().as_bytes()).unwrap()
    }

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).unwrap()
    }

    #[tokio::test]
    async fn an_unknown_key_asks_once_an_hour_and_an_outage_keeps_what_is_known() {
        let (cache, asked) = (KeyCache::default(), AtomicUsize::new(0));
        let ask = async |key: &str, minutes: i64, has: Option<&str>| {
            let fetch = || async {
                asked.fetch_add(1, Ordering::Relaxed);
                has.map(keys).ok_or(Down::Asked)
            };
            let known = cache.keys(Some(key), at(minutes), fetch).await;
            (known.map(|keys| keys.has(key)), asked.load(Ordering::Relaxed))
        };

        assert_eq!(ask("a", 0, None).await, (Err(Down::Asked), 1));
        assert_eq!(ask("a", 0, Some("a")).await, (Ok(true), 2));
        for minutes in 1..60 {
            assert_eq!(ask("b", minutes, Some("b")).await, (Ok(false), 2));
        }
        assert_eq!(ask("a", 600, Some("a")).await, (Ok(true), 2));
        assert_eq!(ask("b", 600, Some("b")).await, (Ok(true), 3));
        let day = 600 + 24 * 60;
        assert_eq!(ask("b", day, None).await, (Ok(true), 4));
        assert_eq!(ask("b", day, Some("b")).await, (Ok(true), 4), "not in the same minute");
        assert_eq!(ask("c", day, Some("c")).await, (Ok(false), 4), "nor for a forged name");
        assert_eq!(ask("b", day + 1, Some("b")).await, (Ok(true), 5));
    }

    #[tokio::test]
    async fn one_asks_at_a_time_and_the_others_take_what_came_of_it() {
        let (cache, asked, answered) = (KeyCache::default(), AtomicUsize::new(0), Notify::new());
        let ask = || {
            cache.keys(Some("a"), at(0), || async {
                asked.fetch_add(1, Ordering::Relaxed);
                answered.notified().await;
                Err::<Keys, _>(Down::Asked)
            })
        };
        let answer = async { answered.notify_one() };

        let (first, second, third, ()) = tokio::join!(ask(), ask(), ask(), answer);

        assert_eq!(asked.load(Ordering::Relaxed), 1);
        assert_eq!(
            (first.err(), second.err(), third.err()),
            (Some(Down::Asked), Some(Down::Waited), Some(Down::Waited))
        );
    }

    #[tokio::test]
    async fn who_needs_nothing_new_does_not_wait_for_a_key_server_that_hangs() {
        let cache = KeyCache::default();
        let known = cache.keys(Some("a"), at(0), || async { Ok::<_, Down>(keys("a")) }).await;
        assert!(known.is_ok());
        let hangs = || std::future::pending::<Result<Keys, Down>>();
        let mut forged = std::pin::pin!(cache.keys(Some("b"), at(90), hangs));
        let is_waiting = poll_fn(|cx| Poll::Ready(forged.as_mut().poll(cx).is_pending())).await;
        assert!(is_waiting);

        let known = cache.keys(Some("a"), at(90), hangs).await;

        assert!(known.unwrap().has("a"));
    }
}
