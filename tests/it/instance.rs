//! One SQLite file serves one instance.
use crate::world::{Kind, Options, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_instance_on_the_same_file_does_not_start() {
    let mut world = World::start(Kind::Sqlite, Options::default()).await.unwrap();

    let second = world.starts_another().await;

    let why = second.err().unwrap_or_default();
    assert!(why.contains("another hallpass is running on"), "{why}");
    world.stops().await;
    world.restart().await;
    assert!(world.opens_form("ana").await.json["blocks"].is_array(), "the first one let go of it");
    world.ends().await;
}
