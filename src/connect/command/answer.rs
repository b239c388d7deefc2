//! What a program may answer, read strictly: an answer that is not understood is a fault, never a yes.
use super::super::{AccessDetails, Again, Fault, Presence};
use crate::domain::id::IntegrationId;
use crate::domain::resources::{Packing, Resources, Unpacked};
use secrecy::SecretString;
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
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
    resources: Packed,
}

/// What a program lists, packed while it is read: thousands are never there whole.
#[derive(Default)]
struct Packed {
    packing: Packing,
    count: usize,
    /// The id of the first that cannot be asked for.
    unusable: Option<String>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    permissions: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    owner: Option<Cow<'a, str>>,
}

impl Packed {
    fn push(&mut self, item: &Item<'_>) {
        self.count += 1;
        if item.id.is_empty() || item.permissions.is_empty() {
            self.unusable.get_or_insert_with(|| item.id.clone().into_owned());
        }
        self.packing.push(&Unpacked {
            integration: "",
            id: &item.id,
            name: item.name.as_ref().unwrap_or(&item.id),
            kind: &item.kind,
            permissions: item.permissions.iter().map(AsRef::as_ref),
            owner: item.owner.as_deref(),
        });
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Items)
    }
}

/// Reads a list of [`Item`] one by one.
struct Items;

impl<'de> Visitor<'de> for Items {
    type Value = Packed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of resources")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Packed, A::Error> {
        let mut packed = Packed::default();
        while let Some(item) = items.next_element::<Item<'_>>()? {
            packed.push(&item);
        }
        Ok(packed)
    }
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
    pub(super) fn resources(self, integration: &IntegrationId) -> Result<Resources, Fault> {
        let Packed { packing, count, unusable } = self.resources;
        if let Some(id) = unusable {
            return Err(Fault::lasting(format!(
                "the program lists {id:?} without an id or without permissions"
            )));
        }
        let resources = packing.finish_in(integration);
        if resources.len() < count {
            return Err(Fault::lasting("the program lists an id twice"));
        }
        Ok(resources)
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
