//! What connectors list: kept, shared between instances, and never lost to a reload.
use crate::world::policy::{PLACE, resource, usual};
use crate::world::{Kind, Options, World, worlds, worlds_with};
use hallpass::app::App;
use hallpass::domain::catalog::Resource;
use hallpass::domain::policy::Policy;
use sqlx::Connection as _;

fn many(prefix: &str, count: usize) -> Vec<Resource> {
    (0..count).map(|n| resource(&format!("{prefix}-{n:04}"))).collect()
}

/// Whether Ana finds a resource of exactly this name.
fn finds(app: &App, name: &str) -> bool {
    let found = app.policy().search(&"ana".into(), &"ana".into(), name, 1);
    found.offers.first().is_some_and(|offer| offer.resource.name == name)
}

/// The usual policy with one resource more, so that it can be told which one is in force.
fn with(name: &str) -> Policy {
    let mut policy = usual();
    let known = policy.catalog.resources.iter();
    policy.catalog.resources = known.chain([resource(name)]).collect();
    policy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_and_a_listing_at_once_do_not_overwrite_each_other() {
    for world in worlds().await {
        for round in 0..5 {
            let app = world.app();
            let (configured, listed) = (format!("set-{round}"), format!("seen{round}"));

            let place = PLACE.into();
            let (reloaded, taken) = tokio::join!(
                app.reload(with(&configured)),
                app.take_listed(&place, many(&listed, 2_000).into_iter().collect()),
            );

            reloaded.unwrap();
            taken.unwrap();
            assert!(finds(app, &configured), "the configuration of round {round} is in force");
            assert!(finds(app, &format!("{listed}-1999")), "and so is what was listed in it");
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_learns_what_another_one_stored_first() {
    for world in worlds_with(Options { bots: 2, ..Options::default() }).await {
        world.target.lists(many("found", 300));
        world.lists().await;
        assert!(finds(world.app(), "found-0299"));

        world.last_lists().await;

        assert!(finds(world.last_app(), "found-0299"));
        world.ends().await;
    }
}

/// Indexing takes a thread of its own: on one thread, a click that comes meanwhile is answered before.
#[tokio::test]
async fn people_are_served_while_a_catalogue_is_indexed() {
    let world = World::start(crate::world::Kind::Sqlite, Options::default()).await.unwrap();
    let app = world.app().clone();
    let reloading = async {
        app.reload(with("late")).await.unwrap();
        finds(&app, "late")
    };
    let looking = async {
        let mut looks = 0;
        while !finds(&app, "late") {
            looks += 1;
            tokio::task::yield_now().await;
        }
        looks
    };

    let (is_there, looks) = tokio::join!(reloading, looking);

    assert!(is_there && looks > 0);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_that_list_at_once_both_know_it() {
    let options = Options { bots: 2, ..Options::default() };
    let Some(world) = World::start(Kind::Postgres, options).await else { return };
    world.target.generates(2_500, |n| format!("found-{n:04}"));
    // Both have seen that nothing is stored before either may write.
    let mut gate = world.connects().await.unwrap();
    let mut gate = gate.begin().await.unwrap();
    sqlx::query("LOCK TABLE listed IN SHARE MODE").execute(&mut *gate).await.unwrap();
    let waiting = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_locks \
                   WHERE relation = 'listed'::regclass AND NOT granted";
    let opens = async {
        while world.query(waiting).await != [["2"]] {}
        gate.commit().await.unwrap();
    };

    tokio::join!(world.lists(), world.last_lists(), opens);

    for app in [world.app(), world.last_app()] {
        assert!(finds(app, "found-2499"));
    }
    let parts = "SELECT CAST(COUNT(*) AS TEXT) FROM listed";
    assert_eq!(world.query(parts).await, [["3"]]);
    world.target.generates(500, |n| format!("found-{n:04}"));
    world.lists().await;
    assert_eq!(world.query(parts).await, [["1"]], "what is left over goes");
    world.ends().await;
}
