//! Telling admins what is about no request: posted once, never rewritten.
use super::Worker;
use crate::app::ActError;
use crate::app::job::Recipient;
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use crate::show::Voice;
use crate::show::cards::{self, Card};
use crate::store::outbox::Claim;

impl Worker {
    pub(super) async fn tell_second_account(
        &self,
        claim: &Claim,
        (account, person): (&Account, &PersonId),
        recipient: &Recipient,
    ) -> Result<(), ActError> {
        let card =
            |voice: Voice<'_>| Card::SecondAccount(cards::second_account(voice, account, person));
        match self.post(claim, recipient, card).await {
            Ok(_) => self.finish(claim).await,
            Err(why) => self.not_now(claim, why).await,
        }
    }
}
