//! How and where a recipient is reached now, and what a try tells about that.
//!
//! A copy that is in chat stays on its platform for as long as its reader can be written to there. Else
//! whoever has accounts on several platforms is written to on the first that takes messages for them:
//! those where they were seen, then one that the directory names, then one that knows their address. One
//! that refused for their sake comes last, and is tried again with every message.
use super::Worker;
use super::messages::NotShown;
use crate::app::ActError;
use crate::app::away::Found;
use crate::app::job::Recipient;
use crate::app::people::Met;
use crate::chat::{Address, Messenger, Posted, SendError};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::Account;
use crate::store::Tx;
use crate::store::outbox::Claim;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A way to a recipient.
pub(super) struct Reached {
    pub(super) messenger: Arc<dyn Messenger>,
    pub(super) to: Address,
    pub(super) language: Language,
    /// Whose account it is; nobody's where it is a channel.
    person: Option<PersonId>,
    /// Whether the last message did not arrive this way, for its reader's sake.
    is_away: bool,
}

impl Worker {
    fn messenger(&self, platform: &str) -> Option<&Arc<dyn Messenger>> {
        self.messengers.iter().find(|messenger| messenger.platform() == platform)
    }

    /// How and where a recipient is reached, and what they read; `platform` is where their copy is.
    pub(super) async fn reach(
        &self,
        tx: Tx,
        platform: Option<&str>,
        recipient: &Recipient,
        claim: &Claim,
    ) -> Result<Reached, NotShown> {
        match recipient {
            Recipient::Channel(channel) => self.reach_channel(platform, channel),
            Recipient::Person(person) => self.reach_person(tx, platform, person, claim).await,
        }
    }

    fn reach_channel(&self, platform: Option<&str>, channel: &str) -> Result<Reached, NotShown> {
        let messenger = match platform {
            Some(platform) => self.messenger(platform),
            None => self.messengers.iter().find(|messenger| messenger.carries(channel)),
        };
        Ok(Reached {
            messenger: Arc::clone(messenger.ok_or_else(nowhere)?),
            to: Address::Channel(channel.to_owned()),
            language: self.language,
            person: None,
            is_away: false,
        })
    }

    async fn reach_person(
        &self,
        mut tx: Tx,
        platform: Option<&str>,
        person: &PersonId,
        claim: &Claim,
    ) -> Result<Reached, NotShown> {
        let (here, others): (Vec<_>, Vec<_>) = self
            .messengers
            .iter()
            .partition(|one| platform.is_none_or(|platform| one.platform() == platform));
        let mut unmet = Vec::new();
        let (mut pinned, mut away) = (None, None);
        for messenger in here.into_iter().chain(others) {
            let is_here = platform.is_none_or(|platform| messenger.platform() == platform);
            if !is_here && away.is_none() {
                break;
            }
            let met = self.app.reached(&mut tx, person, messenger.platform()).await;
            match met.map_err(NotShown::Ours)? {
                Some(met) if met.is_away => away = away.or(Some(self.met(messenger, person, met))),
                Some(met) if met.is_met => return Ok(self.met(messenger, person, met)),
                Some(met) => pinned = pinned.or(Some(self.met(messenger, person, met))),
                None => unmet.push(messenger),
            }
        }
        // Nothing is called while a connection is held.
        drop(tx);
        if let Some(pinned) = pinned {
            return Ok(pinned);
        }
        let mut why = nowhere();
        for messenger in unmet {
            match self.first_contact(messenger, person, claim).await {
                Ok(reached) => return Ok(reached),
                Err(NotShown::Never(word)) => why = NotShown::Never(word),
                // It may know them in a moment: another platform is no reason not to wait.
                Err(later) => return away.ok_or(later),
            }
        }
        away.ok_or(why)
    }

    fn met(&self, messenger: &Arc<dyn Messenger>, person: &PersonId, met: Met) -> Reached {
        Reached {
            messenger: Arc::clone(messenger),
            to: Address::Account(met.account),
            language: met.language.unwrap_or(self.language),
            person: Some(person.clone()),
            is_away: met.is_away,
        }
    }

    async fn first_contact(
        &self,
        messenger: &Arc<dyn Messenger>,
        id: &PersonId,
        claim: &Claim,
    ) -> Result<Reached, NotShown> {
        let snapshot = self.app.policy();
        let unknown = || NotShown::Never("nobody by that address on the chat platform".to_owned());
        let person = snapshot.policy.directory.active(id).ok_or_else(unknown)?;
        let found = messenger.find(person).await;
        let found =
            found.map_err(|error| self.not_shown(error, claim, id.as_str(), self.app.now()))?;
        let (account, profile) = found.ok_or_else(unknown)?;
        match self.app.link(&account, &profile, true).await.map_err(NotShown::Ours)? {
            Ok(linked) if linked == *id => {
                let language = profile.locale.as_deref().and_then(Language::of_locale);
                Ok(self.met(messenger, id, Met { account, language, is_met: true, is_away: false }))
            }
            Ok(_) => {
                Err(NotShown::Never("the account of that address is somebody else's".to_owned()))
            }
            Err(stranger) => Err(NotShown::Never(stranger.to_string())),
        }
    }

    /// Takes note of what came of a try that began at `tried_at`: that its reader can be written to
    /// again, or cannot any more.
    pub(super) async fn heed(
        &self,
        reached: &Reached,
        tried_at: DateTime<Utc>,
        shown: Result<Posted, SendError>,
    ) -> Result<Posted, SendError> {
        let (Some(person), Address::Account(account)) = (&reached.person, &reached.to) else {
            return shown;
        };
        let noted = match &shown {
            Ok(_) if reached.is_away => self.app.came_back(account).await.map(|()| false),
            Err(SendError::Unreachable(_)) => {
                self.may_go_on(reached, (account, person), tried_at).await
            }
            Ok(_) | Err(_) => Ok(false),
        };
        match noted {
            Ok(false) => shown,
            Ok(true) => {
                Err(SendError::Later { after: None, why: "there is another way".to_owned() })
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "noting whether somebody can be written to");
                shown
            }
        }
    }

    /// Takes note that an account took no message; whether there is another way in chat.
    async fn may_go_on(
        &self,
        reached: &Reached,
        (account, person): (&Account, &PersonId),
        tried_at: DateTime<Utc>,
    ) -> Result<bool, ActError> {
        let is_elsewhere = self.is_elsewhere(reached, person).await?;
        // Where there is no other way at all, that is what the admins hear.
        let is_news = is_elsewhere || self.mail_way().is_some();
        Ok(match self.app.went_away(account, person, (tried_at, is_news)).await? {
            Found::Back => true,
            Found::Away => is_elsewhere,
            Found::Nothing => false,
        })
    }

    /// Whether somebody can be written to on another platform.
    async fn is_elsewhere(&self, reached: &Reached, person: &PersonId) -> Result<bool, ActError> {
        let mut tx = self.app.store().read().await?;
        for messenger in &self.messengers {
            let platform = messenger.platform();
            let met = self.app.reached(&mut tx, person, platform).await?;
            if platform != reached.messenger.platform()
                && met.is_some_and(|met| met.is_met && !met.is_away)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn nowhere() -> NotShown {
    NotShown::Never("no chat platform is configured for it".to_owned())
}
