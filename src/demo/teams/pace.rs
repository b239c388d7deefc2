//! How fast one conversation takes messages, where a Teams is asked to mind it.
//!
//! The numbers are Microsoft's own, written down here once more: what the bot believes of them must
//! not decide what is taken.
//! <https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit>
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// So many messages to one conversation within so many seconds.
const LIMITS: [(usize, i64); 4] = [(7, 1), (8, 2), (60, 30), (1800, 3600)];

/// When something was sent to each conversation.
#[derive(Debug, Default)]
pub(super) struct Pace(HashMap<String, Vec<DateTime<Utc>>>);

impl Pace {
    /// Takes a message, or says for how many seconds it must wait.
    pub(super) fn take(&mut self, conversation: &str, now: DateTime<Utc>) -> Result<(), i64> {
        let sent = self.0.entry(conversation.to_owned()).or_default();
        for (most, seconds) in LIMITS {
            let since = now - TimeDelta::seconds(seconds);
            if sent.iter().filter(|at| **at > since).count() >= most {
                return Err(seconds);
            }
        }
        sent.push(now);
        Ok(())
    }
}
