//! What can still be sent of a message that is more than Slack takes: its sentence and its buttons;
//! and of a modal: what fits.
//!
//! A message that Slack refuses is worse than a short one: nobody could approve what nobody is
//! asked. The short one says that it is short, and its buttons lead to the whole.
use super::limits::shorten;
use super::{slack_limits, texts};
use crate::domain::language::Language;
use serde_json::{Value, json};

/// Longest sentence that is kept, in characters.
const SENTENCE_CHARS: usize = 2_000;
/// Most parts of a modal that are kept: one more says that it is not whole.
const MOST_PARTS: usize = 99;
/// Most bytes of a modal's parts that are kept; what stands around them takes the rest.
const MOST_BYTES: usize = slack_limits::VIEW_BYTES - 20 * 1024;

/// The message that was laid out as `laid_out`, reduced.
pub fn message(language: Language, laid_out: &Value) -> Value {
    let says_so = texts::say(language, "reduced-message", []);
    let sentence = sentence(laid_out).unwrap_or_else(|| says_so.clone());
    let mut blocks = vec![
        json!({ "type": "section", "text": { "type": "mrkdwn", "text": sentence } }),
        json!({ "type": "context", "elements": [
            { "type": "plain_text", "text": says_so, "emoji": false }
        ] }),
    ];
    let laid_out = laid_out.get("blocks").and_then(Value::as_array);
    let actions = laid_out.into_iter().flatten().filter(|block| is_good_actions(block));
    blocks.extend(actions.cloned());
    json!({ "text": sentence, "blocks": blocks })
}

/// The modal that was laid out as `laid_out`, without the parts that are too much by themselves and,
/// where it is still too much, without the last ones that nobody can press or fill. Its first line
/// says how many parts are missing and where they are.
pub fn view(language: Language, mut laid_out: Value) -> Value {
    let blocks = laid_out.get_mut("blocks").map(Value::take).unwrap_or_default();
    let Value::Array(blocks) = blocks else { return notice(language) };
    let all = blocks.len();
    let mut kept: Vec<Value> = blocks.into_iter().filter(is_good_part).collect();
    let mut bytes: usize = kept.iter().map(|block| block.to_string().len()).sum();
    while kept.len() > MOST_PARTS || bytes > MOST_BYTES {
        let Some(last) = kept.iter().rposition(|block| !is_used(block)) else { break };
        bytes -= kept.remove(last).to_string().len();
    }
    let count = (all - kept.len()).into();
    let says_so = texts::say(language, "reduced-view", [("count", count)]);
    let text = json!({ "type": "plain_text", "text": says_so, "emoji": false });
    kept.insert(0, json!({ "type": "section", "text": text }));
    if let Some(view) = laid_out.as_object_mut() {
        view.insert("blocks".to_owned(), kept.into());
    }
    laid_out
}

/// Whether a part of a modal is within the limits by itself.
fn is_good_part(block: &Value) -> bool {
    let title = json!({ "type": "plain_text", "text": "Hallpass" });
    let alone = json!({ "type": "modal", "title": title, "submit": title, "blocks": [block] });
    slack_limits::laid_out(&alone, 0).is_empty()
}

/// Whether people press or fill a part of a modal.
fn is_used(block: &Value) -> bool {
    let kind = block.get("type").and_then(Value::as_str);
    matches!(kind, Some("actions" | "input")) || block.get("accessory").is_some()
}

/// A modal without a template, for where not even a notice can be laid out: nobody is left with a
/// form that closed and said nothing.
pub fn notice(language: Language) -> Value {
    let cannot_show = texts::say(language, "reduced-notice", []);
    let close = texts::say(language, "reduced-close", []);
    let text = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    json!({
        "type": "modal", "callback_id": "notice",
        "title": text("Hallpass"), "close": text(&close),
        "blocks": [{ "type": "section", "text": text(&cannot_show) }],
    })
}

/// A Home without a template: what can be done all the same.
pub fn home(language: Language) -> Value {
    let cannot_show = texts::say(language, "reduced-home", []);
    let text = json!({ "type": "plain_text", "text": cannot_show, "emoji": false });
    json!({ "type": "home", "blocks": [{ "type": "section", "text": text }] })
}

/// The sentence of its notification, which has no markup but what is escaped.
fn sentence(laid_out: &Value) -> Option<String> {
    let text = laid_out.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() {
        return None;
    }
    // Escapes are whole only in the whole text: shortened as people read it, then escaped again.
    let read = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let mut sentence = super::templates::mrkdwn_text(&shorten(&read, SENTENCE_CHARS));
    if sentence.chars().count() > 3_000 {
        sentence = super::templates::mrkdwn_text(&shorten(&read, SENTENCE_CHARS / 4));
    }
    Some(sentence)
}

fn is_good_actions(block: &Value) -> bool {
    block.get("type").is_some_and(|kind| kind == "actions")
        && slack_limits::message(&json!([block])).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says_so(language: Language) -> String {
        texts::say(language, "reduced-message", [])
    }

    #[test]
    fn the_sentence_and_the_buttons_of_a_message_that_is_too_long_are_kept() {
        let button = json!({ "type": "button", "action_id": "approve", "value": "AR-1",
            "text": { "type": "plain_text", "text": "Approve" } });
        let mut broken = button.clone();
        broken["value"] = "x".repeat(2_001).into();
        let laid_out = json!({
            "text": format!("Ana &lt;asks&gt; {}", "&amp;".repeat(5_000)),
            "blocks": [
                { "type": "section", "text": { "type": "mrkdwn", "text": "x".repeat(9_000) } },
                { "type": "actions", "elements": [button] },
                { "type": "actions", "elements": [broken] },
            ],
        });

        let reduced = message(Language::English, &laid_out);

        assert_eq!(slack_limits::laid_out(&reduced, usize::MAX), vec![]);
        assert!(reduced["text"].as_str().unwrap().starts_with("Ana &lt;asks&gt; &amp;&amp;"));
        assert_eq!(reduced["blocks"].as_array().unwrap().len(), 3);
        assert_eq!(reduced["blocks"][1]["elements"][0]["text"], says_so(Language::English));
        assert_eq!(reduced["blocks"][2]["elements"][0]["action_id"], "approve");
    }

    #[test]
    fn of_a_modal_that_is_too_much_what_fits_is_kept_with_everything_that_is_pressed_or_filled() {
        let text = |text: &str| json!({ "type": "plain_text", "text": text });
        let line = |words: &str| json!({ "type": "section", "text": text(words) });
        let button = json!({ "type": "button", "action_id": "next", "text": text("Next") });
        let field = json!({ "type": "plain_text_input", "action_id": "why" });
        let mut blocks = vec![line("The first"), line(&"x".repeat(3_001))];
        blocks.extend((0..120).map(|n| line(&format!("{n} {}", "y".repeat(2_900)))));
        blocks.push(json!({ "type": "actions", "elements": [button] }));
        let input =
            json!({ "type": "input", "block_id": "why", "label": text("Why"), "element": field });
        blocks.push(input.clone());
        let laid_out = json!({ "type": "modal", "callback_id": "form", "private_metadata": "d1",
            "title": text("A form"), "submit": text("Send"), "blocks": blocks });

        let reduced = view(Language::English, laid_out);

        let bytes = reduced.to_string().len();
        assert_eq!(slack_limits::laid_out(&reduced, bytes), vec![]);
        assert!(bytes < slack_limits::VIEW_BYTES, "{bytes}");
        let kept = reduced["blocks"].as_array().unwrap();
        assert_eq!(kept[1]["text"]["text"], "The first");
        assert_eq!(kept.last(), Some(&input));
        assert_eq!(kept[kept.len() - 2]["elements"][0]["action_id"], "next");
        let left_out = 124 + 1 - kept.len();
        let says_so = kept[0]["text"]["text"].as_str().unwrap();
        assert!(says_so.contains(&left_out.to_string()), "{left_out}: {says_so}");
        assert_eq!(reduced["private_metadata"], "d1");
    }

    #[test]
    fn the_notice_without_a_template_is_within_the_limits() {
        for language in [Language::English, Language::German] {
            assert_eq!(slack_limits::laid_out(&notice(language), usize::MAX), vec![]);
            assert_eq!(slack_limits::laid_out(&home(language), usize::MAX), vec![]);
        }
    }

    #[test]
    fn a_message_without_a_sentence_still_says_something() {
        let reduced = message(Language::German, &json!({ "blocks": [] }));

        assert_eq!(reduced["text"], says_so(Language::German));
        assert_eq!(slack_limits::laid_out(&reduced, usize::MAX), vec![]);
    }
}
