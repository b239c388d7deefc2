//! Making every copy of every message agree with its request.
use super::{Worker, backoff};
use crate::app::ActError;
use crate::app::away::still_waits;
use crate::app::job::{CardKey, CardKind, Recipient};
use crate::app::mail::{EMAIL, is_in_chat, is_mailed};
use crate::chat::{Address, Messenger, Posted, SendError};
use crate::domain::language::Language;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::show::Voice;
use crate::show::cards::{self, Card as Message};
use crate::show::ending;
use crate::store::outbox::Claim;
use crate::store::{Card, Tx};
use chrono::{DateTime, TimeDelta, Utc};

/// Why a copy was not shown.
pub(super) enum NotShown {
    /// Its turn is at a time; `is_held` where the platform asked for the pause.
    NotYet { at: DateTime<Utc>, is_held: bool },
    /// Try again after this pause.
    Later(TimeDelta, String),
    /// The platform shuts us out; it may let us in again, so try after this pause.
    ShutOut(TimeDelta, String),
    /// It cannot be shown there.
    Never(String),
    /// Ours.
    Ours(ActError),
}

impl Worker {
    pub(super) async fn show(&self, claim: &Claim, key: &CardKey) -> Result<(), ActError> {
        let recipient = key.recipient.to_string();
        let mut tx = self.app.store().read().await?;
        let found = tx.card(key.request, key.kind.word(), &recipient).await?;
        let Some((card, record)) = found.filter(|(card, record)| is_due(card, record, key.kind))
        else {
            // Whoever holds a connection must not wait for a second one.
            drop(tx);
            return self.finish(claim).await;
        };
        let is_wanted = card.is_for_chat() && still_waits(&card, &record, key.kind);
        if is_mailed(&card)
            && !is_wanted
            && !self.app.has_news(&mut tx, key, (&card, &record)).await?
        {
            drop(tx);
            // Nobody has to hear of it; it is as if it was shown.
            let shown = Card { shown_version: record.version, ..card.clone() };
            return self.note(claim, key, (&card, &record), &shown).await;
        }
        let tx = self.beside_chat(tx, key, &record).await?;
        let shown = match self.bring_up_to_date(tx, claim, key, (&card, &record)).await {
            Ok(shown) => shown,
            Err(why) => return self.instead(claim, key, (&card, &record), why).await,
        };
        self.note(claim, key, (&card, &record), &shown).await
    }

    /// Keeps what was shown. Failing here would show it twice.
    pub(super) async fn note(
        &self,
        claim: &Claim,
        key: &CardKey,
        (before, record): (&Card, &Record),
        shown: &Card,
    ) -> Result<(), ActError> {
        self.app.retried(|| self.try_to_note(claim, key, (before, record), shown)).await
    }

    async fn try_to_note(
        &self,
        claim: &Claim,
        key: &CardKey,
        (before, record): (&Card, &Record),
        shown: &Card,
    ) -> Result<(), ActError> {
        let mut tx = self.app.store().begin().await?;
        // The work first: a move that queues it again holds it while it looks at the copy.
        tx.done(claim, self.app.now());
        tx.card_shown(before, shown).await?;
        if before.is_anew() && before.posted != shown.posted && is_in_chat(before) {
            tx.keep_earlier(before).await?;
        }
        if (self.mail.is_some() && !self.is_beside()) || is_mailed(before) {
            self.app.told_in_chat(&mut tx, key, (before, record)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Puts off what was not shown, or sets it aside.
    pub(super) async fn not_now(&self, claim: &Claim, why: NotShown) -> Result<(), ActError> {
        match why {
            NotShown::NotYet { at, .. } => self.wait_for_turn(claim, at).await,
            NotShown::Later(pause, why) | NotShown::ShutOut(pause, why) => {
                self.postpone(claim, pause, &why).await
            }
            NotShown::Never(why) => self.set_aside(claim, &why).await,
            NotShown::Ours(error) => Err(error),
        }
    }

    /// Posts a message that is never rewritten.
    pub(super) async fn post(
        &self,
        claim: &Claim,
        recipient: &Recipient,
        message: impl FnOnce(Voice<'_>) -> Option<Message>,
    ) -> Result<Posted, NotShown> {
        let tx = self.app.store().read().await.map_err(|error| NotShown::Ours(error.into()))?;
        let snapshot = self.app.policy();
        let reached = self.reach(tx, None, recipient, claim).await?;
        let (to, language) = (&reached.to, reached.language);
        let message = message(Voice::new(&snapshot.policy, language));
        let message =
            message.ok_or_else(|| NotShown::Never("there is nothing to say".to_owned()))?;
        let place = place(to);
        let now = self.app.now();
        self.turn(&place, now)?;
        let posted = reached.messenger.show(to, None, &message, language).await;
        let posted = self.heed(&reached, now, posted).await;
        posted.map_err(|error| self.not_shown(error, claim, &place, now))
    }

    pub(super) async fn bring_up_to_date(
        &self,
        mut tx: Tx,
        claim: &Claim,
        key: &CardKey,
        (card, record): (&Card, &Record),
    ) -> Result<Card, NotShown> {
        let earlier = earlier_copies(&mut tx, card, record, key.kind).await?;
        let snapshot = self.app.policy();
        let in_chat = card.posted.as_ref().filter(|(platform, ..)| platform != EMAIL);
        let at = in_chat.map(|(platform, place, stamp)| {
            (platform.as_str(), Posted { place: place.clone(), stamp: stamp.clone() })
        });
        let platform = at.as_ref().map(|(platform, _)| *platform);
        let reached = self.reach(tx, platform, &key.recipient, claim).await?;
        let (messenger, to, language) = (&reached.messenger, &reached.to, reached.language);
        let message = message(Voice::new(&snapshot.policy, language), record, key);
        let place = place(to);
        let now = self.app.now();
        self.turn(&place, now)?;
        // A copy where its reader cannot be written to any more begins anew where they can.
        let mut at = at.filter(|(platform, _)| *platform == messenger.platform()).map(|it| it.1);
        if let Some(earlier) = at.take_if(|_| is_anew(card, record, key.kind)) {
            // It stays where it is, without buttons; what is new is posted below.
            let message = earlier_message(Voice::new(&snapshot.policy, language), record, key);
            let closed = messenger.show(to, Some(&earlier), &message, language).await;
            if let Err(error @ (SendError::Later { .. } | SendError::ShutOut(_))) = closed {
                return Err(self.not_shown(error, claim, &place, now));
            }
        }
        let told = tell_earlier(messenger.as_ref(), &earlier, (to, language), &message).await;
        told.map_err(|error| self.not_shown(error, claim, &place, now))?;
        let shown = messenger.show(to, at.as_ref(), &message, language).await;
        match self.heed(&reached, now, shown).await {
            Ok(posted) => Ok(Card {
                posted: Some((messenger.platform().to_owned(), posted.place, posted.stamp)),
                shown_version: record.version,
                ..card.clone()
            }),
            Err(error) => Err(self.not_shown(error, claim, &place, now)),
        }
    }

    /// Takes a turn in a conversation.
    fn turn(&self, place: &str, now: DateTime<Utc>) -> Result<(), NotShown> {
        let is_held = self.pace.is_held(place, now);
        self.pace.turn(place, now).map_err(|at| NotShown::NotYet { at, is_held })
    }

    pub(super) fn not_shown(
        &self,
        error: SendError,
        claim: &Claim,
        place: &str,
        now: DateTime<Utc>,
    ) -> NotShown {
        match error {
            SendError::Later { after, why } => {
                let pause = backoff::message(claim.attempts, after);
                if after.is_some() {
                    self.pace.hold(place, now + pause);
                }
                NotShown::Later(pause, why)
            }
            SendError::ShutOut(why) => {
                NotShown::ShutOut(backoff::message(claim.attempts, None), why)
            }
            SendError::Unreachable(_) | SendError::Wrong(_) | SendError::Overtaken => {
                NotShown::Never(error.to_string())
            }
        }
    }

    pub(super) async fn wait_for_turn(
        &self,
        claim: &Claim,
        at: DateTime<Utc>,
    ) -> Result<(), ActError> {
        Ok(self.app.store().not_yet(claim, at, self.app.now()).await?)
    }

    pub(super) async fn postpone(
        &self,
        claim: &Claim,
        pause: TimeDelta,
        why: &str,
    ) -> Result<(), ActError> {
        let now = self.app.now();
        let mut tx = self.app.store().begin().await?;
        tx.again(claim, now + pause, why, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Settles work that needs nothing more.
    pub(super) async fn finish(&self, claim: &Claim) -> Result<(), ActError> {
        let now = self.app.now();
        let mut tx = self.app.store().begin().await?;
        tx.done(claim, now);
        tx.commit().await?;
        Ok(())
    }

    /// Sets work aside that cannot succeed; it stays visible and whatever it is for goes on.
    pub(super) async fn set_aside(&self, claim: &Claim, why: &str) -> Result<(), ActError> {
        tracing::error!(work = claim.id, why, "work is set aside");
        let mut tx = self.app.store().begin().await?;
        tx.dead(claim, why).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The copies that the living one took the place of, where what is said now is said for good: they
/// are rewritten with it, so that none goes on saying what was.
async fn earlier_copies(
    tx: &mut Tx,
    card: &Card,
    record: &Record,
    kind: CardKind,
) -> Result<Vec<(String, Posted)>, NotShown> {
    let is_posted_anew =
        matches!(kind, CardKind::EndsSoon | CardKind::NobodyCanApprove | CardKind::EndStays);
    if !is_posted_anew || !record.state.is_final() {
        return Ok(Vec::new());
    }
    let copies = tx.earlier_copies(card).await.map_err(|error| NotShown::Ours(error.into()))?;
    let at = |(platform, place, stamp)| (platform, Posted { place, stamp });
    Ok(copies.into_iter().map(at).collect())
}

/// Rewrites earlier copies as the living one; one that is gone keeps nothing back.
async fn tell_earlier(
    messenger: &dyn Messenger,
    earlier: &[(String, Posted)],
    (to, language): (&Address, Language),
    message: &Message,
) -> Result<(), SendError> {
    for (_, copy) in earlier.iter().filter(|(platform, _)| platform == messenger.platform()) {
        let told = messenger.show(to, Some(copy), message, language).await;
        if let Err(error @ (SendError::Later { .. } | SendError::ShutOut(_))) = told {
            return Err(error);
        }
    }
    Ok(())
}

/// What is paced: one conversation.
fn place(to: &Address) -> String {
    match to {
        Address::Account(account) => account.user.clone(),
        Address::Channel(channel) => channel.clone(),
    }
}

/// Whether this copy lags behind its request.
fn is_due(card: &Card, record: &Record, kind: CardKind) -> bool {
    let is_pending = matches!(record.state, State::PendingApproval { .. });
    match (&card.posted, kind) {
        // Asking is pointless once it is decided, and whom the policy no longer lets decide.
        (None, CardKind::Ask) => is_pending && (card.is_open || is_in_channel(card)),
        // So is saying that an end is near which came or moved meanwhile.
        (None, CardKind::EndsSoon) => matches!(record.state, State::Active { is_told: true, .. }),
        (None, _) => true,
        (Some(_), _) => card.shown_version < record.version,
    }
}

/// Whether a copy is in a channel: its readers are asked for as long as anybody is.
fn is_in_channel(card: &Card) -> bool {
    matches!(Recipient::read(&card.recipient), Some(Recipient::Channel(_)))
}

/// Whether this copy is to be posted once more; pointless where what it tells is over meanwhile.
fn is_anew(card: &Card, record: &Record, kind: CardKind) -> bool {
    card.is_anew()
        && match kind {
            CardKind::NobodyCanApprove => matches!(record.state, State::PendingApproval { .. }),
            CardKind::EndStays => matches!(record.state, State::Active { .. }),
            CardKind::EndsSoon => matches!(record.state, State::Active { is_told: true, .. }),
            CardKind::Ask
            | CardKind::Status
            | CardKind::Active
            | CardKind::Ended
            | CardKind::StillThere => false,
        }
}

/// What a copy says from then on that is posted anew.
fn earlier_message(voice: Voice<'_>, record: &Record, key: &CardKey) -> Message {
    match message(voice, record, key) {
        Message::EndsSoon(_) => Message::EndsSoon(ending::moved(voice, record)),
        other => other,
    }
}

/// What a message says now.
pub(super) fn message(voice: Voice<'_>, record: &Record, key: &CardKey) -> Message {
    let viewer = match &key.recipient {
        Recipient::Person(person) => Some(person),
        Recipient::Channel(_) => None,
    };
    let reader = viewer.unwrap_or(&record.asked.requester);
    match key.kind {
        CardKind::Ask => Message::Ask(cards::ask(voice, record, viewer)),
        CardKind::Status => Message::Status(cards::status(voice, record, reader)),
        CardKind::Active => Message::Active(cards::active(voice, record, reader)),
        CardKind::EndsSoon => Message::EndsSoon(ending::ends_soon(voice, record, reader)),
        CardKind::Ended => Message::Ended(ending::ended(voice, record, reader)),
        CardKind::StillThere => Message::Alarm(cards::still_there(voice, record)),
        CardKind::NobodyCanApprove => Message::Alarm(cards::nobody_can_approve(voice, record)),
        CardKind::EndStays => Message::Alarm(cards::end_stays(voice, record)),
    }
}
