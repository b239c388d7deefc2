//! Messages: what is posted, edited and deleted in channels.

use serde_json::{Value, json};

use super::json::{list, set};
use super::read;
use super::state::State;

/// One message as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// `C…` or `D…`.
    pub channel: String,
    /// Its id within the channel.
    pub ts: String,
    /// Who posted it.
    pub user: String,
    /// True when the app posted it.
    pub is_bot: bool,
    /// The plain text, shown in notifications.
    pub text: String,
    /// The blocks, or an empty list.
    pub blocks: Value,
    /// How often it was edited.
    pub edits: u32,
    /// The only person who sees it, for an ephemeral one.
    pub only_for: Option<String>,
    /// The parent when it is a reply.
    pub thread_ts: Option<String>,
    /// What the app stored with it.
    pub metadata: Value,
}

impl Message {
    /// Everything a reader sees, in reading order.
    pub fn all_text(&self) -> String {
        if list(&self.blocks, "").is_empty() {
            return self.text.clone();
        }
        read::text_of(&self.blocks)
    }

    /// The message as Slack writes it.
    pub fn to_json(&self, state: &State) -> Value {
        let mut value = json!({
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": state.team_id,
        });
        if self.is_bot {
            set(&mut value, "bot_id", state.bot_id.clone());
            set(&mut value, "app_id", state.app_id.clone());
        }
        if !list(&self.blocks, "").is_empty() {
            set(&mut value, "blocks", self.blocks.clone());
        }
        if let Some(thread) = &self.thread_ts {
            set(&mut value, "thread_ts", thread.clone());
        }
        if self.edits > 0 {
            set(&mut value, "edited", json!({"user": self.user, "ts": self.ts}));
        }
        if !self.metadata.is_null() {
            set(&mut value, "metadata", self.metadata.clone());
        }
        value
    }
}

/// What a message says; everything an edit can change.
#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) blocks: Value,
    pub(super) metadata: Value,
}

impl Content {
    /// Takes the content out of a call's arguments or a response's body.
    pub(super) fn of(args: &Value) -> Self {
        let text = super::json::text(args, "/text").to_owned();
        let blocks = Value::from(list(args, "/blocks").to_vec());
        Self { text, blocks, metadata: super::json::at(args, "/metadata").clone() }
    }
}

impl State {
    /// Adds a message and returns it.
    pub(super) fn post(
        &mut self,
        channel: &str,
        user: &str,
        content: Content,
        only_for: Option<&str>,
        thread_ts: Option<&str>,
    ) -> Message {
        let mut blocks = content.blocks;
        self.name_blocks(&mut blocks);
        let message = Message {
            channel: channel.to_owned(),
            ts: self.next_ts(),
            user: user.to_owned(),
            is_bot: user == self.bot_user,
            text: content.text,
            blocks,
            edits: 0,
            only_for: only_for.map(str::to_owned),
            thread_ts: thread_ts.map(str::to_owned),
            metadata: content.metadata,
        };
        self.messages.push(message.clone());
        message
    }

    /// Replaces what a message says; false when there is none.
    pub(super) fn rewrite(&mut self, channel: &str, ts: &str, content: Content) -> bool {
        let mut blocks = content.blocks;
        self.name_blocks(&mut blocks);
        let Some(message) = self.message_mut(channel, ts) else { return false };
        message.text = content.text;
        message.blocks = blocks;
        if !content.metadata.is_null() {
            message.metadata = content.metadata;
        }
        message.edits += 1;
        true
    }

    /// Takes a message away; false when there is none.
    pub(super) fn erase(&mut self, channel: &str, ts: &str) -> bool {
        let before = self.messages.len();
        self.messages.retain(|m| !(m.channel == channel && m.ts == ts));
        self.messages.len() < before
    }

    /// One message by its place.
    pub fn message(&self, channel: &str, ts: &str) -> Option<&Message> {
        self.messages.iter().rev().find(|m| m.channel == channel && m.ts == ts)
    }

    fn message_mut(&mut self, channel: &str, ts: &str) -> Option<&mut Message> {
        self.messages.iter_mut().rev().find(|m| m.channel == channel && m.ts == ts)
    }

    /// Gives every block and element without an id one, as Slack does.
    pub(super) fn name_blocks(&mut self, blocks: &mut Value) {
        for block in blocks.as_array_mut().into_iter().flatten() {
            if block.get("block_id").is_none() {
                let id = format!("b{:x}", self.next());
                set(block, "block_id", id);
            }
            for key in ["accessory", "element"] {
                if let Some(element) = block.get_mut(key) {
                    self.name_element(element);
                }
            }
            let is_context = block.get("type").is_some_and(|kind| kind == "context");
            let elements = block.get_mut("elements").and_then(Value::as_array_mut);
            for element in elements.into_iter().flatten().filter(|_| !is_context) {
                self.name_element(element);
            }
        }
    }

    fn name_element(&mut self, element: &mut Value) {
        let is_image = element.get("type").is_some_and(|kind| kind == "image");
        if element.get("action_id").is_none() && !is_image {
            let id = format!("a{:x}", self.next());
            set(element, "action_id", id);
        }
    }
}
