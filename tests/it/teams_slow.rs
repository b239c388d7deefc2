//! V24 and V15 for Teams: whatever is slow, a press is answered; what Teams puts off arrives.
use crate::world::teams::mri;
use crate::world::teams_people::{dialog, teams_alone, text};
use crate::world::{Kind, SOON, World};
use chrono::TimeDelta;
use hallpass::demo::teams::{Fault, Kind as Call};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connector_that_hangs_keeps_nobody_waiting_in_teams() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    let teams = world.teams();
    let held = teams.fault(Call::Look, None, Fault::HoldBefore, 1);
    let opened = json!({ "commandId": "request" });

    // It is answered while what is asked of Teams still hangs.
    let ana = mri("ana");
    let waits = teams.invoke(&ana, "composeExtension/fetchTask", opened.clone());
    let answer = tokio::time::timeout(SOON, waits).await.unwrap();
    assert!(text(&dialog(&answer)).contains("It takes long to confirm who you are"), "{answer:?}");

    held.release();
    let until = std::time::Instant::now() + SOON;
    loop {
        let answer = teams.invoke(&ana, "composeExtension/fetchTask", opened.clone()).await;
        if text(&dialog(&answer)).contains("By resource") {
            break;
        }
        assert!(std::time::Instant::now() < until, "{answer:?}");
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_teams_puts_off_arrives_and_delays_nobody_else() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    let teams = world.teams();
    for person in ["ana", "ben", "eva"] {
        teams.installs(&mri(person)).await;
    }
    world.reads("eva", "Eva Lindgren").await;
    let pause = Duration::from_secs(30);
    let fault = Fault::TooMany { retry_after: pause };
    let held = teams.fault(Call::Send, Some("a:eva"), fault, 20);

    let id = world.asks_in_teams("ana", "payments", "INC-42").await.to_string();
    world.reads("ben", &id).await;
    let asked = |world: &World| {
        let chat = world.teams().chat(&mri("eva"));
        chat.iter().filter(|one| text(&one.activity).contains(&id)).count()
    };
    assert_eq!(asked(&world), 0);

    held.release();
    world.passes(TimeDelta::seconds(31)).await;

    assert_eq!(asked(&world), 1);
    world.ends().await;
}
