//! What somebody has or waits for already is pointed out by the request that it is in (R11).
use crate::world::policy::item;
use crate::world::{World, worlds};
use chrono::TimeDelta;
use hallpass::domain::id::RequestId;

/// What of payments and invoices Ana has or waits for.
async fn live(world: &World) -> Vec<(String, RequestId)> {
    let items = [item("payments", "read"), item("invoices", "read")];
    let live = world.app().live_items(&"ana".into(), &items).await.unwrap();
    live.into_iter().map(|(item, id)| (item.at.resource, id)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_live_is_known_by_its_newest_request_and_no_longer_than_that_lasts() {
    for world in worlds().await {
        let hour = TimeDelta::hours(1);
        assert!(live(&world).await.is_empty());
        let first = world.submits("ana", &[("payments", "read"), ("vault", "read")], hour).await[0];
        let payments = "payments".to_owned();
        let held = live(&world).await;
        assert_eq!(held.iter().map(|(name, _)| name).collect::<Vec<_>>(), [&payments]);

        let both = [("payments", "read"), ("invoices", "read")];
        let second = world.submits("ana", &both, hour).await[0];
        let invoices = "invoices".to_owned();
        assert_eq!(live(&world).await, [(invoices, second), (payments.clone(), second)]);
        world.app().cancel(&"ana".into(), second, String::new(), None).await.unwrap();

        assert_eq!(live(&world).await, held);
        assert!(held[0].1 >= first);
        world.ends().await;
    }
}
