//! What is wrong is said with file, line, key and the way out; nothing secret is.
mod any_text;
mod email;
mod example;
mod mistakes;
mod sign_in;
mod teams;

use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;

const SERVICE: &str = r#"
listen = "127.0.0.1:8080"
[slack]
mode = "socket"
workspace = "T0123ABCDEF"
[[ticket]]
id = "incident"
pattern = "INC-[0-9]+"
example = "INC-42"
"#;

const DIRECTORY: &str = r#"
[[person]]
id = "ana"
name = "Ana"
email = "ana@example.com"
manager = "ben"

[[person]]
id = "ben"
name = "Ben"
email = "ben@example.com"
admin = true

[[person]]
id = "gil"
name = "Gil"
email = "gil@example.com"
active = false

[[group]]
id = "dba"
members = ["ana", "ben"]

[[group]]
id = "gone"
members = ["gil"]
"#;

const CATALOGUE: &str = r#"
[[integration]]
id = "prod-postgres"
name = "Production"
kind = "postgres"

[[integration.resource]]
id = "database:payments"
name = "payments"
kind = "database"
permissions = ["read", "write"]
owner = "ben"

[[integration]]
id = "vpn"
name = "VPN"
kind = "command"
program = ["/bin/sh"]
"#;

const FLOWS: &str = r#"
[[flow]]
id = "payments-read"
name = "Read payments"
who = "group:dba"
durations = ["1h", "4h"]
longest = "8h"
[[flow.what]]
integration = "prod-postgres"
permission = "read"
[[flow.stage]]
need = "any"
of = ["resource-owner", "person:ben"]
"#;

const BUNDLES: &str = r#"
[[bundle]]
id = "all"
[[bundle.item]]
integration = "prod-postgres"
resource = "database:payments"
permission = "read"
"#;

const NAMES: [&str; 5] =
    ["hallpass.toml", "directory.toml", "catalogue.toml", "flows.toml", "bundles.toml"];

/// A directory with a configuration in it.
struct Folder {
    dir: TempDir,
}

impl Folder {
    fn new() -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap() };
        for (name, text) in NAMES.iter().zip([SERVICE, DIRECTORY, CATALOGUE, FLOWS, BUNDLES]) {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, &text.replacen(from, to, 1));
    }

    fn load(&self) -> Result<Config, Mistakes> {
        load_with(&self.path("hallpass.toml"), &environment)
    }

    /// Mistakes and warnings, a line each, without the directory's own name.
    fn report(&self) -> String {
        let (mistakes, warnings) = match self.load() {
            Ok(config) => (Vec::new(), config.warnings),
            Err(report) => (report.mistakes, report.warnings),
        };
        let mistakes = mistakes.iter().map(|found| format!("{found}\n"));
        let warnings = warnings.iter().map(|found| format!("warning: {found}\n"));
        let dir = format!("{}/", self.dir.path().display());
        mistakes.chain(warnings).collect::<String>().replace(&dir, "")
    }
}

/// Every secret that the base configuration needs, each a canary.
fn environment(name: &str) -> Option<String> {
    let value = match name {
        "HALLPASS_MASTER_KEY" => "c2VjcmV0LWNhbmFyeS1zZWNyZXQtY2FuYXJ5LXNlY3JldA==",
        "HALLPASS_SLACK_BOT_TOKEN" => "xoxb-canary-bot",
        "HALLPASS_SLACK_APP_TOKEN" => "xapp-canary-app",
        "HALLPASS_SLACK_SIGNING_SECRET" => "canary-signing",
        "HALLPASS_INTEGRATION_PROD_POSTGRES_URL" => "postgres://hallpass:canary-url@db/postgres",
        "HALLPASS_TEAMS_CLIENT_SECRET" => "canary-teams",
        "HALLPASS_SIGN_IN_OIDC_CLIENT_SECRET" => "canary-oidc",
        "HALLPASS_DATABASE_URL" => "postgres://hallpass:canary-database@db/hallpass",
        _ => return None,
    };
    Some(value.to_owned())
}

#[test]
fn the_base_has_no_mistakes() {
    let config = Folder::new().load().unwrap();

    assert_eq!(config.warnings, []);
    assert_eq!(config.policy.flows.len(), 1);
    assert_eq!(config.policy.directory.people.len(), 3);
    assert_eq!(config.policy.catalog.bundles.len(), 1);
    assert_eq!(config.targets.len(), 2);
}

#[test]
fn secrets_come_from_the_environment_where_no_file_is_named() {
    let folder = Folder::new();
    folder.edit(
        NAMES[0],
        "[slack]",
        "database = \"postgres\"\npublic_url = \"https://h.example.com/\"\n[slack]",
    );
    folder.edit(NAMES[0], "\"socket\"", "\"http\"");

    let config = folder.load().unwrap();

    assert_eq!(config.service.public_url.as_deref(), Some("https://h.example.com"));
    assert!(matches!(config.service.database, Database::Postgres(_)));
    assert!(matches!(config.service.slack.unwrap().inbound, Inbound::Http { .. }));
}

#[test]
fn a_program_is_named_by_its_whole_path_and_gets_secrets_from_files() {
    let folder = Folder::new();
    folder.write("token", "canary");
    let private = std::fs::Permissions::from_mode(0o600);
    fs::set_permissions(folder.path("token"), private).unwrap();
    folder.edit(
        NAMES[2],
        "[\"/bin/sh\"]",
        "[\"./token\", \"-v\"]\nenvironment_files = { TOKEN = \"token\" }",
    );

    let config = folder.load().unwrap();

    let Some(Target::Command(command)) = config.targets.get(&"vpn".into()) else {
        panic!("the integration is a program");
    };
    assert_eq!(command.argv, [folder.path("token").display().to_string(), "-v".to_owned()]);
    assert!(command.secret_environment.contains_key("TOKEN"));
    assert!(!format!("{config:?}").contains("canary"));
}

#[test]
fn slack_that_is_switched_off_needs_no_token() {
    let folder = Folder::new();
    folder.edit(NAMES[0], "[slack]", "[slack]\nenabled = false\nbot_token_file = \"none\"");

    assert!(folder.load().unwrap().service.slack.is_none());
}
