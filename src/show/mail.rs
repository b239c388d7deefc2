//! Laying messages out as mail: a subject, a text and an HTML part from the same models as in chat.
//!
//! A registry each for subjects, texts and HTML, and for each language, all strict, each with the
//! escape of its place:
//!
//! - subject: one line; line breaks and other controls become spaces, so no header follows from it;
//! - text: controls go; `{{quote x}}` begins each line of somebody's words with `> `;
//! - HTML: entities, and nothing that a mail program would make a link of: `{{words x}}` keeps line
//!   breaks too. The only links are ours, `href="{{href link}}"`.
use super::cards::Card;
use super::limits::{one_line, shorten};
use super::templates::{Say, ShowError};
use super::texts;
use crate::domain::language::Language;
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason,
};
use rust_embed::Embed;
use serde::Serialize;
use std::sync::LazyLock;

/// Longest name of what a request is about in a subject, in characters: lists of mails show about
/// as much.
const SUBJECT_ITEM_CHARS: usize = 70;
/// The line before a footer.
const FOOTER: &str = "-- ";
/// Longest subject, in characters.
const SUBJECT_CHARS: usize = 150;

#[derive(Embed)]
#[folder = "blocks/email"]
struct MailTemplates;

/// A message as mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// Its subject, on one line.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// What a template sees: the message's model, and what a mail has beside it.
#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    card: &'a Card,
    /// The language's tag.
    lang: &'static str,
    /// What it is about, in a few words; the same in all mails about one request.
    what: String,
    /// Its page, where it has one.
    link: Option<&'a str>,
}

/// What the mail with a code to sign in shows.
#[derive(Serialize)]
struct CodeView<'a> {
    lang: &'static str,
    /// The six digits.
    code: &'a str,
    /// How long it is good.
    minutes: i64,
}

/// The parts of a mail.
#[derive(Debug, Clone, Copy)]
enum Part {
    Subject,
    Text,
    Html,
}

type Registry = Result<Handlebars<'static>, String>;

/// The registries of one language.
struct Registries {
    subject: Registry,
    text: Registry,
    html: Registry,
}

static ENGLISH: LazyLock<Registries> = LazyLock::new(|| Registries::of(Language::English));
static GERMAN: LazyLock<Registries> = LazyLock::new(|| Registries::of(Language::German));

/// Lays a message out as mail, with the page behind it at `link`.
///
/// # Errors
///
/// [`ShowError`] when model and template do not fit; a test renders every sample, so this is a defect
/// of ours.
pub fn lay_out(language: Language, card: &Card, link: Option<&str>) -> Result<Laid, ShowError> {
    let view = View { card, lang: language.tag(), what: what(language, card), link };
    rendered(language, card.template(), &view)
}

/// Lays out the mail with a code that is good for some minutes.
///
/// # Errors
///
/// [`ShowError`] as for [`lay_out`].
pub fn lay_out_code(language: Language, code: &str, minutes: i64) -> Result<Laid, ShowError> {
    rendered(language, "code", &CodeView { lang: language.tag(), code, minutes })
}

fn rendered<V: Serialize>(language: Language, template: &str, view: &V) -> Result<Laid, ShowError> {
    let registries = match language {
        Language::English => &*ENGLISH,
        Language::German => &*GERMAN,
    };
    let render = |registry: &Registry| {
        let registry = registry.as_ref().map_err(|error| ShowError::Templates(error.clone()))?;
        Ok::<_, ShowError>(registry.render(template, view).map_err(Box::new)?)
    };
    Ok(Laid {
        subject: one_line(&render(&registries.subject)?, SUBJECT_CHARS),
        text: tidy(&render(&registries.text)?),
        html: render(&registries.html)?,
    })
}

/// The first thing that it is about, and how many more there are.
fn what(language: Language, card: &Card) -> String {
    let items = card.items();
    let Some(first) = items.first() else { return String::new() };
    let first = shorten(first, SUBJECT_ITEM_CHARS);
    match items.len() - 1 {
        0 => first,
        more => texts::say(
            language,
            "mail-what-more",
            [("first", first.into()), ("count", more.into())],
        ),
    }
}

impl Registries {
    fn of(language: Language) -> Self {
        let registry = |part| registry(language, part);
        Self {
            subject: registry(Part::Subject),
            text: registry(Part::Text),
            html: registry(Part::Html),
        }
    }
}

fn registry(language: Language, part: Part) -> Registry {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_helper("t", Box::new(Say(language)));
    let ending = match part {
        Part::Subject => {
            registry.register_escape_fn(plain_line);
            ".subject.hbs"
        }
        Part::Text => {
            registry.register_escape_fn(plain);
            registry.register_helper("quote", Box::new(quote));
            ".txt.hbs"
        }
        Part::Html => {
            registry.register_escape_fn(html);
            registry.register_helper("words", Box::new(words));
            registry.register_helper("href", Box::new(href));
            ".html.hbs"
        }
    };
    for file in MailTemplates::iter() {
        let Some(name) = file.strip_suffix(ending) else { continue };
        let text = MailTemplates::get(&file).map(|file| file.data.into_owned());
        let text = String::from_utf8(text.unwrap_or_default()).map_err(|e| e.to_string())?;
        registry.register_template_string(name, text).map_err(|e| e.to_string())?;
    }
    Ok(registry)
}

/// Text on one line.
fn plain_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text without controls but line breaks.
fn plain(text: &str) -> String {
    let breaks = text.replace("\r\n", "\n").replace('\r', "\n");
    let breaks = breaks.replace('\t', " ");
    breaks.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Text in which HTML finds no markup, and a mail program nothing to make a link of: what joins the
/// parts of an address stands in an element of its own.
fn html(text: &str) -> String {
    let text = plain(text).replace('\n', " ");
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (at, c) in chars.iter().enumerate() {
        let next = chars.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        let joins = match c {
            '.' | '@' => is_word(before) && is_word(next),
            ':' => {
                is_word(before)
                    && next.is_some_and(|next| !next.is_whitespace() && !next.is_ascii_digit())
            }
            _ => false,
        };
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if joins => {
                out.push_str("<span>");
                out.push(*c);
                out.push_str("</span>");
            }
            c => out.push(*c),
        }
    }
    out
}

/// `{{quote x}}`: somebody's words in plain text, marked on every line.
fn quote(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    for line in plain(param(helper, "quote")?).lines() {
        out.write(&format!("> {line}\n"))?;
    }
    Ok(())
}

/// `{{words x}}`: somebody's words in HTML, with their line breaks.
fn words(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = plain(param(helper, "words")?);
    let lines: Vec<String> = text.lines().map(html).collect();
    out.write(&lines.join("<br>"))?;
    Ok(())
}

/// `{{href x}}`: an address of ours inside an attribute.
fn href(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    out.write(&handlebars::html_escape(param(helper, "href")?))?;
    Ok(())
}

fn param<'a>(helper: &'a Helper<'_>, name: &'static str) -> Result<&'a str, RenderErrorReason> {
    let text = helper.param(0).and_then(|param| param.value().as_str());
    text.ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))
}

/// Plain text as a person would leave it: no spaces at ends of lines, one empty line between parts.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_gap = false;
    for line in text.trim().lines() {
        // What follows is the footer: mail programs know it by the space behind its dashes.
        let line = if line == FOOTER { line } else { line.trim_end() };
        match line.is_empty() {
            true => is_gap = true,
            false => {
                if std::mem::take(&mut is_gap) {
                    out.push('\n');
                }
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_somebodys_words_becomes_a_link_or_markup_in_html() {
        for (text, shown) in [
            ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;"),
            ("https://evil.example", "https<span>:</span>//evil<span>.</span>example"),
            ("a@b.example", "a<span>@</span>b<span>.</span>example"),
            ("INC-42: at 14:30. Done.", "INC-42: at 14:30. Done."),
            ("a\r\nb\u{0}c", "a bc"),
        ] {
            assert_eq!(html(text), shown);
        }
    }

    #[test]
    fn plain_text_is_left_tidy() {
        assert_eq!(tidy("\n a \n\n\n\nb  \nc\n> \n\n-- \nd\n"), "a\n\nb\nc\n>\n\n-- \nd\n");
        assert_eq!(plain("a\r\nb\rc\u{0}\u{7}d\n"), "a\nb\ncd\n");
    }
}
