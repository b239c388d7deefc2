//! What is refused is recorded, once an hour; what was taken once is not judged again (R11, R45).
use crate::world::policy::{account, flow, item, usual};
use crate::world::{World, form, worlds};
use chrono::TimeDelta;
use hallpass::domain::flow::Approval;

const HOUR: TimeDelta = TimeDelta::hours(1);

async fn refused(world: &World, kind: &str) -> usize {
    world.audit().await.iter().filter(|row| row.kind == kind).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_of_a_form_becomes_no_request_is_audited() {
    for world in worlds().await {
        let nothing = form("ana", vec![item("nowhere", "read")], HOUR);
        for _ in 0..3 {
            assert!(world.app().submit(nothing.clone()).await.is_err());
        }
        assert_eq!(refused(&world, "submission_refused").await, 1, "once an hour");
        let mut for_another = form("ana", vec![item("payments", "read")], HOUR);
        for_another.grantee = "ben".into();
        assert!(
            world.app().submit(for_another).await.is_err(),
            "she never gets it herself instead"
        );
        assert_eq!(refused(&world, "submission_refused").await, 2);

        let partly = form("ana", vec![item("nowhere", "read"), item("logs", "read")], HOUR);
        let submitted = world.app().submit(partly).await.unwrap();

        assert_eq!((submitted.requests.len(), submitted.refused.len()), (1, 1));
        let audit = world.audit().await;
        let row = audit.iter().rev().find(|row| row.kind == "submission_refused").unwrap();
        assert!(row.body.contains("nowhere") && !row.body.contains("logs"), "{}", row.body);
        assert!(row.body.contains("you cannot ask for this"), "{}", row.body);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_again_for_and_starring_what_is_somebody_elses_is_audited_once_an_hour() {
    for world in worlds().await {
        let id = world.submits("ana", &[("payments", "read")], HOUR).await[0];

        for _ in 0..2 {
            assert!(world.types("finn", &format!("again {id}")).await.is_ok());
            let said = world.sees_modal("finn", "notice").await;
            assert!(said.all_text().contains("No such request"), "{}", said.all_text());
            world.slack.close(&account("finn"), &said.id).await;
            assert!(world.app().star(&"finn".into(), id, true).await.is_err());
        }

        assert_eq!(refused(&world, "again_refused").await, 1);
        assert_eq!(refused(&world, "star_refused").await, 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_was_taken_is_not_judged_by_what_changed_since() {
    for world in worlds().await {
        let mut once = form("ana", vec![item("payments", "read")], HOUR);
        once.key = Some("slack:T0LOCAL:V1".to_owned());
        let first = world.app().submit(once.clone()).await.unwrap();
        let mut changed = usual();
        changed.flows = vec![flow("only-logs", "logs", Approval::Automatic)];
        world.app().reload(changed).await.unwrap();

        let again = world.app().submit(once).await.unwrap();

        let ids = |requests: &[hallpass::domain::record::Record]| {
            requests.iter().map(|record| record.asked.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&again.requests), ids(&first.requests));
        world.ends().await;
    }
}
