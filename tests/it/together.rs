//! Several at once on one database: one dies, one sleeps, two meet a person first, two wait in a circle.
use crate::world::{Held, Kind, Options, SOON, World, policy, worlds_with};
use chrono::TimeDelta;
use hallpass::app::people::{Profile, Stranger};
use hallpass::domain::decide::Verdict;
use hallpass::domain::flow::Approval;
use hallpass::domain::person::Account;
use hallpass::store::outbox::LEASE;
use sqlx::Connection as _;
use std::time::Instant;

const HOUR: TimeDelta = TimeDelta::hours(1);

fn two() -> Options {
    Options { bots: 2, ..Options::default() }
}

/// Lets leases run out and the last bot work until a request is Active.
async fn until_active(world: &World, id: hallpass::domain::id::RequestId) {
    let until = Instant::now() + SOON;
    while world.status(id).await != "Active" {
        assert!(Instant::now() < until, "{id} is {}", world.status(id).await);
        world.clock.advance(LEASE);
        world.drain_last().await;
    }
}

/// Lets the last bot work until a request stands somewhere; no time passes.
async fn last_brings_it_to(world: &World, id: hallpass::domain::id::RequestId, status: &str) {
    let until = Instant::now() + SOON;
    while world.status(id).await != status {
        assert!(Instant::now() < until, "{id} is {}", world.status(id).await);
        world.drain_last().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_dies_leaves_its_work_to_the_others_at_once() {
    let Some(mut world) = World::start(Kind::Postgres, two()).await else { return };
    let id = world.submits("ana", &[("logs", "read")], HOUR).await[0];
    let call = world.target.hold("grant", Held::After);
    drop(world.begin_draining());
    call.is_reached().await;
    world.drain_last().await;
    assert_eq!(world.status(id).await, "Granting", "while it lives, its work is its own");

    world.crashes_one().await;
    last_brings_it_to(&world, id, "Active").await;

    assert!(world.target.holds("ana", "logs", "read"));
    let left = world.query("SELECT CAST(COUNT(*) AS TEXT) FROM instance").await;
    assert_eq!(left, [["1"]], "the dead one is forgotten");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_lost_its_session_is_back_before_anybody_takes_over() {
    let Some(world) = World::start(Kind::Postgres, two()).await else { return };
    let id = world.submits("ana", &[("logs", "read")], HOUR).await[0];
    let call = world.target.hold("grant", Held::After);
    drop(world.begin_draining());
    call.is_reached().await;

    let cut = "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS TEXT) FROM pg_locks \
               WHERE locktype = 'advisory' AND database = \
                   (SELECT oid FROM pg_database WHERE datname = current_database())";
    let held = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_locks \
                WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND database = \
                    (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(world.query(cut).await, [["2"]]);
    let first = async {
        // The other has its lock back, and finds the first one's free.
        while world.query(held).await != [["1"]] {}
        world.app().store().take_over(world.now()).await.unwrap();
    };
    tokio::join!(world.drain_last(), first);

    assert_eq!(world.status(id).await, "Granting", "the first works on it still");
    call.release();
    world.becomes(id, "Active").await;
    assert_eq!(world.target.count("grant"), 1);
    world.settle().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_comes_after_its_work_was_lost_leaves_no_access_behind() {
    for world in worlds_with(two()).await {
        let id = world.submits("ana", &[("logs", "read")], HOUR).await[0];
        let call = world.target.hold("grant", Held::Before);
        let slept = world.begin_draining();
        call.is_reached().await;
        until_active(&world, id).await;
        world.clock.advance(HOUR);
        last_brings_it_to(&world, id, "Expired").await;
        assert_eq!(world.target.held(), vec![]);

        // The first one wakes up in the middle of its call.
        call.release();
        slept.await.unwrap();
        world.settle().await;

        assert_eq!(world.target.held(), vec![]);
        assert_eq!(world.status(id).await, "Expired");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_lost_work_that_cannot_even_be_written_leaves_no_access_behind() {
    let Some(world) = World::start(Kind::Postgres, two()).await else { return };
    let id = world.submits("ana", &[("logs", "read")], HOUR).await[0];
    let call = world.target.hold("grant", Held::Before);
    let slept = world.begin_draining();
    call.is_reached().await;
    until_active(&world, id).await;
    world.clock.advance(HOUR);
    last_brings_it_to(&world, id, "Expired").await;
    // The first one wakes up, and the database does not take what it writes.
    gives_up_once(&world, "UPDATE", "request", "58000").await;

    call.release();
    slept.await.unwrap();
    world.settle().await;

    assert_eq!(world.target.held(), vec![]);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_answers_that_are_written_together_one_that_was_lost_takes_none_along() {
    let mut policy = policy::usual();
    policy.catalog.resources =
        ["log-1", "log-2", "log-3"].map(policy::resource).into_iter().collect();
    policy.flows.insert(0, policy::flow("all", "*", Approval::Automatic));
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let mut ids = Vec::new();
        let mut calls = Vec::new();
        for name in ["log-1", "log-2", "log-3"] {
            ids.extend(world.submits("ana", &[(name, "read")], HOUR).await);
            calls.push(world.target.hold("grant", Held::After));
        }
        let working = world.begin_draining();
        for call in &calls {
            call.is_reached().await;
        }
        let lost = "UPDATE outbox SET holder = 'another' WHERE id LIKE 'settle:%log-2%'";
        assert_eq!(world.tamper(lost).await, 1);

        for call in calls {
            call.release();
        }
        working.await.unwrap();

        let statuses =
            [world.status(ids[0]).await, world.status(ids[1]).await, world.status(ids[2]).await];
        assert_eq!(statuses, ["Active", "Granting", "Active"]);
        world.clock.advance(LEASE);
        world.settle().await;
        assert_eq!(world.status(ids[1]).await, "Active", "it was looked after once more");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_accounts_that_meet_one_person_at_once_one_is_linked() {
    let Some(world) = World::start(Kind::Postgres, two()).await else { return };
    let profile = Profile { email: Some("ana@example.com".to_owned()), unfit: None, locale: None };
    let named = |user: &str| Account {
        platform: "slack".to_owned(),
        workspace: "T1".to_owned(),
        user: user.to_owned(),
    };
    // Both have looked for other accounts and found none before either may write.
    let mut gate = world.connects().await.unwrap();
    let mut gate = gate.begin().await.unwrap();
    sqlx::query("LOCK TABLE account IN SHARE MODE").execute(&mut *gate).await.unwrap();
    let meets = |app: &hallpass::app::App, user: &str| {
        let (app, account, profile) = (app.clone(), named(user), profile.clone());
        tokio::spawn(async move { app.link(&account, &profile, true).await.unwrap() })
    };
    let both = [meets(world.app(), "UONE"), meets(world.last_app(), "UTWO")];
    let waiting = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_locks \
                   WHERE relation = 'account'::regclass AND NOT granted";
    while world.query(waiting).await != [["2"]] {}
    gate.commit().await.unwrap();
    let mut met = Vec::new();
    for one in both {
        met.push(one.await.unwrap());
    }

    met.sort_by_key(Result::is_err);
    assert_eq!(met, [Ok("ana".into()), Err(Stranger::SecondAccount)]);
    let accounts = "SELECT CAST(COUNT(*) AS TEXT) FROM account WHERE person = 'ana'";
    assert_eq!(world.query(accounts).await, [["1"]]);
    let kinds: Vec<String> = world.audit().await.into_iter().map(|row| row.kind).collect();
    assert!(kinds.contains(&"link_refused".to_owned()), "{kinds:?}");
    world.ends().await;
}

/// Makes PostgreSQL give up the first transaction that writes to a table.
async fn gives_up_once(world: &World, write: &str, table: &str, code: &str) {
    world
        .tamper(&format!(
            "CREATE SEQUENCE {table}_turn;
             CREATE FUNCTION {table}_fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF nextval('{table}_turn') = 1 THEN
                     RAISE EXCEPTION 'given up' USING ERRCODE = '{code}';
                 END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER fails BEFORE {write} ON {table}
                 FOR EACH ROW EXECUTE FUNCTION {table}_fails()"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_database_gives_up_for_another_is_tried_again_and_nobody_notices() {
    let Some(world) = World::start(Kind::Postgres, Options::default()).await else { return };
    for (write, table, code) in [
        ("INSERT", "submission", "40P01"),
        ("UPDATE", "request", "40001"),
        ("UPDATE", "card", "40P01"),
        ("UPDATE", "access_grant", "40P01"),
    ] {
        gives_up_once(&world, write, table, code).await;
    }

    let id = world.asks("ana", "payments", "read").await;
    world.settle().await;
    let posts = world.slack.read(|state| state.calls("chat.postMessage").len());
    let yes = Verdict::Approve { reason: None };
    world.app().decide(&"ben".into(), id, yes, None).await.unwrap();
    world.settle().await;

    // Ana, Ben, Eva and the channel: what could not be noted at first is not posted again.
    assert_eq!(posts, 4);
    assert_eq!(world.status(id).await, "Active");
    assert_eq!(world.records().await.len(), 1);
    assert_eq!(world.target.count("grant"), 1);
    world.ends().await;
}
