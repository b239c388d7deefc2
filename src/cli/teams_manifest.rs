//! `hallpass manifest teams`: the package that makes Hallpass an app of Microsoft Teams, fitting the
//! configuration.
//!
//! The wording is in `manifests/teams`; this file says which parts apply. No secret is looked for:
//! the package is needed before there are any.
use super::check::refuse;
use super::manifest::quoted;
use super::package::zipped;
use crate::config::{self, Config, SecretForm, Teams};
use handlebars::Handlebars;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use url::Url;

const MANIFEST: &str = include_str!("../../manifests/teams/manifest.json.hbs");
const GERMAN: &str = include_str!("../../manifests/teams/de.json");
const COLOR: &[u8] = include_bytes!("../../manifests/teams/color.png");
const OUTLINE: &[u8] = include_bytes!("../../manifests/teams/outline.png");

/// Options of `hallpass manifest teams`.
#[derive(Debug, clap::Args)]
pub struct Package {
    /// Where the configuration is.
    #[command(flatten)]
    pub at: super::At,
    /// The file to write.
    #[arg(long, value_name = "PATH", default_value = "hallpass-teams.zip")]
    pub out: PathBuf,
}

/// What the manifest depends on.
#[derive(Debug, Serialize)]
struct App<'a> {
    version: &'a str,
    app_id: &'a str,
    public_url: &'a str,
    host: String,
    /// What the tab's tokens are for, where there is a tab.
    resource: Option<String>,
}

/// Writes the package, or says what is wrong with the configuration.
pub(super) fn teams(package: &Package, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let path = &package.at.config;
    let config = match config::load_without_secrets(path) {
        Ok(config) => config,
        Err(mistakes) => return refuse(&mistakes, out),
    };
    let Some(teams) = &config.service.teams else {
        writeln!(out, "{}: Teams is not enabled; add `[teams]` to it", path.display())?;
        return Ok(ExitCode::FAILURE);
    };
    if let Err(error) = write(&package.out, &config, teams) {
        writeln!(out, "{}: it cannot be written: {error:#}", package.out.display())?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(
        out,
        "{} is written: upload it in the Teams admin center, \"Teams apps\", \"Manage apps\"",
        package.out.display()
    )?;
    match resource(&config, teams) {
        Some(resource) => writeln!(
            out,
            "its tab needs, in Azure, \"App registrations\", {}: \"Expose an API\" with the Application \
             ID URI {resource} and the scope access_as_user, and in its manifest \
             \"requestedAccessTokenVersion\": 2 (README.md says it step by step)",
            teams.app_id
        )?,
        None => writeln!(out, "it has no tab with the web pages; `tab = true` in [teams] adds it")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What the tab's tokens are for, as Entra has to be told it.
fn resource<S: SecretForm>(config: &Config<S>, teams: &Teams<S>) -> Option<String> {
    let host = host(config)?;
    teams.has_tab.then(|| format!("api://{host}/botid-{}", teams.app_id))
}

/// The host that people reach us at.
fn host<S: SecretForm>(config: &Config<S>) -> Option<String> {
    let url = Url::parse(config.service.public_url.as_deref()?).ok()?;
    url.host_str().map(str::to_owned)
}

fn write<S: SecretForm>(path: &Path, config: &Config<S>, teams: &Teams<S>) -> anyhow::Result<()> {
    let manifest = render(config, teams)?;
    let files: [(&str, &[u8]); 4] = [
        ("manifest.json", manifest.as_bytes()),
        ("de.json", GERMAN.as_bytes()),
        ("color.png", COLOR),
        ("outline.png", OUTLINE),
    ];
    let archive = zipped(&files).ok_or_else(|| anyhow::anyhow!("it is too large"))?;
    Ok(std::fs::write(path, archive)?)
}

fn render<S: SecretForm>(
    config: &Config<S>,
    teams: &Teams<S>,
) -> Result<String, handlebars::RenderError> {
    let public_url = config.service.public_url.as_deref().unwrap_or_default();
    let app = App {
        version: env!("CARGO_PKG_VERSION"),
        app_id: &teams.app_id,
        public_url,
        host: host(config).unwrap_or_default(),
        resource: resource(config, teams),
    };
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_escape_fn(quoted);
    templates.render_template(MANIFEST, &app)
}

#[cfg(test)]
#[path = "teams_manifest_tests.rs"]
mod tests;
