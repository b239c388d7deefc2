//! Everything that is chosen, a page at a time, each removable.
use super::count;
use crate::domain::catalog::Item;
use crate::domain::id::RequestId;
use crate::show::{Voice, words};
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
    voice: Voice<'_>,
    draft: &str,
    (items, live): (&[Item], &BTreeMap<Item, RequestId>),
    page: usize,
    handle: impl Fn(&Item) -> String,
) -> Review {
    let pages = items.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let row = |item: &Item| {
        let item_text = words::item(voice, item);
        let text = match live.get(item) {
            Some(id) => {
                let values = [("item", item_text.into()), ("id", id.to_string().into())];
                voice.say("request-chosen-live", values)
            }
            None => item_text,
        };
        ReviewRow { text, value: format!("{} {page}", handle(item)) }
    };
    let rows: Vec<ReviewRow> = items.iter().skip(page * PAGE).take(PAGE).map(row).collect();
    let first = page * PAGE + 1;
    let count = match items.len() {
        0 => voice.say("request-chosen-none", []),
        total if pages == 1 => count(voice, total),
        total => {
            let last = first + rows.len() - 1;
            let span = [("first", first.into()), ("last", last.into()), ("all", total.into())];
            voice.say("request-span", span)
        }
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
