//! What is said by email: which news a letter holds, to whom it goes, and what admins hear where it
//! does not arrive.
use super::job::{CardKey, CardKind, Job, Recipient};
use super::news::{News, news};
use super::{ActError, App, alarm, effects};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::Person;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::store::outbox::Claim;
use crate::store::{Card, Mailed, Tx};
use chrono::{DateTime, Utc};

/// How [`Card::posted`](crate::store::Card) calls the way that is no chat platform.
pub const EMAIL: &str = "email";

/// What admins are told once while mail does not go out.
const MAIL_DOWN: &str = "mail_down";

/// A letter to write.
#[derive(Debug, Clone)]
pub struct ToMail {
    /// The request as it stands.
    pub record: Record,
    /// To whom.
    pub reader: Reader,
    /// What to keep once it is sent.
    pub mailed: Mailed,
}

/// Somebody who reads mail.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Who.
    pub person: Person,
    /// In which language, where it is known.
    pub language: Option<Language>,
}

/// What a message has for somebody by email.
#[derive(Debug, Clone)]
pub enum Mailing {
    /// This letter.
    Write(Box<ToMail>),
    /// Nothing that they have to know at once; this is kept, where it is not so already.
    Nothing(Option<Mailed>),
    /// Nobody reads it: the person left, or the message is no person's.
    Nobody,
}

impl App {
    /// What a message has for its recipient by email now; `platforms` are those that may know what
    /// they read.
    pub async fn to_mail(
        &self,
        key: &CardKey,
        platforms: &[&'static str],
    ) -> Result<Mailing, ActError> {
        let Recipient::Person(person) = &key.recipient else { return Ok(Mailing::Nobody) };
        let recipient = key.recipient.to_string();
        let mut tx = self.store().read().await?;
        let Some(record) = tx.request(key.request).await? else { return Ok(Mailing::Nobody) };
        let before = tx.mailed(key.request, key.kind.word(), &recipient).await?;
        let card = tx.card(key.request, key.kind.word(), &recipient).await?.map(|(card, _)| card);
        let Some(reader) = self.reader(&mut tx, person, platforms).await? else {
            return Ok(Mailing::Nobody);
        };
        drop(tx);
        let policy = self.policy();
        // Who was asked in chat is told by mail that it is over.
        let is_over = !matches!(record.state, State::PendingApproval { .. });
        let was_asked =
            is_over && key.kind == CardKind::Ask && card.is_some_and(|card| is_in_chat(&card));
        let last = before.as_ref().map(|before| before.news.as_str());
        let last = last.or(was_asked.then_some(super::news::ASKED));
        let sent = before.as_ref().map_or(0, |before| before.sent);
        let kept = |news: String| Mailed { news, sent };
        match news(&policy.policy, &record, key.kind, person, last) {
            News::Say(word) if last != Some(word.as_str()) => {
                let mailed = Mailed { news: word, sent: sent + 1 };
                Ok(Mailing::Write(Box::new(ToMail { record, reader, mailed })))
            }
            News::Quiet(word) if last != Some(word) => {
                Ok(Mailing::Nothing(Some(kept(word.to_owned()))))
            }
            News::Say(_) | News::Quiet(_) | News::Same => Ok(Mailing::Nothing(None)),
        }
    }

    /// Somebody as a reader of mail; `None` for whoever left.
    pub async fn mail_reader(
        &self,
        person: &PersonId,
        platforms: &[&'static str],
    ) -> Result<Option<Reader>, ActError> {
        let mut tx = self.store().read().await?;
        self.reader(&mut tx, person, platforms).await
    }

    async fn reader(
        &self,
        tx: &mut Tx,
        id: &PersonId,
        platforms: &[&'static str],
    ) -> Result<Option<Reader>, ActError> {
        let policy = self.policy();
        let Some(person) = policy.policy.directory.active(id).cloned() else { return Ok(None) };
        let mut language = person.language;
        for platform in platforms {
            if language.is_none() {
                language = self.reached(tx, id, platform).await?.and_then(|(_, noted)| noted);
            }
        }
        Ok(Some(Reader { person, language }))
    }

    /// Takes note of what a letter, or the lack of one, told; the work is done.
    pub async fn mailed(
        &self,
        claim: &Claim,
        key: &CardKey,
        mailed: Option<&Mailed>,
        has_arrived: bool,
    ) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.done(claim, self.now());
        let recipient = key.recipient.to_string();
        if let Some(mailed) = mailed {
            tx.keep_mailed(key.request, key.kind.word(), &recipient, mailed).await?;
        }
        if let Recipient::Person(person) = &key.recipient
            && has_arrived
        {
            tx.tell_again(&unreachable(person)).await?;
            tx.tell_again(MAIL_DOWN).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Queues the mail that takes a message's place in chat; what is known of the copy there is kept
    /// as `card`, and the work is done.
    pub async fn hand_to_mail(
        &self,
        claim: &Claim,
        key: &CardKey,
        (before, card): (&Card, &Card),
        record: &Record,
    ) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.done(claim, self.now());
        tx.queue(mail(key, record, false), self.now());
        if before.is_anew() {
            forget_news(&mut tx, key).await?;
        }
        tx.card_shown(before, card).await?;
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// Queues the mail about a copy that stays in chat, and its rewriting there at `at`; the work is
    /// done, so that nothing waits for the copy.
    pub async fn mail_and_rewrite(
        &self,
        claim: &Claim,
        key: &CardKey,
        record: &Record,
        at: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.done(claim, self.now());
        tx.queue(mail(key, record, false), self.now());
        tx.queue(Job::Rewrite(key.clone()).work(0), at);
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// Queues the mail about a message that stays in chat, too.
    pub async fn also_by_mail(&self, key: &CardKey, record: &Record) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.queue(mail(key, record, true), self.now());
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// Queues by email what a job about no request could not say in chat, or says there as well; the
    /// job that is `done` is done.
    pub async fn tell_by_mail(&self, done: Option<&Claim>, job: Job) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        if let Some(claim) = done {
            tx.done(claim, self.now());
        }
        let job = Job::Mail { what: Box::new(job), is_beside: done.is_none() };
        tx.queue(job.work(0), self.now());
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// Queues the word to the admins that somebody cannot be reached in any way; once, until a letter
    /// to them arrives.
    pub async fn tell_unreachable(&self, person: &PersonId) -> Result<(), ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        if !tx.tell_once(&unreachable(person), now).await? {
            return Ok(());
        }
        for recipient in alarm::hearers(&self.policy()) {
            if recipient != Recipient::Person(person.clone()) {
                let job = Job::TellUnreachable { person: person.clone(), recipient };
                tx.queue(job.work(0), now);
            }
        }
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// Queues the word to the admins that mail does not go out; once, until one does.
    pub async fn tell_mail_down(&self) -> Result<(), ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        if !tx.tell_once(MAIL_DOWN, now).await? {
            return Ok(());
        }
        for recipient in alarm::hearers(&self.policy()) {
            tx.queue(Job::TellMailDown { recipient }.work(0), now);
        }
        tx.commit().await?;
        self.ring();
        Ok(())
    }
}

/// Lets the same news be told again: it came to that once more.
async fn forget_news(tx: &mut Tx, key: &CardKey) -> Result<(), ActError> {
    let (kind, recipient) = (key.kind.word(), key.recipient.to_string());
    if let Some(mailed) = tx.mailed(key.request, kind, &recipient).await? {
        let forgotten = Mailed { news: String::new(), ..mailed };
        tx.keep_mailed(key.request, kind, &recipient, &forgotten).await?;
    }
    Ok(())
}

fn mail(key: &CardKey, record: &Record, is_beside: bool) -> crate::store::outbox::Work {
    let job = Job::Mail { what: Box::new(Job::Show(key.clone())), is_beside };
    job.work(effects::seq(record, key.kind))
}

fn is_in_chat(card: &Card) -> bool {
    card.posted.as_ref().is_some_and(|(platform, ..)| platform != EMAIL)
}

fn unreachable(person: &PersonId) -> String {
    format!("unreachable:{person}")
}
