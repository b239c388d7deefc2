//! The mailbox in a browser: a list of letters, and each as HTML and as plain text side by side.
//!
//! A letter's HTML stands in a frame that runs nothing and loads nothing, as in a mail program.
use super::{Letter, Mailbox};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use std::collections::BTreeSet;

const STYLE: &str = include_str!("page.css");
/// What the page may load: its own style, and letters in frames.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'";
/// What a letter may: its own style.
const LETTER_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'";

/// The page's addresses.
pub(super) fn routes(mailbox: Mailbox) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/style.css", get(|| async { ([(header::CONTENT_TYPE, "text/css")], STYLE) }))
        .route("/letters/{number}", get(letter))
        .route("/letters/{number}/html", get(letter_html))
        .with_state(mailbox)
}

#[derive(Deserialize)]
struct Of {
    of: Option<String>,
}

async fn list(State(mailbox): State<Mailbox>, Query(Of { of }): Query<Of>) -> Response {
    page(&mailbox, of.as_deref(), None)
}

async fn letter(
    State(mailbox): State<Mailbox>,
    Path(number): Path<usize>,
    Query(Of { of }): Query<Of>,
) -> Response {
    page(&mailbox, of.as_deref(), Some(number))
}

async fn letter_html(State(mailbox): State<Mailbox>, Path(number): Path<usize>) -> Response {
    match mailbox.letters().get(number) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(letter) => {
            // A link leads out of the frame, as it does in a mail program.
            let html = letter.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
            ([(header::CONTENT_SECURITY_POLICY, LETTER_POLICY)], Html(html)).into_response()
        }
    }
}

fn page(mailbox: &Mailbox, of: Option<&str>, number: Option<usize>) -> Response {
    let letters = mailbox.letters();
    let opened = number.and_then(|number| Some((number, letters.get(number)?)));
    // While nothing is open, new letters appear by themselves.
    let refresh = match opened {
        None => "<meta http-equiv=\"refresh\" content=\"3\">",
        Some(_) => "",
    };
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">{refresh}\
         <title>Mailbox</title><link rel=\"stylesheet\" href=\"/style.css\"></head><body>\
         <header><h1>Mailbox</h1><p>Every letter that Hallpass sent. Nothing leaves this machine.</p>\
         <nav aria-label=\"Whose\">{}</nav></header><main><section aria-label=\"Letters\">{}</section>{}\
         </main></body></html>",
        people(&letters, of),
        entries(&letters, of, number),
        opened.map(reading).unwrap_or_default(),
    );
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response()
}

fn people(letters: &[Letter], of: Option<&str>) -> String {
    let addresses: BTreeSet<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
    let link = |address: Option<&str>| {
        let current = if address == of { " aria-current=\"page\"" } else { "" };
        let query = address.map(|address| format!("?of={}", encoded(address))).unwrap_or_default();
        let name = address.map_or_else(|| "Everybody".to_owned(), escaped);
        format!("<a href=\"/{query}\"{current}>{name}</a>")
    };
    std::iter::once(None).chain(addresses.into_iter().map(Some)).map(link).collect()
}

fn entries(letters: &[Letter], of: Option<&str>, number: Option<usize>) -> String {
    let shown = letters.iter().enumerate().rev();
    let shown: Vec<String> = shown
        .filter(|(_, letter)| of.is_none_or(|of| of == letter.to))
        .map(|(n, letter)| {
            let current = if number == Some(n) { " aria-current=\"true\"" } else { "" };
            let query = of.map(|of| format!("?of={}", encoded(of))).unwrap_or_default();
            format!(
                "<li><a href=\"/letters/{n}{query}\"{current}><span>{}</span><strong>{}</strong>\
                 <em>{}</em></a></li>",
                escaped(&letter.to),
                escaped(letter.text.lines().next().unwrap_or_default()),
                escaped(letter.header("subject")),
            )
        })
        .collect();
    match shown.is_empty() {
        true => "<p class=\"empty\">No letters yet.</p>".to_owned(),
        false => format!("<ol>{}</ol>", shown.concat()),
    }
}

fn reading((number, letter): (usize, &Letter)) -> String {
    let fact = |name: &str| {
        format!("<dt>{name}</dt><dd>{}</dd>", escaped(letter.header(&name.to_lowercase())))
    };
    let facts: String =
        ["From", "To", "Subject", "Date", "Message-ID", "References"].map(fact).concat();
    format!(
        "<article><dl>{facts}</dl><div class=\"parts\"><iframe title=\"The letter\" \
         sandbox=\"allow-popups allow-popups-to-escape-sandbox\" src=\"/letters/{number}/html\">\
         </iframe><pre>{}</pre></div></article>",
        escaped(&letter.text)
    )
}

fn escaped(text: &str) -> String {
    handlebars::html_escape(text)
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
