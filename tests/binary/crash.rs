//! V7: killed with `kill -9` at every point, three times, on both databases.
use crate::points::Point;
use crate::world::{Kind, World};
use hallpass::demo::postgres::ThrowAwayPostgres;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;

/// How often the bot is killed at each point.
const ROUNDS: u64 = 3;
/// Worlds on the way to their point at once: people's triggers live for three seconds.
const AT_ONCE: usize = 4;
/// Worlds alive at once. Each has a bot of its own; more of them, and what is measured is how long
/// two cores are shared, not how long a bot takes to be whole again.
const ALIVE: usize = 6;
/// The two databases take turns, for the same reason.
pub(crate) static TURN: Mutex<()> = Mutex::const_new(());
/// Longest until everything that was under way has come and gone; the life of the access is part of it.
const WHOLE_AGAIN: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_point_nothing_is_lost_or_done_twice_on_sqlite() {
    kill_everywhere(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_point_nothing_is_lost_or_done_twice_on_postgres() {
    let server = ThrowAwayPostgres::start(&std::env::temp_dir()).await.unwrap();
    let Some(server) = server else {
        crate::skipped::skipped("PostgreSQL");
        return;
    };
    kill_everywhere(Kind::Postgres(Arc::new(server))).await;
}

async fn kill_everywhere(kind: Kind) {
    let _turn = TURN.lock().await;
    let driving = Arc::new(Semaphore::new(AT_ONCE));
    let alive = Arc::new(Semaphore::new(ALIVE));
    let mut worlds = JoinSet::new();
    for round in 0..ROUNDS {
        for point in Point::ALL {
            let (kind, driving, alive) = (kind.clone(), Arc::clone(&driving), Arc::clone(&alive));
            worlds.spawn(async move {
                let _place = alive.acquire().await.unwrap();
                (point, survive(&kind, point, round, &driving).await)
            });
        }
    }
    let mut slowest: BTreeMap<Point, Duration> = BTreeMap::new();
    let mut failed = Vec::new();
    while let Some(survived) = worlds.join_next().await {
        match survived {
            Ok((point, took)) => {
                let most = slowest.entry(point).or_default();
                *most = took.max(*most);
            }
            Err(error) => failed.push(error.to_string()),
        }
    }
    for (point, took) in slowest {
        eprintln!("{point:?}: all over {:.1} s after the restart", took.as_secs_f64());
    }
    assert!(failed.is_empty(), "{} worlds went wrong: {failed:#?}", failed.len());
}

/// Kills a bot at `point`, starts it again and watches; how long until all was over.
async fn survive(kind: &Kind, point: Point, round: u64, driving: &Semaphore) -> Duration {
    let permit = driving.acquire().await.unwrap();
    let mut world = World::start(kind).await;
    let left = point.kill(&mut world, round).await;
    left.act(&world).await;
    world.note_posted();
    world.start_bot().await;
    let since = Instant::now();
    left.press_again(&world).await;
    drop(permit);
    if point.needs_approval() {
        world.approve().await;
    }
    loop {
        world.laws_hold_now().await;
        if world.is_over().await {
            break;
        }
        assert!(
            since.elapsed() < WHOLE_AGAIN,
            "{point:?}, round {round}: not over: {:?}, {:?}, {:#?}\n{}",
            world.requests().await,
            world.target.access(),
            world.workspace.dm(crate::world::ANA).iter().map(|m| m.all_text()).collect::<Vec<_>>(),
            world.bot().log()
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let took = since.elapsed();
    let lost = world.lost_copies().await.len();
    assert!(lost <= point.most_lost_copies(), "{point:?}: {lost} copies that nobody noted");
    if point == Point::PostedBeforeSaved {
        assert!(!world.stale_messages().is_empty(), "a copy that nobody noted");
        world.click_stale_questions().await;
    }
    world.history_is_right().await;
    world.close().await;
    took
}
