//! What can be done from a row of the Home (R18): the buttons that are there, and that each works.
use crate::world::homes::rows;
use crate::world::policy::{account, usual};
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{View, read};
use hallpass::domain::id::RequestId;
use hallpass::domain::record::Record;
use hallpass::domain::terms::{Extend, Offered};
use serde_json::{Value, json};

/// The buttons of a request's row, by action, with what each carries.
fn offers(home: &View, list: &str, id: RequestId) -> Vec<(String, String)> {
    let block = format!("{list}-{id}");
    let found = read::elements(&home.json).into_iter().filter(|found| found.block_id == block);
    let carried = |element: &Value| element["value"].as_str().unwrap_or_default().to_owned();
    found.map(|found| (found.action_id.clone(), carried(&found.element))).collect()
}

fn actions(home: &View, list: &str, id: RequestId) -> Vec<String> {
    offers(home, list, id).into_iter().map(|(action, _)| action).collect()
}

/// Presses the button that the row has, as it stands on the screen.
async fn presses(world: &World, person: &str, list: &str, id: RequestId, action: &str) {
    let home = world.home_of(person);
    let offers = offers(&home, list, id);
    let found = offers.iter().find(|(offered, _)| offered == action);
    let (_, value) = found.unwrap_or_else(|| panic!("{id} in {list} offers {offers:?}"));
    let answer = world.presses_in_home(person, action, value).await;
    assert!(answer.is_ok(), "{answer:?}");
}

async fn closes(world: &World, person: &str, view: &View) {
    world.slack.close(&account(person), &view.id).await;
}

/// Access that may be extended once its last quarter has begun.
fn extendable() -> Options {
    let mut policy = usual();
    for flow in &mut policy.flows {
        flow.extend = Some(Extend {
            step: TimeDelta::minutes(30),
            times: 1,
            longest: TimeDelta::hours(4),
            offered: Offered::LastQuarter,
        });
    }
    Options { policy, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_my_access_connects_extends_and_ends_it() {
    for world in worlds_with(extendable()).await {
        let id = world.asks("ana", "logs", "read").await;
        world.settle().await;
        let home = world.opens_home("ana").await;
        assert_eq!(actions(&home, "access", id), ["connect", "revoke", "details"]);

        presses(&world, "ana", "access", id, "connect").await;
        let connect = world.sees_modal("ana", "connect").await;
        assert!(connect.all_text().contains("s3cret-canary"), "{}", connect.all_text());
        closes(&world, "ana", &connect).await;
        presses(&world, "ana", "access", id, "details").await;
        let details = world.sees_modal("ana", "details").await;
        assert!(details.all_text().contains(&id.to_string()), "{}", details.all_text());
        closes(&world, "ana", &details).await;

        let end = world.record(id).await.expires_at.unwrap();
        world.clock.set(end - TimeDelta::minutes(10));
        let offers_more = |home: &View| actions(home, "access", id).contains(&"extend".to_owned());
        world.sees_home("ana", offers_more).await;
        presses(&world, "ana", "access", id, "extend").await;
        world.sees_home("ana", |home| !offers_more(home)).await;
        assert_eq!(world.record(id).await.expires_at, Some(end + TimeDelta::minutes(30)));

        presses(&world, "ana", "access", id, "revoke").await;
        world.becomes(id, "Revoking").await;
        let home = world.sees_home("ana", |home| rows(&home.json, "access").is_empty()).await;
        assert_eq!(world.status(id).await, "Revoked");
        assert!(!world.target.holds("ana", "logs", "read"));
        assert_eq!(rows(&home.json, "closed"), [id.0]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_a_pending_request_cancels_it() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let home = world.opens_home("ana").await;
        assert_eq!(actions(&home, "requests", id), ["cancel", "details"]);

        presses(&world, "ana", "requests", id, "cancel").await;
        world.becomes(id, "Cancelled").await;
        let offers_again =
            |home: &View| actions(home, "requests", id) == ["again", "details"].map(str::to_owned);
        world.sees_home("ana", offers_again).await;

        assert_eq!(read::buttons(&world.ask_of("ben", id).blocks), ["Details"]);
        world.ends().await;
    }
}

/// Sends the second step with a new reason; the request that comes of it.
async fn sends(world: &World, of: &Record, why: &str) -> RequestId {
    let form = world.sees_modal("ana", "request_finish").await;
    let text = form.all_text();
    assert!(text.contains(&format!("asks again for what {} was about", of.asked.id)), "{text}");
    assert!(!form.json.to_string().contains(&of.asked.justification), "{}", form.json);
    let values = json!({"why": {"justification": {"type": "plain_text_input", "value": why}}});
    let sent = world.slack.submit("U1", &form.id, &values).await;
    assert!(sent.is_ok(), "{sent:?}");
    let said = world.slack.views("U1").pop().unwrap();
    closes(world, "ana", &said).await;
    let record = world.records().await.pop().unwrap();
    assert_eq!((&record.asked.items, record.asked.duration), (&of.asked.items, of.asked.duration));
    assert_eq!(record.asked.justification, why);
    record.asked.id
}

/// R12: typed, from a favourite and from what ended last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn again_is_typed_or_pressed_on_a_favourite_or_on_what_ended_last() {
    for world in worlds().await {
        let first = world.asks("ana", "logs", "read").await;
        world.settle().await;
        world.app().star(&"ana".into(), first, true).await.unwrap();
        world.passes(TimeDelta::hours(2)).await;
        let of = world.record(first).await;
        assert_eq!(of.state.label(), "Expired");

        assert!(world.types("ana", &format!("again {first}")).await.is_ok());
        let mut made = vec![sends(&world, &of, "INC-43: compare today's logs").await];
        for (list, why) in [("favorites", "INC-44: and once more"), ("closed", "INC-45: the last")]
        {
            world.settle().await;
            world.passes(TimeDelta::hours(2)).await;
            world.opens_home("ana").await;
            presses(&world, "ana", list, first, "again").await;
            made.push(sends(&world, &of, why).await);
        }
        world.settle().await;

        made.sort();
        made.dedup();
        assert_eq!(made.len(), 3);
        assert!(world.target.holds("ana", "logs", "read"));
        world.ends().await;
    }
}
