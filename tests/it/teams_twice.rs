//! What Teams sends twice, to whichever bot (V2): it is answered once.
use crate::world::teams::mri;
use crate::world::teams_people::{teams_alone, text};
use crate::world::{Options, World, worlds_with};
use serde_json::{Value, json};

/// Has Teams post these at once to every bot, twice to each, and waits for what follows.
async fn comes_twice(world: &World, activities: &[Value]) {
    let (teams, mut urls) = (world.teams(), world.urls());
    urls.extend(urls.clone());
    for url in &urls {
        teams.set_bot_url(url);
        let posts = activities.iter().map(|activity| teams.post(activity));
        for reply in futures_util::future::join_all(posts).await {
            assert_eq!(reply.status, 200);
        }
    }
    teams.set_bot_url(&urls[0]);
}

/// How many messages in Ana's chat say this, once everything that goes on is over.
async fn said(world: &mut World, words: &str) -> usize {
    // What goes on after an acknowledgement is done when a bot has stopped.
    world.stops().await;
    world.restart().await;
    world.settle().await;
    let chat = world.teams().chat(&mri("ana"));
    chat.iter().filter(|message| text(&message.activity).contains(words)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_teams_sends_again_to_another_bot_are_answered_once() {
    for mut world in worlds_with(Options { bots: 2, ..teams_alone() }).await {
        let teams = world.teams();
        teams.installs(&mri("ana")).await;
        world.reads("ana", "Ana Torres").await;
        let mut words = teams.activity(&mri("ana"), "a:ana", "message");
        words["text"] = "help".into();

        comes_twice(&world, &[words]).await;

        assert_eq!(said(&mut world, "request payments").await, 1, "{:?}", world.kind());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_that_two_bots_hear_of_in_two_ways_is_greeted_once() {
    for mut world in worlds_with(Options { bots: 2, ..teams_alone() }).await {
        let teams = world.teams();
        let mut installed = teams.activity(&mri("ana"), "a:ana", "installationUpdate");
        installed["action"] = "add".into();
        let mut came = teams.activity(&mri("ana"), "a:ana", "conversationUpdate");
        came["membersAdded"] = json!([came["recipient"]]);

        comes_twice(&world, &[installed, came]).await;

        assert_eq!(said(&mut world, "Ana Torres").await, 1, "{:?}", world.kind());
        world.ends().await;
    }
}
