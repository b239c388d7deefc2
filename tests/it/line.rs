//! A line in place of the form (R16): what it says is filled in, what it does not say is asked.
use crate::world::worlds;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_line_fills_the_form_and_sending_it_asks() {
    for world in worlds().await {
        let line = "request payments read for 90m because INC-42 the totals of May differ";
        assert!(world.types("ana", line).await.is_ok());
        let form = world.sees_modal("ana", "request_finish").await;

        let sent = world.slack.submit("U1", &form.id, &serde_json::json!({})).await;
        assert!(sent.is_ok(), "{sent:?}");
        world.settle().await;

        let records = world.records().await;
        assert_eq!(records.len(), 1);
        let asked = &records[0].asked;
        assert_eq!(asked.items[0].at.resource, "payments");
        assert_eq!(asked.items[0].permission, "read");
        assert_eq!(asked.duration, chrono::TimeDelta::minutes(90));
        assert_eq!(asked.justification, "INC-42 the totals of May differ");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_line_does_not_say_clearly_is_left_to_the_form() {
    for world in worlds().await {
        for (line, said) in [
            ("request paymants for 2h", "paymants"),
            ("request payments", "payments"),
            ("request payments read for nobody-here", "nobody-here"),
        ] {
            assert!(world.types("ana", line).await.is_ok());
            let form = world.soon("a form", |state| state.views("U1").last().cloned()).await;
            assert!(form.json.to_string().contains(said), "{line}: {}", form.all_text());
            assert_eq!(world.records().await.len(), 0, "{line}");
            world.slack.close("U1", &form.id).await;
        }
        world.ends().await;
    }
}
