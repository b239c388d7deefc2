//! The server and its routes over real sockets.
mod answers;

use super::server::{Limits, serve};
use super::slack::SlackDoor;
use super::{dressed, health, slack};
use crate::chat::slack::verify::SigningSecret;
use crate::chat::slack::verify::tests::{SECRET, sign};
use crate::chat::slack::{Ack, Dispatch, Handler, Inbound};
use crate::clock::ManualClock;
use crate::health::Health;
use crate::telemetry::{LogFormat, subscriber};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const NOW: i64 = 1_800_000_000;
const SOON: Duration = Duration::from_secs(5);

/// A server whose handler writes down what it gets.
struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Inbound>>>,
    /// Lets a handler that was asked to `wait` go on.
    go_on: Arc<Notify>,
    health: Health,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Server {
    async fn new(limits: Limits) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let go_on = Arc::new(Notify::new());
        let health = Health::default();
        let door = SlackDoor::new(
            SigningSecret::new(&SECRET.into()),
            Dispatch::new(handler(seen.clone(), go_on.clone())),
            Arc::new(ManualClock::new(chrono::DateTime::from_timestamp(NOW, 0).unwrap())),
        );
        let broken = get(async || StatusCode::INTERNAL_SERVER_ERROR);
        let routes = Router::new().merge(slack::routes(door)).merge(health::routes(health.clone()));
        let routes = routes.route("/broken", broken);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        let serving = tokio::spawn(serve(listener, dressed(routes, true), limits, stop.clone()));
        Self { address, seen, go_on, health, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads until the other side closes.
    async fn send(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.unwrap();
        rest(&mut stream).await
    }

    fn seen(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    async fn until_seen(&self, count: usize) {
        while self.seen() < count {
            tokio::task::yield_now().await;
        }
    }
}

/// Answers a command that says `wait` only when told to, and a search with options.
fn handler(seen: Arc<Mutex<Vec<Inbound>>>, go_on: Arc<Notify>) -> Handler {
    Arc::new(move |inbound| {
        let (seen, go_on) = (seen.clone(), go_on.clone());
        Box::pin(async move {
            let waits = matches!(&inbound, Inbound::Command(fields) if fields["text"] == "wait");
            let body = matches!(inbound, Inbound::Interaction(_)).then(|| json!({"options": []}));
            seen.lock().unwrap().push(inbound);
            if waits {
                go_on.notified().await;
            }
            Ack { body }
        })
    })
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset after the answer is as good as an end.
    let _ = timeout(SOON, stream.read_to_end(&mut answer)).await.expect("it was not closed");
    String::from_utf8(answer).unwrap()
}

/// A request with these headers besides the usual ones.
fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

fn signature(body: &str, time: i64) -> String {
    let signature = sign(body.as_bytes(), &time.to_string());
    format!("x-slack-request-timestamp: {time}\r\nx-slack-signature: {signature}\r\n")
}

fn signed(path: &str, body: &str) -> String {
    post(path, &signature(body, NOW), body)
}

fn status(answer: &str) -> &str {
    answer.get("HTTP/1.1 ".len()..).and_then(|rest| rest.get(..3)).unwrap_or("none")
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[tokio::test]
async fn what_slack_signed_reaches_the_handler_and_its_answer_goes_back() {
    let server = Server::new(Limits::default()).await;
    let search = "payload=%7B%22type%22%3A%22block_suggestion%22%7D";

    let command = server.send(signed("/slack/commands", "command=%2Faccess&text=help")).await;
    let options = server.send(signed("/slack/options", search)).await;
    let event = server.send(signed("/slack/events", r#"{"type":"event_callback"}"#)).await;
    let challenge = r#"{"type":"url_verification","challenge":"c"}"#;
    let challenge = server.send(signed("/slack/events", challenge)).await;

    assert_eq!((status(&command), body(&command)), ("200", ""));
    assert_eq!((status(&options), body(&options)), ("200", r#"{"options":[]}"#));
    assert_eq!((status(&event), body(&event)), ("200", ""));
    assert_eq!((status(&challenge), body(&challenge)), ("200", r#"{"challenge":"c"}"#));
    assert_eq!(
        *server.seen.lock().unwrap(),
        [
            Inbound::Command(json!({"command": "/access", "text": "help"})),
            Inbound::Interaction(json!({"type": "block_suggestion"})),
            Inbound::Event(json!({"type": "event_callback"})),
        ]
    );
}

#[tokio::test]
async fn a_body_in_pieces_is_verified_whole() {
    let server = Server::new(Limits::default()).await;
    let mut stream = server.connect().await;
    let head = format!(
        "POST /slack/commands HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}transfer-encoding: chunked\r\n\r\n",
        signature("command=%2Faccess", NOW)
    );

    for piece in [head.as_str(), "7\r\ncommand\r\n", "a\r\n=%2Faccess\r\n", "0\r\n\r\n"] {
        stream.write_all(piece.as_bytes()).await.unwrap();
        tokio::task::yield_now().await;
    }

    assert_eq!(status(&rest(&mut stream).await), "200");
    assert_eq!(server.seen(), 1);
}

#[tokio::test]
async fn everything_else_gets_the_same_401_and_no_effect() {
    let page = Arc::new(Mutex::new(Vec::new()));
    let lines = Lines(page.clone());
    let logs = subscriber(LogFormat::Json, Some("trace"), move || lines.clone()).unwrap();
    let _logging = tracing::subscriber::set_default(logs);
    let server = Server::new(Limits::default()).await;
    let form = "command=%2Faccess&text=canary";
    let good = sign(form.as_bytes(), &NOW.to_string());
    let (time, tag) =
        (format!("x-slack-request-timestamp: {NOW}\r\n"), format!("x-slack-signature: {good}\r\n"));
    let off = format!("x-slack-signature: {}\r\n", good.replace('a', "b"));
    let cases = [
        String::new(),
        time.clone(),
        tag.clone(),
        format!("{time}{off}"),
        format!("{time}{tag}{tag}"),
        format!("{time}{time}{tag}"),
        format!("x-slack-request-timestamp: {}\r\n{tag}", NOW + 1),
        signature(form, NOW - 301),
        signature(form, NOW + 301),
        signature("command=%2Faccess&text=canarz", NOW),
        format!("{time}x-slack-signature: v0=\u{e9}\r\n"),
    ];

    let mut answers = Vec::new();
    for headers in &cases {
        answers.push(server.send(post("/slack/commands", headers, form)).await);
    }
    answers.push(server.send(post("/slack/events", "", "not json")).await);
    answers.push(server.send(post("/slack/interactions", &time, "ssl_check=1")).await);

    for answer in answers {
        assert_eq!((status(&answer), body(&answer)), ("401", "not signed by Slack\n"), "{answer}");
    }
    assert_eq!(server.seen(), 0);
    let page = String::from_utf8(page.lock().unwrap().clone()).unwrap();
    assert!(page.contains("forged") && page.contains("untimely") && page.contains("unsigned"));
    let tag = good.strip_prefix("v0=").unwrap();
    assert!(!page.contains(tag) && !page.contains("canary") && !page.contains(SECRET), "{page}");
}

#[derive(Clone)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_look_at_the_certificate_is_answered_and_starts_nothing() {
    let server = Server::new(Limits::default()).await;

    let unsigned = server.send(post("/slack/commands", "", "ssl_check=1&token=x")).await;
    let proven = server.send(signed("/slack/commands", "ssl_check=1&token=x")).await;

    assert_eq!((status(&unsigned), status(&proven)), ("200", "200"));
    assert_eq!(server.seen(), 0);
}

#[tokio::test]
async fn signed_nonsense_is_told_apart() {
    let server = Server::new(Limits::default()).await;
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));

    for (path, body) in [
        ("/slack/events", deep.as_str()),
        ("/slack/events", "[]"),
        ("/slack/interactions", "x=1"),
        ("/slack/commands", ""),
    ] {
        assert_eq!(status(&server.send(signed(path, body)).await), "400", "{path} {body:.9}");
    }
    assert_eq!(server.seen(), 0);
}

#[tokio::test]
async fn other_methods_and_paths_learn_nothing() {
    let server = Server::new(Limits::default()).await;
    let ask = async |method: &str, path: &str| {
        let request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        server.send(request).await
    };

    for method in ["GET", "HEAD", "PUT", "DELETE", "TRACE", "OPTIONS", "PATCH", "BREW"] {
        for hook in ["commands", "interactions", "options", "events"] {
            let answer = ask(method, &format!("/slack/{hook}")).await;
            assert_eq!((status(&answer), body(&answer)), ("405", ""), "{method} {hook}");
        }
    }
    assert_eq!(status(&ask("TRACE", "/healthz").await), "405");
    for path in ["/metrics", "/", "/slack", "/slack/commands/", "/slack/../healthz", "/%2e%2e/x"] {
        let answer = ask("GET", path).await;
        assert_eq!((status(&answer), body(&answer)), ("404", ""), "{path}");
    }
}

#[tokio::test]
async fn readiness_names_what_is_not_ready() {
    let server = Server::new(Limits::default()).await;
    let ask =
        async || server.send("GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let part = server.health.part("database");
    part.ails("the database does not answer");

    let red = ask().await;
    part.well();
    let green = ask().await;

    let sentence = "database: the database does not answer\n";
    assert_eq!((status(&red), body(&red)), ("503", sentence));
    assert_eq!((status(&green), body(&green)), ("200", "ready\n"));
}

#[tokio::test]
async fn a_large_body_is_refused_before_it_is_read() {
    let server = Server::new(Limits::default()).await;
    let claims = |bytes: u64| {
        format!("POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: {bytes}\r\n\r\n")
    };

    for bytes in [1_048_577, 1 << 30, 1 << 60] {
        let started = Instant::now();
        let answer = server.send(claims(bytes)).await;
        assert_eq!(status(&answer), "413", "{bytes}");
        assert!(started.elapsed() < Duration::from_secs(1), "{bytes}");
    }
    assert_eq!(status(&server.send(signed("/slack/events", &"x".repeat(1_048_576))).await), "400");
}

#[tokio::test]
async fn a_body_that_never_ends_is_refused_at_the_limit_and_cut_off() {
    let server = Server::new(Limits::default()).await;
    let (mut reader, mut writer) = server.connect().await.into_split();
    let piece = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
    let pouring = tokio::spawn(async move {
        let head = b"POST /slack/events HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
        writer.write_all(head).await.unwrap();
        let mut poured = 0_usize;
        while writer.write_all(&piece).await.is_ok() {
            poured += piece.len();
        }
        poured
    });

    let mut answer = vec![0; 12];
    reader.read_exact(&mut answer).await.unwrap();
    let poured = timeout(SOON, pouring).await.unwrap().unwrap();

    assert_eq!(answer, b"HTTP/1.1 413");
    assert!(poured < 32 << 20, "{poured}");
}

#[tokio::test]
async fn who_dawdles_is_cut_off() {
    let limits = Limits {
        headers: Duration::from_millis(50),
        request: Duration::from_millis(100),
        ..Limits::default()
    };
    let server = Server::new(limits).await;

    let silent = server.send("").await;
    let headers = server.send("POST /slack/events HTTP/1.1\r\nhost:").await;
    let body = server.send("POST /slack/events HTTP/1.1\r\ncontent-length: 9\r\n\r\nx").await;
    let handler = server.send(signed("/slack/commands", "text=wait")).await;

    assert_eq!((silent.as_str(), headers.as_str()), ("", ""));
    assert_eq!((status(&body), status(&handler)), ("408", "503"));
}

#[tokio::test]
async fn a_kept_connection_may_be_silent_but_not_slow() {
    let limits = Limits { headers: Duration::from_millis(50), ..Limits::default() };
    let server = Server::new(limits).await;
    let mut stream = server.connect().await;
    let ask = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

    for _ in 0..2 {
        stream.write_all(ask).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        while !matches!(stream.try_read(&mut [0; 512]), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
        {
            stream.readable().await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(120)).await;
    }
    stream.write_all(b"GET /hea").await.unwrap();

    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn slow_connections_do_not_keep_others_out() {
    let server = Server::new(Limits { connections: 8, ..Limits::default() }).await;
    let waiting = tokio::spawn({
        let (address, request) = (server.address, signed("/slack/commands", "text=wait"));
        async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            rest(&mut stream).await
        }
    });
    server.until_seen(1).await;
    let mut slow = Vec::new();
    for n in 0..100 {
        let mut stream = server.connect().await;
        let started = if n % 2 == 0 {
            "POST /slack/ev"
        } else {
            "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nx"
        };
        // It may have been sent away already.
        let _ = stream.write_all(started.as_bytes()).await;
        slow.push(stream);
    }

    let started = Instant::now();
    let answer = server.send(signed("/slack/commands", "text=help")).await;

    assert_eq!(status(&answer), "200");
    assert!(started.elapsed() < Duration::from_secs(1));
    server.go_on.notify_one();
    assert_eq!(
        status(&waiting.await.unwrap()),
        "200",
        "who waits for an answer is never sent away"
    );
}

#[tokio::test]
async fn stopping_lets_answers_out_and_ends() {
    let server = Server::new(Limits::default()).await;
    let idle = server.connect().await;
    let mut stream = server.connect().await;
    stream.write_all(signed("/slack/commands", "text=wait").as_bytes()).await.unwrap();
    server.until_seen(1).await;

    server.stop.cancel();
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    server.go_on.notify_one();

    assert_eq!(status(&rest(&mut stream).await), "200");
    timeout(SOON, server.serving).await.unwrap().unwrap();
    drop(idle);
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever() {
    let limits = Limits { finish: Duration::from_millis(50), ..Limits::default() };
    let server = Server::new(limits).await;
    let mut stream = server.connect().await;
    stream.write_all(signed("/slack/commands", "text=wait").as_bytes()).await.unwrap();
    server.until_seen(1).await;

    server.stop.cancel();

    timeout(SOON, server.serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_stop_a_handler_half_way() {
    let (begun, go_on, done) =
        (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler: Handler = {
        let (begun, go_on, done) = (begun.clone(), go_on.clone(), done.clone());
        Arc::new(move |_| {
            let (begun, go_on, done) = (begun.clone(), go_on.clone(), done.clone());
            Box::pin(async move {
                begun.notify_one();
                go_on.notified().await;
                done.notify_one();
                Ack::default()
            })
        })
    };
    let clock = ManualClock::new(chrono::DateTime::from_timestamp(NOW, 0).unwrap());
    let secret = SigningSecret::new(&SECRET.into());
    let door = SlackDoor::new(secret, Dispatch::new(handler), Arc::new(clock));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    tokio::spawn(serve(listener, dressed(slack::routes(door), true), Limits::default(), stop));

    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(signed("/slack/commands", "text=x").as_bytes()).await.unwrap();
    begun.notified().await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(20)).await;
    go_on.notify_one();

    timeout(SOON, done.notified()).await.unwrap();
}
