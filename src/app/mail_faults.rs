//! What admins hear where mail does not arrive: that one person is reached in no way, and that mail as
//! a whole does not go out; each once, until it is over.
//!
//! Mail as a whole is down from the first letter that did not go out until one does. Letters that wait
//! are tried every few minutes, so one that fails long after the last began another outage.
use super::job::{Job, Recipient};
use super::{ActError, App, alarm};
use crate::domain::id::PersonId;
use crate::store::Tx;
use chrono::{DateTime, TimeDelta, Utc};

/// Since when no letter went out.
const FAILS_SINCE: &str = "mail_fails_since";
/// When one last did not.
const FAILED_AT: &str = "mail_failed_at";
/// When a letter last arrived.
const ARRIVED_AT: &str = "mail_arrived_at";
/// That admins know of it.
const DOWN: &str = "mail_down";
/// How long a letter's failing means that mail still fails: twice the longest pause between two tries.
const STILL: TimeDelta = TimeDelta::minutes(10);

impl App {
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

    /// Takes note that a letter of `queued_at` did not go out for the server's sake, and answers whether
    /// none did for `long`. Queues the word to the admins then; once, until one does. Where others
    /// arrived since, it says nothing of the server.
    pub async fn mail_fails(
        &self,
        queued_at: DateTime<Utc>,
        long: TimeDelta,
    ) -> Result<bool, ActError> {
        let now = self.now();
        let mut tx = self.store().begin().await?;
        if tx.told_at(ARRIVED_AT).await?.is_some_and(|at| at > queued_at) {
            return Ok(false);
        }
        let since = failing_since(&mut tx, now).await?;
        let is_down = now - since >= long;
        if is_down && tx.tell_once(DOWN, now).await? {
            for recipient in alarm::hearers(&self.policy()) {
                tx.queue(Job::TellMailDown { recipient }.work(0), now);
            }
        }
        tx.commit().await?;
        self.ring();
        Ok(is_down)
    }
}

/// Takes note that mail fails now; since when.
async fn failing_since(tx: &mut Tx, now: DateTime<Utc>) -> Result<DateTime<Utc>, ActError> {
    let last = tx.told_at(FAILED_AT).await?;
    if last.is_none_or(|last| now - last > STILL) {
        tx.tell_again(FAILS_SINCE).await?;
    }
    tx.tell_once(FAILS_SINCE, now).await?;
    tx.tell_again(FAILED_AT).await?;
    tx.tell_once(FAILED_AT, now).await?;
    Ok(tx.told_at(FAILS_SINCE).await?.unwrap_or(now))
}

/// Takes note that a letter to somebody arrived: they are reached, and mail goes out.
pub(super) async fn arrived(
    tx: &mut Tx,
    person: &PersonId,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    for over in [&unreachable(person), FAILS_SINCE, FAILED_AT, DOWN, ARRIVED_AT] {
        tx.tell_again(over).await?;
    }
    tx.tell_once(ARRIVED_AT, now).await?;
    Ok(())
}

/// Names that somebody cannot be reached in any way.
pub(super) fn unreachable(person: &PersonId) -> String {
    format!("unreachable:{person}")
}
