//! `/healthz`: this process answers. `/readyz`: so does everything it needs.
use crate::health::Health;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use std::fmt::Write;

/// The two routes.
pub fn routes(health: Health) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(async move || readiness(&health)))
}

/// Ready, or each part that is not with its sentence.
fn readiness(health: &Health) -> (StatusCode, String) {
    let ailments = health.ailments();
    if ailments.is_empty() {
        return (StatusCode::OK, "ready\n".to_owned());
    }
    let lines = ailments.iter().fold(String::new(), |mut lines, (part, sentence)| {
        // Writing to a text does not fail.
        let _ = writeln!(lines, "{part}: {sentence}");
        lines
    });
    (StatusCode::SERVICE_UNAVAILABLE, lines)
}
