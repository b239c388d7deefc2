//! Who is behind a Slack account, and whether Slack still vouches for them.
use super::PLATFORM;
use super::api::UserFacts;
use super::handle::Slack;
use crate::app::ActError;
use crate::app::people::{Profile, Stranger, Unfit};
use crate::chat::standings::{Asking, Nobody, Standing};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::Account;
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;

/// How long Slack's word on an account is good enough for a decision.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(60);
/// How long Slack's word is good enough to look and to ask.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(10);
/// Longest wait for Slack's word after an acknowledgement; a trigger lives 3 s.
const WAIT: Duration = Duration::from_millis(1500);
/// Longest wait for it inside one, which people see as a button that hangs.
const ACK_WAIT: Duration = Duration::from_millis(350);
impl Slack {
    /// The person behind an account, by Slack's word of the last minutes.
    pub(super) async fn person(&self, account: &Account) -> Result<PersonId, Nobody> {
        self.confirmed(account, KNOWN_FOR, WAIT).await
    }

    /// The person behind an account, by Slack's word of this minute: for decisions.
    pub(super) async fn person_now(&self, account: &Account) -> Result<PersonId, Nobody> {
        self.confirmed(account, FRESH_FOR, WAIT).await
    }

    /// As [`Slack::person`], inside an acknowledgement.
    pub(super) async fn person_in_ack(&self, account: &Account) -> Result<PersonId, Nobody> {
        self.confirmed(account, KNOWN_FOR, ACK_WAIT).await
    }

    /// As [`Slack::person_now`], inside an acknowledgement.
    pub(super) async fn person_now_in_ack(&self, account: &Account) -> Result<PersonId, Nobody> {
        self.confirmed(account, FRESH_FOR, ACK_WAIT).await
    }

    /// What the person behind an account reads, as far as it is remembered.
    pub(super) fn language_remembered(&self, account: &Account) -> Language {
        let known = self.standings().get(account).and_then(|known| known.language);
        known.unwrap_or(self.default_language())
    }

    /// The same, or as it was noted: for acknowledgements, which do not wait for Slack.
    pub(super) async fn language_at_hand(&self, account: &Account) -> Language {
        let language = match self.standings().get(account) {
            Some(known) => known.language,
            None => self.noted_language(account).await,
        };
        language.unwrap_or(self.default_language())
    }

    /// Who is behind an account that somebody mentions: by what is linked, else by Slack's word and
    /// the directory. Nobody is linked for being mentioned.
    pub(super) async fn person_named(&self, account: &Account) -> Option<PersonId> {
        let found = async {
            if let Some(person) = self.app().known_person(account).await? {
                return Ok(Some(person));
            }
            let Ok(facts) = self.api().user(&account.user).await else { return Ok(None) };
            let profile = self.profile(&facts);
            self.app().recognise(account, &profile, self.links_by_email()).await
        };
        found.await.unwrap_or_else(|error: ActError| {
            tracing::warn!(error = &error as &dyn std::error::Error, "looking a person up");
            None
        })
    }

    /// What the person behind an account reads: by what Slack said of it last, else by what was
    /// noted of it before.
    pub(super) async fn language(&self, account: &Account) -> Language {
        if self.standings().get(account).is_none() {
            // Whoever it is, the answer is remembered.
            let _ = self.person(account).await;
        }
        self.language_at_hand(account).await
    }

    /// Asks Slack again about whoever begins something, beside answering them: what they read may
    /// be another language than minutes ago.
    pub(super) fn look_again(self: &Arc<Self>, account: &Account) {
        let age = self.standings().get(account).map(|known| self.app().now() - known.at);
        if age.is_none_or(|age| age >= KNOWN_FOR) {
            // Whoever answers them has to ask, and once is enough.
            return;
        }
        let account = account.clone();
        self.later(|slack| async move {
            // What is wrong with the account is said where it matters.
            let _ = slack.person_now(&account).await;
            Ok(())
        });
    }

    async fn noted_language(&self, account: &Account) -> Option<Language> {
        let noted = async {
            let mut tx = self.app().store().read().await?;
            self.app().language(&mut tx, account).await
        };
        noted.await.unwrap_or_else(|error: ActError| {
            tracing::warn!(error = &error as &dyn std::error::Error, "reading a language");
            None
        })
    }

    async fn confirmed(
        &self,
        account: &Account,
        age: TimeDelta,
        wait: Duration,
    ) -> Result<PersonId, Nobody> {
        if !self.workspaces().contains(&account.workspace) {
            return Err(Stranger::Unfit(Unfit::OtherWorkspace).into());
        }
        let Some(slack) = self.shared() else { return Err(Nobody::Unconfirmed) };
        let learn = {
            let account = account.clone();
            async move { slack.learn(&account).await }
        };
        let of = Asking { account, since: self.app().now() - age, wait, tasks: self.tasks() };
        let person = self.standings().confirmed(of, learn).await?;
        let person = person?;
        // The directory's word is read anew every time.
        if self.app().is_active(&person) { Ok(person) } else { Err(Stranger::Inactive.into()) }
    }

    /// Slack's word on an account, linked on first contact and remembered.
    async fn learn(&self, account: &Account) -> Result<Standing, Nobody> {
        let facts = self.api().user(&account.user).await.map_err(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "Slack does not say who an account is");
            Nobody::Unconfirmed
        })?;
        let profile = self.profile(&facts);
        let linked = self.app().link(account, &profile, self.links_by_email()).await;
        let person = linked.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "linking an account");
            Nobody::Ours
        })?;
        let language = facts.locale.as_deref().and_then(Language::of_locale);
        Ok(Standing { at: self.app().now(), person, language })
    }

    /// What Slack says about a user, in our words.
    pub(super) fn profile(&self, facts: &UserFacts) -> Profile {
        let is_ours = facts.team_id.as_ref().is_none_or(|team| self.workspaces().contains(team));
        let unfit = if facts.deleted {
            Some(Unfit::Deactivated)
        } else if facts.is_bot {
            Some(Unfit::Bot)
        } else if facts.is_restricted || facts.is_ultra_restricted {
            Some(Unfit::Guest)
        } else if facts.is_stranger || !is_ours {
            Some(Unfit::OtherWorkspace)
        } else {
            None
        };
        Profile { email: facts.email.clone(), unfit, locale: facts.locale.clone() }
    }
}

/// A Slack account as we name it.
pub(super) fn account(workspace: &str, user: &str) -> Account {
    Account {
        platform: PLATFORM.to_owned(),
        workspace: workspace.to_owned(),
        user: user.to_owned(),
    }
}
