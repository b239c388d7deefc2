//! What every answer tells browsers and caches, whatever it is and whoever gives it: the one place
//! for it. A page says what kind of page it is; anything else may load and do nothing.
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

/// What is the same on all.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];
/// Browsers that came over TLS once come over nothing else for a year.
const STRICT: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// What is kept by nobody, unless an answer says otherwise.
const NOT_KEPT: HeaderValue = HeaderValue::from_static("no-store");
/// What is no page loads nothing and does nothing.
const NOTHING: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);
/// A page loads our style sheet and our icon, sends our forms, and nothing else.
const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);
/// The same inside of Microsoft Teams.
const TAB: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors https://teams.microsoft.com https://*.teams.microsoft.com \
     https://*.cloud.microsoft",
);
/// For browsers that do not read who may frame a page.
const UNFRAMED: HeaderValue = HeaderValue::from_static("DENY");

/// What kind of page an answer is: an extension of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    /// A page that stands alone: nobody frames it.
    Alone,
    /// A page that Microsoft Teams frames as a tab.
    Tab,
}

impl PageKind {
    /// The kind of page at a path, below the root: those of the tab may be framed, no others.
    pub(super) fn at(path: &str) -> Self {
        if path == "/tab" || path.starts_with("/tab/") { Self::Tab } else { Self::Alone }
    }
}

/// Makes answers careful.
#[derive(Debug, Clone, Copy)]
pub(super) struct Careful {
    /// Whether people reach us over TLS.
    pub(super) is_https: bool,
}

impl Careful {
    /// Tells what browsers and caches keep to.
    pub(super) fn put_on(self, response: &mut Response) {
        let kind = response.extensions().get::<PageKind>().copied();
        let headers: &mut HeaderMap = response.headers_mut();
        for (name, value) in ALWAYS {
            headers.insert(name, value);
        }
        if self.is_https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT);
        }
        headers.entry(header::CACHE_CONTROL).or_insert(NOT_KEPT);
        // What stands beside the bot, as the demo's pages do, says for itself what it loads and who
        // may frame it.
        if headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            return;
        }
        let policy = match kind {
            None => NOTHING,
            Some(PageKind::Alone) => PAGE,
            Some(PageKind::Tab) => TAB,
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        // It knows no list: with it, nobody could frame a tab.
        if kind != Some(PageKind::Tab) {
            headers.insert(header::X_FRAME_OPTIONS, UNFRAMED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    fn dressed(kind: Option<PageKind>, is_https: bool) -> Response {
        let mut response = "x".into_response();
        if let Some(kind) = kind {
            response.extensions_mut().insert(kind);
        }
        Careful { is_https }.put_on(&mut response);
        response
    }

    #[test]
    fn the_tab_alone_may_be_framed_and_by_teams_alone() {
        let policy = |path: &str| {
            let response = dressed(Some(PageKind::at(path)), true);
            let text = |name| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
            let policy = text(header::CONTENT_SECURITY_POLICY).unwrap();
            let framed = policy.split("frame-ancestors ").nth(1).unwrap().to_owned();
            (framed, text(header::X_FRAME_OPTIONS))
        };
        let teams = "https://teams.microsoft.com https://*.teams.microsoft.com \
                     https://*.cloud.microsoft";

        for path in ["/tab", "/tab/requests"] {
            assert_eq!(policy(path), (teams.to_owned(), None), "{path}");
        }
        for path in ["/", "/tables", "/requests/tab", "/requests"] {
            assert_eq!(policy(path), ("'none'".to_owned(), Some("DENY".to_owned())), "{path}");
        }
    }

    #[test]
    fn browsers_are_bound_to_tls_where_there_is_some() {
        let strict = |is_https| {
            let response = dressed(None, is_https);
            response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY)
        };

        assert!(strict(true) && !strict(false));
    }
}
