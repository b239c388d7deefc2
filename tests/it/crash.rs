//! A bot ended without mercy at each point at which that could hurt, and started again (V7).
use crate::world::policy::{flow, item, resource, usual};
use crate::world::{Held, Kind, Options, World, form};
use chrono::TimeDelta;
use hallpass::demo::slack::{Fault, FaultHandle, Filter, Kind as Dispatch};
use hallpass::domain::flow::Approval;
use hallpass::domain::id::RequestId;
use hallpass::store::outbox::LEASE;
use std::time::Duration;

const HOUR: TimeDelta = TimeDelta::hours(1);
const TIMES: usize = 3;

/// Where the bot ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    InsertBeforeMessage,
    PostedBeforeSaved,
    GrantingBeforeTheCall,
    CallInFlight,
    DoneBeforeTheAnswer,
    ActiveBeforeTold,
    DueBeforeRevoking,
    RevokingBeforeTheCall,
    RevokingCallInFlight,
    RevokedBeforeTheAnswer,
}

const POINTS: [Point; 10] = [
    Point::InsertBeforeMessage,
    Point::PostedBeforeSaved,
    Point::GrantingBeforeTheCall,
    Point::CallInFlight,
    Point::DoneBeforeTheAnswer,
    Point::ActiveBeforeTold,
    Point::DueBeforeRevoking,
    Point::RevokingBeforeTheCall,
    Point::RevokingCallInFlight,
    Point::RevokedBeforeTheAnswer,
];

/// Holds Slack's answers to posts.
fn posts_held(world: &World, fault: Fault) -> FaultHandle {
    world.slack.fault("chat.postMessage", Filter::default(), fault, u32::MAX)
}

/// Brings a request of Ana's to the point; the request, and what is still held in Slack.
async fn reach(world: &World, point: Point) -> (RequestId, Option<FaultHandle>) {
    let submit = async |name: &str| world.submits("ana", &[(name, "read")], HOUR).await[0];
    match point {
        Point::InsertBeforeMessage => (submit("payments").await, None),
        Point::PostedBeforeSaved => {
            let id = submit("payments").await;
            let posts = posts_held(world, Fault::HoldAfter);
            drop(world.begin_draining());
            let look = |state: &hallpass::demo::slack::State| {
                (!state.direct("U2").is_empty()).then_some(())
            };
            world.soon("a posted message", look).await;
            (id, Some(posts))
        }
        Point::GrantingBeforeTheCall => (submit("logs").await, None),
        Point::CallInFlight | Point::DoneBeforeTheAnswer => {
            let place = if point == Point::CallInFlight { Held::Before } else { Held::After };
            let id = submit("logs").await;
            let call = world.target.hold("grant", place);
            drop(world.begin_draining());
            call.is_reached().await;
            (id, None)
        }
        Point::ActiveBeforeTold => {
            let id = submit("logs").await;
            let call = world.target.hold("grant", Held::After);
            drop(world.begin_draining());
            call.is_reached().await;
            let posts = posts_held(world, Fault::HoldBefore);
            call.release();
            world.becomes(id, "Active").await;
            (id, Some(posts))
        }
        Point::DueBeforeRevoking
        | Point::RevokingBeforeTheCall
        | Point::RevokingCallInFlight
        | Point::RevokedBeforeTheAnswer => (reach_the_end(world, point).await, None),
    }
}

/// The points around the end of a grant.
async fn reach_the_end(world: &World, point: Point) -> RequestId {
    let id = world.submits("ana", &[("logs", "read")], HOUR).await[0];
    world.settle().await;
    assert_eq!(world.status(id).await, "Active");
    world.clock.advance(HOUR);
    if point == Point::RevokingBeforeTheCall {
        world.app().run_due().await.unwrap();
    }
    let place = match point {
        Point::RevokingCallInFlight => Held::Before,
        Point::RevokedBeforeTheAnswer => Held::After,
        _ => return id,
    };
    let call = world.target.hold("revoke", place);
    drop(world.begin_draining());
    call.is_reached().await;
    id
}

/// What must be true once the restarted bot has worked.
async fn is_whole(world: &World, point: Point, id: RequestId) {
    match point {
        Point::InsertBeforeMessage | Point::PostedBeforeSaved => {
            assert_eq!(world.status(id).await, "Pending Approval", "{point:?}");
            for person in ["ben", "eva"] {
                world.ask_of(person, id);
            }
            world.approves("ben", id, "").await;
            world.settle().await;
            assert!(world.target.holds("ana", "payments", "read"));
        }
        Point::GrantingBeforeTheCall
        | Point::CallInFlight
        | Point::DoneBeforeTheAnswer
        | Point::ActiveBeforeTold => assert!(world.target.holds("ana", "logs", "read")),
        Point::DueBeforeRevoking
        | Point::RevokingBeforeTheCall
        | Point::RevokingCallInFlight
        | Point::RevokedBeforeTheAnswer => {
            assert_eq!(world.target.held(), vec![], "{point:?}");
            assert_eq!(world.status(id).await, "Expired", "{point:?}");
            world.said_to("ana", id, "Its time was over");
            return;
        }
    }
    assert_eq!(world.status(id).await, "Active", "{point:?}");
    world.said_to("ana", id, "Your access is ready");
    world.holds_its_invariants().await;
    world.passes(HOUR).await;
    assert_eq!(world.status(id).await, "Expired", "{point:?}");
}

async fn survives(kind: Kind, point: Point) {
    for _ in 0..TIMES {
        let Some(mut world) = World::start(kind, Options::default()).await else { return };
        world.may_be_refused = true;
        let (id, held) = reach(&world, point).await;

        world.crash().await;
        if let Some(held) = held {
            held.release();
        }
        world.restart().await;
        world.clock.advance(LEASE + TimeDelta::seconds(1));
        world.settle().await;

        is_whole(&world, point, id).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_anywhere_loses_and_doubles_nothing_on_sqlite() {
    for point in POINTS {
        survives(Kind::Sqlite, point).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_anywhere_loses_and_doubles_nothing_on_postgres() {
    for point in POINTS {
        survives(Kind::Postgres, point).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_in_the_middle_of_a_split_leaves_all_of_it_or_nothing() {
    let mut policy = usual();
    let names: Vec<String> = (0..1_000).map(|n| format!("part-{n:03}")).collect();
    let resources = names.iter().map(|name| resource(name));
    policy.catalog.resources = resources.collect();
    for n in 0..10 {
        let which = format!("part-{n}*");
        policy.flows.insert(0, flow(&format!("tenth-{n}"), &which, Approval::Automatic));
    }
    let options = Options { policy, ..Options::default() };
    let mut outcomes = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for wait in [5, 40, 120, 2_000].map(Duration::from_millis) {
            let Some(mut world) = World::start(kind, options.clone()).await else { continue };
            let items = names.iter().map(|name| item(name, "read")).collect();
            let form = form("ana", items, HOUR);
            let submitting =
                world.begins(|app| Box::pin(async move { app.submit(form).await.map(|_| ()) }));
            // Not a wait for something: the crash comes at a different place of the work each time.
            let done = tokio::time::timeout(wait, submitting).await;

            world.crash().await;
            world.restart().await;
            let records = world.records().await;
            let kept: usize = records.iter().map(|record| record.asked.items.len()).sum();
            outcomes.push((kind, wait, done.is_ok(), kept));
            assert!(kept == 0 || kept == 1_000 && records.len() == 10, "{outcomes:?}");
            assert!(done.is_err() || kept == 1_000, "an answered form was lost: {outcomes:?}");
            world.clock.advance(LEASE + TimeDelta::seconds(1));
            world.works_at_the_target().await;
            assert_eq!(world.target.held().len(), kept);
            world.ends().await;
        }
    }
    eprintln!("{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_under_load_answers_what_is_in_flight_and_loses_nothing() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(mut world) = World::start(kind, Options::default()).await else { continue };
        world.may_be_refused = true;
        world.asks("ana", "payments", "read").await;
        let form = world.last_submission();
        let draft = form["view"]["private_metadata"].as_str().unwrap();
        for n in 0..60 {
            let copy = format!(
                "INSERT INTO draft (id, owner, body, version, touched_at) \
                 SELECT id || '-{n}', owner, body, version, touched_at FROM draft \
                 WHERE id = '{draft}'"
            );
            world.query(&copy).await;
        }
        let url = world.urls().remove(0);
        let sends = (0..60).map(|n| {
            let mut payload = form.clone();
            payload["view"]["id"] = format!("VLOAD{n}").into();
            payload["view"]["private_metadata"] = format!("{draft}-{n}").into();
            let (slack, url) = (world.slack.clone(), url.clone());
            tokio::spawn(
                async move { slack.send(&url, Dispatch::Interaction, &payload, &[]).await },
            )
        });
        let sends: Vec<_> = sends.collect();
        let busy = world.records().await.len();
        assert!(busy < 61, "the load was over before it could be stopped");

        let began = std::time::Instant::now();
        world.stops().await;
        let took = began.elapsed();
        let mut answered = 1;
        for send in sends {
            answered += usize::from(send.await.unwrap().is_ok());
        }

        world.restart().await;
        let kept = world.records().await.len();
        eprintln!("{kind:?}: stopped in {took:?}, {answered} answered, {kept} kept");
        assert!(took < Duration::from_secs(10), "{took:?}");
        assert!(kept >= answered, "{answered} were answered and {kept} are there");
        world.ends().await;
    }
}
