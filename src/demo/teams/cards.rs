//! What a person can press on a card, and what Teams then sends.
use serde_json::{Map, Value, json};

/// What pressing an action sends to the bot.
#[derive(Debug, Clone, PartialEq)]
pub enum Pressed {
    /// An invoke of this name, with this value.
    Invoke {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: Value,
    },
    /// A message without text, with this value.
    Message(Value),
    /// Nothing: the client does it by itself.
    Nothing,
}

/// The card of an activity or of a dialog's answer.
pub(super) fn card_in(json: &Value) -> Option<&Value> {
    let places =
        ["/attachments/0/content", "/task/value/card/content", "/value", "/card/content", ""];
    let is_card = |card: &&Value| card.get("type").and_then(Value::as_str) == Some("AdaptiveCard");
    places.iter().filter_map(|place| json.pointer(place)).find(is_card)
}

/// The action of a card with this title, wherever it stands; `refresh` is the card's own.
pub(super) fn action<'a>(card: &'a Value, title: &str) -> Option<&'a Value> {
    if title == "refresh" {
        return card.pointer("/refresh/action");
    }
    find(card, title)
}

fn find<'a>(value: &'a Value, title: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            let is_off = fields.get("isEnabled") == Some(&Value::Bool(false));
            let is_action = text("type").is_some_and(|kind| kind.starts_with("Action.")) && !is_off;
            if is_action && text("title") == Some(title) {
                return Some(value);
            }
            fields.values().find_map(|inner| find(inner, title))
        }
        Value::Array(items) => items.iter().find_map(|inner| find(inner, title)),
        _ => None,
    }
}

/// What stands in the card's fields before anybody types.
pub(super) fn given(card: &Value) -> Map<String, Value> {
    let mut inputs = Map::new();
    gather(card, &mut inputs);
    inputs
}

fn gather(value: &Value, inputs: &mut Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            let text = |key: &str| fields.get(key).and_then(Value::as_str);
            let is_input = text("type").is_some_and(|kind| kind.starts_with("Input."));
            if let (true, Some(id)) = (is_input, text("id")) {
                let value = fields.get("value").cloned().unwrap_or_else(|| "".into());
                inputs.insert(id.to_owned(), value);
            }
            fields.values().for_each(|inner| gather(inner, inputs));
        }
        Value::Array(items) => items.iter().for_each(|inner| gather(inner, inputs)),
        _ => {}
    }
}

/// What an action sends: what the card fixes, and over it what stands in the fields, unless the action
/// leaves these out.
pub(super) fn sent(action: &Value, inputs: Map<String, Value>) -> Map<String, Value> {
    let mut data = action.get("data").and_then(Value::as_object).cloned().unwrap_or_default();
    if action.get("associatedInputs").and_then(Value::as_str) != Some("none") {
        data.extend(inputs);
    }
    data
}

/// What an action of a card in a conversation sends; `inputs` are its fields as they stand.
pub(super) fn pressed(action: &Value, inputs: Map<String, Value>, is_automatic: bool) -> Pressed {
    let text = |pointer: &str| action.pointer(pointer).and_then(Value::as_str);
    let data = sent(action, inputs);
    match text("/type") {
        Some("Action.Execute") => {
            let mut sent = action.clone();
            if let Some(fields) = sent.as_object_mut() {
                fields.retain(|key, _| ["type", "id", "verb"].contains(&key.as_str()));
                fields.insert("data".to_owned(), data.into());
            }
            let trigger = if is_automatic { "automatic" } else { "manual" };
            let value = json!({"action": sent, "trigger": trigger});
            Pressed::Invoke { name: "adaptiveCard/action", value }
        }
        Some("Action.Submit") => match text("/data/msteams/type") {
            Some("task/fetch") => {
                let value = json!({"data": data, "context": {"theme": "default"}});
                Pressed::Invoke { name: "task/fetch", value }
            }
            _ => Pressed::Message(data.into()),
        },
        _ => Pressed::Nothing,
    }
}
