//! What each person can reach: for which resources some flow admits them, narrowed by system, type
//! and permission. Worked out once for each policy; combined per flow in sets of one bit a resource.
use crate::domain::flow::Selector;
use crate::domain::id::PersonId;
use crate::domain::policy::Policy;
use crate::domain::resources::Parts;
use crate::domain::search::{Allowed, Index, Marks};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Most sets kept that were put together; each takes one bit a resource.
const MOST_KEPT: usize = 32;

/// What narrows a search, all of it together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Sieve {
    /// In this integration, by its id.
    pub integration: Option<String>,
    /// Of this type.
    pub kind: Option<String>,
    /// What can be asked for with this permission.
    pub permission: Option<String>,
}

/// Who asks, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Who asks.
    pub requester: PersonId,
    /// Who shall receive it.
    pub grantee: PersonId,
}

/// The sets of one policy.
#[derive(Debug)]
pub(super) struct Reach {
    /// For each flow, for each of its selectors: what it offers with some permission.
    covered: Vec<Vec<Allowed>>,
    integrations: Marks,
    kinds: Marks,
    permissions: Marks,
    kept: Mutex<HashMap<Wanted, Arc<Allowed>>>,
}

/// Which flows admit, by their places, and what is sieved out.
type Wanted = (Vec<usize>, Sieve);

impl Pair {
    /// Somebody who asks for themselves.
    pub fn oneself(person: PersonId) -> Self {
        Self { requester: person.clone(), grantee: person }
    }
}

impl Reach {
    /// Works the sets out.
    pub(super) fn of(policy: &Policy, index: &Index) -> Self {
        let resources = &policy.catalog.resources;
        let parts = |entry: u32| usize::try_from(entry).ok().and_then(|n| resources.parts_at(n));
        let cover = |selector: &Selector| {
            let mut known: HashMap<u32, bool> = HashMap::new();
            index.allow(|entry| {
                parts(entry).is_some_and(|parts| {
                    let may = known.entry(parts.shape).or_insert_with(|| may_fit(selector, &parts));
                    *may && selector.names(parts.name, parts.id)
                })
            })
        };
        let covered =
            policy.flows.iter().map(|flow| flow.what.iter().map(cover).collect()).collect();
        Self {
            covered,
            integrations: index.mark(|n| parts(n).map(|parts| parts.integration.as_str())),
            kinds: index.mark(|n| parts(n).map(|parts| parts.kind)),
            permissions: index.mark(|n| {
                parts(n).into_iter().flat_map(|parts| parts.permissions).map(String::as_str)
            }),
            kept: Mutex::default(),
        }
    }

    /// What `pair` can reach through the sieve.
    pub(super) fn reached(
        &self,
        policy: &Policy,
        index: &Index,
        pair: &Pair,
        sieve: &Sieve,
    ) -> Arc<Allowed> {
        let directory = &policy.directory;
        let flows = policy.flows.iter().enumerate();
        let admitting: Vec<usize> = flows
            .filter(|(_, flow)| flow.admits_people(directory, &pair.requester, &pair.grantee))
            .map(|(place, _)| place)
            .collect();
        let wanted = (admitting, sieve.clone());
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&wanted) {
            return Arc::clone(known);
        }
        let made = Arc::new(self.sieved(policy, index, &wanted));
        let mut kept = kept();
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(wanted, Arc::clone(&made));
        made
    }

    fn sieved(&self, policy: &Policy, index: &Index, (flows, sieve): &Wanted) -> Allowed {
        let mut allowed = index.allow_none();
        let permission = sieve.permission.as_deref();
        for place in flows {
            let Some((flow, covered)) = policy.flows.get(*place).zip(self.covered.get(*place))
            else {
                continue;
            };
            // A selector that means another permission offers nothing with this one.
            for (selector, covered) in flow.what.iter().zip(covered) {
                if permission.is_none_or(|wanted| selector.permission.matches(wanted)) {
                    allowed.add(covered);
                }
            }
        }
        for (marks, name) in [
            (&self.integrations, &sieve.integration),
            (&self.kinds, &sieve.kind),
            (&self.permissions, &sieve.permission),
        ] {
            if let Some(name) = name {
                marks.keep(name, &mut allowed);
            }
        }
        allowed
    }

    /// Every type there is.
    pub(super) fn kinds(&self) -> &[String] {
        self.kinds.names()
    }

    /// Every permission there is.
    pub(super) fn permissions(&self) -> &[String] {
        self.permissions.names()
    }

    /// The integrations among these, by id.
    pub(super) fn integrations_in(&self, allowed: &Allowed) -> Vec<&str> {
        self.integrations.names_in(allowed)
    }

    /// The types among these.
    pub(super) fn kinds_in(&self, allowed: &Allowed) -> Vec<&str> {
        self.kinds.names_in(allowed)
    }

    /// The permissions that `pair` can ask for on some of these, ascending.
    pub(super) fn permissions_in(
        &self,
        policy: &Policy,
        pair: &Pair,
        these: &Allowed,
    ) -> Vec<&str> {
        let mut offered: BTreeSet<&str> = BTreeSet::new();
        for (flow, covered) in policy.flows.iter().zip(&self.covered) {
            if !flow.admits_people(&policy.directory, &pair.requester, &pair.grantee) {
                continue;
            }
            for (selector, covered) in flow.what.iter().zip(covered) {
                let mut both = covered.clone();
                both.keep(these);
                let fits = |name: &&String| {
                    !offered.contains(name.as_str())
                        && selector.permission.matches(name)
                        && self.permissions.is_in(name, &both)
                };
                let new: Vec<&String> = self.permissions.names().iter().filter(fits).collect();
                offered.extend(new.into_iter().map(String::as_str));
            }
        }
        offered.into_iter().collect()
    }
}

/// Whether a selector can mean resources of this shape, whatever their names.
fn may_fit(selector: &Selector, parts: &Parts<'_>) -> bool {
    selector.integration.matches(parts.integration.as_str())
        && selector.kind.matches(parts.kind)
        && parts.permissions.iter().any(|permission| selector.permission.matches(permission))
}
