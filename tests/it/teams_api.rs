//! What the Connector is asked for, and what its answers mean, over real HTTP.
use crate::world::teams::{TENANT, signer, somebody};
use chrono::{DateTime, TimeDelta};
use hallpass::chat::teams::api::{ApiError, ApiSettings, TeamsApi};
use hallpass::clock::ManualClock;
use hallpass::demo::teams::{Fault, Kind, Person, State, Teams, TeamsOptions};
use hallpass::health::Health;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const ANA: &str = "29:ana";
const CHAT: &str = "a:ana";

struct Place {
    teams: Teams,
    api: TeamsApi,
    clock: ManualClock,
    url: String,
}

fn person(id: &str) -> Person {
    somebody(id, id, &format!("object-{id}"))
}

async fn place() -> Place {
    let clock = ManualClock::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
    let others = (0..50).map(|n| person(&format!("p{n}")));
    let options = TeamsOptions {
        bind: ([127, 0, 0, 1], 0).into(),
        app_id: "app".to_owned(),
        client_secret: "canary".to_owned(),
        tenant: TENANT.to_owned(),
        people: std::iter::once(person("ana")).chain(others).collect(),
        channels: vec!["19:x@thread.tacv2".to_owned()],
        clock: Arc::new(clock.clone()),
        signer: Arc::new(signer("k1", "test-signing-key")),
        minds_pace: true,
    };
    let teams = Teams::start(options).await.unwrap();
    let settings = ApiSettings {
        app_id: "app".to_owned(),
        client_secret: "canary".into(),
        token_url: teams.token_url(),
        service_url: teams.service_url(),
        clock: Arc::new(clock.clone()),
        health: Health::default().part("teams app"),
    };
    let api = TeamsApi::new(settings).unwrap();
    let url = teams.service_url();
    Place { teams, api, clock, url }
}

fn message(text: &str) -> Value {
    json!({"type": "message", "text": text})
}

fn later(after: Option<u64>, why: &str) -> ApiError {
    ApiError::Later { after: after.map(Duration::from_secs), why: why.to_owned() }
}

#[tokio::test]
async fn a_message_is_sent_and_rewritten_in_the_chat_of_a_person_by_object_id() {
    let Place { teams, api, url, .. } = place().await;

    let chat = api.create_conversation(&url, TENANT, "object-ana").await.unwrap();
    let id = api.send(&url, &chat, &message("one")).await.unwrap();
    api.update(&url, &chat, &id, &message("two")).await.unwrap();

    let shown = teams.chat(ANA);
    assert_eq!((shown.len(), &shown[0].activity, &*shown[0].id), (1, &message("two"), &*id));
    assert_eq!(teams.read(|state| state.token_requests), 1, "one token for all");
    teams.shutdown().await;
}

#[tokio::test]
async fn a_message_for_one_person_alone_says_so_in_the_address() {
    let Place { teams, api, url, .. } = place().await;
    let mut targeted = message("psst");
    targeted["recipient"] = json!({"id": ANA, "isTargeted": true});

    api.send(&url, "19:x@thread.tacv2", &targeted).await.unwrap();

    assert_eq!(teams.messages("19:x@thread.tacv2")[0].only_for.as_deref(), Some(ANA));
    teams.shutdown().await;
}

#[tokio::test]
async fn people_are_found_one_by_one() {
    let Place { teams, api, url, .. } = place().await;

    let ana = api.member(&url, CHAT, "object-ana").await.unwrap().unwrap();
    assert_eq!((&*ana.id, ana.object_id.as_deref()), (ANA, Some("object-ana")));
    assert_eq!((ana.upn.as_deref(), ana.role.as_deref()), (Some("ana@example.com"), Some("user")));
    assert_eq!(api.member(&url, CHAT, "object-p1").await, Ok(None));
    assert!(!format!("{ana:?}").contains("example.com"), "{ana:?}");
    teams.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_from_what_may_work_later() {
    let Place { teams, api, url, .. } = place().await;
    let unreachable = |why: &str| ApiError::Unreachable(why.to_owned());
    let create = async |who: &str| api.create_conversation(&url, TENANT, who).await.unwrap_err();

    assert_eq!(create("29:nobody").await, unreachable("BadSyntax"));
    teams.arrange(|state| state.blocked.insert(ANA.to_owned()));
    let blocked = api.send(&url, CHAT, &message("x")).await;
    assert_eq!(blocked, Err(unreachable("MessageWritesBlocked")));
    teams.arrange(|state| {
        state.blocked.clear();
        state.people[0].has_app = false;
    });
    assert_eq!(create(ANA).await, unreachable("ForbiddenOperationException"));
    let unknown = api.send(&url, "a:nobody", &message("x")).await;
    assert_eq!(unknown, Err(unreachable("ConversationNotFound")));
    let large = api.send(&url, "a:p1", &message(&"x".repeat(90_000))).await;
    let refused = ApiError::Refused { status: 413, code: "MessageSizeTooBig".to_owned() };
    assert_eq!(large, Err(refused));
    let gone = api.update(&url, "a:p1", "1", &message("x")).await;
    assert_eq!(gone, Err(ApiError::Gone));
    assert_eq!(api.update(&url, "a:p1", "", &message("x")).await, Err(ApiError::Gone));
    teams.shutdown().await;
}

#[tokio::test]
async fn what_comes_too_fast_is_told_when_to_come_again() {
    let Place { teams, api, url, .. } = place().await;

    for _ in 0..7 {
        api.send(&url, CHAT, &message("x")).await.unwrap();
    }

    let refused = api.send(&url, CHAT, &message("x")).await;
    assert_eq!(refused, Err(later(Some(1), "TooManyRequests")));
    teams.shutdown().await;
}

#[tokio::test]
async fn every_answer_has_its_meaning() {
    let Place { teams, api, url, .. } = place().await;
    let mut page = String::new();
    for (status, code) in [
        (400, "BadArgument"),
        (401, "BotNotRegistered"),
        (403, "BotDisabledByAdmin"),
        (403, "InvalidBotApiHost"),
        (404, ""),
        (404, "ActivityNotFoundInConversation"),
        (404, "ConversationNotFound"),
        (405, ""),
        (410, ""),
        (412, "PreconditionFailed"),
        (429, ""),
        (500, "ServiceError"),
        (502, "not a plain word"),
        (503, ""),
        (504, ""),
    ] {
        let refused = Fault::Refused { status, code };
        let fault = |kind| teams.fault(kind, None, refused.clone(), 2);
        let (send, update) = (fault(Kind::Send), fault(Kind::Update));
        let sent = api.send(&url, CHAT, &message("x")).await.unwrap_err();
        let updated = api.update(&url, CHAT, "1", &message("x")).await.unwrap_err();
        send.release();
        update.release();
        page += &format!("{status} {code}: send {sent}; update {updated}\n");
    }
    teams.shutdown().await;
    insta::assert_snapshot!(page, @"
    400 BadArgument: send Teams refused: 400 BadArgument; update Teams refused: 400 BadArgument
    401 BotNotRegistered: send shut out: BotNotRegistered; update shut out: BotNotRegistered
    403 BotDisabledByAdmin: send cannot be reached: BotDisabledByAdmin; update cannot be reached: BotDisabledByAdmin
    403 InvalidBotApiHost: send shut out: InvalidBotApiHost; update shut out: InvalidBotApiHost
    404 : send cannot be reached: HTTP status 404; update it is no longer there
    404 ActivityNotFoundInConversation: send it is no longer there; update it is no longer there
    404 ConversationNotFound: send cannot be reached: ConversationNotFound; update cannot be reached: ConversationNotFound
    405 : send Teams refused: 405 ; update Teams refused: 405 
    410 : send cannot be reached: HTTP status 410; update cannot be reached: HTTP status 410
    412 PreconditionFailed: send not now: PreconditionFailed; update not now: PreconditionFailed
    429 : send not now: HTTP status 429; update not now: HTTP status 429
    500 ServiceError: send not now: ServiceError; update not now: ServiceError
    502 not a plain word: send not now: HTTP status 502; update not now: HTTP status 502
    503 : send not now: HTTP status 503; update not now: HTTP status 503
    504 : send not now: HTTP status 504; update not now: HTTP status 504
    ");
}

#[tokio::test]
async fn a_connector_that_cannot_be_reached_may_be_reached_later() {
    let Place { teams, api, url, .. } = place().await;
    api.send(&url, CHAT, &message("x")).await.unwrap();
    teams.shutdown().await;

    let lost = api.send(&url, CHAT, &message("x")).await;

    assert!(matches!(lost, Err(ApiError::Later { after: None, .. })), "{lost:?}");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_when_it_is_taken_back() {
    let Place { teams, api, clock, url } = place().await;
    let asked = || teams.read(|state| state.token_requests);
    let sends = async || api.send(&url, "a:p2", &message("x")).await;

    sends().await.unwrap();
    clock.advance(TimeDelta::minutes(54));
    sends().await.unwrap();
    assert_eq!(asked(), 1);
    clock.advance(TimeDelta::minutes(2));
    sends().await.unwrap();
    assert_eq!(asked(), 2, "five minutes early");
    teams.arrange(State::take_tokens_back);
    sends().await.unwrap();
    assert_eq!(asked(), 3);
    teams.shutdown().await;
}

#[tokio::test]
async fn many_who_need_a_token_at_once_ask_for_one() {
    let Place { teams, api, url, .. } = place().await;

    let chats: Vec<String> = (0..50).map(|n| format!("a:p{n}")).collect();
    let message = message("x");
    let sends = chats.iter().map(|chat| api.send(&url, chat, &message));
    let sent = futures_util::future::join_all(sends).await;

    assert!(sent.iter().all(Result::is_ok));
    assert_eq!(teams.read(|state| state.token_requests), 1);
    teams.shutdown().await;
}

#[tokio::test]
async fn a_secret_that_is_no_longer_taken_shuts_out_and_is_never_repeated() {
    let Place { teams, api, url, .. } = place().await;
    teams.arrange(|state| state.secret_is_gone = true);

    let error = api.send(&url, CHAT, &message("x")).await.unwrap_err();

    assert_eq!(error, ApiError::ShutOut("no token: invalid_client AADSTS7000215".to_owned()));
    assert!(!format!("{error:?}").contains("canary"));
    teams.shutdown().await;
}

#[tokio::test]
async fn no_token_goes_to_an_address_that_is_not_trusted_and_no_id_leads_elsewhere() {
    let Place { teams, api, url, .. } = place().await;
    let refused = |code: &str| Err(ApiError::Refused { status: 0, code: code.to_owned() });

    for other in ["http://127.0.0.1:9/teams/", "https://evil.trafficmanager.net/", "nowhere", ""] {
        let sent = api.send(other, CHAT, &message("x")).await;
        assert_eq!(sent, refused("untrusted_address"), "{other}");
    }
    for id in ["", ".", ".."] {
        assert_eq!(api.send(&url, id, &message("x")).await, refused("no_id"), "{id}");
    }
    assert_eq!(teams.read(|state| state.token_requests), 0);
    let odd = "19:a/b?#%ü@thread.tacv2;messageid=1";
    teams.arrange(|state| state.channels.insert(odd.to_owned()));
    api.send(&url, odd, &message("x")).await.unwrap();
    assert_eq!(teams.calls()[0].conversation, odd);
    teams.shutdown().await;
}
