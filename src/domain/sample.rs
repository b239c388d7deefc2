//! A small company for the tests of the rules: people, resources, flows and requests to alter.
use super::catalog::{Item, Resource, ResourceRef};
use super::flow::{Approval, Flow, Pattern, Scope, Selector, Who};
use super::id::{Id, PersonId, RequestId};
use super::person::{Directory, Person};
use super::plan::{Approver, Need, Plan, Stage};
use super::policy::Policy;
use super::request::Asked;
use super::terms::JustificationRule;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// The instant that is `ms` milliseconds after the tests begin.
pub(super) fn at(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_000 + ms).unwrap()
}

/// The ids of these names.
pub(super) fn ids<T>(names: &[&str]) -> BTreeSet<Id<T>> {
    names.iter().map(|name| Id::new(*name)).collect()
}

/// An active person who is no admin.
pub(super) fn person(name: &str, manager: Option<&str>) -> Person {
    Person {
        id: name.into(),
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        manager: manager.map(PersonId::from),
        is_admin: false,
        is_active: true,
        language: None,
        pinned: Vec::new(),
    }
}

/// Six people; Ana, Ben and Cem report to Mia; `dba` is Ben and Cem; Lea left.
pub(super) fn directory() -> Directory {
    let mut people: Vec<Person> =
        ["ana", "ben", "cem"].map(|name| person(name, Some("mia"))).into();
    people.extend(["mia", "tom"].map(|name| person(name, None)));
    people.push(Person { is_active: false, ..person("lea", Some("mia")) });
    Directory {
        people: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
        groups: [
            ("dba".into(), ids(&["ben", "cem"])),
            ("left".into(), ids(&["lea"])),
            ("empty".into(), BTreeSet::new()),
        ]
        .into(),
    }
}

/// Where `resource` is in the only integration.
pub(super) fn place(resource: &str) -> ResourceRef {
    ResourceRef { integration: "db".into(), resource: resource.to_owned() }
}

/// One thing to ask for.
pub(super) fn item(resource: &str, permission: &str) -> Item {
    Item { at: place(resource), permission: permission.to_owned() }
}

/// A database that can be read and written.
pub(super) fn resource(name: &str, owner: Option<&str>) -> Resource {
    Resource {
        at: place(name),
        name: name.to_owned(),
        kind: "database".to_owned(),
        permissions: vec!["read".to_owned(), "write".to_owned()],
        owner: owner.map(PersonId::from),
    }
}

/// Everything on the resources and permissions that these patterns mean.
pub(super) fn selector(resource: &str, permission: &str) -> Selector {
    Selector {
        integration: Pattern::any(),
        kind: Pattern::any(),
        resource: Pattern::new(resource),
        permission: Pattern::new(permission),
    }
}

/// A flow under which everybody may ask for everything for anybody, for a day at most.
pub(super) fn flow(name: &str, approval: Approval) -> Flow {
    Flow {
        id: name.into(),
        name: name.to_owned(),
        who: vec![Who::Everyone],
        scope: Scope::Others,
        what: vec![selector("*", "*")],
        approval,
        allow_self_approval: false,
        needs_approval_reason: false,
        durations: vec![TimeDelta::hours(1)],
        longest: TimeDelta::days(1),
        extend: None,
        ticket: None,
        justification: JustificationRule::Any,
        channel: None,
    }
}

/// A stage that needs so many of these.
pub(super) fn stage(need: Need, of: &[Approver]) -> Stage {
    Stage { need, of: of.to_vec() }
}

/// The approver who is this person.
pub(super) fn one(name: &str) -> Approver {
    Approver::Person(name.into())
}

/// Anybody of this group as an approver.
pub(super) fn group(name: &str) -> Approver {
    Approver::Group(name.into())
}

/// The company under these flows; Tom answers for `payments`, nobody for `orders`.
pub(super) fn policy(flows: Vec<Flow>) -> Policy {
    let resources = [resource("payments", Some("tom")), resource("orders", None)];
    let mut policy = Policy { directory: directory(), flows, ..Policy::default() };
    policy.catalog.resources = resources.into_iter().collect();
    policy
}

/// Changes the resource that `item` is about.
pub(super) fn change(policy: &mut Policy, item: &Item, change: impl FnOnce(&mut Resource)) {
    let mut changed = policy.catalog.resources.get(&item.at).unwrap();
    change(&mut changed);
    let others: Vec<Resource> = policy.catalog.resources.iter().collect();
    policy.catalog.resources = std::iter::once(changed).chain(others).collect();
}

/// A request for an hour of reading `payments` under `flow`.
pub(super) fn asked(flow: &Flow, requester: &str, grantee: &str) -> Asked {
    let plan = match &flow.approval {
        Approval::Stages(plan) => plan.clone(),
        Approval::Automatic | Approval::Denied(_) => Plan::default(),
    };
    Asked {
        id: RequestId(1042),
        submission: "s1".to_owned(),
        flow: flow.id.clone(),
        requester: requester.into(),
        grantee: grantee.into(),
        items: vec![item("payments", "read")],
        duration: TimeDelta::hours(1),
        justification: "INC-42 needs a look at yesterday's payments".to_owned(),
        ticket: None,
        plan,
        allow_self_approval: flow.allow_self_approval,
        submitted_at: at(0),
    }
}
