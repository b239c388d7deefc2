//! Slack: verified input from HTTP or a socket into one handler, messages and views out.
mod acks;
mod afterwards;
pub mod api;
mod clicks;
mod commands;
mod decisions;
mod form;
mod handle;
mod home;
mod line;
mod messenger;
mod payload;
mod people;
pub mod shape;
pub mod socket;
mod stack;
mod surfaces;
pub mod unpack;
pub mod verify;
mod views;
mod way;

pub use handle::{Slack, SlackSettings};

use super::dispatch::Handle;

/// The platform's name in accounts and messages.
pub const PLATFORM: &str = "slack";

/// Something Slack sent, authenticated, not yet understood. Slack's own shapes, as JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Inbound {
    /// A slash command: the form's fields as an object of texts.
    Command(serde_json::Value),
    /// A click, a submission, an option search, a shortcut: the `payload`.
    Interaction(serde_json::Value),
    /// An event: the whole callback with its `event_id`.
    Event(serde_json::Value),
}

/// The answer that goes out at once; `None` is an empty 200.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ack {
    /// JSON to answer with.
    pub body: Option<serde_json::Value>,
}

/// What handles everything Slack sends, over HTTP and the socket alike. Never fails: a failure is
/// told to the person by whoever handles it.
pub type Handler = Handle<Inbound, Ack>;

/// Runs the handler within its bounds.
pub type Dispatch = super::dispatch::Dispatch<Inbound, Ack>;
