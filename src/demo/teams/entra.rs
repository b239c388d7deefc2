//! Where tokens and keys are had: the bot's own tokens for the Connector, the keys that sign what
//! comes to the bot, and that signing.
use super::{Signer, State, Teams};
use axum::extract::{Form, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Who signs what comes to bots.
const ISSUER: &str = "https://api.botframework.com";
/// What a bot's token is for.
const SCOPE: &str = "https://api.botframework.com/.default";
/// How long a token is good.
const GOOD_FOR: TimeDelta = TimeDelta::hours(1);

/// What a token to the bot says; a test changes what it wants wrong.
pub type Claims = Value;

pub(super) fn routes() -> Router<Teams> {
    Router::new()
        .route("/metadata", get(metadata))
        .route("/keys", get(keys))
        .route("/token", post(token))
}

async fn metadata(Shared(teams): Shared<Teams>) -> Json<Value> {
    Json(json!({
        "issuer": ISSUER, "jwks_uri": format!("http://{}/keys", teams.0.address),
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

async fn keys(Shared(teams): Shared<Teams>) -> Response {
    let answer = teams.change(|state| {
        state.key_requests += 1;
        state.keys_down.then_some(())
    });
    if answer.is_some() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let until = teams.read(|state| state.keys_held.clone());
    until.cancelled().await;
    let endorsements = teams.read(|state| state.endorsements.clone());
    Json(json!({"keys": [teams.options().signer.public(&endorsements)]})).into_response()
}

async fn token(
    Shared(teams): Shared<Teams>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let now = teams.now();
    let options = teams.options();
    let said = |key: &str| form.get(key).map(String::as_str).unwrap_or_default();
    let is_right = said("grant_type") == "client_credentials"
        && said("client_id") == options.app_id
        && said("client_secret") == options.client_secret
        && said("scope") == SCOPE;
    let given = teams.change(|state| {
        state.token_requests += 1;
        (is_right && !state.secret_is_gone).then(|| state.give_token(now))
    });
    match given {
        Some(token) => Json(json!({
            "token_type": "Bearer", "expires_in": GOOD_FOR.num_seconds(), "access_token": token,
        }))
        .into_response(),
        None => {
            let refusal = json!({
                "error": "invalid_client", "error_codes": [7_000_215],
                "error_description": "AADSTS7000215: Invalid client secret provided.",
            });
            (StatusCode::UNAUTHORIZED, Json(refusal)).into_response()
        }
    }
}

impl State {
    fn give_token(&mut self, now: DateTime<Utc>) -> String {
        let token = format!("bot-token-{}", self.tokens.len());
        self.tokens.insert(token.clone(), now + GOOD_FOR);
        token
    }

    /// Whether the bot may call with this.
    pub(super) fn knows_token(&self, authorization: Option<&str>, now: DateTime<Utc>) -> bool {
        let token = authorization.and_then(|text| text.strip_prefix("Bearer "));
        token.and_then(|token| self.tokens.get(token)).is_some_and(|until| now < *until)
    }

    /// Takes back every token that was given out.
    pub fn take_tokens_back(&mut self) {
        self.tokens.values_mut().for_each(|until| *until = DateTime::UNIX_EPOCH);
    }
}

impl Teams {
    /// What a good token to the bot says now.
    pub fn claims(&self) -> Claims {
        let now = self.now().timestamp();
        json!({
            "iss": ISSUER, "aud": self.options().app_id, "serviceurl": self.service_url(),
            "nbf": now, "exp": now + GOOD_FOR.num_seconds(),
        })
    }

    /// A token that says this, signed by the Bot Framework's key.
    pub fn token(&self, claims: &Claims) -> String {
        let signer: &Signer = &self.options().signer;
        signer.signs(&json!({"alg": "RS256", "typ": "JWT", "kid": signer.id()}), claims)
    }
}
