//! Homes that are kept up to date: drawn when they are opened, and again whenever a request moves that
//! their person made, receives, or is or was asked about.
//!
//! Drawing is work like any other: queued in the transaction of the move, one row a person, so that a
//! burst of moves is one drawing of the present. Only Homes that were looked at lately are drawn.
use super::job::{Job, Recipient};
use super::{ActError, App};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::listing::{List, Place, Portal};
use crate::domain::person::Account;
use crate::store::outbox::Claim;
use crate::store::{KnownCard, SeenHome, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// How long after it was last looked at a Home is still drawn anew.
const DRAWN_FOR: TimeDelta = TimeDelta::days(3);
/// How long a Home stays turned to where it was left.
const PLACE_FOR: TimeDelta = TimeDelta::hours(1);
/// The pause between two drawings of one Home.
pub const PAUSE: TimeDelta = TimeDelta::seconds(1);

/// A Home to draw.
#[derive(Debug, Clone)]
pub struct ToDraw {
    /// For which account.
    pub account: Account,
    /// In which language, where it is known.
    pub language: Option<Language>,
    /// What it shows.
    pub portal: Portal,
    /// What it replaces, by the platform's name of it.
    pub over: Option<String>,
    /// The earliest time of the next drawing.
    pub not_before: DateTime<Utc>,
}

impl App {
    /// Takes note that a person opened their Home, and has it drawn. It is where they left it, unless
    /// that was long ago.
    pub async fn open_home(&self, person: &PersonId, account: &Account) -> Result<(), ActError> {
        let now = self.now();
        let recipient = Recipient::Person(person.clone()).to_string();
        let mut tx = self.store().begin().await?;
        let before = tx.home(&recipient).await?;
        let place = match before.filter(|home| now - home.seen_at < PLACE_FOR) {
            Some(home) => home.place,
            None => Place::default(),
        };
        tx.see_home(&recipient, account, &place, now).await?;
        self.queue_home(tx, person, now).await
    }

    /// Turns a person's Home to `place`, and has it drawn.
    pub async fn turn_home(
        &self,
        person: &PersonId,
        account: &Account,
        place: &Place,
    ) -> Result<(), ActError> {
        let now = self.now();
        let recipient = Recipient::Person(person.clone()).to_string();
        let mut tx = self.store().begin().await?;
        tx.see_home(&recipient, account, place, now).await?;
        self.queue_home(tx, person, now).await
    }

    /// Has a person's Home drawn anew, where they looked at it lately.
    pub async fn redraw_home(&self, person: &PersonId) -> Result<(), ActError> {
        let now = self.now();
        let recipient = Recipient::Person(person.clone()).to_string();
        let mut tx = self.store().begin().await?;
        match tx.home(&recipient).await?.filter(|home| is_recent(home, now)) {
            Some(_) => self.queue_home(tx, person, now).await,
            None => Ok(()),
        }
    }

    async fn queue_home(
        &self,
        mut tx: Tx,
        person: &PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        tx.queue(Job::Home { person: person.clone() }.work(0), now);
        tx.commit().await?;
        self.ring();
        Ok(())
    }

    /// What a person's Home shows now; `None` where it is not to be drawn: nobody looked at it lately,
    /// or its account is not theirs any more.
    pub async fn home_to_draw(
        &self,
        person: &PersonId,
        sizes: &[(List, usize)],
    ) -> Result<Option<ToDraw>, ActError> {
        let recipient = Recipient::Person(person.clone()).to_string();
        // Its row is read before what it shows: who draws later then always replaces what is older.
        let mut tx = self.store().read().await?;
        let home = tx.home(&recipient).await?;
        let Some(home) = home.filter(|home| is_recent(home, self.now())) else { return Ok(None) };
        let language = self.language(&mut tx, &home.account).await?;
        drop(tx);
        let owner = self.known_person(&home.account).await?;
        if owner.as_ref() != Some(person) || !self.is_active(person) {
            return Ok(None);
        }
        let portal = self.portal(person, &home.place, sizes).await?;
        let not_before = home.shown_at + PAUSE;
        Ok(Some(ToDraw { account: home.account, language, portal, over: home.stamp, not_before }))
    }

    /// Takes note of what was drawn, and when; the work is done.
    pub async fn home_drawn(
        &self,
        claim: &Claim,
        person: &PersonId,
        stamp: &str,
        at: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.home_shown(&Recipient::Person(person.clone()).to_string(), stamp, at).await?;
        tx.done(claim, self.now());
        tx.commit().await?;
        Ok(())
    }

    /// Forgets a Home that the platform says cannot be reached; the work is done.
    pub async fn home_lost(&self, claim: &Claim, person: &PersonId) -> Result<(), ActError> {
        let mut tx = self.store().begin().await?;
        tx.forget_home(&Recipient::Person(person.clone()).to_string()).await?;
        tx.done(claim, self.now());
        tx.commit().await?;
        Ok(())
    }
}

/// Queues the Homes that a move of a request changes: of whoever has one of its messages.
pub(super) fn redraw_homes(tx: &mut Tx, cards: &[KnownCard], now: DateTime<Utc>) {
    let is_drawn = |card: &&KnownCard| card.home_seen_at.is_some_and(|at| now - at < DRAWN_FOR);
    for card in cards.iter().filter(is_drawn) {
        if let Some(Recipient::Person(person)) = Recipient::read(&card.recipient) {
            tx.queue(Job::Home { person }.work(0), now);
        }
    }
}

fn is_recent(home: &SeenHome, now: DateTime<Utc>) -> bool {
    now - home.seen_at < DRAWN_FOR
}
