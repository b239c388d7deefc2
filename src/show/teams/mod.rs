//! Laying messages and dialogs out as Adaptive Cards: one registry for each language, strict.
//!
//! `{{x}}` is escaped for a JSON string and belongs in text runs, titles of buttons and values, which
//! are literal. Where Teams reads Markdown (text blocks, facts, labels of boxes to tick), a template
//! writes `{{md x}}`; what stands in a field to type into is `{{field x}}`. `{{#each (lines x)}}` gives
//! the lines of somebody's words, `{{date when}}` a time that each reader sees in their own zone. Every
//! template makes a title and a card:
//!
//! ```text
//! { "title": "for the notification, or at the dialog's top", "card": { "type": "AdaptiveCard", … } }
//! ```
//!
//! Cards are written for messages. In a dialog every button sends the dialog back to us, so
//! [`Laid::for_dialog`] takes out what messages alone have.
mod literal;
pub mod samples;
mod tidy;

use super::cards::Ask;
use super::forms::{DecideForm, Notice};
use super::pages::form::ChoosePage;
use super::pages::lists::ListPage;
use super::templates::{Say, ShowError, json_string};
use super::{ending, texts};
use crate::domain::language::Language;
use handlebars::Handlebars;
use rust_embed::Embed;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use tidy::{submits, tidy};

/// Most bytes of a card: a message of Teams holds 100 KB with everything around it.
pub const CARD_BYTES: usize = 80_000;
/// Longest title of a notification or a dialog, in characters.
const TITLE_CHARS: usize = 200;

#[derive(Embed)]
#[folder = "blocks/teams"]
struct TeamsTemplates;

type Registry = Result<Handlebars<'static>, String>;

static ENGLISH: LazyLock<Registry> = LazyLock::new(|| registry(Language::English));
static GERMAN: LazyLock<Registry> = LazyLock::new(|| registry(Language::German));

/// A card and its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// What the notification says, or what stands at the dialog's top.
    pub title: String,
    /// The Adaptive Card.
    pub card: Value,
}

/// A question to approvers in a channel: facts for all, refreshed for those who may decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelAsk<'a> {
    /// The question.
    pub ask: &'a Ask,
    /// For whom the card fetches a view of their own, by Teams' ids.
    pub refreshes: Vec<String>,
}

/// Most people for whom a card fetches views of their own: Teams' limit.
pub const REFRESHES: usize = 60;

/// The first step of the form, and what the last press did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choose {
    /// The step.
    pub body: ChoosePage,
    /// What is to be said first.
    pub said: Option<String>,
}

/// A list, and what it is filtered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListCard {
    /// The list.
    #[serde(flatten)]
    pub page: ListPage,
    /// The statuses that are ticked, with commas between.
    pub ticked: String,
}

impl From<ListPage> for ListCard {
    fn from(page: ListPage) -> Self {
        let ticked = page.filter.iter().filter(|tick| tick.is_ticked).map(|tick| tick.value);
        Self { ticked: ticked.collect::<Vec<_>>().join(","), page }
    }
}

/// The dialog for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decide {
    /// As on every platform.
    pub form: DecideForm,
    /// The request.
    pub id: String,
    /// `approve` or `reject`.
    pub verdict: &'static str,
    /// How the button looks.
    pub style: &'static str,
    /// The request's version when this was drawn: two presses are one vote.
    pub version: i64,
    /// What stands in the field.
    pub reason: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// The dialog for an early end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct End {
    /// As on every platform.
    pub form: ending::EndForm,
    /// The request.
    pub id: String,
    /// What pressing does.
    pub act: &'static str,
    /// What is wrong with the reason.
    pub wrong: Option<String>,
}

/// A message with a button that opens a dialog.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Opener {
    /// What is said first, smaller.
    pub note: Option<String>,
    /// What it is about.
    pub line: String,
    /// What the button says.
    pub button: String,
    /// What it opens.
    pub act: &'static str,
    /// The request that it is about, or nothing.
    pub id: String,
    /// The form that it opens, or nothing.
    pub draft: String,
    /// The reason that was given already, or nothing.
    pub reason: String,
}

/// What did not work just now, and a button that sends the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retry {
    /// Whose word this is.
    pub title: String,
    /// What happened.
    pub lines: Vec<String>,
    /// What was sent, by name.
    pub fields: BTreeMap<String, String>,
}

fn registry(language: Language) -> Registry {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(|text| json_string(&literal::plain(text)));
    registry.register_helper("t", Box::new(Say(language)));
    literal::register(&mut registry, language);
    for file in TeamsTemplates::iter() {
        let Some(name) = file.strip_suffix(".json.hbs") else { continue };
        let text = TeamsTemplates::get(&file).map(|file| file.data.into_owned());
        let text = String::from_utf8(text.unwrap_or_default()).map_err(|e| e.to_string())?;
        registry.register_template_string(name, text).map_err(|e| format!("{name}: {e}"))?;
    }
    Ok(registry)
}

/// The names of all templates that are something by themselves.
pub fn templates() -> Vec<String> {
    let names = TeamsTemplates::iter();
    let names = names.filter_map(|file| file.strip_suffix(".json.hbs").map(str::to_owned));
    names.filter(|name| !name.starts_with('_')).collect()
}

/// Lays `model` out as a card with the template `name`, its own words in `language`.
///
/// # Errors
///
/// [`ShowError`] when they do not fit; a test renders every sample, so this is a defect of ours.
/// [`ShowError::TooMuch`] when Teams would refuse what comes out: who sends says something else.
pub fn lay_out<M: Serialize>(language: Language, name: &str, model: &M) -> Result<Laid, ShowError> {
    let registry = match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    };
    let registry = registry.as_ref().map_err(|error| ShowError::Templates(error.clone()))?;
    let text = registry.render(name, model).map_err(Box::new)?;
    let mut laid: Value = serde_json::from_str(&text)
        .map_err(|source| ShowError::NotJson { name: name.to_owned(), source })?;
    if text.len() > CARD_BYTES {
        let what = format!("{} bytes of {CARD_BYTES}", text.len());
        return Err(ShowError::TooMuch { name: name.to_owned(), what });
    }
    let title = laid.get("title").and_then(Value::as_str).unwrap_or_default();
    let title = super::limits::one_line(title, TITLE_CHARS);
    let mut card = laid.get_mut("card").map(Value::take).unwrap_or_default();
    tidy(&mut card);
    Ok(Laid { title, card })
}

/// What can be sent of a message that is [`ShowError::TooMuch`]: its sentence, and the way to all of it.
pub fn reduced(language: Language, summary: &str, id: Option<&str>) -> Laid {
    let says_so = texts::say(language, "reduced-message", []);
    let mut body = vec![text_block(summary), text_block(&says_so)];
    if let Some(id) = id {
        let title = texts::say(language, "button-details", []);
        let data = json!({ "msteams": { "type": "task/fetch" }, "do": "details", "id": id });
        let button = json!({ "type": "Action.Submit", "title": title, "data": data });
        body.push(json!({ "type": "ActionSet", "actions": [button] }));
    }
    Laid { title: super::limits::one_line(summary, TITLE_CHARS), card: card(body) }
}

/// A notice that needs no template, for when templates fail.
pub fn bare(notice: &Notice) -> Laid {
    let body = notice.lines.iter().map(|text| text_block(text)).collect();
    Laid { title: notice.title.clone(), card: card(body) }
}

/// Words that are drawn as they are.
fn text_block(text: &str) -> Value {
    let run = json!({ "type": "TextRun", "text": literal::plain(text) });
    json!({ "type": "RichTextBlock", "inlines": [run] })
}

fn card(body: Vec<Value>) -> Value {
    json!({ "type": "AdaptiveCard", "version": "1.5", "body": body })
}

impl Laid {
    /// The same in a dialog: its buttons send what is in it.
    #[must_use]
    pub fn for_dialog(mut self) -> Self {
        submits(&mut self.card);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::samples::{HOSTILE, Texts};
    use std::collections::BTreeSet;

    fn actions<'a>(part: &'a Value, found: &mut Vec<&'a Value>) {
        match part {
            Value::Array(parts) => parts.iter().for_each(|part| actions(part, found)),
            Value::Object(fields) => {
                if fields.get("type").is_some_and(|t| t.as_str().unwrap().starts_with("Action.")) {
                    found.push(part);
                }
                let shown = fields.iter().filter(|(name, _)| *name != "refresh");
                shown.for_each(|(_, part)| actions(part, found));
            }
            _ => {}
        }
    }

    #[test]
    fn every_card_is_laid_out_with_texts_of_every_kind() {
        let long = "&<>\"\u{1f512}é ".repeat(800);
        let mut all =
            vec![Texts { name: "", words: "INC-42" }, Texts { name: &long, words: &long }];
        all.extend(HOSTILE.iter().map(|text| Texts { name: text, words: text }));
        let mut seen = BTreeSet::new();
        for (texts, language) in all.iter().flat_map(|one| Language::ALL.map(|l| (*one, l))) {
            for (template, laid) in samples::laid_out(language, texts) {
                seen.insert(template.to_owned());
                let laid = match laid {
                    // Nothing shortens a credential: the dialog says so instead.
                    Err(ShowError::TooMuch { name, .. }) if name == "connect" => continue,
                    laid => laid.unwrap().0,
                };
                assert_eq!(laid.card["type"], "AdaptiveCard", "{template}");
                assert!(!laid.title.is_empty() && !laid.title.contains('\n'), "{template}");
            }
        }
        assert_eq!(seen, templates().into_iter().collect());
    }

    #[test]
    fn every_button_says_what_it_does_and_a_dialogs_buttons_all_come_back() {
        let texts = Texts { name: "", words: "INC-42" };
        for (template, laid) in samples::laid_out(Language::English, texts) {
            let (message, dialog) = laid.unwrap();
            let (mut found, mut sent) = (Vec::new(), Vec::new());
            actions(&message.card, &mut found);
            actions(&dialog.card, &mut sent);
            assert_eq!(found.len(), sent.len(), "{template}");
            for action in &found {
                assert!(action["data"]["do"].is_string(), "{template}: {action}");
                assert!(action["title"].as_str().is_some_and(|t| !t.is_empty()), "{template}");
            }
            for action in sent {
                assert_eq!(action["type"], "Action.Submit", "{template}");
                assert!(action["data"].get("msteams").is_none(), "{template}");
            }
        }
    }
}
