//! Which resources a search may find: worked out once for each access flow, then put together for
//! the flows that a grantee has. Takes one bit a resource.
use super::Index;
use super::bits::Bits;
use super::lists::number;

/// A set of resources of one index; an index built anew needs new sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(pub(super) Bits);

impl Allowed {
    /// Adds what `other` allows.
    pub fn add(&mut self, other: &Self) {
        self.0.add(&other.0);
    }

    /// Keeps only what `other` allows too, for example the resources of a type.
    pub fn keep(&mut self, other: &Self) {
        self.0.keep(&other.0);
    }

    /// How many resources are allowed.
    pub fn count(&self) -> usize {
        self.0.count()
    }
}

impl Index {
    /// The set of the entries for which `may` is true; asks once for each entry.
    pub fn allow(&self, mut may: impl FnMut(u32) -> bool) -> Allowed {
        let mut bits = Bits::none(self.len());
        for (&resource, entry) in self.numbers.iter().zip(0..) {
            if may(entry) {
                bits.insert(resource);
            }
        }
        Allowed(bits)
    }

    /// The empty set, to add to.
    pub fn allow_none(&self) -> Allowed {
        Allowed(Bits::none(self.len()))
    }

    /// The number below which all resources are.
    pub(super) fn bound(&self) -> u32 {
        number(self.len())
    }
}
