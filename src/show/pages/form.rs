//! The form that asks for access, as pages: choose, review, for whom, finish, sent.
//!
//! The sentences and the second step are those of chat; what differs is that a page can show a list
//! whole, with boxes to tick, and leads on by links.
use crate::domain::catalog::Item;
use crate::domain::draft::WayIn;
use crate::domain::id::RequestId;
use crate::domain::person::Person;
use crate::domain::record::Record;
use crate::domain::submission::RefusedItem;
use crate::show::request_form::{self, Basket, Finish, Review};
use crate::show::{Choice, Voice};
use serde::Serialize;
use std::collections::BTreeMap;

/// The first step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChoosePage {
    /// Names the form.
    pub draft: String,
    /// Who it is for, where that can be chosen.
    pub grantee: Option<String>,
    /// The three ways.
    pub tabs: Vec<Tab>,
    /// The way that is open, as a field carries it.
    pub way: &'static str,
    /// The fields to search with, where the open way has them.
    pub search: Option<Search>,
    /// What to choose first: systems and types, or bundles.
    pub steps: Vec<Step>,
    /// How many match, or what is in the bundle.
    pub matching: Option<String>,
    /// What can be ticked.
    pub rows: Vec<TickRow>,
    /// Whether there is more than these.
    pub has_more: bool,
    /// What the button says that adds everything that matches, or the whole bundle.
    pub add_all: Option<String>,
    /// What brings this very page back, with what is found on it.
    pub back: String,
    /// What is chosen.
    pub basket: Basket,
    /// Whether anything is.
    pub has_chosen: bool,
}

/// One of the three ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tab {
    /// Its word in an address.
    pub way: &'static str,
    /// What people read.
    pub label: String,
    /// Whether it is open.
    pub is_here: bool,
}

/// The fields to search with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Search {
    /// Words of the name.
    pub words: String,
    /// The types, the one that is picked marked.
    pub kinds: Vec<Pick>,
    /// The permissions, the one that is picked marked.
    pub permissions: Vec<Pick>,
    /// The system and type that were chosen before, or the bundle, for the form to carry.
    pub carried: Vec<Carried>,
}

/// Something that a form carries unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// The field.
    pub name: &'static str,
    /// What is in it.
    pub value: String,
}

/// One choice of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pick {
    /// What people read.
    pub label: String,
    /// What comes back.
    pub value: String,
    /// Whether it is picked.
    pub is_picked: bool,
}

/// What is chosen before resources are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `Connected system`.
    pub label: String,
    /// One link each.
    pub links: Vec<StepLink>,
}

/// One link of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepLink {
    /// What people read.
    pub label: String,
    /// The query that it leads to.
    pub query: String,
    /// Whether it is chosen.
    pub is_here: bool,
}

/// Something to tick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TickRow {
    /// What comes back.
    pub value: String,
    /// The resource and the permission.
    pub label: String,
    /// What it is and where.
    pub hint: String,
    /// Whether it is chosen already.
    pub is_chosen: bool,
    /// Says that it is there already, or asked for.
    pub live: Option<String>,
}

/// The three ways, of which one is open.
pub fn tabs(voice: Voice<'_>, current: WayIn) -> Vec<Tab> {
    [WayIn::Resource, WayIn::App, WayIn::Bundle]
        .into_iter()
        .map(|way| Tab {
            way: way_word(way),
            label: match way {
                WayIn::Resource => voice.say("request-way-resource", []),
                WayIn::App => voice.say("request-way-app", []),
                WayIn::Bundle => voice.say("request-way-bundle", []),
            },
            is_here: way == current,
        })
        .collect()
}

/// A way's word in an address.
pub fn way_word(way: WayIn) -> &'static str {
    match way {
        WayIn::Resource => "resource",
        WayIn::App => "app",
        WayIn::Bundle => "bundle",
    }
}

/// Names as the choices of a list, after the one that narrows nothing.
pub fn picks(any: Choice, names: &[&str], picked: Option<&str>) -> Vec<Pick> {
    let first = Pick { label: any.label, value: String::new(), is_picked: picked.is_none() };
    let named = names.iter().map(|name| Pick {
        label: request_form::named_choice(name, String::new()).label,
        value: (*name).to_owned(),
        is_picked: picked == Some(*name),
    });
    std::iter::once(first).chain(named).collect()
}

/// A thing as something to tick.
pub fn tick_row(
    voice: Voice<'_>,
    (item, value): (&Item, String),
    (chosen, live): (&[Item], &BTreeMap<Item, RequestId>),
) -> TickRow {
    let choice = request_form::item_choice(voice, item, value);
    let live =
        live.get(item).map(|id| voice.say("page-form-live", [("id", id.to_string().into())]));
    TickRow {
        value: choice.value,
        label: choice.label,
        hint: choice.hint.unwrap_or_default(),
        is_chosen: chosen.contains(item),
        live,
    }
}

/// A list of steps, named.
pub fn step(voice: Voice<'_>, of: StepOf, links: Vec<StepLink>) -> Step {
    let key = match of {
        StepOf::Integration => "request-system",
        StepOf::Kind => "request-kind",
        StepOf::Bundle => "request-bundle",
    };
    Step { label: voice.say(key, []), links }
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOf {
    /// Connected systems.
    Integration,
    /// Types of resource.
    Kind,
    /// Bundles.
    Bundle,
}

/// What a bundle holds, and what the button says that adds all of it.
pub fn bundle_lines(
    voice: Voice<'_>,
    (name, description): (&str, &str),
    (offered, closed): (usize, usize),
) -> (String, String) {
    let name = request_form::named_choice(name, String::new()).label;
    let holds = [("name", name.into()), ("count", offered.into())];
    let mut lines = vec![voice.say("request-bundle-holds", holds)];
    if !description.is_empty() {
        lines.push(description.to_owned());
    }
    if closed > 0 {
        lines.push(voice.say("request-bundle-closed", [("count", closed.into())]));
    }
    (lines.join(" "), voice.say("request-add-bundle", [("count", offered.into())]))
}

/// Who a form can be for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForPage {
    /// Names the form.
    pub draft: String,
    /// What is searched with.
    pub words: String,
    /// The people that are found.
    pub people: Vec<Choice>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// A person as a choice.
pub fn person(person: &Person) -> Choice {
    request_form::person_choice(person, person.id.as_str().to_owned())
}

/// Everything that is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewPage {
    /// A page of it.
    pub review: Review,
    /// Each row's thing, in the same order.
    pub rows: Vec<ReviewRow>,
    /// Which page it is, from 0.
    pub page: usize,
}

/// A thing that is chosen, and the field that removes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewRow {
    /// What it is.
    pub text: String,
    /// What comes back.
    pub value: String,
}

/// A page of everything that is chosen.
pub fn review(review: Review) -> ReviewPage {
    let rows = review.rows.iter().map(|row| ReviewRow {
        text: row.text.clone(),
        value: row.value.split(' ').next().unwrap_or_default().to_owned(),
    });
    let page = if review.has_previous { review.previous + 1 } else { 0 };
    ReviewPage { rows: rows.collect(), page, review }
}

/// The second step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FinishPage {
    /// As chat has it.
    pub finish: Finish,
    /// The durations, the one that is picked marked.
    pub durations: Vec<Pick>,
    /// The types of ticket, the one that is picked marked.
    pub ticket_kinds: Vec<Pick>,
    /// What is wrong, by field.
    pub wrong: Wrong,
}

/// What is wrong with the second step, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// With how long.
    pub duration: Option<String>,
    /// With the ticket.
    pub ticket: Option<String>,
    /// With why.
    pub why: Option<String>,
}

/// The second step, with what is wrong in it.
pub fn finish(finish: Finish, wrong: Wrong) -> FinishPage {
    let pick = |choice: &Choice, picked: Option<&Choice>| Pick {
        label: choice.label.clone(),
        value: choice.value.clone(),
        is_picked: picked.is_some_and(|picked| picked.value == choice.value),
    };
    let ticket = finish.ticket.as_ref();
    FinishPage {
        durations: finish.durations.iter().map(|one| pick(one, Some(&finish.duration))).collect(),
        ticket_kinds: ticket
            .map(|fields| fields.kinds.iter().map(|one| pick(one, fields.kind.first())).collect())
            .unwrap_or_default(),
        wrong,
        finish,
    }
}

/// What a form became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentPage {
    /// A line and a number for each request.
    pub requests: Vec<SentRow>,
    /// What else there is to say.
    pub lines: Vec<String>,
}

/// A request that a form became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentRow {
    /// `AR-1042`.
    pub id: String,
    /// Where it stands.
    pub line: String,
}

/// What a form became.
pub fn sent(voice: Voice<'_>, requests: &[Record], refused: &[RefusedItem]) -> SentPage {
    let mut notice = request_form::submitted(voice, requests, refused);
    // Its last line speaks of chat.
    notice.lines.pop();
    let lines = notice.lines.split_off(requests.len().min(notice.lines.len()));
    let ids = requests.iter().map(|record| record.asked.id.to_string());
    let rows = ids.zip(notice.lines).map(|(id, line)| SentRow { id, line });
    SentPage { requests: rows.collect(), lines }
}

/// The title of each step.
pub fn title(voice: Voice<'_>, of: StepTitle) -> String {
    let key = match of {
        StepTitle::Choose => "request-title",
        StepTitle::Chosen => "request-chosen-title",
        StepTitle::ForWhom => "request-for-whom",
        StepTitle::Sent => "request-sent-title",
    };
    voice.say(key, [])
}

/// A step of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepTitle {
    /// Choosing, and finishing.
    Choose,
    /// Everything that is chosen.
    Chosen,
    /// Who it is for.
    ForWhom,
    /// Sent.
    Sent,
}
