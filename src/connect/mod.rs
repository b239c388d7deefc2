//! Connectors: how an entitlement becomes real in a target system, and how it goes again.
//!
//! All four calls are idempotent. A connector decides whether a failure is worth another try; the
//! worker decides when. Callers put a timeout around every call and never call inside a transaction.
pub mod command;
pub mod postgres;
pub mod ticket;

use crate::domain::catalog::Entitlement;
use crate::domain::person::Person;
use crate::domain::resources::Resources;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use std::time::Duration;

/// What to give: an entitlement until a time.
#[derive(Debug, Clone)]
pub struct GrantOrder {
    /// Who may do what with which resource.
    pub entitlement: Entitlement,
    /// The grantee as the directory knows them.
    pub grantee: Person,
    /// When the access will be taken away; a target that can end it by itself is told, as a net below ours.
    pub until: DateTime<Utc>,
    /// The same for every try of one order.
    pub idempotency_key: String,
    /// True when no credential of an earlier call is at hand: a connector that makes one makes it anew.
    pub needs_credential: bool,
}

/// What a grant leaves for the grantee to see.
#[derive(Debug, Clone, Default)]
pub struct AccessDetails {
    /// How to connect, as label and value: `host`, `db.example.com`.
    pub lines: Vec<(String, String)>,
    /// The credential, where the connector made one now.
    pub credential: Option<SecretString>,
}

/// Whether the target holds an entitlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The target gives it.
    Present,
    /// The target does not.
    Absent,
}

/// A call that did not succeed. The text may reach admins and the log: no secret belongs in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// Whether another try can help.
    pub again: Again,
    /// What went wrong, lower case, without full stop.
    pub message: String,
}

/// Whether another try can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Yes; after this pause, where the target named one.
    Retry(Option<Duration>),
    /// No: the order itself is wrong, for example an unknown resource.
    Never,
}

impl Fault {
    /// A failure that may pass: an outage, a lock, a limit.
    pub fn passing(message: impl Into<String>) -> Self {
        Self { again: Again::Retry(None), message: message.into() }
    }

    /// A failure that stays however often it is tried.
    pub fn lasting(message: impl Into<String>) -> Self {
        Self { again: Again::Never, message: message.into() }
    }
}

/// One connected system.
pub trait Connector: Send + Sync {
    /// Lists what can be asked for.
    fn list(&self) -> BoxFuture<'_, Result<Resources, Fault>>;

    /// Makes the entitlement real; success when it was so already. Called again with a later `until`, it
    /// moves the end that the target knows; with an earlier one it leaves it.
    fn grant<'a>(&'a self, order: &'a GrantOrder) -> BoxFuture<'a, Result<AccessDetails, Fault>>;

    /// Takes the entitlement away and ends what runs under it; success when it was gone already.
    fn revoke<'a>(&'a self, entitlement: &'a Entitlement) -> BoxFuture<'a, Result<(), Fault>>;

    /// Reads from the target whether it holds the entitlement.
    ///
    /// # Errors
    ///
    /// Also when it holds a part of it, which is neither present nor absent: the grant or the
    /// revocation that stopped half-way is to be called again.
    fn read_back<'a>(
        &'a self,
        entitlement: &'a Entitlement,
    ) -> BoxFuture<'a, Result<Presence, Fault>>;
}
