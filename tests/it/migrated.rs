//! What an older version kept is found by this one after its migrations.
use crate::world::{Kind, Options, worlds_with};
use hallpass::domain::decide::Verdict;

/// The tables as they were before the eleventh migration, with a decision of its time in them.
const BEFORE: &str = "\
    CREATE TABLE decision (request_id BIGINT NOT NULL, version BIGINT NOT NULL, person TEXT NOT NULL, \
        verdict TEXT NOT NULL, reason TEXT, is_own BOOLEAN NOT NULL, decided_at BIGINT NOT NULL); \
    INSERT INTO decision SELECT id, 3, 'eva', 'reject', 'a \"b\" \\ c', TRUE, 1800000000250 FROM request; \
    INSERT INTO decision SELECT id, 2, 'ben', 'approve', NULL, FALSE, 1800000000000 FROM request; \
    ALTER TABLE request DROP COLUMN decisions;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_that_had_a_table_of_their_own_stand_with_their_requests() {
    for world in worlds_with(Options::default()).await {
        let id = world.asks("ana", "payments", "read").await;
        let yes = Verdict::Approve { reason: Some("fine".to_owned()) };
        world.app().decide(&"ben".into(), id, yes, None).await.unwrap();
        world.settle().await;
        world.tamper(BEFORE).await;

        world
            .tamper(match world.kind() {
                Kind::Sqlite => include_str!("../../migrations/sqlite/0011_speed.sql"),
                Kind::Postgres => include_str!("../../migrations/postgres/0011_speed.sql"),
            })
            .await;

        let decisions = world.record(id).await.decisions;
        let read: Vec<_> = decisions
            .iter()
            .map(|it| {
                let at = it.at.timestamp_millis() - 1_800_000_000_000;
                (it.by.as_str(), it.is_approval, it.reason.as_deref(), it.is_own, at)
            })
            .collect();
        assert_eq!(
            read,
            [("ben", true, None, false, 0), ("eva", false, Some("a \"b\" \\ c"), true, 250)],
            "{:?}",
            world.kind()
        );
        world.ends().await;
    }
}
