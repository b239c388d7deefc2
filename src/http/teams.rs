//! What Teams sends: the token in the header is verified before the body is read, the body is held
//! against it, then handed over; the answer is the handler's.
use super::body;
use crate::chat::teams::door::{BotDoor, Refusal};
use crate::chat::teams::{Answer, Dispatch};
use crate::clock::Clock;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use std::sync::Arc;

/// Where Teams sends to; the path that Microsoft's own documentation uses.
pub const ROUTE: &str = "/api/messages";
/// Largest activity: Teams' own messages end at some 100 KB.
const MOST_BYTES: usize = 256 * 1024;

/// What the route needs.
#[derive(Clone)]
pub struct TeamsDoor {
    door: Arc<BotDoor>,
    dispatch: Dispatch,
    clock: Arc<dyn Clock>,
}

impl TeamsDoor {
    /// Lets in what `door` does, by the time of `clock`, and hands it to `dispatch`.
    pub fn new(door: BotDoor, dispatch: Dispatch, clock: Arc<dyn Clock>) -> Self {
        Self { door: Arc::new(door), dispatch, clock }
    }
}

/// `POST /api/messages`.
pub fn routes(door: TeamsDoor) -> Router {
    Router::new().route(ROUTE, post(messages)).with_state(door)
}

async fn messages(State(door): State<TeamsDoor>, request: Request) -> Response {
    tracing::Span::current().record("route", ROUTE);
    match door.activity(request).await {
        Ok(activity) => door.hand_over(activity).await,
        Err(answer) => answer,
    }
}

impl TeamsDoor {
    /// The authenticated activity, or the answer to what is none.
    async fn activity(&self, request: Request) -> Result<Value, Response> {
        let token = single(request.headers());
        let signed = self.door.verify(token, self.clock.now()).await.map_err(turned_away)?;
        let whole = body::read_up_to(request, MOST_BYTES).await;
        let whole = whole.map_err(IntoResponse::into_response)?;
        let Ok(activity) = serde_json::from_slice::<Value>(&whole.bytes) else {
            tracing::warn!("Teams sent what is no JSON");
            return Err(StatusCode::BAD_REQUEST.into_response());
        };
        self.door.covers(&signed, &activity).map_err(turned_away)?;
        Ok(activity)
    }

    async fn hand_over(&self, activity: Value) -> Response {
        let Some(place) = self.dispatch.place().await else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        match self.dispatch.start(activity, place).await {
            Ok(Some(Answer { status, body })) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
                body.map_or_else(
                    || status.into_response(),
                    |body| (status, Json(body)).into_response(),
                )
            }
            Ok(None) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Err(_) => {
                tracing::error!("a handler broke");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// The `Authorization` header, if it is given once.
fn single(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    value.to_str().ok()
}

/// The one answer to what Microsoft did not sign for us; what was wrong is for the log alone.
fn turned_away(refusal: Refusal) -> Response {
    let status = match &refusal {
        Refusal::OtherTenant => StatusCode::FORBIDDEN,
        passing if passing.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNAUTHORIZED,
    };
    tracing::warn!(route = ROUTE, reason = %refusal, "refused what Teams did not send for us");
    (status, "not signed for this bot\n").into_response()
}
