//! One visit of a browser: what it asks for, in which language, with which cookies.
use super::Door;
use super::answer::{self, with_cookie};
use crate::chat::form::fields::Fields;
use crate::domain::language::Language;
use crate::http::client::client;
use crate::show::pages::{self, Frame, Page};
use crate::show::{Voice, templates::ShowError};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::convert::Infallible;

/// How long a browser that is not signed in keeps its cookie, from the last page on that asks who
/// somebody is: longer than a code is good.
const BROWSER_SECONDS: u32 = 3600;

/// One visit.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) door: Door,
    pub(super) language: Language,
    /// The path that was asked for, without the query.
    pub(super) path: String,
    pub(super) query: Fields,
    /// What the cookie of a signed-in browser holds.
    pub(super) session: Option<String>,
    /// What the cookie of another one holds.
    pub(super) browser: Option<String>,
    /// What tells whose browser it is, where somebody signed in with it before.
    pub(super) known: Option<String>,
    /// Where it comes from, for counting.
    pub(super) client: String,
}

impl FromRequestParts<Door> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self {
            door: door.clone(),
            language: language(&parts.headers).unwrap_or(door.settings.language),
            path: parts.uri.path().to_owned(),
            query: Fields::read(query.as_bytes()),
            session: cookie(&parts.headers, door.session_cookie()),
            browser: cookie(&parts.headers, door.browser_cookie()),
            known: cookie(&parts.headers, door.known_cookie()),
            client: client(&parts.headers, &parts.extensions),
        })
    }
}

impl Door {
    /// The cookie of a browser that is signed in. The prefix makes browsers take it over TLS alone,
    /// from this host alone; on this machine without TLS they would not take it.
    pub(super) fn session_cookie(&self) -> &'static str {
        if self.is_tab() {
            return "__Host-hallpass-tab";
        }
        if self.is_https { "__Host-hallpass" } else { "hallpass" }
    }

    /// The cookie of a browser with which somebody signed in before.
    pub(super) fn known_cookie(&self) -> &'static str {
        if self.is_https { "__Host-hallpass-known" } else { "hallpass-known" }
    }

    /// The cookie of a browser that is about to sign in.
    pub(super) fn browser_cookie(&self) -> &'static str {
        if self.is_tab() {
            return "__Host-hallpass-tab-browser";
        }
        if self.is_https { "__Host-hallpass-browser" } else { "hallpass-browser" }
    }
}

impl Visit {
    /// What stands around a page that nobody in particular reads.
    pub(super) fn frame(&self, voice: Voice<'_>, title: String) -> Frame {
        let frame = Frame::new(voice, title, &self.door.root, &self.door.style);
        match &self.door.settings.tab {
            Some(tab) => frame.in_teams(self.outside(tab)),
            None => frame,
        }
    }

    /// A page.
    pub(super) fn page<B: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        frame: Frame,
        body: B,
    ) -> Response {
        match pages::html(self.language, template, &Page { frame, body }) {
            Ok(html) => answer::page(status, html),
            Err(error) => broken(&error),
        }
    }

    /// A page that only says something, for nobody in particular.
    pub(super) fn notice(
        &self,
        status: StatusCode,
        notice: impl FnOnce(Voice<'_>) -> pages::Notice,
    ) -> Response {
        let policy = self.door.app().policy();
        let voice = Voice::new(&policy.policy, self.language);
        let notice = notice(voice);
        let frame = self.frame(voice, notice.title.clone());
        self.page(status, "notice", frame, notice)
    }

    /// What the cookie of a browser that is about to sign in holds, or shall hold.
    pub(super) fn browser(&self) -> Option<String> {
        if let Some(known) = &self.browser {
            return Some(known.clone());
        }
        match self.door.sign_in().new_cookie() {
            Ok(new) => Some(new),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "making a cookie");
                None
            }
        }
    }

    /// The answer with the cookie of a browser that is about to sign in; it lasts longer again.
    pub(super) fn keep_browser(&self, response: Response, browser: &str) -> Response {
        let cookie = (self.door.browser_cookie(), browser);
        with_cookie(&self.door, response, cookie, Some(BROWSER_SECONDS))
    }
}

/// Ours, not theirs: a template and its model do not fit.
fn broken(error: &ShowError) -> Response {
    tracing::error!(error = error as &dyn std::error::Error, "a page could not be drawn");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// The first language that the browser asks for and that there are texts in.
fn language(headers: &HeaderMap) -> Option<Language> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    wanted.split(',').find_map(|one| Language::of_locale(one.split(';').next()?.trim()))
}

/// A cookie's value, where it is one that we could have made.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
    let (_, value) = pairs.find(|(known, _)| known.trim() == name)?;
    let value = value.trim();
    let is_ours = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (value.len() == 43 && value.bytes().all(is_ours)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_we_have_is_taken() {
        let asked = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, text.parse().unwrap());
            language(&headers)
        };

        assert_eq!(asked("fr-CH, de-CH;q=0.9, en;q=0.8"), Some(Language::German));
        assert_eq!(asked("en-GB"), Some(Language::English));
        assert_eq!(asked("fr"), None);
        assert_eq!(language(&HeaderMap::new()), None);
    }

    #[test]
    fn only_what_could_be_ours_is_read_of_a_cookie() {
        let good = "a".repeat(43);
        let read = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, line.parse().unwrap());
            cookie(&headers, "hallpass")
        };

        assert_eq!(read(&format!("x=1; hallpass={good}; y=2")), Some(good.clone()));
        for line in ["", "hallpass", "hallpass=", "hallpass=short", "other=1"] {
            assert_eq!(read(line), None, "{line}");
        }
        assert_eq!(read(&format!("xhallpass={good}")), None);
        assert_eq!(read(&format!("hallpass={}!", "a".repeat(42))), None);
    }
}
