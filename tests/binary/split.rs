//! V7, the split of a thousand: killed before its commit there is nothing, killed after it there is all.
//!
//! The commit is held from outside, so that a kill falls on the side where it is meant to fall: on
//! PostgreSQL by a lock on a table that the transaction writes, on SQLite by the one right to write.
use crate::crash::TURN;
use crate::points::a_thousand;
use crate::world::{ANA, Kind, WINGS, World};
use hallpass::demo::slack::Answer;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often each side is tried on each database.
const ROUNDS: usize = 3;
/// Longest wait for one step.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a bot that must wait for the right to write is watched. It gives up after five seconds.
const WATCHED: Duration = Duration::from_millis(1_500);
/// What a split writes, in its order: nothing of it, its requests, its requests and their rows of the audit.
const HELD: [&str; ROUNDS] = ["submission", "audit", "outbox"];

/// Keeps transactions from being committed until it is released.
enum Hold {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Hold {
    /// Holds whoever writes this table, or anything on SQLite.
    async fn take(world: &World, table: &str) -> Self {
        match world.installation.environment.get("HALLPASS_DATABASE_URL") {
            None => {
                let options = SqliteConnectOptions::new()
                    .filename(world.installation.file("hallpass.db"))
                    .busy_timeout(Duration::from_secs(10));
                let mut conn = options.connect().await.unwrap();
                sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut conn).await.unwrap();
                Self::Sqlite(conn)
            }
            Some(url) => {
                let options: PgConnectOptions = url.parse().unwrap();
                let mut conn = options.connect().await.unwrap();
                let lock = format!("BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE");
                sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut conn).await.unwrap();
                Self::Postgres(conn)
            }
        }
    }

    /// Waits until the bot is held.
    async fn is_reached(&mut self) {
        match self {
            // Nobody can ask SQLite who waits for it.
            Self::Sqlite(_) => tokio::time::sleep(WATCHED).await,
            Self::Postgres(conn) => {
                let waiting = "SELECT COUNT(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
                               WHERE NOT l.granted AND c.relkind = 'r'";
                let until = std::time::Instant::now() + PATIENCE;
                while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *conn).await.unwrap()
                    == 0
                {
                    assert!(std::time::Instant::now() < until, "the bot does not get to the lock");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }

    /// Lets everybody write.
    async fn release(self) {
        match self {
            Self::Sqlite(mut conn) => {
                sqlx::raw_sql("ROLLBACK").execute(&mut conn).await.unwrap();
                conn.close().await.unwrap();
            }
            Self::Postgres(mut conn) => {
                sqlx::raw_sql("ROLLBACK").execute(&mut conn).await.unwrap();
                conn.close().await.unwrap();
            }
        }
    }
}

/// A world in which nothing is given, since this is about the requests, and a filled form.
async fn filled(kind: &Kind) -> (World, String) {
    let world = World::start(kind).await;
    world.target.hold("before-grant");
    let form = world.fill_a_thousand().await;
    // What filling it left to do is done.
    world.quiet().await;
    (world, form)
}

fn press(world: &World, form: &str) -> JoinHandle<Answer> {
    let (workspace, form) = (world.workspace.clone(), form.to_owned());
    tokio::spawn(async move { workspace.submit(ANA, &form, &serde_json::json!({})).await })
}

/// Pressing again makes one split, whatever was before.
async fn is_whole_after_another_press(world: World, form: &str) {
    world.press_again(form).await;
    assert_eq!(world.resources().await, a_thousand(), "all of it is there, and once");
    assert_eq!(world.requests().await.len(), WINGS.len());
    world.laws_hold_now().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_its_commit_a_split_of_a_thousand_is_not_there_and_was_not_answered() {
    let _turn = TURN.lock().await;
    for kind in Kind::all().await {
        for table in HELD {
            let (mut world, form) = filled(&kind).await;
            let mut hold = Hold::take(&world, table).await;
            let sending = press(&world, &form);
            hold.is_reached().await;
            assert!(!sending.is_finished(), "it is answered before it is kept");

            world.kill_bot().await;
            hold.release().await;
            let sent = sending.await.unwrap();
            world.start_bot().await;

            assert!(!sent.is_ok(), "{table}: a form that is not kept was answered: {sent:?}");
            assert_eq!(world.resources().await.len(), 0, "{table}: nothing was committed");
            is_whole_after_another_press(world, &form).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_its_commit_a_split_of_a_thousand_is_all_there() {
    let _turn = TURN.lock().await;
    for kind in Kind::all().await {
        for round in 0..ROUNDS {
            let (mut world, form) = filled(&kind).await;
            let sending = press(&world, &form);
            let until = std::time::Instant::now() + PATIENCE;
            while world.requests().await.is_empty() {
                assert!(std::time::Instant::now() < until, "nothing is committed");
            }

            world.kill_bot().await;
            let sent = sending.await.unwrap();
            world.start_bot().await;

            eprintln!("round {round}: killed after the commit, answer {:?}", sent.status);
            assert_eq!(world.resources().await, a_thousand(), "what was committed is kept");
            is_whole_after_another_press(world, &form).await;
        }
    }
}
