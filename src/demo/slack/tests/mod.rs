//! The workspace against a small bot of the tests' own, over real HTTP.

mod api;
mod people;
mod sockets;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State as Extract};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use chrono::DateTime;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};

use super::{Channel, Member, Workspace, WorkspaceOptions};
use crate::clock::ManualClock;

/// What the small bot answers: path and payload in, status and body out.
type Answers =
    Arc<dyn Fn(Workspace, String, Value) -> BoxFuture<'static, (u16, Value)> + Send + Sync>;

/// A workspace of three people, with a bot that listens.
struct World {
    ws: Workspace,
    clock: ManualClock,
    /// What the bot received: path, headers, payload.
    got: Arc<Mutex<Vec<(String, HeaderMap, Value)>>>,
}

fn options(clock: &ManualClock) -> WorkspaceOptions {
    let mut gone = Member::new("U9", "zoe", "Zoe Gone", "zoe@example.com");
    gone.deleted = true;
    WorkspaceOptions {
        members: vec![
            Member::new("U1", "ana", "Ana Ruiz", "ana@example.com"),
            Member::new("U2", "ben", "Ben Ode", "ben@example.com"),
            gone,
        ],
        channels: vec![
            Channel {
                id: "C1".into(),
                name: "approvals".into(),
                members: vec!["U1".into(), "U2".into()],
                has_bot: true,
                is_archived: false,
            },
            Channel {
                id: "C2".into(),
                name: "old".into(),
                is_archived: true,
                ..Channel::default()
            },
            Channel { id: "C3".into(), name: "other".into(), ..Channel::default() },
        ],
        clock: Arc::new(clock.clone()),
        ack_within: std::time::Duration::from_millis(500),
        event_retries: vec![std::time::Duration::ZERO; 3],
        ..WorkspaceOptions::default()
    }
}

impl World {
    async fn new(
        answers: impl Fn(Workspace, String, Value) -> BoxFuture<'static, (u16, Value)>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let clock = ManualClock::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let ws = Workspace::start(options(&clock)).await.unwrap();
        let got = Arc::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        ws.set_bot_url(&format!("http://{}", listener.local_addr().unwrap()));
        let answers: Answers = Arc::new(answers);
        let router = Router::new().route("/slack/{path}", post(receive)).with_state((
            ws.clone(),
            Arc::clone(&got),
            answers,
        ));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { ws, clock, got }
    }

    /// A workspace whose bot acknowledges everything and says nothing.
    async fn quiet() -> Self {
        Self::new(|_, _, _| Box::pin(async { (200, Value::Null) })).await
    }

    async fn api(&self, method: &str, args: Value) -> Value {
        call(&self.ws, method, args).await.1
    }

    fn last(&self) -> (String, HeaderMap, Value) {
        self.got.lock().unwrap().last().unwrap().clone()
    }
}

type Got = Arc<Mutex<Vec<(String, HeaderMap, Value)>>>;

async fn receive(
    Extract((ws, got, answers)): Extract<(Workspace, Got, Answers)>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> axum::response::Response {
    let payload = unpack(&headers, &body);
    got.lock().unwrap().push((path.clone(), headers, payload.clone()));
    let (status, body) = answers(ws, path, payload).await;
    let status = StatusCode::from_u16(status).unwrap();
    if body.is_null() { status.into_response() } else { (status, axum::Json(body)).into_response() }
}

fn unpack(headers: &HeaderMap, body: &[u8]) -> Value {
    if headers["content-type"] == "application/json" {
        return serde_json::from_slice(body).unwrap();
    }
    let form: serde_json::Map<String, Value> = url::form_urlencoded::parse(body)
        .map(|(key, value)| (key.into_owned(), Value::from(value.into_owned())))
        .collect();
    match form.get("payload") {
        Some(payload) => serde_json::from_str(payload.as_str().unwrap()).unwrap(),
        None => Value::Object(form),
    }
}

/// Calls the Web API with JSON and the bot's token.
async fn call(ws: &Workspace, method: &str, args: Value) -> (u16, Value) {
    call_as(ws, method, args, "xoxb-local").await
}

async fn call_as(ws: &Workspace, method: &str, args: Value, token: &str) -> (u16, Value) {
    let request = axum::http::Request::post(format!("{}/{method}", ws.api_url()))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json; charset=utf-8")
        .body(Full::new(Bytes::from(args.to_string())))
        .unwrap();
    let response = ws.client().request(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

fn button(action_id: &str, label: &str, value: &str) -> Value {
    json!({"type": "button", "action_id": action_id, "value": value,
        "text": {"type": "plain_text", "text": label}})
}

fn card() -> Value {
    json!([section("Ana asks for *payments*"),
        {"type": "actions", "block_id": "decide",
         "elements": [button("approve", "Approve", "r1"), button("reject", "Reject", "r1")]}])
}

/// A modal with a text that reports each character, a search and a plain text.
fn form(title: &str) -> Value {
    json!({
        "type": "modal", "callback_id": "request", "private_metadata": "draft-1",
        "notify_on_close": true,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {"type": "input", "block_id": "what", "label": {"type": "plain_text", "text": "What"},
             "element": {"type": "external_select", "action_id": "find", "min_query_length": 0}},
            {"type": "input", "block_id": "why", "dispatch_action": true,
             "label": {"type": "plain_text", "text": "Why"},
             "element": {"type": "plain_text_input", "action_id": "reason", "max_length": 20,
                "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}},
            {"type": "input", "block_id": "note", "optional": true,
             "label": {"type": "plain_text", "text": "Note"},
             "element": {"type": "plain_text_input", "action_id": "text",
                "initial_value": "none"}},
        ],
    })
}
