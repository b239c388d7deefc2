//! What people type is done or answered, never met with silence (R16, R17).
use crate::world::worlds;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistyped_word_is_answered_with_what_was_meant() {
    for world in worlds().await {
        for (text, meant) in [
            ("reqest payments", "`/access request`"),
            ("aprovals", "`/access approvals`"),
            ("revoke", "`/access revoke AR-1042`"),
            ("show AR-x", "`/access show AR-1042`"),
            ("nonsense <!channel>", "`/access help`"),
        ] {
            let answer = world.types("ana", text).await;
            assert!(answer.is_ok(), "{answer:?}");
            let said = answer.body["text"].as_str().unwrap();
            assert!(said.contains(meant) && !said.contains("<!channel>"), "{text}: {said}");
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_named_by_its_number_however_it_is_written() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;

        for text in [format!("show {}", id.0), format!("SHOW ar-{}", id.0), id.to_string()] {
            assert!(world.types("ana", &text).await.is_ok(), "{text}");
            let shown = world.sees_modal("ana", "details").await;
            assert!(shown.all_text().contains(&id.to_string()), "{text}");
            world.slack.close("U1", &shown.id).await;
        }
        assert!(world.types("ana", &format!("cancel {}", id.0)).await.is_ok());
        world.becomes(id, "Cancelled").await;
        world.settle().await;
        world.ends().await;
    }
}
