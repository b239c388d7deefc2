//! The form as one line (R16): `payments read for 2h because INC-42 …`.
//!
//! ```text
//! payments and ledger read  for 2h  for @finn  INC-42  because the totals differ
//! `--- wanted ----------´  duration  person   ticket  `---- justification ----´
//! ```
//!
//! English and German. Words stand in any order; what follows *because* or *weil* is the
//! justification as it was written. *for* is followed by a length of time or by a person, told apart
//! by what it is. What is left names what is wanted; nothing here knows which resources there are.
//! A line is read in time linear in it, and whatever was not understood is told, never dropped.
use super::duration;
use super::id::TicketTypeId;
use super::ticket::TicketType;
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// Most words of a line that are read; a person types fewer.
const MOST_WORDS: usize = 400;
/// Most words that one length of time takes: `1 h 30 min`.
const DURATION_WORDS: usize = 4;

/// What a line is read by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// What permissions are called here, in small letters.
    pub permissions: Option<&'a BTreeSet<String>>,
    /// The types of ticket.
    pub tickets: &'a [&'a TicketType],
}

/// A line as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What is wanted, in the order of the line.
    pub wanted: Vec<Wanted>,
    /// For how long.
    pub duration: Option<TimeDelta>,
    /// For whom, as written, without `@`.
    pub person: Option<String>,
    /// The ticket's type and number.
    pub ticket: Option<(TicketTypeId, String)>,
    /// Why, as written.
    pub justification: Option<String>,
    /// What was not understood, as written.
    pub unclear: Vec<String>,
}

/// One thing that is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The words that name it.
    pub words: String,
    /// The permission, where one is named.
    pub permission: Option<String>,
}

/// Begins the justification.
const BECAUSE: &[&str] = &["because", "cause", "weil", "wegen", "reason:", "why:", "grund:"];
/// Stands before a length of time or a person.
const FOR: &[&str] = &["for", "für", "fuer"];
/// Stands between things.
const AND: &[&str] = &["and", "und", "&", "+", ","];
/// Says nothing here.
const SILENT: &[&str] = &[
    "to",
    "on",
    "access",
    "permission",
    "please",
    "the",
    "me",
    "with",
    "i",
    "need",
    "zugriff",
    "zugang",
    "auf",
    "bitte",
    "den",
    "die",
    "das",
    "ich",
    "brauche",
    "mit",
    "mir",
];
/// German words for what permissions are often called.
const TRANSLATED: &[(&str, &str)] = &[
    ("lesen", "read"),
    ("lesend", "read"),
    ("lesezugriff", "read"),
    ("leserechte", "read"),
    ("schreiben", "write"),
    ("schreibend", "write"),
    ("schreibzugriff", "write"),
    ("schreibrechte", "write"),
    ("verbinden", "connect"),
    ("verwalten", "admin"),
];
impl Line {
    /// Reads a line.
    pub fn read(text: &str, known: &Known<'_>) -> Self {
        let (before, justification) = split_reason(text);
        let spaced = spaced(before);
        let mut words: Vec<&str> = spaced.split_whitespace().collect();
        let mut line = Self { justification, ..Self::default() };
        if words.len() > MOST_WORDS {
            line.unclear.push(words.split_off(MOST_WORDS).join(" "));
        }
        let mut names = line.facts(&words, known);
        if line.ticket.is_none() {
            // A ticket in the reason is the ticket; it stays in the text as well.
            let why = line.justification.clone().unwrap_or_default();
            line.ticket = why.split_whitespace().find_map(|word| ticket(word, known));
        }
        line.name(&mut names, known);
        line
    }

    /// Takes everything that is no name; what is left, in groups of words.
    fn facts<'w>(&mut self, words: &[&'w str], known: &Known<'_>) -> Vec<Vec<&'w str>> {
        let mut groups: Vec<Vec<&str>> = vec![Vec::new()];
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            let small = word.to_lowercase();
            if AND.contains(&small.as_str()) {
                groups.push(Vec::new());
                rest = after;
            } else if FOR.contains(&small.as_str()) {
                rest = self.take_for(word, after);
            } else if let Some(person) = word.strip_prefix('@').filter(|name| !name.is_empty()) {
                self.set_person(person);
                rest = after;
            } else if let Some((duration, taken)) = time_at(rest) {
                self.set_duration(duration, rest.get(..taken).unwrap_or_default());
                rest = rest.get(taken..).unwrap_or_default();
            } else if let Some(found) = ticket(word, known) {
                match self.ticket {
                    None => self.ticket = Some(found),
                    Some(_) => self.unclear.push((*word).to_owned()),
                }
                rest = after;
            } else {
                if let Some(group) = groups.last_mut() {
                    group.push(*word);
                }
                rest = after;
            }
        }
        groups
    }

    /// What follows *for*: a length of time or a person; anything else is not understood.
    fn take_for<'r, 'w>(&mut self, word: &str, after: &'r [&'w str]) -> &'r [&'w str] {
        if let Some((duration, taken)) = time_at(after) {
            self.set_duration(duration, after.get(..taken).unwrap_or_default());
            return after.get(taken..).unwrap_or_default();
        }
        let Some((next, rest)) = after.split_first() else {
            self.unclear.push(word.to_owned());
            return after;
        };
        match next.strip_prefix('@').filter(|name| !name.is_empty()) {
            Some(person) => self.set_person(person),
            // Without the mark it is a person only where nobody is named yet.
            None if self.person.is_none() && next.chars().all(is_of_a_name) => {
                self.set_person(next);
            }
            None => self.unclear.push(format!("{word} {next}")),
        }
        rest
    }

    fn set_duration(&mut self, duration: TimeDelta, words: &[&str]) {
        match self.duration {
            None => self.duration = Some(duration),
            Some(_) => self.unclear.push(words.join(" ")),
        }
    }

    fn set_person(&mut self, name: &str) {
        match &self.person {
            None => self.person = Some(name.to_owned()),
            Some(_) => self.unclear.push(format!("@{name}")),
        }
    }

    /// Reads the groups of words that are left as names with permissions.
    fn name(&mut self, groups: &mut Vec<Vec<&str>>, known: &Known<'_>) {
        let mut loose: Vec<String> = Vec::new();
        for group in groups.drain(..) {
            let mut permissions: Vec<String> = Vec::new();
            let mut names: Vec<&str> = Vec::new();
            for word in group {
                let small = word.to_lowercase();
                match permission(&small, known) {
                    Some(permission) => permissions.push(permission),
                    None if SILENT.contains(&small.as_str()) => {}
                    None => names.push(word),
                }
            }
            if names.is_empty() {
                loose.extend(permissions);
                continue;
            }
            let permission = permissions.pop();
            // Two permissions for one thing are one too many to guess from.
            let is_one = permissions.is_empty();
            self.unclear.extend(permissions);
            let permission = match is_one {
                true => permission,
                false => {
                    self.unclear.extend(permission);
                    None
                }
            };
            self.wanted.push(Wanted { words: names.join(" "), permission });
        }
        self.spread(loose);
    }

    /// The one permission that a line names is meant for everything in it.
    fn spread(&mut self, loose: Vec<String>) {
        let of_things = self.wanted.iter().filter_map(|one| one.permission.clone());
        let named: BTreeSet<String> = of_things.chain(loose.iter().cloned()).collect();
        let mut named = named.into_iter();
        let (Some(only), None) = (named.next(), named.next()) else {
            self.unclear.extend(loose);
            return;
        };
        if self.wanted.is_empty() {
            // A permission alone may well be a resource's name.
            self.wanted.push(Wanted { words: only, permission: None });
            return;
        }
        for one in &mut self.wanted {
            one.permission.get_or_insert_with(|| only.clone());
        }
    }
}

/// The text with every comma as a word of its own, since it stands between things; one inside a
/// number, as in `1,5h`, stays there.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    // Whether the word so far is a number, to its end.
    let mut is_number = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_inside = is_number && chars.peek().is_some_and(char::is_ascii_digit);
        match c {
            ',' if !is_inside => spaced.push_str(" , "),
            _ => spaced.push(c),
        }
        let begins = spaced.chars().rev().nth(1).is_none_or(char::is_whitespace);
        is_number = c.is_ascii_digit() && (is_number || begins);
    }
    spaced
}

/// What stands before the reason, and the reason.
fn split_reason(text: &str) -> (&str, Option<String>) {
    let mut from = 0;
    for word in text.split_whitespace() {
        let Some(at) = text.get(from..).and_then(|rest| rest.find(word)) else { break };
        let (begins, ends) = (from + at, from + at + word.len());
        if BECAUSE.contains(&word.to_lowercase().as_str()) {
            let (before, after) = (text.get(..begins), text.get(ends..));
            let reason = after.unwrap_or_default().trim();
            let reason = reason.strip_prefix("of ").unwrap_or(reason).trim_start();
            let reason = (!reason.is_empty()).then(|| reason.to_owned());
            return (before.unwrap_or_default(), reason);
        }
        from = ends;
    }
    (text, None)
}

/// The length of time that these words begin with, and how many of them it takes.
fn time_at(words: &[&str]) -> Option<(TimeDelta, usize)> {
    let begins = words.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let most = if begins { words.len().min(DURATION_WORDS) } else { 0 };
    (1..=most).rev().find_map(|taken| {
        let text: Vec<&str> = words.iter().take(taken).copied().collect();
        duration::parse(&text.join(" ")).ok().map(|duration| (duration, taken))
    })
}

fn ticket(word: &str, known: &Known<'_>) -> Option<(TicketTypeId, String)> {
    let bare = word.trim_matches(|c: char| matches!(c, ':' | ';' | '.' | '(' | ')' | '!' | '?'));
    let read = |of_type: &&TicketType| Some((of_type.id.clone(), of_type.pattern.read(bare)?));
    if bare.is_empty() { None } else { known.tickets.iter().find_map(read) }
}

/// The permission that a word names, as it is called here.
fn permission(small: &str, known: &Known<'_>) -> Option<String> {
    let known = known.permissions?;
    if known.contains(small) {
        return Some(small.to_owned());
    }
    let translated = TRANSLATED.iter().find(|(german, _)| *german == small)?.1;
    known.contains(translated).then(|| translated.to_owned())
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_')
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
