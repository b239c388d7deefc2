//! Sending somebody a code to sign in to the web pages with.
//!
//! A code is sent at once and by no queue: it is good for minutes, must rest nowhere, and whoever
//! does not get one asks for another.
use super::SendError;
use crate::domain::language::Language;
use futures_util::future::BoxFuture;

/// A code for somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeLetter {
    /// The address on file.
    pub to: String,
    /// How they are called.
    pub name: String,
    /// The six digits.
    pub code: String,
    /// How long it is good, in minutes.
    pub minutes: i64,
    /// What they read.
    pub language: Language,
}

impl std::fmt::Debug for CodeLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither the code nor the address.
        f.debug_struct("CodeLetter").finish_non_exhaustive()
    }
}

/// What carries codes to people's addresses on file.
pub trait CodeMail: Send + Sync {
    /// Sends a code, once.
    fn send_code<'a>(&'a self, letter: &'a CodeLetter) -> BoxFuture<'a, Result<(), SendError>>;
}
