//! A no counts from whom both policies ask: the one at submission and today's (R26).
use crate::world::policy::{account, any_of, flow, stages, usual};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::domain::id::RequestId;
use hallpass::domain::policy::Policy;

/// The usual policy in which these people approve for payments.
fn approved_by(names: &[&str]) -> Policy {
    let mut policy = usual();
    policy.flows.insert(0, flow("payments", "payments", stages(vec![any_of(names)])));
    policy
}

/// Presses Reject and reads the refusal.
async fn may_not_reject(world: &World, person: &str, id: RequestId) {
    let ask = world.ask_of("ben", id);
    assert!(world.slack.click_on(&account(person), &ask, "reject").await.is_ok());
    let said = world.sees_modal(person, "notice").await;
    assert!(said.all_text().contains("not among the people who can decide"), "{person}");
    world.slack.close(&account(person), &said.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_taken_off_or_put_on_since_may_not_reject() {
    let policy = approved_by(&["ben", "eva"]);
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;

        world.app().reload(approved_by(&["eva", "finn"])).await.unwrap();
        may_not_reject(&world, "ben", id).await;
        may_not_reject(&world, "finn", id).await;
        assert_eq!(world.status(id).await, "Pending Approval");
        let audit = world.audit().await;
        assert_eq!(audit.iter().filter(|row| row.kind == "decision_refused").count(), 2);
        world.rejects("eva", id, "ask for less").await;

        assert_eq!(world.status(id).await, "Rejected");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_policies_share_nobody_the_admins_hear_of_it_and_it_can_be_withdrawn() {
    for by in ["ana", "dev"] {
        let policy = approved_by(&["ben"]);
        for world in worlds_with(Options { policy, ..Options::default() }).await {
            let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
            world.settle().await;

            world.app().reload(approved_by(&["finn"])).await.unwrap();
            assert_eq!(world.app().look_after_pending().await.unwrap(), 1);
            may_not_reject(&world, "ben", id).await;
            may_not_reject(&world, "finn", id).await;
            world.settle().await;
            world.said_to("dev", id, "Nobody can approve");
            assert!(world.types(by, &format!("cancel {id} nobody can approve it")).await.is_ok());
            world.becomes(id, "Cancelled").await;

            world.settle().await;
            world.ends().await;
        }
    }
}
