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

/// Named, and not to be asked for: it is not quietly for oneself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_for_somebody_one_may_not_ask_for_says_so_until_it_is_sent() {
    for world in worlds().await {
        let said = "You cannot ask for Ben Okafor; this form is for you.";
        assert!(world.types("ana", "request payments read for 2h for @ben").await.is_ok());
        let form = world.sees_modal("ana", "request").await;
        assert!(form.all_text().contains(said), "{}", form.all_text());
        assert!(form.all_text().contains("1 of at most 1,000 chosen"), "{}", form.all_text());

        let typed = world.types_in("ana", &form, "words", "pay").await;
        assert!(typed.all_text().contains(said), "{}", typed.all_text());
        let finish = world.goes_on("ana", &typed).await;
        assert!(finish.all_text().contains(said), "{}", finish.all_text());
        let typed = world.types_in("ana", &finish, "justification", "INC-42: compare").await;
        assert!(typed.all_text().contains(said), "{}", typed.all_text());

        assert!(world.types("ana", "request payments read for nobody-here").await.is_ok());
        let form = world.sees_modal("ana", "request").await;
        assert!(form.all_text().contains("I know nobody called nobody-here."));
        assert!(form.all_text().contains("1 of at most 1,000 chosen"), "{}", form.all_text());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_longer_than_its_field_is_cut_and_that_is_said() {
    for world in worlds().await {
        let why = format!("INC-42 {}", "compare the totals ".repeat(200));
        assert!(world.types("ana", &format!("request payments read because {why}")).await.is_ok());

        let form = world.sees_modal("ana", "request_finish").await;

        assert!(form.all_text().contains("longer than its field"), "{}", form.all_text());
        let kept = form.values()["why"]["justification"]["value"].as_str().unwrap().to_owned();
        assert!(kept.starts_with("INC-42 compare") && kept.chars().count() <= 3_000);
        assert!(world.slack.submit("U1", &form.id, &serde_json::json!({})).await.is_ok());
        world.settle().await;
        world.ends().await;
    }
}
