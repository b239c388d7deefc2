//! Reads a request's body whole, within its limit and the room there is for all bodies together.
use super::seat::{Seat, Stage};
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// The largest body anybody may send: Slack's largest, a view with its state, is a quarter of it.
pub(super) const MOST_BYTES: usize = 1024 * 1024;

/// A whole body and the room it holds.
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    _room: Vec<OwnedSemaphorePermit>,
}

/// Why there is no whole body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    TooLarge,
    Broken,
}

impl IntoResponse for Unread {
    fn into_response(self) -> Response {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            Self::Broken => StatusCode::BAD_REQUEST.into_response(),
        }
    }
}

/// Reads the body of `request`.
pub(super) async fn read(request: Request) -> Result<Whole, Unread> {
    read_up_to(request, MOST_BYTES).await
}

/// Reads the body of `request`, of at most so many bytes.
pub(super) async fn read_up_to(request: Request, most_bytes: usize) -> Result<Whole, Unread> {
    let seat = request.extensions().get::<Arc<Seat>>().cloned();
    let whole = read_within(request.into_body(), most_bytes, seat.as_deref()).await?;
    if let Some(seat) = seat {
        seat.reached(Stage::Answered);
    }
    Ok(whole)
}

async fn read_within(
    mut body: Body,
    most_bytes: usize,
    seat: Option<&Seat>,
) -> Result<Whole, Unread> {
    let mut whole = Whole { bytes: Vec::new(), _room: Vec::new() };
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| refusal(&error))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.bytes.len() + data.len() > most_bytes {
            return Err(Unread::TooLarge);
        }
        if let Some(seat) = seat {
            whole._room.push(seat.room_for(data.len()).await.ok_or(Unread::Broken)?);
        }
        whole.bytes.extend_from_slice(&data);
    }
    Ok(whole)
}

/// The outer limit's error is somewhere in the chain.
fn refusal(error: &axum::Error) -> Unread {
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        if error.is::<http_body_util::LengthLimitError>() {
            return Unread::TooLarge;
        }
        next = error.source();
    }
    Unread::Broken
}
