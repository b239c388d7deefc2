//! The same way without a public address: Slack's events over the connections that the bot opens.
use crate::world::{Options, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::Disconnect;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_socket_the_whole_way_is_the_same() {
    for world in worlds_with(Options { is_socket: true, ..Options::default() }).await {
        let id = world.asks("ana", "payments", "write").await;
        world.settle().await;
        world.approves("ben", id, "fine by me").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
        assert!(world.target.holds("ana", "payments", "write"));

        world.passes(TimeDelta::hours(1)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert!(!world.target.holds("ana", "payments", "write"));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_slack_is_about_to_close_loses_nobody_s_click() {
    for world in worlds_with(Options { is_socket: true, ..Options::default() }).await {
        let id = world.asks("ana", "payments", "write").await;
        world.settle().await;

        world.slack.disconnect(Disconnect::Warning).await;
        world.approves("ben", id, "fine by me").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        world.ends().await;
    }
}
