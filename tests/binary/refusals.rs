//! V21: what is wrong at the start is named, nothing starts, and no secret is shown.
use crate::bot::said;
use crate::world::{Kind, World};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};
use std::os::unix::fs::PermissionsExt as _;

const CANARIES: [&str; 3] =
    ["xoxb-canary-token", "canary-signing-secret", "CANARYcanaryCANARYcanaryCANARYcanary12345678="];

async fn world(kind: &Kind) -> World {
    let mut world = World::make(kind).await;
    let names =
        ["HALLPASS_SLACK_BOT_TOKEN", "HALLPASS_SLACK_SIGNING_SECRET", "HALLPASS_MASTER_KEY"];
    for (name, canary) in names.iter().zip(CANARIES) {
        world.installation.environment.insert((*name).to_owned(), canary.to_owned());
    }
    world
}

/// `serve` does not start, says all of `words`, and no secret.
async fn refuses(world: &World, words: &[&str]) {
    let output = world.installation.run(&["serve"]).await;
    let said = said(&output);
    assert_ne!(output.status.code(), Some(0), "{said}");
    assert!(output.status.code().is_some(), "it ended by itself: {said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in: {said}");
    }
    for canary in CANARIES {
        assert!(!said.contains(canary), "{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test]
async fn without_a_secret_it_names_the_key_and_where_it_looked() {
    for (variable, key) in [
        ("HALLPASS_SLACK_BOT_TOKEN", "bot_token_file"),
        ("HALLPASS_SLACK_SIGNING_SECRET", "signing_secret_file"),
        ("HALLPASS_MASTER_KEY", "master_key_file"),
    ] {
        let mut world = world(&Kind::Sqlite).await;
        world.installation.environment.remove(variable);

        refuses(&world, &["hallpass.toml", key, variable]).await;

        assert!(!world.installation.file("hallpass.db").exists());
    }
}

#[tokio::test]
async fn an_unknown_key_is_named_with_file_line_and_the_right_word() {
    let world = world(&Kind::Sqlite).await;
    world.installation.edit("hallpass.toml", "workspace =", "workspcae =");

    refuses(&world, &["hallpass.toml:6", "workspcae", "did you mean `workspace`"]).await;
}

#[tokio::test]
async fn a_key_file_that_others_can_read_is_refused() {
    let mut world = world(&Kind::Sqlite).await;
    world.installation.environment.remove("HALLPASS_MASTER_KEY");
    let path = world.installation.file("master-key");
    std::fs::write(&path, CANARIES[2]).unwrap();
    world.installation.edit(
        "hallpass.toml",
        "[slack]",
        "master_key_file = \"master-key\"\n[slack]",
    );
    let set = |mode| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };

    for mode in [0o644, 0o640, 0o604, 0o602] {
        set(mode);
        refuses(&world, &["hallpass.toml", "master_key_file", "master-key", "chmod 600"]).await;
    }

    set(0o600);
    world.installation.start().await.kill().await;
}

/// Runs SQL in the world's database; it waits its turn where a bot runs.
pub(crate) async fn change(world: &World, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    match world.installation.environment.get("HALLPASS_DATABASE_URL") {
        None => {
            let path = world.installation.file("hallpass.db");
            let options = SqliteConnectOptions::new().filename(path);
            let options = options.busy_timeout(std::time::Duration::from_secs(10));
            let mut conn = options.connect().await.unwrap();
            sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        }
        Some(url) => {
            let options: PgConnectOptions = url.parse().unwrap();
            let mut conn = options.connect().await.unwrap();
            sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_database_of_an_older_version_is_left_alone_until_it_is_migrated() {
    for kind in Kind::all().await {
        let world = world(&kind).await;
        world.installation.start().await.kill().await;
        // An older version made the table of versions and knew fewer of them.
        change(&world, "DELETE FROM _sqlx_migrations").await;

        refuses(&world, &["hallpass migrate", "older version"]).await;
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    for kind in Kind::all().await {
        let world = world(&kind).await;
        world.installation.start().await.kill().await;
        change(
            &world,
            "INSERT INTO _sqlx_migrations \
             (version, description, success, checksum, execution_time) \
             SELECT 9999, 'from the future', TRUE, checksum, 0 FROM _sqlx_migrations LIMIT 1",
        )
        .await;

        refuses(&world, &["newer version"]).await;
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named_without_its_password() {
    let mut world = world(&Kind::Sqlite).await;
    world.installation.edit("hallpass.toml", "sqlite:hallpass.db", "postgres");
    let url = "postgres://hallpass:canary-signing-secret@127.0.0.1:1/hallpass".to_owned();
    world.installation.environment.insert("HALLPASS_DATABASE_URL".to_owned(), url);

    refuses(&world, &["PostgreSQL"]).await;
}
