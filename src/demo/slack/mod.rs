//! A workspace that stands in for Slack's servers, over real HTTP on loopback.
//!
//! It answers the Web API, refuses what Slack would refuse, sends signed payloads
//! or Socket Mode envelopes to the bot, and lets a test or a browser page act as
//! its members. It speaks plain JSON and knows none of the bot's own types, so it
//! sees exactly what the bot sent.
//!
//! ```text
//! person (page, test) -> people -> deliver | socket -> the bot
//! the bot -> api -> limits -> state -> page, reads of a test
//! ```

mod api;
mod deliver;
mod faults;
mod json;
pub use crate::show::slack_limits as limits;
mod message;
mod options;
mod pace;
mod passes;
mod payload;
mod people;
pub mod read;
mod sent;
mod socket;
mod state;
#[cfg(test)]
mod tests;
mod ui;
mod view;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ring::rand::{SecureRandom, SystemRandom};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::deliver::{Ack, Delivery, Headers, Kind};
pub use self::faults::{Fault, FaultHandle, Filter};
pub use self::message::Message;
pub use self::options::{Aside, Channel, Member, Skip, UserGroup, WorkspaceOptions};
pub use self::passes::TRIGGER_LIFE;
pub use self::people::{Answer, Container};
pub use self::sent::Sent;
pub use self::socket::Disconnect;
pub use self::state::{Call, State};
pub use self::view::View;
use super::watched::{Watched, end, serve};

type HttpClient = Client<HttpConnector, Full<Bytes>>;

/// A running workspace; clones are the same one.
#[derive(Clone)]
pub struct Workspace(Arc<Inner>);

struct Inner {
    options: WorkspaceOptions,
    address: SocketAddr,
    state: Watched<State>,
    client: HttpClient,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workspace").field("address", &self.0.address).finish_non_exhaustive()
    }
}

/// A body larger than Slack takes.
const BODY_BYTES: usize = 4 * 1024 * 1024;

impl Workspace {
    /// Starts a workspace and serves it until [`Workspace::shutdown`].
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(options: WorkspaceOptions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.bind).await?;
        let address = listener.local_addr()?;
        let workspace = Self(Arc::new(Inner {
            state: Watched::new(State::new(&options)),
            options,
            address,
            client: Client::builder(TokioExecutor::new()).build_http(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }));
        let router = Router::new()
            .route("/api/{method}", any(api::call))
            .route("/response/{id}", post(passes::respond))
            .route("/socket/{ticket}", get(socket::connect))
            .merge(ui::routes())
            .layer(DefaultBodyLimit::max(BODY_BYTES))
            .with_state(workspace.clone());
        serve(listener, router, &workspace.0.stop, &workspace.0.tasks, "workspace");
        Ok(workspace)
    }

    /// Stops serving and waits until everything has ended.
    pub async fn shutdown(&self) {
        end(&self.0.stop, &self.0.tasks).await;
    }

    /// The address of the Web API, without a slash at its end.
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.0.address)
    }

    /// The address of the page for people.
    pub fn page_url(&self) -> String {
        format!("http://{}/", self.0.address)
    }

    /// Says where the bot takes HTTP requests, without a slash at the end.
    pub fn set_bot_url(&self, url: &str) {
        let url = url.trim_end_matches('/').to_owned();
        self.change(|state| state.bot_url = Some(url));
    }

    /// Reads anything the workspace knows.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.0.state.read(look)
    }

    /// Waits until `look` finds something; none when it does not within `timeout`.
    pub async fn wait_for<T>(
        &self,
        look: impl FnMut(&State) -> Option<T>,
        timeout: Duration,
    ) -> Option<T> {
        self.0.state.wait_for(look, timeout).await
    }

    /// Lets every trigger lapse, as 3 s do.
    pub fn expire_triggers(&self) {
        self.change(State::expire_triggers);
    }

    /// Changes the workspace itself: members, channels, archived or not.
    pub fn arrange(&self, change: impl FnOnce(&mut Vec<Member>, &mut Vec<Channel>)) {
        self.change(|state| change(&mut state.members, &mut state.channels));
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.0.state.change(change)
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.0.state.subscribe()
    }

    fn options(&self) -> &WorkspaceOptions {
        &self.0.options
    }

    fn address(&self) -> SocketAddr {
        self.0.address
    }

    fn client(&self) -> &HttpClient {
        &self.0.client
    }

    async fn stopped(&self) {
        self.0.stop.cancelled().await;
    }

    /// Runs work that ends with the workspace.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.0.stop.clone();
        self.0.tasks.spawn(async move { stop.run_until_cancelled_owned(work).await });
    }
}

/// The shortcuts that tests read most, cloned out of the state.
impl Workspace {
    /// What stands in a channel, oldest first.
    pub fn messages(&self, channel: &str) -> Vec<Message> {
        self.read(|state| state.messages(channel).into_iter().cloned().collect())
    }

    /// What stands in a person's direct message with the bot, oldest first.
    pub fn dm(&self, user: &str) -> Vec<Message> {
        self.read(|state| state.direct(user).into_iter().cloned().collect())
    }

    /// What only this person was shown, oldest first.
    pub fn ephemerals(&self, user: &str) -> Vec<Message> {
        self.read(|state| state.ephemerals(user).into_iter().cloned().collect())
    }

    /// A person's open modals, the top one last.
    pub fn views(&self, user: &str) -> Vec<View> {
        self.read(|state| state.views(user).to_vec())
    }

    /// A person's App Home as last published.
    pub fn home_of(&self, user: &str) -> Option<View> {
        self.read(|state| state.home(user).cloned())
    }

    /// The calls of one method, oldest first; `*` means all.
    pub fn calls(&self, method: &str) -> Vec<Call> {
        self.read(|state| state.calls(method).into_iter().cloned().collect())
    }

    /// The calls that were answered with an error, oldest first.
    pub fn refusals(&self) -> Vec<Call> {
        self.read(|state| state.refusals().into_iter().cloned().collect())
    }

    /// Everything that the bot gave people to see.
    pub fn sent(&self) -> Vec<Sent> {
        self.read(State::sent)
    }

    /// What the bot did that Slack advises against.
    pub fn warnings(&self) -> Vec<String> {
        self.read(|state| state.warnings().to_vec())
    }
}

/// A number nobody can guess.
fn random() -> u64 {
    let mut bytes = [0; 8];
    // The system's generator does not fail on the platforms we build for; if it
    // did, ids would repeat and calls be refused.
    let _ = SystemRandom::new().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
