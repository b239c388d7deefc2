//! What every route wears: a request id, the body limit, careful headers, silence on what is not
//! there.
use super::body;
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tower_http::limit::RequestBodyLimitLayer;
use tracing::Instrument;
use tracing::field::Empty;

/// Headers for browsers and caches; a page that needs others sets its own.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
];

/// Routes with everything around them that all of ours share; the last step before serving.
pub fn dressed(routes: Router) -> Router {
    routes
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(RequestBodyLimitLayer::new(body::MOST_BYTES))
        .layer(from_fn(with_headers))
        .layer(from_fn(with_request_id))
}

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// Gives what is logged for one request a name; the address itself is never logged, for a path
/// may hold a secret.
async fn with_request_id(request: Request, next: Next) -> Response {
    let span = tracing::info_span!("http", request.id = crate::ids::fresh(), route = Empty);
    next.run(request).instrument(span).await
}
