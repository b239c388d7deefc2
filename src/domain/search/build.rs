//! Building the index: read every entry once, put the vocabulary and then the names in order, and
//! note where each word occurs.
use super::asked::{short, spelling};
use super::lists::{Lists, Postings, number};
use super::vocabulary::Vocabulary;
use super::{Entry, Index, fold};
use std::collections::HashMap;

/// Comparing one resource takes about as long as a set's worth of so many.
const FEW: usize = 1_000;
/// Up to so many are compared in no time, however small the sets are.
const LEAST_FEW: usize = 50;
/// Up to so many are compared in well under a millisecond.
const MOST_FEW: usize = 1_000;

/// What was read of the entries; words are numbered as they came.
#[derive(Default)]
struct Reading<'a> {
    words: HashMap<String, u32>,
    names: Lists,
    places: Lists,
    known_places: HashMap<[&'a str; 3], u32>,
    place_of: Vec<u32>,
    written: Vec<&'a str>,
    ids: Vec<(u64, u32)>,
}

impl<'a> Reading<'a> {
    fn add(&mut self, entry: Entry<'a>) {
        let at = number(self.written.len());
        let name = self.numbered([entry.name]);
        self.names.push(name);
        let place = match self.known_places.get(&entry.place) {
            Some(&place) => place,
            None => self.add_place(entry.place),
        };
        self.place_of.push(place);
        self.written.push(entry.name);
        if entry.id.trim() != entry.name.trim() {
            self.ids.push((spelling(entry.id), at));
        }
    }

    fn add_place(&mut self, texts: [&'a str; 3]) -> u32 {
        let mut words = self.numbered(texts);
        words.sort_unstable();
        words.dedup();
        let place = self.places.len();
        self.places.push(words);
        self.known_places.insert(texts, place);
        place
    }

    fn numbered<const N: usize>(&mut self, texts: [&str; N]) -> Vec<u32> {
        let mut numbers = Vec::new();
        for text in texts {
            fold::words(text, |word| {
                let known = self.words.get(word).copied();
                numbers.push(known.unwrap_or_else(|| {
                    let new = number(self.words.len());
                    self.words.insert(word.to_owned(), new);
                    new
                }));
            });
        }
        numbers
    }

    /// The vocabulary in order; words are renumbered to it.
    fn settle_words(&mut self) -> Vocabulary {
        let mut words: Vec<(String, u32)> = std::mem::take(&mut self.words).into_iter().collect();
        words.sort_unstable();
        let mut places = vec![0; words.len()];
        for ((_, came), place) in words.iter().zip(0..) {
            if let Some(slot) = places.get_mut(*came as usize) {
                *slot = place;
            }
        }
        let place_of = |came: u32| places.get(came as usize).copied().unwrap_or_default();
        self.names.replace(place_of);
        self.places.replace(place_of);
        Vocabulary::new(words.iter().map(|(word, _)| word.as_str()))
    }

    /// The entries in the order of their names as folded, as written, and as they came.
    fn by_name(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..number(self.written.len())).collect();
        let written = |entry: u32| self.written.get(entry as usize);
        order.sort_unstable_by(|&a, &b| {
            let folded = self.names.get(a).cmp(self.names.get(b));
            folded.then_with(|| written(a).cmp(&written(b))).then(a.cmp(&b))
        });
        order
    }
}

impl Index {
    /// Builds the index; an entry is named by its place in the iteration from then on.
    pub fn build<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let mut reading = Reading::default();
        entries.into_iter().for_each(|entry| reading.add(entry));
        let vocabulary = reading.settle_words();
        let entries = reading.by_name();
        let Reading { names: came, mut places, place_of, written, mut ids, .. } = reading;
        let at = |list: &[u32], entry: u32| list.get(entry as usize).copied().unwrap_or_default();
        let mut names = Lists::default();
        let mut numbers = vec![0; entries.len()];
        for (&entry, resource) in entries.iter().zip(0..) {
            names.push(came.get(entry).iter().copied());
            if let Some(slot) = numbers.get_mut(entry as usize) {
                *slot = resource;
            }
        }
        drop(came);
        names.shrink();
        places.shrink();
        let place_of: Vec<u32> = entries.iter().map(|&entry| at(&place_of, entry)).collect();
        let spelled = entries
            .iter()
            .map(|&entry| written.get(entry as usize).map_or(0, |name| short(spelling(name))))
            .collect();
        ids.iter_mut().for_each(|(_, entry)| *entry = at(&numbers, *entry));
        ids.sort_unstable();
        ids.shrink_to_fit();
        let most_words = most_words(&names, &place_of, &places);
        let postings = postings(&vocabulary, &names, &place_of, &places);
        let few = (entries.len() / FEW).clamp(LEAST_FEW, MOST_FEW);
        Self {
            vocabulary,
            postings,
            names,
            place_of,
            places,
            spelled,
            ids,
            entries,
            numbers,
            most_words,
            few,
        }
    }
}

fn most_words(names: &Lists, place_of: &[u32], places: &Lists) -> usize {
    let words = |(place, name): (&u32, u32)| names.get(name).len() + places.get(*place).len();
    place_of.iter().zip(0..).map(words).max().unwrap_or_default()
}

fn postings(vocabulary: &Vocabulary, names: &Lists, place_of: &[u32], places: &Lists) -> Postings {
    Postings::build(vocabulary.len() as usize, place_of.len(), |each| {
        for (&place, resource) in place_of.iter().zip(0..) {
            let (name, place) = (names.get(resource), places.get(place));
            for (at, &word) in name.iter().enumerate() {
                if !name.iter().take(at).any(|before| *before == word) {
                    each(word, resource);
                }
            }
            for &word in place.iter().filter(|word| !name.contains(word)) {
                each(word, resource);
            }
        }
    })
}
