//! The calls we make of the Bot Framework's Connector: each with a time limit, none repeated here
//! but for a token that ran out early.
//!
//! Each call names the Connector that its conversation belongs to, and before a token goes there it
//! is looked whether that is one of Microsoft's. Ids are percent-encoded, so that none can lead
//! elsewhere.
mod answer;
mod error;
mod token;

pub use answer::Member;
pub use error::ApiError;

use super::service_url::{ServiceUrls, is_plain_here};
use crate::clock::Clock;
use crate::health::Part;
use crate::token::fetch::{Fetch, NoDocument};
use error::Call;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::http::response::Parts;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use token::OutboundToken;
use url::Url;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a bot's id begins with where people's begin with `29:`.
const BOT: &str = "28:";

/// How the Connector is reached.
#[derive(Clone)]
pub struct ApiSettings {
    /// Our app's id.
    pub app_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// Where tokens are given out for it.
    pub token_url: String,
    /// Where the Connector is configured to be; a call names its own.
    pub service_url: String,
    /// The time, for how long a token is good.
    pub clock: Arc<dyn Clock>,
    /// Is told when the app gets no token any more, and when it does again.
    pub health: Part,
}

/// The Connector, for one app.
#[derive(Clone)]
pub struct TeamsApi {
    app_id: String,
    urls: ServiceUrls,
    fetch: Fetch,
    token: Arc<OutboundToken>,
}

impl TeamsApi {
    /// Calls as the app that these settings name; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub fn new(settings: ApiSettings) -> Result<Self, NoDocument> {
        let urls = ServiceUrls::new(&settings.service_url);
        // Whoever rehearses on this machine needs no certificates.
        let is_local = [&settings.service_url, &settings.token_url]
            .into_iter()
            .all(|url| Url::parse(url).is_ok_and(|url| is_plain_here(&url)));
        let fetch = Fetch::new(is_local)?;
        let app_id = settings.app_id.clone();
        let token = Arc::new(OutboundToken::new(settings, fetch.clone()));
        Ok(Self { app_id, urls, fetch, token })
    }

    /// The conversation of the app with one person: their MRI, or their object id where they have
    /// the app. Asking again gives the same one.
    ///
    /// # Errors
    ///
    /// [`ApiError::Unreachable`] where they do not have the app.
    pub async fn create_conversation(
        &self,
        service_url: &str,
        tenant: &str,
        member: &str,
    ) -> Result<String, ApiError> {
        let body = json!({
            "isGroup": false, "tenantId": tenant, "channelData": {"tenant": {"id": tenant}},
            "bot": {"id": format!("{BOT}{}", self.app_id)}, "members": [{"id": member}],
        });
        let url = self.address(service_url, &[])?;
        let answer = self.ask(Call::Create, &url, Some(&body)).await?;
        let created: answer::Named = read(&answer)?;
        created.id.filter(|id| !id.is_empty()).ok_or_else(unreadable)
    }

    /// Sends an activity to a conversation and answers its id; empty where Teams names none. One with
    /// `recipient.isTargeted` is seen by that person alone.
    ///
    /// # Errors
    ///
    /// [`ApiError`] says what can be done about it.
    pub async fn send(
        &self,
        service_url: &str,
        conversation: &str,
        activity: &Value,
    ) -> Result<String, ApiError> {
        let mut url = self.address(service_url, &[conversation, "activities"])?;
        url.push_str(targeted(activity));
        let answer = self.ask(Call::Send, &url, Some(activity)).await?;
        // It is sent: an answer that cannot be read must not have it sent again.
        let sent: Option<answer::Named> = serde_json::from_slice(&answer).ok();
        Ok(sent.and_then(|sent| sent.id).unwrap_or_default())
    }

    /// Rewrites an activity of ours.
    ///
    /// # Errors
    ///
    /// [`ApiError::Gone`] where it is no longer there.
    pub async fn update(
        &self,
        service_url: &str,
        conversation: &str,
        activity_id: &str,
        activity: &Value,
    ) -> Result<(), ApiError> {
        if activity_id.is_empty() {
            return Err(ApiError::Gone);
        }
        let mut url = self.address(service_url, &[conversation, "activities", activity_id])?;
        url.push_str(targeted(activity));
        self.ask(Call::Update, &url, Some(activity)).await.map(drop)
    }

    /// What Teams says of one person of a conversation, by MRI or object id.
    ///
    /// # Errors
    ///
    /// [`ApiError`] says what can be done about it.
    pub async fn member(
        &self,
        service_url: &str,
        conversation: &str,
        user: &str,
    ) -> Result<Option<Member>, ApiError> {
        let url = self.address(service_url, &[conversation, "members", user])?;
        match self.ask(Call::Look, &url, None).await {
            Ok(answer) => read(&answer).map(Some),
            Err(ApiError::Gone) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An address below `/v3/conversations` of a Connector that is trusted.
    fn address(&self, service_url: &str, below: &[&str]) -> Result<String, ApiError> {
        let refused = |code: &str| ApiError::Refused { status: 0, code: code.to_owned() };
        let base = self.urls.trusted(service_url).ok_or_else(|| refused("untrusted_address"))?;
        let mut url = format!("{}/v3/conversations", base.as_str().trim_end_matches('/'));
        for part in below {
            // Dots alone would lead upwards.
            if part.bytes().all(|byte| byte == b'.') {
                return Err(refused("no_id"));
            }
            url.push('/');
            url.push_str(&encoded(part));
        }
        Ok(url)
    }

    async fn ask(&self, call: Call, url: &str, body: Option<&Value>) -> Result<Bytes, ApiError> {
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let token = self.token.get().await?;
        match self.ask_as(&token, call, url, body.clone()).await {
            // The token may have been taken back before its time: a new one tells.
            Err(ApiError::ShutOut(_)) => {
                self.token.forget(&token);
                self.ask_as(&self.token.get().await?, call, url, body).await
            }
            answer => answer,
        }
    }

    async fn ask_as(
        &self,
        token: &SecretString,
        call: Call,
        url: &str,
        body: Bytes,
    ) -> Result<Bytes, ApiError> {
        let request = Request::builder()
            .method(call.method())
            .uri(url)
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()));
        let answer = self.fetch.call(request, body, PATIENCE).await;
        let (head, body) = answer.map_err(|error| error::of_silence(&error))?;
        if head.status.is_success() { Ok(body) } else { Err(refusal(call, &head, &body)) }
    }
}

fn refusal(call: Call, head: &Parts, body: &[u8]) -> ApiError {
    let error = error::of_answer(call, head.status.as_u16(), &error::code(body), head);
    if let ApiError::Refused { status, code } = &error {
        tracing::error!(call = call.name(), status, code, "Teams finds our request wrong");
    }
    error
}

/// Sends to one person of a conversation alone, where the activity says so.
fn targeted(activity: &Value) -> &'static str {
    match activity.pointer("/recipient/isTargeted") {
        Some(Value::Bool(true)) => "?isTargetedActivity=true",
        _ => "",
    }
}

/// Percent-encoded as a part of a path: everything but letters, digits, `-`, `_`, `.` and `~`.
fn encoded(part: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let one = |byte: u8| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    part.bytes().map(one).collect()
}

fn read<T: DeserializeOwned>(answer: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(answer).map_err(|_| unreadable())
}

fn unreadable() -> ApiError {
    ApiError::Later { after: None, why: "an unreadable answer".to_owned() }
}
