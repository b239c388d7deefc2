//! The style sheet and the icon. The sheet's name says what is in it, so that browsers may keep it.
use super::Door;
use crate::show::pages;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ring::digest::{SHA256, digest};

/// Bytes of the digest that stand in the name.
const NAME_BYTES: usize = 8;
/// A name is never given to another content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The icon's name stays when it changes.
const FOR_A_DAY: &str = "public, max-age=86400";

/// The style sheet's name, made of what is in it.
pub(super) fn style_name() -> String {
    let digest = digest(&SHA256, &pages::style());
    let bytes = digest.as_ref().iter().take(NAME_BYTES);
    let name: String = bytes.map(|byte| format!("{byte:02x}")).collect();
    format!("{name}.css")
}

/// `GET /assets/{name}`.
pub(super) async fn asset(State(door): State<Door>, Path(name): Path<String>) -> Response {
    let (kind, keep, bytes) = match name.as_str() {
        "icon.svg" => ("image/svg+xml", FOR_A_DAY, pages::icon()),
        style if door.style.ends_with(&format!("/{style}")) => {
            ("text/css; charset=utf-8", FOR_EVER, pages::style())
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], bytes).into_response()
}
