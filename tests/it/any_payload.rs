//! Signed payloads that are nearly Slack's: each is acknowledged, and none brings a task down.
use crate::world::policy::account;
use crate::world::{Kind as Database, Options, World};
use hallpass::demo::slack::{Kind, State};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Texts that mean something here, or nearly.
const TEXTS: &[&str] = &[
    "",
    " ",
    "AR-",
    "AR-1001",
    "AR-1001 1",
    "AR-1001 18446744073709551616",
    "AR-1001 -1",
    "AR-9223372036854775807",
    "AR-99999999999999999999",
    "\0",
    "{",
    "{\"request\":1001}",
    "{\"request\":1001,\"approves\":true}",
    "request",
    "details 9",
    "🙂",
    "refine",
];

/// What is put in the place of a part of a payload; `None` takes it out.
fn parts() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(Value::Null)),
        1 => Just(Some(json!([]))),
        1 => Just(Some(json!({}))),
        1 => Just(Some(json!([[[["x"]]], {"x": [null]}]))),
        1 => any::<i64>().prop_map(|n| Some(n.into())),
        1 => any::<f64>().prop_map(|n| Some(n.into())),
        4 => prop::sample::select(TEXTS).prop_map(|text| Some(text.into())),
        1 => ".{0,30}".prop_map(|text| Some(text.into())),
        1 => Just(Some("x".repeat(5_000).into())),
    ]
}

/// Every place in a value, the whole of it left out.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, v)| (escaped(key), v)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, v)| (n.to_string(), v)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inside {
        let place = format!("{at}/{key}");
        places(value, &place, found);
        found.push(place);
    }
}

fn changed(payload: &Value, at: prop::sample::Index, part: Option<Value>) -> Value {
    let (mut payload, mut found) = (payload.clone(), Vec::new());
    places(&payload, "", &mut found);
    if found.is_empty() {
        return payload;
    }
    let place = at.get(&found);
    match part {
        Some(part) => *payload.pointer_mut(place).unwrap() = part,
        None => {
            let (parent, key) = place.rsplit_once('/').unwrap();
            if let Some(Value::Object(fields)) = payload.pointer_mut(parent) {
                fields.remove(key);
            }
        }
    }
    payload
}

/// One of everything that people send.
async fn seeds(world: &World) -> Vec<(Kind, Value)> {
    let id = world.asks("ana", "payments", "read").await;
    world.settle().await;
    let ask = world.ask_of("ben", id);
    assert!(world.clicks("ben", &ask, "details").await.is_ok());
    world.sees_modal("ben", "details").await;
    world.approves("ben", id, "fine").await;
    world.settle().await;
    let ready = world.said_to("ana", id, "Your access is ready");
    assert!(world.clicks("ana", &ready, "connect").await.is_ok());
    world.sees_modal("ana", "connect").await;
    assert!(world.types("ana", &format!("show {id}")).await.is_ok());
    world.slack.home(&account("ana")).await;
    let all = |state: &State| state.deliveries().to_vec();
    world.slack.read(all).into_iter().map(|sent| (sent.kind, sent.payload)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_part_of_any_payload_may_be_wrong() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        hook(info);
    }));
    let mut world = World::start(Database::Sqlite, Options::default()).await.unwrap();
    world.may_be_refused = true;
    let seeds = seeds(&world).await;
    assert!(seeds.len() > 8, "{}", seeds.len());
    let change = (any::<prop::sample::Index>(), parts());
    let strategy = (any::<prop::sample::Index>(), prop::collection::vec(change, 1..4));
    let mut runner = TestRunner::new(Config::default());
    let before = PANICS.load(Ordering::Relaxed);

    for _ in 0..400 {
        let (seed, changes) = strategy.new_tree(&mut runner).unwrap().current();
        let (kind, payload) = seed.get(&seeds);
        let wrong = changes
            .into_iter()
            .fold(payload.clone(), |payload, (at, part)| changed(&payload, at, part));
        let ack = world.slack.send(&world.urls()[0], *kind, &wrong, &[]).await;
        let is_answered = ack.status.is_some_and(|status| status == 200 || status == 400);
        assert!(is_answered, "{ack:?} to {wrong}");
    }

    world.settle().await;
    assert_eq!(PANICS.load(Ordering::Relaxed), before, "nothing panicked");
    world.ends().await;
}
