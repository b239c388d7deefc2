//! What Slack delivers twice, or a hundred times, to whichever bot (V2): one effect, and nobody hears
//! of a lateness that was Slack's.
use crate::world::policy::{account, any_of, flow, stages, usual};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Ack, Message};
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::{Extend, Offered};

/// How often Slack sends it once more.
const TIMES: usize = 20;

/// Access that may be extended from its beginning, decided in two stages where it is about the ledger.
fn options() -> Options {
    let mut policy = usual();
    let both = stages(vec![any_of(&["ben", "eva"]), any_of(&["ben", "finn"])]);
    policy.flows.insert(0, flow("both-stages", "ledger", both));
    for flow in &mut policy.flows {
        flow.extend = Some(Extend {
            step: TimeDelta::minutes(30),
            times: 2,
            longest: TimeDelta::hours(3),
            offered: Offered::LastQuarter,
        });
    }
    Options { policy, bots: 2, ..Options::default() }
}

/// Ana's access near its end.
async fn active(world: &World) -> RequestId {
    let id = world.asks("ana", "logs", "read").await;
    world.settle().await;
    world.passes(TimeDelta::minutes(50)).await;
    assert_eq!(world.status(id).await, "Active");
    id
}

/// What a person sees that is no message of a request: notices, and lines for them alone.
fn aside(world: &World, person: &str) -> Vec<String> {
    let account = account(person);
    let views = world.slack.views(&account).into_iter();
    let notices = views.filter(|view| view.json["callback_id"] == "notice");
    let lines = world.slack.ephemerals(&account).into_iter();
    notices.map(|view| view.all_text()).chain(lines.map(|line| line.all_text())).collect()
}

/// Has Slack send the last thing again, to every bot, and lets all of it come to its end.
async fn comes_again(world: &mut World) {
    let urls = world.urls();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let acks = world.slack.redeliver(TIMES, &urls).await;
    assert!(acks.iter().all(Ack::is_ok), "{acks:?}");
    // What goes on after an acknowledgement is done when a bot has stopped.
    world.stops().await;
    world.restart().await;
}

/// One effect so far: the request's version and its kinds of rows in the audit.
async fn effects(world: &World, id: RequestId, kind: &str) -> (i64, usize) {
    let rows = world.audit().await;
    let count = rows.iter().filter(|row| row.request == Some(id.0) && row.kind == kind).count();
    (world.record(id).await.version, count)
}

/// How Ana does something.
enum How<'a> {
    Typed,
    Clicked(&'a Message, &'a str),
}

/// Ana does it, and Slack sends it again and again.
async fn does(world: &mut World, id: RequestId, (verb, kind): (&str, &str), how: How<'_>) {
    let before = world.record(id).await.version;
    let seen = aside(world, "ana");
    let answer = match how {
        // What is typed to take access away asks first; its answer is what comes again then.
        How::Typed if verb == "revoke" => {
            assert!(world.types("ana", &format!("revoke {id}")).await.is_ok());
            let dialog = world.sees_modal("ana", "end").await;
            world.gives_reason("ana", &dialog, "").await
        }
        How::Typed => world.types("ana", &format!("{verb} {id}")).await,
        How::Clicked(message, button) => world.slack.click_on("U1", message, button).await,
    };
    assert!(answer.is_ok(), "{answer:?}");
    let until = std::time::Instant::now() + crate::world::SOON;
    while world.record(id).await.version == before {
        assert!(std::time::Instant::now() < until, "{verb} {id} had no effect");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }

    comes_again(world).await;

    let place = format!("{:?} {verb}", world.kind());
    assert_eq!(effects(world, id, kind).await, (before + 1, 1), "{place}");
    // What was open before may be closed now.
    let mut said = aside(world, "ana");
    for line in &seen {
        if let Some(at) = said.iter().position(|other| other == line) {
            said.remove(at);
        }
    }
    let is_late = |line: &String| {
        ["already", "can be extended", "before its end", "Nothing is left", "not pending"]
            .iter()
            .any(|word| line.contains(word))
    };
    assert!(!said.iter().any(is_late), "{place}: {said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_word_that_slack_sends_again_has_one_effect() {
    for mut world in worlds_with(options()).await {
        world.may_be_refused = true;
        let pending = world.asks("ana", "payments", "read").await;
        does(&mut world, pending, ("cancel", "cancelled"), How::Typed).await;
        let id = active(&world).await;
        does(&mut world, id, ("extend", "extended"), How::Typed).await;
        world.settle().await;
        does(&mut world, id, ("revoke", "revoke_asked"), How::Typed).await;

        world.settle().await;
        assert_eq!(world.status(pending).await, "Cancelled");
        assert_eq!(world.status(id).await, "Revoked");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_that_slack_sends_again_has_one_effect() {
    for mut world in worlds_with(options()).await {
        world.may_be_refused = true;
        let pending = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let own = world.said_to("ana", pending, "Pending Approval");
        does(&mut world, pending, ("cancel", "cancelled"), How::Clicked(&own, "cancel")).await;
        let id = active(&world).await;
        let soon = world.said_to("ana", id, "Your access ends soon");
        does(&mut world, id, ("extend", "extended"), How::Clicked(&soon, "extend")).await;
        world.settle().await;
        let ready = world.said_to("ana", id, "Your access is ready");
        does(&mut world, id, ("revoke", "revoke_asked"), How::Clicked(&ready, "revoke")).await;

        world.settle().await;
        assert_eq!(world.status(pending).await, "Cancelled");
        assert_eq!(world.status(id).await, "Revoked");
        world.ends().await;
    }
}

/// Ben may decide in both stages: what Slack sends again is his word on the first, not on the second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_that_slack_sends_again_counts_in_its_own_stage_alone() {
    for mut world in worlds_with(options()).await {
        world.may_be_refused = true;
        let id = world.asks("ana", "ledger", "read").await;
        world.settle().await;
        world.approves("ben", id, "first").await;

        comes_again(&mut world).await;
        world.settle().await;

        assert_eq!(world.record(id).await.decisions.len(), 1, "{:?}", world.kind());
        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.target.count("grant"), 0);
        assert_eq!(aside(&world, "ben"), Vec::<String>::new());
        world.approves("finn", id, "second").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        assert_eq!(world.record(id).await.decisions.len(), 2);
        world.ends().await;
    }
}
