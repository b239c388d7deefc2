//! The bot, wired: store, use cases, Slack, Teams, HTTP and workers, started and stopped as one.
//!
//! `hallpass serve`, the demo and the tests all start it here; they differ in their parts alone.
mod chat;
mod mail;
mod pages;

use crate::app::{App, SealKey, Snapshot};
use crate::chat::code_mail::CodeMail;
use crate::chat::{slack, teams};
use crate::clock::Clock;
use crate::config::{self, Config, Database, Service, Target};
use crate::connect::Connector;
use crate::connect::command::{Command, CommandTarget};
use crate::connect::postgres::{Login, Postgres, PostgresTarget, Show};
use crate::connect::ticket::{TicketSystem, TicketSystems};
use crate::domain::id::{IntegrationId, TicketTypeId};
use crate::domain::policy::Policy;
use crate::domain::resources::Resources;
use crate::health::{self, Health, Rhythm};
use crate::http;
use crate::http::server::Limits;
use crate::store::audit::AuditKey;
use crate::store::{Schema, Store};
use crate::work::{IN_FLIGHT, Worker};
use anyhow::Context;
use axum::Router;
use chat::Around;
use ring::hkdf;
use secrecy::{ExposeSecret, SecretSlice};
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Longest wait for what is in flight when it stops (V22).
const FAREWELL: Duration = Duration::from_secs(8);
/// Longest wait for the database to close after that: what is cut off rolls back at the next start.
const CLOSING: Duration = Duration::from_secs(1);

/// Calls that a connector takes at once: as many as its two lanes send, so that none waits inside.
const CALLS_AT_ONCE: usize = 2 * IN_FLIGHT;

/// Connected systems by the name of their integration.
pub type Connectors = BTreeMap<IntegrationId, Arc<dyn Connector>>;

/// What a bot is made of.
pub struct Parts {
    /// The service's settings.
    pub service: Service,
    /// Who may have what.
    pub policy: Policy,
    /// The connected systems.
    pub connectors: Connectors,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether workers run by themselves; tests pull the work instead.
    pub works: bool,
    /// What mails the codes that people sign in to the web pages with.
    pub code_mail: Option<Arc<dyn CodeMail>>,
}

impl Parts {
    /// The parts that a configuration describes.
    ///
    /// # Errors
    ///
    /// When a connector cannot be made of its settings.
    pub fn of(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let connectors = connectors(&config.targets)?;
        let Config { service, policy, .. } = config;
        Ok(Self { service, policy, connectors, clock, works: true, code_mail: None })
    }
}

/// A running bot.
pub struct Bot {
    /// The use cases, for scripts and tests.
    pub app: App,
    /// The workers, for tests that pull the work.
    pub worker: Arc<Worker>,
    /// Where HTTP is served.
    pub address: SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
    from_slack: Option<slack::Dispatch>,
    from_teams: Option<teams::Dispatch>,
    _lock: Option<File>,
}

impl Bot {
    /// Starts everything; returns once HTTP is served.
    ///
    /// # Errors
    ///
    /// When the database cannot be opened, the address cannot be listened on, or a setting does not
    /// work out.
    pub async fn start(parts: Parts) -> anyhow::Result<Self> {
        Self::start_beside(parts, Router::new()).await
    }

    /// Starts everything, with routes of the demo's own at the same address.
    ///
    /// # Errors
    ///
    /// As [`Bot::start`].
    pub async fn start_beside(parts: Parts, beside: Router) -> anyhow::Result<Self> {
        let Parts { mut service, policy, connectors, clock, works, code_mail } = parts;
        let lock = lock_database(&service.database)?;
        let store = open_store(&service.database, &service.master_key, Schema::Keep).await?;
        store.join(clock.now()).await.context("freeing work of a run before")?;
        let seal = SealKey::new(&derive(&service.master_key, "seal")?)?;
        let of_slack = service.slack.as_ref().and_then(|slack| slack.alarm_channel.clone());
        let of_teams = service.teams.as_ref().and_then(|teams| teams.alarm_channel.clone());
        let channels = of_slack.into_iter().chain(of_teams).collect();
        let configured = Snapshot::new(policy, &Resources::default()).with_alarm_channels(channels);
        let app = App::new(store, Arc::clone(&clock), configured, seal, service.pending_window);
        app.await_catalogue();
        let mail = mail::mail(&service, &clock)?;
        look_tickets_up(&app, std::mem::take(&mut service.tickets))?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let health = Health::default();
        watch_database(&health, app.store(), &stop, &tasks);
        let mut routes = http::health::routes(health.clone()).merge(beside);
        let code_mail = code_mail.or_else(|| Some(Arc::new(mail.clone()?) as Arc<dyn CodeMail>));
        routes = routes.merge(pages::routes(&service, &app, code_mail, &tasks)?);
        let around = Around { app: &app, health: &health, stop: &stop, tasks: &tasks };
        let chat = chat::platforms(&service, &clock, &around)?;
        routes = routes.merge(chat.routes);
        let listener = TcpListener::bind(service.listen)
            .await
            .with_context(|| format!("listening on {}", service.listen))?;
        let address = listener.local_addr()?;
        let is_https = service.public_url.as_ref().is_some_and(|url| url.starts_with("https:"));
        let routes = http::dressed(routes, is_https);
        let serving = http::server::serve(listener, routes, Limits::default(), stop.clone());
        tasks.spawn(serving);
        read_catalogue(&health, &app, &stop, &tasks);
        let worker = Worker::new(app.clone(), chat.messengers, connectors, service.language);
        let worker = Arc::new(worker.with_mail(mail::way(&service, mail)?));
        if works {
            Arc::clone(&worker).start(&stop, &tasks);
        }
        let (from_slack, from_teams) = (chat.from_slack, chat.from_teams);
        Ok(Self { app, worker, address, stop, tasks, from_slack, from_teams, _lock: lock })
    }

    /// Stops: takes nothing new, finishes what is in flight, closes the database.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        let finished = async {
            self.tasks.wait().await;
            // Last: what was being received when the stop came is still handed over.
            if let Some(dispatch) = &self.from_slack {
                dispatch.finish().await;
            }
            if let Some(dispatch) = &self.from_teams {
                dispatch.finish().await;
            }
        };
        if tokio::time::timeout(FAREWELL, finished).await.is_err() {
            tracing::warn!(
                "work was still in flight when the time to stop was over; it is done again at the next start"
            );
        }
        if tokio::time::timeout(CLOSING, self.app.store().close()).await.is_err() {
            tracing::warn!("the database was still at work and is left to roll back");
        }
    }
}

/// Makes sure that a SQLite file serves one instance: a second would do the first one's work again.
fn lock_database(database: &Database) -> anyhow::Result<Option<File>> {
    let Database::Sqlite(path) = database else { return Ok(None) };
    let mut beside = path.clone().into_os_string();
    beside.push(".lock");
    let file = File::create(&beside).with_context(|| format!("opening {}", beside.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "another hallpass is running on {}; stop it first, or let several share a PostgreSQL",
            path.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("locking {}", beside.display()))
        }
    }
}

/// Keeps `/readyz` true about the database.
fn watch_database(health: &Health, store: &Store, stop: &CancellationToken, tasks: &TaskTracker) {
    let part = health.part("database");
    let (store, stop) = (store.clone(), stop.clone());
    let rhythm = Rhythm { every: Duration::from_secs(5), patience: Duration::from_secs(5) };
    let probe = move || {
        let store = store.clone();
        async move { store.read().await?.next_due().await.map(drop) }
    };
    tasks.spawn(health::watch(part, "the database does not answer", probe, rhythm, stop));
}

/// Reads the catalogue beside the first answers, and again while the database does not give it.
fn read_catalogue(health: &Health, app: &App, stop: &CancellationToken, tasks: &TaskTracker) {
    const PAUSE: Duration = Duration::from_secs(1);
    let part = health.part("catalogue");
    let (app, stop) = (app.clone(), stop.clone());
    tasks.spawn(async move {
        while let Err(error) = app.read_catalogue().await {
            tracing::error!(error = &error as &dyn std::error::Error, "reading the catalogue");
            part.ails("the catalogue cannot be read");
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = stop.cancelled() => return,
            }
        }
        part.well();
    });
}

/// Opens the database that the configuration names.
///
/// # Errors
///
/// When it cannot be reached, or must be migrated first.
pub async fn open_store(
    database: &Database,
    master_key: &SecretSlice<u8>,
    schema: Schema,
) -> anyhow::Result<Store> {
    let key = AuditKey::new(&derive(master_key, "audit")?);
    match database {
        Database::Sqlite(path) => Store::sqlite(path, key, schema)
            .await
            .with_context(|| format!("opening the database {}", path.display())),
        Database::Postgres(url) => Store::postgres(url.expose_secret(), key, schema)
            .await
            .context("opening the PostgreSQL database"),
    }
}

/// A key of its own for every purpose, all from the master key.
fn derive(master: &SecretSlice<u8>, purpose: &str) -> anyhow::Result<[u8; 32]> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hallpass");
    let key = salt.extract(master.expose_secret());
    let mut bytes = [0; 32];
    let info = [purpose.as_bytes()];
    let filled = key.expand(&info, hkdf::HKDF_SHA256).and_then(|okm| okm.fill(&mut bytes));
    filled.map_err(|_| anyhow::anyhow!("deriving the {purpose} key"))?;
    Ok(bytes)
}

/// The connectors that the configuration's targets describe.
fn connectors(targets: &BTreeMap<IntegrationId, Target>) -> anyhow::Result<Connectors> {
    let make = |(id, target): (&IntegrationId, &Target)| -> anyhow::Result<_> {
        let connector: Arc<dyn Connector> = match target {
            Target::Postgres(target) => Arc::new(Postgres::new(postgres(id, target))?),
            Target::Command(target) => Arc::new(Command::new(command(id, target))?),
        };
        Ok((id.clone(), connector))
    };
    targets.iter().map(make).collect()
}

fn postgres(id: &IntegrationId, target: &config::PostgresTarget) -> PostgresTarget {
    let mut ours = PostgresTarget::new(id.clone(), target.url.clone());
    ours.people_connect_to.clone_from(&target.people_connect_to);
    ours.login = match &target.login {
        config::Login::Temporary => Login::Temporary,
        config::Login::Existing(logins) => Login::Existing(logins.clone()),
    };
    ours.limits.calls_at_once = CALLS_AT_ONCE;
    ours.prefix.clone_from(&target.prefix);
    let config::Show { databases, schemas, tables, roles } = target.show.clone();
    ours.show = Show { databases, schemas, tables, roles };
    ours
}

fn command(id: &IntegrationId, target: &config::CommandTarget) -> CommandTarget {
    let mut ours = CommandTarget::new(id.clone(), target.argv.clone());
    ours.calls_at_once = CALLS_AT_ONCE;
    ours.limit = target.time_limit;
    ours.directory.clone_from(&target.directory);
    let open = target.environment.iter().map(|(name, value)| (name, value.clone().into()));
    let secret = target.secret_environment.iter().map(|(name, value)| (name, value.clone()));
    ours.environment = open.chain(secret).map(|(name, value)| (name.clone(), value)).collect();
    ours
}

/// Lets the application ask the ticket systems that are configured.
fn look_tickets_up(
    app: &App,
    lookups: BTreeMap<TicketTypeId, config::TicketLookup>,
) -> anyhow::Result<()> {
    if lookups.is_empty() {
        return Ok(());
    }
    let system = |lookup: config::TicketLookup| TicketSystem {
        url: lookup.url,
        header: lookup.header,
        found: lookup.found,
    };
    let systems = lookups.into_iter().map(|(kind, lookup)| (kind, system(lookup))).collect();
    let systems = Arc::new(TicketSystems::new(systems)?);
    app.look_tickets_up_with(Arc::new(move |kind: TicketTypeId, number: String| {
        let systems = Arc::clone(&systems);
        Box::pin(async move { systems.look_up(&kind, &number).await })
    }));
    Ok(())
}
