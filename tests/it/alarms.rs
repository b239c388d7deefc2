//! What admins hear: in their direct messages, and in the alarm channel where one is configured.
use crate::world::policy::account;
use crate::world::teams::TEAMS_CHANNEL;
use crate::world::teams_people::text;
use crate::world::{CHANNEL, Fails, Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::connect::Fault;
use hallpass::demo::slack::{Member, Message};

/// An account that has Ana's address as well.
const SECOND: &str = "U-second";

fn with_channel() -> Options {
    let second = Member::new(SECOND, "ana.too", "Ana Too", "ana@example.com");
    Options { alarm_channel: Some(CHANNEL.to_owned()), members: vec![second], ..Options::default() }
}

/// How many messages say this, to Dev, who is the admin, and in the channel.
fn heard(world: &World, text: &str) -> (usize, usize) {
    let says = |message: &&Message| message.all_text().contains(text);
    let dev = world.slack.dm(&account("dev"));
    let channel = world.slack.messages(CHANNEL);
    (dev.iter().filter(says).count(), channel.iter().filter(says).count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_alarm_channel_hears_alarms_beside_the_admins() {
    for world in worlds_with(with_channel()).await {
        let id = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        world.target.fails(Fails::Revoke(Fault::passing("the target is down")), usize::MAX);

        world.passes(TimeDelta::hours(1)).await;
        for _ in 0..10 {
            world.passes(TimeDelta::seconds(60)).await;
        }
        assert_eq!(heard(&world, "should be gone"), (1, 1));
        world.target.recovers();
        world.passes(TimeDelta::seconds(60)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert_eq!(heard(&world, "is gone now"), (1, 1), "both copies say that it is over");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_account_for_a_person_is_refused_and_the_admins_are_told_once() {
    for world in worlds_with(with_channel()).await {
        let form = world.opens_form("ana").await;
        world.slack.close(&account("ana"), &form.id).await;

        for _ in 0..2 {
            assert!(world.slack.slash(SECOND, "request").await.is_ok());
            let said = world
                .soon("the refusal", |state| state.views(SECOND).last().cloned())
                .await
                .all_text();
            assert!(said.contains("somebody with another account here"), "{said}");
            for view in world.slack.views(SECOND) {
                world.slack.close(SECOND, &view.id).await;
            }
            world.settle().await;
            // Slack's word on an account is asked for anew.
            world.clock.advance(TimeDelta::minutes(11));
        }

        assert_eq!(heard(&world, "An account with the address of Ana Torres"), (1, 1));
        let refused = world.audit().await.into_iter().filter(|row| row.kind == "link_refused");
        assert_eq!(refused.count(), 2, "each try is audited");
        let linked = world.query("SELECT user_id FROM account WHERE person = 'ana'").await;
        assert_eq!(linked, [["U1"]]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_alarm_channels_of_both_platforms_hear_each_alarm_once() {
    let options = Options {
        has_teams: true,
        teams_alarm_channel: Some(TEAMS_CHANNEL.to_owned()),
        ..with_channel()
    };
    for world in worlds_with(options).await {
        let in_teams = |words: &str| {
            let messages = world.teams().messages(TEAMS_CHANNEL);
            let says =
                |message: &&hallpass::demo::teams::Message| text(&message.activity).contains(words);
            messages.iter().filter(says).count()
        };
        let id = world.submits("ana", &[("logs", "read")], TimeDelta::hours(1)).await[0];
        world.settle().await;
        world.target.fails(Fails::Revoke(Fault::passing("the target is down")), usize::MAX);

        world.passes(TimeDelta::hours(1)).await;
        for _ in 0..10 {
            world.passes(TimeDelta::seconds(60)).await;
        }
        assert_eq!((heard(&world, "should be gone"), in_teams("should be gone")), ((1, 1), 1));
        world.target.recovers();
        world.passes(TimeDelta::seconds(60)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert_eq!((heard(&world, "is gone now"), in_teams("is gone now")), ((1, 1), 1));
        world.ends().await;
    }
}
