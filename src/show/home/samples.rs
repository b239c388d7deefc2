//! Portals and lists to look at and to test with: an empty one, and the fullest there can be.
use super::super::samples::{Texts, record, states};
use super::{LIST_SIZE, SIZES};
use crate::domain::id::RequestId;
use crate::domain::listing::{List, Page, Place, Portal};
use crate::domain::record::Record;
use crate::domain::status::Status;

/// More than anybody has.
const MANY: usize = 1_000_000;
/// The number of the first row.
const FIRST: i64 = 1043;

/// Portals: of somebody new, of somebody whose filter finds nothing, and the fullest.
pub fn portals(texts: Texts<'_>) -> Vec<Portal> {
    let sizes = SIZES.iter().copied();
    let nothing: Vec<Page> = sizes.clone().map(|(list, _)| empty(list)).collect();
    let everything = sizes.map(|(list, size)| full(texts, list, size)).collect();
    let only = |statuses: &[Status]| Place {
        statuses: statuses.iter().copied().collect(),
        ..Place::default()
    };
    let mut turned = only(&Status::ALL);
    turned.starts = List::ALL.into_iter().map(|list| (list, RequestId(i64::MAX))).collect();
    vec![
        portal(0, nothing.clone(), Place::default()),
        portal(0, nothing, only(&[Status::PendingMfa])),
        portal(MANY, everything, turned),
    ]
}

/// A page of every list, empty and full.
pub fn pages(texts: Texts<'_>) -> Vec<Page> {
    let both = |list: List| [empty(list), full(texts, list, LIST_SIZE)];
    List::ALL.into_iter().flat_map(both).collect()
}

fn portal(count: usize, pages: Vec<Page>, place: Place) -> Portal {
    let counts = Status::ALL.into_iter().map(|status| (status, count)).collect();
    let closed = pages.iter().flat_map(|page| page.rows.iter().take(3).cloned()).take(3).collect();
    Portal { counts, pages, closed, place }
}

fn empty(list: List) -> Page {
    Page { list, rows: Vec::new(), before: 0, total: 0, next: None, previous: None }
}

/// In the middle of many, with every status among its rows.
fn full(texts: Texts<'_>, list: List, size: usize) -> Page {
    let records = states(texts).into_iter().map(|state| record(texts, state));
    let mut rows: Vec<Record> =
        records.collect::<Vec<_>>().into_iter().cycle().take(size).collect();
    for (row, id) in rows.iter_mut().zip(FIRST..) {
        row.asked.id = RequestId(id);
    }
    Page {
        list,
        rows,
        before: MANY / 2,
        total: MANY,
        next: Some(RequestId(FIRST)),
        previous: Some(Some(RequestId(FIRST))),
    }
}
