//! Who sees and does what with a card (R20, R25, R26, V4, V5): a question in a channel is refreshed for
//! those who may decide now and for nobody else, everybody may look it over in a dialog, and no button
//! does more for a person than they may, whatever it is made to carry.
use crate::world::policy::{any_of, flow, stages, usual};
use crate::world::teams::{TEAMS_CHANNEL, TENANT, mri, object_id, somebody};
use crate::world::teams_people::{buttons, dialog, teams_alone, text};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::teams::Message;
use hallpass::domain::flow::{Approval, Flow, Scope};
use hallpass::domain::id::RequestId;
use hallpass::domain::person::Account;
use hallpass::domain::policy::Policy;
use serde_json::{Value, json};

/// Everything that a button of ours does to a request.
const ACTS: &[&str] = &[
    "approve",
    "reject",
    "decide",
    "cancel",
    "revoke",
    "end_cancel",
    "end_revoke",
    "extend",
    "star",
    "unstar",
    "connect",
    "again",
    "details",
    "refresh",
];

/// Payments are approved by these; the question is asked in the channel.
fn approved_by(names: &[&str]) -> Policy {
    let mut policy = usual();
    let mut asked = flow("payments", "payments", stages(vec![any_of(names)]));
    asked.channel = Some(TEAMS_CHANNEL.to_owned());
    policy.flows = vec![asked, flow("automatic", "logs", Approval::Automatic)];
    policy
}

/// The question in the channel, as it stands now.
fn question(world: &World) -> Message {
    let messages = world.teams().messages(TEAMS_CHANNEL);
    assert_eq!(messages.len(), 1, "{messages:#?}");
    messages[0].clone()
}

/// What somebody's client shows in a card's place once it was refreshed for them.
async fn refreshed(world: &World, person: &str, at: &Message) -> (Vec<String>, String) {
    let reply = world.teams().press(&mri(person), at, "refresh", &json!({})).await;
    assert_eq!((reply.status, &reply.body["statusCode"]), (200, &json!(200)), "{reply:?}");
    (buttons(&reply.body), text(&reply.body))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_refreshed_with_buttons_for_who_may_decide_now_and_without_for_others() {
    let policy = approved_by(&["ben", "eva"]);
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        world.install_in_teams(&["ana", "ben", "eva", "finn"]).await;
        world.reads("finn", "Finn Weber").await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        world.settle().await;
        let asked = question(&world);
        let decides = ["Approve", "Reject", "Details"];
        assert_eq!(buttons(&asked.activity), ["Review"]);
        let users = |message: &Message| {
            message.activity["attachments"][0]["content"]["refresh"]["userIds"].clone()
        };
        assert_eq!(users(&asked), json!([mri("ben"), mri("eva")]));

        for (person, expected) in [("ben", &decides[..]), ("eva", &decides), ("ana", &["Review"])] {
            assert_eq!(refreshed(&world, person, &asked).await.0, expected, "{person}");
        }
        // Whoever has nothing to do with it learns nothing that the channel does not show.
        let reply = world.teams().press(&mri("finn"), &asked, "refresh", &json!({})).await;
        assert!(!buttons(&reply.body).iter().any(|button| button == "Approve"), "{reply:?}");

        // Ben is no approver any more, and Finn was none when it was asked.
        world.app().reload(approved_by(&["eva", "finn"])).await.unwrap();
        world.app().look_after_pending().await.unwrap();
        assert_eq!(refreshed(&world, "eva", &asked).await.0, decides);
        for person in ["ben", "finn"] {
            let reply = world.teams().press(&mri(person), &asked, "refresh", &json!({})).await;
            assert!(!buttons(&reply.body).iter().any(|b| b == "Approve"), "{person}: {reply:?}");
        }
        // Whoever has left gets no view, and no buttons.
        let mut left = approved_by(&["ben", "eva"]);
        left.directory.people.get_mut(&"eva".into()).unwrap().is_active = false;
        world.app().reload(left).await.unwrap();
        assert_eq!(refreshed(&world, "ben", &asked).await.0, decides, "asked for again");
        let reply = world.teams().press(&mri("eva"), &asked, "refresh", &json!({})).await;
        assert!(text(&reply.body).contains("is not active"), "{reply:?}");
        assert_eq!(buttons(&reply.body), Vec::<String>::new());

        world.app().reload(approved_by(&["ben", "eva"])).await.unwrap();
        world.app().cancel(&"ana".into(), id, "not needed".to_owned(), None).await.unwrap();
        world.settle().await;
        for person in ["ben", "eva", "ana"] {
            let (buttons, said) = refreshed(&world, person, &asked).await;
            assert_eq!(buttons, ["Details"], "{person}");
            assert!(said.contains("Ana Torres withdrew it"), "{person}: {said}");
        }
        assert!(users(&question(&world)).is_null(), "what is over is not fetched anew");
        world.ends().await;
    }
}

/// The button that everybody has: a dialog in which whoever may decide does, and others read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_look_a_question_over_and_approvers_decide_in_that_dialog() {
    let policy = approved_by(&["ben", "eva"]);
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        world.install_in_teams(&["ana", "ben"]).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42: why").await;
        world.settle().await;
        let (asked, teams) = (question(&world), world.teams());

        for (person, may, sees) in [
            ("ana", false, true),
            ("dev", false, true),
            ("finn", false, false),
            ("eva", true, true),
        ] {
            let view = dialog(&teams.press(&mri(person), &asked, "Review", &json!({})).await);
            let has = |name: &str| buttons(&view).iter().any(|button| button == name);
            assert_eq!((has("Approve"), has("Reject")), (may, may), "{person}: {view}");
            assert_eq!(text(&view).contains("INC-42: why"), sees, "{person}: {}", text(&view));
        }
        let view = dialog(&teams.press(&mri("ben"), &asked, "Review", &json!({})).await);
        let form = world.goes("ben", &view, "Approve", json!({})).await;
        let back = world.goes("ben", &form, "Back", json!({})).await;
        assert!(text(&back).contains("What happened"));
        let done = teams.press_in(&mri("ben"), &form, "Approve", &json!({ "reason": "ok" })).await;
        assert_eq!(done.body, Value::Null);
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert!(text(&question(&world).activity).contains("pproved by Ben Okafor"));
        let late = dialog(&teams.press(&mri("eva"), &asked, "Review", &json!({})).await);
        assert!(text(&late).contains("pproved by Ben Okafor"), "{late}");
        assert!(!buttons(&late).iter().any(|button| button == "Approve"));
        world.ends().await;
    }
}

/// V4: whoever asked, whoever receives, by each of their accounts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_party_decides_on_a_request_in_teams_by_any_account_of_theirs() {
    let approvers = stages(vec![any_of(&["ana", "ben", "eva"])]);
    let mut policy = usual();
    policy.flows = vec![Flow { scope: Scope::Others, ..flow("for-others", "payments", approvers) }];
    let other = "c0000000-0000-4000-8000-0000000000ff";
    let pin = |user: &str| Account {
        platform: "teams".to_owned(),
        workspace: TENANT.to_owned(),
        user: user.to_owned(),
    };
    let ana = policy.directory.people.get_mut(&"ana".into()).unwrap();
    ana.pinned = vec![pin(&object_id("ana")), pin(other)];
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        let teams = world.teams();
        teams.arrange(|state| state.people.push(somebody("ana2", "Ana again", other)));
        world.install_in_teams(&["ana", "ana2", "ben", "eva"]).await;
        let id = world.asks_for_ana("payments").await;
        let ask = world.reads("ben", &id.to_string()).await;
        for party in ["ana", "ana2", "eva"] {
            let asked = |one: &Message| buttons(&one.activity).contains(&"Approve".to_owned());
            assert!(!teams.chat(&mri(party)).iter().any(asked), "{party} is not asked");
        }

        let mut tried = 0;
        for party in ["ana", "ana2", "eva"] {
            for act in ["approve", "reject"] {
                let data = json!({ "do": act, "id": id.to_string() });
                let said = text(&world.forges(party, data).await);
                assert!(said.contains("You cannot decide on a request that you made"), "{said}");
                let data = json!({ "do": "decide", "id": id.to_string(), "verdict": act,
                                   "reason": "mine", "version": "1" });
                let said = text(&world.forges(party, data).await);
                assert!(said.contains("You cannot decide on a request that you made"), "{said}");
                tried += 2;
            }
        }
        world.settle().await;

        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.record(id).await.decisions, []);
        let now = teams.chat(&mri("ben")).into_iter().find(|one| one.id == ask.id);
        assert_eq!(now, Some(ask), "the message is unchanged");
        assert_eq!(world.audits("decision_refused").await.len(), tried);
        world.ends().await;
    }
}

/// What a request is, whatever somebody tried: as it was.
async fn stands(world: &World, id: RequestId) -> (i64, &'static str, usize) {
    let record = world.record(id).await;
    (record.version, record.state.label(), record.decisions.len())
}

/// V5: people of the company who have nothing to do with a request, with its number in every button,
/// on cards, in dialogs, and in a message; also where what they carry is nonsense.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anothers_number_in_a_button_does_and_tells_nothing() {
    let policy = approved_by(&["ben", "eva"]);
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        world.install_in_teams(&["ana", "ben", "finn"]).await;
        let pending = world.asks_in_teams("ana", "payments", "INC-42: secret-why").await;
        let active = world.asks_in_teams("ana", "logs", "INC-43: secret-why").await;
        world.settle().await;
        world.passes(TimeDelta::minutes(50)).await;
        let before = (stands(&world, pending).await, stands(&world, active).await);
        let sent = world.teams().read(|state| state.messages.len());

        for id in [pending, active] {
            for act in ACTS {
                for verdict in ["approve", "reject"] {
                    let data = json!({
                        "do": act, "id": id.to_string(), "verdict": verdict, "reason": "because",
                        "version": "1", "seen": "0", "page": "0", "person": "ben",
                        "requester": "ben", "aadObjectId": object_id("ben"), "from": mri("ben"),
                    });
                    let value = json!({ "data": data.clone() });
                    let teams = world.teams();
                    let in_dialog = teams.invoke(&mri("finn"), "task/submit", value).await;
                    let value = json!({ "action": { "type": "Action.Execute", "verb": act,
                                        "data": data }, "trigger": "manual" });
                    let on_card = teams.invoke(&mri("finn"), "adaptiveCard/action", value).await;
                    for reply in [in_dialog, on_card] {
                        let all = reply.body.to_string();
                        assert_eq!(reply.status, 200, "{act}: {reply:?}");
                        assert!(!all.contains("secret"), "{act}: {all}");
                        assert!(!all.contains("payments") && !all.contains("logs"), "{act}: {all}");
                        assert!(!all.contains("Ana"), "{act}: {all}");
                    }
                }
            }
        }
        world.settle().await;
        assert_eq!((stands(&world, pending).await, stands(&world, active).await), before);
        assert_eq!(world.teams().read(|state| state.messages.len()), sent, "nobody heard of it");
        assert!(world.audits("decision_refused").await.len() >= 8);

        // Numbers that are none, and acts that are none.
        for data in [
            json!({}),
            json!({ "do": "decide" }),
            json!({ "do": "zzz", "id": pending.to_string() }),
            json!({ "do": "approve", "id": "AR-99999999999999999999" }),
            json!({ "do": "approve", "id": "../1" }),
            json!({ "do": "list", "list": "zzz" }),
            json!({ "do": "details", "id": pending.to_string(), "page": "-1" }),
            json!({ "do": ["decide"], "id": { "a": 1 } }),
            json!({ "do": "list", "query": "?from=AR-0&status=zzz&status=" }),
        ] {
            assert!(!text(&world.forges("finn", data.clone()).await).is_empty(), "{data}");
        }
        assert_eq!((stands(&world, pending).await, stands(&world, active).await), before);
        world.ends().await;
    }
}
