//! Everything that is chosen, a page at a time, each removable.
use super::{count, grouped};
use crate::domain::catalog::Item;
use crate::domain::id::RequestId;
use crate::domain::policy::Policy;
use crate::show::words;
use serde::Serialize;
use std::collections::BTreeMap;

/// Things on one page.
const PAGE: usize = 30;

/// A page of what is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Names the form.
    pub draft: String,
    /// `31 to 60 of 284 things`.
    pub count: String,
    /// One for each thing.
    pub rows: Vec<ReviewRow>,
    /// Whether there is a page before.
    pub has_previous: bool,
    /// Its number.
    pub previous: usize,
    /// Whether there is a next page.
    pub has_next: bool,
    /// Its number.
    pub next: usize,
}

/// One thing that is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewRow {
    /// What it is, and whether it is there already.
    pub text: String,
    /// Names it and the page when it is removed.
    pub value: String,
}

/// Page `page` of what is chosen, from 0; `live` says what is there already, and in which request.
pub fn review(
    policy: &Policy,
    draft: &str,
    (items, live): (&[Item], &BTreeMap<Item, RequestId>),
    page: usize,
    handle: impl Fn(&Item) -> String,
) -> Review {
    let pages = items.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let row = |item: &Item| {
        let known = live.get(item).map(|id| format!(" ({id} gives or asks for the same)"));
        let text = format!("{}{}", words::item(policy, item), known.unwrap_or_default());
        ReviewRow { text, value: format!("{} {page}", handle(item)) }
    };
    let rows: Vec<ReviewRow> = items.iter().skip(page * PAGE).take(PAGE).map(row).collect();
    let first = page * PAGE + 1;
    let count = match items.len() {
        0 => "Nothing is chosen.".to_owned(),
        total if pages == 1 => format!("{}.", count(total)),
        total => format!("{first} to {} of {} things.", first + rows.len() - 1, grouped(total)),
    };
    Review {
        draft: draft.to_owned(),
        count,
        rows,
        has_previous: page > 0,
        previous: page.saturating_sub(1),
        has_next: page + 1 < pages,
        next: page + 1,
    }
}
