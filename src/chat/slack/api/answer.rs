//! What the Web API answers, as far as we use it; everything else is passed over.
use secrecy::SecretString;
use serde::Deserialize;

/// Who and where this app is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Workspace {
    /// The workspace.
    pub team_id: String,
    /// The organisation, where the workspace is part of one.
    #[serde(default)]
    pub enterprise_id: Option<String>,
    /// The app's own user, who writes its messages.
    pub user_id: String,
    /// The app's bot id.
    #[serde(default)]
    pub bot_id: Option<String>,
}

/// Where a message is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Posted {
    /// The channel or direct message; updates need this id, not the person's.
    pub channel: String,
    /// When it was posted: its id in the channel.
    pub ts: String,
}

/// A view that is on somebody's screen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownView {
    /// Which.
    pub id: String,
    /// Which version of it, to guard an update with.
    #[serde(default)]
    pub hash: String,
}

/// What Slack says of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct UserFacts {
    /// The account.
    pub id: String,
    /// Its home workspace.
    pub team_id: Option<String>,
    /// Its organisation.
    pub enterprise_id: Option<String>,
    /// The address, unless Slack says that it is unconfirmed.
    pub email: Option<String>,
    /// It was deactivated.
    pub deleted: bool,
    /// Whether a program is behind it.
    pub is_bot: bool,
    /// Whether it is a guest's.
    pub is_restricted: bool,
    /// Whether it is a guest's of one channel.
    pub is_ultra_restricted: bool,
    /// Whether it is another workspace's, met in a shared channel.
    pub is_stranger: bool,
    /// Time zone, for example `Europe/Lisbon`.
    pub time_zone: Option<String>,
    /// Language, for example `en-US`.
    pub locale: Option<String>,
}

impl std::fmt::Debug for UserFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address is personal and stays out of logs.
        f.debug_struct("UserFacts").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
pub(super) struct Connection {
    pub(super) url: SecretString,
}

#[derive(Deserialize)]
pub(super) struct View {
    pub(super) view: ShownView,
}

#[derive(Deserialize)]
pub(super) struct User {
    user: Member,
}

#[derive(Deserialize)]
struct Member {
    id: String,
    #[serde(default)]
    team_id: Option<String>,
    #[serde(default)]
    deleted: Option<bool>,
    #[serde(default)]
    is_bot: Option<bool>,
    #[serde(default)]
    is_restricted: Option<bool>,
    #[serde(default)]
    is_ultra_restricted: Option<bool>,
    #[serde(default)]
    is_stranger: Option<bool>,
    #[serde(default)]
    is_email_confirmed: Option<bool>,
    #[serde(default)]
    tz: Option<String>,
    #[serde(default)]
    locale: Option<String>,
    #[serde(default)]
    profile: Option<Profile>,
    #[serde(default)]
    enterprise_user: Option<EnterpriseUser>,
}

#[derive(Deserialize)]
struct Profile {
    #[serde(default)]
    email: Option<String>,
}

#[derive(Deserialize)]
struct EnterpriseUser {
    #[serde(default)]
    enterprise_id: Option<String>,
}

/// Slack's own helper; its flags say that it is no bot.
const SLACKBOT: &str = "USLACKBOT";

impl User {
    pub(super) fn facts(self) -> UserFacts {
        let user = self.user;
        let is_confirmed = user.is_email_confirmed.unwrap_or(true);
        let email = user.profile.and_then(|profile| profile.email);
        UserFacts {
            email: email.filter(|email| is_confirmed && !email.is_empty()),
            deleted: user.deleted.unwrap_or_default(),
            is_bot: user.is_bot.unwrap_or_default() || user.id == SLACKBOT,
            is_restricted: user.is_restricted.unwrap_or_default(),
            is_ultra_restricted: user.is_ultra_restricted.unwrap_or_default(),
            is_stranger: user.is_stranger.unwrap_or_default(),
            team_id: user.team_id,
            enterprise_id: user.enterprise_user.and_then(|user| user.enterprise_id),
            time_zone: user.tz,
            locale: user.locale,
            id: user.id,
        }
    }
}
