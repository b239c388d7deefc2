//! People who act in a local Microsoft Teams, and what they read there.
use super::teams::{TEAMS_CHANNEL, mri};
use super::{Options, World, policy};
use hallpass::demo::teams::{Message, Reply};
use hallpass::domain::id::RequestId;
use serde_json::{Value, json};

/// A company that has Teams alone.
pub(crate) fn teams_alone() -> Options {
    let mut policy = policy::usual();
    for flow in &mut policy.flows {
        flow.channel = flow.channel.as_ref().map(|_| TEAMS_CHANNEL.to_owned());
    }
    let absent = Vec::new();
    Options { policy, has_teams: true, has_no_chat: true, absent, ..Options::default() }
}

/// What is to be read in a card: every text of it.
pub(crate) fn text(json: &Value) -> String {
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
pub(crate) fn buttons(json: &Value) -> Vec<String> {
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

/// The dialog that a press was answered with.
pub(crate) fn dialog(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["task"]["type"], "continue", "{reply:?}");
    reply.body.clone()
}

/// The value of the choice with this beginning.
pub(crate) fn choice(dialog: &Value, input: &str, begins: &str) -> String {
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
    pub(crate) async fn reads(&self, person: &str, what: &str) -> Message {
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

    /// Opens the form by the message extension and chooses one thing; the second step.
    pub(crate) async fn chooses_in_teams(&self, person: &str, name: &str) -> Value {
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
        dialog(&teams.press_in(&who, &found, "Continue", &json!({ "item": item })).await)
    }

    /// Opens the form by the message extension and asks for one thing in it.
    pub(crate) async fn asks_in_teams(&self, person: &str, name: &str, why: &str) -> RequestId {
        let (who, teams) = (mri(person), self.teams());
        let second = self.chooses_in_teams(person, name).await;
        let typed = json!({ "why": why, "other_duration": "1h" });
        let sent = dialog(&teams.press_in(&who, &second, "Send request", &typed).await);
        let said = text(&sent);
        let at = said.find("AR-").unwrap_or_else(|| panic!("no number in {said}"));
        let number: String =
            said[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
        number.parse().unwrap()
    }
}
