//! The basket: as much as a form may hold, counted, reviewed, removed; its owner's alone, for a day.
use crate::world::policy::{account, resource, usual};
use crate::world::{Options, World, ids_in, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Kind, View, read};
use hallpass::domain::catalog::Item;
use hallpass::domain::policy::Policy;
use serde_json::json;
use std::collections::BTreeSet;

/// 284 databases whose names begin alike, and 920 others.
fn many() -> Policy {
    let mut policy = usual();
    let alike = (0..284).map(|n| resource(&format!("pay-{n:04}")));
    policy.catalog.resources =
        alike.chain((0..920).map(|n| resource(&format!("db-{n:04}")))).collect();
    policy
}

/// How often a form was written to the database.
async fn writes(world: &World) -> Vec<Vec<String>> {
    world.query("SELECT CAST(version AS TEXT) FROM draft").await
}

async fn sends(world: &World, view: &View, why: &str) -> Vec<hallpass::domain::id::RequestId> {
    let values = json!({"why": {"justification": {"type": "plain_text_input", "value": why}}});
    let answer = world.slack.submit(&account("ana"), &view.id, &values).await;
    assert!(answer.is_ok(), "{answer:?}");
    ids_in(&world.slack.views(&account("ana")).pop().unwrap().all_text())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_match_are_added_up_to_a_thousand_and_what_does_not_fit_is_told() {
    for world in worlds_with(Options { policy: many(), ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        let view = world.types_in("ana", &view, "words", "pay").await;
        assert!(view.all_text().contains("284 of 1,204 match. Pick a permission"));
        let view = world.picks("ana", &view, "permission", &["read"]).await;
        assert!(read::buttons(&view.json).contains(&"Add all 284 that match".to_owned()));

        let view = world.presses_in("ana", &view, "add_all").await;
        assert!(view.all_text().contains("284 of at most 1,000 chosen"), "{}", view.all_text());
        let view = world.types_in("ana", &view, "words", "").await;
        assert!(view.all_text().contains("1,204 of 1,204 match"), "{}", view.all_text());
        let view = world.presses_in("ana", &view, "add_all").await;
        assert!(view.all_text().contains("1,000 of at most 1,000 chosen"));
        assert!(view.all_text().contains("204 did not fit"), "{}", view.all_text());
        let view = world.goes_on("ana", &view).await;
        assert!(view.all_text().contains("1,000 things."), "{}", view.all_text());
        let ids = sends(&world, &view, "INC-42: rotate the owners of all databases").await;

        assert_eq!(ids.len(), 1);
        let asked = world.record(ids[0]).await.asked.items;
        let distinct: BTreeSet<&Item> = asked.iter().collect();
        assert_eq!((asked.len(), distinct.len()), (1_000, 1_000));
        assert!(asked.iter().all(|item| item.permission == "read"));
        assert_eq!(asked.iter().filter(|i| i.at.resource.starts_with("pay-")).count(), 284);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_chosen_is_reviewed_page_by_page_and_removed() {
    for world in worlds_with(Options { policy: many(), ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        let view = world.types_in("ana", &view, "words", "pay 00").await;
        let view = world.picks("ana", &view, "permission", &["write"]).await;
        let view = world.presses_in("ana", &view, "add_all").await;
        assert!(view.all_text().contains("100 of at most 1,000 chosen"), "{}", view.all_text());
        assert!(view.all_text().contains("and 96 more; Review shows all"));

        let first = world.presses_in("ana", &view, "review").await;
        assert!(first.all_text().contains("1 to 30 of 100"), "{}", first.all_text());
        let second = world.presses_in("ana", &first, "review_next").await;
        assert!(second.all_text().contains("31 to 60 of 100"), "{}", second.all_text());
        assert!(second.all_text().contains("pay-0030 (database in Production): write"));
        let second = world.presses_in("ana", &second, "remove").await;
        assert!(second.all_text().contains("31 to 60 of 99"), "{}", second.all_text());
        assert!(!second.all_text().contains("pay-0030 "), "{}", second.all_text());
        let back = world.presses_in("ana", &second, "back").await;
        assert!(back.all_text().contains("99 of at most 1,000 chosen"), "{}", back.all_text());
        let review = world.presses_in("ana", &back, "review").await;
        let empty = world.presses_in("ana", &review, "remove_all").await;
        assert!(empty.all_text().contains("Nothing is chosen"), "{}", empty.all_text());

        let answer = world.slack.submit(&account("ana"), &empty.id, &json!({})).await;
        assert!(answer.is_ok(), "{answer:?}");
        world.says(&empty, "Choose at least one thing first").await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_a_form_and_typing_in_it_write_nothing() {
    for world in worlds_with(Options { policy: many(), ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        for text in ["p", "pa", "pay"] {
            world.types_in("ana", &view, "words", text).await;
        }
        world.picks("ana", &view, "permission", &["read"]).await;
        assert_eq!(writes(&world).await.len(), 0);
        assert_eq!(world.slack.calls("views.open").len(), 1);
        let view = world.presses_in("ana", &view, "add_all").await;
        let view = world.goes_on("ana", &view).await;
        let before = writes(&world).await;

        for text in ["I", "INC-42: ", "INC-42: look up failed payments"] {
            let drawn = world.types_in("ana", &view, "justification", text).await;
            let typed = &drawn.values()["why"]["justification"]["value"];
            assert_eq!(typed, text, "what is typed stays");
        }

        assert_eq!(writes(&world).await, before);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_its_owners_alone_and_sending_it_twice_makes_one_submission() {
    for mut world in worlds_with(Options { bots: 2, ..Options::default() }).await {
        world.may_be_refused = true;
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        let view = world.goes_on("ana", &view).await;
        let ids = sends(&world, &view, "INC-42: look up failed payments").await;
        let sent = world.last_submission();
        let mut window = sent.clone();
        window["view"]["id"] = json!("VANOTHER");
        let mut forged = sent.clone();
        forged["user"]["id"] = json!(account("finn"));

        for payload in [&sent, &window] {
            let again = world.slack.send(&world.urls()[0], Kind::Interaction, payload, &[]).await;
            assert!(again.body.to_string().contains(&ids[0].to_string()), "{again:?}");
        }
        let foreign = world.slack.send(&world.urls()[0], Kind::Interaction, &forged, &[]).await;

        assert!(foreign.body.to_string().contains("Choose at least one"), "{foreign:?}");
        assert_eq!(world.records().await.len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_forgotten_a_day_after_it_was_touched() {
    for world in worlds().await {
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        world.clock.advance(TimeDelta::hours(23));
        world.app().requeue_stuck().await.unwrap();
        let view = world.chooses("ana", &view, "invoices", "read").await;
        assert!(view.all_text().contains("2 of at most 1,000 chosen"), "{}", view.all_text());

        world.clock.advance(TimeDelta::hours(25));
        world.app().requeue_stuck().await.unwrap();

        assert_eq!(writes(&world).await.len(), 0);
        let answer = world.slack.submit(&account("ana"), &view.id, &json!({})).await;
        assert!(answer.is_ok(), "{answer:?}");
        world.says(&view, "begin a new one").await;
        world.ends().await;
    }
}

/// What is picked and not yet added is meant as well; what of it does not fit is said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn going_on_says_what_of_the_picked_did_not_fit() {
    let mut policy = usual();
    let alike = (0..100).map(|n| resource(&format!("pay-{n:04}")));
    policy.catalog.resources =
        alike.chain((0..950).map(|n| resource(&format!("db-{n:04}")))).collect();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        let view = world.types_in("ana", &view, "words", "db").await;
        let view = world.picks("ana", &view, "permission", &["read"]).await;
        let view = world.presses_in("ana", &view, "add_all").await;
        assert!(view.all_text().contains("950 of at most 1,000 chosen"), "{}", view.all_text());
        let view = world.presses_in("ana", &view, "way_app").await;
        let view = world.picks("ana", &view, "app_integration", &["Production"]).await;
        let view = world.picks("ana", &view, "app_kind", &["database"]).await;
        let offered = world.searches_in("ana", &view, "app_resources", "pay").await;
        assert_eq!(offered.len(), 100);
        let view = world
            .redraws(&view, async |world| {
                world.slack.choose_options("U1", &view.id, "app_resources", &offered).await
            })
            .await;
        let view = world.picks("ana", &view, "app_permissions", &["read"]).await;

        let view = world.goes_on("ana", &view).await;

        assert!(view.all_text().contains("1,000 things."), "{}", view.all_text());
        assert!(view.all_text().contains("50 did not fit"), "{}", view.all_text());
        world.ends().await;
    }
}
