//! A throw-away server with a database `payments`, and the ways in which tests look at it.
use chrono::{DateTime, Utc};
use hallpass::connect::postgres::{Postgres, PostgresTarget};
use hallpass::connect::{AccessDetails, GrantOrder};
use hallpass::demo::postgres::{ThrowAwayPostgres, program};
use hallpass::domain::catalog::{Entitlement, Item, ResourceRef};
use hallpass::domain::person::Person;
use secrecy::ExposeSecret as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _};

/// A server and what is on it.
pub(crate) struct World {
    server: ThrowAwayPostgres,
}

impl World {
    /// Starts it; says so and returns `None` where PostgreSQL's programs are not on this machine.
    pub(crate) async fn start() -> Option<Self> {
        let Some(server) = ThrowAwayPostgres::start(&std::env::temp_dir()).await.unwrap() else {
            crate::skipped::skipped("PostgreSQL");
            return None;
        };
        let world = Self { server };
        world.run("postgres", "CREATE DATABASE payments").await;
        world.run("payments", "CREATE TABLE invoices (id SERIAL PRIMARY KEY, amount INT)").await;
        world.run("payments", "CREATE VIEW open_invoices AS SELECT * FROM invoices").await;
        world.run("payments", "CREATE SCHEMA secret; CREATE TABLE secret.keys (id INT)").await;
        Some(world)
    }

    /// The address for the superuser.
    pub(crate) fn url(&self, database: &str) -> String {
        self.server.url(database).unwrap()
    }

    /// The superuser's password.
    pub(crate) fn password(&self) -> &str {
        self.server.password()
    }

    /// The configuration of a connector with temporary logins.
    pub(crate) fn target(&self) -> PostgresTarget {
        PostgresTarget::new("pg".into(), self.url("postgres").into())
    }

    /// A connector with temporary logins.
    pub(crate) fn connector(&self) -> Postgres {
        self.connector_for(self.target())
    }

    /// A connector with this configuration.
    pub(crate) fn connector_for(&self, target: PostgresTarget) -> Postgres {
        Postgres::new(target).unwrap()
    }

    async fn superuser(&self, database: &str) -> PgConnection {
        self.url(database).parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
    }

    /// Runs statements as the superuser.
    pub(crate) async fn run(&self, database: &str, statements: &str) {
        let mut conn = self.superuser(database).await;
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut conn).await.unwrap();
    }

    /// One text, read as the superuser.
    pub(crate) async fn text(&self, database: &str, query: &str) -> String {
        let mut conn = self.superuser(database).await;
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut conn).await.unwrap()
    }

    /// Connects as the grantee was told to.
    pub(crate) async fn connect(
        &self,
        details: &AccessDetails,
    ) -> Result<PgConnection, sqlx::Error> {
        self.connect_to(&details.lines[2].1, details).await
    }

    async fn connect_to(
        &self,
        database: &str,
        details: &AccessDetails,
    ) -> Result<PgConnection, sqlx::Error> {
        let password = details.credential.as_ref().map_or("", |it| it.expose_secret());
        PgConnectOptions::new_without_pgpass()
            .host(&details.lines[0].1)
            .port(details.lines[1].1.parse().unwrap())
            .database(database)
            .username(&details.lines[3].1)
            .password(password)
            .connect()
            .await
    }

    /// Whether the grantee can log in.
    pub(crate) async fn enters(&self, details: &AccessDetails) -> bool {
        self.connect(details).await.is_ok()
    }

    /// Runs a statement as the grantee.
    pub(crate) async fn as_user(
        &self,
        details: &AccessDetails,
        sql: &str,
    ) -> Result<(), sqlx::Error> {
        self.as_user_in(&details.lines[2].1, details, sql).await
    }

    /// Runs a statement as the grantee, in another database.
    pub(crate) async fn as_user_in(
        &self,
        database: &str,
        details: &AccessDetails,
        sql: &str,
    ) -> Result<(), sqlx::Error> {
        let mut conn = self.connect_to(database, details).await?;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await?;
        Ok(())
    }

    /// Roles, memberships, comments, databases, schemas and every access list, as PostgreSQL dumps them.
    pub(crate) fn dump(&self) -> String {
        let whole = self.dumpall("--roles-only") + &self.dumpall("--schema-only");
        // Newer versions guard a dump with a random word.
        let lines = whole.lines().filter(|it| !it.contains("restrict "));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Fails with the lines that differ when anything is not as it was.
    pub(crate) fn is_as_before(&self, before: &str) {
        let now = self.dump();
        let only_in = |one: &str, other: &str| {
            let lines = one.lines().filter(|line| !other.lines().any(|it| it == *line));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert!(now == before, "gone:\n{}\nnew:\n{}", only_in(before, &now), only_in(&now, before));
    }

    fn dumpall(&self, what: &str) -> String {
        let done = std::process::Command::new(program("pg_dumpall").unwrap())
            .args(["-h", "127.0.0.1", "-U", "postgres", what])
            .args(["-p", &self.server.port().to_string()])
            .env("PGPASSWORD", self.password())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }
}

/// An order that ends on a day far from now.
pub(crate) fn order(grantee: &str, resource: &str, permission: &str) -> GrantOrder {
    GrantOrder {
        entitlement: entitlement(grantee, resource, permission),
        grantee: Person {
            id: grantee.into(),
            name: grantee.to_owned(),
            email: format!("{grantee}@example.com"),
            manager: None,
            is_admin: false,
            is_active: true,
            language: None,
            pinned: Vec::new(),
        },
        until: DateTime::<Utc>::from_timestamp(4_000_000_000, 0).unwrap(),
        idempotency_key: "1".to_owned(),
        needs_credential: false,
    }
}

/// Who may do what.
pub(crate) fn entitlement(grantee: &str, resource: &str, permission: &str) -> Entitlement {
    let at = ResourceRef { integration: "pg".into(), resource: resource.to_owned() };
    Entitlement { grantee: grantee.into(), item: Item { at, permission: permission.to_owned() } }
}
