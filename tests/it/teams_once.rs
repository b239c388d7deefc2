//! V1 and V2 for Teams, told of presses that have an effect: unsigned they have none; signed they have
//! one, however often they come and to whichever bot.
use crate::world::policy::usual;
use crate::world::teams::{TENANT, mri, signer};
use crate::world::teams_form::number;
use crate::world::teams_people::{choice, dialog, teams_alone, text};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use futures_util::future::join_all;
use hallpass::demo::teams::Reply;
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::{Extend, Offered};
use serde_json::{Value, json};

const TIMES: usize = 100;
/// How often a press comes again where each is a round through everything.
const SOME: usize = 20;

fn decision(id: RequestId, verdict: &str) -> Value {
    json!({ "data": {
        "do": "decide", "id": id.to_string(), "verdict": verdict, "version": "1", "reason": "as said",
    } })
}

/// A press of a dialog's, as Teams posts it.
fn press(world: &World, person: &str, value: &Value) -> Value {
    let chat = format!("a:{person}");
    let mut activity = world.teams().activity(&mri(person), &chat, "invoke");
    activity["name"] = "task/submit".into();
    activity["value"] = value.clone();
    activity
}

/// Posts each of these at once, to one bot after the other.
async fn all_at_once(world: &World, activities: &[Value]) -> Vec<Reply> {
    let (teams, urls) = (world.teams(), world.urls());
    let posts = activities.iter().enumerate().map(|(n, activity)| {
        let url = urls[n % urls.len()].clone();
        async move {
            teams.set_bot_url(&url);
            teams.post(activity).await
        }
    });
    join_all(posts).await
}

/// Access that may be extended from its beginning; two bots on one database.
fn two() -> Options {
    let mut policy = usual();
    for flow in &mut policy.flows {
        flow.channel = None;
        flow.extend = Some(Extend {
            step: TimeDelta::minutes(30),
            times: 2,
            longest: TimeDelta::hours(3),
            offered: Offered::LastQuarter,
        });
    }
    Options { policy, bots: 2, ..teams_alone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_signed_for_us_has_no_effect_in_teams() {
    for world in worlds_with(teams_alone()).await {
        world.install_in_teams(&["ana", "ben"]).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        world.reads("ben", "INC-42").await;
        let teams = world.teams();
        let activity = press(&world, "ben", &decision(id, "approve"));
        let claims = teams.claims();
        let with = |name: &str, value: Value| {
            let mut claims = claims.clone();
            claims[name] = value;
            teams.token(&claims)
        };
        let good = teams.token(&claims);
        let mut flipped = good.clone();
        let last = flipped.pop().unwrap();
        flipped.push(if last == 'A' { 'B' } else { 'A' });
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "k1" });
        let now = claims["nbf"].as_i64().unwrap();
        let tries = [
            ("no token", None),
            ("another key", Some(signer("k1", "test-other-key").signs(&header, &claims))),
            ("one letter of the signature", Some(flipped)),
            ("ran out", Some(with("exp", (now - 360).into()))),
            ("not yet", Some(with("nbf", (now + 360).into()))),
            ("for another", Some(with("aud", "another".into()))),
            ("for another service", Some(with("serviceurl", "https://evil.example/".into()))),
        ];
        let before = (world.audit().await, teams.calls().len());
        let body = activity.to_string().into_bytes();

        for (what, token) in tries {
            let bearer = token.map(|token| format!("Bearer {token}"));
            let reply = teams.post_with(bearer.as_deref(), body.clone()).await;
            assert_eq!(reply.status, 401, "{what}: {reply:?}");
        }
        let mut elsewhere = activity.clone();
        elsewhere["conversation"]["tenantId"] = TENANT.replace('b', "c").into();
        assert_eq!(teams.post(&elsewhere).await.status, 403);
        world.settle().await;

        assert_eq!((world.audit().await, teams.calls().len()), before);
        assert_eq!(world.status(id).await, "Pending Approval");
        let bearer = format!("Bearer {good}");
        assert_eq!(teams.post_with(Some(&bearer), body).await.body, Value::Null);
        world.settle().await;
        assert_eq!(world.status(id).await, "Active", "the same, signed");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_form_sent_a_hundred_times_to_two_bots_is_one_request_in_teams() {
    for world in worlds_with(two()).await {
        world.install_in_teams(&["ana"]).await;
        let form = world.opens_in_teams("ana").await;
        let found = world.goes("ana", &form, "Search", json!({ "words": "payments write" })).await;
        let item = choice(&found, "item", "payments: write");
        let second = world.goes("ana", &found, "Continue", json!({ "item": item })).await;
        let typed = json!({ "why": "INC-42", "other_duration": "1h" });
        let sent = world.goes("ana", &second, "Send request", typed.clone()).await;
        let id = number(&sent);
        let said = second.to_string();
        let at = said.find("\"draft\":\"").unwrap() + 9;
        let draft = said[at..].split('"').next().unwrap();
        let mut data = typed;
        data["do"] = "send".into();
        data["draft"] = draft.into();
        let once = press(&world, "ana", &json!({ "data": data }));
        // Half of them are what Teams sends again, half are pressed again.
        let pressed = (0..TIMES / 2).map(|_| press(&world, "ana", &json!({ "data": data })));
        let all: Vec<Value> = pressed.chain(vec![once; TIMES / 2]).collect();

        let answers = all_at_once(&world, &all).await;

        for answer in &answers {
            assert!(text(&dialog(answer)).contains(&id.to_string()), "{answer:?}");
        }
        assert_eq!(world.records().await.len(), 1);
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_decision_a_hundred_times_to_two_bots_is_one_effect_in_teams() {
    for world in worlds_with(two()).await {
        world.install_in_teams(&["ana", "ben", "eva"]).await;
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        world.reads("ben", "INC-42").await;
        let once = press(&world, "ben", &decision(id, "approve"));
        let pressed = (0..TIMES / 2).map(|_| press(&world, "ben", &decision(id, "approve")));
        let all: Vec<Value> = pressed.chain(vec![once; TIMES / 2]).collect();

        let answers = all_at_once(&world, &all).await;
        world.settle().await;

        for answer in answers {
            // The same vote once more changes nothing and needs no sentence.
            let is_told = || text(&dialog(&answer)).contains("pproved by Ben Okafor");
            assert!(answer.body.is_null() || is_told(), "{answer:?}");
        }
        let record = world.record(id).await;
        assert_eq!((record.decisions.len(), world.target.count("grant")), (1, 1));
        assert_eq!(world.audits("approved").await.len(), 1);
        // Another press of another view of it hears how it stands, by whom and since when.
        let late = world.forges("eva", decision(id, "reject")["data"].clone()).await;
        let late = text(&late);
        assert!(late.contains("pproved by Ben Okafor") && late.contains("t 08:0"), "{late}");
        world.ends().await;
    }
}

/// Extending, withdrawing and ending, each pressed and sent again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_or_extends_access_has_one_effect_however_often_it_comes_in_teams() {
    for world in worlds_with(two()).await {
        world.install_in_teams(&["ana", "ben"]).await;
        let pending = world.asks_in_teams("ana", "payments", "INC-41").await;
        let id = world.asks_in_teams("ana", "logs", "INC-42").await;
        world.settle().await;
        world.passes(TimeDelta::minutes(50)).await;
        let data = |act: &str, id: RequestId| json!({ "data": { "do": act, "id": id.to_string(), "seen": "0", "reason": "" } });
        for (act, id, kind) in [
            ("end_cancel", pending, "cancelled"),
            ("extend", id, "extended"),
            ("end_revoke", id, "revoke_asked"),
        ] {
            let version = world.record(id).await.version;
            let once = press(&world, "ana", &data(act, id));
            let pressed = (0..SOME).map(|_| press(&world, "ana", &data(act, id)));
            let all: Vec<Value> = pressed.chain(vec![once; SOME]).collect();

            let answers = all_at_once(&world, &all).await;

            assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
            assert_eq!(world.record(id).await.version, version + 1, "{act}");
            let rows = world.audit().await;
            let count = rows.iter().filter(|row| row.request == Some(id.0) && row.kind == kind);
            assert_eq!(count.count(), 1, "{act}");
        }
        world.settle().await;
        assert_eq!(world.status(pending).await, "Cancelled");
        assert_eq!(world.status(id).await, "Revoked");
        world.ends().await;
    }
}
