//! The demo's own pages: where one begins, and everybody's mailbox.
//!
//! A letter's HTML stands in a frame that runs nothing and loads nothing, as in a mail program, with
//! its text and its headers beside it; what it links to opens in this browser.
use super::{PEOPLE, mail_address, persona};
use crate::clock::{Clock, SkippingClock};
use crate::demo::mailbox::{Letter, Mailbox};
use crate::demo::target::Target;
use anyhow::Context;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use chrono::TimeDelta;
use handlebars::Handlebars;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What passes at the press of a button, in minutes, and its words: until access may be extended,
/// until the shortest ends, and more.
const SKIPS: [(i64, &str); 3] = [(5, "5 minutes"), (15, "15 minutes"), (60, "An hour")];
/// What the pages may load: their own style and script, and letters in frames.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
/// What a letter may: its own style, and open what it links to.
const LETTER_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; \
                             default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
const FRAMED: (HeaderName, &str) = (header::X_FRAME_OPTIONS, "SAMEORIGIN");

/// What the pages show.
pub(super) struct Shown {
    pub(super) mailbox: Mailbox,
    pub(super) target: Arc<Target>,
    pub(super) clock: SkippingClock,
}

#[derive(Clone)]
struct Desk(Arc<Inner>);

struct Inner {
    shown: Shown,
    templates: Handlebars<'static>,
}

/// What stands on every page.
#[derive(Serialize)]
struct Sheet<B> {
    title: String,
    people: Vec<PersonLine>,
    /// What the page shows; where it changes, the page is loaded again.
    state: String,
    body: B,
}

#[derive(Serialize)]
struct PersonLine {
    id: &'static str,
    name: &'static str,
    first: &'static str,
    does: &'static str,
    letters: usize,
    is_here: bool,
}

#[derive(Serialize)]
struct Start {
    now: String,
    skips: [(i64, &'static str); 3],
    target: Vec<String>,
}

#[derive(Serialize)]
struct MailboxPage {
    person: &'static str,
    first: &'static str,
    address: String,
    letters: Vec<LetterLine>,
    opened: Option<Opened>,
}

#[derive(Serialize)]
struct LetterLine {
    number: usize,
    subject: String,
    first: String,
    when: String,
    is_open: bool,
}

#[derive(Serialize)]
struct Opened {
    number: usize,
    subject: String,
    text: String,
    headers: Vec<(&'static str, String)>,
}

/// The pages' routes.
pub(super) fn routes(shown: Shown) -> anyhow::Result<Router> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    for (name, text) in [
        ("frame", include_str!("page/frame.html.hbs")),
        ("start", include_str!("page/start.html.hbs")),
        ("mailbox", include_str!("page/mailbox.html.hbs")),
    ] {
        templates.register_template_string(name, text).context("a template of the demo")?;
    }
    let file = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text) })
    };
    Ok(Router::new()
        .route("/demo", get(start))
        .route("/demo/style.css", file("text/css", include_str!("page/style.css")))
        .route("/demo/live.js", file("text/javascript", include_str!("page/live.js")))
        .route("/demo/state", get(state))
        .route("/demo/letters", get(letters))
        .route("/demo/skip", post(skip))
        .route("/demo/people/{person}/portal", get(portal))
        .route("/demo/people/{person}/mail", get(mailbox))
        .route("/demo/people/{person}/mail/{number}", get(letter))
        .route("/demo/letters/{number}/html", get(letter_html))
        .with_state(Desk(Arc::new(Inner { shown, templates }))))
}

async fn start(State(desk): State<Desk>) -> Response {
    let body = Start {
        now: desk.0.shown.clock.now().format("%d.%m.%Y, %H:%M UTC").to_string(),
        skips: SKIPS,
        target: desk.target().await,
    };
    desk.page("start", "Start".to_owned(), None, body).await
}

/// What pages ask whether they are still true.
async fn state(State(desk): State<Desk>) -> Json<Value> {
    Json(json!({"state": desk.state().await, "target": desk.target().await}))
}

/// Every letter, for programs that look at them: oldest first.
async fn letters(State(desk): State<Desk>) -> Json<Value> {
    let letters = desk.0.shown.mailbox.letters();
    let one = |letter: &Letter| {
        let subject = letter.header("subject");
        json!({"to": letter.to, "subject": subject, "text": letter.text, "html": letter.html})
    };
    Json(letters.iter().map(one).collect())
}

#[derive(Deserialize)]
struct Skip {
    minutes: i64,
}

/// Time passes.
async fn skip(State(desk): State<Desk>, Form(Skip { minutes }): Form<Skip>) -> Redirect {
    if SKIPS.iter().any(|(known, _)| *known == minutes) {
        desk.0.shown.clock.skip(TimeDelta::minutes(minutes));
    }
    Redirect::to("/demo")
}

/// Somebody sits down and opens the pages; who they are, they prove there.
async fn portal(Path(person): Path<String>, headers: HeaderMap) -> Response {
    match known(&person) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some((id, ..)) => seated(Redirect::to("/").into_response(), &headers, id),
    }
}

async fn mailbox(
    State(desk): State<Desk>,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Response {
    desk.mailbox(&person, None, &headers).await
}

async fn letter(
    State(desk): State<Desk>,
    Path((person, number)): Path<(String, usize)>,
    headers: HeaderMap,
) -> Response {
    desk.mailbox(&person, Some(number), &headers).await
}

async fn letter_html(State(desk): State<Desk>, Path(number): Path<usize>) -> Response {
    match desk.0.shown.mailbox.letters().get(number) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(letter) => {
            // A link leads out of the frame, as it does in a mail program.
            let html = letter.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
            ([(header::CONTENT_SECURITY_POLICY, LETTER_POLICY), FRAMED], Html(html)).into_response()
        }
    }
}

impl Desk {
    async fn mailbox(&self, person: &str, number: Option<usize>, headers: &HeaderMap) -> Response {
        let Some((id, name, _)) = known(person) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let address = mail_address(id);
        let letters = self.0.shown.mailbox.letters();
        let theirs = letters.iter().enumerate().filter(|(_, letter)| letter.to == address);
        let lines = theirs.clone().rev().map(|(at, letter)| line(at, letter, number)).collect();
        let opened = theirs.clone().find(|(at, _)| number == Some(*at));
        if number.is_some() && opened.is_none() {
            return StatusCode::NOT_FOUND.into_response();
        }
        let first = first_name(name);
        let opened = opened.map(|(at, letter)| opened_letter(at, letter));
        let body = MailboxPage { person: id, first, address, letters: lines, opened };
        let page = self.page("mailbox", format!("{first}’s mailbox"), Some(id), body).await;
        seated(page, headers, id)
    }

    async fn page<B: Serialize>(
        &self,
        template: &str,
        title: String,
        here: Option<&str>,
        body: B,
    ) -> Response {
        let letters = self.0.shown.mailbox.letters();
        let person = |(id, name, does): (&'static str, &'static str, &'static str)| PersonLine {
            letters: letters.iter().filter(|letter| letter.to == mail_address(id)).count(),
            is_here: here == Some(id),
            first: first_name(name),
            id,
            name,
            does,
        };
        let people = PEOPLE.map(person).into();
        let sheet = Sheet { title, people, state: self.state().await, body };
        match self.0.templates.render(template, &sheet) {
            Ok(html) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "a page of the demo could not be drawn");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    async fn target(&self) -> Vec<String> {
        self.0.shown.target.lines().await.unwrap_or_else(|error| vec![error.to_string()])
    }

    async fn state(&self) -> String {
        let letters = self.0.shown.mailbox.letters().len();
        format!("{letters} letters; {}", self.target().await.join("; "))
    }
}

fn known(person: &str) -> Option<(&'static str, &'static str, &'static str)> {
    PEOPLE.into_iter().find(|(id, ..)| *id == person)
}

fn first_name(name: &'static str) -> &'static str {
    name.split(' ').next().unwrap_or(name)
}

/// The answer, with `person` at the browser.
fn seated(mut answer: Response, headers: &HeaderMap, person: &str) -> Response {
    for cookie in persona::sits_down(headers, person) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

fn line(number: usize, letter: &Letter, opened: Option<usize>) -> LetterLine {
    LetterLine {
        number,
        subject: letter.header("subject").to_owned(),
        first: letter.text.lines().next().unwrap_or_default().to_owned(),
        when: letter.header("date").trim_end_matches(" +0000").to_owned(),
        is_open: opened == Some(number),
    }
}

fn opened_letter(number: usize, letter: &Letter) -> Opened {
    let told = ["From", "To", "Date", "Message-ID", "References", "Auto-Submitted"];
    let header = |name: &'static str| (name, letter.header(&name.to_lowercase()).to_owned());
    Opened {
        number,
        subject: letter.header("subject").to_owned(),
        text: letter.text.clone(),
        headers: told.map(header).into_iter().filter(|(_, value)| !value.is_empty()).collect(),
    }
}
