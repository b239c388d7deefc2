//! Who is behind an account of Teams, and whether Teams still vouches for them.
use super::activity::By;
use super::api::{ApiError, Member};
use super::handle::Teams;
use crate::app::direct::Direct;
use crate::app::people::{Profile, Stranger, Unfit};
use crate::chat::standings::{Asking, Nobody, Standing};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use chrono::TimeDelta;
use std::time::Duration;

/// How long Teams' word on an account is good enough for a decision.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(60);
/// How long Teams' word is good enough to look and to ask.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(10);
/// Longest wait for Teams' word: an answer is due within seconds.
const WAIT: Duration = Duration::from_millis(1500);

impl Teams {
    /// The person behind an account, by Teams' word of the last minutes.
    pub(super) async fn person(&self, by: &By) -> Result<PersonId, Nobody> {
        self.confirmed(by, KNOWN_FOR).await
    }

    /// The person behind an account, by Teams' word of this minute: for decisions.
    pub(super) async fn person_now(&self, by: &By) -> Result<PersonId, Nobody> {
        self.confirmed(by, FRESH_FOR).await
    }

    /// What they read: what their client is set to, else what is written to people by default.
    pub(super) fn language(&self, by: &By) -> Language {
        by.language().unwrap_or(self.default_language())
    }

    async fn confirmed(&self, by: &By, age: TimeDelta) -> Result<PersonId, Nobody> {
        if !self.tenants().contains(&by.account.workspace) {
            return Err(Stranger::Unfit(Unfit::OtherWorkspace).into());
        }
        let Some(teams) = self.shared() else { return Err(Nobody::Unconfirmed) };
        let whom = by.clone();
        let learn = async move { teams.learn(&whom).await };
        let of = Asking {
            account: &by.account,
            since: self.app().now() - age,
            wait: WAIT,
            tasks: self.tasks(),
        };
        let person = self.standings().confirmed(of, learn).await??;
        // The directory's word is read anew every time.
        if self.app().is_active(&person) { Ok(person) } else { Err(Stranger::Inactive.into()) }
    }

    /// Teams' word on an account, linked on first contact and remembered.
    async fn learn(&self, by: &By) -> Result<Standing, Nobody> {
        let member = self.member(by).await.map_err(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "Teams does not say who an account is");
            Nobody::Unconfirmed
        })?;
        let profile = profile(by, member.as_ref());
        let linked = self.app().link(&by.account, &profile, self.links_by_email()).await;
        let person = linked.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "linking an account");
            Nobody::Ours
        })?;
        Ok(Standing { at: self.app().now(), person, language: by.language() })
    }
}

impl Teams {
    /// What Teams says of a sender; `None` for whoever it does not find any more. They are looked up
    /// where they acted, or where we are not (the message extension is used in any chat) in their own
    /// chat with us. That we may not look anywhere says nothing of them.
    async fn member(&self, by: &By) -> Result<Option<Member>, ApiError> {
        // A thread has the members of its channel.
        let here = by.conversation.split(';').next().unwrap_or_default();
        let found = self.api().member(&by.service_url, here, &by.user).await;
        if !matches!(found, Err(ApiError::Unreachable(_) | ApiError::Gone)) {
            return found;
        }
        let known = self.app().direct(&by.account).await.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "reading a conversation");
            None
        });
        if let Some(direct) = known.filter(|direct| direct.conversation != here) {
            let Direct { service_url, conversation, .. } = &direct;
            let found = self.api().member(service_url, conversation, &by.user).await;
            if !matches!(found, Err(ApiError::Unreachable(_) | ApiError::Gone)) {
                return found;
            }
        }
        let (url, tenant) = (&by.service_url, &by.account.workspace);
        let own = self.api().create_conversation(url, tenant, &by.user).await?;
        self.api().member(url, &own, &by.user).await
    }
}

/// What Teams says about a member, in our words.
fn profile(by: &By, member: Option<&Member>) -> Profile {
    let locale = by.locale.clone();
    let Some(member) = member else {
        return Profile { email: None, unfit: Some(Unfit::Deactivated), locale };
    };
    let is_theirs = |known: &Option<String>, account: &str| {
        known.as_deref().is_none_or(|known| known.eq_ignore_ascii_case(account))
    };
    let unfit = match member.role.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("guest" | "anonymous") => Some(Unfit::Guest),
        Some("bot" | "skill") => Some(Unfit::Bot),
        _ if !is_theirs(&member.tenant, &by.account.workspace) => Some(Unfit::OtherWorkspace),
        // Whom Teams names by another id than the one that it signed for is not vouched for.
        _ if !is_theirs(&member.object_id, &by.account.user) => Some(Unfit::OtherWorkspace),
        _ => None,
    };
    // The name that they sign in with is confirmed by the tenant; an address may be anything.
    Profile { email: member.upn.clone().or_else(|| member.email.clone()), unfit, locale }
}
