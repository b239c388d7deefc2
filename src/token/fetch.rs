//! Small documents over HTTP, within a time and a size. Redirects are not followed.
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use hyper::http::request::Builder;
use hyper::http::response::Parts;
use hyper::{Request, StatusCode};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait for a whole answer: somebody looks at a page that loads.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Largest answer, in bytes: key sets and tokens are a hundredth of it.
const MOST_BYTES: usize = 512 * 1024;

/// Gets documents.
#[derive(Clone)]
pub struct Fetch(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum NoDocument {
    /// TLS cannot be set up.
    #[error("TLS is not available")]
    Tls(#[source] rustls::Error),
    /// The machine trusts nobody.
    #[error("this machine has no trusted certificates; install its ca-certificates package")]
    NoRoots(#[source] std::io::Error),
    /// What was to be asked is no request.
    #[error("the address or what is sent to it cannot be used")]
    NotAsked,
    /// The other side cannot be reached.
    #[error("it cannot be reached")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    /// It takes too long.
    #[error("it takes too long")]
    Slow,
    /// It says no.
    #[error("it answers {0}")]
    Status(StatusCode),
    /// Its answer breaks off or is too large.
    #[error("its answer breaks off or is too large")]
    Broken,
}

impl Fetch {
    /// A client that trusts whom the machine trusts; nobody at all where `is_local`.
    ///
    /// # Errors
    ///
    /// [`NoDocument`] says what an admin can change.
    pub fn new(is_local: bool) -> Result<Self, NoDocument> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(NoDocument::Tls)?;
        let builder = match is_local {
            true => builder.with_root_certificates(rustls::RootCertStore::empty()),
            false => builder.with_native_roots().map_err(NoDocument::NoRoots)?,
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(builder.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// What is at an address.
    ///
    /// # Errors
    ///
    /// [`NoDocument`] for anything but a whole answer that says yes.
    pub async fn get(&self, url: &str) -> Result<Bytes, NoDocument> {
        self.ask(Request::get(url), Bytes::new()).await
    }

    /// What an address answers to a form.
    ///
    /// # Errors
    ///
    /// As for [`Fetch::get`].
    pub async fn post(&self, url: &str, form: String) -> Result<Bytes, NoDocument> {
        let request = Request::post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request, Bytes::from(form)).await
    }

    async fn ask(&self, request: Builder, body: Bytes) -> Result<Bytes, NoDocument> {
        let (head, body) = self.call(request, body, TIME_LIMIT).await?;
        match head.status {
            StatusCode::OK => Ok(body),
            status => Err(NoDocument::Status(status)),
        }
    }

    /// What a request is answered with, whatever it says, within a time.
    ///
    /// # Errors
    ///
    /// [`NoDocument`] for anything but a whole answer.
    pub async fn call(
        &self,
        request: Builder,
        body: Bytes,
        time_limit: Duration,
    ) -> Result<(Parts, Bytes), NoDocument> {
        let request = request.header(USER_AGENT, "hallpass").header(ACCEPT, "application/json");
        let request = request.body(Full::new(body)).map_err(|_| NoDocument::NotAsked)?;
        let whole = async {
            let answer = self.0.request(request).await.map_err(NoDocument::Unreachable)?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, MOST_BYTES).collect().await;
            Ok((head, body.map_err(|_| NoDocument::Broken)?.to_bytes()))
        };
        tokio::time::timeout(time_limit, whole).await.map_err(|_| NoDocument::Slow)?
    }
}
