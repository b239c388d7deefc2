//! What people do, and what the bot gets and may answer.

use std::time::Duration;

use serde_json::{Value, json};

use super::{World, call, card, form, section};
use crate::demo::slack::limits;
use crate::demo::slack::{Container, Workspace};

fn secret_signature(headers: &axum::http::HeaderMap, body: &[u8]) -> bool {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"local-signing-secret");
    let mut signed =
        format!("v0:{}:", headers["x-slack-request-timestamp"].to_str().unwrap()).into_bytes();
    signed.extend_from_slice(body);
    let hex = headers["x-slack-signature"].to_str().unwrap().strip_prefix("v0=").unwrap();
    let tag: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|n| u8::from_str_radix(&hex[n..n + 2], 16).unwrap())
        .collect();
    ring::hmac::verify(&key, &signed, &tag).is_ok()
}

/// A bot that opens a form on a command or a shortcut.
async fn world_with_form() -> World {
    World::new(|ws, path, payload| {
        Box::pin(async move {
            let opens = path == "commands" || payload["type"] == "shortcut";
            if opens {
                let args = json!({"trigger_id": payload["trigger_id"], "view": form("A")});
                assert_eq!(call(&ws, "views.open", args).await.1["ok"], true);
            }
            match path.as_str() {
                "options" => (
                    200,
                    json!({"options": [
                    {"text": {"type": "plain_text", "text": "payments"}, "value": "p1"}]}),
                ),
                _ => (200, submission(&payload)),
            }
        })
    })
    .await
}

/// The answer to a submission depends on what was typed.
fn submission(payload: &Value) -> Value {
    if payload["type"] != "view_submission" {
        return Value::Null;
    }
    match payload["view"]["state"]["values"]["why"]["reason"]["value"].as_str().unwrap() {
        "bad" => json!({"response_action": "errors", "errors": {"why": "Say more."}}),
        "lost" => json!({"response_action": "errors", "errors": {"nowhere": "Say more."}}),
        "next" => json!({"response_action": "update", "view": form("B")}),
        "push" => json!({"response_action": "push", "view": form("C")}),
        "clear" => json!({"response_action": "clear"}),
        _ => Value::Null,
    }
}

fn option() -> Value {
    json!({"text": {"type": "plain_text", "text": "payments"}, "value": "p1"})
}

async fn open(ws: &Workspace) -> String {
    assert!(ws.slash("U1", "request").await.is_ok());
    ws.views("U1").last().unwrap().id.clone()
}

#[tokio::test]
async fn a_command_arrives_signed_and_its_answer_is_shown_to_one() {
    let world = World::new(|_, _, _| {
        Box::pin(async { (200, json!({"response_type": "ephemeral", "text": "Hello"})) })
    })
    .await;

    let answer = world.ws.slash_in("U1", "C1", "request for @ben & <co>").await;

    assert!(answer.is_ok());
    let (path, headers, payload) = world.last();
    assert_eq!(path, "commands");
    assert_eq!(payload["text"], "request for <@U2|ben> &amp; &lt;co&gt;");
    assert_eq!(payload["channel_name"], "approvals");
    let (_, body) = crate::demo::slack::Kind::Command
        .pack(&world.ws.read(|state| state.deliveries()[0].payload.clone()));
    assert!(secret_signature(&headers, &body));
    assert_eq!(headers["x-slack-request-timestamp"], "1800000000");
    assert_eq!(world.ws.ephemerals("U1")[0].text, "Hello");
    assert_eq!(world.ws.ephemerals("U2"), vec![]);
}

#[tokio::test]
async fn a_bot_that_fails_or_sleeps_is_told_as_slack_tells_it() {
    let failing = World::new(|_, _, _| Box::pin(async { (500, Value::Null) })).await;
    let silent = World::new(|_, _, _| Box::pin(std::future::pending())).await;

    let failed = failing.ws.slash("U1", "x").await;
    let slept = silent.ws.slash("U1", "x").await;

    let said = |code| Some(format!("/access failed with the error \"{code}\""));
    assert_eq!(failed.notice, said("dispatch_failed"));
    assert_eq!(slept.notice, said("operation_timeout"));
    assert!(slept.elapsed >= Duration::from_millis(500));
}

#[tokio::test]
async fn a_click_carries_the_message_and_its_response_url_works_five_times() {
    let world = World::quiet().await;
    world.api("chat.postMessage", json!({"channel": "C1", "text": "t", "blocks": card()})).await;
    let message = world.ws.messages("C1")[0].clone();

    let answer = world.ws.click_button("U2", &Container::from(&message), "Approve").await;

    assert!(answer.is_ok());
    let (path, _, payload) = world.last();
    assert_eq!(path, "interactions");
    assert_eq!(payload["actions"][0]["value"], "r1");
    assert_eq!(payload["actions"][0]["block_id"], "decide");
    assert_eq!(payload["message"]["ts"], json!(message.ts));
    assert_eq!(payload["container"]["channel_id"], "C1");
    assert_eq!(payload["user"]["id"], "U2");
    let url = payload["response_url"].as_str().unwrap();
    let post = |body: Value| {
        let json = ("content-type".to_owned(), "application/json".to_owned());
        world.ws.send_raw(url, vec![json], body.to_string().into_bytes())
    };
    let replace = json!({"replace_original": true, "text": "done", "blocks": [section("Done")]});
    assert!(post(replace).await.is_ok());
    assert_eq!(world.ws.messages("C1")[0].all_text(), "Done");
    for _ in 0..4 {
        assert!(post(json!({"text": "psst"})).await.is_ok());
    }
    assert_eq!(post(json!({"text": "psst"})).await.body["error"], "used_url");
    assert_eq!(world.ws.ephemerals("U2").len(), 4);
    // What the first person saw can still be clicked by one who did not refresh.
    assert!(world.ws.click_on("U1", &message, "reject").await.is_ok());
    assert!(!world.ws.click("U1", &Container::from(&message), "reject").await.is_ok());
}

#[tokio::test]
async fn a_form_is_searched_typed_into_corrected_and_sent() {
    let world = world_with_form().await;
    let ws = &world.ws;
    let view = open(ws).await;

    let found = ws.suggest("U1", &Container::View(view.clone()), "find", "pay").await;
    let unfilled = ws.submit("U1", &view, &Value::Null).await;
    ws.choose_options("U1", &view, "find", &[found.body["options"][0].clone()]).await;
    ws.type_text("U1", &view, "reason", "bad").await;
    let typed = world.last().2;
    let corrected = ws.submit("U1", &view, &Value::Null).await;
    ws.type_text("U1", &view, "reason", "lost").await;
    let lost = ws.submit("U1", &view, &Value::Null).await;
    ws.type_text("U1", &view, "reason", "fine").await;
    let sent = ws.submit("U1", &view, &Value::Null).await;

    assert_eq!(found.body["options"][0], option());
    assert_eq!(unfilled.errors.keys().collect::<Vec<_>>(), ["what", "why"]);
    assert_eq!(typed["type"], "block_actions");
    assert_eq!(typed["actions"][0]["value"], "bad");
    assert_eq!(typed["view"]["state"]["values"]["what"]["find"]["selected_option"], option());
    assert_eq!(corrected.errors["why"], "Say more.");
    assert!(lost.notice.is_some());
    assert!(sent.is_ok());
    let payload = world.last().2;
    assert_eq!(payload["view"]["private_metadata"], "draft-1");
    assert_eq!(payload["view"]["state"]["values"]["note"]["text"]["value"], "none");
    assert_eq!(ws.views("U1"), vec![]);
}

#[tokio::test]
async fn an_answer_may_update_push_or_clear_and_typed_values_stay() {
    let world = world_with_form().await;
    let ws = &world.ws;
    let view = open(ws).await;
    let why = |text: &str| {
        json!({
            "what": {"find": {"type": "external_select", "selected_option": option()}},
            "why": {"reason": {"type": "plain_text_input", "value": text}},
        })
    };

    let hash = ws.views("U1")[0].hash().to_owned();
    assert!(ws.submit("U1", &view, &why("next")).await.is_ok());
    let updated = ws.views("U1")[0].clone();
    assert_eq!(updated.id, view);
    assert_ne!(updated.hash(), hash);
    assert_eq!(updated.json["title"]["text"], "B");
    assert_eq!(updated.values()["why"]["reason"]["value"], "next");

    assert!(ws.submit("U1", &view, &why("push")).await.is_ok());
    let pushed = ws.views("U1")[1].clone();
    assert_eq!(pushed.json["previous_view_id"], json!(view));
    assert!(ws.submit("U1", &pushed.id, &why("push")).await.is_ok());
    let third = ws.views("U1")[2].id.clone();
    assert!(ws.submit("U1", &third, &why("push")).await.notice.is_some());
    assert_eq!(ws.views("U1").len(), limits::VIEW_STACK);
    assert!(ws.close("U1", &third).await.is_ok());
    assert_eq!(world.last().2["type"], "view_closed");
    assert!(ws.submit("U1", &pushed.id, &why("clear")).await.is_ok());
    assert_eq!(ws.views("U1"), vec![]);
}

#[tokio::test]
async fn an_event_is_sent_again_until_it_is_acknowledged() {
    let world = World::new(|ws, _, _| {
        let count = ws.read(|state| state.calls("api.test").len());
        Box::pin(async move {
            call(&ws, "api.test", json!({})).await;
            (if count < 2 { 503 } else { 200 }, Value::Null)
        })
    })
    .await;

    let first = world.ws.home("U1").await;
    let calls =
        |state: &crate::demo::slack::State| (state.calls("api.test").len() == 3).then_some(());
    world.ws.wait_for(calls, Duration::from_secs(5)).await.unwrap();

    assert_eq!(first.status, Some(503));
    let (path, headers, payload) = world.last();
    assert_eq!(path, "events");
    assert_eq!(headers["x-slack-retry-num"], "2");
    assert_eq!(headers["x-slack-retry-reason"], "http_error");
    assert_eq!(payload["event"]["type"], "app_home_opened");
    let ids = world.got.lock().unwrap();
    assert!(ids.iter().all(|(_, _, body)| body["event_id"] == payload["event_id"]));
}

#[tokio::test]
async fn the_last_payload_can_be_sent_a_hundred_times() {
    let world = World::quiet().await;
    world.ws.shortcut("U1", "request_access").await;

    let acks = world.ws.redeliver(100, &[]).await;

    assert_eq!(acks.iter().filter(|ack| ack.is_ok()).count(), 100);
    let got = world.got.lock().unwrap();
    assert_eq!(got.len(), 101);
    assert!(got.iter().all(|(_, _, payload)| *payload == got[0].2));
}

#[tokio::test]
async fn time_moves_a_response_url_out_of_reach() {
    let world = World::quiet().await;
    world.ws.slash("U1", "help").await;
    let url = world.last().2["response_url"].as_str().unwrap().to_owned();
    world.clock.advance(chrono::TimeDelta::minutes(31));

    let json = ("content-type".to_owned(), "application/json".to_owned());
    let late = world.ws.send_raw(&url, vec![json], br#"{"text":"late"}"#.to_vec()).await;

    assert_eq!(late.body["error"], "expired_url");
}

#[tokio::test]
async fn the_page_sees_what_its_person_may_see() {
    let world = world_with_form().await;
    world.api("chat.postMessage", json!({"channel": "U2", "text": "for Ben"})).await;
    let page = world.ws.page_url();
    let post = async |path: &str, body: Value| {
        let json = ("content-type".to_owned(), "application/json".to_owned());
        let url = format!("{page}ui/{path}");
        world.ws.send_raw(&url, vec![json], body.to_string().into_bytes()).await
    };
    let state = async |user: &str| {
        let uri = format!("{page}ui/state?user={user}").parse().unwrap();
        let body = http_body_util::BodyExt::collect(world.ws.client().get(uri).await.unwrap());
        serde_json::from_slice::<Value>(&body.await.unwrap().to_bytes()).unwrap()
    };

    let typed = json!({"user": "U1", "channel": "D1", "text": "/access request"});
    assert_eq!(post("command", typed).await.body["ok"], true);
    let (ana, ben) = (state("U1").await, state("U2").await);

    assert_eq!(ana["views"][0]["view"]["title"]["text"], "A");
    assert_eq!(ana["messages"]["D1"], json!([]));
    assert_eq!(ben["views"], json!([]));
    assert_eq!(ben["messages"]["D2"][0]["text"], "for Ben");
    assert_eq!(ben["channels"][0]["unread"], 1);
    let view_id = &ana["views"][0]["id"];
    let sent = post("submit", json!({"user": "U1", "view_id": view_id, "values": {}})).await;
    assert_eq!(sent.body["ok"], false);
    assert_eq!(sent.body["errors"]["why"], "Please complete this required field.");
    let other = post("command", json!({"user": "U1", "channel": "D1", "text": "/nothing"})).await;
    assert_eq!(other.body["text"], "/nothing is not a valid command.");
}
