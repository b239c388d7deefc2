//! Choosing: what can be found, listed and counted of what a person may ask for, in memory.
use super::catalogue::{Found, Offer, Snapshot, handle, offer_of};
use super::reach::{Pair, Sieve};
use crate::domain::catalog::{Bundle, Item, ResourceRef};
use crate::domain::draft::Basket;
use crate::domain::id::{BundleId, IntegrationId, PersonId};
use crate::domain::person::Person;
use crate::domain::search::Query;
use crate::domain::submission::MOST_ITEMS;
use crate::domain::words::has_words;

/// Hexadecimal digits that stand for a text among few others.
const SHORT_DIGITS: usize = 16;

/// How many match, of how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// So many match words and filters.
    pub matching: usize,
    /// So many can be asked for.
    pub all: usize,
}

/// Everything that matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllMatching {
    /// The first by name, as many as a form holds.
    pub items: Vec<Item>,
    /// How many match.
    pub total: usize,
    /// How many of them are in the basket.
    pub known: usize,
}

impl Snapshot {
    /// Searches what `pair` can reach through the sieve, in memory; `preferred` come early.
    pub fn seek(
        &self,
        pair: &Pair,
        sieve: &Sieve,
        text: &str,
        preferred: &[ResourceRef],
        limit: usize,
    ) -> Found {
        let allowed = self.reach.reached(&self.policy, &self.index, pair, sieve);
        let resources = &self.policy.catalog.resources;
        let boosted: Vec<u32> = preferred
            .iter()
            .filter_map(|at| resources.entry_of(at))
            .filter_map(|entry| u32::try_from(entry).ok())
            .collect();
        let query = Query { text, allowed: &allowed, boosted: &boosted, limit };
        let found = self.index.search(&query);
        Found { offers: self.offers_of(pair, sieve, found.hits), has_more: found.more }
    }

    /// How many match the words and the sieve, of all that `pair` may ask for.
    pub fn count(&self, pair: &Pair, sieve: &Sieve, text: &str) -> Counted {
        let all = self.reach.reached(&self.policy, &self.index, pair, &Sieve::default());
        let sieved = self.reach.reached(&self.policy, &self.index, pair, sieve);
        let matching = self.index.matching(text, &sieved);
        Counted { matching: matching.count(), all: all.count() }
    }

    /// Everything that matches and is not in the basket, by name, as far as there is room for it;
    /// what is only misspelled does not match.
    pub fn all_matching(
        &self,
        pair: &Pair,
        sieve: &Sieve,
        text: &str,
        basket: &Basket,
    ) -> Option<AllMatching> {
        let only = || self.only_permission(pair, sieve, text).map(str::to_owned);
        let permission = sieve.permission.clone().or_else(only)?;
        let sieve = Sieve { permission: Some(permission.clone()), ..sieve.clone() };
        let sieved = self.reach.reached(&self.policy, &self.index, pair, &sieve);
        let matching = self.index.matching(text, &sieved);
        let resources = &self.policy.catalog.resources;
        let has = |item: &&Item| {
            let entry = resources.entry_of(&item.at).and_then(|entry| u32::try_from(entry).ok());
            item.permission == permission
                && entry.is_some_and(|entry| self.index.holds(&matching, entry))
        };
        let known = basket.items().iter().filter(has).count();
        // The first so many by name hold as many new ones as there is room, or all.
        let first = self.index.listed(&matching, MOST_ITEMS);
        let resources = first.into_iter().filter_map(|entry| self.resource_at(entry));
        let items =
            resources.map(|resource| Item { at: resource.at, permission: permission.clone() });
        Some(AllMatching { items: items.collect(), total: matching.count(), known })
    }

    /// The one permission that can be asked for on all that match, where there is but one.
    pub fn only_permission(&self, pair: &Pair, sieve: &Sieve, text: &str) -> Option<&str> {
        let sieved = self.reach.reached(&self.policy, &self.index, pair, sieve);
        let matching = self.index.matching(text, &sieved);
        match self.reach.permissions_in(&self.policy, pair, &matching).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The integrations in which `pair` can reach something, by id.
    pub fn integrations_for(&self, pair: &Pair) -> Vec<IntegrationId> {
        let allowed = self.reach.reached(&self.policy, &self.index, pair, &Sieve::default());
        self.reach.integrations_in(&allowed).into_iter().map(IntegrationId::new).collect()
    }

    /// The types that `pair` can reach through the sieve.
    pub fn kinds_for(&self, pair: &Pair, sieve: &Sieve) -> Vec<&str> {
        let allowed = self.reach.reached(&self.policy, &self.index, pair, sieve);
        self.reach.kinds_in(&allowed)
    }

    /// The permissions that `pair` can reach through the sieve.
    pub fn permissions_for(&self, pair: &Pair, sieve: &Sieve) -> Vec<&str> {
        let allowed = self.reach.reached(&self.policy, &self.index, pair, sieve);
        self.reach.permissions_in(&self.policy, pair, &allowed)
    }

    /// The type that a short handle stands for.
    pub fn kind_of(&self, handle: &str) -> Option<&str> {
        meant(self.reach.kinds(), handle)
    }

    /// The permission that a short handle stands for.
    pub fn permission_of(&self, handle: &str) -> Option<&str> {
        meant(self.reach.permissions(), handle)
    }

    /// The permission of that name, without case.
    pub fn permission_named(&self, name: &str) -> Option<&str> {
        let mut all = self.reach.permissions().iter().map(String::as_str);
        all.find(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether `pair` may ask for it.
    pub fn may_ask(&self, pair: &Pair, item: &Item) -> bool {
        self.policy.governing(&pair.requester, &pair.grantee, item).is_some()
    }

    /// What of a bundle `pair` may ask for, in its order, and how many of it they may not.
    pub fn bundle_for(&self, pair: &Pair, id: &BundleId) -> Option<(&Bundle, Vec<Item>, usize)> {
        let bundle = self.policy.catalog.bundles.get(id)?;
        let offered: Vec<Item> =
            bundle.items.iter().filter(|item| self.may_ask(pair, item)).cloned().collect();
        let closed = bundle.items.len() - offered.len();
        (!offered.is_empty()).then_some((bundle, offered, closed))
    }

    /// The bundles of which `pair` may ask for something, by name.
    pub fn bundles_for(&self, pair: &Pair) -> Vec<&Bundle> {
        let may_some = |bundle: &&Bundle| bundle.items.iter().any(|item| self.may_ask(pair, item));
        let mut bundles: Vec<&Bundle> =
            self.policy.catalog.bundles.values().filter(may_some).collect();
        bundles.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        bundles
    }

    /// The people for whom `requester` may ask, by name, themselves included where they may.
    pub fn grantees_of(&self, requester: &PersonId) -> Vec<&Person> {
        self.policy.grantees_of(requester)
    }

    /// Those of them in whose name, address or id every one of these words is.
    pub fn people_named(&self, requester: &PersonId, words: &str) -> Vec<&Person> {
        let named = |person: &&Person| {
            has_words(&format!("{} {} {}", person.name, person.email, person.id), words)
        };
        self.grantees_of(requester).into_iter().filter(named).collect()
    }

    /// The thing that a short handle of [`item_handle`] stands for, while it is listed so.
    pub fn item_of(&self, handle: &str) -> Option<Item> {
        let (resource, digits) = handle.split_once(':')?;
        let resource = self.resource_of(resource)?;
        let is_meant = |permission: &&String| short_handle(permission) == digits;
        let permission = resource.permissions.iter().find(is_meant)?.clone();
        Some(Item { at: resource.at, permission })
    }

    fn offers_of(&self, pair: &Pair, sieve: &Sieve, entries: Vec<u32>) -> Vec<Offer> {
        let flows = self.policy.flows_for(&pair.requester, &pair.grantee);
        let is_wanted = |offered: &String| {
            sieve.permission.as_ref().is_none_or(|permission| permission == offered)
        };
        entries
            .into_iter()
            .filter_map(|entry| self.resource_at(entry))
            .filter_map(|resource| offer_of(&flows, resource))
            .map(|mut offer| {
                offer.permissions.retain(is_wanted);
                offer
            })
            .collect()
    }
}

/// A short text that stands for a resource with a permission, whatever their names.
pub fn item_handle(item: &Item) -> String {
    format!("{}:{}", handle(&item.at), short_handle(&item.permission))
}

/// A short text that stands for any text, among those that are there.
pub fn short_handle(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let first = digest.as_ref().first_chunk().copied().unwrap_or_default();
    format!("{:0SHORT_DIGITS$x}", u64::from_be_bytes(first))
}

fn meant<'a>(names: &'a [String], handle: &str) -> Option<&'a str> {
    names.iter().find(|name| short_handle(name) == handle).map(String::as_str)
}
