//! Who may bring an activity: Microsoft's Bot Framework, for our app, from Teams, of a tenant that
//! is served.
//!
//! The token in the header is verified first, before anything of the body is read; then what the
//! body says is held against it. Every check of the Bot Framework's documentation is here, and three
//! more: where the Connector is, that the channel is Teams, and which tenant it is. The checks are
//! compared with those of Microsoft's own library by `scripts/check-bot-tokens`.
use super::service_url::{ServiceUrls, is_plain_here};
use crate::token::cache::{KeyCache, NoKeysYet};
use crate::token::fetch::{Fetch, NoDocument};
use crate::token::jwt::{NoToken, Unverified};
use crate::token::keys::{Algorithm, Keys};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;
use url::Url;

/// Who signs what Teams sends.
/// <https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication>
const ISSUER: &str = "https://api.botframework.com";
/// The Bot Framework's name of Teams. Its other channels (web chat, say) are signed by the same
/// issuer, and there anybody chooses who they are.
const CHANNEL: &str = "msteams";
/// How far the Bot Framework's clock may be from ours, in seconds: five minutes.
const TOLERANCE: i64 = 300;
/// Longest wait for its keys: Teams itself gives up after five seconds or some more.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who is let in.
#[derive(Debug, Clone)]
pub struct DoorSettings {
    /// Our app's id.
    pub app_id: String,
    /// The tenants whose people are served, in lower case.
    pub tenants: BTreeSet<String>,
    /// Where the Bot Framework says where its keys are.
    pub metadata_url: String,
    /// Where the Connector is configured to be.
    pub service_url: String,
}

/// Lets in what Teams sends.
pub struct BotDoor {
    settings: DoorSettings,
    urls: ServiceUrls,
    fetch: Fetch,
    keys: KeyCache,
}

/// What a verified token says; an activity must agree with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    service_url: String,
}

/// Why something is not let in; for the log, without the token.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no `Authorization: Bearer …`.
    #[error("it carries no token")]
    NoToken,
    /// The token is not taken.
    #[error(transparent)]
    Token(#[from] NoToken),
    /// The key that signed may not sign for Teams, or the activity is another channel's.
    #[error("it is not from Teams")]
    OtherChannel,
    /// The Connector's address is not the signed one, or not one of Microsoft's.
    #[error("its service address is not the signed one, or not Microsoft's")]
    OtherService,
    /// It is from a tenant that is not served.
    #[error("its tenant is not among those that are served")]
    OtherTenant,
    /// The Bot Framework's keys cannot be had.
    #[error("asking the Bot Framework for its {0}")]
    Document(&'static str, #[source] NoDocument),
    /// What the Bot Framework answers is not what it should be.
    #[error("the Bot Framework's {0} cannot be used")]
    Unusable(&'static str),
    /// Its keys are not known, and somebody else just failed to get them.
    #[error(transparent)]
    NoKeys(#[from] NoKeysYet),
}

impl Refusal {
    /// Whether it is our fault, or the Bot Framework's: the same thing may be let in later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Document(..) | Self::Unusable(_) | Self::NoKeys(_) => true,
            Self::NoToken
            | Self::Token(_)
            | Self::OtherChannel
            | Self::OtherService
            | Self::OtherTenant => false,
        }
    }
}

/// What the token must say.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    serviceurl: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    jwks_uri: String,
}

impl BotDoor {
    /// A door for whom these settings name; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub fn new(settings: DoorSettings) -> Result<Self, NoDocument> {
        let fetch = Fetch::new(is_here(&settings.metadata_url))?;
        let urls = ServiceUrls::new(&settings.service_url);
        Ok(Self { settings, urls, fetch, keys: KeyCache::default() })
    }

    /// What the token of an `Authorization` header says, where it is the Bot Framework's for us.
    ///
    /// # Errors
    ///
    /// [`Refusal`] says why it is not.
    pub async fn verify(
        &self,
        authorization: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Signed, Refusal> {
        let token = authorization.and_then(|text| text.strip_prefix("Bearer "));
        let token = Unverified::read(token.ok_or(Refusal::NoToken)?)?;
        let key = token.key().filter(|_| token.algorithm() == Algorithm::Rs256);
        let key = key.ok_or(NoToken::Malformed)?;
        let keys = self.keys.keys(Some(key), now, || self.fetch_keys()).await?;
        let claims: Claims = token.signed(&keys)?;
        if !keys.endorse(key, CHANNEL) {
            return Err(Refusal::OtherChannel);
        }
        claims.check(&self.settings.app_id, now.timestamp())?;
        let service_url = claims.serviceurl.ok_or(Refusal::OtherService)?;
        Ok(Signed { service_url })
    }

    /// Whether an activity is what was signed for: from Teams, of that Connector, of a tenant that is
    /// served.
    ///
    /// # Errors
    ///
    /// [`Refusal`] says why it is not.
    pub fn covers(&self, signed: &Signed, activity: &Value) -> Result<(), Refusal> {
        let text = |pointer: &str| activity.pointer(pointer).and_then(Value::as_str);
        if text("/channelId") != Some(CHANNEL) {
            return Err(Refusal::OtherChannel);
        }
        let is_signed = text("/serviceUrl") == Some(&signed.service_url);
        if !is_signed || self.urls.trusted(&signed.service_url).is_none() {
            return Err(Refusal::OtherService);
        }
        let tenant = text("/conversation/tenantId").map(str::to_ascii_lowercase);
        match tenant.is_some_and(|tenant| self.settings.tenants.contains(&tenant)) {
            true => Ok(()),
            false => Err(Refusal::OtherTenant),
        }
    }

    async fn fetch_keys(&self) -> Result<Keys, Refusal> {
        let keys = tokio::time::timeout(PATIENCE, self.ask_for_keys()).await;
        let keys = keys.unwrap_or(Err(Refusal::Document("keys", NoDocument::Slow)));
        if let Err(error) = &keys {
            let error = error as &dyn std::error::Error;
            tracing::warn!(error, "the Bot Framework's keys cannot be had");
        }
        keys
    }

    async fn ask_for_keys(&self) -> Result<Keys, Refusal> {
        let metadata = self.fetch.get(&self.settings.metadata_url).await;
        let metadata = metadata.map_err(|error| Refusal::Document("metadata", error))?;
        let metadata: Metadata =
            serde_json::from_slice(&metadata).map_err(|_| Refusal::Unusable("metadata"))?;
        // Without TLS, anybody on the way could put keys of their own there.
        let is_safe = metadata.jwks_uri.starts_with("https:")
            || (is_here(&self.settings.metadata_url) && is_here(&metadata.jwks_uri));
        if !is_safe {
            return Err(Refusal::Unusable("address of keys"));
        }
        let set = self.fetch.get(&metadata.jwks_uri).await;
        let set = set.map_err(|error| Refusal::Document("keys", error))?;
        Keys::read(&set).ok_or(Refusal::Unusable("key set"))
    }
}

impl Claims {
    fn check(&self, app_id: &str, now: i64) -> Result<(), NoToken> {
        if self.iss != ISSUER || self.aud != app_id {
            return Err(NoToken::NotForUs);
        }
        let is_early = self.nbf.is_some_and(|nbf| nbf > now.saturating_add(TOLERANCE));
        if self.exp.saturating_add(TOLERANCE) <= now || is_early {
            return Err(NoToken::Untimely);
        }
        Ok(())
    }
}

/// Whether an address is a rehearsal's on this machine, without TLS.
pub(super) fn is_here(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_plain_here(&url))
}
