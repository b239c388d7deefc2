//! Passwords of temporary logins, and what PostgreSQL is told of them.
//!
//! The server receives only the SCRAM-SHA-256 verifier (RFC 5803), so the password itself stands in no
//! statement and in no log of the server.
use super::super::Fault;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac, pbkdf2};
use secrecy::SecretString;
use std::num::NonZeroU32;

/// PostgreSQL's own default; a random password of 192 bits gains nothing from more.
const ROUNDS: NonZeroU32 = match NonZeroU32::new(4096) {
    Some(rounds) => rounds,
    None => NonZeroU32::MIN,
};

/// A new password and its verifier.
pub(super) struct Password {
    /// What the grantee types: 32 characters of `A-Za-z0-9-_`.
    pub(super) plain: SecretString,
    /// What `CREATE ROLE … PASSWORD` takes.
    pub(super) verifier: String,
}

impl Password {
    /// A password that nobody has seen.
    pub(super) fn random() -> Result<Self, Fault> {
        let plain = BASE64_URL_SAFE_NO_PAD.encode(random::<24>()?);
        let verifier = verifier(&plain, &random::<16>()?);
        Ok(Self { plain: plain.into(), verifier })
    }
}

fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::passing("the machine gave no random bytes"))?;
    Ok(bytes)
}

fn verifier(plain: &str, salt: &[u8]) -> String {
    let mut salted = [0; digest::SHA256_OUTPUT_LEN];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, salt, plain.as_bytes(), &mut salted);
    let key = hmac::Key::new(hmac::HMAC_SHA256, &salted);
    let client_key = hmac::sign(&key, b"Client Key");
    let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
    let server_key = hmac::sign(&key, b"Server Key");
    format!(
        "SCRAM-SHA-256${ROUNDS}:{}${}:{}",
        BASE64_STANDARD.encode(salt),
        BASE64_STANDARD.encode(stored_key.as_ref()),
        BASE64_STANDARD.encode(server_key.as_ref())
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn the_verifier_is_the_one_of_the_standard() {
        // The user "user" with the password "pencil" of RFC 7677, section 3.
        let salt = BASE64_STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();

        assert_eq!(
            verifier("pencil", &salt),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$\
             WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:\
             wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    #[test]
    fn two_passwords_differ() {
        let (one, other) = (Password::random().unwrap(), Password::random().unwrap());

        assert_eq!(one.plain.expose_secret().len(), 32);
        assert_ne!(one.plain.expose_secret(), other.plain.expose_secret());
        assert_ne!(one.verifier, other.verifier);
    }
}
