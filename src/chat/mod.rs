//! Chat platforms: each turns its events into our words and our messages into its own.
pub mod slack;
