//! V13 for Teams: what people write, and what directory and catalogue call things, is text in every
//! message, dialog, list and view that Teams is given, whole in the audit, and comes back unchanged
//! from every field.
use crate::hostile::texts;
use crate::hostile_names::{bare, company, id, names, shows};
use crate::world::teams::{mri, somebody};
use crate::world::teams_form::{input, number};
use crate::world::teams_people::{choice, dialog, teams_alone};
use crate::world::teams_read::{check_all, drawn};
use crate::world::{Kind, Options, World, worlds_with};
use hallpass::demo::teams::Message;
use hallpass::domain::id::RequestId;
use hallpass::domain::policy::Policy;
use serde_json::{Value, json};

/// Longest text that is certainly shown whole, in characters.
const WHOLE: usize = 400;
/// Texts that are typed where a round through everything would add little, one of so many.
const STEP: usize = 4;

/// All of them on one database; on the other, what could be kept otherwise there: one of so many.
fn step(world: &World) -> usize {
    if world.kind() == Kind::Sqlite { 1 } else { STEP }
}

/// What a reader sees of a text for certain.
fn shown(text: &str) -> String {
    let whole = bare(text).replace('\u{fffd}', "");
    if whole.chars().count() > WHOLE { whole.chars().take(100).collect() } else { whole }
}

fn says(place: &str, card: &Value, text: &str) {
    let (all, part) = (bare(&drawn(card)).replace('\u{fffd}', ""), shown(text));
    assert!(all.contains(&part), "{place}: {part:?} is not in {all:?}");
}

/// The texts that say anything: what cannot be seen is no reason.
fn sayings() -> Vec<String> {
    texts().into_iter().filter(|text| !bare(text).is_empty()).collect()
}

/// Channels are told of elsewhere: here everything is in people's chats.
fn without_channels(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    policy.flows.iter_mut().for_each(|flow| flow.channel = None);
    policy
}

/// Asks for payments, and looks the form over once more before it is sent.
async fn asks_with(world: &World, why: &str) -> RequestId {
    let form = world.opens_in_teams("ana").await;
    let found = world.goes("ana", &form, "Search", json!({ "words": "payments write" })).await;
    let item = choice(&found, "item", "payments: write");
    let second = world.goes("ana", &found, "Continue", json!({ "item": item })).await;
    let typed = json!({ "why": why, "other_duration": "1h" });
    let looked = world.goes("ana", &second, "Check what I wrote", typed).await;
    let field = input(&looked, "why").unwrap();
    assert_eq!(field["value"], why.replace("\r\n", "\n"), "what was typed stays in its field");
    number(&world.goes("ana", &looked, "Send request", json!({})).await)
}

async fn asked(world: &World, person: &str, id: RequestId) -> Message {
    world.reads(person, &id.to_string()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_words_are_literal_in_everything_that_teams_shows_and_whole_in_the_audit() {
    assert!(sayings().len() >= 60, "{}", sayings().len());
    let options = teams_alone();
    let policy = without_channels(&options.policy);
    for world in worlds_with(Options { policy, ..options }).await {
        let texts: Vec<String> = sayings().into_iter().step_by(step(&world)).collect();
        world.install_in_teams(&["ana", "ben", "eva"]).await;
        let teams = world.teams();
        for text in &texts {
            let why: String = text.chars().take(3_000).collect();
            let id = asks_with(&world, &why).await;
            let ask = asked(&world, "ben", id).await;
            says("the question", &ask.activity, &why);
            let own = asked(&world, "ana", id).await;
            says("the status", &own.activity, &why);
            let form = dialog(&teams.press(&mri("ben"), &ask, "Approve", &json!({})).await);
            says("the decision", &form, &why);
            let reason: String = text.chars().take(1_000).collect();
            let typed = json!({ "reason": reason });
            let done = teams.press_in(&mri("ben"), &form, "Approve", &typed).await;
            assert_eq!(done.body, Value::Null, "{text:?}");
            world.settle().await;
            assert_eq!(world.status(id).await, "Active", "{text:?}");
            says("the other's copy", &asked(&world, "eva", id).await.activity, &reason);
            let details = world.forges("ana", json!({ "do": "details", "id": id.to_string() }));
            let details = details.await;
            says("the details", &details, &why);
            says("the details", &details, &reason);
            let end = world.goes("ana", &details, "End access now", json!({})).await;
            let ended = teams.press_in(&mri("ana"), &end, "End access", &typed).await;
            assert_eq!(ended.body, Value::Null, "{text:?}");
            world.settle().await;
            assert_eq!(world.status(id).await, "Revoked", "{text:?}");
            says("the end", &asked(&world, "ana", id).await.activity, &reason);
        }

        let audit = world.audits("submitted").await;
        let whole = audit.iter().map(|body| {
            let body: Value = serde_json::from_str(body).unwrap();
            body["asked"]["justification"].as_str().unwrap().to_owned()
        });
        let given = texts.iter().map(|text| text.chars().take(3_000).collect::<String>());
        assert_eq!(
            whole.collect::<Vec<_>>(),
            given.map(|text| text.replace("\r\n", "\n")).collect::<Vec<_>>()
        );
        assert_eq!(teams.refusals(), []);
        check_all(&world);
        world.ends().await;
    }
}

/// Every other field, the lists that search, the message that is quoted, and the chat itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_words_in_every_other_field_and_in_the_chat_are_literal_in_teams() {
    let hostile = company(&[]);
    let policy = without_channels(&hostile.policy);
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        let texts: Vec<String> = sayings().into_iter().step_by(step(&world)).collect();
        world.install_in_teams(&["ana"]).await;
        let teams = world.teams();
        for (n, text) in texts.iter().enumerate() {
            let short: String = text.chars().take(200).collect();
            let form = world.opens_in_teams("ana").await;
            let found = world.goes("ana", &form, "Search", json!({ "words": short })).await;
            let field = input(&found, "words").unwrap();
            assert_eq!(field["value"], short.trim(), "what was typed stays in its field");
            world.types_into("ana", "items d ?way=resource", text).await;
            world.types_into("ana", "people d", text).await;
            if n % STEP == 0 {
                let found = world.goes("ana", &form, "Search", json!({ "words": "logs" })).await;
                let item = choice(&found, "item", "logs: read");
                let second = world.goes("ana", &found, "Continue", json!({ "item": item })).await;
                let ticket: String = text.chars().take(64).collect();
                let typed = json!({
                    "why": "x", "ticket": ticket, "other_duration": short.chars().take(40).collect::<String>(),
                });
                let wrong = world.goes("ana", &second, "Send request", typed.clone()).await;
                for field in ["ticket", "other_duration"] {
                    let kept = input(&wrong, field).unwrap()["value"].clone();
                    let given = typed[field].as_str().unwrap();
                    assert_eq!(bare(kept.as_str().unwrap()), bare(given), "{field}");
                }
                // A message that somebody asks about is quoted as the reason.
                let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                let quoting = json!({
                    "commandId": "request", "commandContext": "message",
                    "messagePayload": { "body": { "contentType": "html", "content": format!("<p>{html}</p>") } },
                });
                let quoted =
                    dialog(&teams.invoke(&mri("ana"), "composeExtension/fetchTask", quoting).await);
                let found = world.goes("ana", &quoted, "Search", json!({ "words": "logs" })).await;
                let item = choice(&found, "item", "logs: read");
                let second = world.goes("ana", &found, "Continue", json!({ "item": item })).await;
                let field = input(&second, "why").unwrap();
                assert_eq!(shown(field["value"].as_str().unwrap()), shown(text), "quoted");
            }
            for line in [text.clone(), format!("request {text}"), format!("show {text}")] {
                assert_eq!(teams.say(&mri("ana"), &line).await.status, 200);
            }
        }
        // What is written in a chat is answered after its acknowledgement.
        let lines = 3 * texts.len();
        let answered = |state: &hallpass::demo::teams::State| {
            let chat = state.messages.iter().filter(|one| one.conversation == "a:ana");
            (chat.count() > lines).then_some(())
        };
        assert!(teams.wait_for(answered, crate::world::SOON).await.is_some(), "all are answered");
        assert_eq!(teams.refusals(), []);
        check_all(&world);
        world.ends().await;
    }
}

/// One of them asks for the resource of the same name.
async fn asks_by_name(world: &World, n: usize, name: &str, ticket: &str) -> RequestId {
    let who = id(n);
    let form = world.opens_in_teams(&who).await;
    let search = json!({ "words": format!("r{n:02}") });
    let found = world.goes(&who, &form, "Search", search).await;
    shows("what is found", &drawn(&found), name);
    let item = choice_of(&found, name);
    let basket = world.goes(&who, &found, "Add what is ticked", json!({ "item": item })).await;
    shows("the basket", &drawn(&basket), name);
    let review = world.goes(&who, &basket, "Review", json!({})).await;
    shows("the review", &drawn(&review), name);
    let second = world.goes(&who, &review, "Continue", json!({})).await;
    let typed =
        json!({ "why": "INC-42: as the name says", "ticket": ticket, "other_duration": "1h" });
    number(&world.goes(&who, &second, "Send request", typed).await)
}

/// What comes back of the box that has this name.
fn choice_of(card: &Value, name: &str) -> String {
    let boxes = input(card, "item").unwrap();
    let boxes = boxes["choices"].as_array().unwrap();
    let labelled = |one: &&Value| {
        let one = json!({ "type": "Input.ChoiceSet", "style": "expanded", "choices": [one] });
        let begins: String = bare(name.trim()).chars().take(20).collect();
        bare(&drawn(&one)).contains(&begins)
    };
    let found = boxes.iter().find(labelled).unwrap_or_else(|| panic!("{name}: {boxes:?}"));
    found["value"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_names_and_tickets_are_literal_wherever_teams_shows_them() {
    let names = names();
    assert!(names.len() >= 55, "{}", names.len());
    let hostile = company(&names);
    let policy = without_channels(&hostile.policy);
    for world in worlds_with(Options { policy, ..teams_alone() }).await {
        let teams = world.teams();
        teams.arrange(|state| {
            let object = |n: usize| format!("e0000000-0000-4000-8000-{n:012x}");
            let them = (0..names.len()).map(|n| somebody(&id(n), &id(n), &object(n)));
            state.people.extend(them);
        });
        world.install_in_teams(&["ben"]).await;
        for (n, name) in names.iter().enumerate().step_by(step(&world)) {
            world.install_in_teams(&[&id(n)]).await;
            let ticket: String = name.trim().chars().take(64).collect();

            let request = asks_by_name(&world, n, name, &ticket).await;

            let ask = asked(&world, "ben", request).await;
            let text = drawn(&ask.activity);
            shows("the question: person or resource", &text, name);
            let number = world.record(request).await.asked.ticket.unwrap().number;
            shows("the question: ticket", &text, &number);
            let form = dialog(&teams.press(&mri("ben"), &ask, "Reject", &json!({})).await);
            let no = json!({ "reason": "no" });
            teams.press_in(&mri("ben"), &form, "Reject", &no).await;
            world.settle().await;
            assert_eq!(world.status(request).await, "Rejected", "{name:?}");
            let own = asked(&world, &id(n), request).await;
            assert!(drawn(&own.activity).contains("<https://evil.example|Ben>"), "who decided");
            let list = world.forges(&id(n), json!({ "do": "list", "list": "requests" })).await;
            shows("the list", &drawn(&list), name);
            let details = json!({ "do": "details", "id": request.to_string() });
            shows("the details", &drawn(&world.forges(&id(n), details).await), name);
            teams.say(&mri(&id(n)), "hello").await;
        }
        assert_eq!(teams.refusals(), []);
        check_all(&world);
        world.ends().await;
    }
}
