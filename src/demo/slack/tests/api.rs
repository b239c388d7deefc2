//! The Web API: what it takes, what it refuses, what a typed client makes of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{World, call, call_as, card, form, section};
use crate::demo::slack::{Fault, Filter};

fn error(answer: &Value) -> &str {
    answer["error"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn a_post_to_a_person_lands_in_their_direct_message_and_can_be_rewritten() {
    let world = World::quiet().await;

    let posted = world
        .api("chat.postMessage", json!({"channel": "U2", "text": "hi", "blocks": card()}))
        .await;
    let place = json!({"channel": posted["channel"], "ts": posted["ts"], "text": "done",
        "blocks": [section("Approved by Ben")]});
    let updated = world.api("chat.update", place.clone()).await;
    let by_user_id =
        world.api("chat.update", json!({"channel": "U2", "ts": posted["ts"], "text": "x"})).await;

    assert_eq!(posted["channel"], "D2");
    assert_eq!(updated["ok"], true);
    assert_eq!(error(&by_user_id), "channel_not_found");
    let dm = world.ws.dm("U2");
    assert_eq!(dm.len(), 1);
    assert_eq!(dm[0].all_text(), "Approved by Ben");
    assert_eq!(dm[0].edits, 1);
    assert_eq!(world.ws.warnings(), Vec::<String>::new());
}

#[tokio::test]
async fn every_refusal_has_slacks_code() {
    let world = World::quiet().await;
    let long = vec![section(&"x".repeat(2900)); 5];
    let cases = [
        ("chat.postMessage", json!({"channel": "C2", "text": "x"}), "is_archived"),
        ("chat.postMessage", json!({"channel": "C3", "text": "x"}), "not_in_channel"),
        ("chat.postMessage", json!({"channel": "C9", "text": "x"}), "channel_not_found"),
        ("chat.postMessage", json!({"channel": "U9", "text": "x"}), "user_not_found"),
        ("chat.postMessage", json!({"channel": "C1"}), "no_text"),
        ("chat.postMessage", json!({"text": "x"}), "invalid_arguments"),
        ("chat.postMessage", json!({"channel": "C1", "text": "x".repeat(40_001)}), "msg_too_long"),
        ("chat.postMessage", json!({"channel": "C1", "blocks": long}), "msg_blocks_too_long"),
        ("chat.postMessage", json!({"channel": "C1", "blocks": [{"type": "x"}]}), "invalid_blocks"),
        ("chat.update", json!({"channel": "C1", "ts": "1.1", "text": "x"}), "message_not_found"),
        ("conversations.open", json!({"users": "U9"}), "user_disabled"),
        ("users.info", json!({"user": "U7"}), "user_not_found"),
        ("users.lookupByEmail", json!({"email": "zoe@example.com"}), "users_not_found"),
        ("views.open", json!({"view": form("A")}), "invalid_arguments"),
        ("views.open", json!({"view": form("A"), "trigger_id": "1"}), "invalid_trigger_id"),
        ("views.update", json!({"view": form("A"), "view_id": "V1"}), "not_found"),
        ("apps.connections.open", json!({}), "not_allowed_token_type"),
        ("chat.shout", json!({}), "unknown_method"),
    ];

    for (method, args, code) in cases {
        assert_eq!(error(&world.api(method, args.clone()).await), code, "{method} {args}");
    }
    assert_eq!(world.ws.refusals().len(), 18);
    let stranger = call_as(&world.ws, "auth.test", json!({}), "xoxb-other").await;
    assert_eq!(error(&stranger.1), "invalid_auth");
    assert_eq!(error(&call_as(&world.ws, "auth.test", json!({}), "").await.1), "not_authed");
}

#[tokio::test]
async fn a_trigger_opens_one_view_and_not_after_three_seconds() {
    let world = World::quiet().await;
    world.ws.shortcut("U1", "request_access").await;
    let trigger = world.last().2["trigger_id"].clone();
    let open = |trigger: &Value| json!({"trigger_id": trigger, "view": form("A")});

    let first = world.api("views.open", open(&trigger)).await;
    let again = world.api("views.open", open(&trigger)).await;
    world.ws.shortcut("U1", "request_access").await;
    world.ws.expire_triggers();
    let late = world.api("views.open", open(&world.last().2["trigger_id"])).await;

    assert_eq!(first["ok"], true);
    assert_eq!(error(&again), "exchanged_trigger_id");
    assert_eq!(error(&late), "expired_trigger_id");
    assert_eq!(world.ws.views("U1").len(), 1);
}

#[tokio::test]
async fn a_stale_hash_changes_nothing() {
    let world = World::quiet().await;
    let home = |text| json!({"type": "home", "blocks": [section(text)]});

    let first = world.api("views.publish", json!({"user_id": "U1", "view": home("one")})).await;
    let hash = first["view"]["hash"].clone();
    let args = |text, hash: &Value| json!({"user_id": "U1", "view": home(text), "hash": hash});
    let second = world.api("views.publish", args("two", &hash)).await;
    let stale = world.api("views.publish", args("three", &hash)).await;

    assert_eq!(second["ok"], true);
    assert_eq!(error(&stale), "hash_conflict");
    assert_eq!(world.ws.home_of("U1").unwrap().all_text(), "two");
}

#[tokio::test]
async fn a_fault_strikes_the_calls_it_is_meant_for() {
    let world = World::quiet().await;
    let limited = Fault::RateLimited { retry_after: Duration::from_secs(30) };
    world.ws.fault("chat.postMessage", Filter::user("U1"), limited, 1);

    let to_ben = call(&world.ws, "chat.postMessage", json!({"channel": "D2", "text": "x"})).await;
    let to_ana = call(&world.ws, "chat.postMessage", json!({"channel": "U1", "text": "x"})).await;
    let again = call(&world.ws, "chat.postMessage", json!({"channel": "U1", "text": "x"})).await;

    assert_eq!(to_ben.0, 200);
    assert_eq!(to_ana.0, 429);
    assert_eq!(again.0, 200);
    assert_eq!(world.ws.dm("U1").len(), 1);
}

#[tokio::test]
async fn a_held_call_is_seen_and_has_its_effect_before_or_after() {
    for (fault, while_held) in [(Fault::HoldBefore, 0), (Fault::HoldAfter, 1)] {
        let world = World::quiet().await;
        let held = world.ws.fault("chat.postMessage", Filter::default(), fault, 1);
        let ws = world.ws.clone();
        let calling = tokio::spawn(async move {
            call(&ws, "chat.postMessage", json!({"channel": "C1", "text": "x"})).await
        });

        let arrived = |state: &crate::demo::slack::State| {
            let call = state.calls("chat.postMessage").first().copied().cloned()?;
            (state.messages("C1").len() == while_held).then_some(call)
        };
        let call = world.ws.wait_for(arrived, Duration::from_secs(5)).await.unwrap();
        assert_eq!(call.answer, None);
        held.release();

        assert_eq!(calling.await.unwrap().0, 200);
        assert_eq!(world.ws.messages("C1").len(), 1);
        assert!(world.ws.calls("chat.postMessage")[0].answer.is_some());
    }
}

#[tokio::test]
async fn a_typed_client_reads_every_answer() {
    use slack_morphism::prelude::*;
    let world = World::quiet().await;
    // The client brings TLS along; the provider may have been installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_native_roots()
        .unwrap()
        .https_or_http()
        .enable_http1()
        .build();
    let http = SlackClientHyperConnector::with_connector(connector)
        .with_slack_api_url(&world.ws.api_url());
    let client = SlackClient::new(http);
    let token = SlackApiToken::new(SlackApiTokenValue::new("xoxb-local".into()));
    let session = client.open_session(&token);
    let said = |text: &str| SlackMessageContent::new().with_text(text.into());

    session.auth_test().await.unwrap();
    let post = SlackApiChatPostMessageRequest::new("U1".into(), said("hello"));
    let posted = session.chat_post_message(&post).await.unwrap();
    let update = SlackApiChatUpdateRequest::new(posted.channel.clone(), said("bye"), posted.ts);
    session.chat_update(&update).await.unwrap();
    let ephemeral =
        SlackApiChatPostEphemeralRequest::new("C1".into(), "U1".into(), said("only you"));
    session.chat_post_ephemeral(&ephemeral).await.unwrap();
    let user = session.users_info(&SlackApiUsersInfoRequest::new("U9".into())).await.unwrap();
    let open = SlackApiConversationsOpenRequest::new().with_users(vec!["U1".into()]);
    session.conversations_open(&open).await.unwrap();
    let info = SlackApiConversationsInfoRequest::new("C1".into());
    session.conversations_info(&info).await.unwrap();
    let members = SlackApiConversationsMembersRequest::new().with_channel("C1".into());
    let members = session.conversations_members(&members).await.unwrap();
    session.users_list(&SlackApiUsersListRequest::new()).await.unwrap();
    let home = SlackView::Home(SlackHomeView::new(vec![SlackDividerBlock::new().into()]));
    let publish = SlackApiViewsPublishRequest::new("U1".into(), home);
    session.views_publish(&publish).await.unwrap();
    world.ws.shortcut("U1", "request_access").await;
    let trigger = SlackTriggerId::new(world.last().2["trigger_id"].as_str().unwrap().into());
    let view: SlackView = serde_json::from_value(form("A")).unwrap();
    session.views_open(&SlackApiViewsOpenRequest::new(trigger, view)).await.unwrap();

    assert_eq!(posted.channel.value(), "D1");
    assert_eq!(user.user.deleted, Some(true));
    assert_eq!(members.members.len(), 3);
    assert_eq!(world.ws.dm("U1")[0].text, "bye");
    assert_eq!(world.ws.ephemerals("U1").len(), 1);
}
