//! The store on both databases: one text for every statement, the same columns, the audit's chain, the outbox.
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::store::audit::{AuditKey, Verified};
use hallpass::store::outbox::{Claim, LEASE, Work};
use hallpass::store::{Schema, Store, StoreError, many, sql};
use std::collections::BTreeSet;

const SQL: &[(&str, &[&str])] = &[
    (include_str!("../../src/store/sql.rs"), sql::ALL),
    (include_str!("../../src/store/sql/audit.rs"), sql::audit::ALL),
    (include_str!("../../src/store/sql/drafts.rs"), sql::drafts::ALL),
    (include_str!("../../src/store/sql/away.rs"), sql::away::ALL),
    (include_str!("../../src/store/sql/mail.rs"), sql::mail::ALL),
    (include_str!("../../src/store/sql/sign_in.rs"), sql::sign_in::ALL),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_prepares_on_both_databases() {
    for (text, all) in SQL {
        let declared: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str"))
            .map(|(name, _)| name)
            .collect();
        let listed = text.split_once("pub const ALL").unwrap().1;
        for name in &declared {
            let mut words = listed.split(|c: char| !c.is_ascii_uppercase() && c != '_');
            assert!(words.any(|word| word == *name), "{name} is not in ALL");
        }
        assert_eq!(declared.len(), all.len());
    }

    let many = many::ALL.iter().flat_map(|rows| (2..=many::MOST_ROWS).map(|n| rows.text(n)));
    let all = SQL.iter().flat_map(|(_, all)| *all).copied();
    let statements: Vec<&'static str> = all.chain(many).collect();
    for world in worlds().await {
        for statement in &statements {
            let prepared = world.app().store().prepare(statement).await;
            assert!(prepared.is_ok(), "{:?}: {statement}: {prepared:?}", world.kind());
        }
        world.ends().await;
    }
}

const SQLITE_COLUMNS: &str = r#"SELECT m.name, p.name, LOWER(p.type), CAST(p."notnull" OR p.pk > 0 AS TEXT)
    FROM sqlite_master m JOIN pragma_table_info(m.name) p
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations'"#;
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text,
    CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_have_the_same_columns() {
    let mut seen: Vec<BTreeSet<Vec<String>>> = Vec::new();
    for (world, query) in worlds().await.into_iter().zip([SQLITE_COLUMNS, POSTGRES_COLUMNS]) {
        seen.push(world.query(query).await.into_iter().collect());
        world.ends().await;
    }
    let [sqlite, postgres] = seen.as_slice() else { return };
    assert!(sqlite.len() > 50, "{}", sqlite.len());
    assert_eq!(
        sqlite.symmetric_difference(postgres).collect::<Vec<_>>(),
        Vec::<&Vec<String>>::new()
    );
}

async fn verified(world: &World) -> Verified {
    world.app().store().read().await.unwrap().verify_audit().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_shows_an_edit_a_deletion_an_insertion_a_swap_and_a_cut() {
    let row = "INSERT INTO audit SELECT";
    let rest = "happened_at, actor, kind, request_id, body, mac FROM audit_kept WHERE seq =";
    let tamperings = [
        ("UPDATE audit SET body = '{}' WHERE seq = 3".to_owned(), 3),
        ("UPDATE audit SET happened_at = happened_at + 1 WHERE seq = 3".to_owned(), 3),
        ("UPDATE audit SET request_id = NULL WHERE seq = 3".to_owned(), 3),
        ("DELETE FROM audit WHERE seq = 3".to_owned(), 3),
        ("DELETE FROM audit WHERE seq = 1".to_owned(), 1),
        (format!("{row} (SELECT MAX(seq) + 1 FROM audit_kept), {rest} 2"), 7),
        (format!("DELETE FROM audit WHERE seq IN (3, 4); {row} 3, {rest} 4; {row} 4, {rest} 3"), 3),
        ("DELETE FROM audit WHERE seq >= 5".to_owned(), 5),
        ("DELETE FROM audit".to_owned(), 1),
    ];
    for world in worlds().await {
        for _ in 0..5 {
            world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await;
        }
        world.submits("ana", &[("secrets", "read")], TimeDelta::hours(1)).await;
        assert_eq!(verified(&world).await, Verified::Whole(6));
        world.tamper("CREATE TABLE audit_kept AS SELECT * FROM audit").await;

        for (statement, first_bad) in &tamperings {
            world.tamper(statement).await;
            let found = verified(&world).await;
            assert!(
                matches!(found, Verified::Broken { seq, .. } if seq == *first_bad),
                "{statement}: {found:?}"
            );
            world.tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM audit_kept").await;
            assert_eq!(verified(&world).await, Verified::Whole(6));
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_an_older_version_is_refused_and_kept_as_it_is() {
    for world in worlds().await {
        world.tamper("DELETE FROM _sqlx_migrations").await;

        let opened = world.opens_store(AuditKey::new(b"any"), Schema::Keep).await;

        assert!(matches!(opened, Err(StoreError::Unmigrated)), "{:?}", opened.err());
        let left = world.query("SELECT CAST(COUNT(*) AS TEXT) FROM _sqlx_migrations").await;
        assert_eq!(left, [["0"]]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_at_how_to_connect_push_no_move_out_of_a_requests_past() {
    for world in worlds().await {
        let id = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        for _ in 0..5 {
            world.app().access_details(&"ana".into(), id).await.unwrap();
        }
        world.passes(TimeDelta::hours(1)).await;

        let past = world.app().store().read().await.unwrap().moves_of(id, 5).await.unwrap();

        let events: Vec<&str> = past.iter().map(|one| one.event.as_str()).collect();
        assert_eq!((events.first(), events.last()), (Some(&"submitted"), Some(&"removed")));
        world.ends().await;
    }
}

async fn queue(store: &Store, id: &str, thread: &str, seq: i64, world: &World) {
    let [id, thread] = [id, thread].map(str::to_owned);
    let work = Work { id, lane: "test".to_owned(), thread, seq, job: "{}".to_owned() };
    let mut tx = store.begin().await.unwrap();
    tx.queue(work, world.now());
    tx.commit().await.unwrap();
}

async fn claim(store: &Store, limit: i64, world: &World) -> Vec<Claim> {
    store.claim("test", limit, world.now()).await.unwrap()
}

fn ids(claims: &[Claim]) -> Vec<&str> {
    claims.iter().map(|claim| claim.id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claimed_work_is_held_until_its_lease_ends() {
    for world in worlds().await {
        let store = world.app().store();
        queue(store, "a", "t1", 1, &world).await;
        queue(store, "b", "t1", 2, &world).await;
        queue(store, "c", "t2", 1, &world).await;

        let first = claim(store, 9, &world).await;
        assert_eq!(ids(&first), ["a", "c"], "b waits behind a");
        assert_eq!(claim(store, 9, &world).await, vec![]);
        world.clock.advance(LEASE);
        let again = claim(store, 9, &world).await;
        assert_eq!(ids(&again), ["a", "c"]);
        assert_eq!(again[0].attempts, 2);

        let mut tx = store.begin().await.unwrap();
        tx.done(&first[0], world.now());
        let lost = tx.commit().await;
        assert!(matches!(lost, Err(StoreError::Stale)), "{lost:?}");
        let mut tx = store.begin().await.unwrap();
        tx.done(&again[0], world.now());
        tx.again(&again[1], world.now() + TimeDelta::seconds(5), "busy", world.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids(&claim(store, 9, &world).await), ["b"]);
        world.clock.advance(TimeDelta::seconds(5));
        assert_eq!(ids(&claim(store, 9, &world).await), ["c"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_claims_of_one_work_that_are_settled_together_the_lost_one_is_noticed() {
    for world in worlds().await {
        let store = world.app().store();
        queue(store, "a", "t1", 1, &world).await;
        let lost = claim(store, 9, &world).await.remove(0);
        world.clock.advance(LEASE);
        let held = claim(store, 9, &world).await.remove(0);

        for order in [[&lost, &held], [&held, &lost]] {
            let mut tx = store.begin().await.unwrap();
            for claim in order {
                tx.done(claim, world.now());
            }
            assert!(matches!(tx.commit().await, Err(StoreError::Stale)));
        }

        let mut tx = store.begin().await.unwrap();
        tx.done(&held, world.now());
        tx.commit().await.unwrap();
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_queued_again_while_it_runs_runs_once_more_and_dead_work_stands_in_nobodys_way() {
    for world in worlds().await {
        let store = world.app().store();
        queue(store, "a", "t1", 1, &world).await;
        queue(store, "b", "t1", 2, &world).await;
        let first = claim(store, 9, &world).await;

        queue(store, "a", "t1", 1, &world).await;
        let mut tx = store.begin().await.unwrap();
        tx.done(&first[0], world.now());
        tx.commit().await.unwrap();
        let second = claim(store, 9, &world).await;
        assert_eq!(ids(&second), ["a"]);
        let mut tx = store.begin().await.unwrap();
        tx.dead(&second[0], "nobody there").await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(ids(&claim(store, 9, &world).await), ["b"]);
        let queued = store.read().await.unwrap().queued(9).await.unwrap();
        let dead: Vec<_> = queued.iter().filter(|work| work.is_dead).collect();
        assert_eq!((dead[0].id.as_str(), dead[0].error.as_deref()), ("a", Some("nobody there")));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_never_claim_the_same_work() {
    for world in worlds_with(Options { bots: 2, ..Options::default() }).await {
        let (one, other) = (world.app().store(), world.last_app().store());
        for n in 0..100 {
            queue(one, &format!("w{n:02}"), &format!("t{n}"), 1, &world).await;
        }
        let mut claimed = Vec::new();
        while claimed.len() < 100 {
            let (a, b, c) = tokio::join!(
                claim(one, 7, &world),
                claim(other, 7, &world),
                claim(other, 7, &world)
            );
            assert!(a.len() + b.len() + c.len() > 0);
            claimed.extend([a, b, c].concat().into_iter().map(|claim| claim.id));
        }

        assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 100);
        assert_eq!(claimed.len(), 100);
        world.ends().await;
    }
}
