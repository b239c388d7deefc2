//! An issuer's keys, kept: fetched when they are first needed and when a token names one that is
//! not there, then at most once an hour, so that forged names do not make us ask without end.
use super::keys::Keys;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How long keys are good without asking again.
const FRESH_FOR: TimeDelta = TimeDelta::hours(24);
/// How often an unknown key makes us ask.
const ASKED_EVERY: TimeDelta = TimeDelta::hours(1);

/// How long after it failed it is asked again.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

/// The keys that are known of one issuer.
#[derive(Debug, Default)]
pub struct KeyCache {
    known: Mutex<Option<Known>>,
    /// Held while the issuer is asked, so that whoever needs the same waits for one answer.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone)]
struct Known {
    keys: Arc<Keys>,
    at: DateTime<Utc>,
    /// Before this, an unknown key does not make us ask.
    again_at: DateTime<Utc>,
}

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
        F: Future<Output = Result<Keys, E>>,
    {
        if let Some(keys) = self.fresh(key, now) {
            return Ok(keys);
        }
        let _asking = self.asking.lock().await;
        if let Some(keys) = self.fresh(key, now) {
            return Ok(keys);
        }
        match fetch().await {
            Ok(keys) => {
                let keys = Arc::new(keys);
                let known = Known { keys: Arc::clone(&keys), at: now, again_at: now + ASKED_EVERY };
                *self.known() = Some(known);
                Ok(keys)
            }
            // What was good yesterday is good until the issuer answers again.
            Err(error) => match self.known().as_mut() {
                Some(known) => {
                    known.again_at = now + AGAIN;
                    Ok(Arc::clone(&known.keys))
                }
                None => Err(error),
            },
        }
    }

    /// The keys, where the issuer need not be asked, or was asked a moment ago.
    fn fresh(&self, key: Option<&str>, now: DateTime<Utc>) -> Option<Arc<Keys>> {
        let known = self.known();
        let known = known.as_ref()?;
        let has_key = key.is_none_or(|key| known.keys.has(key));
        let is_fresh = now < known.again_at || (has_key && now - known.at < FRESH_FOR);
        is_fresh.then(|| Arc::clone(&known.keys))
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn keys(id: &str) -> Keys {
        let key = serde_json::json!({"kty": "RSA", "kid": id, "n": "AQAB", "e": "AQAB"});
        Keys::read(serde_json::json!({ "keys": [key] }).to_string().as_bytes()).unwrap()
    }

    #[tokio::test]
    async fn an_unknown_key_asks_once_an_hour_and_an_outage_keeps_what_is_known() {
        let (cache, asked) = (KeyCache::default(), AtomicUsize::new(0));
        let at = |minutes: i64| DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).unwrap();
        let ask = async |key: &str, minutes: i64, has: Option<&str>| {
            let fetch = || async {
                asked.fetch_add(1, Ordering::Relaxed);
                has.map(keys).ok_or("down")
            };
            let known = cache.keys(Some(key), at(minutes), fetch).await;
            (known.map(|keys| keys.has(key)), asked.load(Ordering::Relaxed))
        };

        assert_eq!(ask("a", 0, None).await, (Err("down"), 1));
        assert_eq!(ask("a", 0, Some("a")).await, (Ok(true), 2));
        for minutes in 1..60 {
            assert_eq!(ask("b", minutes, Some("b")).await, (Ok(false), 2));
        }
        assert_eq!(ask("a", 600, Some("a")).await, (Ok(true), 2));
        assert_eq!(ask("b", 600, Some("b")).await, (Ok(true), 3));
        let day = 600 + 24 * 60;
        assert_eq!(ask("b", day, None).await, (Ok(true), 4));
        assert_eq!(ask("b", day, None).await, (Ok(true), 4), "it failed a moment ago");
        assert_eq!(ask("b", day + 1, Some("b")).await, (Ok(true), 5));
    }

    #[tokio::test]
    async fn whoever_needs_keys_at_one_moment_waits_for_one_answer() {
        let (cache, asked) = (KeyCache::default(), AtomicUsize::new(0));
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let ask = || {
            cache.keys(Some("a"), now, || async {
                asked.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok::<_, &str>(keys("a"))
            })
        };

        let (one, other, third) = tokio::join!(ask(), ask(), ask());

        assert!([one, other, third].iter().all(|keys| keys.as_ref().unwrap().has("a")));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}
