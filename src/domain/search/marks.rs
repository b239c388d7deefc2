//! Which resources are marked with what: types, permissions, systems. Narrowing a set of allowed
//! resources to those with a mark is one pass over bits, or over a short list where few have it.
use super::bits::Bits;
use super::lists::{Postings, number};
use super::{Allowed, Index};
use std::collections::HashMap;

/// Marks on the resources of one index; an index built anew needs new marks.
#[derive(Debug)]
pub struct Marks {
    /// Ascending.
    names: Vec<String>,
    postings: Postings,
}

impl Marks {
    /// Narrows the set to what has the mark; to nothing where no resource has it.
    pub fn keep(&self, name: &str, allowed: &mut Allowed) {
        allowed.0.keep(&self.having(name, allowed));
    }

    /// Whether any of these resources has the mark.
    pub fn is_in(&self, name: &str, allowed: &Allowed) -> bool {
        self.place(name).is_some_and(|place| self.postings.meets(place, &allowed.0))
    }

    /// All marks, ascending.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The marks that any of these resources has, ascending.
    pub fn names_in(&self, allowed: &Allowed) -> Vec<&str> {
        let named = self.names.iter().zip(0..);
        let has = |place: u32| self.postings.meets(place, &allowed.0);
        named.filter(|(_, place)| has(*place)).map(|(name, _)| name.as_str()).collect()
    }

    /// The resources with the mark, in a set that is as large as `like`.
    fn having(&self, name: &str, like: &Allowed) -> Bits {
        let mut having = like.0.clone();
        having.clear();
        if let Some(place) = self.place(name) {
            self.postings.collect(place..place.saturating_add(1), &mut having);
        }
        having
    }

    fn place(&self, name: &str) -> Option<u32> {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).ok().map(number)
    }
}

impl Index {
    /// Marks the entries: `of` answers the marks of one, the same whenever it is asked.
    pub fn mark<'a, M: IntoIterator<Item = &'a str>>(&self, of: impl Fn(u32) -> M) -> Marks {
        let mut known: HashMap<&'a str, u32> = HashMap::new();
        for &entry in &self.entries {
            of(entry).into_iter().for_each(|name| {
                known.insert(name, 0);
            });
        }
        let mut names: Vec<&str> = known.keys().copied().collect();
        names.sort_unstable();
        for (name, place) in names.iter().zip(0..) {
            known.insert(name, place);
        }
        let postings = Postings::build(names.len(), self.len(), |each| {
            for (&entry, resource) in self.entries.iter().zip(0..) {
                let places = of(entry).into_iter().filter_map(|name| known.get(name));
                places.for_each(|&place| each(place, resource));
            }
        });
        let names = names.into_iter().map(str::to_owned).collect();
        Marks { names, postings }
    }
}
