//! The way into Teams' tab: a page with a script that asks Teams who looks at it, and sends Teams' word
//! here in a form of ours.
//!
//! ```text
//! Teams ─frames─> /tab/sign-in ─script─> Teams' token ─form─> verified ─> a session of the tab's own
//! ```
//!
//! A session of the tab is none of the pages that stand alone, nor the other way round: their keys and
//! cookies differ, so that what may be framed is never reached with what must not be. Whoever is not
//! signed in any more gets the same page in place of the one they wanted, and goes on to that.
use super::act::Entry;
use super::answer::{Stop, local, see, with_cookie};
use super::visit::Visit;
use crate::app::ActError;
use crate::app::people::{Stranger, Unfit};
use crate::app::sign_in::{Brought, NotSignedIn};
use crate::chat::answers;
use crate::chat::teams::tab::{NotTaken, TabDoor};
use crate::http::careful::PageKind;
use crate::show::Voice;
use crate::show::pages::tab::{self as show, Entry as Page};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// The path that the pages are below.
pub(super) const BELOW: &str = "/tab";
/// How long a browser is known that came by Teams: Teams may hand out one token for hours, and that is
/// good for the browser that brought it first.
const BROWSER_SECONDS: u32 = 90 * 24 * 3600;

/// What the pages inside of Teams need beside.
#[derive(Clone)]
pub struct Tab {
    /// What reads Teams' word.
    pub door: Arc<TabDoor>,
    /// Whether there are pages that stand alone, for a browser.
    pub has_pages: bool,
}

/// `GET /tab/sign-in`: what Teams opens.
pub(super) async fn ask(visit: Visit) -> Response {
    match &visit.door.settings.tab {
        Some(tab) => visit.tab_entry(tab, local(visit.query.get("next").unwrap_or("/"))),
        None => see(&visit.door, "/"),
    }
}

/// `POST /tab/sign-in`: signs in whom Teams vouches for.
pub(super) async fn enter(entry: Entry) -> Result<Response, Stop> {
    let Entry { visit, fields, browser } = entry;
    let next = local(fields.get("next").unwrap_or("/"));
    let Some(tab) = &visit.door.settings.tab else { return Ok(see(&visit.door, "/")) };
    // Whoever was here before is not who Teams vouches for now, or is signed in anew.
    visit.end_before().await;
    let token = fields.get("token").unwrap_or_default();
    let word = tab.door.verify(token, visit.door.app().now()).await;
    let word = word.map_err(|why| visit.turned_away(tab, &why))?;
    let brought = Brought {
        account: &word.account,
        signed: &word.signed,
        until: word.until,
        browser: &browser,
    };
    let begun = visit.door.sign_in().begin_in_tab(brought).await;
    let cookie = begun.map_err(|why| visit.not_signed_in(tab, why))?;
    let response = see(&visit.door, next);
    let session = (visit.door.session_cookie(), &*cookie);
    Ok(with_cookie(&visit.door, response, session, None))
}

impl Visit {
    /// Where the same page stands alone, for a browser.
    pub(super) fn outside(&self, tab: &Tab) -> Option<String> {
        let url = self.door.links().public_url();
        // What enters the tab is nothing outside of it.
        let path = if self.path == "/sign-in" { "/" } else { &self.path };
        tab.has_pages.then(|| format!("{url}{path}"))
    }

    /// What whoever is not signed in gets in place of a page; with something to say, it waits until
    /// that is read.
    pub(super) fn tab_page(
        &self,
        tab: &Tab,
        status: StatusCode,
        note: Option<fn(Voice<'_>) -> String>,
    ) -> Response {
        match note {
            None => self.tab_entry(tab, &self.next()),
            Some(note) => self.tab_note(tab, status, note),
        }
    }

    /// What whoever comes back without what the way in gave them is told: mostly, their browser keeps
    /// no cookies of pages in frames.
    pub(super) fn keeps_no_cookie(&self, tab: &Tab) -> Response {
        tracing::warn!("refused a sign-in to the tab by a browser that was not given its form");
        self.tab_note(tab, StatusCode::FORBIDDEN, show::no_cookie)
    }

    fn tab_entry(&self, tab: &Tab, next: &str) -> Response {
        let Some(browser) = self.browser() else { return self.ours(&ActError::Seal) };
        let page = Page {
            next: next.to_owned(),
            outside: self.outside(tab),
            scripts: self.door.scripts.clone(),
            note: None,
        };
        let mut response = self.draw_entry(StatusCode::OK, Some(&browser), page);
        response.extensions_mut().insert(PageKind::TabEntry);
        let cookie = (self.door.browser_cookie(), &*browser);
        with_cookie(&self.door, response, cookie, Some(BROWSER_SECONDS))
    }

    /// Says why nobody is signed in, and offers another try.
    fn tab_note(
        &self,
        tab: &Tab,
        status: StatusCode,
        note: impl FnOnce(Voice<'_>) -> String,
    ) -> Response {
        let policy = self.door.app().policy();
        let note = note(Voice::new(&policy.policy, self.language));
        let next = if self.path == "/sign-in" { "/".to_owned() } else { self.next() };
        let outside = self.outside(tab);
        let page = Page { next, outside, scripts: None, note: Some(note) };
        self.draw_entry(status, None, page)
    }

    fn draw_entry(&self, status: StatusCode, browser: Option<&str>, page: Page) -> Response {
        let policy = self.door.app().policy();
        let voice = Voice::new(&policy.policy, self.language);
        let frame = self.frame(voice, show::title(voice));
        let frame = match browser {
            Some(browser) => frame.with_form(self.door.sign_in().form_token(browser)),
            None => frame,
        };
        self.page(status, "tab", frame, page)
    }

    /// The answer to a token that is not taken; what was wrong is for the log alone.
    fn turned_away(&self, tab: &Tab, why: &NotTaken) -> Response {
        let error = why as &dyn std::error::Error;
        tracing::warn!(error, "refused a token in the tab");
        if why.is_passing() {
            return self.tab_note(tab, StatusCode::SERVICE_UNAVAILABLE, show::busy);
        }
        if matches!(why, NotTaken::Guest) {
            let guest = Stranger::Unfit(Unfit::Guest);
            return self.tab_note(tab, StatusCode::FORBIDDEN, |v| answers::stranger(v, guest));
        }
        self.tab_note(tab, StatusCode::FORBIDDEN, show::refused)
    }

    fn not_signed_in(&self, tab: &Tab, why: NotSignedIn) -> Response {
        match why {
            NotSignedIn::Stranger(Stranger::Unknown) => {
                self.tab_note(tab, StatusCode::FORBIDDEN, show::unknown)
            }
            NotSignedIn::Stranger(stranger) => {
                self.tab_note(tab, StatusCode::FORBIDDEN, |v| answers::stranger(v, stranger))
            }
            NotSignedIn::Replayed => {
                tracing::warn!("refused a token in the tab that another browser brought before");
                self.tab_note(tab, StatusCode::FORBIDDEN, show::refused)
            }
            NotSignedIn::Act(error) => self.ours(&error),
        }
    }
}
