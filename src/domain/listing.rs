//! Lists of requests as people page through them: which lists there are, where in one somebody is,
//! and one page of it.
//!
//! A page is named by where it starts, never by its number, so that a request which arrives while
//! somebody reads moves nothing they have not seen yet (keyset paging). A start comes back from
//! outside: it is a position in the reader's own list and nothing else, whatever number it holds.
use super::id::RequestId;
use super::record::Record;
use super::status::Status;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// What waits for the reader's decision.
    Waiting,
    /// The access that the reader has now.
    Access,
    /// Everything that the reader asked for or receives.
    Requests,
    /// What the reader starred, the newest star first.
    Favorites,
    /// What the reader asked for others, and others for the reader.
    Delegated,
}

impl List {
    /// Every list.
    pub const ALL: [Self; 5] =
        [Self::Waiting, Self::Access, Self::Requests, Self::Favorites, Self::Delegated];

    /// Its word where a platform carries it for us.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Access => "access",
            Self::Requests => "requests",
            Self::Favorites => "favorites",
            Self::Delegated => "delegated",
        }
    }

    /// The list of that word, where there is one.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.word() == word)
    }
}

/// Where a page starts: with what is older than this request, or with the newest.
pub type Start = Option<RequestId>;

/// What somebody chose to see: a filter, and where in each list they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The statuses of [`List::Requests`]; none means all.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub statuses: BTreeSet<Status>,
    /// Where the lists are turned to; those that are not here show their newest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub starts: BTreeMap<List, RequestId>,
}

/// One step through the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// To the page of a list that starts there.
    To(List, Start),
    /// To the requests at these statuses, or at all where it is none.
    Only(BTreeSet<Status>),
    /// To the requests at this status alone, or back to all where it was so.
    Toggle(Status),
}

impl Place {
    /// The place after a step; another filter begins with the newest.
    #[must_use]
    pub fn turned(mut self, turn: Turn) -> Self {
        let statuses = match turn {
            Turn::To(list, Some(start)) => {
                self.starts.insert(list, start);
                return self;
            }
            Turn::To(list, None) => {
                self.starts.remove(&list);
                return self;
            }
            Turn::Only(statuses) => statuses,
            Turn::Toggle(status) if self.is_only(status) => BTreeSet::new(),
            Turn::Toggle(status) => [status].into(),
        };
        self.statuses = statuses;
        self.starts.remove(&List::Requests);
        self
    }

    /// Whether the requests at this status alone are shown.
    pub fn is_only(&self, status: Status) -> bool {
        self.statuses.len() == 1 && self.statuses.contains(&status)
    }

    /// Where a list is turned to.
    pub fn start(&self, list: List) -> Start {
        self.starts.get(&list).copied()
    }
}

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Of which list.
    pub list: List,
    /// What is on it.
    pub rows: Vec<Record>,
    /// How many are on the pages before.
    pub before: usize,
    /// How many there are on all pages.
    pub total: usize,
    /// Where the next page starts, where there is one.
    pub next: Start,
    /// Where the page before starts, where there is one.
    pub previous: Option<Start>,
}

/// What a person's portal holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portal {
    /// How many of their requests stand at each status; a status without any is not here.
    pub counts: BTreeMap<Status, usize>,
    /// The lists, each turned to where the place says.
    pub pages: Vec<Page>,
    /// The requests that ended last, to ask for again.
    pub closed: Vec<Record>,
    /// What was chosen to be seen.
    pub place: Place,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_and_anything_else_is_the_beginning() {
        let place = Place::default()
            .turned(Turn::Only([Status::Active, Status::Failed].into()))
            .turned(Turn::To(List::Delegated, Some(RequestId(7))));

        let text = serde_json::to_string(&place).unwrap();

        assert_eq!(text, r#"{"statuses":["active","failed"],"starts":{"delegated":7}}"#);
        assert_eq!(serde_json::from_str::<Place>(&text).unwrap(), place);
        for forged in [r#"{"statuses":["nonsense"]}"#, r#"{"starts":{"x":1}}"#, "7", ""] {
            assert!(serde_json::from_str::<Place>(forged).is_err(), "{forged}");
        }
    }

    #[test]
    fn another_filter_begins_with_the_newest_and_the_same_counter_again_ends_it() {
        let deep = Place::default()
            .turned(Turn::To(List::Requests, Some(RequestId(7))))
            .turned(Turn::To(List::Access, Some(RequestId(8))));

        let active = deep.clone().turned(Turn::Toggle(Status::Active));
        let both = active.clone().turned(Turn::Only([Status::Active, Status::Failed].into()));
        let again = both.clone().turned(Turn::Toggle(Status::Active));

        assert_eq!(
            (active.start(List::Requests), active.start(List::Access)),
            (None, Some(RequestId(8)))
        );
        assert!(active.is_only(Status::Active) && !both.is_only(Status::Active));
        assert_eq!(again.statuses, [Status::Active].into());
        assert_eq!(again.turned(Turn::Toggle(Status::Active)).statuses, BTreeSet::new());
        assert_eq!(deep.turned(Turn::To(List::Requests, None)).start(List::Requests), None);
    }
}
