//! What the README promises to somebody who follows it word by word.
#[cfg(test)]
mod skipped;

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use hallpass::connect::postgres::{Postgres, PostgresTarget};
    use hallpass::connect::{Connector as _, GrantOrder, Presence};
    use hallpass::demo::postgres::ThrowAwayPostgres;
    use hallpass::domain::catalog::{Entitlement, Item, ResourceRef};
    use hallpass::domain::person::Person;
    use sqlx::postgres::{PgConnectOptions, PgConnection};
    use sqlx::{AssertSqlSafe, ConnectOptions as _};
    use std::path::Path;

    /// The README's blocks of code in this language.
    fn blocks(language: &str) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let text = std::fs::read_to_string(path).unwrap();
        let opening = format!("```{language}\n");
        let blocks = text.split(&opening).skip(1);
        blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
    }

    async fn connect(url: &str) -> PgConnection {
        url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
    }

    async fn run(url: &str, statements: &str) {
        let mut conn = connect(url).await;
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut conn).await.unwrap();
    }

    fn order(resource: &str, permission: &str) -> GrantOrder {
        let at = ResourceRef { integration: "pg".into(), resource: resource.to_owned() };
        let item = Item { at, permission: permission.to_owned() };
        GrantOrder {
            entitlement: Entitlement { grantee: "ana".into(), item },
            grantee: Person {
                id: "ana".into(),
                name: "Ana Torres".to_owned(),
                email: "ana@example.com".to_owned(),
                manager: None,
                is_admin: false,
                is_active: true,
                language: None,
                pinned: Vec::new(),
            },
            until: DateTime::<Utc>::from_timestamp(4_000_000_000, 0).unwrap(),
            idempotency_key: "1".to_owned(),
            needs_credential: true,
        }
    }

    #[tokio::test]
    async fn the_account_of_the_readme_gives_and_takes_everything_it_offers() {
        let Some(server) = ThrowAwayPostgres::start(&std::env::temp_dir()).await.unwrap() else {
            crate::skipped::skipped("PostgreSQL");
            return;
        };
        let (home, payments) = (server.url("postgres").unwrap(), server.url("payments").unwrap());
        run(&home, "CREATE DATABASE payments").await;
        run(&home, "CREATE ROLE app_admin").await;
        run(&payments, "CREATE TABLE invoices (id SERIAL PRIMARY KEY)").await;
        let sql = blocks("sql");
        let [for_the_server, for_each_database] = sql.as_slice() else { panic!("{sql:?}") };
        run(&home, for_the_server).await;
        run(&payments, for_each_database).await;
        let ours =
            home.replace(&format!("postgres:{}@", server.password()), "hallpass:choose%20one@");
        let connector = Postgres::new(PostgresTarget::new("pg".into(), ours.into())).unwrap();

        let offered = [
            ("database:payments", "connect"),
            ("database:payments", "read"),
            ("database:payments", "write"),
            ("schema:payments/public", "read"),
            ("schema:payments/public", "write"),
            ("table:payments/public/invoices", "read"),
            ("table:payments/public/invoices", "write"),
            ("role:app_admin", "member"),
        ];
        for (resource, permission) in offered {
            let order = order(resource, permission);

            let granted = connector.grant(&order).await;
            let given = connector.read_back(&order.entitlement).await;
            let revoked = connector.revoke(&order.entitlement).await;
            let taken = connector.read_back(&order.entitlement).await;

            assert!(granted.is_ok(), "{resource} {permission}: {:?}", granted.err());
            assert_eq!(given.unwrap(), Presence::Present, "{resource} {permission}");
            assert!(revoked.is_ok(), "{resource} {permission}: {revoked:?}");
            assert_eq!(taken.unwrap(), Presence::Absent, "{resource} {permission}");
        }
    }

    #[test]
    fn every_file_that_is_linked_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for page in ["README.md", "ARCHITECTURE.md"] {
            let text = std::fs::read_to_string(root.join(page)).unwrap();
            let links = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
            for link in links.filter(|link| !link.contains("://") && !link.starts_with('#')) {
                assert!(root.join(link).exists(), "{page} links {link}");
            }
        }
    }
}
