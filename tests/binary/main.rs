//! The real binary under violence: killed, told to stop, started wrongly, flooded.
//!
//! The bot is a child process with configuration files of its own; Slack's servers are played by
//! this process, the target is a small program's directory. After each blow the *target* is read,
//! then the database, then what people see in chat.
#![cfg(test)]
mod bot;
mod canaries;
mod crash;
mod flood;
mod laws;
mod login;
mod mail;
mod people;
mod points;
mod refusals;
#[path = "../skipped/mod.rs"]
mod skipped;
mod split;
mod stop;
mod target;
mod way;
mod world;
