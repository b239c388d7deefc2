//! The local workspace: what `hallpass demo` and the tests run the bot against.

pub mod postgres;
pub mod slack;
