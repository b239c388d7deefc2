//! Who hears alarms, and what they are told that is about no request.
use super::job::{Job, Recipient};
use super::{ActError, App, Snapshot};
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use crate::store::Tx;
use chrono::{DateTime, Utc};

/// Every admin, and the alarm channel where one is configured. The channel comes beside the admins,
/// not in their place: one that was archived, or that the app was taken out of, loses no alarm.
pub(super) fn hearers(snapshot: &Snapshot) -> Vec<Recipient> {
    let channel = snapshot.alarm_channel().map(|channel| Recipient::Channel(channel.to_owned()));
    let admins = snapshot.policy.directory.admins();
    admins.map(|admin| Recipient::Person(admin.id.clone())).chain(channel).collect()
}

impl App {
    /// Queues the word to the admins that a second account for a person was refused, once for each
    /// account: either somebody has two, or an address was given to somebody else.
    pub(super) async fn tell_second_account(
        &self,
        tx: &mut Tx,
        account: &Account,
        person: &PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), ActError> {
        let Account { platform, workspace, user } = account;
        let what = format!("second_account:{platform}:{workspace}:{user}:{person}");
        if !tx.tell_once(&what, now).await? {
            return Ok(());
        }
        for recipient in hearers(&self.policy()) {
            let (account, person) = (account.clone(), person.clone());
            let job = Job::TellSecondAccount { account, person, recipient };
            tx.queue(job.work(0), now);
        }
        Ok(())
    }
}
