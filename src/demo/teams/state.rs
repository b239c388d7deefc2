//! What a local Teams knows.
use super::faults::{Kind, Standing};
use super::pace::Pace;
use super::{Person, TeamsOptions};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tokio_util::sync::CancellationToken;

/// What a channel's key may sign for, as the Bot Framework publishes it.
const ENDORSED: &str = "msteams";

/// A message of the bot's.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Where it stands.
    pub conversation: String,
    /// Its id there.
    pub id: String,
    /// What stands there now.
    pub activity: Value,
    /// What stood there before, oldest first.
    pub earlier: Vec<Value>,
    /// Whom alone it is shown to.
    pub only_for: Option<String>,
}

/// Something that the bot asked the Connector for.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What.
    pub kind: Kind,
    /// Of which conversation; the person where one is to be created.
    pub conversation: String,
    /// What it said.
    pub body: Value,
    /// How it was answered.
    pub status: u16,
}

/// What a local Teams knows; a test may change what is public.
pub struct State {
    /// Who is there.
    pub people: Vec<Person>,
    /// The channels that the bot is in.
    pub channels: BTreeSet<String>,
    /// Who blocked the bot, by MRI.
    pub blocked: BTreeSet<String>,
    /// Whether messages that come too fast are refused.
    pub minds_pace: bool,
    /// Whether the bot's secret is no longer taken.
    pub secret_is_gone: bool,
    /// Whether the key server fails.
    pub keys_down: bool,
    /// What the key may sign for.
    pub endorsements: Vec<String>,
    /// How often the keys were asked for.
    pub key_requests: usize,
    /// How often a token was asked for.
    pub token_requests: usize,
    /// The messages that the bot sent, oldest first.
    pub messages: Vec<Message>,
    /// What the bot answered to what awaits an answer, oldest first.
    pub answers: Vec<Value>,
    pub(super) bot_url: String,
    pub(super) tokens: BTreeMap<String, DateTime<Utc>>,
    /// Cancelled while keys are given out at once.
    pub(super) keys_held: CancellationToken,
    pub(super) calls: Vec<Call>,
    pub(super) faults: Vec<Standing>,
    pub(super) pace: Pace,
    last_id: u64,
}

/// The bot's chat with a person.
pub(super) fn chat_of(person: &str) -> String {
    format!("a:{}", person.trim_start_matches("29:"))
}

impl State {
    pub(super) fn new(options: &TeamsOptions) -> Self {
        let keys_held = CancellationToken::new();
        keys_held.cancel();
        Self {
            people: options.people.clone(),
            channels: options.channels.iter().cloned().collect(),
            blocked: BTreeSet::new(),
            minds_pace: options.minds_pace,
            secret_is_gone: false,
            keys_down: false,
            endorsements: vec![ENDORSED.to_owned()],
            key_requests: 0,
            token_requests: 0,
            messages: Vec::new(),
            answers: Vec::new(),
            bot_url: String::new(),
            tokens: BTreeMap::new(),
            keys_held,
            calls: Vec::new(),
            faults: Vec::new(),
            pace: Pace::default(),
            last_id: 0,
        }
    }

    /// Lets the key server hang from now on, until what this answers is cancelled.
    pub fn hold_keys(&mut self) -> CancellationToken {
        self.keys_held = CancellationToken::new();
        self.keys_held.clone()
    }

    /// Somebody, by MRI or object id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id || person.object_id == id)
    }

    /// Whether there is such a conversation: a channel, or the chat of somebody who is there.
    pub(super) fn has_conversation(&self, id: &str) -> bool {
        self.channels.contains(id) || self.people.iter().any(|person| chat_of(&person.id) == id)
    }

    /// Why the bot may not write to a conversation.
    pub(super) fn closed(&self, conversation: &str) -> Option<&'static str> {
        let person = self.people.iter().find(|person| chat_of(&person.id) == conversation)?;
        if self.blocked.contains(&person.id) {
            return Some("MessageWritesBlocked");
        }
        (!person.has_app).then_some("BotNotInConversationRoster")
    }

    /// An id that nothing else has.
    pub(super) fn fresh_id(&mut self) -> String {
        self.last_id += 1;
        format!("{}", 1_600_000_000_000_u64 + self.last_id)
    }
}
