//! Everything that Teams sends, in one place. Messages are acknowledged at once and worked on after
//! it; what awaits an answer gets one in time, whatever is slow.
use super::activity::{Activity, By, Invoke, What};
use super::answers::{self, Reply};
use super::api::TeamsApi;
use super::late::{Belated, Done};
use super::{Answer, Handler};
use crate::app::{ActError, App};
use crate::chat::answers as sentences;
use crate::chat::form::fields::Fields;
use crate::chat::standings::{Nobody, Standings};
use crate::domain::language::Language;
use crate::show::Voice;
use crate::show::forms::Notice;
use crate::show::teams::{self as show, Laid};
use crate::show::templates::ShowError;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// The title of what says no more than its line.
pub(super) const NAME: &str = "Hallpass";
/// How people call us in a channel.
pub(super) const MENTION: &str = "@Hallpass";

/// What the adapter is told by the configuration.
#[derive(Debug, Clone)]
pub struct TeamsSettings {
    /// Tenants whose people may use Hallpass.
    pub tenants: BTreeSet<String>,
    /// Whether a confirmed address links an account on first contact.
    pub links_by_email: bool,
    /// What is written in channels, and to whoever reads no language that there are texts in.
    pub language: Language,
    /// Where the Connector is until a conversation names its own.
    pub service_url: String,
}

/// The Teams side of Hallpass.
pub struct Teams {
    app: App,
    api: TeamsApi,
    settings: TeamsSettings,
    standings: Standings,
    tasks: TaskTracker,
    /// Itself, for what goes on after its asker stopped waiting.
    me: Weak<Self>,
}

/// Why something was not done.
#[derive(Debug)]
pub(super) enum Why {
    Nobody(Nobody),
    Act(ActError),
    Show(ShowError),
}

impl From<Nobody> for Why {
    fn from(error: Nobody) -> Self {
        Self::Nobody(error)
    }
}

impl From<ActError> for Why {
    fn from(error: ActError) -> Self {
        Self::Act(error)
    }
}

impl From<ShowError> for Why {
    fn from(error: ShowError) -> Self {
        Self::Show(error)
    }
}

impl Teams {
    /// The adapter over this application and this client; background work runs on `tasks`.
    pub fn new(app: App, api: TeamsApi, settings: TeamsSettings, tasks: TaskTracker) -> Arc<Self> {
        let standings = Standings::default();
        Arc::new_cyclic(|me| {
            let me = Weak::clone(me);
            Self { app, api, settings, standings, tasks, me }
        })
    }

    /// What handles everything that Teams sends.
    pub fn handler(self: &Arc<Self>) -> Handler {
        let teams = Arc::clone(self);
        Arc::new(move |activity| {
            let teams = Arc::clone(&teams);
            Box::pin(async move { teams.handle(activity).await })
        })
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    pub(super) fn api(&self) -> &TeamsApi {
        &self.api
    }

    pub(super) fn tenants(&self) -> &BTreeSet<String> {
        &self.settings.tenants
    }

    pub(super) fn links_by_email(&self) -> bool {
        self.settings.links_by_email
    }

    pub(super) fn default_language(&self) -> Language {
        self.settings.language
    }

    pub(super) fn service_url(&self) -> &str {
        &self.settings.service_url
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

    async fn handle(self: Arc<Self>, activity: Value) -> Answer {
        let Some(Activity { by, what }) = Activity::read(&activity) else {
            tracing::info!("Teams sent something that lacks who it is from or where");
            return Answer::unknown(&activity);
        };
        match what {
            What::Said(text) => self.later(by, |teams, by| async move {
                let done = teams.said(&by, &text).await;
                teams.note_direct(&by).await;
                done
            }),
            What::Pressed(fields) => self.later(by, |teams, by| async move {
                teams.pressed(&by, &fields).await?;
                teams.note_direct(&by).await;
                Ok(())
            }),
            What::Came(true) => self.later(by, |teams, by| async move { teams.greet(&by).await }),
            What::Came(false) => self.later(by, |teams, by| async move { teams.left(&by).await }),
            What::Asked(invoke) => self.asked(by, invoke).await,
            What::Other => Answer::empty(),
        }
    }

    /// Works on a message after it was acknowledged, once, however often and to whichever instance
    /// Teams sends it; what goes wrong is told to its sender.
    fn later<F, W>(self: &Arc<Self>, by: By, work: F) -> Answer
    where
        F: FnOnce(Arc<Self>, By) -> W,
        W: Future<Output = Result<(), Why>> + Send + 'static,
    {
        let teams = Arc::clone(self);
        let work = work(Arc::clone(self), by.clone());
        let working = async move {
            if !teams.is_first(&by).await {
                return;
            }
            teams.app.catalogue_known().await;
            if let Err(why) = work.await {
                let notice = teams.refused(&by, &why).await;
                teams.say(&by, &notice).await;
            }
        };
        self.tasks.spawn(working.in_current_span());
        Answer::empty()
    }

    /// Whether Teams did not send this before. Where the database cannot tell, it is answered: to
    /// hear a thing twice is better than not at all.
    async fn is_first(&self, by: &By) -> bool {
        let Some(key) = &by.key else { return true };
        self.app.is_first(key).await.unwrap_or_else(|error| {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "looking whether a message came before");
            true
        })
    }

    /// Does what awaits an answer; work that takes longer goes on after it.
    async fn asked(self: Arc<Self>, by: By, invoke: Invoke) -> Answer {
        let shape = answers::Shape::of(&invoke);
        let belated = Belated::of(&invoke);
        let (teams, sender) = (Arc::clone(&self), by.clone());
        let work = async move {
            teams.app.catalogue_known().await;
            teams.done(&sender, shape, invoke).await
        };
        let work = self.tasks.spawn(work.in_current_span());
        self.in_time(by, (shape, belated), work).await
    }

    async fn done(&self, by: &By, shape: answers::Shape, invoke: Invoke) -> Done {
        let (reply, fields) = match invoke {
            Invoke::Execute(fields) | Invoke::Dialog(fields) => {
                (self.act(by, shape, &fields).await, fields)
            }
            Invoke::Extension(message) => (self.open_quoting(by, message).await, Fields::default()),
            Invoke::Search { dataset, text } => {
                return Done::Answer(self.search(by, &dataset, &text).await);
            }
            Invoke::Unknown => return Done::Answer(Answer { status: 501, body: None }),
        };
        Done::Reply(match reply {
            Ok(reply) => reply,
            Err(why) => Reply::View(self.refused_in(by, shape, &why, &fields).await),
        })
    }

    /// What a person is told of what was not done; details of ours stay in the log. Somebody who is
    /// nobody here is recorded, and a copy that was pressed too late is rewritten.
    pub(super) async fn refused(&self, by: &By, why: &Why) -> Notice {
        let policy = self.app.policy();
        let voice = Voice::new(&policy.policy, self.language(by));
        let ours = || Notice::new(NAME, voice.say("error-ours", []));
        match why {
            Why::Nobody(nobody) => {
                self.audit_refusal(by, nobody).await;
                Notice::new(NAME, nobody.sentence(voice))
            }
            Why::Act(ActError::Late(_, record, why)) => {
                self.close_copy(by, record).await;
                crate::show::forms::late(voice, record, *why, MENTION)
            }
            Why::Act(ActError::NotExtended(id, record, why)) => {
                let lines = crate::show::ending::not_extended(voice, record, why);
                Notice { title: id.to_string(), lines, quote: None }
            }
            Why::Act(error @ (ActError::Store(_) | ActError::Seal | ActError::CutShort)) => {
                let error = error as &dyn std::error::Error;
                tracing::error!(error, "acting for a person failed");
                ours()
            }
            Why::Act(error) => Notice::new(NAME, sentences::act_error(voice, error)),
            Why::Show(error) => {
                tracing::error!(error = error as &dyn std::error::Error, "a card cannot be drawn");
                Notice::new(NAME, voice.say("teams-too-much", []))
            }
        }
    }

    async fn audit_refusal(&self, by: &By, nobody: &Nobody) {
        let Nobody::Stranger(stranger) = nobody else { return };
        let account = format!("{}/{}", by.account.workspace, by.account.user);
        tracing::info!(reason = %stranger, "an account that is nobody here was refused");
        if let Err(error) = self.app.audit_stranger(&stranger.to_string(), &account).await {
            tracing::error!(error = &error as &dyn std::error::Error, "writing the audit");
        }
    }

    /// A notice as a card.
    pub(super) fn drawn(&self, by: &By, notice: &Notice) -> Laid {
        show::lay_out(self.language(by), "notice", notice).unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a card cannot be drawn");
            show::bare(notice)
        })
    }

    /// A button was pressed that sends a message: its view is sent in answer.
    async fn pressed(&self, by: &By, fields: &Fields) -> Result<(), Why> {
        let shape = answers::Shape::Card;
        let reply = self.act(by, shape, fields).await?;
        // Whoever keeps what they have needs no word about it.
        if fields.get("do") != Some("close") {
            self.post_reply(by, reply).await;
        }
        Ok(())
    }
}
