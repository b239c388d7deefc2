//! What is there already is said before it is asked for once more (R11): pending and active, in the
//! form, and where the form opens at its second step.
use crate::world::{World, worlds};
use chrono::TimeDelta;
use hallpass::demo::slack::View;
use hallpass::domain::id::RequestId;
use serde_json::json;

async fn active(world: &World) -> RequestId {
    let id = world.asks("ana", "logs", "read").await;
    world.settle().await;
    assert_eq!(world.status(id).await, "Active");
    id
}

/// Waits until the second step says so.
async fn is_said(world: &World, view: &View, id: RequestId) {
    let line = format!("logs (database in Production): read: see {id}");
    let said = world.says(view, &line).await;
    assert!(said.all_text().contains("There already, or asked for"), "{}", said.all_text());
    world.slack.close("U1", &view.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_that_is_there_is_pointed_out_in_the_form() {
    for world in worlds().await {
        let id = active(&world).await;

        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "logs", "read").await;
        let review = world.presses_in("ana", &view, "review").await;
        assert!(review.all_text().contains(&format!("({id} gives or asks for the same)")));
        let finish = world.goes_on("ana", &review).await;

        is_said(&world, &finish, id).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_asks_for_what_is_there_says_so() {
    for world in worlds().await {
        let id = active(&world).await;

        let line = "request logs read for 2h because INC-42 the totals of May differ";
        assert!(world.types("ana", line).await.is_ok());
        let finish = world.sees_modal("ana", "request_finish").await;

        is_said(&world, &finish, id).await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_again_for_what_is_there_by_now_says_so() {
    for world in worlds().await {
        let over = active(&world).await;
        world.passes(TimeDelta::hours(2)).await;
        let id = active(&world).await;

        assert!(world.types("ana", &format!("again {over}")).await.is_ok());
        let finish = world.sees_modal("ana", "request_finish").await;

        is_said(&world, &finish, id).await;
        world.ends().await;
    }
}

/// R17: what a message said stands in the field, and goes with the form.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quoted_message_stands_in_the_second_step_and_is_sent() {
    for world in worlds().await {
        let said = "INC-42: please <look> into the *failed* payments & tell me";
        let message = world.slack.write("U2", crate::world::CHANNEL, said);

        let answer = world.slack.message_shortcut("U1", "request_access_message", &message).await;
        assert!(answer.is_ok(), "{answer:?}");
        let form = world.sees_modal("ana", "request").await;
        let form = world.chooses("ana", &form, "logs", "read").await;
        let finish = world.goes_on("ana", &form).await;
        assert_eq!(finish.values()["why"]["justification"]["value"], said);
        assert!(world.slack.submit("U1", &finish.id, &json!({})).await.is_ok());
        world.settle().await;

        let record = world.records().await.pop().unwrap();
        assert_eq!(record.asked.justification, said);
        assert_eq!(record.state.label(), "Active");
        world.ends().await;
    }
}
