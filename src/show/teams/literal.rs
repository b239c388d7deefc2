//! People's words, literal: where Teams reads Markdown, and where it replaces dates.
use crate::domain::language::Language;
use crate::show::limits::turns;
use crate::show::templates::json_string;
use crate::show::texts;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson,
};
use serde_json::Value;

/// Cannot be seen, and keeps what stands at its sides apart.
const APART: char = '\u{2060}';

/// Registers the helpers of the templates.
pub(super) fn register(registry: &mut Handlebars<'static>, language: Language) {
    registry.register_helper("md", Box::new(md));
    registry.register_helper("field", Box::new(field));
    registry.register_helper("lines", Box::new(Lines));
    registry.register_helper("second", Box::new(Second));
    registry.register_helper("date", Box::new(Date(language)));
}

fn text_of<'a>(helper: &'a Helper<'_>, name: &'static str) -> Result<&'a str, RenderError> {
    let text = helper.param(0).and_then(|param| param.value().as_str());
    Ok(text.ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?)
}

/// `{{md x}}`: text where Teams reads Markdown.
fn md(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    out.write(&json_string(&markdown(text_of(helper, "md")?)))?;
    Ok(())
}

/// `{{field x}}`: what stands in a field that is typed into. Teams replaces nothing there, and what was
/// typed comes back as it was.
fn field(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    // An answer that was not given yet is an empty field.
    let text = helper.param(0).and_then(|param| param.value().as_str()).unwrap_or_default();
    out.write(&json_string(text))?;
    Ok(())
}

/// `(lines x)`: the lines of somebody's words, at least one.
struct Lines;

impl HelperDef for Lines {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let text = text_of(helper, "lines")?.replace("\r\n", "\n");
        // Teams shows no empty run; a blank line stays one.
        let line = |line: &str| Value::from(if line.is_empty() { " " } else { line });
        Ok(ScopedJson::Derived(text.split(['\n', '\r']).map(line).collect()))
    }
}

/// `(second x)`: the second word of what another platform's button carries.
struct Second;

impl HelperDef for Second {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let word = text_of(helper, "second")?.split(' ').nth(1).unwrap_or_default();
        Ok(ScopedJson::Derived(word.into()))
    }
}

/// `{{date when}}`: a time in each reader's zone. Teams replaces it where it reads Markdown.
struct Date(Language);

impl HelperDef for Date {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let when = helper.param(0).map(|param| param.value());
        let part = |name: &str| when.and_then(|when| when.get(name)).and_then(Value::as_str);
        let parts = (part("year"), part("month"), part("day"), part("time"));
        let (Some(year), Some(month), Some(day), Some(time)) = parts else {
            return Err(RenderErrorReason::ParamNotFoundForIndex("date", 0).into());
        };
        let at = format!("{year}-{month}-{day}T{time}:00Z");
        let [day, clock] = [format!("{{{{DATE({at},SHORT)}}}}"), format!("{{{{TIME({at})}}}}")];
        let shown = [("day", day.into()), ("clock", clock.into())];
        out.write(&json_string(&texts::say(self.0, "teams-time", shown)))?;
        Ok(())
    }
}

/// Text in which Teams replaces nothing: `{{DATE(…)}}` and `{{TIME(…)}}` are its own everywhere.
/// Controls and direction marks go, but for the ends of lines.
pub(super) fn plain(text: &str) -> String {
    let kept = |c: &char| *c == '\n' || !(c.is_control() || turns(*c));
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(kept) {
        // Between any two of them: a third would make a pair with what is left.
        if c == '{' && plain.ends_with('{') {
            plain.push(APART);
        }
        plain.push(c);
    }
    plain
}

/// Text in which Markdown finds no markup. What stands in ordinary names stays as it is, since some
/// clients show an escape where they read no Markdown.
pub(super) fn markdown(text: &str) -> String {
    let text = plain(text);
    let lines: Vec<String> = text.split('\n').map(markdown_line).collect();
    lines.join("\n\n")
}

fn markdown_line(line: &str) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::with_capacity(line.len() + 8);
    let begins = beginning(line);
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let next = chars.get(at + 1);
        let is_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        let is_special = match c {
            '\\' | '*' | '`' | '[' | ']' | '<' | '>' => true,
            '_' => !(is_word(before) && is_word(next)),
            '~' => next == Some(&'~') || before == Some(&'~'),
            '&' => is_word(next) || next == Some(&'#'),
            '!' => next == Some(&'['),
            _ => begins == Some(at),
        };
        if is_special {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// The place of what would make a heading, a list or a rule of the line.
fn beginning(line: &str) -> Option<usize> {
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    let rest = line.trim_start();
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    match rest.chars().nth(digits) {
        Some('.' | ')') if digits > 0 => Some(indent + digits),
        Some('#' | '-' | '+' | '=') if digits == 0 => Some(indent),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_a_person_stays_text_and_names_stay_as_they_are() {
        for (text, escaped) in [
            ("payments_prod-eu.v1 (read)", "payments_prod-eu.v1 (read)"),
            ("R & D", "R & D"),
            ("[Approve](https://evil.example)", "\\[Approve\\](https://evil.example)"),
            ("*a* _b_ ~~c~~ `d`", "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\`"),
            ("- item", "\\- item"),
            ("-", "\\-"),
            ("1. one", "1\\. one"),
            ("# head\n> quote", "\\# head\n\n\\> quote"),
            ("<b>&amp;&#60;", "\\<b\\>\\&amp;\\&#60;"),
            ("a\\*b", "a\\\\\\*b"),
        ] {
            assert_eq!(markdown(text), escaped, "{text}");
        }
    }

    #[test]
    fn nothing_of_a_person_is_replaced_by_a_date() {
        for braces in ["{{", "{{{", "{{{{", "{\u{202e}{", "{\u{7}{"] {
            let text = plain(&format!("{braces}DATE(2026-01-01T00:00:00Z,SHORT)}}}} \u{7}x"));

            assert!(!text.contains("{{"), "{text}");
            assert!(text.ends_with(" x"), "{text}");
        }
    }
}
