//! Reading blocks: their text in order, their elements by id or by label.

use serde_json::Value;

use super::json::{at, entries, list, text};

/// The text of a message's blocks, a view or any part of them, in reading order,
/// one text a line.
pub fn text_of(value: &Value) -> String {
    let mut lines = Vec::new();
    collect(value, &mut lines);
    lines.join("\n")
}

/// What comes before what when an object is read.
const ORDER: &[&str] = &[
    "title",
    "label",
    "text",
    "fields",
    "accessory",
    "element",
    "elements",
    "hint",
    "blocks",
    "options",
    "option_groups",
    "submit",
    "close",
];

fn collect(value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, lines)),
        Value::Object(object) => {
            if let Some(Value::String(text)) = object.get("text") {
                lines.push(text.clone());
            }
            for part in ORDER.iter().filter_map(|key| object.get(*key)) {
                collect(part, lines);
            }
        }
        _ => {}
    }
}

/// One interactive element and the block it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The block's id.
    pub block_id: String,
    /// The element's id.
    pub action_id: String,
    /// The block, whole.
    pub block: Value,
    /// The element, whole.
    pub element: Value,
}

/// Every interactive element of a list of blocks, a view or a message.
pub fn elements(value: &Value) -> Vec<Found> {
    let blocks = if value.is_array() { value } else { at(value, "/blocks") };
    let mut found = Vec::new();
    for block in list(blocks, "") {
        let single = ["accessory", "element"].into_iter().filter_map(|key| block.get(key));
        for element in single.chain(list(block, "/elements")) {
            if let Some(action_id) = element.get("action_id").and_then(Value::as_str) {
                found.push(Found {
                    block_id: text(block, "/block_id").to_owned(),
                    action_id: action_id.to_owned(),
                    block: block.clone(),
                    element: element.clone(),
                });
            }
        }
    }
    found
}

/// The element with this `action_id`.
pub fn find_action(value: &Value, action_id: &str) -> Option<Found> {
    elements(value).into_iter().find(|found| found.action_id == action_id)
}

/// The button with this label.
pub fn find_button(value: &Value, label: &str) -> Option<Found> {
    elements(value).into_iter().find(|found| {
        text(&found.element, "/type") == "button" && text(&found.element, "/text/text") == label
    })
}

/// The options an element offers, groups and all.
pub fn offered(element: &Value) -> Vec<Value> {
    let groups = list(element, "/option_groups").iter();
    groups
        .flat_map(|group| list(group, "/options"))
        .chain(list(element, "/options"))
        .cloned()
        .collect()
}

/// The labels of every button, in reading order.
pub fn buttons(value: &Value) -> Vec<String> {
    let is_button = |found: &Found| text(&found.element, "/type") == "button";
    let all = elements(value).into_iter().filter(is_button);
    all.map(|found| text(&found.element, "/text/text").to_owned()).collect()
}

/// The first thing wrong with the answers to a view's inputs, by block id: what
/// Slack's own client checks before anything is sent.
pub fn missing(view: &Value, values: &Value) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    for found in elements(view) {
        if text(&found.block, "/type") != "input" {
            continue;
        }
        let given =
            at(values, &format!("/{}/{}", escape(&found.block_id), escape(&found.action_id)));
        let is_empty = entries(given, "").filter(|(key, _)| *key != "type").all(|(_, value)| {
            value.is_null() || value == "" || value.as_array().is_some_and(Vec::is_empty)
        });
        let is_optional = found.block.get("optional").and_then(Value::as_bool) == Some(true);
        let typed = u64::try_from(text(given, "/value").chars().count()).unwrap_or(u64::MAX);
        let limit = |key: &str| found.element.get(key).and_then(Value::as_u64);
        if is_empty {
            if !is_optional {
                wrong.push((found.block_id, "Please complete this required field.".to_owned()));
            }
        } else if let Some(most) = limit("max_length").filter(|most| typed > *most) {
            wrong.push((found.block_id, format!("Must be {most} characters or fewer.")));
        } else if let Some(least) = limit("min_length").filter(|least| typed < *least) {
            wrong.push((found.block_id, format!("Must be at least {least} characters.")));
        }
    }
    wrong
}

/// Escapes one step of a JSON pointer.
pub(super) fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
