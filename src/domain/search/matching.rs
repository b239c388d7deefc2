//! All that match a text: the set that "284 of 1,204 match" counts and "add all" adds.
//!
//! What is only misspelled does not match here: nobody shall ask for what they did not name.
use super::asked::{Asked, Level, collect_word};
use super::bits::Bits;
use super::{Allowed, Index};

impl Index {
    /// Of what is allowed, all that match the text, spelled right. An empty text matches all.
    pub fn matching(&self, text: &str, allowed: &Allowed) -> Allowed {
        let mut open = allowed.0.clone();
        open.fit(self.len());
        if text.trim().is_empty() {
            return Allowed(open);
        }
        let Some(asked) = Asked::read(text, self) else { return self.allow_none() };
        let mut found = Bits::none(self.len());
        self.exact(&asked, &open).into_iter().for_each(|number| found.insert(number));
        if open.has_at_most(self.few) {
            for number in open.within(0..self.bound()) {
                if self.level(number, &asked).is_some_and(|level| level < Level::Misspelled) {
                    found.insert(number);
                }
            }
        } else {
            self.collect_words(&asked, &open, &mut found);
            self.collect_phrase(&asked, &open, &mut found);
        }
        found.keep(&open);
        Allowed(found)
    }

    /// Whether an entry is in the set.
    pub fn holds(&self, set: &Allowed, entry: u32) -> bool {
        self.numbers.get(entry as usize).is_some_and(|&number| set.0.contains(number))
    }

    /// The entries of a set in the order of their names, at most `limit`.
    pub fn listed(&self, set: &Allowed, limit: usize) -> Vec<u32> {
        let numbers = set.0.within(0..self.bound()).take(limit);
        numbers.filter_map(|number| self.entries.get(number as usize).copied()).collect()
    }

    /// Those that have every word, by its beginning or in part.
    fn collect_words(&self, asked: &Asked, open: &Bits, found: &mut Bits) {
        if asked.terms.is_empty() {
            return;
        }
        let mut fits = open.clone();
        for term in &asked.terms {
            let mut set = Bits::none(self.len());
            term.collect(self, Level::Beginning, &mut set);
            term.collect(self, Level::Part, &mut set);
            fits.keep(&set);
        }
        found.add(&fits);
    }

    /// Those that have the text in the middle of their names.
    fn collect_phrase(&self, asked: &Asked, open: &Bits, found: &mut Bits) {
        let Some(phrase) = &asked.phrase else { return };
        let mut may = open.clone();
        let mut set = Bits::none(self.len());
        self.postings.collect(phrase.last.clone(), &mut set);
        may.keep(&set);
        for &word in &phrase.middle {
            let mut set = Bits::none(self.len());
            collect_word(&self.postings, word, &mut set);
            may.keep(&set);
        }
        for number in may.within(0..self.bound()) {
            if !found.contains(number) && self.has_phrase(number, phrase) {
                found.insert(number);
            }
        }
    }
}
