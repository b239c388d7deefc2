//! Names and texts on their way into a statement: the only place that quotes.
//!
//! PostgreSQL cannot bind a name, nor anything else in statements such as `GRANT`. A name is therefore
//! first an [`Ident`], which is never cut by the server, and then quoted, always.
use super::super::Fault;
use std::fmt;

/// How many bytes of a name PostgreSQL keeps; it cuts longer ones silently, so they are refused here.
pub(super) const LONGEST_NAME_BYTES: usize = 63;

/// A name that PostgreSQL takes as it is: 1 to 63 bytes, no NUL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ident(String);

impl Ident {
    /// The name `text`, where PostgreSQL can hold it whole.
    pub(super) fn new(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::lasting("a name is empty"));
        }
        if text.len() > LONGEST_NAME_BYTES {
            return Err(Fault::lasting(format!(
                "the name {text:?} has {} bytes; postgresql keeps {LONGEST_NAME_BYTES}",
                text.len()
            )));
        }
        if text.contains('\0') {
            return Err(Fault::lasting("a name holds a NUL character"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as it is, for binding and for people.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Writes the name quoted, ready for a statement.
impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote_ident(&self.0))
    }
}

/// The name in double quotes, with its own doubled.
fn quote_ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The text as a literal that means the same whatever `standard_conforming_strings` says.
pub(super) fn quote_literal(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') {
        format!("E'{}'", doubled.replace('\\', "\\\\"))
    } else {
        format!("'{doubled}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a quoted text as PostgreSQL's scanner does; `None` where it would end early or go on.
    fn scan(quoted: &str, mark: char) -> Option<String> {
        let inner = quoted.strip_prefix(mark)?.strip_suffix(mark)?;
        let mut text = String::new();
        let mut rest = inner.chars();
        while let Some(c) = rest.next() {
            if c == mark && rest.next() != Some(mark) {
                return None;
            }
            text.push(c);
        }
        Some(text)
    }

    #[test]
    fn names_of_64_bytes_are_refused_and_never_cut() {
        assert!(Ident::new(&"a".repeat(63)).is_ok());
        assert!(Ident::new(&"a".repeat(64)).is_err());
        assert!(Ident::new(&"é".repeat(31)).is_ok());
        assert!(Ident::new(&"é".repeat(32)).is_err());
        assert!(Ident::new("").is_err());
        assert!(Ident::new("a\0b").is_err());
    }

    proptest! {
        #[test]
        fn a_quoted_name_is_one_token_that_reads_back(name in "[^\0]{1,20}|[\"';\\\\ a-]{1,20}") {
            prop_assert_eq!(scan(&quote_ident(&name), '"'), Some(name));
        }

        #[test]
        fn a_quoted_text_is_one_token_that_reads_back(text in "[^\0]{0,20}|[\"';\\\\ a-]{0,20}") {
            let quoted = quote_literal(&text);
            let read = match quoted.strip_prefix('E') {
                Some(escaped) => scan(&escaped.replace("\\\\", "\\"), '\''),
                None => scan(&quoted, '\''),
            };
            prop_assert_eq!(read, Some(text));
        }
    }
}
