//! What a target is told: by which name, and until when.
use crate::world::policy::{account, usual};
use crate::world::{Fails, Held, Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::connect::Fault;
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::{Extend, Offered};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// The usual policy, in which access can be extended twice by half an hour, in the last quarter.
fn extendable() -> Options {
    let mut policy = usual();
    for flow in &mut policy.flows {
        flow.extend = Some(Extend {
            step: TimeDelta::minutes(30),
            times: 2,
            longest: HOUR * 2,
            offered: Offered::LastQuarter,
        });
    }
    Options { policy, ..Options::default() }
}

/// An hour of access near its end.
async fn near_the_end(world: &World) -> RequestId {
    let id = world.submits("ana", &[("logs", "read")], HOUR).await[0];
    world.settle().await;
    world.passes(TimeDelta::seconds(5)).await;
    world.passes(TimeDelta::minutes(50)).await;
    assert_eq!(world.status(id).await, "Active");
    id
}

async fn extends(world: &World, id: RequestId) {
    world.app().extend(&"ana".into(), id, None, None).await.unwrap();
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_extension_is_another_order_and_a_second_try_the_same() {
    for world in worlds_with(extendable()).await {
        let slow = Fault::passing("the target is busy");
        world.target.fails(Fails::GrantOf("logs".to_owned(), slow), 1);
        let id = near_the_end(&world).await;
        extends(&world, id).await;

        let keys: Vec<String> = world.target.orders().into_iter().map(|(key, _)| key).collect();
        let [first, second, extended] = keys.as_slice() else { panic!("{keys:?}") };
        assert_eq!(first, second);
        assert_ne!(second, extended, "a target that knows the first would ignore it");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_extension_that_the_target_refuses_is_told_once_and_tried_until_it_holds() {
    for world in worlds_with(extendable()).await {
        let id = near_the_end(&world).await;
        let no = Fault::lasting("the window is closed");
        world.target.fails(Fails::GrantOf("logs".to_owned(), no), usize::MAX);
        extends(&world, id).await;

        for _ in 0..3 {
            world.passes(TimeDelta::seconds(30)).await;
        }
        let alarms = world.slack.dm(&account("dev"));
        let says = |text: &str| alarms.iter().filter(|said| said.all_text().contains(text)).count();
        assert_eq!(says("refuses to move the end"), 1);
        assert_eq!(world.status(id).await, "Active");
        assert!(world.target.count("grant") > 2);
        world.target.recovers();
        world.passes(TimeDelta::minutes(2)).await;

        let until = world.record(id).await.expires_at.unwrap();
        assert!(world.target.orders().last().unwrap().1 >= until);
        let tries = world.target.count("grant");
        world.passes(TimeDelta::minutes(6)).await;
        assert_eq!(world.target.count("grant"), tries, "it holds, so nothing is tried");
        world.passes(HOUR).await;
        assert_eq!(world.status(id).await, "Expired");
        assert_eq!(world.target.held(), vec![]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_that_a_slow_call_gave_lasts_as_long_at_the_target_as_it_says() {
    for world in worlds_with(Options::default()).await {
        let id = world.submits("ana", &[("logs", "read")], HOUR).await[0];
        let call = world.target.hold("grant", Held::Before);
        let working = world.begin_draining();
        call.is_reached().await;
        world.clock.advance(TimeDelta::seconds(90));
        call.release();
        working.await.unwrap();
        world.settle().await;

        let until = world.record(id).await.expires_at.unwrap();
        let (_, told) = world.target.orders().pop().unwrap();
        assert!(told >= until, "the target ends it at {told}, before {until}");
        world.ends().await;
    }
}
