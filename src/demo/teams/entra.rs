//! Where tokens and keys are had: the bot's own tokens for the Connector, the keys that sign what
//! comes to the bot, and that signing.
use super::{Person, Signer, State, Teams};
use axum::extract::{Form, Path, State as Shared};
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
/// Teams' own name in Entra, in a browser.
const TEAMS_IN_A_BROWSER: &str = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346";
/// How long a token is good.
const GOOD_FOR: TimeDelta = TimeDelta::hours(1);

/// What a token to the bot says; a test changes what it wants wrong.
pub type Claims = Value;

pub(super) fn routes() -> Router<Teams> {
    Router::new()
        .route("/metadata", get(metadata))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(tenant))
}

async fn metadata(Shared(teams): Shared<Teams>) -> Json<Value> {
    Json(json!({
        "issuer": ISSUER, "jwks_uri": format!("http://{}/keys", teams.0.address),
        "id_token_signing_alg_values_supported": ["RS256"],
    }))
}

/// A tenant's own: Entra signs for it with keys of its own; here, with the one that there is.
async fn tenant(Shared(teams): Shared<Teams>, Path(tenant): Path<String>) -> Json<Value> {
    Json(json!({
        "issuer": teams.issuer(&tenant), "jwks_uri": format!("http://{}/keys", teams.0.address),
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

    /// What a token says that a tab gets of Teams for one of its people.
    pub fn tab_claims(&self, person: &Person) -> Claims {
        let now = self.now().timestamp();
        json!({
            "iss": self.issuer(&person.tenant), "aud": self.options().app_id, "ver": "2.0",
            "azp": TEAMS_IN_A_BROWSER, "scp": "access_as_user", "tid": person.tenant,
            "oid": person.object_id, "name": person.name, "preferred_username": person.upn,
            "iat": now, "nbf": now, "exp": now + GOOD_FOR.num_seconds(),
        })
    }

    /// Entra's name of itself for a tenant.
    fn issuer(&self, tenant: &str) -> String {
        format!("{}/{tenant}/v2.0", self.authority_url())
    }

    /// Where a bot is told that Entra signs people in.
    pub fn authority_url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// A token that says this, signed by the Bot Framework's key.
    pub fn token(&self, claims: &Claims) -> String {
        let signer: &Signer = &self.options().signer;
        signer.signs(&json!({"alg": "RS256", "typ": "JWT", "kid": signer.id()}), claims)
    }
}
