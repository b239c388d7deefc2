//! Who cannot be written to in chat any more, and who can again (R37).
//!
//! An account is *away* from the first message that its platform refuses for its owner's sake (they
//! removed the app, or blocked it; the account is gone) until one arrives, or its owner does something
//! from which we learn that they can be written to. Admins hear of each time once. The mark is in the
//! database: whichever instance meets it first tells, and no restart tells again.
//!
//! Whoever is back, or was never reached before, finds in chat what still waits for them, so that
//! nobody has to look for it: the questions that ask for their decision, and the living message of what
//! they asked for or receive. Of what mail told, this comes as a reminder with buttons and no mail
//! follows it; whatever else mail told is not told again.
use super::effects::queue_showing;
use super::job::{CardKind, Job, Recipient};
use super::mail::is_mailed;
use super::mail_faults::unreachable;
use super::{ActError, App, alarm};
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::store::{Card, Tx};
use chrono::{DateTime, Utc};

/// What was found by an account's taking no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is away, which is new.
    Away,
    /// Nothing new: it was away before, or its owner was never met there.
    Nothing,
    /// It is not: it was found since that it can be written to.
    Back,
}

impl App {
    /// Takes note that a person's account cannot be written to, as was found by trying at `tried_at`.
    /// Admins hear of it where `is_news`.
    pub async fn went_away(
        &self,
        account: &Account,
        person: &PersonId,
        (tried_at, is_news): (DateTime<Utc>, bool),
    ) -> Result<Found, ActError> {
        self.retried(|| self.try_to_note_away(account, person, (tried_at, is_news))).await
    }

    async fn try_to_note_away(
        &self,
        account: &Account,
        person: &PersonId,
        (tried_at, is_news): (DateTime<Utc>, bool),
    ) -> Result<Found, ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        if !tx.away(account, tried_at, now).await? {
            let contact = tx.contact(account).await?;
            let is_back = contact.is_some_and(|contact| contact.is_back_since(tried_at));
            return Ok(if is_back { Found::Back } else { Found::Nothing });
        }
        for recipient in alarm::hearers(&self.policy()) {
            if is_news && recipient != Recipient::Person(person.clone()) {
                let (platform, person) = (account.platform.clone(), person.clone());
                tx.queue(Job::TellAway { platform, person, recipient }.work(0), now);
            }
        }
        tx.commit().await?;
        self.ring();
        Ok(Found::Away)
    }

    /// Takes note that an account can be written to, where it could not; what waits for its owner goes
    /// there.
    pub async fn came_back(&self, account: &Account) -> Result<(), ActError> {
        if !self.is_away(account).await? {
            return Ok(());
        }
        let Some(person) = self.known_person(account).await? else { return Ok(()) };
        self.retried(|| async {
            let mut tx = self.store().begin().await?;
            if tx.back(account, self.now()).await? {
                self.catch_up(&mut tx, &person).await?;
                tx.commit().await?;
                self.ring();
            }
            Ok(())
        })
        .await
    }

    /// Whether an account is known as one that cannot be written to.
    pub(super) async fn is_away(&self, account: &Account) -> Result<bool, ActError> {
        let contact = self.store().read().await?.contact(account).await?;
        Ok(contact.is_some_and(|contact| contact.is_away))
    }

    /// Queues what waits for somebody who can be written to from now on.
    pub(super) async fn catch_up(&self, tx: &mut Tx, person: &PersonId) -> Result<(), ActError> {
        let now = self.now();
        let reader = Recipient::Person(person.clone());
        let recipient = reader.to_string();
        tx.tell_again(&unreachable(person)).await?;
        for (request, word) in tx.cards_waiting(person, &recipient).await? {
            let Some(kind) = CardKind::read(&word) else { continue };
            let Some((card, record)) = tx.card(request, &word, &recipient).await? else { continue };
            if is_mailed(&card) {
                if card.is_anew() || !still_waits(&card, &record, kind) {
                    continue;
                }
                tx.say_in_chat(request, &word, &recipient).await?;
            }
            // What was never said anywhere, or lags behind, is said as it stands.
            queue_showing(tx, &record, kind, reader.clone(), now);
        }
        Ok(())
    }
}

/// Whether a message that mail told still waits for its reader, so that it goes in chat as well.
pub fn still_waits(card: &Card, record: &Record, kind: CardKind) -> bool {
    match kind {
        CardKind::Ask => card.is_open && matches!(record.state, State::PendingApproval { .. }),
        CardKind::Status => !record.state.is_final(),
        CardKind::Active
        | CardKind::EndsSoon
        | CardKind::Ended
        | CardKind::StillThere
        | CardKind::NobodyCanApprove
        | CardKind::EndStays => false,
    }
}
