//! Secrets: from a file of their own or from the environment, never from the TOML files.
//!
//! One rule for all: `bot_token_file = "path"` under `[slack]` names a file; where that key is absent
//! the environment variable `HALLPASS_SLACK_BOT_TOKEN` is read: `HALLPASS_`, the table, the key
//! without `_file`. A file must be readable by its owner alone. Messages name the key and the file,
//! never what is in it.
use super::mistake::{Place, Reading};
use super::section::{Found, Section};
use super::words::{is_marked_secret, looks_like_secret};
use secrecy::{SecretSlice, SecretString};
use std::fmt;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Largest secret, in bytes; a token or an address is far shorter, a wrong file often longer.
const MOST_BYTES: u64 = 16 * 1024;

/// Fewest bytes of a master key: as many as the keys made from it have.
const KEY_BYTES: usize = 32;

/// How to make a master key that is good.
const MAKE_ONE: &str = "make one with `(umask 077; head -c 32 /dev/urandom | base64 > master-key)`";

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// This file.
    File(PathBuf),
    /// This variable of the environment.
    Environment(String),
}

/// A secret as a configuration holds it: read ([`SecretString`]) or only located ([`SecretPlace`]).
pub trait SecretForm: fmt::Debug + Clone {
    /// The form of a key: bytes when read.
    type Key: fmt::Debug + Clone;

    /// Takes a secret text; `check` says what is wrong with one, without repeating it.
    ///
    /// # Errors
    ///
    /// A sentence that names the file or variable, and no secret.
    fn text(
        at: &SecretPlace,
        environment: &dyn Fn(&str) -> Option<String>,
        check: Check,
    ) -> Result<Self, String>;

    /// Takes a key of at least 32 bytes, written in base64 or hex.
    ///
    /// # Errors
    ///
    /// A sentence that names the file or variable, and no secret.
    fn key(
        at: &SecretPlace,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self::Key, String>;
}

/// Says what is wrong with a secret's text, without repeating it.
pub type Check = fn(&str) -> Result<(), &'static str>;

impl SecretForm for SecretString {
    type Key = SecretSlice<u8>;

    fn text(
        at: &SecretPlace,
        environment: &dyn Fn(&str) -> Option<String>,
        check: Check,
    ) -> Result<Self, String> {
        let text = at.fetch(environment).map_err(Unfit::into_sentence)?;
        check(&text).map_err(|wrong| format!("{at} {wrong}"))?;
        Ok(text.into())
    }

    fn key(
        at: &SecretPlace,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self::Key, String> {
        let text = at.fetch(environment).map_err(|unfit| match unfit {
            Unfit::Missing(sentence) => format!("{sentence}; {MAKE_ONE}"),
            Unfit::Wrong(sentence) => sentence,
        })?;
        match from_hex(&text).or_else(|| from_base64(&text)) {
            Some(bytes) if bytes.len() >= KEY_BYTES => Ok(bytes.into()),
            Some(bytes) => Err(format!(
                "{at} holds {} bytes, a key has at least {KEY_BYTES}; {MAKE_ONE}",
                bytes.len()
            )),
            None => Err(format!("{at} holds neither base64 nor hex; {MAKE_ONE}")),
        }
    }
}

impl SecretForm for SecretPlace {
    type Key = Self;

    fn text(
        at: &SecretPlace,
        _: &dyn Fn(&str) -> Option<String>,
        _: Check,
    ) -> Result<Self, String> {
        Ok(at.clone())
    }

    fn key(at: &SecretPlace, _: &dyn Fn(&str) -> Option<String>) -> Result<Self::Key, String> {
        Ok(at.clone())
    }
}

impl fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "the file `{}`", path.display()),
            Self::Environment(name) => write!(f, "the environment variable {name}"),
        }
    }
}

impl SecretPlace {
    /// Where the secret of `key` (which ends in `_file`) comes from.
    pub(super) fn of(section: &Section<'_>, key: &'static str, variable: String) -> Option<Self> {
        let Some(path) = section.text(key) else {
            return (!section.has(key)).then_some(Self::Environment(variable));
        };
        Self::in_file(section, &path)
    }

    /// The file that a key names, unless it is the secret itself.
    fn in_file(section: &Section<'_>, path: &Found<&str>) -> Option<Self> {
        let file = section.path_from_here(path.value);
        // Paths may hold long hashes; a file that is there is no pasted secret.
        let is_pasted = is_marked_secret(path.value)
            || (section.reading.is_at_home && looks_like_secret(path.value) && !file.exists());
        if is_pasted {
            let what = "this looks like the secret itself; write the path of a file that holds it";
            section.reading.mistake(&path.place, what);
            return None;
        }
        Some(Self::File(file))
    }

    fn fetch(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<String, Unfit> {
        let text = match self {
            Self::File(path) if !path.exists() => {
                return Err(Unfit::Missing(format!("{self} does not exist")));
            }
            Self::File(path) => {
                private_text(path).map_err(|wrong| Unfit::Wrong(format!("{self} {wrong}")))?
            }
            Self::Environment(name) => environment(name).ok_or_else(|| {
                Unfit::Missing(format!("missing: neither this key nor {self} is set"))
            })?,
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(Unfit::Wrong(format!("{self} is empty")));
        }
        if text.chars().any(char::is_control) {
            return Err(Unfit::Wrong(format!("{self} holds more than one line")));
        }
        Ok(text.to_owned())
    }
}

/// Why there is no secret, as a sentence without it.
enum Unfit {
    /// Nobody made it yet.
    Missing(String),
    /// It is there and cannot be used.
    Wrong(String),
}

impl Unfit {
    fn into_sentence(self) -> String {
        match self {
            Self::Missing(sentence) | Self::Wrong(sentence) => sentence,
        }
    }
}

/// The text of a file that only its owner can read. The check is made on what was opened.
fn private_text(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err("is not a plain file".to_owned());
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.display();
        return Err(format!(
            "can be read or written by others than its owner (mode {mode:04o}); \
             run `chmod 600 {path}`"
        ));
    }
    if about.len() > MOST_BYTES {
        return Err(format!("holds more than {MOST_BYTES} bytes; it must hold the secret alone"));
    }
    let mut text = String::new();
    file.take(MOST_BYTES).read_to_string(&mut text).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => "is not UTF-8 text".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    Ok(text)
}

/// Reads a secret of `section`, or reports why it cannot be had.
pub(super) fn secret<S: SecretForm>(
    section: &Section<'_>,
    key: &'static str,
    variable: &str,
    check: Check,
) -> Option<S> {
    let at = SecretPlace::of(section, key, variable.to_owned())?;
    report(section.reading, &section.place(key), S::text(&at, section.reading.environment, check))
}

/// Reads the secret in the file that `path` names, or reports why it cannot be had.
pub(super) fn secret_in<S: SecretForm>(section: &Section<'_>, path: &Found<&str>) -> Option<S> {
    let at = SecretPlace::in_file(section, path)?;
    report(section.reading, &path.place, S::text(&at, section.reading.environment, |_| Ok(())))
}

/// Reads a key of `section`, or reports why it cannot be had.
pub(super) fn key<S: SecretForm>(
    section: &Section<'_>,
    key: &'static str,
    variable: &str,
) -> Option<S::Key> {
    let at = SecretPlace::of(section, key, variable.to_owned())?;
    report(section.reading, &section.place(key), S::key(&at, section.reading.environment))
}

fn report<T>(reading: &Reading<'_>, place: &Place, read: Result<T, String>) -> Option<T> {
    read.map_err(|wrong| reading.mistake(place, wrong)).ok()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    let byte = |[high, low]: &[u32; 2]| u8::try_from(high * 16 + low).ok();
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// Both alphabets, with or without padding.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for c in text.trim_end_matches('=').bytes() {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    Some(bytes)
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
