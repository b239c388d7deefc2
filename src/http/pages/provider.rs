//! Signing in with the company's own sign-in.
//!
//! What binds the way out to the way back (state, nonce, verifier) is made of the browser's cookie,
//! so nothing is stored: an answer that another browser began, or that was used, does nothing.
use super::answer::{Stop, local};
use super::visit::Visit;
use crate::app::sign_in::Proof;
use crate::chat::form::fields::encoded;
use crate::show::pages::sign_in as show;
use crate::token::provider::{Begun, Provider};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Where the provider sends people back to, below the root.
pub const BACK: &str = "/sign-in/provider/back";

/// The company's sign-in.
#[derive(Clone)]
pub struct CompanySignIn {
    /// How it is asked.
    pub provider: Arc<Provider>,
    /// What people call it.
    pub name: String,
}

/// `GET /sign-in/provider`: on to the provider.
pub(super) async fn begin(visit: Visit) -> Result<Response, Stop> {
    let Some(company) = visit.door.settings.company.clone() else {
        return Err(StatusCode::NOT_FOUND.into_response().into());
    };
    let next = local(visit.query.get("next").unwrap_or("/"));
    let Some((browser, is_new)) = visit.browser() else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response().into());
    };
    let bound = visit.door.sign_in().bind(&browser, next);
    let begun = Begun { state: &bound.state, nonce: &bound.nonce, verifier: &bound.verifier };
    let to = match company.provider.begin(begun).await {
        Ok(to) => to,
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "the company's sign-in cannot begin");
            return Err(visit.failed(next).into());
        }
    };
    let Ok(to) = HeaderValue::from_str(&to) else { return Err(visit.failed(next).into()) };
    let response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    Ok(if is_new { visit.keep_browser(response, &browser) } else { response })
}

/// `GET /sign-in/provider/back`: back from the provider.
pub(super) async fn finish(visit: Visit) -> Result<Response, Stop> {
    let Some(company) = visit.door.settings.company.clone() else {
        return Err(StatusCode::NOT_FOUND.into_response().into());
    };
    let state = visit.query.get("state").unwrap_or_default();
    let bound =
        visit.browser.as_deref().and_then(|browser| visit.door.sign_in().bound(browser, state));
    let Some(bound) = bound else {
        tracing::warn!(
            "refused an answer of the company's sign-in that this browser did not begin"
        );
        return Err(visit.failed("/").into());
    };
    let next = local(&bound.next);
    let Some(code) = visit.query.get("code") else { return Err(visit.failed(next).into()) };
    let begun = Begun { state: &bound.state, nonce: &bound.nonce, verifier: &bound.verifier };
    let address = match company.provider.finish(code, begun, visit.door.app().now()).await {
        Ok(address) => address,
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "the company's sign-in did not work out");
            return Err(visit.failed(next).into());
        }
    };
    let sign_in = visit.door.sign_in();
    let Some(person) = sign_in.with_address(&address) else {
        let page = visit.ask_page(next, Some(show::unknown));
        return Err(visit.sign_in_page(StatusCode::FORBIDDEN, page).into());
    };
    let begun = sign_in.begin(&person, Proof::Provider).await;
    let cookie = begun.map_err(|error| visit.ours(&error))?;
    Ok(visit.let_in(&cookie, next))
}

impl Visit {
    fn failed(&self, next: &str) -> Response {
        let page = self.ask_page(next, Some(show::provider_failed));
        self.sign_in_page(StatusCode::BAD_GATEWAY, page)
    }

    /// The company's sign-in, as the page offers it.
    pub(super) fn company(&self, next: &str) -> Option<show::Provider> {
        let company = self.door.settings.company.as_ref()?;
        let path = format!("/sign-in/provider?next={}", encoded(next));
        Some(show::Provider { name: company.name.clone(), path })
    }
}
