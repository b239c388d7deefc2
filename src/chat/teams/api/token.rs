//! What we show the Connector: a token of the app's own, asked for with its secret, kept until
//! shortly before it runs out. One caller asks at a time; whoever waited takes what came of it.
use super::ApiSettings;
use super::error::{self, ApiError};
use crate::token::fetch::Fetch;
use crate::token::turn::{Turn, Turns};
use chrono::{DateTime, TimeDelta, Utc};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use url::form_urlencoded;

/// What the token is for.
const SCOPE: &str = "https://api.botframework.com/.default";
/// How long before its end a token is renewed.
const EARLY: TimeDelta = TimeDelta::minutes(5);
/// What an admin is told of an app that gets none.
const NO_TOKEN: &str =
    "Microsoft gives the app no token: its client secret ran out, or is not taken any more";
/// Longest wait for one.
const PATIENCE: Duration = Duration::from_secs(10);

/// The token, and how another is had.
pub(super) struct OutboundToken {
    settings: ApiSettings,
    fetch: Fetch,
    kept: Mutex<Kept>,
    turns: Turns,
}

#[derive(Default)]
struct Kept {
    token: Option<(SecretString, DateTime<Utc>)>,
    /// Why there is none; for who waited.
    failure: Option<ApiError>,
}

#[derive(Deserialize)]
struct Given {
    access_token: SecretString,
    expires_in: i64,
}

impl OutboundToken {
    pub(super) fn new(settings: ApiSettings, fetch: Fetch) -> Self {
        settings.health.well();
        Self { settings, fetch, kept: Mutex::default(), turns: Turns::default() }
    }

    /// A token that is still good for a while.
    pub(super) async fn get(&self) -> Result<SecretString, ApiError> {
        if let Some(token) = self.good(EARLY) {
            return Ok(token);
        }
        let Turn::Ours(turn) = self.turns.next().await else { return self.of_another() };
        let asked = self.ask().await;
        let outcome = self.note(asked);
        turn.end();
        outcome
    }

    /// Keeps `token` no longer: the Connector did not take it.
    pub(super) fn forget(&self, token: &SecretString) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same =
            |(kept, _): &mut (SecretString, _)| kept.expose_secret() == token.expose_secret();
        kept.token.take_if(is_same);
    }

    /// The token, where it is good for longer than this.
    fn good(&self, longer_than: TimeDelta) -> Option<SecretString> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (token, until) = kept.token.as_ref()?;
        (self.settings.clock.now() + longer_than < *until).then(|| token.clone())
    }

    /// What came of it when another caller asked.
    fn of_another(&self) -> Result<SecretString, ApiError> {
        if let Some(token) = self.good(TimeDelta::zero()) {
            return Ok(token);
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = || ApiError::Later { after: None, why: "there is no token".to_owned() };
        Err(kept.failure.clone().unwrap_or_else(unknown))
    }

    /// Keeps what came of asking. While a token is good, no failure to renew it counts.
    fn note(&self, asked: Result<Given, ApiError>) -> Result<SecretString, ApiError> {
        let error = match asked {
            Ok(given) => {
                let until = self.settings.clock.now() + TimeDelta::seconds(given.expires_in.max(0));
                let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                *kept = Kept { token: Some((given.access_token.clone(), until)), failure: None };
                self.settings.health.well();
                return Ok(given.access_token);
            }
            Err(error) => error,
        };
        tracing::warn!(%error, "no token for the Bot Framework");
        if matches!(error, ApiError::ShutOut(_)) {
            self.settings.health.ails(NO_TOKEN);
        }
        if let Some(token) = self.good(TimeDelta::zero()) {
            return Ok(token);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.failure = Some(error.clone());
        Err(error)
    }

    async fn ask(&self) -> Result<Given, ApiError> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.settings.app_id)
            .append_pair("client_secret", self.settings.client_secret.expose_secret())
            .append_pair("scope", SCOPE)
            .finish();
        let request = Request::post(&self.settings.token_url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.fetch.call(request, Bytes::from(form), PATIENCE).await;
        let (head, body) = answer.map_err(|why| error::of_silence(&why))?;
        match head.status.as_u16() {
            200 => serde_json::from_slice(&body).map_err(|_| super::unreadable()),
            // Its code, and Entra's number for it: AADSTS7000222 is a secret that ran out.
            400..=499 if head.status != 429 && head.status != 408 => {
                Err(ApiError::ShutOut(refusal(&body)))
            }
            status => {
                let why = format!("the token's address answers {status}");
                Err(ApiError::Later { after: error::pause(&head), why })
            }
        }
    }
}

/// Entra's word for why there is no token: `invalid_client AADSTS7000222`.
fn refusal(body: &[u8]) -> String {
    let code = error::code(body);
    let number = serde_json::from_slice::<Value>(body).ok();
    let number = number.and_then(|body| body.pointer("/error_codes/0").and_then(Value::as_u64));
    let number = number.map(|number| format!(" AADSTS{number}")).unwrap_or_default();
    format!("no token: {code}{number}")
}
