//! Views: modals in stacks, App Homes, and what people have put into them.

use serde_json::{Map, Value, json};

use super::json::{at, list, put, set, text};
use super::read;
use super::state::State;

/// One view as it stands for one person.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// `V…`.
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// The view as Slack writes it, without its state.
    pub json: Value,
    /// What the person chose or typed: `{block_id: {action_id: value}}`.
    pub typed: Map<String, Value>,
}

impl View {
    /// The hash that guards updates.
    pub fn hash(&self) -> &str {
        text(&self.json, "/hash")
    }

    /// Everything a reader sees, in reading order.
    pub fn all_text(&self) -> String {
        read::text_of(&self.json)
    }

    /// The value of every input: what was put in, or what it began with.
    pub fn values(&self) -> Value {
        let mut values = Map::new();
        for found in read::elements(&self.json) {
            let kind = text(&found.element, "/type");
            let typed = self.typed.get(&found.block_id).and_then(|b| b.get(&found.action_id));
            let value = match typed {
                Some(value) => Some(value.clone()),
                None => initial(kind, &found.element),
            };
            if let Some(value) = value {
                put(&mut values, &found.block_id, &found.action_id, value);
            }
        }
        Value::Object(values)
    }

    /// The view with its state, as payloads and answers carry it.
    pub fn to_json(&self) -> Value {
        let mut json = self.json.clone();
        set(&mut json, "state", json!({"values": self.values()}));
        json
    }

    /// Takes over what the person has put in.
    pub(super) fn fill(&mut self, values: &Value) {
        for (block_id, block) in super::json::entries(values, "") {
            for (action_id, value) in super::json::entries(block, "") {
                put(&mut self.typed, block_id, action_id, value.clone());
            }
        }
        self.forget();
    }

    /// Drops what was put into elements that are no longer there.
    fn forget(&mut self) {
        let there = read::elements(&self.json);
        let mut kept = Map::new();
        for found in there {
            let value = self.typed.get(&found.block_id).and_then(|b| b.get(&found.action_id));
            if let Some(value) = value
                && text(value, "/type") == text(&found.element, "/type")
            {
                put(&mut kept, &found.block_id, &found.action_id, value.clone());
            }
        }
        self.typed = kept;
    }
}

/// What an element holds before anybody touches it; none for a button.
fn initial(kind: &str, element: &Value) -> Option<Value> {
    let (key, from) = match kind {
        "plain_text_input" | "number_input" | "email_text_input" | "url_text_input" => {
            ("value", "initial_value")
        }
        "static_select" | "external_select" | "radio_buttons" => {
            ("selected_option", "initial_option")
        }
        "multi_static_select" | "multi_external_select" | "checkboxes" => {
            ("selected_options", "initial_options")
        }
        "users_select" => ("selected_user", "initial_user"),
        "multi_users_select" => ("selected_users", "initial_users"),
        "channels_select" => ("selected_channel", "initial_channel"),
        "conversations_select" => ("selected_conversation", "initial_conversation"),
        "datepicker" => ("selected_date", "initial_date"),
        "timepicker" => ("selected_time", "initial_time"),
        "datetimepicker" => ("selected_date_time", "initial_date_time"),
        _ => return None,
    };
    let mut value = at(element, &format!("/{from}")).clone();
    if value.is_null() && key.ends_with('s') {
        value = json!([]);
    }
    Some(json!({"type": kind, key: value}))
}

impl State {
    /// Makes a view out of what the app sent.
    pub(super) fn new_view(&mut self, user: &str, sent: &Value) -> View {
        let id = format!("V{:07X}", self.next());
        let mut view =
            View { id: id.clone(), user: user.to_owned(), json: Value::Null, typed: Map::new() };
        self.write_view(&mut view, sent);
        set(&mut view.json, "root_view_id", id);
        set(&mut view.json, "previous_view_id", Value::Null);
        view
    }

    /// Writes what the app sent into a view, keeping its identity.
    fn write_view(&mut self, view: &mut View, sent: &Value) {
        let mut json = sent.clone();
        for key in ["private_metadata", "callback_id", "external_id"] {
            if json.get(key).is_none() {
                set(&mut json, key, "");
            }
        }
        if text(sent, "/type") == "modal" {
            for key in ["clear_on_close", "notify_on_close"] {
                if json.get(key).is_none() {
                    set(&mut json, key, false);
                }
            }
            for key in ["submit", "close"] {
                if json.get(key).is_none() {
                    set(&mut json, key, Value::Null);
                }
            }
        }
        if let Some(blocks) = json.get_mut("blocks") {
            self.name_blocks(blocks);
        }
        set(&mut json, "id", view.id.clone());
        set(&mut json, "team_id", self.team_id.clone());
        set(&mut json, "app_id", self.app_id.clone());
        set(&mut json, "app_installed_team_id", self.team_id.clone());
        set(&mut json, "bot_id", self.bot_id.clone());
        let hash = format!("{}.{:08x}", self.now().timestamp(), self.next());
        set(&mut json, "hash", hash);
        for key in ["root_view_id", "previous_view_id"] {
            set(&mut json, key, at(&view.json, &format!("/{key}")).clone());
        }
        view.json = json;
        view.forget();
    }

    /// Opens a modal: it alone is then on the person's screen.
    pub(super) fn open_view(&mut self, user: &str, sent: &Value) -> View {
        let view = self.new_view(user, sent);
        self.stacks.insert(user.to_owned(), vec![view.clone()]);
        view
    }

    /// Puts a modal on top of the person's stack.
    pub(super) fn push_view(&mut self, user: &str, sent: &Value) -> View {
        let mut view = self.new_view(user, sent);
        let below = self.stacks.get(user).and_then(|stack| stack.last()).cloned();
        if let Some(below) = below {
            set(&mut view.json, "root_view_id", at(&below.json, "/root_view_id").clone());
            set(&mut view.json, "previous_view_id", below.id);
        }
        self.stacks.entry(user.to_owned()).or_default().push(view.clone());
        view
    }

    /// Replaces a view's content; none when it is not on anybody's screen.
    pub(super) fn update_view(&mut self, id: &str, sent: &Value) -> Option<View> {
        let mut view = self.view(id)?.clone();
        self.write_view(&mut view, sent);
        *self.view_mut(id)? = view.clone();
        Some(view)
    }

    /// Publishes a person's App Home.
    pub(super) fn publish(&mut self, user: &str, sent: &Value) -> View {
        let view = match self.homes.get(user).cloned() {
            Some(mut home) => {
                self.write_view(&mut home, sent);
                home
            }
            None => self.new_view(user, sent),
        };
        self.homes.insert(user.to_owned(), view.clone());
        view
    }

    /// A modal on somebody's screen, or a published Home.
    pub fn view(&self, id: &str) -> Option<&View> {
        let open = self.stacks.values().flatten().find(|view| view.id == id);
        open.or_else(|| self.homes.values().find(|view| view.id == id))
    }

    pub(super) fn view_mut(&mut self, id: &str) -> Option<&mut View> {
        let open = self.stacks.values_mut().flatten().find(|view| view.id == id);
        open.or_else(|| self.homes.values_mut().find(|view| view.id == id))
    }

    /// A view by the app's own name for it.
    pub(super) fn view_by_external(&self, external_id: &str) -> Option<&View> {
        let all = self.stacks.values().flatten().chain(self.homes.values());
        all.into_iter()
            .find(|view| !external_id.is_empty() && text(&view.json, "/external_id") == external_id)
    }

    /// A person's open modals, the top one last.
    pub fn views(&self, user: &str) -> &[View] {
        self.stacks.get(user).map(Vec::as_slice).unwrap_or_default()
    }

    /// Takes one modal, and what lies on top of it, off the screen.
    pub(super) fn close_view(&mut self, id: &str) -> Vec<View> {
        for stack in self.stacks.values_mut() {
            if let Some(n) = stack.iter().position(|view| view.id == id) {
                return stack.split_off(n);
            }
        }
        Vec::new()
    }

    /// Takes all of a person's modals off the screen.
    pub(super) fn clear_views(&mut self, user: &str) -> Vec<View> {
        self.stacks.remove(user).unwrap_or_default()
    }

    /// The ids of a view's input blocks.
    pub(super) fn input_blocks(view: &View) -> Vec<String> {
        let inputs = list(&view.json, "/blocks").iter().filter(|b| text(b, "/type") == "input");
        inputs.map(|block| text(block, "/block_id").to_owned()).collect()
    }
}
