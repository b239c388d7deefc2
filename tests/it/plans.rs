//! How SQLite reads: a table that grows for years is never read whole for a click, nor at every sweep.
use crate::world::{Kind, Options, World};
use hallpass::store::sql;

/// What may read a table from one end to the other: it is short, or somebody asked to see it.
const READ_WHOLE: &[&str] = &[
    sql::OUTBOX_LANES,
    sql::OUTBOX_HELD,
    sql::OUTBOX_LIST,
    sql::INSTANCES_OTHER,
    sql::sign_in::SESSIONS_FORGET,
];
/// What is read from an index over few rows of many. An index over more of them must not be taken in
/// its place, and an added one may be.
const READ_FROM: &[(&str, &str)] = &[
    (sql::GRANTS_OPEN, "access_grant_open"),
    (sql::GRANTS_STUCK, "request_moving"),
    (sql::LIST_ACCESS, "request_access"),
    (sql::LIST_ACCESS_AHEAD, "request_access"),
    (sql::LIST_DELEGATED, "request_for_others"),
    (sql::LIST_DELEGATED, "request_by_others"),
    (sql::LIST_REQUESTS, "request_by_others"),
    (sql::LIST_WAITING, "card_open"),
    (sql::OUTBOX_DUE, "outbox_due"),
    (sql::REQUESTS_DUE, "request_due"),
    (sql::REQUESTS_LIVE, "request_live"),
    (sql::REQUESTS_LIVE_IDS, "request_live"),
    (sql::REQUESTS_PENDING, "request_pending"),
    (sql::REQUESTS_RECENT, "request_by_others"),
    (sql::REQUESTS_RECENT, "request_own"),
    (sql::REQUEST_COUNTS, "request_by_others"),
];
/// Names of what statements selected themselves, and of no table.
const SELECTED: &[&str] = &["CONSTANT", "ahead", "counted", "made", "open", "own", "received"];

/// The steps in which SQLite would run a statement.
async fn steps(world: &World, statement: &str) -> Vec<String> {
    let rows = world.query(&format!("EXPLAIN QUERY PLAN {statement}")).await;
    rows.into_iter().filter_map(|row| row.into_iter().nth(3)).collect()
}

fn is_scan(step: &str) -> bool {
    let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
    scanned.is_some_and(|name| !SELECTED.contains(&name))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_reads_a_growing_table_from_one_end_to_the_other() {
    let world = World::start(Kind::Sqlite, Options::default()).await.unwrap();

    let mut scans = Vec::new();
    let all = [
        sql::ALL,
        sql::audit::ALL,
        sql::away::ALL,
        sql::drafts::ALL,
        sql::mail::ALL,
        sql::sign_in::ALL,
    ]
    .concat();
    for statement in all.into_iter().filter(|statement| !READ_WHOLE.contains(statement)) {
        let steps = steps(&world, statement).await;
        scans
            .extend(steps.iter().filter(|step| is_scan(step)).map(|s| format!("{s}: {statement}")));
    }

    assert_eq!(scans, Vec::<String>::new());
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_selects_few_rows_of_many_reads_the_index_over_the_few() {
    let world = World::start(Kind::Sqlite, Options::default()).await.unwrap();

    for (statement, index) in READ_FROM {
        let steps = steps(&world, statement).await;
        let is_read = |step: &String| step.contains(&format!(" INDEX {index} "));
        assert!(steps.iter().any(is_read), "not {index}: {steps:?}: {statement}");
    }

    world.ends().await;
}
