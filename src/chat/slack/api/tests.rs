//! The calls against a small server of the tests' own.
use super::*;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use std::sync::Mutex;
use tokio::net::TcpListener;

/// What the server was asked: method, query or body, authorization.
type Asked = Arc<Mutex<Vec<(String, String, String)>>>;
type Reply = Arc<dyn Fn(&str) -> Response + Send + Sync>;

async fn take(
    State((asked, reply)): State<(Asked, Reply)>,
    Path(method): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let said = if body.is_empty() { query } else { String::from_utf8(body.to_vec()).unwrap() };
    let token = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
    asked.lock().unwrap().push((method.clone(), said, token.unwrap_or_default()));
    reply(&method)
}

async fn slack(reply: impl Fn(&str) -> Response + Send + Sync + 'static) -> (SlackApi, Asked) {
    let asked = Asked::default();
    let reply: Reply = Arc::new(reply);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api", listener.local_addr().unwrap());
    let router = Router::new().route("/api/{method}", any(take)).with_state((asked.clone(), reply));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (SlackApi::new(&url, "xoxb-canary".into()).unwrap(), asked)
}

fn answers(body: Value) -> impl Fn(&str) -> Response + Send + Sync {
    move |_| axum::Json(body.clone()).into_response()
}

fn sent(asked: &Asked) -> (String, Value) {
    let (method, said, _) = asked.lock().unwrap().last().unwrap().clone();
    (method, serde_json::from_str(&said).unwrap())
}

#[tokio::test]
async fn a_message_is_sent_as_it_is_without_unfurling_or_linking() {
    let (api, asked) =
        slack(answers(json!({"ok": true, "channel": "D1", "ts": "1.2", "message": null}))).await;
    let blocks = json!([{"type": "newer_than_the_crate", "x": [1]}]);

    let posted = api.post("U1", "Hello", blocks.clone()).await.unwrap();

    assert_eq!(posted, Posted { channel: "D1".into(), ts: "1.2".into() });
    let expected = json!({
        "channel": "U1", "text": "Hello", "blocks": blocks,
        "unfurl_links": false, "unfurl_media": false, "link_names": false,
    });
    assert_eq!(sent(&asked), ("chat.postMessage".into(), expected));
    assert_eq!(asked.lock().unwrap()[0].2, "Bearer xoxb-canary");
}

#[tokio::test]
async fn views_carry_their_hash_and_need_little_of_the_answer() {
    let (api, asked) =
        slack(answers(json!({"ok": true, "view": {"id": "V1", "hash": "h", "state": {}}}))).await;
    let home = json!({"type": "home", "blocks": []});

    let shown = api.open_view("t", home.clone()).await.unwrap();
    api.update_view("V1", None, home.clone()).await.unwrap();
    let unguarded = sent(&asked);
    api.publish_home("U1", home.clone(), Some("h")).await.unwrap();

    assert_eq!(shown, ShownView { id: "V1".into(), hash: "h".into() });
    assert_eq!(unguarded, ("views.update".into(), json!({"view_id": "V1", "view": home})));
    let guarded = json!({"user_id": "U1", "view": home, "hash": "h"});
    assert_eq!(sent(&asked), ("views.publish".into(), guarded));
}

#[tokio::test]
async fn an_account_is_told_with_its_flags_and_an_unconfirmed_address_is_none() {
    let user = json!({
        "id": "U1", "team_id": "T1", "deleted": true, "is_bot": false, "is_restricted": true,
        "is_ultra_restricted": null, "is_stranger": true, "is_email_confirmed": false,
        "tz": "Europe/Lisbon", "locale": "pt-PT", "updated": "strange",
        "profile": {"email": "ana@example.com", "fields": []},
    });
    let (api, asked) = slack(answers(json!({"ok": true, "user": user}))).await;

    let facts = api.user("U1").await.unwrap();

    assert!(facts.deleted && facts.is_restricted && facts.is_stranger);
    assert!(!facts.is_bot && !facts.is_ultra_restricted);
    assert_eq!((facts.email.as_deref(), facts.locale.as_deref()), (None, Some("pt-PT")));
    let (method, query, _) = asked.lock().unwrap()[0].clone();
    assert_eq!((method.as_str(), query.as_str()), ("users.info", "user=U1&include_locale=true"));
    assert!(!format!("{facts:?}").contains("ana@"));
}

#[tokio::test]
async fn what_goes_wrong_is_told_by_what_to_do() {
    let (api, _) = slack(|method| match method {
        "users.info" => {
            let body = axum::Json(json!({"ok": false, "error": "ratelimited"}));
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")], body).into_response()
        }
        "auth.test" => axum::Json(json!({"ok": false, "error": "token_revoked"})).into_response(),
        "users.lookupByEmail" => {
            axum::Json(json!({"ok": false, "error": "users_not_found"})).into_response()
        }
        "views.open" => StatusCode::BAD_GATEWAY.into_response(),
        _ => ([("content-type", "application/json")], "<html>xoxb-canary").into_response(),
    })
    .await;
    let after = Duration::from_secs(7);

    assert_eq!(api.user("U1").await, Err(ApiError::RateLimited { after }));
    assert!(api.auth_test().await.unwrap_err().is_dead_token());
    assert_eq!(api.find_by_email("x@example.com").await, Ok(None));
    let status = api.open_view("t", json!({})).await.unwrap_err();
    assert_eq!(status, ApiError::Later("HTTP status 502".into()));
    let garbled = api.post("C1", "", json!([])).await.unwrap_err();
    assert_eq!(garbled, ApiError::Later("an unreadable answer".into()));
}

#[tokio::test]
async fn nobody_at_the_address_is_a_sentence_without_secrets() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api", listener.local_addr().unwrap());
    drop(listener);
    let api = SlackApi::new(&url, "xoxb-canary".into()).unwrap();

    let error = api.auth_test().await.unwrap_err();

    assert!(matches!(&error, ApiError::Later(why) if why.contains("refused")), "{error}");
    assert!(!format!("{error:?} {api:?}").contains("canary"));
}

#[tokio::test]
async fn answers_go_to_slack_only() {
    let (api, asked) = slack(answers(json!({"ok": true}))).await;
    let base = api.base.clone();
    let own = base.join("/api/response").unwrap();

    api.respond(own.as_str(), json!({"text": "x"})).await.unwrap();

    assert_eq!(sent(&asked), ("response".into(), json!({"text": "x"})));
    assert_eq!(asked.lock().unwrap()[0].2, "", "no token goes along");
    for foreign in [
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com@evil.example/x",
        "http://hooks.slack.com/x",
        "http://127.0.0.1:1/x",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "",
    ] {
        let refused = api.respond(foreign, json!({})).await.unwrap_err();
        assert_eq!(refused, ApiError::Refused { code: "foreign_url".into() }, "{foreign}");
    }
}

#[tokio::test]
async fn a_socket_is_encrypted_unless_it_stays_on_this_machine() {
    let table = [
        ("wss://wss-primary.slack.com/link/?ticket=t", true),
        ("ws://127.0.0.1:1/socket/t", true),
        ("ws://example.com/", false),
        ("https://example.com/", false),
    ];

    for (url, is_taken) in table {
        let (api, _) = slack(answers(json!({"ok": true, "url": url}))).await;
        assert_eq!(api.open_connection(&"xapp".into()).await.is_ok(), is_taken, "{url}");
    }
}

#[test]
fn tokens_never_travel_in_the_clear() {
    for url in ["http://example.com/api", "http://10.0.0.1/api", "ftp://slack.com", "slack.com"] {
        assert!(SlackApi::new(url, "xoxb".into()).is_err(), "{url}");
    }
    for url in ["https://slack.com/api", "http://127.0.0.1:1/api/", "http://localhost/api"] {
        assert!(SlackApi::new(url, "xoxb".into()).is_ok(), "{url}");
    }
}

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_filter_makes_a_call_log_its_token_payload_or_answer() {
    let page = Page::default();
    let writer = page.clone();
    let filter = Some("trace,slack_morphism=trace,hyper=trace,hyper_util=trace");
    let format = crate::telemetry::LogFormat::Json;
    let logs = crate::telemetry::subscriber(format, filter, move || writer.clone()).unwrap();
    let _logging = tracing::subscriber::set_default(logs);
    let refused = json!({"ok": false, "error": "invalid_blocks", "detail": "answer-canary"});
    let (api, _) = slack(answers(refused)).await;

    let blocks = json!([{"type": "section", "txt": "payload-canary"}]);
    assert!(api.post("C1", "payload-canary", blocks).await.unwrap_err().is_ours());
    let own = api.base.join("/api/response-canary").unwrap();
    assert!(api.respond(own.as_str(), json!({})).await.is_err());

    let page = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    assert!(page.contains("Slack finds our request wrong") && page.contains("/0/txt"), "{page}");
    assert!(!page.contains("canary") && !page.contains("Bearer"), "{page}");
}
