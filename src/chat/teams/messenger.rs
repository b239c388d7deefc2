//! Messages about requests, posted and rewritten in Teams.
use super::PLATFORM;
use super::activity::By;
use super::answers::CARD;
use super::api::ApiError;
use super::handle::{Teams, Why};
use crate::app::direct::Direct;
use crate::app::people::Profile;
use crate::chat::{Address, Messenger, Posted, SendError};
use crate::domain::language::Language;
use crate::domain::person::{Account, Person};
use crate::domain::record::Record;
use crate::show::Voice;
use crate::show::cards::{self, Ask, Card};
use crate::show::home::Home;
use crate::show::teams::{ChannelAsk, Laid, REFRESHES, lay_out, reduced};
use crate::show::templates::ShowError;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

/// How Teams' own ids of channels begin.
const CHANNEL: &str = "19:";

impl Messenger for Teams {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn carries(&self, channel: &str) -> bool {
        channel.starts_with(CHANNEL)
    }

    fn find<'a>(
        &'a self,
        _: &'a Person,
    ) -> BoxFuture<'a, Result<Option<(Account, Profile)>, SendError>> {
        // Nobody is found by an address there: people are known once they have the app, or are pinned.
        Box::pin(async { Ok(None) })
    }

    fn show<'a>(
        &'a self,
        to: &'a Address,
        at: Option<&'a Posted>,
        card: &'a Card,
        language: Language,
    ) -> BoxFuture<'a, Result<Posted, SendError>> {
        Box::pin(async move {
            let laid = self.laid(to, card, language).await;
            let laid = laid.map_err(|error| SendError::Wrong(error.to_string()))?;
            let (service_url, place) = self.place(to).await?;
            let activity = activity(&laid);
            // One that was sent without our hearing its id cannot be rewritten: it is sent anew.
            if let Some(at) = at.filter(|at| !at.stamp.is_empty()) {
                match self.api().update(&service_url, &at.place, &at.stamp, &activity).await {
                    // Somebody deleted this copy: nothing is left to bring up to date.
                    Ok(()) | Err(ApiError::Gone) => return Ok(at.clone()),
                    // That conversation is over, and they have another now.
                    Err(ApiError::Unreachable(_)) if at.place != place => {}
                    Err(error) => return Err(send_error(error)),
                }
            }
            let stamp = self.api().send(&service_url, &place, &activity).await;
            Ok(Posted { place, stamp: stamp.map_err(send_error)? })
        })
    }

    fn draw_home<'a>(
        &'a self,
        _: &'a Account,
        _: Option<&'a str>,
        _: &'a Home,
        _: Language,
    ) -> BoxFuture<'a, Result<String, SendError>> {
        // The overview is a card there, drawn when it is asked for.
        Box::pin(async { Err(SendError::Unreachable("Teams has no Home".to_owned())) })
    }
}

impl Teams {
    /// Where a message goes: the Connector's address, and the conversation.
    async fn place(&self, to: &Address) -> Result<(String, String), SendError> {
        let account = match to {
            Address::Channel(channel) => {
                return Ok((self.service_url().to_owned(), channel.clone()));
            }
            Address::Account(account) => account,
        };
        let known = self.app().direct(account).await;
        let known = known.map_err(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "reading where somebody is written to");
            SendError::Later { after: None, why: "the database".to_owned() }
        })?;
        if let Some(direct) = known {
            return Ok((direct.service_url, direct.conversation));
        }
        let service_url = self.service_url().to_owned();
        let created =
            self.api().create_conversation(&service_url, &account.workspace, &account.user).await;
        let conversation = created.map_err(send_error)?;
        let direct = Direct {
            service_url: service_url.clone(),
            conversation: conversation.clone(),
            user: account.user.clone(),
        };
        if let Err(error) = self.app().note_direct(account, &direct).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "noting a conversation");
        }
        Ok((service_url, conversation))
    }

    /// A message within Teams' limits: reduced where the whole is beyond them, which is reported.
    async fn laid(&self, to: &Address, card: &Card, language: Language) -> Result<Laid, ShowError> {
        let laid = match (to, card) {
            (Address::Channel(_), Card::Ask(ask)) => self.laid_for_all(ask, language).await,
            _ => lay_out(language, card.template(), card),
        };
        match laid {
            Err(error @ ShowError::TooMuch { .. }) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a message was reduced to its sentence");
                Ok(reduced(language, card.summary(), card.id()))
            }
            laid => laid,
        }
    }

    /// A question in a channel: those who may decide see their own view of it.
    async fn laid_for_all(&self, ask: &Ask, language: Language) -> Result<Laid, ShowError> {
        let users = self.app().users_of(&ask.deciders, PLATFORM, REFRESHES).await;
        let refreshes = users.unwrap_or_else(|error| {
            // Without it they have the button that everybody has.
            tracing::warn!(error = &error as &dyn std::error::Error, "reading who may decide");
            Vec::new()
        });
        lay_out(language, "ask_channel", &ChannelAsk { ask, refreshes })
    }

    /// A question as everybody in a channel sees it.
    pub(super) async fn channel_ask(&self, voice: Voice<'_>, record: &Record) -> Result<Laid, Why> {
        let ask = cards::ask(voice, record, None);
        Ok(self.laid_for_all(&ask, voice.language).await?)
    }

    /// Takes the buttons off a copy that was pressed too late. Who died between posting it and noting
    /// where leaves one that nothing else ever rewrites.
    pub(super) async fn close_copy(&self, by: &By, record: &Record) {
        let Some(copy) = &by.copy else { return };
        let snapshot = self.app().policy();
        let language = if by.is_personal { self.language(by) } else { self.default_language() };
        let ask = cards::ask(Voice::new(&snapshot.policy, language), record, None);
        let laid = match lay_out(language, "ask", &ask) {
            Ok(laid) if !ask.is_open => laid,
            _ => return,
        };
        let rewritten =
            self.api().update(&by.service_url, &by.conversation, copy, &activity(&laid)).await;
        if let Err(error) = rewritten {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, request.id = %record.asked.id, "a late copy was not rewritten");
        }
    }
}

/// A card as a message.
pub(super) fn activity(laid: &Laid) -> Value {
    json!({
        "type": "message",
        "summary": laid.title,
        "attachments": [{ "contentType": CARD, "content": laid.card }],
    })
}

fn send_error(error: ApiError) -> SendError {
    match error {
        ApiError::Unreachable(why) => SendError::Unreachable(why),
        ApiError::Later { after, why } => SendError::Later { after, why },
        ApiError::ShutOut(why) => SendError::ShutOut(why),
        ApiError::Gone => SendError::Unreachable("the conversation is gone".to_owned()),
        error @ ApiError::Refused { .. } => SendError::Wrong(error.to_string()),
    }
}
