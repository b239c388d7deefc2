//! How fast one conversation takes messages, where a workspace is asked to mind it.
//!
//! The number is Slack's own, written down here once more: what the bot believes of it must not
//! decide what the workspace takes.
use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::faults::{Fault, Standing};
use super::json::text;
use super::state::State;

/// "No more than one message per second per channel."
const BETWEEN_POSTS: TimeDelta = TimeDelta::seconds(1);
/// What somebody who was too fast is told to wait.
const WAIT: Duration = Duration::from_secs(1);

/// When something was last posted in each conversation.
#[derive(Debug, Default)]
pub(super) struct Posts(HashMap<String, DateTime<Utc>>);

impl State {
    /// The refusal of a message that comes too soon after the one before it.
    pub(super) fn too_fast(&mut self, method: &str, args: &Value) -> Option<Standing> {
        if !self.minds_pace || method != "chat.postMessage" {
            return None;
        }
        let now = self.now();
        let named = text(args, "/channel");
        let place = if named.starts_with('U') { self.dm(named) } else { named.to_owned() };
        let last = self.posts.0.get(&place);
        if last.is_some_and(|last| now - *last < BETWEEN_POSTS) {
            return Some(Standing::once(Fault::RateLimited { retry_after: WAIT }));
        }
        self.posts.0.insert(place, now);
        None
    }
}
