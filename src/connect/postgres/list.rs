//! What can be asked for, read from the server.
use super::super::Fault;
use super::name::MARK_START;
use super::quote::Ident;
use super::server::close;
use super::wanted::{path, resource_id};
use super::{Postgres, Show};
use crate::domain::catalog::{Resource, ResourceRef};
use crate::domain::resources::Resources;
use sqlx::postgres::PgConnection;

const DATABASES: &str = "
SELECT datname::text FROM pg_database
WHERE datallowconn AND NOT datistemplate AND has_database_privilege(oid, 'CONNECT')
ORDER BY datname";

const SCHEMAS: &str = "
SELECT nspname::text FROM pg_namespace
WHERE left(nspname::text, 3) <> 'pg_' AND nspname <> 'information_schema'
ORDER BY nspname";

const TABLES: &str = "
SELECT n.nspname::text, c.relname::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE left(n.nspname::text, 3) <> 'pg_' AND n.nspname <> 'information_schema'
  AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
ORDER BY 1, 2";

/// Roles that may be granted, and whether each must be named for it.
const ROLES: &str = "
SELECT r.rolname::text,
  r.rolcanlogin OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
    OR left(r.rolname::text, 3) = 'pg_'
FROM pg_roles r
LEFT JOIN pg_shdescription d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
WHERE NOT EXISTS (SELECT 1 FROM pg_roles s WHERE s.rolsuper AND pg_has_role(r.oid, s.oid, 'MEMBER'))
  AND r.rolname <> current_user AND r.rolname <> session_user
  AND COALESCE(left(d.description, length($1)) <> $1, true)
ORDER BY r.rolname";

/// [`Show`], ready to be asked.
pub(super) struct Patterns(Show);

impl Patterns {
    /// The patterns of the configuration.
    pub(super) fn new(show: Show) -> Self {
        Self(show)
    }

    /// Whether the configuration names this very role, without a `*`.
    pub(super) fn names_role(&self, role: &Ident) -> bool {
        self.0.roles.iter().any(|pattern| pattern == role.as_str())
    }
}

/// Lists databases, schemas, tables and roles, as far as the configuration shows them.
pub(super) async fn list(from: &Postgres) -> Result<Resources, Fault> {
    let show = &from.show.0;
    let mut home = from.server.open(None).await?;
    let mut resources = Vec::new();
    let databases: Vec<String> = sqlx::query_scalar(DATABASES).fetch_all(&mut home).await?;
    for database in &databases {
        if fits(&show.databases, database) {
            let permissions = &["connect", "read", "write"];
            resources.push(resource(from, "database", &[database], permissions));
        }
        if !show.schemas.is_empty() || !show.tables.is_empty() {
            let mut there = from.server.open(Some(&Ident::new(database)?)).await?;
            inside(from, database, &mut there, &mut resources).await?;
            close(there).await;
        }
    }
    let roles: Vec<(String, bool)> =
        sqlx::query_as(ROLES).bind(MARK_START).fetch_all(&mut home).await?;
    for (role, must_be_named) in &roles {
        if show.roles.contains(role) || (!must_be_named && fits(&show.roles, role)) {
            resources.push(resource(from, "role", &[role], &["member"]));
        }
    }
    close(home).await;
    Ok(resources.into_iter().collect())
}

async fn inside(
    from: &Postgres,
    database: &str,
    conn: &mut PgConnection,
    resources: &mut Vec<Resource>,
) -> Result<(), Fault> {
    let show = &from.show.0;
    let permissions = &["read", "write"];
    let schemas: Vec<String> = sqlx::query_scalar(SCHEMAS).fetch_all(&mut *conn).await?;
    for schema in &schemas {
        let names = [database, schema];
        if fits(&show.schemas, &path(&names)) {
            resources.push(resource(from, "schema", &names, permissions));
        }
    }
    if show.tables.is_empty() {
        return Ok(());
    }
    let tables: Vec<(String, String)> = sqlx::query_as(TABLES).fetch_all(&mut *conn).await?;
    for (schema, table) in &tables {
        let names = [database, schema, table];
        if fits(&show.tables, &path(&names)) {
            resources.push(resource(from, "table", &names, permissions));
        }
    }
    Ok(())
}

fn resource(from: &Postgres, kind: &str, names: &[&str], permissions: &[&str]) -> Resource {
    Resource {
        at: ResourceRef {
            integration: from.integration.clone(),
            resource: resource_id(kind, names),
        },
        name: names.join("."),
        kind: kind.to_owned(),
        permissions: permissions.iter().map(|&permission| permission.to_owned()).collect(),
        owner: None,
    }
}

fn fits(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| fits_one(pattern, text))
}

/// Whether the text is the pattern, in which each `*` stands for any text.
fn fits_one(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match left.split_once(piece) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::fits_one;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "payments", true),
            ("payments", "payments", true),
            ("payments", "payments2", false),
            ("app_*", "app_read", true),
            ("app_*", "my_app_read", false),
            ("*_read", "app_read", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
            ("a*a", "a", false),
            ("payments/*", "payments/public", true),
        ] {
            assert_eq!(fits_one(pattern, text), expected, "{pattern} {text}");
        }
    }
}
