//! Laying models out: one handlebars registry a channel and language, strict, with the channel's
//! escape. `{{t "key" name=value}}` says a text of the catalogue in the registry's language; no
//! other words stand in a template.
//!
//! Slack: `{{x}}` is escaped for a JSON string and belongs in `plain_text` and rich text, which are
//! literal. Where Slack reads markup (`mrkdwn`, a message's `text`), a template writes
//! `{{mrkdwn x}}`, which also keeps `& < >` from being read. A test renders every sample, the
//! hostile one included, and looks for markup that came from a person.
use super::{reduced, slack_limits, texts};
use crate::domain::language::Language;
use fluent_bundle::FluentArgs;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson,
};
use rust_embed::Embed;
use serde::Serialize;
use serde_json::Value;
use std::sync::LazyLock;

/// Most places that an error names.
const REPORTED: usize = 5;

#[derive(Embed)]
#[folder = "blocks/slack"]
struct SlackTemplates;

/// A model could not be laid out: the template and the model do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// The template asked for what the model lacks.
    #[error("rendering a template")]
    Render(#[from] Box<RenderError>),
    /// What came out is not JSON.
    #[error("template {name} makes no JSON")]
    NotJson {
        /// Which template.
        name: String,
        /// Where it breaks.
        #[source]
        source: serde_json::Error,
    },
    /// What came out is more than Slack takes.
    #[error("template {name} makes more than Slack takes: {what}")]
    TooMuch {
        /// Which template.
        name: String,
        /// Where and by what, without any content.
        what: String,
    },
    /// The templates themselves could not be read.
    #[error("reading the templates: {0}")]
    Templates(String),
}

type Registry = Result<Handlebars<'static>, String>;

static SLACK_ENGLISH: LazyLock<Registry> = LazyLock::new(|| slack_registry(Language::English));
static SLACK_GERMAN: LazyLock<Registry> = LazyLock::new(|| slack_registry(Language::German));

fn slack_registry(language: Language) -> Registry {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(json_string);
    registry.register_helper("mrkdwn", Box::new(mrkdwn));
    registry.register_helper("t", Box::new(Say(language)));
    for file in SlackTemplates::iter() {
        let Some(name) = file.strip_suffix(".json.hbs") else { continue };
        let text = SlackTemplates::get(&file).map(|file| file.data.into_owned());
        let text = String::from_utf8(text.unwrap_or_default()).map_err(|e| e.to_string())?;
        registry.register_template_string(name, text).map_err(|e| e.to_string())?;
    }
    Ok(registry)
}

/// Lays `model` out as Slack's JSON with the template `name`, its own words in `language`, within
/// Slack's limits.
///
/// # Errors
///
/// [`ShowError`] when they do not fit; a test renders every sample, so this is a defect of ours.
/// [`ShowError::TooMuch`] when Slack would refuse what comes out: who sends says something else.
pub fn slack<M: Serialize>(language: Language, name: &str, model: &M) -> Result<Value, ShowError> {
    let (laid_out, bytes) = lay_out(language, name, model)?;
    within_limits(name, laid_out, bytes)
}

/// What can be sent of a message or a modal that is [`ShowError::TooMuch`]: of a message its sentence
/// and its buttons, of a modal what fits.
///
/// # Errors
///
/// [`ShowError`] when not even these can.
pub fn slack_reduced<M: Serialize>(
    language: Language,
    name: &str,
    model: &M,
) -> Result<Value, ShowError> {
    let (laid_out, _) = lay_out(language, name, model)?;
    let is_modal = laid_out.get("type").is_some_and(|kind| kind == "modal");
    let reduced = match is_modal {
        true => reduced::view(language, laid_out),
        false => reduced::message(language, &laid_out),
    };
    within_limits(name, reduced, usize::MAX)
}

/// The JSON and the bytes of its text, which are at least as many as the JSON needs.
fn lay_out<M: Serialize>(
    language: Language,
    name: &str,
    model: &M,
) -> Result<(Value, usize), ShowError> {
    let registry = match language {
        Language::English => &SLACK_ENGLISH,
        Language::German => &SLACK_GERMAN,
    };
    let registry = registry.as_ref().map_err(|error| ShowError::Templates(error.clone()))?;
    let text = registry.render(name, model).map_err(Box::new)?;
    let laid_out = serde_json::from_str(&text)
        .map_err(|source| ShowError::NotJson { name: name.to_owned(), source })?;
    Ok((laid_out, text.len()))
}

fn within_limits(name: &str, laid_out: Value, bytes: usize) -> Result<Value, ShowError> {
    let found = slack_limits::laid_out(&laid_out, bytes);
    if found.is_empty() {
        return Ok(laid_out);
    }
    let lines: Vec<String> = found.iter().take(REPORTED).map(ToString::to_string).collect();
    Err(ShowError::TooMuch { name: name.to_owned(), what: lines.join(" ") })
}

/// `{{t "key" name=value}}`: a text of the catalogue, escaped for the channel like any other.
pub(super) struct Say(pub(super) Language);

impl HelperDef for Say {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let key = helper.param(0).and_then(|key| key.value().as_str());
        let key = key.ok_or(RenderErrorReason::ParamNotFoundForIndex("t", 0))?;
        let mut values = FluentArgs::new();
        for (name, value) in helper.hash() {
            match value.value() {
                Value::String(text) => values.set(*name, text.as_str()),
                Value::Number(number) => values.set(*name, number.as_f64()),
                _ => {
                    return Err(RenderErrorReason::HashTypeMismatchForName(
                        "t",
                        (*name).to_owned(),
                        "a text or a number".to_owned(),
                    )
                    .into());
                }
            }
        }
        Ok(ScopedJson::Derived(texts::say_with(self.0, key, &values).into()))
    }
}

/// `{{mrkdwn x}}`: text where Slack reads markup.
fn mrkdwn(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = helper.param(0).and_then(|param| param.value().as_str());
    let text = text.ok_or(RenderErrorReason::ParamNotFoundForIndex("mrkdwn", 0))?;
    out.write(&json_string(&entities(text)))?;
    Ok(())
}

/// Text as the inside of a JSON string.
pub(super) fn json_string(text: &str) -> String {
    if text.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\' | 0x7f)) {
        return text.to_owned();
    }
    let quoted = Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// Text in which Slack finds no mention, link or date.
fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What a person wrote, from a text in which Slack escaped it.
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Text of a person for a place where Slack reads markup: nothing in it is read as a mention or link.
pub fn mrkdwn_text(text: &str) -> String {
    entities(text)
}
