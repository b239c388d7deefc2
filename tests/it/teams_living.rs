//! What people hear of their requests in Teams as time goes on (R12, R14, R21, R36): one message that
//! lives, extended by its button, over, asked for again; a credential for its grantee alone.
use crate::world::policy::{flow, usual};
use crate::world::teams::mri;
use crate::world::teams_form::number;
use crate::world::teams_people::{buttons, dialog, teams_alone, text};
use crate::world::{Options, World, worlds_with};
use chrono::{DateTime, TimeDelta, Utc};
use hallpass::demo::teams::Message;
use hallpass::domain::flow::{Approval, Flow, Scope};
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::{Extend, Offered};
use serde_json::{Value, json};

/// Two steps of half an hour, offered in the last quarter, two hours in all at most.
fn extendable() -> Options {
    let mut options = teams_alone();
    for flow in &mut options.policy.flows {
        flow.channel = None;
        flow.extend = Some(Extend {
            step: TimeDelta::minutes(30),
            times: 2,
            longest: TimeDelta::hours(2),
            offered: Offered::LastQuarter,
        });
    }
    options
}

/// Everything in a person's chat that is about a request.
fn about(world: &World, person: &str, id: RequestId) -> Vec<Message> {
    let all = world.teams().chat(&mri(person)).into_iter();
    all.filter(|one| text(&one.activity).contains(&id.to_string())).collect()
}

async fn until(world: &World, id: RequestId) -> DateTime<Utc> {
    world.record(id).await.expires_at.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_message_lives_from_the_question_to_the_end_and_a_new_one_comes_where_one_must_look() {
    for world in worlds_with(extendable()).await {
        world.install_in_teams(&["ana", "ben"]).await;
        let teams = world.teams();
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        let pending = world.reads("ana", "Pending Approval").await;
        assert_eq!(buttons(&pending.activity), ["Cancel request", "Details"]);
        let ask = world.reads("ben", &id.to_string()).await;
        assert_eq!((about(&world, "ana", id).len(), about(&world, "ben", id).len()), (1, 1));

        let form = dialog(&teams.press(&mri("ben"), &ask, "Approve", &json!({})).await);
        teams.press_in(&mri("ben"), &form, "Approve", &json!({ "reason": "fine" })).await;
        let ready = world.reads("ana", "Your access is ready").await;
        world.settle().await;
        // The question is rewritten in place; that access is there is worth a look, so it is new.
        let decided = about(&world, "ben", id);
        assert_eq!((decided.len(), &*decided[0].id), (1, &*ask.id));
        assert!(!decided[0].earlier.is_empty());
        let told = about(&world, "ana", id);
        assert!(told.len() <= 2, "{told:#?}");
        assert!(told.iter().any(|one| one.id == pending.id && !one.earlier.is_empty()));
        assert!(buttons(&ready.activity).contains(&"How to connect".to_owned()));

        world.passes(TimeDelta::minutes(46)).await;
        let soon = world.reads("ana", "Your access ends soon").await;
        let before = until(&world, id).await;
        let reply = teams.press(&mri("ana"), &soon, "Extend by 30 min", &json!({})).await;
        assert_eq!(reply.body["type"], "application/vnd.microsoft.activity.message", "{reply:?}");
        let said = reply.body["value"].as_str().unwrap();
        assert!(said.contains(&format!("{id} is extended until")), "{said}");
        world.settle().await;
        assert_eq!(until(&world, id).await - before, TimeDelta::minutes(30));
        let moved = about(&world, "ana", id);
        let moved = moved.iter().find(|one| one.id == soon.id).unwrap();
        assert!(text(&moved.activity).contains("Your access was extended"), "{moved:?}");
        assert!(!buttons(&moved.activity).contains(&"Extend by 30 min".to_owned()));
        // What still stands on a screen extends nothing more.
        let late = teams.press(&mri("ana"), &soon, "Extend by 30 min", &json!({})).await;
        assert!(text(&late.body).contains("It was extended already"), "{late:?}");
        assert_eq!(until(&world, id).await - before, TimeDelta::minutes(30));

        world.passes(TimeDelta::hours(2)).await;
        assert_eq!(world.status(id).await, "Expired");
        assert!(!world.target.holds("ana", "payments", "write"));
        let over = world.reads("ana", "Request again").await;
        assert!(text(&over.activity).contains(&format!("{id} · Expired")));
        for one in about(&world, "ana", id).iter().filter(|one| one.id != over.id) {
            let left = buttons(&one.activity);
            assert!(left.iter().all(|button| button == "Details"), "{left:?}: {one:?}");
        }

        let again = dialog(&teams.press(&mri("ana"), &over, "Request again", &json!({})).await);
        assert!(text(&again).contains(&format!("asks again for what {id} was about")));
        let why = json!({ "why": "INC-43: the second half" });
        let second = number(&world.goes("ana", &again, "Send request", why).await);
        let (first, second) = (world.record(id).await, world.record(second).await);
        assert_eq!(second.asked.items, first.asked.items);
        assert_eq!(second.asked.duration, first.asked.duration);
        assert_eq!(second.asked.justification, "INC-43: the second half");
        assert_eq!(second.state.label(), "Pending Approval");
        world.settle().await;
        assert_eq!(teams.refusals(), []);
        world.ends().await;
    }
}

/// Who receives access sees the credential, on demand; who asked for it, approves, or administers does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_for_its_grantee_alone_in_teams_and_gone_with_the_access() {
    let mut policy = usual();
    let logs = flow("automatic", "logs", Approval::Automatic);
    policy.flows = vec![Flow { scope: Scope::Others, ..logs }];
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        world.install_in_teams(&["ana", "ben", "eva", "dev"]).await;
        let teams = world.teams();
        let id = world.asks_for_ana("logs").await;
        let ready = world.reads("ana", "Your access is ready").await;
        let everything = || {
            let state = teams.read(|state| format!("{:?}", state.messages));
            state.contains("s3cret-canary")
        };
        assert!(!everything(), "no message holds it");

        let list = world.forges("ana", json!({ "do": "list", "list": "access" })).await;
        assert!(text(&list).contains("logs"), "{}", text(&list));
        let shown = world.goes("ana", &list, "How to connect", json!({})).await;
        assert!(text(&shown).contains("s3cret-canary"));
        let pressed = teams.press(&mri("ana"), &ready, "How to connect", &json!({})).await;
        assert!(text(&dialog(&pressed)).contains("s3cret-canary"));
        for person in ["eva", "ben", "dev"] {
            let data = json!({ "do": "connect", "id": id.to_string() });
            let said = text(&world.forges(person, data).await);
            assert!(!said.contains("s3cret-canary"), "{person}: {said}");
            let details = json!({ "do": "details", "id": id.to_string() });
            let details = world.forges(person, details).await;
            assert!(!buttons(&details).contains(&"How to connect".to_owned()), "{person}");
            assert!(!text(&details).contains("s3cret-canary"), "{person}");
        }

        world.passes(TimeDelta::hours(2)).await;
        assert_eq!(world.status(id).await, "Expired");
        let gone = json!({ "do": "connect", "id": id.to_string() });
        assert!(!text(&world.forges("ana", gone).await).contains("s3cret-canary"));
        assert!(!everything());
        world.ends().await;
    }
}

/// R18 for Teams: a list is turned and filtered where it stands, and nothing of it is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn my_requests_are_turned_and_filtered_in_their_card() {
    for world in worlds_with(teams_alone()).await {
        world.install_in_teams(&["ana"]).await;
        world.reads("ana", "Ana Torres").await;
        let mut ids = Vec::new();
        for n in 0..20 {
            let name = if n % 4 == 0 { "vault" } else { "payments" };
            ids.extend(world.submits("ana", &[(name, "read")], TimeDelta::hours(1)).await);
            world.clock.advance(TimeDelta::seconds(1));
        }
        for id in ids.iter().step_by(2) {
            world.app().cancel(&"ana".into(), *id, String::new(), None).await.unwrap();
        }
        let teams = world.teams();
        teams.say(&mri("ana"), "requests").await;
        let mut card = world.reads("ana", "My requests (20)").await;
        let press = async |card: &Message, button: &str, with: Value| {
            let reply = teams.press(&mri("ana"), card, button, &with).await;
            assert_eq!(reply.body["statusCode"], 200, "{button}: {reply:?}");
            // The answer takes the card's place.
            Message { activity: reply.body, ..card.clone() }
        };
        let numbers = |card: &Message| {
            let mut ids = crate::world::ids_in(&text(&card.activity));
            ids.dedup();
            ids
        };

        let mut seen = numbers(&card);
        assert_eq!(seen.len(), 8);
        while buttons(&card.activity).contains(&"Next ▶".to_owned()) {
            card = press(&card, "Next ▶", json!({})).await;
            seen.extend(numbers(&card));
        }
        ids.reverse();
        assert_eq!(seen, ids, "newest first, each once");
        let filtered = json!({ "status": "cancelled,expired" });
        let mut card = press(&card, "Show", filtered).await;
        let mut seen = numbers(&card);
        while buttons(&card.activity).contains(&"Next ▶".to_owned()) {
            card = press(&card, "Next ▶", json!({})).await;
            seen.extend(numbers(&card));
        }
        let cancelled: Vec<RequestId> =
            ids.iter().copied().filter(|id| (id.0 - ids[19].0) % 2 == 0).collect();
        assert_eq!(seen, cancelled, "a page that is turned keeps the filter");
        let back = press(&card, "◀ Previous", json!({})).await;
        assert_eq!(numbers(&back).len(), 8);
        let none = press(&back, "Show", json!({ "status": "active" })).await;
        assert!(text(&none.activity).contains("None of your requests is at this status."));
        let all = press(&none, "Show", json!({ "status": "" })).await;
        assert!(text(&all.activity).contains("1–8 of 20"), "{}", text(&all.activity));
        world.settle().await;
        world.ends().await;
    }
}

/// R13 for Teams: a star is set where the details are, listed newest first, and asked for from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn favourites_are_ones_own_newest_first_and_asked_for_again() {
    let mut options = teams_alone();
    for flow in &mut options.policy.flows {
        flow.channel = None;
        flow.scope = Scope::Others;
    }
    for world in worlds_with(options).await {
        world.install_in_teams(&["ana", "eva"]).await;
        let mut ids = Vec::new();
        for name in ["payments", "invoices", "logs"] {
            ids.extend(world.submits("ana", &[(name, "read")], TimeDelta::hours(1)).await);
        }
        for id in [ids[1], ids[2], ids[0]] {
            world.clock.advance(TimeDelta::seconds(1));
            let details = json!({ "do": "details", "id": id.to_string() });
            let details = world.forges("ana", details).await;
            world.goes("ana", &details, "☆ Add to favourites", json!({})).await;
        }
        let listed = async |person: &str| {
            let list = json!({ "do": "list", "list": "favorites" });
            let list = world.forges(person, list).await;
            let mut ids = crate::world::ids_in(&text(&list));
            ids.dedup();
            (list, ids)
        };
        let (list, starred) = listed("ana").await;
        assert_eq!(starred, [ids[0], ids[2], ids[1]]);
        assert_eq!(listed("eva").await.1, []);

        let again = world.goes("ana", &list, "Request again", json!({})).await;
        assert!(text(&again).contains(&format!("asks again for what {} was about", ids[0])));
        world.goes("ana", &list, "★ Remove from favourites", json!({})).await;
        assert_eq!(listed("ana").await.1, [ids[2], ids[1]]);

        // What somebody else asked for is nobody's favourite, whatever is pressed.
        let for_ana = world.asks_for_ana("vault").await;
        for person in ["ana", "eva"] {
            let star = json!({ "do": "star", "id": for_ana.to_string() });
            world.forges(person, star).await;
            assert!(!listed(person).await.1.contains(&for_ana), "{person}");
        }
        world.settle().await;
        world.ends().await;
    }
}
