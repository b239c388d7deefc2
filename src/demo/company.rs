//! Birch & Bell, running: its workspace, its bot, its target system, and a clock that can be
//! skipped ahead.
use super::home::{Home, random_hex};
use super::slack::{Channel, Member, Workspace, WorkspaceOptions};
use super::target::{Target, Wanted};
use crate::bot::{Bot, Parts};
use crate::clock::{Clock, SkippingClock};
use crate::config;
use anyhow::Context;
use chrono::TimeDelta;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// The six, as the workspace knows them: user id, handle, name, title, locale.
const PEOPLE: &[(&str, &str, &str, &str, &str)] = &[
    ("U0ANA", "ana", "Ana Torres", "Support engineer", "en-US"),
    ("U0BEN", "ben", "Ben Okafor", "Payments lead", "en-GB"),
    ("U0CHLOE", "chloe", "Chloé Martin", "Database administrator, reads German", "de-CH"),
    ("U0DEV", "dev", "Dev Patel", "Platform engineer, admin", "en-US"),
    ("U0EVA", "eva", "Eva Lindqvist", "CTO, admin", "en-US"),
    ("U0FINN", "finn", "Finn Walsh", "Intern", "en-US"),
];

/// The channel where approvers are asked as well.
pub(super) const CHANNEL: &str = "C0ACCESS";

/// The running company.
pub struct Company {
    /// Its chat workspace; `page_url` is where people look.
    pub workspace: Workspace,
    /// Its bot.
    pub bot: Bot,
    /// What the bot gives access to.
    pub(super) target: Target,
    /// Its time.
    pub(super) clock: SkippingClock,
    // Last: the files go after everything that uses them.
    _home: Home,
}

impl Company {
    /// Opens the company for the day; its page is served at `page`, access is given to what is wanted.
    ///
    /// # Errors
    ///
    /// When a server of it cannot start; the message says which.
    pub async fn open(page: SocketAddr, wanted: Wanted) -> anyhow::Result<Self> {
        let home = Home::make()?;
        let target =
            Target::start(home.path(), wanted).await.context("starting the target system")?;
        let clock = SkippingClock::default();
        let keys = Keys::make()?;
        let workspace = Workspace::start(options(page, &clock, &keys, &target))
            .await
            .with_context(|| format!("serving the workspace's page at {page}"))?;
        let file = write_configuration(&home, &workspace.api_url(), &target)?;
        let environment = |name: &str| keys.value(name).or_else(|| target.secret(name));
        let config = config::load_with(&file, &environment)
            .map_err(|mistakes| anyhow::anyhow!("the demo's own configuration: {mistakes}"))?;
        let bot = Bot::start(Parts::of(config, Arc::new(clock.clone()))?).await?;
        workspace.set_bot_url(&format!("http://{}", bot.address));
        bot.app.catalogue_known().await;
        bot.worker.list_all().await;
        Ok(Self { workspace, bot, target, clock, _home: home })
    }

    /// Whether the target is a real PostgreSQL.
    pub fn has_postgres(&self) -> bool {
        self.target.is_postgres()
    }

    /// Closes it: the bot finishes what is in flight, the servers stop, the files go.
    pub async fn close(self) {
        self.bot.stop().await;
        self.workspace.shutdown().await;
    }
}

fn options(
    page: SocketAddr,
    clock: &SkippingClock,
    keys: &Keys,
    target: &Target,
) -> WorkspaceOptions {
    let ahead = clock.clone();
    let members: Vec<Member> = PEOPLE
        .iter()
        .map(|(id, handle, name, title, locale)| Member {
            title: (*title).to_owned(),
            locale: (*locale).to_owned(),
            ..Member::new(id, handle, name, &format!("{handle}@birchbell.example"))
        })
        .collect();
    let everybody: Vec<String> = members.iter().map(|member| member.id.clone()).collect();
    let channel = |id: &str, name: &str, has_bot| Channel {
        id: id.to_owned(),
        name: name.to_owned(),
        members: everybody.clone(),
        has_bot,
        is_archived: false,
    };
    WorkspaceOptions {
        bind: page,
        team_id: "T0DEMO".to_owned(),
        team_name: "Birch & Bell".to_owned(),
        bot_token: keys.bot_token.clone(),
        signing_secret: keys.signing_secret.clone(),
        channels: vec![channel(CHANNEL, "access", true), channel("C0GENERAL", "general", false)],
        members,
        clock: Arc::new(clock.clone()) as Arc<dyn Clock>,
        aside: Some(target.aside()),
        skip: Some(Arc::new(move |step| {
            ahead.skip(TimeDelta::from_std(step).unwrap_or_default());
            Box::pin(async {})
        })),
        ..WorkspaceOptions::default()
    }
}

fn write_configuration(home: &Home, api_url: &str, target: &Target) -> anyhow::Result<PathBuf> {
    let service = include_str!("company/hallpass.toml").replace("@API_URL@", api_url);
    home.keep(&[
        ("hallpass.toml", &service),
        ("directory.toml", include_str!("company/directory.toml")),
        ("catalogue.toml", target.catalogue()),
        ("flows.toml", include_str!("company/flows.toml")),
        ("bundles.toml", include_str!("company/bundles.toml")),
    ])
}

/// Secrets of a day: nobody knows them tomorrow.
struct Keys {
    bot_token: String,
    signing_secret: String,
    master_key: String,
}

impl Keys {
    fn make() -> anyhow::Result<Self> {
        Ok(Self {
            bot_token: format!("xoxb-{}", random_hex()?),
            signing_secret: random_hex()?,
            master_key: random_hex()?,
        })
    }

    fn value(&self, variable: &str) -> Option<String> {
        match variable {
            "HALLPASS_SLACK_BOT_TOKEN" => Some(self.bot_token.clone()),
            "HALLPASS_SLACK_SIGNING_SECRET" => Some(self.signing_secret.clone()),
            "HALLPASS_MASTER_KEY" => Some(self.master_key.clone()),
            _ => None,
        }
    }
}
