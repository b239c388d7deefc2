//! The portal and the lists, as cards.
use super::activity::By;
use super::handle::{Teams, Why};
use crate::chat::form::fields::Fields;
use crate::domain::listing::{List, Place};
use crate::domain::status::Status;
use crate::show::Voice;
use crate::show::home::SIZES;
use crate::show::pages::lists;
use crate::show::teams::{Laid, ListCard, lay_out};

/// Rows of one list: with their buttons they fit into a card.
const SIZE: usize = 8;

impl Teams {
    /// A page of a list of theirs, turned and filtered as the press says.
    pub(super) async fn list(&self, by: &By, fields: &Fields) -> Result<Laid, Why> {
        let list = fields.get("list").and_then(List::read).unwrap_or(List::Requests);
        let turn = fields.get("query").unwrap_or_default();
        let turn = Fields::read(turn.trim_start_matches('?').as_bytes());
        let mut place = Place::default();
        if list == List::Requests {
            // What is ticked stands in the card's own field; a page that is turned carries it.
            let ticked = fields.all("status").chain(turn.all("status"));
            place.statuses = ticked.filter_map(Status::read).collect();
        }
        if let Some(from) = turn.get("from").and_then(|from| from.parse().ok()) {
            place.starts.insert(list, from);
        }
        self.page(by, list, &place).await
    }

    /// A page of a list of theirs.
    pub(super) async fn page(&self, by: &By, list: List, place: &Place) -> Result<Laid, Why> {
        let person = self.person(by).await?;
        let page = self.app().page(&person, list, place, SIZE).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let model = ListCard::from(lists::list(voice, &person, &page, place));
        Ok(lay_out(voice.language, "list", &model)?)
    }

    /// What they have, wait for and can decide on.
    pub(super) async fn portal(&self, by: &By) -> Result<Laid, Why> {
        let person = self.person(by).await?;
        let portal = self.app().portal(&person, &Place::default(), SIZES).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        Ok(lay_out(voice.language, "home", &lists::home(voice, &person, &portal))?)
    }
}
