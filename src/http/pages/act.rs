//! A form that was sent: from a page of ours, drawn for this browser. Anything else does nothing.
use super::Door;
use super::answer::{Stop, local, see};
use super::reader::Reader;
use super::visit::Visit;
use crate::chat::form::fields::Fields;
use crate::http::body;
use crate::show::pages;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A form of somebody who is signed in.
pub(super) struct Act {
    pub(super) reader: Reader,
    pub(super) fields: Fields,
}

/// A form of a browser that is about to sign in.
pub(super) struct Entry {
    pub(super) visit: Visit,
    pub(super) fields: Fields,
    /// What its cookie holds.
    pub(super) browser: String,
}

impl FromRequest<Door> for Act {
    type Rejection = Stop;

    async fn from_request(request: Request, door: &Door) -> Result<Self, Stop> {
        let (visit, fields) = sent(request, door).await?;
        let reader = Reader::of(visit.clone()).await.map_err(|error| visit.ours(&error))?;
        // Somebody who was signed out meanwhile goes back to the page itself.
        let Some(reader) = reader else { return Err(refuse_unknown(&visit).into()) };
        let token = fields.get("form").unwrap_or_default();
        if !door.sign_in().is_form_token(&reader.cookie, token) {
            return Err(refuse(&visit, "form").into());
        }
        Ok(Self { reader, fields })
    }
}

impl FromRequest<Door> for Entry {
    type Rejection = Stop;

    async fn from_request(request: Request, door: &Door) -> Result<Self, Stop> {
        let (visit, fields) = sent(request, door).await?;
        let token = fields.get("form").unwrap_or_default();
        match visit.browser.clone() {
            Some(browser) if door.sign_in().is_form_token(&browser, token) => {
                Ok(Self { visit, fields, browser })
            }
            // Another window of the same browser was faster.
            _ if visit.is_signed_in().await => {
                Err(see(door, local(fields.get("next").unwrap_or("/"))).into())
            }
            _ => match &door.settings.tab {
                Some(tab) => Err(visit.keeps_no_cookie(tab).into()),
                None => Err(refuse(&visit, "form").into()),
            },
        }
    }
}

/// A form that a page of ours sent, as far as the browser says so.
async fn sent(request: Request, door: &Door) -> Result<(Visit, Fields), Stop> {
    let (mut parts, sent) = request.into_parts();
    let Ok(visit) = Visit::from_request_parts(&mut parts, door).await;
    if !is_ours(&parts.headers, &door.origin) {
        return Err(refuse(&visit, "origin").into());
    }
    let request = Request::from_parts(parts, sent);
    let whole = body::read(request).await.map_err(IntoResponse::into_response)?;
    Ok((visit, Fields::read(&whole.bytes)))
}

/// Whether a page of ours sent it. Browsers say `null` for their origin where, as on our pages, no
/// referrer is told; then they must say that it is the same site.
fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    let single = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let value = values.next().and_then(|value| value.to_str().ok());
        value.filter(|_| values.next().is_none())
    };
    let is_same = single("sec-fetch-site").map(|site| site == "same-origin");
    match (is_same, single(header::ORIGIN.as_str())) {
        (Some(false), _) | (None, None) => false,
        (Some(true), None | Some("null")) => true,
        (_, Some(from)) => from == origin,
    }
}

fn refuse(visit: &Visit, why: &'static str) -> Response {
    tracing::warn!(reason = why, "refused a form that no page of ours sent");
    visit.notice(StatusCode::FORBIDDEN, pages::form_old)
}

fn refuse_unknown(visit: &Visit) -> Response {
    // There is nothing left to end.
    if visit.path == "/sign-out" {
        return visit.signed_out();
    }
    let page: Vec<&str> = visit.path.split('/').take(3).collect();
    let visit = Visit { path: page.join("/"), ..visit.clone() };
    visit.asks_who(StatusCode::FORBIDDEN, Some(pages::sign_in::not_done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_send_forms() {
        let ours = "https://access.example.com";
        let is_taken = |site: Option<&'static str>, origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", site.parse().unwrap());
            }
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            is_ours(&headers, ours)
        };

        for (site, origin) in [
            (Some("same-origin"), None),
            (Some("same-origin"), Some("null")),
            (Some("same-origin"), Some(ours)),
            (None, Some(ours)),
        ] {
            assert!(is_taken(site, origin), "{site:?} {origin:?}");
        }
        for (site, origin) in [
            (None, None),
            (None, Some("null")),
            (None, Some("https://evil.example")),
            (Some("cross-site"), Some(ours)),
            (Some("same-site"), None),
            (Some("none"), None),
            (Some("same-origin"), Some("https://access.example.com.evil.example")),
        ] {
            assert!(!is_taken(site, origin), "{site:?} {origin:?}");
        }
    }
}
