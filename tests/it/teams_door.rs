//! V1 for Teams: what Microsoft signed for this bot comes in, and nothing else. Each check by itself.
use crate::world::teams::{APP, TENANT, mri, signer};
use crate::world::{Kind, Options, World};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::TimeDelta;
use hallpass::demo::teams::{Reply, Teams};
use ring::hmac;
use rstest::rstest;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn world() -> World {
    let options = Options { has_teams: true, ..Options::default() };
    World::start(Kind::Sqlite, options).await.unwrap()
}

/// Something that the bot does not know: let in, it is answered with 501 and has no effect.
fn activity(teams: &Teams) -> Value {
    let mut activity = teams.activity(&mri("ana"), "a:ana", "invoke");
    activity["name"] = "no/such".into();
    activity["value"] = json!({});
    activity
}

fn with(teams: &Teams, name: &str, value: Value) -> String {
    let mut claims = teams.claims();
    claims[name] = value;
    format!("Bearer {}", teams.token(&claims))
}

fn good(teams: &Teams) -> String {
    format!("Bearer {}", teams.token(&teams.claims()))
}

fn by(teams: &Teams, header: &Value, key: &str) -> String {
    format!("Bearer {}", signer("k1", key).signs(header, &teams.claims()))
}

/// Unsigned, or signed with what everybody may know.
fn made(teams: &Teams, header: &Value, secret: Option<&[u8]>) -> String {
    let part = |json: &Value| BASE64.encode(json.to_string());
    let message = format!("{}.{}", part(header), part(&teams.claims()));
    let sign = |secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        BASE64.encode(hmac::sign(&key, message.as_bytes()))
    };
    format!("Bearer {message}.{}", secret.map(sign).unwrap_or_default())
}

fn minutes(teams: &Teams, name: &str, minutes: i64) -> String {
    let now = teams.claims()["nbf"].as_i64().unwrap();
    with(teams, name, (now + minutes * 60).into())
}

fn header(kid: &str) -> Value {
    json!({"alg": "RS256", "typ": "JWT", "kid": kid})
}

const LET_IN: u16 = 501;

#[rstest]
#[case::good(|t: &Teams| Some(good(t)), LET_IN)]
#[case::that_ran_out_four_minutes_ago(|t: &Teams| Some(minutes(t, "exp", -4)), LET_IN)]
#[case::that_begins_in_four_minutes(|t: &Teams| Some(minutes(t, "nbf", 4)), LET_IN)]
#[case::none(|_: &Teams| None, 401)]
#[case::empty(|_: &Teams| Some(String::new()), 401)]
#[case::without_its_scheme(|t: &Teams| Some(good(t).replacen("Bearer ", "", 1)), 401)]
#[case::of_another_scheme(|t: &Teams| Some(good(t).replacen("Bearer", "Basic", 1)), 401)]
#[case::that_is_cut(|t: &Teams| Some(good(t)[..400].to_owned()), 401)]
#[case::for_another_app(|t: &Teams| Some(with(t, "aud", "another".into())), 401)]
#[case::for_several_apps(|t: &Teams| Some(with(t, "aud", json!([APP, "another"]))), 401)]
#[case::of_another_issuer(
    |t: &Teams| Some(with(t, "iss", "https://sts.windows.net/common/".into())), 401)]
#[case::of_the_emulator(
    |t: &Teams| Some(with(t, "iss", "https://login.microsoftonline.com/botframework.com/v2.0".into())),
    401)]
#[case::that_ran_out_six_minutes_ago(|t: &Teams| Some(minutes(t, "exp", -6)), 401)]
#[case::that_begins_in_six_minutes(|t: &Teams| Some(minutes(t, "nbf", 6)), 401)]
#[case::that_never_ends(|t: &Teams| Some(with(t, "exp", Value::Null)), 401)]
#[case::for_another_service(
    |t: &Teams| Some(with(t, "serviceurl", "https://smba.trafficmanager.net/emea/".into())), 401)]
#[case::for_no_service(|t: &Teams| Some(with(t, "serviceurl", Value::Null)), 401)]
#[case::of_another_key(|t: &Teams| Some(by(t, &header("k1"), "test-other-key")), 401)]
#[case::of_an_unknown_key(|t: &Teams| Some(by(t, &header("k2"), "test-signing-key")), 401)]
#[case::of_no_named_key(
    |t: &Teams| Some(by(t, &json!({"alg": "RS256"}), "test-signing-key")), 401)]
#[case::that_nobody_signed(
    |t: &Teams| Some(made(t, &json!({"alg": "none", "kid": "k1"}), None)), 401)]
#[case::signed_with_the_public_key(
    |t: &Teams| Some(made(t, &json!({"alg": "HS256", "kid": "k1"}), Some(b"AQAB"))), 401)]
#[tokio::test]
async fn a_token(#[case] token: fn(&Teams) -> Option<String>, #[case] expected: u16) {
    let world = world().await;
    let teams = world.teams();

    let reply = teams.post_with(token(teams).as_deref(), activity(teams).to_string().into()).await;

    is_answered(&reply, expected);
    world.ends().await;
}

#[rstest]
#[case::as_it_is("", Value::Null, LET_IN)]
#[case::of_a_tenant_in_capitals(
    "/conversation/tenantId", TENANT.to_ascii_uppercase().into(), LET_IN)]
#[case::of_another_service("/serviceUrl", "https://smba.trafficmanager.net/emea/".into(), 401)]
#[case::of_no_service("/serviceUrl", Value::Null, 401)]
#[case::of_the_web_chat("/channelId", "webchat".into(), 401)]
#[case::of_no_channel("/channelId", Value::Null, 401)]
#[case::of_another_tenant(
    "/conversation/tenantId", "d0000000-0000-4000-8000-00000000000d".into(), 403)]
#[case::of_no_tenant("/conversation/tenantId", Value::Null, 403)]
#[case::that_is_no_object("", json!([]), 401)]
#[tokio::test]
async fn an_activity(#[case] place: &str, #[case] value: Value, #[case] expected: u16) {
    let world = world().await;
    let teams = world.teams();
    let mut activity = activity(teams);
    if place.is_empty() && !value.is_null() {
        activity = value;
    } else if !place.is_empty() {
        *activity.pointer_mut(place).unwrap() = value;
    }

    let reply = teams.post(&activity).await;

    is_answered(&reply, expected);
    world.ends().await;
}

/// Whoever is turned away learns no more than that.
fn is_answered(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{}", reply.body);
    if status != LET_IN {
        assert_eq!(reply.body, "not signed for this bot\n");
    }
}

/// Microsoft signs it, and still the token of ours would go to whoever has that name.
#[tokio::test]
async fn a_service_that_anybody_may_have_is_turned_away_whoever_signed() {
    let world = world().await;
    let teams = world.teams();

    for url in ["https://evil.trafficmanager.net/teams/", "http://127.0.0.1:9/teams/"] {
        let mut activity = activity(teams);
        activity["serviceUrl"] = url.into();
        let token = with(teams, "serviceurl", url.into());
        let reply = teams.post_with(Some(&token), activity.to_string().into()).await;
        is_answered(&reply, 401);
    }
    world.ends().await;
}

#[tokio::test]
async fn a_key_that_may_not_sign_for_teams_does_not() {
    for (endorsements, expected) in
        [(vec!["webchat"], 401), (vec!["webchat", "msteams"], LET_IN), (vec![], LET_IN)]
    {
        let world = world().await;
        let teams = world.teams();
        teams.arrange(|state| {
            state.endorsements = endorsements.into_iter().map(str::to_owned).collect();
        });

        is_answered(&teams.post(&activity(teams)).await, expected);

        world.ends().await;
    }
}

#[tokio::test]
async fn keys_are_asked_for_once_a_day_and_once_an_hour_for_an_unknown_one() {
    let world = world().await;
    let teams = world.teams();
    let asked = || teams.read(|state| state.key_requests);
    let unknown = || by(teams, &header("k2"), "test-signing-key");

    for _ in 0..3 {
        teams.post(&activity(teams)).await;
        teams.post_with(Some(&unknown()), activity(teams).to_string().into()).await;
    }
    assert_eq!(asked(), 1);
    world.clock.advance(TimeDelta::minutes(61));
    for _ in 0..3 {
        teams.post_with(Some(&unknown()), activity(teams).to_string().into()).await;
    }
    assert_eq!(asked(), 2);
    teams.arrange(|state| state.keys_down = true);
    world.clock.advance(TimeDelta::hours(25));
    assert_eq!(teams.post(&activity(teams)).await.status, LET_IN, "yesterday's keys are good");
    assert_eq!(asked(), 3);
    world.ends().await;
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_our_fault_and_are_asked_for_again() {
    let world = world().await;
    let teams = world.teams();
    teams.arrange(|state| state.keys_down = true);
    assert_eq!(teams.post(&activity(teams)).await.status, 503);

    teams.arrange(|state| state.keys_down = false);

    assert_eq!(teams.post(&activity(teams)).await.status, LET_IN);
    world.ends().await;
}

/// A key server that hangs holds nobody for longer than the bound, and all together no longer either.
#[tokio::test]
async fn a_key_server_that_hangs_holds_nobody_for_long() {
    let world = world().await;
    let teams = world.teams();
    teams.arrange(|state| drop(state.hold_keys()));
    let began = Instant::now();

    let posts = (0..20).map(|_| async { teams.post(&activity(teams)).await.status });
    let answers = futures_util::future::join_all(posts).await;

    assert_eq!(answers, [503; 20]);
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!(teams.read(|state| state.key_requests), 1);
    world.ends().await;
}

/// V16 and V17 for this door.
#[tokio::test]
async fn what_is_too_large_malformed_or_another_method_is_turned_away() {
    let world = world().await;
    let teams = world.teams();
    let bearer = good(teams);
    let large = vec![b' '; 300 * 1024];
    let deep = vec![b'['; 10_000];

    assert_eq!(teams.post_with(None, large.clone()).await.status, 401, "the token comes first");
    assert_eq!(teams.post_with(Some(&bearer), large).await.status, 413);
    assert_eq!(teams.post_with(Some(&bearer), deep).await.status, 400);
    assert_eq!(teams.post_with(Some(&bearer), b"{".to_vec()).await.status, 400);
    for method in ["GET", "TRACE", "PUT"] {
        let url = world.urls()[0].clone();
        let answer = crate::world::teams::raw(&url, method, "/api/messages").await;
        assert!(answer.starts_with("HTTP/1.1 405"), "{method}: {answer}");
    }
    world.ends().await;
}
