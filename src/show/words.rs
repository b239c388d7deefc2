//! Sentences about requests, in one voice: what happened, who did it, what comes next.
use super::limits::{LISTED_ITEMS, NAME_CHARS, one_line};
use super::texts::Value;
use super::{Voice, narrowing};
use crate::domain::catalog::Item;
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::id::PersonId;
use crate::domain::plan::{Approver, Need, Plan, Stage};
use crate::domain::record::{Decision, Record};
use crate::domain::request::{
    Actor, LEFT_DIRECTORY, NOBODY_DECIDED, RevokeCause, State, TARGET_TOO_SLOW, WhyNot,
};
use crate::domain::submission::{MOST_ITEMS, WhyRefused};
use chrono::{DateTime, TimeDelta, Utc};

/// Longest text of a target's fault in a sentence, in characters.
const FAULT_CHARS: usize = 500;
/// Most people that a sentence names.
const NAMED_PEOPLE: usize = 5;

/// How people call somebody.
pub fn name(voice: Voice<'_>, person: &PersonId) -> String {
    one_line(voice.policy.directory.name_of(person), NAME_CHARS)
}

/// A person's words: whole, or their beginning and where to read the rest (R50).
pub fn quoted(voice: Voice<'_>, words: &str) -> String {
    if words == LEFT_DIRECTORY {
        return voice.say("fault-left-directory", []);
    }
    super::limits::quoted(words, &voice.say("shortened", []))
}

/// `payments (database in Production PostgreSQL): read`.
pub fn item(voice: Voice<'_>, item: &Item) -> String {
    let catalog = &voice.policy.catalog;
    let kind = match catalog.resources.get(&item.at) {
        Some(found) => one_line(&found.kind, NAME_CHARS),
        None => voice.say("item-kind-unknown", []),
    };
    voice.say(
        "item",
        [
            ("resource", one_line(catalog.resource_name(&item.at), NAME_CHARS).into()),
            ("kind", kind.into()),
            ("integration", integration(voice, item).into()),
            ("permission", one_line(&item.permission, NAME_CHARS).into()),
        ],
    )
}

fn integration(voice: Voice<'_>, item: &Item) -> String {
    one_line(voice.policy.catalog.integration_name(&item.at.integration), NAME_CHARS)
}

/// What was asked for, at most [`LISTED_ITEMS`] lines and how many more there are.
pub fn items(voice: Voice<'_>, items: &[Item]) -> Vec<String> {
    let mut lines: Vec<String> =
        items.iter().take(LISTED_ITEMS).map(|one| item(voice, one)).collect();
    if let Some(more) = items.len().checked_sub(LISTED_ITEMS).filter(|more| *more > 0) {
        lines.push(voice.say("items-more", [("count", more.into())]));
    }
    lines
}

/// `Ana Torres`, or `Ana Torres for Finn Weber`.
pub fn who(voice: Voice<'_>, record: &Record) -> String {
    let requester = name(voice, &record.asked.requester);
    if record.asked.requester == record.asked.grantee {
        return requester;
    }
    let grantee = name(voice, &record.asked.grantee);
    voice.say("who-for", [("requester", requester.into()), ("grantee", grantee.into())])
}

/// `Ben`, `Ben or Chloe`, `Ben, Chloe or Dev`.
pub fn any_of(voice: Voice<'_>, names: &[String]) -> String {
    joined(voice, names, "names-or")
}

/// `Ben`, `Ben and Chloe`, `Ben, Chloe and Dev`.
pub fn all_of(voice: Voice<'_>, names: &[String]) -> String {
    joined(voice, names, "names-and")
}

fn joined(voice: Voice<'_>, names: &[String], key: &str) -> String {
    match names {
        [] => voice.say("names-nobody", []),
        [one] => one.clone(),
        [first @ .., last] => {
            voice.say(key, [("first", first.join(", ").into()), ("last", last.into())])
        }
    }
}

/// Who approves under a plan: `Ben or anyone in dba, then Eva`.
pub fn plan(voice: Voice<'_>, plan: &Plan) -> String {
    let stages = plan.stages.iter().map(|one| stage(voice, one));
    let then = |first: String, next: String| {
        voice.say("plan-then", [("first", first.into()), ("next", next.into())])
    };
    stages.reduce(then).unwrap_or_else(|| voice.say("names-nobody", []))
}

/// Who approves in a stage: `2 of Ben, Eva or anyone in dba`.
pub fn stage(voice: Voice<'_>, stage: &Stage) -> String {
    let entry = |approver: &Approver| match approver {
        Approver::Person(person) => name(voice, person),
        Approver::Group(group) => {
            let group = one_line(group.as_str(), NAME_CHARS);
            voice.say("approver-group", [("group", group.into())])
        }
        Approver::Manager => voice.say("approver-manager", []),
        Approver::ResourceOwner => voice.say("approver-owner", []),
    };
    let entries: Vec<String> = stage.of.iter().map(entry).collect();
    match stage.need {
        Need::Any => any_of(voice, &entries),
        Need::All => all_of(voice, &entries),
        Need::Count(count) => {
            let names = any_of(voice, &entries);
            voice.say("approvers-count", [("count", count.into()), ("names", names.into())])
        }
    }
}

/// Where the request stands, as a sentence for the people it is about.
pub fn standing(voice: Voice<'_>, record: &Record) -> String {
    let by = |key: &str, by: &Actor| voice.say(key, [("who", actor(voice, by).into())]);
    match &record.state {
        State::PendingMfa { .. } => voice.say("standing-pending-mfa", []),
        State::PendingApproval { .. } => waiting(voice, record),
        State::Granting { .. } => {
            let approved = approved_by(voice, record);
            voice.say("standing-granting", [("approved", approved.into())])
        }
        State::Active { missing, .. } if missing.is_empty() => voice.say("standing-active", []),
        State::Active { missing, .. } => {
            voice.say("standing-active-partly", [("count", missing.len().into())])
        }
        State::Revoking { cause, is_alarmed, .. } => {
            let key = if *is_alarmed { "standing-revoking-late" } else { "standing-revoking" };
            voice.say(key, [("cause", cause_of_revoking(voice, cause).into())])
        }
        State::Rejected { by: who, .. } => by("standing-rejected", who),
        State::Expired { .. } => voice.say("standing-expired", []),
        State::Revoked { by: who, .. } => by("standing-revoked", who),
        State::Cancelled { by: who, .. } => by("withdrawn", who),
        State::Failed { why, .. } => {
            voice.say("standing-failed", [("why", fault(voice, why, FAULT_CHARS).into())])
        }
    }
}

fn waiting(voice: Voice<'_>, record: &Record) -> String {
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), voice.policy);
    let open = ballot.open();
    let named: Vec<String> =
        open.iter().take(NAMED_PEOPLE).map(|person| name(voice, person)).collect();
    let more = open.len().saturating_sub(named.len());
    let waits = match (named.is_empty(), more) {
        (true, _) => voice.say("waiting-nobody", []),
        (false, 0) => voice.say("waiting", [("names", any_of(voice, &named).into())]),
        (false, more) => {
            let names = named.join(", ");
            voice.say("waiting-more", [("names", names.into()), ("count", more.into())])
        }
    };
    match record.decisions.is_empty() {
        true => waits,
        false => format!("{} {waits}", approved_by(voice, record)),
    }
}

/// `Approved by Ben and Chloe.`; by policy where nobody had to.
pub fn approved_by(voice: Voice<'_>, record: &Record) -> String {
    let approved = match approvers(voice, record) {
        None => voice.say("approved-by-flow", []),
        Some(names) => voice.say("approved-by", [("names", names.into())]),
    };
    with_narrowing(voice, record, approved)
}

/// A sentence, and behind it what approvers left where that is less than was asked for.
fn with_narrowing(voice: Voice<'_>, record: &Record, sentence: String) -> String {
    match narrowing::sentence(voice, record) {
        Some(narrowed) => format!("{sentence} {narrowed}"),
        None => sentence,
    }
}

fn approvers(voice: Voice<'_>, record: &Record) -> Option<String> {
    let approvals = record.decisions.iter().filter(|decision| decision.is_approval);
    let names: Vec<String> = approvals.map(|decision| voter(voice, decision)).collect();
    (!names.is_empty()).then(|| all_of(voice, &names))
}

fn voter(voice: Voice<'_>, decision: &Decision) -> String {
    let name = name(voice, &decision.by);
    if decision.is_own { voice.say("voter-own", [("name", name.into())]) } else { name }
}

/// Who or what, at the beginning of a sentence.
pub fn actor(voice: Voice<'_>, actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => name(voice, person),
        Actor::Policy => voice.say("actor-flow", []),
        Actor::Clock => voice.say("actor-clock", []),
        Actor::Connector => voice.say("actor-target", []),
    }
}

fn cause_of_revoking(voice: Voice<'_>, cause: &RevokeCause) -> String {
    match cause {
        RevokeCause::TimeUp => voice.say("cause-time-up", []),
        RevokeCause::Asked { by, .. } => {
            voice.say("cause-asked", [("who", actor(voice, by).into())])
        }
        RevokeCause::Undo { why } => {
            voice.say("cause-undo", [("why", fault(voice, why, FAULT_CHARS).into())])
        }
    }
}

/// Why something could not be given. What a target says is in the target's own words.
pub fn fault(voice: Voice<'_>, why: &str, most: usize) -> String {
    match why {
        NOBODY_DECIDED => voice.say("fault-nobody-decided", []),
        TARGET_TOO_SLOW => voice.say("fault-target-too-slow", []),
        LEFT_DIRECTORY => voice.say("fault-left-directory", []),
        theirs => one_line(theirs, most),
    }
}

/// How a request ended for somebody who clicks too late: `Already approved by Ben.`
pub fn decided(voice: Voice<'_>, record: &Record) -> String {
    match &record.state {
        State::Rejected { by, .. } => {
            voice.say("decided-rejected", [("who", actor(voice, by).into())])
        }
        State::Cancelled { by, .. } => voice.say("withdrawn", [("who", actor(voice, by).into())]),
        State::Failed { why, .. } => {
            voice.say("decided-failed", [("why", fault(voice, why, FAULT_CHARS).into())])
        }
        State::PendingMfa { .. } => voice.say("decided-not-proved", []),
        State::PendingApproval { .. } => waiting(voice, record),
        State::Granting { .. }
        | State::Active { .. }
        | State::Revoking { .. }
        | State::Expired { .. }
        | State::Revoked { .. } => {
            let approved = match approvers(voice, record) {
                None => voice.say("decided-approved-by-flow", []),
                Some(names) => voice.say("decided-approved", [("names", names.into())]),
            };
            with_narrowing(voice, record, approved)
        }
    }
}

/// Why something cannot happen where a request stands, as a sentence.
pub fn why_not(voice: Voice<'_>, why: WhyNot) -> String {
    let key = match why {
        WhyNot::TimeToDecideOver => "why-not-time-to-decide-over",
        WhyNot::TimeToDecideNotOver => "why-not-time-to-decide-not-over",
        WhyNot::NoProofAwaited => "why-not-no-proof-awaited",
        WhyNot::NotProved => "why-not-proved",
        WhyNot::NotWaiting => "why-not-waiting",
        WhyNot::NotPending => "why-not-pending",
        WhyNot::TargetAtWork => "why-not-target-at-work",
        WhyNot::NothingGiven => "why-not-nothing-given",
        WhyNot::ExtendedTooLate => "why-not-extended-too-late",
        WhyNot::NotActive => "why-not-active",
        WhyNot::EndTold => "why-not-end-told",
        WhyNot::EndNotNear => "why-not-end-not-near",
        WhyNot::NoEndNears => "why-not-no-end-nears",
        WhyNot::AlreadyRevoking => "why-not-already-revoking",
        WhyNot::NotAtItsEnd => "why-not-at-its-end",
        WhyNot::NoAccess => "why-not-no-access",
        WhyNot::AdminsKnow => "why-not-admins-know",
        WhyNot::RemovalAtWork => "why-not-removal-at-work",
        WhyNot::NothingTaken => "why-not-nothing-taken",
        WhyNot::NotOver => "why-not-over",
        WhyNot::NotConnectable => "why-not-connectable",
    };
    voice.say(key, [])
}

/// Why something became no request, as the end of a line.
pub fn why_refused(voice: Voice<'_>, why: WhyRefused) -> String {
    match why {
        WhyRefused::NotYours => voice.say("refused-not-yours", []),
        WhyRefused::TooMany => voice.say("refused-too-many", [("most", MOST_ITEMS.into())]),
    }
}

/// What a line of how to connect is called: `Host`. A label that only its connector knows keeps its
/// word, with a capital.
pub fn connect_label(voice: Voice<'_>, label: &str) -> String {
    let key = match label {
        "host" => "connect-host",
        "port" => "connect-port",
        "database" => "connect-database",
        "user" => "connect-user",
        _ => {
            let mut chars = label.chars();
            let first = chars.next().map(char::to_uppercase);
            return first.map_or_else(String::new, |first| first.chain(chars).collect());
        }
    };
    voice.say(key, [])
}

/// The reason that a request's end carries, in somebody's own words.
pub fn end_reason(state: &State) -> Option<&str> {
    match state {
        State::Rejected { reason, .. }
        | State::Revoked { reason, .. }
        | State::Cancelled { reason, .. } => {
            Some(reason.as_str()).filter(|reason| !reason.trim().is_empty())
        }
        State::PendingMfa { .. }
        | State::PendingApproval { .. }
        | State::Granting { .. }
        | State::Active { .. }
        | State::Revoking { .. }
        | State::Expired { .. }
        | State::Failed { .. } => None,
    }
}

/// A time in the middle of a sentence, where a channel can show no reader their own zone.
pub fn clock(voice: Voice<'_>, at: DateTime<Utc>) -> String {
    voice.say("time-utc", time_parts(at))
}

/// The parts of a time in UTC, for texts that put them in their language's order.
pub fn time_parts(at: DateTime<Utc>) -> [(&'static str, Value<'static>); 4] {
    let part = |format: &str| at.format(format).to_string().into();
    [("year", part("%Y")), ("month", part("%m")), ("day", part("%d")), ("time", part("%H:%M"))]
}

/// As people read it, in two units at most: `1 h 30 min`, `2 days`.
pub fn duration(voice: Voice<'_>, duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    let units = [
        ("duration-days", seconds / 86_400),
        ("duration-hours", seconds / 3600 % 24),
        ("duration-minutes", seconds / 60 % 60),
        ("duration-seconds", seconds % 60),
    ];
    let parts: Vec<String> = units
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .take(2)
        .map(|(key, count)| voice.say(key, [("count", count.into())]))
        .collect();
    match parts.is_empty() {
        true => voice.say("duration-seconds", [("count", 0.into())]),
        false => parts.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::domain::policy::Policy;

    #[test]
    fn durations_are_worded_with_two_units_at_most() {
        let policy = Policy::default();
        let said = |language, seconds| {
            duration(Voice::new(&policy, language), TimeDelta::seconds(seconds))
        };

        for (seconds, english, german) in [
            (0, "0 s", "0 Sek."),
            (59, "59 s", "59 Sek."),
            (60, "1 min", "1 Min."),
            (3600, "1 h", "1 Stunde"),
            (5400, "1 h 30 min", "1 Stunde 30 Min."),
            (7200, "2 h", "2 Stunden"),
            (86_400, "1 day", "1 Tag"),
            (2 * 86_400 + 3600 + 60, "2 days 1 h", "2 Tage 1 Stunde"),
        ] {
            assert_eq!(said(Language::English, seconds), english);
            assert_eq!(said(Language::German, seconds), german);
        }
    }
}
