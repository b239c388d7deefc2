//! What people read: one view model a message, one template a channel.
//!
//! The one place that words things. A model holds finished words, in one reader's language, and
//! decides nothing later; a template lays them out and holds no logic. The words themselves are in
//! `texts/`, once in each language. Text that a person wrote stays a field of its own, so
//! that each channel can escape it for where it goes.
pub mod away;
pub mod cards;
pub mod details;
pub mod ending;
pub mod forms;
pub mod help;
pub mod home;
pub mod lights;
pub mod limits;
pub mod mail;
pub mod narrowing;
pub mod pages;
pub mod reduced;
pub mod request_form;
pub mod samples;
pub mod slack_limits;
pub mod statuses;
pub mod teams;
pub mod templates;
pub mod texts;
pub mod tickets;
pub mod words;

use crate::domain::language::Language;
use crate::domain::policy::Policy;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// How things are worded for one reader: by today's policy, in their language.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    /// Knows how people, resources and flows are called.
    pub policy: &'a Policy,
    /// What the reader reads.
    pub language: Language,
}

impl<'a> Voice<'a> {
    /// A voice by this policy, in this language.
    pub fn new(policy: &'a Policy, language: Language) -> Self {
        Self { policy, language }
    }

    /// The text `key` in the reader's language, with these values in it.
    pub fn say<const N: usize>(
        self,
        key: &str,
        values: [(&'static str, texts::Value<'_>); N],
    ) -> String {
        texts::say(self.language, key, values)
    }
}

/// A time that each reader sees in their own zone, where the channel can do that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct When {
    /// Seconds since 1970, UTC.
    pub unix: i64,
    /// For channels that cannot, in UTC: `2026`.
    pub year: String,
    /// `11`.
    pub month: String,
    /// `24`.
    pub day: String,
    /// `08:30`.
    pub time: String,
}

impl From<DateTime<Utc>> for When {
    fn from(at: DateTime<Utc>) -> Self {
        let part = |format: &str| at.format(format).to_string();
        Self {
            unix: at.timestamp(),
            year: part("%Y"),
            month: part("%m"),
            day: part("%d"),
            time: part("%H:%M"),
        }
    }
}

/// One line of facts: a label and a text or a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about: `For`.
    pub label: String,
    /// The fact, where it is a text.
    pub text: Option<String>,
    /// The fact, where it is a time.
    pub when: Option<When>,
}

impl Fact {
    /// A fact that is a text.
    pub fn text(label: &str, text: impl Into<String>) -> Self {
        Self { label: label.to_owned(), text: Some(text.into()), when: None }
    }

    /// A fact that is a time.
    pub fn time(label: &str, at: DateTime<Utc>) -> Self {
        Self { label: label.to_owned(), text: None, when: Some(at.into()) }
    }
}

/// One choice of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What people read.
    pub label: String,
    /// What comes back: an id, never a text.
    pub value: String,
    /// A second line, where it helps.
    pub hint: Option<String>,
}
