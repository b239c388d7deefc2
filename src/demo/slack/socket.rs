//! Socket Mode, Slack's side: tickets, envelopes, acknowledgements.
//!
//! An envelope goes to one open connection, picked at random. Unacknowledged ones
//! go out again, by another connection where there is one.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Path, Request, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::Workspace;
use super::api::ApiError;
use super::deliver::{Ack, Kind};
use super::json::{at, text};
use super::state::State;

/// Connections one app may have at a time.
const MOST_CONNECTIONS: usize = 10;
/// Envelopes that may wait for one slow connection.
const QUEUE: usize = 256;
/// How often an unacknowledged envelope is sent in all.
const ATTEMPTS: u32 = 3;

/// The open connections and what waits for an acknowledgement.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    tickets: HashSet<String>,
    open: HashMap<u64, mpsc::Sender<Frame>>,
    waiting: HashMap<String, oneshot::Sender<Value>>,
    is_disabled: bool,
}

impl Sockets {
    pub(super) fn has_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// One open connection, at random.
    fn pick(&self) -> Option<mpsc::Sender<Frame>> {
        let count = u64::try_from(self.open.len()).ok()?;
        let n = super::random().checked_rem(count)?;
        self.open.values().nth(usize::try_from(n).ok()?).cloned()
    }
}

/// Why a connection is told to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disconnect {
    /// It will be closed in about ten seconds.
    Warning,
    /// It is closed now; a new one is welcome.
    RefreshRequested,
    /// Socket Mode was switched off; new ones are refused.
    LinkDisabled,
}

impl State {
    /// How many connections the bot has open.
    pub fn open_sockets(&self) -> usize {
        self.sockets.open.len()
    }
}

impl Workspace {
    /// `apps.connections.open`
    pub(super) fn open_connection(&self, state: &mut State) -> Result<Value, ApiError> {
        if state.sockets.is_disabled {
            return Err(ApiError::new("link_disabled"));
        }
        if state.sockets.open.len() >= MOST_CONNECTIONS {
            return Err(ApiError::new("too_many_websockets"));
        }
        let ticket = format!("{:016x}", super::random());
        let url = format!("ws://{}/socket/{ticket}", self.address());
        state.sockets.tickets.insert(ticket);
        Ok(json!({"url": url}))
    }

    /// Tells every open connection to go.
    pub async fn disconnect(&self, reason: Disconnect) {
        let open: Vec<_> = self.change(|state| {
            state.sockets.is_disabled = reason == Disconnect::LinkDisabled;
            if reason == Disconnect::Warning {
                return state.sockets.open.values().cloned().collect();
            }
            state.sockets.open.drain().map(|(_, sender)| sender).collect()
        });
        let word = match reason {
            Disconnect::Warning => "warning",
            Disconnect::RefreshRequested => "refresh_requested",
            Disconnect::LinkDisabled => "link_disabled",
        };
        let message =
            json!({"type": "disconnect", "reason": word, "debug_info": {"host": "local"}});
        for sender in open {
            // A connection that is already gone needs no telling.
            let _ = sender.send(Frame::text(message.to_string())).await;
            if reason != Disconnect::Warning {
                let _ = sender.send(Frame::Close(None)).await;
            }
        }
    }

    /// Breaks every connection without a word, as a network does.
    pub fn cut_sockets(&self) {
        self.change(|state| state.sockets.open.clear());
    }

    pub(super) async fn deliver_by_socket(&self, kind: Kind, payload: &Value) -> Ack {
        let since = Instant::now();
        let id = format!("{:016x}", super::random());
        let (sender, receiver) = oneshot::channel();
        self.change(|state| state.sockets.waiting.insert(id.clone(), sender));
        let workspace = self.clone();
        let (envelope_id, payload) = (id, payload.clone());
        let (first_sent, first) = oneshot::channel();
        self.spawn(async move {
            workspace.send_envelope(kind, &envelope_id, payload, first_sent).await;
        });
        // Resolves when the first attempt is out; its loss only means a shutdown.
        let _ = first.await;
        match tokio::time::timeout(self.options().ack_within, receiver).await {
            Ok(Ok(body)) => {
                self.keep_answer(&body);
                Ack { status: Some(200), body, elapsed: since.elapsed() }
            }
            Ok(Err(_)) | Err(_) => Ack::none(since),
        }
    }

    /// Sends one envelope until it is acknowledged or was sent often enough.
    async fn send_envelope(
        &self,
        kind: Kind,
        id: &str,
        payload: Value,
        first_sent: oneshot::Sender<()>,
    ) {
        let mut first_sent = Some(first_sent);
        for attempt in 0..ATTEMPTS {
            let mut changes = self.changes();
            let envelope = envelope(kind, id, &payload, attempt);
            let connection = self.read(|state| state.sockets.pick());
            if let Some(connection) = &connection {
                // A connection that closed meanwhile counts as an attempt.
                let _ = connection.send(Frame::text(envelope.to_string())).await;
            }
            // A weak hold: waiting must not keep a cut connection open.
            let held = connection.as_ref().map(mpsc::Sender::downgrade);
            drop(connection);
            if let Some(sent) = first_sent.take() {
                // The waiter may have given up.
                let _ = sent.send(());
            }
            let deadline = tokio::time::sleep(self.options().ack_within);
            tokio::pin!(deadline);
            loop {
                if !self.read(|state| state.sockets.waiting.contains_key(id)) {
                    return;
                }
                let is_cut = held.as_ref().and_then(mpsc::WeakSender::upgrade).is_none();
                if is_cut && self.read(|state| state.sockets.has_open()) {
                    break;
                }
                tokio::select! {
                    () = &mut deadline => break,
                    _ = changes.changed() => {}
                }
            }
        }
        self.change(|state| {
            state.sockets.waiting.remove(id);
            state.warnings.push(format!("a {} envelope was never acknowledged", kind.envelope()));
        });
    }
}

fn envelope(kind: Kind, id: &str, payload: &Value, attempt: u32) -> Value {
    let mut envelope = json!({
        "envelope_id": id,
        "type": kind.envelope(),
        "payload": payload,
        "accepts_response_payload": kind != Kind::Event,
    });
    if kind == Kind::Event {
        super::json::set(&mut envelope, "retry_attempt", attempt);
        super::json::set(&mut envelope, "retry_reason", if attempt > 0 { "timeout" } else { "" });
    }
    envelope
}

/// Takes a connection with a ticket.
pub(super) async fn connect(
    Extract(workspace): Extract<Workspace>,
    Path(ticket): Path<String>,
    request: Request,
) -> Response {
    let known = workspace.change(|state| state.sockets.tickets.remove(&ticket));
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).cloned();
    let (true, Some(key)) = (known, key) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let accept = derive_accept_key(key.as_bytes());
    let upgrade = hyper::upgrade::on(request);
    let guest = workspace.clone();
    workspace.spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            let io = TokioIo::new(upgraded);
            guest.serve(WebSocketStream::from_raw_socket(io, Role::Server, None).await).await;
        }
    });
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accept)
        .body(Body::empty())
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

impl Workspace {
    /// Serves one connection until either side ends it.
    async fn serve(&self, mut socket: Socket) {
        let (sender, mut outgoing) = mpsc::channel(QUEUE);
        let (app_id, count) =
            self.read(|state| (state.app_id.clone(), state.sockets.open.len() + 1));
        let hello = json!({
            "type": "hello",
            "num_connections": count,
            "connection_info": {"app_id": app_id},
            "debug_info": {"host": "local", "approximate_connection_time": 18060},
        });
        if socket.send(Frame::text(hello.to_string())).await.is_err() {
            return;
        }
        let id = super::random();
        // Only the workspace holds the sender: taking it out ends this connection.
        self.change(|state| state.sockets.open.insert(id, sender));
        loop {
            tokio::select! {
                () = self.stopped() => break,
                frame = outgoing.recv() => match frame {
                    Some(frame) => if socket.send(frame).await.is_err() { break },
                    None => break,
                },
                frame = socket.next() => match frame {
                    Some(Ok(Frame::Text(text))) => self.acknowledged(&text),
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => break,
                    Some(Ok(_)) => {}
                },
            }
        }
        drop(outgoing);
        self.change(|state| state.sockets.open.remove(&id));
    }

    fn acknowledged(&self, frame: &str) {
        let message: Value = serde_json::from_str(frame).unwrap_or_default();
        let id = text(&message, "/envelope_id");
        let waiter = self.change(|state| state.sockets.waiting.remove(id));
        match waiter {
            Some(waiter) => {
                // The person may have stopped waiting after 3 s.
                let _ = waiter.send(at(&message, "/payload").clone());
            }
            None => self.change(|state| {
                state.warnings.push("an acknowledgement for no envelope".to_owned());
            }),
        }
    }
}
