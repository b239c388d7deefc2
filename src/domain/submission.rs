//! One filled form becomes one request per access flow (R10): an exact partition.
//!
//! Every chosen item lands in exactly one part or is refused with a reason; nothing is dropped,
//! nothing is added. Parts stand in the order of the flows, items in the order they were chosen.
use super::catalog::Item;
use super::flow::{Approval, Flow};
use super::id::PersonId;
use super::policy::Policy;
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// Most items that one form may hold.
pub const MOST_ITEMS: usize = 1000;

/// What one flow governs of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'p> {
    /// The flow that governs these.
    pub flow: &'p Flow,
    /// What is asked for under it; never empty.
    pub items: Vec<Item>,
}

/// An item that became no request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedItem {
    /// What was asked for.
    pub item: Item,
    /// Why not.
    pub why: WhyRefused,
}

/// Why an item became no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyRefused {
    /// No flow lets this person ask for it, or there is no such thing; the two look the same.
    #[error("you cannot ask for this")]
    NotYours,
    /// The form holds more than [`MOST_ITEMS`].
    #[error("a form holds at most 1,000 things; ask for the rest in another")]
    TooMany,
}

/// A form, split.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split<'p> {
    /// One for every flow that governs something.
    pub parts: Vec<Part<'p>>,
    /// What became no request.
    pub refused: Vec<RefusedItem>,
}

/// Splits what `requester` chose for `grantee` by the flows that govern it.
pub fn split<'p>(
    policy: &'p Policy,
    requester: &PersonId,
    grantee: &PersonId,
    chosen: &[Item],
) -> Split<'p> {
    let mut split = Split::default();
    let mut seen = BTreeSet::new();
    for item in chosen.iter().filter(|item| seen.insert(*item)) {
        let refuse = |why| RefusedItem { item: item.clone(), why };
        if split.parts.iter().map(|part| part.items.len()).sum::<usize>() >= MOST_ITEMS {
            split.refused.push(refuse(WhyRefused::TooMany));
            continue;
        }
        let Some(flow) = policy.governing(requester, grantee, item) else {
            split.refused.push(refuse(WhyRefused::NotYours));
            continue;
        };
        match split.parts.iter_mut().find(|part| part.flow.id == flow.id) {
            Some(part) => part.items.push(item.clone()),
            None => split.parts.push(Part { flow, items: vec![item.clone()] }),
        }
    }
    let place = |part: &Part<'_>| policy.flows.iter().position(|flow| flow.id == part.flow.id);
    split.parts.sort_by_key(place);
    split
}

impl Split<'_> {
    /// The longest that the whole form may ask for: the strictest of the flows that can give
    /// something. A flow that only denies has no say in how long.
    pub fn longest(&self) -> Option<TimeDelta> {
        let is_giving = |part: &&Part<'_>| !matches!(part.flow.approval, Approval::Denied(_));
        let giving = self.parts.iter().filter(is_giving).map(|part| part.flow.longest).min();
        giving.or_else(|| self.parts.iter().map(|part| part.flow.longest).max())
    }
}
#[cfg(test)]
#[path = "submission_tests.rs"]
mod tests;
