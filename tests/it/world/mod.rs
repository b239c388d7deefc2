//! A world of its own for each story: a local Slack, the bot in process, a database, a target and a
//! clock that stands still until the story passes time.
//!
//! Each bot runs on a runtime of its own, so that a story can end one without mercy.
pub(crate) mod browser;
mod database;
pub(crate) mod homes;
mod invariants;
pub(crate) mod login;
mod mailbox;
mod people;
pub(crate) mod policy;
mod post;
mod real_post;
mod running;
mod sent;
mod target;
pub(crate) mod teams;
pub(crate) mod teams_form;
pub(crate) mod teams_people;
pub(crate) mod teams_read;

pub(crate) use database::Kind;
pub(crate) use people::{Filled, ids_in};
pub(crate) use policy::CHANNEL;
pub(crate) use post::PostOffice;
pub(crate) use real_post::RealPost;
pub(crate) use target::{Fails, FakeTarget, Held};

use chrono::{DateTime, TimeDelta, Utc};
use database::Database;
use hallpass::app::App;
use hallpass::app::submit::Form;
use hallpass::bot::Parts;
use hallpass::chat::code_mail::CodeMail;
use hallpass::clock::{Clock, ManualClock, SystemClock};
use hallpass::config::{Oidc, TicketLookup};
use hallpass::demo::slack::{Member, State, Workspace};
use hallpass::demo::teams::Teams;
use hallpass::domain::catalog::Item;
use hallpass::domain::id::{RequestId, TicketTypeId};
use hallpass::domain::language::Language;
use hallpass::domain::policy::Policy;
use hallpass::domain::record::Record;
use hallpass::store::audit::AuditKey;
use hallpass::store::{Schema, Store, StoreError};
use running::Running;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a story waits for what the bot does after its acknowledgement.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// Messages that are paced come within this; later ones are somebody's fault and stay for the story.
const PACED: TimeDelta = TimeDelta::seconds(10);

/// What a story may choose about its world.
#[derive(Clone)]
pub(crate) struct Options {
    /// Who may have what.
    pub(crate) policy: Policy,
    /// Where tickets are looked up.
    pub(crate) tickets: BTreeMap<TicketTypeId, TicketLookup>,
    /// People beside the usual ones.
    pub(crate) members: Vec<Member>,
    /// How many bots share the database.
    pub(crate) bots: usize,
    /// Whether workers and the clock run by themselves.
    pub(crate) is_live: bool,
    /// Whether workers run by themselves while the clock is the story's.
    pub(crate) works: bool,
    /// Whether events come over Socket Mode instead of HTTP.
    pub(crate) is_socket: bool,
    /// What channels, and people without a known language, are written to in.
    pub(crate) language: Language,
    /// Where alarms are told beside the admins.
    pub(crate) alarm_channel: Option<String>,
    /// How long requests may wait for a decision.
    pub(crate) pending_window: TimeDelta,
    /// Whether Slack refuses what is posted too fast.
    pub(crate) minds_pace: bool,
    /// How mail is sent, where it is.
    pub(crate) email: Option<hallpass::config::Email>,
    /// Whether there is no chat at all.
    pub(crate) has_no_chat: bool,
    /// People of the directory who have no account in Slack.
    pub(crate) absent: Vec<&'static str>,
    /// The company's sign-in to the web pages.
    pub(crate) oidc: Option<Oidc>,
    /// Whether there is a Microsoft Teams as well.
    pub(crate) has_teams: bool,
    /// Where alarms are told there beside the admins.
    pub(crate) teams_alarm_channel: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            policy: policy::usual(),
            tickets: BTreeMap::new(),
            members: Vec::new(),
            bots: 1,
            is_live: false,
            works: false,
            is_socket: false,
            language: Language::English,
            alarm_channel: None,
            pending_window: TimeDelta::days(7),
            minds_pace: false,
            email: None,
            has_no_chat: false,
            absent: Vec::new(),
            oidc: None,
            has_teams: false,
            teams_alarm_channel: None,
        }
    }
}

/// A story's world.
pub(crate) struct World {
    /// Where people are.
    pub(crate) slack: Workspace,
    /// The one target, reached through a connector.
    pub(crate) target: Arc<FakeTarget>,
    /// The time, for Slack and the bot alike.
    pub(crate) clock: ManualClock,
    /// Whether the local Slack may have refused something: a story that makes faults says so.
    pub(crate) may_be_refused: bool,
    /// Where codes to sign in with are mailed to.
    pub(crate) mailbox: mailbox::Mailbox,
    teams: Option<Teams>,
    options: Options,
    database: Database,
    bots: Vec<Running>,
}

/// A world on each database that is on this machine.
pub(crate) async fn worlds() -> Vec<World> {
    worlds_with(Options::default()).await
}

/// As [`worlds`], with choices.
pub(crate) async fn worlds_with(options: Options) -> Vec<World> {
    let mut worlds = vec![World::start(Kind::Sqlite, options.clone()).await.unwrap()];
    worlds.extend(World::start(Kind::Postgres, options).await);
    worlds
}

impl World {
    /// Starts a world; `None` where its database is not on this machine.
    pub(crate) async fn start(kind: Kind, options: Options) -> Option<Self> {
        let database = Database::fresh(kind).await?;
        let clock = ManualClock::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let times: Arc<dyn Clock> =
            if options.is_live { Arc::new(SystemClock) } else { Arc::new(clock.clone()) };
        let slack = policy::slack(&options, Arc::clone(&times)).await;
        let teams = match options.has_teams {
            true => Some(teams::start(&options.absent, options.minds_pace, times).await),
            false => None,
        };
        let target = Arc::new(FakeTarget::default());
        let may_be_refused = false;
        let bots = Vec::new();
        let mailbox = mailbox::Mailbox::default();
        let mut world =
            Self { slack, target, clock, may_be_refused, mailbox, teams, options, database, bots };
        world.start_bots().await;
        Some(world)
    }

    async fn start_bots(&mut self) {
        // A file serves one bot; a shared database as many as the story wants.
        let bots = if self.kind() == Kind::Sqlite { 1 } else { self.options.bots };
        for _ in 0..bots {
            let parts = self.parts();
            self.bots.push(Running::start(parts).await);
        }
        if let Some(teams) = &self.teams {
            teams.set_bot_url(&self.bots[0].url());
        }
        if self.options.is_socket {
            let opened = |state: &State| (state.open_sockets() >= 2).then_some(());
            let opened = self.slack.wait_for(opened, Duration::from_secs(20)).await;
            assert!(opened.is_some(), "two sockets open");
            return;
        }
        self.slack.set_bot_url(&self.bots[0].url());
    }

    /// What a bot of this world is made of.
    fn parts(&self) -> Parts {
        let database = self.database.of_bot();
        let parts = policy::parts(&self.options, &self.slack, &self.target, &self.clock, database);
        // Where there is real mail, codes go by it.
        let has_mail = self.options.email.is_some();
        let mailbox = || Arc::new(self.mailbox.clone()) as Arc<dyn CodeMail>;
        let mut parts = Parts { code_mail: (!has_mail).then(mailbox), ..parts };
        let alarms = &self.options.teams_alarm_channel;
        parts.service.teams =
            self.teams.as_ref().map(|teams| teams::settings(teams, alarms.clone()));
        parts
    }

    /// Where people are besides, where the story wants it.
    pub(crate) fn teams(&self) -> &Teams {
        self.teams.as_ref().unwrap()
    }

    /// The first bot's use cases.
    pub(crate) fn app(&self) -> &App {
        self.bots[0].app()
    }

    /// The last bot's use cases: another's where there are two.
    pub(crate) fn last_app(&self) -> &App {
        self.bots.last().unwrap().app()
    }

    /// Opens the database once more, beside the bots.
    pub(crate) async fn opens_store(
        &self,
        key: AuditKey,
        schema: Schema,
    ) -> Result<Store, StoreError> {
        self.database.open(key, schema).await
    }

    /// Where each bot takes HTTP.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.bots.iter().map(Running::url).collect()
    }

    /// Which database this world has, for messages.
    pub(crate) fn kind(&self) -> Kind {
        self.database.kind()
    }

    /// Does everything that is due, on every bot, and lets the seconds pass in which paced messages wait.
    pub(crate) async fn settle(&self) {
        for _ in 0..600 {
            self.drain().await;
            match self.next_said().await {
                Some(at) if at <= self.clock.now() + PACED => {
                    // What waits behind a paced message is due already; it moves on with the other.
                    self.clock.set(at.max(self.clock.now() + TimeDelta::milliseconds(250)));
                }
                _ => return,
            }
        }
        panic!("messages were still coming after 600 rounds");
    }

    /// When something is next said to somebody or drawn for them.
    async fn next_said(&self) -> Option<DateTime<Utc>> {
        let mut tx = self.app().store().read().await.unwrap();
        let mut next = Vec::new();
        for lane in hallpass::app::job::SAID {
            next.extend(tx.next_run(lane).await.unwrap());
        }
        next.into_iter().min()
    }

    /// Does everything that is due now; time does not pass.
    pub(crate) async fn drain(&self) {
        loop {
            let mut ran = 0;
            for bot in &self.bots {
                ran += bot.drain().await;
            }
            if ran == 0 {
                return;
            }
        }
    }

    /// Does what is due at the target, and nothing of what is said to people.
    pub(crate) async fn works_at_the_target(&self) {
        self.app().run_due().await.unwrap();
        for lane in hallpass::app::job::target_lanes(&policy::PLACE.into()) {
            while self.bots[0].drain_lane(&lane).await > 0 {}
        }
    }

    /// Asks the connectors what they have.
    pub(crate) async fn lists(&self) {
        self.bots[0].lists().await;
    }

    /// Asks the connectors of the last bot: another's where there are two.
    pub(crate) async fn last_lists(&self) {
        self.bots.last().unwrap().lists().await;
    }

    /// Tries to start one more bot on the same database; why it did not start.
    pub(crate) async fn starts_another(&self) -> Result<(), String> {
        match hallpass::bot::Bot::start(self.parts()).await {
            Ok(bot) => {
                bot.stop().await;
                Ok(())
            }
            Err(error) => Err(format!("{error:#}")),
        }
    }

    /// Starts the first bot's pulling of its work, beside the story.
    pub(crate) fn begin_draining(&self) -> tokio::task::JoinHandle<usize> {
        self.bots[0].begin_draining()
    }

    /// Runs something of the first bot on the bot's own runtime, so that a crash ends it as well.
    pub(crate) fn begins<T: Send + 'static>(
        &self,
        work: impl FnOnce(App) -> futures_util::future::BoxFuture<'static, T>,
    ) -> tokio::task::JoinHandle<T> {
        self.bots[0].spawn(work(self.app().clone()))
    }

    /// The same, of every bot.
    pub(crate) fn begin_draining_all(&self) -> Vec<tokio::task::JoinHandle<usize>> {
        self.bots.iter().map(Running::begin_draining).collect()
    }

    /// Passes time, then does what it makes due.
    pub(crate) async fn passes(&self, time: TimeDelta) {
        self.clock.advance(time);
        self.settle().await;
    }

    /// The request as it stands.
    pub(crate) async fn record(&self, id: RequestId) -> Record {
        let mut tx = self.app().store().read().await.unwrap();
        tx.request(id).await.unwrap().unwrap()
    }

    /// A request's status as people read it.
    pub(crate) async fn status(&self, id: RequestId) -> &'static str {
        self.record(id).await.state.label()
    }

    /// Waits until a request stands somewhere, without working.
    pub(crate) async fn becomes(&self, id: RequestId, status: &str) {
        let until = std::time::Instant::now() + SOON;
        while self.status(id).await != status {
            let is_late = std::time::Instant::now() > until;
            assert!(!is_late, "{id} is {}, not {status}", self.status(id).await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The present of this world.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Asks without Slack, where a story is about what comes after.
    pub(crate) async fn submits(
        &self,
        person: &str,
        items: &[(&str, &str)],
        duration: TimeDelta,
    ) -> Vec<RequestId> {
        let items = items.iter().map(|(name, permission)| policy::item(name, permission));
        let form = form(person, items.collect(), duration);
        let submitted = self.app().submit(form).await.unwrap();
        submitted.requests.iter().map(|record| record.asked.id).collect()
    }

    /// Eva asks on Ana's behalf, without Slack.
    pub(crate) async fn asks_for_ana(&self, resource: &str) -> RequestId {
        let asked = form("eva", vec![policy::item(resource, "read")], TimeDelta::hours(1));
        let asked = Form { grantee: "ana".into(), ..asked };
        self.app().submit(asked).await.unwrap().requests[0].asked.id
    }

    /// Ends every bot without mercy: nothing in flight is finished, nothing is said to anybody.
    pub(crate) async fn crash(&mut self) {
        for bot in self.bots.drain(..) {
            bot.crash().await;
        }
    }

    /// Ends the first of several bots without mercy; the others go on.
    pub(crate) async fn crashes_one(&mut self) {
        self.bots.remove(0).crash().await;
        self.slack.set_bot_url(&self.bots[0].url());
        if let Some(teams) = &self.teams {
            teams.set_bot_url(&self.bots[0].url());
        }
    }

    /// Does what is due on the last bot alone.
    pub(crate) async fn drain_last(&self) {
        self.bots.last().unwrap().drain().await;
    }

    /// A connection of the story's own to a PostgreSQL; `None` on SQLite.
    pub(crate) async fn connects(&self) -> Option<sqlx::PgConnection> {
        self.database.connects().await
    }

    /// Stops every bot as a service manager does.
    pub(crate) async fn stops(&mut self) {
        for bot in self.bots.drain(..) {
            bot.stop().await;
        }
    }

    /// Starts the bots again on the same database.
    pub(crate) async fn restart(&mut self) {
        self.start_bots().await;
    }

    /// Changes what the bots are configured to, from their next start on.
    pub(crate) fn changes(&mut self, change: impl FnOnce(&mut Options)) {
        change(&mut self.options);
    }

    /// Runs a statement of the story's own on the database, past the bot.
    pub(crate) async fn tamper(&self, sql: &str) -> u64 {
        self.database.execute(sql).await
    }

    /// The rows of a query of the story's own: every column as text.
    pub(crate) async fn query(&self, sql: &str) -> Vec<Vec<String>> {
        self.database.query(sql).await
    }

    /// Checks the invariants, then stops everything.
    pub(crate) async fn ends(mut self) {
        self.holds_its_invariants().await;
        self.keeps_what_was_sent();
        self.stops().await;
        self.slack.shutdown().await;
        if let Some(teams) = &self.teams {
            teams.shutdown().await;
        }
        assert_eq!(
            self.database.deadlocks().await,
            0,
            "transactions waited for each other in a circle"
        );
        self.database.close().await;
    }
}

/// A filled form.
pub(crate) fn form(person: &str, items: Vec<Item>, duration: TimeDelta) -> Form {
    Form {
        requester: person.into(),
        grantee: person.into(),
        items,
        duration,
        justification: "INC-42: look into the failed payments".to_owned(),
        ticket: None,
        key: None,
    }
}
