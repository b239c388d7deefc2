//! Words misspelled by one letter: one too many, one missing, one replaced, or two swapped.
//!
//! A word of four letters or more is meant when one such slip makes the typed word of it, or, from
//! five typed letters on, of its beginning, so that a slip early in a word does not empty the list
//! while the rest of it is being typed. (Shorter beginnings would mean almost anything.)
use super::vocabulary::Vocabulary;
use std::ops::Range;

/// Shorter words are meant as they are typed.
const SHORTEST_TYPED: usize = 3;
/// Shorter words are not looked for with a slip.
const SHORTEST_MEANT: usize = 4;
/// From so many typed letters on, the beginning of a word is enough.
const SHORTEST_BEGINNING: usize = 5;

/// Whether the text has at least so many letters.
pub(super) fn has_letters(text: &str, at_least: usize) -> bool {
    text.chars().nth(at_least.saturating_sub(1)).is_some()
}

/// Whether `word` may be meant by `typed`, which does not begin it.
pub(super) fn is_meant(typed: &str, word: &str) -> bool {
    is_one_slip_away(typed, word)
        && has_letters(typed, SHORTEST_TYPED)
        && has_letters(word, SHORTEST_MEANT)
}

fn is_one_slip_away(typed: &str, word: &str) -> bool {
    let is_beginning = has_letters(typed, SHORTEST_BEGINNING);
    let ends = |typed: &str, word: &str| {
        if is_beginning { word.starts_with(typed) } else { word == typed }
    };
    let (mut typed, mut word) = (typed.chars(), word.chars());
    loop {
        let (typed_rest, word_rest) = (typed.as_str(), word.as_str());
        let Some(t) = typed.next() else { return ends("", word_rest) };
        let w = word.next();
        if w == Some(t) {
            continue;
        }
        let (typed_after, word_after) = (typed.as_str(), word.as_str());
        return ends(typed_after, word_rest)
            || w.is_some_and(|w| {
                ends(typed_rest, word_after)
                    || ends(typed_after, word_after)
                    || (typed.next() == Some(w)
                        && word.next() == Some(t)
                        && ends(typed.as_str(), word.as_str()))
            });
    }
}

/// Calls `each` with ranges that together are every word that may be meant by `typed`, and perhaps
/// words that begin with it.
pub(super) fn meant(vocabulary: &Vocabulary, typed: &str, mut each: impl FnMut(Range<u32>)) {
    if !has_letters(typed, SHORTEST_TYPED) {
        return;
    }
    let is_beginning = has_letters(typed, SHORTEST_BEGINNING);
    let mut ends = |within: Range<u32>, at: usize, rest: &str| {
        let range = vocabulary.narrow(within, at, rest);
        if is_beginning {
            each(range);
        } else if !range.is_empty() {
            let word = vocabulary.word(range.start);
            if word.len() == at + rest.len() && has_letters(word, SHORTEST_MEANT) {
                each(range.start..range.start + 1);
            }
        }
    };
    let mut same = 0..vocabulary.len();
    for (at, letter) in typed.char_indices() {
        if same.is_empty() {
            return;
        }
        let here = typed.get(at..).unwrap_or_default();
        let after = typed.get(at + letter.len_utf8()..).unwrap_or_default();
        ends(same.clone(), at, after);
        if let Some(next) = after.chars().next() {
            let later = after.get(next.len_utf8()..).unwrap_or_default();
            ends(same.clone(), at, &format!("{next}{letter}{later}"));
        }
        each_branch(vocabulary, same.clone(), at, |branch, other| {
            let next = at + other.len_utf8();
            ends(branch.clone(), next, after);
            ends(branch, next, here);
        });
        same = vocabulary.narrow(same, at, letter.encode_utf8(&mut [0; 4]));
    }
}

/// Splits a range of words that share their first `at` bytes by the letter that follows.
fn each_branch(
    vocabulary: &Vocabulary,
    range: Range<u32>,
    at: usize,
    mut each: impl FnMut(Range<u32>, char),
) {
    let mut start = range.start;
    while start < range.end {
        let word = vocabulary.word(start);
        let Some(letter) = word.get(at..).and_then(|rest| rest.chars().next()) else {
            start += 1;
            continue;
        };
        let branch = vocabulary.narrow(start..range.end, at, letter.encode_utf8(&mut [0; 4]));
        start = branch.end.max(start + 1);
        each(branch, letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        for (typed, word, expected) in [
            ("paymets", "payments", true),
            ("paymentss", "payments", true),
            ("pazments", "payments", true),
            ("apyments", "payments", true),
            ("pyament", "payments", true),
            ("xpaym", "payments", true),
            ("pymets", "payments", false),
            ("pyam", "payments", false),
            ("prd", "prod", true),
            ("prdo", "prod", true),
            ("ro", "prod", false),
            ("eux", "eu", false),
            ("dbq", "dbs", false),
            ("équipe", "equipe", true),
        ] {
            assert_eq!(is_meant(typed, word), expected, "{typed} for {word}");
        }
    }

    #[test]
    fn looking_up_finds_what_comparing_finds() {
        let words = ["abba", "abbaab", "abcd", "baba", "babb", "bbb", "payments", "éaba"];
        let vocabulary = Vocabulary::new(words.into_iter());
        let mut typed = vec![String::new()];
        for _ in 0..5 {
            let longer: Vec<String> = typed
                .iter()
                .flat_map(|text| ["a", "b", "é"].map(|letter| format!("{text}{letter}")))
                .collect();
            typed.extend(longer);
        }
        for typed in typed {
            let mut found = BTreeSet::new();
            meant(&vocabulary, &typed, |range| found.extend(range));
            for (number, word) in (0..).zip(words) {
                if !word.starts_with(typed.as_str()) {
                    assert_eq!(
                        found.contains(&number),
                        is_meant(&typed, word),
                        "{typed} for {word}"
                    );
                }
            }
        }
    }
}
