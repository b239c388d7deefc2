//! What a flow asks besides approval: `[flow.extend]`, `[flow.ticket]` and `justification`.
use super::section::Section;
use super::words::{Label, Names, advice, shown};
use crate::domain::duration::{self, spoken};
use crate::domain::id::TicketTypeId;
use crate::domain::terms::{Extend, JustificationRule, Offered, TicketRule};
use chrono::TimeDelta;

/// The words for extending in the last quarter.
const LAST_QUARTER: &str = "last quarter";

/// More extensions than anybody means.
const MOST_EXTENSIONS: u32 = 100;

/// A flow's terms.
pub(super) struct Terms {
    pub(super) extend: Option<Extend>,
    pub(super) ticket: Option<TicketRule>,
    pub(super) justification: JustificationRule,
}

/// Reads a flow's terms; what is wrong with them is reported.
pub(super) fn read(
    section: &Section<'_>,
    tickets: &Names,
    durations: &[TimeDelta],
    longest: TimeDelta,
) -> Terms {
    let rules = [("any", JustificationRule::Any), ("all lights", JustificationRule::AllLights)];
    let extend = section.section("extend").and_then(|table| {
        let read = extend(&table, durations, longest);
        table.finish();
        read
    });
    let ticket = section.section("ticket").and_then(|table| {
        let read = ticket(&table, tickets);
        table.finish();
        read
    });
    Terms {
        extend,
        ticket,
        justification: section.choice("justification", &rules).unwrap_or_default(),
    }
}

/// Reports terms of a flow that only denies: nobody could ever meet them.
pub(super) fn refuse_under_denial(section: &Section<'_>) {
    for key in ["extend", "ticket", "justification"] {
        if section.has(key) {
            let what = "this flow only denies, so this is never used";
            section.reading.mistake(&section.place(key), what);
        }
    }
}

fn extend(table: &Section<'_>, durations: &[TimeDelta], flow_longest: TimeDelta) -> Option<Extend> {
    if !table.has("step") {
        table.missing("step", "\"1h\"");
    }
    let step = table.duration("step");
    let times = times(table);
    let longest = longest(table, durations, flow_longest);
    let offered = offered(table);
    Some(Extend { step: step?.value, times: times?, longest: longest?, offered: offered? })
}

/// How often: once unless it says otherwise.
fn times(table: &Section<'_>) -> Option<u32> {
    let Some(word) = table.word_or_number("times", "a whole number, without quotes") else {
        return (!table.has("times")).then_some(1);
    };
    let read = word.value.parse::<u32>().ok().filter(|n| (1..=MOST_EXTENSIONS).contains(n));
    if read.is_none() {
        let what = format!("write how often, as a whole number from 1 to {MOST_EXTENSIONS}");
        table.reading.mistake(&word.place, what);
    }
    read
}

/// The longest in all: the flow's longest unless it says otherwise.
fn longest(
    table: &Section<'_>,
    durations: &[TimeDelta],
    flow_longest: TimeDelta,
) -> Option<TimeDelta> {
    let said = table.duration("longest");
    if said.is_none() && table.has("longest") {
        return None;
    }
    let longest = said.as_ref().map_or(flow_longest, |said| said.value);
    let place = said.map_or_else(|| table.here(), |said| said.place);
    if longest < flow_longest {
        let what = format!(
            "{} in all is shorter than what this flow gives without it, {}",
            spoken(longest),
            spoken(flow_longest)
        );
        table.reading.mistake(&place, what);
        return None;
    }
    if durations.iter().all(|duration| *duration >= longest) {
        let what = format!(
            "nothing could ever be extended: every duration that is offered lasts {}, the longest \
             in all; write `longest = \"…\"` here, how long a grant may last with its extensions",
            spoken(longest)
        );
        table.reading.mistake(&place, what);
        return None;
    }
    Some(longest)
}

fn offered(table: &Section<'_>) -> Option<Offered> {
    let Some(text) = table.text("offered") else {
        return (!table.has("offered")).then_some(Offered::LastQuarter);
    };
    if text.value == LAST_QUARTER {
        return Some(Offered::LastQuarter);
    }
    let before = duration::parse(text.value);
    if before.is_err() {
        let advice = advice(text.value, [LAST_QUARTER], Label::Allowed);
        let what = format!(
            "{} is not known here{advice}, or how long before the end, \"1h\"",
            shown(text.value)
        );
        table.reading.mistake(&text.place, what);
    }
    before.ok().map(Offered::Before)
}

fn ticket(table: &Section<'_>, tickets: &Names) -> Option<TicketRule> {
    if !table.has("types") {
        table.missing("types", "[\"incident\"]");
    }
    let texts = table.texts("types");
    let is_required = table.yes_or_no("required", true);
    let mut types: Vec<TicketTypeId> = Vec::new();
    for text in &texts {
        let Some(id) = tickets.resolve(table.reading, &text.place, text.value) else { continue };
        if types.contains(&id) {
            table.reading.mistake(&text.place, "this type is named twice");
        }
        types.push(id);
    }
    (!types.is_empty()).then_some(TicketRule { types, is_required })
}
