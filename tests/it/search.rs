//! Every resource can be found and chosen, however many there are.
use crate::world::policy::{resource, usual};
use crate::world::{Options, SOON, worlds, worlds_with};
use hallpass::domain::catalog::Resource;
use hallpass::domain::policy::Policy;

fn policy(count: usize) -> Policy {
    let mut policy = usual();
    let read_only =
        |n| Resource { permissions: vec!["read".to_owned()], ..resource(&format!("db-{n:05}")) };
    let resources = (0..count).map(read_only);
    policy.catalog.resources = resources.collect();
    policy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_resource_is_found_and_nothing_is_cut_silently() {
    for count in [0, 1, 99, 100, 101, 5_000] {
        for world in worlds_with(Options { policy: policy(count), ..Options::default() }).await {
            let view = world.opens_form("ana").await;

            let all = world.searches("ana", &view, "").await;
            let is_refined = all.iter().any(|option| option["value"] == "refine");
            assert_eq!(is_refined, count > 100, "{count}");
            assert_eq!(all.len(), if is_refined { 100 } else { count });
            for n in (0..count).step_by((count / 50).max(1)) {
                let name = format!("db-{n:05}");
                let found = world.searches("ana", &view, &name).await;
                assert_eq!(found[0]["text"]["text"], format!("{name}: read"), "{count}");
            }
            if count > 0 {
                let last = format!("db-{:05}", count - 1);
                world.slack.close("U1", &view.id).await;
                let id = world.asks("ana", &last, "read").await;
                assert_eq!(world.record(id).await.asked.items[0].at.resource, last);
            }
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_connector_lists_can_be_asked_for() {
    for world in worlds_with(Options { policy: policy(1), ..Options::default() }).await {
        world.target.lists((0..300).map(|n| resource(&format!("found-{n:03}"))).collect());
        world.lists().await;

        let id = world.asks("ana", "found-299", "write").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Pending Approval");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_had_lately_comes_first_and_an_exact_name_before_it() {
    for world in worlds().await {
        world.asks("ana", "vault", "write").await;
        let view = world.opens_form("ana").await;
        let first = async |text: &str| {
            let offered = world.searches("ana", &view, text).await;
            offered[0]["text"]["text"].as_str().unwrap().to_owned()
        };

        // It is read beside opening, so that opening waits for nothing.
        let until = std::time::Instant::now() + SOON;
        while first("").await != "vault: read" {
            assert!(std::time::Instant::now() < until, "{}", first("").await);
        }

        assert_eq!(first("d").await, "vault: read", "all are databases");
        assert_eq!(first("crown").await, "crown: read");
        world.ends().await;
    }
}
