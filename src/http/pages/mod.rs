//! Web pages: everything that chat offers, for people whom email reached, for long lists, for print.
//!
//! ```text
//! browser ─> visit (cookies, language) ─> reader (who is signed in) ─> act (a form of ours)
//!                    └─> sign_in: code by mail ──────┘
//! ```
//!
//! Reading changes nothing, whoever or whatever follows a link. What changes something is a POST of
//! a form that was drawn for this browser, sent from our own pages, by somebody who is signed in;
//! then the use cases decide, as for chat. Rendered here, no script anywhere.
mod act;
mod answer;
mod assets;
mod form;
mod lists;
mod provider;
mod reader;
mod request;
mod sign_in;
mod visit;

pub use provider::{BACK, CompanySignIn};

use crate::app::App;
use crate::app::links::Links;
use crate::app::sign_in::SignIn;
use crate::chat::code_mail::CodeMail;
use crate::domain::language::Language;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// Codes that are made and mailed at a time; whoever asks meanwhile waits.
const CODES_AT_ONCE: usize = 4;

/// What the pages need.
pub struct PagesSettings {
    /// The use cases.
    pub app: App,
    /// Signing in.
    pub sign_in: SignIn,
    /// The links in mails; they say where the pages are.
    pub links: Links,
    /// What mails codes, where mail is configured.
    pub mail: Option<Arc<dyn CodeMail>>,
    /// The company's sign-in, where one is configured.
    pub company: Option<CompanySignIn>,
    /// For whoever's browser asks for no language of ours.
    pub language: Language,
    /// Where what goes on after an answer is counted.
    pub tasks: TaskTracker,
}

/// The pages. Cheap to clone.
#[derive(Clone)]
struct Door(Arc<Inner>);

struct Inner {
    settings: PagesSettings,
    /// `https://access.example.com`, for comparing.
    origin: String,
    /// What stands before every path of ours; empty where the pages are at the host's root.
    root: String,
    /// The style sheet's path, with what is in it as its name.
    style: String,
    is_https: bool,
    asking: Arc<Semaphore>,
}

impl std::ops::Deref for Door {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The routes of all pages.
pub fn routes(settings: PagesSettings) -> Router {
    let door = Door::new(settings);
    Router::new()
        .route("/", get(lists::home))
        .route("/waiting", get(lists::waiting))
        .route("/requests", get(lists::requests))
        .route("/access", get(lists::access))
        .route("/favourites", get(lists::favorites))
        .route("/delegated", get(lists::delegated))
        .route("/requests/{id}", get(request::show))
        .route("/requests/{id}/decide", post(request::decide))
        .route("/requests/{id}/cancel", post(request::cancel))
        .route("/requests/{id}/revoke", post(request::revoke))
        .route("/requests/{id}/extend", post(request::extend))
        .route("/requests/{id}/star", post(request::star))
        .route("/requests/{id}/unstar", post(request::unstar))
        .route("/requests/{id}/connect", post(request::connect))
        .route("/sign-in", get(sign_in::ask).post(sign_in::send))
        .route("/sign-in/code", get(sign_in::code).post(sign_in::enter))
        .route("/sign-in/provider", get(provider::begin))
        // Whoever only looks does not sign anybody in.
        .route(BACK, get(provider::finish).head(async || StatusCode::METHOD_NOT_ALLOWED))
        .route("/sign-out", post(sign_in::out))
        .route("/assets/{name}", get(assets::asset))
        .merge(form::routes())
        .layer(from_fn_with_state(door.clone(), answer::with_headers))
        .with_state(door)
}

impl Door {
    fn new(settings: PagesSettings) -> Self {
        let public = settings.links.public_url().to_owned();
        let after_scheme = public.find("://").map_or(0, |at| at + 3);
        let host_ends = public.get(after_scheme..).and_then(|rest| rest.find('/'));
        let (origin, root) = match host_ends {
            Some(at) => public.split_at(after_scheme + at),
            None => (public.as_str(), ""),
        };
        let style = format!("{root}/assets/{}", assets::style_name());
        Self(Arc::new(Inner {
            origin: origin.to_owned(),
            root: root.to_owned(),
            style,
            is_https: public.starts_with("https:"),
            asking: Arc::new(Semaphore::new(CODES_AT_ONCE)),
            settings,
        }))
    }

    fn app(&self) -> &App {
        &self.settings.app
    }

    fn sign_in(&self) -> &SignIn {
        &self.settings.sign_in
    }

    fn links(&self) -> &Links {
        &self.settings.links
    }
}
