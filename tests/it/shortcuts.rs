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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_becomes_the_reason_as_people_read_it() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let message = world.ask_of("ben", id);

        let answer = world.slack.message_shortcut("U2", "request_access_message", &message).await;
        assert!(answer.is_ok(), "{answer:?}");

        // The form opens at what to choose; the message waits in its draft as the reason.
        let form = world.soon("the form", |state| state.views("U2").last().cloned()).await;
        let look = format!(
            "SELECT body FROM draft WHERE id = '{}'",
            form.json["private_metadata"].as_str().unwrap()
        );
        let mut kept = world.query(&look).await;
        for _ in 0..100 {
            if !kept.is_empty() {
                break;
            }
            tokio::task::yield_now().await;
            kept = world.query(&look).await;
        }
        assert!(kept[0][0].contains("asks for access"), "{kept:?}");
        world.ends().await;
    }
}
