//! A person's lists as pages, and the first page, which shows the beginning of each.
use super::request::tone;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::listing::{List, Page, Place, Portal, Start};
use crate::domain::record::Record;
use crate::domain::status::Status;
use crate::show::home::{self, Counter, Row};
use crate::show::{Voice, statuses};
use serde::Serialize;

/// Rows of one page of a list.
pub const SIZE: usize = 20;

/// The first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HomePage {
    /// `Good to see you, Ana.`
    pub greeting: String,
    /// How many requests stand where; each leads to these.
    pub counters: Vec<Counter>,
    /// The beginnings of the lists.
    pub shelves: Vec<Shelf>,
}

/// A list, or its beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shelf {
    /// Names it on its page.
    pub name: String,
    /// Its name and how much is in it.
    pub title: String,
    /// Its rows.
    pub rows: Vec<ToneRow>,
    /// What it says without any.
    pub empty: String,
    /// Where all of it is, where there is more.
    pub all: Option<&'static str>,
}

/// A row, and how its status is coloured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToneRow {
    /// The row.
    pub row: Row,
    /// `good`.
    pub tone: &'static str,
    /// How often its access had been extended, where that is offered.
    pub seen: String,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListPage {
    /// The list.
    pub shelf: Shelf,
    /// Its path below the root.
    pub path: &'static str,
    /// The statuses to filter by, where it can be filtered.
    pub filter: Vec<Tick>,
    /// Where in it the reader is, where it has several pages.
    pub pager: Option<Pager>,
}

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// What comes back.
    pub value: &'static str,
    /// What people read.
    pub label: String,
    /// Whether it is ticked.
    pub is_ticked: bool,
}

/// Where in a list the reader is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// `1–20 of 5,000`.
    pub line: String,
    /// The query of the page before, where there is one.
    pub previous: Option<String>,
    /// The query of the next page, where there is one.
    pub next: Option<String>,
}

/// Where a list is, below the root.
pub fn path(list: List) -> &'static str {
    match list {
        List::Waiting => "/waiting",
        List::Access => "/access",
        List::Requests => "/requests",
        List::Favorites => "/favourites",
        List::Delegated => "/delegated",
    }
}

/// The first page of `viewer`.
pub fn home(voice: Voice<'_>, viewer: &PersonId, portal: &Portal) -> HomePage {
    let home = home::home(voice, viewer, portal);
    let shelf = |section: home::Section| {
        let page = portal.pages.iter().find(|page| page.list.word() == section.list);
        let records = page.map_or(portal.closed.as_slice(), |page| page.rows.as_slice());
        let all = page.filter(|page| page.total > page.rows.len()).map(|page| path(page.list));
        shelf(section, records, all)
    };
    HomePage {
        greeting: home.greeting,
        counters: home.counters,
        shelves: home.sections.into_iter().map(shelf).collect(),
    }
}

/// A page of a list of `viewer`'s.
pub fn list(voice: Voice<'_>, viewer: &PersonId, page: &Page, place: &Place) -> ListPage {
    let view = home::list(voice, viewer, page, place);
    let line = view.section.pager.as_ref().map(|pager| pager.line.clone());
    let tick = |status: Status| Tick {
        value: status.word(),
        label: statuses::status(voice, status),
        is_ticked: place.statuses.contains(&status),
    };
    let is_filtered = page.list == List::Requests;
    ListPage {
        shelf: shelf(view.section, &page.rows, None),
        path: path(page.list),
        filter: Status::ALL.into_iter().filter(|_| is_filtered).map(tick).collect(),
        pager: line.map(|line| Pager {
            line,
            previous: page.previous.map(|start| query(place, start)),
            next: page.next.map(|start| query(place, Some(start))),
        }),
    }
}

fn shelf(section: home::Section, records: &[Record], all: Option<&'static str>) -> Shelf {
    let rows = section.rows.into_iter().zip(records).map(|(row, record)| ToneRow {
        tone: tone(&record.state),
        seen: row
            .extend
            .as_ref()
            .and_then(|button| button.value.split(' ').nth(1))
            .unwrap_or_default()
            .to_owned(),
        row,
    });
    Shelf {
        name: section.list,
        title: section.title,
        rows: rows.collect(),
        empty: section.empty,
        all,
    }
}

/// The query that shows a list from there on, filtered as it is.
fn query(place: &Place, start: Start) -> String {
    let statuses = place.statuses.iter().map(|status| format!("status={}", status.word()));
    let from = start.map(|id: RequestId| format!("from={id}"));
    let parts: Vec<String> = statuses.chain(from).collect();
    format!("?{}", parts.join("&"))
}
