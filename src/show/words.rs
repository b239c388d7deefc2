//! Sentences about requests, in one voice: what happened, who did it, what comes next.
use super::Voice;
use super::limits::{LISTED_ITEMS, NAME_CHARS, one_line};
use crate::domain::catalog::Item;
use crate::domain::decide::{Ballot, approvals_so_far};
use crate::domain::id::PersonId;
use crate::domain::plan::{Approver, Need, Plan, Stage};
use crate::domain::record::{Decision, Record};
use crate::domain::request::{Actor, RevokeCause, State};
use chrono::TimeDelta;

/// How people call somebody.
pub fn name(voice: Voice<'_>, person: &PersonId) -> String {
    one_line(voice.policy.directory.name_of(person), NAME_CHARS)
}

/// A person's words: whole, or their beginning and where to read the rest (R50).
pub fn quoted(voice: Voice<'_>, words: &str) -> String {
    super::limits::quoted(words, &voice.say("shortened", []))
}

/// `payments (database in Production PostgreSQL): read`.
pub fn item(voice: Voice<'_>, item: &Item) -> String {
    let catalog = &voice.policy.catalog;
    let resource = one_line(catalog.resource_name(&item.at), NAME_CHARS);
    let integration = one_line(catalog.integration_name(&item.at.integration), NAME_CHARS);
    let kind = catalog.resources.get(&item.at).map_or("resource".to_owned(), |found| found.kind);
    let permission = one_line(&item.permission, NAME_CHARS);
    format!("{resource} ({} in {integration}): {permission}", one_line(&kind, NAME_CHARS))
}

/// What was asked for, at most [`LISTED_ITEMS`] lines and how many more there are.
pub fn items(voice: Voice<'_>, items: &[Item]) -> Vec<String> {
    let mut lines: Vec<String> =
        items.iter().take(LISTED_ITEMS).map(|one| item(voice, one)).collect();
    if let Some(more) = items.len().checked_sub(LISTED_ITEMS).filter(|more| *more > 0) {
        lines.push(format!("and {more} more; Details shows all of them"));
    }
    lines
}

/// `Ana Torres`, or `Ana Torres for Finn Weber`.
pub fn who(voice: Voice<'_>, record: &Record) -> String {
    let requester = name(voice, &record.asked.requester);
    if record.asked.requester == record.asked.grantee {
        return requester;
    }
    format!("{requester} for {}", name(voice, &record.asked.grantee))
}

/// `Ben`, `Ben or Chloe`, `Ben, Chloe or Dev`.
pub fn any_of(names: &[String]) -> String {
    joined(names, "or")
}

fn joined(names: &[String], word: &str) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// Who approves under a plan: `Ben or anyone in dba, then Eva`.
pub fn plan(voice: Voice<'_>, plan: &Plan) -> String {
    let stages: Vec<String> = plan.stages.iter().map(|one| stage(voice, one)).collect();
    stages.join(", then ")
}

/// Who approves in a stage: `2 of Ben, Eva or anyone in dba`.
pub fn stage(voice: Voice<'_>, stage: &Stage) -> String {
    let entries: Vec<String> = stage
        .of
        .iter()
        .map(|approver| match approver {
            Approver::Person(person) => name(voice, person),
            Approver::Group(group) => format!("anyone in {}", one_line(group.as_str(), NAME_CHARS)),
            Approver::Manager => "the manager".to_owned(),
            Approver::ResourceOwner => "the owner".to_owned(),
        })
        .collect();
    match stage.need {
        Need::Any => joined(&entries, "or"),
        Need::All => joined(&entries, "and"),
        Need::Count(count) => format!("{count} of {}", joined(&entries, "or")),
    }
}

/// Where the request stands, as a sentence for the people it is about.
pub fn standing(voice: Voice<'_>, record: &Record) -> String {
    match &record.state {
        State::PendingMfa { .. } => "It waits for a proof that it is you.".to_owned(),
        State::PendingApproval { .. } => waiting(voice, record),
        State::Granting { .. } => {
            format!("{} The access is being set up.", approved_by(voice, record))
        }
        State::Active { missing, .. } if missing.is_empty() => "The access is in place.".to_owned(),
        State::Active { missing, .. } => {
            let count = missing.len();
            format!("The access is in place, but {count} of what you asked for could not be given.")
        }
        State::Revoking { cause, is_alarmed, .. } => {
            let late =
                if *is_alarmed { " It takes longer than it should; the admins know." } else { "" };
            format!("{} The access is being taken away.{late}", cause_of_revoking(voice, cause))
        }
        State::Rejected { by, .. } => format!("{} said no.", actor(voice, by)),
        State::Expired { .. } => "Its time was over and the access is gone.".to_owned(),
        State::Revoked { by, .. } => {
            format!("{} ended it early and the access is gone.", actor(voice, by))
        }
        State::Cancelled { by, .. } => format!("{} withdrew it.", actor(voice, by)),
        State::Failed { why, .. } => {
            format!("It failed: {}. Nothing was given; you can ask again.", one_line(why, 500))
        }
    }
}

fn waiting(voice: Voice<'_>, record: &Record) -> String {
    let ballot = Ballot::of(&record.asked, approvals_so_far(&record.state), voice.policy);
    let open: Vec<String> =
        ballot.open().iter().take(5).map(|person| name(voice, person)).collect();
    let more = ballot.open().len().saturating_sub(open.len());
    let so_far = match record.decisions.len() {
        0 => String::new(),
        _ => format!("{} ", approved_by(voice, record)),
    };
    match (open.is_empty(), more) {
        (true, _) => format!("{so_far}Nobody can approve it as things are; the admins were told."),
        (false, 0) => format!("{so_far}It waits for {}.", any_of(&open)),
        (false, more) => format!("{so_far}It waits for {} or {more} others.", open.join(", ")),
    }
}

/// `Approved by Ben and Chloe.`; by policy where nobody had to.
pub fn approved_by(voice: Voice<'_>, record: &Record) -> String {
    let approvals = record.decisions.iter().filter(|decision| decision.is_approval);
    let names: Vec<String> = approvals.map(|decision| voter(voice, decision)).collect();
    match names.is_empty() {
        true => "Approved by the access flow.".to_owned(),
        false => format!("Approved by {}.", joined(&names, "and")),
    }
}

fn voter(voice: Voice<'_>, decision: &Decision) -> String {
    let own = if decision.is_own { " (their own request, as the flow allows)" } else { "" };
    format!("{}{own}", name(voice, &decision.by))
}

/// Who or what, at the beginning of a sentence.
pub fn actor(voice: Voice<'_>, actor: &Actor) -> String {
    match actor {
        Actor::Person(person) => name(voice, person),
        Actor::Policy => "The access flow".to_owned(),
        Actor::Clock => "The clock".to_owned(),
        Actor::Connector => "The target system".to_owned(),
    }
}

fn cause_of_revoking(voice: Voice<'_>, cause: &RevokeCause) -> String {
    match cause {
        RevokeCause::TimeUp => "The time is over.".to_owned(),
        RevokeCause::Asked { by, .. } => format!("{} ended it.", actor(voice, by)),
        RevokeCause::Undo { why } => format!("It could not be set up: {}.", one_line(why, 500)),
    }
}

/// How a request ended for somebody who clicks too late: `Approved by Ben.`
pub fn decided(voice: Voice<'_>, record: &Record) -> String {
    match &record.state {
        State::Rejected { by, .. } => format!("Already rejected by {}.", actor(voice, by)),
        State::Cancelled { by, .. } => format!("{} withdrew it.", actor(voice, by)),
        State::Failed { why, .. } => format!("It failed: {}.", one_line(why, 500)),
        State::PendingMfa { .. } => "The requester has to prove presence first.".to_owned(),
        State::PendingApproval { .. } => waiting(voice, record),
        State::Granting { .. }
        | State::Active { .. }
        | State::Revoking { .. }
        | State::Expired { .. }
        | State::Revoked { .. } => format!("Already {}", lower(&approved_by(voice, record))),
    }
}

fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// A label with a capital: `Host`.
pub fn title(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
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

/// `2 h`, counted from when it is there.
pub fn how_long(voice: Voice<'_>, record: &Record) -> String {
    duration(voice, record.asked.duration)
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
