//! The server: connections with limits, and locks.
//!
//! A call opens what it needs and closes it again: a server with few connections to give is not kept
//! from its own work, and no connection is stale after a switch-over.
use super::super::Fault;
use super::Limits;
use super::name::Mark;
use super::quote::Ident;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The advisory lock under which privileges on shared things change: two transactions that change
/// one database's or table's access list would fail with "tuple concurrently updated".
const ACCESS_LISTS_LOCK: i64 = i64::from_be_bytes(*b"hallpass");

/// How to reach one server.
pub(super) struct Server {
    options: PgConnectOptions,
    limits: Limits,
    turns: Semaphore,
}

impl Server {
    /// Reads the address.
    pub(super) fn new(url: &SecretString, limits: Limits) -> Result<Self, Fault> {
        let wrong = || Fault::lasting("the url is not an address such as postgres://user@host/db");
        let text = url.expose_secret();
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(wrong());
        }
        let options: PgConnectOptions = text.parse().map_err(|_| wrong())?;
        let options = options.application_name("hallpass").disable_statement_logging().options([
            // Nothing that others can create stands in for what we name.
            ("search_path", "pg_catalog".to_owned()),
            ("statement_timeout", limits.statement.as_millis().to_string()),
            ("lock_timeout", limits.lock.as_millis().to_string()),
        ]);
        Ok(Self { options, limits, turns: Semaphore::new(limits.calls_at_once.max(1)) })
    }

    /// Host and port of the address.
    pub(super) fn address(&self) -> (String, u16) {
        let host = match self.options.get_socket() {
            Some(directory) => directory.display().to_string(),
            None => self.options.get_host().to_owned(),
        };
        (host, self.options.get_port())
    }

    /// The database that the address names.
    pub(super) fn home(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }

    /// Runs a call when it is its turn, within the time a call may take.
    pub(super) async fn call<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let _turn = self.turns.acquire().await.map_err(|_| Fault::passing("shutting down"))?;
        within(self.limits.call, "postgresql took too long", work).await
    }

    /// Connects to the database, or to the one that the address names.
    pub(super) async fn open(&self, database: Option<&Ident>) -> Result<PgConnection, Fault> {
        let options = match database {
            Some(name) => self.options.clone().database(name.as_str()),
            None => self.options.clone(),
        };
        let connecting = async { Ok(options.connect().await?) };
        within(self.limits.connect, "postgresql did not answer in time", connecting).await
    }
}

async fn within<T>(
    limit: Duration,
    otherwise: &str,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(Fault::passing(otherwise)))
}

/// Says good-bye. What was to be done is committed by then, so a failure changes nothing.
pub(super) async fn close(conn: PgConnection) {
    let _ = conn.close().await;
}

/// Runs one statement whose names and texts were quoted by `quote`. It goes by the protocol that takes
/// a single statement, so that nothing could follow a `;` even then.
pub(super) async fn run(conn: &mut PgConnection, statement: String) -> Result<(), Fault> {
    sqlx::query(AssertSqlSafe(statement)).persistent(false).execute(conn).await?;
    Ok(())
}

/// Waits until no other call works on this entitlement; the lock goes with the connection.
pub(super) async fn lock(conn: &mut PgConnection, mark: &Mark) -> Result<(), Fault> {
    take_lock(conn, mark.lock_key()).await
}

/// Waits until no other call changes privileges on shared things; taken after [`lock`], never before.
pub(super) async fn lock_access_lists(conn: &mut PgConnection) -> Result<(), Fault> {
    take_lock(conn, ACCESS_LISTS_LOCK).await
}

async fn take_lock(conn: &mut PgConnection, key: i64) -> Result<(), Fault> {
    sqlx::query("SELECT pg_advisory_lock($1)").bind(key).execute(conn).await?;
    Ok(())
}
