//! V22: told to stop under load, it finishes what it took, ends in time and loses nothing.
use crate::bot::Bot;
use crate::refusals::change;
use crate::world::{ANA, BEN, Kind, World, room};
use futures_util::future::join_all;
use hallpass::clock::{Clock as _, SystemClock};
use hallpass::demo::slack::{Fault, Filter, Headers, Kind as Sent};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longest end (V22).
const END: Duration = Duration::from_secs(10);
/// How long Slack takes for everything.
const SLOW: Duration = Duration::from_millis(1_500);
/// Forms sent at once.
const FORMS: usize = 300;
/// Forms that are being sent when it is told to stop: what an unoptimised build on a busy machine
/// stores, one durable commit each, before its time is over.
const IN_FLIGHT: usize = 60;

/// Many copies of a form that Ana filled, each a view and a draft of its own: the payloads as Slack
/// sends them.
async fn forms(world: &World, count: usize) -> Vec<Value> {
    world.ask(&[room("ben", 0)], "1h").await;
    let sent = world.workspace.read(|state| {
        let is_form = |payload: &Value| payload["type"] == "view_submission";
        state.deliveries().iter().map(|it| it.payload.clone()).rfind(is_form).unwrap()
    });
    let draft = sent["view"]["private_metadata"].as_str().unwrap();
    let copies: Vec<String> = (0..count)
        .map(|n| {
            format!(
                "INSERT INTO draft (id, owner, body, version, touched_at) \
                 SELECT id || '-{n}', owner, body, version, touched_at FROM draft \
                 WHERE id = '{draft}';"
            )
        })
        .collect();
    change(world, &format!("BEGIN; {} COMMIT;", copies.concat())).await;
    let copy = |n: usize| {
        let mut payload = sent.clone();
        payload["view"]["id"] = json!(format!("V0LOAD{n:04}"));
        payload["view"]["private_metadata"] = json!(format!("{draft}-{n}"));
        payload
    };
    (0..count).map(copy).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_under_load_it_ends_in_time_and_loses_nothing() {
    for kind in Kind::all().await {
        stops_under_load(&kind).await;
    }
}

async fn stops_under_load(kind: &Kind) {
    let mut world = World::start(kind).await;
    let payloads = forms(&world, FORMS).await;
    let ws = world.workspace.clone();
    // Everything that goes to Slack is slow, and Ben's messages never get an answer.
    let slow = ws.fault("*", Filter::default(), Fault::Delay(SLOW), 1_000_000);
    let never = ws.fault("chat.postMessage", Filter::user(BEN), Fault::HoldBefore, 1_000_000);
    let bot = world.bot.take().unwrap();
    let url = bot.url.clone();
    let answered = AtomicUsize::new(0);

    let sends = payloads.iter().map(|payload| async {
        let ack = ws.send(&url, Sent::Interaction, payload, &[]).await;
        answered.fetch_add(1, Ordering::Relaxed);
        ack
    });
    let stopping = async {
        while answered.load(Ordering::Relaxed) < FORMS / 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bot.terminate().await
    };
    let (acks, (status, took)) = tokio::join!(join_all(sends), stopping);

    assert_eq!(status.code(), Some(0));
    assert!(took <= END, "it took {took:?}");
    slow.release();
    never.release();
    world.start_bot().await;
    let stored = world.requests().await.len();
    let taken = acks.iter().filter(|ack| ack.status == Some(200)).count();
    let unheard = acks.iter().filter(|ack| ack.status.is_none()).count();
    eprintln!(
        "{taken} of {FORMS} acknowledged, {unheard} never heard, {stored} stored, ended after {took:?}"
    );
    // One more was there before.
    assert!(stored > taken, "{taken} were acknowledged and {stored} are stored");
    // Slack, or the person, sends again what was not acknowledged; nothing is there twice.
    let url = world.bot().url.clone();
    for batch in payloads.chunks(20) {
        let again = batch.iter().map(|payload| ws.send(&url, Sent::Interaction, payload, &[]));
        assert!(join_all(again).await.iter().all(|ack| ack.status == Some(200)));
    }
    let all = world.requests().await;
    assert_eq!(all.len(), FORMS + 1);
    let numbers: BTreeSet<i64> = all.iter().map(|row| row.id).collect();
    assert_eq!(numbers.len(), FORMS + 1);
    world.installation.audit().await;
    world.close().await;
}

/// One signed request on a connection of its own, of which the last byte is still to come.
async fn half_sent(world: &World, bot: &Bot, payload: &Value) -> (TcpStream, Vec<u8>) {
    let (kind, body) = Sent::Interaction.pack(payload);
    let headers: Headers = world.workspace.sign(SystemClock.now(), &body);
    let mut head = format!(
        "POST {} HTTP/1.1\r\nHost: hallpass\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n",
        Sent::Interaction.path(),
        body.len()
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "\r\n";
    let mut stream = TcpStream::connect(bot.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let (now, later) = body.split_at(body.len() - 1);
    stream.write_all(now).await.unwrap();
    (stream, later.to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_flight_at_the_stop_are_acknowledged() {
    for kind in Kind::all().await {
        acknowledges_what_is_in_flight(&kind).await;
    }
}

async fn acknowledges_what_is_in_flight(kind: &Kind) {
    let mut world = World::start(kind).await;
    let payloads = forms(&world, IN_FLIGHT).await;
    let bot = world.bot.take().unwrap();
    let mut open = Vec::new();
    for payload in &payloads {
        open.push(half_sent(&world, &bot, payload).await);
    }
    // Each has reached the bot by the time that a later connection is answered.
    assert!(
        world
            .workspace
            .send_raw(&format!("{}/healthz", bot.url), Vec::new(), Vec::new())
            .await
            .status
            .is_some()
    );
    tokio::time::sleep(Duration::from_millis(200)).await;

    bot.signal(Signal::TERM);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let answers = open.into_iter().map(|(mut stream, rest)| async move {
        stream.write_all(&rest).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    });
    let answers = join_all(answers).await;
    let (status, took) = bot.terminate().await;

    let bad: Vec<&String> = answers.iter().filter(|it| !it.starts_with("HTTP/1.1 200")).collect();
    assert!(bad.is_empty(), "{} were not acknowledged: {:?}", bad.len(), bad.first());
    assert_eq!(status.code(), Some(0));
    assert!(took <= END, "it took {took:?}");
    world.start_bot().await;
    assert_eq!(world.requests().await.len(), payloads.len() + 1);
    world.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_hangs_does_not_keep_it_from_ending() {
    for kind in Kind::all().await {
        ends_though_a_target_hangs(&kind).await;
    }
}

async fn ends_though_a_target_hangs(kind: &Kind) {
    let mut world = World::start(kind).await;
    world.target.hold("after-grant");
    world.ask(&[room("h0", 0)], "6s").await;
    world.target.wait_held(1).await;

    let (status, took) = world.bot.take().unwrap().terminate().await;

    assert_eq!(status.code(), Some(0));
    assert!(took <= END, "it took {took:?}");
    world.target.release().await;
    world.start_bot().await;
    world.wait_requests("the end", |all| all.iter().all(crate::world::Row::is_over)).await;
    assert!(world.target.access().is_empty());
    world.history_is_right().await;
    assert!(!world.workspace.dm(ANA).is_empty());
    world.close().await;
}
