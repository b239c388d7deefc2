//! What Teams draws of a card: where it reads Markdown, where it does not, and what people see then.
use super::World;
use serde_json::Value;

/// Cannot be seen; it keeps apart what Teams would take together.
const APART: char = '\u{2060}';

/// Fails where Teams would read something of a person's as more than text, in everything that it was
/// ever given to show: messages, as they are and as they were, dialogs, views and lists.
pub(crate) fn check_all(world: &World) {
    let (messages, answers) = world.teams().read(|state| {
        let each = |one: &hallpass::demo::teams::Message| {
            one.earlier.iter().chain([&one.activity]).cloned().collect::<Vec<Value>>()
        };
        (state.messages.iter().flat_map(each).collect::<Vec<_>>(), state.answers.clone())
    });
    assert!(!messages.is_empty() && !answers.is_empty());
    for shown in messages.iter().chain(&answers) {
        drawn(shown);
    }
}

/// Every text of a card as people see it, one a line; fails where it holds markup.
pub(crate) fn drawn(card: &Value) -> String {
    let mut seen = Vec::new();
    draw(card, &mut seen);
    seen.join("\n")
}

fn draw(part: &Value, seen: &mut Vec<String>) {
    match part {
        Value::Array(parts) => parts.iter().for_each(|part| draw(part, seen)),
        Value::Object(fields) => {
            let text = |name: &str| fields.get(name).and_then(Value::as_str);
            let kind = text("type").unwrap_or_default();
            match kind {
                "TextBlock" => seen.push(markdown(text("text").unwrap_or_default())),
                "TextRun" => seen.push(plain(text("text").unwrap_or_default())),
                "FactSet" => facts(fields.get("facts"), seen),
                "Input.ChoiceSet" => {
                    // Boxes that stand open are labelled in Markdown; a list that folds is not.
                    let is_open = text("style") == Some("expanded");
                    let read = if is_open { markdown } else { plain };
                    let choices = fields.get("choices").and_then(Value::as_array);
                    let titles = choices.into_iter().flatten();
                    seen.extend(titles.filter_map(|c| c["title"].as_str()).map(read));
                }
                "Input.Text" => seen.extend(text("value").map(str::to_owned)),
                kind if kind.starts_with("Action.") => {
                    seen.extend(text("title").map(plain));
                    return;
                }
                _ => {}
            }
            fields.values().for_each(|inner| draw(inner, seen));
        }
        _ => {}
    }
}

fn facts(facts: Option<&Value>, seen: &mut Vec<String>) {
    for fact in facts.and_then(Value::as_array).into_iter().flatten() {
        seen.push(plain(fact["title"].as_str().unwrap()));
        seen.push(markdown(fact["value"].as_str().unwrap()));
    }
}

/// A text with our own times replaced, as Teams does it everywhere; anything else in their place is
/// somebody's.
fn plain(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, tag)) = rest.split_once("{{") {
        out.push_str(before);
        let (inside, after) = tag.split_once("}}").unwrap_or_else(|| panic!("open: {text}"));
        let at = inside.strip_prefix("DATE(").or(inside.strip_prefix("TIME("));
        let at = at.unwrap_or_else(|| panic!("somebody's words are replaced: {text}"));
        let is_time = at.starts_with("20") && at.chars().all(|c| c.is_ascii() && c != '{');
        assert!(is_time, "{text}");
        out.push_str("(time)");
        rest = after;
    }
    out.push_str(rest);
    out.replace(APART, "")
}

/// What people see of Markdown in which there is no markup; fails where there is some.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    for line in plain(text).split('\n') {
        let rest = line.trim_start();
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_list = digits.len() < rest.len() && digits.starts_with(['.', ')']);
        let is_marked = rest.starts_with(['#', '+', '=', '>']) || rest.starts_with('-');
        assert!(!is_list && !is_marked, "a line is marked: {text}");
        let mut chars = line.chars().peekable();
        let mut before = ' ';
        while let Some(c) = chars.next() {
            let next = chars.peek().copied().unwrap_or(' ');
            if c == '\\' && next.is_ascii_punctuation() {
                out.extend(chars.next());
                before = next;
                continue;
            }
            let is_word = |c: char| c.is_alphanumeric();
            let is_markup = match c {
                '*' | '`' | '[' | ']' | '<' | '>' => true,
                '_' => !(is_word(before) && is_word(next)),
                '~' => next == '~',
                '&' => is_word(next) || next == '#',
                _ => false,
            };
            assert!(!is_markup, "{c} is markup: {text}");
            out.push(c);
            before = c;
        }
        out.push('\n');
    }
    out
}
