//! The second step: for how long, why, and what sending makes of it.
use super::{count, grouped};
use crate::domain::catalog::Item;
use crate::domain::draft::Answers;
use crate::domain::duration;
use crate::domain::flow::{Approval, Flow};
use crate::domain::id::RequestId;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::submission::{RefusedItem, Split};
use crate::show::forms::Notice;
use crate::show::limits::{CHOICES, NAME_CHARS, one_line};
use crate::show::{Choice, cards, words};
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Things named that are there already.
const NAMED_LIVE: usize = 10;
/// Parts and refusals that are named one by one.
const NAMED_PARTS: usize = 20;

/// Slack holds 3,000 characters in a paragraph.
const PARAGRAPH_BYTES: usize = 2_900;

/// The second step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finish {
    /// Names the form.
    pub draft: String,
    /// Something to say first.
    pub note: Option<String>,
    /// What is asked for, for whom.
    pub what: String,
    /// Durations offered.
    pub durations: Vec<Choice>,
    /// The one that is picked.
    pub duration: Choice,
    /// The one that is typed.
    pub other_duration: String,
    /// The longest possible, as a hint.
    pub longest: String,
    /// Why.
    pub justification: String,
    /// What sending makes of it, a line a request.
    pub preview: Vec<String>,
    /// What of it is there already, or asked for.
    pub live: Vec<String>,
    /// What has still to be given.
    pub missing: Option<String>,
}

/// What the second step is about.
#[derive(Debug, Clone, Copy)]
pub struct Finishing<'a> {
    /// Names the form.
    pub draft: &'a str,
    /// Everything that is chosen.
    pub items: &'a [Item],
    /// What it becomes.
    pub split: &'a Split<'a>,
    /// What was answered so far.
    pub answers: &'a Answers,
    /// What the receiver has or waits for.
    pub live: &'a BTreeMap<Item, RequestId>,
    /// Who receives it, where that is somebody else.
    pub receiver: Option<&'a str>,
}

/// The second step.
pub fn finish(policy: &Policy, of: Finishing<'_>, note: Option<String>) -> Finish {
    let longest = of.split.longest().unwrap_or(TimeDelta::hours(1));
    let offered = offered(of.split, longest);
    let durations = duration_choices(&offered);
    let picked = of.answers.duration_seconds.map(|seconds| seconds.to_string());
    let is_picked = |choice: &&Choice| Some(&choice.value) == picked.as_ref();
    let first = || duration_choices(&[longest]).into_iter().next();
    let duration = durations.iter().find(is_picked).or(durations.first()).cloned().or_else(first);
    let receiver = of.receiver.map(|name| format!(" for {}", one_line(name, NAME_CHARS)));
    let live: Vec<(&Item, &RequestId)> =
        of.items.iter().filter_map(|item| of.live.get_key_value(item)).collect();
    Finish {
        draft: of.draft.to_owned(),
        note,
        what: format!("{}{}.", count(of.items.len()), receiver.unwrap_or_default()),
        duration: duration.unwrap_or_else(|| Choice {
            label: String::new(),
            value: String::new(),
            hint: None,
        }),
        durations,
        other_duration: of.answers.other_duration.clone().unwrap_or_default(),
        longest: format!("At most {}.", duration::spoken(longest)),
        justification: of.answers.justification.clone().unwrap_or_default(),
        preview: preview(policy, of.split),
        live: live_lines(policy, &live),
        missing: missing(of.answers),
    }
}

/// The durations that every flow of the form offers; where they share none, the longest possible.
fn offered(split: &Split<'_>, longest: TimeDelta) -> Vec<TimeDelta> {
    let sets: Vec<BTreeSet<TimeDelta>> = split
        .parts
        .iter()
        .filter(|part| !matches!(part.flow.approval, Approval::Denied(_)) || split.parts.len() == 1)
        .map(|part| part.flow.durations.iter().copied().collect())
        .collect();
    let in_order = split.parts.iter().flat_map(|part| part.flow.durations.iter().copied());
    let mut seen = BTreeSet::new();
    let mut offered: Vec<TimeDelta> = in_order
        .filter(|one| *one <= longest && sets.iter().all(|set| set.contains(one)))
        .filter(|one| seen.insert(*one))
        .collect();
    if offered.is_empty() {
        offered.push(longest);
    }
    offered
}

/// Durations as choices; the value is the number of seconds.
fn duration_choices(durations: &[TimeDelta]) -> Vec<Choice> {
    let choice = |duration: &TimeDelta| Choice {
        label: duration::spoken(*duration),
        value: duration.num_seconds().to_string(),
        hint: None,
    };
    durations.iter().take(CHOICES).map(choice).collect()
}

/// What a form would become, a line a request.
fn preview(policy: &Policy, split: &Split<'_>) -> Vec<String> {
    let line = |flow: &Flow, number: usize| {
        let name = one_line(&flow.name, NAME_CHARS);
        let who = match &flow.approval {
            Approval::Automatic => "approved at once".to_owned(),
            Approval::Denied(reason) => format!("will be rejected: {}", one_line(reason, 200)),
            Approval::Stages(plan) => format!("approved by {}", words::plan(policy, plan)),
        };
        let longest = duration::spoken(flow.longest);
        format!("{name}: {}, {who}, at most {longest}", count(number))
    };
    let parts = split.parts.iter();
    let mut lines: Vec<String> =
        parts.take(NAMED_PARTS).map(|part| line(part.flow, part.items.len())).collect();
    if let Some(more) = split.parts.len().checked_sub(NAMED_PARTS).filter(|more| *more > 0) {
        lines.push(format!("and {} more requests", grouped(more)));
    }
    if !split.refused.is_empty() {
        let refused = count(split.refused.len());
        lines.push(format!("{refused} cannot be asked for and will be left out"));
    }
    if lines.is_empty() {
        lines.push("Nothing: go back and choose something.".to_owned());
    }
    lines
}

fn live_lines(policy: &Policy, live: &[(&Item, &RequestId)]) -> Vec<String> {
    let mut lines: Vec<String> = live
        .iter()
        .take(NAMED_LIVE)
        .map(|(item, id)| format!("{}: see {id}", words::item(policy, item)))
        .collect();
    if let Some(more) = live.len().checked_sub(NAMED_LIVE).filter(|more| *more > 0) {
        lines.push(format!("and {} more; Review marks them", grouped(more)));
    }
    lines
}

fn missing(answers: &Answers) -> Option<String> {
    let has_why = answers.justification.as_deref().is_some_and(|why| !why.trim().is_empty());
    (!has_why).then(|| "Still missing: why you need it.".to_owned())
}

/// What a form became.
pub fn submitted(policy: &Policy, requests: &[Record], refused: &[RefusedItem]) -> Notice {
    let mut lines: Vec<String> = requests
        .iter()
        .map(|record| {
            let id = record.asked.id;
            let standing = words::standing(policy, record);
            format!("{} {id} is {}. {standing}", cards::mark(&record.state), record.state.label())
        })
        .collect();
    lines.extend(left_out(policy, refused));
    lines.push("You will hear from me in a direct message.".to_owned());
    Notice { title: "Access requested".to_owned(), lines, quote: None }
}

/// Every refused thing under its reason, as many to a paragraph as fit.
fn left_out(policy: &Policy, refused: &[RefusedItem]) -> Vec<String> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in refused {
        let item = words::item(policy, &one.item);
        reasons.entry(one.why.to_string()).or_default().push(item);
    }
    let mut paragraphs = Vec::new();
    for (why, items) in reasons {
        let mut paragraph = format!("Left out, because {why}:");
        for item in items {
            if paragraph.len() + item.len() > PARAGRAPH_BYTES {
                paragraphs.push(std::mem::take(&mut paragraph));
            }
            paragraph = format!("{paragraph}\n{item}");
        }
        paragraphs.push(paragraph);
    }
    paragraphs
}
