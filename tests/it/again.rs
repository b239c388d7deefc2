//! Asking again for what a request was about (R12).
use crate::world::policy;
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::app::ActError;
use hallpass::domain::id::RequestId;
use serde_json::json;

/// Access that was there and is over.
async fn expired(world: &World) -> RequestId {
    let id = world.asks("ana", "logs", "read").await;
    world.settle().await;
    world.passes(TimeDelta::hours(2)).await;
    assert_eq!(world.status(id).await, "Expired");
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_notice_of_an_end_opens_the_form_filled_but_for_the_justification() {
    for world in worlds().await {
        let id = expired(&world).await;
        let over = world.slack.dm("U1").into_iter().next_back().unwrap();

        assert!(world.slack.click_on("U1", &over, "again").await.is_ok());
        let form = world.sees_modal("ana", "request_finish").await;
        let text = form.all_text();
        assert!(text.contains(&format!("asks again for what {id} was about")), "{text}");
        assert!(!form.json.to_string().contains("look into the failed"), "{}", form.json);
        let silent = world.slack.submit("U1", &form.id, &json!({})).await;
        assert!(silent.errors.contains_key("why"), "{silent:?}");
        let why = "INC-43: compare today's logs with those of yesterday";
        let values = json!({"why": {"justification": {"type": "plain_text_input", "value": why}}});
        let sent = world.slack.submit("U1", &form.id, &values).await;
        assert!(sent.is_ok(), "{sent:?}");
        world.settle().await;

        let records = world.records().await;
        let [first, second] = records.as_slice() else { panic!("{records:?}") };
        assert_eq!(first.state.label(), "Expired");
        assert_eq!(second.state.label(), "Active");
        assert_eq!(second.asked.items, first.asked.items);
        assert_eq!(second.asked.duration, first.asked.duration);
        assert_eq!(second.asked.justification, why);
        assert!(world.target.holds("ana", "logs", "read"));
        world.ends().await;
    }
}

/// R17: the word does what the button does, and says so where it cannot.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_word_again_opens_the_same_form_or_says_why_not() {
    for world in worlds().await {
        let id = expired(&world).await;
        let pending = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];

        assert!(world.types("ana", &format!("again {id}")).await.is_ok());
        let form = world.sees_modal("ana", "request_finish").await;
        assert!(form.all_text().contains(&format!("asks again for what {id} was about")));
        world.slack.close("U1", &form.id).await;
        assert!(world.types("ana", &format!("again {pending}")).await.is_ok());
        let early = world.sees_modal("ana", "notice").await.all_text();
        assert!(early.contains("can be asked for again once it is over"), "{early}");
        assert!(world.types("ben", &format!("again {id}")).await.is_ok());
        let notice = world.sees_modal("ben", "notice").await.all_text();
        assert!(notice.contains("No such request"), "{notice}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_over_is_asked_for_again_only_where_it_is_a_favourite() {
    for world in worlds().await {
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        let ana = "ana".into();

        assert!(matches!(world.app().again(&ana, id).await, Err(ActError::Late(..))));
        world.app().star(&ana, id, true).await.unwrap();

        assert_eq!(world.app().again(&ana, id).await.unwrap().items.len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_again_follows_todays_flows_and_names_what_is_gone() {
    for world in worlds().await {
        let items = [("logs", "read"), ("secrets", "read")];
        let ids = world.submits("ana", &items, TimeDelta::hours(20)).await;
        world.settle().await;
        world.passes(TimeDelta::hours(21)).await;

        let again = world.app().again(&"ana".into(), ids[0]).await.unwrap();
        assert_eq!((again.items, again.gone), (vec![policy::item("logs", "read")], Vec::new()));
        assert_eq!(again.duration, TimeDelta::hours(20));
        // What the flow denies can be asked for by nobody.
        let denied = world.app().again(&"ana".into(), ids[1]).await;
        assert!(matches!(denied, Err(ActError::NothingLeft(_))), "{denied:?}");
        for person in ["ben", "dev"] {
            let tried = world.app().again(&person.into(), ids[0]).await;
            assert!(matches!(tried, Err(ActError::NotFound)), "{person}: {tried:?}");
        }
        world.ends().await;
    }
}

/// If someone else asked on my behalf and I may not ask for myself, only they may ask again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_asked_for_me_is_theirs_to_ask_again_unless_i_may_ask_myself() {
    for (policy, may_alone) in policy::on_behalf() {
        for world in worlds_with(Options { policy, ..Options::default() }).await {
            let id = world.asks_for_ana("logs").await;
            world.settle().await;
            world.passes(TimeDelta::hours(2)).await;

            let evas = world.app().again(&"eva".into(), id).await.unwrap();
            assert_eq!(evas.grantee, "ana".into());
            let anas = world.app().again(&"ana".into(), id).await;
            match anas {
                Ok(again) => assert!(may_alone && again.grantee == "ana".into()),
                Err(ActError::TheirsAlone(eva)) => assert!(!may_alone && eva == "eva".into()),
                Err(other) => panic!("{other:?}"),
            }
            world.ends().await;
        }
    }
}
