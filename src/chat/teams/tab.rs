//! Who looks at the personal tab: Teams hands the page a token of Entra's for our app, and the page
//! brings it to us.
//!
//! It is an access token of version 2 that Entra made for our own app (`aud`), so that it is no use
//! to anybody else, on behalf of somebody (`scp`) who uses Teams (`azp`). It is verified with the keys
//! of the tenant that it names, which must be one that is served, and of what it says only two ids are
//! used: the tenant's and the account's. Names and addresses in it may be changed by whoever they
//! belong to.
use super::PLATFORM;
use super::door::is_here;
use crate::domain::person::Account;
use crate::token::cache::{KeyCache, NoKeysYet};
use crate::token::fetch::{Fetch, NoDocument};
use crate::token::jwt::{NoToken, Unverified};
use crate::token::keys::{Algorithm, Keys};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// The one thing that the token may be for; an admin gives it this name in Azure.
const SCOPE: &str = "access_as_user";
/// Who may ask for it: Teams on a phone or desk, and Teams in a browser.
/// <https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/authentication/tab-sso-register-aad>
const TEAMS: [&str; 2] =
    ["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"];
/// The version whose tokens name our app by its id and their issuer by its tenant.
const VERSION: &str = "2.0";
/// What an account is to the tenant that it is a guest of.
const GUEST: i64 = 1;
/// How far Entra's clock may be from ours: as for what the Bot Framework signs.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);
/// Longest wait for a tenant's keys: somebody looks at a page that loads.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose tokens are taken.
#[derive(Debug, Clone)]
pub struct TabSettings {
    /// Our app's id, in lower case.
    pub app_id: String,
    /// The tenants whose people are served, in lower case.
    pub tenants: Vec<String>,
    /// Where Entra signs people in, without a slash at the end.
    pub authority_url: String,
}

/// Reads who looks at the tab.
pub struct TabDoor {
    settings: TabSettings,
    fetch: Fetch,
    /// Those of each tenant that is served.
    keys: BTreeMap<String, KeyCache>,
}

/// What a verified token says.
#[derive(Clone, PartialEq, Eq)]
pub struct Word {
    /// Whose account it is.
    pub account: Account,
    /// What was signed: names the token.
    pub signed: String,
    /// How long it is good.
    pub until: DateTime<Utc>,
}

/// Why a token is not taken; for the log, without the token.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It is none of ours, or not now.
    #[error(transparent)]
    Token(#[from] NoToken),
    /// It names a tenant that is not served, or none.
    #[error("its tenant is not among those that are served")]
    OtherTenant,
    /// It is of another version.
    #[error("it is of version 1; set `requestedAccessTokenVersion` of the app in Entra to 2")]
    OtherVersion,
    /// Somebody else than Teams asked for it.
    #[error("it was not Teams who asked for it")]
    OtherClient,
    /// It is for something else, or nobody's in particular.
    #[error("its scope is not `access_as_user`")]
    OtherScope,
    /// Its account is another tenant's.
    #[error("its account is a guest's")]
    Guest,
    /// A tenant's keys cannot be had.
    #[error("asking Entra for its {0}")]
    Document(&'static str, #[source] NoDocument),
    /// What Entra answers is not what it should be.
    #[error("Entra's {0} cannot be used")]
    Unusable(&'static str),
    /// Its keys are not known, and somebody else just failed to get them.
    #[error(transparent)]
    NoKeys(#[from] NoKeysYet),
}

impl NotTaken {
    /// Whether it is our fault, or Entra's: the same token may be taken later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Document(..) | Self::Unusable(_) | Self::NoKeys(_) => true,
            Self::Token(_)
            | Self::OtherTenant
            | Self::OtherVersion
            | Self::OtherClient
            | Self::OtherScope
            | Self::Guest => false,
        }
    }
}

/// Where its keys are is asked of the tenant that a token names.
#[derive(Deserialize)]
struct Named {
    tid: String,
}

/// What the token must say.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    nbf: i64,
    ver: String,
    tid: String,
    oid: String,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    scp: Option<String>,
    /// Who signed them in, where that is not the tenant itself.
    #[serde(default)]
    idp: Option<String>,
    #[serde(default)]
    acct: Option<Value>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl TabDoor {
    /// A door for whom these settings name; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub fn new(settings: TabSettings) -> Result<Self, NoDocument> {
        let fetch = Fetch::new(is_here(&settings.authority_url))?;
        let tenants = settings.tenants.iter();
        let keys = tenants.map(|tenant| (tenant.clone(), KeyCache::default())).collect();
        Ok(Self { settings, fetch, keys })
    }

    /// Whose account a token is about, where Entra made it for us.
    ///
    /// # Errors
    ///
    /// [`NotTaken`] says why not.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Word, NotTaken> {
        let token = Unverified::read(token)?;
        let key = token.key().filter(|_| token.algorithm() == Algorithm::Rs256);
        let key = key.ok_or(NoToken::Malformed)?;
        let named: Named = token.unverified().ok_or(NoToken::Malformed)?;
        let tenant = named.tid.to_ascii_lowercase();
        let cache = self.keys.get(&tenant).ok_or(NotTaken::OtherTenant)?;
        let keys = cache.keys(Some(key), now, || self.fetch_keys(&tenant)).await?;
        let claims: Claims = token.signed(&keys)?;
        let until = self.check(&claims, &tenant, now)?;
        let account = Account {
            platform: PLATFORM.to_owned(),
            workspace: tenant,
            user: claims.oid.to_ascii_lowercase(),
        };
        Ok(Word { account, signed: token.message().to_owned(), until })
    }

    /// Until when it is good, where it says all that it must.
    fn check(
        &self,
        claims: &Claims,
        tenant: &str,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, NotTaken> {
        if claims.ver != VERSION {
            return Err(NotTaken::OtherVersion);
        }
        let issuer = self.issuer(tenant);
        let is_ours = claims.iss == issuer && claims.aud == self.settings.app_id;
        if !is_ours || !claims.tid.eq_ignore_ascii_case(tenant) || claims.oid.is_empty() {
            return Err(NoToken::NotForUs.into());
        }
        if !claims.azp.as_deref().is_some_and(|client| TEAMS.contains(&client)) {
            return Err(NotTaken::OtherClient);
        }
        let mut scopes = claims.scp.as_deref().unwrap_or_default().split(' ');
        if !scopes.any(|scope| scope == SCOPE) {
            return Err(NotTaken::OtherScope);
        }
        let is_elsewhere = claims.idp.as_ref().is_some_and(|idp| *idp != issuer);
        let is_guest = claims.acct.as_ref().is_some_and(|kind| kind.as_i64() == Some(GUEST));
        if is_elsewhere || is_guest {
            return Err(NotTaken::Guest);
        }
        let time = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(NoToken::Untimely);
        let (from, until) = (time(claims.nbf)?, time(claims.exp)?);
        if from > now + TOLERANCE || until <= now - TOLERANCE {
            return Err(NoToken::Untimely.into());
        }
        Ok(until.checked_add_signed(TOLERANCE).ok_or(NoToken::Untimely)?)
    }

    fn issuer(&self, tenant: &str) -> String {
        format!("{}/{tenant}/v2.0", self.settings.authority_url)
    }

    async fn fetch_keys(&self, tenant: &str) -> Result<Keys, NotTaken> {
        let keys = tokio::time::timeout(PATIENCE, self.ask_for_keys(tenant)).await;
        let keys = keys.unwrap_or(Err(NotTaken::Document("keys", NoDocument::Slow)));
        if let Err(error) = &keys {
            let error = error as &dyn std::error::Error;
            tracing::warn!(error, "the keys of a tenant cannot be had");
        }
        keys
    }

    async fn ask_for_keys(&self, tenant: &str) -> Result<Keys, NotTaken> {
        let issuer = self.issuer(tenant);
        let metadata = self.fetch.get(&format!("{issuer}/.well-known/openid-configuration")).await;
        let metadata = metadata.map_err(|error| NotTaken::Document("metadata", error))?;
        let metadata: Metadata =
            serde_json::from_slice(&metadata).map_err(|_| NotTaken::Unusable("metadata"))?;
        // Another issuer's document would have us take another issuer's tokens; without TLS, anybody
        // on the way could put keys of their own there.
        let is_safe = metadata.jwks_uri.starts_with("https:")
            || (is_here(&self.settings.authority_url) && is_here(&metadata.jwks_uri));
        if metadata.issuer != issuer || !is_safe {
            return Err(NotTaken::Unusable("metadata"));
        }
        let set = self.fetch.get(&metadata.jwks_uri).await;
        let set = set.map_err(|error| NotTaken::Document("keys", error))?;
        Keys::read(&set).ok_or(NotTaken::Unusable("key set"))
    }
}
