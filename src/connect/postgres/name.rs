//! How the roles that we make are called, and how we know them again.
//!
//! A role's name is for people. Its *mark*, kept as the role's comment, says which entitlement it
//! serves: only a role with the right mark is ever changed or dropped.
use super::super::Fault;
use super::quote::{Ident, LONGEST_NAME_BYTES, quote_literal};
use crate::domain::catalog::Entitlement;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest;

/// What every mark begins with.
pub(super) const MARK_START: &str = "hallpass:";
/// The mark of the role that keeps what temporary logins made.
pub(super) const KEEPER_MARK: &str = "hallpass:kept";

/// Enough of the hash that two names never meet by accident; the mark would refuse the second.
const TAIL_CHARS: usize = 10;
/// Room for the words between prefix and hash: 63 = 16 + 1 + 12 + 1 + 15 + 1 + 6 + 1 + 10.
const LONGEST_PREFIX: usize = 16;
const LONGEST_PERSON: usize = 12;
const LONGEST_RESOURCE: usize = 15;
const LONGEST_PERMISSION: usize = 6;

/// The comment that ties a role to one entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    text: String,
    lock: i64,
}

impl Mark {
    /// The mark of this entitlement and of no other.
    pub(super) fn of(entitlement: &Entitlement) -> Self {
        let hash = digest::digest(&digest::SHA256, entitlement.key().as_bytes());
        let (lock, _) = hash.as_ref().split_first_chunk().unwrap_or((&[0; 8], &[]));
        let text = format!("{MARK_START}{}", BASE64_URL_SAFE_NO_PAD.encode(hash.as_ref()));
        Self { text, lock: i64::from_be_bytes(*lock) }
    }

    /// The comment itself.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The comment as a literal.
    pub(super) fn literal(&self) -> String {
        quote_literal(&self.text)
    }

    /// The key of the advisory lock under which this entitlement is changed.
    pub(super) fn lock_key(&self) -> i64 {
        self.lock
    }
}

/// The beginning of the names of the roles that we make: `hallpass`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prefix(String);

impl Prefix {
    /// The prefix, where it is a plain word that PostgreSQL does not keep for itself.
    pub(super) fn new(text: &str) -> Result<Self, Fault> {
        let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase());
        let is_plain =
            text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if starts_well && is_plain && text.len() <= LONGEST_PREFIX && !text.starts_with("pg_") {
            return Ok(Self(text.to_owned()));
        }
        Err(Fault::lasting(format!(
            "the prefix {text:?} must be at most {LONGEST_PREFIX} of a-z, 0-9 and _, beginning with a letter and not with pg_"
        )))
    }

    /// The name of the role that serves this entitlement, such as `hallpass_ana_payments_read_1f3a9c00de`.
    pub(super) fn role_name(&self, entitlement: &Entitlement) -> Result<Ident, Fault> {
        let resource = entitlement.item.at.resource.as_str();
        let hash = digest::digest(&digest::SHA256, entitlement.key().as_bytes());
        let tail: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let words = [
            self.0.clone(),
            slug(entitlement.grantee.as_str(), LONGEST_PERSON),
            slug(resource.split_once(':').map_or(resource, |(_, body)| body), LONGEST_RESOURCE),
            slug(&entitlement.item.permission, LONGEST_PERMISSION),
            tail.chars().take(TAIL_CHARS).collect(),
        ];
        let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
        Ident::new(&words.join("_"))
    }

    /// The name of the role that keeps what temporary logins made.
    pub(super) fn keeper_name(&self) -> Result<Ident, Fault> {
        Ident::new(&format!("{}_kept", self.0))
    }
}

const _: () = assert!(
    LONGEST_PREFIX + LONGEST_PERSON + LONGEST_RESOURCE + LONGEST_PERMISSION + TAIL_CHARS + 4
        == LONGEST_NAME_BYTES
);

/// The text as at most `longest` characters of `a-z0-9_`; empty where nothing of it is left.
fn slug(text: &str, longest: usize) -> String {
    let words: Vec<_> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let whole = words.join("_");
    whole.chars().take(longest).collect::<String>().trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::{Item, ResourceRef};
    use proptest::prelude::*;

    fn entitlement(grantee: &str, resource: &str, permission: &str) -> Entitlement {
        let at = ResourceRef { integration: "pg".into(), resource: resource.into() };
        Entitlement { grantee: grantee.into(), item: Item { at, permission: permission.into() } }
    }

    #[test]
    fn a_name_tells_who_and_what() {
        let prefix = Prefix::new("hallpass").unwrap();
        let name = |e: &Entitlement| {
            prefix.role_name(e).unwrap().as_str().rsplit_once('_').unwrap().0.to_owned()
        };

        assert_eq!(
            name(&entitlement("ana", "database:payments", "read")),
            "hallpass_ana_payments_read"
        );
        assert_eq!(
            name(&entitlement("Ana.Torres", "schema:payments/public", "write")),
            "hallpass_ana_torres_payments_public_write"
        );
        assert_eq!(name(&entitlement("安娜", "role:\";--", "member")), "hallpass_member");
    }

    #[test]
    fn a_prefix_is_a_plain_word() {
        for good in ["h", "hallpass", "acme_access_0001"] {
            assert!(Prefix::new(good).is_ok(), "{good}");
        }
        for bad in ["", "pg_x", "Hall", "1a", "a\"b", "seventeen_letters", "é"] {
            assert!(Prefix::new(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn names_fit_and_marks_differ(
            a in ".{0,70}", b in ".{0,70}", p in ".{0,70}", q in ".{0,70}",
        ) {
            let prefix = Prefix::new("acme_access_0001").unwrap();
            let (one, other) = (entitlement(&a, &b, &p), entitlement(&a, &b, &q));

            prop_assert!(prefix.role_name(&one).unwrap().as_str().len() <= 63);
            prop_assert_eq!(one == other, Mark::of(&one) == Mark::of(&other));
            prop_assert_eq!(one == other, prefix.role_name(&one) == prefix.role_name(&other));
        }
    }
}
