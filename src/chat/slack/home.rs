//! The portal and the lists: opened, turned, filtered. What is shown is worked out by `app` for the
//! person who asks; a view carries which filter and which page, and nothing of that is a right.
use super::handle::{Slack, Trouble, Way, Why};
use super::payload::{Click, View};
use super::views::view;
use crate::domain::id::PersonId;
use crate::domain::listing::{List, Place, Turn};
use crate::domain::person::Account;
use crate::domain::status::Status;
use crate::show::Voice;
use crate::show::home::{self, LIST_SIZE, ListPlace};
use serde_json::Value;

impl Slack {
    /// Has the App Home drawn for whoever opened it.
    pub(super) async fn open_home(&self, from: &Account) -> Result<(), Trouble> {
        let way = Way::to(from);
        match self.person(from).await {
            Ok(person) => self.app().open_home(&person, from).await.map_err(|e| way.trouble(e)),
            Err(nobody) => {
                let language = self.language(from).await;
                let notice = self.notice_of(language, &Why::from(nobody));
                let drawn = view(language, "notice", &notice);
                let mut drawn = drawn.map_err(|e| way.trouble(e))?;
                as_home(&mut drawn);
                let published = self.api().publish_home(&from.user, drawn, None).await;
                published.map_err(|e| way.trouble(e))?;
                Ok(())
            }
        }
    }

    /// Opens a list of the person's by itself.
    pub(super) async fn open_list(&self, way: &Way, list: List) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let carried = ListPlace { list, place: Place::default() };
        let view = self.list_view(way, &person, carried).await.map_err(|e| way.trouble(e))?;
        self.open(way, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Turns the Home or an open list as a click in it says.
    pub(super) async fn turn(&self, way: &Way, click: Click) -> Result<(), Trouble> {
        let (Some(view), Some(turn)) = (&click.view, turn_of(&click)) else {
            self.say_dead_button(way).await;
            return Ok(());
        };
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        if view.is_home {
            let place = read_place(view).turned(turn);
            let turned = self.app().turn_home(&person, &way.from, &place).await;
            return turned.map_err(|e| way.trouble(e));
        }
        let Ok(carried) = serde_json::from_str::<ListPlace>(&view.metadata) else { return Ok(()) };
        let carried = ListPlace { place: carried.place.turned(turn), ..carried };
        let turned = self.list_view(way, &person, carried).await.map_err(|e| way.trouble(e))?;
        match self.api().update_view(&view.id, view.hash.as_deref(), turned).await {
            Ok(_) => Ok(()),
            // A later click is on its way and brings its own page.
            Err(error) if error.is_overtaken() => Ok(()),
            Err(error) => Err(way.trouble(error)),
        }
    }

    /// A page of a list, drawn for whoever acted.
    pub(super) async fn list_view(
        &self,
        way: &Way,
        person: &PersonId,
        carried: ListPlace,
    ) -> Result<Value, Why> {
        let ListPlace { list, place } = carried;
        let page = self.app().page(person, list, &place, LIST_SIZE).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(&way.from).await);
        Ok(view(voice.language, "list", &home::list(voice, person, &page, &place))?)
    }
}

/// Whether a click turns a list.
pub(super) fn is_turn(action: &str) -> bool {
    matches!(action, "list_next" | "list_previous" | "statuses") || action.starts_with("counter_")
}

/// The step that a click asks for; statuses and lists that do not exist ask for none.
fn turn_of(click: &Click) -> Option<Turn> {
    match click.action.as_str() {
        "statuses" => {
            let chosen = click.picked.iter().filter_map(|word| Status::read(word));
            Some(Turn::Only(chosen.collect()))
        }
        "list_next" | "list_previous" => {
            let (list, start) = click.value.split_once(' ')?;
            Some(Turn::To(List::read(list)?, start.parse().ok()))
        }
        _ => Status::read(&click.value).map(Turn::Toggle),
    }
}

/// Where the Home is turned to; what is not ours is the beginning.
fn read_place(view: &View) -> Place {
    serde_json::from_str(&view.metadata).unwrap_or_default()
}

/// A notice drawn as a Home instead of a modal.
fn as_home(view: &mut Value) {
    if let Some(view) = view.as_object_mut() {
        view.retain(|key, _| key == "blocks");
        view.insert("type".to_owned(), "home".into());
    }
}
