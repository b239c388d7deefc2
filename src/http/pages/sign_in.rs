//! Signing in with a code by mail, and out.
//!
//! An answer never tells whether an address is known, neither by its words nor by its time: the
//! code is made and sent after the answer, whoever it is for.
use super::act::{Act, Entry};
use super::answer::{Stop, local, see, with_cookie};
use super::visit::Visit;
use crate::app::sign_in::CODE_LASTS;
use crate::chat::code_mail::CodeLetter;
use crate::chat::form::fields::encoded;
use crate::domain::id::PersonId;
use crate::show::Voice;
use crate::show::pages::{Done, sign_in};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// `GET /sign-in`: asks who somebody is.
pub(super) async fn ask(visit: Visit) -> Response {
    let page = visit.ask_page(local(visit.query.get("next").unwrap_or("/")), None);
    visit.sign_in_page(StatusCode::OK, page)
}

/// `POST /sign-in`: sends a code to the address on file.
pub(super) async fn send(entry: Entry) -> Response {
    let Entry { visit, fields, browser } = entry;
    let next = local(fields.get("next").unwrap_or("/"));
    let person = match fields.get("link") {
        Some(token) => visit.link(next, token),
        None => visit.door.sign_in().with_address(fields.get("address").unwrap_or_default()),
    };
    visit.mail_code(browser, person).await;
    see(&visit.door, &format!("/sign-in/code?next={}", encoded(next)))
}

/// `GET /sign-in/code`: asks for the code.
pub(super) async fn code(visit: Visit) -> Response {
    let next = local(visit.query.get("next").unwrap_or("/")).to_owned();
    visit.code_page(StatusCode::OK, &next, false)
}

/// `POST /sign-in/code`: signs in.
pub(super) async fn enter(entry: Entry) -> Result<Response, Stop> {
    let Entry { visit, fields, browser } = entry;
    let next = local(fields.get("next").unwrap_or("/"));
    let code = fields.get("code").unwrap_or_default();
    let entered = visit.door.sign_in().enter(&browser, code).await;
    let entered = entered.map_err(|error| visit.ours(&error))?;
    let Some(cookie) = entered else {
        return Ok(visit.code_page(StatusCode::UNPROCESSABLE_ENTITY, next, true));
    };
    Ok(visit.let_in(&cookie, next))
}

/// `POST /sign-out`.
pub(super) async fn out(act: Act) -> Result<Response, Stop> {
    let Act { reader, .. } = act;
    let visit = &reader.visit;
    let ended = visit.door.sign_in().end(&reader.cookie, &reader.person).await;
    ended.map_err(|error| visit.ours(&error))?;
    let response = see(&visit.door, &format!("/sign-in?done={}", Done::SignedOut.word()));
    Ok(with_cookie(&visit.door, response, (visit.door.session_cookie(), ""), Some(0)))
}

impl Visit {
    /// Goes on to `next` as a browser that is signed in.
    pub(super) fn let_in(&self, cookie: &str, next: &str) -> Response {
        let door = &self.door;
        let response = see(door, next);
        let response = with_cookie(door, response, (door.session_cookie(), cookie), None);
        with_cookie(door, response, (door.browser_cookie(), ""), Some(0))
    }

    fn code_page(&self, status: StatusCode, next: &str, is_wrong: bool) -> Response {
        let policy = self.door.app().policy();
        let voice = Voice::new(&policy.policy, self.language);
        let Some(browser) = &self.browser else {
            // Without its cookie no code does: it begins again.
            return see(&self.door, &format!("/sign-in?next={}", encoded(next)));
        };
        let frame = self
            .frame(voice, sign_in::title(voice))
            .with_form(self.door.sign_in().form_token(browser));
        let body = sign_in::Code {
            next: next.to_owned(),
            again: format!("/sign-in?next={}", encoded(next)),
            wrong: is_wrong.then(|| sign_in::wrong_code(voice)),
        };
        self.page(status, "code", frame, body)
    }

    /// Mails a code to `person`'s address on file, after the answer; nobody gets none.
    async fn mail_code(&self, browser: String, person: Option<PersonId>) {
        let Some(mail) = self.door.settings.mail.clone() else { return };
        // Whoever floods this waits for their turn, known or not.
        let Ok(turn) = Arc::clone(&self.door.asking).acquire_owned().await else { return };
        let (door, language) = (self.door.clone(), self.language);
        self.door.settings.tasks.spawn(async move {
            let _turn = turn;
            let Some(person) = person else { return };
            let letter = match door.sign_in().ask(&browser, &person).await {
                Ok(Some(letter)) => letter,
                Ok(None) => return,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "a code to sign in could not be made");
                    return;
                }
            };
            let letter = CodeLetter {
                to: letter.person.email,
                name: letter.person.name,
                code: letter.code,
                minutes: CODE_LASTS.num_minutes(),
                language,
            };
            if let Err(error) = mail.send_code(&letter).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a code to sign in could not be mailed");
            }
        });
    }
}
