//! Favourites: what people star to find again (R13).
use crate::world::homes::rows;
use crate::world::policy;
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::app::ActError;
use hallpass::demo::slack::{Container, View, read};
use hallpass::domain::flow::Scope;
use hallpass::domain::id::RequestId;

/// The numbers of what a person starred, as `/access favorites` lists it.
async fn starred(world: &World, person: &str) -> Vec<RequestId> {
    assert!(world.types(person, "favorites").await.is_ok());
    let list = world.sees_modal(person, "list").await;
    world.slack.close(&policy::account(person), &list.id).await;
    rows(&list.json, "favorites").into_iter().map(RequestId).collect()
}

async fn opens_details(world: &World, person: &str, id: RequestId) -> View {
    assert!(world.types(person, &format!("show {id}")).await.is_ok());
    world.sees_modal(person, "details").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_star_is_set_and_taken_away_in_the_details() {
    for world in worlds().await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        let view = opens_details(&world, "ana", id).await;
        assert!(read::buttons(&view.json).contains(&"☆ Add to favourites".to_owned()));

        let place = Container::View(view.id.clone());
        assert!(world.slack.click("U1", &place, "star").await.is_ok());
        world
            .soon("the star", |state| {
                let buttons = read::buttons(&state.view(&view.id)?.json);
                buttons.contains(&"★ Remove from favourites".to_owned()).then_some(())
            })
            .await;
        assert_eq!(starred(&world, "ana").await, [id]);
        let view = opens_details(&world, "ana", id).await;
        let place = Container::View(view.id.clone());
        assert!(world.slack.click("U1", &place, "unstar").await.is_ok());
        world
            .soon("no star", |state| {
                let buttons = read::buttons(&state.view(&view.id)?.json);
                buttons.contains(&"☆ Add to favourites".to_owned()).then_some(())
            })
            .await;

        assert_eq!(starred(&world, "ana").await, []);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn favourites_are_listed_newest_star_first() {
    for world in worlds().await {
        let mut ids = Vec::new();
        for name in ["payments", "invoices", "logs"] {
            ids.extend(world.submits("ana", &[(name, "read")], TimeDelta::hours(1)).await);
        }
        let ana = "ana".into();
        for id in [ids[1], ids[2], ids[0], ids[1]] {
            world.clock.advance(TimeDelta::seconds(1));
            world.app().star(&ana, id, true).await.unwrap();
        }

        assert_eq!(starred(&world, "ana").await, [ids[0], ids[2], ids[1]]);
        assert_eq!(starred(&world, "ben").await, []);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_people_ask_for_themselves_can_be_starred() {
    let mut policy = policy::usual();
    for flow in &mut policy.flows {
        flow.scope = Scope::Others;
    }
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = world.asks_for_ana("payments").await;

        for person in ["eva", "ana"] {
            let tried = world.app().star(&person.into(), id, true).await;
            assert!(matches!(tried, Err(ActError::NotFavorite)), "{person}: {tried:?}");
            let view = opens_details(&world, person, id).await;
            assert!(!read::buttons(&view.json).iter().any(|text| text.contains("favourites")));
        }
        for person in ["ben", "dev"] {
            let tried = world.app().star(&person.into(), id, true).await;
            assert!(matches!(tried, Err(ActError::NotFound)), "{person}: {tried:?}");
        }
        world.ends().await;
    }
}
