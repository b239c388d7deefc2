//! Sends payloads to the bot as Slack does: signed HTTP, or a socket when one is open.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, Request, Uri, header};
use chrono::DateTime;
use chrono::Utc;
use http_body_util::{BodyExt, Full};
use ring::hmac;
use serde_json::Value;

use super::Workspace;
use super::sent::Sent;

/// What a payload is about, and so where it goes and how it is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A slash command, as a form.
    Command,
    /// A click, a submission, a shortcut: JSON in a form's `payload`.
    Interaction,
    /// An option search: the same at an address of its own.
    Options,
    /// An event, as JSON.
    Event,
}

impl Kind {
    /// The path below the bot's address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Command => "/slack/commands",
            Self::Interaction => "/slack/interactions",
            Self::Options => "/slack/options",
            Self::Event => "/slack/events",
        }
    }

    /// The envelope's type in Socket Mode.
    pub(super) fn envelope(self) -> &'static str {
        match self {
            Self::Command => "slash_commands",
            Self::Interaction | Self::Options => "interactive",
            Self::Event => "events_api",
        }
    }

    /// The content type and the body of a request.
    pub fn pack(self, payload: &Value) -> (&'static str, Vec<u8>) {
        const FORM: &str = "application/x-www-form-urlencoded";
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        match self {
            Self::Event => return ("application/json", payload.to_string().into_bytes()),
            Self::Interaction | Self::Options => {
                form.append_pair("payload", &payload.to_string());
            }
            Self::Command => {
                for (key, value) in super::json::entries(payload, "") {
                    form.append_pair(key, value.as_str().unwrap_or_default());
                }
            }
        }
        (FORM, form.finish().into_bytes())
    }
}

/// Something that was sent to the bot.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What it was about.
    pub kind: Kind,
    /// The payload before packing.
    pub payload: Value,
}

/// How the bot acknowledged.
#[derive(Debug, Clone, PartialEq)]
pub struct Ack {
    /// The HTTP status; none when there was no answer in time.
    pub status: Option<u16>,
    /// The body: JSON, or a string, or null when it was empty.
    pub body: Value,
    /// How long it took.
    pub elapsed: Duration,
}

impl Ack {
    /// True when the bot acknowledged in time.
    pub fn is_ok(&self) -> bool {
        self.status == Some(200)
    }

    pub(super) fn none(since: Instant) -> Self {
        Self { status: None, body: Value::Null, elapsed: since.elapsed() }
    }
}

/// Header names and values.
pub type Headers = Vec<(String, String)>;

impl Workspace {
    /// The headers that prove a body comes from Slack.
    pub fn sign(&self, at: DateTime<Utc>, body: &[u8]) -> Headers {
        let timestamp = at.timestamp().to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.options().signing_secret.as_bytes());
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("v0:{timestamp}:").as_bytes());
        context.update(body);
        let hex: String =
            context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        vec![
            ("X-Slack-Request-Timestamp".to_owned(), timestamp),
            ("X-Slack-Signature".to_owned(), format!("v0={hex}")),
        ]
    }

    /// Sends a payload, over a socket when the bot has one open.
    pub async fn deliver(&self, kind: Kind, payload: Value) -> Ack {
        let delivery = Delivery { kind, payload: payload.clone() };
        let has_socket = self.change(|state| {
            state.deliveries.push(delivery);
            state.sockets.has_open()
        });
        if has_socket {
            return self.deliver_by_socket(kind, &payload).await;
        }
        let Some(url) = self.read(|state| state.bot_url.clone()) else {
            return Ack::none(Instant::now());
        };
        self.send(&url, kind, &payload, &[]).await
    }

    /// Sends a payload to one instance of the bot, freshly signed.
    pub async fn send(
        &self,
        url: &str,
        kind: Kind,
        payload: &Value,
        extra: &[(&str, &str)],
    ) -> Ack {
        let (content_type, body) = kind.pack(payload);
        let mut headers = self.sign(self.read(super::state::State::now), &body);
        headers.push((header::CONTENT_TYPE.to_string(), content_type.to_owned()));
        let extra = extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        headers.extend(extra);
        self.send_raw(&format!("{url}{}", kind.path()), headers, body).await
    }

    /// Sends any bytes with any headers, as an attacker may.
    pub async fn send_raw(&self, url: &str, headers: Headers, body: Vec<u8>) -> Ack {
        let since = Instant::now();
        let Some(request) = request(url, headers, body) else { return Ack::none(since) };
        let answer = async {
            let response = self.client().request(request).await.ok()?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.ok()?.to_bytes();
            Some((status, read_body(&body)))
        };
        match tokio::time::timeout(self.options().ack_within, answer).await {
            Ok(Some((status, body))) => {
                self.keep_answer(&body);
                Ack { status: Some(status), body, elapsed: since.elapsed() }
            }
            Ok(None) | Err(_) => Ack::none(since),
        }
    }

    /// Remembers what an acknowledgement gave to see.
    pub(super) fn keep_answer(&self, body: &Value) {
        if let Some(sent) = Sent::of_body(body) {
            self.change(|state| state.answers.push(sent));
        }
    }

    /// Sends the last payload again, `times` times at once, each freshly signed, to
    /// the given instances in turn; none means the bot's own address.
    pub async fn redeliver(&self, times: usize, urls: &[&str]) -> Vec<Ack> {
        let (last, own) =
            self.read(|state| (state.deliveries.last().cloned(), state.bot_url.clone()));
        let Some(last) = last else { return Vec::new() };
        let own = own.unwrap_or_default();
        let sends = (0..times).map(|n| {
            let url = urls.get(n.checked_rem(urls.len()).unwrap_or(0)).copied().unwrap_or(&own);
            self.send(url, last.kind, &last.payload, &[])
        });
        futures_util::future::join_all(sends).await
    }

    /// Sends an event, and again as Slack does while it is not acknowledged. The
    /// retries go on in the background.
    pub async fn deliver_event(&self, payload: Value) -> Ack {
        let ack = self.deliver(Kind::Event, payload.clone()).await;
        let url = self.read(|state| state.bot_url.clone().filter(|_| !state.sockets.has_open()));
        if let Some(url) = url
            && !ack.is_ok()
        {
            let workspace = self.clone();
            let reason = if ack.status.is_some() { "http_error" } else { "http_timeout" };
            self.spawn(async move { workspace.retry_event(&url, &payload, reason).await });
        }
        ack
    }

    async fn retry_event(&self, url: &str, payload: &Value, reason: &str) {
        for (n, wait) in self.options().event_retries.iter().enumerate() {
            tokio::time::sleep(*wait).await;
            let count = (n + 1).to_string();
            let extra = [("X-Slack-Retry-Num", count.as_str()), ("X-Slack-Retry-Reason", reason)];
            if self.send(url, Kind::Event, payload, &extra).await.is_ok() {
                return;
            }
        }
        self.change(|state| state.warnings.push("an event was never acknowledged".to_owned()));
    }
}

fn request(url: &str, headers: Headers, body: Vec<u8>) -> Option<Request<Full<Bytes>>> {
    let uri: Uri = url.parse().ok()?;
    let mut request = Request::post(uri).body(Full::new(Bytes::from(body))).ok()?;
    let agent = HeaderValue::from_static("Slackbot 1.0 (+https://api.slack.com/robots)");
    request.headers_mut().insert(header::USER_AGENT, agent);
    for (name, value) in headers {
        let name = HeaderName::try_from(name).ok()?;
        request.headers_mut().insert(name, HeaderValue::try_from(value).ok()?);
    }
    Some(request)
}

fn read_body(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body).into_owned()))
}
