//! What is written to the bot in Teams (R16, R17, R19): in people's own chats, in groups and in
//! channels, where only its writer reads the answer; messages quoted, and one greeting.
use crate::world::policy::item;
use crate::world::teams::{TEAMS_CHANNEL, mri};
use crate::world::teams_form::{input, number};
use crate::world::teams_people::{buttons, choice, dialog, teams_alone, text};
use crate::world::{Kind, SOON, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::teams::{Message, State};
use serde_json::{Value, json};

/// A chat of several people that the bot is in.
const GROUP: &str = "19:meeting@thread.v2";

/// Waits until more stands in a conversation than before; what is new.
async fn answered(world: &World, conversation: &str, before: usize) -> Vec<Message> {
    let count = |state: &State| {
        let there = state.messages.iter().filter(|one| one.conversation == conversation);
        (there.count() > before).then_some(())
    };
    assert!(world.teams().wait_for(count, SOON).await.is_some(), "nothing in {conversation}");
    world.teams().messages(conversation).split_off(before)
}

/// Somebody writes somewhere; what the bot answers there.
async fn says(world: &World, person: &str, conversation: &str, words: &str) -> Message {
    let before = world.teams().messages(conversation).len();
    let reply = world.teams().says_in(&mri(person), conversation, words).await;
    assert_eq!((reply.status, reply.body), (200, Value::Null), "acknowledged at once");
    answered(world, conversation, before).await.remove(0)
}

/// Somebody writes in the group, whatever names of the bot and of others the text holds.
async fn says_in_group(
    world: &World,
    person: &str,
    text: &str,
    mentions: &[(&str, &str)],
) -> Message {
    let teams = world.teams();
    let before = teams.messages(GROUP).len();
    let mut activity = teams.activity(&mri(person), GROUP, "message");
    activity["conversation"]["conversationType"] = "groupChat".into();
    activity["text"] = text.into();
    let us = activity["recipient"]["id"].clone();
    let mention = |(shown, of): &(&str, &str)| {
        let id = if of.is_empty() { us.clone() } else { mri(of).into() };
        json!({ "type": "mention", "text": format!("<at>{shown}</at>"),
                "mentioned": { "id": id, "name": shown } })
    };
    activity["entities"] = mentions.iter().map(mention).collect();
    assert_eq!(teams.post(&activity).await.status, 200);
    answered(world, GROUP, before).await.remove(0)
}

async fn world() -> World {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    world.teams().arrange(|state| state.channels.insert(GROUP.to_owned()));
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_in_a_channel_is_answered_to_its_writer_alone() {
    let world = world().await;
    world.install_in_teams(&["ana", "ben"]).await;
    let id = world.submits("ana", &[("vault", "read")], TimeDelta::hours(1)).await[0];
    for (words, answer) in [
        ("help".to_owned(), "@Hallpass request"),
        ("reqest payments".to_owned(), "Did you mean"),
        (String::new(), "Tell me what you need"),
        ("requests".to_owned(), "My requests (1)"),
        ("mine".to_owned(), "My access"),
        ("favorites".to_owned(), "Favourites"),
        ("delegated".to_owned(), "Delegated"),
        ("approvals".to_owned(), "Waiting for my decision"),
        (format!("show {id}"), "What happened"),
        ("show AR-999999".to_owned(), "No such request"),
        ("request payments write".to_owned(), "I filled the form"),
        (format!("extend {id}"), "Only active access can be extended"),
        (format!("revoke {id}"), "End the access of"),
        (format!("again {id}"), "can be asked for again once it is over"),
        (format!("cancel {id}"), "cancelled"),
    ] {
        let said = says(&world, "ana", TEAMS_CHANNEL, &words).await;

        assert!(text(&said.activity).contains(answer), "{words}: {}", text(&said.activity));
        assert_eq!(said.only_for, Some(mri("ana")), "{words} is for its writer alone");
        assert_eq!(said.activity["recipient"]["isTargeted"], true);
    }
    world.settle().await;
    assert_eq!(world.status(id).await, "Cancelled");
    let others = world.teams().messages(TEAMS_CHANNEL);
    assert!(others.iter().all(|one| one.only_for.is_some()), "nobody else read any of it");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_group_the_bot_is_known_by_its_id_and_not_by_a_name() {
    let world = world().await;
    // Somebody gave the app another name; somebody else is called as the bot is.
    for (text_of, mentions) in [
        ("<at>Access</at> approvals", vec![("Access", "")]),
        ("<at>Hallpass</at> approvals", vec![("Hallpass", "")]),
        ("approvals <at>Hallpass</at>", vec![("Hallpass", "")]),
        ("<at>Hallpass</at>&nbsp; approvals", vec![("Hallpass", "")]),
    ] {
        let said = says_in_group(&world, "ben", text_of, &mentions).await;
        assert!(text(&said.activity).contains("Waiting for my decision"), "{text_of}: {said:?}");
        assert_eq!(said.only_for, Some(mri("ben")));
    }
    let named = [("Hallpass", "finn"), ("Access", "")];
    let said = says_in_group(&world, "ben", "<at>Access</at> <at>Hallpass</at> approvals", &named);
    let said = text(&said.await.activity);
    assert!(!said.contains("Waiting for my decision") && said.contains("@Hallpass"), "{said}");
    world.ends().await;
}

/// From the line to the form that it fills, in the chat and in a channel.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_fills_the_form_as_far_as_it_is_understood_and_is_sent_from_there() {
    for world in worlds_with(teams_alone()).await {
        world.install_in_teams(&["ana"]).await;
        world.reads("ana", "Ana Torres").await;
        let teams = world.teams();
        for (n, place) in ["a:ana", TEAMS_CHANNEL].into_iter().enumerate() {
            let line = "request vault write for 90m because INC-7: the seal is broken";
            let offer = says(&world, "ana", place, line).await;
            assert!(text(&offer.activity).contains("I filled the form"));
            let form = dialog(&teams.press(&mri("ana"), &offer, "Open the form", &json!({})).await);
            assert_eq!(input(&form, "other_duration").unwrap()["value"], "90m");
            assert_eq!(input(&form, "why").unwrap()["value"], "INC-7: the seal is broken");

            let id = number(&world.goes("ana", &form, "Send request", json!({})).await);

            let asked = world.record(id).await.asked;
            assert_eq!(asked.items, [item("vault", "write")]);
            assert_eq!(asked.duration, TimeDelta::minutes(90));
            assert_eq!(world.records().await.len(), n + 1);
        }
        // Half a line opens the first step with what was understood, and says what was not.
        let offer = says(&world, "ana", "a:ana", "request the zzzzqq database for 2h").await;
        assert!(text(&offer.activity).contains("zzzzqq"), "{}", text(&offer.activity));
        let form = dialog(&teams.press(&mri("ana"), &offer, "Open the form", &json!({})).await);
        assert!(text(&form).contains("By resource"), "{}", text(&form));
        // A form that was offered to somebody in a channel is theirs, whoever presses.
        let offer = says(&world, "ana", TEAMS_CHANNEL, "request crown write").await;
        let form = dialog(&teams.press(&mri("ben"), &offer, "Open the form", &json!({})).await);
        assert!(!text(&form).contains("crown (database"), "{}", text(&form));
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_quoted_as_the_justification_of_what_is_asked_for_on_it() {
    for world in worlds_with(teams_alone()).await {
        let teams = world.teams();
        let html = "<div><p>Please look at <b>INC-42</b>&nbsp;&amp; the <i>ledger</i></p>\
                    <p><at id=\"0\">Ana</at>, now &lt;3</p></div>";
        let quoting = json!({
            "commandId": "request", "commandContext": "message",
            "messagePayload": { "id": "1", "body": { "contentType": "html", "content": html } },
        });
        let name = "composeExtension/fetchTask";
        let opened = teams.invoke_in(&mri("ana"), TEAMS_CHANNEL, name, quoting).await;
        let form = dialog(&opened);
        let found = world.goes("ana", &form, "Search", json!({ "words": "vault read" })).await;
        let ticked = json!({ "item": choice(&found, "item", "vault: read") });
        let second = world.goes("ana", &found, "Continue", ticked).await;

        let why = input(&second, "why").unwrap()["value"].as_str().unwrap().to_owned();
        assert!(why.starts_with("Please look at INC-42 & the ledger"), "{why}");
        assert!(why.ends_with("Ana, now <3"), "{why}");
        let typed = json!({ "other_duration": "1h" });
        let id = number(&world.goes("ana", &second, "Send request", typed).await);
        assert_eq!(world.record(id).await.asked.justification, why);

        // Opened on nothing, it is empty; another bot's or an empty message is nothing as well.
        let empty = json!({ "commandId": "request", "commandContext": "message",
                            "messagePayload": { "body": { "contentType": "html", "content": "<p> </p>" } } });
        for value in [json!({ "commandId": "request" }), empty, Value::Null] {
            let form = dialog(&teams.invoke(&mri("ana"), name, value).await);
            let found = world.goes("ana", &form, "Search", json!({ "words": "vault read" })).await;
            let ticked = json!({ "item": choice(&found, "item", "vault: read") });
            let second = world.goes("ana", &found, "Continue", ticked).await;
            assert_eq!(input(&second, "why").unwrap()["value"], "");
        }
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gets_the_app_is_greeted_once_however_often_teams_says_so() {
    for world in worlds_with(teams_alone()).await {
        let teams = world.teams();
        let mut added = teams.activity(&mri("ana"), "a:ana", "conversationUpdate");
        added["membersAdded"] = json!([{ "id": added["recipient"]["id"] }]);
        let mut others = teams.activity(&mri("ana"), TEAMS_CHANNEL, "conversationUpdate");
        others["membersAdded"] = json!([{ "id": mri("finn") }]);
        let mut to_channel = teams.activity(&mri("ana"), TEAMS_CHANNEL, "installationUpdate");
        to_channel["action"] = "add".into();

        world.install_in_teams(&["ana"]).await;
        let hello = world.reads("ana", "Ana Torres").await;
        assert!(buttons(&hello.activity).contains(&"New request".to_owned()), "{hello:?}");
        for activity in [&added, &others, &to_channel] {
            assert_eq!(teams.post(activity).await.status, 200);
        }
        for _ in 0..3 {
            world.install_in_teams(&["ana"]).await;
        }
        // What comes after it was worked on is answered after it.
        says(&world, "ana", "a:ana", "mine").await;
        world.settle().await;

        let said = teams.chat(&mri("ana"));
        assert_eq!(said.len(), 2, "{said:#?}");
        assert_eq!(teams.messages(TEAMS_CHANNEL), []);
        world.ends().await;
    }
}
