//! The second step: for how long, why, and what sending makes of it.
use super::count;
use crate::domain::catalog::Item;
use crate::domain::draft::Answers;
use crate::domain::duration;
use crate::domain::flow::{Approval, Flow};
use crate::domain::id::RequestId;
use crate::domain::justification::{self, Lights, Setting};
use crate::domain::record::Record;
use crate::domain::submission::{RefusedItem, Split};
use crate::domain::terms::{Demands, JustificationRule};
use crate::show::forms::Notice;
use crate::show::limits::{CHOICES, NAME_CHARS, one_line};
use crate::show::{Choice, Voice, cards, lights, statuses, tickets, words};
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Things named that are there already.
const NAMED_LIVE: usize = 10;
/// Parts and refusals that are named one by one.
const NAMED_PARTS: usize = 20;
/// Longest reason of a flow that denies, in characters.
const REASON_CHARS: usize = 200;

/// Slack holds 3,000 characters in a paragraph.
const PARAGRAPH_BYTES: usize = 2_900;
/// Refused things that are named for one reason: with a thousand of the longest names a view would
/// be more than Slack takes.
const MOST_NAMED: usize = 100;

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
    /// The ticket's fields, where a flow asks for one.
    pub ticket: Option<TicketFields>,
    /// Why.
    pub justification: String,
    /// The three lights over it, a line each.
    pub lights: Vec<String>,
    /// For how long sending asks for it.
    pub preview_title: String,
    /// What sending makes of it, a line a request.
    pub preview: Vec<String>,
    /// What of it is there already, or asked for.
    pub live: Vec<String>,
    /// What has still to be given.
    pub missing: Option<String>,
}

/// The fields for a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TicketFields {
    /// Whether there is no sending without one.
    pub is_required: bool,
    /// The types that count.
    pub kinds: Vec<Choice>,
    /// The one that is picked.
    pub kind: Vec<Choice>,
    /// The number that is typed.
    pub id: String,
    /// What a number looks like.
    pub example: String,
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
    /// What the grantee has or waits for.
    pub live: &'a BTreeMap<Item, RequestId>,
    /// Who receives it, where that is somebody else.
    pub grantee: Option<&'a str>,
}

/// The second step.
pub fn finish(voice: Voice<'_>, of: Finishing<'_>, note: Option<String>) -> Finish {
    let demands = Demands::of(of.split.parts.iter().map(|part| part.flow));
    let longest = of.split.longest().unwrap_or(TimeDelta::hours(1));
    let offered = offered(of.split, longest);
    let durations = duration_choices(voice, &offered);
    let length = length(of.answers, &offered);
    let is_picked = |choice: &&Choice| Some(&choice.value) == length.picked.as_ref();
    let first = || duration_choices(voice, &[longest]).into_iter().next();
    let duration = durations.iter().find(is_picked).or(durations.first()).cloned().or_else(first);
    let things = count(voice, of.items.len());
    let what = match of.grantee {
        Some(name) => {
            let name = one_line(name, NAME_CHARS);
            voice.say("request-what-for", [("what", things.into()), ("name", name.into())])
        }
        None => voice.say("request-what", [("what", things.into())]),
    };
    let longest_words = words::duration(voice, longest);
    let live: Vec<(&Item, &RequestId)> =
        of.items.iter().filter_map(|item| of.live.get_key_value(item)).collect();
    Finish {
        draft: of.draft.to_owned(),
        note,
        what,
        preview_title: preview_title(voice, &length, duration.as_ref()),
        duration: duration.unwrap_or_else(|| Choice {
            label: String::new(),
            value: String::new(),
            hint: None,
        }),
        durations,
        other_duration: length.typed,
        longest: voice.say("request-longest", [("longest", longest_words.into())]),
        lights: lights::lines(voice, &lights(voice, &of, &demands, of.items.iter())),
        missing: missing(voice, &of, &demands),
        ticket: ticket_fields(voice, of.answers, &demands),
        justification: of.answers.justification.clone().unwrap_or_default(),
        preview: preview(voice, of.split),
        live: live_lines(voice, &live),
    }
}

/// How long it is asked for.
struct Length {
    /// What is picked, in seconds; the first that is offered where nothing is.
    picked: Option<String>,
    /// What is typed, which wins.
    typed: String,
}

/// How long it is asked for. What a form began with is picked where it is offered, so that picking
/// another one counts.
fn length(answers: &Answers, offered: &[TimeDelta]) -> Length {
    let typed = answers.other_duration.clone().unwrap_or_default();
    let begun = duration::parse(&typed).ok().filter(|begun| offered.contains(begun));
    match (answers.duration_seconds, begun) {
        (None, Some(begun)) => {
            Length { picked: Some(begun.num_seconds().to_string()), typed: String::new() }
        }
        (picked, _) => Length { picked: picked.map(|seconds| seconds.to_string()), typed },
    }
}

fn preview_title(voice: Voice<'_>, length: &Length, picked: Option<&Choice>) -> String {
    let asked = match length.typed.is_empty() {
        true => picked.map(|choice| choice.label.clone()),
        false => duration::parse(&length.typed).ok().map(|typed| words::duration(voice, typed)),
    };
    match asked {
        Some(asked) => voice.say("request-preview-for", [("duration", asked.into())]),
        None => voice.say("request-preview", []),
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
fn duration_choices(voice: Voice<'_>, durations: &[TimeDelta]) -> Vec<Choice> {
    let choice = |duration: &TimeDelta| Choice {
        label: words::duration(voice, *duration),
        value: duration.num_seconds().to_string(),
        hint: None,
    };
    durations.iter().take(CHOICES).map(choice).collect()
}

/// What a form would become, a line a request.
fn preview(voice: Voice<'_>, split: &Split<'_>) -> Vec<String> {
    let parts = split.parts.iter().take(NAMED_PARTS);
    let mut lines: Vec<String> =
        parts.map(|part| part_line(voice, part.flow, part.items.len())).collect();
    if let Some(more) = split.parts.len().checked_sub(NAMED_PARTS).filter(|more| *more > 0) {
        lines.push(voice.say("request-parts-more", [("count", more.into())]));
    }
    if !split.refused.is_empty() {
        let things = count(voice, split.refused.len());
        lines.push(voice.say("request-part-refused", [("things", things.into())]));
    }
    if lines.is_empty() {
        lines.push(voice.say("request-part-none", []));
    }
    lines
}

fn part_line(voice: Voice<'_>, flow: &Flow, number: usize) -> String {
    let (name, things) = (one_line(&flow.name, NAME_CHARS), count(voice, number));
    let (flow_name, things) = (("flow", name.into()), ("things", things.into()));
    let longest = ("longest", words::duration(voice, flow.longest).into());
    match &flow.approval {
        Approval::Automatic => voice.say("request-part-automatic", [flow_name, things, longest]),
        Approval::Denied(reason) => {
            let reason = ("reason", one_line(reason, REASON_CHARS).into());
            voice.say("request-part-denied", [flow_name, things, reason])
        }
        Approval::Stages(plan) => {
            let plan = ("plan", words::plan(voice, plan).into());
            voice.say("request-part-people", [flow_name, things, plan, longest])
        }
    }
}

fn live_lines(voice: Voice<'_>, live: &[(&Item, &RequestId)]) -> Vec<String> {
    let line = |(item, id): &(&Item, &RequestId)| {
        let values = [("item", words::item(voice, item).into()), ("id", id.to_string().into())];
        voice.say("request-live-item", values)
    };
    let mut lines: Vec<String> = live.iter().take(NAMED_LIVE).map(line).collect();
    if let Some(more) = live.len().checked_sub(NAMED_LIVE).filter(|more| *more > 0) {
        lines.push(voice.say("request-live-more", [("count", more.into())]));
    }
    lines
}

fn ticket_fields(voice: Voice<'_>, answers: &Answers, demands: &Demands) -> Option<TicketFields> {
    let mut kinds = tickets::choices(voice, demands);
    kinds.truncate(CHOICES);
    let is_picked = |choice: &&Choice| Some(&choice.value) == answers.ticket_kind.as_ref();
    // Where no type counts for all that is chosen, there is nothing to pick; sending says so.
    let picked = kinds.iter().find(is_picked).or(kinds.first()).filter(|_| demands.asks_ticket)?;
    Some(TicketFields {
        is_required: demands.is_ticket_required,
        example: picked.hint.clone().unwrap_or_else(|| picked.label.clone()),
        kind: vec![picked.clone()],
        id: answers.ticket_id.clone().unwrap_or_default(),
        kinds,
    })
}

/// The lights over what is typed, by these of the things that are asked for.
fn lights<'i>(
    voice: Voice<'_>,
    of: &Finishing<'_>,
    demands: &Demands,
    items: impl Iterator<Item = &'i Item>,
) -> Lights {
    let distinct: BTreeSet<&str> = items.map(|item| item.permission.as_str()).collect();
    let permissions: Vec<&str> = distinct.into_iter().collect();
    let setting = Setting {
        permissions: &permissions,
        tickets: &demands.counting(voice.policy),
        ticket: of.answers.ticket_id.as_deref(),
        examples: &[&voice.say("request-why-example", [])],
    };
    let text = of.answers.justification.as_deref().unwrap_or_default();
    justification::check(text, &setting)
}

/// Whether a flow demands that all three lights are green, and they are not.
fn lacks_lights(voice: Voice<'_>, of: &Finishing<'_>, demands: &Demands) -> bool {
    let strict = of
        .split
        .parts
        .iter()
        .filter(|part| part.flow.justification == JustificationRule::AllLights);
    let items = strict.flat_map(|part| &part.items);
    demands.justification == JustificationRule::AllLights
        && !lights(voice, of, demands, items).are_green()
}

/// What has still to be given before sending.
fn missing(voice: Voice<'_>, of: &Finishing<'_>, demands: &Demands) -> Option<String> {
    let is_given =
        |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let has_reason = is_given(&of.answers.justification);
    let missing: Vec<String> = [
        (demands.is_ticket_required && !is_given(&of.answers.ticket_id), "request-missing-ticket"),
        (!has_reason, "request-missing-why"),
        (has_reason && lacks_lights(voice, of, demands), "request-missing-lights"),
    ]
    .into_iter()
    .filter(|(is_missing, _)| *is_missing)
    .map(|(_, key)| voice.say(key, []))
    .collect();
    (!missing.is_empty()).then(|| missing.join(" "))
}

/// What a form became.
pub fn submitted(voice: Voice<'_>, requests: &[Record], refused: &[RefusedItem]) -> Notice {
    let line = |record: &Record| {
        voice.say(
            "request-sent",
            [
                ("mark", cards::mark(&record.state).into()),
                ("id", record.asked.id.to_string().into()),
                ("status", statuses::of_state(voice, &record.state).into()),
                ("standing", words::standing(voice, record).into()),
            ],
        )
    };
    let mut lines: Vec<String> = requests.iter().map(line).collect();
    lines.extend(left_out(voice, refused));
    lines.push(voice.say("request-sent-next", []));
    Notice { title: voice.say("request-sent-title", []), lines, quote: None }
}

/// The refused things under their reasons, as many to a paragraph as fit, and how many more there are.
fn left_out(voice: Voice<'_>, refused: &[RefusedItem]) -> Vec<String> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in refused {
        let item = words::item(voice, &one.item);
        reasons.entry(words::why_refused(voice, one.why)).or_default().push(item);
    }
    let mut paragraphs = Vec::new();
    for (why, mut items) in reasons {
        let mut paragraph = voice.say("request-left-out", [("why", why.into())]);
        let more = items.len().saturating_sub(MOST_NAMED);
        items.truncate(MOST_NAMED);
        if more > 0 {
            items.push(voice.say("request-left-out-more", [("count", more.into())]));
        }
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
