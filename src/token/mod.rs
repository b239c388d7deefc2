//! Tokens that others sign: a company's sign-in says with one who somebody is, the Bot Framework that
//! it is Teams who calls.
//!
//! `jwt` takes a token apart and verifies it against `keys`; `cache` keeps an issuer's keys; `turn`
//! lets one fetch at a time; `fetch` gets small documents over HTTP; `provider` is OpenID Connect as
//! far as signing in needs it. Times are seconds since 1970, UTC, and handed in.
pub mod cache;
pub mod fetch;
pub mod jwt;
pub mod keys;
pub mod provider;
pub mod turn;
