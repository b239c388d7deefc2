//! A company's sign-in by OpenID Connect: where somebody is sent, and what they come back with.
//!
//! Authorization code with PKCE (S256), state and nonce; the caller keeps these three and hands
//! them in. The provider's own addresses come from its discovery document, once.
use super::cache::{KeyCache, NoKeysYet};
use super::fetch::{Fetch, NoDocument};
use super::jwt::{Claims, Expected, NoToken, Unverified};
use super::keys::Keys;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::timeout;
use url::{Url, form_urlencoded};

/// How a provider is reached.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Its own name of itself: an address, exactly as it writes it.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: SecretString,
    /// Where it sends people back to.
    pub returns_to: String,
    /// Whether its addresses are people's own also where it does not say so.
    pub trusts_addresses: bool,
    /// Longest wait for all that is asked of it at one step.
    pub patience: Duration,
}

/// People who wait for the provider at a time, with a seat of ours each.
const WAITING: usize = 16;

/// A provider.
pub struct Provider {
    settings: ProviderSettings,
    turns: Semaphore,
    fetch: Fetch,
    discovered: OnceCell<Arc<Discovered>>,
    keys: KeyCache,
}

/// What binds a sign-in to the browser that began it.
#[derive(Debug, Clone, Copy)]
pub struct Begun<'a> {
    /// Comes back with the answer.
    pub state: &'a str,
    /// Comes back in the token.
    pub nonce: &'a str,
    /// Proves to the provider who began; goes to nobody else.
    pub verifier: &'a str,
}

/// The provider's addresses.
#[derive(Debug, Clone, Deserialize)]
struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Answer {
    id_token: String,
}

/// Why nobody was signed in; for the log, never for people.
#[derive(Debug, thiserror::Error)]
pub enum NoSignIn {
    /// The provider cannot be asked.
    #[error("asking the provider for its {0}")]
    Document(&'static str, #[source] NoDocument),
    /// What it answers is not what it should be.
    #[error("the provider's {0} is not as it should be")]
    Unreadable(&'static str),
    /// Its token is not taken.
    #[error("the provider's token is not taken")]
    Token(#[from] NoToken),
    /// Its keys are not known, and somebody else just failed to get them.
    #[error(transparent)]
    Keys(#[from] NoKeysYet),
    /// It takes too long.
    #[error("the provider takes too long")]
    Slow,
    /// As many wait for it as may.
    #[error("too many wait for the provider already")]
    Crowded,
    /// It does not say whose address it is.
    #[error("the provider does not vouch for the address")]
    NoAddress,
}

impl Provider {
    /// A provider that is reached as these settings say; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub fn new(settings: ProviderSettings) -> Result<Self, NoDocument> {
        let fetch = Fetch::new(settings.issuer.starts_with("http:"))?;
        let (turns, keys) = (Semaphore::new(WAITING), KeyCache::default());
        Ok(Self { settings, turns, fetch, discovered: OnceCell::new(), keys })
    }

    /// Where somebody is sent to sign in.
    ///
    /// # Errors
    ///
    /// [`NoSignIn`] when the provider does not tell its addresses.
    pub async fn begin(&self, begun: Begun<'_>) -> Result<String, NoSignIn> {
        let discovered = match self.discovered.get() {
            Some(discovered) => Arc::clone(discovered),
            None => self.within(self.discovered()).await?,
        };
        let challenge = BASE64.encode(digest(&SHA256, begun.verifier.as_bytes()));
        let mut url = Url::parse(&discovered.authorization_endpoint)
            .map_err(|_| NoSignIn::Unreadable("authorization endpoint"))?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("scope", "openid email")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.settings.returns_to)
            .append_pair("state", begun.state)
            .append_pair("nonce", begun.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// The address of whoever came back with `code`.
    ///
    /// # Errors
    ///
    /// [`NoSignIn`] when the provider does not vouch for one.
    pub async fn finish(
        &self,
        code: &str,
        begun: Begun<'_>,
        now: DateTime<Utc>,
    ) -> Result<String, NoSignIn> {
        self.within(self.exchange(code, begun, now)).await
    }

    /// What `asking` gets of the provider in the time that there is for it.
    async fn within<T>(
        &self,
        asking: impl Future<Output = Result<T, NoSignIn>>,
    ) -> Result<T, NoSignIn> {
        let _turn = self.turns.try_acquire().map_err(|_| NoSignIn::Crowded)?;
        timeout(self.settings.patience, asking).await.map_err(|_| NoSignIn::Slow)?
    }

    async fn exchange(
        &self,
        code: &str,
        begun: Begun<'_>,
        now: DateTime<Utc>,
    ) -> Result<String, NoSignIn> {
        let discovered = self.discovered().await?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.settings.returns_to)
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("client_secret", self.settings.client_secret.expose_secret())
            .append_pair("code_verifier", begun.verifier)
            .finish();
        let answer = self.fetch.post(&discovered.token_endpoint, form).await;
        let answer = answer.map_err(|error| NoSignIn::Document("token", error))?;
        let answer: Answer =
            serde_json::from_slice(&answer).map_err(|_| NoSignIn::Unreadable("token answer"))?;
        let claims = self.claims(&answer.id_token, begun.nonce, now, &discovered).await?;
        let is_theirs = claims.email_verified.unwrap_or(self.settings.trusts_addresses);
        claims.email.filter(|email| is_theirs && !email.is_empty()).ok_or(NoSignIn::NoAddress)
    }

    async fn claims(
        &self,
        token: &str,
        nonce: &str,
        now: DateTime<Utc>,
        discovered: &Discovered,
    ) -> Result<Claims, NoSignIn> {
        let token = Unverified::read(token)?;
        let fetch = || async {
            let set = self.fetch.get(&discovered.jwks_uri).await;
            let set = set.map_err(|error| NoSignIn::Document("keys", error))?;
            Keys::read(&set).ok_or(NoSignIn::Unreadable("key set"))
        };
        let keys = self.keys.keys(token.key(), now, fetch).await?;
        let expected =
            Expected { issuer: &self.settings.issuer, audience: &self.settings.client_id, nonce };
        Ok(token.verify(&keys, expected, now)?)
    }

    /// The provider's addresses, asked for until it told them once.
    async fn discovered(&self) -> Result<Arc<Discovered>, NoSignIn> {
        let discovered = self.discovered.get_or_try_init(|| self.discover()).await?;
        Ok(Arc::clone(discovered))
    }

    async fn discover(&self) -> Result<Arc<Discovered>, NoSignIn> {
        let issuer = self.settings.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let document = self.fetch.get(&url).await;
        let document = document.map_err(|error| NoSignIn::Document("addresses", error))?;
        let discovered: Discovered =
            serde_json::from_slice(&document).map_err(|_| NoSignIn::Unreadable("addresses"))?;
        // Another issuer's document would have us take another issuer's tokens; an address without
        // TLS would tell them to everybody on the way.
        let is_safe = |address: &str| {
            address.starts_with("https:") || self.settings.issuer.starts_with("http:")
        };
        let all =
            [&discovered.authorization_endpoint, &discovered.token_endpoint, &discovered.jwks_uri];
        if discovered.issuer != self.settings.issuer || !all.into_iter().all(|one| is_safe(one)) {
            return Err(NoSignIn::Unreadable("addresses"));
        }
        Ok(Arc::new(discovered))
    }
}

#[cfg(test)]
#[path = "provider_tests.rs"]
mod tests;
