//! What a person does: type a command, click, choose, search, submit, close.
//!
//! Each action sends what Slack would send, waits for the acknowledgement and
//! applies it, and answers with what the person then sees.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Workspace;
use super::deliver::{Ack, Kind};
use super::json::{at, entries, flag, list, put, set, text};
use super::limits;
use super::message::{Content, Message};
use super::payload::Place;
use super::read::{self, Found};
use super::state::State;
use super::view::View;

/// What came of a person's action.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The HTTP status of the acknowledgement; none when there was none in time or
    /// nothing was sent.
    pub status: Option<u16>,
    /// The body of the acknowledgement.
    pub body: Value,
    /// How long the acknowledgement took.
    pub elapsed: Duration,
    /// What a form says beside its fields, by block id.
    pub errors: BTreeMap<String, String>,
    /// The sentence Slack shows when something went wrong.
    pub notice: Option<String>,
}

impl Answer {
    /// True when the bot acknowledged and nothing went wrong.
    pub fn is_ok(&self) -> bool {
        self.status == Some(200) && self.errors.is_empty() && self.notice.is_none()
    }

    fn of(ack: Ack) -> Self {
        Self { status: ack.status, body: ack.body, elapsed: ack.elapsed, ..Self::default() }
    }

    fn refused(notice: &str) -> Self {
        Self { notice: Some(notice.to_owned()), ..Self::default() }
    }
}

/// Where a person acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Container {
    /// On a message.
    Message {
        /// Its channel.
        channel: String,
        /// Its id.
        ts: String,
    },
    /// In a modal.
    View(String),
    /// In their App Home.
    Home,
}

impl From<&Message> for Container {
    fn from(message: &Message) -> Self {
        Self::Message { channel: message.channel.clone(), ts: message.ts.clone() }
    }
}

impl From<&View> for Container {
    fn from(view: &View) -> Self {
        Self::View(view.id.clone())
    }
}

const TROUBLE: &str = "We had some trouble connecting. Try again?";
const NOT_THERE: &str = "That is not on the screen any more.";

impl Workspace {
    /// Types the slash command with `text` in the direct message with the bot.
    pub async fn slash(&self, user: &str, text: &str) -> Answer {
        let dm = self.change(|state| state.dm(user));
        self.slash_in(user, &dm, text).await
    }

    /// Types the slash command with `text` in a channel.
    pub async fn slash_in(&self, user: &str, channel: &str, text: &str) -> Answer {
        let command = self.options().command.clone();
        let payload = self.change(|state| {
            state.turn_to(user, Some(channel));
            let url = self.base() + &state.new_response(channel, user, None);
            state.command(user, channel, (&command, text), &url)
        });
        let ack = self.deliver(Kind::Command, payload).await;
        let code = match ack.status {
            Some(200) => None,
            Some(_) => Some("dispatch_failed"),
            None => Some("operation_timeout"),
        };
        let mut answer = Answer::of(ack);
        let failed = |code: &str| format!("{command} failed with the error \"{code}\"");
        if let Some(code) = code {
            answer.notice = Some(failed(code));
        } else if !self.change(|state| state.show_ack(user, channel, &answer.body)) {
            answer.notice = Some(failed("invalid_blocks"));
        }
        self.noticed(user, answer)
    }

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

    /// Presses a modal's submit button; `values` are put in before, in the shape
    /// `{block_id: {action_id: {type, …}}}`.
    pub async fn submit(&self, user: &str, view_id: &str, values: &Value) -> Answer {
        self.put_in(user, &Container::View(view_id.to_owned()), values);
        let top = self.read(|state| state.views(user).last().cloned());
        let Some(view) = top.filter(|view| view.id == view_id) else {
            return Answer::refused(NOT_THERE);
        };
        let missing = read::missing(&view.json, &view.values());
        if !missing.is_empty() {
            return Answer { errors: missing.into_iter().collect(), ..Answer::default() };
        }
        let payload = self.change(|state| {
            state.turn_to(user, None);
            state.view_submission(&view)
        });
        let mut answer = Answer::of(self.deliver(Kind::Interaction, payload).await);
        let applied = match answer.status {
            Some(200) => self.change(|state| state.apply_submission(&view, &answer.body)),
            _ => Err("the submission was not acknowledged".to_owned()),
        };
        match applied {
            Ok(errors) => answer.errors = errors,
            Err(warning) => {
                answer.notice = Some(TROUBLE.to_owned());
                self.change(|state| state.warnings.push(warning));
            }
        }
        self.noticed(user, answer)
    }

    /// Closes a modal and what lies on top of it.
    pub async fn close(&self, user: &str, view_id: &str) -> Answer {
        let payloads: Vec<Value> = self.change(|state| {
            state.turn_to(user, None);
            let closed = state.close_view(view_id);
            closed.iter().rev().filter_map(|view| state.view_closed(view)).collect()
        });
        let mut answer = Answer { status: Some(200), ..Answer::default() };
        for payload in payloads {
            answer = Answer::of(self.deliver(Kind::Interaction, payload).await);
        }
        answer
    }

    /// Opens the App Home.
    pub async fn home(&self, user: &str) -> Answer {
        let payload = self.change(|state| {
            state.turn_to(user, None);
            state.app_home_opened(user)
        });
        Answer::of(self.deliver_event(payload).await)
    }

    /// Sends any event, for example `{"type": "app_uninstalled"}`.
    pub async fn event(&self, event: Value) -> Answer {
        let payload = self.change(|state| state.event(event));
        Answer::of(self.deliver_event(payload).await)
    }

    /// Asks the bot to prove that an address is its own.
    pub async fn verify_url(&self, challenge: &str) -> Answer {
        let payload = json!({"type": "url_verification", "challenge": challenge});
        Answer::of(self.deliver(Kind::Event, payload).await)
    }

    /// Picks a global shortcut.
    pub async fn shortcut(&self, user: &str, callback_id: &str) -> Answer {
        let payload = self.change(|state| {
            state.turn_to(user, None);
            state.shortcut(user, callback_id)
        });
        self.send_shortcut(user, payload).await
    }

    /// Picks a shortcut from a message's menu.
    pub async fn message_shortcut(
        &self,
        user: &str,
        callback_id: &str,
        message: &Message,
    ) -> Answer {
        let payload = self.change(|state| {
            state.turn_to(user, Some(&message.channel));
            state.message_action(user, callback_id, message, &self.base())
        });
        self.send_shortcut(user, payload).await
    }

    async fn send_shortcut(&self, user: &str, payload: Value) -> Answer {
        let mut answer = Answer::of(self.deliver(Kind::Interaction, payload).await);
        if answer.status != Some(200) {
            answer.notice = Some(TROUBLE.to_owned());
        }
        self.noticed(user, answer)
    }

    /// Posts what a person writes in a channel.
    pub fn write(&self, user: &str, channel: &str, said: &str) -> Message {
        self.change(|state| {
            state.turn_to(user, Some(channel));
            let content = Content { text: said.to_owned(), ..Content::default() };
            state.post(channel, user, content, None, None)
        })
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

    fn put_in(&self, user: &str, container: &Container, values: &Value) {
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

    fn noticed(&self, user: &str, answer: Answer) -> Answer {
        if let Some(notice) = answer.notice.clone() {
            self.change(|state| state.notices.insert(user.to_owned(), notice));
        }
        answer
    }

    fn base(&self) -> String {
        format!("http://{}", self.address())
    }
}

fn action_of(found: &Found) -> Value {
    json!({
        "type": at(&found.element, "/type"),
        "action_id": found.action_id,
        "block_id": found.block_id,
    })
}

impl State {
    /// A person does something new: the old notice goes, the channel is read.
    pub(super) fn turn_to(&mut self, user: &str, channel: Option<&str>) {
        self.notices.remove(user);
        if let Some(channel) = channel {
            let last = self.messages(channel).last().map(|message| message.ts.clone());
            let place = (user.to_owned(), channel.to_owned());
            self.seen.insert(place, last.unwrap_or_default());
        }
    }

    /// Shows what came back with a command's acknowledgement; false when Slack would
    /// not show it.
    fn show_ack(&mut self, user: &str, channel: &str, body: &Value) -> bool {
        let said = match body {
            Value::Null => return true,
            Value::String(text) => json!({"text": text}),
            other => other.clone(),
        };
        if text(&said, "/text").is_empty() && list(&said, "/blocks").is_empty() {
            return true;
        }
        let wrong = limits::message(&Value::from(list(&said, "/blocks").to_vec()));
        if !wrong.is_empty() {
            self.warnings.extend(wrong.iter().map(|v| format!("command answer: {v}")));
            return false;
        }
        self.say(channel, user, &said);
        true
    }

    /// Applies what came back with a submission's acknowledgement; the errors that
    /// the form then shows, or what Slack would not accept.
    fn apply_submission(
        &mut self,
        view: &View,
        body: &Value,
    ) -> Result<BTreeMap<String, String>, String> {
        let check = |sent: &Value| match limits::view(sent, limits::Surface::Modal).first() {
            Some(wrong) => Err(format!("submission answer: {wrong}")),
            None => Ok(()),
        };
        let none = BTreeMap::new();
        match text(body, "/response_action") {
            "" if body.is_null() || body == &json!({}) || body == "" => {
                self.close_view(&view.id);
                Ok(none)
            }
            "clear" => {
                self.clear_views(&view.user);
                Ok(none)
            }
            "update" => {
                let sent = at(body, "/view");
                check(sent)?;
                self.update_view(&view.id, sent);
                Ok(none)
            }
            "push" => {
                let sent = at(body, "/view");
                check(sent)?;
                if self.views(&view.user).len() >= limits::VIEW_STACK {
                    return Err("submission answer: push_limit_reached".to_owned());
                }
                self.push_view(&view.user, sent);
                Ok(none)
            }
            "errors" => {
                let inputs = Self::input_blocks(view);
                let said = entries(body, "/errors")
                    .map(|(id, line)| (id.clone(), line.as_str().unwrap_or_default().to_owned()));
                let errors: BTreeMap<_, _> = said.collect();
                if errors.is_empty() || errors.iter().any(|(id, _)| !inputs.contains(id)) {
                    return Err("submission answer: errors must name input blocks".to_owned());
                }
                Ok(errors)
            }
            other => Err(format!("submission answer: unknown response_action `{other}`")),
        }
    }
}
