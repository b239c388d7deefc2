//! What approvers leave of what was asked for (R24): less time, fewer things, never more.
//!
//! A yes carries a [`Narrowing`]. What is left is worked out from what was asked for and every
//! narrowing since: the shortest time, and nothing that anybody took out. So none can widen it, in
//! whatever order they came, and what was asked for stays as it was sent. An earlier yes stands: it
//! was a yes to more.
use super::asked::{Asked, seconds};
use super::catalog::Item;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What one yes took away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowing {
    /// For how long at most, where that was shortened.
    #[serde(default, with = "seconds::maybe", skip_serializing_if = "Option::is_none")]
    pub duration: Option<TimeDelta>,
    /// What was taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Item>,
}

/// What is left of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left<'a> {
    /// What, in the order of what was asked for; never empty.
    pub items: Cow<'a, [Item]>,
    /// For how long.
    pub duration: TimeDelta,
    /// How often it was narrowed.
    pub times: usize,
}

/// What an approver would leave, as a form says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// How often it had been narrowed when they looked: whoever saw more than is left looks again.
    pub seen: Option<usize>,
    /// For how long; `None` as it stands.
    pub duration: Option<TimeDelta>,
    /// What of it.
    pub keep: Keep,
}

/// What of a request an approver would leave, by place in what was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Keep {
    /// All that is left.
    #[default]
    All,
    /// These.
    Only(Vec<usize>),
    /// All that is left but these.
    Without(Vec<usize>),
}

/// Why what an approver would leave cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotLess {
    /// Longer than what is left.
    #[error("approving may shorten the time, not add to it")]
    Longer {
        /// What is left.
        most: TimeDelta,
    },
    /// No time at all, or none that can be read.
    #[error("that is no time to choose")]
    NoTime,
    /// Something that was not asked for, or that somebody took out.
    #[error("approving may take things out, not add any")]
    Foreign,
    /// Nothing.
    #[error("approving leaves at least one thing")]
    Nothing,
    /// Another approver narrowed it since they looked.
    #[error("another approver narrowed it meanwhile")]
    Moved,
}

impl Narrowing {
    /// Whether it takes nothing away.
    pub fn is_none(&self) -> bool {
        self.duration.is_none() && self.without.is_empty()
    }
}

/// What is left of `asked` after these narrowings.
pub fn left<'a, 'n>(
    asked: &'a Asked,
    narrowings: impl IntoIterator<Item = &'n Narrowing>,
) -> Left<'a> {
    let (mut duration, mut times) = (asked.duration, 0);
    let mut gone: BTreeSet<&Item> = BTreeSet::new();
    for narrowing in narrowings.into_iter().filter(|narrowing| !narrowing.is_none()) {
        duration = narrowing.duration.map_or(duration, |shorter| shorter.min(duration));
        gone.extend(&narrowing.without);
        times += 1;
    }
    let items = match gone.is_empty() {
        true => Cow::Borrowed(asked.items.as_slice()),
        false => asked.items.iter().filter(|item| !gone.contains(item)).cloned().collect(),
    };
    Left { items, duration, times }
}

impl Wish {
    /// What it takes away of what is `left` of `asked`.
    ///
    /// # Errors
    ///
    /// [`NotLess`] where it would add something, leave nothing, or is about what is no longer so.
    pub fn narrowing(&self, asked: &Asked, left: &Left<'_>) -> Result<Narrowing, NotLess> {
        if self.seen.is_some_and(|seen| seen != left.times) {
            return Err(NotLess::Moved);
        }
        let duration = match self.duration {
            Some(wished) if wished > left.duration => {
                return Err(NotLess::Longer { most: left.duration });
            }
            Some(wished) if wished <= TimeDelta::zero() => return Err(NotLess::NoTime),
            wished => wished.filter(|wished| *wished < left.duration),
        };
        let is_left: BTreeSet<&Item> = left.items.iter().collect();
        let named = |places: &[usize]| {
            let item = |place: &usize| {
                let item = asked.items.get(*place).filter(|item| is_left.contains(item));
                item.ok_or(NotLess::Foreign)
            };
            places.iter().map(item).collect::<Result<BTreeSet<&Item>, NotLess>>()
        };
        let goes: BTreeSet<&Item> = match &self.keep {
            Keep::All => BTreeSet::new(),
            Keep::Only(places) => {
                let stays = named(places)?;
                is_left.difference(&stays).copied().collect()
            }
            Keep::Without(places) => named(places)?,
        };
        if goes.len() == is_left.len() {
            return Err(NotLess::Nothing);
        }
        let without = left.items.iter().filter(|item| goes.contains(item)).cloned().collect();
        Ok(Narrowing { duration, without })
    }
}

#[cfg(test)]
#[path = "narrow_tests.rs"]
mod tests;
