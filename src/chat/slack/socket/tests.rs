//! The connections against a small Slack of the tests' own.
use super::*;
use crate::chat::slack::{Ack, Handler, Inbound};
use axum::Router;
use axum::routing::any;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

const SOON: Duration = Duration::from_secs(5);

type Far = WebSocketStream<TcpStream>;

/// Slack's side: answers to `apps.connections.open` in order, and the connections as they come.
struct World {
    answers: Arc<Mutex<VecDeque<Value>>>,
    asked: Arc<AtomicUsize>,
    far: mpsc::Receiver<Far>,
    health: Health,
    stop: CancellationToken,
    running: JoinHandle<()>,
    /// Lets a handler that was asked to wait go on.
    go_on: Arc<Notify>,
}

fn pace(connections: usize) -> Pace {
    let ms = Duration::from_millis;
    Pace {
        connections,
        dial: SOON,
        ping: ms(20),
        silence: SOON,
        first_wait: ms(1),
        longest_wait: ms(4),
        fatal_wait: ms(10),
        settled: Duration::ZERO,
        finish: SOON,
    }
}

impl World {
    async fn new(pace: Pace, at_a_time: usize) -> Self {
        let (answers, asked) = (Arc::new(Mutex::new(VecDeque::new())), Arc::default());
        let sockets = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/", sockets.local_addr().unwrap());
        let api = api(answers.clone(), Arc::clone(&asked), url).await;
        let (tell, far) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Ok((stream, _)) = sockets.accept().await {
                let socket = tokio_tungstenite::accept_async(stream).await.unwrap();
                let _ = tell.send(socket).await;
            }
        });
        let go_on = Arc::new(Notify::new());
        let dispatch = Dispatch::bounded(handler(go_on.clone()), at_a_time, SOON);
        let (health, stop) = (Health::default(), CancellationToken::new());
        let part = health.part("slack");
        let mode = SocketMode::new(api, "xapp".into(), dispatch, part, pace, stop.clone());
        let running = tokio::spawn(mode.run());
        Self { answers, asked, far, health, stop, running, go_on }
    }

    /// The next connection, greeted.
    async fn greeted(&mut self) -> Far {
        let mut far = timeout(SOON, self.far.recv()).await.unwrap().unwrap();
        tell(&mut far, json!({"type": "hello", "num_connections": 1})).await;
        far
    }

    async fn until(&self, is_so: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !is_so(self) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(SOON, waiting).await.unwrap();
    }

    fn ailment(&self) -> String {
        self.health.ailments().into_iter().map(|(_, sentence)| sentence).collect()
    }
}

async fn api(
    answers: Arc<Mutex<VecDeque<Value>>>,
    asked: Arc<AtomicUsize>,
    url: String,
) -> SlackApi {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api", listener.local_addr().unwrap());
    let open = move || {
        asked.fetch_add(1, Ordering::SeqCst);
        let answer = answers.lock().unwrap().pop_front();
        let answer = answer.unwrap_or_else(|| json!({"ok": true, "url": url}));
        async move { axum::Json(answer) }
    };
    let router = Router::new().route("/api/apps.connections.open", any(open));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    SlackApi::new(&address, "xoxb".into()).unwrap()
}

/// Answers with what it got; waits first when the payload says so.
fn handler(go_on: Arc<Notify>) -> Handler {
    Arc::new(move |inbound| {
        let go_on = go_on.clone();
        Box::pin(async move {
            let (Inbound::Command(payload)
            | Inbound::Interaction(payload)
            | Inbound::Event(payload)) = inbound;
            match payload["do"].as_str() {
                Some("wait") => go_on.notified().await,
                Some("break") => panic!("as asked"),
                _ => {}
            }
            Ack { body: payload.get("answer").cloned() }
        })
    })
}

async fn tell(far: &mut Far, message: Value) {
    far.send(Message::text(message.to_string())).await.unwrap();
}

/// The next text from the bot; pings pass.
async fn heard(far: &mut Far) -> Value {
    let listening = async {
        loop {
            match far.next().await {
                Some(Ok(Message::Text(text))) => break serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break Value::Null,
                Some(Ok(_)) => {}
            }
        }
    };
    timeout(SOON, listening).await.unwrap()
}

fn envelope(id: &str, kind: &str, payload: Value) -> Value {
    let accepts = kind != "events_api";
    json!({"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": accepts})
}

#[tokio::test]
async fn each_kind_is_acknowledged_with_a_payload_only_where_it_is_taken() {
    let mut world = World::new(pace(1), 9).await;
    let mut far = world.greeted().await;
    let answer = json!({"answer": {"options": []}});

    for (kind, ack) in [
        ("slash_commands", json!({"envelope_id": "e", "payload": {"options": []}})),
        ("interactive", json!({"envelope_id": "e", "payload": {"options": []}})),
        ("events_api", json!({"envelope_id": "e"})),
    ] {
        tell(&mut far, envelope("e", kind, answer.clone())).await;
        assert_eq!(heard(&mut far).await, ack, "{kind}");
    }
    tell(&mut far, envelope("empty", "slash_commands", json!({}))).await;
    assert_eq!(heard(&mut far).await, json!({"envelope_id": "empty"}));
    assert_eq!(world.ailment(), "");
}

#[tokio::test]
async fn a_slow_handler_delays_nobody() {
    let mut world = World::new(pace(1), 9).await;
    let mut far = world.greeted().await;

    tell(&mut far, envelope("slow", "interactive", json!({"do": "wait"}))).await;
    tell(&mut far, envelope("quick", "interactive", json!({}))).await;
    let first = heard(&mut far).await;
    world.go_on.notify_one();
    let second = heard(&mut far).await;

    assert_eq!([first, second], [json!({"envelope_id": "quick"}), json!({"envelope_id": "slow"})]);
}

#[tokio::test]
async fn what_is_not_understood_or_breaks_is_not_acknowledged_and_harms_nobody() {
    let mut world = World::new(pace(1), 9).await;
    let mut far = world.greeted().await;

    far.send(Message::text("no json")).await.unwrap();
    far.send(Message::binary(vec![1, 2])).await.unwrap();
    tell(&mut far, envelope("strange", "of_tomorrow", json!({}))).await;
    tell(&mut far, envelope("broken", "interactive", json!({"do": "break"}))).await;
    tell(&mut far, envelope("good", "interactive", json!({}))).await;

    assert_eq!(heard(&mut far).await, json!({"envelope_id": "good"}));
}

#[tokio::test]
async fn when_all_places_are_taken_answers_still_go_out() {
    let mut world = World::new(pace(1), 1).await;
    let mut far = world.greeted().await;

    for id in ["1", "2", "3"] {
        tell(&mut far, envelope(id, "interactive", json!({"do": "wait"}))).await;
    }
    for id in ["1", "2", "3"] {
        world.go_on.notify_one();
        assert_eq!(heard(&mut far).await, json!({"envelope_id": id}));
    }
}

#[tokio::test]
async fn the_next_connection_is_there_before_the_last_one_goes() {
    let mut world = World::new(pace(1), 9).await;
    let mut old = world.greeted().await;
    tell(&mut old, envelope("slow", "interactive", json!({"do": "wait"}))).await;

    tell(&mut old, json!({"type": "disconnect", "reason": "warning"})).await;
    let mut new = timeout(SOON, world.far.recv()).await.unwrap().unwrap();
    tell(&mut old, envelope("late", "interactive", json!({}))).await;
    let on_old = heard(&mut old).await;
    tell(&mut new, json!({"type": "hello"})).await;
    tell(&mut new, envelope("new", "interactive", json!({}))).await;
    let on_new = heard(&mut new).await;
    world.go_on.notify_one();
    let last_on_old = heard(&mut old).await;

    assert_eq!(
        on_old,
        json!({"envelope_id": "late"}),
        "until there is a new one the old one serves"
    );
    assert_eq!(on_new, json!({"envelope_id": "new"}));
    assert_eq!(
        last_on_old,
        json!({"envelope_id": "slow"}),
        "answers in flight finish on the old one"
    );
    assert_eq!(heard(&mut old).await, Value::Null, "then it is closed");
    assert_eq!(world.ailment(), "");
}

#[tokio::test]
async fn there_are_two_and_losing_one_is_not_an_ailment() {
    let mut world = World::new(pace(2), 9).await;
    let first = world.greeted().await;
    let mut second = world.greeted().await;

    drop(first);
    let _third = world.greeted().await;
    tell(&mut second, envelope("e", "interactive", json!({}))).await;

    assert_eq!(heard(&mut second).await, json!({"envelope_id": "e"}));
    assert_eq!(world.ailment(), "");
}

#[tokio::test]
async fn losing_the_last_one_is_told_until_there_is_another() {
    let mut world = World::new(pace(1), 9).await;
    let far = world.greeted().await;
    world.until(|world| world.ailment().is_empty()).await;
    world
        .answers
        .lock()
        .unwrap()
        .extend((0..50).map(|_| json!({"ok": false, "error": "fatal_error"})));

    drop(far);
    world.until(|world| world.ailment() == "Slack cannot be reached").await;
    world.answers.lock().unwrap().clear();
    let _far = world.greeted().await;

    world.until(|world| world.ailment().is_empty()).await;
}

#[tokio::test]
async fn a_dead_token_is_told_and_tried_again_slowly() {
    let pace = Pace { fatal_wait: Duration::from_secs(60), ..pace(1) };
    let world = World::new(pace, 9).await;
    world.answers.lock().unwrap().push_back(json!({"ok": false, "error": "invalid_auth"}));

    world
        .until(|world| {
            world.ailment().contains("invalid_auth") || world.asked.load(Ordering::SeqCst) > 0
        })
        .await;
    tokio::time::sleep(Duration::from_millis(30)).await;

    assert_eq!(world.asked.load(Ordering::SeqCst), 1);
    assert!(!world.running.is_finished());
}

#[tokio::test]
async fn socket_mode_switched_off_is_told() {
    let pace = Pace { fatal_wait: Duration::from_secs(60), ..pace(1) };
    let mut world = World::new(pace, 9).await;
    let mut far = world.greeted().await;

    tell(&mut far, json!({"type": "disconnect", "reason": "link_disabled"})).await;

    world.until(|world| world.ailment().contains("switched off")).await;
    assert_eq!(world.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_replaced() {
    let pace = Pace { silence: Duration::from_millis(60), ..pace(1) };
    let mut world = World::new(pace, 9).await;

    // Nobody reads at the far side, so no ping of ours is answered.
    let _mute = world.greeted().await;

    world.greeted().await;
}

#[tokio::test]
async fn stopping_takes_nothing_new_and_sends_what_is_due() {
    let mut world = World::new(pace(2), 9).await;
    let mut far = world.greeted().await;
    let _other = world.greeted().await;
    tell(&mut far, envelope("slow", "interactive", json!({"do": "wait"}))).await;
    tell(&mut far, envelope("probe", "interactive", json!({}))).await;
    assert_eq!(heard(&mut far).await, json!({"envelope_id": "probe"}));

    world.stop.cancel();
    tokio::time::sleep(Duration::from_millis(20)).await;
    // It may be closed to us already.
    let _ = far.send(Message::text(envelope("new", "interactive", json!({})).to_string())).await;
    world.go_on.notify_one();

    assert_eq!(heard(&mut far).await, json!({"envelope_id": "slow"}));
    assert_eq!(heard(&mut far).await, Value::Null);
    timeout(SOON, world.running).await.unwrap().unwrap();
}

#[tokio::test]
async fn waits_double_up_to_a_ceiling_and_differ() {
    let world = World::new(pace(0), 9).await;
    let answers = Arc::new(Mutex::new(VecDeque::new()));
    let api = api(answers, Arc::default(), String::new()).await;
    let dispatch = Dispatch::new(handler(Arc::default()));
    let part = world.health.part("slack");
    let pace = Pace::default();
    let mode = SocketMode::new(api, "xapp".into(), dispatch, part, pace, world.stop.clone());

    for (failures, seconds) in [(1, 1.0), (2, 2.0), (5, 16.0), (6, 30.0), (u32::MAX, 30.0)] {
        let wait = mode.back_off(failures).as_secs_f64();
        assert!(wait >= seconds / 2.0 && wait <= seconds, "{failures}: {wait}");
    }
    assert_ne!(mode.back_off(5), mode.back_off(5));
}
