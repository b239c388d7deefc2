//! Slack's requests: the raw body is verified, then unpacked, then handed over; the answer is the
//! acknowledgement.
use super::body::{self, Whole};
use crate::chat::slack::unpack::{self, EventCall, Malformed};
use crate::chat::slack::verify::{SigningSecret, Stamp, Unverified, Verified};
use crate::chat::slack::{Ack, Dispatch, Inbound};
use crate::clock::Clock;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use std::sync::Arc;

const TIMESTAMP: &str = "x-slack-request-timestamp";
const SIGNATURE: &str = "x-slack-signature";

/// What the routes need.
#[derive(Debug, Clone)]
pub struct SlackDoor {
    secret: Arc<SigningSecret>,
    dispatch: Dispatch,
    clock: SharedClock,
}

#[derive(Clone)]
struct SharedClock(Arc<dyn Clock>);

impl std::fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedClock")
    }
}

impl SlackDoor {
    /// Lets in what `secret` signed, by the time of `clock`, and hands it to `dispatch`.
    pub fn new(secret: SigningSecret, dispatch: Dispatch, clock: Arc<dyn Clock>) -> Self {
        Self { secret: Arc::new(secret), dispatch, clock: SharedClock(clock) }
    }
}

/// `POST /slack/{commands,interactions,options,events}`.
pub fn routes(door: SlackDoor) -> Router {
    Router::new()
        .route("/slack/commands", post(commands))
        .route("/slack/interactions", post(interactions))
        .route("/slack/options", post(options))
        .route("/slack/events", post(events))
        .with_state(door)
}

async fn commands(State(door): State<SlackDoor>, request: Request) -> Response {
    let unpacked = |body: Verified<'_>| unpack::command(body).map(EventCall::Event);
    door.take("/slack/commands", request, unpacked).await
}

async fn interactions(State(door): State<SlackDoor>, request: Request) -> Response {
    let unpacked = |body: Verified<'_>| unpack::interaction(body).map(EventCall::Event);
    door.take("/slack/interactions", request, unpacked).await
}

async fn options(State(door): State<SlackDoor>, request: Request) -> Response {
    let unpacked = |body: Verified<'_>| unpack::interaction(body).map(EventCall::Event);
    door.take("/slack/options", request, unpacked).await
}

async fn events(State(door): State<SlackDoor>, request: Request) -> Response {
    door.take("/slack/events", request, unpack::event).await
}

impl SlackDoor {
    /// One request's way; `route` is the constant, never the address that was asked for.
    async fn take(
        &self,
        route: &'static str,
        request: Request,
        unpacked: impl FnOnce(Verified<'_>) -> Result<EventCall, Malformed>,
    ) -> Response {
        tracing::Span::current().record("route", route);
        let headers = request.headers().clone();
        let whole = match body::read(request).await {
            Ok(whole) => whole,
            Err(unread) => return unread.into_response(),
        };
        let call = match self.secret.verify(&whole.bytes, stamp(&headers), self.clock.0.now()) {
            Ok(verified) => unpacked(verified),
            Err(refusal) => return turned_away(route, &headers, &whole, refusal),
        };
        if unpack::is_certificate_check(&whole.bytes) {
            return StatusCode::OK.into_response();
        }
        drop(whole);
        match call {
            Ok(EventCall::Challenge(challenge)) => {
                Json(json!({"challenge": challenge})).into_response()
            }
            Ok(EventCall::Event(inbound)) => self.hand_over(inbound).await,
            Err(malformed) => {
                tracing::warn!(route, reason = %malformed, "Slack sent what this route cannot take");
                StatusCode::BAD_REQUEST.into_response()
            }
        }
    }

    async fn hand_over(&self, inbound: Inbound) -> Response {
        let Some(place) = self.dispatch.place().await else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        match self.dispatch.start(inbound, place).await {
            Ok(Some(Ack { body: Some(body) })) => Json(body).into_response(),
            Ok(Some(Ack { body: None })) => StatusCode::OK.into_response(),
            Ok(None) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Err(_) => {
                tracing::error!("a handler broke");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

fn stamp(headers: &HeaderMap) -> Stamp<'_> {
    Stamp { timestamp: single(headers, TIMESTAMP), signature: single(headers, SIGNATURE) }
}

/// A header's text, if it is given once.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    value.to_str().ok()
}

/// The one answer to what Slack did not sign. Only a look at our certificate, which carries no
/// signature at all and starts nothing, is answered as Slack wants it.
fn turned_away(
    route: &'static str,
    headers: &HeaderMap,
    whole: &Whole,
    refusal: Unverified,
) -> Response {
    let is_unsigned = !headers.contains_key(TIMESTAMP) && !headers.contains_key(SIGNATURE);
    if is_unsigned && unpack::is_certificate_check(&whole.bytes) {
        return StatusCode::OK.into_response();
    }
    tracing::warn!(route, reason = %refusal, "refused what Slack did not sign");
    (StatusCode::UNAUTHORIZED, "not signed by Slack\n").into_response()
}
