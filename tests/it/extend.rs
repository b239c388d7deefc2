//! Extending access near its end, and hearing of the end in time (R14, R35, R36, V11).
use crate::world::policy::{self, account};
use crate::world::{Options, World, worlds_with};
use chrono::{DateTime, TimeDelta, Utc};
use hallpass::demo::slack::{Message, View, read};
use hallpass::domain::flow::{Flow, Scope, Who};
use hallpass::domain::id::RequestId;
use hallpass::domain::policy::Policy;
use hallpass::domain::request::State;
use hallpass::domain::terms::{Extend, Offered};

/// Two steps of half an hour, offered in the last quarter, two hours in all at most.
fn rule() -> Extend {
    Extend {
        step: TimeDelta::minutes(30),
        times: 2,
        longest: TimeDelta::hours(2),
        offered: Offered::LastQuarter,
    }
}

/// The usual policy, in which every flow lets access be extended as `rule` says.
fn extendable(rule: Extend) -> Options {
    let mut policy = policy::usual();
    for flow in &mut policy.flows {
        flow.extend = Some(rule.clone());
    }
    Options { policy, ..Options::default() }
}

/// An hour of access that the flow gives at once.
async fn active(world: &World) -> RequestId {
    let id = world.asks("ana", "logs", "read").await;
    world.settle().await;
    assert_eq!(world.status(id).await, "Active");
    id
}

async fn until(world: &World, id: RequestId) -> DateTime<Utc> {
    world.record(id).await.expires_at.unwrap()
}

async fn extensions(world: &World, id: RequestId) -> u32 {
    match world.record(id).await.state {
        State::Active { extensions, .. } => extensions,
        state => panic!("{id} is {}", state.label()),
    }
}

/// Passes time to within a second of the end, with everything done that is due then.
async fn near_the_end(world: &World, id: RequestId) {
    let almost = until(world, id).await - TimeDelta::seconds(60);
    world.clock.set(almost);
    world.settle().await;
}

async fn becomes_extended(world: &World, id: RequestId, times: u32) {
    for _ in 0..4000 {
        if extensions(world, id).await == times {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{id} was not extended {times} times: {:?}", world.record(id).await.state);
}

/// Presses Extend on this message; what the notice says then, where it did nothing.
async fn is_refused(world: &World, message: &Message) -> String {
    for view in world.slack.views(&account("ana")) {
        world.slack.close(&account("ana"), &view.id).await;
    }
    assert!(world.slack.click_on(&account("ana"), message, "extend").await.is_ok());
    let notice = world.sees_modal("ana", "notice").await;
    world.slack.close(&account("ana"), &notice.id).await;
    notice.all_text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_lasts_longer_by_a_click_near_its_end_and_nobody_is_asked() {
    for world in worlds_with(extendable(rule())).await {
        let id = active(&world).await;
        let first = until(&world, id).await;
        let ready = world.said_to("ana", id, "Your access is ready");
        assert!(!read::buttons(&ready.blocks).iter().any(|text| text.starts_with("Extend")));

        near_the_end(&world, id).await;
        let ready = world.said_to("ana", id, "Your access is ready");
        assert!(read::buttons(&ready.blocks).contains(&"Extend by 30 min".to_owned()));
        let soon = world.said_to("ana", id, "Your access ends soon");
        let sealed = world.query("SELECT COUNT(*) || '' FROM access_details").await;
        assert!(world.clicks("ana", &soon, "extend").await.is_ok());
        becomes_extended(&world, id, 1).await;
        world.settle().await;

        assert_eq!(until(&world, id).await, first + TimeDelta::minutes(30));
        let ends = "SELECT CAST(expires_at AS TEXT) FROM access_grant";
        let end = (first + TimeDelta::minutes(30)).timestamp_millis().to_string();
        assert_eq!(world.query(ends).await, [[end]]);
        assert_eq!(world.query("SELECT COUNT(*) || '' FROM access_details").await, sealed);
        assert_eq!(world.record(id).await.decisions.len(), 0);
        let extended = world.said_to("ana", id, "Your access was extended");
        assert!(!read::buttons(&extended.blocks).iter().any(|text| text.starts_with("Extend")));
        world.clock.set(first + TimeDelta::minutes(1));
        world.settle().await;
        assert!(world.target.holds("ana", "logs", "read"));
        world.clock.set(first + TimeDelta::minutes(30));
        world.settle().await;
        assert_eq!(world.status(id).await, "Expired");
        assert!(!world.target.holds("ana", "logs", "read"));
        world.ends().await;
    }
}

/// V11: a second before, at, and a second after the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_is_extended_before_its_end_and_not_at_it() {
    for world in worlds_with(extendable(rule())).await {
        for (off, is_accepted) in [(-1, true), (0, false), (1, false)] {
            let id = active(&world).await;
            near_the_end(&world, id).await;
            let soon = world.said_to("ana", id, "Your access ends soon");

            // The bot has not acted on the end yet: a late schedule gives nobody more time.
            world.clock.set(until(&world, id).await + TimeDelta::seconds(off));
            if is_accepted {
                assert!(world.clicks("ana", &soon, "extend").await.is_ok());
                becomes_extended(&world, id, 1).await;
            } else {
                let said = is_refused(&world, &soon).await;
                assert!(
                    said.contains("Only active access can be extended, before its end"),
                    "{said}"
                );
                assert_eq!(extensions(&world, id).await, 0);
            }
            world.passes(TimeDelta::hours(3)).await;
            assert_eq!(world.status(id).await, "Expired");
        }
        world.ends().await;
    }
}

/// V11: after Revoked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_away_is_not_extended() {
    for world in worlds_with(extendable(rule())).await {
        let id = active(&world).await;
        near_the_end(&world, id).await;
        let soon = world.said_to("ana", id, "Your access ends soon");
        assert!(world.clicks("ana", &soon, "revoke").await.is_ok());
        world.becomes(id, "Revoking").await;
        assert!(is_refused(&world, &soon).await.contains("Only active access can be extended"));
        world.settle().await;

        assert_eq!(world.status(id).await, "Revoked");
        assert!(is_refused(&world, &soon).await.contains("Only active access can be extended"));
        assert_eq!(world.status(id).await, "Revoked");
        assert!(!world.target.holds("ana", "logs", "read"));
        world.ends().await;
    }
}

/// V11: twice at once, sent twice by Slack, and once too often; never past the cap.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_click_extends_once_and_never_past_the_cap() {
    let short = Extend { times: 3, longest: TimeDelta::minutes(100), ..rule() };
    for world in worlds_with(extendable(short)).await {
        let id = active(&world).await;
        let since = world.record(id).await.active_at.unwrap();
        near_the_end(&world, id).await;
        let soon = world.said_to("ana", id, "Your access ends soon");

        let click = || world.slack.click_on("U1", &soon, "extend");
        let clicked = tokio::join!(click(), click(), click());
        assert!(clicked.0.is_ok() && clicked.1.is_ok() && clicked.2.is_ok());
        becomes_extended(&world, id, 1).await;
        let late = world.sees_modal("ana", "notice").await.all_text();
        assert!(late.contains("It was extended already"), "{late}");
        world.settle().await;
        assert_eq!(extensions(&world, id).await, 1);
        assert_eq!(until(&world, id).await, since + TimeDelta::minutes(90));

        let typed = world.types("ana", &format!("extend {id}")).await;
        assert!(typed.is_ok());
        world
            .soon("that it is early", |state| {
                let early = |view: &&View| view.all_text().contains("once its end is near");
                state.views("U1").iter().find(early).cloned()
            })
            .await;
        near_the_end(&world, id).await;
        assert!(world.types("ana", &format!("extend {id}")).await.is_ok());
        becomes_extended(&world, id, 2).await;
        assert_eq!(until(&world, id).await, since + TimeDelta::minutes(100));
        near_the_end(&world, id).await;
        let last = world.said_to("ana", id, "Your access ends soon");
        let earlier = world.said_to("ana", id, "A newer message below tells of its end");
        assert!(earlier.ts < last.ts);
        assert!(!read::buttons(&last.blocks).iter().any(|text| text.starts_with("Extend")));
        assert!(last.all_text().contains("It lasts as long as its access flow allows already"));
        let said = is_refused(&world, &soon).await;
        assert!(said.contains("It was extended already"), "{said}");

        assert_eq!(until(&world, id).await, since + TimeDelta::minutes(100));
        world.ends().await;
    }
}

/// V11: twice at once and once too often, in words, where the flow offers it for longer than its step is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_wish_typed_twice_extends_once_until_the_new_end_is_near() {
    let wide = Extend {
        step: TimeDelta::minutes(20),
        times: 2,
        longest: TimeDelta::hours(4),
        offered: Offered::Before(TimeDelta::hours(1)),
    };
    for world in worlds_with(extendable(wide)).await {
        let id = active(&world).await;
        let first = until(&world, id).await;
        near_the_end(&world, id).await;
        let line = format!("extend {id}");

        let both = tokio::join!(world.types("ana", &line), world.types("ana", &line));
        assert!(both.0.is_ok() && both.1.is_ok());
        let late = world.sees_modal("ana", "notice").await;
        assert!(late.all_text().contains("It was extended already and lasts until"));
        world.slack.close("U1", &late.id).await;
        assert!(world.types("ana", &line).await.is_ok());
        let late = world.sees_modal("ana", "notice").await;
        assert!(late.all_text().contains("It was extended already and lasts until"));
        world.settle().await;
        assert_eq!(extensions(&world, id).await, 1);
        assert_eq!(until(&world, id).await, first + TimeDelta::minutes(20));
        world.slack.close("U1", &late.id).await;
        assert!(world.types("ana", &format!("show {id}")).await.is_ok());
        let details = world.sees_modal("ana", "details").await;
        assert!(!read::buttons(&details.json).iter().any(|text| text.starts_with("Extend")));

        near_the_end(&world, id).await;
        assert!(world.types("ana", &line).await.is_ok());
        becomes_extended(&world, id, 2).await;
        assert_eq!(until(&world, id).await, first + TimeDelta::minutes(40));

        near_the_end(&world, id).await;
        assert!(world.types("ana", &line).await.is_ok());
        let once_too_often = world.sees_modal("ana", "notice").await.all_text();
        assert!(once_too_often.contains("It was extended 2 times"), "{once_too_often}");
        assert_eq!(until(&world, id).await, first + TimeDelta::minutes(40));
        world.ends().await;
    }
}

/// R36: what the requester sees from the first word to the last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_has_one_living_message_and_a_new_one_only_where_attention_is_needed() {
    let titles = |world: &World| -> Vec<String> {
        let title = |message: &Message| {
            message.blocks[0]["text"]["text"]
                .as_str()
                .unwrap()
                .trim_start_matches(|c: char| !c.is_ascii())
                .trim()
                .to_owned()
        };
        world.slack.dm("U1").iter().map(title).collect()
    };
    for world in worlds_with(extendable(rule())).await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        assert_eq!(titles(&world), [format!("{id} · Pending Approval")]);

        world.approves("ben", id, "").await;
        world.settle().await;
        assert_eq!(titles(&world), [&format!("{id} · Active"), "Your access is ready"]);

        near_the_end(&world, id).await;
        let soon = "Your access ends soon";
        assert_eq!(titles(&world), [&format!("{id} · Active"), "Your access is ready", soon]);
        world.passes(TimeDelta::seconds(5)).await;
        assert_eq!(titles(&world).len(), 3, "told once");

        let message = world.said_to("ana", id, soon);
        assert!(world.clicks("ana", &message, "extend").await.is_ok());
        becomes_extended(&world, id, 1).await;
        world.settle().await;
        let extended = "Your access was extended";
        assert_eq!(titles(&world), [&format!("{id} · Active"), "Your access is ready", extended]);

        near_the_end(&world, id).await;
        assert_eq!(
            titles(&world),
            [&format!("{id} · Active"), "Your access is ready", extended, soon],
            "a new end is a new message"
        );

        world.passes(TimeDelta::hours(1)).await;
        let over = "This access has ended";
        assert_eq!(
            titles(&world),
            [&format!("{id} · Expired"), over, over, over, &format!("{id} · Expired")],
            "no copy goes on saying what was"
        );
        for notice in world.slack.dm("U1").iter().skip(2).take(2) {
            let text = notice.all_text();
            assert!(text.contains("Its time was over and the access is gone"), "{text}");
            assert!(!text.contains("below") && !text.contains("lasts longer"), "{text}");
            assert_eq!(read::buttons(&notice.blocks), ["Details"]);
        }
        let last = world.slack.dm("U1").pop().unwrap();
        assert_eq!(read::buttons(&last.blocks), ["Request again", "Details"]);
        world.ends().await;
    }
}

/// The notice is stored with the move: a crash loses it neither nor doubles it, and an outage that
/// lasts past the end says nothing of an end that is near.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_notice_survives_a_crash_and_is_not_given_too_late() {
    for mut world in worlds_with(extendable(rule())).await {
        let id = active(&world).await;
        world.clock.set(until(&world, id).await - TimeDelta::minutes(2));
        world.app().run_due().await.unwrap();
        world.crash().await;
        world.restart().await;
        // The lease of whatever the crash left runs out.
        world.passes(TimeDelta::seconds(90)).await;
        let told = |world: &World| {
            let told = world.told("ana");
            told.iter().filter(|text| text.contains("Your access ends soon")).count()
        };
        assert_eq!(told(&world), 1);
        world.ends().await;
    }
    for mut world in worlds_with(extendable(rule())).await {
        let id = active(&world).await;
        world.crash().await;
        world.clock.advance(TimeDelta::hours(2));
        world.restart().await;
        world.passes(TimeDelta::seconds(90)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert!(world.maybe_said_to("ana", id, "Your access ends soon").is_none());
        assert!(world.target.count("revoke") > 0);
        world.ends().await;
    }
}

/// Everybody may see that it ends soon; without a rule, the message says that it stays so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_flow_allows_no_extension_the_notice_says_so() {
    for world in crate::world::worlds().await {
        let id = active(&world).await;
        near_the_end(&world, id).await;

        let soon = world.said_to("ana", id, "Your access ends soon");
        assert!(soon.all_text().contains("does not let access be extended"), "{}", soon.all_text());
        assert_eq!(read::buttons(&soon.blocks), ["End access now", "Details"]);
        assert!(world.types("ana", &format!("extend {id}")).await.is_ok());
        let said = world.sees_modal("ana", "notice").await.all_text();
        assert!(said.contains("does not let access be extended"), "{said}");
        world.ends().await;
    }
}

/// R12: what somebody else asked for on my behalf is in their hands, unless I may ask for myself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_whoever_disposes_of_the_access_extends_it() {
    let usual = policy::usual();
    let logs = usual.flows[0].clone();
    let by_eva = Flow {
        who: vec![Who::Person("eva".into())],
        scope: Scope::Others,
        extend: Some(rule()),
        ..logs
    };
    let options = Options { policy: Policy { flows: vec![by_eva], ..usual }, ..Options::default() };
    for world in worlds_with(options).await {
        let id = world.asks_for_ana("logs").await;
        world.settle().await;
        near_the_end(&world, id).await;

        let anas = world.said_to("ana", id, "Your access ends soon");
        assert_eq!(read::buttons(&anas.blocks), ["Details"]);
        assert!(anas.all_text().contains("Eva Lindgren can extend it"), "{}", anas.all_text());
        for person in ["ana", "ben", "dev"] {
            let tried = world.app().extend(&person.into(), id, Some(0), None).await;
            assert!(tried.is_err(), "{person}");
        }
        let evas = world.said_to("eva", id, "Your access ends soon");
        assert!(world.clicks("eva", &evas, "extend").await.is_ok());
        becomes_extended(&world, id, 1).await;

        let refused = world.audit().await.into_iter().filter(|row| row.kind == "extending_refused");
        assert_eq!(refused.count(), 3);
        world.ends().await;
    }
}
