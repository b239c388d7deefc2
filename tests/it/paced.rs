//! Slack's limits on how fast it is written to (V15): one conversation waits as long as Slack says,
//! nobody else waits with it, and what was held comes, once.
use crate::world::policy::PLACE;
use crate::world::{CHANNEL, Options, World, ids_in, worlds_with};
use chrono::{DateTime, TimeDelta, Utc};
use hallpass::demo::slack::{Fault, Filter};
use hallpass::domain::id::RequestId;
use std::time::Duration;

/// What Slack tells one conversation to wait.
const WAIT: TimeDelta = TimeDelta::seconds(30);

/// Lets so many seconds pass, with everything done that is due in each.
async fn seconds(world: &World, count: i64) {
    for _ in 0..count {
        world.drain().await;
        world.clock.advance(TimeDelta::seconds(1));
    }
    world.drain().await;
}

/// When messages were posted in a conversation, or tried to.
fn posts(world: &World, place: &[&str]) -> Vec<(DateTime<Utc>, bool)> {
    let calls = world.slack.calls("chat.postMessage").into_iter();
    let there = calls.filter(|call| place.contains(&call.args["channel"].as_str().unwrap()));
    there.map(|call| (call.at, call.answer.is_some_and(|(_, body)| body["ok"] == true))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_that_slack_holds_for_thirty_seconds_is_left_alone_and_holds_up_nobody() {
    for bots in [1, 2] {
        for mut world in worlds_with(Options { bots, minds_pace: true, ..Options::default() }).await
        {
            world.may_be_refused = true;
            let limited = Fault::RateLimited { retry_after: Duration::from_secs(30) };
            world.slack.fault("chat.postMessage", Filter::user("U2"), limited, 1);
            let began = world.now();

            let mut ids = Vec::new();
            for name in ["payments", "invoices", "payments"] {
                ids.extend(world.submits("ana", &[(name, "read")], TimeDelta::hours(1)).await);
            }
            seconds(&world, 60).await;

            let place = format!("{:?}, {bots} bots", world.kind());
            let ben = posts(&world, &["U2", "D2"]);
            let (first, is_taken) = ben[0];
            assert!(!is_taken && first - began < TimeDelta::seconds(5), "{place}: {ben:?}");
            for (at, _) in &ben[1..] {
                let waited = *at - first;
                assert!(waited >= WAIT, "{place}: {waited} after Slack's word: {ben:?}");
            }
            let taken: Vec<DateTime<Utc>> =
                ben.iter().filter(|(_, is_taken)| *is_taken).map(|(at, _)| *at).collect();
            assert_eq!(taken.len(), 3, "{place}: {ben:?}");
            assert!(taken[0] - first < WAIT + TimeDelta::seconds(5), "{place}: {ben:?}");
            for other in [&["U3", "D3"][..], &["U1", "D1"], &[CHANNEL]] {
                let posts = posts(&world, other);
                let last = posts.iter().filter(|(_, is_taken)| *is_taken).map(|(at, _)| *at).max();
                let waited = last.unwrap() - began;
                assert!(waited <= TimeDelta::seconds(8), "{place} {other:?}: {waited} {posts:?}");
            }
            for messages in [world.slack.dm("U2"), world.slack.messages(CHANNEL)] {
                let about = |id: &RequestId| {
                    messages.iter().filter(|m| ids_in(&m.all_text()).contains(id)).count()
                };
                assert!(ids.iter().all(|id| about(id) == 1), "{place}: {messages:?}");
            }
            assert!(world.target.held().is_empty(), "{PLACE} was not asked");
            world.ends().await;
        }
    }
}
