//! What a program may answer, read strictly: an answer that is not understood is a fault, never a yes.
use super::super::{AccessDetails, Again, Fault, Presence};
use crate::domain::catalog::{Resource, ResourceRef};
use crate::domain::id::{IntegrationId, PersonId};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::time::Duration;

/// The longest pause that a program may ask for; a mistaken unit must not keep access for a day.
const LONGEST_PAUSE_SECONDS: u64 = 600;

/// The answer to one kind of call.
pub(super) trait Answer: DeserializeOwned {}

/// The answer to `grant`.
#[derive(Deserialize)]
pub(super) struct Granted {
    #[serde(default)]
    details: Details,
}

#[derive(Deserialize, Default)]
struct Details {
    #[serde(default)]
    lines: Vec<(String, String)>,
    #[serde(default)]
    credential: Option<SecretString>,
}

/// The answer to `revoke`.
#[derive(Deserialize)]
pub(super) struct Revoked {}

/// The answer to `read_back`.
#[derive(Deserialize)]
pub(super) struct ReadBack {
    present: bool,
}

/// The answer to `list`.
#[derive(Deserialize)]
pub(super) struct Listed {
    resources: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    name: Option<String>,
    kind: String,
    permissions: Vec<String>,
    owner: Option<PersonId>,
}

/// Yes or no.
#[derive(Deserialize)]
struct Word {
    ok: bool,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    retry: bool,
    after_seconds: Option<u64>,
    message: Option<String>,
}

impl Answer for Granted {}
impl Answer for Revoked {}
impl Answer for ReadBack {}
impl Answer for Listed {}

impl Granted {
    /// What the grantee may see.
    pub(super) fn details(self) -> AccessDetails {
        AccessDetails { lines: self.details.lines, credential: self.details.credential }
    }
}

impl ReadBack {
    /// What the program read.
    pub(super) fn presence(&self) -> Presence {
        if self.present { Presence::Present } else { Presence::Absent }
    }
}

impl Listed {
    /// The resources, each with an id of its own and something to ask for.
    pub(super) fn resources(self, integration: &IntegrationId) -> Result<Vec<Resource>, Fault> {
        let mut seen = BTreeSet::new();
        for item in &self.resources {
            if item.id.is_empty() || item.permissions.is_empty() {
                return Err(Fault::lasting(format!(
                    "the program lists {:?} without an id or without permissions",
                    item.id
                )));
            }
            if !seen.insert(item.id.as_str()) {
                return Err(Fault::lasting(format!("the program lists {:?} twice", item.id)));
            }
        }
        let resource = |item: Item| Resource {
            name: item.name.unwrap_or_else(|| item.id.clone()),
            at: ResourceRef { integration: integration.clone(), resource: item.id },
            kind: item.kind,
            permissions: item.permissions,
            owner: item.owner,
        };
        Ok(self.resources.into_iter().map(resource).collect())
    }
}

/// Reads what the program wrote; `None` where it says neither yes nor no.
pub(super) fn read<A: Answer>(written: &[u8]) -> Option<Result<A, Fault>> {
    // A list may be long, so it is read into what it means and into nothing in between.
    let is_object = written.trim_ascii_start().starts_with(b"{");
    let word: Word = serde_json::from_slice(written).ok().filter(|_| is_object)?;
    if word.ok {
        let answer = serde_json::from_slice(written);
        // The parser's words may quote the answer, which may hold a credential.
        return Some(answer.map_err(|_| Fault::lasting("the program's answer lacks something")));
    }
    let refusal: Refusal = serde_json::from_slice(written).ok()?;
    let after = refusal.after_seconds.map(|it| it.min(LONGEST_PAUSE_SECONDS));
    let again =
        if refusal.retry { Again::Retry(after.map(Duration::from_secs)) } else { Again::Never };
    let message = refusal.message.unwrap_or_else(|| "the program refused".to_owned());
    Some(Err(Fault { again, message }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault<A: Answer>(written: &str) -> Fault {
        read::<A>(written.as_bytes()).unwrap().err().unwrap()
    }

    #[test]
    fn what_is_not_understood_is_never_a_yes() {
        for garbage in
            ["", "yes", "{}", "[]", r#"{"ok":"true"}"#, r#"{"ok":true} {"ok":true}"#, "{"]
        {
            assert!(read::<Revoked>(garbage.as_bytes()).is_none(), "{garbage}");
        }
        assert_eq!(fault::<ReadBack>(r#"{"ok":true}"#).again, Again::Never);
        assert_eq!(fault::<ReadBack>(r#"{"ok":true,"present":1}"#).again, Again::Never);
        assert_eq!(fault::<Listed>(r#"{"ok":true}"#).again, Again::Never);
        let half = fault::<Granted>(r#"{"ok":true,"details":{"credential":["canary"]}}"#);
        assert!(!half.message.contains("canary"));
    }

    #[test]
    fn a_refusal_says_whether_and_when_to_try_again() {
        let at = |written| fault::<Revoked>(written).again;
        let seconds = |n| Again::Retry(Some(Duration::from_secs(n)));

        assert_eq!(at(r#"{"ok":false}"#), Again::Never);
        assert_eq!(at(r#"{"ok":false,"retry":true}"#), Again::Retry(None));
        assert_eq!(at(r#"{"ok":false,"retry":true,"after_seconds":30}"#), seconds(30));
        assert_eq!(at(r#"{"ok":false,"retry":true,"after_seconds":86400}"#), seconds(600));
    }

    #[test]
    fn a_list_must_be_usable() {
        let list = |items: &str| {
            let written = format!(r#"{{"ok":true,"resources":[{items}]}}"#);
            let listed = read::<Listed>(written.as_bytes()).unwrap()?;
            listed.resources(&"doors".into()).map(|it| it.len())
        };
        let one = r#"{"id":"lab","kind":"door","permissions":["enter"]}"#;

        assert_eq!(list(""), Ok(0));
        assert_eq!(list(one), Ok(1));
        assert!(list(&format!("{one},{one}")).is_err());
        assert!(list(r#"{"id":"","kind":"door","permissions":["enter"]}"#).is_err());
        assert!(list(r#"{"id":"lab","kind":"door","permissions":[]}"#).is_err());
        assert!(list(r#"{"id":"lab"}"#).is_err());
    }
}
