//! The languages that people may read.

/// A language that every text exists in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// Every one of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// What it is called where programs speak of it: `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language of a locale such as `de-AT`; `None` where no text exists in it.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let tag = locale.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| tag.eq_ignore_ascii_case(language.tag()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_leads_to_its_language_or_to_none() {
        for (locale, language) in [
            ("de-DE", Some(Language::German)),
            ("de_AT", Some(Language::German)),
            ("DE", Some(Language::German)),
            ("en-GB", Some(Language::English)),
            ("den-CA", None),
            ("pt-BR", None),
            ("", None),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }
}
