//! What every route wears: a request id, the body limit, silence on what is not there; and what
//! every answer tells browsers.
use super::body;
use super::careful::Careful;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tower_http::limit::RequestBodyLimitLayer;
use tracing::Instrument;
use tracing::field::Empty;

/// Routes with everything around them, ready to be served.
#[derive(Clone)]
pub struct Dressed {
    pub(super) routes: Router,
    pub(super) careful: Careful,
}

/// Routes with everything around them that all of ours share; the last step before serving.
/// `is_https` says whether people reach them over TLS.
pub fn dressed(routes: Router, is_https: bool) -> Dressed {
    let routes = routes
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(RequestBodyLimitLayer::new(body::MOST_BYTES))
        .layer(from_fn(with_request_id));
    // Headers are put on where answers leave: some are given before any route is reached.
    Dressed { routes, careful: Careful { is_https } }
}

/// Gives what is logged for one request a name; the address itself is never logged, for a path
/// may hold a secret.
async fn with_request_id(request: Request, next: Next) -> Response {
    let span = tracing::info_span!("http", request.id = crate::ids::fresh(), route = Empty);
    next.run(request).instrument(span).await
}
