//! The calls we make of Slack's Web API: each with a time limit, none repeated here.
//!
//! The crate connects, authenticates and tells refusals from rate limits. Bodies are our own JSON,
//! so that nothing newer than the crate's types is lost (see [`super::shape`]); answers are read
//! leniently, so that a successful call is never taken for a failed one.
mod answer;
mod error;
#[cfg(test)]
mod tests;

pub use answer::{Posted, ShownView, UserFacts, Workspace};
pub use error::ApiError;

use super::shape;
use hyper_rustls::{ConfigBuilderExt, HttpsConnectorBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use slack_morphism::prelude::{
    ClientResult, SlackApiToken, SlackClient, SlackClientApiCallContext, SlackClientHttpConnector,
    SlackClientHyperHttpsConnector,
};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// How long any call may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long opening a view may take: its trigger lives 3 s from the person's click.
const TRIGGER_PATIENCE: Duration = Duration::from_millis(2500);
/// Where response URLs lead.
const HOOKS_HOST: &str = "hooks.slack.com";

/// Slack's Web API, for one app in one workspace or organisation.
#[derive(Clone)]
pub struct SlackApi {
    client: SlackClient<SlackClientHyperHttpsConnector>,
    token: SecretString,
    base: Url,
    tls: Arc<rustls::ClientConfig>,
}

/// Why the Web API cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is no address.
    #[error("the address of Slack's API is not a URL")]
    NotAUrl(#[source] url::ParseError),
    /// Tokens would travel in the clear.
    #[error("the address of Slack's API must begin with https:// (http:// only on loopback)")]
    NotSecure,
    /// TLS cannot be set up.
    #[error("TLS is not available")]
    Tls(#[source] rustls::Error),
    /// The machine trusts nobody.
    #[error("this machine has no trusted certificates; install its ca-certificates package")]
    NoRoots(#[source] std::io::Error),
}

impl std::fmt::Debug for SlackApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlackApi").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// Whether a URL leads to this machine only.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whom we trust; nobody where the API is on loopback, so that tests need no certificates.
fn tls_config(needs_roots: bool) -> Result<rustls::ClientConfig, SetupError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(SetupError::Tls)?;
    let builder = if needs_roots {
        builder.with_native_roots().map_err(SetupError::NoRoots)?
    } else {
        builder.with_root_certificates(rustls::RootCertStore::empty())
    };
    Ok(builder.with_no_client_auth())
}

impl SlackApi {
    /// Talks to the API at `api_url`, for example `https://slack.com/api`, as the owner of `token`.
    ///
    /// # Errors
    ///
    /// [`SetupError`] says what an admin can change.
    pub fn new(api_url: &str, token: SecretString) -> Result<Self, SetupError> {
        let base = Url::parse(api_url.trim_end_matches('/')).map_err(SetupError::NotAUrl)?;
        let is_local = base.scheme() == "http" && is_loopback(&base);
        if base.scheme() != "https" && !is_local {
            return Err(SetupError::NotSecure);
        }
        let tls = tls_config(!is_local)?;
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.clone())
            .https_or_http()
            .enable_http1()
            .build();
        let connector = SlackClientHyperHttpsConnector::with_connector(connector)
            .with_slack_api_url(base.as_str().trim_end_matches('/'));
        Ok(Self { client: SlackClient::new(connector), token, base, tls: Arc::new(tls) })
    }

    /// How to reach Slack's sockets.
    pub(super) fn tls(&self) -> Arc<rustls::ClientConfig> {
        self.tls.clone()
    }

    /// Who and where this app is.
    pub async fn auth_test(&self) -> Result<Workspace, ApiError> {
        self.ask("auth.test", &[]).await
    }

    /// What Slack says of an account.
    pub async fn user(&self, user_id: &str) -> Result<UserFacts, ApiError> {
        let arguments = [("user", user_id), ("include_locale", "true")];
        self.ask::<answer::User>("users.info", &arguments).await.map(|answer| answer.facts())
    }

    /// The account with a confirmed address, if there is one.
    pub async fn find_by_email(
        &self,
        email: &str,
    ) -> Result<Option<(String, UserFacts)>, ApiError> {
        match self.ask::<answer::User>("users.lookupByEmail", &[("email", email)]).await {
            Ok(answer) => {
                let facts = answer.facts();
                Ok(Some((facts.id.clone(), facts)))
            }
            Err(ApiError::Refused { code }) if code == "users_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Posts to a channel, or to a person by their user id.
    pub async fn post(&self, channel: &str, text: &str, blocks: Value) -> Result<Posted, ApiError> {
        let body = json!({
            "channel": channel, "text": text, "blocks": blocks,
            "unfurl_links": false, "unfurl_media": false, "link_names": false,
        });
        self.tell("chat.postMessage", &body, PATIENCE).await
    }

    /// Rewrites a message; `channel` is the id that posting answered with.
    pub async fn update(
        &self,
        channel: &str,
        ts: &str,
        text: &str,
        blocks: Value,
    ) -> Result<(), ApiError> {
        let body = json!({
            "channel": channel, "ts": ts, "text": text, "blocks": blocks, "link_names": false,
        });
        self.tell::<Value>("chat.update", &body, PATIENCE).await.map(|_| ())
    }

    /// Shows a message to one member of a channel only.
    pub async fn ephemeral(
        &self,
        channel: &str,
        user: &str,
        text: &str,
        blocks: Value,
    ) -> Result<(), ApiError> {
        let body = json!({
            "channel": channel, "user": user, "text": text, "blocks": blocks,
            "link_names": false,
        });
        self.tell::<Value>("chat.postEphemeral", &body, PATIENCE).await.map(|_| ())
    }

    /// Opens a modal for whoever pulled the trigger, within the trigger's life.
    pub async fn open_view(&self, trigger_id: &str, view: Value) -> Result<ShownView, ApiError> {
        let body = json!({"trigger_id": trigger_id, "view": view});
        let answer: answer::View = self.tell("views.open", &body, TRIGGER_PATIENCE).await?;
        Ok(answer.view)
    }

    /// Puts a modal on top of the one that the trigger was pulled in.
    pub async fn push_view(&self, trigger_id: &str, view: Value) -> Result<ShownView, ApiError> {
        let body = json!({"trigger_id": trigger_id, "view": view});
        let answer: answer::View = self.tell("views.push", &body, TRIGGER_PATIENCE).await?;
        Ok(answer.view)
    }

    /// Replaces a modal; with `hash`, only if nobody else did since.
    pub async fn update_view(
        &self,
        view_id: &str,
        hash: Option<&str>,
        view: Value,
    ) -> Result<ShownView, ApiError> {
        let body = with_hash(json!({"view_id": view_id, "view": view}), hash);
        let answer: answer::View = self.tell("views.update", &body, PATIENCE).await?;
        Ok(answer.view)
    }

    /// Replaces a person's App Home; with `hash`, only if nobody else did since.
    pub async fn publish_home(
        &self,
        user: &str,
        view: Value,
        hash: Option<&str>,
    ) -> Result<ShownView, ApiError> {
        let body = with_hash(json!({"user_id": user, "view": view}), hash);
        let answer: answer::View = self.tell("views.publish", &body, PATIENCE).await?;
        Ok(answer.view)
    }

    /// Answers a command or a click through its response URL, which works five times in 30 minutes.
    pub async fn respond(&self, response_url: &str, message: Value) -> Result<(), ApiError> {
        let url = Url::parse(response_url).ok().filter(|url| self.may_answer_to(url));
        let Some(url) = url else {
            return Err(ApiError::Refused { code: "foreign_url".to_owned() });
        };
        // The crate hides this URL from its traces: who knows it may post.
        let span = tracing::Span::none();
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let connector = &self.client.http_api.connector;
        let call = connector.http_post_uri::<Value, Value>(url, &message, context);
        within(PATIENCE, call).await.map(|_| ())
    }

    /// A fresh address for one Socket Mode connection; it holds a ticket, so it is a secret.
    pub async fn open_connection(
        &self,
        app_token: &SecretString,
    ) -> Result<SecretString, ApiError> {
        let method = "apps.connections.open";
        let answer: answer::Connection =
            self.tell_as(app_token, method, &json!({}), PATIENCE).await?;
        let url = Url::parse(answer.url.expose_secret()).ok();
        if !url.is_some_and(|url| self.may_connect_to(&url)) {
            return Err(ApiError::Refused { code: "foreign_url".to_owned() });
        }
        Ok(answer.url)
    }

    /// Response URLs come with signed payloads, yet must not make us call anybody else.
    fn may_answer_to(&self, url: &Url) -> bool {
        let is_hook = url.scheme() == "https"
            && url.host_str() == Some(HOOKS_HOST)
            && url.port_or_known_default() == Some(443);
        is_hook || (self.is_local() && url.origin() == self.base.origin())
    }

    fn may_connect_to(&self, url: &Url) -> bool {
        url.scheme() == "wss" || (url.scheme() == "ws" && self.is_local() && is_loopback(url))
    }

    fn is_local(&self) -> bool {
        self.base.scheme() == "http"
    }

    async fn ask<T: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        arguments: &[(&str, &str)],
    ) -> Result<T, ApiError> {
        let token = SlackApiToken::new(self.token.expose_secret().into());
        let session = self.client.open_session(&token);
        let arguments: Vec<_> =
            arguments.iter().map(|(name, value)| (*name, Some(*value))).collect();
        within(PATIENCE, session.http_session_api.http_get(method, &arguments, None)).await
    }

    async fn tell<T: DeserializeOwned + Send>(
        &self,
        method: &'static str,
        body: &Value,
        patience: Duration,
    ) -> Result<T, ApiError> {
        let told = self.tell_as(&self.token, method, body, patience).await;
        if let Err(error) = &told
            && error.is_ours()
        {
            let place = misshapen(body).map(|place| place.to_string());
            tracing::error!(method, %error, place, "Slack finds our request wrong");
        }
        told
    }

    async fn tell_as<T: DeserializeOwned + Send>(
        &self,
        token: &SecretString,
        method: &'static str,
        body: &Value,
        patience: Duration,
    ) -> Result<T, ApiError> {
        let token = SlackApiToken::new(token.expose_secret().into());
        let session = self.client.open_session(&token);
        within(patience, session.http_session_api.http_post(method, body, None)).await
    }
}

async fn within<T>(
    patience: Duration,
    call: impl Future<Output = ClientResult<T>>,
) -> Result<T, ApiError> {
    match tokio::time::timeout(patience, call).await {
        Ok(answer) => answer.map_err(ApiError::of),
        Err(_) => Err(ApiError::Later(format!("nothing within {} ms", patience.as_millis()))),
    }
}

fn with_hash(mut body: Value, hash: Option<&str>) -> Value {
    if let (Some(fields), Some(hash)) = (body.as_object_mut(), hash) {
        fields.insert("hash".to_owned(), hash.into());
    }
    body
}

fn misshapen(body: &Value) -> Option<shape::Misshapen> {
    match (body.get("view"), body.get("blocks")) {
        (Some(view), _) => shape::view(view).err(),
        (None, Some(blocks)) => shape::blocks(blocks).err(),
        (None, None) => None,
    }
}
