//! What a justification says, word by word.
use super::Setting;
use super::words::{self, Power};
use crate::domain::ticket::{LONGEST_NUMBER, TicketType};
use std::collections::HashSet;

/// Longer words are no words; links and pasted data are.
const LONGEST_WORD: usize = 45;
/// More than this part of the words being new is usual; below it a text repeats itself.
const LEAST_NEW: usize = 5;
/// Texts of fewer words may repeat one.
const FEW_WORDS: usize = 8;

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Words that carry meaning, each once: neither filler nor the words for asking itself.
    topics: HashSet<String>,
    /// Every word.
    words: usize,
    /// Different words.
    different: HashSet<String>,
    /// Words that are none.
    noise: usize,
    /// Words in letters that are neither of English nor of German.
    foreign: usize,
    acts: bool,
    power: Option<Power>,
    /// The strongest permission that is named as such: `write access`.
    asked: Option<Power>,
    gives_reason: bool,
    /// Whether the reason being read needs what is done right behind it.
    is_near: bool,
    less_is_too_little: bool,
    has_ticket: bool,
    other_ticket: Option<String>,
}

impl Said {
    pub(super) fn of(text: &str, setting: &Setting<'_>) -> Self {
        let mut said = Self::default();
        let mut words: Vec<String> = Vec::new();
        for chunk in text.split_whitespace() {
            said.look_for_tickets(chunk, setting.tickets);
            // A ticket or a link is one thing, and no words.
            if is_like_ticket(edges_off(chunk)) || chunk.contains("://") {
                continue;
            }
            for word in chunk.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
            {
                words.extend(said.hear(word));
            }
        }
        said.understand(&words);
        said.less_is_too_little = words::less_is_too_little(text);
        said
    }

    fn look_for_tickets(&mut self, chunk: &str, types: &[&TicketType]) {
        let bare = edges_off(chunk);
        if bare.is_empty() || bare.len() > 4 * LONGEST_NUMBER {
            return;
        }
        if is_ticket(bare, types) {
            self.has_ticket = true;
        } else if is_like_ticket(bare) && self.other_ticket.is_none() {
            self.other_ticket = Some(short(bare));
        }
    }

    /// Counts a word; gives it back where it is one.
    fn hear(&mut self, word: &str) -> Option<String> {
        self.words += 1;
        if word.chars().any(|c| c.is_alphabetic() && !is_known_letter(c)) {
            self.foreign += 1;
            self.different.insert(word.to_owned());
            return None;
        }
        let word = folded(word);
        self.different.insert(word.clone());
        if word.chars().all(|c| c.is_ascii_digit()) {
            return Some(word);
        }
        if !is_word(&word) {
            self.noise += 1;
            return None;
        }
        Some(word)
    }

    fn understand(&mut self, words: &[String]) {
        // The nearest reason before this word, as long as it reaches here.
        let mut reason_until = 0;
        for (at, word) in words.iter().enumerate() {
            let is_next_asked = words.get(at + 1).is_some_and(|next| words::is_asked(next));
            let power = words::power_of(word);
            if words::is_asked(word) || (is_next_asked && power.is_some()) {
                self.asked = self.asked.max(power);
                continue;
            }
            let acts = power.is_some() || words::is_action(word);
            let is_topic = !acts
                && !words::is_filler(word)
                && word.chars().count() > 1
                && !word.chars().all(|c| c.is_ascii_digit());
            self.power = self.power.max(power);
            self.acts |= acts;
            self.gives_reason |= at < reason_until && (acts || (is_topic && !self.is_near));
            if is_topic {
                self.topics.insert(word.clone());
            }
            if words::is_reason(word) {
                let reach = words::reach(word);
                // A reason that reaches farther is not forgotten for one that does not.
                if at + 1 + reach >= reason_until {
                    reason_until = at + 1 + reach;
                    // `access to payments` names a thing, `back to the bank` and `to unblock` tell why.
                    let before = at.checked_sub(1).and_then(|before| words.get(before));
                    self.is_near =
                        reach == 1 && before.is_none_or(|before| words::is_asked(before));
                }
            }
        }
    }

    /// Whether these are no words, or few over and over.
    pub(super) fn is_senseless(&self) -> bool {
        let real = self.words - self.noise;
        let is_noise = self.noise > 0 && self.noise * 2 >= self.words;
        let repeats = self.words >= FEW_WORDS
            && self.different.len() * LEAST_NEW < self.words
            && !self.is_long_prose();
        let is_one_word_over = self.words >= 4 && self.different.len() == 1;
        real == 0 && !self.has_ticket && self.other_ticket.is_none()
            || is_noise
            || repeats
            || is_one_word_over
    }

    /// Long texts use their small words often.
    fn is_long_prose(&self) -> bool {
        self.topics.len() >= 40
    }

    /// Whether most of it is in letters that the checker cannot read.
    pub(super) fn is_foreign(&self) -> bool {
        self.foreign * 2 > self.words
    }

    /// Whether something will be done.
    pub(super) fn acts(&self) -> bool {
        self.acts
    }

    /// How many different things it is about.
    pub(super) fn topics(&self) -> usize {
        self.topics.len()
    }

    /// The strongest permission that what is described needs.
    pub(super) fn power(&self) -> Option<Power> {
        self.power
    }

    /// Whether the permission itself is named.
    pub(super) fn names(&self, permission: &str) -> bool {
        let mut parts =
            permission.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let mut any = false;
        let all = parts.all(|part| {
            any = true;
            let part = folded(part);
            self.different.contains(&part) || self.different.contains(&format!("{part}s"))
        });
        any && all
    }

    /// The strongest permission that it names as what is asked: `write access`.
    pub(super) fn asked(&self) -> Option<Power> {
        self.asked
    }

    /// Whether it says that less would not do.
    pub(super) fn less_is_too_little(&self) -> bool {
        self.less_is_too_little
    }

    /// Whether it says why, and not only what.
    pub(super) fn gives_reason(&self) -> bool {
        self.gives_reason
    }

    /// Whether it names a ticket that counts.
    pub(super) fn has_ticket(&self) -> bool {
        self.has_ticket
    }

    /// What looks like a ticket and does not count.
    pub(super) fn other_ticket(&self) -> Option<&str> {
        self.other_ticket.as_deref()
    }
}

/// A text without what does not count when two are compared.
pub(super) fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut plain = String::with_capacity(text.len());
    for word in words {
        plain.push_str(&folded(word));
        plain.push(' ');
    }
    plain
}

/// Whether a text is the number of one of these types, or looks like one where there are none.
pub(super) fn is_ticket(text: &str, types: &[&TicketType]) -> bool {
    match types {
        [] => is_like_ticket(text),
        types => types.iter().any(|of_type| of_type.pattern.read(text).is_some()),
    }
}

/// `INC-42`, `ops_7`, `#1234`.
fn is_like_ticket(text: &str) -> bool {
    let is_number = |digits: &str| {
        (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    if let Some(digits) = text.strip_prefix('#') {
        return is_number(digits);
    }
    let Some((letters, digits)) = text.rsplit_once(['-', '_', '#']) else { return false };
    let is_project = (2..=12).contains(&letters.len())
        && letters.bytes().all(|b| b.is_ascii_alphanumeric())
        && letters.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    is_project && is_number(digits)
}

/// A number as hints repeat it.
pub(super) fn short(number: &str) -> String {
    number.chars().take(LONGEST_NUMBER).collect()
}

/// Without the punctuation around it; `#` belongs to numbers.
fn edges_off(chunk: &str) -> &str {
    let is_edge = |c: char| !c.is_alphanumeric() && c != '#';
    chunk.trim_start_matches(is_edge).trim_end_matches(|c: char| !c.is_alphanumeric())
}

/// In small letters, umlauts without their dots.
fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'á' | 'à' | 'â' => folded.push('a'),
            'ö' | 'ó' | 'ò' | 'ô' => folded.push('o'),
            'ü' | 'ú' | 'ù' | 'û' => folded.push('u'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'ß' => folded.push_str("ss"),
            other => folded.push(other),
        }
    }
    folded
}

/// A letter that English or German text may hold, names included.
fn is_known_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{c0}'..='\u{17f}').contains(&c)
}

/// Whether it could be a word: it has a vowel, no letter four times over, and is not what hands
/// type that rest on a keyboard.
fn is_word(word: &str) -> bool {
    let count = word.chars().count();
    if count > LONGEST_WORD || words::is_mash(word) {
        return false;
    }
    let mut run = 0;
    let mut last = None;
    for c in word.chars() {
        run = if last == Some(c) { run + 1 } else { 1 };
        last = Some(c);
        if run > 3 && !c.is_ascii_digit() {
            return false;
        }
    }
    let has_vowel = word.chars().any(|c| "aeiouy".contains(c) || !c.is_ascii());
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    has_vowel || has_digit || count <= 4 || words::is_abbreviation(word)
}
