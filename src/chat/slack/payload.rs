//! What Slack sends, read leniently: what we need must be there, whatever else there is.
//!
//! The crate's own types lose whole clicks over one unknown block, so these are read from raw JSON.
use super::PLATFORM;
use crate::chat::Posted;
use crate::domain::person::Account;
use serde_json::Value;
use std::collections::BTreeMap;

/// A slash command.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Command {
    pub(super) from: Account,
    pub(super) text: String,
    pub(super) trigger: String,
    pub(super) response_url: String,
}

/// A click, a submission, a search, a shortcut.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Interaction {
    Click(Click),
    Submission {
        from: Account,
        view: View,
    },
    Search {
        from: Account,
        text: String,
        /// Which list asks.
        action: String,
        /// The view it is in.
        view: Option<View>,
    },
    Shortcut {
        from: Account,
        trigger: String,
        /// The message that was pointed at, where it was on one.
        message: Option<String>,
    },
    /// Something that needs no answer.
    Other,
}

/// A click on something in a message, a modal or the Home.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Click {
    pub(super) from: Account,
    pub(super) action: String,
    pub(super) value: String,
    /// The values chosen, in an element that takes several.
    pub(super) picked: Vec<String>,
    pub(super) trigger: Option<String>,
    pub(super) response_url: Option<String>,
    /// The message it was on, when it was on one.
    pub(super) copy: Option<Posted>,
    /// The view it was in, when it was in one.
    pub(super) view: Option<View>,
}

/// A view as it stood when something happened in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    pub(super) id: String,
    pub(super) hash: Option<String>,
    pub(super) callback: String,
    pub(super) metadata: String,
    pub(super) is_home: bool,
    /// Whether one more can be put on top of it: Slack stacks three.
    pub(super) has_room: bool,
    /// Whether it lies on another one.
    pub(super) is_pushed: bool,
    /// Block id to its one element's state.
    pub(super) values: BTreeMap<String, Value>,
}

impl Command {
    pub(super) fn read(form: &Value) -> Option<Self> {
        Some(Self {
            from: account(text(form, "/team_id")?, text(form, "/user_id")?),
            text: text(form, "/text").unwrap_or_default(),
            trigger: text(form, "/trigger_id")?,
            response_url: text(form, "/response_url").unwrap_or_default(),
        })
    }
}

impl Interaction {
    pub(super) fn read(payload: &Value) -> Option<Self> {
        let from = sender(payload)?;
        Some(match text(payload, "/type")?.as_str() {
            "block_actions" => Self::Click(Click::read(payload, from)?),
            "view_submission" => Self::Submission { from, view: View::read(payload.get("view")?)? },
            "block_suggestion" => Self::Search {
                from,
                text: text(payload, "/value").unwrap_or_default(),
                action: text(payload, "/action_id").unwrap_or_default(),
                view: payload.get("view").and_then(View::read),
            },
            "shortcut" | "message_action" => {
                let message = text(payload, "/message/text");
                Self::Shortcut { from, trigger: text(payload, "/trigger_id")?, message }
            }
            _ => Self::Other,
        })
    }
}

impl Click {
    fn read(payload: &Value, from: Account) -> Option<Self> {
        let action = payload.pointer("/actions/0")?;
        let selected = text(action, "/selected_option/value");
        Some(Self {
            from,
            action: text(action, "/action_id")?,
            value: text(action, "/value").or(selected).unwrap_or_default(),
            picked: selected_options(action),
            trigger: text(payload, "/trigger_id"),
            response_url: text(payload, "/response_url"),
            copy: message(payload),
            view: payload.get("view").and_then(View::read),
        })
    }
}

impl View {
    fn read(view: &Value) -> Option<Self> {
        let mut values = BTreeMap::new();
        if let Some(blocks) = view.pointer("/state/values").and_then(Value::as_object) {
            for (block, elements) in blocks {
                let element = elements.as_object().and_then(|elements| elements.values().next());
                values.insert(block.clone(), element.cloned().unwrap_or_default());
            }
        }
        let previous = text(view, "/previous_view_id");
        Some(Self {
            id: text(view, "/id")?,
            hash: text(view, "/hash"),
            callback: text(view, "/callback_id").unwrap_or_default(),
            metadata: text(view, "/private_metadata").unwrap_or_default(),
            is_home: text(view, "/type").is_some_and(|kind| kind == "home"),
            has_room: previous.is_none() || previous == text(view, "/root_view_id"),
            is_pushed: previous.is_some(),
            values,
        })
    }

    /// What was typed into a block, without the space around it.
    pub(super) fn typed(&self, block: &str) -> Option<String> {
        let typed = text(self.values.get(block)?, "/value")?;
        // PostgreSQL stores no U+0000, and nobody can see it.
        let typed = typed.replace('\0', "").trim().to_owned();
        Some(typed).filter(|typed| !typed.is_empty())
    }

    /// Whether the view has the block.
    pub(super) fn has(&self, block: &str) -> bool {
        self.values.contains_key(block)
    }

    /// The blocks whose names begin so.
    pub(super) fn blocks<'a>(&'a self, begin: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.keys().map(String::as_str).filter(move |block| block.starts_with(begin))
    }

    /// The value chosen in a block.
    pub(super) fn chosen(&self, block: &str) -> Option<String> {
        text(self.values.get(block)?, "/selected_option/value")
    }

    /// The values chosen in a block that takes several.
    pub(super) fn chosen_many(&self, block: &str) -> Vec<String> {
        self.values.get(block).map(selected_options).unwrap_or_default()
    }
}

/// The values chosen in an element that takes several.
fn selected_options(element: &Value) -> Vec<String> {
    let options = element.get("selected_options").and_then(Value::as_array);
    options.into_iter().flatten().filter_map(|option| text(option, "/value")).collect()
}

/// Who opened the App Home, when an event says so.
pub(super) fn home_opened(event: &Value) -> Option<Account> {
    let is_home = text(event, "/event/type")? == "app_home_opened"
        && text(event, "/event/tab").is_none_or(|tab| tab == "home");
    let workspace = text(event, "/team_id")?;
    is_home.then_some(account(workspace, text(event, "/event/user")?))
}

/// How an app is gone from a workspace, when an event says so: which, and what an admin does.
pub(super) fn app_gone(event: &Value) -> Option<(String, &'static str)> {
    let gone = match text(event, "/event/type")?.as_str() {
        "app_uninstalled" => {
            "the app was uninstalled; install it again and configure its new token"
        }
        // People's own tokens are none of ours.
        "tokens_revoked" if !is_empty(event.pointer("/event/tokens/bot")) => {
            "the app's token was revoked; install the app again and configure its new token"
        }
        _ => return None,
    };
    Some((text(event, "/team_id")?, gone))
}

fn is_empty(list: Option<&Value>) -> bool {
    list.and_then(Value::as_array).is_none_or(Vec::is_empty)
}

/// The message that was clicked.
fn message(payload: &Value) -> Option<Posted> {
    let place = text(payload, "/container/channel_id")?;
    Some(Posted { place, stamp: text(payload, "/container/message_ts")? })
}

/// Who sent it. The user's own workspace counts: it differs for people of other workspaces.
fn sender(payload: &Value) -> Option<Account> {
    let workspace = text(payload, "/user/team_id").or_else(|| text(payload, "/team/id"))?;
    Some(account(workspace, text(payload, "/user/id")?))
}

fn account(workspace: String, user: String) -> Account {
    Account { platform: PLATFORM.to_owned(), workspace, user }
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_click_survives_what_we_do_not_know() {
        let payload = json!({
            "type": "block_actions", "team": null, "user": {"id": "U1", "team_id": "T1"},
            "container": {"type": "something_new"}, "state": {}, "trigger_id": "1.2",
            "message": {"metadata": {"event_payload": {"n": 7}}, "blocks": [{"type": "from_2030"}]},
            "actions": [{"action_id": "approve", "value": "AR-7", "from": [1, 2]}],
        });

        let Some(Interaction::Click(click)) = Interaction::read(&payload) else { panic!() };

        assert_eq!((click.action.as_str(), click.value.as_str()), ("approve", "AR-7"));
        assert_eq!(click.from.workspace, "T1");
        assert_eq!(click.view, None);
    }

    #[test]
    fn the_values_of_a_view_are_read_whatever_their_shape() {
        let view = json!({"id": "V1", "hash": "h", "callback_id": "request", "type": "modal",
        "state": {"values": {
            "what": {"resources": {"selected_options": [{"value": "a"}, {"value": "b"}, {}]}},
            "duration": {"duration": {"selected_option": {"value": "60"}}},
            "other": {"x": {"value": "  "}}, "empty": {}, "odd": [],
        }}});

        let view = View::read(&view).unwrap();

        assert_eq!(view.chosen_many("what"), ["a", "b"]);
        assert_eq!(view.chosen("duration").as_deref(), Some("60"));
        assert_eq!(view.typed("other"), None);
        assert_eq!(view.chosen("odd"), None);
    }

    #[test]
    fn what_lacks_a_sender_is_nothing() {
        assert_eq!(Interaction::read(&json!({"type": "block_actions"})), None);
        assert_eq!(Interaction::read(&json!([])), None);
        assert_eq!(Command::read(&json!({"text": "request"})), None);
    }
}
