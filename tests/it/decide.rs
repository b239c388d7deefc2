//! Who may decide, once, however often and by however many it is tried.
use crate::world::policy::{any_of, flow, person, resource, stages, usual};
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use futures_util::future::join_all;
use hallpass::demo::slack::{Ack, Kind, Member};
use hallpass::domain::catalog::Resource;
use hallpass::domain::id::RequestId;
use hallpass::domain::person::Account;
use hallpass::domain::plan::{Approver, Need, Stage};
use serde_json::{Value, json};

/// A dialog sent by an account, as Slack would send it, whether or not it ever had one.
pub(crate) fn decision(account: &str, team: &str, id: RequestId, approves: bool) -> Value {
    json!({
        "type": "view_submission",
        "team": {"id": team}, "user": {"id": account, "team_id": team},
        "view": {
            "id": format!("V{account}{}", id.0), "hash": "1.a", "type": "modal", "callback_id": "decide",
            "private_metadata": json!({"request": id.0, "approves": approves}).to_string(),
            "state": {"values": {"reason": {"reason": {"type": "plain_text_input", "value": "as said"}}}},
        },
    })
}

/// What a dialog says after it was sent; empty when it just closed.
pub(crate) fn answer(ack: &Ack) -> String {
    assert_eq!(ack.status, Some(200), "{ack:?}");
    let lines = ack.body.pointer("/view/blocks").and_then(Value::as_array);
    let shown = lines.into_iter().flatten().filter_map(|block| block["text"]["text"].as_str());
    let errors = ack.body["errors"].as_object();
    shown.chain(errors.into_iter().flatten().filter_map(|(_, error)| error.as_str())).collect()
}

pub(crate) async fn sends(world: &World, url: &str, payload: &Value) -> Ack {
    world.slack.send(url, Kind::Interaction, payload, &[]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signed_submission_makes_one_request_however_often_it_comes() {
    for mut world in worlds_with(Options { bots: 2, ..Options::default() }).await {
        world.may_be_refused = true;
        let id = world.asks("ana", "payments", "read").await;
        let urls = world.urls();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let submitted = world.last_submission();

        let again =
            join_all((0..100).map(|n| {
                world.slack.send(urls[n % urls.len()], Kind::Interaction, &submitted, &[])
            }))
            .await;

        assert!(again.iter().all(|ack| answer(ack).contains(&id.to_string())), "{again:?}");
        assert_eq!(world.records().await.len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signed_decision_counts_once_and_the_others_are_told() {
    for mut world in worlds_with(Options { bots: 2, ..Options::default() }).await {
        world.may_be_refused = true;
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let urls = world.urls();
        let ask = world.ask_of("ben", id);
        world.presses("ben", &ask, "approve").await;
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let clicks = world.slack.redeliver(100, &urls).await;
        assert!(clicks.iter().all(Ack::is_ok));

        let payload = decision("U2", "T0LOCAL", id, true);
        let acks = join_all((0..100).map(|n| sends(&world, urls[n % urls.len()], &payload))).await;
        world.settle().await;

        let told: Vec<String> = acks.iter().map(answer).filter(|said| !said.is_empty()).collect();
        assert_eq!(told.len(), 99);
        let is_polite =
            |said: &String| said.contains("pproved by Ben Okafor") && said.contains("t 08:0");
        assert!(told.iter().all(is_polite), "{told:?}");
        assert_eq!(world.record(id).await.decisions.len(), 1);
        assert_eq!(world.target.count("grant"), 1);
        assert!(world.told("ben").len() <= 1, "{:?}", world.told("ben"));
        assert!(world.slack.ephemerals("U2").is_empty(), "{:?}", world.slack.ephemerals("U2"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signed_approval_is_never_a_yes_at_the_next_stage_too() {
    let mut policy = usual();
    let both = stages(vec![any_of(&["ben", "eva"]), any_of(&["ben", "finn"])]);
    policy.flows.insert(0, flow("both", "payments", both));
    for world in worlds_with(Options { policy, bots: 2, ..Options::default() }).await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        let urls = world.urls();
        let payload = decision("U2", "T0LOCAL", id, true);

        for n in 0..4 {
            let said = answer(&sends(&world, &urls[n % urls.len()], &payload).await);
            assert_eq!(said, "", "{n}");
        }

        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.record(id).await.decisions.len(), 1);
        world.settle().await;
        world.approves("ben", id, "").await;
        world.becomes(id, "Granting").await;
        world.settle().await;
        world.ends().await;
    }
}

/// People of whom any one may decide.
fn crowd(size: usize) -> Options {
    let ids: Vec<String> = (0..size).map(|n| format!("p{n:02}")).collect();
    let mut policy = usual();
    for id in &ids {
        policy.directory.people.insert(id.as_str().into(), person(id, id));
    }
    policy
        .directory
        .groups
        .insert("crowd".into(), ids.iter().map(|id| id.as_str().into()).collect());
    let any = Stage { need: Need::Any, of: vec![Approver::Group("crowd".into())] };
    policy.flows.insert(0, flow("crowd", "*", stages(vec![any])));
    let member =
        |id: &String| Member::new(&format!("U-{id}"), id, id, &format!("{id}@example.com"));
    Options { members: ids.iter().map(member).collect(), policy, bots: 2, ..Options::default() }
}

/// Lets every bot ask Slack about everybody once, so that a story is about deciding alone.
async fn are_known(world: &World, size: usize) {
    for n in 0..size {
        for url in world.urls() {
            let from = json!({"id": format!("U-p{n:02}"), "team_id": "T0LOCAL"});
            let search = json!({
                "type": "block_suggestion", "value": "", "team": {"id": "T0LOCAL"}, "user": from,
                "view": {"id": "V1", "hash": "1.a", "type": "modal", "callback_id": "request_choose"},
            });
            assert!(world.slack.send(&url, Kind::Options, &search, &[]).await.is_ok());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_and_messages_at_once_never_block_each_other() {
    const SIZE: usize = 12;
    for world in worlds_with(crowd(SIZE)).await {
        let urls = world.urls();
        are_known(&world, SIZE).await;
        for round in 0..10 {
            let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
            let working = world.begin_draining_all();
            let payloads: Vec<Value> = (0..SIZE)
                .map(|n| decision(&format!("U-p{n:02}"), "T0LOCAL", id, round % 2 == 0))
                .collect();

            let acks = join_all(
                payloads.iter().enumerate().map(|(n, p)| sends(&world, &urls[n % urls.len()], p)),
            )
            .await;
            join_all(working).await;

            let told: Vec<String> = acks.iter().map(answer).filter(|s| !s.is_empty()).collect();
            assert!(told.iter().all(|said| said.contains("Already ")), "{told:?}");
            assert_eq!(told.len(), SIZE - 1);
        }
        world.settle().await;
        world.ends().await;
    }
}

/// V3. Each round is about a thing of its own, so that its one call is told from the others'.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_approvers_at_once_make_one_decision() {
    const ROUNDS: usize = 20;
    let name = |round: usize| format!("round-{round:02}");
    let mut options = crowd(100);
    let catalog = &mut options.policy.catalog;
    let known: Vec<Resource> = catalog.resources.iter().collect();
    catalog.resources = known.into_iter().chain((0..ROUNDS).map(|n| resource(&name(n)))).collect();
    for world in worlds_with(options).await {
        let urls = world.urls();
        are_known(&world, 100).await;
        for round in 0..ROUNDS {
            let place = format!("{:?} round {round}", world.kind());
            let items = [(name(round), "read")];
            let items: Vec<(&str, &str)> = items.iter().map(|(n, p)| (n.as_str(), *p)).collect();
            let id = world.submits("ana", &items, TimeDelta::hours(1)).await[0];
            let (rows, calls) = (world.audit().await.len(), world.target.count("grant"));
            let payloads: Vec<Value> = (0..100)
                .map(|n| decision(&format!("U-p{n:02}"), "T0LOCAL", id, (n + round) % 2 == 0))
                .collect();

            let acks = join_all(
                payloads.iter().enumerate().map(|(n, p)| sends(&world, &urls[n % urls.len()], p)),
            )
            .await;

            let told: Vec<String> = acks.iter().map(answer).filter(|s| !s.is_empty()).collect();
            assert_eq!(told.len(), 99, "{place}: {told:?}");
            assert!(told.iter().all(|said| said.contains("Already ")), "{place}: {told:?}");
            let decisions = world.record(id).await.decisions;
            assert_eq!(decisions.len(), 1, "{place}: {decisions:?}");
            let audit = world.audit().await;
            let word = if decisions[0].is_approval { "approved" } else { "rejected" };
            let new: Vec<&str> = audit[rows..].iter().map(|row| row.kind.as_str()).collect();
            assert_eq!(new, [word], "{place}");
            world.works_at_the_target().await;
            let made = world.target.count("grant") - calls;
            assert_eq!(made, usize::from(decisions[0].is_approval), "{place}");
        }
        world.drain().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_decides_on_their_own_through_any_account_of_theirs() {
    let mut policy = usual();
    policy.flows.insert(0, flow("own", "payments", stages(vec![any_of(&["ana", "ben"])])));
    let pin = |user: &str| Account {
        platform: "slack".to_owned(),
        workspace: "T0LOCAL".to_owned(),
        user: user.to_owned(),
    };
    let ana = policy.directory.people.get_mut(&"ana".into()).unwrap();
    ana.pinned = vec![pin("U1"), pin("U1B")];
    let members = vec![Member::new("U1B", "ana2", "Ana Torres", "ana.torres@example.com")];
    for world in worlds_with(Options { policy, members, ..Options::default() }).await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let ask = world.ask_of("ben", id);
        assert_eq!(world.maybe_said_to("ana", id, "Approve"), None);

        for account in ["U1", "U1B"] {
            for (button, approves) in [("approve", true), ("reject", false)] {
                assert!(world.slack.click_on(account, &ask, button).await.is_ok());
                let said =
                    world.soon("the refusal", |state| state.views(account).last().cloned()).await;
                assert!(said.all_text().contains("You cannot decide on a request that you made"));
                let url = &world.urls()[0];
                let ack = sends(&world, url, &decision(account, "T0LOCAL", id, approves)).await;
                assert!(answer(&ack).contains("You cannot decide on a request that you made"));
                world.slack.close(account, &said.id).await;
            }
        }
        world.settle().await;

        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.ask_of("ben", id), ask);
        let audit = world.audit().await;
        assert_eq!(audit.iter().filter(|row| row.kind == "decision_refused").count(), 8);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_who_are_not_asked_are_refused_and_audited() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let ask = world.ask_in_channel(id);

        for (person, account) in [("finn", "U4"), ("dev", "U5")] {
            for button in ["approve", "reject"] {
                assert!(world.slack.click_on(account, &ask, button).await.is_ok());
                let said = world.sees_modal(person, "notice").await;
                assert!(said.all_text().contains("You are not among the people who can decide"));
                world.slack.close(account, &said.id).await;
            }
            let ack =
                sends(&world, &world.urls()[0], &decision(account, "T0LOCAL", id, true)).await;
            assert!(answer(&ack).contains("You are not among the people who can decide"));
        }

        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.ask_in_channel(id), ask);
        let audit = world.audit().await;
        assert_eq!(audit.iter().filter(|row| row.kind == "decision_refused").count(), 6);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_nobody_decides_fails_after_seven_days_for_good() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let old = world.ask_of("ben", id);
        let closes = world.record(id).await.asked.submitted_at + TimeDelta::days(7);

        world.clock.set(closes);
        world.drain().await;
        assert_eq!(world.status(id).await, "Pending Approval");
        world.clock.set(closes + TimeDelta::seconds(1));
        world.settle().await;
        assert_eq!(world.status(id).await, "Failed");
        assert!(!world.ask_of("ben", id).all_text().contains("Reject"));
        assert!(world.slack.click_on("U2", &old, "approve").await.is_ok());
        let late = world.sees_modal("ben", "notice").await.all_text();
        assert!(late.contains("Nothing is left for you to do"), "{late}");
        let ack = sends(&world, &world.urls()[0], &decision("U2", "T0LOCAL", id, true)).await;
        assert!(answer(&ack).contains("Nothing is left for you to do"));
        world.settle().await;

        assert_eq!(world.status(id).await, "Failed");
        assert_eq!(world.target.count("grant"), 0);
        world.ends().await;
    }
}

/// R2: how long is the configuration's word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_a_request_waits_is_configured() {
    let pending_window = TimeDelta::days(3);
    for world in worlds_with(Options { pending_window, ..Options::default() }).await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;

        world.clock.advance(pending_window - TimeDelta::seconds(5));
        world.drain().await;
        assert_eq!(world.status(id).await, "Pending Approval");
        world.passes(TimeDelta::seconds(10)).await;

        assert_eq!(world.status(id).await, "Failed");
        assert!(!world.ask_of("ben", id).all_text().contains("Reject"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_slack_did_not_sign_has_no_effect() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let (content_type, body) = Kind::Interaction.pack(&decision("U2", "T0LOCAL", id, true));
        let before = (world.audit().await, world.slack.calls("*").len());
        let at = world.now();
        let good = world.slack.sign(at, &body);
        let old = world.slack.sign(at - TimeDelta::seconds(301), &body);
        let early = world.slack.sign(at + TimeDelta::seconds(301), &body);
        let flipped = |n: usize| {
            let mut body = body.clone();
            body[n] ^= 1;
            body
        };
        let mut forged = good.clone();
        let last = forged[1].1.pop().unwrap();
        forged[1].1.push(if last == '0' { '1' } else { '0' });
        let tries = [
            ("no headers", Vec::new(), body.clone()),
            ("no time", good[1..].to_vec(), body.clone()),
            ("no signature", good[..1].to_vec(), body.clone()),
            ("old", old, body.clone()),
            ("early", early, body.clone()),
            ("one bit in the signature", forged, body.clone()),
            ("first bit", good.clone(), flipped(0)),
            ("last bit", good.clone(), flipped(body.len() - 1)),
        ];

        let url = format!("{}{}", world.urls()[0], Kind::Interaction.path());
        for (what, mut headers, body) in tries {
            headers.push(("content-type".to_owned(), content_type.to_owned()));
            let ack = world.slack.send_raw(&url, headers, body).await;
            assert_eq!(ack.status, Some(401), "{what}: {ack:?}");
        }

        assert_eq!((world.audit().await, world.slack.calls("*").len()), before);
        assert_eq!(world.status(id).await, "Pending Approval");
        world.ends().await;
    }
}
