//! What an entitlement asks of PostgreSQL, read from its resource id and permission.
//!
//! ```text
//! role:app_read                   member
//! database:payments               connect, read, write
//! schema:payments/public          read, write
//! table:payments/public/invoices  read, write
//! ```
//!
//! A name may hold any character; `%` and `/` in it are written `%25` and `%2F`, so that one thing
//! has one id. `read` is SELECT on the tables and views that are there at the time of the grant,
//! `write` adds INSERT, UPDATE, DELETE and the use of sequences. Nothing grants CREATE, TRUNCATE or
//! ownership: who needs more asks for a role that a database administrator has made for it.
use super::super::Fault;
use super::quote::Ident;
use crate::domain::catalog::Item;

/// What shall be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Membership in a role.
    Member { role: Ident },
    /// Connecting to a database, and its data where `data` says so.
    Database { database: Ident, data: Option<Rights> },
    /// The data of one schema.
    Schema { database: Ident, schema: Ident, data: Rights },
    /// The data of one table or view.
    Table { database: Ident, schema: Ident, table: Ident, data: Rights },
}

/// What may be done with data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rights {
    /// SELECT.
    Read,
    /// SELECT, INSERT, UPDATE, DELETE and the use of sequences.
    Write,
}

impl Rights {
    /// The table privileges, as `GRANT` lists them.
    pub(super) fn on_tables(self) -> &'static str {
        match self {
            Self::Read => "SELECT",
            Self::Write => "SELECT, INSERT, UPDATE, DELETE",
        }
    }

    /// Whether more than reading is allowed.
    pub(super) fn may_write(self) -> bool {
        match self {
            Self::Read => false,
            Self::Write => true,
        }
    }
}

impl Wanted {
    /// Reads what the item asks for.
    pub(super) fn parse(item: &Item) -> Result<Self, Fault> {
        let id = item.at.resource.as_str();
        let unknown =
            || Fault::lasting(format!("{id:?} is not a role, database, schema or table here"));
        let (kind, body) = id.split_once(':').ok_or_else(unknown)?;
        let parts = body.split('/').map(read_part).collect::<Result<Vec<_>, _>>()?;
        let data = || rights(item);
        match (kind, parts.as_slice()) {
            ("role", [role]) if item.permission == "member" => {
                Ok(Self::Member { role: role.clone() })
            }
            ("role", [_]) => Err(no_permission(item)),
            ("database", [database]) => {
                let data = if item.permission == "connect" { None } else { Some(data()?) };
                Ok(Self::Database { database: database.clone(), data })
            }
            ("schema", [database, schema]) => Ok(Self::Schema {
                database: database.clone(),
                schema: not_system(schema)?,
                data: data()?,
            }),
            ("table", [database, schema, table]) => Ok(Self::Table {
                database: database.clone(),
                schema: not_system(schema)?,
                table: table.clone(),
                data: data()?,
            }),
            _ => Err(unknown()),
        }
    }

    /// The database to be connected to for it; `None` where any will do.
    pub(super) fn database(&self) -> Option<&Ident> {
        match self {
            Self::Member { .. } => None,
            Self::Database { database, .. }
            | Self::Schema { database, .. }
            | Self::Table { database, .. } => Some(database),
        }
    }
}

/// The resource id of a thing: its kind and the names that lead to it.
pub(super) fn resource_id(kind: &str, names: &[&str]) -> String {
    format!("{kind}:{}", path(names))
}

/// The names that lead to a thing, as they stand in its id.
pub(super) fn path(names: &[&str]) -> String {
    names.iter().map(|name| write_part(name)).collect::<Vec<_>>().join("/")
}

/// Whether the schema is PostgreSQL's own.
fn is_system(schema: &str) -> bool {
    schema.starts_with("pg_") || schema == "information_schema"
}

fn not_system(schema: &Ident) -> Result<Ident, Fault> {
    if is_system(schema.as_str()) {
        return Err(Fault::lasting(format!(
            "the schema {:?} is postgresql's own",
            schema.as_str()
        )));
    }
    Ok(schema.clone())
}

fn rights(item: &Item) -> Result<Rights, Fault> {
    match item.permission.as_str() {
        "read" => Ok(Rights::Read),
        "write" => Ok(Rights::Write),
        _ => Err(no_permission(item)),
    }
}

fn no_permission(item: &Item) -> Fault {
    Fault::lasting(format!("{:?} has no permission {:?}", item.at.resource, item.permission))
}

fn write_part(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

fn read_part(part: &str) -> Result<Ident, Fault> {
    let name = part.replace("%2F", "/").replace("%25", "%");
    if write_part(&name) != part {
        return Err(Fault::lasting(format!("{part:?} is not written as this connector writes it")));
    }
    Ident::new(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::ResourceRef;
    use proptest::prelude::*;

    fn item(resource: &str, permission: &str) -> Item {
        let at = ResourceRef { integration: "pg".into(), resource: resource.into() };
        Item { at, permission: permission.into() }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let long = format!("role:{}", "a".repeat(64));
        for (resource, permission) in [
            ("", "read"),
            ("payments", "read"),
            ("role:", "member"),
            ("role:app", "read"),
            ("role:a/b", "member"),
            ("role:a%2fb", "member"),
            ("role:a%41", "member"),
            ("database:payments", "admin"),
            ("database:payments/public", "read"),
            ("schema:payments/pg_catalog", "read"),
            ("schema:payments/information_schema", "read"),
            ("schema:payments/public", "connect"),
            ("table:payments/public", "read"),
            ("view:payments/public/x", "read"),
            (long.as_str(), "member"),
        ] {
            assert!(Wanted::parse(&item(resource, permission)).is_err(), "{resource} {permission}");
        }
    }

    proptest! {
        #[test]
        fn every_name_finds_its_way_through_an_id(
            role in "[^\0]{1,15}", database in "[%/2F5:a]{1,20}", schema in "[%/\"]{1,9}",
        ) {
            let id = resource_id("role", &[&role]);
            let wanted = Wanted::Member { role: Ident::new(&role).unwrap() };
            prop_assert_eq!(Wanted::parse(&item(&id, "member")), Ok(wanted));

            let id = resource_id("schema", &[&database, &schema]);
            let wanted = Wanted::Schema {
                database: Ident::new(&database).unwrap(),
                schema: Ident::new(&schema).unwrap(),
                data: Rights::Read,
            };
            prop_assert_eq!(Wanted::parse(&item(&id, "read")), Ok(wanted));
        }
    }
}
