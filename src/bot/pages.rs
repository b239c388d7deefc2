//! The web pages, wired: where there is an address to reach them at and a way to prove who one is.
use super::derive;
use crate::app::App;
use crate::app::links::Links;
use crate::app::sign_in::SignIn;
use crate::chat::code_mail::CodeMail;
use crate::chat::teams::tab::{TabDoor, TabSettings};
use crate::config::{Service, Teams};
use crate::http::pages::{self, BACK, CompanySignIn, PagesSettings, Tab};
use crate::token::provider::{Provider, ProviderSettings};
use anyhow::Context;
use axum::Router;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// Longest wait for a company's sign-in at one step: less than a request may take, so that whoever
/// waits gets a sentence.
const PATIENCE: Duration = Duration::from_secs(8);

/// The links that lead to pages, where there is an address for them.
pub(super) fn links(service: &Service) -> anyhow::Result<Option<Links>> {
    let Some(public_url) = &service.public_url else { return Ok(None) };
    Ok(Some(Links::new(&derive(&service.master_key, "links")?, public_url)))
}

/// The routes of the pages, and of those inside of Teams; none where nobody could sign in.
pub(super) fn routes(
    service: &Service,
    app: &App,
    mail: Option<Arc<dyn CodeMail>>,
    tasks: &TaskTracker,
) -> anyhow::Result<Router> {
    let Some(links) = links(service)? else { return Ok(Router::new()) };
    let company = company(service, links.public_url())?;
    // Whoever has a sign-in of their own wants nobody to get around it.
    let mail = mail.filter(|_| company.is_none());
    let has_pages = mail.is_some() || company.is_some();
    // Sessions and forms are hashed with the key: none of the one are any of the other.
    let settings = |key: &str| {
        anyhow::Ok(PagesSettings {
            app: app.clone(),
            sign_in: SignIn::new(app.clone(), &derive(&service.master_key, key)?),
            links: links.clone(),
            mail: None,
            company: None,
            tab: None,
            language: service.language,
            tasks: tasks.clone(),
        })
    };
    let mut routes = Router::new();
    if let Some(teams) = service.teams.as_ref().filter(|teams| teams.has_tab) {
        let tab = Tab { door: Arc::new(tab_door(teams)?), has_pages };
        let inside = PagesSettings { tab: Some(tab), ..settings("tab")? };
        routes = routes.merge(pages::tab_routes(inside));
    }
    if has_pages {
        let alone = PagesSettings { mail, company, ..settings("sign-in")? };
        routes = routes.merge(pages::routes(alone));
    }
    Ok(routes)
}

/// What reads who looks at Teams' tab.
fn tab_door(teams: &Teams) -> anyhow::Result<TabDoor> {
    let settings = TabSettings {
        app_id: teams.app_id.clone(),
        tenants: teams.tenants.clone(),
        authority_url: teams.authority_url.clone(),
    };
    TabDoor::new(settings).context("setting up the tab of `[teams]`")
}

/// The company's sign-in, where one is configured.
fn company(service: &Service, public_url: &str) -> anyhow::Result<Option<CompanySignIn>> {
    let Some(oidc) = &service.oidc else { return Ok(None) };
    let settings = ProviderSettings {
        issuer: oidc.issuer.clone(),
        client_id: oidc.client_id.clone(),
        client_secret: oidc.client_secret.clone(),
        returns_to: format!("{public_url}{BACK}"),
        trusts_addresses: oidc.trusts_addresses,
        patience: PATIENCE,
    };
    let provider = Provider::new(settings).context("setting up `[sign_in.oidc]`")?;
    Ok(Some(CompanySignIn { provider: Arc::new(provider), name: oidc.name.clone() }))
}
