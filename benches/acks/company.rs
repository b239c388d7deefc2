//! The company that the bots serve: 2,000 people, 100,000 databases, one flow; and one of two
//! people with one resource, for starts.
use super::Outcome;
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(super) const PEOPLE: u32 = 2_000;
const RESOURCES: u32 = 100_000;
pub(super) const WORKSPACE: &str = "T0BENCH";
pub(super) const COMMAND: &str = "/access";
pub(super) const EMAIL_HOST: &str = "example.com";
/// Signs what the stand-in for Slack sends; of no use anywhere else.
pub(super) const SIGNING_SECRET: &str = "0123456789abcdef0123456789abcdef";
pub(super) const BOT_TOKEN: &str = "xoxb-0123-bench";

/// Words of names, and of what people type.
pub(super) const THINGS: &[&str] = &[
    "payments",
    "orders",
    "billing",
    "checkout",
    "fraud",
    "identity",
    "inventory",
    "ledger",
    "gateway",
    "primary",
    "replica",
    "reports",
    "archive",
    "cache",
    "events",
    "metrics",
    "search",
    "secrets",
    "staging",
    "tokens",
    "users",
    "worker",
    "writer",
];

/// The files of the company.
pub(super) struct Home {
    directory: TempDir,
    pub(super) stub: SocketAddr,
    /// Where the bots of the small and the whole company listen.
    pub(super) at: SocketAddr,
}

impl Home {
    /// Writes them.
    pub(super) fn make(stub: SocketAddr) -> Outcome<Self> {
        let at = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let home = Self { directory: tempfile::tempdir()?, stub, at };
        home.write("small", 2, 1)?;
        home.write("whole", PEOPLE, RESOURCES)?;
        Ok(home)
    }

    /// The directory of the small or the whole company.
    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, people: u32, resources: u32) -> Outcome<()> {
        let place = self.place(name);
        fs::create_dir(&place)?;
        let listed = place.join("resources.json");
        fs::write(&listed, list(resources, people))?;
        fs::write(place.join("hallpass.toml"), self.service())?;
        fs::write(place.join("directory.toml"), directory(people)?)?;
        fs::write(place.join("catalogue.toml"), catalogue(&listed))?;
        Ok(fs::write(place.join("flows.toml"), FLOWS)?)
    }

    fn service(&self) -> String {
        format!(
            "database = \"sqlite:hallpass.db\"\nlisten = \"{}\"\n\
             public_url = \"http://127.0.0.1:1\"\n\n[slack]\nmode = \"http\"\n\
             workspace = \"{WORKSPACE}\"\ncommand = \"{COMMAND}\"\napi_url = \"http://{}/api\"\n",
            self.at, self.stub
        )
    }
}

const FLOWS: &str = "\
[[flow]]
id = \"read\"
name = \"Read data\"
who = \"everyone\"
durations = [\"1h\", \"4h\"]
longest = \"1d\"

[[flow.what]]
integration = \"production\"

[[flow.stage]]
need = 2
of = [\"manager\", \"resource-owner\"]
";

/// Who says the first yes.
pub(super) fn manager_of(person: u32) -> u32 {
    (person + 1) % PEOPLE
}

fn directory(people: u32) -> Outcome<String> {
    let mut text = String::new();
    for person in 0..people {
        let manager = (person + 1) % people;
        write!(
            text,
            "[[person]]\nid = \"p{person:05}\"\nname = \"Person {person}\"\n\
             email = \"p{person:05}@{EMAIL_HOST}\"\nmanager = \"p{manager:05}\"\n"
        )?;
        text += if person == 0 { "admin = true\n\n" } else { "\n" };
    }
    Ok(text)
}

/// The resources are listed by a program, the shortest there is: it prints a file.
fn catalogue(listed: &Path) -> String {
    format!(
        "[[integration]]\nid = \"production\"\nname = \"Production\"\nkind = \"command\"\n\
         program = [\"/bin/cat\", {listed:?}]\n"
    )
}

fn list(resources: u32, people: u32) -> String {
    let thing = |number: u32| -> &str {
        let at = usize::try_from(number).unwrap_or_default() % THINGS.len();
        THINGS.get(at).copied().unwrap_or_default()
    };
    let resource = |number: u32| {
        let (first, second) = (thing(number), thing(number / 23 + number % 11));
        json!({
            "id": format!("{first}-{second}-{number:05}"), "kind": "database",
            "permissions": ["read", "write"],
            "owner": format!("p{:05}", number.wrapping_mul(31) % people),
        })
    };
    let resources: Vec<_> = (0..resources).map(resource).collect();
    json!({"ok": true, "resources": resources}).to_string()
}
