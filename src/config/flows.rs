//! The flows file: who may request what for whom, who approves, for how long.
//!
//! Flows are kept in file order, which is the order they are tried in.
use super::approval;
use super::directory::{DirectoryNames, id};
use super::mistake::Place;
use super::section::{Found, Section};
use super::terms;
use super::words::{Names, nearest, shown};
use super::{slack, teams};
use crate::domain::duration::spoken;
use crate::domain::flow::{Approval, Flow, Pattern, Scope, Selector, Who};
use crate::domain::id::FlowId;
use crate::domain::person::Directory;
use chrono::TimeDelta;

/// What a flow that denies everything offers: nobody ever gets it, the form shows something.
const DENIED_DURATION: TimeDelta = TimeDelta::hours(1);

/// What flows are checked against.
pub(super) struct Around<'a> {
    pub(super) names: &'a DirectoryNames,
    pub(super) integrations: &'a Names,
    pub(super) tickets: &'a Names,
    pub(super) directory: &'a Directory,
}

/// A flow, with what later checks need of its text.
pub(super) struct Written {
    pub(super) flow: Flow,
    /// Where it begins.
    pub(super) place: Place,
    /// Its selectors as written: integration, kind, resource, permission.
    pub(super) what: Vec<[String; 4]>,
}

/// Reads all flows.
pub(super) fn read(root: &Section<'_>, around: &Around<'_>) -> Vec<Written> {
    let sections = root.sections("flow");
    if sections.is_empty() {
        let what = "there are no flows, so nobody may ask for anything; begin each with `[[flow]]`";
        root.reading.mistake(&root.here(), what);
    }
    let mut names = Names::of("flow");
    let mut flows = Vec::new();
    for section in &sections {
        let id = id(section, "\"payments-read\"");
        if let Some(id) = &id {
            names.add(root.reading, id);
        }
        flows.extend(section.kept(flow(section, id, around)));
        section.finish();
    }
    flows
}

fn flow(section: &Section<'_>, id: Option<Found<&str>>, around: &Around<'_>) -> Option<Written> {
    let name = section.text("name").or_else(|| id.clone());
    let who = who(section, around);
    let scopes = [
        ("self", Scope::OneSelf),
        ("direct_reports", Scope::DirectReports),
        ("others", Scope::Others),
    ];
    let scope = section.choice("scope", &scopes);
    let scope = if section.has("scope") { scope } else { Some(Scope::OneSelf) };
    let what = selectors(section, around.integrations);
    let approval = approval::read(section, around);
    let allow_self_approval = section.yes_or_no("allow_self_approval", false);
    let needs_approval_reason = section.yes_or_no("needs_approval_reason", false);
    let (durations, longest) = durations(section, matches!(approval, Some(Approval::Denied(_))));
    let channel = section.text("channel").map(|text| match teams::is_channel_like(text.value) {
        true => teams::channel(section, &text),
        false => slack::channel(section, &text),
    });
    let terms = terms::read(section, around.tickets, &durations, longest);
    if matches!(approval, Some(Approval::Denied(_))) {
        terms::refuse_under_denial(section);
    }
    let flow = Flow {
        id: FlowId::new(id?.value),
        name: name?.value.to_owned(),
        who,
        scope: scope?,
        what: what.iter().map(selector).collect(),
        approval: approval?,
        allow_self_approval,
        needs_approval_reason,
        durations,
        longest,
        extend: terms.extend,
        ticket: terms.ticket,
        justification: terms.justification,
        channel: channel.map_or(Some(None), |read| read.map(Some))?,
    };
    Some(Written { flow, place: section.here(), what })
}

fn who(section: &Section<'_>, around: &Around<'_>) -> Vec<Who> {
    if !section.has("who") {
        section.missing("who", "\"everyone\"");
    }
    let read = |text: &Found<&str>| match text.value {
        "everyone" => Some(Who::Everyone),
        _ => match named(section, text, around.names, &["everyone"])? {
            Named::Person(person) => Some(Who::Person(person.into())),
            Named::Group(group) => Some(Who::Group(group.into())),
        },
    };
    section.texts("who").iter().filter_map(read).collect()
}

/// A person or a group, by name.
pub(super) enum Named<'a> {
    Person(&'a str),
    Group(&'a str),
}

/// Reads `person:ana` or `group:dba`; `words` are what else may stand there, for the message.
pub(super) fn named<'a>(
    section: &Section<'_>,
    text: &Found<&'a str>,
    names: &DirectoryNames,
    words: &[&str],
) -> Option<Named<'a>> {
    let resolve =
        |names: &Names, name| names.resolve::<()>(section.reading, &text.place, name).map(|_| name);
    if let Some(person) = text.value.strip_prefix("person:") {
        return resolve(&names.people, person).map(Named::Person);
    }
    if let Some(group) = text.value.strip_prefix("group:") {
        return resolve(&names.groups, group).map(Named::Group);
    }
    let meant = if names.people.known.contains(text.value) {
        Some(format!("person:{}", text.value))
    } else if names.groups.known.contains(text.value) {
        Some(format!("group:{}", text.value))
    } else {
        nearest(text.value, words.iter().copied()).map(str::to_owned)
    };
    let meant =
        meant.map_or("; allowed".to_owned(), |word| format!("; did you mean `{word}`? Allowed"));
    let what = format!(
        "{} names nobody{meant}: {}, person:…, group:…",
        shown(text.value),
        words.join(", ")
    );
    section.reading.mistake(&text.place, what);
    None
}

pub(super) fn selector([integration, kind, resource, permission]: &[String; 4]) -> Selector {
    Selector {
        integration: Pattern::new(integration),
        kind: Pattern::new(kind),
        resource: Pattern::new(resource),
        permission: Pattern::new(permission),
    }
}

/// Every combination of what each `[[flow.what]]` names; a key that is absent means anything.
fn selectors(section: &Section<'_>, integrations: &Names) -> Vec<[String; 4]> {
    let tables = section.sections("what");
    if tables.is_empty() {
        let what = "missing: what may be asked for; write `[[flow.what]]` with `integration`, \
                    `kind`, `resource` or `permission`";
        section.reading.mistake(&section.place("what"), what);
    }
    tables.iter().flat_map(|table| combinations(table, integrations)).collect()
}

/// Every combination of what one table names.
pub(super) fn combinations(table: &Section<'_>, integrations: &Names) -> Vec<[String; 4]> {
    let keys = ["integration", "kind", "resource", "permission"];
    if !keys.map(|key| table.has(key)).contains(&true) {
        let what = "names nothing; write `integration = \"*\"` if everything is meant";
        table.reading.mistake(&table.here(), what);
    }
    let [in_integrations, kinds, resources, permissions] = keys.map(|key| {
        let texts = table.texts(key);
        if texts.is_empty() && !table.has(key) {
            return vec!["*".to_owned()];
        }
        if key == "integration" {
            texts.iter().for_each(|text| known_integration(table, text, integrations));
        }
        texts.iter().map(|text| text.value.to_owned()).collect()
    });
    table.finish();
    let mut all = Vec::new();
    for integration in &in_integrations {
        for kind in &kinds {
            for resource in &resources {
                for permission in &permissions {
                    all.push([integration, kind, resource, permission].map(Clone::clone));
                }
            }
        }
    }
    all
}

/// A pattern must mean at least one integration.
fn known_integration(table: &Section<'_>, text: &Found<&str>, integrations: &Names) {
    let pattern = Pattern::new(text.value);
    let is_known = integrations.known.iter().any(|name| pattern.matches(name));
    if is_known || !integrations.is_whole {
        return;
    }
    if text.value.contains('*') {
        let known: Vec<&str> = integrations.known.iter().map(String::as_str).collect();
        let what =
            format!("no integration fits {}; there are: {}", shown(text.value), known.join(", "));
        table.reading.mistake(&text.place, what);
        return;
    }
    let _ = integrations.resolve::<()>(table.reading, &text.place, text.value);
}

/// What is offered, and the longest that may be asked for.
fn durations(section: &Section<'_>, is_denied: bool) -> (Vec<TimeDelta>, TimeDelta) {
    let longest = section.duration("longest");
    let offered = section.durations("durations");
    if let Some(longest) = &longest {
        for duration in offered.iter().filter(|duration| duration.value > longest.value) {
            let what = format!(
                "{} is longer than this flow's longest, {}",
                spoken(duration.value),
                spoken(longest.value)
            );
            section.reading.mistake(&duration.place, what);
        }
    }
    let most = offered.iter().map(|duration| duration.value).max();
    let is_said = section.has("durations") || section.has("longest");
    if !is_said && !is_denied {
        section.missing("durations", "[\"1h\", \"8h\"]");
    }
    let longest = longest.map(|longest| longest.value).or(most).unwrap_or(DENIED_DURATION);
    let mut choices: Vec<TimeDelta> = Vec::new();
    for duration in offered {
        if choices.contains(&duration.value) {
            section.reading.mistake(&duration.place, "this duration is offered twice");
        }
        choices.push(duration.value);
    }
    if choices.is_empty() {
        choices.push(longest);
    }
    (choices, longest)
}
