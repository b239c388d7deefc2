//! Proving who one is to the web pages: codes by mail, and browsers that are signed in.
//!
//! A browser is a random text in its cookie. Before it is signed in, a code is bound to it; then it
//! gets another one, so that nobody can plant theirs. Of all of these only keyed hashes are stored,
//! and what a form carries is one more, so that a form from elsewhere does nothing.
//!
//! Nobody learns here whether an address is known: asking for a code answers nothing, and a code
//! that does not sign in gives no reason.
use super::{ActError, App};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::person::Person;
use crate::domain::request::Actor;
use crate::ids;
use crate::store::audit::AuditEntry;
use crate::store::{CodeBounds, NewCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::TimeDelta;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;

/// How long a code is good.
pub const CODE_LASTS: TimeDelta = TimeDelta::minutes(10);
/// How often a code may be tried: with three codes, one chance in 66,000 a quarter of an hour.
const TRIES: i64 = 5;
/// Codes that one person is sent, and all together, so that nobody fills mailboxes with ours.
const BOUNDS: CodeBounds = CodeBounds { within: TimeDelta::minutes(15), each: 3, all: 1000 };
/// Codes there are.
const CODES: u32 = 1_000_000;
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

/// A code on its way to its person.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who shall read it.
    pub person: Person,
    /// The six digits.
    pub code: String,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("person", &self.person.id).finish_non_exhaustive()
    }
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a code that was mailed to them.
    Code,
    /// By the company's sign-in.
    Provider,
}

impl Proof {
    fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Provider => "provider",
        }
    }
}

/// What binds the way to a company's sign-in to the way back, for one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Bound {
    /// Goes there and comes back.
    pub state: String,
    /// Goes there and comes back in the token.
    pub nonce: String,
    /// Shown to the provider alone, at the end.
    pub verifier: String,
    /// Where somebody goes then.
    pub next: String,
}

impl SignIn {
    /// Signing in to this application, hashed with `key`.
    pub fn new(app: App, key: &[u8]) -> Self {
        Self { app, key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, key)) }
    }

    /// A text for a cookie that nobody guesses.
    ///
    /// # Errors
    ///
    /// [`ActError::Seal`] when the machine has no random numbers.
    pub fn new_cookie(&self) -> Result<String, ActError> {
        let mut bytes = [0; COOKIE_BYTES];
        SystemRandom::new().fill(&mut bytes).map_err(|_| ActError::Seal)?;
        Ok(BASE64.encode(bytes))
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

    /// Makes a code for a person and the browser that asked; `None` where none may be sent now.
    pub async fn ask(&self, browser: &str, person: &PersonId) -> Result<Option<Letter>, ActError> {
        let policy = self.app.policy();
        let known = policy.policy.directory.active(person).filter(|known| !known.email.is_empty());
        let Some(known) = known else { return Ok(None) };
        let (id, code) = (ids::fresh(), six_digits()?);
        let new = NewCode {
            id: &id,
            person,
            browser: &self.hash("browser", browser),
            mac: &self.hash("code", &format!("{id} {code}")),
            lasts: CODE_LASTS,
            tries: TRIES,
        };
        let now = self.app.now();
        let mut tx = self.app.store().begin().await?;
        tx.forget_codes(now - BOUNDS.within).await?;
        if !tx.add_code(new, BOUNDS, now).await? {
            tracing::warn!("a code to sign in was not sent: too many were asked for");
            return Ok(None);
        }
        tx.commit().await?;
        Ok(Some(Letter { person: known.clone(), code }))
    }

    /// Signs in with a code: the cookie of the browser from then on, or `None`.
    pub async fn enter(&self, browser: &str, code: &str) -> Result<Option<String>, ActError> {
        self.app.retried(|| self.try_to_enter(browser, code)).await
    }

    async fn try_to_enter(&self, browser: &str, code: &str) -> Result<Option<String>, ActError> {
        let now = self.app.now();
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let mut tx = self.app.store().begin().await?;
        let Some(open) = tx.try_code(&self.hash("browser", browser), now).await? else {
            return Ok(None);
        };
        let said = format!("code {} {digits}", open.id);
        let is_right = super::seal::unhex(&open.mac)
            .is_some_and(|mac| hmac::verify(&self.key, said.as_bytes(), &mac).is_ok());
        if !is_right || !self.app.is_active(&open.person) {
            // The try is counted.
            tx.commit().await?;
            return Ok(None);
        }
        if !tx.spend_code(&open.id, now).await? {
            return Ok(None);
        }
        let cookie = self.new_cookie()?;
        self.add_session(&mut tx, &cookie, &open.person, Proof::Code).await?;
        tx.commit().await?;
        Ok(Some(cookie))
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
        tx: &mut crate::store::Tx,
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

    /// What a browser takes to the company's sign-in. It is made of its cookie, so that no other
    /// browser comes back with it.
    pub fn bind(&self, browser: &str, next: &str) -> Bound {
        let made = |text: String| BASE64.encode(hmac::sign(&self.key, text.as_bytes()));
        let state = made(format!("state {browser} {next}"));
        Bound {
            state: format!("{state}.{}", BASE64.encode(next)),
            nonce: made(format!("nonce {browser}")),
            verifier: made(format!("verifier {browser}")),
            next: next.to_owned(),
        }
    }

    /// What this browser took there, where it comes back with that `state`; in constant time.
    pub fn bound(&self, browser: &str, state: &str) -> Option<Bound> {
        let (signature, next) = state.split_once('.')?;
        let next = String::from_utf8(BASE64.decode(next).ok()?).ok()?;
        let signature = BASE64.decode(signature).ok()?;
        let said = format!("state {browser} {next}");
        hmac::verify(&self.key, said.as_bytes(), &signature).ok()?;
        Some(self.bind(browser, &next))
    }

    /// A keyed hash for one purpose, in hex.
    fn hash(&self, purpose: &str, text: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{purpose} {text}").as_bytes());
        tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Six digits, each as likely as any other.
fn six_digits() -> Result<String, ActError> {
    let random = SystemRandom::new();
    loop {
        let mut bytes = [0; 4];
        random.fill(&mut bytes).map_err(|_| ActError::Seal)?;
        let number = u32::from_be_bytes(bytes);
        // The last numbers would make the first codes likelier.
        if number < u32::MAX - u32::MAX % CODES {
            return Ok(format!("{:06}", number % CODES));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_digits_and_differ() {
        let codes: std::collections::BTreeSet<String> =
            (0..50).map(|_| six_digits().unwrap()).collect();

        assert!(codes.len() > 40, "{codes:?}");
        for code in codes {
            assert!(code.len() == 6 && code.chars().all(|c| c.is_ascii_digit()), "{code}");
        }
    }
}
