//! The catalogue file: connected systems, how to reach them, and resources listed by hand.
use super::directory::id;
use super::secret::{SecretForm, secret};
use super::section::{Found, Section};
use super::words::{Names, looks_like_secret, shown};
use crate::domain::catalog::{Integration, Resource, ResourceRef};
use crate::domain::flow::Pattern;
use crate::domain::id::{IntegrationId, PersonId};
use chrono::TimeDelta;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How long a program may take when the file does not say.
const COMMAND_TIME_LIMIT: TimeDelta = TimeDelta::seconds(30);

/// The longest that a program may be given: past that a worker would be held too long.
const LONGEST_COMMAND: TimeDelta = TimeDelta::minutes(10);

/// Longest name of a login in PostgreSQL, in bytes.
const LONGEST_LOGIN: usize = 63;

/// How an integration's target is reached.
#[derive(Debug, Clone)]
pub enum Target<S: SecretForm = SecretString> {
    /// A PostgreSQL server.
    Postgres(PostgresTarget<S>),
    /// A program on this machine.
    Command(CommandTarget),
}

/// A PostgreSQL server.
#[derive(Debug, Clone)]
pub struct PostgresTarget<S: SecretForm = SecretString> {
    /// Its address, with the name and the password that Hallpass uses.
    pub url: S,
    /// Which logins receive access.
    pub login: Login,
    /// What is discovered.
    pub show: Show,
}

/// Which logins receive access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// One made for the grant and dropped with it.
    Temporary,
    /// The person's own; people who are not listed cannot be given access.
    Existing(BTreeMap<PersonId, String>),
}

/// What discovery offers: names that one of the patterns matches. An empty list offers none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Show {
    /// Databases.
    pub databases: Vec<Pattern>,
    /// Schemas.
    pub schemas: Vec<Pattern>,
    /// Roles.
    pub roles: Vec<Pattern>,
}

/// A program on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandTarget {
    /// Where the program is.
    pub program: PathBuf,
    /// What follows it; no shell reads this.
    pub arguments: Vec<String>,
    /// How long a call may take.
    pub time_limit: TimeDelta,
    /// Variables that the program sees.
    pub environment: BTreeMap<String, String>,
}

/// What the catalogue file holds.
#[derive(Debug)]
pub(super) struct Listed<S: SecretForm> {
    pub(super) integrations: BTreeMap<IntegrationId, Integration>,
    pub(super) targets: BTreeMap<IntegrationId, Target<S>>,
    pub(super) resources: BTreeMap<ResourceRef, Resource>,
}

impl<S: SecretForm> Listed<S> {
    /// Nothing listed.
    pub(super) fn none() -> Self {
        Self { integrations: BTreeMap::new(), targets: BTreeMap::new(), resources: BTreeMap::new() }
    }
}

/// Reads integrations and their resources, and adds the integrations' names to `names`.
pub(super) fn read<S: SecretForm>(
    root: &Section<'_>,
    people: &Names,
    names: &mut Names,
) -> Listed<S> {
    let mut listed = Listed::none();
    let sections = root.sections("integration");
    if sections.is_empty() {
        let what = "there are no integrations; begin each with `[[integration]]`";
        root.reading.mistake(&root.here(), what);
    }
    let mut variables = BTreeMap::new();
    for section in &sections {
        let id = id(section, "\"prod-postgres\"");
        let name = section.needed_text("name", "\"Production PostgreSQL\"");
        let variable = url_variable(id.as_ref().map_or("", |id| id.value));
        let target = target(section, &variable, people);
        if let Some(id) = id {
            names.add(root.reading, &id);
            let other = variables.insert(variable.clone(), id.value.to_owned());
            if let Some(other) = other.filter(|other| other != id.value) {
                let what = format!("this id and {} both read {variable}", shown(&other));
                root.reading.mistake(&id.place, what);
            }
            let id = IntegrationId::new(id.value);
            for resource in resources(section, &id, people) {
                add(&mut listed.resources, resource, section);
            }
            listed.targets.extend(target.map(|target| (id.clone(), target)));
            let integration =
                name.map(|name| Integration { id: id.clone(), name: name.value.to_owned() });
            listed.integrations.extend(integration.map(|integration| (id, integration)));
        }
        section.finish();
    }
    listed
}

/// The environment variable of an integration's address: `HALLPASS_PROD_POSTGRES_URL`.
fn url_variable(id: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("HALLPASS_INTEGRATION_{}_URL", id.chars().map(upper).collect::<String>())
}

fn target<S: SecretForm>(
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
            for key in ["url_file", "login", "logins", "show", "program", "time_limit"] {
                section.has(key);
            }
            section.has("environment");
            section.has("resource");
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
    Some(PostgresTarget { url: url?, login: login?, show })
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

fn show(section: &Section<'_>) -> Show {
    let show = section.section("show");
    let patterns = |key: &'static str| match &show {
        Some(show) if show.has(key) => {
            show.texts(key).iter().map(|text| Pattern::new(text.value)).collect()
        }
        _ => vec![Pattern::any()],
    };
    let read = Show {
        databases: patterns("databases"),
        schemas: patterns("schemas"),
        roles: patterns("roles"),
    };
    if let Some(show) = show {
        show.finish();
    }
    read
}

fn command(section: &Section<'_>) -> Option<CommandTarget> {
    if !section.has("program") {
        section.missing("program", "[\"/usr/local/bin/give-access\", \"--production\"]");
    }
    let words = section.texts("program");
    let program = words.first().and_then(|program| program_path(section, program));
    let time_limit = section.duration("time_limit");
    if let Some(limit) = time_limit.as_ref().filter(|limit| limit.value > LONGEST_COMMAND) {
        section.reading.mistake(&limit.place, "a program is given at most 10 minutes");
    }
    let environment = section.text_table("environment");
    for (_, value) in environment.iter().filter(|(_, value)| looks_like_secret(value.value)) {
        let what = "this looks like a secret; let the program read it from a file of its own";
        section.reading.mistake(&value.place, what);
    }
    Some(CommandTarget {
        program: program?,
        arguments: words.iter().skip(1).map(|word| word.value.to_owned()).collect(),
        time_limit: time_limit.map_or(COMMAND_TIME_LIMIT, |limit| limit.value),
        environment: environment
            .into_iter()
            .map(|(name, value)| (name.value.to_owned(), value.value.to_owned()))
            .collect(),
    })
}

/// The program's path: it is named, not searched for.
fn program_path(section: &Section<'_>, program: &Found<&str>) -> Option<PathBuf> {
    if !program.value.contains('/') {
        let what = format!(
            "{} must be a path: `/usr/local/bin/…`, or `./…` beside this file",
            shown(program.value)
        );
        section.reading.mistake(&program.place, what);
        return None;
    }
    let path = section.path_from_here(program.value);
    if !path.is_file() {
        let what = format!("there is no program {}", shown(&path.display().to_string()));
        section.reading.warn(&program.place, what);
    }
    Some(path)
}

/// The resources that a person listed by hand: what discovery cannot know, an owner for example.
fn resources(section: &Section<'_>, at: &IntegrationId, people: &Names) -> Vec<Resource> {
    let mut resources = Vec::new();
    for listed in section.sections("resource") {
        let id = listed.needed_text("id", "\"database:payments\"");
        let name = listed.text("name").or_else(|| id.clone());
        let kind = listed.needed_text("kind", "\"database\"");
        if !listed.has("permissions") {
            listed.missing("permissions", "[\"read\", \"write\"]");
        }
        let permissions: Vec<String> =
            listed.texts("permissions").iter().map(|text| text.value.to_owned()).collect();
        if listed.has("permissions") && permissions.is_empty() {
            let what = "name at least one permission, the weakest first";
            listed.reading.mistake(&listed.place("permissions"), what);
        }
        let owner = listed.text("owner").and_then(|owner| {
            people.resolve::<crate::domain::id::PersonTag>(
                listed.reading,
                &owner.place,
                owner.value,
            )
        });
        listed.finish();
        if let (Some(id), Some(name), Some(kind)) = (id, name, kind) {
            let at = ResourceRef { integration: at.clone(), resource: id.value.to_owned() };
            let (name, kind) = (name.value.to_owned(), kind.value.to_owned());
            resources.push(Resource { at, name, kind, permissions, owner });
        }
    }
    resources
}

fn add(resources: &mut BTreeMap<ResourceRef, Resource>, resource: Resource, section: &Section<'_>) {
    let id = resource.at.resource.clone();
    if resources.insert(resource.at.clone(), resource).is_some() {
        let what = format!("this integration lists the resource {} twice", shown(&id));
        section.reading.mistake(&section.place("resource"), what);
    }
}
