//! What a view of the form asks to be found, as a query carries it.
use super::fields::{Fields, encoded};
use super::way_of;
use crate::app::Snapshot;
use crate::app::reach::Sieve;
use crate::domain::draft::WayIn;
use crate::domain::id::BundleId;
use crate::show::pages::form::way_word;

/// Longest words that are searched with, in characters.
const WORDS: usize = 200;

/// What a query asks to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The way that is open.
    pub way: WayIn,
    /// What narrows the search.
    pub sieve: Sieve,
    /// Words of the name.
    pub words: String,
    /// The bundle that is open.
    pub bundle: Option<BundleId>,
}

impl Asked {
    /// What a query asks for.
    pub fn of(query: &Fields) -> Self {
        let way = way_of(query.get("way"));
        let named = |name: &str| query.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let words = query.get("words").unwrap_or_default();
        Self {
            way,
            sieve: Sieve {
                integration: named("system").filter(|_| way == WayIn::App),
                kind: named("kind").filter(|_| way != WayIn::Bundle),
                permission: named("permission").filter(|_| way != WayIn::Bundle),
            },
            words: words.chars().take(WORDS).collect(),
            bundle: named("bundle").filter(|_| way == WayIn::Bundle).map(BundleId::new),
        }
    }

    /// What [`Asked::query`] wrote.
    pub fn read(query: &str) -> Self {
        Self::of(&Fields::read(query.trim_start_matches('?').as_bytes()))
    }

    /// This way, and nothing asked for on it.
    pub fn way(way: WayIn) -> Self {
        Self { way, sieve: Sieve::default(), words: String::new(), bundle: None }
    }

    /// The query that brings the same back.
    pub fn query(&self) -> String {
        let parts = [
            ("way", Some(way_word(self.way))),
            ("system", self.sieve.integration.as_deref()),
            ("kind", self.sieve.kind.as_deref()),
            ("permission", self.sieve.permission.as_deref()),
            ("bundle", self.bundle.as_ref().map(BundleId::as_str)),
            ("words", Some(self.words.as_str()).filter(|words| !words.is_empty())),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let given: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("?{}", given.join("&"))
    }

    /// The words and the sieve to search with: a word that names a permission means it.
    pub fn meant(&self, snapshot: &Snapshot) -> (Sieve, String) {
        let mut sieve = self.sieve.clone();
        if sieve.permission.is_some() {
            return (sieve, self.words.clone());
        }
        let words: Vec<&str> = self.words.split_whitespace().collect();
        let named = words.iter().position(|word| snapshot.permission_named(word).is_some());
        let Some(place) = named.filter(|_| words.len() > 1) else {
            return (sieve, self.words.clone());
        };
        let (before, after) = words.split_at(place);
        let permission = after.first().and_then(|word| snapshot.permission_named(word));
        sieve.permission = permission.map(str::to_owned);
        let rest: Vec<&str> = before.iter().chain(after.iter().skip(1)).copied().collect();
        (sieve, rest.join(" "))
    }
}
