//! The whole way in Teams: asked for in a dialog, approved, granted, used, and taken back.
use crate::world::teams::{TEAMS_CHANNEL, mri};
use crate::world::{Options, World, policy, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::teams::{Message, Reply};
use hallpass::domain::id::RequestId;
use serde_json::{Value, json};

fn options() -> Options {
    let mut policy = policy::usual();
    for flow in &mut policy.flows {
        flow.channel = flow.channel.as_ref().map(|_| TEAMS_CHANNEL.to_owned());
    }
    let absent = Vec::new();
    Options { policy, has_teams: true, has_no_chat: true, absent, ..Options::default() }
}

/// What is to be read in a card: every text of it.
fn text(json: &Value) -> String {
    let mut texts = Vec::new();
    gather(json, &mut texts);
    texts.join("\n")
}

fn gather(json: &Value, texts: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            for name in ["text", "title", "value"] {
                texts.extend(fields.get(name).and_then(Value::as_str).map(str::to_owned));
            }
            fields.values().for_each(|inner| gather(inner, texts));
        }
        Value::Array(items) => items.iter().for_each(|inner| gather(inner, texts)),
        _ => {}
    }
}

/// The titles of a card's buttons.
fn buttons(json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather_buttons(json, &mut found);
    found
}

fn gather_buttons(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            let is_action = fields
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|t| t.starts_with("Action."));
            if is_action {
                found.extend(fields.get("title").and_then(Value::as_str).map(str::to_owned));
            }
            for (name, inner) in fields {
                if name != "refresh" {
                    gather_buttons(inner, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| gather_buttons(inner, found)),
        _ => {}
    }
}

fn dialog(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["task"]["type"], "continue", "{reply:?}");
    reply.body.clone()
}

/// The value of the choice with this beginning.
fn choice(dialog: &Value, input: &str, begins: &str) -> String {
    let mut found = None;
    find_choice(dialog, input, begins, &mut found);
    found.unwrap_or_else(|| panic!("no choice {begins} of {input} in {dialog}"))
}

fn find_choice(json: &Value, input: &str, begins: &str, found: &mut Option<String>) {
    match json {
        Value::Object(fields) => {
            if fields.get("id").and_then(Value::as_str) == Some(input) {
                let choices = fields.get("choices").and_then(Value::as_array);
                let fits = |c: &&Value| c["title"].as_str().is_some_and(|t| t.starts_with(begins));
                let choice = choices.and_then(|all| all.iter().find(fits));
                *found = choice.and_then(|c| c["value"].as_str()).map(str::to_owned);
            }
            fields.values().for_each(|inner| find_choice(inner, input, begins, found));
        }
        Value::Array(items) => {
            items.iter().for_each(|inner| find_choice(inner, input, begins, found));
        }
        _ => {}
    }
}

impl World {
    /// Waits until a message in a person's chat says something.
    async fn reads(&self, person: &str, what: &str) -> Message {
        let until = std::time::Instant::now() + crate::world::SOON;
        loop {
            self.settle().await;
            let chat = self.teams().chat(&mri(person));
            let found = chat.iter().rev().find(|message| text(&message.activity).contains(what));
            if let Some(message) = found {
                return message.clone();
            }
            let said: Vec<String> = chat.iter().map(|message| text(&message.activity)).collect();
            assert!(std::time::Instant::now() < until, "{person} never read {what}: {said:#?}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// Opens the form by the message extension and asks for one thing in it.
    async fn asks_in_teams(&self, person: &str, name: &str, why: &str) -> RequestId {
        let (who, teams) = (mri(person), self.teams());
        let opened = teams
            .invoke(&who, "composeExtension/fetchTask", json!({ "commandId": "request" }))
            .await;
        let first = dialog(&opened);
        let found = teams
            .press_in(&who, &first, "Search", &json!({ "words": format!("{name} write") }))
            .await;
        let found = dialog(&found);
        let item = choice(&found, "item", &format!("{name}: write"));
        let second =
            dialog(&teams.press_in(&who, &found, "Continue", &json!({ "item": item })).await);
        let typed = json!({ "why": why, "other_duration": "1h" });
        let sent = dialog(&teams.press_in(&who, &second, "Send request", &typed).await);
        let said = text(&sent);
        let at = said.find("AR-").unwrap_or_else(|| panic!("no number in {said}"));
        let number: String =
            said[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
        number.parse().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_asked_approved_granted_used_and_taken_back_in_teams() {
    for world in worlds_with(options()).await {
        let teams = world.teams();
        for person in ["ana", "ben", "eva"] {
            assert_eq!(teams.installs(&mri(person)).await.status, 200);
        }
        world.reads("ben", "Ben Okafor").await;

        let id = world.asks_in_teams("ana", "payments", "INC-42 *now*").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Pending Approval");
        let ask = world.reads("ben", "INC-42 *now*").await;
        assert_eq!(buttons(&ask.activity), ["Approve", "Reject", "Details"]);
        let in_channel = teams.messages(TEAMS_CHANNEL);
        assert_eq!(buttons(&in_channel[0].activity), ["Review"]);
        let card = &in_channel[0].activity["attachments"][0]["content"];
        assert_eq!(card["refresh"]["userIds"], json!([mri("ben"), mri("eva")]));

        let form = dialog(&teams.press(&mri("ben"), &ask, "Approve", &json!({})).await);
        let done =
            teams.press_in(&mri("ben"), &form, "Approve", &json!({ "reason": "fine" })).await;
        assert_eq!((done.status, done.body), (200, Value::Null));
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert!(world.target.holds("ana", "payments", "write"));
        for copy in [world.reads("ben", "fine").await, world.reads("eva", "fine").await] {
            assert_eq!(buttons(&copy.activity), ["Details"]);
            assert!(text(&copy.activity).contains("pproved by Ben Okafor"));
        }
        let in_channel = teams.messages(TEAMS_CHANNEL);
        assert_eq!(in_channel.len(), 1);
        assert_eq!(buttons(&in_channel[0].activity), ["Details"]);

        let ready = world.reads("ana", "Your access is ready").await;
        let connect = teams.press(&mri("ana"), &ready, "How to connect", &json!({})).await;
        assert!(text(&dialog(&connect)).contains("s3cret-canary"));
        let nosy = teams.press(&mri("ben"), &ready, "How to connect", &json!({})).await;
        assert!(!text(&nosy.body).contains("s3cret-canary"));

        world.passes(TimeDelta::hours(1)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert!(!world.target.holds("ana", "payments", "write"));
        world.reads("ana", "This access has ended").await;
        assert_eq!(teams.refusals(), []);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_an_approver_decides_in_teams_and_a_late_press_is_answered() {
    for world in worlds_with(options()).await {
        let teams = world.teams();
        for person in ["ana", "ben", "eva", "finn"] {
            teams.installs(&mri(person)).await;
        }
        let id = world.asks_in_teams("ana", "payments", "INC-42").await;
        let ask = world.reads("ben", "INC-42").await;

        for stranger in ["ana", "finn"] {
            let forged = json!({ "data": { "do": "decide", "id": id.to_string(), "verdict": "approve", "version": "0" } });
            let answer = teams.invoke(&mri(stranger), "task/submit", forged).await;
            assert!(text(&dialog(&answer)).contains("can"), "{answer:?}");
        }
        assert_eq!(world.status(id).await, "Pending Approval");

        let form = dialog(
            &teams
                .press(&mri("eva"), &world.reads("eva", "INC-42").await, "Reject", &json!({}))
                .await,
        );
        let missing = teams.press_in(&mri("eva"), &form, "Reject", &json!({ "reason": "" })).await;
        assert!(text(&dialog(&missing)).contains("Please give a reason"), "{missing:?}");
        let done =
            teams.press_in(&mri("eva"), &form, "Reject", &json!({ "reason": "not now" })).await;
        assert_eq!(done.body, Value::Null);
        world.settle().await;

        assert_eq!(world.status(id).await, "Rejected");
        world.reads("ana", "not now").await;
        let late = teams.press(&mri("ben"), &ask, "Approve", &json!({})).await;
        assert!(text(&dialog(&late)).contains("ejected by Eva Lindgren"), "{late:?}");
        assert_eq!(world.target.count("grant"), 0);
        world.ends().await;
    }
}
