//! A set of resource numbers, one bit a number: a million of them take 125 KB and any operation on
//! two sets takes microseconds. Numbers past the end are in no set.
use std::ops::Range;

/// A set of numbers below a fixed bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

const fn block_of(number: u32) -> usize {
    (number >> 6) as usize
}

const fn mask_of(number: u32) -> u64 {
    1 << (number & 63)
}

impl Bits {
    /// The empty set, with room for the numbers below `bound`.
    pub(super) fn none(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Adds one number.
    pub(super) fn insert(&mut self, number: u32) {
        if let Some(block) = self.0.get_mut(block_of(number)) {
            *block |= mask_of(number);
        }
    }

    /// Takes one number out.
    pub(super) fn remove_one(&mut self, number: u32) {
        if let Some(block) = self.0.get_mut(block_of(number)) {
            *block &= !mask_of(number);
        }
    }

    /// Takes all numbers out.
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Whether any number is in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Changes the bound, for a set that was made for another one.
    pub(super) fn fit(&mut self, bound: usize) {
        self.0.resize(bound.div_ceil(64), 0);
    }

    /// Whether the number is in the set.
    pub(super) fn contains(&self, number: u32) -> bool {
        self.0.get(block_of(number)).is_some_and(|block| block & mask_of(number) != 0)
    }

    /// Adds everything in `other`.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    /// Keeps only what is also in `other`.
    pub(super) fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    /// How many numbers are in the set.
    pub(super) fn count(&self) -> usize {
        self.filled().map(|block| block.count_ones() as usize).sum()
    }

    /// Whether so many numbers or fewer are in the set.
    pub(super) fn has_at_most(&self, few: usize) -> bool {
        let mut count = 0;
        self.filled().all(|block| {
            count += block.count_ones() as usize;
            count <= few
        })
    }

    /// The blocks that hold numbers: most sets have few, and counting takes longer than looking.
    fn filled(&self) -> impl Iterator<Item = u64> {
        self.0.iter().copied().filter(|block| *block != 0)
    }

    /// The numbers within `range`, ascending.
    pub(super) fn within(&self, range: Range<u32>) -> impl Iterator<Item = u32> + '_ {
        let first = range.start & !63;
        let blocks = self.0.get(block_of(range.start)..).unwrap_or_default();
        (first..range.end)
            .step_by(64)
            .zip(blocks)
            .flat_map(|(base, &block)| Ones { base, block })
            .skip_while(move |&number| number < range.start)
            .take_while(move |&number| number < range.end)
    }

    /// The bytes that the set takes.
    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<u64>()
    }
}

/// The numbers of one block.
struct Ones {
    base: u32,
    block: u64,
}

impl Iterator for Ones {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.block == 0 {
            return None;
        }
        let lowest = self.block.trailing_zeros();
        self.block &= self.block - 1;
        Some(self.base + lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(
            a in prop::collection::btree_set(0_u32..300, 0..40),
            b in prop::collection::btree_set(0_u32..300, 0..40),
            from in 0_u32..320,
            to in 0_u32..320,
        ) {
            let bits = |set: &BTreeSet<u32>| {
                let mut bits = Bits::none(300);
                set.iter().for_each(|&number| bits.insert(number));
                bits
            };
            let list = |bits: &Bits| bits.within(0..300).collect::<BTreeSet<_>>();
            let (mut added, mut kept, mut removed) = (bits(&a), bits(&a), bits(&a));
            added.add(&bits(&b));
            kept.keep(&bits(&b));
            b.iter().for_each(|&number| removed.remove_one(number));

            prop_assert_eq!(list(&added), a.union(&b).copied().collect());
            prop_assert_eq!(list(&kept), a.intersection(&b).copied().collect());
            prop_assert_eq!(list(&removed), a.difference(&b).copied().collect());
            prop_assert_eq!(bits(&a).count(), a.len());
            prop_assert!((0..40).all(|few| bits(&a).has_at_most(few) == (a.len() <= few)));
            prop_assert!((0..400).all(|number| bits(&a).contains(number) == a.contains(&number)));
            let within: Vec<u32> = bits(&a).within(from..to).collect();
            let expected: Vec<u32> =
                a.iter().copied().filter(|number| (from..to).contains(number)).collect();
            prop_assert_eq!(within, expected);
        }
    }
}
