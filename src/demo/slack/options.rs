//! What a workspace is made of: its team, members, channels and secrets.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::clock::{Clock, SystemClock};

/// Says what the target system holds right now, as `{title, lines}`.
pub type Aside = Arc<dyn Fn() -> BoxFuture<'static, Value> + Send + Sync>;
/// Moves the bot's clock on.
pub type Skip = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

/// Everything that can be chosen about a workspace.
#[derive(Clone)]
pub struct WorkspaceOptions {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// The team's id, `T…`.
    pub team_id: String,
    /// The team's name.
    pub team_name: String,
    /// The bot's token, `xoxb-…`.
    pub bot_token: String,
    /// The app-level token for Socket Mode, `xapp-…`.
    pub app_token: String,
    /// What requests to the bot are signed with.
    pub signing_secret: String,
    /// The slash command, with its slash.
    pub command: String,
    /// The bot's name, as people see it.
    pub bot_name: String,
    /// The people, and other apps' bots.
    pub members: Vec<Member>,
    /// The channels; direct messages with the bot are made as needed.
    pub channels: Vec<Channel>,
    /// User groups.
    pub groups: Vec<UserGroup>,
    /// The time that messages and signatures carry.
    pub clock: Arc<dyn Clock>,
    /// How long the bot may take to acknowledge; Slack gives 3 s.
    pub ack_within: Duration,
    /// The waits before an event is sent again; Slack's are none, 1 min, 5 min.
    pub event_retries: Vec<Duration>,
    /// Whether messages that come too fast for one conversation are refused.
    pub minds_pace: bool,
    /// Draws the target system beside the page.
    pub aside: Option<Aside>,
    /// Moves the bot's clock on from the page.
    pub skip: Option<Skip>,
}

impl std::fmt::Debug for WorkspaceOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkspaceOptions")
            .field("bind", &self.bind)
            .field("team_id", &self.team_id)
            .finish_non_exhaustive()
    }
}

impl Default for WorkspaceOptions {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            team_id: "T0LOCAL".to_owned(),
            team_name: "Local".to_owned(),
            bot_token: "xoxb-local".to_owned(),
            app_token: "xapp-local".to_owned(),
            signing_secret: "local-signing-secret".to_owned(),
            command: "/access".to_owned(),
            bot_name: "Hallpass".to_owned(),
            members: Vec::new(),
            channels: Vec::new(),
            groups: Vec::new(),
            clock: Arc::new(SystemClock),
            ack_within: Duration::from_secs(3),
            event_retries: [0, 60, 300].map(Duration::from_secs).to_vec(),
            minds_pace: false,
            aside: None,
            skip: None,
        }
    }
}

/// One member of the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// `U…`.
    pub id: String,
    /// The handle, without `@`.
    pub name: String,
    /// The name as shown.
    pub real_name: String,
    /// The address, empty when Slack would not tell.
    pub email: String,
    /// What they do.
    pub title: String,
    /// What they read, `de-DE`; American English where it is empty.
    pub locale: String,
    /// The home team when it is not this one.
    pub other_team: Option<String>,
    /// Deactivated.
    pub deleted: bool,
    /// Not a person.
    pub is_bot: bool,
    /// A multi-channel guest.
    pub is_restricted: bool,
    /// A single-channel guest.
    pub is_ultra_restricted: bool,
    /// Somebody of another workspace, seen through a shared channel.
    pub is_stranger: bool,
}

impl Member {
    /// Makes a full member of this workspace.
    pub fn new(id: &str, name: &str, real_name: &str, email: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            real_name: real_name.to_owned(),
            email: email.to_owned(),
            ..Self::default()
        }
    }
}

/// One channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Channel {
    /// `C…`.
    pub id: String,
    /// The name, without `#`.
    pub name: String,
    /// Ids of the people in it.
    pub members: Vec<String>,
    /// True when the bot was invited.
    pub has_bot: bool,
    /// True when nobody can post any more.
    pub is_archived: bool,
}

/// One user group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserGroup {
    /// `S…`.
    pub id: String,
    /// The handle, without `@`.
    pub name: String,
    /// Ids of the people in it.
    pub members: Vec<String>,
}
