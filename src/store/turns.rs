//! The one writer of SQLite, taken in turns; turns that wait for each other share a commit.
//!
//! A commit waits for the disk (`synchronous=FULL`), about as long as ten turns take. So a turn
//! that ends while others wait does not commit alone: its changes stay in the open transaction,
//! the others take their turns in it, and one commit makes them all durable. Nobody is told of
//! success before that. A turn behind others' changes is a savepoint: one that is given up takes
//! back its own changes and nobody else's.
use super::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";
const START: &str = "SAVEPOINT turn";
const KEEP: &str = "RELEASE turn";
const TAKE_BACK: &str = "ROLLBACK TO turn";

/// Hands out turns, in the order in which they are asked for.
#[derive(Clone)]
pub(super) struct Turns {
    pool: SqlitePool,
    seat: Arc<Mutex<Seat>>,
    waiting: Arc<AtomicUsize>,
}

/// What only one holds at a time.
#[derive(Default)]
struct Seat {
    connection: Option<PoolConnection<Sqlite>>,
    is_open: bool,
    /// Whether somebody is queued to commit.
    has_closer: bool,
    /// Whose changes are in the open transaction.
    kept: Vec<oneshot::Sender<()>>,
}

/// A turn; dropped without [`Turn::commit`] it takes back what it changed.
pub(super) struct Turn {
    turns: Turns,
    seat: Option<OwnedMutexGuard<Seat>>,
    /// Whether it began behind changes of others.
    has_mark: bool,
}

/// Counts who waits, for as long as they do.
struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

impl Turns {
    /// Turns at the connection of `pool`, which has one.
    pub(super) fn new(pool: SqlitePool) -> Self {
        Self { pool, seat: Arc::default(), waiting: Arc::default() }
    }

    /// The next turn.
    ///
    /// # Errors
    ///
    /// When there is none within `patience`, or the database does not begin.
    pub(super) async fn take(&self, patience: Duration) -> Result<Turn, StoreError> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let waiting = Waiting(Arc::clone(&self.waiting));
        let locked = tokio::time::timeout(patience, Arc::clone(&self.seat).lock_owned()).await;
        drop(waiting);
        let seat = locked.map_err(|_| sqlx::Error::PoolTimedOut)?;
        // From here on, being dropped cleans up.
        let has_mark = !seat.kept.is_empty();
        let mut turn = Turn { turns: self.clone(), seat: Some(seat), has_mark };
        let seat = turn.seat()?;
        if seat.connection.is_none() {
            seat.connection = Some(self.pool.acquire().await?);
        }
        if !seat.is_open {
            // Before it runs: the database begins also where whoever asked has gone meanwhile.
            seat.is_open = true;
            seat.run(BEGIN).await?;
        }
        if has_mark {
            seat.run(START).await?;
        }
        Ok(turn)
    }

    /// Ends: nobody gets a turn after this.
    pub(super) async fn close(&self) {
        let mut seat = self.seat.lock().await;
        seat.close().await;
        seat.connection = None;
        drop(seat);
        self.pool.close().await;
    }

    /// Commits once everybody who waits now had their turn.
    async fn close_later(self) {
        self.seat.lock().await.close().await;
    }
}

impl Turn {
    /// The connection, for this turn's statements.
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        Ok(self.seat()?.connection()?)
    }

    /// Makes this turn's changes durable, together with those of others.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let (told, done) = oneshot::channel();
        let has_mark = self.has_mark;
        let seat = self.seat()?;
        if has_mark {
            seat.run(KEEP).await?;
        }
        seat.kept.push(told);
        let has_closer = std::mem::replace(&mut seat.has_closer, true);
        // What is kept is not taken back any more.
        let seat = self.seat.take();
        let is_awaited = self.turns.waiting.load(Ordering::SeqCst) > 0;
        // A task of its own commits, so that a caller that goes away does not stop it half-way.
        match seat {
            Some(mut seat) if !has_closer && !is_awaited => {
                tokio::spawn(async move { seat.close().await });
            }
            Some(seat) if !has_closer => {
                drop(seat);
                tokio::spawn(self.turns.clone().close_later());
            }
            shared => drop(shared),
        }
        done.await.map_err(|_| sqlx::Error::Protocol("the shared commit failed".to_owned()).into())
    }

    fn seat(&mut self) -> Result<&mut Seat, StoreError> {
        self.seat.as_deref_mut().ok_or_else(|| sqlx::Error::PoolClosed.into())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut seat) = self.seat.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                let has_mark = self.has_mark;
                drop(runtime.spawn(async move { seat.take_back(has_mark).await }));
            }
            // Without a runtime nothing can be asked of the connection; closing it rolls back.
            Err(_) => *seat = Seat::default(),
        }
    }
}

impl Seat {
    fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    async fn run(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query(statement).execute(self.connection()?).await.map(drop)
    }

    /// Commits what is open and tells whose it was; dropping `kept` tells them of a failure.
    async fn close(&mut self) {
        self.has_closer = false;
        let kept = std::mem::take(&mut self.kept);
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        match self.run(COMMIT).await {
            Ok(()) => {
                for told in kept {
                    // Who went away meanwhile does not need to know.
                    let _ = told.send(());
                }
            }
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the database did not commit"
                );
                let _ = self.run(ROLLBACK).await;
            }
        }
    }

    /// Takes back what an unfinished turn changed; the others' changes stay.
    async fn take_back(&mut self, has_mark: bool) {
        if !self.is_open {
            return;
        }
        let is_taken_back = has_mark
            && match self.run(TAKE_BACK).await {
                Ok(()) => self.run(KEEP).await.is_ok(),
                Err(_) => false,
            };
        if !is_taken_back {
            // It is alone in the transaction, or its savepoint never began, or the database gave the
            // transaction up.
            let _ = self.run(ROLLBACK).await;
            (self.is_open, self.kept) = (false, Vec::new());
        } else if !self.has_closer {
            self.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

    const PATIENCE: Duration = Duration::from_secs(10);

    async fn turns(directory: &std::path::Path) -> (Turns, SqlitePool) {
        let options = SqliteConnectOptions::new()
            .filename(directory.join("turns.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let one = SqlitePoolOptions::new().max_connections(1);
        let writer = one.clone().connect_with(options.clone()).await.unwrap();
        sqlx::query("CREATE TABLE word (word TEXT)").execute(&writer).await.unwrap();
        (Turns::new(writer), one.connect_with(options).await.unwrap())
    }

    async fn write(turn: &mut Turn, word: &'static str) {
        let add = sqlx::query("INSERT INTO word VALUES ($1)").bind(word);
        add.execute(turn.connection().unwrap()).await.unwrap();
    }

    async fn words(reader: &SqlitePool) -> Vec<String> {
        sqlx::query_scalar("SELECT word FROM word ORDER BY rowid").fetch_all(reader).await.unwrap()
    }

    #[tokio::test]
    async fn turns_share_a_commit_and_one_given_up_takes_back_its_own_changes_alone() {
        let directory = tempfile::tempdir().unwrap();
        let (turns, reader) = turns(directory.path()).await;

        let mut first = turns.take(PATIENCE).await.unwrap();
        write(&mut first, "first").await;
        let others = ["given up", "last"].map(|word| {
            let turns = turns.clone();
            tokio::spawn(async move {
                let mut turn = turns.take(PATIENCE).await.unwrap();
                write(&mut turn, word).await;
                if word == "last" {
                    turn.commit().await.unwrap();
                }
            })
        });
        while turns.waiting.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        first.commit().await.unwrap();
        for other in others {
            other.await.unwrap();
        }

        assert_eq!(words(&reader).await, ["first", "last"]);
        turns.close().await;
        assert!(turns.take(PATIENCE).await.is_err());
    }

    #[tokio::test]
    async fn nothing_is_seen_before_it_is_committed() {
        let directory = tempfile::tempdir().unwrap();
        let (turns, reader) = turns(directory.path()).await;

        let mut turn = turns.take(PATIENCE).await.unwrap();
        write(&mut turn, "early").await;
        let before = words(&reader).await;
        turn.commit().await.unwrap();

        assert_eq!(before, Vec::<String>::new());
        assert_eq!(words(&reader).await, ["early"]);
    }
}
