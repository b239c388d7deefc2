//! A signed token (JWS in its compact form, RFC 7515): taken apart, verified, and only then read.
//!
//! RS256 and ES256 alone: what a token says of its own signature chooses among these two, never
//! none, never a key of the token's own.
use super::keys::{Algorithm, Keys};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Longest token that is looked at, in bytes.
const MOST_BYTES: usize = 16 * 1024;
/// How far the issuer's clock may be from ours, in seconds.
const TOLERANCE: i64 = 60;

/// A token that nothing is known about yet.
#[derive(Debug, Clone)]
pub struct Unverified<'a> {
    message: &'a str,
    claims: &'a str,
    signature: Vec<u8>,
    algorithm: Algorithm,
    key: Option<String>,
}

/// What somebody who signed in is told about, verified.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    iss: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
    /// The address.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the issuer made sure that it is theirs.
    #[serde(default)]
    pub email_verified: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What a token must say.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom: us.
    pub audience: &'a str,
    /// For which sign-in.
    pub nonce: &'a str,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoToken {
    /// It cannot be read, or is signed in a way that we do not take.
    #[error("it is no token that we read")]
    Malformed,
    /// The signature is not the issuer's.
    #[error("the issuer did not sign it")]
    Forged,
    /// It is somebody else's, or for somebody else.
    #[error("it was made by or for somebody else")]
    NotForUs,
    /// Its time is over, or not yet there.
    #[error("its time is over or not yet there")]
    Untimely,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    ///
    /// [`NoToken::Malformed`] when it is none, or signed in another way.
    pub fn read(token: &'a str) -> Result<Self, NoToken> {
        Self::parts(token).ok_or(NoToken::Malformed)
    }

    fn parts(token: &'a str) -> Option<Self> {
        if token.len() > MOST_BYTES {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header: Header = serde_json::from_slice(&BASE64.decode(header).ok()?).ok()?;
        let algorithm = match header.alg.as_str() {
            "RS256" => Algorithm::Rs256,
            "ES256" => Algorithm::Es256,
            _ => return None,
        };
        if header.crit.is_some() || claims.contains('.') {
            return None;
        }
        let signature = BASE64.decode(signature).ok()?;
        Some(Self { message, claims, signature, algorithm, key: header.kid })
    }

    /// The name of the key that signed it, by its own word.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// How it is signed, by its own word.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// What was signed; two tokens that say the same and were signed at different times differ.
    pub fn message(&self) -> &'a str {
        self.message
    }

    /// What it says, by its own word alone: good to find out whose keys to ask for, nothing else.
    pub fn unverified<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&BASE64.decode(self.claims).ok()?).ok()
    }

    /// What it says, where one of `keys` signed it and it is what is expected.
    ///
    /// # Errors
    ///
    /// [`NoToken`] says what is wrong with it, for the log.
    pub fn verify(
        &self,
        keys: &Keys,
        expected: Expected<'_>,
        now: DateTime<Utc>,
    ) -> Result<Claims, NoToken> {
        let claims: Claims = self.signed(keys)?;
        claims.check(expected, now.timestamp())?;
        Ok(claims)
    }

    /// What it says, where one of `keys` signed it; by whom, for whom and when is not looked at.
    ///
    /// # Errors
    ///
    /// [`NoToken`] when nobody of theirs signed it, or it does not say what `T` reads.
    pub fn signed<T: DeserializeOwned>(&self, keys: &Keys) -> Result<T, NoToken> {
        let by = (self.algorithm, self.key());
        if !keys.verify(by, self.message.as_bytes(), &self.signature) {
            return Err(NoToken::Forged);
        }
        let claims = BASE64.decode(self.claims).map_err(|_| NoToken::Malformed)?;
        serde_json::from_slice(&claims).map_err(|_| NoToken::Malformed)
    }
}

impl Claims {
    fn check(&self, expected: Expected<'_>, now: i64) -> Result<(), NoToken> {
        let is_for_us = match &self.aud {
            Audience::One(one) => one == expected.audience,
            // Of several, who it was made for is said apart.
            Audience::Several(several) => {
                let is_among = several.iter().any(|one| one == expected.audience);
                is_among && (several.len() == 1 || self.azp.is_some())
            }
        };
        let is_azp = self.azp.as_ref().is_none_or(|azp| azp == expected.audience);
        let is_nonce = self.nonce.as_deref() == Some(expected.nonce);
        if self.iss != expected.issuer || !is_for_us || !is_azp || !is_nonce {
            return Err(NoToken::NotForUs);
        }
        let is_early = self.nbf.is_some_and(|nbf| nbf > now.saturating_add(TOLERANCE));
        if self.exp.saturating_add(TOLERANCE) <= now || is_early {
            return Err(NoToken::Untimely);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "jwt_tests.rs"]
mod tests;
