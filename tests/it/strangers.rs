//! Who may not (V4, V5): parties of a request decide nothing on it, and who is nobody here gets
//! nothing done with any button, form, list, shortcut or word, forged ones included.
use crate::decide::{answer, decision, sends};
use crate::world::policy::{any_of, flow, item, person, stages, usual};
use crate::world::{Options, World, form, worlds_with};
use chrono::TimeDelta;
use hallpass::app::submit::Form;
use hallpass::demo::slack::{Kind, Member, Message, State, View};
use hallpass::domain::flow::{Flow, Scope};
use hallpass::domain::id::RequestId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Accounts of people who may do nothing, and their workspaces.
const NOBODIES: &[(&str, &str)] = &[
    ("guest", "T0LOCAL"),
    ("visitor", "T0LOCAL"),
    ("gone", "T0LOCAL"),
    ("robot", "T0LOCAL"),
    ("other", "T0OTHER"),
    ("outsider", "T0LOCAL"),
    ("inactive", "T0LOCAL"),
];

/// V4: whoever receives access decides on it as little as whoever asked for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_decides_on_what_others_asked_for_them() {
    let mut policy = usual();
    let approvers = stages(vec![any_of(&["ana", "ben", "eva"])]);
    policy
        .flows
        .insert(0, Flow { scope: Scope::Others, ..flow("for-others", "payments", approvers) });
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let asked = form("eva", vec![item("payments", "read")], TimeDelta::hours(1));
        let asked = Form { grantee: "ana".into(), ..asked };
        let id = world.app().submit(asked).await.unwrap().requests[0].asked.id;
        world.settle().await;
        let ask = world.ask_of("ben", id);
        for party in ["ana", "eva"] {
            assert_eq!(world.maybe_said_to(party, id, "Approve"), None, "{party} is not asked");
        }

        let why = "You cannot decide on a request that you made or that is for you";
        for (person, account) in [("ana", "U1"), ("eva", "U3")] {
            for (button, approves) in [("approve", true), ("reject", false)] {
                assert!(world.slack.click_on(account, &ask, button).await.is_ok());
                let said = world.sees_modal(person, "notice").await;
                assert!(said.all_text().contains(why), "{}", said.all_text());
                world.slack.close(account, &said.id).await;
                for url in world.urls() {
                    let ack =
                        sends(&world, &url, &decision(account, "T0LOCAL", id, approves)).await;
                    assert!(answer(&ack).contains(why), "{}", answer(&ack));
                }
            }
        }
        world.settle().await;

        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.record(id).await.decisions, []);
        assert_eq!(world.ask_of("ben", id), ask);
        let audit = world.audit().await;
        let refused = audit.iter().filter(|row| row.kind == "decision_refused");
        assert_eq!(refused.count(), 8);
        world.ends().await;
    }
}

/// Accounts that are approvers by their address and may do nothing, and one that nobody knows.
fn unfit() -> Options {
    let make = |id: &str| Member::new(&format!("U-{id}"), id, id, &format!("{id}@example.com"));
    let members = vec![
        Member { is_restricted: true, ..make("guest") },
        Member { is_ultra_restricted: true, ..make("visitor") },
        Member { deleted: true, ..make("gone") },
        Member { is_bot: true, ..make("robot") },
        Member { other_team: Some("T0OTHER".to_owned()), is_stranger: true, ..make("other") },
        make("outsider"),
        make("inactive"),
    ];
    let mut policy = usual();
    let mut ids = vec!["ben"];
    for id in ["guest", "visitor", "gone", "robot", "other", "inactive"] {
        policy.directory.people.insert(id.into(), person(id, id));
        ids.push(id);
    }
    policy.directory.people.get_mut(&"inactive".into()).unwrap().is_active = false;
    let mut by_them = flow("by-them", "payments", stages(vec![any_of(&ids)]));
    by_them.channel = Some(crate::world::CHANNEL.to_owned());
    policy.flows.insert(0, by_them);
    Options { policy, members, ..Options::default() }
}

/// Where something can be pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    Message,
    Form,
    Home,
}

/// Everything that can be pressed or picked, read from the templates, so that none is forgotten.
fn actions() -> Vec<(Surface, String)> {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("blocks/slack");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(templates).unwrap().map(|file| file.unwrap()) {
        let name = file.file_name().into_string().unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        for rest in text.split("\"action_id\": \"").skip(1) {
            let action = rest.split('"').next().unwrap();
            found.insert((name.clone(), action.to_owned()));
        }
    }
    let mut actions = Vec::new();
    for (file, action) in found {
        let surface = match file.as_str() {
            // What is typed there goes with the form's own button.
            "decide_form.json.hbs" | "_narrow.json.hbs" | "end_form.json.hbs" => continue,
            file if file.starts_with("request_") || file.starts_with("_b") => Surface::Form,
            "home.json.hbs" | "list.json.hbs" | "_row.json.hbs" | "_section.json.hbs" => {
                Surface::Home
            }
            _ => Surface::Message,
        };
        match action.as_str() {
            "counter_{{status}}" => actions.push((surface, "counter_active".to_owned())),
            "{{action}}" => {
                let ways = ["way_resource", "way_app", "way_bundle"].map(str::to_owned);
                actions.extend(ways.map(|way| (Surface::Form, way)));
            }
            other => actions.push((surface, other.to_owned())),
        }
    }
    actions
}

/// What Ana has open, which a forger copies.
struct Copied {
    id: RequestId,
    ask: Message,
    form: View,
    home: View,
    submission: Value,
}

async fn copied(world: &World) -> Copied {
    let id = world.asks("ana", "payments", "read").await;
    world.settle().await;
    let submission = world.last_submission();
    let home = world.opens_home("ana").await;
    let form = world.opens_form("ana").await;
    let form = world.chooses("ana", &form, "invoices", "read").await;
    Copied { id, ask: world.ask_in_channel(id), form, home, submission }
}

/// What must be as it was, whatever was tried.
async fn present(world: &World) -> Vec<Vec<Vec<String>>> {
    let mut present = Vec::new();
    for (table, order) in [
        ("request", "id"),
        ("favorite", "request_id"),
        ("draft", "id"),
        ("card", "request_id"),
        ("home", "recipient"),
    ] {
        let count = format!("SELECT CAST(COUNT({order}) AS TEXT) FROM {table}");
        present.push(world.query(&count).await);
    }
    let moved = "SELECT CAST(id AS TEXT), status, CAST(version AS TEXT), decisions FROM request ORDER BY id";
    present.push(world.query(moved).await);
    present.push(world.query("SELECT body FROM draft ORDER BY id").await);
    present
}

async fn strangers(world: &World) -> usize {
    world.audit().await.iter().filter(|row| row.kind == "stranger_refused").count()
}

/// The refusal that somebody has on the screen, which shows nothing of anybody's.
async fn sees_refusal(world: &World, account: &str, what: &str, below: Option<&str>) -> View {
    let on_top = |state: &State| {
        let top = state.views(account).last().cloned();
        top.filter(|view| Some(view.id.as_str()) != below)
    };
    let view = world.soon(&format!("{account}'s refusal of {what}"), on_top).await;
    assert_eq!(view.json["callback_id"], "notice", "{account} {what}");
    let text = view.all_text();
    assert!(!text.contains("payments") && !text.contains("AR-"), "{account} {what}: {text}");
    view
}

async fn is_refused(world: &World, account: &str, what: &str) {
    let view = sees_refusal(world, account, what, None).await;
    world.slack.close(account, &view.id).await;
}

async fn presses_everything(world: &World, account: &str, of: &Copied) -> usize {
    let actions = actions();
    assert!(actions.len() > 40, "{actions:?}");
    // What is said about a press in a view is put on top of one: whoever forges it has one of their own.
    assert!(world.slack.slash(account, "request").await.is_ok());
    let own = sees_refusal(world, account, "the command", None).await;
    let (forms, others): (Vec<_>, Vec<_>) =
        actions.iter().partition(|(surface, _)| *surface == Surface::Form);
    for (surface, action) in forms.into_iter().chain(others) {
        let value = match action.as_str() {
            "list_next" | "list_previous" => "requests 0".to_owned(),
            "counter_active" => "active".to_owned(),
            _ => format!("{} 0", of.id),
        };
        let part = json!({"type": "button", "action_id": action, "block_id": "b", "value": value});
        let answer = match surface {
            Surface::Message => world.slack.act_on_message(account, &of.ask, part).await,
            Surface::Form => world.slack.act_on(account, &of.form, part).await,
            Surface::Home => world.slack.act_on(account, &of.home, part).await,
        };
        assert!(answer.is_ok(), "{account} {action}: {answer:?}");
        let view = sees_refusal(world, account, action, Some(&own.id)).await;
        world.slack.close(account, &view.id).await;
    }
    actions.len() + 1
}

async fn types_everything(world: &World, account: &str, id: RequestId) -> usize {
    let lists = ["requests", "mine", "favorites", "delegated", "approvals"].map(str::to_owned);
    let verbs = ["show", "extend", "revoke", "cancel", "again"].map(|verb| format!("{verb} {id}"));
    let lines = ["", "request", "request payments read for 2h because INC-42"].map(str::to_owned);
    let all: Vec<String> = lists.into_iter().chain(verbs).chain(lines).collect();
    for line in &all {
        assert!(world.slack.slash(account, line).await.is_ok(), "{account} {line}");
        is_refused(world, account, line).await;
    }
    all.len()
}

/// Sends forms that somebody else had open; the answer replaces the form with the refusal.
async fn sends_everything(world: &World, (account, team): (&str, &str), of: &Copied) -> usize {
    let forged = |callback: &str| {
        let mut payload = of.submission.clone();
        payload["team"]["id"] = json!(team);
        payload["user"] = json!({"id": account, "team_id": team});
        payload["view"]["callback_id"] = json!(callback);
        payload["view"]["private_metadata"] = of.form.json["private_metadata"].clone();
        payload
    };
    let end = |is_cancel: bool| {
        let mut payload = forged("end");
        let carried = json!({"request": of.id.0, "is_cancelled": is_cancel});
        payload["view"]["private_metadata"] = json!(carried.to_string());
        payload["view"]["state"]["values"] =
            json!({"reason": {"reason": {"type": "plain_text_input", "value": "as said"}}});
        payload
    };
    let all = [
        decision(account, team, of.id, true),
        decision(account, team, of.id, false),
        forged("request"),
        forged("request_review"),
        forged("request_finish"),
        end(true),
        end(false),
    ];
    for payload in &all {
        let said = answer(&sends(world, &world.urls()[0], payload).await);
        let what = &payload["view"]["callback_id"];
        assert!(!said.is_empty() && !said.contains("payments"), "{account} {what}: {said:?}");
    }
    all.len()
}

async fn takes_shortcuts(world: &World, account: &str, of: &Copied) -> usize {
    assert!(world.slack.shortcut(account, "request_access").await.is_ok());
    is_refused(world, account, "the shortcut").await;
    let answer = world.slack.message_shortcut(account, "request_access_message", &of.ask).await;
    assert!(answer.is_ok(), "{account}: {answer:?}");
    is_refused(world, account, "the message shortcut").await;
    2
}

/// Every list answers with nothing.
async fn searches_everything(world: &World, (account, team): (&str, &str), of: &Copied) {
    for action in [
        "resources",
        "kind",
        "permission",
        "grantee",
        "app_integration",
        "app_kind",
        "app_resources",
        "app_permissions",
        "narrow_out",
        "bundle",
    ] {
        let payload = json!({
            "type": "block_suggestion", "team": {"id": team},
            "user": {"id": account, "team_id": team},
            "action_id": action, "block_id": action, "value": "", "view": of.form.to_json(),
        });
        let ack = world.slack.send(&world.urls()[0], Kind::Options, &payload, &[]).await;
        assert_eq!(ack.status, Some(200), "{account} {action}");
        assert_eq!(ack.body, json!({"options": []}), "{account} {action}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_nobody_here_is_refused_privately_and_audited_at_everything() {
    for mut world in worlds_with(unfit()).await {
        world.may_be_refused = true;
        let of = copied(&world).await;
        let before = present(&world).await;
        let mut refused = 0;

        for (name, team) in NOBODIES {
            let account = format!("U-{name}");
            refused += presses_everything(&world, &account, &of).await;
            refused += types_everything(&world, &account, of.id).await;
            refused += sends_everything(&world, (&account, team), &of).await;
            refused += takes_shortcuts(&world, &account, &of).await;
            searches_everything(&world, (&account, team), &of).await;
            assert!(world.slack.home(&account).await.is_ok());
            assert_eq!(strangers(&world).await, refused, "{name}");
        }

        world.settle().await;
        assert_eq!(present(&world).await, before);
        assert_eq!(world.ask_in_channel(of.id), of.ask);
        assert_eq!(world.target.count("grant"), 0);
        for (name, _) in NOBODIES {
            let home = world.slack.home_of(&format!("U-{name}"));
            let text = home.map(|home| home.all_text()).unwrap_or_default();
            assert!(!text.contains("payments") && !text.contains("AR-"), "{name}: {text}");
        }
        world.ends().await;
    }
}
