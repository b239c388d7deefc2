//! The form, filled by a typed line or by a message that somebody points at.
use super::PLATFORM;
use super::handle::{Slack, Trouble, Way};
use crate::app::line::Filled;
use crate::domain::draft::Prefill;
use crate::domain::person::Account;
use crate::show::limits::one_line;
use crate::show::{Voice, templates};

/// Longest part of a line that is repeated, in characters.
const REPEATED_CHARS: usize = 120;
/// Most people whom a line may name: each is looked up.
const MOST_MENTIONS: usize = 5;

impl Slack {
    /// Opens the form, filled as far as the line was understood.
    pub(super) async fn open_line(&self, way: &Way, words: &str) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let text = self.plain_line(&way.from, words).await;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(&way.from).await);
        let Filled { mut prefill, not_clear, nobody, not_understood } =
            snapshot.read_line(&person, &text);
        prefill.is_unclear = nobody.is_some() || !not_clear.is_empty();
        let mut notes: Vec<String> = Vec::new();
        let shown = |text: &str| one_line(text, REPEATED_CHARS);
        notes.extend(nobody.map(|name| voice.say("line-nobody", [("name", shown(&name).into())])));
        if !not_clear.is_empty() {
            let words = shown(&not_clear.join(", "));
            notes.push(voice.say("line-not-clear", [("words", words.into())]));
        }
        if !not_understood.is_empty() {
            let words = shown(&not_understood.join(", "));
            notes.push(voice.say("line-not-understood", [("words", words.into())]));
        }
        prefill.note = (!notes.is_empty()).then(|| notes.join(" "));
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
        let mut plain = String::with_capacity(text.len());
        let mut mentions = 0;
        let mut rest = text;
        while let Some((before, tag)) = rest.split_once('<') {
            let Some((tag, after)) = tag.split_once('>') else { break };
            plain.push_str(before);
            let (target, label) = tag.split_once('|').unwrap_or((tag, ""));
            match target.strip_prefix('@') {
                Some(user) => {
                    mentions += 1;
                    let known = match mentions <= MOST_MENTIONS {
                        true => self.person_mentioned(from, user).await,
                        false => None,
                    };
                    let shown = if label.is_empty() { user } else { label };
                    plain.push('@');
                    plain.push_str(known.as_deref().unwrap_or(shown));
                }
                None if label.is_empty() => plain.push_str(target.trim_start_matches(['#', '!'])),
                None => plain.push_str(label),
            }
            rest = after;
        }
        plain.push_str(rest);
        templates::unescaped(&plain)
    }

    /// The person behind an account that wrote to us before.
    async fn person_mentioned(&self, from: &Account, user: &str) -> Option<String> {
        let workspace = from.workspace.clone();
        let account = Account { platform: PLATFORM.to_owned(), workspace, user: user.to_owned() };
        match self.app().known_person(&account).await {
            Ok(person) => person.map(|person| person.as_str().to_owned()),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "looking a person up");
                None
            }
        }
    }
}
