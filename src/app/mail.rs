//! What is said by email: which news a letter holds, to whom it goes, and how what is said goes over
//! from chat to mail and back.
use super::job::{CardKey, CardKind, Job, Recipient};
use super::mail_faults::arrived;
use super::news::{News, news};
use super::{ActError, App, effects};
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
        let mut tx = self.store().read().await?;
        let found = tx.card(key.request, key.kind.word(), &key.recipient.to_string()).await?;
        let Some((card, record)) = found else { return Ok(Mailing::Nobody) };
        let before = mailed(&mut tx, key).await?;
        let Some(reader) = self.reader(&mut tx, person, platforms).await? else {
            return Ok(Mailing::Nobody);
        };
        drop(tx);
        let news = self.news(key, (&card, &record), person, before.as_ref());
        let sent = before.map_or(0, |before| before.sent);
        Ok(match news {
            News::Say(news) => {
                let mailed = Mailed { news, sent: sent + 1 };
                Mailing::Write(Box::new(ToMail { record, reader, mailed }))
            }
            News::Quiet(word) => Mailing::Nothing(Some(Mailed { news: word.to_owned(), sent })),
            News::Same => Mailing::Nothing(None),
        })
    }

    /// Whether a message that went over to mail has something for its reader that they do not know
    /// and must.
    pub async fn has_news(
        &self,
        tx: &mut Tx,
        key: &CardKey,
        (card, record): (&Card, &Record),
    ) -> Result<bool, ActError> {
        let Recipient::Person(person) = &key.recipient else { return Ok(false) };
        // What is to be posted once more is told again.
        let before = if card.is_anew() { None } else { mailed(tx, key).await? };
        let news = self.news(key, (card, record), person, before.as_ref());
        Ok(matches!(news, News::Say(_)))
    }

    /// Takes note of what chat told, where mail told something of it, or was to.
    pub async fn told_in_chat(
        &self,
        tx: &mut Tx,
        key: &CardKey,
        (before, record): (&Card, &Record),
    ) -> Result<(), ActError> {
        let Recipient::Person(person) = &key.recipient else { return Ok(()) };
        let told = mailed(tx, key).await?;
        if told.is_none() && !is_mailed(before) {
            return Ok(());
        }
        let news = match self.news(key, (before, record), person, told.as_ref()) {
            News::Say(word) => word,
            News::Quiet(word) => word.to_owned(),
            News::Same => return Ok(()),
        };
        let sent = told.map_or(0, |told| told.sent);
        let (kind, recipient) = (key.kind.word(), key.recipient.to_string());
        tx.keep_mailed(key.request, kind, &recipient, &Mailed { news, sent }).await?;
        Ok(())
    }

    /// The news that a message holds beside what its reader was told.
    fn news(
        &self,
        key: &CardKey,
        (card, record): (&Card, &Record),
        reader: &PersonId,
        told: Option<&Mailed>,
    ) -> News {
        // Who was asked in chat is told by mail that it is over.
        let is_over = !matches!(record.state, State::PendingApproval { .. });
        let was_asked = is_over && key.kind == CardKind::Ask && is_in_chat(card);
        let last = told.map(|told| told.news.as_str());
        let last = last.or(was_asked.then_some(super::news::ASKED));
        match news(&self.policy().policy, record, key.kind, reader, last) {
            News::Say(word) if last == Some(word.as_str()) => News::Same,
            News::Quiet(word) if last == Some(word) => News::Same,
            other => other,
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
                language = self.reached(tx, id, platform).await?.and_then(|met| met.language);
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
            arrived(&mut tx, person, self.now()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes note that a letter about no request arrived; the work is done.
    pub async fn note_mailed(&self, claim: &Claim, person: &PersonId) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.done(claim, self.now());
        arrived(&mut tx, person, self.now()).await?;
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

    /// Queues by email what a job about no request could not say in chat; the work is done.
    pub async fn tell_by_mail(&self, claim: &Claim, job: Job) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.done(claim, self.now());
        tx.queue(Job::Mail { what: Box::new(job), is_beside: false }.work(0), self.now());
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// Queues by email what a job about no request says, and what is left of the job: saying it in
    /// chat. So however often chat is tried, there is one mail.
    pub async fn tell_both_ways(&self, claim: &Claim, job: Job) -> Result<(), ActError> {
        let (now, what) = (self.now(), Box::new(job));
        let mut tx = self.store().begin().await?;
        tx.done(claim, now);
        tx.queue(Job::Mail { what: what.clone(), is_beside: true }.work(0), now);
        tx.queue(Job::InChat { what }.work(0), now);
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// Gives back to chat what waits to go by mail and cannot any more; the work is done.
    pub async fn back_to_chat(&self, claim: &Claim, what: &Job) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.done(claim, self.now());
        let mut seq = 0;
        if let Job::Show(key) = what {
            let (kind, recipient) = (key.kind.word(), key.recipient.to_string());
            let Some((card, record)) = tx.card(key.request, kind, &recipient).await? else {
                return Ok(tx.commit().await?);
            };
            if !card.is_anew() {
                tx.card_shown(&card, &Card { shown_version: 0, ..card.clone() }).await?;
            }
            seq = effects::seq(&record, key.kind);
        }
        tx.queue(what.work(seq), self.now());
        tx.commit().await?;
        self.ring();
        Ok(())
    }
}

/// Lets the same news be told again: it came to that once more.
async fn forget_news(tx: &mut Tx, key: &CardKey) -> Result<(), ActError> {
    let (kind, recipient) = (key.kind.word(), key.recipient.to_string());
    if let Some(before) = mailed(tx, key).await? {
        let forgotten = Mailed { news: String::new(), ..before };
        tx.keep_mailed(key.request, kind, &recipient, &forgotten).await?;
    }
    Ok(())
}

fn mail(key: &CardKey, record: &Record, is_beside: bool) -> crate::store::outbox::Work {
    let job = Job::Mail { what: Box::new(Job::Show(key.clone())), is_beside };
    job.work(effects::seq(record, key.kind))
}

/// What the reader of a message was told of it by mail.
async fn mailed(tx: &mut Tx, key: &CardKey) -> Result<Option<Mailed>, ActError> {
    Ok(tx.mailed(key.request, key.kind.word(), &key.recipient.to_string()).await?)
}

/// Whether a copy is in chat.
pub fn is_in_chat(card: &Card) -> bool {
    card.posted.as_ref().is_some_and(|(platform, ..)| platform != EMAIL)
}

/// Whether a copy went over to mail.
pub fn is_mailed(card: &Card) -> bool {
    card.posted.as_ref().is_some_and(|(platform, ..)| platform == EMAIL)
}
