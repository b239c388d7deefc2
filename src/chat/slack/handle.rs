//! Everything Slack sends, in one place: acknowledged at once, worked on after it.
use super::api::SlackApi;
use super::payload::{Command, Interaction, app_gone, home_opened};
use super::views::view;
pub(super) use super::way::{Trouble, Way, Why};
use super::{Ack, Handler, Inbound, form};
use crate::app::{ActError, App};
use crate::chat::answers;
use crate::chat::standings::{Nobody, Standings};
use crate::domain::language::Language;
use crate::domain::person::Account;
use crate::health::Part;
use crate::show::Voice;
use crate::show::forms::Notice;
use crate::show::{templates, texts};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use tokio_util::task::TaskTracker;

/// The title of what says no more than its line.
pub(super) const NAME: &str = "Hallpass";

/// What the adapter is told by the configuration.
#[derive(Debug, Clone)]
pub struct SlackSettings {
    /// The slash command, with its slash.
    pub command: String,
    /// Workspaces (or enterprises) whose people may use Hallpass.
    pub workspaces: BTreeSet<String>,
    /// Whether a confirmed address links an account on first contact.
    pub links_by_email: bool,
    /// What is written in channels, and to whoever reads no language that there are texts in.
    pub language: Language,
}

/// The Slack side of Hallpass.
pub struct Slack {
    app: App,
    api: SlackApi,
    settings: SlackSettings,
    standings: Standings,
    turns: form::Turns,
    tasks: TaskTracker,
    health: Part,
    /// Itself, for what goes on after its asker stopped waiting.
    me: Weak<Self>,
}

impl Slack {
    /// The adapter over this application and this client; background work runs on `tasks`, and
    /// `health` is told when the app is gone from its workspace.
    pub fn new(
        app: App,
        api: SlackApi,
        settings: SlackSettings,
        (tasks, health): (TaskTracker, Part),
    ) -> Arc<Self> {
        health.well();
        let (standings, turns) = (Standings::default(), form::Turns::default());
        Arc::new_cyclic(|me| {
            let me = Weak::clone(me);
            Self { app, api, settings, standings, turns, tasks, health, me }
        })
    }

    /// The one handler that HTTP and the socket feed.
    pub fn handler(self: &Arc<Self>) -> Handler {
        let slack = Arc::clone(self);
        Arc::new(move |inbound| {
            let slack = Arc::clone(&slack);
            Box::pin(async move { slack.handle(inbound).await })
        })
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    pub(super) fn api(&self) -> &SlackApi {
        &self.api
    }

    pub(super) fn workspaces(&self) -> &BTreeSet<String> {
        &self.settings.workspaces
    }

    pub(super) fn links_by_email(&self) -> bool {
        self.settings.links_by_email
    }

    pub(super) fn default_language(&self) -> Language {
        self.settings.language
    }

    pub(super) fn command_word(&self) -> &str {
        &self.settings.command
    }

    pub(super) fn standings(&self) -> &Standings {
        &self.standings
    }

    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Itself, to be kept; `None` only while everything ends.
    pub(super) fn shared(&self) -> Option<Arc<Self>> {
        self.me.upgrade()
    }

    pub(super) fn turns(&self) -> &form::Turns {
        &self.turns
    }

    async fn handle(self: Arc<Self>, inbound: Inbound) -> Ack {
        match inbound {
            Inbound::Command(form) => match Command::read(&form) {
                Some(command) => self.command(command).await,
                None => unread("command"),
            },
            Inbound::Interaction(payload) => match Interaction::read(&payload) {
                Some(Interaction::Click(click)) => self.click(click),
                Some(Interaction::Submission { from, view }) => {
                    self.app.catalogue_known().await;
                    self.submission(from, view).await
                }
                Some(Interaction::Search { from, text, action, view }) => {
                    self.app.catalogue_known().await;
                    self.search(&from, (&action, &text), view.as_ref()).await
                }
                Some(Interaction::Shortcut { from, trigger, message }) => {
                    let way = Way {
                        from,
                        trigger: Some(trigger),
                        response_url: None,
                        is_click: true,
                        copy: None,
                        over: None,
                    };
                    self.later(move |slack| async move {
                        slack.open_quoting(&way, &message.unwrap_or_default()).await
                    });
                    Ack::default()
                }
                Some(Interaction::Other) => Ack::default(),
                None => unread("interaction"),
            },
            Inbound::Event(event) => {
                if let Some((workspace, sentence)) = app_gone(&event)
                    && self.workspaces().contains(&workspace)
                {
                    self.health.ails(sentence);
                }
                if let Some(from) = home_opened(&event) {
                    self.look_again(&from);
                    self.later(|slack| async move { slack.open_home(&from).await });
                }
                Ack::default()
            }
        }
    }

    /// What a form that was sent becomes.
    pub(super) async fn submitted(
        self: &Arc<Self>,
        from: &Account,
        view: super::payload::View,
    ) -> Ack {
        match view.callback.as_str() {
            form::CHOOSE | form::REVIEW => self.go_on(from, view).await,
            form::FINISH => self.submit_request(from, view).await,
            "decide" => self.submit_decision(from, view).await,
            "end" => self.submit_end(from, view).await,
            _ => Ack::default(),
        }
    }

    /// Runs work after the acknowledgement; what goes wrong is told to the person it was for.
    pub(super) fn later<F, W>(self: &Arc<Self>, work: F)
    where
        F: FnOnce(Arc<Self>) -> W,
        W: Future<Output = Result<(), Trouble>> + Send + 'static,
    {
        let slack = Arc::clone(self);
        let work = work(Arc::clone(self));
        self.tasks.spawn(async move {
            slack.app.catalogue_known().await;
            if let Err(Trouble { way, why }) = work.await {
                slack.tell_trouble(&way, &why).await;
            }
        });
    }

    /// Answers a button of an older version, or a forged one: nothing is done, and that is said.
    pub(super) async fn say_dead_button(&self, way: &Way) {
        let line = texts::say(self.language(&way.from).await, "button-dead", []);
        self.say(way, &Notice::new(NAME, line)).await;
    }

    async fn tell_trouble(&self, way: &Way, why: &Why) {
        // Slack sent it twice and the first one opened its view: all is well.
        if matches!(why, Why::Slack(error) if error.is_repeat()) {
            return;
        }
        self.audit_refusal(&way.from, why).await;
        let notice = self.notice_of(self.language(&way.from).await, why);
        self.say(way, &notice).await;
        if let (Why::Act(ActError::Late(_, record, _)), Some(copy)) = (why, &way.copy) {
            self.close_copy(&way.from, copy, record).await;
        }
    }

    /// Records that somebody who is nobody here was refused.
    pub(super) async fn audit_refusal(&self, from: &Account, why: &Why) {
        let Why::Nobody(Nobody::Stranger(stranger)) = why else { return };
        let account = format!("{}/{}", from.workspace, from.user);
        tracing::info!(reason = %stranger, "an account that is nobody here was refused");
        if let Err(error) = self.app.audit_stranger(&stranger.to_string(), &account).await {
            tracing::error!(error = &error as &dyn std::error::Error, "writing the audit");
        }
    }

    /// The sentence for what went wrong; details of ours stay in the log.
    pub(super) fn notice_of(&self, language: Language, why: &Why) -> Notice {
        let policy = self.app.policy();
        let voice = Voice::new(&policy.policy, language);
        let ours = || Notice::new(NAME, voice.say("error-ours", []));
        let command = self.settings.command.as_str();
        let with_command = |key| Notice::new(NAME, voice.say(key, [("command", command.into())]));
        let beyond_slack = || with_command("error-view");
        match why {
            Why::Nobody(nobody) => Notice::new(NAME, nobody.sentence(voice)),
            Why::Act(ActError::Late(_, record, why)) => {
                crate::show::forms::late(voice, record, *why, command)
            }
            Why::Act(ActError::NotExtended(id, record, why)) => {
                let lines = crate::show::ending::not_extended(voice, record, why);
                Notice { title: id.to_string(), lines, quote: None }
            }
            Why::Act(error @ (ActError::Store(_) | ActError::Seal | ActError::CutShort)) => {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "acting for a person failed"
                );
                ours()
            }
            Why::Act(error) => Notice::new(NAME, answers::act_error(voice, error)),
            Why::Slack(error) if error.is_ours() => {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "Slack refused a view of ours"
                );
                beyond_slack()
            }
            Why::Slack(error) => {
                tracing::warn!(
                    error = error as &dyn std::error::Error,
                    "Slack did not take a view"
                );
                with_command("error-slack-slow")
            }
            Why::Show(error) => {
                tracing::error!(error = error as &dyn std::error::Error, "a view cannot be drawn");
                beyond_slack()
            }
        }
    }

    /// Says something to one person alone: in a modal while the click's trigger lives, else beside
    /// the message it came from, else in their direct messages.
    pub(super) async fn say(&self, way: &Way, notice: &Notice) {
        let language = self.language(&way.from).await;
        if let (Some(_), Ok(view)) = (&way.trigger, view(language, "notice", notice)) {
            match self.open(way, view).await {
                Ok(_) => return,
                // Slack sent it twice, and the first one was answered.
                Err(error) if error.is_repeat() => return,
                Err(_) => {}
            }
        }
        let text = templates::mrkdwn_text(&notice.lines.join("\n"));
        if let Some(url) = &way.response_url {
            let body = json!({
                "response_type": "ephemeral", "replace_original": false, "text": text,
            });
            if self.api.respond(url, body).await.is_ok() {
                return;
            }
        }
        if let Err(error) = self.api.post(&way.from.user, &text, json!([])).await {
            tracing::error!(error = &error as &dyn std::error::Error, "a person could not be told");
        }
    }
}

/// An answer that only the person who typed the command sees.
pub(super) fn private(text: &str) -> Ack {
    Ack { body: Some(json!({ "response_type": "ephemeral", "text": text })) }
}

/// An answer to a submission that puts another view in the form's place.
pub(super) fn replace_view(view: &Value) -> Ack {
    Ack { body: Some(json!({ "response_action": "update", "view": view })) }
}

fn unread(what: &'static str) -> Ack {
    tracing::warn!(what, "Slack sent something that lacks who it is from or what it is about");
    Ack::default()
}
