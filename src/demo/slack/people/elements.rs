//! Acting on elements: clicks, choices, typing, searches.

use serde_json::{Map, Value, json};

use super::{Answer, Container, NOT_THERE, TROUBLE};
use crate::demo::slack::Workspace;
use crate::demo::slack::deliver::Kind;
use crate::demo::slack::json::{at, entries, flag, put, set, text};
use crate::demo::slack::limits;
use crate::demo::slack::message::Message;
use crate::demo::slack::payload::Place;
use crate::demo::slack::read::{self, Found};
use crate::demo::slack::view::View;

impl Workspace {
    /// Clicks the element with this `action_id` as it is on the screen now.
    pub async fn click(&self, user: &str, container: &Container, action_id: &str) -> Answer {
        let found = self.find(user, container, |blocks| read::find_action(blocks, action_id));
        self.click_found(user, found).await
    }

    /// Clicks the button with this label as it is on the screen now.
    pub async fn click_button(&self, user: &str, container: &Container, label: &str) -> Answer {
        let found = self.find(user, container, |blocks| read::find_button(blocks, label));
        self.click_found(user, found).await
    }

    /// Clicks on a message as the person saw it, though it may have changed since.
    pub async fn click_on(&self, user: &str, message: &Message, action_id: &str) -> Answer {
        let found = read::find_action(&message.blocks, action_id);
        let place = Place::Message(Box::new(message.clone()));
        self.click_found(user, found.map(|found| (place, found))).await
    }

    async fn click_found(&self, user: &str, found: Option<(Place, Found)>) -> Answer {
        let Some((place, found)) = found else { return Answer::refused(NOT_THERE) };
        let mut action = action_of(&found);
        for key in ["text", "value"] {
            if let Some(value) = found.element.get(key) {
                set(&mut action, key, value.clone());
            }
        }
        self.send_action(user, &place, action).await
    }

    /// Makes any action: `action` holds what is particular to the element, `values`
    /// the state of the view's inputs.
    pub async fn act(
        &self,
        user: &str,
        container: &Container,
        action_id: &str,
        action: Value,
        values: &Value,
    ) -> Answer {
        self.put_in(user, container, values);
        let found = self.find(user, container, |blocks| read::find_action(blocks, action_id));
        let Some((place, found)) = found else { return Answer::refused(NOT_THERE) };
        let mut whole = action_of(&found);
        for (key, value) in entries(&action, "") {
            set(&mut whole, key, value.clone());
        }
        self.send_action(user, &place, whole).await
    }

    /// Makes an action in a view that is on somebody else's screen, as no person could and a forger would.
    pub async fn act_on(&self, user: &str, view: &View, action: Value) -> Answer {
        self.send_action(user, &Place::View(Box::new(view.clone())), action).await
    }

    /// Makes an action on a message as it was seen, whether or not it has such a button.
    pub async fn act_on_message(&self, user: &str, message: &Message, action: Value) -> Answer {
        self.send_action(user, &Place::Message(Box::new(message.clone())), action).await
    }

    async fn send_action(&self, user: &str, place: &Place, action: Value) -> Answer {
        let payload = self.change(|state| {
            let channel = match place {
                Place::Message(message) => Some(message.channel.as_str()),
                Place::View(_) => None,
            };
            state.turn_to(user, channel);
            state.block_actions(user, place, action, &self.base())
        });
        let mut answer = Answer::of(self.deliver(Kind::Interaction, payload).await);
        if answer.status != Some(200) {
            answer.notice = Some(TROUBLE.to_owned());
        }
        self.noticed(user, answer)
    }

    /// Chooses among a select's own options, by their values, in a modal. The app
    /// hears of it when the element is one that reports.
    pub async fn choose(
        &self,
        user: &str,
        view_id: &str,
        action_id: &str,
        values: &[&str],
    ) -> Answer {
        let container = Container::View(view_id.to_owned());
        let found = self.find(user, &container, |blocks| read::find_action(blocks, action_id));
        let Some((_, found)) = found else { return Answer::refused(NOT_THERE) };
        let offered = read::offered(&found.element);
        let is_meant = |option: &Value| values.contains(&text(option, "/value"));
        let chosen: Vec<Value> = offered.into_iter().filter(is_meant).collect();
        if chosen.len() != values.len() {
            return Answer::refused("There is no such option.");
        }
        self.choose_options(user, view_id, action_id, &chosen).await
    }

    /// Chooses these options, for example out of a search's answer, in a modal.
    pub async fn choose_options(
        &self,
        user: &str,
        view_id: &str,
        action_id: &str,
        options: &[Value],
    ) -> Answer {
        self.enter(user, view_id, action_id, |element| {
            let kind = text(element, "/type");
            let is_many = kind.starts_with("multi_") || kind == "checkboxes";
            if is_many {
                return json!({"type": kind, "selected_options": options});
            }
            json!({"type": kind, "selected_option": options.first()})
        })
        .await
    }

    /// Types into a text input of a modal, and presses Enter where the app listens
    /// for that.
    pub async fn type_text(
        &self,
        user: &str,
        view_id: &str,
        action_id: &str,
        typed: &str,
    ) -> Answer {
        self.enter(user, view_id, action_id, |element| {
            let value = (!typed.is_empty()).then_some(typed);
            json!({"type": text(element, "/type"), "value": value})
        })
        .await
    }

    async fn enter(
        &self,
        user: &str,
        view_id: &str,
        action_id: &str,
        value: impl FnOnce(&Value) -> Value,
    ) -> Answer {
        let container = Container::View(view_id.to_owned());
        let found = self.find(user, &container, |blocks| read::find_action(blocks, action_id));
        let Some((_, found)) = found else { return Answer::refused(NOT_THERE) };
        let value = value(&found.element);
        let mut values = Map::new();
        put(&mut values, &found.block_id, action_id, value.clone());
        let values = Value::Object(values);
        let is_input = text(&found.block, "/type") == "input";
        if is_input && !flag(&found.block, "/dispatch_action") {
            self.put_in(user, &container, &values);
            return Answer { status: Some(200), ..Answer::default() };
        }
        self.act(user, &container, action_id, value, &values).await
    }

    /// Types into a select that searches and answers with what the app offers.
    pub async fn suggest(
        &self,
        user: &str,
        container: &Container,
        action_id: &str,
        typed: &str,
    ) -> Answer {
        let found = self.find(user, container, |blocks| read::find_action(blocks, action_id));
        let Some((place, found)) = found else { return Answer::refused(NOT_THERE) };
        // Slack asks from the third character unless the app says otherwise.
        let least = found.element.get("min_query_length").and_then(Value::as_u64).unwrap_or(3);
        if u64::try_from(typed.chars().count()).is_ok_and(|length| length < least) {
            return Answer { body: json!({"options": []}), ..Answer::default() };
        }
        let ids = (found.block_id.as_str(), action_id);
        let payload = self.read(|state| state.block_suggestion(user, &place, ids, typed));
        let mut answer = Answer::of(self.deliver(Kind::Options, payload).await);
        let wrong = if answer.status == Some(200) {
            limits::options(&answer.body)
        } else {
            answer.notice = Some("There was a problem loading these results.".to_owned());
            Vec::new()
        };
        if !wrong.is_empty() {
            answer.notice = Some("There was a problem loading these results.".to_owned());
            let lines = wrong.iter().map(|v| format!("{action_id}: {v}"));
            self.change(|state| state.warnings.extend(lines));
        }
        answer
    }

    fn find(
        &self,
        user: &str,
        container: &Container,
        look: impl FnOnce(&Value) -> Option<Found>,
    ) -> Option<(Place, Found)> {
        self.read(|state| match container {
            Container::Message { channel, ts } => {
                let message = state.message(channel, ts)?;
                let is_seen = message.only_for.as_deref().is_none_or(|only| only == user);
                let found = look(&message.blocks).filter(|_| is_seen)?;
                Some((Place::Message(Box::new(message.clone())), found))
            }
            Container::View(id) => {
                let view = state.view(id).filter(|view| view.user == user)?;
                Some((Place::View(Box::new(view.clone())), look(&view.json)?))
            }
            Container::Home => {
                let view = state.home(user)?;
                Some((Place::View(Box::new(view.clone())), look(&view.json)?))
            }
        })
    }

    pub(super) fn put_in(&self, user: &str, container: &Container, values: &Value) {
        self.change(|state| {
            let id = match container {
                Container::Message { .. } => return,
                Container::View(id) => id.clone(),
                Container::Home => match state.home(user) {
                    Some(home) => home.id.clone(),
                    None => return,
                },
            };
            if let Some(view) = state.view_mut(&id).filter(|view| view.user == user) {
                view.fill(values);
            }
        });
    }
}

fn action_of(found: &Found) -> Value {
    json!({
        "type": at(&found.element, "/type"),
        "action_id": found.action_id,
        "block_id": found.block_id,
    })
}
