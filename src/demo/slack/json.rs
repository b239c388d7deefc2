//! Reading and writing loose JSON without panics.
//!
//! The workspace keeps what the bot sent exactly as it was sent, so nearly
//! everything here is a `serde_json::Value`. A path is a JSON pointer.

use serde_json::{Map, Value};

static NULL: Value = Value::Null;

/// The value at `pointer`, or null.
pub(super) fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&NULL)
}

/// The string at `pointer`, or the empty string.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    at(value, pointer).as_str().unwrap_or_default()
}

/// The list at `pointer`, or an empty one.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    at(value, pointer).as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The object's entries at `pointer`, or none.
pub(super) fn entries<'a>(
    value: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    at(value, pointer).as_object().into_iter().flat_map(Map::iter)
}

/// True when a flag is set, whether it came as JSON or as a form's text.
pub(super) fn flag(value: &Value, pointer: &str) -> bool {
    match at(value, pointer) {
        Value::Bool(set) => *set,
        Value::String(text) => text == "true" || text == "1",
        _ => false,
    }
}

/// Puts `value` under `key` when `target` is an object.
pub(super) fn set(target: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(object) = target.as_object_mut() {
        object.insert(key.to_owned(), value.into());
    }
}

/// Puts one input's value into `{block_id: {action_id: value}}`.
pub(super) fn put(values: &mut Map<String, Value>, block_id: &str, action_id: &str, value: Value) {
    match values.get_mut(block_id).and_then(Value::as_object_mut) {
        Some(block) => {
            block.insert(action_id.to_owned(), value);
        }
        None => {
            values.insert(block_id.to_owned(), serde_json::json!({ action_id: value }));
        }
    }
}
