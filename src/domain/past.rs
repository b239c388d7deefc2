//! What happened to a request: its moves, in order, as the audit has them.
use super::request::Actor;
use chrono::{DateTime, Utc};

/// One move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: DateTime<Utc>,
    /// Who or what caused it.
    pub by: Actor,
    /// The event's name, as `Event::name` has it; `submitted` for the first.
    pub event: String,
}
