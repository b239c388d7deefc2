//! Microsoft Teams: what the Bot Framework posts, verified, into one handler; messages out through
//! its Connector.
//!
//! `door` lets in what Microsoft signed for us and for nobody else; `api` calls the Connector; both
//! trust the same addresses (`service_url`). `tab` reads who looks at the personal tab. Ids of conversations, people and messages are
//! Microsoft's own and taken as they are.
mod activity;
mod acts;
mod answers;
pub mod api;
pub mod door;
mod form;
mod handle;
mod late;
mod lists;
mod messenger;
mod narrowing;
mod people;
mod said;
mod search;
pub mod service_url;
pub mod tab;

pub use handle::{Teams, TeamsSettings};

use super::dispatch::Handle;
use serde_json::Value;

/// The platform's name in accounts and messages.
pub const PLATFORM: &str = "teams";

/// What an activity is answered with.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status: 200, or 501 for an invoke that we do not know.
    pub status: u16,
    /// JSON to answer with, if any.
    pub body: Option<Value>,
}

/// What handles everything that Teams sends: it gets the whole, authenticated activity. Never fails:
/// a failure is told to the person by whoever handles it.
pub type Handler = Handle<Value, Answer>;

/// Runs the handler within its bounds.
pub type Dispatch = super::dispatch::Dispatch<Value, Answer>;

impl Answer {
    /// What is answered to an activity that we do not know: an invoke waits for an answer, and 501 tells
    /// Teams that there is none.
    pub fn unknown(activity: &Value) -> Self {
        match activity.get("type").and_then(Value::as_str) {
            Some("invoke") => Self { status: 501, body: None },
            _ => Self::empty(),
        }
    }

    /// Nothing to say: an empty 200.
    pub fn empty() -> Self {
        Self { status: 200, body: None }
    }

    /// A 200 with a body.
    pub fn with(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }
}
