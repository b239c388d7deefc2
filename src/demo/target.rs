//! What the demo gives access to: a throw-away PostgreSQL, or a file where that is not installed.
use super::postgres::ThrowAwayPostgres;
use super::slack::Aside;
use anyhow::Context;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Roles as a database administrator sees them, without PostgreSQL's own.
const ROLES: &str = "\
    SELECT r.rolname, r.rolcanlogin, to_char(r.rolvaliduntil, 'HH24:MI:SS'), \
        ARRAY(SELECT b.rolname::text FROM pg_auth_members m JOIN pg_roles b ON b.oid = m.roleid \
              WHERE m.member = r.oid ORDER BY 1) \
    FROM pg_roles r WHERE r.rolname NOT LIKE 'pg\\_%' ORDER BY r.rolname";

/// The program that stands in for PostgreSQL.
const PROGRAM: &str = include_str!("../../examples/command-file-access.py");

/// A database administrator's row: name, whether it logs in, until when, what it is a member of.
type Role = (String, bool, Option<String>, Vec<String>);

/// Which target system is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A PostgreSQL server where its programs are on this machine, else a file.
    Postgres,
    /// A file, whatever is on this machine.
    File,
}

/// The target system.
pub(super) enum Target {
    /// A real server.
    Postgres { server: ThrowAwayPostgres, admin: PgPool },
    /// A file that a program keeps.
    File { path: PathBuf, catalogue: String },
}

impl Target {
    /// Starts the server, or writes the file inside `home` where there is none or none is wanted.
    pub(super) async fn start(home: &Path, wanted: Wanted) -> anyhow::Result<Self> {
        let server = match wanted {
            Wanted::Postgres => ThrowAwayPostgres::start(&std::env::temp_dir()).await?,
            Wanted::File => None,
        };
        match server {
            Some(server) => Self::postgres(server).await,
            None => Self::file(home),
        }
    }

    async fn postgres(server: ThrowAwayPostgres) -> anyhow::Result<Self> {
        let options: PgConnectOptions = server.url("postgres")?.parse()?;
        let admin = PgPoolOptions::new().max_connections(2).connect_with(options).await?;
        admin.execute(include_str!("company/target.sql")).await?;
        for database in ["payments", "ledger", "customers"] {
            admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {database}"))).await?;
        }
        let mut payments = PgConnection::connect(&server.url("payments")?).await?;
        payments.execute(include_str!("company/payments.sql")).await?;
        payments.close().await?;
        Ok(Self::Postgres { server, admin })
    }

    fn file(home: &Path) -> anyhow::Result<Self> {
        let (program, path) = (home.join("file-access.py"), home.join("access.json"));
        std::fs::write(&program, PROGRAM)?;
        make_executable(&program)?;
        let database = |name: &str| {
            json!({
                "id": format!("database:{name}"), "name": name, "kind": "database",
                "permissions": ["connect", "read", "write"],
            })
        };
        let resources = ["payments", "ledger", "customers"].map(database);
        std::fs::write(&path, json!({ "resources": resources, "access": [] }).to_string())?;
        let text = |path: &Path| path.to_str().map(str::to_owned).context("a path must be text");
        let catalogue = include_str!("company/catalogue-command.toml")
            .replace("@PROGRAM@", &text(&program)?)
            .replace("@FILE@", &text(&path)?);
        Ok(Self::File { path, catalogue })
    }

    pub(super) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// The catalogue file that describes it.
    pub(super) fn catalogue(&self) -> &str {
        match self {
            Self::Postgres { .. } => include_str!("company/catalogue-postgres.toml"),
            Self::File { catalogue, .. } => catalogue,
        }
    }

    /// The connector's secret, by the name of its variable.
    pub(super) fn secret(&self, variable: &str) -> Option<String> {
        match self {
            Self::Postgres { server, .. }
                if variable == "HALLPASS_INTEGRATION_PROD_POSTGRES_URL" =>
            {
                server.url("postgres").ok()
            }
            Self::Postgres { .. } | Self::File { .. } => None,
        }
    }

    /// What the target says right now, a line each, for the page's side panel.
    pub(super) fn aside(&self) -> Aside {
        match self {
            Self::Postgres { admin, .. } => {
                let admin = admin.clone();
                Arc::new(move || {
                    let admin = admin.clone();
                    Box::pin(async move { panel("PostgreSQL’s roles", role_lines(&admin).await) })
                })
            }
            Self::File { path, .. } => {
                let path = path.clone();
                Arc::new(move || {
                    let path = path.clone();
                    Box::pin(async move { panel("access.json", file_lines(&path)) })
                })
            }
        }
    }

    /// What the target says right now, for the script.
    pub(super) async fn lines(&self) -> anyhow::Result<Vec<String>> {
        match self {
            Self::Postgres { admin, .. } => role_lines(admin).await,
            Self::File { path, .. } => file_lines(path),
        }
    }

    /// How many failed payments somebody sees who connects with this login, as the story does.
    pub(super) async fn count_failed(&self, user: &str, password: &str) -> anyhow::Result<i64> {
        let Self::Postgres { server, .. } = self else {
            anyhow::bail!("a file has no login");
        };
        let options = PgConnectOptions::new()
            .host("127.0.0.1")
            .port(server.port())
            .username(user)
            .password(password)
            .database("payments");
        let mut connection = PgConnection::connect_with(&options).await?;
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM payment WHERE status = 'failed'")
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok(count)
    }
}

fn panel(title: &str, lines: anyhow::Result<Vec<String>>) -> Value {
    let lines = lines.unwrap_or_else(|_| vec!["(does not answer)".to_owned()]);
    json!({ "title": title, "lines": lines })
}

async fn role_lines(admin: &PgPool) -> anyhow::Result<Vec<String>> {
    let roles: Vec<Role> = sqlx::query_as(ROLES).fetch_all(admin).await?;
    Ok(roles
        .into_iter()
        .map(|(name, can_login, until, member_of)| {
            let login = if can_login { "login" } else { "group" };
            let until = until.map(|until| format!(", until {until}")).unwrap_or_default();
            let of = match member_of.is_empty() {
                true => String::new(),
                false => format!(", in {}", member_of.join(", ")),
            };
            format!("{name}  ({login}{until}{of})")
        })
        .collect())
}

fn file_lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let content: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let access = content.get("access").and_then(Value::as_array).cloned().unwrap_or_default();
    let word = |entry: &Value, key: &str| {
        entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let line = |entry: &Value| {
        format!(
            "{}: {} on {}",
            word(entry, "grantee"),
            word(entry, "permission"),
            word(entry, "resource")
        )
    };
    Ok(access.iter().map(line).collect())
}

fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}
