//! Web pages: everything that chat offers, for people whom email reached, for long lists, for print.
//!
//! ```text
//! browser ─> visit (cookies, language) ─> reader (who is signed in) ─> act (a form of ours)
//!                    └─> sign_in: code by mail ──────┘
//! ```
//!
//! Reading changes nothing, whoever or whatever follows a link. What changes something is a POST of
//! a form that was drawn for this browser, sent from our own pages, by somebody who is signed in;
//! then the use cases decide, as for chat. Rendered here, no script anywhere but where Teams' tab is
//! entered (`tab`), which shows the same pages below a path, with sessions and cookies of its own.
mod act;
mod answer;
mod assets;
mod codes;
mod form;
mod lists;
mod provider;
mod reader;
mod request;
mod sign_in;
mod tab;
mod visit;

pub use provider::{BACK, CompanySignIn};
pub use tab::Tab;

use crate::app::App;
use crate::app::links::Links;
use crate::app::sign_in::SignIn;
use crate::chat::code_mail::CodeMail;
use crate::domain::language::Language;
use crate::show::pages;
use crate::show::pages::tab::Scripts;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use codes::Codes;
use std::sync::Arc;
use tokio_util::task::TaskTracker;

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
    /// Set where these are the pages inside of Teams.
    pub tab: Option<Tab>,
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
    /// The tab's scripts; none elsewhere.
    scripts: Option<Scripts>,
    is_https: bool,
    /// What makes and mails codes, where mail is configured.
    codes: Option<Codes>,
}

impl std::ops::Deref for Door {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The routes of all pages that stand alone.
pub fn routes(settings: PagesSettings) -> Router {
    let door = Door::new(settings);
    let entering = Router::new()
        .route("/sign-in", get(sign_in::ask).post(sign_in::send))
        .route("/sign-in/code", get(sign_in::code).post(sign_in::enter))
        .route("/sign-in/provider", get(provider::begin))
        // Whoever only looks does not sign anybody in.
        .route(BACK, get(provider::finish).head(async || StatusCode::METHOD_NOT_ALLOWED))
        .route("/sign-out", get(sign_in::home).post(sign_in::out));
    door.routes(entering)
}

/// The routes of all pages inside of Teams: the same ones below a path, entered in another way.
pub fn tab_routes(settings: PagesSettings) -> Router {
    let door = Door::new(settings);
    let entering = Router::new().route("/sign-in", get(tab::ask).post(tab::enter));
    Router::new().nest_service(tab::BELOW, door.routes(entering))
}

impl Door {
    /// The pages, and these.
    fn routes(self, entering: Router<Self>) -> Router {
        Router::new()
            .route("/", get(lists::home))
            .route("/waiting", get(lists::waiting))
            .route("/requests", get(lists::requests))
            .route("/access", get(lists::access))
            .route("/favourites", get(lists::favorites))
            .route("/delegated", get(lists::delegated))
            .route("/requests/{id}", get(request::show))
            .route("/requests/{id}/decide", get(request::back).post(request::decide))
            .route("/requests/{id}/cancel", get(request::back).post(request::cancel))
            .route("/requests/{id}/revoke", get(request::back).post(request::revoke))
            .route("/requests/{id}/extend", get(request::back).post(request::extend))
            .route("/requests/{id}/star", get(request::back).post(request::star))
            .route("/requests/{id}/unstar", get(request::back).post(request::unstar))
            .route("/requests/{id}/connect", get(request::back).post(request::connect))
            .route("/assets/{name}", get(assets::asset))
            .merge(form::routes())
            .merge(entering)
            .layer(from_fn_with_state(self.clone(), answer::as_pages))
            .with_state(self)
    }

    fn new(settings: PagesSettings) -> Self {
        let public = settings.links.public_url().to_owned();
        let after_scheme = public.find("://").map_or(0, |at| at + 3);
        let host_ends = public.get(after_scheme..).and_then(|rest| rest.find('/'));
        let (origin, root) = match host_ends {
            Some(at) => public.split_at(after_scheme + at),
            None => (public.as_str(), ""),
        };
        let below = if settings.tab.is_some() { tab::BELOW } else { "" };
        let root = format!("{root}{below}");
        let asset =
            |bytes: Vec<u8>, ending| format!("{root}/assets/{}", assets::name_of(&bytes, ending));
        let style = asset(pages::style(), "css");
        let scripts = settings.tab.as_ref().map(|_| Scripts {
            own: asset(pages::tab::script(), "js"),
            teams: asset(pages::tab::teams_js(), "js"),
        });
        Self(Arc::new(Inner {
            origin: origin.to_owned(),
            style,
            scripts,
            root,
            is_https: public.starts_with("https:"),
            codes: Codes::start(&settings),
            settings,
        }))
    }

    /// Whether these are the pages inside of Teams.
    fn is_tab(&self) -> bool {
        self.settings.tab.is_some()
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
