//! Chat platforms: each turns its events into our words and our messages into its own.
pub mod access;
pub mod answers;
pub mod code_mail;
pub mod dispatch;
pub mod form;
pub mod mail;
pub mod narrowing;
pub mod slack;
mod standings;
pub mod teams;
mod typed;

use crate::app::people::Profile;
use crate::domain::language::Language;
use crate::domain::person::{Account, Person};
use crate::show::cards::Card;
use crate::show::home::Home;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// To a person, in their direct messages.
    Account(Account),
    /// To a channel, by the platform's own id.
    Channel(String),
}

/// Where a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The conversation it is in.
    pub place: String,
    /// The platform's name of the message there.
    pub stamp: String,
}

/// A message that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may arrive later, after this pause where the platform named one.
    #[error("not now: {why}")]
    Later {
        /// What the platform asked for.
        after: Option<Duration>,
        /// The platform's word.
        why: String,
    },
    /// It refuses us altogether until an admin acts: the app was removed, or its token revoked.
    #[error("shut out: {0}")]
    ShutOut(String),
    /// This person or place cannot be reached there.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// Something newer is there already.
    #[error("something newer is there already")]
    Overtaken,
    /// The message itself is wrong, which is a defect of ours.
    #[error("the platform does not take the message: {0}")]
    Wrong(String),
}

/// A message that is sent once, by mail.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whose it is, as people call them.
    pub name: String,
    /// Their address.
    pub address: String,
    /// What it says.
    pub card: Card,
    /// The layout's own words.
    pub language: Language,
    /// Its own name: one that is sent again after a crash has the same.
    pub id: String,
    /// The name that all letters of one conversation share.
    pub thread: Option<String>,
    /// The page behind it.
    pub link: Option<String>,
}

/// Sends letters.
pub type Post = Arc<dyn Fn(Letter) -> BoxFuture<'static, Result<(), SendError>> + Send + Sync>;

/// A chat platform that carries messages about requests.
pub trait Messenger: Send + Sync {
    /// The platform's name, as in [`Account::platform`].
    fn platform(&self) -> &'static str;

    /// Whether a channel of this id is one of this platform's.
    fn carries(&self, channel: &str) -> bool;

    /// Finds the account of a person who never wrote to us.
    fn find<'a>(
        &'a self,
        person: &'a Person,
    ) -> BoxFuture<'a, Result<Option<(Account, Profile)>, SendError>>;

    /// Posts a message, or rewrites the one at `at`, with the layout's own words in `language`.
    fn show<'a>(
        &'a self,
        to: &'a Address,
        at: Option<&'a Posted>,
        card: &'a Card,
        language: Language,
    ) -> BoxFuture<'a, Result<Posted, SendError>>;

    /// Draws a person's Home, unless what is there is not `over`; answers what `over` is next time.
    /// The layout's own words are in `language`.
    fn draw_home<'a>(
        &'a self,
        account: &'a Account,
        over: Option<&'a str>,
        home: &'a Home,
        language: Language,
    ) -> BoxFuture<'a, Result<String, SendError>>;
}
