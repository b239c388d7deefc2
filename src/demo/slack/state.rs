//! Everything the workspace remembers.
//!
//! One value behind one lock. Reading it is public, so that a test can wait for
//! anything it can express; changing it is the business of the other files.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::deliver::Delivery;
use super::faults::Standing;
use super::message::Message;
use super::options::{Channel, Member, UserGroup, WorkspaceOptions};
use super::pace::Posts;
use super::passes::{ResponseUrl, Trigger};
use super::sent::Sent;
use super::socket::Sockets;
use super::view::View;
use crate::clock::Clock;

/// One call of the Web API by the bot.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// For example `chat.postMessage`.
    pub method: String,
    /// The arguments, JSON ones parsed.
    pub args: Value,
    /// The HTTP status and the body; none while no answer was given.
    pub answer: Option<(u16, Value)>,
}

/// The workspace's memory.
pub struct State {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) team_id: String,
    pub(super) team_name: String,
    pub(super) bot_user: String,
    pub(super) bot_id: String,
    pub(super) app_id: String,
    pub(super) bot_name: String,
    pub(super) members: Vec<Member>,
    pub(super) channels: Vec<Channel>,
    pub(super) groups: Vec<UserGroup>,
    /// User id to the id of their direct message with the bot.
    pub(super) dms: BTreeMap<String, String>,
    pub(super) messages: Vec<Message>,
    /// User id to open modals, the top one last.
    pub(super) stacks: BTreeMap<String, Vec<View>>,
    pub(super) homes: BTreeMap<String, View>,
    pub(super) triggers: HashMap<String, Trigger>,
    pub(super) response_urls: HashMap<String, ResponseUrl>,
    pub(super) calls: Vec<Call>,
    pub(super) warnings: Vec<String>,
    /// User id to the sentence Slack shows them after a failure.
    pub(super) notices: HashMap<String, String>,
    pub(super) deliveries: Vec<Delivery>,
    /// What acknowledgements and response addresses brought.
    pub(super) answers: Vec<Sent>,
    pub(super) minds_pace: bool,
    pub(super) posts: Posts,
    pub(super) faults: Vec<Standing>,
    pub(super) sockets: Sockets,
    pub(super) bot_url: Option<String>,
    /// (user, channel) to the last thing they have seen there.
    pub(super) seen: HashMap<(String, String), String>,
    counter: u64,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("messages", &self.messages.len())
            .field("calls", &self.calls.len())
            .finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn new(options: &WorkspaceOptions) -> Self {
        let mut state = Self {
            clock: Arc::clone(&options.clock),
            team_id: options.team_id.clone(),
            team_name: options.team_name.clone(),
            bot_user: "U0HALLPASS".to_owned(),
            bot_id: "B0HALLPASS".to_owned(),
            app_id: "A0HALLPASS".to_owned(),
            bot_name: options.bot_name.clone(),
            members: options.members.clone(),
            channels: options.channels.clone(),
            groups: options.groups.clone(),
            dms: BTreeMap::new(),
            messages: Vec::new(),
            stacks: BTreeMap::new(),
            homes: BTreeMap::new(),
            triggers: HashMap::new(),
            response_urls: HashMap::new(),
            calls: Vec::new(),
            warnings: Vec::new(),
            notices: HashMap::new(),
            deliveries: Vec::new(),
            answers: Vec::new(),
            minds_pace: options.minds_pace,
            posts: Posts::default(),
            faults: Vec::new(),
            sockets: Sockets::default(),
            bot_url: None,
            seen: HashMap::new(),
            counter: 0,
        };
        for member in &options.members {
            state.dm(&member.id);
        }
        state
    }

    /// The time that messages carry.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The next number; each is given once.
    pub(super) fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A message id: seconds and a part that keeps their order.
    pub(super) fn next_ts(&mut self) -> String {
        let fraction = self.next() % 1_000_000;
        format!("{}.{fraction:06}", self.now().timestamp())
    }

    /// The id of a person's direct message with the bot.
    pub(super) fn dm(&mut self, user: &str) -> String {
        let make = || format!("D{}", user.trim_start_matches('U'));
        self.dms.entry(user.to_owned()).or_insert_with(make).clone()
    }

    /// Whose direct message a channel is.
    pub fn dm_owner(&self, channel: &str) -> Option<&str> {
        self.dms.iter().find(|(_, id)| *id == channel).map(|(user, _)| user.as_str())
    }

    /// One member.
    pub fn member(&self, id: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// One channel, not a direct message.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// A channel's name as payloads carry it.
    pub(super) fn channel_name(&self, id: &str) -> String {
        match self.channel(id) {
            Some(channel) => channel.name.clone(),
            None => "directmessage".to_owned(),
        }
    }

    /// What stands in a channel, oldest first, ephemeral ones left out.
    pub fn messages(&self, channel: &str) -> Vec<&Message> {
        let shown = |m: &&Message| m.channel == channel && m.only_for.is_none();
        self.messages.iter().filter(shown).collect()
    }

    /// What stands in a person's direct message with the bot, oldest first.
    pub fn direct(&self, user: &str) -> Vec<&Message> {
        self.dms.get(user).map(|dm| self.messages(dm)).unwrap_or_default()
    }

    /// What only this person was shown, oldest first.
    pub fn ephemerals(&self, user: &str) -> Vec<&Message> {
        self.messages.iter().filter(|m| m.only_for.as_deref() == Some(user)).collect()
    }

    /// A person's App Home as last published.
    pub fn home(&self, user: &str) -> Option<&View> {
        self.homes.get(user)
    }

    /// The calls of one method, oldest first; `*` means all.
    pub fn calls(&self, method: &str) -> Vec<&Call> {
        self.calls.iter().filter(|call| method == "*" || call.method == method).collect()
    }

    /// The calls that were answered with an error, oldest first.
    pub fn refusals(&self) -> Vec<&Call> {
        let is_refused = |call: &&Call| {
            call.answer.as_ref().is_some_and(|(_, body)| !super::json::flag(body, "/ok"))
        };
        self.calls.iter().filter(is_refused).collect()
    }

    /// What the bot did that Slack advises against.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// What was sent to the bot, oldest first.
    pub fn deliveries(&self) -> &[Delivery] {
        &self.deliveries
    }

    /// The sentence that Slack shows this person after a failure.
    pub fn notice(&self, user: &str) -> Option<&str> {
        self.notices.get(user).map(String::as_str)
    }

    /// A member as `users.info` gives them.
    pub(super) fn member_json(&self, member: &Member) -> Value {
        let team = member.other_team.as_deref().unwrap_or(&self.team_id);
        let mut profile = json!({
            "real_name": member.real_name,
            "display_name": member.name,
            "title": member.title,
            "team": team,
        });
        if !member.email.is_empty() {
            super::json::set(&mut profile, "email", member.email.clone());
        }
        json!({
            "id": member.id,
            "team_id": team,
            "name": member.name,
            "real_name": member.real_name,
            "deleted": member.deleted,
            "is_bot": member.is_bot,
            "is_app_user": false,
            "is_admin": false,
            "is_owner": false,
            "is_restricted": member.is_restricted,
            "is_ultra_restricted": member.is_ultra_restricted,
            "is_stranger": member.is_stranger,
            "tz": "Europe/Amsterdam",
            "tz_offset": 3600,
            "updated": self.now().timestamp(),
            "profile": profile,
        })
    }
}
