//! One list of the portal: its rows, its filter, and where in it the reader is.
use super::super::Choice;
use super::row::{Row, row};
use super::{number, statuses};
use crate::domain::id::PersonId;
use crate::domain::listing::{List, Page, Place, Start};
use crate::domain::policy::Policy;
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
pub(super) fn section(policy: &Policy, viewer: &PersonId, page: &Page, place: &Place) -> Section {
    let rows = page.rows.iter().map(|record| row(policy, viewer, page.list, record)).collect();
    let name = title(page.list);
    Section {
        list: page.list.word().to_owned(),
        title: if page.total == 0 { name.to_owned() } else { format!("{name} ({})", number(page.total)) },
        filter: (page.list == List::Requests).then(|| filter(place)),
        rows,
        empty: empty(page.list, place).to_owned(),
        pager: pager(page),
    }
}

fn filter(place: &Place) -> Filter {
    let chosen: Vec<&str> = place.statuses.iter().map(|status| status.word()).collect();
    Filter {
        block: format!("statuses-{}", chosen.join("-")),
        choices: statuses(Status::ALL),
        chosen: statuses(place.statuses.iter().copied()),
    }
}

fn pager(page: &Page) -> Option<Pager> {
    if page.next.is_none() && page.previous.is_none() {
        return None;
    }
    let carries = |start: Start| {
        let start = start.map_or_else(|| "newest".to_owned(), |id| id.to_string());
        format!("{} {start}", page.list.word())
    };
    let (first, last) = (page.before + 1, page.before + page.rows.len());
    Some(Pager {
        line: format!("{}–{} of {}", number(first), number(last), number(page.total.max(last))),
        previous: page.previous.map(carries),
        next: page.next.map(|start| carries(Some(start))),
    })
}

/// A list's name.
pub(super) fn title(list: List) -> &'static str {
    match list {
        List::Waiting => "Waiting for my decision",
        List::Access => "My access",
        List::Requests => "My requests",
        List::Delegated => "Delegated requests",
    }
}

fn empty(list: List, place: &Place) -> &'static str {
    match list {
        List::Waiting => "Nothing waits for your decision.",
        List::Access => "You have no access through Hallpass now.",
        List::Requests if place.statuses.is_empty() => {
            "You have not asked for anything yet. New request is the way in."
        }
        List::Requests => "None of your requests stands there.",
        List::Delegated => "You asked for nobody else, and nobody asked for you.",
    }
}
