//! Which way a message goes, worked out when it is delivered (R37): chat where it reaches the person,
//! email where it does not or has failed for too long, both where that is wanted, never neither.
//!
//! A message that was never posted goes over to mail. With its next news chat is tried first again,
//! and where it takes them the living message begins anew there (R36). A copy that is in chat stays
//! there and is brought up to date as soon as chat allows, which nothing else waits for; what is new is
//! said by mail. Copies in channels are chat's alone.
use super::messages::NotShown;
use super::{MailWay, Worker};
use crate::app::ActError;
use crate::app::job::{CardKey, Job, Recipient};
use crate::app::mail::{EMAIL, is_in_chat};
use crate::domain::id::PersonId;
use crate::domain::record::Record;
use crate::store::outbox::Claim;
use crate::store::{Card, Tx};
use chrono::TimeDelta;

impl Worker {
    /// Has a copy said by mail beside chat, where that is wanted; what to go on reading with.
    pub(super) async fn beside_chat(
        &self,
        tx: Tx,
        key: &CardKey,
        record: &Record,
    ) -> Result<Tx, ActError> {
        match &key.recipient {
            Recipient::Person(_) if self.is_beside() => {
                // Nobody holds one transaction and waits for another.
                drop(tx);
                self.app.also_by_mail(key, record).await?;
                Ok(self.app.store().read().await?)
            }
            Recipient::Person(_) | Recipient::Channel(_) => Ok(tx),
        }
    }

    /// Whether everything is said by mail as well.
    pub(super) fn is_beside(&self) -> bool {
        self.mail.as_ref().is_some_and(|mail| mail.beside_chat)
    }

    /// Says by mail what is new of a copy that went over to it.
    pub(super) async fn mail_on(
        &self,
        claim: &Claim,
        key: &CardKey,
        (card, record): (&Card, &Record),
    ) -> Result<(), ActError> {
        // A copy in chat goes on lagging behind: it may be brought up to date once its reader is back.
        let version = if is_in_chat(card) { card.shown_version.max(0) } else { record.version };
        let shown = Card { shown_version: version, ..card.clone() };
        self.app.retried(|| self.app.hand_to_mail(claim, key, (card, &shown), record)).await
    }

    /// What is done about a copy that chat did not take.
    pub(super) async fn instead(
        &self,
        claim: &Claim,
        key: &CardKey,
        (card, record): (&Card, &Record),
        why: NotShown,
    ) -> Result<(), ActError> {
        let Recipient::Person(person) = &key.recipient else {
            return self.in_no_channel(claim, why).await;
        };
        let why = match self.verdict(claim, person, why).await? {
            Verdict::ByMail(why) => why,
            Verdict::NotNow(why) => return self.not_now(claim, why).await,
        };
        match (&card.posted, why) {
            (Some(_), NotShown::Later(pause, _) | NotShown::ShutOut(pause, _))
                if is_in_chat(card) && !card.is_anew() =>
            {
                let at = self.app.now() + pause;
                self.app.retried(|| self.app.mail_and_rewrite(claim, key, record, at)).await
            }
            // It is said by mail in any case, and chat is tried again at the next move.
            _ if self.is_beside() => self.finish(claim).await,
            (Some(_), _) => self.mail_on(claim, key, (card, record)).await,
            (None, _) => {
                let posted = Some((EMAIL.to_owned(), String::new(), String::new()));
                let shown = Card { posted, shown_version: record.version, ..card.clone() };
                self.app.retried(|| self.app.hand_to_mail(claim, key, (card, &shown), record)).await
            }
        }
    }

    /// Brings a copy up to date that chat did not take when it was its turn.
    pub(super) async fn rewrite(&self, claim: &Claim, key: &CardKey) -> Result<(), ActError> {
        let mut tx = self.app.store().read().await?;
        let found = tx.card(key.request, key.kind.word(), &key.recipient.to_string()).await?;
        let is_behind = |(card, record): &(Card, Record)| {
            is_in_chat(card) && card.shown_version < record.version && !card.is_anew()
        };
        let Some((card, record)) = found.filter(is_behind) else {
            drop(tx);
            return self.finish(claim).await;
        };
        match self.bring_up_to_date(tx, claim, key, (&card, &record)).await {
            Ok(shown) => self.note(claim, key, (&card, &record), &shown).await,
            Err(NotShown::Never(_)) => self.finish(claim).await,
            Err(why) => self.not_now(claim, why).await,
        }
    }

    /// What is done about a word to an admin that chat did not take.
    pub(super) async fn tell_instead(
        &self,
        claim: &Claim,
        job: Job,
        recipient: &Recipient,
        why: NotShown,
    ) -> Result<(), ActError> {
        let Recipient::Person(person) = recipient else {
            return self.in_no_channel(claim, why).await;
        };
        match self.verdict(claim, person, why).await? {
            Verdict::ByMail(_) if self.is_beside() => self.finish(claim).await,
            Verdict::ByMail(_) => self.app.tell_by_mail(claim, job).await,
            Verdict::NotNow(why) => self.not_now(claim, why).await,
        }
    }

    /// Whether mail takes over now.
    async fn verdict(
        &self,
        claim: &Claim,
        person: &PersonId,
        why: NotShown,
    ) -> Result<Verdict, ActError> {
        let Some(mail) = &self.mail else {
            if matches!(why, NotShown::Never(_)) && self.app.is_active(person) {
                self.app.tell_unreachable(person).await?;
            }
            return Ok(Verdict::NotNow(why));
        };
        let left = claim.queued_at + mail.after - self.app.now();
        Ok(match why {
            NotShown::Later(pause, why) if left > TimeDelta::zero() => {
                Verdict::NotNow(NotShown::Later(pause.min(left), why))
            }
            NotShown::NotYet { at, is_held: true } if left > TimeDelta::zero() => {
                let at = at.min(claim.queued_at + mail.after);
                Verdict::NotNow(NotShown::NotYet { at, is_held: true })
            }
            NotShown::NotYet { at, is_held: true } => {
                let pause = at - self.app.now();
                Verdict::ByMail(NotShown::Later(pause, "the platform asks to wait".to_owned()))
            }
            NotShown::NotYet { .. } | NotShown::Ours(_) => Verdict::NotNow(why),
            NotShown::Later(..) | NotShown::ShutOut(..) | NotShown::Never(_) => {
                Verdict::ByMail(why)
            }
        })
    }

    /// A copy for a channel: without any chat platform there is none.
    async fn in_no_channel(&self, claim: &Claim, why: NotShown) -> Result<(), ActError> {
        if self.messengers.is_empty() && self.mail.is_some() {
            return self.finish(claim).await;
        }
        self.not_now(claim, why).await
    }

    /// The way by mail, for work that was handed to it.
    pub(super) fn mail_way(&self) -> Option<&MailWay> {
        self.mail.as_ref()
    }
}

/// Which way something goes that chat did not take.
enum Verdict {
    /// By mail.
    ByMail(NotShown),
    /// In chat, later; or nowhere.
    NotNow(NotShown),
}
