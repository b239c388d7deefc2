//! Answers: a page with its headers, or the way to another one.
use super::Door;
use crate::http::careful::PageKind;
use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

/// Says of every answer of the pages what kind of page it is.
pub(super) async fn as_pages(request: Request, next: Next) -> Response {
    let kind = PageKind::at(request.uri().path());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(kind);
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
/// `seconds`, or with the browser.
pub(super) fn with_cookie(
    door: &Door,
    mut response: Response,
    (name, value): (&str, &str),
    seconds: Option<u32>,
) -> Response {
    let secure = if door.is_https { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
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
