//! Granting, in one transaction, and reading back.
use super::super::{AccessDetails, Fault, GrantOrder, Presence};
use super::name::Mark;
use super::password::Password;
use super::quote::{Ident, quote_literal};
use super::roles::{self, Ours};
use super::server::{close, lock, lock_access_lists, run};
use super::wanted::Wanted;
use super::{Postgres, Who, access};
use crate::domain::catalog::Entitlement;
use secrecy::SecretString;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;

const ENDS_BEFORE: &str = "
SELECT rolvaliduntil < $2::text::timestamptz FROM pg_roles WHERE oid = $1";

/// Makes the entitlement real, all of it or nothing.
pub(super) async fn grant(to: &Postgres, order: &GrantOrder) -> Result<AccessDetails, Fault> {
    let entitlement = &order.entitlement;
    let wanted = Wanted::parse(&entitlement.item)?;
    let mut home = to.server.open(None).await?;
    lock(&mut home, &Mark::of(entitlement)).await?;
    let database = wanted.database().filter(|name| name.as_str() != to.server.home());
    if wanted.database().is_some() {
        lock_access_lists(&mut home).await?;
    }
    let done = match database {
        Some(_) => {
            let mut there = to.server.open(database).await?;
            let done = in_one_transaction(to, order, &wanted, &mut there).await?;
            close(there).await;
            done
        }
        None => in_one_transaction(to, order, &wanted, &mut home).await?,
    };
    close(home).await;
    let database = wanted.database().map_or(to.server.home(), Ident::as_str);
    Ok(to.reached.details(database, &done.user, done.credential))
}

/// Who logs in, and the password where one was made.
struct Done {
    user: Ident,
    credential: Option<SecretString>,
}

async fn in_one_transaction(
    to: &Postgres,
    order: &GrantOrder,
    wanted: &Wanted,
    conn: &mut PgConnection,
) -> Result<Done, Fault> {
    let mut tx = conn.begin().await?;
    if let Wanted::Member { role } = wanted {
        may_be_granted(to, &mut tx, role).await?;
    }
    let done = match &to.login {
        Who::Temporary => temporary_login(to, order, &mut tx).await?,
        Who::Existing(names) => {
            let user = names.get(&order.entitlement.grantee).ok_or_else(|| {
                Fault::lasting(format!("no login is named for {}", order.entitlement.grantee))
            })?;
            join_existing_login(to, order, user, &mut tx).await?;
            Done { user: user.clone(), credential: None }
        }
    };
    let Some(role) = roles::find(&mut tx, &to.prefix, &order.entitlement).await? else {
        return Err(Fault::passing("the role vanished while it was made"));
    };
    access::give(&mut tx, wanted, &role.name).await?;
    if !access::held(&mut tx, wanted, role.oid).await?.is_whole() {
        return Err(Fault::lasting(format!(
            "the connector's account may not grant {} on {}",
            order.entitlement.item.permission, order.entitlement.item.at.resource
        )));
    }
    tx.commit().await?;
    Ok(done)
}

/// Refuses roles that would make the grantee more than anybody meant to.
async fn may_be_granted(to: &Postgres, conn: &mut PgConnection, role: &Ident) -> Result<(), Fault> {
    let refuse = |why| Err(Fault::lasting(format!("the role {:?} {why}", role.as_str())));
    match roles::traits(conn, role).await? {
        None => refuse("does not exist"),
        Some(it) if it.reaches_superuser => refuse("is a superuser or a member of one"),
        Some(it) if it.is_connector || it.is_ours => refuse("is the connector's own"),
        Some(it) if it.is_special && !to.show.names_role(role) => {
            refuse("has rights of its own and is not named in the configuration")
        }
        Some(_) => Ok(()),
    }
}

/// Makes the login or opens it again, with a password when it is new or the last one is lost.
async fn temporary_login(
    to: &Postgres,
    order: &GrantOrder,
    conn: &mut PgConnection,
) -> Result<Done, Fault> {
    let until = quote_literal(&order.until.to_rfc3339());
    let found = roles::find(conn, &to.prefix, &order.entitlement).await?;
    let (user, has_password) = match &found {
        Some(ours) => (ours.name.clone(), !order.needs_credential),
        None => (to.prefix.role_name(&order.entitlement)?, false),
    };
    let (password, credential) = if has_password {
        (String::new(), None)
    } else {
        let password = Password::random()?;
        (format!(" PASSWORD {}", quote_literal(&password.verifier)), Some(password.plain))
    };
    if let Some(ours) = found {
        let bounds = if ends_before(conn, &ours, order).await? {
            format!(" VALID UNTIL {until}")
        } else {
            String::new()
        };
        run(conn, format!("ALTER ROLE {user} LOGIN{password}{bounds}")).await?;
    } else {
        make(conn, order, &user, &format!("LOGIN{password} VALID UNTIL {until}")).await?;
    }
    Ok(Done { user, credential })
}

/// Makes the person's login a member of the entitlement's role.
async fn join_existing_login(
    to: &Postgres,
    order: &GrantOrder,
    user: &Ident,
    conn: &mut PgConnection,
) -> Result<(), Fault> {
    let refuse = |why| Err(Fault::lasting(format!("the login {:?} {why}", user.as_str())));
    match roles::traits(conn, user).await? {
        None => return refuse("does not exist"),
        Some(it) if !it.may_log_in => return refuse("may not log in"),
        Some(it) if it.is_connector || it.is_ours => return refuse("is the connector's own"),
        Some(it) if it.reaches_superuser => return refuse("is a superuser or a member of one"),
        Some(_) => {}
    }
    let role = match roles::find(conn, &to.prefix, &order.entitlement).await? {
        Some(ours) => ours.name,
        None => {
            let name = to.prefix.role_name(&order.entitlement)?;
            make(conn, order, &name, "NOLOGIN").await?;
            name
        }
    };
    run(conn, format!("GRANT {role} TO {user}")).await
}

/// Makes a role with the entitlement's mark.
async fn make(
    conn: &mut PgConnection,
    order: &GrantOrder,
    name: &Ident,
    options: &str,
) -> Result<(), Fault> {
    run(conn, format!("CREATE ROLE {name} {options}")).await?;
    let mark = Mark::of(&order.entitlement).literal();
    run(conn, format!("COMMENT ON ROLE {name} IS {mark}")).await?;
    if !roles::is_superuser(conn).await? {
        // Without being a member, an account that is no superuser could not end the role's sessions
        // nor take its privileges away later.
        run(conn, format!("GRANT {name} TO CURRENT_USER")).await?;
    }
    Ok(())
}

/// Whether the login would stop working before the order does. It is never shortened: another grant
/// of the same entitlement may last longer.
async fn ends_before(
    conn: &mut PgConnection,
    ours: &Ours,
    order: &GrantOrder,
) -> Result<bool, Fault> {
    let ends_before: Option<bool> = sqlx::query_scalar(ENDS_BEFORE)
        .bind(ours.oid)
        .bind(order.until.to_rfc3339())
        .fetch_one(conn)
        .await?;
    Ok(ends_before.unwrap_or(false))
}

/// Reads whether the server gives the entitlement.
///
/// # Errors
///
/// Passing when something of it is there and something is missing: it is neither present nor absent,
/// and another grant or revocation brings it to one of the two.
pub(super) async fn read_back(
    from: &Postgres,
    entitlement: &Entitlement,
) -> Result<Presence, Fault> {
    let mut home = from.server.open(None).await?;
    let Some(ours) = roles::find(&mut home, &from.prefix, entitlement).await? else {
        close(home).await;
        return Ok(Presence::Absent);
    };
    let is_open = match &from.login {
        Who::Temporary => ours.may_log_in,
        Who::Existing(names) => {
            let user = names.get(&entitlement.grantee);
            let members = roles::members(&mut home, ours.oid).await?;
            members.iter().any(|member| Some(&member.name) == user)
        }
    };
    let wanted = Wanted::parse(&entitlement.item)?;
    let is_held = held_there(from, &wanted, ours.oid, &mut home).await?;
    close(home).await;
    if is_open && is_held {
        return Ok(Presence::Present);
    }
    Err(Fault::passing(format!("the role {:?} is only partly in place", ours.name.as_str())))
}

async fn held_there(
    from: &Postgres,
    wanted: &Wanted,
    role: Oid,
    home: &mut PgConnection,
) -> Result<bool, Fault> {
    match wanted.database().filter(|name| name.as_str() != from.server.home()) {
        Some(database) => {
            let mut there = from.server.open(Some(database)).await?;
            let held = access::held(&mut there, wanted, role).await?;
            close(there).await;
            Ok(held.is_begun())
        }
        None => Ok(access::held(home, wanted, role).await?.is_begun()),
    }
}
