//! The page that enters Teams' tab, and its two scripts: our own, and Microsoft's library that talks
//! to Teams, as npm has it (`blocks/tab`).
use crate::show::Voice;
use rust_embed::Embed;
use serde::Serialize;

#[derive(Embed)]
#[folder = "blocks/tab"]
struct Files;

/// The page that enters the tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Where whoever is signed in goes then, below the root.
    pub next: String,
    /// Where the pages stand alone, for a browser.
    pub outside: Option<String>,
    /// What asks Teams; nothing is asked where there is something to say.
    pub scripts: Option<Scripts>,
    /// Why nobody was signed in.
    pub note: Option<String>,
}

/// The scripts' addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scripts {
    /// Our own, which comes first.
    pub own: String,
    /// Microsoft's library.
    pub teams: String,
}

/// What the browser calls the page.
pub fn title(voice: Voice<'_>) -> String {
    voice.say("tab-title", [])
}

/// What is said where a token is not taken. One sentence for all reasons: the log has them.
pub fn refused(voice: Voice<'_>) -> String {
    voice.say("tab-refused", [])
}

/// What is said where the browser did not keep what the page gave it.
pub fn no_cookie(voice: Voice<'_>) -> String {
    voice.say("tab-no-cookie", [])
}

/// What is said while a token cannot be verified.
pub fn busy(voice: Voice<'_>) -> String {
    voice.say("tab-busy", [])
}

/// What is said to whoever has no person yet.
pub fn unknown(voice: Voice<'_>) -> String {
    voice.say("tab-unknown", [])
}

/// Our own script.
pub fn script() -> Vec<u8> {
    file("enter.js")
}

/// Microsoft's library.
pub fn teams_js() -> Vec<u8> {
    file("teams-js-2.58.0.min.js")
}

fn file(name: &str) -> Vec<u8> {
    Files::get(name).map(|file| file.data.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::digest::{SHA256, digest};

    /// The file of the package `@microsoft/teams-js` 2.58.0, unchanged.
    #[test]
    fn the_library_is_what_microsoft_published() {
        let digest = digest(&SHA256, &teams_js());
        let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();

        assert_eq!(hex, "1737ae2e319c8ab56d71d2218fd5a49d96a8ad70eb01ff2e9ab7e35093b93379");
        assert!(file("teams-js-LICENSE.txt").starts_with(b"Microsoft Teams JS Library"));
        assert!(script().starts_with(b"//"));
    }
}
