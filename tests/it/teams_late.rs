//! R48 for Teams: what is not answered in time follows as a message, what was typed is not lost, and
//! a press that comes too late changes nothing but its own copy.
use crate::world::teams::{TEAMS_CHANNEL, mri};
use crate::world::teams_people::{dialog, teams_alone, text};
use crate::world::{Kind, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::teams::{Fault, Kind as Call, Message, Reply};
use serde_json::{Value, json};
use std::time::Duration;

async fn all_install(world: &World) {
    for person in ["ana", "ben", "eva", "finn", "dev"] {
        assert_eq!(world.teams().installs(&mri(person)).await.status, 200);
    }
}

fn not_in_roster() -> Fault {
    Fault::Refused { status: 403, code: "BotNotInConversationRoster" }
}

async fn rejects(world: &World, person: &str, ask: &Message, reason: &str) -> Reply {
    let teams = world.teams();
    let form = dialog(&teams.press(&mri(person), ask, "Reject", &json!({})).await);
    teams.press_in(&mri(person), &form, "Reject", &json!({ "reason": reason })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_takes_long_is_told_when_it_was_taken() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    all_install(&world).await;
    let id = world.asks_in_teams("ana", "payments", "INC-42").await;
    let ask = world.reads("ben", "INC-42").await;
    let form = dialog(&world.teams().press(&mri("ben"), &ask, "Reject", &json!({})).await);
    let mut held = world.app().store().begin().await.unwrap();
    held.see_inbound("held", world.now()).await.unwrap();

    let reason = json!({ "reason": "not this week" });
    let answer = world.teams().press_in(&mri("ben"), &form, "Reject", &reason).await;
    assert!(text(&answer.body).contains("follows here as a message"), "{answer:?}");
    drop(held);

    world.reads("ben", "Done.").await;
    assert_eq!(world.status(id).await, "Rejected");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_to_connect_is_never_written_into_a_chat_however_late_it_is() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    all_install(&world).await;
    let id = world.asks_in_teams("ana", "payments", "INC-42").await;
    let ask = world.reads("ben", "INC-42").await;
    let form = dialog(&world.teams().press(&mri("ben"), &ask, "Approve", &json!({})).await);
    world.teams().press_in(&mri("ben"), &form, "Approve", &json!({})).await;
    world.settle().await;
    world.becomes(id, "Active").await;
    let ready = world.reads("ana", "Your access is ready").await;
    let said = world.teams().chat(&mri("ana")).len();
    let mut held = world.app().store().begin().await.unwrap();
    held.see_inbound("held", world.now()).await.unwrap();

    let answer = world.teams().press(&mri("ana"), &ready, "How to connect", &json!({})).await;
    assert!(text(&answer.body).contains("as soon as it is ready"), "{answer:?}");
    drop(held);

    world.reads("ana", "It is ready: press").await;
    assert_eq!(world.teams().chat(&mri("ana")).len(), said + 1, "that, and nothing else");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_can_be_sent_once_more_when_teams_is_slow_to_vouch() {
    for world in worlds_with(teams_alone()).await {
        all_install(&world).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        let ask = world.reads("ben", "INC-42").await;
        let teams = world.teams();
        let form = dialog(&teams.press(&mri("ben"), &ask, "Reject", &json!({})).await);
        world.passes(TimeDelta::seconds(61)).await;
        let held = teams.fault(Call::Look, None, Fault::HoldBefore, 1);

        let typed = json!({ "reason": "not {{this}} \"week\"" });
        let slow = dialog(&teams.press_in(&mri("ben"), &form, "Reject", &typed).await);
        assert!(text(&slow).contains("It takes long to confirm who you are"), "{slow}");
        assert_eq!(world.status(id).await, "Pending Approval");
        held.release();
        let mut again = teams.press_in(&mri("ben"), &slow, "Try again", &json!({})).await;
        while again.body != Value::Null {
            // Teams' word is still on its way.
            again = teams.press_in(&mri("ben"), &dialog(&again), "Try again", &json!({})).await;
        }
        world.settle().await;

        assert_eq!(world.status(id).await, "Rejected");
        let told = text(&world.reads("ana", "\"week\"").await.activity);
        assert!(told.replace('\u{2060}', "").contains("not {{this}} \"week\""), "{told}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_teams_puts_off_is_sent_again() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    all_install(&world).await;
    let fault = Fault::TooMany { retry_after: Duration::ZERO };
    world.teams().fault(Call::Send, Some("a:ana"), fault, 2);

    world.teams().say(&mri("ana"), "help").await;

    world.reads("ana", "asks for access").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_goes_to_their_own_chat_where_the_bot_may_not_write() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    all_install(&world).await;
    world.reads("ana", "Good to see you").await;
    world.teams().fault(Call::Send, Some(TEAMS_CHANNEL), not_in_roster(), 1);

    world.teams().says_in(&mri("ana"), TEAMS_CHANNEL, "help").await;

    world.reads("ana", "asks for access").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_press_in_a_list_leaves_the_list() {
    for world in worlds_with(teams_alone()).await {
        all_install(&world).await;
        for (person, why) in [("ana", "INC-41"), ("finn", "INC-42")] {
            world.asks_in_teams(person, "payments", why).await;
            world.reads("ben", why).await;
        }
        world.teams().say(&mri("ben"), "approvals").await;
        for why in ["INC-41", "INC-42"] {
            let ask = world.reads("eva", why).await;
            assert_eq!(rejects(&world, "eva", &ask, "no").await.body, Value::Null);
        }
        world.settle().await;
        let list = world.reads("ben", "Waiting for my decision (2)").await;

        let late = world.teams().press(&mri("ben"), &list, "Approve", &json!({})).await;

        assert!(text(&dialog(&late)).contains("ejected by Eva Lindgren"), "{late:?}");
        let after = world.reads("ben", "Waiting for my decision (2)").await;
        assert_eq!((after.activity, after.earlier.len()), (list.activity, list.earlier.len()));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_that_was_written_stands_in_the_dialog() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    all_install(&world).await;
    let id = world.asks_in_teams("ana", "payments", "INC-42").await;
    let ask = world.reads("ben", "INC-42").await;
    let teams = world.teams();
    let form = dialog(&teams.press(&mri("ben"), &ask, "Approve", &json!({})).await);
    teams.press_in(&mri("ben"), &form, "Approve", &json!({})).await;
    world.settle().await;
    world.becomes(id, "Active").await;

    teams.say(&mri("dev"), &format!("revoke {id} the key leaked")).await;

    let opener = world.reads("dev", &id.to_string()).await;
    let end = dialog(&teams.press(&mri("dev"), &opener, "End access now", &json!({})).await);
    assert!(text(&end).contains("the key leaked"), "{end}");
    world.ends().await;
}
