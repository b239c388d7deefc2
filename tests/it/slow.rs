//! Slow targets and a slow Slack delay nobody's acknowledgement, and much at once is done in time.
use crate::world::policy::{flow, resource, usual};
use crate::world::{Held, Options, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Fault, Filter};
use hallpass::domain::flow::Approval;
use hallpass::domain::request::State;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_grants_due_in_one_second_are_taken_back_within_a_minute() {
    let mut policy = usual();
    policy.catalog.resources = (0..1_000).map(|n| resource(&format!("log-{n:03}"))).collect();
    policy.flows.insert(0, flow("all", "*", Approval::Automatic));
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        for n in 0..1_000 {
            world.submits("ana", &[(&format!("log-{n:03}"), "read")], TimeDelta::hours(1)).await;
        }
        world.works_at_the_target().await;
        assert_eq!(world.target.held().len(), 1_000);

        let began = Instant::now();
        world.clock.advance(TimeDelta::hours(1));
        world.works_at_the_target().await;
        let took = began.elapsed();

        eprintln!(
            "{:?}: 1,000 grants taken back in {took:?}, the last call included",
            world.kind()
        );
        assert_eq!(world.target.held(), vec![]);
        assert!(took < Duration::from_secs(60), "{took:?}");
        let records = world.records().await;
        assert!(records.iter().all(|record| matches!(record.state, State::Expired { .. })));
        world.ends().await;
    }
}
