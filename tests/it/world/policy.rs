//! The usual people, resources and flows, in Slack and in the bot's policy.
use super::{FakeTarget, Options};
use chrono::TimeDelta;
use hallpass::bot::{Connectors, Parts};
use hallpass::clock::{Clock, ManualClock, SystemClock};
use hallpass::config::{self, Inbound, Service};
use hallpass::demo::slack::{Channel, Member, Workspace, WorkspaceOptions};
use hallpass::domain::catalog::{Catalog, Integration, Item, Resource, ResourceRef};
use hallpass::domain::flow::{Approval, Flow, Pattern, Scope, Selector, Who};
use hallpass::domain::id::IntegrationId;
use hallpass::domain::person::{Directory, Person};
use hallpass::domain::plan::{Approver, Need, Plan, Stage};
use hallpass::domain::policy::Policy;
use hallpass::domain::terms::JustificationRule;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The one integration.
pub(crate) const PLACE: &str = "prod";
/// Where approvers are asked as well.
pub(crate) const CHANNEL: &str = "C1";
/// Where Hallpass's pages are.
pub(crate) const PAGES: &str = "https://access.example.com";
/// People of the directory with their accounts: who asks, two who approve, one more, an admin.
pub(crate) const PEOPLE: &[(&str, &str, &str)] = &[
    ("ana", "Ana Torres", "U1"),
    ("ben", "Ben Okafor", "U2"),
    ("eva", "Eva Lindgren", "U3"),
    ("finn", "Finn Weber", "U4"),
    ("dev", "Dev Anand", "U5"),
];

/// The account of one of them.
pub(crate) fn account(person: &str) -> String {
    let known = PEOPLE.iter().find(|(id, _, _)| *id == person);
    known.map_or_else(|| format!("U-{person}"), |(_, _, account)| (*account).to_owned())
}

pub(crate) fn item(name: &str, permission: &str) -> Item {
    let at = ResourceRef { integration: PLACE.into(), resource: name.to_owned() };
    Item { at, permission: permission.to_owned() }
}

/// A database of that name, to read, write or administer.
pub(crate) fn resource(name: &str) -> Resource {
    Resource {
        at: item(name, "").at,
        name: name.to_owned(),
        kind: "database".to_owned(),
        permissions: ["read", "write", "admin"].map(str::to_owned).into(),
        owner: None,
    }
}

pub(crate) fn person(id: &str, name: &str) -> Person {
    Person {
        id: id.into(),
        name: name.to_owned(),
        email: format!("{id}@example.com"),
        manager: None,
        is_admin: id == "dev",
        is_active: true,
        language: None,
        pinned: Vec::new(),
    }
}

fn people(of: &[&str]) -> Vec<Approver> {
    of.iter().map(|id| Approver::Person((*id).into())).collect()
}

/// One stage in which any of these may say yes.
pub(crate) fn any_of(of: &[&str]) -> Stage {
    Stage { need: Need::Any, of: people(of) }
}

/// A flow about the resources whose name fits, for everyone.
pub(crate) fn flow(id: &str, resources: &str, approval: Approval) -> Flow {
    Flow {
        id: id.into(),
        name: format!("The flow {id}"),
        who: vec![Who::Everyone],
        scope: Scope::OneSelf,
        what: vec![Selector {
            integration: Pattern::any(),
            kind: Pattern::any(),
            resource: Pattern::new(resources),
            permission: Pattern::any(),
        }],
        approval,
        allow_self_approval: false,
        needs_approval_reason: false,
        durations: vec![TimeDelta::hours(2), TimeDelta::hours(8)],
        longest: TimeDelta::hours(24),
        extend: None,
        ticket: None,
        justification: JustificationRule::Any,
        channel: None,
    }
}

/// Stages as an approval.
pub(crate) fn stages(stages: Vec<Stage>) -> Approval {
    Approval::Stages(Plan { stages })
}

/// The usual policy: one flow of each kind, told apart by the resource's name.
pub(crate) fn usual() -> Policy {
    let integration = IntegrationId::from(PLACE);
    let name = "Production".to_owned();
    let names = ["payments", "invoices", "logs", "secrets", "ledger", "crown", "vault"];
    let resources = names.into_iter().map(resource);
    let two_of = Stage { need: Need::Count(2), of: people(&["ben", "eva", "finn"]) };
    let mut with_reason = flow("with-reason", "vault", stages(vec![any_of(&["ben"])]));
    with_reason.needs_approval_reason = true;
    let mut by_people = flow("by-people", "*", stages(vec![any_of(&["ben", "eva"])]));
    by_people.channel = Some(CHANNEL.to_owned());
    let denied = Approval::Denied("nobody reads the secrets".to_owned());
    Policy {
        directory: Directory {
            people: PEOPLE.iter().map(|(id, name, _)| ((*id).into(), person(id, name))).collect(),
            ..Directory::default()
        },
        catalog: Catalog {
            integrations: [(integration.clone(), Integration { id: integration, name })].into(),
            resources: resources.collect(),
            ..Catalog::default()
        },
        tickets: BTreeMap::new(),
        flows: vec![
            flow("automatic", "logs", Approval::Automatic),
            flow("denied", "secrets", denied),
            flow("two-stages", "ledger", stages(vec![any_of(&["ben"]), any_of(&["eva", "finn"])])),
            flow("two-of", "crown", stages(vec![two_of])),
            with_reason,
            by_people,
        ],
    }
}

/// The logs, which Eva may ask for on anybody's behalf: Eva alone, and everybody; whether the others
/// may ask for themselves.
pub(crate) fn on_behalf() -> [(Policy, bool); 2] {
    let logs = Flow { scope: Scope::Others, ..flow("automatic", "logs", Approval::Automatic) };
    let by_eva = Flow { who: vec![Who::Person("eva".into())], ..logs.clone() };
    [(by_eva, false), (logs, true)].map(|(flow, may_alone)| {
        let policy = Policy { flows: vec![flow], ..usual() };
        (policy, may_alone)
    })
}

/// The local Slack with the directory's people in it.
pub(crate) async fn slack(options: &Options, clock: Arc<dyn Clock>) -> Workspace {
    let member = |(id, name, account): &(&str, &str, &str)| {
        Member::new(account, id, name, &format!("{id}@example.com"))
    };
    let is_there = |(id, _, _): &&(&str, &str, &str)| !options.absent.contains(id);
    let mut members: Vec<Member> = PEOPLE.iter().filter(is_there).map(member).collect();
    members.extend(options.members.iter().cloned());
    let channel = Channel {
        id: CHANNEL.to_owned(),
        name: "approvals".to_owned(),
        members: members.iter().map(|member| member.id.clone()).collect(),
        has_bot: true,
        is_archived: false,
    };
    let options = WorkspaceOptions {
        members,
        channels: vec![channel],
        clock,
        event_retries: vec![Duration::ZERO; 3],
        minds_pace: options.minds_pace,
        ..WorkspaceOptions::default()
    };
    Workspace::start(options).await.unwrap()
}

/// What a bot of this world is made of.
pub(crate) fn parts(
    options: &Options,
    slack: &Workspace,
    target: &Arc<FakeTarget>,
    clock: &ManualClock,
    database: config::Database,
) -> Parts {
    let of_slack = WorkspaceOptions::default();
    let service = Service {
        database,
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: Some(PAGES.to_owned()),
        language: options.language,
        pending_window: options.pending_window,
        master_key: vec![7; 32].into(),
        tickets: options.tickets.clone(),
        slack: (!options.has_no_chat).then(|| config::Slack {
            inbound: if options.is_socket {
                Inbound::Socket { app_token: of_slack.app_token.into() }
            } else {
                Inbound::Http { signing_secret: of_slack.signing_secret.into() }
            },
            bot_token: of_slack.bot_token.into(),
            command: of_slack.command,
            workspaces: vec![of_slack.team_id],
            link_people_by_email: true,
            alarm_channel: options.alarm_channel.clone(),
            api_url: slack.api_url(),
        }),
        teams: None,
        email: options.email.clone(),
        oidc: options.oidc.clone(),
    };
    let connector: Arc<dyn hallpass::connect::Connector> = Arc::clone(target) as _;
    let clock: Arc<dyn Clock> =
        if options.is_live { Arc::new(SystemClock) } else { Arc::new(clock.clone()) };
    Parts {
        service,
        policy: options.policy.clone(),
        connectors: Connectors::from([(PLACE.into(), connector)]),
        clock,
        works: options.is_live || options.works,
        code_mail: None,
    }
}
