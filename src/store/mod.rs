//! All SQL. One text per statement, run on SQLite (inside, one instance) and PostgreSQL (shared).
//!
//! Everything happens in a [`Tx`]: dropped without [`Tx::commit`] it rolls back. Audit rows are
//! gathered in the transaction and chained at its end, so that the chain's head is held shortly and
//! always taken last. What a transaction queues and settles is gathered too and written before
//! that, in the order of ids: two transactions never wait for each other's work in a circle.
mod accounts;
pub mod audit;
mod away;
mod cards;
mod db;
mod drafts;
mod earlier;
mod favorites;
mod grants;
mod homes;
mod instances;
mod listed;
mod lists;
mod mail;
pub mod many;
pub mod outbox;
mod requests;
mod sign_in;
pub mod sql;
mod tab;
mod told;
mod turns;

pub use accounts::Linked;
pub use away::Contact;
pub use cards::{Asking, Card, KnownCard};
pub use grants::{Grant, GrantStage, OpenGrant};
pub use homes::SeenHome;
pub use lists::{Ahead, Listed};
pub use mail::Mailed;
pub use sign_in::{Bound, CodeBounds, MailedCode, NewCode, Room, SignedIn};

use crate::domain::id::RequestId;
use crate::ids;
use audit::{AuditEntry, AuditKey};
use db::Conn;
use instances::Presence;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use turns::Turns;

/// Longest wait for a free connection or for another writer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that read beside the one writer of SQLite.
const READERS: u32 = 4;
/// Connections to PostgreSQL for each instance.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a connection to PostgreSQL may rest before it is asked whether it still stands: asking
/// each time would cost as much as what it is wanted for.
const RESTED: Duration = Duration::from_secs(1);
/// Prepared statements that a connection keeps; there are more than the 100 that it keeps by itself.
const STATEMENTS_KEPT: usize = 300;
/// What keeps one session from holding up all others: a lock is waited for as long as a turn at
/// SQLite, and who falls silent in a transaction, as a paused process does, loses it.
const POSTGRES_BOUNDS: [(&str, &str); 2] =
    [("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "15s")];

/// How many migrations were applied; fails where there are no tables yet.
const MIGRATED: &str = "SELECT COUNT(*) FROM _sqlx_migrations";

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// The database this instance was started with.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    audit_key: Arc<AuditKey>,
    instance: i64,
    presence: Arc<Mutex<Presence>>,
}

#[derive(Clone)]
enum Pools {
    Sqlite { writer: Turns, readers: sqlx::SqlitePool },
    Postgres(sqlx::PgPool),
}

/// What opening may do to a database that an older version made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Nothing: say that it must be migrated.
    Keep,
    /// Bring it up to date.
    Migrate,
}

impl Schema {
    /// Refuses a database that lacks migrations, unless it is empty or may be changed.
    fn allows(
        self,
        applied: Result<i64, sqlx::Error>,
        known: &sqlx::migrate::Migrator,
    ) -> Result<(), StoreError> {
        let known = i64::try_from(known.iter().count()).unwrap_or(i64::MAX);
        match (self, applied) {
            (Self::Keep, Ok(applied)) if applied < known => Err(StoreError::Unmigrated),
            _ => Ok(()),
        }
    }
}

/// One transaction; dropped without [`Tx::commit`] it rolls back.
pub struct Tx {
    conn: Conn,
    outbox: outbox::Pending,
    read_ahead: BTreeMap<RequestId, Vec<KnownCard>>,
    audit: Vec<AuditEntry>,
    audit_key: Arc<AuditKey>,
}

/// A store failure, told apart only where a caller acts on the difference.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Someone else moved the row first; load it again.
    #[error("the row changed meanwhile")]
    Stale,
    /// A row holds what this version cannot read.
    #[error("{what} holds what this version cannot read")]
    Unreadable {
        /// Which row.
        what: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A value does not fit the database's type.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// The database itself.
    #[error("database")]
    Db(#[from] sqlx::Error),
    /// An older version made the database.
    #[error("the database was made by an older version; run `hallpass migrate` first")]
    Unmigrated,
    /// A newer version made the database.
    #[error(
        "the database was made by a newer version of hallpass; run that version or a later one"
    )]
    Newer,
    /// The schema could not be brought up to date.
    #[error("migrating the database")]
    Migrate(#[source] sqlx::migrate::MigrateError),
}

impl StoreError {
    /// Whether PostgreSQL gave the transaction up so that another could go on: it waited in a
    /// circle, or too long, or could not be ordered. It changed nothing and may be tried again.
    pub fn is_passing(&self) -> bool {
        const DEADLOCK: &str = "40P01";
        const NOT_IN_ORDER: &str = "40001";
        const LOCK_TIMEOUT: &str = "55P03";
        let Self::Db(sqlx::Error::Database(error)) = self else { return false };
        matches!(error.code().as_deref(), Some(DEADLOCK | NOT_IN_ORDER | LOCK_TIMEOUT))
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::VersionMissing(_) => Self::Newer,
            other => Self::Migrate(other),
        }
    }
}

impl Store {
    /// Opens the SQLite file at `path`; made where it is not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unmigrated`] when it was made by an older version and `schema` does not let
    /// this one change it.
    pub async fn sqlite(
        path: &Path,
        audit_key: AuditKey,
        schema: Schema,
    ) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL lost acknowledged commits when the power was cut in a trial; FULL lost none.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .statement_cache_capacity(STATEMENTS_KEPT)
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .connect_with(options.clone())
            .await?;
        schema.allows(sqlx::query_scalar(MIGRATED).fetch_one(&writer).await, &SQLITE_MIGRATIONS)?;
        SQLITE_MIGRATIONS.run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            // A file does not go away between two statements as a server may.
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await?;
        let writer = Turns::new(writer);
        Ok(Self::over(Pools::Sqlite { writer, readers }, audit_key))
    }

    /// Connects to the PostgreSQL at `url`; its tables are made where there are none.
    ///
    /// # Errors
    ///
    /// As for [`Store::sqlite`].
    pub async fn postgres(
        url: &str,
        audit_key: AuditKey,
        schema: Schema,
    ) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.parse()?;
        let options = options.statement_cache_capacity(STATEMENTS_KEPT).disable_statement_logging();
        // Making tables may wait for another instance that does, for as long as that takes.
        let one = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let maker = one.connect_with(options.clone()).await?;
        schema
            .allows(sqlx::query_scalar(MIGRATED).fetch_one(&maker).await, &POSTGRES_MIGRATIONS)?;
        POSTGRES_MIGRATIONS.run(&maker).await?;
        maker.close().await;
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .before_acquire(|connection, rested| {
                Box::pin(
                    async move { Ok(rested.idle_for < RESTED || connection.ping().await.is_ok()) },
                )
            })
            .connect_with(options.options(POSTGRES_BOUNDS))
            .await?;
        Ok(Self::over(Pools::Postgres(pool), audit_key))
    }

    fn over(pools: Pools, audit_key: AuditKey) -> Self {
        let (audit_key, presence) = (Arc::new(audit_key), Arc::default());
        Self { pools, audit_key, instance: ids::number(), presence }
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let conn = match &self.pools {
            Pools::Sqlite { writer, .. } => Conn::Turn(writer.take(PATIENCE).await?),
            Pools::Postgres(pool) => Conn::PostgresTx(pool.begin().await?),
        };
        Ok(self.tx(conn))
    }

    /// Something to read with. It never waits for a writer, and each of its statements sees what is
    /// committed when it runs: what must be seen at one time is one statement.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let conn = match &self.pools {
            Pools::Sqlite { readers, .. } => Conn::Sqlite(readers.acquire().await?),
            Pools::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        };
        Ok(self.tx(conn))
    }

    /// Begins what is one statement: on PostgreSQL that is a transaction by itself.
    async fn alone(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Sqlite { .. } => self.begin().await,
            Pools::Postgres(_) => self.read().await,
        }
    }

    /// Whether this instance is the only one: SQLite serves one.
    pub fn is_alone(&self) -> bool {
        matches!(self.pools, Pools::Sqlite { .. })
    }

    /// Closes every connection; what is not committed rolls back.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => {
                self.presence.lock().await.close().await;
                pool.close().await;
            }
        }
    }

    /// Prepares a statement without running it; tests check every one on both databases.
    pub async fn prepare(&self, sql: &'static str) -> Result<(), StoreError> {
        use sqlx::{Executor as _, SqlSafeStr as _};
        match &self.pools {
            Pools::Sqlite { readers, .. } => drop(readers.prepare(sql.into_sql_str()).await?),
            Pools::Postgres(pool) => drop(pool.prepare(sql.into_sql_str()).await?),
        }
        Ok(())
    }

    fn tx(&self, conn: Conn) -> Tx {
        Tx {
            conn,
            outbox: outbox::Pending::default(),
            read_ahead: BTreeMap::new(),
            audit: Vec::new(),
            audit_key: Arc::clone(&self.audit_key),
        }
    }
}

impl Tx {
    /// Notes something for the audit; it is chained when the transaction commits.
    pub fn audit(&mut self, entry: AuditEntry) {
        self.audit.push(entry);
    }

    /// Makes everything since the begin durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Stale`] when work was settled whose lease was lost to another worker; nothing
    /// is kept then.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.write_outbox().await?;
        audit::chain(&mut self.conn, &self.audit_key, &self.audit).await?;
        match self.conn {
            // Each statement was durable by itself.
            Conn::Sqlite(_) | Conn::Postgres(_) => {}
            Conn::Turn(turn) => turn.commit().await?,
            Conn::PostgresTx(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// A time from its column.
fn time(millis: i64) -> Result<chrono::DateTime<chrono::Utc>, StoreError> {
    chrono::DateTime::from_timestamp_millis(millis).ok_or(StoreError::OutOfRange("a time"))
}
