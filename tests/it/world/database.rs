//! A fresh database for each world: a file, or one on a PostgreSQL that the test process shares.
use hallpass::config;
use hallpass::demo::postgres::ThrowAwayPostgres;
use hallpass::store::audit::AuditKey;
use hallpass::store::{Schema, Store, StoreError};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// One world's database.
pub(crate) enum Database {
    Sqlite(TempDir),
    Postgres(String),
}

/// The shared server. A static is never dropped, so a waiting shell ends the server and removes its
/// files when this process is gone, however it went: its standard input closes then.
struct Shared {
    server: ThrowAwayPostgres,
    _janitor: Child,
}

static SHARED: OnceCell<Option<Shared>> = OnceCell::const_new();
static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

const JANITOR: &str =
    r#"read -r _; kill -QUIT "$(head -n 1 "$1"/*/data/postmaster.pid)"; sleep 1; rm -rf "$1""#;

async fn shared() -> Option<&'static Shared> {
    let start = async || {
        let home = tempfile::Builder::new().prefix("hallpass-it-").tempdir().unwrap().keep();
        std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o755)).unwrap();
        let Some(server) = ThrowAwayPostgres::start(&home).await.unwrap() else {
            std::fs::remove_dir(&home).unwrap();
            crate::skipped::skipped("PostgreSQL");
            return None;
        };
        let janitor = Command::new("sh")
            .args(["-c", JANITOR, "sh"])
            .arg(&home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Whoever ends this process with its whole group must not end the janitor as well.
            .process_group(0)
            .spawn()
            .unwrap();
        Some(Shared { server, _janitor: janitor })
    };
    SHARED.get_or_init(start).await.as_ref()
}

impl Database {
    pub(crate) async fn fresh(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Sqlite => Some(Self::Sqlite(tempfile::tempdir().unwrap())),
            Kind::Postgres => {
                let server = &shared().await?.server;
                let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let name = format!("world_{count}");
                let mut conn = connect(&server.url("postgres").unwrap()).await;
                let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
                sqlx::query(create).execute(&mut conn).await.unwrap();
                Some(Self::Postgres(server.url(&name).unwrap()))
            }
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }

    pub(crate) fn of_bot(&self) -> config::Database {
        match self {
            Self::Sqlite(home) => config::Database::Sqlite(home.path().join("hallpass.db")),
            Self::Postgres(url) => config::Database::Postgres(url.clone().into()),
        }
    }

    pub(crate) async fn open(&self, key: AuditKey, schema: Schema) -> Result<Store, StoreError> {
        match self {
            Self::Sqlite(home) => {
                Store::sqlite(&home.path().join("hallpass.db"), key, schema).await
            }
            Self::Postgres(url) => Store::postgres(url, key, schema).await,
        }
    }

    async fn sqlite(home: &TempDir) -> SqliteConnection {
        let file = home.path().join("hallpass.db");
        SqliteConnectOptions::new().filename(file).connect().await.unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) -> u64 {
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(home) => {
                query.execute(&mut Self::sqlite(home).await).await.unwrap().rows_affected()
            }
            Self::Postgres(url) => {
                query.execute(&mut connect(url).await).await.unwrap().rows_affected()
            }
        }
    }

    pub(crate) async fn query(&self, sql: &str) -> Vec<Vec<String>> {
        let query = sqlx::query(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(home) => {
                let rows = query.fetch_all(&mut Self::sqlite(home).await).await.unwrap();
                rows.iter()
                    .map(|row| (0..row.len()).map(|n| row.get_unchecked(n)).collect())
                    .collect()
            }
            Self::Postgres(url) => {
                let rows = sqlx::query(AssertSqlSafe(sql.to_owned()))
                    .fetch_all(&mut connect(url).await)
                    .await
                    .unwrap();
                rows.iter().map(|row| (0..row.len()).map(|n| row.get(n)).collect()).collect()
            }
        }
    }

    /// How often transactions waited for each other in a circle, until one was given up.
    pub(crate) async fn deadlocks(&self) -> i64 {
        match self {
            Self::Sqlite(_) => 0,
            Self::Postgres(_) => {
                let count = "SELECT CAST(deadlocks AS TEXT) FROM pg_stat_database \
                             WHERE datname = current_database()";
                self.query(count).await[0][0].parse().unwrap()
            }
        }
    }

    pub(crate) async fn connects(&self) -> Option<PgConnection> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(url) => Some(connect(url).await),
        }
    }

    pub(crate) async fn close(self) {
        if let Self::Postgres(url) = &self {
            let options: PgConnectOptions = url.parse().unwrap();
            let name = options.get_database().unwrap().to_owned();
            let mut conn = options.database("postgres").connect().await.unwrap();
            let drop = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
            sqlx::query(drop).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
        }
    }
}

async fn connect(url: &str) -> PgConnection {
    url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
}
