//! Asks ticket systems over HTTP whether there is a ticket: one GET, whose status is the answer.
//!
//! Every call ends within [`TIME_LIMIT`], so that whoever sends a form hears in time. Redirects are
//! not followed, so the secret goes nowhere but to the configured address; bodies are not read.
use crate::domain::id::TicketTypeId;
use crate::domain::ticket::Answer;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a ticket system may take; Slack waits three seconds for the whole answer.
pub const TIME_LIMIT: Duration = Duration::from_millis(1500);

/// Where tickets of one type are looked up.
#[derive(Debug)]
pub struct TicketSystem {
    /// The address, with `{id}` where the number belongs.
    pub url: String,
    /// A header with a secret, where the system wants one.
    pub header: Option<(String, SecretString)>,
    /// The status that means that there is such a ticket.
    pub found: u16,
}

/// All ticket systems.
pub struct TicketSystems {
    systems: BTreeMap<TicketTypeId, TicketSystem>,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
}

/// Why ticket systems cannot be reached at all.
#[derive(Debug, thiserror::Error)]
pub enum TicketSetupError {
    /// TLS cannot be set up.
    #[error("TLS is not available")]
    Tls(#[source] rustls::Error),
    /// The machine trusts nobody.
    #[error("this machine has no trusted certificates; install its ca-certificates package")]
    NoRoots(#[source] std::io::Error),
}

impl TicketSystems {
    /// A client for these systems.
    ///
    /// # Errors
    ///
    /// [`TicketSetupError`] says what an admin can change.
    pub fn new(systems: BTreeMap<TicketTypeId, TicketSystem>) -> Result<Self, TicketSetupError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TicketSetupError::Tls)?;
        // A machine whose ticket systems are all its own needs to trust nobody.
        let builder = match systems.values().any(|system| system.url.starts_with("https:")) {
            true => builder.with_native_roots().map_err(TicketSetupError::NoRoots)?,
            false => builder.with_root_certificates(rustls::RootCertStore::empty()),
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(builder.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { systems, client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// Whether there is a ticket of that number; [`Answer::Unknown`] when that is not learnt in time.
    pub async fn look_up(&self, kind: &TicketTypeId, number: &str) -> Answer {
        let Some(system) = self.systems.get(kind) else { return Answer::Unknown };
        // Dots alone would climb out of the path, escaped or not.
        if number.chars().all(|c| c == '.') {
            return Answer::NotThere;
        }
        let Some(request) = request(system, number) else {
            tracing::error!(ticket.kind = %kind, "the address or header of a ticket system is none");
            return Answer::Unknown;
        };
        let status = match tokio::time::timeout(TIME_LIMIT, self.client.request(request)).await {
            Ok(Ok(answer)) => answer.status(),
            Ok(Err(error)) => {
                tracing::warn!(
                    ticket.kind = %kind,
                    error = &error as &dyn std::error::Error,
                    "a ticket system cannot be reached"
                );
                return Answer::Unknown;
            }
            Err(_) => {
                tracing::warn!(ticket.kind = %kind, "a ticket system takes too long");
                return Answer::Unknown;
            }
        };
        if status.as_u16() == system.found {
            return Answer::There;
        }
        if status == StatusCode::NOT_FOUND || status == StatusCode::GONE {
            return Answer::NotThere;
        }
        tracing::warn!(ticket.kind = %kind, status = status.as_u16(), "a ticket system is unclear");
        Answer::Unknown
    }
}

fn request(system: &TicketSystem, number: &str) -> Option<Request<Empty<Bytes>>> {
    let url = system.url.replace("{id}", &escaped(number));
    let mut request = Request::get(url).header(USER_AGENT, "hallpass");
    if let Some((name, secret)) = &system.header {
        let mut value = HeaderValue::from_str(secret.expose_secret()).ok()?;
        value.set_sensitive(true);
        request = request.header(HeaderName::try_from(name.as_str()).ok()?, value);
    }
    request.body(Empty::new()).ok()
}

/// The number as a part of an address: everything but letters, digits, `-` and `_` is escaped.
fn escaped(number: &str) -> String {
    let mut escaped = String::with_capacity(number.len());
    for byte in number.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => escaped.push(char::from(byte)),
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_cannot_leave_its_place_in_the_address() {
        for (number, part) in
            [("INC-42", "INC-42"), ("a/../b?c#d", "a%2F%2E%2E%2Fb%3Fc%23d"), ("é ", "%C3%A9%20")]
        {
            assert_eq!(escaped(number), part);
        }
    }
}
