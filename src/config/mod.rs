//! The configuration: one TOML file for the service, and one each for directory, catalogue, flows
//! and bundles, which it names in `[files]` (beside it by default).
//!
//! It is checked whole: [`load`] gives everything or every mistake, each with file, line, key, what
//! is allowed and the nearest right word. Secrets come from files or the environment (`secret`);
//! neither a message nor `Debug` shows one.
mod approval;
mod bundles;
mod catalog;
mod directory;
mod email;
mod flows;
mod mistake;
mod reach;
mod secret;
mod section;
mod service;
mod sign_in;
mod slack;
mod target;
mod teams;
mod terms;
mod tickets;
mod words;

pub use email::{Email, MailLogin, MailTls, Sender};
pub use mistake::{Mistake, Mistakes, Place};
pub use secret::{Check, SecretForm, SecretPlace};
pub use service::{Database, Service};
pub use sign_in::Oidc;
pub use slack::{Inbound, Slack};
pub use target::{CommandTarget, Login, PostgresTarget, Show, Target};
pub use teams::Teams;
pub use tickets::TicketLookup;

use crate::domain::catalog::Catalog;
use crate::domain::id::IntegrationId;
use crate::domain::person::Directory;
use crate::domain::policy::Policy;
use directory::{DirectoryNames, Homes};
use flows::Around;
use mistake::Reading;
use secrecy::SecretString;
use section::TextFile;
use service::Files;
use std::collections::BTreeMap;
use std::path::Path;
use tickets::Tickets;
use words::Names;

/// A configuration without mistakes.
#[derive(Debug, Clone)]
pub struct Config<S: SecretForm = SecretString> {
    /// The service's own settings.
    pub service: Service<S>,
    /// Who may have what; resources are those listed by hand, discovery adds the others.
    pub policy: Policy,
    /// How each integration's target is reached; one for each integration of the policy.
    pub targets: BTreeMap<IntegrationId, Target<S>>,
    /// What is allowed and hardly meant.
    pub warnings: Vec<Mistake>,
}

/// Reads the configuration whose service file is `path`, secrets included.
///
/// # Errors
///
/// [`Mistakes`] lists all that is wrong with it.
pub fn load(path: &Path) -> Result<Config, Mistakes> {
    load_with(path, &|name| std::env::var(name).ok())
}

/// Reads the configuration with `environment` in place of the process's.
///
/// # Errors
///
/// [`Mistakes`] lists all that is wrong with it.
pub fn load_with(
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, Mistakes> {
    read(&Reading::new(environment, true), path)
}

/// Reads the configuration and only notes where each secret would come from.
///
/// # Errors
///
/// [`Mistakes`] lists all that is wrong with it.
pub fn load_without_secrets(path: &Path) -> Result<Config<SecretPlace>, Mistakes> {
    read(&Reading::new(&|_| None, false), path)
}

fn read<S: SecretForm>(reading: &Reading<'_>, path: &Path) -> Result<Config<S>, Mistakes> {
    let mut read_files = vec![path.display().to_string()];
    let read = service_file::<S>(reading, path);
    let parts = read.map(|read| {
        let files = [&read.files.directory, &read.files.catalogue, &read.files.flows];
        let lookups = read.tickets.lookups.clone();
        let named = files.into_iter().chain(&read.files.bundles);
        read_files.extend(named.map(|file| file.value.display().to_string()));
        let service = read.service.map(|service| Service { tickets: lookups, ..service });
        (policy::<S>(reading, &read.files, &read.homes, read.tickets), service)
    });
    let is_clean = reading.is_clean();
    let (mistakes, warnings) = reading.finish(&read_files);
    match parts {
        Some(((policy, targets), Some(service))) if is_clean => {
            Ok(Config { service, policy, targets, warnings })
        }
        _ => Err(Mistakes { mistakes, warnings }),
    }
}

/// What the service file says.
struct ServiceFile<S: SecretForm> {
    service: Option<Service<S>>,
    files: Files,
    homes: Homes,
    tickets: Tickets<S>,
}

fn service_file<S: SecretForm>(reading: &Reading<'_>, path: &Path) -> Option<ServiceFile<S>> {
    let file = TextFile::open(path, reading, None)?;
    let mut read = None;
    file.read(reading, |root| {
        read = Some(ServiceFile {
            service: service::read(root),
            files: service::files(root),
            homes: Homes { slack: slack::workspaces(root), teams: teams::tenants(root) },
            tickets: tickets::read(root),
        });
    });
    read
}

type PolicyAndTargets<S> = (Policy, BTreeMap<IntegrationId, Target<S>>);

/// The other files, in the order in which they refer to each other.
fn policy<S: SecretForm>(
    reading: &Reading<'_>,
    files: &Files,
    homes: &Homes,
    tickets: Tickets<S>,
) -> PolicyAndTargets<S> {
    let mut names = DirectoryNames::none();
    let mut directory = Directory::default();
    let is_whole = in_file(reading, &files.directory, |root| {
        directory = directory::read(root, homes, &mut names);
    });
    names.people.is_whole = is_whole;
    names.groups.is_whole = is_whole;

    let mut integrations = Names::of("integration");
    let mut listed = catalog::Listed::none();
    integrations.is_whole = in_file(reading, &files.catalogue, |root| {
        listed = catalog::read::<S>(root, &names.people, &mut integrations);
    });

    let mut flows = Vec::new();
    let around = Around {
        names: &names,
        integrations: &integrations,
        tickets: &tickets.names,
        directory: &directory,
    };
    in_file(reading, &files.flows, |root| flows = flows::read(root, &around));
    if reading.is_clean() {
        reach::warn(reading, &flows, &around);
    }

    let mut bundles = BTreeMap::new();
    if let Some(file) = &files.bundles {
        in_file(reading, file, |root| {
            bundles = bundles::read(root, &integrations, &listed.resources);
        });
    }
    let flows = flows.into_iter().map(|written| written.flow).collect();
    let catalog = Catalog {
        integrations: listed.integrations,
        resources: listed.resources.into_values().collect(),
        bundles,
    };
    (Policy { directory, catalog, flows, tickets: tickets.types }, listed.targets)
}

/// Hands the file's outermost table to `read`; false when it could not be read as TOML.
fn in_file(
    reading: &Reading<'_>,
    path: &section::Found<std::path::PathBuf>,
    read: impl FnOnce(&section::Section<'_>),
) -> bool {
    TextFile::open(&path.value, reading, Some(&path.place))
        .is_some_and(|file| file.read(reading, read))
}

#[cfg(test)]
mod tests;
