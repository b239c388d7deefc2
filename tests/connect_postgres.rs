//! The PostgreSQL connector against a real server; each test reads the server, not the connector.
#[cfg(test)]
mod postgres_world;
#[cfg(test)]
mod skipped;

use hallpass::connect::postgres::{Limits, Login, Postgres, PostgresTarget};
use hallpass::connect::{Again, Connector as _, Presence};
use postgres_world::{World, order};
use secrecy::ExposeSecret as _;
use std::collections::BTreeMap;
use std::time::Duration;

/// Names that have gone wrong somewhere; the last has the 63 bytes that PostgreSQL keeps.
fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "a\"b",
        "x; DROP ROLE postgres;--",
        "SELECT",
        "Ünïcödé 安娜 🦊",
        "it's",
        "back\\slash",
        "a/b%2Fc",
        "%I%L$1",
        "  spaces  ",
        "host=evil",
        "\"",
    ]
    .map(str::to_owned)
    .into();
    names.push("n".repeat(63));
    names
}

fn written(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[tokio::test]
async fn every_name_is_granted_and_revoked_exactly() {
    let Some(world) = World::start().await else { return };
    for name in hostile_names() {
        let name = quoted(&name);
        world.run("postgres", &format!("CREATE ROLE {name}")).await;
        world.run("payments", &format!("CREATE SCHEMA {name}")).await;
        world.run("payments", &format!("CREATE TABLE {name}.{name} (x SERIAL)")).await;
        world.run("postgres", &format!("CREATE DATABASE {name}")).await;
    }
    let before = world.dump();
    let pg = world.connector();

    for name in hostile_names() {
        let name = written(&name);
        for (resource, permission) in [
            (format!("role:{name}"), "member"),
            (format!("database:{name}"), "write"),
            (format!("schema:payments/{name}"), "write"),
            (format!("table:payments/{name}/{name}"), "write"),
        ] {
            let order = order("ana", &resource, permission);
            let details = pg.grant(&order).await.unwrap();
            assert_eq!(pg.read_back(&order.entitlement).await, Ok(Presence::Present), "{resource}");
            assert!(world.enters(&details).await, "{resource}");

            pg.revoke(&order.entitlement).await.unwrap();
            assert_eq!(pg.read_back(&order.entitlement).await, Ok(Presence::Absent), "{resource}");
            assert!(!world.enters(&details).await, "{resource}");
        }
    }

    world.is_as_before(&before);
}

#[tokio::test]
async fn what_must_not_be_granted_is_refused_and_leaves_nothing() {
    let Some(world) = World::start().await else { return };
    world.run("postgres", "CREATE ROLE chief; GRANT postgres TO chief").await;
    world.run("postgres", "CREATE ROLE maker CREATEROLE").await;
    world.run("postgres", &format!("CREATE ROLE {}", "n".repeat(63))).await;
    let before = world.dump();
    let pg = world.connector();
    let too_long = "n".repeat(64);

    for (resource, permission) in [
        ("role:postgres", "member"),
        ("role:chief", "member"),
        ("role:maker", "member"),
        ("role:pg_execute_server_program", "member"),
        ("role:nobody_here", "member"),
        (&format!("role:{too_long}"), "member"),
        (&format!("database:{too_long}"), "read"),
        ("database:nothing_here", "read"),
        ("schema:payments/nothing", "read"),
        ("table:payments/public/nothing", "read"),
        ("schema:payments/pg_catalog", "read"),
        ("database:payments", "admin"),
        ("payments", "read"),
    ] {
        let order = order("ana", resource, permission);
        let fault = pg.grant(&order).await.unwrap_err();
        assert_eq!(fault.again, Again::Never, "{resource}: {fault}");
        pg.revoke(&order.entitlement).await.unwrap();
    }

    world.is_as_before(&before);
}

#[tokio::test]
async fn a_login_may_do_what_was_granted_and_no_more() {
    let Some(world) = World::start().await else { return };
    let before = world.dump();
    let pg = world.connector();
    let read = order("ana", "database:payments", "read");
    let write = order("ben", "schema:payments/public", "write");

    let reader = pg.grant(&read).await.unwrap();
    let writer = pg.grant(&write).await.unwrap();

    let select = "SELECT count(*) FROM public.invoices";
    let insert = "INSERT INTO public.invoices (amount) VALUES (1)";
    world.as_user(&reader, select).await.unwrap();
    world.as_user(&reader, "SELECT count(*) FROM secret.keys").await.unwrap();
    world.as_user(&writer, select).await.unwrap();
    world.as_user(&writer, insert).await.unwrap();
    assert!(world.as_user(&reader, insert).await.is_err());
    assert!(world.as_user(&writer, "TRUNCATE public.invoices").await.is_err());
    assert!(world.as_user(&writer, "SELECT count(*) FROM secret.keys").await.is_err());

    pg.revoke(&read.entitlement).await.unwrap();
    assert!(world.as_user(&reader, select).await.is_err());
    world.as_user(&writer, select).await.unwrap();
    pg.revoke(&write.entitlement).await.unwrap();
    assert!(world.as_user(&writer, select).await.is_err());
    world.is_as_before(&before);
}

#[tokio::test]
async fn overlapping_entitlements_do_not_disturb_each_other() {
    let Some(world) = World::start().await else { return };
    world.run("postgres", "CREATE ROLE app_read").await;
    world.run("payments", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO app_read").await;
    world
        .run("postgres", "CREATE ROLE ana_own LOGIN PASSWORD 'x'; GRANT app_read TO ana_own")
        .await;
    let before = world.dump();
    let names = BTreeMap::from([("ana".into(), "ana_own".to_owned())]);
    let existing = PostgresTarget { login: Login::Existing(names), ..world.target() };

    for (pg, password) in
        [(world.connector(), None), (world.connector_for(existing), Some("x".into()))]
    {
        let role = order("ana", "role:app_read", "member");
        let database = order("ana", "database:payments", "read");
        pg.grant(&role).await.unwrap();
        let mut details = pg.grant(&database).await.unwrap();
        details.credential = details.credential.or(password);

        pg.revoke(&role.entitlement).await.unwrap();

        assert_eq!(pg.read_back(&role.entitlement).await, Ok(Presence::Absent));
        assert_eq!(pg.read_back(&database.entitlement).await, Ok(Presence::Present));
        world.as_user(&details, "SELECT count(*) FROM public.invoices").await.unwrap();
        world.as_user(&details, "SELECT count(*) FROM secret.keys").await.unwrap();
        pg.revoke(&database.entitlement).await.unwrap();
        world.is_as_before(&before);
    }
}

#[tokio::test]
async fn revoking_ends_sessions_of_temporary_and_existing_logins() {
    let Some(world) = World::start().await else { return };
    world.run("postgres", "CREATE ROLE app_read; CREATE ROLE ana_own LOGIN PASSWORD 'x'").await;
    let names = BTreeMap::from([("ana".into(), "ana_own".to_owned())]);
    let existing = PostgresTarget { login: Login::Existing(names), ..world.target() };

    for (pg, password) in
        [(world.connector(), None), (world.connector_for(existing), Some("x".into()))]
    {
        let order = order("ana", "role:app_read", "member");
        let mut details = pg.grant(&order).await.unwrap();
        details.credential = details.credential.or(password);
        let mut session = world.connect(&details).await.unwrap();
        sqlx::query("SET ROLE app_read").execute(&mut session).await.unwrap();

        pg.revoke(&order.entitlement).await.unwrap();

        assert!(sqlx::query("SELECT 1").execute(&mut session).await.is_err());
    }
}

#[tokio::test]
async fn what_a_login_made_stays_with_an_owner_of_no_more_rights() {
    let Some(world) = World::start().await else { return };
    world.run("postgres", "CREATE ROLE app_dev").await;
    world.run("payments", "CREATE SCHEMA lab; GRANT USAGE, CREATE ON SCHEMA lab TO app_dev").await;
    world.run("payments", "CREATE SCHEMA open; GRANT ALL ON SCHEMA open TO PUBLIC").await;
    let pg = world.connector();
    let by_role = order("ana", "role:app_dev", "member");
    let by_data = order("ana", "database:payments", "read");
    let first = pg.grant(&by_role).await.unwrap();
    let second = pg.grant(&by_data).await.unwrap();
    let make = "CREATE FUNCTION lab.f() RETURNS INT LANGUAGE SQL SECURITY DEFINER AS 'SELECT 1'";
    world.as_user_in("payments", &first, make).await.unwrap();
    world.as_user(&second, &make.replace("lab.f", "open.f")).await.unwrap();

    pg.revoke(&by_role.entitlement).await.unwrap();
    pg.revoke(&by_data.entitlement).await.unwrap();

    let owners = "SELECT string_agg(nspname || ':' || pg_get_userbyid(proowner), ' ' ORDER BY 1)
        FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE proname = 'f'";
    assert_eq!(world.text("payments", owners).await, "lab:app_dev open:hallpass_kept");
    let kept =
        "SELECT (rolsuper OR rolcanlogin)::text FROM pg_roles WHERE rolname = 'hallpass_kept'";
    assert_eq!(world.text("postgres", kept).await, "false");
}

#[tokio::test]
async fn calls_that_die_anywhere_are_completed_by_the_next() {
    let Some(world) = World::start().await else { return };
    world.run("postgres", "CREATE ROLE app_read").await;
    let before = world.dump();
    let pg = world.connector();
    let mut died = 0;

    for limit in (0..15).map(|n| Duration::from_millis(n * 3)) {
        for (resource, permission) in [("role:app_read", "member"), ("database:payments", "write")]
        {
            let mut order = order("ana", resource, permission);
            died += i32::from(tokio::time::timeout(limit, pg.grant(&order)).await.is_err());
            order.needs_credential = true;
            let details = pg.grant(&order).await.unwrap();
            assert!(world.enters(&details).await);

            let revocation = pg.revoke(&order.entitlement);
            died += i32::from(tokio::time::timeout(limit, revocation).await.is_err());
            pg.revoke(&order.entitlement).await.unwrap();
            assert_eq!(pg.read_back(&order.entitlement).await, Ok(Presence::Absent));
        }
    }

    assert!(died >= 4, "only {died} calls died");
    world.is_as_before(&before);
}

#[tokio::test]
async fn half_an_entitlement_is_neither_present_nor_absent() {
    let Some(world) = World::start().await else { return };
    world.run("postgres", "CREATE ROLE app_read").await;
    let before = world.dump();
    let pg = world.connector();
    let order = order("ana", "role:app_read", "member");
    let user = pg.grant(&order).await.unwrap().lines[3].1.clone();

    world.run("postgres", &format!("ALTER ROLE {user} NOLOGIN")).await;
    assert_eq!(pg.read_back(&order.entitlement).await.unwrap_err().again, Again::Retry(None));
    pg.grant(&order).await.unwrap();
    assert_eq!(pg.read_back(&order.entitlement).await, Ok(Presence::Present));
    world.run("postgres", &format!("REVOKE app_read FROM {user}")).await;
    assert_eq!(pg.read_back(&order.entitlement).await.unwrap_err().again, Again::Retry(None));
    world.run("postgres", &format!("COMMENT ON ROLE {user} IS NULL")).await;
    assert_eq!(pg.read_back(&order.entitlement).await.unwrap_err().again, Again::Never);
    assert!(pg.grant(&order).await.is_err());
    assert!(pg.revoke(&order.entitlement).await.is_err());

    world.run("postgres", &format!("DROP ROLE {user}")).await;
    pg.revoke(&order.entitlement).await.unwrap();
    world.is_as_before(&before);
}

#[tokio::test]
async fn twenty_at_once_collide_nowhere() {
    let Some(world) = World::start().await else { return };
    world.run("postgres", "CREATE ROLE app_read").await;
    let before = world.dump();
    let limits = Limits { calls_at_once: 20, ..Limits::default() };
    let pg = world.connector_for(PostgresTarget { limits, ..world.target() });
    let orders: Vec<_> = (0..20)
        .map(|n| match n % 4 {
            0 => order(&format!("p{n}"), "role:app_read", "member"),
            1 => order(&format!("p{n}"), "database:payments", "write"),
            2 => order(&format!("p{n}"), "database:postgres", "read"),
            _ => order("ana", "schema:payments/public", "read"),
        })
        .collect();

    for _ in 0..3 {
        let grants = futures_util::future::join_all(orders.iter().map(|o| pg.grant(o))).await;
        assert!(grants.iter().all(Result::is_ok), "{grants:?}");
        for order in &orders {
            assert_eq!(pg.read_back(&order.entitlement).await, Ok(Presence::Present));
        }
        let revocations = orders.iter().map(|o| pg.revoke(&o.entitlement));
        let revocations = futures_util::future::join_all(revocations).await;
        assert!(revocations.iter().all(Result::is_ok), "{revocations:?}");
    }

    world.is_as_before(&before);
}

#[tokio::test]
async fn a_password_is_made_once_and_again_only_when_it_is_lost() {
    let Some(world) = World::start().await else { return };
    let pg = world.connector();
    let mut order = order("ana", "database:payments", "connect");
    let first = pg.grant(&order).await.unwrap();

    assert!(pg.grant(&order).await.unwrap().credential.is_none());
    assert!(world.enters(&first).await);
    order.needs_credential = true;
    let second = pg.grant(&order).await.unwrap();

    assert!(!world.enters(&first).await);
    assert!(world.enters(&second).await);
    let plain = second.credential.unwrap().expose_secret().to_owned();
    assert!(!world.dump().contains(&plain));
}

#[tokio::test]
async fn a_login_lasts_as_long_as_the_longest_of_its_grants() {
    let Some(world) = World::start().await else { return };
    let pg = world.connector();
    let mut order = order("ana", "database:payments", "connect");
    let until = order.until;
    let user = pg.grant(&order).await.unwrap().lines[3].1.clone();
    let valid = format!(
        "SELECT EXTRACT(epoch FROM rolvaliduntil)::bigint::text FROM pg_roles WHERE rolname = '{user}'"
    );
    assert_eq!(world.text("postgres", &valid).await, until.timestamp().to_string());

    order.until = until - chrono::TimeDelta::hours(1);
    pg.grant(&order).await.unwrap();
    assert_eq!(world.text("postgres", &valid).await, until.timestamp().to_string());

    order.until = until + chrono::TimeDelta::hours(1);
    pg.grant(&order).await.unwrap();
    assert_eq!(world.text("postgres", &valid).await, order.until.timestamp().to_string());
}

#[tokio::test]
async fn an_account_without_superuser_grants_what_it_may() {
    let Some(world) = World::start().await else { return };
    world
        .run("postgres", "CREATE ROLE bot LOGIN CREATEROLE PASSWORD 'pw'; CREATE ROLE app_dev")
        .await;
    world.run("postgres", "GRANT app_dev TO bot WITH ADMIN OPTION").await;
    world.run("payments", "CREATE SCHEMA lab; GRANT ALL ON SCHEMA lab TO app_dev").await;
    let before = world.dump();
    let url = world.url("postgres").replace(&format!("postgres:{}@", world.password()), "bot:pw@");
    let pg = world.connector_for(PostgresTarget { url: url.into(), ..world.target() });
    let member = order("ana", "role:app_dev", "member");

    let details = pg.grant(&member).await.unwrap();
    let mut session = world.connect(&details).await.unwrap();
    let refused = pg.grant(&order("ana", "database:payments", "read")).await;
    world.as_user_in("payments", &details, "CREATE TABLE lab.made (x INT)").await.unwrap();
    pg.revoke(&member.entitlement).await.unwrap();

    assert_eq!(refused.unwrap_err().again, Again::Never);
    assert!(sqlx::query("SELECT 1").execute(&mut session).await.is_err());
    world.run("payments", "DROP TABLE lab.made").await;
    world.is_as_before(&before);
}

#[tokio::test]
async fn discovery_lists_what_may_be_asked_for() {
    let Some(world) = World::start().await else { return };
    world
        .run("postgres", "CREATE ROLE app_read; CREATE ROLE carol LOGIN; CREATE ROLE dora LOGIN")
        .await;
    let mut target = world.target();
    target.show.schemas = vec!["payments/*".to_owned()];
    target.show.tables = vec!["payments/public/*".to_owned()];
    target.show.roles = vec!["*".to_owned(), "dora".to_owned()];
    let pg = world.connector_for(target);
    pg.grant(&order("ana", "role:app_read", "member")).await.unwrap();

    let listed = pg.list().await.unwrap();

    let line = |it: hallpass::domain::catalog::Resource| {
        format!("{} {} {}", it.at.resource, it.name, it.permissions.join(","))
    };
    let page: Vec<_> = listed.iter().map(line).collect();
    insta::assert_snapshot!(page.join("\n"), @r"
    database:payments payments connect,read,write
    database:postgres postgres connect,read,write
    role:app_read app_read member
    role:dora dora member
    schema:payments/public payments.public read,write
    schema:payments/secret payments.secret read,write
    table:payments/public/invoices payments.public.invoices read,write
    table:payments/public/open_invoices payments.public.open_invoices read,write
    ");
}

#[tokio::test]
async fn an_outage_may_pass_and_names_no_secret() {
    let Some(world) = World::start().await else { return };
    let order = order("ana", "database:payments", "read");
    let wrong = world.url("postgres").replace(world.password(), "canary");
    let nobody = "postgres://postgres:canary@127.0.0.1:1/postgres".to_owned();

    for url in [wrong, nobody] {
        let pg = world.connector_for(PostgresTarget { url: url.into(), ..world.target() });
        let fault = pg.revoke(&order.entitlement).await.unwrap_err();
        assert_eq!(fault.again, Again::Retry(None), "{fault}");
        assert!(!fault.to_string().contains("canary"), "{fault}");
    }
    let target = PostgresTarget { url: "mysql://u:canary@h/d".to_owned().into(), ..world.target() };
    assert!(!format!("{target:?}").contains("canary"));
    assert!(!Postgres::new(target).err().unwrap().to_string().contains("canary"));
}
