//! V18 on the process: secrets at log level trace and on every error path are written nowhere.
use crate::bot::said;
use crate::login;
use crate::mail::Refusing;
use crate::world::{ANA, Kind, World, room};
use hallpass::clock::{Clock as _, SystemClock};
use hallpass::demo::slack::{Fault, Filter, Kind as Sent};
use std::time::Duration;

const KEY: &str = "ca0a51e5ca0a51e5ca0a51e5ca0a51e5ca0a51e5ca0a51e5ca0a51e5ca0a51e5";
/// `\0hallpass\0canary-of-the-mail` in base64, as it goes to the mail server.
const MAIL_LOGIN: &str = "AGhhbGxwYXNzAGNhbmFyeS1vZi10aGUtbWFpbA==";
/// A token that looks like one: whoever is turned away from Teams' door may have shown a real one.
const TEAMS_TOKEN: &str =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJjYW5hcnkiOiJ0b2tlbiJ9.Y2FuYXJ5LXNpZ25hdHVyZQ";
/// What must not be seen anywhere: tokens, keys, a program's secret, a credential it made, and what
/// a person wrote in confidence.
const CANARIES: [&str; 11] = [
    "xoxb-local",
    "local-signing-secret",
    KEY,
    "canary-of-the-program",
    "canary-credential",
    "canary-of-the-mail",
    MAIL_LOGIN,
    "canary-of-the-sign-in",
    "canary-of-teams",
    TEAMS_TOKEN,
    "the lamp in there is broken",
];

/// Makes the world's program need a secret and make a credential, and its mail server an account.
fn with_canaries(world: &mut World, mail: u16, issuer: &str) {
    let environment = &mut world.installation.environment;
    environment.insert("HALLPASS_MASTER_KEY".to_owned(), KEY.to_owned());
    environment.insert("HALLPASS_LOG".to_owned(), "trace,sqlx=trace,hyper=trace".to_owned());
    let secret = world.installation.file("program-secret");
    std::fs::write(&secret, "canary-of-the-program").unwrap();
    let private = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
    std::fs::set_permissions(&secret, private).unwrap();
    let email = format!(
        "[email]\nserver = \"127.0.0.1:{mail}\"\n\
         tls = \"none\"\nuser = \"hallpass\"\nfrom = \"access@example.com\"\n\
         beside_chat = true\n[sign_in.oidc]\nissuer = \"{issuer}\"\n\
         client_id = \"hallpass\"\n\
         [teams]\napp_id = \"a0000000-0000-4000-8000-00000000000a\"\n\
         tenant = \"b0000000-0000-4000-8000-00000000000b\"\n\
         metadata_url = \"http://127.0.0.1:{mail}/metadata\"\n\
         token_url = \"http://127.0.0.1:{mail}/token\"\n[slack]\n"
    );
    world.installation.edit("hallpass.toml", "[slack]\n", &email);
    let password = "canary-of-the-mail".to_owned();
    let environment = &mut world.installation.environment;
    environment.insert("HALLPASS_EMAIL_PASSWORD".to_owned(), password);
    let secret = "canary-of-the-sign-in".to_owned();
    environment.insert("HALLPASS_SIGN_IN_OIDC_CLIENT_SECRET".to_owned(), secret);
    environment.insert("HALLPASS_TEAMS_CLIENT_SECRET".to_owned(), "canary-of-teams".to_owned());
    world.installation.edit(
        "catalogue.toml",
        "[[integration.resource]]\nid = \"h0-00\"",
        "[integration.environment_files]\nDOORS_TOKEN = \"program-secret\"\n\
         [[integration.resource]]\nid = \"h0-00\"",
    );
    let program = world.target.program();
    let text = std::fs::read_to_string(&program).unwrap();
    let text = text.replace(
        "wait_at \"before-$op\"",
        "if [ -e \"$dir/broken\" ]; then echo \"cannot use $DOORS_TOKEN\" >&2; exit 3; fi\n\
         wait_at \"before-$op\"",
    );
    let (begin, _) = text.rsplit_once("echo '{\"ok\":true}'").unwrap();
    let end = "echo '{\"ok\":true,\"details\":{\"lines\":[[\"door\",\"1\"]],\"credential\":\"canary-credential\"}}'";
    std::fs::write(&program, format!("{begin}{end}\n")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_written_anywhere() {
    let mut world = World::make(&Kind::Sqlite).await;
    let mut mail = Refusing::start().await;
    let mut login = login::Refusing::start().await;
    with_canaries(&mut world, mail.port, &login.issuer);
    world.start_bot().await;
    let broken = world.target.directory().join("broken");

    // The way that works, with a target that fails at first and a Slack that does.
    std::fs::write(&broken, "").unwrap();
    let ws = world.workspace.clone();
    let slack = ws.fault("chat.postMessage", Filter::default(), Fault::Http(500), 2);
    world.ask(&[room("h0", 0)], "5s").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    std::fs::remove_file(&broken).unwrap();
    slack.release();
    world.wait_requests("the end", |all| all.iter().all(crate::world::Row::is_over)).await;
    mail.refused.wait_for(|count| *count > 2).await.unwrap();
    // Ways that do not: a dead token, an unsigned and a malformed request.
    ws.fault("views.open", Filter::default(), Fault::Error("invalid_auth".to_owned()), 2);
    ws.slash(ANA, "request").await;
    let url = format!("{}{}", world.bot().url, Sent::Event.path());
    let body = b"token=xoxb-local&secret=local-signing-secret".to_vec();
    let mut wrong = ws.sign(SystemClock.now(), &body);
    ws.send_raw(&url, wrong.clone(), body.clone()).await;
    wrong.retain(|(name, _)| name != "X-Slack-Signature");
    wrong.push(("X-Slack-Signature".to_owned(), "v0=local-signing-secret".to_owned()));
    ws.send_raw(&url, wrong, body).await;
    // Somebody comes back from the company's sign-in, which repeats the secret that it is given.
    login::comes_back(world.bot().address()).await;
    login.refused.wait_for(|was| *was).await.unwrap();
    let url = format!("{}/api/messages", world.bot().url);
    let bearer = ("Authorization".to_owned(), format!("Bearer {TEAMS_TOKEN}"));
    ws.send_raw(&url, vec![bearer], b"{}".to_vec()).await;

    let log = world.bot().log();
    let exported = said(&world.installation.run(&["audit", "export"]).await);
    assert!(log.lines().count() > 5, "{log}");
    let in_database = database_bytes(&world);
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary:?} is in the log: {}", around(&log, canary));
        // The justification belongs into the database and the audit; secrets do not.
        if !canary.contains("lamp") {
            assert!(!exported.contains(canary), "{canary:?} is in the audit");
            let bytes = canary.as_bytes();
            assert!(
                !in_database.windows(bytes.len()).any(|window| window == bytes),
                "{canary:?} is in the database"
            );
        }
    }
    world.close().await;
}

/// Every byte of the database's files.
fn database_bytes(world: &World) -> Vec<u8> {
    let files = ["hallpass.db", "hallpass.db-wal"].map(|name| world.installation.file(name));
    files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect()
}

fn around<'a>(log: &'a str, canary: &str) -> &'a str {
    log.lines().find(|line| line.contains(canary)).unwrap_or_default()
}
