//! Messages about requests, posted and rewritten in Slack.
use super::handle::Slack;
use super::people::account;
use super::{PLATFORM, api::ApiError};
use crate::app::people::Profile;
use crate::chat::{Address, Messenger, Posted, SendError};
use crate::domain::language::Language;
use crate::domain::person::{Account, Person};
use crate::show::cards::Card;
use crate::show::home::Home;
use crate::show::reduced;
use crate::show::templates::{self, ShowError};
use futures_util::future::BoxFuture;
use serde_json::Value;

impl Messenger for Slack {
    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn carries(&self, channel: &str) -> bool {
        // Ids of channels there are letters and digits, which no other platform's are.
        channel.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }

    fn find<'a>(
        &'a self,
        person: &'a Person,
    ) -> BoxFuture<'a, Result<Option<(Account, Profile)>, SendError>> {
        Box::pin(async move {
            if !self.links_by_email() {
                return Ok(None);
            }
            let found = self.api().find_by_email(&person.email).await.map_err(send_error)?;
            let Some((user, mut facts)) = found else { return Ok(None) };
            if facts.locale.is_none() {
                // Slack finds people by address without saying what they read.
                facts.locale = self.api().user(&user).await.ok().and_then(|facts| facts.locale);
            }
            let workspace = facts.team_id.clone().unwrap_or_default();
            Ok(Some((account(&workspace, &user), self.profile(&facts))))
        })
    }

    fn show<'a>(
        &'a self,
        to: &'a Address,
        at: Option<&'a Posted>,
        card: &'a Card,
        language: Language,
    ) -> BoxFuture<'a, Result<Posted, SendError>> {
        Box::pin(async move {
            let laid_out =
                lay_out(card, language).map_err(|error| SendError::Wrong(error.to_string()))?;
            let text = laid_out.get("text").and_then(Value::as_str).unwrap_or_default();
            let blocks = laid_out.get("blocks").cloned().unwrap_or_default();
            match at {
                Some(at) => {
                    match self.api().update(&at.place, &at.stamp, text, blocks).await {
                        Ok(_) => Ok(at.clone()),
                        // Somebody deleted this copy: nothing is left to bring up to date.
                        Err(ApiError::Refused { code }) if code == "message_not_found" => {
                            Ok(at.clone())
                        }
                        Err(error) => Err(self.blamed(to, error).await),
                    }
                }
                None => {
                    let place = match to {
                        Address::Account(account) => &account.user,
                        Address::Channel(channel) => channel,
                    };
                    match self.api().post(place, text, blocks).await {
                        Ok(posted) => Ok(Posted { place: posted.channel, stamp: posted.ts }),
                        Err(error) => Err(self.blamed(to, error).await),
                    }
                }
            }
        })
    }

    fn draw_home<'a>(
        &'a self,
        account: &'a Account,
        over: Option<&'a str>,
        home: &'a Home,
        language: Language,
    ) -> BoxFuture<'a, Result<String, SendError>> {
        Box::pin(async move {
            let view = match templates::slack(language, "home", home) {
                Err(error @ ShowError::TooMuch { .. }) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "a Home was reduced to a sentence");
                    reduced::home(language)
                }
                laid_out => laid_out.map_err(|error| SendError::Wrong(error.to_string()))?,
            };
            let published = self.api().publish_home(&account.user, view, over).await;
            published.map(|view| view.hash).map_err(|error| match error.is_conflict() {
                true => SendError::Overtaken,
                false => send_error(error),
            })
        })
    }
}

impl Slack {
    /// What to do after an error. `account_inactive` says of a person or of our token that it is over:
    /// asking about the person tells which.
    async fn blamed(&self, to: &Address, error: ApiError) -> SendError {
        let Address::Account(account) = to else { return send_error(error) };
        if error.is_unreachable()
            && error.is_dead_token()
            && let Err(other) = self.api().user(&account.user).await
            && other.is_dead_token()
        {
            return SendError::ShutOut(other.to_string());
        }
        send_error(error)
    }
}

/// A message within Slack's limits: reduced where the whole is beyond them, which is reported.
fn lay_out(card: &Card, language: Language) -> Result<Value, ShowError> {
    match templates::slack(language, card.template(), card) {
        Err(error @ ShowError::TooMuch { .. }) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a message was reduced to its sentence and buttons");
            templates::slack_reduced(language, card.template(), card)
        }
        other => other,
    }
}

fn send_error(error: ApiError) -> SendError {
    if error.is_unreachable() {
        return SendError::Unreachable(error.to_string());
    }
    match error {
        ApiError::RateLimited { after } => {
            SendError::Later { after: Some(after), why: "rate limited".to_owned() }
        }
        ApiError::Later(why) => SendError::Later { after: None, why },
        ApiError::Refused { .. } if error.is_dead_token() => SendError::ShutOut(error.to_string()),
        ApiError::Refused { .. } => SendError::Wrong(error.to_string()),
    }
}
