//! Where people are written to in Teams: in their own chat with us, whatever chats they use us in, for
//! as long as they have us there.
use crate::mail::{asks, with_mail};
use crate::world::teams::{TENANT, mri, object_id};
use crate::world::teams_people::{teams_alone, text};
use crate::world::{Options, World, worlds_with};
use hallpass::demo::teams::{Fault, Kind, Reply};
use hallpass::domain::flow::Scope;
use hallpass::domain::person::Account;
use serde_json::{Value, json};

/// A chat between two people, without us.
const THEIRS: &str = "a:ana-and-ben";

fn account(person: &str) -> Account {
    Account { platform: "teams".to_owned(), workspace: TENANT.to_owned(), user: object_id(person) }
}

/// The conversation that somebody is written to in.
async fn direct(world: &World, person: &str) -> Option<String> {
    world.app().direct(&account(person)).await.unwrap().map(|direct| direct.conversation)
}

/// A company that has Teams alone, in which people ask for others.
fn for_others() -> Options {
    let mut options = teams_alone();
    options.policy.flows.iter_mut().for_each(|flow| flow.scope = Scope::Others);
    options
}

/// Somebody opens the message extension in a chat of theirs.
async fn opens_extension(world: &World, person: &str) -> Reply {
    let value = json!({ "commandId": "request" });
    world.teams().invoke_in(&mri(person), THEIRS, "composeExtension/fetchTask", value).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_extension_serves_people_in_chats_without_us_and_nobody_is_written_to_there() {
    for world in worlds_with(teams_alone()).await {
        let teams = world.teams();
        let first = opens_extension(&world, "ana").await;
        assert_eq!(first.body["task"]["type"], "continue", "{first:?}");
        teams.installs(&mri("ana")).await;
        world.reads("ana", "Ana Torres").await;

        let second = opens_extension(&world, "ana").await;
        assert_eq!(second.body["task"]["type"], "continue", "{second:?}");
        let mut untyped = teams.activity(&mri("ana"), THEIRS, "message");
        untyped["text"] = "help".into();
        untyped["conversation"].as_object_mut().unwrap().remove("conversationType");
        teams.post(&untyped).await;
        let id = asks(&world, "payments").await;

        world.reads("ana", &id.to_string()).await;
        assert_eq!(direct(&world, "ana").await.as_deref(), Some("a:ana"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_we_may_not_look_up_is_not_taken_for_somebody_who_left() {
    for world in worlds_with(teams_alone()).await {
        let teams = world.teams();
        teams.uninstalls(&mri("ana")).await;

        let nowhere = opens_extension(&world, "ana").await;

        let said = text(&nowhere.body);
        assert!(!said.contains("deactivated") && said.contains("again"), "{nowhere:?}");
        teams.installs(&mri("ana")).await;
        let at_once = opens_extension(&world, "ana").await;
        assert_eq!(at_once.body["task"]["type"], "continue", "{at_once:?}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_removes_the_app_is_forgotten_there_and_greeted_when_they_are_back() {
    for world in worlds_with(teams_alone()).await {
        let teams = world.teams();
        teams.installs(&mri("ana")).await;
        world.reads("ana", "Ana Torres").await;

        teams.uninstalls(&mri("ana")).await;
        let until = std::time::Instant::now() + crate::world::SOON;
        while direct(&world, "ana").await.is_some() {
            assert!(std::time::Instant::now() < until, "where she was is still known");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let greetings = teams.chat(&mri("ana")).len();
        teams.installs(&mri("ana")).await;

        let greeted = |state: &hallpass::demo::teams::State| {
            let hers = state.messages.iter().filter(|one| one.conversation == "a:ana");
            (hers.count() > greetings).then_some(())
        };
        assert!(teams.wait_for(greeted, crate::world::SOON).await.is_some(), "greeted again");
        assert_eq!(direct(&world, "ana").await.as_deref(), Some("a:ana"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_to_be_rewritten_in_a_conversation_that_is_gone_is_heard_by_mail() {
    for (status, code) in [(404, "ConversationNotFound"), (410, "")] {
        let (office, worlds) = with_mail(|options, _| *options = for_others()).await;
        for world in worlds {
            office.forgets();
            let teams = world.teams();
            teams.installs(&mri("ana")).await;
            world.reads("ana", "Ana Torres").await;
            let id = world.asks_for_ana("payments").await;
            world.reads("ana", &id.to_string()).await;
            teams.fault(Kind::Update, Some("a:ana"), Fault::Refused { status, code }, u32::MAX);

            world.app().cancel(&"eva".into(), id, String::new(), None).await.unwrap();
            world.settle().await;

            assert!(office.letter_to("ana").text.contains(&id.to_string()), "{status} {code}");
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_whose_name_we_did_not_hear_is_sent_anew_when_it_changes() {
    for world in worlds_with(for_others()).await {
        let teams = world.teams();
        teams.installs(&mri("ana")).await;
        world.reads("ana", "Ana Torres").await;
        teams.fault(Kind::Send, Some("a:ana"), Fault::Unnamed, 1);
        let id = world.asks_for_ana("payments").await;
        world.reads("ana", "Pending Approval").await;

        world.app().cancel(&"eva".into(), id, String::new(), None).await.unwrap();

        let told = world.reads("ana", "Cancelled").await;
        assert_eq!(told.earlier, Vec::<Value>::new());
        world.ends().await;
    }
}
