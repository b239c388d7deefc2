//! The tables: which fields a block, an element or a view may have, and how long.
//!
//! The numbers are Slack's published ones. Anything not in a table is refused,
//! as Slack refuses it.

/// What a field may hold. Numbers are characters or items, lowest first.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Any JSON; Slack checks it, this workspace does not.
    Any,
    Bool,
    /// A whole number in this range.
    Int(i64, i64),
    /// A string of this many characters.
    Str(usize, usize),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A `plain_text` object.
    Plain(usize),
    /// A `plain_text` or `mrkdwn` object.
    Text(usize),
    /// A list of text objects: how many, how long each.
    Texts(usize, usize),
    /// An option object.
    Choice,
    /// A list of option objects, how many at most.
    Choices(usize),
    /// A list of option groups.
    Groups,
    /// A list of strings.
    Strings,
    /// A confirmation dialog.
    Confirm,
    /// One element, allowed in this place.
    Element(Place),
    /// A list of elements, how many at most.
    Elements(Place, usize),
    /// A list of blocks, how many at most.
    Blocks(usize),
    /// What rich text is made of.
    Rich,
    /// When an input reports to the app.
    Dispatch,
}

/// Where an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Section,
    Actions,
    Context,
    Input,
}

/// One field of an object.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) is_required: bool,
}

/// One type of object and its fields, beside `type` and its id.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) places: &'static [Place],
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, is_required: false }
}

const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, is_required: true }
}

const fn shape(name: &'static str, fields: &'static [Field]) -> Shape {
    Shape { name, fields, places: &[] }
}

const fn element(name: &'static str, places: &'static [Place], fields: &'static [Field]) -> Shape {
    Shape { name, fields, places }
}

/// Longest `block_id`, `action_id`, `callback_id` and `external_id`.
pub(super) const ID: usize = 255;
const URL: usize = 3000;
const LEVELS: &[&str] = &["warning", "error", "info", "success", "default"];

/// The blocks.
pub(super) const BLOCKS: &[Shape] = &[
    shape(
        "section",
        &[
            may("text", Kind::Text(3000)),
            may("fields", Kind::Texts(10, 2000)),
            may("accessory", Kind::Element(Place::Section)),
            may("expand", Kind::Bool),
        ],
    ),
    shape("header", &[must("text", Kind::Plain(150)), may("level", Kind::Int(1, 4))]),
    shape("divider", &[]),
    shape(
        "image",
        &[
            may("image_url", Kind::Str(1, URL)),
            may("slack_file", Kind::Any),
            must("alt_text", Kind::Str(1, 2000)),
            may("title", Kind::Plain(2000)),
        ],
    ),
    shape("actions", &[must("elements", Kind::Elements(Place::Actions, 25))]),
    shape("context", &[must("elements", Kind::Elements(Place::Context, 10))]),
    shape(
        "input",
        &[
            must("label", Kind::Plain(2000)),
            must("element", Kind::Element(Place::Input)),
            may("hint", Kind::Plain(2000)),
            may("optional", Kind::Bool),
            may("dispatch_action", Kind::Bool),
        ],
    ),
    shape("rich_text", &[must("elements", Kind::Rich)]),
    shape("markdown", &[must("text", Kind::Str(1, 12000))]),
    shape("alert", &[must("text", Kind::Text(2000)), may("level", Kind::OneOf(LEVELS))]),
];

const SELECT: &[Place] = &[Place::Section, Place::Actions, Place::Input];
const MULTI: &[Place] = &[Place::Section, Place::Input];
const PLACEHOLDER: Field = may("placeholder", Kind::Plain(150));
const CONFIRM: Field = may("confirm", Kind::Confirm);
const FOCUS: Field = may("focus_on_load", Kind::Bool);
const DISPATCH: Field = may("dispatch_action_config", Kind::Dispatch);
const MOST: Field = may("max_selected_items", Kind::Int(1, i64::MAX));
const MIN_QUERY: Field = may("min_query_length", Kind::Int(0, 255));
const STATIC_OPTIONS: Field = may("options", Kind::Choices(100));
const STATIC_GROUPS: Field = may("option_groups", Kind::Groups);

/// The elements inside blocks.
pub(super) const ELEMENTS: &[Shape] = &[
    element(
        "button",
        &[Place::Section, Place::Actions],
        &[
            must("text", Kind::Plain(75)),
            may("url", Kind::Str(1, URL)),
            may("value", Kind::Str(1, 2000)),
            may("style", Kind::OneOf(&["primary", "danger"])),
            CONFIRM,
            may("accessibility_label", Kind::Str(1, 75)),
        ],
    ),
    element(
        "static_select",
        SELECT,
        &[
            PLACEHOLDER,
            STATIC_OPTIONS,
            STATIC_GROUPS,
            may("initial_option", Kind::Choice),
            CONFIRM,
            FOCUS,
        ],
    ),
    element(
        "multi_static_select",
        MULTI,
        &[
            PLACEHOLDER,
            STATIC_OPTIONS,
            STATIC_GROUPS,
            may("initial_options", Kind::Choices(100)),
            CONFIRM,
            FOCUS,
            MOST,
        ],
    ),
    element(
        "external_select",
        SELECT,
        &[PLACEHOLDER, may("initial_option", Kind::Choice), MIN_QUERY, CONFIRM, FOCUS],
    ),
    element(
        "multi_external_select",
        MULTI,
        &[PLACEHOLDER, may("initial_options", Kind::Choices(100)), MIN_QUERY, CONFIRM, FOCUS, MOST],
    ),
    element(
        "users_select",
        SELECT,
        &[PLACEHOLDER, may("initial_user", Kind::Str(1, ID)), CONFIRM, FOCUS],
    ),
    element(
        "multi_users_select",
        MULTI,
        &[PLACEHOLDER, may("initial_users", Kind::Strings), CONFIRM, FOCUS, MOST],
    ),
    element(
        "channels_select",
        SELECT,
        &[
            PLACEHOLDER,
            may("initial_channel", Kind::Str(1, ID)),
            may("response_url_enabled", Kind::Bool),
            CONFIRM,
            FOCUS,
        ],
    ),
    element(
        "conversations_select",
        SELECT,
        &[
            PLACEHOLDER,
            may("initial_conversation", Kind::Str(1, ID)),
            may("default_to_current_conversation", Kind::Bool),
            may("response_url_enabled", Kind::Bool),
            may("filter", Kind::Any),
            CONFIRM,
            FOCUS,
        ],
    ),
    element(
        "overflow",
        &[Place::Section, Place::Actions],
        &[must("options", Kind::Choices(5)), CONFIRM],
    ),
    element(
        "datepicker",
        SELECT,
        &[PLACEHOLDER, may("initial_date", Kind::Str(10, 10)), CONFIRM, FOCUS],
    ),
    element(
        "timepicker",
        SELECT,
        &[
            PLACEHOLDER,
            may("initial_time", Kind::Str(5, 5)),
            may("timezone", Kind::Str(1, ID)),
            CONFIRM,
            FOCUS,
        ],
    ),
    element(
        "datetimepicker",
        &[Place::Actions, Place::Input],
        &[may("initial_date_time", Kind::Int(1_000_000_000, 9_999_999_999)), CONFIRM, FOCUS],
    ),
    element(
        "radio_buttons",
        SELECT,
        &[must("options", Kind::Choices(10)), may("initial_option", Kind::Choice), CONFIRM, FOCUS],
    ),
    element(
        "checkboxes",
        SELECT,
        &[
            must("options", Kind::Choices(10)),
            may("initial_options", Kind::Choices(10)),
            CONFIRM,
            FOCUS,
        ],
    ),
    element(
        "plain_text_input",
        &[Place::Input],
        &[
            PLACEHOLDER,
            may("initial_value", Kind::Str(0, 3000)),
            may("multiline", Kind::Bool),
            may("min_length", Kind::Int(0, 3000)),
            may("max_length", Kind::Int(1, 3000)),
            DISPATCH,
            FOCUS,
        ],
    ),
    element(
        "number_input",
        &[Place::Input],
        &[
            must("is_decimal_allowed", Kind::Bool),
            PLACEHOLDER,
            may("initial_value", Kind::Str(0, 3000)),
            may("min_value", Kind::Str(0, 3000)),
            may("max_value", Kind::Str(0, 3000)),
            DISPATCH,
            FOCUS,
        ],
    ),
    element(
        "email_text_input",
        &[Place::Input],
        &[PLACEHOLDER, may("initial_value", Kind::Str(0, 3000)), DISPATCH, FOCUS],
    ),
    element(
        "url_text_input",
        &[Place::Input],
        &[PLACEHOLDER, may("initial_value", Kind::Str(0, 3000)), DISPATCH, FOCUS],
    ),
    element(
        "image",
        &[Place::Section, Place::Context],
        &[
            may("image_url", Kind::Str(1, URL)),
            may("slack_file", Kind::Any),
            must("alt_text", Kind::Str(1, 2000)),
        ],
    ),
];

/// The two surfaces that are views.
pub(super) const VIEWS: &[Shape] = &[
    shape(
        "modal",
        &[
            must("title", Kind::Plain(24)),
            must("blocks", Kind::Blocks(100)),
            may("submit", Kind::Plain(24)),
            may("close", Kind::Plain(24)),
            may("private_metadata", Kind::Str(0, 3000)),
            may("callback_id", Kind::Str(0, ID)),
            may("external_id", Kind::Str(0, ID)),
            may("clear_on_close", Kind::Bool),
            may("notify_on_close", Kind::Bool),
            may("submit_disabled", Kind::Bool),
        ],
    ),
    shape(
        "home",
        &[
            must("blocks", Kind::Blocks(100)),
            may("private_metadata", Kind::Str(0, 3000)),
            may("callback_id", Kind::Str(0, ID)),
            may("external_id", Kind::Str(0, ID)),
        ],
    ),
];

/// The confirmation dialog.
pub(super) const CONFIRM_DIALOG: &[Field] = &[
    must("title", Kind::Plain(100)),
    must("text", Kind::Text(300)),
    must("confirm", Kind::Plain(30)),
    must("deny", Kind::Plain(30)),
    may("style", Kind::OneOf(&["primary", "danger"])),
];

/// An option of a select, a radio button, a checkbox or an overflow menu.
pub(super) const OPTION: &[Field] = &[
    must("text", Kind::Text(75)),
    must("value", Kind::Str(1, 150)),
    may("description", Kind::Text(75)),
    may("url", Kind::Str(1, URL)),
];

/// A group of options.
pub(super) const OPTION_GROUP: &[Field] =
    &[must("label", Kind::Plain(75)), must("options", Kind::Choices(100))];
