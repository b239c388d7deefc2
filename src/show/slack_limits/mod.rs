//! Slack's limits on what an app sends: blocks, views, options.
//!
//! One table for both sides: [`super::templates`] holds what it lays out against it before anything
//! is sent, and the local workspace of the demo and the tests refuses by it what Slack would.
//!
//! [`message`], [`view`] and [`options`] answer with every [`Violation`] they find,
//! each with the JSON pointer of the offender, in the words Slack uses. Lengths
//! are in characters; a view's size is in bytes.

mod table;
#[cfg(test)]
mod tests;
mod walk;

use serde_json::{Value, json};

use self::table::{Kind, VIEWS};
use self::walk::{At, Walk};

/// Blocks in one message.
pub const MESSAGE_BLOCKS: usize = 50;
/// Characters of all blocks of one message, as JSON. Slack does not publish the
/// number; apps are refused from about here.
pub const MESSAGE_CHARACTERS: usize = 13_200;
/// Characters of a posted message's `text`; Slack cuts there, this refuses.
pub const POST_TEXT: usize = 40_000;
/// Characters of an updated message's `text`.
pub const UPDATE_TEXT: usize = 4_000;
/// Bytes of one view.
pub const VIEW_BYTES: usize = 250 * 1024;
/// Views open on top of each other.
pub const VIEW_STACK: usize = 3;

/// Where blocks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// A message.
    Message,
    /// A modal view.
    Modal,
    /// The App Home.
    Home,
}

/// One broken limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where, as a JSON pointer into what was sent.
    pub pointer: String,
    /// What is wrong, in Slack's words.
    pub message: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[ERROR] {} [json-pointer:{}]", self.message, self.pointer)
    }
}

/// Checks what a template laid out for Slack, whole: a modal, a Home, or else a message.
///
/// `bytes` is how long it is as JSON, or more: only where that is too much is it measured.
pub fn laid_out(json: &Value, bytes: usize) -> Vec<Violation> {
    let surface = match json.get("type").and_then(Value::as_str) {
        Some("modal") => Surface::Modal,
        Some("home") => Surface::Home,
        _ => return whole_message(json, bytes),
    };
    let mut found = view(json, surface);
    if bytes > VIEW_BYTES && json.to_string().len() > VIEW_BYTES {
        found.push(too_long("/view", VIEW_BYTES, "bytes"));
    }
    found
}

/// Checks a message with its text and its size in all. It may be rewritten later, so the shorter
/// limit of the two for its text holds.
fn whole_message(json: &Value, bytes: usize) -> Vec<Violation> {
    let blocks = json.get("blocks").unwrap_or(&Value::Null);
    let mut found = message(blocks);
    if bytes > MESSAGE_CHARACTERS && is_too_long(blocks) {
        found.push(too_long("/blocks", MESSAGE_CHARACTERS, "characters"));
    }
    let text = json.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.len() > UPDATE_TEXT && text.chars().count() > UPDATE_TEXT {
        found.push(too_long("/text", UPDATE_TEXT, "characters"));
    }
    found
}

fn too_long(pointer: &str, most: usize, unit: &str) -> Violation {
    let message = format!("must be at most {most} {unit}");
    Violation { pointer: pointer.to_owned(), message }
}

/// Checks the blocks of a message, without their size in all.
pub fn message(blocks: &Value) -> Vec<Violation> {
    let mut walk = Walk::new(Surface::Message);
    walk.blocks(&At::Root("/blocks"), blocks, MESSAGE_BLOCKS);
    walk.violations
}

/// True when the blocks of a message are too long in all.
pub fn is_too_long(blocks: &Value) -> bool {
    blocks.to_string().chars().count() > MESSAGE_CHARACTERS
}

/// Checks a view; `expected` is the only `type` that the method takes.
pub fn view(view: &Value, expected: Surface) -> Vec<Violation> {
    let mut walk = Walk::new(expected);
    let name = if expected == Surface::Modal { "modal" } else { "home" };
    let kind = view.get("type").and_then(Value::as_str).unwrap_or_default();
    let Some(shape) = VIEWS.iter().find(|shape| shape.name == kind && kind == name) else {
        walk.refuse(&At::Root("/view/type"), format!("must be {name}"));
        return walk.violations;
    };
    walk.object(&At::Root("/view"), view, shape.fields, &["type"]);
    let blocks = view.get("blocks").and_then(Value::as_array);
    let has_input =
        blocks.into_iter().flatten().any(|b| b.get("type").is_some_and(|t| t == "input"));
    if expected == Surface::Modal && has_input && view.get("submit").is_none() {
        walk.refuse(
            &At::Root("/view"),
            "`submit` is required when an `input` block is within blocks",
        );
    }
    walk.violations
}

/// Checks an answer to an option search.
pub fn options(answer: &Value) -> Vec<Violation> {
    let mut walk = Walk::new(Surface::Modal);
    let has = |key| answer.get(key).is_some();
    if has("options") == has("option_groups") {
        walk.refuse(&At::Root(""), "must have either options or option_groups");
        return walk.violations;
    }
    // A search may find nothing, which a select's own list may not.
    let is_empty = |key| answer.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty);
    if is_empty("options") || is_empty("option_groups") {
        return walk.violations;
    }
    let fields = [
        table::Field { name: "options", kind: Kind::Choices(100), is_required: false },
        table::Field { name: "option_groups", kind: Kind::Groups, is_required: false },
    ];
    walk.object(&At::Root(""), answer, &fields, &[]);
    let groups = answer.get("option_groups").and_then(Value::as_array);
    let flat = answer.get("options").and_then(Value::as_array);
    let all = groups.into_iter().flatten().filter_map(|g| g.get("options")?.as_array());
    let plain = json!("plain_text");
    if all.chain(flat).flatten().any(|o| o.pointer("/text/type") != Some(&plain)) {
        walk.refuse(&At::Root(""), "options must be plain_text");
    }
    walk.violations
}
