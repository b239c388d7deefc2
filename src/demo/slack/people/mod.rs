//! What a person does: type a command, click, choose, search, submit, close.
//!
//! Each action sends what Slack would send, waits for the acknowledgement and
//! applies it, and answers with what the person then sees.

mod elements;
mod submit;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::Workspace;
use super::deliver::{Ack, Kind};
use super::json::{list, text};
use super::limits;
use super::message::{Content, Message};
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
            // Slack keeps what people write as it keeps what they type: escaped, with ids.
            let content = Content { text: state.escape(said), ..Content::default() };
            state.post(channel, user, content, None, None)
        })
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
}
