//! The form, filled by a typed line or by a message that somebody points at.
use super::handle::{Slack, Trouble, Way};
use super::people::account;
use crate::chat::form::begin::line_prefill;
use crate::domain::draft::Prefill;
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use crate::show::{Voice, templates};
use std::collections::BTreeMap;
use std::time::Duration;

/// Most people whom a line may name: each is looked up.
const MOST_MENTIONS: usize = 5;
/// Longest wait for Slack's word on whoever is named: the form has to open within 3 seconds.
const WAIT: Duration = Duration::from_millis(800);

impl Slack {
    /// Opens the form, filled as far as the line was understood.
    pub(super) async fn open_line(&self, way: &Way, words: &str) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let text = self.plain_line(&way.from, words).await;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(&way.from).await);
        let prefill = line_prefill(&snapshot, voice, &person, &text);
        self.open_form(way, prefill).await
    }

    /// Opens the form with a message as the justification.
    pub(super) async fn open_quoting(&self, way: &Way, message: &str) -> Result<(), Trouble> {
        let message = self.plain_line(&way.from, message).await;
        let quoted = message.trim().to_owned();
        let justification = Some(quoted).filter(|quoted| !quoted.is_empty());
        self.open_form(way, Prefill { justification, ..Prefill::default() }).await
    }

    /// Text as people see it: Slack's escapes undone, people by their ids here as far as they are
    /// known, channels and links by what they show.
    async fn plain_line(&self, from: &Account, text: &str) -> String {
        let people = self.people_in(from, text).await;
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, tag)) = rest.split_once('<') {
            let Some((tag, after)) = tag.split_once('>') else { break };
            plain.push_str(before);
            let (target, label) = tag.split_once('|').unwrap_or((tag, ""));
            match target.strip_prefix('@') {
                Some(user) => {
                    let shown = if label.is_empty() { user } else { label };
                    plain.push('@');
                    plain.push_str(people.get(user).map_or(shown, PersonId::as_str));
                }
                None if label.is_empty() => plain.push_str(target.trim_start_matches(['#', '!'])),
                None => plain.push_str(label),
            }
            rest = after;
        }
        plain.push_str(rest);
        templates::unescaped(&plain)
    }

    /// The people whom a text mentions, by account, as far as that is found out in time.
    async fn people_in(&self, from: &Account, text: &str) -> BTreeMap<String, PersonId> {
        let asked = mentions(text).into_iter().map(|user| async move {
            let account = account(&from.workspace, user);
            let person = tokio::time::timeout(WAIT, self.person_named(&account)).await;
            Some((user.to_owned(), person.ok()??))
        });
        futures_util::future::join_all(asked).await.into_iter().flatten().collect()
    }
}

/// The first accounts that a text mentions, each once.
fn mentions(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for tag in text.split("<@").skip(1) {
        let user = tag.split(['>', '|']).next().unwrap_or_default();
        if !user.is_empty() && !found.contains(&user) && found.len() < MOST_MENTIONS {
            found.push(user);
        }
    }
    found
}
