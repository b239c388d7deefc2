//! As much HTML as the story needs to use pages that have no script: their forms, and what they say.

/// A form as a browser would send it untouched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) fields: Vec<(String, String)>,
}

/// A tag, and what follows it up to the next one.
struct Tag<'a> {
    opening: &'a str,
    text: &'a str,
}

impl Tag<'_> {
    fn is(&self, name: &str) -> bool {
        let rest = self.opening.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '/']))
    }

    fn has(&self, word: &str) -> bool {
        self.opening.split([' ', '\n']).any(|part| part == word)
    }

    fn value(&self, name: &str) -> Option<String> {
        let (_, rest) = self.opening.split_once(&format!(" {name}=\""))?;
        rest.split('"').next().map(unescaped)
    }
}

fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let pieces = html.split('<').skip(1);
    pieces.filter_map(|piece| piece.split_once('>')).map(|(opening, text)| Tag { opening, text })
}

/// What a page says, without its tags.
pub(super) fn text(html: &str) -> String {
    let pieces: Vec<String> = tags(html).map(|tag| unescaped(tag.text)).collect();
    pieces.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The form that is sent to an address that ends so.
pub(super) fn form(html: &str, action: &str) -> Option<Form> {
    html.split("<form ").skip(1).find_map(|rest| {
        let rest = rest.split("</form>").next().unwrap_or_default();
        let whole = format!("<form {rest}");
        let to = tags(&whole).next()?.value("action")?;
        to.ends_with(action).then(|| Form { action: to, fields: fields(&whole) })
    })
}

/// What is found beside a box to tick whose label says so: the box's value.
pub(super) fn ticked(html: &str, label: &str) -> Option<String> {
    let labels = html.split("<label>").skip(1);
    labels.filter_map(|one| one.split("</label>").next()).find_map(|one| {
        let said = text(one);
        let value = tags(one).next()?.value("value")?;
        (said == label).then_some(value)
    })
}

/// The value that stands behind a name in a list of facts.
pub(super) fn fact(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("<dt>{name}</dt>"))?;
    let value = rest.split_once("<dd>")?.1.split("</dd>").next()?;
    let value = value.rsplit_once("<bdi>").map_or(value, |(_, inner)| inner);
    value.split('<').next().map(unescaped)
}

fn fields(form: &str) -> Vec<(String, String)> {
    let (mut found, mut select) = (Vec::new(), None);
    for tag in tags(form) {
        let named = tag.value("name");
        if tag.is("select") {
            select = named;
        } else if tag.is("option") && tag.has("selected") {
            found.extend(select.clone().zip(tag.value("value")));
        } else if tag.is("textarea") {
            let typed = tag.text.strip_prefix('\n').unwrap_or(tag.text);
            found.extend(named.map(|name| (name, unescaped(typed))));
        } else if tag.is("input")
            && !matches!(tag.value("type").as_deref(), Some("checkbox" | "radio"))
        {
            found.extend(named.map(|name| (name, tag.value("value").unwrap_or_default())));
        }
    }
    found
}

fn unescaped(text: &str) -> String {
    let escapes = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#x60;", "`"),
        ("&#x3D;", "="),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    escapes.iter().fold(text.to_owned(), |text, (escape, meant)| text.replace(escape, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<form method=\"get\" action=\"/forms/1\"><input name=\"words\" value=\"\"></form>\
        <form method=\"post\" action=\"/forms/1/add\" class=\"stack\">\
        <input type=\"hidden\" name=\"form\" value=\"a&amp;b\">\
        <label><input type=\"checkbox\" name=\"item\" value=\"p|read\"> <bdi>payments: read</bdi></label>\
        <select id=\"d\" name=\"duration\"><option value=\"900\" selected>15 m</option>\
        <option value=\"3600\">1 h</option></select>\
        <textarea name=\"why\">\nsome &lt;words&gt;</textarea><button>Add</button></form>\
        <dl><div><dt>User</dt><dd><bdi>hp_1</bdi></dd></div></dl>";

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let read = form(PAGE, "/add").unwrap();

        let fields = [("form", "a&b"), ("duration", "900"), ("why", "some <words>")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read, Form { action: "/forms/1/add".to_owned(), fields: fields.into() });
        assert_eq!(form(PAGE, "/finish"), None);
    }

    #[test]
    fn labels_facts_and_words_are_found() {
        assert_eq!(ticked(PAGE, "payments: read").as_deref(), Some("p|read"));
        assert_eq!(ticked(PAGE, "payments: write"), None);
        assert_eq!(fact(PAGE, "User").as_deref(), Some("hp_1"));
        assert!(text(PAGE).contains("15 m 1 h some <words> Add"), "{}", text(PAGE));
    }
}
