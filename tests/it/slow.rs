//! Slow targets and a slow Slack delay nobody's acknowledgement, and much at once is done in time.
use crate::world::policy::{flow, resource, usual};
use crate::world::{Held, Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Delivery, Fault, Filter, Kind, State};
use hallpass::domain::flow::Approval;
use hallpass::domain::policy::Policy;
use hallpass::work::IN_FLIGHT;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledgements_go_out_while_the_target_and_slack_are_slow() {
    for world in worlds().await {
        let first = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.asks("ana", "invoices", "read").await;
        let call = world.target.hold("grant", Held::Before);
        for method in ["chat.postMessage", "chat.update"] {
            world.slack.fault(method, Filter::default(), Fault::Delay(Duration::from_secs(5)), 8);
        }
        let working = world.begin_draining();
        call.is_reached().await;

        let mut waits = Vec::new();
        for _ in 0..5 {
            let view = world.opens_form("ana").await;
            let began = Instant::now();
            world.searches("ana", &view, "pay").await;
            waits.push(began.elapsed());
            let answer = world.types("ana", "help").await;
            assert!(answer.is_ok());
            waits.push(answer.elapsed);
            world.slack.close("U1", &view.id).await;
        }
        let began = Instant::now();
        let id = world.asks("ana", "payments", "read").await;
        let asking = began.elapsed();

        waits.sort();
        eprintln!("{:?}: acks up to {:?}, asking {asking:?}", world.kind(), waits.last().unwrap());
        assert!(waits.last().unwrap() < &Duration::from_secs(3), "{waits:?}");
        assert!(asking < Duration::from_secs(3), "{asking:?}");
        assert_eq!(world.status(first).await, "Granting");
        call.release();
        working.await.unwrap();
        world.settle().await;
        assert_eq!(world.status(first).await, "Active");
        world.ask_of("ben", id);
        world.ends().await;
    }
}

/// Everything that Slack sends and waits for, again and again: how long each waited.
async fn acks(world: &World, sent: &[(Kind, Value)], rounds: usize) -> Vec<Duration> {
    let mut waits = Vec::new();
    let url = world.urls()[0].clone();
    for _ in 0..rounds {
        for (kind, payload) in sent {
            let ack = world.slack.send(&url, *kind, payload, &[]).await;
            assert!(ack.is_ok(), "{ack:?}");
            waits.push(ack.elapsed);
        }
    }
    waits
}

/// V24: the Web API takes five seconds, and nothing is known of anybody: after a restart, and when
/// Slack's last word is too old.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledgements_go_out_while_slack_says_nothing_of_anybody() {
    for mut world in worlds().await {
        world.may_be_refused = true;
        let id = world.asks("eva", "payments", "read").await;
        world.settle().await;
        let dialog = world.presses("ben", &world.ask_of("ben", id), "approve").await;
        world.gives_reason("ben", &dialog, "").await;
        let decided = (Kind::Interaction, world.last_submission());
        let view = world.opens_form("ana").await;
        world.searches("ana", &view, "pay").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        assert!(world.types("ana", "help").await.is_ok());
        let last = |kind: Kind, of: &str| {
            let is_it = |one: &&Delivery| one.kind == kind && one.payload.to_string().contains(of);
            let last = |state: &State| state.deliveries().iter().rfind(is_it).cloned();
            (kind, world.slack.read(last).unwrap().payload)
        };
        let search = last(Kind::Options, "pay");
        let help = last(Kind::Command, "help");
        let view = world.goes_on("ana", &view).await;
        let continued = (Kind::Interaction, world.last_submission());
        let why =
            json!({"justification": {"type": "plain_text_input", "value": "INC-42: compare"}});
        world.slack.submit("U1", &view.id, &json!({ "why": why })).await;
        let sent = (Kind::Interaction, world.last_submission());
        let all = [help, search.clone(), search, continued, sent, decided];

        let mut waits = Vec::new();
        for is_restarted in [true, false] {
            match is_restarted {
                true => {
                    world.crash().await;
                    world.restart().await;
                }
                false => {
                    world.clock.advance(TimeDelta::minutes(11));
                }
            }
            let slow = Fault::Delay(Duration::from_secs(5));
            let slow = world.slack.fault("*", Filter::default(), slow, 10_000);
            waits.extend(acks(&world, &all, 10).await);
            slow.release();
        }

        waits.sort();
        let (count, longest) = (waits.len(), waits[waits.len() - 1]);
        let p99 = waits[count * 99 / 100];
        eprintln!("{:?}: {count} acks, p99 {p99:?}, longest {longest:?}", world.kind());
        assert!(count >= 100);
        assert!(p99 < Duration::from_millis(500), "{waits:?}");
        assert!(longest < Duration::from_secs(3), "{waits:?}");
        world.settle().await;
        world.ends().await;
    }
}

/// A thousand things of which each can be had by asking for it.
fn a_thousand() -> (Policy, Vec<String>) {
    let mut policy = usual();
    let names: Vec<String> = (0..1_000).map(|n| format!("log-{n:03}")).collect();
    policy.catalog.resources = names.iter().map(|name| resource(name)).collect();
    policy.flows.insert(0, flow("all", "*", Approval::Automatic));
    (policy, names)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_grants_due_in_one_second_are_taken_back_within_a_minute() {
    let (policy, names) = a_thousand();
    for world in worlds_with(Options { policy, works: true, ..Options::default() }).await {
        for name in &names {
            world.submits("ana", &[(name, "read")], TimeDelta::hours(1)).await;
        }
        let count = async |status: &str| {
            let count =
                format!("SELECT CAST(COUNT(*) AS TEXT) FROM request WHERE status = '{status}'");
            world.query(&count).await[0][0].parse::<usize>().unwrap()
        };
        while count("Active").await < 1_000 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }

        let began = Instant::now();
        world.clock.advance(TimeDelta::hours(1));
        let mut p99 = None;
        while count("Expired").await < 1_000 {
            if p99.is_none() && world.target.held().len() <= 10 {
                p99 = Some(began.elapsed());
            }
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "{} are left",
                world.target.held().len()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let took = began.elapsed();

        let p99 = p99.unwrap_or(took);
        eprintln!(
            "{:?}: 1,000 grants: 99 of 100 taken back in {p99:?}, all of them and Expired in {took:?}",
            world.kind()
        );
        assert!(p99 < Duration::from_secs(15), "{p99:?}");
        assert_eq!(world.target.held(), vec![]);
        assert_eq!(world.target.count("revoke"), 1_000);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_overdue_the_longest_is_taken_back_first_whatever_is_asked_for_meanwhile() {
    let (policy, names) = a_thousand();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        // Asked for in another order than that in which they will end.
        let hours = |n: usize| TimeDelta::minutes(60 + i64::try_from(n * 7 % 100).unwrap());
        for (n, name) in names.iter().take(100).enumerate() {
            world.submits("ana", &[(name, "read")], hours(n)).await;
        }
        world.works_at_the_target().await;

        world.clock.advance(TimeDelta::hours(4));
        for name in &names[100..200] {
            world.submits("ana", &[(name, "read")], TimeDelta::hours(1)).await;
        }
        world.works_at_the_target().await;

        let mut wanted: Vec<(TimeDelta, &String)> =
            names.iter().take(100).enumerate().map(|(n, name)| (hours(n), name)).collect();
        wanted.sort();
        let place = |name: &String| wanted.iter().position(|(_, other)| *other == name).unwrap();
        let taken: Vec<usize> = world.target.called("revoke").iter().map(place).collect();
        assert_eq!(taken.len(), 100);
        for (at, place) in taken.iter().enumerate() {
            // A handful is under way at once.
            assert!(at.abs_diff(*place) < IN_FLIGHT, "{at}: {taken:?}");
        }
        world.ends().await;
    }
}
