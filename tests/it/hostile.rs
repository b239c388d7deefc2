//! What people write is text everywhere: literal in messages and views, whole in the audit (V13).
use crate::world::policy::usual;
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::app::submit::Form;
use hallpass::demo::slack::{Sent, State, View};
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::TicketRule;
use hallpass::domain::ticket::{TicketPattern, TicketType};
use hallpass::show::limits::QUOTE_CHARS;
use hallpass::show::samples::HOSTILE;
use serde_json::{Value, json};

/// Texts beside the samples' own.
const OWN: &[&str] = &[
    "<!channel>",
    "<!here>",
    "<!everyone>",
    "<@U1>",
    "<#C1>",
    "<!subteam^S1>",
    "@channel",
    "<!date^0^{date}|x>",
    "<https://evil.example|approved>",
    "https://evil.example",
    "<mailto:a@evil.example|mail>",
    "<tel:+1|call>",
    "*bold*",
    "_it_",
    "~no~",
    "`code`",
    "```block```",
    "> quote",
    "&gt; quote",
    "&lt;!channel&gt;",
    "&amp;lt;",
    "&#60;!here&#62;",
    "\"}]}",
    "\\\"}]}",
    "\\",
    "\\\\n",
    "\\u0022",
    "{{id}}",
    "{{{id}}}",
    "{{> _items}}",
    "{{",
    "${id}",
    "%s%n",
    "'; DROP TABLE audit; --",
    "$1",
    "\u{0}",
    "a\u{0}b",
    "\u{7}\u{8}\u{1b}[31m",
    "\u{202e}desrever",
    "\u{2066}\u{2069}",
    "\u{200b}\u{feff}",
    "e\u{301}\u{323}",
    "🙂👩‍👩‍👧‍👦",
    "\r\n\r\nBcc: a@b",
    "a\rb",
    "a\nb\nc",
    "\t tab",
    ":tada: :wave:",
    "<b>x</b>",
    "<script>alert(1)</script>",
    "]]>",
    "<!--",
    "AR-1001",
];

/// Sixty texts that a channel might read as more than text.
pub(crate) fn texts() -> Vec<String> {
    let mut texts: Vec<String> = OWN.iter().map(|text| (*text).to_owned()).collect();
    texts.extend(HOSTILE.iter().map(|text| (*text).to_owned()));
    texts.push("x".repeat(4_000));
    texts.push("<!channel>".repeat(400));
    texts.push("&<>\"\\".repeat(700));
    texts.push("🙂".repeat(2_900));
    texts
}

/// Every text that Slack draws, with whether it reads markup in it.
fn drawn<'a>(value: &'a Value, found: &mut Vec<(bool, &'a str)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| drawn(item, found)),
        Value::Object(object) => {
            if let Some(text) = object.get("text").and_then(Value::as_str) {
                found.push((value["type"] == "mrkdwn", text));
            }
            object.values().for_each(|value| drawn(value, found));
        }
        _ => {}
    }
}

/// Fails where Slack could read something of a person's as markup.
fn is_plain(text: &str) {
    let without_ours = text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "");
    assert!(!without_ours.contains(['<', '>', '&']), "{text}");
}

/// Everything that Slack was ever given to show: views opened, drawn anew or answered with, messages,
/// what lists offer, what commands were answered with.
pub(crate) fn check_all(world: &World) {
    let (mut views, mut messages, mut lists) = (0, 0, 0);
    for sent in world.slack.sent() {
        let json = sent.json();
        match &sent {
            Sent::View(_) => views += 1,
            Sent::Message(_) => messages += 1,
            Sent::Options(_) => lists += 1,
        }
        is_plain(json["text"].as_str().unwrap_or_default());
        let mut found = Vec::new();
        drawn(json, &mut found);
        for (reads_markup, text) in found {
            if reads_markup {
                is_plain(text);
            }
        }
    }
    assert!(views > 0 && lists + messages > 0, "{views} views, {messages} messages, {lists} lists");
}

/// What a reader sees of a long text.
fn shown(text: &str) -> String {
    match text.chars().count() > QUOTE_CHARS {
        true => text.trim().chars().take(100).collect(),
        false => text.trim().to_owned(),
    }
}

async fn asks_with(world: &World, justification: &str) -> Option<RequestId> {
    let form = Form {
        requester: "ana".into(),
        grantee: "ana".into(),
        items: vec![crate::world::policy::item("payments", "read")],
        duration: TimeDelta::hours(1),
        justification: justification.to_owned(),
        ticket: None,
        key: None,
    };
    let submitted = world.app().submit(form).await.ok()?;
    Some(submitted.requests[0].asked.id)
}

fn has(view: Option<&View>, text: &str) -> Option<()> {
    view.filter(|view| view.all_text().contains(text)).map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_words_are_literal_in_every_message_and_whole_in_the_audit() {
    let texts = texts();
    assert!(texts.len() >= 60);
    for world in worlds_with(Options::default()).await {
        for text in &texts {
            let Some(id) = asks_with(&world, text).await else { panic!("{text:?} was refused") };
            world.settle().await;
            let literal = shown(text);
            for copy in [world.ask_of("ben", id), world.ask_in_channel(id)] {
                assert!(copy.all_text().contains(&literal), "{text:?}: {}", copy.all_text());
            }
            let ask = world.ask_of("ben", id);
            let dialog = world.presses("ben", &ask, "approve").await;
            assert!(dialog.all_text().contains(&literal), "{text:?}");
            let reason: String = text.chars().take(1_000).collect();
            let answer = world.gives_reason("ben", &dialog, &reason).await;
            assert!(answer.is_ok(), "{text:?}: {answer:?}");
            world.settle().await;
            assert_eq!(world.status(id).await, "Active", "{text:?}");
            let copy = world.ask_of("ben", id);
            // PostgreSQL keeps no NUL, and nobody can see one.
            let kept = shown(&reason.replace('\u{0}', ""));
            assert!(copy.all_text().contains(&kept), "{text:?}: {}", copy.all_text());
            assert!(world.types("ana", &format!("show {id}")).await.is_ok());
            let account = "U1";
            world
                .soon("the details", |state: &State| has(state.views(account).last(), &literal))
                .await;
            assert!(world.types("ana", &format!("revoke {id}")).await.is_ok());
            let dialog = world.sees_modal("ana", "end").await;
            assert!(world.gives_reason("ana", &dialog, "").await.is_ok());
            world.becomes(id, "Revoking").await;
            world.settle().await;
        }

        let audit = world.audit().await;
        let asked: Vec<String> = audit
            .iter()
            .filter(|row| row.kind == "submitted")
            .map(|row| serde_json::from_str::<Value>(&row.body).unwrap())
            .map(|body| body["asked"]["justification"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(asked, texts);
        check_all(&world);
        world.ends().await;
    }
}

/// Every so many texts are typed, which takes the rest between keys; all of them are sent.
const TYPED: usize = 6;

/// The form's own fields: what is typed stays as it is, and nothing that it draws reads it as more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_words_typed_into_the_form_stay_literal_in_every_field() {
    let mut policy = usual();
    let incident = TicketType {
        id: "incident".into(),
        name: "<!here> *Incident*".to_owned(),
        pattern: TicketPattern::new("INC-[0-9]+").unwrap(),
        example: "INC-42 <@U1>".to_owned(),
        lookup: None,
    };
    policy.tickets.insert(incident.id.clone(), incident);
    let rule = TicketRule { types: vec!["incident".into()], is_required: false };
    policy.flows.last_mut().unwrap().ticket = Some(rule);
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let first = world.opens_form("ana").await;
        let mut view = world.chooses("ana", &first, "payments", "read").await;
        for text in texts().iter().step_by(TYPED) {
            let text: String = text.chars().take(1_000).collect();
            view = world.types_in("ana", &view, "words", &text).await;
            assert_eq!(view.values()["words"]["words"]["value"], text.as_str());
        }
        view = world.types_in("ana", &view, "words", "").await;
        view = world.goes_on("ana", &view).await;
        for (n, text) in texts().iter().enumerate() {
            let text: String = text.chars().take(2_900).collect();
            if n % TYPED == 0 {
                view = world.types_in("ana", &view, "justification", &text).await;
                assert_eq!(view.values()["why"]["justification"]["value"], text.as_str());
            }
            let number: String = text.chars().take(64).collect();
            let typed = json!({"type": "plain_text_input", "value": number});
            let why = json!({"type": "plain_text_input", "value": text});
            let given = json!({"ticket": {"ticket": typed}, "why": {"justification": why}});
            let answer = world.slack.submit("U1", &view.id, &given).await;
            // What cannot be seen is no ticket, and no reason either.
            let is_refused =
                ["ticket", "why"].iter().any(|field| answer.errors.contains_key(*field));
            assert!(is_refused, "{text:?}: {answer:?}");
        }
        check_all(&world);
        world.ends().await;
    }
}
