//! Proving who one is to the web pages: codes by mail, and browsers that are signed in.
//!
//! A browser is a random text in its cookie. Before it is signed in, a code is bound to it; then it
//! gets another one, so that nobody can plant theirs. Of all of these only keyed hashes are stored,
//! and what a form carries is one more, so that a form from elsewhere does nothing.
//!
//! Nobody learns here whether an address is known: asking for a code answers nothing, and a code
//! that does not sign in gives no reason.
mod bound;
mod codes;
mod tab;

pub use crate::store::Room;
pub use bound::Bound;
pub use codes::{Asker, CODE_LASTS, Entered, Letter};
pub use tab::{Brought, NotSignedIn};

use super::{ActError, App};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::request::Actor;
use crate::store::Tx;
use crate::store::audit::AuditEntry;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::TimeDelta;
use ring::hmac;
use std::sync::Arc;

/// How long a browser stays signed in at most.
const SESSION_LASTS: TimeDelta = TimeDelta::hours(12);
/// How long it stays so without being used.
const SESSION_IDLES: TimeDelta = TimeDelta::hours(1);
/// How exactly its use is noted, so that not every page writes.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Random bytes in a cookie: more than anybody can guess.
const COOKIE_BYTES: usize = 32;

/// The use cases of signing in. Cheap to clone.
#[derive(Clone)]
pub struct SignIn {
    app: App,
    key: Arc<hmac::Key>,
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a code that was mailed to them.
    Code,
    /// By the company's sign-in.
    Provider,
    /// By Teams' word, in its tab.
    Teams,
}

impl Proof {
    fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Provider => "provider",
            Self::Teams => "teams",
        }
    }
}

impl SignIn {
    /// Signing in to this application, hashed with `key`.
    pub fn new(app: App, key: &[u8]) -> Self {
        Self { app, key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key)) }
    }

    /// What the forms carry that are drawn for the browser with this cookie.
    pub fn form_token(&self, cookie: &str) -> String {
        BASE64.encode(hmac::sign(&self.key, format!("form {cookie}").as_bytes()))
    }

    /// Whether a form was drawn for the browser with this cookie; in constant time.
    pub fn is_form_token(&self, cookie: &str, token: &str) -> bool {
        let Ok(token) = BASE64.decode(token) else { return false };
        hmac::verify(&self.key, format!("form {cookie}").as_bytes(), &token).is_ok()
    }

    /// The one active person with this address on file; addresses are compared without case.
    pub fn with_address(&self, address: &str) -> Option<PersonId> {
        let policy = self.app.policy();
        let people = policy.policy.directory.people.values();
        let mut found = people.filter(|person| {
            person.is_active
                && !person.email.is_empty()
                && person.email.eq_ignore_ascii_case(address.trim())
        });
        match (found.next(), found.next()) {
            (Some(person), None) => Some(person.id.clone()),
            _ => None,
        }
    }

    /// Signs in somebody who proved who they are elsewhere: the cookie from then on.
    pub async fn begin(&self, person: &PersonId, proof: Proof) -> Result<String, ActError> {
        let cookie = self.new_cookie()?;
        let mut tx = self.app.store().begin().await?;
        self.add_session(&mut tx, &cookie, person, proof).await?;
        tx.commit().await?;
        Ok(cookie)
    }

    async fn add_session(
        &self,
        tx: &mut Tx,
        cookie: &str,
        person: &PersonId,
        proof: Proof,
    ) -> Result<(), ActError> {
        let now = self.app.now();
        tx.forget_sessions(now - SESSION_LASTS, now - SESSION_IDLES).await?;
        tx.add_session(&self.hash("session", cookie), person, proof.word(), now).await?;
        tx.audit(AuditEntry {
            at: now,
            actor: Actor::Person(person.clone()),
            kind: "signed_in",
            request: None,
            body: serde_json::json!({ "way": proof.word() }),
        });
        Ok(())
    }

    /// Who uses the browser with this cookie; nobody where it is not signed in, or no longer, or
    /// they have left.
    pub async fn reader(&self, cookie: &str) -> Result<Option<PersonId>, ActError> {
        let (now, id) = (self.app.now(), self.hash("session", cookie));
        let (made, seen) = (now - SESSION_LASTS, now - SESSION_IDLES);
        let found = self.app.store().read().await?.session(&id, made, seen).await?;
        let Some(found) = found.filter(|found| self.app.is_active(&found.person)) else {
            return Ok(None);
        };
        if now - found.seen_at >= SEEN_EVERY {
            let mut tx = self.app.store().begin().await?;
            tx.see_session(&id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(found.person))
    }

    /// Signs the browser with this cookie out, where it is signed in.
    pub async fn end_if_any(&self, cookie: &str) -> Result<(), ActError> {
        match self.reader(cookie).await? {
            Some(person) => self.end(cookie, &person).await,
            None => Ok(()),
        }
    }

    /// Signs the browser with this cookie out.
    pub async fn end(&self, cookie: &str, person: &PersonId) -> Result<(), ActError> {
        let mut tx = self.app.store().begin().await?;
        if tx.end_session(&self.hash("session", cookie)).await? {
            tx.audit(AuditEntry {
                at: self.app.now(),
                actor: Actor::Person(person.clone()),
                kind: "signed_out",
                request: None,
                body: serde_json::json!({}),
            });
            tx.commit().await?;
        }
        Ok(())
    }

    /// Records that somebody used a link that names somebody else.
    pub async fn refuse_link(&self, reader: &PersonId, id: RequestId) -> Result<(), ActError> {
        self.app.audit_refused_look(reader, id, super::refusals::Look::Link).await
    }

    /// A keyed hash for one purpose, in hex.
    fn hash(&self, purpose: &str, text: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{purpose} {text}").as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
