//! `hallpass manifest slack`: the Slack app that fits the configuration.
//!
//! The wording and the reason for each scope are in `manifests/slack.yaml.hbs`; this file says which
//! parts apply. No secret is looked for: the manifest is needed before there are any.
use super::check::refuse;
use crate::config::{self, Config, Inbound, SecretForm, Slack};
use handlebars::Handlebars;
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const SLACK: &str = include_str!("../../manifests/slack.yaml.hbs");

/// What the manifest depends on.
#[derive(Debug, Serialize)]
struct App<'a> {
    command: &'a str,
    public_url: &'a str,
    is_http: bool,
    is_socket: bool,
    is_organisation: bool,
    writes_to_channels: bool,
    link_people_by_email: bool,
}

/// Writes the manifest, or what is wrong with the configuration.
pub(super) fn slack(path: &Path, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let config = match config::load_without_secrets(path) {
        Ok(config) => config,
        Err(mistakes) => return refuse(&mistakes, out),
    };
    let Some(slack) = &config.service.slack else {
        writeln!(out, "{}: Slack is not enabled; add `[slack]` to it", path.display())?;
        return Ok(ExitCode::FAILURE);
    };
    write!(out, "{}", render(&config, slack)?)?;
    Ok(ExitCode::SUCCESS)
}

fn render<S: SecretForm>(
    config: &Config<S>,
    slack: &Slack<S>,
) -> Result<String, handlebars::RenderError> {
    let is_http = match slack.inbound {
        Inbound::Http { .. } => true,
        Inbound::Socket { .. } => false,
    };
    let app = App {
        command: &slack.command,
        public_url: config.service.public_url.as_deref().unwrap_or_default(),
        is_http,
        is_socket: !is_http,
        is_organisation: slack.workspaces.iter().any(|id| id.starts_with('E')),
        writes_to_channels: slack.alarm_channel.is_some()
            || config.policy.flows.iter().any(|flow| flow.channel.is_some()),
        link_people_by_email: slack.link_people_by_email,
    };
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_escape_fn(quoted);
    templates.render_template(SLACK, &app)
}

/// A text inside double quotes; YAML reads them as JSON does.
pub(super) fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
