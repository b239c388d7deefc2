//! How Hallpass talks to Slack: the `[slack]` table of the service file.
use super::secret::{Check, SecretForm, secret};
use super::section::{Found, Section};
use super::service::address;
use super::words::shown;
use secrecy::SecretString;

/// Slack's own address.
const SLACK_API: &str = "https://slack.com/api";

/// Longest slash command, without its slash: Slack allows 32 characters with it.
const LONGEST_COMMAND: usize = 31;

/// How Hallpass talks to Slack.
#[derive(Debug, Clone)]
pub struct Slack<S: SecretForm = SecretString> {
    /// How events come in.
    pub inbound: Inbound<S>,
    /// What Web API calls carry.
    pub bot_token: S,
    /// The slash command, with its slash.
    pub command: String,
    /// The workspaces (or the organisation) whose people are served; never empty.
    pub workspaces: Vec<String>,
    /// Whether an account is linked to a person by its confirmed address on first contact.
    pub link_people_by_email: bool,
    /// A channel that hears alarms, besides the admins.
    pub alarm_channel: Option<String>,
    /// Where the Web API is, without a slash at the end.
    pub api_url: String,
}

/// How Slack's events come in.
#[derive(Debug, Clone)]
pub enum Inbound<S: SecretForm = SecretString> {
    /// Over connections that we open: no public address needed.
    Socket {
        /// What opens them.
        app_token: S,
    },
    /// Over HTTP to the public address.
    Http {
        /// What Slack signs with.
        signing_secret: S,
    },
}

/// Slack's settings; `Some(None)` when it is switched off.
pub(super) fn read<S: SecretForm>(
    slack: &Section<'_>,
    has_public_url: bool,
) -> Option<Option<Slack<S>>> {
    let is_enabled = slack.yes_or_no("enabled", true);
    let is_http = slack.choice("mode", &[("socket", false), ("http", true)]);
    let mode_is_right = is_http.is_some() || !slack.has("mode");
    let command = command(slack);
    let workspaces = slack_workspaces(slack, is_enabled);
    let link_people_by_email = slack.yes_or_no("link_people_by_email", true);
    let alarm_channel = slack.text("alarm_channel").map(|text| channel(slack, &text));
    let api_url = slack
        .text("api_url")
        .map_or_else(|| Some(SLACK_API.to_owned()), |text| address(slack, &text));
    let secrets = secrets(slack, is_http.unwrap_or(false), is_enabled);
    slack.finish();
    if !is_enabled {
        return Some(None);
    }
    if is_http == Some(true) && !has_public_url {
        let what = "over HTTP Slack must reach Hallpass: set `public_url` at the top of this file, \
                    or use `mode = \"socket\"`";
        slack.reading.mistake(&slack.place("mode"), what);
    }
    let (bot_token, inbound) = secrets?;
    mode_is_right.then_some(())?;
    Some(Some(Slack {
        inbound,
        bot_token,
        command: command?,
        workspaces: workspaces?,
        link_people_by_email,
        alarm_channel: alarm_channel.map_or(Some(None), |read| read.map(Some))?,
        api_url: api_url?,
    }))
}

/// The bot token and what the mode needs; none is looked for while Slack is switched off.
fn secrets<S: SecretForm>(
    slack: &Section<'_>,
    is_http: bool,
    is_enabled: bool,
) -> Option<(S, Inbound<S>)> {
    let bot: Check = |text| {
        let is_bot = text.starts_with("xoxb-") || text.starts_with("xoxe.xoxb-");
        is_bot.then_some(()).ok_or("holds no bot token; those begin with xoxb-")
    };
    let app: Check = |text| {
        let is_app = text.starts_with("xapp-");
        is_app.then_some(()).ok_or("holds no app-level token; those begin with xapp-")
    };
    for known in ["bot_token_file", "app_token_file", "signing_secret_file"] {
        slack.has(known);
    }
    if !is_enabled {
        return None;
    }
    let token = secret(slack, "bot_token_file", "HALLPASS_SLACK_BOT_TOKEN", bot);
    let inbound = if is_http {
        let name = "HALLPASS_SLACK_SIGNING_SECRET";
        let signing_secret = secret(slack, "signing_secret_file", name, |_| Ok(()));
        signing_secret.map(|signing_secret| Inbound::Http { signing_secret })
    } else {
        let app_token = secret(slack, "app_token_file", "HALLPASS_SLACK_APP_TOKEN", app);
        app_token.map(|app_token| Inbound::Socket { app_token })
    };
    Some((token?, inbound?))
}

/// The workspaces named under `[slack]`, whether it is enabled or not: pinned accounts are in them.
pub(super) fn workspaces(root: &Section<'_>) -> Vec<String> {
    let slack = root.section("slack");
    let named = slack.map(|slack| slack.texts("workspace")).unwrap_or_default();
    named.into_iter().map(|team| team.value.to_owned()).collect()
}

fn command(slack: &Section<'_>) -> Option<String> {
    let Some(text) = slack.text("command") else {
        return (!slack.has("command")).then(|| "/access".to_owned());
    };
    let word = text.value.strip_prefix('/').unwrap_or_default();
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if word.is_empty() || word.len() > LONGEST_COMMAND || !word.chars().all(is_word) {
        let what = format!(
            "{} is no slash command; write `/` and at most 31 lower-case letters, digits, `-` or `_`",
            shown(text.value)
        );
        slack.reading.mistake(&text.place, what);
        return None;
    }
    Some(text.value.to_owned())
}

fn slack_workspaces(slack: &Section<'_>, is_enabled: bool) -> Option<Vec<String>> {
    let named = slack.texts("workspace");
    if !slack.has("workspace") && is_enabled {
        let what = "missing; write the workspace's id, `workspace = \"T0123ABCDEF\"`: it is in the \
                    address of Slack in a browser, https://app.slack.com/client/T0123ABCDEF";
        slack.reading.mistake(&slack.place("workspace"), what);
    }
    let read = |team: &Found<&str>| {
        if !is_platform_id(team.value, &['T', 'E']) {
            let what = format!(
                "{} is no workspace id; those look like T0123ABCDEF (E… for an organisation)",
                shown(team.value)
            );
            slack.reading.mistake(&team.place, what);
            return None;
        }
        Some(team.value.to_owned())
    };
    let teams: Option<Vec<String>> = named.iter().map(read).collect();
    teams.filter(|teams| !teams.is_empty())
}

/// A Slack channel's id.
pub(super) fn channel(section: &Section<'_>, text: &Found<&str>) -> Option<String> {
    if !is_platform_id(text.value, &['C', 'G']) {
        let what = format!(
            "{} is no channel id; those look like C0123ABCDEF (in Slack: the channel's details, at \
             the bottom)",
            shown(text.value)
        );
        section.reading.mistake(&text.place, what);
        return None;
    }
    Some(text.value.to_owned())
}

/// Whether a text is one of Slack's ids, beginning with one of these letters.
pub(super) fn is_platform_id(text: &str, begins: &[char]) -> bool {
    let is_rest = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let rest = text.strip_prefix(begins).unwrap_or_default();
    (5..=24).contains(&rest.len()) && rest.chars().all(is_rest)
}
