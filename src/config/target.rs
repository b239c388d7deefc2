//! How an integration's target is reached: the keys of `[[integration]]` that belong to its kind.
use super::secret::{SecretForm, secret, secret_in};
use super::section::{Found, Section};
use super::words::{Names, looks_like_secret, shown};
use crate::domain::id::PersonId;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// How long a program may take when the file does not say.
const COMMAND_TIME_LIMIT: Duration = Duration::from_secs(30);

/// The longest that a program may be given: past that a worker would be held too long.
const LONGEST_COMMAND: Duration = Duration::from_secs(600);

/// Longest prefix of a role's name; the connector needs the rest of the 63 bytes.
const LONGEST_PREFIX: usize = 16;

/// Longest name of a login in PostgreSQL, in bytes.
const LONGEST_LOGIN: usize = 63;

/// How an integration's target is reached.
#[derive(Debug, Clone)]
pub enum Target<S: SecretForm = SecretString> {
    /// A PostgreSQL server.
    Postgres(PostgresTarget<S>),
    /// A program on this machine.
    Command(CommandTarget<S>),
}

/// A PostgreSQL server.
#[derive(Debug, Clone)]
pub struct PostgresTarget<S: SecretForm = SecretString> {
    /// Its address, with the name and the password that Hallpass uses.
    pub url: S,
    /// Which logins receive access.
    pub login: Login,
    /// What can be asked for.
    pub show: Show,
    /// Host and port that people use, where they differ from the address.
    pub people_connect_to: Option<(String, u16)>,
    /// Beginning of the names of the roles that are made.
    pub prefix: String,
}

/// Which logins receive access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// One made for the grant and dropped with it.
    Temporary,
    /// The person's own; people who are not listed cannot be given access.
    Existing(BTreeMap<PersonId, String>),
}

/// What can be asked for: patterns in which `*` stands for any text. An empty list offers none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Show {
    /// Databases by name.
    pub databases: Vec<String>,
    /// Schemas as `database/schema`.
    pub schemas: Vec<String>,
    /// Tables as `database/schema/table`.
    pub tables: Vec<String>,
    /// Roles by name.
    pub roles: Vec<String>,
}

/// A program on this machine.
#[derive(Debug, Clone)]
pub struct CommandTarget<S: SecretForm = SecretString> {
    /// The program, by its absolute path, and what follows it; no shell reads this.
    pub argv: Vec<String>,
    /// How long a call may take.
    pub time_limit: Duration,
    /// Where it runs, where that is said.
    pub directory: Option<PathBuf>,
    /// Variables that the program sees.
    pub environment: BTreeMap<String, String>,
    /// Variables that the program sees and nobody else.
    pub secret_environment: BTreeMap<String, S>,
}

/// The environment variable of an integration's address: `HALLPASS_PROD_POSTGRES_URL`.
pub(super) fn url_variable(id: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("HALLPASS_INTEGRATION_{}_URL", id.chars().map(upper).collect::<String>())
}

/// Reads how the integration's target is reached; `variable` may hold its address.
pub(super) fn read<S: SecretForm>(
    section: &Section<'_>,
    variable: &str,
    people: &Names,
) -> Option<Target<S>> {
    let kinds = [("postgres", true), ("command", false)];
    if !section.has("kind") {
        section.missing("kind", "\"postgres\"");
    }
    match section.choice("kind", &kinds) {
        Some(true) => postgres(section, variable, people).map(Target::Postgres),
        Some(false) => command(section).map(Target::Command),
        None => {
            let keys = [
                "url_file",
                "login",
                "logins",
                "show",
                "people_connect_to",
                "prefix",
                "program",
                "time_limit",
                "directory",
                "environment",
                "environment_files",
            ];
            for key in keys {
                section.has(key);
            }
            None
        }
    }
}

fn postgres<S: SecretForm>(
    section: &Section<'_>,
    variable: &str,
    people: &Names,
) -> Option<PostgresTarget<S>> {
    let check = |text: &str| {
        let is_postgres = ["postgres://", "postgresql://"].iter().any(|p| text.starts_with(p));
        is_postgres
            .then_some(())
            .ok_or("must hold an address like postgres://user:password@host/db")
    };
    let url = secret(section, "url_file", variable, check);
    let login = login(section, people);
    let show = show(section);
    let people_connect_to =
        section.text("people_connect_to").map(|text| host_and_port(section, &text));
    let prefix = prefix(section);
    Some(PostgresTarget {
        url: url?,
        login: login?,
        show,
        people_connect_to: people_connect_to.map_or(Some(None), |read| read.map(Some))?,
        prefix: prefix?,
    })
}

fn login(section: &Section<'_>, people: &Names) -> Option<Login> {
    let is_existing = section.choice("login", &[("temporary", false), ("existing", true)]);
    let mut logins = BTreeMap::new();
    for (person, login) in section.text_table("logins") {
        if login.value.len() > LONGEST_LOGIN {
            let what = format!("a login has at most {LONGEST_LOGIN} bytes");
            section.reading.mistake(&login.place, what);
        }
        if let Some(person) = people.resolve(section.reading, &person.place, person.value) {
            logins.insert(person, login.value.to_owned());
        }
    }
    let place = section.place("logins");
    match is_existing {
        None if section.has("login") => None,
        None | Some(false) => {
            if section.has("logins") {
                let what = "these are used with `login = \"existing\"` alone";
                section.reading.mistake(&place, what);
            }
            Some(Login::Temporary)
        }
        Some(true) => {
            if !section.has("logins") {
                let what = "missing; write each person's login, \
                            `[integration.logins]` with lines like `ana = \"ana_t\"`";
                section.reading.mistake(&place, what);
            }
            Some(Login::Existing(logins))
        }
    }
}

/// Databases and roles are offered where nothing is said; schemas and tables are many.
fn show(section: &Section<'_>) -> Show {
    let show = section.section("show");
    let patterns = |key: &'static str, unsaid: &[&str]| match &show {
        Some(show) if show.has(key) => {
            show.texts_or_none(key).iter().map(|text| text.value.to_owned()).collect()
        }
        _ => unsaid.iter().map(|&pattern| pattern.to_owned()).collect(),
    };
    let read = Show {
        databases: patterns("databases", &["*"]),
        schemas: patterns("schemas", &[]),
        tables: patterns("tables", &[]),
        roles: patterns("roles", &["*"]),
    };
    if let Some(show) = show {
        show.finish();
    }
    read
}

/// `db.example.com:5432`.
fn host_and_port(section: &Section<'_>, text: &Found<&str>) -> Option<(String, u16)> {
    let parts = text.value.rsplit_once(':').and_then(|(host, port)| {
        let is_host = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c == '/');
        port.parse().ok().filter(|port| is_host && *port > 0).map(|port| (host.to_owned(), port))
    });
    if parts.is_none() {
        let what =
            format!("{} is no host and port; write `db.example.com:5432`", shown(text.value));
        section.reading.mistake(&text.place, what);
    }
    parts
}

/// The beginning of the names of the roles that are made.
fn prefix(section: &Section<'_>) -> Option<String> {
    let Some(text) = section.text("prefix") else {
        return (!section.has("prefix")).then(|| "hallpass".to_owned());
    };
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_prefix = text.value.starts_with(|c: char| c.is_ascii_lowercase())
        && text.value.len() <= LONGEST_PREFIX
        && text.value.chars().all(is_plain)
        && !text.value.starts_with("pg_");
    if !is_prefix {
        let what = format!(
            "{} cannot begin a role's name; write at most {LONGEST_PREFIX} of a-z, 0-9 and _, \
             beginning with a letter and not with pg_",
            shown(text.value)
        );
        section.reading.mistake(&text.place, what);
    }
    is_prefix.then(|| text.value.to_owned())
}

fn command<S: SecretForm>(section: &Section<'_>) -> Option<CommandTarget<S>> {
    if !section.has("program") {
        section.missing("program", "[\"/usr/local/bin/give-access\", \"--production\"]");
    }
    let words = section.texts("program");
    let program = words.first().and_then(|program| program_path(section, program));
    let arguments = words.iter().skip(1).map(|word| word.value.to_owned());
    Some(CommandTarget {
        argv: program.into_iter().chain(arguments).collect(),
        time_limit: time_limit(section)?,
        directory: section.text("directory").map(|text| section.path_from_here(text.value)),
        environment: environment(section),
        secret_environment: section
            .text_table("environment_files")
            .into_iter()
            .filter_map(|(name, file)| Some((name.value.to_owned(), secret_in(section, &file)?)))
            .collect(),
    })
    .filter(|command| command.argv.len() == words.len() && !words.is_empty())
}

fn time_limit(section: &Section<'_>) -> Option<Duration> {
    let Some(limit) = section.duration("time_limit") else {
        return (!section.has("time_limit")).then_some(COMMAND_TIME_LIMIT);
    };
    let read = limit.value.to_std().ok().filter(|limit| *limit <= LONGEST_COMMAND);
    if read.is_none() {
        section.reading.mistake(&limit.place, "a program is given at most 10 minutes");
    }
    read
}

/// Variables whose values anybody may read.
fn environment(section: &Section<'_>) -> BTreeMap<String, String> {
    let entries = section.text_table("environment");
    for (_, value) in entries.iter().filter(|(_, value)| looks_like_secret(value.value)) {
        let what = "this looks like a secret; put it into a file of its own and name that under \
                    `[integration.environment_files]`";
        section.reading.mistake(&value.place, what);
    }
    entries
        .into_iter()
        .map(|(name, value)| (name.value.to_owned(), value.value.to_owned()))
        .collect()
}

/// The program's path: it is named, not searched for.
fn program_path(section: &Section<'_>, program: &Found<&str>) -> Option<String> {
    if !program.value.contains('/') {
        let what = format!(
            "{} must be a path: `/usr/local/bin/…`, or `./…` beside this file",
            shown(program.value)
        );
        section.reading.mistake(&program.place, what);
        return None;
    }
    let path = section.path_from_here(program.value);
    if section.reading.is_at_home && !path.is_file() {
        let what = format!("there is no program {}", shown(&path.display().to_string()));
        section.reading.warn(&program.place, what);
    }
    let whole = std::path::absolute(path).ok().and_then(|path| path.to_str().map(str::to_owned));
    if whole.is_none() {
        section.reading.mistake(&program.place, "the path of this file is not UTF-8 text");
    }
    whole
}
