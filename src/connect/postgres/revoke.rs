//! Taking back: sessions, privileges, and the role itself.
//!
//! Each step leaves the role findable by its mark until the last, which drops it, so a revocation
//! that died is completed by the next.
use super::super::Fault;
use super::Postgres;
use super::name::{KEEPER_MARK, Mark};
use super::quote::{Ident, quote_literal};
use super::roles::{self, Ours};
use super::server::{close, lock, lock_access_lists, run};
use super::wanted::Wanted;
use crate::domain::catalog::Entitlement;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;

/// Databases in which the role owns something or holds a privilege.
const DATABASES_TOUCHED: &str = "
SELECT DISTINCT b.datname::text
FROM pg_shdepend d JOIN pg_database b ON b.oid = d.dbid
WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = $1
ORDER BY 1";

/// Whether the role owns something here or beside all databases.
const OWNS_HERE: &str = "
SELECT EXISTS (
  SELECT 1 FROM pg_shdepend d
  WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = $1 AND d.deptype = 'o'
    AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))";

/// Whether the role holds a privilege on, or owns, something beside all databases.
const TOUCHES_SHARED: &str = "
SELECT EXISTS (
  SELECT 1 FROM pg_shdepend d
  WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = $1 AND d.dbid = 0
    AND d.classid <> 'pg_auth_members'::regclass)";

/// Takes the entitlement away; success when it was gone already.
pub(super) async fn revoke(from: &Postgres, entitlement: &Entitlement) -> Result<(), Fault> {
    let mut home = from.server.open(None).await?;
    lock(&mut home, &Mark::of(entitlement)).await?;
    if let Some(ours) = roles::find(&mut home, &from.prefix, entitlement).await? {
        close_door(&mut home, &ours).await?;
        let users = users(&mut home, &ours).await?;
        roles::end_sessions(&mut home, &users).await?;
        if strip(from, entitlement, &ours, &mut home).await? {
            // An existing login may have come back before its privileges were gone.
            roles::end_sessions(&mut home, &users).await?;
        }
        run(&mut home, format!("DROP ROLE {}", ours.name)).await?;
        // A login that was under way when the door closed.
        roles::end_sessions(&mut home, &[ours.oid]).await?;
    }
    close(home).await;
    Ok(())
}

/// From here on nobody logs in as the role, and nobody reaches another role through it.
async fn close_door(conn: &mut PgConnection, ours: &Ours) -> Result<(), Fault> {
    let mut tx = conn.begin().await?;
    if ours.may_log_in {
        run(&mut tx, format!("ALTER ROLE {} NOLOGIN", ours.name)).await?;
    }
    for parent in roles::parents(&mut tx, ours.oid).await? {
        run(&mut tx, format!("REVOKE {} FROM {}", parent.name, ours.name)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The role and the logins that are members of it.
async fn users(conn: &mut PgConnection, ours: &Ours) -> Result<Vec<Oid>, Fault> {
    let members = roles::members(conn, ours.oid).await?;
    Ok(std::iter::once(ours.oid).chain(members.iter().map(|member| member.oid)).collect())
}

/// Takes every privilege from the role and gives what it owns to others. Tells whether there was any.
async fn strip(
    from: &Postgres,
    entitlement: &Entitlement,
    ours: &Ours,
    home: &mut PgConnection,
) -> Result<bool, Fault> {
    let databases: Vec<String> =
        sqlx::query_scalar(DATABASES_TOUCHED).bind(ours.oid).fetch_all(&mut *home).await?;
    let touches_shared: bool =
        sqlx::query_scalar(TOUCHES_SHARED).bind(ours.oid).fetch_one(&mut *home).await?;
    if databases.is_empty() && !touches_shared {
        return Ok(false);
    }
    lock_access_lists(home).await?;
    for database in &databases {
        if database != from.server.home() {
            let mut there = from.server.open(Some(&Ident::new(database)?)).await?;
            strip_here(from, entitlement, ours, &mut there).await?;
            close(there).await;
        }
    }
    strip_here(from, entitlement, ours, home).await?;
    Ok(true)
}

async fn strip_here(
    from: &Postgres,
    entitlement: &Entitlement,
    ours: &Ours,
    conn: &mut PgConnection,
) -> Result<(), Fault> {
    let mut tx = conn.begin().await?;
    let owns: bool = sqlx::query_scalar(OWNS_HERE).bind(ours.oid).fetch_one(&mut *tx).await?;
    if owns {
        let heir = heir(from, entitlement, &mut tx).await?;
        run(&mut tx, format!("REASSIGN OWNED BY {} TO {heir}", ours.name)).await?;
    }
    run(&mut tx, format!("DROP OWNED BY {}", ours.name)).await?;
    tx.commit().await?;
    Ok(())
}

/// Who gets what the role made. Never somebody with more rights than the grantee had: a function made
/// to run as its owner would carry those to whoever calls it.
async fn heir(
    from: &Postgres,
    entitlement: &Entitlement,
    conn: &mut PgConnection,
) -> Result<Ident, Fault> {
    if let Ok(Wanted::Member { role }) = Wanted::parse(&entitlement.item)
        && let Some(it) = roles::traits(conn, &role).await?
        && !it.reaches_superuser
        && !it.is_special
    {
        return Ok(role);
    }
    let keeper = from.prefix.keeper_name()?;
    match roles::traits(conn, &keeper).await? {
        Some(it) if it.is_ours => {}
        Some(_) => {
            return Err(Fault::lasting(format!("the role {:?} is not ours", keeper.as_str())));
        }
        None => {
            run(conn, format!("CREATE ROLE {keeper} NOLOGIN")).await?;
            let mark = quote_literal(KEEPER_MARK);
            run(conn, format!("COMMENT ON ROLE {keeper} IS {mark}")).await?;
            if !roles::is_superuser(conn).await? {
                run(conn, format!("GRANT {keeper} TO CURRENT_USER")).await?;
            }
        }
    }
    Ok(keeper)
}
