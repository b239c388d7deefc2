//! What people type after the slash command (R16, R17): words in place of buttons and forms.
//!
//! Whatever is typed is answered: what is understood is done, anything else gets help that begins
//! with what was probably meant. Slack escapes the text; mentions arrive with their ids.
use super::Ack;
use super::handle::{Slack, Trouble, Way, private};
use super::payload::Command;
use crate::chat::typed::{Typed, Verb, read};
use crate::domain::draft::Prefill;
use crate::domain::id::RequestId;
use crate::domain::person::Account;
use crate::show::{Voice, ending, help};
use std::sync::Arc;

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
