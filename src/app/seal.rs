//! Sealing what only a grantee may read while it rests in the database (R21).
//!
//! ChaCha20-Poly1305 with a fresh random nonce; the entitlement is bound in, so that a row moved to
//! another entitlement does not open. Text form: hex of nonce and sealed bytes.
use ring::aead::{self, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

/// The key that seals.
pub struct SealKey {
    key: LessSafeKey,
    random: SystemRandom,
}

/// Sealing or opening did not work; nothing more is said on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot open what was sealed; was the master key changed?")]
pub struct SealBroken;

impl SealKey {
    /// The key made of these 32 bytes.
    ///
    /// # Errors
    ///
    /// [`SealBroken`] when there are not exactly 32.
    pub fn new(bytes: &[u8]) -> Result<Self, SealBroken> {
        let key = UnboundKey::new(&aead::CHACHA20_POLY1305, bytes).map_err(|_| SealBroken)?;
        Ok(Self { key: LessSafeKey::new(key), random: SystemRandom::new() })
    }

    /// Seals `text`; it opens only with the same `bound`.
    pub(super) fn seal(&self, text: &str, bound: &str) -> Result<String, SealBroken> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| SealBroken)?;
        let mut bytes = text.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(bound.as_bytes()),
                &mut bytes,
            )
            .map_err(|_| SealBroken)?;
        Ok(nonce.iter().chain(&bytes).map(|byte| format!("{byte:02x}")).collect())
    }

    /// Opens what [`SealKey::seal`] made.
    pub(super) fn open(&self, sealed: &str, bound: &str) -> Result<String, SealBroken> {
        let bytes = unhex(sealed).ok_or(SealBroken)?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN).ok_or(SealBroken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealBroken)?;
        let mut rest = rest.to_vec();
        let open = self
            .key
            .open_in_place(nonce, Aad::from(bound.as_bytes()), &mut rest)
            .map_err(|_| SealBroken)?;
        String::from_utf8(open.to_vec()).map_err(|_| SealBroken)
    }
}

/// Bytes from hex.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).ok(),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_entitlement_alone() {
        let key = SealKey::new(&[7; 32]).unwrap();

        let sealed = key.seal("s3cret ✓", "ana on payments").unwrap();

        assert!(!sealed.contains("s3cret"));
        assert_ne!(sealed, key.seal("s3cret ✓", "ana on payments").unwrap());
        assert_eq!(key.open(&sealed, "ana on payments"), Ok("s3cret ✓".to_owned()));
        assert_eq!(key.open(&sealed, "ben on payments"), Err(SealBroken));
        assert_eq!(key.open(&sealed[..sealed.len() - 2], "ana on payments"), Err(SealBroken));
        assert_eq!(key.open("", "x"), Err(SealBroken));
        assert_eq!(key.open("zz", "x"), Err(SealBroken));
        assert_eq!(
            SealKey::new(&[8; 32]).unwrap().open(&sealed, "ana on payments"),
            Err(SealBroken)
        );
        assert!(SealKey::new(&[7; 31]).is_err());
    }
}
