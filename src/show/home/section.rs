//! One list of the portal: its rows, its filter, and where in it the reader is.
use super::super::{Choice, Voice};
use super::choices;
use super::row::{In, Row, row};
use crate::domain::id::PersonId;
use crate::domain::listing::{List, Page, Place, Start};
use crate::domain::record::Record;
use crate::domain::status::Status;
use serde::Serialize;

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Which, by its word.
    pub list: String,
    /// Its name and how much is in it.
    pub title: String,
    /// The filter, where it has one.
    pub filter: Option<Filter>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What it says without any.
    pub empty: String,
    /// Where in it the reader is, where it has several pages.
    pub pager: Option<Pager>,
}

/// A filter by status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Names the filter; another name for another choice, so that the platform shows ours.
    pub block: String,
    /// Every status.
    pub choices: Vec<Choice>,
    /// Those that are shown; none means all.
    pub chosen: Vec<Choice>,
}

/// Where in a list the reader is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// `1–8 of 5,000`.
    pub line: String,
    /// What the way to the page before carries, where there is one.
    pub previous: Option<String>,
    /// What the way to the next page carries, where there is one.
    pub next: Option<String>,
}

/// A page of a list, as `viewer` reads it.
pub(super) fn section(voice: Voice<'_>, viewer: &PersonId, page: &Page, place: &Place) -> Section {
    let rows = page.rows.iter();
    let rows = rows.map(|record| row(voice, viewer, In::List(page.list), record)).collect();
    let name = title(voice, page.list);
    Section {
        list: page.list.word().to_owned(),
        title: match page.total {
            0 => name,
            total => voice.say("list-counted", [("list", name.into()), ("count", total.into())]),
        },
        filter: (page.list == List::Requests).then(|| filter(voice, place)),
        rows,
        empty: empty(voice, page.list, place),
        pager: pager(voice, page),
    }
}

/// What ended last, to ask for it again.
pub(super) fn closed(voice: Voice<'_>, viewer: &PersonId, records: &[Record]) -> Section {
    let rows = records.iter().map(|record| row(voice, viewer, In::Closed, record)).collect();
    Section {
        list: In::Closed.word().to_owned(),
        title: voice.say("list-closed", []),
        filter: None,
        rows,
        empty: String::new(),
        pager: None,
    }
}

fn filter(voice: Voice<'_>, place: &Place) -> Filter {
    let chosen: Vec<&str> = place.statuses.iter().map(|status| status.word()).collect();
    Filter {
        block: format!("statuses-{}", chosen.join("-")),
        choices: choices(voice, Status::ALL),
        chosen: choices(voice, place.statuses.iter().copied()),
    }
}

fn pager(voice: Voice<'_>, page: &Page) -> Option<Pager> {
    if page.next.is_none() && page.previous.is_none() {
        return None;
    }
    let carries = |start: Start| {
        let start = start.map_or_else(|| "newest".to_owned(), |id| id.to_string());
        format!("{} {start}", page.list.word())
    };
    let (first, last) = (page.before + 1, page.before + page.rows.len());
    let total = page.total.max(last);
    let places = [("first", first.into()), ("last", last.into()), ("total", total.into())];
    Some(Pager {
        line: voice.say("list-page", places),
        previous: page.previous.map(carries),
        next: page.next.map(|start| carries(Some(start))),
    })
}

/// A list's name.
pub(super) fn title(voice: Voice<'_>, list: List) -> String {
    let key = match list {
        List::Waiting => "list-waiting",
        List::Access => "list-access",
        List::Requests => "list-requests",
        List::Favorites => "list-favorites",
        List::Delegated => "list-delegated",
    };
    voice.say(key, [])
}

fn empty(voice: Voice<'_>, list: List, place: &Place) -> String {
    let key = match list {
        List::Waiting => "list-waiting-empty",
        List::Access => "list-access-empty",
        List::Requests if place.statuses.is_empty() => "list-requests-empty",
        List::Requests => "list-requests-filtered",
        List::Favorites => "list-favorites-empty",
        List::Delegated => "list-delegated-empty",
    };
    voice.say(key, [])
}
