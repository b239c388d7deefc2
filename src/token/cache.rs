//! An issuer's keys, kept: fetched when they are first needed and when a token names one that is
//! not there, then at most once an hour, so that forged names do not make us ask without end.
use super::keys::Keys;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};

/// How long keys are good without asking again.
const FRESH_FOR: TimeDelta = TimeDelta::hours(24);
/// How often an unknown key makes us ask.
const ASKED_EVERY: TimeDelta = TimeDelta::hours(1);

/// The keys that are known of one issuer.
#[derive(Debug, Default)]
pub struct KeyCache(Mutex<Option<Known>>);

#[derive(Debug, Clone)]
struct Known {
    keys: Arc<Keys>,
    at: DateTime<Utc>,
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
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = &known {
            let age = now - known.at;
            let has_key = key.is_none_or(|key| known.keys.has(key));
            if age < ASKED_EVERY || (has_key && age < FRESH_FOR) {
                return Ok(Arc::clone(&known.keys));
            }
        }
        match (fetch().await, known) {
            (Ok(keys), _) => {
                let keys = Arc::new(keys);
                let known = Known { keys: Arc::clone(&keys), at: now };
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
                Ok(keys)
            }
            // What was good yesterday is good until the issuer answers again.
            (Err(_), Some(known)) => Ok(known.keys),
            (Err(error), None) => Err(error),
        }
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
        assert_eq!(ask("b", 600 + 24 * 60, None).await, (Ok(true), 4));
    }
}
