//! Many lists of numbers, back to back in two allocations, and the two uses that the index makes of
//! them: what a key holds, and which keys hold a number.
use super::bits::Bits;
use std::ops::Range;

/// `length` as a number of the index, which counts in 32 bits to stay small.
pub(super) fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The first number in `range` for which `is_before` is false, given that it is true for all
/// numbers up to one place and false from there on.
pub(super) fn first(range: Range<u32>, mut is_before: impl FnMut(u32) -> bool) -> u32 {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start + (end - start) / 2;
        if is_before(middle) {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    start
}

/// Lists of numbers, named 0, 1, 2 and so on.
#[derive(Debug)]
pub(super) struct Lists {
    /// Where each list starts in `items`, and where the last one ends.
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Default for Lists {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl Lists {
    /// Adds a list at the end.
    pub(super) fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        self.items.extend(items);
        self.starts.push(number(self.items.len()));
    }

    /// The list named `at`; empty when there is none.
    pub(super) fn get(&self, at: u32) -> &[u32] {
        self.span(at..at.saturating_add(1))
    }

    /// The lists of a range of names, as one.
    pub(super) fn span(&self, names: Range<u32>) -> &[u32] {
        let start = self.starts.get(names.start as usize);
        let end = self.starts.get(names.end as usize);
        match (start, end) {
            (Some(&start), Some(&end)) => {
                self.items.get(start as usize..end as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> u32 {
        number(self.starts.len()).saturating_sub(1)
    }

    /// Replaces every item.
    pub(super) fn replace(&mut self, mut by: impl FnMut(u32) -> u32) {
        self.items.iter_mut().for_each(|item| *item = by(*item));
    }

    /// Gives back memory that was kept for growing.
    pub(super) fn shrink(&mut self) {
        self.starts.shrink_to_fit();
        self.items.shrink_to_fit();
    }

    /// The bytes that the lists take.
    pub(super) fn bytes(&self) -> usize {
        (self.starts.capacity() + self.items.capacity()) * size_of::<u32>()
    }
}

/// Fills lists whose lengths are known, in any order of their names.
pub(super) struct Filler {
    lists: Lists,
    next: Vec<u32>,
}

impl Filler {
    /// Lists of these lengths, to be filled.
    pub(super) fn new(lengths: impl Iterator<Item = u32>) -> Self {
        let mut starts = vec![0_u32];
        let mut end = 0_u32;
        starts.extend(lengths.map(|length| {
            end = end.saturating_add(length);
            end
        }));
        let next = starts.clone();
        Self { lists: Lists { starts, items: vec![0; end as usize] }, next }
    }

    /// Adds an item to the list named `name`.
    pub(super) fn add(&mut self, name: u32, item: u32) {
        if let Some(next) = self.next.get_mut(name as usize)
            && let Some(place) = self.lists.items.get_mut(*next as usize)
        {
            *place = item;
            *next += 1;
        }
    }

    /// The lists.
    pub(super) fn done(self) -> Lists {
        self.lists
    }
}

/// Which resources hold a word: a list, or a set of bits where that is smaller.
#[derive(Debug)]
pub(super) struct Postings {
    lists: Lists,
    /// Words in many resources, ascending; their lists are empty.
    sets: Vec<WordSet>,
}

/// The resources of one word that many hold.
#[derive(Debug)]
struct WordSet {
    word: u32,
    count: usize,
    set: Bits,
}

/// A list takes 32 bits a resource that holds the word, a set one bit for every resource.
const BITS_IN_A_LIST_ITEM: usize = 32;

impl Postings {
    /// Builds from `each`, which calls its argument with every pair of word and resource, in
    /// ascending order of the resources, the same both times that it runs.
    pub(super) fn build(
        words: usize,
        resources: usize,
        each: impl Fn(&mut dyn FnMut(u32, u32)),
    ) -> Self {
        let mut counts = vec![0_u32; words];
        each(&mut |word, _| {
            if let Some(count) = counts.get_mut(word as usize) {
                *count += 1;
            }
        });
        let many = number(resources / BITS_IN_A_LIST_ITEM).max(1);
        let is_set = |word: u32| counts.get(word as usize).is_some_and(|&count| count > many);
        let mut sets: Vec<WordSet> = (0..number(words))
            .zip(&counts)
            .filter(|&(_, &count)| count > many)
            .map(|(word, &count)| WordSet {
                word,
                count: count as usize,
                set: Bits::none(resources),
            })
            .collect();
        let mut lists =
            Filler::new(counts.iter().map(|&count| if count > many { 0 } else { count }));
        each(&mut |word, resource| {
            if !is_set(word) {
                lists.add(word, resource);
            } else if let Ok(at) = sets.binary_search_by_key(&word, |many| many.word)
                && let Some(many) = sets.get_mut(at)
            {
                many.set.insert(resource);
            }
        });
        Self { lists: lists.done(), sets }
    }

    /// Adds to `found` the resources that hold a word of the range.
    pub(super) fn collect(&self, words: Range<u32>, found: &mut Bits) {
        for &resource in self.lists.span(words.clone()) {
            found.insert(resource);
        }
        self.sets_of(words).for_each(|many| found.add(&many.set));
    }

    /// Whether any resource of the set holds the word.
    pub(super) fn meets(&self, word: u32, set: &Bits) -> bool {
        self.lists.get(word).iter().any(|&resource| set.contains(resource))
            || self.sets_of(word..word.saturating_add(1)).any(|many| many.set.meets(set))
    }

    /// About how much work it is to collect the range.
    pub(super) fn weight(&self, words: Range<u32>) -> usize {
        let in_lists = self.lists.span(words.clone()).len();
        in_lists + self.sets_of(words).map(|many| many.count).sum::<usize>()
    }

    fn sets_of(&self, words: Range<u32>) -> impl Iterator<Item = &WordSet> {
        let from = self.sets.partition_point(|many| many.word < words.start);
        let rest = self.sets.get(from..).unwrap_or_default();
        rest.iter().take_while(move |many| many.word < words.end)
    }

    /// The bytes that the postings take.
    pub(super) fn bytes(&self) -> usize {
        self.lists.bytes()
            + self.sets.iter().map(|many| many.set.bytes() + size_of::<WordSet>()).sum::<usize>()
    }
}
