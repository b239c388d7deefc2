//! The rules: pure functions of values and a `now`. No I/O, no clock, no platform words.
pub mod catalog;
pub mod id;
pub mod person;
pub mod search;
