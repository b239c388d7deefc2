//! Laying pages out: one registry for each language, strict, everything escaped for HTML.
use crate::domain::language::Language;
use crate::show::templates::{Say, ShowError};
use handlebars::Handlebars;
use rust_embed::Embed;
use serde::Serialize;
use std::sync::LazyLock;

#[derive(Embed)]
#[folder = "blocks/pages"]
struct PageTemplates;

type Registry = Result<Handlebars<'static>, String>;

static ENGLISH: LazyLock<Registry> = LazyLock::new(|| registry(Language::English));
static GERMAN: LazyLock<Registry> = LazyLock::new(|| registry(Language::German));

fn registry(language: Language) -> Registry {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(escaped);
    registry.register_helper("t", Box::new(Say(language)));
    for file in PageTemplates::iter() {
        let Some(name) = file.strip_suffix(".html.hbs") else { continue };
        let text = PageTemplates::get(&file).map(|file| file.data.into_owned());
        let text = String::from_utf8(text.unwrap_or_default()).map_err(|e| e.to_string())?;
        registry.register_template_string(name, text).map_err(|e| format!("{name}: {e}"))?;
    }
    Ok(registry)
}

/// Lays `model` out as a page with the template `name`, its own words in `language`.
///
/// # Errors
///
/// [`ShowError`] when they do not fit; a test renders every sample, so this is a defect of ours.
pub fn html<M: Serialize>(language: Language, name: &str, model: &M) -> Result<String, ShowError> {
    let registry = match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    };
    let registry = registry.as_ref().map_err(|error| ShowError::Templates(error.clone()))?;
    Ok(registry.render(name, model).map_err(Box::new)?)
}

/// The one style sheet.
pub fn style() -> Vec<u8> {
    PageTemplates::get("style.css").map(|file| file.data.into_owned()).unwrap_or_default()
}

/// The icon.
pub fn icon() -> Vec<u8> {
    PageTemplates::get("icon.svg").map(|file| file.data.into_owned()).unwrap_or_default()
}

/// Text as HTML shows it, in a text or in an attribute. What HTML forbids is shown as what stands
/// for it.
fn escaped(text: &str) -> String {
    let seen: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect();
    handlebars::html_escape(&seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_read_as_markup() {
        assert_eq!(
            escaped("<a href=\"x\" b='y'>&\u{0}\r\n\r"),
            "&lt;a href&#x3D;&quot;x&quot; b&#x3D;&#x27;y&#x27;&gt;&amp;\u{fffd}\n\u{fffd}"
        );
        assert!(style().starts_with(b"/*"));
    }
}
