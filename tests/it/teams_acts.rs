//! What people do in Teams beside asking and approving: by words, by buttons, once and again.
use crate::world::teams::{mri, somebody};
use crate::world::teams_people::{buttons, dialog, teams_alone, text};
use crate::world::{Kind, Options, SOON, World, worlds_with};
use chrono::TimeDelta;
use futures_util::future::join_all;
use hallpass::demo::teams::State;
use hallpass::domain::terms::{Extend, Offered};
use hallpass::show::samples::HOSTILE;
use serde_json::{Value, json};

/// Their chat with the bot.
fn chat_of(person: &str) -> String {
    format!("a:{person}")
}

async fn all_install(world: &World) {
    for person in ["ana", "ben", "eva", "finn", "dev"] {
        assert_eq!(world.teams().installs(&mri(person)).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_word_is_answered_in_teams() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    all_install(&world).await;
    let id = world.asks_in_teams("ana", "payments", "INC-42").await;
    for (words, answer) in [
        ("help".to_owned(), "asks for access"),
        ("reqest payments".to_owned(), "Did you mean"),
        ("requests".to_owned(), "My requests (1)"),
        ("mine".to_owned(), "My access"),
        ("favorites".to_owned(), "Favourites"),
        ("delegated".to_owned(), "Delegated"),
        ("approvals".to_owned(), "Waiting for my decision"),
        (format!("show {id}"), "What happened"),
        ("show".to_owned(), "Which request?"),
        ("show AR-999999".to_owned(), "No such request"),
        ("request payments write for 2h because INC-7".to_owned(), "I filled the form"),
        ("hello".to_owned(), "Good to see you"),
    ] {
        let said = world.teams().chat(&mri("ana")).len();
        assert_eq!(world.teams().say(&mri("ana"), &words).await.status, 200, "{words}");
        let answered = |state: &State| {
            let chat = state.messages.iter().filter(|one| one.conversation == chat_of("ana"));
            chat.skip(said).find(|one| text(&one.activity).contains(answer)).map(drop)
        };
        let answered = world.teams().wait_for(answered, SOON).await;
        assert!(answered.is_some(), "{words} is not answered with {answer}");
    }

    world.teams().say(&mri("ana"), &format!("cancel {id}")).await;

    world.reads("ana", "is cancelled").await;
    assert_eq!(world.status(id).await, "Cancelled");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signed_press_a_hundred_times_is_one_decision_in_teams() {
    for world in worlds_with(teams_alone()).await {
        all_install(&world).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        let ask = world.reads("ben", "INC-42").await;
        let teams = world.teams();
        let form = dialog(&teams.press(&mri("ben"), &ask, "Approve", &json!({})).await);
        let version = form.to_string();
        let at = version.find("\"version\":\"").unwrap() + 11;
        let version: String = version[at..].chars().take_while(char::is_ascii_digit).collect();
        let data = json!({ "data": {
            "do": "decide", "id": id.to_string(), "verdict": "approve", "version": version,
        } });

        let ben = mri("ben");
        let presses = (0..100).map(|_| teams.invoke(&ben, "task/submit", data.clone()));
        let answers = join_all(presses).await;
        world.settle().await;

        assert!(answers.iter().all(|answer| answer.status == 200));
        let record = world.record(id).await;
        assert_eq!((record.decisions.len(), world.target.count("grant")), (1, 1));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_write_stays_what_they_wrote_in_teams() {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    all_install(&world).await;
    for words in HOSTILE {
        let id = world.asks_in_teams("ana", "payments", words).await;
        let record = world.record(id).await;
        assert_eq!(record.asked.justification, words.replace("\r\n", "\n"));
        let ask = world.reads("ben", &id.to_string()).await;
        // A line break stands as the next line, and what cannot be seen is no word.
        let seen = |text: &str| -> String {
            let is_seen = |c: &char| !c.is_control() && !c.is_whitespace() && *c != '\u{2060}';
            text.chars().filter(is_seen).collect()
        };
        let read = text(&ask.activity);
        assert!(seen(&read).contains(&seen(words)), "{words}: {read}");
        world.teams().say(&mri("ana"), &format!("cancel {id}")).await;
        world.becomes(id, "Cancelled").await;
    }
    assert_eq!(world.teams().refusals(), []);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_is_extended_once_starred_ended_and_asked_for_again_in_teams() {
    let mut options = teams_alone();
    for flow in &mut options.policy.flows {
        flow.extend = Some(Extend {
            step: TimeDelta::minutes(30),
            times: 2,
            longest: TimeDelta::hours(4),
            offered: Offered::LastQuarter,
        });
    }
    for world in worlds_with(Options { ..options.clone() }).await {
        all_install(&world).await;
        let teams = world.teams();
        let id = world.asks_in_teams("ana", "logs", "INC-42").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        world.passes(TimeDelta::minutes(50)).await;
        let soon = world.reads("ana", "Your access ends soon").await;
        let before = world.record(id).await.expires_at.unwrap();

        for _ in 0..2 {
            teams.press(&mri("ana"), &soon, "Extend by 30 min", &json!({})).await;
        }
        world.settle().await;

        let after = world.record(id).await.expires_at.unwrap();
        assert_eq!(after - before, TimeDelta::minutes(30));
        teams.say(&mri("ana"), &format!("show {id}")).await;
        let details = world.reads("ana", "What happened").await;
        let starred = teams.press(&mri("ana"), &details, "☆ Add to favourites", &json!({})).await;
        assert!(buttons(&starred.body).contains(&"★ Remove from favourites".to_owned()));
        let end = teams.press(&mri("ana"), &details, "End access now", &json!({})).await;
        let ended = teams.press_in(&mri("ana"), &dialog(&end), "End access", &json!({})).await;
        assert_eq!(ended.body, Value::Null);
        world.settle().await;
        assert_eq!(world.status(id).await, "Revoked");
        assert!(!world.target.holds("ana", "logs", "write"));

        let over = world.reads("ana", "Revoked").await;
        let again = teams.press(&mri("ana"), &over, "Request again", &json!({})).await;
        let again = dialog(&again);
        assert!(text(&again).contains(&format!("asks again for what {id} was about")));
        let missing = teams.press_in(&mri("ana"), &again, "Send request", &json!({})).await;
        assert_eq!(missing.body["task"]["type"], "continue", "a reason is asked for anew");
        let typed = json!({ "why": "INC-43: once more" });
        let sent = teams.press_in(&mri("ana"), &again, "Send request", &typed).await;
        assert!(text(&dialog(&sent)).contains("AR-"), "{sent:?}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_and_who_is_unknown_are_refused_and_audited_at_every_press_in_teams() {
    for world in worlds_with(teams_alone()).await {
        all_install(&world).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await.to_string();
        let teams = world.teams();
        let zoe = somebody("zoe", "Zoe", "d0000000-0000-4000-8000-000000000001");
        teams.arrange(|state| {
            state
                .people
                .iter_mut()
                .filter(|one| one.id == mri("eva"))
                .for_each(|one| one.is_guest = true);
            state.people.push(zoe);
        });
        // Teams is asked anew about whoever was a member a while ago.
        world.clock.advance(TimeDelta::minutes(11));
        let before =
            world.audit().await.iter().filter(|row| row.kind == "stranger_refused").count();
        let mut presses = 0;
        for (person, sentence) in [("eva", "Guests cannot"), ("zoe", "does not know you")] {
            for act in [
                "form",
                "add",
                "chosen",
                "for",
                "finish",
                "send",
                "again",
                "list",
                "details",
                "approve",
                "reject",
                "decide",
                "connect",
                "cancel",
                "revoke",
                "end_cancel",
                "end_revoke",
                "extend",
                "star",
                "unstar",
                "refresh",
            ] {
                let data = json!({ "data": {
                    "do": act, "id": id, "verdict": "approve", "version": "1", "seen": "0",
                } });
                let answer = teams.invoke(&mri(person), "task/submit", data).await;
                let read = text(&dialog(&answer));
                assert!(read.contains(sentence), "{person} {act}: {read}");
                assert!(!read.contains("payments"), "{person} {act}: {read}");
                presses += 1;
            }
        }
        let refused =
            world.audit().await.iter().filter(|row| row.kind == "stranger_refused").count();
        assert_eq!(refused - before, presses);
        let record = world.record(id.parse().unwrap()).await;
        assert_eq!((record.state.label(), record.decisions.len()), ("Pending Approval", 0));
        world.ends().await;
    }
}
