//! The pages on which somebody proves who they are.
use super::Said;
use crate::domain::person::Person;
use crate::show::Voice;
use crate::show::limits::{NAME_CHARS, one_line};
use serde::Serialize;

/// Letters of an address that are shown before its mask.
const SHOWN: usize = 1;

/// The page that asks who somebody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignIn {
    /// Where they go after it, below the root.
    pub next: String,
    /// Something to say first.
    pub note: Option<String>,
    /// Whether codes are mailed.
    pub has_mail: bool,
    /// What is typed into the field for an address.
    pub address: String,
    /// Whom the link names that led here.
    pub named: Option<Named>,
    /// The company's sign-in, where there is one.
    pub provider: Option<Provider>,
}

/// The company's sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// What people call it.
    pub name: String,
    /// Where it begins, below the root.
    pub path: String,
}

/// Whom a link names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The link's own text.
    pub token: String,
    /// `a•••@example.com`.
    pub masked: String,
}

/// The page that takes a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Code {
    /// Where they go after it, below the root.
    pub next: String,
    /// Where another code is asked for, below the root.
    pub again: String,
    /// Why the code that was typed does not do.
    pub wrong: Option<String>,
}

/// An address by which its owner knows it and nobody else learns it.
pub fn masked(person: &Person) -> String {
    let (name, domain) = person.email.rsplit_once('@').unwrap_or((&person.email, ""));
    let first: String = name.chars().take(SHOWN).collect();
    one_line(&format!("{first}•••@{domain}"), NAME_CHARS)
}

/// Why a code does not do. One sentence for all reasons: none of them is anybody else's to know.
pub fn wrong_code(voice: Voice<'_>) -> String {
    voice.say("sign-in-wrong-code", [])
}

/// What the page says that asks who somebody is.
pub fn title(voice: Voice<'_>) -> String {
    voice.say("sign-in-title", [])
}

/// What is said to whoever followed a link whose time is over, or that is none.
pub fn old_link(voice: Voice<'_>) -> String {
    voice.say("sign-in-old-link", [])
}

/// What is said to whoever was signed out meanwhile.
pub fn over(voice: Voice<'_>) -> String {
    voice.say("sign-in-over", [])
}

/// What is said to whoever a provider vouched for and the directory does not know.
pub fn unknown(voice: Voice<'_>) -> String {
    voice.say("sign-in-unknown", [])
}

/// What is said when the company's sign-in did not work out.
pub fn provider_failed(voice: Voice<'_>) -> String {
    voice.say("sign-in-provider-failed", [])
}

/// What is said to whoever pressed something and was signed out meanwhile.
pub fn not_done(voice: Voice<'_>) -> String {
    voice.say("sign-in-not-done", [])
}

/// What is said while more codes are asked for than mail takes.
pub fn busy(voice: Voice<'_>) -> String {
    voice.say("sign-in-busy", [])
}

/// What is said to whoever signed out and may still be signed in to their company's sign-in.
pub fn signed_out_of_us(voice: Voice<'_>, company: &str) -> Said {
    let name = one_line(company, NAME_CHARS);
    Said { text: voice.say("sign-in-signed-out-of-us", [("name", name.into())]), is_wrong: false }
}
