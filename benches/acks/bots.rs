//! The bots that are measured, each over the small and the whole company.
use super::company::{BOT_TOKEN, Home, SIGNING_SECRET};
use super::process::Launch;
use std::path::Path;

/// A bot.
pub(super) struct Bot {
    pub(super) name: &'static str,
    pub(super) empty: Launch,
    pub(super) full: Launch,
}

/// Those that are installed.
pub(super) fn all(home: &Home) -> Vec<Bot> {
    let mut bots = vec![Bot {
        name: "hallpass",
        empty: hallpass(home, "small"),
        full: hallpass(home, "whole"),
    }];
    let bolt = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/bolt");
    if bolt.join("node_modules/@slack/bolt").exists() {
        bots.push(Bot {
            name: "bolt",
            empty: node(home, "small", &bolt),
            full: node(home, "whole", &bolt),
        });
    }
    bots
}

fn hallpass(home: &Home, company: &str) -> Launch {
    // Another build is measured by naming it, to compare two of them.
    let program = std::env::var("HALLPASS").unwrap_or(env!("CARGO_BIN_EXE_hallpass").to_owned());
    let words = [&program, "serve", "--config", "hallpass.toml"];
    let variables = [
        ("HALLPASS_SLACK_BOT_TOKEN", BOT_TOKEN),
        ("HALLPASS_SLACK_SIGNING_SECRET", SIGNING_SECRET),
        ("HALLPASS_MASTER_KEY", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    ];
    launch(home, company, words.map(str::to_owned).to_vec(), &variables.map(owned))
}

fn node(home: &Home, company: &str, bolt: &Path) -> Launch {
    let program = bolt.join("app.js").display().to_string();
    let variables = [
        owned(("NODE_ENV", "production")),
        owned(("SLACK_BOT_TOKEN", BOT_TOKEN)),
        owned(("SLACK_SIGNING_SECRET", SIGNING_SECRET)),
        ("SLACK_API_URL".to_owned(), format!("http://{}/api/", home.stub)),
        ("PORT".to_owned(), home.at.port().to_string()),
    ];
    launch(home, company, vec!["node".to_owned(), program], &variables)
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn launch(
    home: &Home,
    company: &str,
    words: Vec<String>,
    variables: &[(String, String)],
) -> Launch {
    Launch { words, variables: variables.to_vec(), directory: home.place(company), at: home.at }
}
