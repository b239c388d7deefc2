//! The whole way of the real binary: over Socket Mode, and with the real PostgreSQL connector.
use crate::bot::said;
use crate::world::{ANA, BEN, Kind, World, room};
use hallpass::demo::postgres::{ThrowAwayPostgres, program};
use hallpass::demo::slack::{Container, Message, State, View, read};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use std::time::Duration;

/// Longest wait for one step.
const PATIENCE: Duration = Duration::from_secs(75);

#[tokio::test(flavor = "multi_thread")]
async fn over_a_socket_the_binary_goes_the_whole_way() {
    for kind in Kind::all().await {
        let mut world = World::make(&kind).await;
        world.installation.edit("hallpass.toml", "mode = \"http\"", "mode = \"socket\"");
        let environment = &mut world.installation.environment;
        environment.remove("HALLPASS_SLACK_SIGNING_SECRET");
        environment.insert("HALLPASS_SLACK_APP_TOKEN".to_owned(), "xapp-local".to_owned());
        world.start_bot().await;
        let opened = |state: &State| (state.open_sockets() >= 2).then_some(());
        world.workspace.wait_for(opened, PATIENCE).await.expect("two sockets open");
        // Nobody is there: what arrives came over the socket.
        world.workspace.set_bot_url("http://127.0.0.1:1");

        world.ask(&[room("ben", 0)], "8s").await;
        world.approve().await;
        world.wait_requests("access", |all| all.iter().all(|row| row.status == "Active")).await;
        assert!(world.target.access().contains(&room("ben", 0)));
        world.laws_hold_now().await;
        world.wait_requests("its end", |all| all.iter().all(crate::world::Row::is_over)).await;

        assert!(world.target.access().is_empty());
        world.history_is_right().await;
        let (status, took) = world.bot.take().unwrap().terminate().await;
        assert_eq!(status.code(), Some(0));
        assert!(took <= Duration::from_secs(10), "it took {took:?}");
        world.close().await;
    }
}

/// Databases whose names would be more than names where somebody pasted them (V14).
fn hostile() -> Vec<String> {
    let names = ["a\"b", "x; DROP ROLE postgres;--", "SELECT", "Ünï çødé 🙂"].map(str::to_owned);
    names.into_iter().chain(["n".repeat(63)]).collect()
}

/// What somebody is shown to connect with.
#[derive(Debug)]
struct Login {
    database: String,
    user: String,
    password: String,
}

/// A server that is the target, with databases of those names.
struct Target {
    server: ThrowAwayPostgres,
    names: Vec<String>,
}

impl Target {
    async fn start() -> Option<Self> {
        let server = ThrowAwayPostgres::start(&std::env::temp_dir()).await.unwrap();
        let Some(server) = server else {
            crate::skipped::skipped("PostgreSQL");
            return None;
        };
        let names: Vec<String> = ["payments".to_owned()].into_iter().chain(hostile()).collect();
        let target = Self { server, names };
        let mut admin = target.connects("postgres").await;
        for name in &target.names {
            let quoted = name.replace('"', "\"\"");
            let create = format!("CREATE DATABASE \"{quoted}\"");
            sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
            // Whoever has a login gets in nowhere by that alone.
            let revoke = format!("REVOKE CONNECT ON DATABASE \"{quoted}\" FROM PUBLIC");
            sqlx::raw_sql(AssertSqlSafe(revoke)).execute(&mut admin).await.unwrap();
        }
        admin.close().await.unwrap();
        Some(target)
    }

    async fn connects(&self, database: &str) -> PgConnection {
        let options: PgConnectOptions = self.server.url(database).unwrap().parse().unwrap();
        options.connect().await.unwrap()
    }

    /// Whether this login gets into a database.
    async fn lets_in(&self, login: &Login, database: &str) -> bool {
        let options = PgConnectOptions::new()
            .host("127.0.0.1")
            .port(self.server.port())
            .username(&login.user)
            .password(&login.password)
            .database(database);
        options.connect().await.is_ok()
    }

    /// All roles and who is in which, as PostgreSQL's own program writes them; with the rights on
    /// databases.
    async fn dump(&self) -> String {
        let done = std::process::Command::new(program("pg_dumpall").unwrap())
            .args(["-h", "127.0.0.1", "-U", "postgres", "--roles-only"])
            .args(["-p", &self.server.port().to_string()])
            .env("PGPASSWORD", self.server.password())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", said(&done));
        // The program draws a new key for its own output each time.
        let roles = String::from_utf8(done.stdout).unwrap();
        let lines = roles.lines().filter(|line| !line.contains("restrict"));
        let roles: Vec<&str> = lines.collect();
        let mut admin = self.connects("postgres").await;
        let rights = "SELECT string_agg(datname || ' ' || COALESCE(datacl::text, '-'), E'\\n' \
                      ORDER BY datname) FROM pg_database";
        let rights: String = sqlx::query_scalar(rights).fetch_one(&mut admin).await.unwrap();
        format!("{}\n{rights}", roles.join("\n"))
    }

    /// Makes it the world's one system: Ben decides on everything in it.
    fn is_of(&self, world: &mut World) {
        let catalogue = "[[integration]]\nid = \"pg\"\nname = \"The server\"\nkind = \"postgres\"\n\
                         login = \"temporary\"\n";
        let flows = "[[flow]]\nid = \"all\"\nname = \"All of it\"\nwho = \"everyone\"\n\
                     durations = [\"1h\"]\nlongest = \"8h\"\n[[flow.what]]\nkind = \"database\"\n\
                     permission = [\"connect\"]\n[[flow.stage]]\nneed = \"any\"\nof = [\"person:ben\"]\n";
        std::fs::write(world.installation.file("catalogue.toml"), catalogue).unwrap();
        std::fs::write(world.installation.file("flows.toml"), flows).unwrap();
        let url = self.server.url("postgres").unwrap();
        let environment = &mut world.installation.environment;
        environment.insert("HALLPASS_INTEGRATION_PG_URL".to_owned(), url);
    }
}

/// Opens the form once the system has been listed, and takes everything that is meant.
async fn asks_for(world: &World, names: &[String], duration: &str) {
    let form = world.open_form().await;
    let at = Container::View(form.id.clone());
    let until = std::time::Instant::now() + PATIENCE;
    let options = loop {
        let found = world.workspace.suggest(ANA, &at, "resources", "").await;
        let mut options = found.body["options"].as_array().cloned().unwrap_or_default();
        let is_meant = |label: &str| names.iter().any(|name| label == format!("{name}: connect"));
        options.retain(|option| is_meant(option["text"]["text"].as_str().unwrap()));
        if options.len() == names.len() {
            break options;
        }
        assert!(std::time::Instant::now() < until, "{:?}\n{}", found.body, world.bot().log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let form = world.fill_with(&form, &options, duration).await;
    let sent = world.send(&form).await;
    assert!(sent.is_ok() && sent.errors.is_empty(), "{sent:?}");
}

/// The logins that Ana is shown, one for each thing; every page of them.
async fn logins(world: &World, ready: &Message) -> Vec<Login> {
    let ws = &world.workspace;
    ws.click(ANA, &Container::from(ready), "connect").await;
    let mut view = world.wait_view(ANA, "Password").await;
    let mut found = logins_in(&view);
    while read::find_action(&view.json, "connect_next").is_some() {
        let before = view.hash().to_owned();
        ws.click(ANA, &Container::from(&view), "connect_next").await;
        let look = |state: &State| {
            state.view(&view.id).filter(|view| view.hash() != before.as_str()).cloned()
        };
        view = ws.wait_for(look, PATIENCE).await.expect("the next page");
        found.extend(logins_in(&view));
    }
    ws.close(ANA, &view.id).await;
    found
}

fn logins_in(view: &View) -> Vec<Login> {
    let text = view.all_text();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let after = |label: &str| -> Vec<String> {
        let places = lines.iter().enumerate().filter(|(_, line)| **line == label);
        places.filter_map(|(n, _)| lines.get(n + 1)).map(|line| (*line).to_owned()).collect()
    };
    let secrets = after("User").into_iter().zip(after("Password"));
    let all = after("Database").into_iter().zip(secrets);
    all.map(|(database, (user, password))| Login { database, user, password }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_binary_makes_a_login_that_works_and_takes_it_away_whatever_the_names() {
    for kind in Kind::all().await {
        let Some(target) = Target::start().await else { return };
        let mut world = World::make(&kind).await;
        target.is_of(&mut world);
        let before = target.dump().await;
        world.start_bot().await;

        asks_for(&world, &target.names, "40s").await;
        world.approve().await;
        world.wait_requests("access", |all| all.iter().all(|row| row.status == "Active")).await;
        let ready = world
            .wait_message(ANA, |message| message.all_text().contains("Your access is ready"))
            .await;
        let logins = logins(&world, &ready).await;
        assert_eq!(logins.len(), target.names.len(), "{}", world.bot().log());
        let mut shown: Vec<&String> = logins.iter().map(|login| &login.database).collect();
        let mut meant: Vec<&String> = target.names.iter().collect();
        shown.sort();
        meant.sort();
        assert_eq!(shown, meant);
        for (n, login) in logins.iter().enumerate() {
            let other = &logins[(n + 1) % logins.len()].database;
            assert!(target.lets_in(login, &login.database).await, "{login:?}");
            assert!(!target.lets_in(login, other).await, "{login:?} gets into {other:?}");
        }
        assert_ne!(target.dump().await, before);

        world.wait_requests("its end", |all| all.iter().all(crate::world::Row::is_over)).await;
        for login in &logins {
            assert!(!target.lets_in(login, &login.database).await, "{login:?} still works");
        }
        assert_eq!(target.dump().await, before, "nothing is left behind, and nothing is missing");
        let rows = world.installation.audit().await;
        assert!(rows.iter().any(|row| row["kind"] == "removed"), "{rows:?}");
        assert!(!world.workspace.dm(BEN).is_empty());
        world.close().await;
    }
}
