//! One world: a bot in a process of its own, a workspace, a target, a database.
use crate::bot::{Bot, Installation};
use crate::target::Target;
use hallpass::demo::postgres::ThrowAwayPostgres;
use hallpass::demo::slack::{Channel, Member, Workspace, WorkspaceOptions};
use serde_json::Value;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tempfile::TempDir;

pub(crate) const ANA: &str = "U0ANA";
pub(crate) const BEN: &str = "U0BEN";
pub(crate) const CHANNEL: &str = "C0ACCESS";

/// Halls with 25 rooms each; a flow for every hall. The first three open by themselves, the
/// fourth needs Ben.
pub(crate) const HALLS: [&str; 5] = ["h0", "h1", "h2", "h3", "ben"];
pub(crate) const ROOMS: usize = 25;
/// Four wings with 250 rooms each, of which each is a flow that opens by itself.
pub(crate) const WINGS: [&str; 4] = ["w0", "w1", "w2", "w3"];
pub(crate) const ROOMS_IN_WING: usize = 250;

/// Which database a world is on.
#[derive(Clone)]
pub(crate) enum Kind {
    Sqlite,
    Postgres(Arc<ThrowAwayPostgres>),
}

impl Kind {
    /// Each that is on this machine.
    pub(crate) async fn all() -> Vec<Self> {
        let server = ThrowAwayPostgres::start(&std::env::temp_dir()).await.unwrap();
        if server.is_none() {
            crate::skipped::skipped("PostgreSQL");
        }
        let postgres = server.map(|server| Self::Postgres(Arc::new(server)));
        [Self::Sqlite].into_iter().chain(postgres).collect()
    }
}

/// Where the world's database is, for reading it directly.
enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

/// One world.
pub(crate) struct World {
    pub(crate) workspace: Workspace,
    pub(crate) target: Target,
    pub(crate) installation: Installation,
    pub(crate) bot: Option<Bot>,
    /// What was posted when the bot last died.
    pub(crate) posted: BTreeSet<String>,
    database: Database,
    // Last: the files go after everything that uses them.
    _files: TempDir,
}

/// A request's row, read from the database itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) status: String,
    pub(crate) version: i64,
    pub(crate) expires_at: Option<i64>,
    pub(crate) resources: Vec<String>,
}

impl World {
    /// Makes a world whose bot does not run yet.
    pub(crate) async fn make(kind: &Kind) -> Self {
        let files = tempfile::tempdir().unwrap();
        let target = Target::make(files.path());
        let workspace = Workspace::start(options()).await.unwrap();
        let mut environment: std::collections::BTreeMap<String, String> = [
            ("HALLPASS_SLACK_BOT_TOKEN", "xoxb-local"),
            ("HALLPASS_SLACK_SIGNING_SECRET", "local-signing-secret"),
            ("HALLPASS_MASTER_KEY", &"0123456789abcdef".repeat(4)),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let (database, setting) = match kind {
            Kind::Sqlite => {
                (Database::Sqlite(files.path().join("hallpass.db")), "sqlite:hallpass.db")
            }
            Kind::Postgres(server) => {
                let url = make_database(server).await;
                environment.insert("HALLPASS_DATABASE_URL".to_owned(), url.clone());
                (Database::Postgres(url), "postgres")
            }
        };
        let installation = Installation { directory: files.path().to_owned(), environment };
        write_configuration(&installation, setting, &workspace.api_url(), &target);
        let posted = BTreeSet::new();
        Self { workspace, target, installation, bot: None, posted, database, _files: files }
    }

    /// Makes a world whose bot runs.
    pub(crate) async fn start(kind: &Kind) -> Self {
        let mut world = Self::make(kind).await;
        world.start_bot().await;
        world
    }

    pub(crate) async fn start_bot(&mut self) {
        let bot = self.installation.start().await;
        self.workspace.set_bot_url(&bot.url);
        self.bot = Some(bot);
    }

    pub(crate) fn bot(&self) -> &Bot {
        self.bot.as_ref().unwrap()
    }

    pub(crate) async fn kill_bot(&mut self) {
        self.bot.take().unwrap().kill().await;
    }

    /// Every request, read from the database itself; the bot must run, or the look would repair
    /// what a crash left.
    pub(crate) async fn requests(&self) -> Vec<Row> {
        const ALL: &str = "SELECT id, status, version, expires_at, asked FROM request ORDER BY id";
        assert!(self.bot.is_some());
        match &self.database {
            Database::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                let options = options.busy_timeout(Duration::from_secs(10));
                let mut conn = options.connect().await.unwrap();
                let rows = sqlx::query(ALL).fetch_all(&mut conn).await.unwrap();
                let row = |row: &sqlx::sqlite::SqliteRow| {
                    made((row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
                };
                rows.iter().map(row).collect()
            }
            Database::Postgres(url) => {
                let options: PgConnectOptions = url.parse().unwrap();
                let mut conn = options.connect().await.unwrap();
                let rows = sqlx::query(ALL).fetch_all(&mut conn).await.unwrap();
                let row = |row: &sqlx::postgres::PgRow| {
                    made((row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
                };
                rows.iter().map(row).collect()
            }
        }
    }

    /// Where the bot knows its messages to be.
    pub(crate) async fn noted(&self) -> BTreeSet<String> {
        const ALL: &str = "SELECT place || ' ' || stamp FROM card WHERE stamp IS NOT NULL";
        let noted: Vec<String> = match &self.database {
            Database::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                let options = options.busy_timeout(Duration::from_secs(10));
                let mut conn = options.connect().await.unwrap();
                sqlx::query_scalar(ALL).fetch_all(&mut conn).await.unwrap()
            }
            Database::Postgres(url) => {
                let options: PgConnectOptions = url.parse().unwrap();
                let mut conn = options.connect().await.unwrap();
                sqlx::query_scalar(ALL).fetch_all(&mut conn).await.unwrap()
            }
        };
        noted.into_iter().collect()
    }

    /// Waits until the requests are as is asked.
    pub(crate) async fn wait_requests(&self, what: &str, is_so: impl Fn(&[Row]) -> bool) {
        for _ in 0..600 {
            if is_so(&self.requests().await) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{what} did not come: {:?}\n{}", self.requests().await, self.bot().log());
    }

    /// Ends the world's servers.
    pub(crate) async fn close(mut self) {
        if let Some(bot) = self.bot.take() {
            bot.kill().await;
        }
        self.workspace.shutdown().await;
    }
}

fn made((id, status, version, expires_at, asked): (i64, String, i64, Option<i64>, String)) -> Row {
    let asked: Value = serde_json::from_str(&asked).unwrap();
    let items = asked["items"].as_array().unwrap().iter();
    let resources = items.map(|it| it["at"]["resource"].as_str().unwrap().to_owned()).collect();
    Row { id, status, version, expires_at, resources }
}

async fn make_database(server: &ThrowAwayPostgres) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let name = format!("world_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let admin: PgConnectOptions = server.url("postgres").unwrap().parse().unwrap();
    let mut admin = admin.connect().await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    server.url(&name).unwrap()
}

fn options() -> WorkspaceOptions {
    let member = |id: &str, name: &str| Member::new(id, name, name, &format!("{name}@example.com"));
    let members = vec![member(ANA, "ana"), member(BEN, "ben"), member("U0DEV", "dev")];
    let channel = Channel {
        id: CHANNEL.to_owned(),
        name: "access".to_owned(),
        members: members.iter().map(|member| member.id.clone()).collect(),
        has_bot: true,
        is_archived: false,
    };
    WorkspaceOptions {
        members,
        channels: vec![channel],
        // Deadlines have tests of their own; here dozens of bots share a machine.
        ack_within: Duration::from_secs(20),
        ..WorkspaceOptions::default()
    }
}

fn write_configuration(at: &Installation, database: &str, api_url: &str, target: &Target) {
    let service = format!(
        "database = \"{database}\"\nlisten = \"127.0.0.1:0\"\n\
         public_url = \"https://hallpass.example.com\"\n\
         [slack]\nmode = \"http\"\nworkspace = \"T0LOCAL\"\napi_url = \"{api_url}\"\n"
    );
    let person = |id: &str| {
        format!("[[person]]\nid = \"{id}\"\nname = \"{id}\"\nemail = \"{id}@example.com\"\n")
    };
    let directory = person("ana") + &person("ben") + &person("dev") + "admin = true\n";
    let mut catalogue = format!(
        "[[integration]]\nid = \"doors\"\nname = \"Doors\"\nkind = \"command\"\n\
         program = [\"{}\", \"{}\"]\n",
        target.program().display(),
        target.directory().display()
    );
    let mut flows = String::new();
    for hall in HALLS {
        let approval = match hall {
            "ben" => "channel = \"C0ACCESS\"\n",
            _ => "approval = \"automatic\"\n",
        };
        flows += &format!(
            "[[flow]]\nid = \"{hall}\"\nname = \"Hall {hall}\"\nwho = \"everyone\"\n{approval}\
             durations = [\"1h\"]\nlongest = \"8h\"\n[[flow.what]]\nresource = \"{hall}-*\"\n"
        );
        if hall == "ben" {
            flows += "[[flow.stage]]\nneed = \"any\"\nof = [\"person:ben\"]\n";
        }
        for number in 0..ROOMS {
            catalogue += &format!(
                "[[integration.resource]]\nid = \"{}\"\nkind = \"door\"\npermissions = [\"enter\"]\n",
                room(hall, number)
            );
        }
    }
    for wing in WINGS {
        flows += &format!(
            "[[flow]]\nid = \"{wing}\"\nname = \"Wing {wing}\"\nwho = \"everyone\"\n\
             approval = \"automatic\"\ndurations = [\"1h\"]\nlongest = \"8h\"\n\
             [[flow.what]]\nresource = \"{wing}-*\"\n"
        );
        for number in 0..ROOMS_IN_WING {
            catalogue += &format!(
                "[[integration.resource]]\nid = \"{wing}-{number:03}\"\nkind = \"door\"\n\
                 permissions = [\"enter\"]\n"
            );
        }
    }
    for (name, text) in [
        ("hallpass.toml", service),
        ("directory.toml", directory),
        ("catalogue.toml", catalogue),
        ("flows.toml", flows),
    ] {
        std::fs::write(at.file(name), text).unwrap();
    }
}

/// The id of a room.
pub(crate) fn room(hall: &str, number: usize) -> String {
    format!("{hall}-{number:02}")
}
