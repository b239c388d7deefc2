//! Slack's v0 signature over the raw body, checked before anything is parsed.
//!
//! What passes becomes a [`Verified`]; only that can be unpacked, so bytes that nobody signed
//! cannot reach a parser. Neither the secret, a signature nor the body is ever printed.
use chrono::{DateTime, Utc};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};

/// How far the sender's clock may be from ours, either way; Slack's own advice against replays.
const TOLERANCE_SECONDS: u64 = 5 * 60;
/// What a signature begins with.
const VERSION: &str = "v0=";
/// Bytes of an HMAC-SHA256.
const TAG_BYTES: usize = 32;

/// The secret that Slack signs this app's requests with.
pub struct SigningSecret(hmac::Key);

/// The raw body of a request that Slack signed, and the proof of it.
#[derive(Clone, Copy)]
pub struct Verified<'a>(&'a [u8]);

/// The two headers that sign a request; `None` where one is missing, doubled or no text.
#[derive(Clone, Copy, Default)]
pub struct Stamp<'a> {
    /// `X-Slack-Request-Timestamp`.
    pub timestamp: Option<&'a str>,
    /// `X-Slack-Signature`.
    pub signature: Option<&'a str>,
}

/// Why a request is not taken for Slack's. For the log only: the answer is the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// A header is missing or given twice.
    #[error("unsigned")]
    Unsigned,
    /// The time is no time, or too far from ours.
    #[error("untimely")]
    Untimely,
    /// The signature is not Slack's over these bytes.
    #[error("forged")]
    Forged,
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningSecret(..)")
    }
}

impl std::fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verified({} bytes)", self.0.len())
    }
}

impl std::fmt::Debug for Stamp<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stamp(..)")
    }
}

impl<'a> Verified<'a> {
    /// The bytes that Slack signed.
    pub(super) fn bytes(self) -> &'a [u8] {
        self.0
    }
}

impl SigningSecret {
    /// The key of `secret`.
    pub fn new(secret: &SecretString) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes()))
    }

    /// Checks that Slack signed `body` at about `now`.
    ///
    /// # Errors
    ///
    /// [`Unverified`] otherwise; the caller answers every one of them alike.
    pub fn verify<'a>(
        &self,
        body: &'a [u8],
        stamp: Stamp<'_>,
        now: DateTime<Utc>,
    ) -> Result<Verified<'a>, Unverified> {
        let timestamp = stamp.timestamp.ok_or(Unverified::Unsigned)?;
        let signature = stamp.signature.ok_or(Unverified::Unsigned)?;
        if !is_timely(timestamp, now) {
            return Err(Unverified::Untimely);
        }
        let given = tag_of(signature).ok_or(Unverified::Forged)?;
        let mut ours = hmac::Context::with_key(&self.0);
        ours.update(b"v0:");
        ours.update(timestamp.as_bytes());
        ours.update(b":");
        ours.update(body);
        // Both tags are hashed once more, so that ring's constant-time check can compare them
        // without a second copy of the body.
        let expected = hmac::sign(&self.0, &given);
        hmac::verify(&self.0, ours.sign().as_ref(), expected.as_ref())
            .map_err(|_| Unverified::Forged)?;
        Ok(Verified(body))
    }
}

/// Whether `timestamp`, whole seconds since 1970, is close enough to `now`.
fn is_timely(timestamp: &str, now: DateTime<Utc>) -> bool {
    let is_digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: Option<i64> = timestamp.parse().ok().filter(|_| is_digits);
    seconds.is_some_and(|sent| now.timestamp().abs_diff(sent) <= TOLERANCE_SECONDS)
}

/// The tag that a signature writes down, in the one spelling Slack uses: lower-case hexadecimal.
fn tag_of(signature: &str) -> Option<[u8; TAG_BYTES]> {
    let digits = signature.strip_prefix(VERSION)?.as_bytes();
    if digits.len() != 2 * TAG_BYTES {
        return None;
    }
    let mut tag = [0; TAG_BYTES];
    for (byte, pair) in tag.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(tag)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::fmt::Write;

    pub(crate) const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const BODY: &[u8] = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const TIME: i64 = 1_531_420_618;

    fn secret() -> SigningSecret {
        SigningSecret::new(&SECRET.into())
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// What Slack would write into the signature header.
    pub(crate) fn sign(body: &[u8], timestamp: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let message = [b"v0:", timestamp.as_bytes(), b":", body].concat();
        hmac::sign(&key, &message).as_ref().iter().fold("v0=".to_owned(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    }

    fn check(body: &[u8], timestamp: &str, signature: &str, now: i64) -> Result<(), Unverified> {
        let stamp = Stamp { timestamp: Some(timestamp), signature: Some(signature) };
        secret().verify(body, stamp, at(now)).map(|_| ())
    }

    #[test]
    fn the_example_of_slacks_documentation_passes() {
        let signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

        assert_eq!(check(BODY, "1531420618", signature, TIME), Ok(()));
    }

    #[test]
    fn one_bit_off_anywhere_is_refused() {
        let time = TIME.to_string();
        let signature = sign(BODY, &time);
        let flips = |text: &[u8]| -> Vec<Vec<u8>> {
            (0..text.len() * 8)
                .map(|bit| {
                    let mut off = text.to_vec();
                    off[bit / 8] ^= 1 << (bit % 8);
                    off
                })
                .collect()
        };

        for off in flips(BODY) {
            assert_eq!(check(&off, &time, &signature, TIME), Err(Unverified::Forged));
        }
        for off in flips(signature.as_bytes()) {
            let off = String::from_utf8_lossy(&off);
            assert_eq!(check(BODY, &time, &off, TIME), Err(Unverified::Forged));
        }
        for off in flips(time.as_bytes()) {
            assert!(check(BODY, &String::from_utf8_lossy(&off), &signature, TIME).is_err());
        }
    }

    #[test]
    fn five_minutes_either_way_and_not_a_second_more() {
        let time = TIME.to_string();
        let signature = sign(BODY, &time);

        for off in [-300, -299, 0, 299, 300] {
            assert_eq!(check(BODY, &time, &signature, TIME + off), Ok(()), "{off}");
        }
        for off in [-301, 301, -86_400, 86_400] {
            let refused = check(BODY, &time, &signature, TIME + off);
            assert_eq!(refused, Err(Unverified::Untimely), "{off}");
        }
    }

    #[test]
    fn a_time_that_is_no_time_is_refused_though_it_is_signed() {
        for time in ["", "+1531420618", "-1", "1531420618.0", "1531420618 ", "99999999999999999999"]
        {
            let signature = sign(BODY, time);
            assert_eq!(check(BODY, time, &signature, TIME), Err(Unverified::Untimely), "{time}");
        }
    }

    #[test]
    fn a_missing_header_is_refused() {
        let time = TIME.to_string();
        let signature = sign(BODY, &time);
        let stamps = [
            Stamp { timestamp: None, signature: Some(&signature) },
            Stamp { timestamp: Some(&time), signature: None },
            Stamp::default(),
        ];

        for stamp in stamps {
            let refused = secret().verify(BODY, stamp, at(TIME)).map(|_| ());
            assert_eq!(refused, Err(Unverified::Unsigned));
        }
    }

    #[test]
    fn another_spelling_of_the_signature_is_refused() {
        let time = TIME.to_string();
        let good = sign(BODY, &time);
        let hex = good.strip_prefix("v0=").unwrap();
        let others = [
            good.to_uppercase(),
            format!("v0={}", hex.to_uppercase()),
            format!("v1={hex}"),
            hex.to_owned(),
            format!("{good}0"),
            format!("{good} "),
            "v0=".to_owned(),
            String::new(),
            format!("v0={}", "é".repeat(32)),
        ];

        for other in others {
            assert_eq!(check(BODY, &time, &other, TIME), Err(Unverified::Forged), "{other}");
        }
    }

    #[test]
    fn nothing_secret_is_in_any_debug() {
        let time = TIME.to_string();
        let signature = sign(BODY, &time);
        let stamp = Stamp { timestamp: Some(&time), signature: Some(&signature) };
        let verified = secret().verify(BODY, stamp, at(TIME)).unwrap();
        let printed = format!("{:?} {stamp:?} {verified:?} {:?}", secret(), Unverified::Forged);

        for hidden in [SECRET, &signature, "roadrunner", "xyzz0WbapA4vBCDEFasx0q6G"] {
            assert!(!printed.contains(hidden), "{printed}");
        }
    }
}
