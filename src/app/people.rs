//! Who is talking: an account on a platform, linked once to a person of the directory.
use super::{ActError, App};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::{Account, Directory, Person};
use crate::domain::request::Actor;
use crate::store::audit::AuditEntry;
use crate::store::{Linked, Tx};
use chrono::{DateTime, Utc};

/// What a platform says about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The confirmed address, where the platform tells it.
    pub email: Option<String>,
    /// Why this account may do nothing here, where it may not: a guest, a bot, deactivated.
    pub unfit: Option<Unfit>,
    /// What the person reads, where the platform tells it: `de-DE`.
    pub locale: Option<String>,
}

/// An account that somebody is reached by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// Which.
    pub account: Account,
    /// What was noted of what they read there.
    pub language: Option<Language>,
    /// Whether they were seen there, rather than only expected by their entry in the directory.
    pub is_met: bool,
    /// Whether the last message to it was refused for their sake.
    pub is_away: bool,
}

/// Why an account may do nothing here, whoever it claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It was deactivated.
    #[error("this account is deactivated")]
    Deactivated,
    /// It is a program's.
    #[error("bots cannot ask for access")]
    Bot,
    /// It is a guest's.
    #[error("guests cannot use Hallpass")]
    Guest,
    /// It belongs to another workspace.
    #[error("people of other workspaces cannot use Hallpass")]
    OtherWorkspace,
}

/// Why nobody of the directory is behind an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stranger {
    /// The account itself is not fit.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// No person of the directory has this account or address.
    #[error("Hallpass does not know you yet; ask an admin to add you to its directory")]
    Unknown,
    /// The person it would lead to has another account in this workspace.
    #[error("your address leads to somebody with another account here; ask an admin to pin yours")]
    SecondAccount,
    /// The person has left.
    #[error("your entry in the directory is not active")]
    Inactive,
}

impl App {
    /// Who an account belongs to, from what is known already; `None` before the first contact.
    pub async fn known_person(&self, account: &Account) -> Result<Option<PersonId>, ActError> {
        let policy = self.policy();
        if let Some(person) = pinned(&policy.policy.directory, account) {
            return Ok(Some(person.id.clone()));
        }
        let linked = self.store().read().await?.person_of(account).await?;
        // A person with pinned accounts is reached by those alone, also when a link is older.
        Ok(linked.filter(|id| {
            let person = policy.policy.directory.people.get(id);
            person.is_none_or(|person| !is_pinned_on(person, &account.platform))
        }))
    }

    /// Whether the person may act today.
    pub fn is_active(&self, person: &PersonId) -> bool {
        self.policy().policy.directory.active(person).is_some()
    }

    /// Links an account on first contact: by its pin, or by its confirmed address where
    /// `by_email`. An account that is linked stays so, whatever address it has later.
    ///
    /// # Errors
    ///
    /// The inner [`Stranger`] says why nobody is behind it.
    pub async fn link(
        &self,
        account: &Account,
        profile: &Profile,
        by_email: bool,
    ) -> Result<Result<PersonId, Stranger>, ActError> {
        match self.leads_to(account, profile, by_email).await? {
            Ok(person) => self.remember(account, &person, profile.locale.as_deref()).await,
            Err(stranger) => Ok(Err(stranger)),
        }
    }

    /// Who is behind an account that somebody else names: whom [`App::link`] would link it to.
    /// Nothing is kept: an account is linked when its owner writes.
    pub async fn recognise(
        &self,
        account: &Account,
        profile: &Profile,
        by_email: bool,
    ) -> Result<Option<PersonId>, ActError> {
        let Ok(person) = self.leads_to(account, profile, by_email).await? else { return Ok(None) };
        if pinned(&self.policy().policy.directory, account).is_some() {
            return Ok(Some(person));
        }
        let linked = self.store().read().await?.accounts_of(&person, &account.platform).await?;
        let is_second = linked.iter().any(|other| is_other(&other.account, account));
        Ok((!is_second).then_some(person))
    }

    /// Whom an account leads to, by its link, its pin, or its confirmed address.
    async fn leads_to(
        &self,
        account: &Account,
        profile: &Profile,
        by_email: bool,
    ) -> Result<Result<PersonId, Stranger>, ActError> {
        if let Some(unfit) = profile.unfit {
            return Ok(Err(unfit.into()));
        }
        let policy = self.policy();
        let directory = &policy.policy.directory;
        let linked = match self.known_person(account).await? {
            Some(person) => Some(person),
            None => profile
                .email
                .as_deref()
                .filter(|_| by_email)
                .and_then(|email| with_email(directory, email))
                .map(|person| person.id.clone()),
        };
        let Some(person) = linked else { return Ok(Err(Stranger::Unknown)) };
        if directory.active(&person).is_none() {
            return Ok(Err(Stranger::Inactive));
        }
        Ok(Ok(person))
    }

    /// The language of whoever is behind an account, by what was noted of it last.
    pub async fn language(
        &self,
        tx: &mut Tx,
        account: &Account,
    ) -> Result<Option<Language>, ActError> {
        Ok(tx.locale_of(account).await?.as_deref().and_then(Language::of_locale))
    }

    /// Where a person is reached on a platform, by what `tx` reads, and the language that was noted of
    /// that account: a pinned one before the one that was linked first.
    pub async fn reached(
        &self,
        tx: &mut Tx,
        person: &PersonId,
        platform: &str,
    ) -> Result<Option<Met>, ActError> {
        let policy = self.policy();
        let known = policy.policy.directory.people.get(person);
        let directory = &policy.policy.directory;
        let mut pins = known.into_iter().flat_map(|person| &person.pinned);
        let pin = pins.find(|account| account.platform == platform);
        // A link made before an admin pinned the account to somebody else counts no more.
        let is_theirs = |account: &Account| match pin {
            Some(pin) => pin == account,
            None => pinned(directory, account).is_none_or(|owner| owner.id == *person),
        };
        let mut linked = tx.accounts_of(person, platform).await?.into_iter();
        match (linked.find(|linked| is_theirs(&linked.account)), pin) {
            (Some(Linked { account, locale, is_away }), _) => {
                let language = locale.as_deref().and_then(Language::of_locale);
                Ok(Some(Met { account, language, is_met: true, is_away }))
            }
            // It was pinned, and its person has not been seen since.
            (None, Some(pin)) => {
                let language = self.language(tx, pin).await?;
                Ok(Some(Met { account: pin.clone(), language, is_met: false, is_away: false }))
            }
            (None, None) => Ok(None),
        }
    }

    /// Keeps the link; a person has one account in a workspace, and a second one is refused: an
    /// address that was given to somebody else must not hand on what the first could do.
    async fn remember(
        &self,
        account: &Account,
        person: &PersonId,
        locale: Option<&str>,
    ) -> Result<Result<PersonId, Stranger>, ActError> {
        self.retried(|| self.try_to_remember(account, person, locale)).await
    }

    async fn try_to_remember(
        &self,
        account: &Account,
        person: &PersonId,
        locale: Option<&str>,
    ) -> Result<Result<PersonId, Stranger>, ActError> {
        let at = self.now();
        let snapshot = self.policy();
        let directory = &snapshot.policy.directory;
        let mut tx = self.store().begin().await?;
        let is_pin = pinned(directory, account).is_some();
        let (is_relinked, has_other) =
            follow_pins(&mut tx, directory, (account, person), at).await?;
        let is_free = is_pin || !has_other;
        let row = |actor, kind, body| AuditEntry { at, actor, kind, request: None, body };
        // Of two first contacts at the same time neither sees the other's link, and the database
        // lets one through.
        let is_new = is_free && tx.link_account(account, person, !is_pin, at).await?;
        if is_new {
            let body = serde_json::json!({ "account": account });
            tx.audit(row(Actor::Person(person.clone()), "account_linked", body));
        } else if !is_free || tx.person_of(account).await?.as_ref() != Some(person) {
            let body = serde_json::json!({ "account": account, "person": person });
            tx.audit(row(Actor::Policy, "link_refused", body));
            self.tell_second_account(&mut tx, account, person, at).await?;
            tx.commit().await?;
            self.ring();
            return Ok(Err(Stranger::SecondAccount));
        }
        let is_other_locale = match locale {
            Some(locale) => tx.note_locale(account, locale).await?,
            None => false,
        };
        if is_new || is_relinked || is_other_locale {
            tx.commit().await?;
        }
        Ok(Ok(person.clone()))
    }
}

/// Whether these are two accounts in one workspace.
fn is_other(one: &Account, account: &Account) -> bool {
    one.workspace == account.workspace && one.user != account.user
}

/// Makes the links of an account, and of a person's others, follow their pins: whether one was
/// moved, and whether the person has another account in that workspace still.
async fn follow_pins(
    tx: &mut Tx,
    directory: &Directory,
    (account, person): (&Account, &PersonId),
    at: DateTime<Utc>,
) -> Result<(bool, bool), ActError> {
    let mut is_relinked = relink(tx, directory, account, at).await?;
    let mut has_other = false;
    for Linked { account: other, .. } in tx.accounts_of(person, &account.platform).await? {
        let is_moved = relink(tx, directory, &other, at).await?;
        is_relinked |= is_moved;
        has_other |= is_other(&other, account) && !is_moved;
    }
    Ok((is_relinked, has_other))
}

/// Makes an account's link follow its pin, where it was linked to somebody else before; whether it
/// was. Nobody has to look after the database for that.
async fn relink(
    tx: &mut Tx,
    directory: &Directory,
    account: &Account,
    at: DateTime<Utc>,
) -> Result<bool, ActError> {
    let Some(owner) = pinned(directory, account).map(|person| &person.id) else { return Ok(false) };
    let Some(before) = tx.person_of(account).await?.filter(|before| before != owner) else {
        return Ok(false);
    };
    tx.relink_account(account, owner, at).await?;
    tx.audit(AuditEntry {
        at,
        actor: Actor::Policy,
        kind: "account_relinked",
        request: None,
        body: serde_json::json!({ "account": account, "from": before, "to": owner }),
    });
    Ok(true)
}

fn is_pinned_on(person: &Person, platform: &str) -> bool {
    person.pinned.iter().any(|account| account.platform == platform)
}

fn pinned<'a>(directory: &'a Directory, account: &Account) -> Option<&'a Person> {
    directory.people.values().find(|person| person.pinned.contains(account))
}

/// The one person with this address; addresses are compared without case.
fn with_email<'a>(directory: &'a Directory, email: &str) -> Option<&'a Person> {
    let mut found = directory.people.values().filter(|person| {
        // A person with pinned accounts is reached by those alone.
        person.pinned.is_empty() && person.email.eq_ignore_ascii_case(email)
    });
    match (found.next(), found.next()) {
        (Some(person), None) => Some(person),
        _ => None,
    }
}
