//! One of every message, for tests and for looking at: a benign set and a hostile one.
//!
//! The hostile set puts [`HOSTILE`] texts wherever a person's text can stand; nothing of them may
//! come out as markup in any channel.
use super::Voice;
use super::cards::{self, Card};
use super::{away, ending};
use crate::domain::catalog::{Catalog, Integration, Item, Resource, ResourceRef};
use crate::domain::flow::{Approval, Flow, Pattern, Scope, Selector, Who};
use crate::domain::id::{IntegrationId, PersonId, RequestId};
use crate::domain::language::Language;
use crate::domain::narrow::Narrowing;
use crate::domain::past::Happened;
use crate::domain::person::{Account, Directory, Person};
use crate::domain::plan::{Approver, Need, Plan, Stage};
use crate::domain::policy::Policy;
use crate::domain::record::{Decision, Record};
use crate::domain::request::{Actor, Approved, Asked, Missing, RevokeCause, State};
use crate::domain::terms::JustificationRule;
use crate::domain::ticket::{Standing, Ticket};
use chrono::{DateTime, TimeDelta, Utc};

/// Texts that a channel might read as markup, a mention, a link, a header or an end of a string.
pub const HOSTILE: &[&str] = &[
    "<!channel> <!here> <@U012345> <#C012345>",
    "<https://evil.example|Click here to approve>",
    "[link](https://evil.example) *bold* _it_ ~no~ `code` ```pre```",
    "\",\"blocks\":[]}{{id}}{{{id}}}",
    "line\r\nBcc: all@example.com\r\n\r\nbody",
    "<script>alert(1)</script> &amp; &lt;",
    "\u{202e}txet desrever\u{202c} \u{0}\u{7}",
    "> quote\n- list\n# head",
    "🙂e\u{301}\u{200b}",
];

/// Texts for a sample: benign, or one of [`HOSTILE`].
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    /// Stands for every name.
    pub name: &'a str,
    /// Stands for every justification and reason.
    pub words: &'a str,
}

/// When the samples happen.
pub fn at(hours: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_700) + TimeDelta::hours(8 + hours)
}

fn person(id: &str, name: &str, is_admin: bool) -> Person {
    Person {
        id: id.into(),
        name: name.to_owned(),
        email: format!("{id}@example.com"),
        manager: None,
        is_admin,
        is_active: true,
        language: None,
        pinned: Vec::new(),
    }
}

fn item() -> Item {
    let at =
        ResourceRef { integration: "prod-postgres".into(), resource: "db:payments".to_owned() };
    Item { at, permission: "read".to_owned() }
}

/// A policy in which Ana asks for a database and Ben approves.
pub fn policy(texts: Texts<'_>) -> Policy {
    let named =
        |name: &str| if texts.name.is_empty() { name.to_owned() } else { texts.name.to_owned() };
    let people = [
        person("ana", &named("Ana Torres"), false),
        person("ben", &named("Ben Okafor"), false),
        person("dev", &named("Dev Anand"), true),
    ];
    let integration = IntegrationId::from("prod-postgres");
    let resource = Resource {
        at: item().at,
        name: named("payments"),
        kind: "database".to_owned(),
        permissions: vec!["read".to_owned(), "write".to_owned()],
        owner: None,
    };
    let name = named("Production PostgreSQL");
    let catalog = Catalog {
        integrations: [(integration.clone(), Integration { id: integration, name })].into(),
        resources: [resource].into_iter().collect(),
        ..Catalog::default()
    };
    let directory = Directory {
        people: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
        ..Directory::default()
    };
    let flows = vec![flow(&named("Payments, read"))];
    Policy { directory, catalog, flows, ..Policy::default() }
}

fn plan() -> Plan {
    Plan { stages: vec![Stage { need: Need::Any, of: vec![Approver::Person("ben".into())] }] }
}

fn flow(name: &str) -> Flow {
    Flow {
        id: "payments-read".into(),
        name: name.to_owned(),
        who: vec![Who::Everyone],
        scope: Scope::OneSelf,
        what: vec![Selector {
            integration: Pattern::any(),
            kind: Pattern::any(),
            resource: Pattern::any(),
            permission: Pattern::any(),
        }],
        approval: Approval::Stages(plan()),
        allow_self_approval: false,
        needs_approval_reason: false,
        durations: vec![TimeDelta::hours(2), TimeDelta::hours(8)],
        longest: TimeDelta::hours(8),
        extend: None,
        ticket: None,
        justification: JustificationRule::Any,
        channel: Some("C0PAYMENTS".to_owned()),
    }
}

/// Every status that a request can have, with a label for the sample.
pub fn states(texts: Texts<'_>) -> Vec<State> {
    let words = || texts.words.to_owned();
    let ben = || Actor::Person("ben".into());
    let approved = Approved {
        by: "ben".into(),
        reason: Some(words()),
        at: at(1),
        is_own: false,
        narrowing: Narrowing::default(),
    };
    let missing = vec![Missing { item: item(), why: words() }];
    vec![
        State::PendingMfa { closes_at: at(168) },
        State::PendingApproval { closes_at: at(168), approvals: Vec::new() },
        State::Granting { since: at(1), approvals: vec![approved] },
        active(false, Vec::new()),
        active(true, Vec::new()),
        active(false, missing),
        State::Revoking { since: at(3), cause: RevokeCause::TimeUp, is_alarmed: false },
        State::Revoking {
            since: at(3),
            cause: RevokeCause::Asked { by: ben(), reason: words() },
            is_alarmed: true,
        },
        State::Revoking {
            since: at(3),
            cause: RevokeCause::Undo { why: words() },
            is_alarmed: false,
        },
        State::Rejected { by: ben(), reason: words(), at: at(1) },
        State::Expired { at: at(3) },
        State::Revoked { by: ben(), reason: words(), at: at(2) },
        State::Cancelled { by: Actor::Person("ana".into()), reason: String::new(), at: at(1) },
        State::Cancelled { by: ben(), reason: words(), at: at(1) },
        State::Failed { why: words(), at: at(168) },
    ]
}

fn active(is_told: bool, missing: Vec<Missing>) -> State {
    State::Active {
        since: at(1),
        until: at(3),
        tells_at: at(2),
        is_told,
        extensions: u32::from(is_told),
        missing,
    }
}

/// A request of Ana's at `state`.
pub fn record(texts: Texts<'_>, state: State) -> Record {
    let is_decided = !matches!(state, State::PendingMfa { .. } | State::PendingApproval { .. });
    let decision = Decision {
        by: PersonId::from("ben"),
        is_approval: !matches!(state, State::Rejected { .. }),
        reason: Some(texts.words.to_owned()),
        is_own: false,
        at: at(1),
        narrowing: Narrowing::default(),
    };
    Record {
        asked: Asked {
            id: RequestId(1042),
            submission: "sample".to_owned(),
            flow: "payments-read".into(),
            requester: "ana".into(),
            grantee: "ana".into(),
            items: vec![item()],
            duration: TimeDelta::hours(2),
            justification: texts.words.to_owned(),
            ticket: Some(Ticket {
                kind: "incident".into(),
                number: if texts.name.is_empty() { "INC-42" } else { texts.name }.to_owned(),
                standing: Standing::Unchecked,
            }),
            plan: plan(),
            allow_self_approval: false,
            submitted_at: at(0),
        },
        version: 3,
        active_at: is_decided.then(|| at(1)),
        expires_at: is_decided.then(|| at(3)),
        ended_at: state.is_final().then(|| at(3)),
        decisions: if is_decided { vec![decision] } else { Vec::new() },
        state,
    }
}

/// The same where Ben left two hours of eight, and one of all that was asked for.
pub fn narrowed(texts: Texts<'_>, state: State) -> Record {
    let mut narrowed = record(texts, state);
    let named = |name: String| Item { at: ResourceRef { resource: name, ..item().at }, ..item() };
    let without: Vec<Item> = (0..7).map(|n| named(format!("db:{n}{}", texts.name))).collect();
    narrowed.asked.items.extend(without.iter().cloned());
    narrowed.asked.duration = TimeDelta::hours(8);
    narrowed.decisions = vec![Decision {
        by: PersonId::from("ben"),
        is_approval: true,
        reason: Some(texts.words.to_owned()),
        is_own: false,
        at: at(1),
        narrowing: Narrowing { duration: Some(TimeDelta::hours(2)), without },
    }];
    narrowed
}

/// What happened to the request of [`record`], as the audit has it.
pub fn past() -> Vec<Happened> {
    let by = |person: &str| Actor::Person(person.into());
    [
        ("submitted", by("ana")),
        ("approved", by("ben")),
        ("granted", Actor::Connector),
        ("end_nears", Actor::Clock),
        ("extended", by("ana")),
        ("revoke_asked", by("dev")),
        ("removed", Actor::Connector),
    ]
    .into_iter()
    .zip(0..)
    .map(|((event, by), hours)| Happened { at: at(hours), by, event: event.to_owned() })
    .collect()
}

/// Every message about a request at every status.
pub fn messages(language: Language, texts: Texts<'_>) -> Vec<Card> {
    let policy = policy(texts);
    let voice = Voice::new(&policy, language);
    let (ana, ben) = (PersonId::from("ana"), PersonId::from("ben"));
    states(texts)
        .into_iter()
        .map(|state| record(texts, state))
        .chain(narrowed_states(texts).map(|state| narrowed(texts, state)))
        .flat_map(|record| {
            [
                Card::Ask(cards::ask(voice, &record, Some(&ben))),
                Card::Ask(cards::ask(voice, &record, None)),
                Card::Status(cards::status(voice, &record, &ana)),
                Card::Active(cards::active(voice, &record, &ana)),
                Card::EndsSoon(ending::ends_soon(voice, &record, &ana)),
                Card::EndsSoon(ending::moved(voice, &record)),
                Card::Ended(ending::ended(voice, &record, &ana)),
                Card::Alarm(cards::still_there(voice, &record)),
                Card::Alarm(cards::nobody_can_approve(voice, &record)),
                Card::Alarm(cards::end_stays(voice, &record)),
            ]
        })
        .chain([
            Card::AdminNote(cards::second_account(voice, &account(texts), &ben)),
            Card::AdminNote(cards::unreachable(voice, &ben)),
            Card::AdminNote(away::away(voice, "teams", &ben)),
            Card::AdminNote(away::away(voice, "slack", &ben)),
            Card::AdminNote(cards::mail_down(voice)),
            Card::AdminNote(cards::sign_in_closed(voice, &ben, false)),
            Card::AdminNote(cards::sign_in_closed(voice, &ben, true)),
            Card::AdminNote(cards::your_sign_in_closed(voice, &ben, false)),
            Card::AdminNote(cards::your_sign_in_closed(voice, &ben, true)),
        ])
        .collect()
}

/// The statuses at which it shows that an approver left less.
fn narrowed_states(texts: Texts<'_>) -> impl Iterator<Item = State> {
    states(texts).into_iter().filter(|state| {
        matches!(
            state,
            State::PendingApproval { .. }
                | State::Granting { .. }
                | State::Active { .. }
                | State::Expired { .. }
        )
    })
}

/// An account of somebody's.
fn account(texts: Texts<'_>) -> Account {
    let user = if texts.name.is_empty() { "U0123" } else { texts.name };
    let [platform, workspace] = ["slack", "T0123"].map(str::to_owned);
    Account { platform, workspace, user: user.to_owned() }
}
