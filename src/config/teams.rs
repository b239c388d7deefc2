//! How Hallpass talks to Microsoft Teams: the `[teams]` table of the service file.
use super::mistake::Reading;
use super::secret::{SecretForm, secret};
use super::section::{Found, Section};
use super::service::address;
use super::words::shown;
use secrecy::SecretString;
use std::net::SocketAddr;
use url::Url;

/// The public cloud's Connector, until a conversation names its own.
const SERVICE_URL: &str = "https://smba.trafficmanager.net/teams/";
/// Where the Bot Framework says where its keys are.
const METADATA_URL: &str = "https://login.botframework.com/v1/.well-known/openidconfiguration";
/// Where Entra signs people in.
const AUTHORITY_URL: &str = "https://login.microsoftonline.com";
/// Microsoft's hosts, as the Connector's client knows them; it refuses every other.
const HOSTS: [&str; 3] = ["smba.trafficmanager.net", ".botframework.com", ".teams.microsoft.com"];
/// What an id looks like, in messages.
const ID: &str = "1a2b3c4d-0000-4000-8000-1234567890ab";

/// How Hallpass talks to Teams.
#[derive(Debug, Clone)]
pub struct Teams<S: SecretForm = SecretString> {
    /// The app's id, in lower case.
    pub app_id: String,
    /// The tenant that the bot is registered in, in lower case.
    pub tenant: String,
    /// The tenants whose people are served, in lower case; never empty.
    pub tenants: Vec<String>,
    /// What the app gets its tokens with.
    pub client_secret: S,
    /// Whether an account is linked to a person by its address on first contact.
    pub link_people_by_email: bool,
    /// A channel that hears alarms, besides the admins.
    pub alarm_channel: Option<String>,
    /// Where the Connector is until a conversation names its own, with a slash at the end.
    pub service_url: String,
    /// Where the Bot Framework says where its keys are.
    pub metadata_url: String,
    /// Where tokens are given out.
    pub token_url: String,
    /// Whether the web pages are a tab in Teams.
    pub has_tab: bool,
    /// Where Entra signs people in, without a slash at the end.
    pub authority_url: String,
}

/// What the rest of the service file says that matters here.
pub(super) struct Beside {
    /// Whether there is a `public_url`.
    pub(super) has_public_url: bool,
    /// Whether that is reached without TLS.
    pub(super) is_plain: bool,
    /// Where HTTP is served.
    pub(super) listen: Option<SocketAddr>,
}

/// Teams' settings; `Some(None)` when it is switched off.
pub(super) fn read<S: SecretForm>(
    teams: &Section<'_>,
    beside: &Beside,
) -> Option<Option<Teams<S>>> {
    let is_enabled = teams.yes_or_no("enabled", true);
    let app_id = teams.needed_text("app_id", &format!("\"{ID}\""));
    let app_id = app_id.and_then(|text| id(teams.reading, &text, "app"));
    let tenant = teams.needed_text("tenant", &format!("\"{ID}\""));
    let tenant = tenant.and_then(|text| id(teams.reading, &text, "tenant"));
    let tenants = served(teams, tenant.as_deref());
    let link_people_by_email = teams.yes_or_no("link_people_by_email", true);
    let alarm_channel = teams.text("alarm_channel").map(|text| channel(teams, &text));
    let urls = urls(teams, tenant.as_deref(), beside);
    let has_tab = tab(teams, beside);
    let variable = "HALLPASS_TEAMS_CLIENT_SECRET";
    teams.has("client_secret_file");
    let client_secret =
        is_enabled.then(|| secret::<S>(teams, "client_secret_file", variable, |_| Ok(())));
    teams.finish();
    if !is_enabled {
        return Some(None);
    }
    if !beside.has_public_url {
        let what = "Teams must reach Hallpass: set `public_url` at the top of this file";
        teams.reading.mistake(&teams.here(), what);
    }
    let (service_url, metadata_url, token_url, authority_url) = urls?;
    Some(Some(Teams {
        app_id: app_id?,
        tenant: tenant?,
        tenants: tenants?,
        client_secret: client_secret.flatten()?,
        link_people_by_email,
        alarm_channel: alarm_channel.map_or(Some(None), |read| read.map(Some))?,
        service_url,
        metadata_url,
        token_url,
        has_tab: has_tab?,
        authority_url,
    }))
}

/// Whether there is a tab: where it is asked for, and pages that it can show.
fn tab(teams: &Section<'_>, beside: &Beside) -> Option<bool> {
    let is_wanted = teams.yes_or_no("tab", false);
    if is_wanted && beside.is_plain {
        let what =
            "Teams shows no page without TLS: `public_url` must begin with https:// for a tab";
        teams.reading.mistake(&teams.place("tab"), what);
        return None;
    }
    Some(is_wanted)
}

/// The tenants named under `[teams]`, whether it is enabled or not: pinned accounts are in them.
pub(super) fn tenants(root: &Section<'_>) -> Vec<String> {
    let Some(teams) = root.section("teams") else { return Vec::new() };
    let mut named = teams.texts("tenants");
    if named.is_empty() {
        named.extend(teams.text("tenant"));
    }
    named.iter().map(|tenant| tenant.value.to_ascii_lowercase()).collect()
}

/// Whose people are served: those of the bot's own tenant where nothing is said.
fn served(teams: &Section<'_>, own: Option<&str>) -> Option<Vec<String>> {
    if !teams.has("tenants") {
        return own.map(|own| vec![own.to_owned()]);
    }
    let named = teams.texts("tenants");
    let read: Option<Vec<String>> =
        named.iter().map(|text| id(teams.reading, text, "tenant")).collect();
    read.filter(|read| !read.is_empty())
}

/// The addresses: Microsoft's own unless others are named.
fn urls(
    teams: &Section<'_>,
    tenant: Option<&str>,
    beside: &Beside,
) -> Option<(String, String, String, String)> {
    let token_url = tenant
        .map(|tenant| format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"));
    let service_url = url(teams, "service_url", Some(SERVICE_URL.to_owned()), beside);
    let metadata_url = url(teams, "metadata_url", Some(METADATA_URL.to_owned()), beside);
    let token_url = url(teams, "token_url", token_url, beside);
    let authority_url = url(teams, "authority_url", Some(AUTHORITY_URL.to_owned()), beside);
    let authority_url = authority_url.map(|url| url.trim_end_matches('/').to_owned());
    let service_url = service_url.map(|url| format!("{}/", url.trim_end_matches('/')));
    let service_url = service_url.filter(|url| {
        let is_microsofts = is_connector(url);
        if !is_microsofts {
            let what = format!(
                "{} is not Microsoft's: no token goes there; allowed: {SERVICE_URL}, or \
                 https://smba.infra.gcc.teams.microsoft.com/teams/ for GCC",
                shown(url)
            );
            teams.reading.mistake(&teams.place("service_url"), what);
        }
        is_microsofts
    });
    Some((service_url?, metadata_url?, token_url?, authority_url?))
}

fn url(
    teams: &Section<'_>,
    key: &'static str,
    usual: Option<String>,
    beside: &Beside,
) -> Option<String> {
    let Some(text) = teams.text(key) else { return usual.filter(|_| !teams.has(key)) };
    let url = address(teams, &text)?;
    let is_public = beside.listen.is_some_and(|listen| !listen.ip().is_loopback());
    if url.starts_with("http:") && is_public {
        let what = "an address without TLS is for rehearsals on this machine, and then `listen` must \
                    be on this machine too: 127.0.0.1:8080";
        teams.reading.mistake(&text.place, what);
        return None;
    }
    Some(url)
}

/// Whether an address is a Connector of Microsoft's, or a rehearsal's on this machine.
fn is_connector(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    let is_theirs = |name: &&str| host == *name || (name.starts_with('.') && host.ends_with(*name));
    url.scheme() == "http" || (url.port().is_none() && HOSTS.iter().any(is_theirs))
}

/// An id of Entra's, in lower case.
pub(super) fn id(reading: &Reading<'_>, text: &Found<&str>, of_what: &str) -> Option<String> {
    if !is_entra_id(text.value) {
        let what = format!("{} is no id of Entra's; {}", shown(text.value), where_it_is(of_what));
        reading.mistake(&text.place, what);
        return None;
    }
    Some(text.value.to_ascii_lowercase())
}

/// Where people find an id.
fn where_it_is(of_what: &str) -> String {
    let place = match of_what {
        "app" => "\"Microsoft App ID\" on the bot's Configuration page",
        "tenant" => "\"Tenant ID\" on the overview of Microsoft Entra ID",
        _ => "\"Object ID\" on the user's page in Microsoft Entra ID",
    };
    format!("it looks like {ID} (in Azure: {place})")
}

/// Eight, four, four, four and twelve hexadecimal digits.
fn is_entra_id(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    let is_digit = |c: char| c.is_ascii_hexdigit() || c == '-';
    lengths.eq([8, 4, 4, 4, 12]) && text.chars().all(is_digit)
}

/// Whether a text can only be a Teams channel's id.
pub(super) fn is_channel_like(text: &str) -> bool {
    text.starts_with("19:") || text.contains("@thread.")
}

/// A Teams channel's id.
pub(super) fn channel(section: &Section<'_>, text: &Found<&str>) -> Option<String> {
    let inner = text.value.strip_prefix("19:").and_then(|rest| rest.split_once("@thread."));
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_channel = inner.is_some_and(|(name, kind)| {
        !name.is_empty() && name.chars().all(is_part) && ["tacv2", "skype"].contains(&kind)
    });
    if !is_channel {
        let what = format!(
            "{} is no channel id; those look like 19:…@thread.tacv2 (in Teams: the channel's menu, \
             Get link to channel; the part after /channel/, with %3a read as : and %40 as @)",
            shown(text.value)
        );
        section.reading.mistake(&text.place, what);
        return None;
    }
    Some(text.value.to_owned())
}
