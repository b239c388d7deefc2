//! Who is signed in to the tab: whom Entra vouches for towards this app, through Teams, in a tenant
//! that is served. Each check by itself, through the form that the page's script sends.
use crate::tab::{SESSION, brings, claims, meets};
use crate::world::teams::{APP, signer};
use crate::world::teams_people::teams_alone;
use crate::world::{Kind, World};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::TimeDelta;
use ring::hmac;
use rstest::rstest;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const OTHER_TENANT: &str = "d0000000-0000-4000-8000-00000000000d";
const IN: u16 = 200;

async fn world() -> World {
    let world = World::start(Kind::Sqlite, teams_alone()).await.unwrap();
    meets(&world, &["ana"]).await;
    world
}

/// Tries a token in a browser of its own: the answer's status, where somebody is signed in by a
/// 200 alone.
async fn tries(world: &World, token: &str) -> u16 {
    let mut browser = world.browser();
    let entry = browser.opens("/tab/sign-in").await;
    let seen = brings(&mut browser, &entry, token).await;
    assert_eq!(browser.cookies.contains_key(SESSION), seen.status == IN, "{}", seen.text());
    if seen.status != IN {
        assert!(!seen.text().contains("Ana"), "{}", seen.text());
    }
    seen.status
}

fn good(world: &World) -> String {
    world.teams().token(&claims(world, "ana"))
}

fn with(world: &World, fields: &[(&str, Value)]) -> String {
    let mut claims = claims(world, "ana");
    for (name, value) in fields {
        claims[*name] = value.clone();
    }
    world.teams().token(&claims)
}

fn at(world: &World, name: &str, minutes: i64) -> String {
    with(world, &[(name, (world.now().timestamp() + minutes * 60).into())])
}

fn by(world: &World, header: &Value, key: &str) -> String {
    signer("k1", key).signs(header, &claims(world, "ana"))
}

/// Unsigned, or signed with what everybody may know.
fn made(world: &World, header: &Value, secret: Option<&[u8]>) -> String {
    let part = |json: &Value| BASE64.encode(json.to_string());
    let message = format!("{}.{}", part(header), part(&claims(world, "ana")));
    let sign = |secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        BASE64.encode(hmac::sign(&key, message.as_bytes()))
    };
    format!("{message}.{}", secret.map(sign).unwrap_or_default())
}

/// As if Ana's account were another tenant's.
fn of_tenant(world: &World, tenant: &str) -> String {
    let issuer = format!("{}/{tenant}/v2.0", world.teams().authority_url());
    with(world, &[("tid", tenant.into()), ("iss", issuer.into())])
}

fn header(kid: &str) -> Value {
    json!({"alg": "RS256", "typ": "JWT", "kid": kid})
}

#[rstest]
#[case::good(good, IN)]
#[case::of_teams_on_a_desk(
    |w: &World| with(w, &[("azp", "1fec8e78-bce4-4aaf-ab1b-5451cc387264".into())]), IN)]
#[case::with_more_scopes(|w: &World| with(w, &[("scp", "x access_as_user".into())]), IN)]
#[case::of_a_member(|w: &World| with(w, &[("acct", 0.into())]), IN)]
#[case::that_ran_out_four_minutes_ago(|w: &World| at(w, "exp", -4), IN)]
#[case::that_begins_in_four_minutes(|w: &World| at(w, "nbf", 4), IN)]
#[case::none(|_: &World| String::new(), 403)]
#[case::that_is_cut(|w: &World| good(w)[..400].to_owned(), 403)]
#[case::that_ran_out_six_minutes_ago(|w: &World| at(w, "exp", -6), 403)]
#[case::that_begins_in_six_minutes(|w: &World| at(w, "nbf", 6), 403)]
#[case::that_never_ends(|w: &World| with(w, &[("exp", Value::Null)]), 403)]
#[case::that_ends_beyond_all_time(|w: &World| with(w, &[("exp", i64::MAX.into())]), 403)]
#[case::for_another_app(|w: &World| with(w, &[("aud", OTHER_TENANT.into())]), 403)]
#[case::for_several_apps(|w: &World| with(w, &[("aud", json!([APP, "another"]))]), 403)]
#[case::of_the_bot_framework(|w: &World| w.teams().token(&w.teams().claims()), 403)]
#[case::of_another_issuer(
    |w: &World| with(w, &[("iss", "https://login.microsoftonline.com/common/v2.0".into())]), 403)]
#[case::of_version_one(|w: &World| with(w, &[("ver", "1.0".into())]), 403)]
#[case::of_a_tenant_that_is_not_served(|w: &World| of_tenant(w, OTHER_TENANT), 403)]
#[case::that_names_another_tenant_than_its_issuer(
    |w: &World| with(w, &[("tid", OTHER_TENANT.into())]), 403)]
#[case::that_names_another_issuer_than_its_tenant(
    |w: &World| with(w, &[("iss", of_issuer(w, OTHER_TENANT))]), 403)]
#[case::of_no_tenant(|w: &World| with(w, &[("tid", Value::Null)]), 403)]
#[case::of_nobody(|w: &World| with(w, &[("oid", Value::Null)]), 403)]
#[case::of_an_empty_account(|w: &World| with(w, &[("oid", "".into())]), 403)]
#[case::of_somebody_else_with_her_address(
    |w: &World| with(w, &[("oid", OTHER_TENANT.into()), ("email", "ana@example.com".into())]), 403)]
#[case::that_another_program_asked_for(
    |w: &World| with(w, &[("azp", "04b07795-8ddb-461a-bbee-02f9e1bf7b46".into())]), 403)]
#[case::that_no_program_asked_for(|w: &World| with(w, &[("azp", Value::Null)]), 403)]
#[case::for_another_scope(|w: &World| with(w, &[("scp", "access_as_users".into())]), 403)]
#[case::of_a_program_itself(
    |w: &World| with(w, &[("scp", Value::Null), ("roles", json!(["access_as_user"]))]), 403)]
#[case::of_a_guest(|w: &World| with(w, &[("acct", 1.into())]), 403)]
#[case::of_whom_another_tenant_signs_in(
    |w: &World| with(w, &[("idp", of_issuer(w, OTHER_TENANT))]), 403)]
#[case::of_another_key(|w: &World| by(w, &header("k1"), "test-other-key"), 403)]
#[case::of_an_unknown_key(|w: &World| by(w, &header("k2"), "test-signing-key"), 403)]
#[case::of_no_named_key(|w: &World| by(w, &json!({"alg": "RS256"}), "test-signing-key"), 403)]
#[case::that_nobody_signed(|w: &World| made(w, &json!({"alg": "none", "kid": "k1"}), None), 403)]
#[case::signed_with_the_public_key(
    |w: &World| made(w, &json!({"alg": "HS256", "kid": "k1"}), Some(b"AQAB")), 403)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token(#[case] token: fn(&World) -> String, #[case] expected: u16) {
    let world = world().await;

    assert_eq!(tries(&world, &token(&world)).await, expected);

    world.ends().await;
}

fn of_issuer(world: &World, tenant: &str) -> Value {
    format!("{}/{tenant}/v2.0", world.teams().authority_url()).into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_cannot_be_had_are_our_fault_and_are_asked_for_again() {
    let world = world().await;
    world.teams().arrange(|state| state.keys_down = true);
    assert_eq!(tries(&world, &good(&world)).await, 503);

    world.teams().arrange(|state| state.keys_down = false);
    assert_eq!(tries(&world, &good(&world)).await, IN);

    world.teams().arrange(|state| state.keys_down = true);
    world.clock.advance(TimeDelta::hours(25));
    assert_eq!(tries(&world, &good(&world)).await, IN, "yesterday's keys are good");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_cannot_make_us_ask_for_keys_without_end() {
    let world = world().await;
    let asked = || world.teams().read(|state| state.key_requests);
    let before = asked();

    for _ in 0..3 {
        tries(&world, &of_tenant(&world, OTHER_TENANT)).await;
    }
    assert_eq!(asked(), before, "nobody is asked about a tenant that is not served");
    for _ in 0..3 {
        tries(&world, &by(&world, &header("k2"), "test-signing-key")).await;
    }

    assert_eq!(asked(), before + 1);
    world.ends().await;
}

/// A key server that hangs holds nobody for longer than the bound, and all together no longer either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_server_that_hangs_holds_nobody_for_long() {
    let world = world().await;
    let before = world.teams().read(|state| state.key_requests);
    world.teams().arrange(|state| drop(state.hold_keys()));
    let (began, token) = (Instant::now(), good(&world));

    let answers = futures_util::future::join_all((0..10).map(|_| tries(&world, &token))).await;

    assert_eq!(answers, [503; 10]);
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!(world.teams().read(|state| state.key_requests), before + 1);
    world.ends().await;
}
