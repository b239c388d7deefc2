//! Every resource can be found and chosen, however many there are.
use crate::world::policy::{item, person, resource, usual};
use crate::world::{Options, SOON, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::View;
use hallpass::domain::catalog::{Bundle, Resource};
use hallpass::domain::flow::Scope;
use hallpass::domain::policy::Policy;

pub(crate) fn policy(count: usize) -> Policy {
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

/// What somebody had lately, then what they starred, then what begins with what was typed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_had_lately_comes_before_favourites_and_those_before_the_rest() {
    for world in worlds().await {
        let starred = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        world.app().star(&"ana".into(), starred, true).await.unwrap();
        // So many later ones that the starred one is none of the recent.
        for _ in 0..30 {
            world.clock.advance(TimeDelta::seconds(1));
            world.submits("ana", &[("vault", "read")], TimeDelta::hours(1)).await;
        }
        let view = world.opens_form("ana").await;
        let order = async || {
            let offered = world.searches("ana", &view, "read").await;
            let label = |option: &serde_json::Value| option["text"]["text"].to_string();
            offered.iter().map(label).take(3).collect::<Vec<_>>()
        };

        let until = std::time::Instant::now() + SOON;
        while !order().await[0].contains("vault") {
            assert!(std::time::Instant::now() < until, "{:?}", order().await);
        }

        let order = order().await;
        assert!(order[0].contains("vault: read"), "{order:?}");
        assert!(order[1].contains("payments: read"), "{order:?}");
        assert!(order[2].contains("crown: read"), "{order:?}");
        world.ends().await;
    }
}

/// Every list that holds more than a hundred says so in its last row, and a narrower word finds the rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_of_more_than_a_hundred_says_that_there_are_more() {
    const MANY: usize = 150;
    let mut policy = policy(MANY);
    for n in 0..MANY {
        let (id, name) = (format!("p{n:03}"), format!("Person {n:03}"));
        policy.directory.people.insert(id.as_str().into(), person(&id, &name));
        let (id, name) = (format!("bundle-{n:03}"), format!("Bundle {n:03}"));
        let bundle = Bundle {
            id: id.as_str().into(),
            name,
            description: String::new(),
            items: vec![item("db-00001", "read")],
            what: Vec::new(),
            left_out: 0,
        };
        policy.catalog.bundles.insert(bundle.id.clone(), bundle);
    }
    for flow in &mut policy.flows {
        flow.scope = Scope::Others;
    }
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let form = world.opens_form("ana").await;
        let by_app = world.presses_in("ana", &form, "way_app").await;
        let by_app = world.picks("ana", &by_app, "app_integration", &["Production"]).await;
        let by_app = world.picks("ana", &by_app, "app_kind", &["database"]).await;
        for (view, list, last) in
            [(&form, "grantee", "Person 149"), (&by_app, "app_resources", "db-00149")]
        {
            is_refined(&world, view, list, last).await;
        }
        let by_bundle = world.presses_in("ana", &by_app, "way_bundle").await;
        is_refined(&world, &by_bundle, "bundle", "Bundle 149").await;
        world.ends().await;
    }
}

async fn is_refined(world: &World, view: &View, list: &str, last: &str) {
    let all = world.searches_in("ana", view, list, "").await;
    assert_eq!(all.len(), 100, "{list}");
    assert_eq!(all[99]["value"], "refine", "{list}: {}", all[99]);
    assert!(all[..99].iter().all(|option| option["value"] != "refine"), "{list}");
    let found = world.searches_in("ana", view, list, last).await;
    let text = found[0]["text"]["text"].as_str().unwrap();
    assert!(text.contains(last), "{list}: {found:?}");
}
