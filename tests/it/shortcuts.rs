//! The form from a shortcut: empty, or with a message as the reason (R17).
use crate::world::worlds;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_global_shortcut_opens_the_form() {
    for world in worlds().await {
        assert!(world.slack.shortcut("U1", "request_access").await.is_ok());

        let form = world.soon("the form", |state| state.views("U1").last().cloned()).await;
        assert!(form.all_text().contains("Request access"), "{}", form.all_text());
        world.ends().await;
    }
}
