//! Who shares the database, and taking over from who is gone.
//!
//! An instance is one run of the program. On PostgreSQL it holds an advisory lock on its id in a
//! session of its own. The server drops that lock in the moment in which the session ends, so a
//! killed process is known to be gone at once, and one that is only slow or paused never is; then
//! its leases run out. A SQLite file serves one instance: every other is gone.
use super::db::Side;
use super::{Pools, Store, StoreError, Tx, sql};
use chrono::{DateTime, Utc};
use sqlx::{Connection as _, PgConnection, PgPool};
use std::time::Duration;

/// Holds the lock of a living instance, unless another session has it.
const LIVE: &str = "SELECT pg_try_advisory_lock($1)";
/// Takes the lock of an instance that is gone, until the transaction ends.
const IS_GONE: &str = "SELECT pg_try_advisory_xact_lock($1)";
/// Longest wait for the session that holds the lock; then a new one is made.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an instance must be gone before a running one takes over: its session may have broken,
/// as all do when the server restarts, and it comes back.
const GRACE: Duration = Duration::from_secs(2);

/// The session by which the others know that this instance lives.
#[derive(Debug, Default)]
pub(super) struct Presence(Option<PgConnection>);

impl Store {
    /// Joins the instances on this database, and frees at once what those that are gone held; how
    /// much that was.
    pub async fn join(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.live(now).await?;
        let others = self.others().await?;
        self.free_the_gone(&others).await
    }

    /// Frees what instances held that died since; how much that was.
    pub async fn take_over(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        if self.is_alone() {
            return Ok(0);
        }
        self.live(now).await?;
        let mut gone = Vec::new();
        for other in self.others().await? {
            if self.begin().await?.is_gone(other).await? {
                gone.push(other);
            }
        }
        if gone.is_empty() {
            return Ok(0);
        }
        tokio::time::sleep(GRACE).await;
        self.free_the_gone(&gone).await
    }

    /// Holds this instance's lock, in a new session where the old one broke, and its row.
    async fn live(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Pools::Postgres(pool) = &self.pools {
            let mut presence = self.presence.lock().await;
            if presence.is_held().await {
                return Ok(());
            }
            presence.0 = Some(hold(pool, self.instance).await?);
        }
        let mut tx = self.begin().await?;
        let args = [self.instance.into(), now.timestamp_millis().into()];
        tx.conn.execute(sql::INSTANCE_ADD, &args).await?;
        tx.commit().await
    }

    async fn others(&self) -> Result<Vec<i64>, StoreError> {
        let args = [self.instance.into()];
        let rows = self.read().await?.conn.rows(sql::INSTANCES_OTHER, &args).await?;
        rows.iter().map(|row| row.int(0)).collect()
    }

    async fn free_the_gone(&self, among: &[i64]) -> Result<u64, StoreError> {
        let mut freed = 0;
        for instance in among {
            let mut tx = self.begin().await?;
            if tx.is_gone(*instance).await? {
                freed += tx.free(*instance).await?;
                tx.commit().await?;
            }
        }
        Ok(freed)
    }
}

impl Presence {
    async fn is_held(&mut self) -> bool {
        let Some(session) = &mut self.0 else { return false };
        matches!(tokio::time::timeout(PATIENCE, session.ping()).await, Ok(Ok(())))
    }

    /// Ends the session: the others need not wait.
    pub(super) async fn close(&mut self) {
        if let Some(session) = self.0.take() {
            // Whatever comes of it, the connection is gone afterwards.
            let _ = session.close().await;
        }
    }
}

impl Tx {
    /// Whether an instance is gone; if so, it cannot come back before this transaction ends.
    async fn is_gone(&mut self, instance: i64) -> Result<bool, StoreError> {
        match self.conn.side()? {
            Side::Sqlite(_) => Ok(true),
            Side::Postgres(on) => {
                Ok(sqlx::query_scalar(IS_GONE).bind(instance).fetch_one(on).await?)
            }
        }
    }

    /// Frees what an instance held, in the order of ids as everywhere, and forgets the instance.
    async fn free(&mut self, instance: i64) -> Result<u64, StoreError> {
        let mut freed = 0;
        let held = self.conn.rows(sql::OUTBOX_HELD, &[instance.into()]).await?;
        let held: Result<Vec<String>, StoreError> = held.iter().map(|row| row.text(0)).collect();
        // Sorted here: the database may order letters otherwise than by their bytes.
        let mut held = held?;
        held.sort();
        for id in held {
            freed += self.conn.execute(sql::OUTBOX_FREE, &[(&id).into(), instance.into()]).await?;
        }
        self.conn.execute(sql::INSTANCE_FORGET, &[instance.into()]).await?;
        Ok(freed)
    }
}

/// A session that holds the lock; fails while the server still knows the one before.
async fn hold(pool: &PgPool, instance: i64) -> Result<PgConnection, StoreError> {
    let options = pool.connect_options();
    let open = async {
        let mut session = PgConnection::connect_with(&options).await?;
        let lock = sqlx::query_scalar(LIVE).bind(instance);
        let is_ours: bool = lock.fetch_one(&mut session).await?;
        Ok::<_, sqlx::Error>((session, is_ours))
    };
    match tokio::time::timeout(PATIENCE, open).await {
        Ok(Ok((session, true))) => Ok(session),
        Ok(Ok((_, false))) => Err(StoreError::Stale),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(sqlx::Error::PoolTimedOut.into()),
    }
}
