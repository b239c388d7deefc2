//! More permissions than a list of Slack's holds: each can be found and chosen (V23).
use crate::world::policy::usual;
use crate::world::{Options, worlds_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_a_hundred_and_fifty_permissions_can_be_found_and_chosen() {
    let name = |n: usize| format!("permission-{n:03}");
    let mut policy = usual();
    let mut resource = crate::world::policy::resource("payments");
    resource.permissions = (0..150).map(name).collect();
    policy.catalog.resources = [resource].into_iter().collect();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        for n in [0, 99, 100, 149] {
            let id = world.asks("ana", "payments", &name(n)).await;

            assert_eq!(world.record(id).await.asked.items[0].permission, name(n));
        }
        world.ends().await;
    }
}
