//! The web pages, wired: where there is an address to reach them at and a way to prove who one is.
use super::derive;
use crate::app::App;
use crate::app::links::Links;
use crate::app::sign_in::SignIn;
use crate::chat::code_mail::CodeMail;
use crate::config::Service;
use crate::http::pages::{self, PagesSettings};
use axum::Router;
use std::sync::Arc;
use tokio_util::task::TaskTracker;

/// The links that lead to pages, where there is an address for them.
pub(super) fn links(service: &Service) -> anyhow::Result<Option<Links>> {
    let Some(public_url) = &service.public_url else { return Ok(None) };
    Ok(Some(Links::new(&derive(&service.master_key, "links")?, public_url)))
}

/// The routes of the pages; none where nobody could sign in.
pub(super) fn routes(
    service: &Service,
    app: &App,
    mail: Option<Arc<dyn CodeMail>>,
    tasks: &TaskTracker,
) -> anyhow::Result<Router> {
    let (Some(links), Some(mail)) = (links(service)?, mail) else { return Ok(Router::new()) };
    let settings = PagesSettings {
        app: app.clone(),
        sign_in: SignIn::new(app.clone(), &derive(&service.master_key, "sign-in")?),
        links,
        mail: Some(mail),
        language: service.language,
        tasks: tasks.clone(),
    };
    Ok(pages::routes(settings))
}
