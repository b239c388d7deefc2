//! Hallpass: access requests in chat, granted and taken back on time.
//!
//! Data flows one way: an adapter (`chat`, `http`) turns an event into our words, a use case (`app`)
//! loads, asks the pure `domain`, and stores the move with the work it causes; `work` does that work.
pub mod app;
pub mod bot;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connect;
pub mod demo;
pub mod domain;
pub mod health;
pub mod http;
pub mod ids;
pub mod show;
pub mod store;
pub mod telemetry;
pub mod token;
pub mod work;
