//! Whether blocks and views have Slack's shape, by the crate's own Block Kit types.
//!
//! What is sent is our JSON itself: the crate's types may lose a field that is newer than they
//! are. They are the yardstick in tests, and they say where a mistake is when Slack refuses.
use serde_json::Value;
use slack_morphism::prelude::{SlackBlock, SlackView};

/// Where JSON departs from Slack's shape, as a JSON pointer without any content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not in Slack's shape at {0:?}")]
pub struct Misshapen(pub String);

/// Checks a message's blocks.
///
/// # Errors
///
/// [`Misshapen`] at the first block that is unknown or has a field that its kind does not.
pub fn blocks(blocks: &Value) -> Result<(), Misshapen> {
    let typed: Vec<SlackBlock> =
        serde_json::from_value(blocks.clone()).map_err(|_| Misshapen(String::new()))?;
    all_known(&typed, "")?;
    same(blocks, &typed)
}

/// Checks a modal or an App Home.
///
/// # Errors
///
/// [`Misshapen`] as for [`blocks`].
pub fn view(view: &Value) -> Result<(), Misshapen> {
    let typed: SlackView =
        serde_json::from_value(view.clone()).map_err(|_| Misshapen(String::new()))?;
    let blocks = match &typed {
        SlackView::Home(home) => &home.blocks,
        SlackView::Modal(modal) => &modal.blocks,
    };
    all_known(blocks, "/blocks")?;
    same(view, &typed)
}

/// Refuses what the crate keeps as it is because it fits no type of its own.
fn all_known(blocks: &[SlackBlock], at: &str) -> Result<(), Misshapen> {
    let unknown = blocks.iter().position(|block| matches!(block, SlackBlock::Unknown(_)));
    unknown.map_or(Ok(()), |index| Err(Misshapen(format!("{at}/{index}"))))
}

/// Refuses fields that the types do not have: most are misspelt.
fn same(ours: &Value, typed: &impl serde::Serialize) -> Result<(), Misshapen> {
    let theirs = serde_json::to_value(typed).map_err(|_| Misshapen(String::new()))?;
    lost(ours, &theirs, "").map_or(Ok(()), |at| Err(Misshapen(at)))
}

/// The first place where `ours` has something that `theirs` has not.
fn lost(ours: &Value, theirs: &Value, at: &str) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => ours.iter().find_map(|(key, value)| {
            let at = format!("{at}/{key}");
            match theirs.get(key) {
                Some(kept) => lost(value, kept, &at),
                // The types leave out what is null or an empty text.
                None if value.is_null() || value == "" => None,
                None => Some(at),
            }
        }),
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => ours
            .iter()
            .zip(theirs)
            .enumerate()
            .find_map(|(index, (ours, theirs))| lost(ours, theirs, &format!("{at}/{index}"))),
        _ if ours == theirs => None,
        _ => Some(at.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Everything that our messages and forms use and that a type could lose.
    fn form() -> Value {
        json!({
            "type": "modal",
            "callback_id": "request",
            "private_metadata": "0190",
            "title": {"type": "plain_text", "text": "Request access"},
            "submit": {"type": "plain_text", "text": "Next"},
            "close": {"type": "plain_text", "text": "Cancel"},
            "clear_on_close": false,
            "notify_on_close": true,
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "What", "emoji": false}},
                {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "*x*", "verbatim": true},
                 "fields": [{"type": "mrkdwn", "text": "a"}, {"type": "plain_text", "text": "b"}],
                 "accessory": {"type": "overflow", "action_id": "o",
                   "options": [{"text": {"type": "plain_text", "text": "Details"}, "value": "d"}]}},
                {"type": "input", "block_id": "resources", "optional": true, "dispatch_action": true,
                 "label": {"type": "plain_text", "text": "Resources"},
                 "hint": {"type": "plain_text", "text": "Type to search"},
                 "element": {"type": "multi_external_select", "action_id": "resources", "min_query_length": 0,
                   "focus_on_load": true, "max_selected_items": 100,
                   "placeholder": {"type": "plain_text", "text": "Search"},
                   "initial_options": [{"text": {"type": "plain_text", "text": "payments"}, "value": "pg/payments",
                      "description": {"type": "plain_text", "text": "database"}}]}},
                {"type": "input", "block_id": "why", "dispatch_action": true,
                 "label": {"type": "plain_text", "text": "Why"},
                 "element": {"type": "plain_text_input", "action_id": "why", "multiline": true,
                   "min_length": 1, "max_length": 3000, "initial_value": "because",
                   "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}},
                {"type": "input", "block_id": "for", "label": {"type": "plain_text", "text": "For"},
                 "element": {"type": "radio_buttons", "action_id": "for",
                   "options": [{"text": {"type": "plain_text", "text": "1 h"}, "value": "1h"}],
                   "initial_option": {"text": {"type": "plain_text", "text": "1 h"}, "value": "1h"}}},
                {"type": "actions", "elements": [
                    {"type": "button", "action_id": "ok", "style": "primary", "value": "AR-1",
                     "text": {"type": "plain_text", "text": "Approve", "emoji": true},
                     "accessibility_label": "Approve AR-1",
                     "confirm": {"title": {"type": "plain_text", "text": "Sure?"},
                       "text": {"type": "plain_text", "text": "Really"}, "style": "danger",
                       "confirm": {"type": "plain_text", "text": "Yes"}, "deny": {"type": "plain_text", "text": "No"}}},
                    {"type": "static_select", "action_id": "pick",
                     "option_groups": [{"label": {"type": "plain_text", "text": "g"},
                       "options": [{"text": {"type": "plain_text", "text": "x"}, "value": "x"}]}]}]},
                {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [
                    {"type": "text", "text": "INC-42 <!channel>", "style": {"italic": true}}]}]},
                {"type": "divider"},
                {"type": "context", "elements": [{"type": "mrkdwn", "text": "<!date^1^{date_num} {time}^x>"}]}
            ]
        })
    }

    #[test]
    fn the_types_keep_all_that_our_forms_use() {
        assert_eq!(view(&form()), Ok(()));
        assert_eq!(blocks(form().get("blocks").unwrap()), Ok(()));
    }

    #[test]
    fn a_misspelt_field_an_unknown_block_and_a_wrong_kind_are_found() {
        let section = |extra: Value| {
            let mut block = json!({"type": "section", "text": {"type": "mrkdwn", "text": "x"}});
            block.as_object_mut().unwrap().append(&mut extra.as_object().unwrap().clone());
            json!([{"type": "divider"}, block])
        };

        let misspelt = blocks(&section(json!({"block": "x"})));
        let wrong = blocks(&section(json!({"fields": "x"})));
        let unknown = blocks(&json!([{"type": "sektion"}]));

        assert_eq!(misspelt, Err(Misshapen("/1/block".into())));
        assert_eq!(wrong, Err(Misshapen("/1".into())));
        assert_eq!(unknown, Err(Misshapen("/0".into())));
        assert!(view(&json!({"type": "modal", "blocks": []})).is_err());
    }
}
