//! The secret with which Microsoft gives the bot its tokens runs out: `/readyz` says so.
use crate::world::teams::{mri, raw};
use crate::world::teams_people::teams_alone;
use crate::world::{SOON, World, worlds_with};
use chrono::TimeDelta;
use std::time::Instant;

/// Longer than a token is good.
const DAY: TimeDelta = TimeDelta::days(1);

/// Has the bot write to Ana with a new token, until it is as ready as this.
async fn is_ready_as(world: &World, status: &str) -> String {
    let until = Instant::now() + SOON;
    loop {
        world.passes(DAY).await;
        world.teams().say(&mri("ana"), "help").await;
        world.settle().await;
        let answer = raw(&world.urls()[0], "GET", "/readyz").await;
        if answer.starts_with(&format!("HTTP/1.1 {status}")) {
            return answer;
        }
        assert!(Instant::now() < until, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_secret_that_ran_out_turns_readiness_red_until_there_are_tokens_again() {
    for world in worlds_with(teams_alone()).await {
        world.teams().installs(&mri("ana")).await;
        is_ready_as(&world, "200").await;

        world.teams().arrange(|state| state.secret_is_gone = true);
        let answer = is_ready_as(&world, "503").await;

        assert!(answer.contains("teams app: Microsoft gives the app no token"), "{answer}");
        assert!(!answer.contains("AADSTS"), "{answer}");
        world.teams().arrange(|state| state.secret_is_gone = false);
        is_ready_as(&world, "200").await;
        world.ends().await;
    }
}
