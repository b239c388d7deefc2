//! Walks a JSON value along the tables and collects what breaks them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::table::{
    BLOCKS, CONFIRM_DIALOG, ELEMENTS, Field, ID, Kind, OPTION, OPTION_GROUP, Place, Shape,
};
use super::{Surface, Violation};

/// A place in what is walked. Written out as a JSON pointer only where something is wrong: the walk
/// goes over everything that is sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'a> {
    /// Where the walk begins.
    Root(&'static str),
    /// A field.
    Field(&'a At<'a>, &'a str),
    /// An item of a list.
    Item(&'a At<'a>, usize),
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Field(inside, name) => write!(f, "{inside}/{name}"),
            Self::Item(inside, n) => write!(f, "{inside}/{n}"),
        }
    }
}

/// One walk over one surface.
#[derive(Debug)]
pub(super) struct Walk<'v> {
    surface: Surface,
    block_ids: HashSet<&'v str>,
    focused: bool,
    /// What was found, in document order.
    pub(super) violations: Vec<Violation>,
}

impl<'v> Walk<'v> {
    pub(super) fn new(surface: Surface) -> Self {
        Self { surface, block_ids: HashSet::new(), focused: false, violations: Vec::new() }
    }

    pub(super) fn refuse(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.violations.push(Violation { pointer: at.to_string(), message: message.into() });
    }

    /// Checks an object against its fields; `extra` are the keys checked elsewhere.
    pub(super) fn object(
        &mut self,
        at: &At<'_>,
        value: &'v Value,
        fields: &[Field],
        extra: &[&str],
    ) {
        let Some(object) = value.as_object() else {
            return self.refuse(at, "must be an object");
        };
        for key in object.keys() {
            let is_known = fields.iter().any(|field| field.name == key);
            if !is_known && !extra.contains(&key.as_str()) {
                self.refuse(at, format!("invalid additional property: {key}"));
            }
        }
        for field in fields {
            match object.get(field.name) {
                Some(value) => self.field(&At::Field(at, field.name), value, field.kind),
                None if field.is_required => {
                    self.refuse(at, format!("missing required field: {}", field.name));
                }
                None => {}
            }
        }
    }

    fn field(&mut self, at: &At<'_>, value: &'v Value, kind: Kind) {
        match kind {
            Kind::Any => {}
            Kind::Bool => self.require(at, value.is_boolean(), "must be a boolean"),
            Kind::Int(least, most) => {
                let fits = value.as_i64().is_some_and(|n| (least..=most).contains(&n));
                if !fits {
                    self.refuse(at, format!("must be a whole number, {least} to {most}"));
                }
            }
            Kind::Str(least, most) => self.string(at, value, least, most),
            Kind::OneOf(words) => {
                let fits = value.as_str().is_some_and(|word| words.contains(&word));
                if !fits {
                    self.refuse(at, format!("must be one of: {}", words.join(", ")));
                }
            }
            Kind::Plain(most) => self.text_object(at, value, most, &["plain_text"]),
            Kind::Text(most) => self.text_object(at, value, most, &["plain_text", "mrkdwn"]),
            Kind::Texts(items, most) => self.each(at, value, 1, items, |walk, at, item| {
                walk.text_object(at, item, most, &["plain_text", "mrkdwn"]);
            }),
            Kind::Choice => self.object(at, value, OPTION, &[]),
            Kind::Choices(most) => self.each(at, value, 1, most, |walk, at, item| {
                walk.object(at, item, OPTION, &[]);
            }),
            Kind::Groups => self.each(at, value, 1, 100, |walk, at, item| {
                walk.object(at, item, OPTION_GROUP, &[]);
            }),
            Kind::Strings => self.each(at, value, 0, 100, |walk, at, item| {
                walk.string(at, item, 1, ID);
            }),
            Kind::Confirm => self.object(at, value, CONFIRM_DIALOG, &[]),
            Kind::Element(place) => self.element(at, value, place),
            Kind::Elements(place, most) => self.elements(at, value, place, most),
            Kind::Rich => self.rich(at, value),
            Kind::Blocks(most) => self.blocks(at, value, most),
            Kind::Dispatch => self.dispatch(at, value),
        }
    }

    fn require(&mut self, at: &At<'_>, holds: bool, message: &str) {
        if !holds {
            self.refuse(at, message);
        }
    }

    fn string(&mut self, at: &At<'_>, value: &'v Value, least: usize, most: usize) {
        let Some(text) = value.as_str() else {
            return self.refuse(at, "must be a string");
        };
        let length = text.chars().count();
        if length > most {
            self.refuse(at, format!("must be less than {} characters", most + 1));
        }
        if length < least {
            self.refuse(at, format!("must be more than {} characters", least.saturating_sub(1)));
        }
    }

    fn text_object(&mut self, at: &At<'_>, value: &'v Value, most: usize, types: &[&str]) {
        let Some(object) = value.as_object() else {
            return self.refuse(at, "must be a text object");
        };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        if !types.contains(&kind) {
            return self.refuse(&At::Field(at, "type"), "unsupported type of text object");
        }
        let other = if kind == "mrkdwn" { "verbatim" } else { "emoji" };
        for (key, value) in object {
            match key.as_str() {
                "type" => {}
                "text" => self.string(&At::Field(at, "text"), value, 1, most),
                key if key == other => {
                    self.require(at, value.is_boolean(), "must be a boolean");
                }
                key => self.refuse(at, format!("invalid additional property: {key}")),
            }
        }
        self.require(at, object.contains_key("text"), "missing required field: text");
    }

    fn each(
        &mut self,
        at: &At<'_>,
        value: &'v Value,
        least: usize,
        most: usize,
        check: impl Fn(&mut Self, &At<'_>, &'v Value),
    ) {
        let Some(items) = value.as_array() else {
            return self.refuse(at, "must be an array");
        };
        if items.len() > most {
            self.refuse(at, format!("no more than {most} items allowed"));
        }
        if items.len() < least {
            self.refuse(at, format!("must provide at least {least} items"));
        }
        for (n, item) in items.iter().enumerate() {
            check(self, &At::Item(at, n), item);
        }
    }

    fn elements(&mut self, at: &At<'_>, value: &'v Value, place: Place, most: usize) {
        self.each(at, value, 1, most, |walk, at, item| walk.element(at, item, place));
        let mut seen = HashSet::new();
        for (n, item) in value.as_array().into_iter().flatten().enumerate() {
            let Some(id) = item.get("action_id").and_then(Value::as_str) else { continue };
            if !seen.insert(id) {
                self.refuse(&At::Item(at, n), format!("`action_id` {id} already exists"));
            }
        }
    }

    /// Rich text: lists of elements that hold lists of elements, down to texts, none of them empty.
    fn rich(&mut self, at: &At<'_>, value: &'v Value) {
        let most = usize::MAX;
        self.each(at, value, 1, most, |walk, at, element| {
            if let Some(inside) = element.get("elements") {
                return walk.rich(&At::Field(at, "elements"), inside);
            }
            if element.get("type").is_some_and(|kind| kind == "text") {
                let text = element.get("text").unwrap_or(&Value::Null);
                walk.string(&At::Field(at, "text"), text, 1, most);
            }
        });
    }

    fn dispatch(&mut self, at: &At<'_>, value: &'v Value) {
        const WHEN: &[&str] = &["on_enter_pressed", "on_character_entered"];
        let at = At::Field(at, "trigger_actions_on");
        let list = value.get("trigger_actions_on").unwrap_or(&Value::Null);
        self.each(&at, list, 1, WHEN.len(), |walk, at, item| {
            walk.field(at, item, Kind::OneOf(WHEN));
        });
    }

    /// Checks a list of blocks and that no two share an id.
    pub(super) fn blocks(&mut self, at: &At<'_>, value: &'v Value, most: usize) {
        self.each(at, value, 0, most, Self::block);
    }

    fn block(&mut self, at: &At<'_>, value: &'v Value) {
        let Some(shape) = self.shape(at, value, BLOCKS) else { return };
        match shape.name {
            "alert" if self.surface != Surface::Modal => {
                return self.refuse(at, "unsupported type: alert");
            }
            "markdown" if self.surface != Surface::Message => {
                return self.refuse(at, "unsupported type: markdown");
            }
            "section" if value.get("text").is_none() && value.get("fields").is_none() => {
                self.refuse(at, "missing required field: text or fields");
            }
            "image" => self.image(at, value),
            _ => {}
        }
        self.object(at, value, shape.fields, &["type", "block_id"]);
        if let Some(id) = value.get("block_id") {
            self.string(&At::Field(at, "block_id"), id, 1, ID);
            let id = id.as_str().unwrap_or_default();
            if !self.block_ids.insert(id) {
                self.refuse(at, format!("`block_id` {id} already exists"));
            }
        }
    }

    fn element(&mut self, at: &At<'_>, value: &'v Value, place: Place) {
        let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
        if place == Place::Context && matches!(kind, "plain_text" | "mrkdwn") {
            return self.text_object(at, value, 3000, &["plain_text", "mrkdwn"]);
        }
        let Some(shape) = self.shape(at, value, ELEMENTS) else { return };
        if !shape.places.contains(&place) {
            return self.refuse(at, format!("unsupported type: {}", shape.name));
        }
        if shape.name == "image" {
            self.image(at, value);
            return self.object(at, value, shape.fields, &["type"]);
        }
        self.object(at, value, shape.fields, &["type", "action_id"]);
        if let Some(id) = value.get("action_id") {
            self.string(&At::Field(at, "action_id"), id, 1, ID);
        }
        if value.get("focus_on_load").and_then(Value::as_bool) == Some(true) {
            self.require(at, !self.focused, "only one element may have focus_on_load");
            self.focused = true;
        }
        if let Some(object) = value.as_object() {
            self.choices(at, object, shape.name);
        }
    }

    fn image(&mut self, at: &At<'_>, value: &'v Value) {
        let has = |key| value.get(key).is_some();
        self.require(
            at,
            has("image_url") != has("slack_file"),
            "must have either image_url or slack_file",
        );
    }

    /// What a list of options promises beyond its fields.
    fn choices(&mut self, at: &At<'_>, element: &'v Map<String, Value>, kind: &str) {
        let flat = element.get("options").and_then(Value::as_array);
        let groups = element.get("option_groups").and_then(Value::as_array);
        if kind.ends_with("static_select") && flat.is_some() == groups.is_some() {
            return self.refuse(at, "must have either options or option_groups");
        }
        let offered: Vec<&Value> = flat
            .into_iter()
            .chain(groups.into_iter().flatten().filter_map(|g| g.get("options")?.as_array()))
            .flatten()
            .collect();
        let takes_markdown = matches!(kind, "radio_buttons" | "checkboxes");
        let has_markdown =
            offered.iter().any(|o| o.pointer("/text/type").is_some_and(|t| t == "mrkdwn"));
        if has_markdown && !takes_markdown {
            self.refuse(at, "options of this element must be plain_text");
        }
        if kind.contains("external") {
            return;
        }
        let first = element.get("initial_option").into_iter();
        let many = element.get("initial_options").and_then(Value::as_array);
        for chosen in first.chain(many.into_iter().flatten()) {
            if !offered.iter().any(|option| is_same(option, chosen)) {
                self.refuse(at, "initial option must exactly match one of the options");
            }
        }
    }

    fn shape(
        &mut self,
        at: &At<'_>,
        value: &'v Value,
        table: &'static [Shape],
    ) -> Option<&'static Shape> {
        let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
        let found = table.iter().find(|shape| shape.name == kind);
        if found.is_none() {
            self.refuse(at, format!("unsupported type: {kind}"));
        }
        found
    }
}

/// Compares two options as Slack does: by value, text and description.
fn is_same(one: &Value, other: &Value) -> bool {
    ["/value", "/text/text", "/description/text"]
        .iter()
        .all(|pointer| one.pointer(pointer) == other.pointer(pointer))
}
