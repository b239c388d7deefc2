//! The style sheet, the icon and, for the tab, its scripts. But for the icon their names say what is in
//! them, so that browsers may keep them.
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
/// What scripts are sent as.
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The icon's name stays when it changes.
const FOR_A_DAY: &str = "public, max-age=86400";

/// A file's name, made of what is in it.
pub(super) fn name_of(bytes: &[u8], ending: &str) -> String {
    let digest = digest(&SHA256, bytes);
    let bytes = digest.as_ref().iter().take(NAME_BYTES);
    let name: String = bytes.map(|byte| format!("{byte:02x}")).collect();
    format!("{name}.{ending}")
}

/// `GET /assets/{name}`.
pub(super) async fn asset(State(door): State<Door>, Path(name): Path<String>) -> Response {
    let is_at = |path: &str| path.rsplit('/').next() == Some(&*name);
    let scripts = door.scripts.as_ref();
    let (kind, keep, bytes) = match name.as_str() {
        "icon.svg" => ("image/svg+xml", FOR_A_DAY, pages::icon()),
        _ if is_at(&door.style) => ("text/css; charset=utf-8", FOR_EVER, pages::style()),
        _ if scripts.is_some_and(|scripts| is_at(&scripts.own)) => {
            (SCRIPT, FOR_EVER, pages::tab::script())
        }
        _ if scripts.is_some_and(|scripts| is_at(&scripts.teams)) => {
            (SCRIPT, FOR_EVER, pages::tab::teams_js())
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], bytes).into_response()
}
