//! Answers: a page with its headers, or the way to another one.
use super::Door;
use crate::http::careful::PageKind;
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

/// Says of every answer of the pages what kind of page it is; one that knows better says so itself.
pub(super) async fn as_pages(State(door): State<Door>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let kind = if door.is_tab() { PageKind::Tab } else { PageKind::Alone };
    response.extensions_mut().get_or_insert_with(|| kind);
    response
}

/// An answer in place of what was asked for; boxed, since it is rare and large.
#[derive(Debug)]
pub(super) struct Stop(Box<Response>);

impl From<Response> for Stop {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A page.
pub(super) fn page(status: StatusCode, html: String) -> Response {
    (status, Html(html)).into_response()
}

/// The way to another page of ours, by GET.
pub(super) fn see(door: &Door, path: &str) -> Response {
    let to = format!("{}{path}", door.root);
    let Ok(to) = HeaderValue::from_str(&to) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// The answer with a cookie that no script and no other site's form carries; gone after
/// `seconds`, or with the browser. That of the tab goes along inside of Teams and, kept apart for
/// each site that frames us, inside of nothing else.
pub(super) fn with_cookie(
    door: &Door,
    mut response: Response,
    (name, value): (&str, &str),
    seconds: Option<u32>,
) -> Response {
    let way = match (door.is_tab(), door.is_https) {
        (true, _) => "SameSite=None; Secure; Partitioned",
        (false, true) => "SameSite=Lax; Secure",
        (false, false) => "SameSite=Lax",
    };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; {way}{age}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Where somebody goes next: a path of ours, whatever was sent.
pub(super) fn local(next: &str) -> &str {
    let is_plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let is_path = next.starts_with('/') && !next.starts_with("//");
    if is_plain && is_path && next.len() <= 500 { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for path in ["/", "/requests/AR-1042", "/requests?status=active&from=AR-7"] {
            assert_eq!(local(path), path);
        }
        for path in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/é",
            "/ ",
        ] {
            assert_eq!(local(path), "/", "{path}");
        }
    }
}
