//! Who reads a page: somebody who is signed in. Anybody else is asked who they are.
use super::Door;
use super::answer::Stop;
use super::visit::Visit;
use crate::app::{ActError, App, Snapshot};
use crate::chat::answers;
use crate::domain::id::{PersonId, RequestId};
use crate::show::Voice;
use crate::show::pages::{self, Done, Frame, Place, Said, sign_in};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;

/// Somebody who is signed in, on a visit.
pub(super) struct Reader {
    pub(super) visit: Visit,
    pub(super) person: PersonId,
    /// What their browser's cookie holds.
    pub(super) cookie: String,
    pub(super) snapshot: Arc<Snapshot>,
}

impl FromRequestParts<Door> for Reader {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Self, Stop> {
        let Ok(visit) = Visit::from_request_parts(parts, door).await;
        match Self::of(visit.clone()).await {
            Ok(Some(reader)) => Ok(reader),
            Ok(None) => Err(visit.asks_who(StatusCode::OK, None).into()),
            Err(error) => Err(visit.ours(&error).into()),
        }
    }
}

impl Reader {
    /// Who uses the browser of a visit.
    pub(super) async fn of(visit: Visit) -> Result<Option<Self>, ActError> {
        let Some(cookie) = visit.session.clone() else { return Ok(None) };
        let person = visit.door.sign_in().reader(&cookie).await?;
        // What may be asked for, and who approves it, is not known before.
        visit.door.app().catalogue_known().await;
        let snapshot = visit.door.app().policy();
        Ok(person.map(|person| Self { visit, person, cookie, snapshot }))
    }

    pub(super) fn app(&self) -> &App {
        self.visit.door.app()
    }

    pub(super) fn voice(&self) -> Voice<'_> {
        Voice::new(&self.snapshot.policy, self.visit.language)
    }

    /// What stands around a page of theirs; what was done a moment ago is said in it.
    pub(super) fn frame(&self, title: String, here: Place) -> Frame {
        let voice = self.voice();
        let done = self.visit.query.get("done").and_then(Done::read);
        self.visit
            .frame(voice, title)
            .read_by(voice, &self.person, here)
            .with_form(self.visit.door.sign_in().form_token(&self.cookie))
            .saying(done.map(|done| pages::done(voice, done)))
    }

    /// A page of theirs.
    pub(super) fn page<B: Serialize>(&self, template: &str, frame: Frame, body: B) -> Response {
        self.visit.page(StatusCode::OK, template, frame, body)
    }

    /// There is no such page, or it is not theirs.
    pub(super) fn not_found(&self) -> Response {
        self.notice(StatusCode::NOT_FOUND, pages::not_found(self.voice()))
    }

    /// Why something could not be done, as a page of its own.
    pub(super) fn refuse(&self, error: &ActError) -> Response {
        let (status, is_ours) = standing_of(error);
        if is_ours {
            log(error);
        }
        if matches!(error, ActError::NotFound) {
            return self.not_found();
        }
        let line = answers::act_error(self.voice(), error);
        self.notice(status, pages::sorry(self.voice(), line))
    }

    pub(super) fn notice(&self, status: StatusCode, notice: pages::Notice) -> Response {
        let frame = self.frame(notice.title.clone(), Place::Elsewhere);
        self.visit.page(status, "notice", frame, notice)
    }

    /// The same as a sentence at the top of another page.
    pub(super) fn wrong(&self, error: &ActError) -> (StatusCode, Said) {
        let (status, is_ours) = standing_of(error);
        if is_ours {
            log(error);
        }
        (status, Said::wrong(answers::act_error(self.voice(), error)))
    }
}

impl Visit {
    /// Asks whoever is not signed in who they are, with something to say first; a link says who
    /// should be.
    pub(super) fn asks_who(
        &self,
        status: StatusCode,
        note: Option<fn(Voice<'_>) -> String>,
    ) -> Response {
        if let Some(tab) = &self.door.settings.tab {
            return self.tab_page(tab, status, note);
        }
        let named = self.query.get("k").map(|token| self.named(&self.path, token));
        let note = note.or(match &named {
            Some(None) => Some(sign_in::old_link),
            None if self.session.is_some() => Some(sign_in::over),
            _ => None,
        });
        let page = self.ask_page(&self.next(), note);
        self.sign_in_page(status, sign_in::SignIn { named: named.flatten(), ..page })
    }

    /// The page that asks who somebody is, who goes on to `next` then.
    pub(super) fn ask_page(
        &self,
        next: &str,
        note: Option<fn(Voice<'_>) -> String>,
    ) -> sign_in::SignIn {
        let policy = self.door.app().policy();
        let voice = Voice::new(&policy.policy, self.language);
        sign_in::SignIn {
            next: next.to_owned(),
            note: note.map(|note| note(voice)),
            has_mail: self.door.settings.mail.is_some(),
            address: String::new(),
            named: None,
            provider: self.company(next),
        }
    }

    /// Whom a link to the page at `path` names, where codes can be mailed to them.
    pub(super) fn named(&self, path: &str, token: &str) -> Option<sign_in::Named> {
        self.door.settings.mail.as_ref()?;
        let person = self.link(path, token)?;
        let policy = self.door.app().policy();
        let person = policy.policy.directory.active(&person)?;
        let known = !person.email.is_empty();
        known.then(|| sign_in::Named { token: token.to_owned(), masked: sign_in::masked(person) })
    }

    /// Whom a link to the request at `path` names.
    pub(super) fn link(&self, path: &str, token: &str) -> Option<PersonId> {
        let request: RequestId = path.strip_prefix("/requests/")?.parse().ok()?;
        self.door.links().open(token, request, self.door.app().now()).ok()
    }

    /// Where this visit leads after signing in: to itself, without what a link carries.
    pub(super) fn next(&self) -> String {
        let filters = self
            .query
            .all("status")
            .map(|status| format!("status={}", crate::chat::form::fields::encoded(status)));
        let query: Vec<String> = filters.collect();
        if query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, query.join("&"))
        }
    }

    pub(super) fn sign_in_page(&self, status: StatusCode, page: sign_in::SignIn) -> Response {
        let policy = self.door.app().policy();
        let voice = Voice::new(&policy.policy, self.language);
        let Some(browser) = self.browser() else {
            return self.ours(&ActError::Seal);
        };
        let done = self.query.get("done").and_then(Done::read);
        let company = self.door.settings.company.as_ref().map(|company| &*company.name);
        let said = done.map(|done| match (done, company) {
            // What they are signed in to beside us is not ours to end.
            (Done::SignedOut, Some(company)) => sign_in::signed_out_of_us(voice, company),
            (done, _) => pages::done(voice, done),
        });
        let frame = self
            .frame(voice, sign_in::title(voice))
            .with_form(self.door.sign_in().form_token(&browser))
            .saying(said);
        let response = self.page(status, "sign_in", frame, page);
        self.keep_browser(response, &browser)
    }

    /// Something of ours failed.
    pub(super) fn ours(&self, error: &ActError) -> Response {
        log(error);
        self.notice(StatusCode::INTERNAL_SERVER_ERROR, |voice| {
            pages::sorry(voice, answers::act_error(voice, error))
        })
    }
}

/// What an error is to HTTP, and whether it is ours.
fn standing_of(error: &ActError) -> (StatusCode, bool) {
    match error {
        ActError::NotFound => (StatusCode::NOT_FOUND, false),
        ActError::NotTheirs | ActError::NotAllowed(_) | ActError::TheirsAlone(_) => {
            (StatusCode::FORBIDDEN, false)
        }
        ActError::Late(..)
        | ActError::NotExtended(..)
        | ActError::NothingLeft(_)
        | ActError::Crowded => (StatusCode::CONFLICT, false),
        ActError::NeedsReason | ActError::NotFavorite | ActError::Form(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, false)
        }
        ActError::FormGone => (StatusCode::GONE, false),
        ActError::Seal | ActError::CutShort | ActError::Store(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, true)
        }
    }
}

fn log(error: &ActError) {
    tracing::error!(error = error as &dyn std::error::Error, "a page could not do what was asked");
}
