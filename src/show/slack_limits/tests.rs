//! Each limit at its edge: the last length that passes, the first that does not.

use serde_json::{Value, json};

use super::{Surface, is_too_long, message, options, view};

fn text(n: usize) -> Value {
    json!({"type": "plain_text", "text": "é".repeat(n)})
}

fn markdown(n: usize) -> Value {
    json!({"type": "mrkdwn", "text": "x".repeat(n)})
}

fn choice(n: usize) -> Value {
    json!({"text": text(1), "value": format!("v{n}")})
}

fn choices(n: usize) -> Value {
    (0..n).map(choice).collect()
}

fn button(n: usize) -> Value {
    json!({"type": "button", "text": text(1), "action_id": format!("a{n}")})
}

fn actions(element: &Value) -> Value {
    json!([{"type": "actions", "elements": [element]}])
}

fn modal(blocks: &Value) -> Value {
    json!({"type": "modal", "title": text(24), "submit": text(24), "blocks": blocks})
}

/// What is refused in a message, as Slack's lines.
fn said(blocks: &Value) -> Vec<String> {
    message(blocks).iter().map(ToString::to_string).collect()
}

#[test]
fn message_limits_hold_at_their_edge() {
    type Case = (&'static str, usize, fn(usize) -> Value);
    let cases: &[Case] = &[
        ("blocks", 50, |n| (0..n).map(|_| json!({"type": "divider"})).collect()),
        ("section text", 3000, |n| json!([{"type": "section", "text": markdown(n)}])),
        ("fields", 10, |n| json!([{"type": "section", "fields": vec![text(1); n]}])),
        ("field text", 2000, |n| json!([{"type": "section", "fields": [text(n)]}])),
        ("header", 150, |n| json!([{"type": "header", "text": text(n)}])),
        ("context", 10, |n| json!([{"type": "context", "elements": vec![text(1); n]}])),
        ("actions", 25, |n| {
            json!([{"type": "actions", "elements":
            (0..n).map(button).collect::<Vec<_>>()}])
        }),
        ("button text", 75, |n| actions(&json!({"type": "button", "text": text(n)}))),
        ("button value", 2000, |n| {
            actions(&json!({"type": "button", "text": text(1), "value": "v".repeat(n)}))
        }),
        ("options", 100, |n| actions(&json!({"type": "static_select", "options": choices(n)}))),
        ("option text", 75, |n| {
            actions(&json!({"type": "overflow", "options": [{"text": text(n), "value": "v"}]}))
        }),
        ("option value", 150, |n| {
            let one = json!({"text": text(1), "value": "v".repeat(n)});
            actions(&json!({"type": "overflow", "options": [one]}))
        }),
        ("groups", 100, |n| {
            let group = json!({"label": text(75), "options": choices(1)});
            actions(&json!({"type": "static_select", "option_groups": vec![group; n]}))
        }),
        ("block_id", 255, |n| json!([{"type": "divider", "block_id": "b".repeat(n)}])),
        ("action_id", 255, |n| {
            actions(&json!({"type": "button", "text": text(1), "action_id": "a".repeat(n)}))
        }),
        ("confirm text", 300, |n| {
            let confirm = json!({"title": text(100), "text": text(n), "confirm": text(30),
                "deny": text(30)});
            actions(&json!({"type": "button", "text": text(1), "confirm": confirm}))
        }),
    ];
    for (name, most, make) in cases {
        assert_eq!(said(&make(*most)), Vec::<String>::new(), "{name} of {most}");
        assert_eq!(said(&make(most + 1)).len(), 1, "{name} of {}", most + 1);
    }
}

#[test]
fn a_refusal_names_the_limit_and_the_place() {
    let blocks = json!([
        {"type": "divider"},
        {"type": "section", "text": markdown(3001)},
        {"type": "section", "text": markdown(0)},
        {"type": "section"},
        {"type": "sektion"},
        {"type": "alert", "text": text(3)},
        {"type": "divider", "block_id": "same"},
        {"type": "divider", "block_id": "same"},
        {"type": "actions", "elements": [button(1), button(1)]},
        {"type": "actions", "elements": [{"type": "plain_text_input"}]},
        {"type": "section", "text": text(1), "color": "red"},
        {"type": "actions", "elements": [{"type": "static_select", "options": choices(2),
            "initial_option": choice(7)}]},
        {"type": "header", "text": markdown(3)},
    ]);

    insta::assert_snapshot!(said(&blocks).join("\n"), @"
    [ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]
    [ERROR] must be more than 0 characters [json-pointer:/blocks/2/text/text]
    [ERROR] missing required field: text or fields [json-pointer:/blocks/3]
    [ERROR] unsupported type: sektion [json-pointer:/blocks/4]
    [ERROR] unsupported type: alert [json-pointer:/blocks/5]
    [ERROR] `block_id` same already exists [json-pointer:/blocks/7]
    [ERROR] `action_id` a1 already exists [json-pointer:/blocks/8/elements/1]
    [ERROR] unsupported type: plain_text_input [json-pointer:/blocks/9/elements/0]
    [ERROR] invalid additional property: color [json-pointer:/blocks/10]
    [ERROR] initial option must exactly match one of the options [json-pointer:/blocks/11/elements/0]
    [ERROR] unsupported type of text object [json-pointer:/blocks/12/text/type]
    ");
}

#[test]
fn views_have_limits_of_their_own() {
    let input = json!([{"type": "input", "label": text(1),
        "element": {"type": "plain_text_input", "action_id": "a"}}]);
    let mut without_submit = modal(&input);
    without_submit.as_object_mut().unwrap().remove("submit");
    let dividers = |n| (0..n).map(|_| json!({"type": "divider"})).collect::<Value>();
    let mut long_title = modal(&dividers(1));
    long_title["title"] = text(25);
    let mut long_metadata = modal(&dividers(1));
    long_metadata["private_metadata"] = json!("m".repeat(3001));

    assert_eq!(view(&modal(&input), Surface::Modal), vec![]);
    assert_eq!(view(&modal(&dividers(100)), Surface::Modal), vec![]);
    assert_eq!(view(&modal(&json!([{"type": "alert", "text": text(3)}])), Surface::Modal), vec![]);
    for bad in [without_submit, modal(&dividers(101)), long_title, long_metadata] {
        assert_eq!(view(&bad, Surface::Modal).len(), 1);
    }
    assert_eq!(view(&modal(&input), Surface::Home).len(), 1);
    assert_eq!(view(&json!({"type": "home", "blocks": []}), Surface::Home), vec![]);
}

#[test]
fn a_search_answers_at_most_a_hundred_options() {
    assert_eq!(options(&json!({"options": []})), vec![]);
    assert_eq!(options(&json!({"options": choices(100)})), vec![]);
    assert_eq!(options(&json!({"options": choices(101)})).len(), 1);
    assert_eq!(options(&json!({})).len(), 1);
    let group = json!({"label": text(3), "options": choices(100)});
    assert_eq!(options(&json!({"option_groups": [group]})), vec![]);
}

#[test]
fn a_messages_blocks_are_too_long_in_all() {
    let five = vec![json!({"type": "section", "text": markdown(3000)}); 5];

    assert!(is_too_long(&Value::from(five.clone())));
    assert!(!is_too_long(&five[..4].iter().cloned().collect()));
}

#[test]
fn rich_text_is_refused_where_something_in_it_is_empty() {
    let text = |text: &str| json!({"type": "text", "text": text});
    let section = |inside: Value| json!({"type": "rich_text_section", "elements": inside});
    let rich = |inside: Value| json!([{"type": "rich_text", "elements": inside}]);
    let list = |inside: Value| json!({"type": "rich_text_list", "elements": inside});

    assert_eq!(said(&rich(json!([list(json!([section(json!([text("a")]))]))]))), [""; 0]);
    for empty in [
        rich(json!([])),
        rich(json!([section(json!([]))])),
        rich(json!([section(json!([text("a"), text("")]))])),
        rich(json!([list(json!([section(json!([text("")]))]))])),
    ] {
        assert_eq!(said(&empty).len(), 1, "{empty}");
    }
}
