//! A connected system in memory that can hold a call, fail it, or lie when it is read back.
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use hallpass::connect::{AccessDetails, Connector, Fault, GrantOrder, Presence};
use hallpass::domain::catalog::{Entitlement, Resource};
use hallpass::domain::resources::Resources;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};
use tokio_util::sync::CancellationToken;

/// What the n-th generated resource is called.
type Namer = fn(usize) -> String;

/// The target and the way to it.
#[derive(Default)]
pub(crate) struct FakeTarget {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: BTreeSet<Entitlement>,
    calls: Vec<(&'static str, Entitlement)>,
    orders: Vec<(String, DateTime<Utc>)>,
    fails: Vec<(Fails, usize)>,
    holds: Vec<Hold>,
    lists: Vec<Resource>,
    generates: Option<(usize, Namer)>,
}

/// How calls go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fails {
    /// `revoke` fails and does nothing.
    Revoke(Fault),
    /// `read_back` says the contrary of what is so.
    Lies,
    /// `grant` of this resource alone fails and does nothing.
    GrantOf(String, Fault),
}

/// Where in a call it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Before it has its effect.
    Before,
    /// After it.
    After,
}

struct Hold {
    call: &'static str,
    place: Held,
    gate: CancellationToken,
    reached: CancellationToken,
}

/// A held call.
pub(crate) struct Holding {
    gate: CancellationToken,
    reached: CancellationToken,
}

impl Holding {
    /// Waits until the call is held.
    pub(crate) async fn is_reached(&self) {
        tokio::time::timeout(super::SOON, self.reached.cancelled()).await.unwrap();
    }

    /// Lets it go on.
    pub(crate) fn release(&self) {
        self.gate.cancel();
    }
}

impl FakeTarget {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Everything that the target gives.
    pub(crate) fn held(&self) -> Vec<Entitlement> {
        self.state().held.iter().cloned().collect()
    }

    /// Whether the target gives this.
    pub(crate) fn holds(&self, person: &str, resource: &str, permission: &str) -> bool {
        let item = super::policy::item(resource, permission);
        self.state().held.contains(&Entitlement { grantee: person.into(), item })
    }

    /// How often a call was made.
    pub(crate) fn count(&self, call: &str) -> usize {
        self.state().calls.iter().filter(|(made, _)| *made == call).count()
    }

    /// The resources that a call was made for, in order.
    pub(crate) fn called(&self, call: &str) -> Vec<String> {
        let state = self.state();
        let calls = state.calls.iter().filter(|(made, _)| *made == call);
        calls.map(|(_, entitlement)| entitlement.item.at.resource.clone()).collect()
    }

    /// What each `grant` was called by, and the end that it was told.
    pub(crate) fn orders(&self) -> Vec<(String, DateTime<Utc>)> {
        self.state().orders.clone()
    }

    /// Makes the next `times` calls that it is about go wrong.
    pub(crate) fn fails(&self, how: Fails, times: usize) {
        self.state().fails.push((how, times));
    }

    /// Ends every fault.
    pub(crate) fn recovers(&self) {
        self.state().fails.clear();
    }

    /// Holds the next `grant` or `revoke` at a place.
    pub(crate) fn hold(&self, call: &'static str, place: Held) -> Holding {
        let (gate, reached) = (CancellationToken::new(), CancellationToken::new());
        let hold = Hold { call, place, gate: gate.clone(), reached: reached.clone() };
        self.state().holds.push(hold);
        Holding { gate, reached }
    }

    /// What `list` answers from now on.
    pub(crate) fn lists(&self, resources: Vec<Resource>) {
        self.state().lists = resources;
    }

    /// Makes `list` answer so many resources of these names, made when it is called.
    pub(crate) fn generates(&self, count: usize, name: fn(usize) -> String) {
        self.state().generates = Some((count, name));
    }

    fn strike(&self, is_meant: impl Fn(&Fails) -> bool) -> Option<Fails> {
        let mut state = self.state();
        let found = state.fails.iter_mut().find(|(how, left)| *left > 0 && is_meant(how))?;
        found.1 -= 1;
        Some(found.0.clone())
    }

    async fn held_at(&self, call: &str, place: Held) {
        let held = {
            let mut state = self.state();
            let at = state.holds.iter().position(|hold| hold.call == call && hold.place == place);
            at.map(|at| state.holds.remove(at))
        };
        if let Some(hold) = held {
            hold.reached.cancel();
            hold.gate.cancelled().await;
        }
    }
}

impl Connector for FakeTarget {
    fn list(&self) -> BoxFuture<'_, Result<Resources, Fault>> {
        Box::pin(async {
            let state = self.state();
            Ok(match state.generates {
                Some((count, name)) => {
                    (0..count).map(|n| super::policy::resource(&name(n))).collect()
                }
                None => state.lists.iter().cloned().collect(),
            })
        })
    }

    fn grant<'a>(&'a self, order: &'a GrantOrder) -> BoxFuture<'a, Result<AccessDetails, Fault>> {
        Box::pin(async {
            let entitlement = &order.entitlement;
            self.state().calls.push(("grant", entitlement.clone()));
            self.state().orders.push((order.idempotency_key.clone(), order.until));
            self.held_at("grant", Held::Before).await;
            let failed = self.strike(|how| match how {
                Fails::GrantOf(resource, _) => *resource == entitlement.item.at.resource,
                Fails::Revoke(_) | Fails::Lies => false,
            });
            if let Some(Fails::GrantOf(_, fault)) = failed {
                return Err(fault);
            }
            self.state().held.insert(entitlement.clone());
            self.held_at("grant", Held::After).await;
            // A line without a value, as a program may well answer.
            let lines = [("Host", "db.example.com"), ("note", "")];
            let lines = lines.map(|(label, value)| (label.to_owned(), value.to_owned())).into();
            let credential = order.needs_credential.then(|| "s3cret-canary".into());
            Ok(AccessDetails { lines, credential })
        })
    }

    fn revoke<'a>(&'a self, entitlement: &'a Entitlement) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async {
            self.state().calls.push(("revoke", entitlement.clone()));
            self.held_at("revoke", Held::Before).await;
            if let Some(Fails::Revoke(fault)) = self.strike(|how| matches!(how, Fails::Revoke(_))) {
                return Err(fault);
            }
            self.state().held.remove(entitlement);
            self.held_at("revoke", Held::After).await;
            Ok(())
        })
    }

    fn read_back<'a>(
        &'a self,
        entitlement: &'a Entitlement,
    ) -> BoxFuture<'a, Result<Presence, Fault>> {
        Box::pin(async {
            let is_lie = self.strike(|how| *how == Fails::Lies).is_some();
            let is_there = self.state().held.contains(entitlement) != is_lie;
            Ok(if is_there { Presence::Present } else { Presence::Absent })
        })
    }
}
