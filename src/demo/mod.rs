//! The local workspace: what `hallpass demo` and the tests run the bot against.
//!
//! Real from end to end: the bot takes signed HTTP and calls the Web API, keeps its SQLite file and
//! works by itself; only Slack's servers are played, by `slack`, and Microsoft's by `teams`. The target
//! is a throw-away PostgreSQL, or a file where PostgreSQL is not installed. `email` is the same company
//! without Slack: the bot sends letters over SMTP to `mailbox` and serves its pages.
mod company;
pub mod email;
mod home;
pub mod mailbox;
pub mod postgres;
pub mod script;
pub mod slack;
mod story;
mod target;
pub mod teams;
mod teller;
mod watched;

pub use company::Company;
pub use target::Wanted;
pub use teller::Say;
