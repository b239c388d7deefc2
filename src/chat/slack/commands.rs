//! What people type after the slash command (R16, R17): words in place of buttons and forms.
//!
//! Whatever is typed is answered: what is understood is done, anything else gets help that begins
//! with what was probably meant. Slack escapes the text; mentions arrive with their ids.
use super::handle::{Slack, Trouble, Way, private};
use super::payload::Command;
use super::{Ack, home};
use crate::domain::draft::Prefill;
use crate::domain::id::RequestId;
use crate::domain::listing::List;
use crate::domain::person::Account;
use crate::show::{Voice, ending, help};
use std::sync::Arc;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Typed {
    /// The form, with these words for it.
    Request(String),
    /// One of the person's lists.
    List(List),
    /// Something with one request; words after its number.
    About(Verb, RequestId, String),
    /// What can be typed.
    Help,
    /// Nothing that is known: as typed, and what was probably meant.
    Unknown(Option<&'static str>),
    /// Something with one request, whose number is missing or none.
    NoNumber(&'static str),
}

/// What can be done with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Show,
    Again,
    Extend,
    Cancel,
    Revoke,
}

/// Every word, for finding the nearest.
const WORDS: &[&str] = &[
    "request",
    "requests",
    "mine",
    "favorites",
    "delegated",
    "approvals",
    "show",
    "again",
    "extend",
    "cancel",
    "revoke",
    "help",
];

fn verb(word: &str) -> Option<(&'static str, Verb)> {
    let known = [
        ("show", Verb::Show),
        ("again", Verb::Again),
        ("extend", Verb::Extend),
        ("cancel", Verb::Cancel),
        ("revoke", Verb::Revoke),
    ];
    known.into_iter().find(|(name, _)| *name == word)
}

/// Reads what was typed.
fn read(text: &str) -> Typed {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (word, rest) = (word.to_lowercase(), rest.trim());
    match word.as_str() {
        "" => return Typed::Request(String::new()),
        "request" => return Typed::Request(rest.to_owned()),
        "help" | "hilfe" | "?" => return Typed::Help,
        _ => {}
    }
    if let Some(list) = home::list_of(&word) {
        return Typed::List(list);
    }
    if let Some((name, verb)) = verb(&word) {
        let (number, words) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        return match number.parse() {
            Ok(id) => Typed::About(verb, id, words.trim().to_owned()),
            Err(_) => Typed::NoNumber(name),
        };
    }
    // A number alone is looked at.
    match text.parse() {
        Ok(id) => Typed::About(Verb::Show, id, String::new()),
        Err(_) => Typed::Unknown(nearest(&word)),
    }
}

/// The word that was probably meant.
fn nearest(word: &str) -> Option<&'static str> {
    let count = word.chars().count();
    // Longer ones are no slips of a finger, and comparing them would only take time.
    let most = if count > 20 { return None } else { (count / 3).clamp(1, 2) };
    let distances = WORDS.iter().map(|known| (strsim::osa_distance(word, known), *known));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, known)| known)
}

impl Slack {
    /// Does what was typed.
    pub(super) async fn command(self: Arc<Self>, command: Command) -> Ack {
        self.look_again(&command.from);
        let way = Way {
            from: command.from,
            trigger: Some(command.trigger),
            response_url: Some(command.response_url),
            is_click: false,
            copy: None,
            over: None,
        };
        match read(&command.text) {
            Typed::Request(words) => {
                self.later(move |slack| async move { slack.open_line(&way, &words).await });
            }
            Typed::List(list) => {
                self.later(move |slack| async move { slack.open_list(&way, list).await });
            }
            Typed::About(verb, id, words) => {
                self.later(move |slack| async move { slack.about(&way, verb, id, words).await });
            }
            Typed::Help => return self.help(&way.from, &command.text, help::Asked::Help).await,
            Typed::Unknown(meant) => {
                let asked = help::Asked::Unknown { meant };
                return self.help(&way.from, &command.text, asked).await;
            }
            Typed::NoNumber(word) => {
                let asked = help::Asked::NoNumber { word };
                return self.help(&way.from, &command.text, asked).await;
            }
        }
        Ack::default()
    }

    async fn about(
        &self,
        way: &Way,
        verb: Verb,
        id: RequestId,
        words: String,
    ) -> Result<(), Trouble> {
        match verb {
            Verb::Show => self.open_details(way, id).await,
            Verb::Again => self.ask_again(way, id).await,
            Verb::Extend => self.extend(way, id, None).await,
            Verb::Cancel => self.cancel(way, id, words).await,
            Verb::Revoke => self.ask_to_revoke(way, id, words).await,
        }
    }

    /// Opens the form with what a request was about.
    pub(super) async fn ask_again(&self, way: &Way, id: RequestId) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let again = self.app().again(&person, id).await.map_err(|e| way.trouble(e))?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(&way.from).await);
        let prefill = Prefill {
            note: Some(ending::again_note(voice, again.of, &again.gone)),
            grantee: Some(again.grantee),
            items: again.items,
            duration: Some(again.duration),
            ..Prefill::default()
        };
        self.open_form(way, prefill).await
    }

    /// Says what can be typed, to whoever typed it alone.
    async fn help(&self, from: &Account, typed: &str, asked: help::Asked) -> Ack {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language_at_hand(from).await);
        private(&help::text(voice, self.command_word(), typed, asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_understood() {
        let id = RequestId(1042);
        let about = |verb, words: &str| Typed::About(verb, id, words.to_owned());
        for (text, typed) in [
            ("", Typed::Request(String::new())),
            ("request", Typed::Request(String::new())),
            ("Request  payments read", Typed::Request("payments read".to_owned())),
            ("requests", Typed::List(List::Requests)),
            ("mine", Typed::List(List::Access)),
            ("approvals", Typed::List(List::Waiting)),
            ("delegated", Typed::List(List::Delegated)),
            ("show AR-1042", about(Verb::Show, "")),
            ("show ar-1042", about(Verb::Show, "")),
            ("CANCEL 1042", about(Verb::Cancel, "")),
            ("AR-1042", about(Verb::Show, "")),
            ("revoke AR-1042 no  longer needed", about(Verb::Revoke, "no  longer needed")),
            ("help", Typed::Help),
            ("reqest payments", Typed::Unknown(Some("request"))),
            ("aprovals", Typed::Unknown(Some("approvals"))),
            ("agian AR-1042", Typed::Unknown(Some("again"))),
            ("extand AR-1042", Typed::Unknown(Some("extend"))),
            ("favorits", Typed::Unknown(Some("favorites"))),
            ("revoke", Typed::NoNumber("revoke")),
            ("show AR-x", Typed::NoNumber("show")),
            ("nonsense", Typed::Unknown(None)),
        ] {
            assert_eq!(read(text), typed, "{text}");
        }
    }
}
