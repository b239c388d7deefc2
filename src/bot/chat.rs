//! The chat platforms, wired: what each lets in, and what carries messages to it.
use crate::app::App;
use crate::chat::Messenger;
use crate::chat::slack::api::SlackApi;
use crate::chat::slack::verify::SigningSecret;
use crate::chat::slack::{self, Slack, SlackSettings, socket};
use crate::chat::teams::api::{ApiSettings, TeamsApi};
use crate::chat::teams::door::{BotDoor, DoorSettings};
use crate::chat::teams::{self, Teams, TeamsSettings};
use crate::clock::Clock;
use crate::config::{self, Inbound, Service};
use crate::health::Health;
use crate::http;
use crate::http::slack::SlackDoor;
use crate::http::teams::TeamsDoor;
use anyhow::Context;
use axum::Router;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What the platforms are wired into.
pub(super) struct Around<'a> {
    pub(super) app: &'a App,
    pub(super) health: &'a Health,
    pub(super) stop: &'a CancellationToken,
    pub(super) tasks: &'a TaskTracker,
}

/// The platforms that are enabled.
#[derive(Default)]
pub(super) struct Chat {
    pub(super) routes: Router,
    pub(super) messengers: Vec<Arc<dyn Messenger>>,
    /// What was taken from Slack and is to be finished at the end.
    pub(super) from_slack: Option<slack::Dispatch>,
    /// The same of Teams.
    pub(super) from_teams: Option<teams::Dispatch>,
}

/// Wires every platform that is enabled.
pub(super) fn platforms(
    service: &Service,
    clock: &Arc<dyn Clock>,
    around: &Around<'_>,
) -> anyhow::Result<Chat> {
    let mut chat = Chat::default();
    if let Some(settings) = &service.slack {
        chat.add_slack(settings, service, clock, around)?;
    }
    if let Some(settings) = &service.teams {
        chat.add_teams(settings, service, clock, around)?;
    }
    Ok(chat)
}

impl Chat {
    fn add_slack(
        &mut self,
        settings: &config::Slack,
        service: &Service,
        clock: &Arc<dyn Clock>,
        around: &Around<'_>,
    ) -> anyhow::Result<()> {
        let api = SlackApi::new(&settings.api_url, settings.bot_token.clone())?;
        let ours = SlackSettings {
            command: settings.command.clone(),
            workspaces: settings.workspaces.iter().cloned().collect(),
            links_by_email: settings.link_people_by_email,
            language: service.language,
        };
        let kept = (around.tasks.clone(), around.health.part("slack app"));
        let slack = Slack::new(around.app.clone(), api.clone(), ours, kept);
        let dispatch = slack::Dispatch::new(slack.handler());
        self.from_slack = Some(dispatch.clone());
        match &settings.inbound {
            Inbound::Http { signing_secret } => {
                let secret = SigningSecret::new(signing_secret);
                let door = SlackDoor::new(secret, dispatch, Arc::clone(clock));
                self.routes = std::mem::take(&mut self.routes).merge(http::slack::routes(door));
            }
            Inbound::Socket { app_token } => {
                let (token, health) = (app_token.clone(), around.health.clone());
                let stop = around.stop.clone();
                around.tasks.spawn(async move {
                    socket::run(api, token, dispatch, &health, stop).await;
                });
            }
        }
        self.messengers.push(slack);
        Ok(())
    }

    fn add_teams(
        &mut self,
        settings: &config::Teams,
        service: &Service,
        clock: &Arc<dyn Clock>,
        around: &Around<'_>,
    ) -> anyhow::Result<()> {
        let ours = DoorSettings {
            app_id: settings.app_id.clone(),
            tenants: settings.tenants.iter().cloned().collect(),
            metadata_url: settings.metadata_url.clone(),
            service_url: settings.service_url.clone(),
        };
        let door = BotDoor::new(ours).context("setting up `[teams]`")?;
        let api = TeamsApi::new(ApiSettings {
            app_id: settings.app_id.clone(),
            client_secret: settings.client_secret.clone(),
            token_url: settings.token_url.clone(),
            service_url: settings.service_url.clone(),
            clock: Arc::clone(clock),
            health: around.health.part("teams app"),
        });
        let ours = TeamsSettings {
            tenants: settings.tenants.iter().cloned().collect(),
            links_by_email: settings.link_people_by_email,
            language: service.language,
            service_url: settings.service_url.clone(),
        };
        let api = api.context("setting up `[teams]`")?;
        let teams = Teams::new(around.app.clone(), api, ours, around.tasks.clone());
        let dispatch = teams::Dispatch::new(teams.handler());
        self.from_teams = Some(dispatch.clone());
        let door = TeamsDoor::new(door, dispatch, Arc::clone(clock));
        self.routes = std::mem::take(&mut self.routes).merge(http::teams::routes(door));
        self.messengers.push(teams);
        Ok(())
    }
}
