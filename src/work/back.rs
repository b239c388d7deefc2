//! The way back from mail to chat. What waits to go by mail goes in chat where that reaches its reader
//! again, so that a mail server which is down holds up nobody whom chat reaches, and what comes after
//! it in their thread neither.
use super::Worker;
use super::messages::NotShown;
use crate::app::ActError;
use crate::app::job::{CardKey, Job, Recipient};
use crate::app::mail::is_in_chat;
use crate::show::Voice;
use crate::store::outbox::Claim;

impl Worker {
    /// Tries to say in chat what mail did not take; whether nothing is left to do now.
    pub(super) async fn is_said_in_chat(
        &self,
        claim: &Claim,
        what: &Job,
    ) -> Result<bool, ActError> {
        let said = match what {
            Job::Show(key) => self.show_instead(claim, key).await,
            Job::TellSecondAccount { recipient, .. }
            | Job::TellUnreachable { recipient, .. }
            | Job::TellAway { recipient, .. }
            | Job::TellMailDown { recipient }
            | Job::TellSignInClosed { recipient, .. } => {
                self.note_instead(claim, what, recipient).await
            }
            Job::Settle { .. }
            | Job::Rewrite(_)
            | Job::Home { .. }
            | Job::Mail { .. }
            | Job::InChat { .. } => return Ok(false),
        };
        match said {
            Ok(is_settled) => Ok(is_settled),
            Err(NotShown::NotYet { at, is_held: false }) => {
                self.wait_for_turn(claim, at).await?;
                Ok(true)
            }
            Err(NotShown::Ours(error)) => Err(error),
            Err(
                NotShown::NotYet { .. }
                | NotShown::Later(..)
                | NotShown::ShutOut(..)
                | NotShown::Never(_),
            ) => Ok(false),
        }
    }

    async fn show_instead(&self, claim: &Claim, key: &CardKey) -> Result<bool, NotShown> {
        let store = self.app.store();
        let mut tx = store.read().await.map_err(|error| NotShown::Ours(error.into()))?;
        let found = tx.card(key.request, key.kind.word(), &key.recipient.to_string()).await;
        let found = found.map_err(|error| NotShown::Ours(error.into()))?;
        let Some((card, record)) = found else { return Ok(false) };
        let has_news = self.app.has_news(&mut tx, key, (&card, &record)).await;
        if !has_news.map_err(NotShown::Ours)? {
            return Ok(false);
        }
        if is_in_chat(&card) && card.shown_version >= record.version {
            drop(tx);
            // The copy was brought up to date meanwhile.
            return self
                .note(claim, key, (&card, &record), &card)
                .await
                .map(|()| true)
                .map_err(NotShown::Ours);
        }
        let shown = self.bring_up_to_date(tx, claim, key, (&card, &record)).await?;
        self.note(claim, key, (&card, &record), &shown).await.map_err(NotShown::Ours)?;
        Ok(true)
    }

    async fn note_instead(
        &self,
        claim: &Claim,
        job: &Job,
        recipient: &Recipient,
    ) -> Result<bool, NotShown> {
        let note = |voice: Voice<'_>| super::tell::note(voice, job);
        self.post(claim, recipient, note).await?;
        self.finish(claim).await.map_err(NotShown::Ours)?;
        Ok(true)
    }

    /// What is done about a mail where email is not configured any more: chat says it, or the admins
    /// hear that nothing does.
    pub(super) async fn without_mail(
        &self,
        claim: &Claim,
        what: &Job,
        is_beside: bool,
    ) -> Result<(), ActError> {
        match is_beside {
            true => self.finish(claim).await,
            false => self.app.retried(|| self.app.back_to_chat(claim, what)).await,
        }
    }
}
