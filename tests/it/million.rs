//! A million resources (V23): a connector lists them, and each can be found and chosen over HTTP.
use crate::world::{Kind, Options, World};
use std::time::{Duration, Instant};

const COUNT: usize = 1_000_000;
/// What the process may hold more of than before, once the list itself is given back: the resources
/// packed, their index, and what the allocator keeps.
const MOST_MEGABYTES: usize = 700;

fn name(n: usize) -> String {
    format!("db-{n:07}")
}

/// Memory of this process, where the system tells.
fn megabytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<usize>().ok()? / 1024)
}

/// How many a story on PostgreSQL lists.
const MANY: usize = 100_000;

/// Every search that is not narrow enough says that there is more; a narrow one finds the one.
async fn is_found(world: &World, count: usize) {
    let view = world.opens_form("ana").await;
    for text in ["", "db", "db-0", "999"] {
        let found = world.searches("ana", &view, text).await;
        assert_eq!(found.len(), 100, "{text:?}");
        assert_eq!(found[99]["value"], "refine", "{text:?} says that there are more");
    }
    let mut slowest = Duration::ZERO;
    for n in (0..count).step_by(count / 200).chain([count - 1]) {
        let began = Instant::now();
        let found = world.searches("ana", &view, &name(n)).await;
        slowest = slowest.max(began.elapsed());
        assert_eq!(found[0]["text"]["text"], format!("{}: read", name(n)));
    }
    eprintln!("the slowest search took {slowest:?}, over HTTP");
    world.slack.close("U1", &view.id).await;
    let last = name(count - 1);
    let id = world.asks("ana", &last, "read").await;
    assert_eq!(world.record(id).await.asked.items[0].at.resource, last);
}

/// Listed by one instance, kept in PostgreSQL, read from there by the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long unoptimised; scripts/test runs it by itself"]
async fn each_of_a_hundred_thousand_resources_on_postgresql_can_be_found_and_chosen() {
    let options = Options { bots: 2, ..Options::default() };
    let Some(mut world) = World::start(Kind::Postgres, options).await else { return };
    world.target.generates(MANY, name);
    let began = Instant::now();
    world.lists().await;
    eprintln!("a hundred thousand listed, kept and indexed in {:?}", began.elapsed());
    is_found(&world, MANY).await;

    // The other instance, then one that starts anew: they read what is kept, and ask no target.
    world.target.generates(0, name);
    world.stops().await;
    let began = Instant::now();
    world.restart().await;
    eprintln!("two instances started with them in {:?}", began.elapsed());
    is_found(&world, MANY).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes unoptimised; scripts/test runs it by itself"]
async fn each_of_a_million_resources_can_be_found_and_chosen() {
    let world = World::start(Kind::Sqlite, Options::default()).await.unwrap();
    world.target.generates(COUNT, name);
    let before = megabytes();
    let began = Instant::now();

    world.lists().await;
    eprintln!("listed, kept and indexed in {:?}", began.elapsed());

    let grown = megabytes().zip(before).map(|(after, before)| after.saturating_sub(before));
    eprintln!("memory grew by {grown:?} MB");
    assert!(grown.is_none_or(|grown| grown < MOST_MEGABYTES), "{grown:?}");
    is_found(&world, COUNT).await;
    world.ends().await;
}
