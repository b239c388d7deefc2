//! The payloads Slack sends, built from what the workspace knows.

use serde_json::{Value, json};

use super::json::{flag, set};
use super::message::Message;
use super::state::State;
use super::view::View;

/// Slack's old shared token; apps must not rely on it, but it is there.
const VERIFICATION_TOKEN: &str = "not-to-be-relied-on";

/// Where an action was made.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    /// On a message as the person saw it.
    Message(Box<Message>),
    /// In a modal or the App Home.
    View(Box<View>),
}

impl State {
    /// A person as payloads carry them.
    fn person(&self, user: &str) -> Value {
        let member = self.member(user);
        let name = member.map(|member| member.name.as_str()).unwrap_or_default();
        let team = member.and_then(|member| member.other_team.as_deref());
        json!({
            "id": user,
            "username": name,
            "name": name,
            "team_id": team.unwrap_or(&self.team_id),
        })
    }

    /// What every interaction carries.
    fn interaction(&self, kind: &str, user: &str) -> Value {
        json!({
            "type": kind,
            "token": VERIFICATION_TOKEN,
            "api_app_id": self.app_id,
            "team": {"id": self.team_id, "domain": "local"},
            "enterprise": null,
            "is_enterprise_install": false,
            "user": self.person(user),
        })
    }

    /// A slash command; `response_url` is whole.
    pub(super) fn command(
        &mut self,
        user: &str,
        channel: &str,
        (command, text): (&str, &str),
        response_url: &str,
    ) -> Value {
        let text = self.escape(text);
        json!({
            "token": VERIFICATION_TOKEN,
            "team_id": self.team_id,
            "team_domain": "local",
            "channel_id": channel,
            "channel_name": self.channel_name(channel),
            "user_id": user,
            "user_name": self.member(user).map(|m| m.name.clone()).unwrap_or_default(),
            "command": command,
            "text": text,
            "api_app_id": self.app_id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": self.new_trigger(user, None),
        })
    }

    /// Escapes what a person typed and turns `@name` and `#channel` into ids.
    pub(super) fn escape(&self, text: &str) -> String {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let words = text.split(' ').map(|word| {
            let tail = word.trim_end_matches([',', '.', ':', ';', '?']);
            let rest = word.strip_prefix(tail).unwrap_or_default();
            let person = tail
                .strip_prefix('@')
                .and_then(|name| self.members.iter().find(|member| member.name == name));
            let channel = tail
                .strip_prefix('#')
                .and_then(|name| self.channels.iter().find(|channel| channel.name == name));
            match (person, channel) {
                (Some(member), _) => format!("<@{}|{}>{rest}", member.id, member.name),
                (_, Some(channel)) => format!("<#{}|{}>{rest}", channel.id, channel.name),
                (None, None) => word.to_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Puts where it happened into an interaction.
    fn place(&self, payload: &mut Value, place: &Place) {
        match place {
            Place::Message(message) => {
                let container = json!({
                    "type": "message",
                    "message_ts": message.ts,
                    "channel_id": message.channel,
                    "is_ephemeral": message.only_for.is_some(),
                });
                let name = self.channel_name(&message.channel);
                set(payload, "container", container);
                set(payload, "channel", json!({"id": message.channel, "name": name}));
                // Slack keeps no copy of an ephemeral message.
                if message.only_for.is_none() {
                    set(payload, "message", message.to_json(self));
                }
            }
            Place::View(view) => {
                set(payload, "container", json!({"type": "view", "view_id": view.id}));
                set(payload, "view", view.to_json());
            }
        }
    }

    /// A click or a choice; `base` is where response addresses live.
    pub(super) fn block_actions(
        &mut self,
        user: &str,
        place: &Place,
        mut action: Value,
        base: &str,
    ) -> Value {
        let mut payload = self.interaction("block_actions", user);
        self.place(&mut payload, place);
        let trigger = match place {
            Place::Message(message) => {
                let path = self.new_response(&message.channel, user, Some(&message.ts));
                set(&mut payload, "response_url", format!("{base}{path}"));
                set(&mut payload, "state", json!({"values": {}}));
                self.new_trigger(user, None)
            }
            Place::View(view) => self.new_trigger(user, Some(&view.id)),
        };
        set(&mut payload, "trigger_id", trigger);
        let ts = self.next_ts();
        set(&mut action, "action_ts", ts);
        set(&mut payload, "actions", json!([action]));
        payload
    }

    /// An option search.
    pub(super) fn block_suggestion(
        &self,
        user: &str,
        place: &Place,
        (block_id, action_id): (&str, &str),
        typed: &str,
    ) -> Value {
        let mut payload = self.interaction("block_suggestion", user);
        self.place(&mut payload, place);
        set(&mut payload, "block_id", block_id);
        set(&mut payload, "action_id", action_id);
        set(&mut payload, "value", typed);
        payload
    }

    /// A submitted modal.
    pub(super) fn view_submission(&mut self, view: &View) -> Value {
        let mut payload = self.interaction("view_submission", &view.user);
        let trigger = self.new_trigger(&view.user, Some(&view.id));
        set(&mut payload, "trigger_id", trigger);
        set(&mut payload, "view", view.to_json());
        set(&mut payload, "response_urls", json!([]));
        payload
    }

    /// A closed modal, when the app asked to hear of it.
    pub(super) fn view_closed(&self, view: &View) -> Option<Value> {
        if !flag(&view.json, "/notify_on_close") {
            return None;
        }
        let mut payload = self.interaction("view_closed", &view.user);
        set(&mut payload, "view", view.to_json());
        set(&mut payload, "is_cleared", false);
        Some(payload)
    }

    /// A global shortcut.
    pub(super) fn shortcut(&mut self, user: &str, callback_id: &str) -> Value {
        let mut payload = self.interaction("shortcut", user);
        let (trigger, ts) = (self.new_trigger(user, None), self.next_ts());
        set(&mut payload, "callback_id", callback_id);
        set(&mut payload, "trigger_id", trigger);
        set(&mut payload, "action_ts", ts);
        payload
    }

    /// A message shortcut.
    pub(super) fn message_action(
        &mut self,
        user: &str,
        callback_id: &str,
        message: &Message,
        base: &str,
    ) -> Value {
        let mut payload = self.interaction("message_action", user);
        let (trigger, ts) = (self.new_trigger(user, None), self.next_ts());
        let path = self.new_response(&message.channel, user, None);
        let name = self.channel_name(&message.channel);
        set(&mut payload, "callback_id", callback_id);
        set(&mut payload, "trigger_id", trigger);
        set(&mut payload, "action_ts", ts);
        set(&mut payload, "message_ts", message.ts.clone());
        set(&mut payload, "response_url", format!("{base}{path}"));
        set(&mut payload, "channel", json!({"id": message.channel, "name": name}));
        set(&mut payload, "message", message.to_json(self));
        payload
    }

    /// An event in its envelope.
    pub(super) fn event(&mut self, event: Value) -> Value {
        let id = format!("Ev{:08X}", self.next());
        json!({
            "type": "event_callback",
            "token": VERIFICATION_TOKEN,
            "team_id": self.team_id,
            "api_app_id": self.app_id,
            "event": event,
            "event_id": id,
            "event_time": self.now().timestamp(),
            "authorizations": [{
                "enterprise_id": null,
                "team_id": self.team_id,
                "user_id": self.bot_user,
                "is_bot": true,
                "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": false,
        })
    }

    /// The event of a person opening the App Home.
    pub(super) fn app_home_opened(&mut self, user: &str) -> Value {
        let channel = self.dm(user);
        let ts = self.next_ts();
        let mut event = json!({
            "type": "app_home_opened",
            "user": user,
            "channel": channel,
            "tab": "home",
            "event_ts": ts,
        });
        if let Some(home) = self.home(user) {
            set(&mut event, "view", home.to_json());
        }
        self.event(event)
    }
}
