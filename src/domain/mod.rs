//! The rules: pure functions of values and a `now`. No I/O, no clock, no platform words.
pub mod approvals;
pub mod catalog;
pub mod decide;
pub mod draft;
pub mod duration;
pub mod extend;
pub mod flow;
pub mod id;
pub mod justification;
pub mod language;
pub mod line;
pub mod listing;
pub mod parties;
pub mod past;
pub mod person;
pub mod plan;
pub mod policy;
pub mod record;
pub mod request;
pub mod resources;
#[cfg(test)]
mod sample;
pub mod search;
pub mod status;
pub mod submission;
pub mod terms;
pub mod ticket;
pub mod visible;
