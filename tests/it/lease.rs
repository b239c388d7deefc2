//! Work is held by a lease that is renewed while it lasts, also while it is being written.
use crate::world::worlds;
use chrono::TimeDelta;
use hallpass::store::Tx;
use hallpass::work::RENEW_EVERY;
use sqlx::{Connection as _, PgConnection};
use std::time::Duration;

/// How long writing may take once nobody else writes; well below what a lock is waited for.
const AT_ONCE: Duration = Duration::from_secs(5);

/// Somebody else's transaction that the next commit waits for.
enum Busy {
    Turn(Box<Tx>),
    Head(PgConnection),
}

impl Busy {
    async fn begin(world: &crate::world::World) -> Self {
        match world.connects().await {
            None => Self::Turn(Box::new(world.app().store().begin().await.unwrap())),
            Some(mut conn) => {
                let held = "BEGIN; SELECT seq FROM audit_head FOR UPDATE";
                sqlx::raw_sql(held).execute(&mut conn).await.unwrap();
                Self::Head(conn)
            }
        }
    }

    async fn end(self) {
        match self {
            Self::Turn(tx) => tx.commit().await.unwrap(),
            Self::Head(conn) => conn.close().await.unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn renewing_a_lease_never_waits_for_the_work_that_it_is_renewed_for() {
    for world in worlds().await {
        let id = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        let call = world.target.hold("grant", crate::world::Held::After);
        let working = world.begin_draining();
        call.is_reached().await;

        let busy = Busy::begin(&world).await;
        call.release();
        // The work waits in its commit, and its lease comes to be renewed.
        tokio::time::sleep(RENEW_EVERY + Duration::from_secs(1)).await;
        busy.end().await;
        let done = tokio::time::timeout(AT_ONCE, working).await;

        assert!(done.is_ok(), "{:?}: the work and its lease wait for each other", world.kind());
        assert_eq!(world.status(id).await, "Active");
        world.ends().await;
    }
}
