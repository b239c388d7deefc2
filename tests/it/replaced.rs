//! Requests that wait while people and policies change around them (R23, R27).
use crate::world::policy::{account, flow, stages, usual};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Fault, Filter, Message, State, read};
use hallpass::domain::id::RequestId;
use hallpass::domain::listing::{List, Place};
use hallpass::domain::plan::{Approver, Need, Stage};
use hallpass::domain::policy::Policy;

/// The usual policy in which a group of these people approves for payments.
fn dba(names: &[&str]) -> Policy {
    let mut policy = usual();
    let members = names.iter().map(|name| (*name).into()).collect();
    policy.directory.groups.insert("dba".into(), members);
    let any = Stage { need: Need::Any, of: vec![Approver::Group("dba".into())] };
    policy.flows.insert(0, flow("payments", "payments", stages(vec![any])));
    policy
}

async fn pending(world: &World) -> RequestId {
    let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
    world.settle().await;
    id
}

/// How many requests wait for somebody's decision, as their list says.
async fn waiting(world: &World, person: &str) -> usize {
    let page = world.app().page(&person.into(), List::Waiting, &Place::default(), 6).await;
    page.unwrap().total
}

/// Looks after what waits, as every sweep does, and does what that causes; how much it was.
async fn sweeps(world: &World) -> usize {
    let changed = world.app().look_after_pending().await.unwrap();
    world.settle().await;
    changed
}

fn has_buttons(message: &Message) -> bool {
    read::buttons(&message.blocks).iter().any(|text| text == "Approve")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_went_in_the_moment_of_being_asked_is_left_no_buttons() {
    for world in worlds_with(Options { policy: dba(&["ben"]), ..Options::default() }).await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        let fault = Fault::HoldAfter;
        let ben = Filter::user(&account("ben"));
        let posted = world.slack.fault("chat.postMessage", ben, fault, u32::MAX);
        let working = world.begin_draining();
        let look = |state: &State| (!state.direct("U2").is_empty()).then_some(());
        world.soon("a posted message", look).await;
        world.app().reload(dba(&["finn"])).await.unwrap();
        assert_eq!(world.app().look_after_pending().await.unwrap(), 1);

        posted.release();
        working.await.unwrap();
        world.settle().await;

        assert!(!has_buttons(&world.ask_of("ben", id)));
        assert!(has_buttons(&world.ask_of("finn", id)));
        assert_eq!(world.slack.dm(&account("ben")).len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_in_an_approvers_place_is_asked_and_who_went_no_longer() {
    for world in worlds_with(Options { policy: dba(&["ben"]), ..Options::default() }).await {
        let id = pending(&world).await;
        assert_eq!(sweeps(&world).await, 0, "nothing is lacking");
        assert!(has_buttons(&world.ask_of("ben", id)));

        world.app().reload(dba(&["finn"])).await.unwrap();
        assert_eq!(sweeps(&world).await, 1);

        assert_eq!(sweeps(&world).await, 0, "it is done once");
        assert!(has_buttons(&world.ask_of("finn", id)));
        assert!(!has_buttons(&world.ask_of("ben", id)));
        let total = "SELECT CAST(COUNT(*) AS TEXT) FROM card WHERE is_open AND kind = 'ask'";
        assert_eq!(world.query(total).await, [["1"]]);
        assert_eq!((waiting(&world, "ben").await, waiting(&world, "finn").await), (0, 1));
        world.app().reload(dba(&["ben", "finn"])).await.unwrap();
        assert_eq!(sweeps(&world).await, 1);
        assert!(has_buttons(&world.ask_of("ben", id)), "Ben is asked again in the same message");
        world.approves("finn", id, "").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_went_before_they_could_be_reached_is_not_asked_after_all() {
    for world in worlds_with(Options { policy: dba(&["ben"]), ..Options::default() }).await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];

        world.app().reload(dba(&["finn"])).await.unwrap();
        assert_eq!(sweeps(&world).await, 1);

        assert!(world.maybe_ask_of("ben", id).is_none());
        assert!(has_buttons(&world.ask_of("finn", id)));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_admins_hear_each_time_that_nobody_can_approve() {
    for world in worlds_with(Options { policy: dba(&["ben"]), ..Options::default() }).await {
        let id = pending(&world).await;
        let told = || {
            let dev = world.slack.dm(&account("dev"));
            dev.iter().filter(|said| said.all_text().contains("Nobody can approve")).count()
        };

        for times in 1..=2 {
            world.app().reload(dba(&[])).await.unwrap();
            assert_eq!((sweeps(&world).await, sweeps(&world).await), (1, 0));
            assert_eq!(told(), times);
            world.app().reload(dba(&["ben"])).await.unwrap();
            assert_eq!((sweeps(&world).await, sweeps(&world).await), (1, 0));
            assert_eq!(told(), times);
        }

        world.rejects("ben", id, "ask for less").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Rejected");
        assert_eq!(told(), 0, "every copy says that it waits no longer");
        world.ends().await;
    }
}
