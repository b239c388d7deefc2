//! Ten thousand grants that end in the same moment: how long until all are queued durably, gone from
//! a target that answers at once, and written down as Expired. SQLite with `synchronous=FULL`, the
//! workers as `hallpass serve` runs them, a messenger that takes everything at once.
use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use hallpass::app::people::Profile;
use hallpass::app::submit::Form;
use hallpass::app::{App, SealKey, Snapshot};
use hallpass::bot::Connectors;
use hallpass::chat::{Address, Messenger, Posted, SendError};
use hallpass::clock::SkippingClock;
use hallpass::config;
use hallpass::connect::{AccessDetails, Connector, Fault, GrantOrder, Presence};
use hallpass::domain::catalog::{Entitlement, Item, ResourceRef};
use hallpass::domain::language::Language;
use hallpass::domain::person::{Account, Person};
use hallpass::domain::resources::Resources;
use hallpass::show::cards::Card;
use hallpass::show::home::Home;
use hallpass::store::audit::AuditKey;
use hallpass::store::{Schema, Store};
use hallpass::work::Worker;
use std::collections::HashSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Grants that end at once.
const GRANTS: usize = 10_000;
/// People who hold them.
const PEOPLE: usize = 1_000;
/// How long each lasts.
const LIFE: TimeDelta = TimeDelta::hours(1);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A target that does at once as it is told.
#[derive(Default)]
struct Stub(Mutex<HashSet<String>>);

impl Stub {
    fn held(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connector for Stub {
    fn list(&self) -> BoxFuture<'_, Result<Resources, Fault>> {
        Box::pin(async { Ok(Resources::default()) })
    }

    fn grant<'a>(&'a self, order: &'a GrantOrder) -> BoxFuture<'a, Result<AccessDetails, Fault>> {
        self.held().insert(order.entitlement.key());
        Box::pin(async { Ok(AccessDetails::default()) })
    }

    fn revoke<'a>(&'a self, entitlement: &'a Entitlement) -> BoxFuture<'a, Result<(), Fault>> {
        self.held().remove(&entitlement.key());
        Box::pin(async { Ok(()) })
    }

    fn read_back<'a>(
        &'a self,
        entitlement: &'a Entitlement,
    ) -> BoxFuture<'a, Result<Presence, Fault>> {
        let is_there = self.held().contains(&entitlement.key());
        let presence = if is_there { Presence::Present } else { Presence::Absent };
        Box::pin(async move { Ok(presence) })
    }
}

/// A platform that takes every message at once.
struct Silent;

impl Messenger for Silent {
    fn platform(&self) -> &'static str {
        "slack"
    }

    fn carries(&self, _: &str) -> bool {
        true
    }

    fn find<'a>(
        &'a self,
        person: &'a Person,
    ) -> BoxFuture<'a, Result<Option<(Account, Profile)>, SendError>> {
        let user = person.id.to_string();
        let account = Account { platform: "slack".to_owned(), workspace: "T1".to_owned(), user };
        let profile = Profile { email: Some(person.email.clone()), unfit: None, locale: None };
        Box::pin(async move { Ok(Some((account, profile))) })
    }

    fn show<'a>(
        &'a self,
        _: &'a Address,
        _: Option<&'a Posted>,
        _: &'a Card,
        _: Language,
    ) -> BoxFuture<'a, Result<Posted, SendError>> {
        Box::pin(async { Ok(Posted { place: "D1".to_owned(), stamp: "1".to_owned() }) })
    }

    fn draw_home<'a>(
        &'a self,
        _: &'a Account,
        _: Option<&'a str>,
        _: &'a Home,
        _: Language,
    ) -> BoxFuture<'a, Result<String, SendError>> {
        Box::pin(async { Ok(String::new()) })
    }
}

/// A company of [`PEOPLE`] in which everybody may have everything.
fn write_company(at: &Path) -> Outcome<()> {
    let mut directory = String::new();
    for n in 0..PEOPLE {
        let admin = if n == 0 { "admin = true\n" } else { "" };
        write!(
            directory,
            "[[person]]\nid = \"p{n}\"\nname = \"p{n}\"\nemail = \"p{n}@example.com\"\n{admin}"
        )?;
    }
    let mut catalogue = "[[integration]]\nid = \"stub\"\nname = \"Stub\"\nkind = \"command\"\n\
                         program = [\"/bin/true\"]\n"
        .to_owned();
    for n in 0..GRANTS / PEOPLE {
        write!(
            catalogue,
            "[[integration.resource]]\nid = \"r{n}\"\nkind = \"door\"\npermissions = [\"enter\"]\n"
        )?;
    }
    let flows = "[[flow]]\nid = \"all\"\nname = \"All\"\nwho = \"everyone\"\n\
                 approval = \"automatic\"\ndurations = [\"1h\"]\nlongest = \"8h\"\n\
                 [[flow.what]]\nresource = \"*\"\n";
    let service = "database = \"sqlite:hallpass.db\"\nlisten = \"127.0.0.1:0\"\n\
                   public_url = \"https://hallpass.example.com\"\n\
                   [slack]\nmode = \"http\"\nworkspace = \"T0LOCAL\"\n";
    for (name, text) in [
        ("hallpass.toml", service),
        ("directory.toml", &directory),
        ("catalogue.toml", &catalogue),
        ("flows.toml", flows),
    ] {
        std::fs::write(at.join(name), text)?;
    }
    Ok(())
}

async fn open(at: &Path, clock: &SkippingClock) -> Outcome<App> {
    write_company(at)?;
    let company = config::load_without_secrets(&at.join("hallpass.toml"));
    let policy = company.map_err(|mistakes| mistakes.to_string())?.policy;
    let key = AuditKey::new(b"a bench needs no secret");
    let store = Store::sqlite(&at.join("hallpass.db"), key, Schema::Keep).await?;
    let seal = SealKey::new(&[7; 32])?;
    let snapshot = Snapshot::new(policy, &Resources::default());
    Ok(App::new(store, Arc::new(clock.clone()), snapshot, seal, TimeDelta::days(7)))
}

async fn ask_for_everything(app: &App) -> Outcome<()> {
    for n in 0..GRANTS {
        let person: String = format!("p{}", n % PEOPLE);
        let resource = format!("r{}", n / PEOPLE);
        let at = ResourceRef { integration: "stub".into(), resource };
        let form = Form {
            requester: person.as_str().into(),
            grantee: person.as_str().into(),
            items: vec![Item { at, permission: "enter".to_owned() }],
            duration: LIFE,
            justification: "INC-7: measure how it ends".to_owned(),
            ticket: None,
            key: None,
        };
        app.submit(form).await?;
    }
    Ok(())
}

/// How many requests stand at a status.
async fn count(reader: &sqlx::SqlitePool, status: &str) -> Outcome<usize> {
    let count = "SELECT COUNT(*) FROM request WHERE status = $1";
    let count: i64 = sqlx::query_scalar(count).bind(status).fetch_one(reader).await?;
    Ok(usize::try_from(count)?)
}

async fn wait_until_quiet(reader: &sqlx::SqlitePool) -> Outcome<()> {
    loop {
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM outbox").fetch_one(reader).await?;
        if left == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Waits for the end of everything and says when each part of it was done.
async fn watch(reader: &sqlx::SqlitePool, stub: &Stub) -> Outcome<()> {
    let began = Instant::now();
    let (mut queued, mut at_99, mut gone) = (None, None, None);
    loop {
        let (held, took) = (stub.held().len(), began.elapsed());
        if held <= GRANTS / 100 {
            at_99 = at_99.or(Some(took));
        }
        if held == 0 {
            gone = gone.or(Some(took));
        }
        if queued.is_none() && count(reader, "Active").await? == 0 {
            queued = Some(began.elapsed());
        }
        if count(reader, "Expired").await? == GRANTS {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let said = |at: Option<Duration>| format!("{:.1} s", at.unwrap_or_default().as_secs_f64());
    eprintln!("{GRANTS} grants due at once:");
    eprintln!("  all moved and their work queued durably after {}", said(queued));
    eprintln!("  99 of 100 gone from the target after {}", said(at_99));
    eprintln!("  all gone after {}", said(gone));
    eprintln!("  all Expired, their messages queued, after {}", said(Some(began.elapsed())));
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let home = tempfile::tempdir()?;
    let clock = SkippingClock::default();
    let app = open(home.path(), &clock).await?;
    let stub = Arc::new(Stub::default());
    let connectors = Connectors::from([("stub".into(), Arc::clone(&stub) as Arc<dyn Connector>)]);
    let worker =
        Arc::new(Worker::new(app.clone(), vec![Arc::new(Silent)], connectors, Language::English));
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    worker.start(&stop, &tasks);
    let file = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(home.path().join("hallpass.db"))
        .read_only(true);
    let reader = sqlx::SqlitePool::connect_with(file).await?;

    let began = Instant::now();
    ask_for_everything(&app).await?;
    while count(&reader, "Active").await? < GRANTS {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    eprintln!("{GRANTS} asked for and given in {:.1} s", began.elapsed().as_secs_f64());
    wait_until_quiet(&reader).await?;
    clock.skip(LIFE + TimeDelta::minutes(10));
    watch(&reader, &stub).await?;

    stop.cancel();
    tasks.close();
    tasks.wait().await;
    app.store().close().await;
    Ok(())
}
