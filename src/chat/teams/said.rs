//! What people write to us (R16, R17): every word of the slash command on other platforms is understood here.
use super::activity::By;
use super::acts::{Press, extensions};
use super::answers::Reply;
use super::handle::{MENTION, NAME, Teams, Why};
use crate::app::direct::Direct;
use crate::chat::form::fields::Fields;
use crate::chat::typed::{Typed, Verb, read};
use crate::domain::id::RequestId;
use crate::domain::listing::Place;
use crate::show::forms::Notice;
use crate::show::teams::{Laid, Opener, lay_out};
use crate::show::{Voice, ending, help, texts};
use serde_json::json;

/// Words with which people begin, which lead to the overview.
const GREETINGS: &[&str] =
    &["hi", "hello", "hey", "hallo", "moin", "servus", "home", "start", "overview", "übersicht"];

impl Teams {
    /// Does what was written, and answers it.
    pub(super) async fn said(&self, by: &By, text: &str) -> Result<(), Why> {
        if GREETINGS.contains(&text.trim_end_matches(['!', '.']).to_lowercase().as_str()) {
            let home = self.portal(by).await?;
            self.post(by, &home).await;
            return Ok(());
        }
        match read(text) {
            Typed::Request(words) => self.offer_form(by, &words).await?,
            Typed::List(list) => {
                let list = self.page(by, list, &Place::default()).await?;
                self.post(by, &list).await;
            }
            Typed::About(verb, id, words) => self.about(by, verb, id, words).await?,
            Typed::Help => self.help(by, text, help::Asked::Help).await?,
            Typed::Unknown(meant) => self.help(by, text, help::Asked::Unknown { meant }).await?,
            Typed::NoNumber(word) => self.help(by, text, help::Asked::NoNumber { word }).await?,
        }
        Ok(())
    }

    /// A message cannot open a dialog: it offers the form, filled as far as the line was understood.
    async fn offer_form(&self, by: &By, words: &str) -> Result<(), Why> {
        let (id, draft, is_clear) = self.filled_by_line(by, words).await?;
        let language = self.language(by);
        let is_filled = is_clear && !draft.basket.is_empty();
        let say = |key: &str| texts::say(language, key, []);
        let opener = Opener {
            note: draft.note.clone(),
            line: say(if is_filled { "teams-form-filled" } else { "teams-form" }),
            button: say("teams-open-form"),
            act: if is_filled { "finish" } else { "form" },
            draft: id,
            ..Opener::default()
        };
        self.post(by, &lay_out(language, "opener", &opener)?).await;
        Ok(())
    }

    async fn about(&self, by: &By, verb: Verb, id: RequestId, words: String) -> Result<(), Why> {
        let language = self.language(by);
        let id_value = || [("id", id.to_string().into())];
        match verb {
            Verb::Show => {
                if let Reply::View(card) = self.details(by, id, 0).await? {
                    self.post(by, &card).await;
                }
            }
            Verb::Again => {
                // Whether it can be asked for again is said now, not in the dialog.
                let person = self.person(by).await?;
                self.app().again(&person, id).await?;
                self.offer(by, id, ("again", "again-button", "teams-again"), String::new()).await?;
            }
            Verb::Extend => {
                let person = self.person_now(by).await?;
                let record = self.app().request(&person, id).await?;
                let seen = extensions(&record);
                let record = self.app().extend(&person, id, seen, by.key.as_deref()).await?;
                let snapshot = self.app().policy();
                let voice = Voice::new(&snapshot.policy, language);
                self.say(by, &Notice::new(NAME, ending::extended(voice, &record))).await;
            }
            Verb::Cancel => {
                let person = self.person(by).await?;
                self.app().cancel(&person, id, words, by.key.as_deref()).await?;
                let line = texts::say(language, "cancelled", id_value());
                self.say(by, &Notice::new(NAME, line)).await;
            }
            Verb::Revoke => {
                // Who may not hears it now; who may confirms it in a dialog.
                let fields = Fields::of([("reason".to_owned(), words.clone())]);
                self.open_end(&Press { by, id, fields: &fields }, false).await?;
                self.offer(by, id, ("revoke", "button-revoke", "teams-revoke"), words).await?;
            }
        }
        Ok(())
    }

    /// Sends a message with a button that opens a dialog about a request.
    async fn offer(
        &self,
        by: &By,
        id: RequestId,
        (act, button, line): (&'static str, &str, &str),
        reason: String,
    ) -> Result<(), Why> {
        let language = self.language(by);
        let opener = Opener {
            line: texts::say(language, line, [("id", id.to_string().into())]),
            button: texts::say(language, button, []),
            act,
            id: id.to_string(),
            reason,
            ..Opener::default()
        };
        self.post(by, &lay_out(language, "opener", &opener)?).await;
        Ok(())
    }

    /// Says what can be typed. Only people of ours are told.
    async fn help(&self, by: &By, typed: &str, asked: help::Asked) -> Result<(), Why> {
        self.person(by).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let lines = help::lines(voice, MENTION, typed, asked);
        let lines = match by.is_personal {
            // In one's own chat with us there is nobody else to be called.
            true => lines.iter().map(|line| line.replace(&format!("{MENTION} "), "")).collect(),
            false => lines,
        };
        self.say(by, &Notice { title: NAME.to_owned(), lines, quote: None }).await;
        Ok(())
    }

    /// Greets whoever has us for the first time, once: installations are told of again and again.
    pub(super) async fn greet(&self, by: &By) -> Result<(), Why> {
        if !by.is_personal {
            return Ok(());
        }
        // Whoever is nobody here hears it when they write, not for having been given the app.
        if self.person(by).await.is_err() || !self.note_direct(by).await {
            return Ok(());
        }
        let home = self.portal(by).await?;
        self.post(by, &home).await;
        Ok(())
    }

    /// Somebody removed us: they are reached another way from now on.
    pub(super) async fn left(&self, by: &By) -> Result<(), Why> {
        if by.is_personal {
            self.app().forget_direct(&by.account).await?;
        }
        Ok(())
    }

    /// Notes where somebody is written to; whether that is new. For what was written to us, and for
    /// our coming, alone: only then the conversation is ours.
    pub(super) async fn note_direct(&self, by: &By) -> bool {
        if !by.is_personal || self.standings().get(&by.account).is_none() {
            return false;
        }
        let direct = Direct {
            service_url: by.service_url.clone(),
            conversation: by.conversation.clone(),
            user: by.user.clone(),
        };
        self.app().note_direct(&by.account, &direct).await.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "noting a conversation");
            false
        })
    }

    /// Says something to one person alone.
    pub(super) async fn say(&self, by: &By, notice: &Notice) {
        self.post(by, &self.drawn(by, notice)).await;
    }

    /// Sends a card where something was written: in a channel only its writer sees it.
    pub(super) async fn post(&self, by: &By, laid: &Laid) {
        let mut activity = super::messenger::activity(laid);
        if !by.is_personal
            && let Some(fields) = activity.as_object_mut()
        {
            fields.insert("recipient".to_owned(), json!({ "id": by.user, "isTargeted": true }));
        }
        if let Err(error) = self.deliver(by, &activity).await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a person could not be answered");
        }
    }
}
