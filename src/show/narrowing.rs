//! What approvers took away of a request, in words, and the fields in which one says what stays.
use super::limits::{CHOICES, shorten};
use super::request_form::{ItemChoices, refine_choice};
use super::{Choice, Fact, Voice, words};
use crate::domain::catalog::Item;
use crate::domain::narrow::{Left, Narrowing, NotLess};
use crate::domain::record::Record;
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::BTreeSet;

/// Most things that are named because they were taken out; Details has all of them.
const NAMED: usize = 5;
/// Longest list of them in a fact, in characters.
const NAMED_CHARS: usize = 900;
/// Boxes to tick in one element: Slack's limit.
pub const MOST_TICKS: usize = 10;
/// Things that are offered before anybody searches.
const OFFERED: usize = 15;
/// What the row carries that says that there are more; it is nothing that can be taken out.
pub const REFINE: &str = "refine";
/// Shorter times that are offered where the flow itself offers few, in minutes.
const LADDER: [i64; 10] = [15, 30, 60, 120, 240, 480, 1_440, 2_880, 10_080, 43_200];

/// The fields in which an approver says what stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NarrowForm {
    /// How often it had been narrowed when this was drawn.
    pub seen: usize,
    /// For how long: as it stands, then shorter.
    pub durations: Vec<Length>,
    /// The one that is chosen.
    pub duration: Length,
    /// What stays, each with a box; empty where there is one thing, or too many for boxes.
    pub things: Vec<Tick>,
    /// The values of the things that stay, with commas between.
    pub ticked: String,
    /// The first of too many things for boxes.
    pub offered: Vec<Choice>,
    /// The values of what goes of too many things for boxes, with commas between.
    pub picked: String,
    /// Whether there are too many for boxes: what goes is searched for.
    pub is_search: bool,
    /// How many things are left.
    pub total: usize,
    /// Says how many there are, where there are too many for boxes.
    pub count: String,
    /// What is wrong with the duration.
    pub wrong_duration: Option<String>,
    /// What is wrong with what stays.
    pub wrong_things: Option<String>,
}

/// One duration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Length {
    /// What people read.
    pub label: String,
    /// Its seconds.
    pub value: String,
    /// Never anything, as for every choice.
    pub hint: Option<String>,
    /// Whether it is the one that is chosen.
    pub is_picked: bool,
}

/// One thing with a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// The thing; its value is its place in what was asked for.
    pub choice: Choice,
    /// Whether it stays.
    pub stays: bool,
}

/// The fields for a request as it stands, with boxes for up to `most` things; all of it stays.
pub fn form(voice: Voice<'_>, record: &Record, most: usize) -> NarrowForm {
    let left = record.left();
    let durations = durations(voice, record, &left);
    let count = left.items.len();
    let all = things(voice, record, "");
    let (things, offered) = match count {
        0 | 1 => (Vec::new(), Vec::new()),
        few if few <= most => (all, Vec::new()),
        _ => (Vec::new(), all.into_iter().take(OFFERED).collect()),
    };
    let things: Vec<Tick> = things.into_iter().map(|choice| Tick { choice, stays: true }).collect();
    NarrowForm {
        seen: left.times,
        duration: length(voice, left.duration, true),
        durations,
        ticked: ticked(&things),
        things,
        offered,
        picked: String::new(),
        total: count,
        is_search: count > most.max(1),
        count: voice.say("narrow-count", [("count", count.into())]),
        wrong_duration: None,
        wrong_things: None,
    }
}

impl NarrowForm {
    /// The fields with what somebody took out of too many things for boxes.
    #[must_use]
    pub fn without(mut self, voice: Voice<'_>, record: &Record, goes: &[String]) -> Self {
        if !self.is_search {
            return self;
        }
        let is_gone = |choice: &Choice| goes.contains(&choice.value);
        let picked: Vec<Choice> = things(voice, record, "").into_iter().filter(is_gone).collect();
        let values: Vec<&str> = picked.iter().map(|choice| choice.value.as_str()).collect();
        self.picked = values.join(",");
        // A list shows nothing as chosen that is not among what it offers.
        let others = std::mem::take(&mut self.offered).into_iter();
        let others: Vec<Choice> = others.filter(|choice| !picked.contains(choice)).collect();
        self.offered = picked.into_iter().chain(others).collect();
        self
    }

    /// The fields as somebody filled them, and why that cannot be.
    pub fn filled(mut self, filled: &Filled, wrong: Option<(NotLess, String)>) -> Self {
        let is_chosen = |one: &Length| Some(&one.value) == filled.duration.as_ref();
        if self.durations.iter().any(is_chosen) {
            for one in &mut self.durations {
                one.is_picked = is_chosen(one);
            }
        }
        if let Some(picked) = self.durations.iter().find(|one| one.is_picked) {
            self.duration = picked.clone();
        }
        if let Some(stays) = &filled.stays {
            for tick in &mut self.things {
                tick.stays = stays.contains(&tick.choice.value);
            }
            self.ticked = ticked(&self.things);
        }
        match wrong {
            Some((NotLess::Longer { .. } | NotLess::NoTime, line)) => {
                self.wrong_duration = Some(line);
            }
            Some((NotLess::Foreign | NotLess::Nothing | NotLess::Moved, line)) => {
                self.wrong_things = Some(line);
            }
            None => {}
        }
        self
    }
}

/// What somebody had chosen in the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The value of the duration.
    pub duration: Option<String>,
    /// The values of what stays; `None` where nothing was said of it.
    pub stays: Option<Vec<String>>,
}

fn ticked(things: &[Tick]) -> String {
    let stays = things.iter().filter(|tick| tick.stays);
    stays.map(|tick| tick.choice.value.as_str()).collect::<Vec<_>>().join(",")
}

/// The durations: as it stands, then everything shorter that the flow offers or people use.
fn durations(voice: Voice<'_>, record: &Record, left: &Left<'_>) -> Vec<Length> {
    let flow = voice.policy.flow(&record.asked.flow);
    let of_flow = flow.into_iter().flat_map(|flow| flow.durations.iter().copied());
    let shorter: BTreeSet<TimeDelta> = of_flow
        .chain(LADDER.map(TimeDelta::minutes))
        .filter(|duration| *duration < left.duration)
        .collect();
    let shorter = shorter.into_iter().rev().take(CHOICES - 1);
    std::iter::once(left.duration)
        .chain(shorter)
        .map(|duration| length(voice, duration, duration == left.duration))
        .collect()
}

fn length(voice: Voice<'_>, duration: TimeDelta, is_picked: bool) -> Length {
    let value = duration.num_seconds().to_string();
    Length { label: words::duration(voice, duration), value, hint: None, is_picked }
}

/// What is left of a request and has all these words in its name, each under its place in what was
/// asked for.
pub fn things(voice: Voice<'_>, record: &Record, text: &str) -> Vec<Choice> {
    let left = record.left();
    let is_left: BTreeSet<&Item> = left.items.iter().collect();
    let mut choices = ItemChoices::new(voice);
    let text = text.to_lowercase();
    let fits = |choice: &Choice| {
        let name = choice.label.to_lowercase();
        text.split_whitespace().all(|word| name.contains(word))
    };
    record
        .asked
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| is_left.contains(item))
        .map(|(place, item)| choices.choice(item, place.to_string()))
        .filter(fits)
        .collect()
}

/// What can be taken out, by these words: as many as a list holds, then that there are more.
pub fn search(voice: Voice<'_>, record: &Record, text: &str) -> Vec<Choice> {
    let mut found = things(voice, record, text);
    if found.len() > CHOICES {
        found.truncate(CHOICES - 1);
        found.push(refine_choice(voice, REFINE));
    }
    found
}

/// Why what an approver would leave cannot be, as a sentence.
pub fn not_less(voice: Voice<'_>, why: NotLess) -> String {
    let key = match why {
        NotLess::Longer { most } => {
            let most = words::duration(voice, most);
            return voice.say("narrow-longer", [("most", most.into())]);
        }
        NotLess::NoTime => "narrow-no-time",
        NotLess::Foreign => "narrow-foreign",
        NotLess::Nothing => "narrow-nothing",
        NotLess::Moved => "narrow-moved",
    };
    voice.say(key, [])
}

/// `2 h`, counted from when it is there; `2 h instead of 8 h` where an approver shortened it.
pub fn how_long(voice: Voice<'_>, record: &Record) -> String {
    let (left, asked) = (record.left().duration, record.asked.duration);
    let left_words = words::duration(voice, left);
    if left == asked {
        return left_words;
    }
    let asked = words::duration(voice, asked);
    voice.say("narrowed-duration", [("left", left_words.into()), ("asked", asked.into())])
}

/// How long it may last, and what was taken out.
pub fn facts(voice: Voice<'_>, record: &Record) -> Vec<Fact> {
    let how_long = Fact::text(&voice.say("fact-how-long", []), how_long(voice, record));
    std::iter::once(how_long).chain(taken_out(voice, record)).collect()
}

/// The same where its times are told already: nothing but what an approver changed.
pub fn less(voice: Voice<'_>, record: &Record) -> Vec<Fact> {
    match record.is_shortened() {
        true => facts(voice, record),
        false => taken_out(voice, record),
    }
}

/// What was taken out, and by whom.
fn taken_out(voice: Voice<'_>, record: &Record) -> Vec<Fact> {
    let yes = record.decisions.iter().filter(|one| !one.narrowing.without.is_empty());
    yes.map(|decision| {
        let names = named(voice, &decision.narrowing.without);
        let by = words::name(voice, &decision.by);
        let text = voice.say("narrowed-by", [("names", names.into()), ("by", by.into())]);
        Fact::text(&voice.say("fact-taken-out", []), text)
    })
    .collect()
}

/// Some names and how many more there are.
fn named(voice: Voice<'_>, items: &[Item]) -> String {
    let names: Vec<String> =
        items.iter().take(NAMED).map(|item| words::item(voice, item)).collect();
    let names = shorten(&names.join("; "), NAMED_CHARS);
    match items.len().checked_sub(NAMED).filter(|more| *more > 0) {
        Some(more) => voice.say("narrowed-more", [("names", names.into()), ("count", more.into())]),
        None => names,
    }
}

/// What one yes took away: `2 h at most; without payments (…): read`. Nothing where it took nothing.
pub fn one(voice: Voice<'_>, narrowing: &Narrowing) -> Option<String> {
    let shorter = narrowing.duration.map(|duration| {
        let duration = words::duration(voice, duration);
        voice.say("narrowed-to", [("duration", duration.into())])
    });
    let without = (!narrowing.without.is_empty()).then(|| {
        let names = named(voice, &narrowing.without);
        voice.say("narrowed-without", [("names", names.into())])
    });
    let parts: Vec<String> = shorter.into_iter().chain(without).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What approvers left, as a sentence: `For 2 h instead of 8 h, without 1 of 3 resources.`
pub fn sentence(voice: Voice<'_>, record: &Record) -> Option<String> {
    let left = record.left();
    let (total, stays) = (record.asked.items.len(), left.items.len());
    let out = total.saturating_sub(stays);
    let duration = how_long(voice, record);
    let things = || [("count", out.into()), ("total", total.into())];
    match (left.duration < record.asked.duration, out > 0) {
        (false, false) => None,
        (true, false) => Some(voice.say("narrowed-shorter", [("duration", duration.into())])),
        (false, true) => Some(voice.say("narrowed-fewer", things())),
        (true, true) => {
            let [count, total] = things();
            Some(voice.say("narrowed-both", [("duration", duration.into()), count, total]))
        }
    }
}
