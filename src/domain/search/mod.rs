//! Finding resources by what a person types, over the whole catalogue, in memory.
//!
//! ```text
//! entries --build--> Index --search(text, allowed, boosted, limit)--> Found { hits, more, at_least }
//! ```
//!
//! A resource is found when its name begins with the text or has it in the middle, or when every
//! word of the text, in any order, matches some word of its name, its integration or its type:
//! by the whole word, by its beginning, by three letters or more from its middle, or with one letter
//! misspelled. Case, accents and the kind of separator do not count. Best first:
//!
//! 1. the name as written, or the id; then the name but for case, accents and separators; then the
//!    name and in the further words its integration or type (`payments prod-postgres`)
//! 2. the boosted ones, in the caller's order, where every word is spelled right
//! 3. the name begins with the text; then the name begins with a word of the text,
//!    and words begin with the others
//! 4. words begin so
//! 5. parts of words
//! 6. misspelled words
//!
//! Within each, by name, then in the order of the entries. An entry is named by its place in that
//! order, 0 first. The same index and query give the same answer always.
//!
//! Inside, resources are numbered in the order of their names, so that the best hits of a kind are
//! its lowest numbers, and a set of resources is one bit each: "which match every word, are allowed
//! and not yet found" is a few passes over 125 KB for a million resources. Where few resources are
//! left to look at, each is compared with the text instead.
mod allowed;
mod asked;
mod bits;
mod build;
mod fold;
mod gather;
mod lists;
mod marks;
mod matching;
mod misspelling;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use allowed::Allowed;
pub use marks::Marks;

use super::catalog::Catalog;
use super::resources::Parts;
use lists::{Lists, Postings};
use vocabulary::Vocabulary;

/// One resource, as the index is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its id in its integration: finds it when typed whole.
    pub id: &'a str,
    /// How people call it.
    pub name: &'a str,
    /// Where it is and what it is, shared by many: integration id, integration name, type.
    pub place: [&'a str; 3],
}

impl<'a> Entry<'a> {
    /// The entry of a resource of this catalogue.
    pub fn of(catalog: &'a Catalog, resource: Parts<'a>) -> Self {
        let Parts { integration, id, name, kind, .. } = resource;
        let place = [integration.as_str(), catalog.integration_name(integration), kind];
        Self { id, name, place }
    }
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// As typed.
    pub text: &'a str,
    /// Nothing else is found.
    pub allowed: &'a Allowed,
    /// Entries that come early, best first: few, such as a person's recent ones.
    pub boosted: &'a [u32],
    /// How many hits at most.
    pub limit: usize,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Entries, best first, none twice.
    pub hits: Vec<u32>,
    /// Whether others match too: the person should refine.
    pub more: bool,
    /// How many match at least; exact when there are no more than the hits.
    pub at_least: usize,
}

/// All resources, ready to be searched.
#[derive(Debug)]
pub struct Index {
    vocabulary: Vocabulary,
    /// Which resources hold a word, in their name or place.
    postings: Postings,
    /// The words of each resource's name.
    names: Lists,
    /// Each resource's place.
    place_of: Vec<u32>,
    /// The words of each place.
    places: Lists,
    /// Each resource's name as written, hashed.
    spelled: Vec<u32>,
    /// Hashes of the ids that are not also names, ascending, and whose they are.
    ids: Vec<(u64, u32)>,
    /// Each resource's entry.
    entries: Vec<u32>,
    /// Each entry's resource.
    numbers: Vec<u32>,
    /// The most words that a name and its place hold; a longer text is no name.
    most_words: usize,
    /// With so few resources to look at, comparing each is quicker than sets.
    few: usize,
}

impl Index {
    /// The index over every resource of the catalogue, entries in the catalogue's order.
    pub fn of(catalog: &Catalog) -> Self {
        Self::build(catalog.resources.parts().map(|resource| Entry::of(catalog, resource)))
    }

    /// How many resources there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The bytes of memory that the index takes.
    pub fn bytes(&self) -> usize {
        let four = self.place_of.capacity() + self.spelled.capacity();
        let four = four + self.entries.capacity() + self.numbers.capacity();
        self.vocabulary.bytes()
            + self.postings.bytes()
            + self.names.bytes()
            + self.places.bytes()
            + self.ids.capacity() * size_of::<(u64, u32)>()
            + four * size_of::<u32>()
    }
}
