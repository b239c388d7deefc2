//! Signing in to Teams' tab: with Microsoft's word on whose account it is, already verified.
//!
//! Whose account that is says its pin or its link of before, nothing else: an account comes to its
//! person in the chat, where Teams is asked about it. A word is good for an hour and Teams says the
//! same one again meanwhile, so it cannot be good for one time alone; it is good for one browser.
use super::{Proof, SignIn};
use crate::app::ActError;
use crate::app::people::Stranger;
use crate::domain::id::PersonId;
use crate::domain::person::Account;
use chrono::{DateTime, Utc};

/// A word that a browser brought.
#[derive(Clone, Copy)]
pub struct Brought<'a> {
    /// Whose account it is.
    pub account: &'a Account,
    /// What was signed: names the word.
    pub signed: &'a str,
    /// How long it is good.
    pub until: DateTime<Utc>,
    /// What the cookie holds of the browser that brought it.
    pub browser: &'a str,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    /// Nobody who may act is behind the account.
    #[error(transparent)]
    Stranger(#[from] Stranger),
    /// Another browser brought the same word.
    #[error("another browser was signed in with the same token")]
    Replayed,
    /// Ours.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl SignIn {
    /// Signs a browser in with the word that it brought: the cookie from then on.
    ///
    /// # Errors
    ///
    /// [`NotSignedIn`] says why not.
    pub async fn begin_in_tab(&self, brought: Brought<'_>) -> Result<String, NotSignedIn> {
        let person = self.behind(brought.account).await?;
        let cookie = self.new_cookie()?;
        let (word, browser) =
            (self.hash("word", brought.signed), self.hash("browser", brought.browser));
        let mut tx = self.app.store().begin().await.map_err(ActError::from)?;
        tx.forget_tab_words(self.app.now()).await.map_err(ActError::from)?;
        let is_first = tx.bring_tab_word(&word, &browser, brought.until).await;
        if !is_first.map_err(ActError::from)? {
            return Err(NotSignedIn::Replayed);
        }
        self.add_session(&mut tx, &cookie, &person, Proof::Teams).await?;
        tx.commit().await.map_err(ActError::from)?;
        Ok(cookie)
    }

    /// Who is behind an account, by what is known already.
    async fn behind(&self, account: &Account) -> Result<PersonId, NotSignedIn> {
        let person = self.app.known_person(account).await?.ok_or(Stranger::Unknown)?;
        if self.app.is_active(&person) { Ok(person) } else { Err(Stranger::Inactive.into()) }
    }
}
