//! The service file: where things are kept, where it listens, where the other files are.
use super::email::{self, Email};
use super::secret::{SecretForm, key, secret};
use super::section::{Found, Section};
use super::sign_in::{self, Oidc};
use super::slack::{self, Slack};
use super::teams::{self, Beside, Teams};
use super::tickets::TicketLookup;
use super::words::shown;
use crate::domain::id::TicketTypeId;
use crate::domain::language::Language;
use chrono::TimeDelta;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// How long a request may wait for people when the file does not say: R2's seven days.
const PENDING_WINDOW: TimeDelta = TimeDelta::days(7);

/// The service's own settings.
#[derive(Debug, Clone)]
pub struct Service<S: SecretForm = SecretString> {
    /// Where requests are kept.
    pub database: Database<S>,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// How people and platforms reach it from outside, without a slash at the end.
    pub public_url: Option<String>,
    /// What is written in channels, and to whoever reads no language that there are texts in.
    pub language: Language,
    /// How long a request may wait for people before it fails.
    pub pending_window: TimeDelta,
    /// What seals credentials and chains the audit; at least 32 bytes.
    pub master_key: S::Key,
    /// Where tickets are looked up, for the types that are.
    pub tickets: BTreeMap<TicketTypeId, TicketLookup<S>>,
    /// Slack, when it is enabled.
    pub slack: Option<Slack<S>>,
    /// Teams, when it is enabled.
    pub teams: Option<Teams<S>>,
    /// How mail is sent, where it is.
    pub email: Option<Email<S>>,
    /// How people sign in to the web pages beside a mailed code.
    pub oidc: Option<Oidc<S>>,
}

/// Where requests are kept.
#[derive(Debug, Clone)]
pub enum Database<S: SecretForm = SecretString> {
    /// A file of our own.
    Sqlite(PathBuf),
    /// A PostgreSQL that several instances may share: its address with the password.
    Postgres(S),
}

/// Reads the service's settings.
pub(super) fn read<S: SecretForm>(root: &Section<'_>) -> Option<Service<S>> {
    let database = database(root);
    let listen = listen(root);
    let public_url = root.text("public_url").map(|text| address(root, &text));
    let languages = Language::ALL.map(|language| (language.tag(), language));
    let language = root.choice("language", &languages);
    let language = language.or((!root.has("language")).then_some(Language::default()));
    let pending_window =
        root.duration("pending_window").map_or(PENDING_WINDOW, |window| window.value);
    let master_key = key::<S>(root, "master_key_file", "HALLPASS_MASTER_KEY");
    let oidc = root.section("sign_in").map(|section| sign_in::read(&section, public_url.is_some()));
    let slack = root.section("slack").map(|section| slack::read(&section, public_url.is_some()));
    let is_plain = public_url.iter().flatten().any(|url| url.starts_with("http:"));
    let beside = Beside { has_public_url: public_url.is_some(), is_plain, listen };
    let teams = root.section("teams").map(|section| teams::read(&section, &beside));
    let has_chat = slack.as_ref().is_some_and(|read| !matches!(read, Some(None)))
        || teams.as_ref().is_some_and(|read| !matches!(read, Some(None)));
    let email = root
        .section("email")
        .map(|section| email::read(&section, root.has("public_url"), has_chat));
    if slack.is_none() && teams.is_none() && email.is_none() {
        let what = "no chat platform is enabled: nobody can ask for anything; add `[slack]` or \
                    `[teams]`, or `[email]` for people who have neither";
        root.reading.warn(&root.place("slack"), what);
    }
    Some(Service {
        database: database?,
        listen: listen?,
        public_url: public_url.map_or(Some(None), |read| read.map(Some))?,
        language: language?,
        pending_window,
        master_key: master_key?,
        tickets: BTreeMap::new(),
        slack: slack.unwrap_or(Some(None))?,
        teams: teams.unwrap_or(Some(None))?,
        email: email.map_or(Some(None), |read| read.map(Some))?,
        oidc: oidc.unwrap_or(Some(None))?,
    })
}

fn database<S: SecretForm>(root: &Section<'_>) -> Option<Database<S>> {
    let place = root.place("database");
    let check = |text: &str| {
        let is_postgres = ["postgres://", "postgresql://"].iter().any(|p| text.starts_with(p));
        is_postgres
            .then_some(())
            .ok_or("must hold an address like postgres://user:password@host/db")
    };
    let named = root.text("database");
    let has_url = root.has("database_url_file");
    match named.as_ref().map(|text| text.value) {
        None if root.has("database") => None,
        None if !has_url => Some(Database::Sqlite(root.path_from_here("hallpass.db"))),
        None | Some("postgres") => {
            secret(root, "database_url_file", "HALLPASS_DATABASE_URL", check)
                .map(Database::Postgres)
        }
        Some(text) => match sqlite_path(text, has_url) {
            Ok(path) => Some(Database::Sqlite(root.path_from_here(path))),
            Err(wrong) => {
                root.reading.mistake(&place, wrong);
                None
            }
        },
    }
}

/// The path of `sqlite:path`, or what is wrong with it.
fn sqlite_path(text: &str, has_url: bool) -> Result<&str, String> {
    let Some(path) = text.strip_prefix("sqlite:") else {
        return Err(format!(
            "{} is no database; allowed: `sqlite:` with the path of a file, or `postgres` with \
             `database_url_file`",
            shown(text)
        ));
    };
    match path {
        "" | ":memory:" => {
            Err("name a file, `sqlite:hallpass.db`: grants must outlive a restart".to_owned())
        }
        _ if path.starts_with("//") => {
            Err("write `sqlite:` and the path alone, without `//`".to_owned())
        }
        _ if has_url => Err("either `sqlite:` or `database_url_file`, not both".to_owned()),
        _ => Ok(path),
    }
}

fn listen(root: &Section<'_>) -> Option<SocketAddr> {
    let Some(text) = root.text("listen") else {
        return (!root.has("listen")).then(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
    };
    let parsed = text.value.parse();
    if parsed.is_err() {
        let what = format!(
            "{} is no address to listen on; write an IP address and a port, `127.0.0.1:8080`",
            shown(text.value)
        );
        root.reading.mistake(&text.place, what);
    }
    parsed.ok()
}

/// An https address, or an http one on this machine; without the slash at its end.
pub(super) fn address(section: &Section<'_>, text: &Found<&str>) -> Option<String> {
    let wrong = |what: &str| {
        section.reading.mistake(&text.place, what);
        None
    };
    let Ok(url) = Url::parse(text.value) else {
        return wrong(&format!("{} is no address; write `https://…`", shown(text.value)));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("an address here must not hold a name or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("an address here must not hold `?` or `#`");
    }
    let is_local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if is_local => {}
        _ => return wrong("this must begin with `https://` (`http://` on this machine alone)"),
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// Where the other files are: beside this one unless `[files]` says otherwise.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) directory: Found<PathBuf>,
    pub(super) catalogue: Found<PathBuf>,
    pub(super) flows: Found<PathBuf>,
    /// `None` when it is not named and not there: bundles are optional.
    pub(super) bundles: Option<Found<PathBuf>>,
}

/// Reads where the other files are.
pub(super) fn files(root: &Section<'_>) -> Files {
    let section = root.section("files");
    let named = |key: &'static str| {
        let text = section.as_ref().and_then(|files| files.text(key));
        text.map(|text| Found { value: root.path_from_here(text.value), place: text.place })
    };
    let beside = |key: &'static str| Found {
        value: root.path_from_here(&format!("{key}.toml")),
        place: root.place("files"),
    };
    let or_beside = |key: &'static str| named(key).unwrap_or_else(|| beside(key));
    let files = Files {
        directory: or_beside("directory"),
        catalogue: or_beside("catalogue"),
        flows: or_beside("flows"),
        bundles: named("bundles")
            .or_else(|| Some(beside("bundles")).filter(|found| found.value.exists())),
    };
    if let Some(section) = section {
        section.finish();
    }
    files
}
