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
/// <https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/tab-requirements>
const TAB: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors https://teams.microsoft.com https://*.teams.microsoft.com \
     https://*.cloud.microsoft",
);
/// The same with scripts of ours, which ask Teams who looks at it. They reach no host.
const TAB_ENTRY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors https://teams.microsoft.com https://*.teams.microsoft.com \
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
    /// The one of those that has scripts, and no words but its own.
    TabEntry,
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
            Some(PageKind::TabEntry) => TAB_ENTRY,
        };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        // It knows no list: with it, nobody could frame a tab.
        if !matches!(kind, Some(PageKind::Tab | PageKind::TabEntry)) {
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
        let policy = |kind| {
            let response = dressed(kind, true);
            let text = |name| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
            let policy = text(header::CONTENT_SECURITY_POLICY).unwrap();
            let framed = policy.split("frame-ancestors ").nth(1).unwrap().to_owned();
            (framed, text(header::X_FRAME_OPTIONS), policy.contains("script-src"))
        };
        let teams = "https://teams.microsoft.com https://*.teams.microsoft.com \
                     https://*.cloud.microsoft";

        assert_eq!(policy(Some(PageKind::Tab)), (teams.to_owned(), None, false));
        assert_eq!(policy(Some(PageKind::TabEntry)), (teams.to_owned(), None, true));
        for kind in [None, Some(PageKind::Alone)] {
            assert_eq!(policy(kind), ("'none'".to_owned(), Some("DENY".to_owned()), false));
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
