//! Grants that share an entitlement, and targets that fail, hold or lie.
use crate::world::policy::{account, resource, usual};
use crate::world::{Fails, Held, Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::connect::Fault;
use hallpass::domain::decide::Verdict;
use hallpass::domain::id::RequestId;

const HOUR: TimeDelta = TimeDelta::hours(1);

/// A request of Ana's for one thing, Active.
async fn active(world: &World, resource: &str, duration: TimeDelta) -> RequestId {
    let id = approved(world, resource, duration).await;
    world.settle().await;
    assert_eq!(world.status(id).await, "Active");
    id
}

/// The same, approved and not yet worked on.
async fn approved(world: &World, resource: &str, duration: TimeDelta) -> RequestId {
    let id = world.submits("ana", &[(resource, "read")], duration).await[0];
    world.settle().await;
    world.approves("ben", id, "").await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_stays_until_the_last_grant_of_it_ends() {
    for world in worlds().await {
        let first = active(&world, "payments", HOUR).await;
        world.passes(HOUR / 2).await;
        let second = active(&world, "payments", HOUR * 2).await;

        world.passes(HOUR / 2).await;
        assert_eq!(world.status(first).await, "Expired");
        assert_eq!(world.status(second).await, "Active");
        assert!(world.target.holds("ana", "payments", "read"));
        assert_eq!(world.target.count("revoke"), 0);
        world.holds_its_invariants().await;
        world.passes(HOUR * 2).await;

        assert_eq!(world.status(second).await, "Expired");
        assert_eq!(world.target.held(), vec![]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_that_ends_while_the_next_is_given_takes_nothing_from_it() {
    for place in [Held::Before, Held::After] {
        for world in worlds().await {
            let first = active(&world, "payments", HOUR).await;
            let ends = world.record(first).await.expires_at.unwrap();
            world.passes(HOUR / 2).await;
            let second = approved(&world, "payments", HOUR * 2).await;
            let call = world.target.hold("grant", place);
            let working = world.begin_draining();
            call.is_reached().await;

            world.clock.set(ends);
            world.app().run_due().await.unwrap();
            assert_eq!(world.status(first).await, "Revoking");
            call.release();
            working.await.unwrap();
            world.settle().await;

            assert_eq!(world.status(first).await, "Expired");
            assert_eq!(world.status(second).await, "Active");
            assert!(world.target.holds("ana", "payments", "read"));
            world.ends().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_early_what_another_grant_covers_leaves_the_access() {
    for world in worlds().await {
        let first = active(&world, "payments", HOUR).await;
        let second = active(&world, "payments", HOUR * 2).await;

        assert!(world.types("ana", &format!("revoke {second}")).await.is_ok());
        let dialog = world.sees_modal("ana", "end").await;
        assert_eq!(world.status(second).await, "Active", "it is confirmed first");
        assert!(world.gives_reason("ana", &dialog, "").await.is_ok());
        world.becomes(second, "Revoking").await;
        world.settle().await;

        assert_eq!(world.status(second).await, "Revoked");
        assert_eq!(world.status(first).await, "Active");
        assert!(world.target.holds("ana", "payments", "read"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn active_is_said_only_when_the_target_reads_back_the_same() {
    for world in worlds().await {
        world.target.fails(Fails::Lies, 1);
        let id = approved(&world, "payments", HOUR).await;
        world.drain().await;
        assert_eq!(world.status(id).await, "Granting");

        world.passes(TimeDelta::seconds(60)).await;
        assert_eq!(world.status(id).await, "Active");
        world.target.fails(Fails::Lies, 2);
        world.passes(HOUR).await;
        assert_eq!(world.status(id).await, "Revoking");
        world.passes(TimeDelta::seconds(60)).await;
        world.passes(TimeDelta::seconds(60)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert_eq!(world.target.held(), vec![]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lasting_fault_ends_a_grant_and_is_told() {
    for world in worlds().await {
        let no = Fault::lasting("no such database");
        world.target.fails(Fails::GrantOf("payments".to_owned(), no.clone()), 2);
        let alone = approved(&world, "payments", HOUR).await;
        world.settle().await;
        assert_eq!(world.status(alone).await, "Failed");
        assert!(world.told("ana").iter().any(|said| said.contains("no such database")));

        let items = [("payments", "read"), ("invoices", "read")];
        let partly = world.submits("ana", &items, HOUR).await[0];
        world.settle().await;
        world.approves("ben", partly, "").await;
        world.settle().await;

        assert_eq!(world.status(partly).await, "Active");
        assert!(world.target.holds("ana", "invoices", "read"));
        assert!(!world.target.holds("ana", "payments", "read"));
        world.said_to("ana", partly, "1 of what you asked for could not be given");
        world.said_to("ana", partly, "payments (database in Production): read: no such database");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_access_away_never_gives_up_and_tells_the_admins() {
    for world in worlds().await {
        let id = active(&world, "payments", HOUR).await;
        world.target.fails(Fails::Revoke(Fault::lasting("the target is down")), usize::MAX);

        world.passes(HOUR).await;
        for _ in 0..30 {
            world.passes(TimeDelta::seconds(60)).await;
        }
        assert_eq!(world.status(id).await, "Revoking");
        world.said_to("dev", id, "should be gone");
        world.target.recovers();
        world.passes(TimeDelta::seconds(31)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert_eq!(world.target.held(), vec![]);
        assert!(!world.slack.dm(&account("dev")).is_empty());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_share_things_in_other_orders_never_block_each_other() {
    let names: Vec<String> = (0..20).map(|n| format!("part-{n:02}")).collect();
    let mut policy = usual();
    for name in &names {
        let known = policy.catalog.resources.iter();
        policy.catalog.resources = known.chain([resource(name)]).collect();
    }
    let forth: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
    let back: Vec<(&str, &str)> = forth.iter().rev().copied().collect();
    for world in worlds_with(Options { policy, bots: 2, ..Options::default() }).await {
        for round in 0..10 {
            let one = world.submits("ana", &forth, HOUR).await[0];
            let other = world.submits("ana", &back, HOUR).await[0];
            let yes = || Verdict::Approve { reason: None };
            let ben = "ben".into();

            let (one, other) = tokio::join!(
                world.app().decide(&ben, one, yes(), None),
                world.last_app().decide(&ben, other, yes(), None)
            );

            assert!(one.is_ok() && other.is_ok(), "round {round}: {one:?} {other:?}");
        }
        world.works_at_the_target().await;
        assert_eq!(world.target.held().len(), 20);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_credential_is_kept_over_grants_that_overlap() {
    for world in worlds().await {
        let first = active(&world, "payments", HOUR).await;
        world.passes(HOUR / 2).await;
        // The login is there and keeps its password: this call makes no new one.
        let second = active(&world, "payments", HOUR * 2).await;
        world.passes(HOUR / 2).await;
        assert_eq!(world.status(first).await, "Expired");

        let ready = world.said_to("ana", second, "Your access is ready");
        assert!(world.clicks("ana", &ready, "connect").await.is_ok());
        let shown = world.sees_modal("ana", "connect").await;

        assert!(shown.all_text().contains("s3cret-canary"), "{}", shown.all_text());
        world.passes(HOUR * 2).await;
        assert_eq!(world.app().access_details(&"ana".into(), second).await.ok().map(drop), None);
        let kept = world.query("SELECT CAST(COUNT(*) AS TEXT) FROM access_details").await;
        assert_eq!(kept, [["0"]], "it is erased with the last of them");
        world.ends().await;
    }
}

/// A refusal cleans up after itself by trying once more what is wanted now. With another grant in
/// place that is the same call, refused the same way, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_grant_beside_one_that_holds_is_tried_once_and_takes_nothing() {
    for world in worlds().await {
        let first = active(&world, "payments", HOUR).await;
        let before = world.target.count("grant");
        let no = Fault::lasting("no more than one login each");
        world.target.fails(Fails::GrantOf("payments".to_owned(), no), usize::MAX);

        let second = approved(&world, "payments", HOUR * 2).await;
        let settled = tokio::time::timeout(crate::world::SOON, world.settle()).await;

        assert!(settled.is_ok(), "the refused call is made again and again");
        assert!(world.target.count("grant") - before <= 2, "{}", world.target.count("grant"));
        assert_eq!(world.status(second).await, "Failed");
        assert_eq!(world.status(first).await, "Active");
        assert!(world.target.holds("ana", "payments", "read"));
        world.target.recovers();
        world.passes(HOUR).await;
        assert_eq!(world.target.held(), vec![]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_leaver_holds_twice_ends_with_each_requests_own_reason() {
    let mut without_ana = usual();
    without_ana.directory.people.get_mut(&"ana".into()).unwrap().is_active = false;
    for world in worlds().await {
        let first = active(&world, "payments", HOUR).await;
        world.passes(HOUR / 2).await;
        let second = active(&world, "payments", HOUR * 2).await;
        let third = approved(&world, "payments", HOUR * 3).await;

        world.app().reload(without_ana.clone()).await.unwrap();
        world.passes(HOUR / 2).await;

        assert_eq!(world.status(first).await, "Expired");
        assert_eq!(world.status(second).await, "Revoked");
        assert_eq!(world.status(third).await, "Failed");
        assert_eq!(world.target.held(), vec![]);
        world.ends().await;
    }
}
