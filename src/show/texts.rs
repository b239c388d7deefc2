//! The catalogue of texts: every sentence that people read, once in each language.
//!
//! `texts/<language>/*.ftl` hold them in Fluent's notation, a file for each subject, all of a
//! language's files read as one. A text has a key and takes named values; what depends on a number
//! or a kind (`1 thing`, `3 things`) is a selector in the text, never code. Values are put in as
//! they are: the channel's template escapes the finished text.
//!
//! ```text
//! ask-why-you = You are asked because this flow is approved by { $plan }.
//! count-things = { $count ->
//!     [one] 1 thing
//!    *[other] { $count } things
//! }
//! ```
//!
//! A key or a value that is missing stops a debug build, so tests find it. A release says it in
//! English, and in the log.
use crate::domain::language::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentError, FluentResource};
use rust_embed::Embed;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// A value for a text: a text or a number. Made with `.into()`.
pub use fluent_bundle::FluentValue as Value;

type Bundle = FluentBundle<FluentResource>;

#[derive(Embed)]
#[folder = "texts"]
struct Files;

/// What one language's files hold, and what is wrong in them.
struct Texts {
    bundle: Bundle,
    mistakes: Vec<String>,
}

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| read(Language::English));
static GERMAN: LazyLock<Texts> = LazyLock::new(|| read(Language::German));

/// The text `key` in `language`, with these values in it.
pub fn say<const N: usize>(
    language: Language,
    key: &str,
    values: [(&'static str, Value<'_>); N],
) -> String {
    say_with(language, key, &FluentArgs::from_iter(values))
}

/// The text `key` in `language`, for callers that learn the values' names at run time.
pub(super) fn say_with(language: Language, key: &str, values: &FluentArgs<'_>) -> String {
    let wrong = match worded(language, key, values) {
        Ok(text) => return text,
        Err(wrong) => wrong,
    };
    tracing::error!(key, language = language.tag(), wrong, "a text cannot be said");
    debug_assert!(false, "the text {key} cannot be said in {}: {wrong}", language.tag());
    worded(Language::English, key, values).unwrap_or_else(|_| key.to_owned())
}

/// What is wrong with the files of `language`: unreadable places, keys that are there twice.
pub fn mistakes(language: Language) -> &'static [String] {
    &texts(language).mistakes
}

fn texts(language: Language) -> &'static Texts {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

fn worded(language: Language, key: &str, values: &FluentArgs<'_>) -> Result<String, String> {
    let bundle = &texts(language).bundle;
    let text = bundle.get_message(key).and_then(|message| message.value());
    let text = text.ok_or("there is no such text")?;
    let mut wrong: Vec<FluentError> = Vec::new();
    let worded = bundle.format_pattern(text, Some(values), &mut wrong);
    match wrong.first() {
        None => Ok(worded.into_owned()),
        Some(wrong) => Err(wrong.to_string()),
    }
}

fn read(language: Language) -> Texts {
    // Chooses the forms of plurals; what it falls back to knows one form.
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    // What people write keeps its own direction marks out (`one_line`); ours need none.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| grouped(value, ','),
        Language::German => |value, _| grouped(value, '.'),
    }));
    let mut mistakes = Vec::new();
    let folder = format!("{}/", language.tag());
    for path in Files::iter().filter(|path| path.starts_with(&folder)) {
        let file = Files::get(&path).map(|file| file.data.into_owned()).unwrap_or_default();
        let text = String::from_utf8_lossy(&file).into_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(readable, wrong)| {
            mistakes.extend(wrong.iter().map(|wrong| format!("{path}: {wrong}")));
            readable
        });
        if let Err(wrong) = bundle.add_resource(resource) {
            mistakes.extend(wrong.iter().map(|wrong| format!("{path}: {wrong}")));
        }
    }
    Texts { bundle, mistakes }
}

/// A whole number as people write it: `1,000` or `1.000`.
fn grouped(value: &Value<'_>, mark: char) -> Option<String> {
    let Value::Number(FluentNumber { value, .. }) = value else { return None };
    let digits = format!("{value:.0}");
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.chars().count() - place;
        if place > 0 && left.is_multiple_of(3) && !out.ends_with('-') {
            out.push(mark);
        }
        out.push(digit);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_every_language_are_read_whole() {
        for language in Language::ALL {
            assert_eq!(mistakes(language), [] as [String; 0], "{}", language.tag());
        }
    }

    #[test]
    fn numbers_choose_their_form_and_are_grouped_as_the_language_does() {
        let said =
            |language, count: usize| say(language, "count-things", [("count", count.into())]);

        assert_eq!(said(Language::English, 0), "0 things");
        assert_eq!(said(Language::English, 1), "1 thing");
        assert_eq!(said(Language::English, 1_234_567), "1,234,567 things");
        assert_eq!(said(Language::German, 1), "1 Sache");
        assert_eq!(said(Language::German, 1000), "1.000 Sachen");
    }

    #[test]
    fn a_value_is_put_in_as_it_is() {
        let hostile = "{ $plan } \u{7} <!channel> \"} -> *[other]";

        let said = say(Language::German, "ask-why-you", [("plan", hostile.into())]);

        assert!(said.contains(hostile), "{said}");
    }
}
