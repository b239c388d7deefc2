//! Roles of the server as we read them: ours, the ones to be granted, their members and sessions.
use super::super::Fault;
use super::name::{MARK_START, Mark, Prefix};
use super::quote::Ident;
use crate::domain::catalog::Entitlement;
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const FIND_OURS: &str = "
SELECT r.oid, r.rolname::text, r.rolcanlogin
FROM pg_roles r
JOIN pg_shdescription d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
WHERE d.description = $1";

const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname::text = $1)";

const TRAITS: &str = "
SELECT
  EXISTS (SELECT 1 FROM pg_roles s WHERE s.rolsuper AND pg_has_role(r.oid, s.oid, 'MEMBER')),
  r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
    OR left(r.rolname::text, 3) = 'pg_',
  r.rolcanlogin,
  r.rolname = current_user OR r.rolname = session_user,
  COALESCE(left(d.description, length($2)) = $2, false)
FROM pg_roles r
LEFT JOIN pg_shdescription d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
WHERE r.rolname::text = $1";

const MEMBERS: &str = "
SELECT r.oid, r.rolname::text
FROM pg_auth_members m
JOIN pg_roles r ON r.oid = m.member
WHERE m.roleid = $1 AND r.rolname <> current_user
ORDER BY r.rolname";

const PARENTS: &str = "
SELECT r.oid, r.rolname::text
FROM pg_auth_members m
JOIN pg_roles r ON r.oid = m.roleid
WHERE m.member = $1
ORDER BY r.rolname";

const END_SESSIONS: &str = "
SELECT count(pg_terminate_backend(pid))
FROM pg_stat_activity
WHERE usesysid = ANY($1) AND pid <> pg_backend_pid()";

/// How long a session may take to end after it was told to.
const SESSION_END: Duration = Duration::from_secs(5);
/// A backend ends within a few milliseconds unless it is busy in the system.
const SESSION_LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A role that serves an entitlement.
#[derive(Debug)]
pub(super) struct Ours {
    /// Its identity on the server.
    pub(super) oid: Oid,
    /// Its name.
    pub(super) name: Ident,
    /// Whether it is a login, and open.
    pub(super) may_log_in: bool,
}

/// Another role beside one of ours.
#[derive(Debug)]
pub(super) struct Neighbour {
    /// Its identity on the server.
    pub(super) oid: Oid,
    /// Its name.
    pub(super) name: Ident,
}

/// What a role is, as far as it decides whether it may be granted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    /// A superuser, or a member of one.
    pub(super) reaches_superuser: bool,
    /// Has an attribute beyond privileges, or is PostgreSQL's own.
    pub(super) is_special: bool,
    /// A login.
    pub(super) may_log_in: bool,
    /// The connector's own account.
    pub(super) is_connector: bool,
    /// Made by us.
    pub(super) is_ours: bool,
}

/// Finds the role that serves the entitlement.
///
/// # Errors
///
/// Lasting when a role of the name that it would have carries no mark of ours: someone took the mark
/// away, and to say "absent" would be wrong.
pub(super) async fn find(
    conn: &mut PgConnection,
    prefix: &Prefix,
    entitlement: &Entitlement,
) -> Result<Option<Ours>, Fault> {
    let mark = Mark::of(entitlement);
    let found: Option<(Oid, String, bool)> =
        sqlx::query_as(FIND_OURS).bind(mark.as_str()).fetch_optional(&mut *conn).await?;
    if let Some((oid, name, may_log_in)) = found {
        return Ok(Some(Ours { oid, name: Ident::new(&name)?, may_log_in }));
    }
    let name = prefix.role_name(entitlement)?;
    let is_taken: bool =
        sqlx::query_scalar(EXISTS).bind(name.as_str()).fetch_one(&mut *conn).await?;
    if is_taken {
        return Err(Fault::lasting(format!(
            "the role {:?} does not carry the comment by which its entitlement is known",
            name.as_str()
        )));
    }
    Ok(None)
}

/// What the role is; `None` where there is no such role.
pub(super) async fn traits(conn: &mut PgConnection, name: &Ident) -> Result<Option<Traits>, Fault> {
    let found: Option<(bool, bool, bool, bool, bool)> = sqlx::query_as(TRAITS)
        .bind(name.as_str())
        .bind(MARK_START)
        .fetch_optional(&mut *conn)
        .await?;
    Ok(found.map(|(reaches_superuser, is_special, may_log_in, is_connector, is_ours)| Traits {
        reaches_superuser,
        is_special,
        may_log_in,
        is_connector,
        is_ours,
    }))
}

/// Whether the connector's account is a superuser.
pub(super) async fn is_superuser(conn: &mut PgConnection) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        .fetch_one(&mut *conn)
        .await?)
}

/// The roles that are members of `role`, without the connector's own account.
pub(super) async fn members(conn: &mut PgConnection, role: Oid) -> Result<Vec<Neighbour>, Fault> {
    neighbours(conn, MEMBERS, role).await
}

/// The roles that `role` is a member of.
pub(super) async fn parents(conn: &mut PgConnection, role: Oid) -> Result<Vec<Neighbour>, Fault> {
    neighbours(conn, PARENTS, role).await
}

async fn neighbours(
    conn: &mut PgConnection,
    statement: &'static str,
    role: Oid,
) -> Result<Vec<Neighbour>, Fault> {
    let rows: Vec<(Oid, String)> =
        sqlx::query_as(statement).bind(role).fetch_all(&mut *conn).await?;
    rows.into_iter().map(|(oid, name)| Ok(Neighbour { oid, name: Ident::new(&name)? })).collect()
}

/// Ends every session of these roles and waits until none is left.
pub(super) async fn end_sessions(conn: &mut PgConnection, roles: &[Oid]) -> Result<(), Fault> {
    let give_up = Instant::now() + SESSION_END;
    loop {
        let live: i64 = sqlx::query_scalar(END_SESSIONS).bind(roles).fetch_one(&mut *conn).await?;
        if live == 0 {
            return Ok(());
        }
        if Instant::now() >= give_up {
            return Err(Fault::passing(format!("{live} sessions do not end")));
        }
        sleep(SESSION_LOOK_AGAIN).await;
    }
}
