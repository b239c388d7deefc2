//! The portal and the lists it is made of, as models.
//!
//! A view holds 100 blocks, and a row takes two. [`SIZES`] adds up to fewer, with everything that
//! stands around the rows; a test draws the fullest portal there is and counts.
mod row;
pub mod samples;
mod section;

pub use row::{Row, RowTime};
pub use section::{Filter, Pager, Section};

use super::{Choice, Voice, limits, statuses, words};
use crate::domain::id::PersonId;
use crate::domain::listing::{List, Page, Place, Portal};
use crate::domain::status::Status;
use section::section;
use serde::Serialize;

/// Rows that each list shows at once in the portal.
pub const SIZES: &[(List, usize)] = &[
    (List::Waiting, 5),
    (List::Access, 5),
    (List::Requests, 8),
    (List::Favorites, 4),
    (List::Delegated, 4),
];
/// Rows that a list alone shows at once.
pub const LIST_SIZE: usize = 20;
/// The counters, in order (R18).
const COUNTED: [Status; 3] = [Status::Active, Status::PendingApproval, Status::PendingMfa];

/// The portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Home {
    /// `Good to see you, Ana.`
    pub greeting: String,
    /// How many requests stand where; each filters the list of requests.
    pub counters: Vec<Counter>,
    /// The lists, in order.
    pub sections: Vec<Section>,
    /// What was chosen to be seen, for the platform to carry.
    pub place: String,
}

/// How many requests stand at a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counter {
    /// The status, by its word.
    pub status: String,
    /// `Active 3`.
    pub label: String,
    /// Whether the list shows these alone.
    pub is_chosen: bool,
}

/// One list by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListView {
    /// Its name.
    pub title: String,
    /// The list.
    pub section: Section,
    /// What was chosen to be seen, for the platform to carry.
    pub place: String,
}

/// What a list by itself carries: which it is, and where it is turned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct ListPlace {
    /// Which list.
    pub list: List,
    /// Where it is turned to.
    pub place: Place,
}

/// The portal of `viewer`.
pub fn home(voice: Voice<'_>, viewer: &PersonId, portal: &Portal) -> Home {
    let place = &portal.place;
    let counters = COUNTED.map(|status| {
        let count = portal.counts.get(&status).copied().unwrap_or(0);
        let name = statuses::status(voice, status);
        let label = [("status", name.into()), ("count", count.into())];
        Counter {
            status: status.word().to_owned(),
            label: voice.say("home-counter", label),
            is_chosen: place.is_only(status),
        }
    });
    let mut sections: Vec<Section> =
        portal.pages.iter().map(|page| section(voice, viewer, page, place)).collect();
    let after = |section: &Section| section.list == List::Favorites.word();
    let at = sections.iter().position(after).map_or(sections.len(), |at| at + 1);
    sections.insert(at, section::closed(voice, viewer, &portal.closed));
    // Nobody but approvers is told that nothing waits for them, and few ask for others.
    sections.retain(|section| {
        let is_always = [List::Access.word(), List::Requests.word()].contains(&&*section.list);
        is_always || !section.rows.is_empty()
    });
    // Who filters the requests looks at them first.
    if !place.statuses.is_empty() {
        sections.sort_by_key(|section| section.list != List::Requests.word());
    }
    Home {
        greeting: voice.say("home-greeting", [("name", words::name(voice, viewer).into())]),
        counters: counters.into(),
        sections,
        place: carried(place),
    }
}

/// A list of `viewer`'s by itself.
pub fn list(voice: Voice<'_>, viewer: &PersonId, page: &Page, place: &Place) -> ListView {
    let carries = ListPlace { list: page.list, place: place.clone() };
    ListView {
        title: section::title(voice, page.list),
        section: section(voice, viewer, page, place),
        place: carried(&carries),
    }
}

/// The choices of a filter by status.
fn choices(voice: Voice<'_>, of: impl IntoIterator<Item = Status>) -> Vec<Choice> {
    let choice = |status: Status| Choice {
        label: limits::shorten(&statuses::status(voice, status), limits::CHOICE_CHARS),
        value: status.word().to_owned(),
        hint: None,
    };
    of.into_iter().map(choice).collect()
}

fn carried<T: Serialize>(place: &T) -> String {
    // A place is names and numbers: it always writes.
    serde_json::to_string(place).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self as texts_of, HOSTILE, Texts};
    use super::super::templates;
    use super::*;
    use crate::domain::language::Language;

    /// Slack's limits of one view.
    const MOST_BLOCKS: usize = 100;
    const MOST_BYTES: usize = 250_000;

    #[test]
    fn the_fullest_view_is_within_a_views_limits() {
        let long = "&<>\"\u{1f512}é ".repeat(800);
        let plain = Texts { name: "", words: "INC-42" };
        let mut all = vec![plain, Texts { name: &long, words: &long }];
        all.extend(HOSTILE.iter().map(|text| Texts { name: text, words: text }));
        let ana = PersonId::from("ana");
        for (texts, language) in all.iter().flat_map(|texts| Language::ALL.map(|one| (*texts, one)))
        {
            let policy = texts_of::policy(texts);
            let voice = Voice::new(&policy, language);
            let homes = samples::portals(texts);
            let homes = homes.iter().map(|portal| {
                templates::slack(language, "home", &home(voice, &ana, portal)).unwrap()
            });
            let pages = samples::pages(texts);
            let lists = pages.iter().map(|page| {
                let view = list(voice, &ana, page, &Place::default());
                templates::slack(language, "list", &view).unwrap()
            });
            for view in homes.chain(lists) {
                let blocks = view["blocks"].as_array().unwrap().len();
                let bytes = view.to_string().len();
                assert!(
                    blocks <= MOST_BLOCKS && bytes <= MOST_BYTES,
                    "{blocks} blocks, {bytes} bytes"
                );
            }
        }
    }
}
