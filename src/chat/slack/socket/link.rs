//! One Socket Mode connection: hello, envelopes in, acknowledgements out, pings both ways.
use super::{DialError, Pace};
use crate::chat::dispatch::Place;
use crate::chat::slack::api::SlackApi;
use crate::chat::slack::{Ack, Dispatch, Inbound};
use futures_util::{SinkExt, StreamExt};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// The largest frame we take, as over HTTP.
const MOST_BYTES: usize = 1024 * 1024;
/// Acknowledgements that may wait to be written.
const QUEUE: usize = 64;

/// Why a connection ends, or is about to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Slack asks for another one in its place.
    ToldToGo,
    /// Socket Mode was switched off for the app.
    Disabled,
    /// It broke.
    Lost(&'static str),
    /// We have another, or stop.
    Retired,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ToldToGo => f.write_str("Slack asked for another"),
            Self::Disabled => f.write_str("Socket Mode was switched off"),
            Self::Lost(why) => f.write_str(why),
            Self::Retired => f.write_str("replaced or stopped"),
        }
    }
}

/// An open connection that Slack has greeted.
pub(super) struct Link {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What to do with an envelope once its handler has a place.
struct Envelope {
    id: String,
    inbound: Inbound,
    takes_payload: bool,
}

/// What a frame means to us.
enum Heard {
    Envelope(Envelope),
    End(End),
    Nothing,
}

/// Opens a connection and waits for Slack's greeting.
pub(super) async fn dial(
    api: &SlackApi,
    app_token: &SecretString,
    pace: Pace,
) -> Result<Link, DialError> {
    let url = api.open_connection(app_token).await?;
    let late = |_| DialError::Socket("no greeting in time".to_owned());
    timeout(pace.dial, greet(api, url)).await.map_err(late)?
}

async fn greet(api: &SlackApi, url: SecretString) -> Result<Link, DialError> {
    let config = WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .write_buffer_size(0)
        .max_message_size(Some(MOST_BYTES))
        .max_frame_size(Some(MOST_BYTES));
    let connector = Connector::Rustls(api.tls());
    let (mut socket, _) = tokio_tungstenite::connect_async_tls_with_config(
        url.expose_secret(),
        Some(config),
        true,
        Some(connector),
    )
    .await
    .map_err(|error| DialError::Socket(words(&error)))?;
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let greeting: Value = serde_json::from_str(&text).unwrap_or_default();
                return match text_at(&greeting, "type") {
                    "hello" => Ok(Link { socket }),
                    "disconnect" => Err(DialError::Socket("turned away".to_owned())),
                    _ => Err(DialError::Socket("no greeting".to_owned())),
                };
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(_)) | None => return Err(DialError::Socket("closed".to_owned())),
            Some(Err(error)) => return Err(DialError::Socket(words(&error))),
        }
    }
}

/// What may be said of a socket's error; its own text can hold the URL with the ticket.
fn words(error: &WsError) -> String {
    match error {
        WsError::Io(error) => error.to_string(),
        WsError::Tls(error) => error.to_string(),
        WsError::Http(response) => format!("HTTP status {}", response.status().as_u16()),
        WsError::Url(_) => "no connection".to_owned(),
        _ => "a protocol error".to_owned(),
    }
}

fn text_at<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Link {
    /// Serves until the connection is lost or retired; `news` is told as soon as another one is
    /// needed, which may be before the end. Retired, it reads nothing more but still sends the
    /// acknowledgements that are due.
    pub(super) async fn serve(
        mut self,
        dispatch: &Dispatch,
        pace: Pace,
        retire: CancellationToken,
        news: oneshot::Sender<End>,
    ) -> End {
        let (acks, mut due) = mpsc::channel(QUEUE);
        let end = self.converse(dispatch, pace, &retire, (acks, &mut due), news).await;
        if !matches!(end, End::Lost(_)) {
            let rest = self.send_the_rest(&mut due);
            if timeout(pace.finish, rest).await.is_err() {
                tracing::warn!("some acknowledgements to Slack were not sent in time");
            }
        }
        end
    }

    async fn converse(
        &mut self,
        dispatch: &Dispatch,
        pace: Pace,
        retire: &CancellationToken,
        (acks, due): (mpsc::Sender<Message>, &mut mpsc::Receiver<Message>),
        news: oneshot::Sender<End>,
    ) -> End {
        let mut news = Some(news);
        let mut ping = interval(pace.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last_heard = Instant::now();
        let mut waiting: Option<Envelope> = None;
        let end = loop {
            // Every branch can be dropped without losing anything; a full set of handlers stops
            // the reading, never the writing.
            tokio::select! {
                () = retire.cancelled() => break End::Retired,
                Some(ack) = due.recv() => if self.send(ack, pace.dial).await.is_err() {
                    break End::Lost("it does not take our answers");
                },
                place = dispatch.place(), if waiting.is_some() => {
                    last_heard = Instant::now();
                    match (waiting.take(), place) {
                        (Some(envelope), Some(place)) => answer(dispatch, envelope, place, &acks),
                        (_, None) => break End::Retired,
                        (None, Some(_)) => {}
                    }
                }
                frame = self.socket.next(), if waiting.is_none() => {
                    last_heard = Instant::now();
                    match hear(frame) {
                        Heard::Envelope(envelope) => waiting = Some(envelope),
                        Heard::End(End::ToldToGo) => {
                            // It carries on until there is another.
                            news.take().map(|news| news.send(End::ToldToGo));
                        }
                        Heard::End(end) => break end,
                        Heard::Nothing => {}
                    }
                }
                _ = ping.tick() => {
                    if waiting.is_none() && last_heard.elapsed() > pace.silence {
                        break End::Lost("nothing was heard for too long");
                    }
                    if self.send(Message::Ping(Vec::new().into()), pace.dial).await.is_err() {
                        break End::Lost("it does not take our pings");
                    }
                }
            }
        };
        if let Some(news) = news.take() {
            // Nobody listens any more while everything stops.
            let _ = news.send(end);
        }
        end
    }

    async fn send(&mut self, message: Message, patience: Duration) -> Result<(), ()> {
        let sent = timeout(patience, self.socket.send(message)).await;
        sent.map_err(|_| ())?.map_err(|_| ())
    }

    /// Sends what handlers still answer, then says goodbye. Ends when the last of them has.
    async fn send_the_rest(&mut self, due: &mut mpsc::Receiver<Message>) {
        while let Some(ack) = due.recv().await {
            if self.socket.send(ack).await.is_err() {
                return;
            }
        }
        // The other side may be gone already, which is as good.
        let _ = self.socket.close(None).await;
    }
}

fn hear(frame: Option<Result<Message, WsError>>) -> Heard {
    match frame {
        Some(Ok(Message::Text(text))) => understand(&text),
        Some(Ok(Message::Close(_))) => Heard::End(End::Lost("Slack closed it")),
        Some(Ok(_)) => Heard::Nothing,
        Some(Err(_)) => Heard::End(End::Lost("it broke")),
        None => Heard::End(End::Lost("it ended")),
    }
}

/// Reads one message. What is not understood is not acknowledged, so Slack shows that it failed.
fn understand(text: &str) -> Heard {
    let Ok(mut message) = serde_json::from_str::<Value>(text) else {
        tracing::warn!("Slack's socket sent something that is no JSON");
        return Heard::Nothing;
    };
    let payload = message.get_mut("payload").map(Value::take).unwrap_or_default();
    let inbound = match text_at(&message, "type") {
        "slash_commands" => Inbound::Command(payload),
        "interactive" => Inbound::Interaction(payload),
        "events_api" => Inbound::Event(payload),
        "disconnect" => {
            return Heard::End(match text_at(&message, "reason") {
                "link_disabled" => End::Disabled,
                "too_many_websockets" => End::Lost("the app has too many connections"),
                _ => End::ToldToGo,
            });
        }
        "hello" => return Heard::Nothing,
        _ => {
            tracing::warn!("Slack's socket sent a kind of message that we do not know");
            return Heard::Nothing;
        }
    };
    let id = text_at(&message, "envelope_id").to_owned();
    let takes_payload = message.get("accepts_response_payload").and_then(Value::as_bool);
    Heard::Envelope(Envelope { id, inbound, takes_payload: takes_payload.unwrap_or_default() })
}

/// Starts the handler; its answer goes out when it is there.
fn answer(dispatch: &Dispatch, envelope: Envelope, place: Place, acks: &mpsc::Sender<Message>) {
    let Envelope { id, inbound, takes_payload } = envelope;
    let span = tracing::info_span!("socket", request.id = crate::ids::fresh());
    let handled = span.in_scope(|| dispatch.start(inbound, place));
    let acks = acks.clone();
    let sending = async move {
        // No answer (too late, or a panic) is no acknowledgement: Slack sends it again.
        let Ok(Some(ack)) = handled.await else { return };
        if acks.send(acknowledgement(&id, ack, takes_payload)).await.is_err() {
            tracing::info!("the connection closed before the answer; Slack will send it again");
        }
    };
    // Ends with the handler, which is tracked.
    tokio::spawn(sending.instrument(span));
}

fn acknowledgement(id: &str, ack: Ack, takes_payload: bool) -> Message {
    let mut message = json!({"envelope_id": id});
    if let (Some(fields), Some(body), true) = (message.as_object_mut(), ack.body, takes_payload) {
        fields.insert("payload".to_owned(), body);
    }
    Message::text(message.to_string())
}
