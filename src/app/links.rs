//! Links to a request's page, for one person, for a time.
//!
//! A link names who should prove who they are; it proves nothing itself and shows nothing. What it
//! says is signed (HMAC-SHA-256), so that nobody makes one for another person, request or time.
//!
//! ```text
//! https://access.example.com/requests/AR-1042?k=<until>.<person>.<signature>
//! ```
use crate::domain::id::{PersonId, RequestId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use std::sync::Arc;

/// How long a link names its person: as long as a request may usually wait, and to the end of that
/// hour, so that a letter that is sent once more after a crash says the same.
const LASTS: TimeDelta = TimeDelta::days(7);
/// An hour, in seconds.
const HOUR: i64 = 3600;

/// Makes links and reads them back. Cheap to clone.
#[derive(Clone)]
pub struct Links {
    key: Arc<hmac::Key>,
    public_url: Arc<str>,
}

/// Why a link names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    /// Its time is over.
    #[error("the link is too old")]
    Old,
    /// It is not one of ours, or is about another request.
    #[error("the link is broken")]
    Broken,
}

impl Links {
    /// Links below `public_url`, signed with `key`.
    pub fn new(key: &[u8], public_url: &str) -> Self {
        Self {
            key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key)),
            public_url: public_url.trim_end_matches('/').into(),
        }
    }

    /// Where the pages are, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The link that leads `person` to a request, from `now` on.
    pub fn request(&self, person: &PersonId, request: RequestId, now: DateTime<Utc>) -> String {
        format!("{}/requests/{request}?k={}", self.public_url, self.token(person, request, now))
    }

    fn token(&self, person: &PersonId, request: RequestId, now: DateTime<Utc>) -> String {
        let until = ((now + LASTS).timestamp().div_euclid(HOUR) + 1) * HOUR;
        let signature = hmac::sign(&self.key, said(person, request, until).as_bytes());
        format!("{until}.{}.{}", BASE64.encode(person.as_str()), BASE64.encode(signature))
    }

    /// Whom a link to `request` names.
    ///
    /// # Errors
    ///
    /// [`NoLink`] when it names nobody.
    pub fn open(
        &self,
        token: &str,
        request: RequestId,
        now: DateTime<Utc>,
    ) -> Result<PersonId, NoLink> {
        let (person, until) = self.read(token, request).ok_or(NoLink::Broken)?;
        if until < now.timestamp() { Err(NoLink::Old) } else { Ok(person) }
    }

    fn read(&self, token: &str, request: RequestId) -> Option<(PersonId, i64)> {
        let mut parts = token.split('.');
        let [until, person, signature] = [parts.next()?, parts.next()?, parts.next()?];
        if parts.next().is_some() {
            return None;
        }
        let until: i64 = until.parse().ok()?;
        let person = PersonId::new(String::from_utf8(BASE64.decode(person).ok()?).ok()?);
        let signature = BASE64.decode(signature).ok()?;
        // Compares in constant time.
        hmac::verify(&self.key, said(&person, request, until).as_bytes(), &signature).ok()?;
        Some((person, until))
    }
}

/// What is signed. The person comes last: whatever is in their id, nothing else can be meant.
fn said(person: &PersonId, request: RequestId, until: i64) -> String {
    format!("request {request} {until} {person}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn a_link_names_one_person_for_one_request_for_a_week() {
        let links = Links::new(&[7; 32], "https://access.example.com/");
        let url = links.request(&"ana b".into(), RequestId(1042), now());
        let token = url.split_once("?k=").unwrap().1;
        let open = |token: &str, request, at| links.open(token, RequestId(request), at);

        assert!(url.starts_with("https://access.example.com/requests/AR-1042?k="), "{url}");
        assert_eq!(open(token, 1042, now()), Ok("ana b".into()));
        assert_eq!(open(token, 1042, now() + TimeDelta::days(7)), Ok("ana b".into()));
        let over = now() + TimeDelta::days(7) + TimeDelta::hours(1) + TimeDelta::seconds(1);
        assert_eq!(open(token, 1042, over), Err(NoLink::Old));
        let later = links.request(&"ana b".into(), RequestId(1042), now() + TimeDelta::minutes(59));
        assert_eq!(later, url, "a letter that is sent again says the same");
        assert_eq!(open(token, 1043, now()), Err(NoLink::Broken));
        let other = Links::new(&[8; 32], "https://access.example.com");
        assert_eq!(other.open(token, RequestId(1042), now()), Err(NoLink::Broken));
    }

    #[test]
    fn a_link_that_was_touched_anywhere_names_nobody() {
        let links = Links::new(&[7; 32], "https://access.example.com");
        let url = links.request(&"ana".into(), RequestId(1042), now());
        let token = url.split_once("?k=").unwrap().1;

        for place in 0..token.len() {
            for with in ["A", "0", ".", ""] {
                let mut touched = token.to_owned();
                touched.replace_range(place..=place, with);
                if touched != token {
                    let opened = links.open(&touched, RequestId(1042), now());
                    assert_eq!(opened, Err(NoLink::Broken), "{touched}");
                }
            }
        }
        for nonsense in ["", ".", "..", "...", "1.YW5h.", "é.é.é"] {
            assert_eq!(links.open(nonsense, RequestId(1042), now()), Err(NoLink::Broken));
        }
    }
}
