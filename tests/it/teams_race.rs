//! V3 with Teams: many decide at once, some in Slack and some in Teams. One decision counts, every
//! copy on both platforms tells of it, and whoever was late is told how it stands (R25).
use crate::decide::{answer, decision, sends};
use crate::world::policy::{account, any_of, flow, person, resource, stages, usual};
use crate::world::teams::{TEAMS_CHANNEL, mri, object_id, somebody};
use crate::world::teams_people::{buttons, dialog, text};
use crate::world::{CHANNEL, Options, World, worlds_with};
use chrono::TimeDelta;
use futures_util::future::join_all;
use hallpass::demo::slack::{Kind, Member, read};
use hallpass::domain::catalog::Resource;
use hallpass::domain::id::RequestId;
use hallpass::domain::plan::{Approver, Need, Stage};
use serde_json::{Value, json};

/// So many may decide: those of even number are in Slack, the others in Teams.
const SIZE: usize = 100;
const ROUNDS: usize = 6;

fn id(n: usize) -> String {
    format!("p{n:02}")
}

fn is_in_slack(n: usize) -> bool {
    n.is_multiple_of(2)
}

fn thing(round: usize) -> String {
    format!("round-{round:02}")
}

/// People of whom any one may decide, in two places.
fn crowd() -> Options {
    let mut policy = usual();
    let ids: Vec<String> = (0..SIZE).map(id).collect();
    for id in &ids {
        policy.directory.people.insert(id.as_str().into(), person(id, id));
    }
    let crowd = ids.iter().map(|id| id.as_str().into()).collect();
    policy.directory.groups.insert("crowd".into(), crowd);
    let any = Stage { need: Need::Any, of: vec![Approver::Group("crowd".into())] };
    policy.flows.insert(0, flow("crowd", "*", stages(vec![any])));
    let known: Vec<Resource> = policy.catalog.resources.iter().collect();
    let things = (0..ROUNDS).map(|n| resource(&thing(n)));
    policy.catalog.resources = known.into_iter().chain(things).collect();
    let member =
        |id: &String| Member::new(&format!("U-{id}"), id, id, &format!("{id}@example.com"));
    let members = ids.iter().enumerate().filter(|(n, _)| is_in_slack(*n));
    let members = members.map(|(_, id)| member(id)).collect();
    Options { members, policy, bots: 2, has_teams: true, ..Options::default() }
}

/// Whoever is not in Slack is in Teams; every bot knows everybody.
async fn are_known(world: &World) {
    let teams = world.teams();
    teams.arrange(|state| {
        let absent = (0..SIZE).filter(|n| !is_in_slack(*n));
        let object = |n: usize| format!("e0000000-0000-4000-8000-{n:012x}");
        state.people.extend(absent.map(|n| somebody(&id(n), &id(n), &object(n))));
    });
    for url in world.urls() {
        teams.set_bot_url(&url);
        for n in 0..SIZE {
            if is_in_slack(n) {
                let from = json!({"id": format!("U-{}", id(n)), "team_id": "T0LOCAL"});
                let search = json!({
                    "type": "block_suggestion", "value": "", "team": {"id": "T0LOCAL"}, "user": from,
                    "view": {"id": "V1", "hash": "1.a", "type": "modal", "callback_id": "request_choose"},
                });
                assert!(world.slack.send(&url, Kind::Options, &search, &[]).await.is_ok());
            } else {
                assert_eq!(teams.installs(&mri(&id(n))).await.status, 200);
                let list = json!({ "data": { "do": "list", "list": "waiting" } });
                dialog(&teams.invoke(&mri(&id(n)), "task/submit", list).await);
            }
        }
    }
}

/// One of them decides, wherever they are; what they are told, nothing where it just closes.
async fn decides(world: &World, n: usize, id_of: RequestId, approves: bool) -> String {
    let (urls, teams) = (world.urls(), world.teams());
    let url = &urls[n / 2 % urls.len()];
    if is_in_slack(n) {
        let payload = decision(&format!("U-{}", id(n)), "T0LOCAL", id_of, approves);
        return answer(&sends(world, url, &payload).await);
    }
    let verdict = if approves { "approve" } else { "reject" };
    let data = json!({ "data": {
        "do": "decide", "id": id_of.to_string(), "verdict": verdict, "version": "1",
        "reason": "as said",
    } });
    teams.set_bot_url(url);
    let reply = teams.invoke(&mri(&id(n)), "task/submit", data).await;
    if reply.body.is_null() { String::new() } else { text(&dialog(&reply)) }
}

/// What somebody's copy of the question reads now, and its buttons.
fn copy(world: &World, n: usize, id_of: RequestId) -> (String, Vec<String>) {
    let of = id_of.to_string();
    if is_in_slack(n) {
        let messages = world.slack.dm(&format!("U-{}", id(n)));
        let copy = messages.into_iter().find(|message| message.all_text().contains(&of)).unwrap();
        return (copy.all_text(), read::buttons(&copy.blocks));
    }
    let chat = world.teams().chat(&mri(&id(n)));
    let copy = chat.iter().find(|one| text(&one.activity).contains(&of)).unwrap();
    (text(&copy.activity), buttons(&copy.activity))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_approvers_at_once_in_slack_and_in_teams_make_one_decision() {
    for mut world in worlds_with(crowd()).await {
        // Ana's own messages go to Slack; what a race leaves of its hundred dialogs is of no account.
        world.may_be_refused = true;
        are_known(&world).await;
        for round in 0..ROUNDS {
            let place = format!("{:?} round {round}", world.kind());
            let name = thing(round);
            let id = world.submits("ana", &[(name.as_str(), "read")], TimeDelta::hours(1)).await[0];
            let (rows, calls) = (world.audit().await.len(), world.target.count("grant"));
            let is_last = round + 1 == ROUNDS;
            if is_last {
                world.drain().await;
            }

            let all = (0..SIZE).map(|n| decides(&world, n, id, (n / 2 + round) % 2 == 0));
            let said = join_all(all).await;

            let told: Vec<&String> = said.iter().filter(|said| !said.is_empty()).collect();
            assert_eq!(told.len(), SIZE - 1, "{place}: {told:?}");
            assert!(told.iter().all(|said| said.contains("Already ")), "{place}: {told:?}");
            let decisions = world.record(id).await.decisions;
            assert_eq!(decisions.len(), 1, "{place}: {decisions:?}");
            let audit = world.audit().await;
            let word = if decisions[0].is_approval { "approved" } else { "rejected" };
            let new = audit[rows..].iter().map(|row| row.kind.as_str());
            let new: Vec<&str> = new.filter(|kind| !kind.starts_with("account")).collect();
            assert_eq!(new, [word], "{place}");
            world.works_at_the_target().await;
            let made = world.target.count("grant") - calls;
            assert_eq!(made, usize::from(decisions[0].is_approval), "{place}");
            if is_last {
                world.settle().await;
                let by = format!("{word} by {}", decisions[0].by);
                for n in 0..SIZE {
                    let (read, buttons) = copy(&world, n, id);
                    assert!(read.to_lowercase().contains(&by), "{place} {n}: {read}");
                    let open = buttons.iter().any(|b| b == "Approve" || b == "Reject");
                    assert!(!open, "{place} {n}: {buttons:?}");
                }
            }
        }
        world.ends().await;
    }
}

/// Ben is in Slack, Eva in Teams, the channel is of the one or the other.
fn both(channel: &str) -> Options {
    let mut policy = usual();
    let mut asked = flow("both", "payments", stages(vec![any_of(&["ben", "eva"])]));
    asked.channel = Some(channel.to_owned());
    policy.flows.insert(0, asked);
    Options { policy, has_teams: true, absent: vec!["eva"], ..Options::default() }
}

async fn eva_comes(world: &World) {
    let eva = somebody("eva", "Eva Lindgren", &object_id("eva"));
    world.teams().arrange(|state| state.people.push(eva));
    world.install_in_teams(&["eva"]).await;
    world.reads("eva", "Eva Lindgren").await;
}

/// What stands in the channel about it, wherever that is, and its buttons.
fn in_channel(world: &World, channel: &str, id: RequestId) -> (String, Vec<String>) {
    if channel == CHANNEL {
        let copy = world.ask_in_channel(id);
        return (copy.all_text(), read::buttons(&copy.blocks));
    }
    let copies = world.teams().messages(TEAMS_CHANNEL);
    assert_eq!(copies.len(), 1);
    (text(&copies[0].activity), buttons(&copies[0].activity))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_on_one_platform_is_read_on_the_other() {
    for (channel, by) in [(CHANNEL, "eva"), (TEAMS_CHANNEL, "ben"), (TEAMS_CHANNEL, "eva")] {
        for world in worlds_with(both(channel)).await {
            eva_comes(&world).await;
            let teams = world.teams();
            let id = world.asks("ana", "payments", "read").await;
            world.settle().await;
            let of_ben = world.ask_of("ben", id);
            let of_eva = world.reads("eva", &id.to_string()).await;
            let (_, open) = in_channel(&world, channel, id);
            assert!(open.iter().any(|b| b == "Approve" || b == "Review"), "{open:?}");

            if by == "ben" {
                world.approves("ben", id, "fine").await;
            } else {
                let form = dialog(&teams.press(&mri("eva"), &of_eva, "Approve", &json!({})).await);
                let reason = json!({ "reason": "fine" });
                let done = teams.press_in(&mri("eva"), &form, "Approve", &reason).await;
                assert_eq!(done.body, Value::Null);
            }
            world.settle().await;

            assert_eq!(world.status(id).await, "Active");
            let name = if by == "ben" { "Ben Okafor" } else { "Eva Lindgren" };
            let decided = format!("pproved by {name}");
            let (slack, chat) = (world.ask_of("ben", id), world.reads("eva", &decided).await);
            let (channel, left) = in_channel(&world, channel, id);
            for read in [&slack.all_text(), &text(&chat.activity), &channel] {
                assert!(read.contains(&decided) && read.contains("fine"), "{read}");
            }
            assert_eq!(chat.id, of_eva.id, "the copy that was there is rewritten");
            assert_eq!(buttons(&chat.activity), ["Details"]);
            let mut left: Vec<String> =
                left.into_iter().chain(read::buttons(&slack.blocks)).collect();
            left.retain(|button| button != "Details");
            assert_eq!(left, Vec::<String>::new());

            // Whoever presses what still stands on their screen is told, there as here.
            let late = teams.press(&mri("eva"), &of_eva, "Reject", &json!({})).await;
            assert!(text(&dialog(&late)).contains(&decided), "{late:?}");
            assert!(world.slack.click_on(&account("ben"), &of_ben, "reject").await.is_ok());
            let late = world.sees_modal("ben", "notice").await.all_text();
            assert!(late.contains(&decided), "{late}");
            world.ends().await;
        }
    }
}
