//! Words in messages: the nearest right one, lists of them, and values shown without leaking any.
use super::mistake::{Place, Reading};
use super::section::Found;
use crate::domain::id::Id;
use std::collections::BTreeSet;

/// Longest value that a message repeats, in characters; enough to find it in its line.
const LONGEST_SHOWN: usize = 60;

/// Most words that a message lists; past that a list no longer helps.
const MOST_LISTED: usize = 20;

/// Shortest text without any separator that may be a key or a token: Slack's signing secrets have 32.
const SHORTEST_SECRET: usize = 32;

/// A value as messages repeat it: quoted, on one line, cut when long, hidden when it may be a secret.
pub(super) fn shown(value: &str) -> String {
    if looks_like_secret(value) {
        return "this value (not shown, it may be a secret)".to_owned();
    }
    let plain: String = value.chars().flat_map(char::escape_debug).take(LONGEST_SHOWN).collect();
    let is_cut = value.chars().flat_map(char::escape_debug).count() > LONGEST_SHOWN;
    format!("`{plain}{}`", if is_cut { "…" } else { "" })
}

/// Whether a text is marked as a token or as an address with a password.
pub(super) fn is_marked_secret(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_token = ["xox", "xapp-"].iter().any(|mark| lower.contains(mark));
    let is_address = lower.contains("://") && lower.contains('@');
    let has_password = lower.contains("password=") || lower.contains("secret=");
    is_token || is_address || has_password
}

/// Whether a text may be a token, a key or an address with a password.
pub(super) fn looks_like_secret(value: &str) -> bool {
    let longest_run = value
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == '='))
        .map(str::len)
        .max();
    is_marked_secret(value) || longest_run >= Some(SHORTEST_SECRET)
}

/// The word of `known` that `word` was most likely meant to be.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    let most = (word.chars().count() / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean a? Allowed: a, b, c`, each part only where there is something to say.
pub(super) fn advice<'k>(
    word: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
    label: Label,
) -> String {
    let near = nearest(word, known.clone());
    let all: Vec<&str> = known.into_iter().collect();
    let list = (1..=MOST_LISTED).contains(&all.len()).then(|| all.join(", "));
    let (after_near, alone) = match label {
        Label::Allowed => ("Allowed", "allowed"),
        Label::ThereAre => ("There are", "there are"),
    };
    match (near, list) {
        (Some(near), Some(list)) => format!("; did you mean `{near}`? {after_near}: {list}"),
        (Some(near), None) => format!("; did you mean `{near}`?"),
        (None, Some(list)) => format!("; {alone}: {list}"),
        (None, None) => String::new(),
    }
}

/// What a list of words is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Label {
    /// What may stand there.
    Allowed,
    /// What exists.
    ThereAre,
}

/// `1 person`, `6 people`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The names of one kind of thing, to check references against.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// What they name: `person`.
    pub(super) kind: &'static str,
    /// Every name that was read, those of things with other mistakes included.
    pub(super) known: BTreeSet<String>,
    /// False when their file could not be read: then any name passes, one mistake is enough.
    pub(super) is_whole: bool,
}

impl Names {
    /// No names yet.
    pub(super) fn of(kind: &'static str) -> Self {
        Self { kind, known: BTreeSet::new(), is_whole: true }
    }

    /// Adds a name; a second one is a mistake.
    pub(super) fn add(&mut self, reading: &Reading<'_>, name: &Found<&str>) {
        if !self.known.insert(name.value.to_owned()) {
            let what = format!("there is another {} {} above", self.kind, shown(name.value));
            reading.mistake(&name.place, what);
        }
    }

    /// The id that `name` is, when there is such a thing.
    pub(super) fn resolve<T>(
        &self,
        reading: &Reading<'_>,
        place: &Place,
        name: &str,
    ) -> Option<Id<T>> {
        if !self.is_whole || self.known.contains(name) {
            return Some(Id::new(name));
        }
        let advice = advice(name, self.known.iter().map(String::as_str), Label::ThereAre);
        let what = format!("there is no {} {}{advice}", self.kind, shown(name));
        reading.mistake(place, what);
        None
    }
}
