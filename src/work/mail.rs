//! Saying by email what chat could not say, or says as well.
use super::{MailWay, Worker, backoff};
use crate::app::ActError;
use crate::app::job::{CardKey, Job, Recipient};
use crate::app::mail::{Mailing, Reader, ToMail};
use crate::chat::{Letter, SendError};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::language::Language;
use crate::show::Voice;
use crate::show::cards::Card as Message;
use crate::store::outbox::Claim;
use chrono::TimeDelta;
use ring::digest;

/// How long mail may fail before the admins hear of it; a restart of the server is over by then.
const FAILING: TimeDelta = TimeDelta::minutes(15);
/// How long one recipient may be put off before the admins hear of it: servers that want to see
/// whether a sender comes back do so for minutes.
const PUT_OFF: TimeDelta = TimeDelta::hours(1);

impl Worker {
    /// Says by mail what `what` is about; `is_beside` where chat says it as well.
    pub(super) async fn mail(
        &self,
        claim: &Claim,
        what: &Job,
        is_beside: bool,
    ) -> Result<(), ActError> {
        let Some(way) = self.mail_way() else {
            return self.without_mail(claim, what, is_beside).await;
        };
        if !is_beside && claim.attempts > 1 && self.is_said_in_chat(claim, what).await? {
            return Ok(());
        }
        match what {
            Job::Show(key) => self.mail_card(claim, way, key).await,
            Job::TellSecondAccount { recipient, .. }
            | Job::TellUnreachable { recipient, .. }
            | Job::TellAway { recipient, .. }
            | Job::TellMailDown { recipient }
            | Job::TellSignInClosed { recipient, .. } => {
                self.mail_note(claim, way, what, recipient).await
            }
            Job::Settle { .. }
            | Job::Rewrite(_)
            | Job::Home { .. }
            | Job::Mail { .. }
            | Job::InChat { .. } => self.set_aside(claim, "this is nothing to mail").await,
        }
    }

    async fn mail_card(&self, claim: &Claim, way: &MailWay, key: &CardKey) -> Result<(), ActError> {
        let to_mail = match self.app.to_mail(key, &self.platforms()).await? {
            Mailing::Write(to_mail) => *to_mail,
            Mailing::Nothing(mailed) => {
                return self.app.mailed(claim, key, mailed.as_ref(), false).await;
            }
            Mailing::Nobody => return self.finish(claim).await,
        };
        let ToMail { record, reader, mailed } = to_mail;
        let person = &reader.person.id;
        let language = reader.language.unwrap_or(self.language);
        let snapshot = self.app.policy();
        let card = super::messages::message(Voice::new(&snapshot.policy, language), &record, key);
        let kind = key.kind.word();
        let mut letter = self.letter(&reader, card, language);
        letter.id = format!(
            "{}.{kind}.{}.{}.{}",
            thread(key.request),
            mailed.news,
            mailed.sent,
            digest_of(person.as_str())
        );
        letter.thread = Some(thread(key.request));
        letter.link = Some((way.link)(person, key.request, self.app.now()));
        match (way.post)(letter).await {
            // What was sent is noted in any case: failing here would send it twice.
            Ok(()) => self.app.retried(|| self.app.mailed(claim, key, Some(&mailed), true)).await,
            Err(error) => self.not_mailed(claim, person, error).await,
        }
    }

    /// Mails a word to an admin that is about no request.
    async fn mail_note(
        &self,
        claim: &Claim,
        way: &MailWay,
        job: &Job,
        recipient: &Recipient,
    ) -> Result<(), ActError> {
        let Recipient::Person(person) = recipient else { return self.finish(claim).await };
        let reader = self.app.mail_reader(person, &self.platforms()).await?;
        let Some(reader) = reader else { return self.finish(claim).await };
        let language = reader.language.unwrap_or(self.language);
        let snapshot = self.app.policy();
        let Some(card) = super::tell::note(Voice::new(&snapshot.policy, language), job) else {
            return self.set_aside(claim, "this is nothing to tell").await;
        };
        let mut letter = self.letter(&reader, card, language);
        let queued_at = claim.queued_at.timestamp_millis();
        letter.id = format!("note.{queued_at}.{}", digest_of(&claim.id));
        match (way.post)(letter).await {
            Ok(()) => self.app.retried(|| self.app.note_mailed(claim, person)).await,
            Err(error) => self.not_mailed(claim, person, error).await,
        }
    }

    fn letter(&self, reader: &Reader, card: Message, language: Language) -> Letter {
        Letter {
            name: reader.person.name.clone(),
            address: reader.person.email.clone(),
            card,
            language,
            id: String::new(),
            thread: None,
            link: None,
        }
    }

    /// Tries again where that can help, and lets the admins know where it does not, or takes long.
    async fn not_mailed(
        &self,
        claim: &Claim,
        person: &PersonId,
        error: SendError,
    ) -> Result<(), ActError> {
        let since = self.app.now() - claim.queued_at;
        match error {
            SendError::Later { after, why } => {
                if since >= PUT_OFF {
                    self.app.tell_unreachable(person).await?;
                }
                self.postpone(claim, backoff::message(claim.attempts, after), &why).await
            }
            SendError::ShutOut(why) => {
                tracing::warn!(why, attempts = claim.attempts, "a mail did not go out");
                let is_down =
                    self.app.retried(|| self.app.mail_fails(claim.queued_at, FAILING)).await?;
                // Others are written to: it is about this one.
                if !is_down && since >= PUT_OFF {
                    self.app.tell_unreachable(person).await?;
                }
                self.postpone(claim, backoff::message(claim.attempts, None), &why).await
            }
            SendError::Unreachable(_) | SendError::Wrong(_) | SendError::Overtaken => {
                self.app.tell_unreachable(person).await?;
                self.set_aside(claim, &error.to_string()).await
            }
        }
    }

    /// The chat platforms.
    fn platforms(&self) -> Vec<&'static str> {
        self.messengers.iter().map(|messenger| messenger.platform()).collect()
    }
}

/// The name that all letters about a request share.
fn thread(request: RequestId) -> String {
    request.to_string().to_lowercase()
}

/// Names somebody, or a piece of work, where others read it.
fn digest_of(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
