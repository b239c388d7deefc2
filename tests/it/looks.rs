//! Who may not look at a request sees nothing of it, and the audit says that they tried.
use crate::world::policy::account;
use crate::world::{World, worlds};
use chrono::TimeDelta;

/// How many refused looks of this kind the audit holds.
async fn refused(world: &World, kind: &str) -> usize {
    world.audit().await.iter().filter(|row| row.kind == kind).count()
}

/// Types `show` for a request that is not theirs.
async fn tries_to_see(world: &World, person: &str, id: hallpass::domain::id::RequestId) {
    assert!(world.types(person, &format!("show {id}")).await.is_ok());
    let said = world.sees_modal(person, "notice").await;
    assert!(said.all_text().contains("No such request"), "{}", said.all_text());
    world.slack.close(&account(person), &said.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_at_somebody_elses_request_is_audited_once_an_hour() {
    for world in worlds().await {
        let hour = TimeDelta::hours(1);
        let one = world.submits("ana", &[("payments", "read")], hour).await[0];
        let other = world.submits("ana", &[("invoices", "read")], hour).await[0];

        for _ in 0..3 {
            tries_to_see(&world, "finn", one).await;
        }
        assert_eq!(refused(&world, "look_refused").await, 1);
        tries_to_see(&world, "finn", other).await;
        assert_eq!(refused(&world, "look_refused").await, 2, "another request");
        world.clock.advance(hour);
        tries_to_see(&world, "finn", one).await;
        assert_eq!(refused(&world, "look_refused").await, 3, "another hour");

        assert!(world.types("ana", &format!("show {one}")).await.is_ok());
        world.sees_modal("ana", "details").await;
        assert_eq!(refused(&world, "look_refused").await, 3, "nothing was refused to Ana");
        let actors: Vec<_> = world.audit().await.into_iter().map(|row| row.actor).collect();
        assert!(actors.iter().any(|actor| format!("{actor:?}").contains("finn")));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_to_connect_is_refused_to_all_but_the_grantee_and_audited_once_an_hour() {
    for world in worlds().await {
        let id = world.submits("ana", &[("logs", "read")], TimeDelta::hours(8)).await[0];
        world.settle().await;
        let ready = world.said_to("ana", id, "Your access is ready");

        // Dev is an admin and may see the request, not the credential.
        for person in ["finn", "finn", "dev"] {
            let account = account(person);
            assert!(world.slack.click_on(&account, &ready, "connect").await.is_ok());
            let said = world.sees_modal(person, "notice").await;
            assert!(!said.all_text().contains("s3cret-canary"), "{}", said.all_text());
            world.slack.close(&account, &said.id).await;
        }
        assert_eq!(refused(&world, "details_refused").await, 2);
        assert!(world.clicks("ana", &ready, "connect").await.is_ok());
        let shown = world.sees_modal("ana", "connect").await;

        assert!(shown.all_text().contains("s3cret-canary"), "{}", shown.all_text());
        assert_eq!(refused(&world, "details_shown").await, 1);
        world.ends().await;
    }
}
