//! HTTP in: a server that bounds everything, and the routes behind it.
//!
//! ```text
//! server: sockets, seats, time limits, careful headers -> dressed: request id, body limit
//!   -> slack: verify the raw body, unpack, hand over, answer
//!   -> teams: verify the token, read the body, hold it against the token, hand over, answer
//!   -> pages: cookies, who is signed in, a form of ours or a page
//!   -> health: /healthz and /readyz
//! ```
mod body;
mod careful;
mod client;
mod dress;
pub mod health;
pub mod pages;
mod seat;
pub mod server;
pub mod slack;
pub mod teams;
#[cfg(test)]
mod tests;

pub use dress::{Dressed, dressed};
