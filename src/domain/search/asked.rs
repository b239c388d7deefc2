//! What a person typed, folded and looked up in the vocabulary once.
use super::bits::Bits;
use super::lists::{Postings, first};
use super::misspelling;
use super::vocabulary::{Vocabulary, end_of};
use super::{Index, fold};
use std::ops::Range;

/// A longer text is no name that a person would type or paste.
const LONGEST_TEXT_BYTES: usize = 1 << 16;
/// A text of more different words is looked for as a whole only: no resource matches so many.
const MOST_TERMS: usize = 16;
/// Fewer letters are looked for at the beginning of words only.
const SHORTEST_PART: usize = 3;

/// How well a resource's words match, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// They begin so.
    Beginning,
    /// They have it in them.
    Part,
    /// But for one letter.
    Misspelled,
}

/// The text of a query.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The text as written, hashed.
    pub(super) spelled: u64,
    /// Its words, in order.
    words: Vec<String>,
    /// Each word's number, where some resource holds it.
    pub(super) known: Vec<Option<u32>>,
    /// The words of the vocabulary that the last word begins.
    pub(super) last: Range<u32>,
    /// Its different words, rarest first; none when there are too many.
    pub(super) terms: Vec<Term>,
    /// The text as a row of words, where it may be one in a name.
    pub(super) phrase: Option<Phrase>,
}

/// Several words that stand in a row: the first perhaps only the end of a word of the name, the
/// last the beginning of one. Together they have enough letters to look for them inside names.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) first: String,
    /// Those between, whole words.
    pub(super) middle: Vec<u32>,
    /// The words of the vocabulary that the last one begins.
    pub(super) last: Range<u32>,
}

/// One word to be matched.
#[derive(Debug)]
pub(super) struct Term {
    text: String,
    /// Its letters suffice to look for it inside words.
    is_part: bool,
    /// The words of the vocabulary that begin so.
    pub(super) beginning: Range<u32>,
}

/// Hashes a text as written, but for the space around it (FNV-1a).
pub(super) fn spelling(text: &str) -> u64 {
    text.trim().bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Four bytes of the hash, to tell apart the few names that fold alike.
pub(super) fn short(spelling: u64) -> u32 {
    let mixed = (spelling ^ (spelling >> 32)) & u64::from(u32::MAX);
    u32::try_from(mixed).unwrap_or_default()
}

impl Asked {
    /// Reads the text; nothing when it is longer than any name.
    pub(super) fn read(text: &str, index: &Index) -> Option<Self> {
        if text.len() > LONGEST_TEXT_BYTES {
            return None;
        }
        let vocabulary = &index.vocabulary;
        let mut asked = Self { spelled: spelling(text), ..Self::default() };
        fold::words(text, |word| asked.words.push(word.to_owned()));
        let mut different: Vec<&String> = asked.words.iter().collect();
        different.sort_unstable();
        different.dedup();
        if different.len() <= MOST_TERMS {
            asked.terms = different.iter().map(|word| Term::new(word, vocabulary)).collect();
            asked.terms.sort_by_cached_key(|term| index.postings.weight(term.beginning.clone()));
        }
        if asked.words.len() <= index.most_words {
            asked.known = asked.words.iter().map(|word| vocabulary.find(word)).collect();
        }
        if let [.., last] = asked.words.as_slice() {
            asked.last = vocabulary.beginning(last);
        }
        asked.phrase = asked.phrase();
        Some(asked)
    }

    /// The numbers of a run of its words, when all are known.
    pub(super) fn run(&self, words: Range<usize>) -> Option<Vec<u32>> {
        self.known.get(words)?.iter().copied().collect()
    }

    fn phrase(&self) -> Option<Phrase> {
        let end = self.known.len();
        if end < 2 || !misspelling::has_letters(&self.words.concat(), SHORTEST_PART) {
            return None;
        }
        let (first, middle) = (self.words.first()?.clone(), self.run(1..end - 1)?);
        Some(Phrase { first, middle, last: self.last.clone() })
    }
}

impl Term {
    fn new(word: &str, vocabulary: &Vocabulary) -> Self {
        Self {
            text: word.to_owned(),
            is_part: misspelling::has_letters(word, SHORTEST_PART),
            beginning: vocabulary.beginning(word),
        }
    }

    /// How well this word of the vocabulary matches.
    pub(super) fn level(&self, vocabulary: &Vocabulary, word: u32) -> Option<Level> {
        if self.beginning.contains(&word) {
            return Some(Level::Beginning);
        }
        let word = vocabulary.word(word);
        if self.is_part && end_of(word, &self.text).is_some() {
            return Some(Level::Part);
        }
        misspelling::is_meant(&self.text, word).then_some(Level::Misspelled)
    }

    /// About how many words it would take to look at to find those that have it in them.
    pub(super) fn part_weight(&self, vocabulary: &Vocabulary) -> usize {
        if self.is_part { vocabulary.perhaps_containing(&self.text).0.len() } else { 0 }
    }

    /// About how much work it would take to collect all that match at least in part.
    pub(super) fn weight(&self, index: &Index) -> usize {
        let beginning = index.postings.weight(self.beginning.clone());
        beginning + self.part_weight(&index.vocabulary)
    }

    /// Adds to `found` the resources that match at this level, and perhaps at better ones.
    pub(super) fn collect(&self, index: &Index, level: Level, found: &mut Bits) {
        let Index { vocabulary, postings, .. } = index;
        match level {
            Level::Beginning => postings.collect(self.beginning.clone(), found),
            Level::Part if self.is_part => {
                vocabulary.containing(&self.text, |words| postings.collect(words, found));
            }
            Level::Part => {}
            Level::Misspelled => misspelling::meant(vocabulary, &self.text, |words| {
                postings.collect(words, found);
            }),
        }
    }
}

/// Adds to `found` the resources that hold the word.
pub(super) fn collect_word(postings: &Postings, word: u32, found: &mut Bits) {
    postings.collect(word..word.saturating_add(1), found);
}

impl Index {
    /// The resources whose names are exactly these words.
    pub(super) fn named(&self, words: &[u32]) -> Range<u32> {
        let start = first(0..self.bound(), |number| self.names.get(number) < words);
        let end = first(start..self.bound(), |number| self.names.get(number) == words);
        start..end
    }

    /// The resources whose names begin with `words` and then a word of `last`.
    pub(super) fn named_beginning(&self, words: &[u32], last: Range<u32>) -> Range<u32> {
        let bound = |word: u32| {
            let mut bound = words.to_vec();
            bound.push(word);
            first(0..self.bound(), |number| self.names.get(number) < bound.as_slice())
        };
        if last.is_empty() { 0..0 } else { bound(last.start)..bound(last.end) }
    }

    /// Whether the phrase is in the resource's name.
    pub(super) fn has_phrase(&self, number: u32, phrase: &Phrase) -> bool {
        let ends = |word: u32| self.vocabulary.word(word).ends_with(&phrase.first);
        self.names.get(number).windows(phrase.middle.len() + 2).any(|row| match row {
            [start, between @ .., end] => {
                phrase.last.contains(end) && between == phrase.middle && ends(*start)
            }
            _ => false,
        })
    }
}
