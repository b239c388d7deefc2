//! The second step: how long, why, what sending makes of it; and what was sent.
use crate::world::policy::{account, item, usual};
use crate::world::{Options, ids_in, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Fault, Filter, read};
use hallpass::domain::flow::Pattern;
use serde_json::json;
use std::time::Duration;

fn why(text: &str) -> serde_json::Value {
    json!({"why": {"justification": {"type": "plain_text_input", "value": text}}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_preview_says_which_requests_it_makes_and_what_is_there_already() {
    for world in worlds().await {
        let before = world.asks("ana", "payments", "read").await;
        let mut view = world.opens_form("ana").await;
        for (name, permission) in
            [("payments", "read"), ("invoices", "write"), ("logs", "read"), ("secrets", "read")]
        {
            view = world.chooses("ana", &view, name, permission).await;
        }

        let finish = world.goes_on("ana", &view).await;

        let text = finish.all_text();
        for line in [
            "The flow automatic: 1 thing, approved at once, at most 1 day",
            "The flow denied: 1 thing, will be rejected: nobody reads the secrets",
            "The flow by-people: 2 things, approved by Ben Okafor or Eva Lindgren, at most 1 day",
            "Still missing: why you need it.",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(text.contains(&format!("payments (database in Production): read: see {before}")));
        let typed = world.types_in("ana", &finish, "justification", "INC-42: compare").await;
        assert!(!typed.all_text().contains("Still missing"), "{}", typed.all_text());
        let review = world.presses_in("ana", &typed, "review").await;
        assert!(review.all_text().contains(&format!("({before} gives or asks for the same)")));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn durations_are_those_that_every_flow_offers_and_the_strictest_maximum_holds() {
    let mut policy = usual();
    policy.flows[0].durations = vec![TimeDelta::hours(1), TimeDelta::hours(2)];
    policy.flows[0].longest = TimeDelta::hours(3);
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "logs", "read").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        let view = world.goes_on("ana", &view).await;
        let durations = read::find_action(&view.json, "duration").unwrap();
        let offered = read::offered(&durations.element);
        assert_eq!(offered.len(), 1, "{offered:?}");
        assert_eq!(offered[0]["text"]["text"], "2 h");
        assert!(view.all_text().contains("At most 3 h."), "{}", view.all_text());

        for (typed, block) in [("4h", "other_duration"), ("soon", "other_duration")] {
            let mut values = why("INC-42: compare");
            values["other_duration"] =
                json!({"other_duration": {"type": "plain_text_input", "value": typed}});
            let answer = world.slack.submit(&account("ana"), &view.id, &values).await;
            assert!(answer.errors.contains_key(block), "{typed}: {answer:?}");
        }
        let mut values = why("INC-42: compare");
        values["other_duration"] =
            json!({"other_duration": {"type": "plain_text_input", "value": "1h 30m"}});
        let answer = world.slack.submit(&account("ana"), &view.id, &values).await;

        assert!(answer.is_ok(), "{answer:?}");
        for record in world.records().await {
            assert_eq!(record.asked.duration, TimeDelta::minutes(90));
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn back_keeps_everything_that_was_answered() {
    for world in worlds().await {
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        let view = world.goes_on("ana", &view).await;
        world.slack.type_text(&account("ana"), &view.id, "other_duration", "90m").await;
        let view = world
            .redraws(&view, async |world| {
                world.slack.choose(&account("ana"), &view.id, "duration", &["28800"]).await
            })
            .await;
        let view = world.types_in("ana", &view, "justification", "INC-42: compare").await;

        let back = world.presses_in("ana", &view, "back").await;
        assert!(back.all_text().contains("1 of at most 1,000 chosen"), "{}", back.all_text());
        let back = world.chooses("ana", &back, "invoices", "read").await;
        let view = world.goes_on("ana", &back).await;

        let values = view.values();
        assert_eq!(values["why"]["justification"]["value"], "INC-42: compare");
        assert_eq!(values["other_duration"]["other_duration"]["value"], "90m");
        assert_eq!(values["duration"]["duration"]["selected_option"]["value"], "28800");
        let answer = world.slack.submit(&account("ana"), &view.id, &json!({})).await;
        assert!(answer.is_ok(), "{answer:?}");
        let record = &world.records().await[0];
        assert_eq!(record.asked.items, [item("payments", "read"), item("invoices", "read")]);
        assert_eq!(record.asked.justification, "INC-42: compare");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_asked_for_any_more_is_left_out_with_the_reason() {
    for world in worlds().await {
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "payments", "read").await;
        let view = world.chooses("ana", &view, "invoices", "read").await;
        let view = world.goes_on("ana", &view).await;
        let mut policy = usual();
        policy.flows.retain(|flow| flow.id.as_str() != "denied");
        for selector in policy.flows.iter_mut().flat_map(|flow| &mut flow.what) {
            if selector.resource == Pattern::any() {
                selector.resource = Pattern::new("payments");
            }
        }
        world.app().reload(policy).await.unwrap();

        let answer = world.slack.submit(&account("ana"), &view.id, &why("INC-42")).await;

        assert!(answer.is_ok(), "{answer:?}");
        let said = world.slack.views(&account("ana")).pop().unwrap().all_text();
        assert_eq!(ids_in(&said).len(), 1, "{said}");
        assert!(said.contains("is Pending Approval"), "{said}");
        assert!(said.contains("Left out, because you cannot ask for this"), "{said}");
        assert!(said.contains("invoices (database in Production): read"), "{said}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_latest_press_is_what_the_form_shows_however_slow_slack_is() {
    for mut world in worlds().await {
        world.may_be_refused = true;
        let view = world.opens_form("ana").await;
        let slow = Fault::Delay(Duration::from_millis(300));
        world.slack.fault("views.update", Filter::default(), slow, 1);
        let account = account("ana");

        let first = world.slack.type_text(&account, &view.id, "words", "p").await;
        let second = world.slack.type_text(&account, &view.id, "words", "payments").await;

        assert!(first.is_ok() && second.is_ok());
        let shown = world.says(&view, "1 of 7 match").await;
        assert_eq!(shown.values()["words"]["words"]["value"], "payments");
        world.ends().await;
    }
}
