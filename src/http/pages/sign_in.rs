//! Signing in with a code by mail, and out.
//!
//! An answer never tells whether an address is known, neither by its words nor by its time: the
//! code is made and sent after the answer (`codes`), whoever it is for.
use super::act::{Act, Entry};
use super::answer::{Stop, local, see, with_cookie};
use super::codes::Wanted;
use super::reader::Reader;
use super::visit::Visit;
use crate::app::sign_in::{Asker, Room};
use crate::chat::form::fields::encoded;
use crate::domain::id::PersonId;
use crate::show::Voice;
use crate::show::pages::{Done, sign_in};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// How long a browser is known in which somebody signed in.
const KNOWN_SECONDS: u32 = 180 * 24 * 3600;

/// `GET /sign-in`: asks who somebody is.
pub(super) async fn ask(visit: Visit) -> Response {
    let page = visit.ask_page(local(visit.query.get("next").unwrap_or("/")), None);
    visit.sign_in_page(StatusCode::OK, page)
}

/// `POST /sign-in`: has a code sent to the address on file.
pub(super) async fn send(entry: Entry) -> Response {
    let Entry { visit, fields, browser } = entry;
    let next = local(fields.get("next").unwrap_or("/"));
    let Some(codes) = &visit.door.codes else { return StatusCode::NOT_FOUND.into_response() };
    let link = fields.get("link");
    let (person, room) = match link {
        Some(token) => (visit.link(next, token), Room::Own),
        None => visit.who_has(fields.get("address").unwrap_or_default()),
    };
    let client = visit.client.clone();
    let asker = Asker { browser, client, room };
    if codes.ask(Wanted { asker, person, language: visit.language }) {
        return see(&visit.door, &format!("/sign-in/code?next={}", encoded(next)));
    }
    let page = visit.ask_page(next, Some(sign_in::busy));
    let named = link.and_then(|token| visit.named(next, token));
    visit.sign_in_page(StatusCode::SERVICE_UNAVAILABLE, sign_in::SignIn { named, ..page })
}

/// `GET /sign-in/code`: asks for the code; in a browser that was signed in meanwhile, goes on.
pub(super) async fn code(visit: Visit) -> Response {
    let next = local(visit.query.get("next").unwrap_or("/")).to_owned();
    if visit.browser.is_none() && visit.is_signed_in().await {
        return see(&visit.door, &next);
    }
    visit.code_page(StatusCode::OK, &next, false)
}

/// `POST /sign-in/code`: signs in.
pub(super) async fn enter(entry: Entry) -> Result<Response, Stop> {
    let Entry { visit, fields, browser } = entry;
    let next = local(fields.get("next").unwrap_or("/"));
    let code = fields.get("code").unwrap_or_default();
    let entered = visit.door.sign_in().enter(&browser, code).await;
    let entered = entered.map_err(|error| visit.ours(&error))?;
    let Some(entered) = entered else {
        return Ok(visit.code_page(StatusCode::UNPROCESSABLE_ENTITY, next, true));
    };
    let response = visit.let_in(&entered.cookie, next).await;
    let known = (visit.door.known_cookie(), &*entered.known);
    Ok(with_cookie(&visit.door, response, known, Some(KNOWN_SECONDS)))
}

/// `GET /sign-out`: whoever came here by going back or loading again has nothing to do here.
pub(super) async fn home(visit: Visit) -> Response {
    see(&visit.door, "/")
}

/// `POST /sign-out`.
pub(super) async fn out(act: Act) -> Result<Response, Stop> {
    let Act { reader, .. } = act;
    let visit = &reader.visit;
    let ended = visit.door.sign_in().end(&reader.cookie, &reader.person).await;
    ended.map_err(|error| visit.ours(&error))?;
    Ok(visit.signed_out())
}

impl Visit {
    /// Goes on to `next` as a browser that is signed in. Whoever was signed in with it before is not
    /// any more.
    pub(super) async fn let_in(&self, cookie: &str, next: &str) -> Response {
        let door = &self.door;
        self.end_before().await;
        let response = see(door, next);
        let response = with_cookie(door, response, (door.session_cookie(), cookie), None);
        with_cookie(door, response, (door.browser_cookie(), ""), Some(0))
    }

    /// Ends the session that another one replaces.
    pub(super) async fn end_before(&self) {
        if let Some(before) = &self.session
            && let Err(error) = self.door.sign_in().end_if_any(before).await
        {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "a session that another one replaced goes on until it idles");
        }
    }

    /// On to the page that says so.
    pub(super) fn signed_out(&self) -> Response {
        let door = &self.door;
        let response = see(door, &format!("/sign-in?done={}", Done::SignedOut.word()));
        with_cookie(door, response, (door.session_cookie(), ""), Some(0))
    }

    /// Whether somebody is signed in with this browser.
    pub(super) async fn is_signed_in(&self) -> bool {
        matches!(Reader::of(self.clone()).await, Ok(Some(_)))
    }

    /// Whose address this is, and among whose codes one for them counts.
    fn who_has(&self, address: &str) -> (Option<PersonId>, Room) {
        let sign_in = self.door.sign_in();
        let person = sign_in.with_address(address);
        // Nobody's room is looked up as well, so that it takes as long.
        let nobody = PersonId::new("");
        let room = sign_in.room_of(person.as_ref().unwrap_or(&nobody), self.known.as_deref());
        (person, room)
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
        let response = self.page(status, "code", frame, body);
        self.keep_browser(response, browser)
    }
}
