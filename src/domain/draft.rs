//! A form that somebody fills: what they chose so far, and the answers they gave.
//!
//! Slack's lists hold a hundred choices and its views 250 KB, so a form lives here and the view
//! shows a part of it. What stands in a field of the open view is newer than the draft; it is taken
//! over when the person acts, not at every key.
use super::catalog::Item;
use super::duration::{self, NotADuration};
use super::id::{BundleId, IntegrationId, PersonId};
use super::submission::MOST_ITEMS;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// The three ways to choose (R5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayIn {
    /// Searching all integrations.
    #[default]
    Resource,
    /// Integration, type, resources, permissions: each list depends on the one before.
    App,
    /// A named list.
    Bundle,
}

/// A form as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Who shall receive what is asked for.
    pub grantee: PersonId,
    /// Which way of choosing is open.
    #[serde(default)]
    pub way: WayIn,
    /// What narrows the search by resource.
    #[serde(default)]
    pub filters: Filters,
    /// What is picked by app.
    #[serde(default)]
    pub app: AppChoice,
    /// What is picked by bundle.
    #[serde(default)]
    pub bundle: BundleChoice,
    /// What is chosen.
    #[serde(default)]
    pub basket: Basket,
    /// Everything that is asked after choosing.
    #[serde(default)]
    pub answers: Answers,
    /// What there was to say when the form began; said until it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How often something was put into the basket: fields are emptied then.
    #[serde(default)]
    pub turn: u32,
}

/// What narrows the search by resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filters {
    /// Words of the name.
    pub words: String,
    /// One type.
    pub kind: Option<String>,
    /// One permission.
    pub permission: Option<String>,
}

/// What is picked by app; each empties those after it when it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppChoice {
    /// The connected system.
    pub integration: Option<IntegrationId>,
    /// The type of resource.
    pub kind: Option<String>,
    /// Resources, by their ids in the system.
    pub resources: Vec<String>,
    /// Permissions on all of them.
    pub permissions: Vec<String>,
}

/// What is picked by bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BundleChoice {
    /// Words of the bundle's name.
    pub words: String,
    /// The bundle that is open.
    pub id: Option<BundleId>,
    /// Which page of its entries is shown, from 0.
    pub page: usize,
    /// The entries that are ticked, on whatever page.
    pub ticked: Vec<Item>,
}

/// What is asked after choosing, as it was given: it may be wrong still.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// The duration picked from the list, in seconds.
    pub duration_seconds: Option<i64>,
    /// The duration typed; it wins.
    pub other_duration: Option<String>,
    /// The type of the ticket.
    pub ticket_kind: Option<String>,
    /// The ticket's id.
    pub ticket_id: Option<String>,
    /// Why.
    pub justification: Option<String>,
}

impl Answers {
    /// The typed duration where there is one, else the picked.
    ///
    /// # Errors
    ///
    /// When what was typed is no duration, or nothing was picked either.
    pub fn duration(&self) -> Result<TimeDelta, NotADuration> {
        match &self.other_duration {
            Some(text) => duration::parse(text),
            None => self
                .duration_seconds
                .and_then(TimeDelta::try_seconds)
                .filter(|duration| *duration > TimeDelta::zero())
                .ok_or(NotADuration::Unreadable),
        }
    }
}

/// What is chosen: in the order of choosing, each once, at most [`MOST_ITEMS`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Basket(Vec<Item>);

/// What became of things that were put into a basket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// So many are new in it.
    pub new: usize,
    /// So many were there.
    pub known: usize,
    /// So many found no room.
    pub left_out: usize,
}

/// What a form begins with, where it does not begin empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefill {
    /// Who shall receive it; the requester themselves where it says nobody.
    pub grantee: Option<PersonId>,
    /// Chosen already. What the grantee may not have is left out, and that is said.
    pub items: Vec<Item>,
    /// Words to search with, where what was meant is not clear.
    pub words: Option<String>,
    /// For how long.
    pub duration: Option<TimeDelta>,
    /// The type of the ticket and its id.
    pub ticket: Option<(Option<String>, String)>,
    /// Why.
    pub justification: Option<String>,
    /// Something to say above the form.
    pub note: Option<String>,
    /// Whether something was meant that is not in it: the form begins at what is chosen then.
    pub is_unclear: bool,
}

impl Draft {
    /// The empty form of somebody who asks for `grantee`.
    pub fn of(grantee: PersonId) -> Self {
        Self {
            grantee,
            way: WayIn::default(),
            filters: Filters::default(),
            app: AppChoice::default(),
            bundle: BundleChoice::default(),
            basket: Basket::default(),
            answers: Answers::default(),
            note: None,
            turn: 0,
        }
    }
}

impl Basket {
    /// Puts things in, as far as there is room.
    pub fn add(&mut self, items: impl IntoIterator<Item = Item>) -> Added {
        let mut known: HashSet<Item> = self.0.iter().cloned().collect();
        let mut added = Added::default();
        for item in items {
            if known.contains(&item) {
                added.known += 1;
            } else if self.0.len() < MOST_ITEMS {
                known.insert(item.clone());
                self.0.push(item);
                added.new += 1;
            } else {
                added.left_out += 1;
            }
        }
        added
    }

    /// Keeps only what `may` be in it; how many went.
    pub fn keep(&mut self, may: impl FnMut(&Item) -> bool) -> usize {
        let before = self.0.len();
        self.0.retain(may);
        before - self.0.len()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What is in it, in the order of choosing.
    pub fn items(&self) -> &[Item] {
        &self.0
    }

    /// How many are in it.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many more it takes.
    pub fn room(&self) -> usize {
        MOST_ITEMS.saturating_sub(self.0.len())
    }
}

impl AppChoice {
    /// Picks the system; what was picked in another one goes.
    pub fn pick_integration(&mut self, integration: Option<IntegrationId>) {
        if self.integration != integration {
            *self = Self { integration, ..Self::default() };
        }
    }

    /// Picks the type; what was picked of another one goes.
    pub fn pick_kind(&mut self, kind: Option<String>) {
        if self.kind != kind {
            *self = Self { integration: self.integration.take(), kind, ..Self::default() };
        }
    }

    /// Picks the resources; the permissions go with other ones.
    pub fn pick_resources(&mut self, resources: Vec<String>) {
        if self.resources != resources {
            self.resources = resources;
            self.permissions.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::ResourceRef;
    use proptest::prelude::*;

    fn item(number: usize) -> Item {
        let at = ResourceRef { integration: "prod".into(), resource: format!("db-{number}") };
        Item { at, permission: "read".to_owned() }
    }

    #[test]
    fn a_basket_holds_a_thousand_and_says_what_did_not_fit() {
        let mut basket = Basket::default();

        let first = basket.add((0..990).map(item));
        let second = basket.add((980..1010).map(item));

        assert_eq!(first, Added { new: 990, known: 0, left_out: 0 });
        assert_eq!(second, Added { new: 10, known: 10, left_out: 10 });
        assert_eq!((basket.len(), basket.room()), (1000, 0));
        assert_eq!(basket.keep(|one| *one != item(3)), 1);
        assert_eq!(basket.items().first(), Some(&item(0)));
    }

    #[test]
    fn an_earlier_choice_empties_the_later_ones() {
        let mut app = AppChoice::default();
        app.pick_integration(Some("prod".into()));
        app.pick_kind(Some("database".to_owned()));
        app.pick_resources(vec!["payments".to_owned()]);
        app.permissions = vec!["read".to_owned()];

        let mut same = app.clone();
        same.pick_integration(Some("prod".into()));
        assert_eq!(same, app);
        let mut other = app.clone();
        other.pick_resources(vec!["ledger".to_owned()]);
        assert!(other.permissions.is_empty() && other.kind.is_some());
        app.pick_kind(Some("role".to_owned()));
        assert!(app.resources.is_empty() && app.integration.is_some());
        app.pick_integration(None);
        assert_eq!(app, AppChoice::default());
    }

    #[test]
    fn a_row_of_an_older_version_is_read() {
        let draft: Draft = serde_json::from_str(r#"{"grantee":"ana","was":1}"#).unwrap();

        assert_eq!(draft, Draft::of("ana".into()));
    }

    proptest! {
        #[test]
        fn a_basket_is_an_ordered_set(numbers in prop::collection::vec(0_usize..40, 0..80)) {
            let mut basket = Basket::default();
            let added = basket.add(numbers.iter().copied().map(item));
            let mut expected: Vec<Item> = Vec::new();
            for one in numbers.iter().copied().map(item) {
                if !expected.contains(&one) {
                    expected.push(one);
                }
            }

            prop_assert_eq!(basket.items(), expected.as_slice());
            prop_assert_eq!(added.new + added.known, numbers.len());
        }
    }
}
