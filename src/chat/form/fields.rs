//! What a query, a form or a dialog carries: names and values, in order.
use url::form_urlencoded;

/// Most fields of a form: a page of boxes to tick and what stands around them.
const MOST: usize = 2_000;

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a query, or of a form that a browser sent.
    pub fn read(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().take(MOST).collect())
    }

    /// These.
    pub fn of(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(fields.into_iter().take(MOST).collect())
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What a person typed, as they meant it: browsers send `\r\n` for the ends of lines. `None`
    /// where it is nothing but space.
    pub fn typed(&self, name: &str) -> Option<String> {
        let text = self.get(name)?.replace("\r\n", "\n");
        (!text.trim().is_empty()).then_some(text)
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }
}

/// A text as a value in a query.
pub fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_send_them() {
        let fields = Fields::read(b"a=1&a=2&why=line+one%0D%0Aline+two&blank=+%0D%0A&n=7&x");

        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.typed("why").as_deref(), Some("line one\nline two"));
        assert_eq!((fields.typed("blank"), fields.typed("none")), (None, None));
        assert_eq!((fields.number("n"), fields.number("why")), (Some(7), None));
        assert_eq!(encoded("/requests?status=a&b"), "%2Frequests%3Fstatus%3Da%26b");
    }
}
