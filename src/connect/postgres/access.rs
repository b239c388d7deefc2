//! Privileges: how they are given, how they are read, and how people are told to use them.
//!
//! Data means the tables and views that exist at the grant. Those made later are not part of it:
//! nobody approved them, and default privileges of other owners are not ours to change.
use super::super::{AccessDetails, Fault};
use super::quote::Ident;
use super::server::run;
use super::wanted::{Rights, Wanted};
use secrecy::SecretString;
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;

const SCHEMAS: &str = "
SELECT nspname::text FROM pg_namespace
WHERE left(nspname::text, 3) <> 'pg_' AND nspname <> 'information_schema'
ORDER BY nspname";

/// Sequences behind the columns of one table, as `schema` and `name`.
const SEQUENCES_OF: &str = "
SELECT DISTINCT n.nspname::text, s.relname::text
FROM pg_class t
JOIN pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_depend d ON d.refobjid = t.oid AND d.refclassid = 'pg_class'::regclass
  AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_namespace n ON n.oid = s.relnamespace
WHERE tn.nspname::text = $1 AND t.relname::text = $2
ORDER BY 1, 2";

const HOLDS_MEMBERSHIP: &str = "
SELECT EXISTS (
  SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
  WHERE r.rolname::text = $1 AND m.member = $2)";

/// Of the things in scope, how many there are and how many are held. $1 role, $2 schema, $3 table
/// (either may be null), $4 whether writing is wanted.
const HOLDS_DATA: &str = "
WITH scope AS (
  SELECT oid FROM pg_namespace
  WHERE left(nspname::text, 3) <> 'pg_' AND nspname <> 'information_schema'
    AND ($2::text IS NULL OR nspname::text = $2)),
things AS (
  SELECT has_schema_privilege($1, oid, 'USAGE') AS is_held FROM scope
  UNION ALL
  SELECT has_table_privilege($1, c.oid, 'SELECT') AND (NOT $4
    OR has_table_privilege($1, c.oid, 'INSERT') AND has_table_privilege($1, c.oid, 'UPDATE')
    AND has_table_privilege($1, c.oid, 'DELETE'))
  FROM pg_class c JOIN scope ON scope.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND ($3::text IS NULL OR c.relname::text = $3)
  UNION ALL
  SELECT has_sequence_privilege($1, c.oid, 'USAGE')
  FROM pg_class c JOIN scope ON scope.oid = c.relnamespace
  WHERE c.relkind = 'S' AND $4 AND $3::text IS NULL)
SELECT count(*), count(*) FILTER (WHERE is_held) FROM things";

/// How much of what is wanted a role holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    may_enter: bool,
    things: i64,
    held: i64,
}

impl Held {
    /// Everything that exists now.
    pub(super) fn is_whole(self) -> bool {
        self.may_enter && self.held == self.things
    }

    /// Everything but, perhaps, what was made after the grant.
    pub(super) fn is_begun(self) -> bool {
        self.may_enter && (self.held > 0 || self.things == 0)
    }
}

/// Gives the role what is wanted; the connection is to the resource's database.
pub(super) async fn give(
    conn: &mut PgConnection,
    wanted: &Wanted,
    to: &Ident,
) -> Result<(), Fault> {
    if let Some(database) = wanted.database() {
        run(conn, format!("GRANT CONNECT ON DATABASE {database} TO {to}")).await?;
    }
    match wanted {
        Wanted::Member { role } => run(conn, format!("GRANT {role} TO {to}")).await,
        Wanted::Database { data: None, .. } => Ok(()),
        Wanted::Database { data: Some(data), .. } => {
            let schemas: Vec<String> = sqlx::query_scalar(SCHEMAS).fetch_all(&mut *conn).await?;
            for schema in schemas {
                give_schema(conn, &Ident::new(&schema)?, *data, to).await?;
            }
            Ok(())
        }
        Wanted::Schema { schema, data, .. } => give_schema(conn, schema, *data, to).await,
        Wanted::Table { schema, table, data, .. } => {
            give_table(conn, (schema, table), *data, to).await
        }
    }
}

async fn give_schema(
    conn: &mut PgConnection,
    schema: &Ident,
    data: Rights,
    to: &Ident,
) -> Result<(), Fault> {
    let rights = data.on_tables();
    run(conn, format!("GRANT USAGE ON SCHEMA {schema} TO {to}")).await?;
    run(conn, format!("GRANT {rights} ON ALL TABLES IN SCHEMA {schema} TO {to}")).await?;
    if data.may_write() {
        let statement = format!("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {to}");
        run(conn, statement).await?;
    }
    Ok(())
}

async fn give_table(
    conn: &mut PgConnection,
    (schema, table): (&Ident, &Ident),
    data: Rights,
    to: &Ident,
) -> Result<(), Fault> {
    let rights = data.on_tables();
    run(conn, format!("GRANT USAGE ON SCHEMA {schema} TO {to}")).await?;
    run(conn, format!("GRANT {rights} ON TABLE {schema}.{table} TO {to}")).await?;
    if !data.may_write() {
        return Ok(());
    }
    let sequences: Vec<(String, String)> = sqlx::query_as(SEQUENCES_OF)
        .bind(schema.as_str())
        .bind(table.as_str())
        .fetch_all(&mut *conn)
        .await?;
    for (schema, sequence) in sequences {
        let (schema, sequence) = (Ident::new(&schema)?, Ident::new(&sequence)?);
        let statement = format!("GRANT USAGE, SELECT ON SEQUENCE {schema}.{sequence} TO {to}");
        run(conn, statement).await?;
    }
    Ok(())
}

/// Reads how much of what is wanted the role holds; the connection is to the resource's database.
pub(super) async fn held(
    conn: &mut PgConnection,
    wanted: &Wanted,
    role: Oid,
) -> Result<Held, Fault> {
    let (schema, table, data) = match wanted {
        Wanted::Member { role: parent } => {
            let may_enter = sqlx::query_scalar(HOLDS_MEMBERSHIP)
                .bind(parent.as_str())
                .bind(role)
                .fetch_one(conn)
                .await?;
            return Ok(Held { may_enter, things: 0, held: 0 });
        }
        Wanted::Database { data, .. } => (None, None, *data),
        Wanted::Schema { schema, data, .. } => (Some(schema), None, Some(*data)),
        Wanted::Table { schema, table, data, .. } => (Some(schema), Some(table), Some(*data)),
    };
    let may_enter =
        sqlx::query_scalar("SELECT has_database_privilege($1, current_database(), 'CONNECT')")
            .bind(role)
            .fetch_one(&mut *conn)
            .await?;
    let Some(data) = data else {
        return Ok(Held { may_enter, things: 0, held: 0 });
    };
    let (things, held) = sqlx::query_as(HOLDS_DATA)
        .bind(role)
        .bind(schema.map(Ident::as_str))
        .bind(table.map(Ident::as_str))
        .bind(data.may_write())
        .fetch_one(conn)
        .await?;
    Ok(Held { may_enter, things, held })
}

/// Where people connect to.
pub(super) struct Reached {
    host: String,
    port: u16,
}

impl Reached {
    /// The server at this host and port.
    pub(super) fn new((host, port): (String, u16)) -> Self {
        Self { host, port }
    }

    /// What the grantee needs to connect.
    pub(super) fn details(
        &self,
        database: &str,
        user: &Ident,
        credential: Option<SecretString>,
    ) -> AccessDetails {
        let port = self.port.to_string();
        let command = format!(
            "psql -h {} -p {port} -U {} -d {}",
            shell_word(&self.host),
            shell_word(user.as_str()),
            shell_word(&psql_database(database))
        );
        let lines = [
            ("host", self.host.as_str()),
            ("port", &port),
            ("database", database),
            ("user", user.as_str()),
            ("psql", &command),
        ];
        let lines = lines.map(|(label, value)| (label.to_owned(), value.to_owned()));
        AccessDetails { lines: lines.into(), credential }
    }
}

/// The name as `psql -d` takes it for a name, not for a connection string.
fn psql_database(name: &str) -> String {
    if name.contains('=') || name.contains("://") {
        return format!("dbname='{}'", name.replace('\\', "\\\\").replace('\'', "\\'"));
    }
    name.to_owned()
}

/// The text as one word of a POSIX shell.
fn shell_word(text: &str) -> String {
    let is_plain =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b':');
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_psql_line_can_be_pasted_whatever_the_name() {
        let reached = Reached::new(("db.example.com".to_owned(), 5432));
        let line = |database| {
            let user = Ident::new("hallpass_ana").unwrap();
            reached.details(database, &user, None).lines.pop().unwrap().1
        };

        assert_eq!(line("payments"), "psql -h db.example.com -p 5432 -U hallpass_ana -d payments");
        assert!(line("a'; rm -rf /").ends_with(r"-d 'a'\''; rm -rf /'"));
        assert!(line("host=evil").ends_with(r"-d 'dbname='\''host=evil'\'''"));
    }
}
