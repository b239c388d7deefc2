//! Codes by mail: for whom one is made, and what trying one does.
//!
//! What strangers do who know somebody's address uses up nothing of who the address belongs to: a
//! code is asked for in one of two rooms ([`Room`]), and each is bounded by itself. Where twenty
//! wrong codes were tried in a day (UTC), no code of that room does until the next; the person and
//! the admins hear so, and the browser nothing, or it would learn that the address is known.
use super::{COOKIE_BYTES, Proof, SignIn};
use crate::app::ActError;
use crate::app::alarm::hearers;
use crate::app::job::{Job, Recipient};
use crate::app::seal::unhex;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::request::Actor;
use crate::ids;
use crate::store::audit::AuditEntry;
use crate::store::{Bound, CodeBounds, MailedCode, NewCode, Room, Tx};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// How long a code is good.
pub const CODE_LASTS: TimeDelta = TimeDelta::minutes(10);
/// How often a code may be tried.
const TRIES: i64 = 5;
/// Wrong tries for one person and room in a day: one chance in 50,000 a day to guess one, and far
/// more than anybody mistypes.
const WRONG_A_DAY: i64 = 20;
/// Nobody's mailbox is filled, and nobody waits for a code because another at the same place, behind
/// one address of a company's say, asked for many.
const BOUNDS: CodeBounds = CodeBounds {
    each: (6, TimeDelta::hours(1)),
    within: TimeDelta::minutes(15),
    browser: 3,
    client: 20,
    all: 1000,
};
/// How often a code is given a number anew where another of the same person's had it first: as many
/// as there can be of one person.
const TURNS: i64 = BOUNDS.each.0;
/// Codes there are.
const CODES: u32 = 1_000_000;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// Who asks for a code, as far as the network tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// What their browser's cookie holds.
    pub browser: String,
    /// Where they are: an address, or what stands for several.
    pub client: String,
    /// Whose codes theirs counts among.
    pub room: Room,
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

/// Somebody who is signed in from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct Entered {
    /// What the browser's cookie holds from then on.
    pub cookie: String,
    /// What it keeps beyond, so that it is known as theirs.
    pub known: String,
}

impl SignIn {
    /// What a browser keeps in which somebody signed in: it proves nothing, and tells strangers who
    /// know an address from its owner.
    pub fn known(&self, person: &PersonId) -> String {
        BASE64.encode(hmac::sign(&self.key, format!("known {person}").as_bytes()))
    }

    /// In which room a browser asks that keeps this; in constant time.
    pub fn room_of(&self, person: &PersonId, known: Option<&str>) -> Room {
        let known = known.and_then(|known| BASE64.decode(known).ok()).unwrap_or_default();
        match hmac::verify(&self.key, format!("known {person}").as_bytes(), &known) {
            Ok(()) => Room::Own,
            Err(_) => Room::Open,
        }
    }

    /// Makes a code for a person and the browser that asked; `None` where none may be sent now.
    pub async fn ask(&self, asker: &Asker, person: &PersonId) -> Result<Option<Letter>, ActError> {
        let policy = self.app.policy();
        let known = policy.policy.directory.active(person).filter(|known| !known.email.is_empty());
        let Some(known) = known else { return Ok(None) };
        match self.app.retried(|| self.try_to_ask(asker, person)).await? {
            Ok(code) => Ok(Some(Letter { person: known.clone(), code })),
            Err(why) => {
                tracing::warn!(reason = why, "a code to sign in was not sent");
                let what = format!("{}:{why}", asker.room.word());
                let body = serde_json::json!({
                    "person": person, "room": asker.room.word(), "why": why
                });
                let entry = self.entry("code_not_sent", body);
                self.app.audit_refused(person, &what, entry).await?;
                Ok(None)
            }
        }
    }

    /// A code, or why there is none, in a word.
    async fn try_to_ask(
        &self,
        asker: &Asker,
        person: &PersonId,
    ) -> Result<Result<String, &'static str>, ActError> {
        let (id, code) = (ids::fresh(), six_digits()?);
        let (now, room) = (self.app.now(), asker.room);
        let client = match room {
            Room::Open => self.hash("client", &asker.client),
            Room::Own => String::new(),
        };
        let new = NewCode {
            id: &id,
            person,
            room,
            browser: &self.hash("browser", &asker.browser),
            client: &client,
            mac: &self.hash("code", &format!("{id} {code}")),
            lasts: CODE_LASTS,
            tries: TRIES,
        };
        let mut tx = self.app.store().begin().await?;
        tx.forget_codes(now - BOUNDS.each.1).await?;
        tx.forget_wrong(day(now)).await?;
        if tx.wrong_tries(person, room, day(now)).await? >= WRONG_A_DAY {
            return Ok(Err("closed"));
        }
        for _ in 0..TURNS {
            match tx.add_code(new, BOUNDS, now).await? {
                None => {
                    tx.commit().await?;
                    return Ok(Ok(code));
                }
                // Another of theirs was made at this moment; it waited for that one's end.
                Some(Bound::All) => {}
                Some(bound) => return Ok(Err(word(bound))),
            }
        }
        Ok(Err(word(Bound::All)))
    }
    /// Signs in with a code; `None` where it does not do.
    pub async fn enter(&self, browser: &str, code: &str) -> Result<Option<Entered>, ActError> {
        self.app.retried(|| self.try_to_enter(browser, code)).await
    }

    async fn try_to_enter(&self, browser: &str, code: &str) -> Result<Option<Entered>, ActError> {
        let now = self.app.now();
        let browser = self.hash("browser", browser);
        let mut tx = self.app.store().begin().await?;
        let Some(open) = tx.try_code(&browser, now).await? else {
            let last = tx.last_code(&browser).await?;
            drop(tx);
            return self.refuse_old(last).await;
        };
        // Counted as wrong before it is looked at: tries at the same moment count each other.
        let wrong = tx.add_wrong(&open.person, open.room, day(now)).await?;
        let why = match () {
            () if wrong > WRONG_A_DAY => Some("closed"),
            () if !self.is_right(&open, code) => Some("wrong"),
            () if !self.app.is_active(&open.person) => Some("left"),
            () => None,
        };
        if let Some(why) = why {
            tx.audit(self.refused(&open, why));
            if wrong == WRONG_A_DAY {
                self.close(&mut tx, &open, now).await?;
            }
            tx.commit().await?;
            self.app.ring();
            return Ok(None);
        }
        if !tx.spend_code(&open.id, now).await? {
            return Ok(None);
        }
        tx.take_wrong_back(&open.person, open.room, day(now)).await?;
        let cookie = self.new_cookie()?;
        self.add_session(&mut tx, &cookie, &open.person, Proof::Code).await?;
        tx.commit().await?;
        Ok(Some(Entered { cookie, known: self.known(&open.person) }))
    }

    fn is_right(&self, open: &MailedCode, code: &str) -> bool {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let said = format!("code {} {digits}", open.id);
        unhex(&open.mac).is_some_and(|mac| hmac::verify(&self.key, said.as_bytes(), &mac).is_ok())
    }

    /// Records a try with a code that is too old, used, or tried too often. Whoever goes on with it
    /// leaves a row an hour, and who never had one leaves none.
    async fn refuse_old(&self, last: Option<MailedCode>) -> Result<Option<Entered>, ActError> {
        if let Some(last) = last {
            let entry = self.refused(&last, "over");
            self.app.audit_refused(&last.person, &last.id, entry).await?;
        }
        Ok(None)
    }

    /// Tells the admins and the person, once a day, that no code of this room does any more.
    async fn close(
        &self,
        tx: &mut Tx,
        open: &MailedCode,
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let MailedCode { person, room, .. } = open;
        let what = format!("sign_in_closed:{person}:{}:{}", room.word(), day(now));
        if !tx.tell_once(&what, now).await? {
            return Ok(());
        }
        let body = serde_json::json!({ "person": person, "room": room.word() });
        tx.audit(self.entry("sign_in_closed", body));
        let themselves = Recipient::Person(person.clone());
        let mut all = hearers(&self.app.policy());
        all.retain(|hearer| *hearer != themselves);
        all.push(themselves);
        for recipient in all {
            let (person, is_own) = (person.clone(), *room == Room::Own);
            tx.queue(Job::TellSignInClosed { person, is_own, recipient }.work(0), now);
        }
        Ok(())
    }

    fn refused(&self, code: &MailedCode, why: &'static str) -> AuditEntry {
        let body = serde_json::json!({
            "person": code.person, "room": code.room.word(), "why": why
        });
        self.entry("code_refused", body)
    }

    /// What nobody did who is known.
    fn entry(&self, kind: &'static str, body: serde_json::Value) -> AuditEntry {
        AuditEntry { at: self.app.now(), actor: Actor::Policy, kind, request: None, body }
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
}

/// Days since 1970, UTC.
fn day(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(DAY)
}

fn word(bound: Bound) -> &'static str {
    match bound {
        Bound::Person => "too many for one person",
        Bound::Browser => "too many for one browser",
        Bound::Client => "too many from one place",
        Bound::All => "too many",
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
