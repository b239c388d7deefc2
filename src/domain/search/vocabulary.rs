//! The distinct words of all resources, in order, and the ways to look them up: by the whole word,
//! by how it begins (neighbours in the order), by a part of it (its groups of three letters), and
//! by how it ends.
use super::lists::{Filler, Lists, first, number};
use std::collections::HashMap;
use std::ops::Range;

/// Every word that some resource holds; a word's number is its place in the order.
#[derive(Debug)]
pub(super) struct Vocabulary {
    text: String,
    /// Where each word starts in `text`, and where the last one ends.
    starts: Vec<u32>,
    grams: Grams,
}

impl Vocabulary {
    /// The vocabulary of these distinct words, which are in order.
    pub(super) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        let mut starts = vec![0];
        for word in words {
            text.push_str(word);
            starts.push(number(text.len()));
        }
        text.shrink_to_fit();
        starts.shrink_to_fit();
        let mut vocabulary = Self { text, starts, grams: Grams::default() };
        vocabulary.grams = Grams::of(&vocabulary);
        vocabulary
    }

    /// How many words there are.
    pub(super) fn len(&self) -> u32 {
        number(self.starts.len()).saturating_sub(1)
    }

    /// The word with this number; empty when there is none.
    pub(super) fn word(&self, number: u32) -> &str {
        let at = number as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&end)) => {
                self.text.get(start as usize..end as usize).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The number of this word.
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let at = first(0..self.len(), |number| self.word(number) < word);
        (at < self.len() && self.word(at) == word).then_some(at)
    }

    /// The words that begin so.
    pub(super) fn beginning(&self, with: &str) -> Range<u32> {
        self.narrow(0..self.len(), 0, with)
    }

    /// Of a range of words that share their first `at` bytes, those that go on with `next`.
    pub(super) fn narrow(&self, range: Range<u32>, at: usize, next: &str) -> Range<u32> {
        let rest = |number: u32| self.word(number).as_bytes().get(at..).unwrap_or_default();
        let next = next.as_bytes();
        let start = first(range.clone(), |number| rest(number) < next);
        let end = first(start..range.end, |number| rest(number).starts_with(next));
        start..end
    }

    /// Calls `each` with ranges of words that together are those that have `part`, of three
    /// letters or more, in them.
    pub(super) fn containing(&self, part: &str, mut each: impl FnMut(Range<u32>)) {
        let (mut words, is_sure) = self.perhaps_containing(part);
        while let [word, after @ ..] = words {
            words = after;
            let run = if is_sure {
                let neighbours = after.iter().zip(*word + 1..).take_while(|(a, b)| **a == *b);
                *word..*word + 1 + number(neighbours.count())
            } else if let Some(end) = end_of(self.word(*word), part) {
                *word..self.sharing(*word, end)
            } else {
                continue;
            };
            if run.len() > 1 {
                let from = after.partition_point(|later| *later < run.end);
                words = after.get(from..).unwrap_or_default();
            }
            each(run);
        }
    }

    /// The end of the run of words, from this one on, that share its first `bytes` bytes.
    fn sharing(&self, word: u32, bytes: usize) -> u32 {
        let beginning = self.word(word).as_bytes().get(..bytes).unwrap_or_default();
        let shares = |number: u32| self.word(number).as_bytes().starts_with(beginning);
        let mut step = 1;
        while word + step < self.len() && shares(word + step) {
            step *= 2;
        }
        first(word + step / 2..self.len().min(word + step), shares).max(word + 1)
    }

    /// Words, ascending, among which are all those that have `part` in them; whether they all do.
    pub(super) fn perhaps_containing(&self, part: &str) -> (&[u32], bool) {
        let mut grams = Vec::new();
        windows_of_three(part, |gram| grams.push(gram));
        (self.grams.rarest(&grams), grams.len() == 1)
    }

    /// Calls `each` with every word that ends so.
    pub(super) fn ending(&self, with: &str, mut each: impl FnMut(u32)) {
        let gram = last_gram(with);
        for &word in self.grams.rarest(&[gram]) {
            if self.word(word).ends_with(with) {
                each(word);
            }
        }
    }

    /// The bytes that the vocabulary takes.
    pub(super) fn bytes(&self) -> usize {
        self.text.capacity() + self.starts.capacity() * size_of::<u32>() + self.grams.bytes()
    }
}

/// Where in `word` the first `part` ends. Words are short, so that the plain way is the fastest.
pub(super) fn end_of(word: &str, part: &str) -> Option<usize> {
    let part = part.as_bytes();
    let mut windows = word.as_bytes().windows(part.len().max(1));
    let start = windows.position(|window| window.first() == part.first() && window == part)?;
    Some(start + part.len())
}

/// Stands for the end of a word; no word contains it.
const END: char = '\0';

/// Three characters in one number: none is above 21 bits.
fn gram(a: char, b: char, c: char) -> u64 {
    (u64::from(u32::from(a)) << 42) | (u64::from(u32::from(b)) << 21) | u64::from(u32::from(c))
}

fn windows_of_three(word: &str, mut each: impl FnMut(u64)) {
    let chars = word.chars();
    for ((a, b), c) in chars.clone().zip(chars.clone().skip(1)).zip(chars.skip(2)) {
        each(gram(a, b, c));
    }
}

/// The gram of a word's last two letters, or of its last where it has only one.
fn last_gram(word: &str) -> u64 {
    let mut back = word.chars().rev();
    match (back.next(), back.next()) {
        (Some(last), Some(before)) => gram(before, last, END),
        (Some(last), None) => gram(last, END, END),
        (None, _) => gram(END, END, END),
    }
}

/// Every group of three neighbouring letters, with the words that it occurs in; and the same for
/// the last two and the last one of each word.
#[derive(Debug, Default)]
struct Grams {
    /// In order.
    keys: Vec<u64>,
    /// The words of each key, ascending.
    words: Lists,
}

impl Grams {
    fn of(vocabulary: &Vocabulary) -> Self {
        let mut counts: HashMap<u64, u32> = HashMap::new();
        each_gram(vocabulary, |gram, _| *counts.entry(gram).or_default() += 1);
        let mut keys: Vec<u64> = counts.keys().copied().collect();
        keys.sort_unstable();
        let mut filler =
            Filler::new(keys.iter().map(|key| counts.get(key).copied().unwrap_or_default()));
        let places: HashMap<u64, u32> = keys.iter().copied().zip(0..).collect();
        each_gram(vocabulary, |gram, word| {
            if let Some(&place) = places.get(&gram) {
                filler.add(place, word);
            }
        });
        Self { keys, words: filler.done() }
    }

    /// The words of the gram that occurs in the fewest; empty when one of them occurs nowhere.
    fn rarest(&self, grams: &[u64]) -> &[u32] {
        let words = |gram: &u64| {
            self.keys.binary_search(gram).map_or(&[][..], |at| self.words.get(number(at)))
        };
        grams.iter().map(words).min_by_key(|words| words.len()).unwrap_or_default()
    }

    fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<u64>() + self.words.bytes()
    }
}

/// Calls `each` once with every gram and word that it occurs in, words ascending.
fn each_gram(vocabulary: &Vocabulary, mut each: impl FnMut(u64, u32)) {
    let mut grams = Vec::new();
    for number in 0..vocabulary.len() {
        let word = vocabulary.word(number);
        grams.clear();
        windows_of_three(word, |gram| grams.push(gram));
        let mut back = word.chars().rev();
        if let Some(last) = back.next() {
            grams.push(gram(last, END, END));
            grams.extend(back.next().map(|before| gram(before, last, END)));
        }
        grams.sort_unstable();
        grams.dedup();
        grams.iter().for_each(|&gram| each(gram, number));
    }
}
