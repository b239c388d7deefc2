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
    let view = world.opens_form("ana").await;
    for text in ["", "db", "db-0", "999"] {
        let found = world.searches("ana", &view, text).await;
        assert_eq!(found.len(), 100, "{text:?}");
        assert_eq!(found[99]["value"], "refine", "{text:?} says that there are more");
    }
    let mut slowest = Duration::ZERO;
    for n in (0..COUNT).step_by(COUNT / 200).chain([COUNT - 1]) {
        let began = Instant::now();
        let found = world.searches("ana", &view, &name(n)).await;
        slowest = slowest.max(began.elapsed());
        assert_eq!(found[0]["text"]["text"], format!("{}: read", name(n)));
    }
    eprintln!("the slowest search took {slowest:?}, over HTTP");
    world.slack.close("U1", &view.id).await;
    let last = name(COUNT - 1);
    let id = world.asks("ana", &last, "read").await;
    assert_eq!(world.record(id).await.asked.items[0].at.resource, last);
    world.ends().await;
}
