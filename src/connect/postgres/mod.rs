//! PostgreSQL as a target: a login that exists only while an entitlement is granted.
//!
//! Every entitlement has a role of its own, made at the grant and dropped at the revocation. With
//! temporary logins the grantee logs in as that role, with a password made for it; with existing
//! logins the grantee's login is made a member of it. So two entitlements never share a privilege,
//! however much they overlap, and dropping the role takes away exactly what was granted.
//!
//! ```text
//! grant    one transaction in the resource's database: role, mark, privileges, all verified
//! revoke   no more logins -> sessions end -> objects change owner, privileges go -> role dropped
//! ```
//!
//! A role is ours when its comment is the entitlement's mark; no other role is ever changed. Every
//! step may be repeated, and a call that dies anywhere is completed by the next. Calls for one
//! entitlement exclude each other by an advisory lock in the database that the address names, so
//! connect to the server itself, not through a pooler that shares sessions.
//!
//! The account of the connector is a superuser, or has CREATEROLE with what it grants held WITH
//! ADMIN OPTION (roles) or WITH GRANT OPTION (data). Two installations on one server need
//! integrations with different ids.
mod access;
mod fault;
mod grant;
mod list;
mod name;
mod password;
mod quote;
mod revoke;
mod roles;
mod server;
mod wanted;

use self::access::Reached;
use self::list::Patterns;
use self::name::Prefix;
use self::quote::Ident;
use self::server::Server;
use super::{AccessDetails, Connector, Fault, GrantOrder, Presence};
use crate::domain::catalog::Entitlement;
use crate::domain::id::{IntegrationId, PersonId};
use crate::domain::resources::Resources;
use futures_util::future::BoxFuture;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::Duration;

/// One PostgreSQL server, as an admin configures it.
#[derive(Debug, Clone)]
pub struct PostgresTarget {
    /// The integration that this server is.
    pub integration: IntegrationId,
    /// The connector's own account: `postgres://hallpass:…@db.example.com/postgres`.
    pub url: SecretString,
    /// Host and port that people use, where they differ from the address above.
    pub people_connect_to: Option<(String, u16)>,
    /// Who logs in.
    pub login: Login,
    /// Beginning of the names of the roles that are made; at most 16 of `a-z0-9_`.
    pub prefix: String,
    /// What can be asked for.
    pub show: Show,
    /// How long to wait for the server.
    pub limits: Limits,
}

impl PostgresTarget {
    /// A server with temporary logins and the usual settings.
    pub fn new(integration: IntegrationId, url: SecretString) -> Self {
        Self {
            integration,
            url,
            people_connect_to: None,
            login: Login::Temporary,
            prefix: "hallpass".to_owned(),
            show: Show::default(),
            limits: Limits::default(),
        }
    }
}

/// Who logs in to use what is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// A login made for the entitlement, with a password of its own.
    Temporary,
    /// The person's own login, which exists already.
    Existing(BTreeMap<PersonId, String>),
}

/// What can be asked for: patterns in which `*` stands for any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Show {
    /// Databases by name.
    pub databases: Vec<String>,
    /// Schemas as `database/schema`.
    pub schemas: Vec<String>,
    /// Tables as `database/schema/table`.
    pub tables: Vec<String>,
    /// Roles by name. Logins, `pg_` roles and roles with attributes such as CREATEROLE are shown
    /// and granted only where they are named without `*`; superusers never.
    pub roles: Vec<String>,
}

impl Default for Show {
    fn default() -> Self {
        let all = || vec!["*".to_owned()];
        Self { databases: all(), schemas: Vec::new(), tables: Vec::new(), roles: all() }
    }
}

/// How long to wait, and how much of the server to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// For a lock, another call's or a session's.
    pub lock: Duration,
    /// For one statement.
    pub statement: Duration,
    /// For a whole call.
    pub call: Duration,
    /// Calls at a time; each holds at most two connections, and none stays open after it.
    pub calls_at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            lock: Duration::from_secs(10),
            statement: Duration::from_secs(20),
            call: Duration::from_secs(40),
            calls_at_once: 4,
        }
    }
}

/// The connector for one PostgreSQL server.
pub struct Postgres {
    integration: IntegrationId,
    server: Server,
    login: Who,
    prefix: Prefix,
    show: Patterns,
    reached: Reached,
}

/// [`Login`] with names that PostgreSQL can hold.
enum Who {
    Temporary,
    Existing(BTreeMap<PersonId, Ident>),
}

impl Postgres {
    /// Makes the connector; nothing is connected to yet.
    ///
    /// # Errors
    ///
    /// A lasting [`Fault`] that names the setting which cannot be.
    pub fn new(target: PostgresTarget) -> Result<Self, Fault> {
        let server = Server::new(&target.url, target.limits)?;
        let login = match target.login {
            Login::Temporary => Who::Temporary,
            Login::Existing(names) => Who::Existing(
                names
                    .into_iter()
                    .map(|(person, name)| Ok((person, Ident::new(&name)?)))
                    .collect::<Result<_, Fault>>()?,
            ),
        };
        Ok(Self {
            integration: target.integration,
            reached: Reached::new(target.people_connect_to.unwrap_or_else(|| server.address())),
            server,
            login,
            prefix: Prefix::new(&target.prefix)?,
            show: Patterns::new(target.show),
        })
    }
}

impl Connector for Postgres {
    fn list(&self) -> BoxFuture<'_, Result<Resources, Fault>> {
        Box::pin(self.server.call(list::list(self)))
    }

    fn grant<'a>(&'a self, order: &'a GrantOrder) -> BoxFuture<'a, Result<AccessDetails, Fault>> {
        Box::pin(self.server.call(grant::grant(self, order)))
    }

    fn revoke<'a>(&'a self, entitlement: &'a Entitlement) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(self.server.call(revoke::revoke(self, entitlement)))
    }

    fn read_back<'a>(
        &'a self,
        entitlement: &'a Entitlement,
    ) -> BoxFuture<'a, Result<Presence, Fault>> {
        Box::pin(self.server.call(grant::read_back(self, entitlement)))
    }
}
