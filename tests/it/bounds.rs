//! Slack's limits, and names that cannot be seen: whatever people write, somebody can still decide.
use crate::world::policy::{account, resource, usual};
use crate::world::{Filled, Options, World, ids_in, worlds, worlds_with};
use hallpass::demo::slack::{Message, View};
use hallpass::domain::id::RequestId;

/// Said behind the beginning of a longer text.
const SHORTENED: &str = "(shortened; Details shows all of it)";

/// Asks with this justification.
async fn asks_because(world: &World, why: &str) -> RequestId {
    let filled = Filled { resource: "payments", permission: "read", duration: Some("1h"), why };
    let (answer, shown) = world.sends_form("ana", &filled).await;
    assert!(answer.is_ok(), "{answer:?}");
    world.slack.close(&account("ana"), &shown.id).await;
    ids_in(&shown.all_text())[0]
}

/// The details that a button of a message opens.
async fn details(world: &World, person: &str, message: &Message) -> View {
    assert!(world.clicks(person, message, "details").await.is_ok());
    let view = world.sees_modal(person, "details").await;
    world.slack.close(&account(person), &view.id).await;
    view
}

/// Each of these characters takes six in JSON, so that the quote alone is more than a message holds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_slack_would_refuse_still_asks_and_can_be_decided_on() {
    for world in worlds().await {
        let why = format!("INC-42 {}", "\u{1}".repeat(2_900));
        let id = asks_because(&world, &why).await;
        world.settle().await;

        let ask = world.ask_of("ben", id);
        assert!(ask.all_text().contains("Ana Torres asks for access"), "{}", ask.all_text());
        assert!(ask.all_text().contains("Details shows all of it"), "{}", ask.all_text());
        let whole = details(&world, "ben", &ask).await;
        assert!(whole.json.to_string().contains("INC-42"));
        world.approves("ben", id, "").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert_eq!(world.record(id).await.asked.justification, why);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shortened_text_says_so_and_details_has_the_whole() {
    for world in worlds().await {
        // A reason is at most 1,000 characters long, so a message always has all of it.
        let (why, no) = ("why ".repeat(749) + "end", "no ".repeat(332) + "end");
        let id = asks_because(&world, &why).await;
        world.settle().await;

        let ask = world.ask_of("ben", id);
        assert!(ask.all_text().contains(SHORTENED), "{}", ask.all_text());
        assert!(!ask.all_text().contains(&why));
        let whole = details(&world, "ben", &ask).await;
        assert!(whole.all_text().contains(&why), "{}", whole.all_text());
        assert!(!whole.all_text().contains(SHORTENED));
        world.rejects("ben", id, &no).await;
        world.settle().await;

        let said = world.said_to("ana", id, "Reason given");
        assert!(said.all_text().contains(&no), "{}", said.all_text());
        let whole = details(&world, "ana", &said).await;
        assert!(whole.all_text().contains(&no), "{}", whole.all_text());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_cannot_be_seen_is_shown_as_its_id() {
    let mut policy = usual();
    let mut blank = resource("db-blank");
    blank.name = "\u{200b}\u{feff}\u{7}".to_owned();
    policy.catalog.resources = [blank].into_iter().collect();
    for integration in policy.catalog.integrations.values_mut() {
        integration.name = "\u{2060}".to_owned();
    }
    policy.directory.people.get_mut(&"ana".into()).unwrap().name = "\u{202e} \u{3164}".to_owned();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = world.asks("ana", "db-blank", "read").await;
        world.settle().await;

        let ask = world.ask_in_channel(id).all_text();
        assert!(ask.contains("db-blank (database in prod): read"), "{ask}");
        assert!(ask.contains("ana"), "{ask}");
        world.ends().await;
    }
}
