//! Telling admins what is about no request: said once, never rewritten.
use super::Worker;
use crate::app::ActError;
use crate::app::job::{Job, Recipient};
use crate::show::Voice;
use crate::show::cards::{self, Card};
use crate::store::outbox::Claim;

impl Worker {
    /// Tells what `job` is about in chat, or by mail where chat does not reach.
    pub(super) async fn tell(&self, claim: &Claim, job: Job) -> Result<(), ActError> {
        let Some(recipient) = hearer(&job).cloned() else {
            return self.set_aside(claim, "this is nothing to tell").await;
        };
        if self.is_beside() && matches!(recipient, Recipient::Person(_)) {
            return self.app.retried(|| self.app.tell_both_ways(claim, job.clone())).await;
        }
        self.tell_in_chat(claim, job).await
    }

    /// The same of what was handed to mail already, where both are wanted.
    pub(super) async fn tell_in_chat(&self, claim: &Claim, job: Job) -> Result<(), ActError> {
        let Some(recipient) = hearer(&job).cloned() else {
            return self.set_aside(claim, "this is nothing to tell").await;
        };
        let told = self.post(claim, &recipient, |voice| note(voice, &job)).await;
        match told {
            Ok(_) => self.finish(claim).await,
            Err(why) => self.tell_instead(claim, job, &recipient, why).await,
        }
    }
}

/// Who hears what a job tells admins.
fn hearer(job: &Job) -> Option<&Recipient> {
    match job {
        Job::TellSecondAccount { recipient, .. }
        | Job::TellUnreachable { recipient, .. }
        | Job::TellAway { recipient, .. }
        | Job::TellMailDown { recipient }
        | Job::TellSignInClosed { recipient, .. } => Some(recipient),
        Job::Settle { .. }
        | Job::Show(_)
        | Job::Rewrite(_)
        | Job::Mail { .. }
        | Job::InChat { .. }
        | Job::Home { .. } => None,
    }
}

/// What a job tells admins; nothing where it is another kind of job.
pub(super) fn note(voice: Voice<'_>, job: &Job) -> Option<Card> {
    match job {
        Job::TellSecondAccount { account, person, .. } => {
            Some(Card::AdminNote(cards::second_account(voice, account, person)))
        }
        Job::TellUnreachable { person, .. } => {
            Some(Card::AdminNote(cards::unreachable(voice, person)))
        }
        Job::TellAway { platform, person, .. } => {
            Some(Card::AdminNote(crate::show::away::away(voice, platform, person)))
        }
        Job::TellMailDown { .. } => Some(Card::AdminNote(cards::mail_down(voice))),
        Job::TellSignInClosed { person, is_own, recipient } => {
            let is_theirs = *recipient == Recipient::Person(person.clone());
            let told = if is_theirs { cards::your_sign_in_closed } else { cards::sign_in_closed };
            Some(Card::AdminNote(told(voice, person, *is_own)))
        }
        Job::Settle { .. }
        | Job::Show(_)
        | Job::Rewrite(_)
        | Job::Mail { .. }
        | Job::InChat { .. }
        | Job::Home { .. } => None,
    }
}
