//! The local workspace that `hallpass demo` and the tests run against.
pub mod postgres;
