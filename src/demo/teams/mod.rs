//! A Microsoft Teams that stands in for Microsoft's servers, over real HTTP on loopback: the
//! Connector, which refuses what Microsoft's would refuse; where tokens and keys are had (`entra`);
//! and people, whose activities it signs and posts to the bot.
//!
//! It speaks plain JSON and knows none of the bot's own types, so it sees exactly what the bot sent.
//!
//! ```text
//! person (test) -> people -> signed activity -> the bot
//! the bot -> entra (a token) -> connector -> state -> reads of a test
//! ```
mod cards;
mod connector;
mod entra;
mod faults;
mod pace;
mod people;
mod signer;
mod state;

pub use cards::Pressed;
pub use entra::Claims;
pub use faults::{Fault, FaultHandle, Kind};
pub use people::Reply;
pub use signer::Signer;
pub use state::{Call, Message, State};

use super::watched::{Watched, end, serve};
use crate::clock::Clock;
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A body larger than Teams takes.
const BODY_BYTES: usize = 4 * 1024 * 1024;

/// Somebody who is in Teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id towards the bot, the MRI: `29:ana`.
    pub id: String,
    /// Their object id in Entra.
    pub object_id: String,
    /// What they are called.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they sign in with.
    pub upn: String,
    /// Their tenant.
    pub tenant: String,
    /// Whether they are a guest there.
    pub is_guest: bool,
    /// Whether they have the app.
    pub has_app: bool,
    /// What Teams is shown to them in.
    pub locale: String,
}

/// What a local Teams is made of.
#[derive(Clone)]
pub struct TeamsOptions {
    /// Where it listens.
    pub bind: SocketAddr,
    /// The bot's app id.
    pub app_id: String,
    /// What the bot gets its tokens with.
    pub client_secret: String,
    /// The tenant that the bot is registered in.
    pub tenant: String,
    /// Who is there.
    pub people: Vec<Person>,
    /// The channels that the bot is in, by id.
    pub channels: Vec<String>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What signs for the Bot Framework.
    pub signer: Arc<Signer>,
    /// Whether messages that come too fast are refused.
    pub minds_pace: bool,
}

/// A running Teams; clones are the same one.
#[derive(Clone)]
pub struct Teams(Arc<Inner>);

struct Inner {
    options: TeamsOptions,
    address: SocketAddr,
    state: Watched<State>,
    client: Client<HttpConnector, Full<Bytes>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Teams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Teams").field("address", &self.0.address).finish_non_exhaustive()
    }
}

impl Teams {
    /// Starts a Teams and serves it until [`Teams::shutdown`].
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn start(options: TeamsOptions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.bind).await?;
        let address = listener.local_addr()?;
        let teams = Self(Arc::new(Inner {
            state: Watched::new(State::new(&options)),
            options,
            address,
            // A bot that turns something away may close: nothing may be sent on what is closing.
            client: Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }));
        let router = Router::new()
            .merge(connector::routes())
            .merge(entra::routes())
            .layer(DefaultBodyLimit::max(BODY_BYTES))
            .with_state(teams.clone());
        serve(listener, router, &teams.0.stop, &teams.0.tasks, "Teams");
        Ok(teams)
    }

    /// Stops serving and waits until everything has ended.
    pub async fn shutdown(&self) {
        end(&self.0.stop, &self.0.tasks).await;
    }

    /// Where the Connector is: what activities carry as `serviceUrl`.
    pub fn service_url(&self) -> String {
        format!("http://{}/teams/", self.0.address)
    }

    /// Where the Bot Framework says where its keys are.
    pub fn metadata_url(&self) -> String {
        format!("http://{}/metadata", self.0.address)
    }

    /// Where tokens are given out.
    pub fn token_url(&self) -> String {
        format!("http://{}/token", self.0.address)
    }

    /// Says where the bot takes HTTP requests, without a slash at the end.
    pub fn set_bot_url(&self, url: &str) {
        let url = url.trim_end_matches('/').to_owned();
        self.change(|state| state.bot_url = url);
    }

    /// Reads anything that this Teams knows.
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

    /// Changes this Teams itself: who is there, who has the app or blocked it, its channels.
    pub fn arrange<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.change(change)
    }

    /// What stands in a person's chat with the bot, oldest first.
    pub fn chat(&self, person: &str) -> Vec<Message> {
        self.messages(&state::chat_of(person))
    }

    /// What stands in a conversation, oldest first.
    pub fn messages(&self, conversation: &str) -> Vec<Message> {
        let is_there = |message: &&Message| message.conversation == conversation;
        self.read(|state| state.messages.iter().filter(is_there).cloned().collect())
    }

    /// Everything that the bot asked the Connector for, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.read(|state| state.calls.clone())
    }

    /// What the Connector refused, oldest first.
    pub fn refusals(&self) -> Vec<Call> {
        let is_refused = |call: &&Call| call.status >= 400;
        self.read(|state| state.calls.iter().filter(is_refused).cloned().collect())
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.0.state.change(change)
    }

    fn options(&self) -> &TeamsOptions {
        &self.0.options
    }

    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.options.clock.now()
    }
}
