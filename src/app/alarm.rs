//! Who hears alarms, and what they are told that is about no request.
use super::effects::alarm;
use super::job::{CardKind, Job, Recipient};
use super::settle::Plan;
use super::{ActError, App, Snapshot};
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use crate::domain::request::State;
use crate::store::Tx;
use chrono::{DateTime, Utc};

/// Every admin, and the alarm channel of each platform that has one. The channels come beside the
/// admins, not in their place: one that was archived, or that the app was taken out of, loses no alarm.
pub(super) fn hearers(snapshot: &Snapshot) -> Vec<Recipient> {
    let channels = snapshot.alarm_channels().iter().cloned().map(Recipient::Channel);
    let admins = snapshot.policy.directory.admins();
    admins.map(|admin| Recipient::Person(admin.id.clone())).chain(channels).collect()
}

impl App {
    /// Tells the admins that a target refuses to move the end of access that it gives, once for each
    /// end: it will end what was extended too early.
    pub async fn end_stays(&self, plan: &Plan) -> Result<(), ActError> {
        self.retried(|| self.try_to_tell_end_stays(plan)).await
    }

    async fn try_to_tell_end_stays(&self, plan: &Plan) -> Result<(), ActError> {
        let (now, snapshot) = (self.now(), self.policy());
        let Some(grant) = plan.last() else { return Ok(()) };
        let mut tx = self.store().begin().await?;
        let Some(record) = tx.lock_request(grant.request).await? else { return Ok(()) };
        let what = format!("end_stays:{}:{}", grant.request.0, grant.expires_at.timestamp());
        let is_active = matches!(record.state, State::Active { .. });
        if !is_active || !tx.tell_once(&what, now).await? {
            return Ok(());
        }
        tx.post_anew(grant.request, CardKind::EndStays.word()).await?;
        alarm(&mut tx, &snapshot, &record, CardKind::EndStays, now).await?;
        tx.commit().await?;
        self.ring();
        Ok(())
    }

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
