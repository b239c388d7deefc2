//! A browser for the story: a real HTTP client that keeps cookies, follows answers and sends forms.
use super::html::{self, Form};
use anyhow::{Context, bail, ensure};
use axum::http::{Method, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use url::form_urlencoded::Serializer;

/// Answers in a row that may point elsewhere.
const MOST_STEPS: usize = 5;

/// Somebody's browser.
pub(super) struct Browser {
    origin: String,
    client: Client<HttpConnector, Full<Bytes>>,
    cookies: BTreeMap<String, String>,
}

/// A page.
pub(super) struct Seen {
    pub(super) status: StatusCode,
    /// Where it was, with its query.
    pub(super) path: String,
    pub(super) html: String,
}

impl Seen {
    /// What it says.
    pub(super) fn text(&self) -> String {
        html::text(&self.html)
    }

    /// Makes sure that it says this.
    pub(super) fn says(&self, words: &str) -> anyhow::Result<()> {
        let text = self.text();
        ensure!(text.contains(words), "{} does not say “{words}” but: {text}", self.path);
        Ok(())
    }
}

impl Browser {
    pub(super) fn new(bot: SocketAddr) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { origin: format!("http://{bot}"), client, cookies: BTreeMap::new() }
    }

    /// Opens an address of the bot's.
    pub(super) async fn opens(&mut self, address: &str) -> anyhow::Result<Seen> {
        let path = address.strip_prefix(&self.origin).unwrap_or(address).to_owned();
        self.goes(Method::GET, path, String::new()).await
    }

    /// Fills the form on a page that is sent to an address that ends so, and sends it.
    pub(super) async fn sends(
        &mut self,
        page: &Seen,
        action: &str,
        filled: &[(&str, &str)],
    ) -> anyhow::Result<Seen> {
        let form = html::form(&page.html, action)
            .with_context(|| format!("{} has no form {action}: {}", page.path, page.text()))?;
        let Form { action, fields } = form;
        let kept = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| filled.iter().all(|(given, _)| given != name));
        let body = Serializer::new(String::new())
            .extend_pairs(kept.chain(filled.iter().copied()))
            .finish();
        self.goes(Method::POST, action, body).await
    }

    async fn goes(&mut self, method: Method, path: String, body: String) -> anyhow::Result<Seen> {
        let (mut method, mut path, mut body) = (method, path, body);
        for _ in 0..MOST_STEPS {
            match self.asks(&method, &path, std::mem::take(&mut body)).await? {
                (status, None, html) => return Ok(Seen { status, path, html }),
                (_, Some(next), _) => (method, path) = (Method::GET, next),
            }
        }
        bail!("{path} leads in a circle")
    }

    /// One question; the answer's status, where it points, and its page.
    async fn asks(
        &mut self,
        method: &Method,
        path: &str,
        body: String,
    ) -> anyhow::Result<(StatusCode, Option<String>, String)> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ORIGIN, &self.origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(body))?;
        let answer =
            self.client.request(request).await.with_context(|| format!("asking {path}"))?;
        let (head, body) = answer.into_parts();
        for line in head.headers.get_all(header::SET_COOKIE) {
            self.keeps(line.to_str()?);
        }
        let next = head.headers.get(header::LOCATION);
        let next = next.map(|to| to.to_str().map(str::to_owned)).transpose()?;
        let html = String::from_utf8(body.collect().await?.to_bytes().into())?;
        Ok((head.status, next, html))
    }

    fn keeps(&mut self, line: &str) {
        let pair = line.split(';').next().and_then(|pair| pair.split_once('='));
        match pair {
            Some((name, "")) => drop(self.cookies.remove(name)),
            Some((name, value)) => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            None => {}
        }
    }
}
