//! The form in a local Microsoft Teams, pressed through step by step.
use super::World;
use super::teams::mri;
use super::teams_people::{dialog, text};
use hallpass::domain::id::RequestId;
use serde_json::{Value, json};

impl World {
    /// They get the app, and with it a chat, in which they are greeted.
    pub(crate) async fn install_in_teams(&self, people: &[&str]) {
        for person in people {
            assert_eq!(self.teams().installs(&mri(person)).await.status, 200, "{person}");
        }
        for chat in people.iter().map(|person| format!("a:{person}")) {
            let is_greeted = |state: &hallpass::demo::teams::State| {
                state.messages.iter().any(|one| one.conversation == chat).then_some(())
            };
            assert!(self.teams().wait_for(is_greeted, super::SOON).await.is_some(), "{chat}");
        }
    }

    /// Opens the empty form by the message extension.
    pub(crate) async fn opens_in_teams(&self, person: &str) -> Value {
        let value = json!({ "commandId": "request" });
        dialog(&self.teams().invoke(&mri(person), "composeExtension/fetchTask", value).await)
    }

    /// Presses a button of a dialog, with what is typed and ticked in it; the dialog then.
    pub(crate) async fn goes(&self, person: &str, at: &Value, button: &str, with: Value) -> Value {
        let reply = self.teams().press_in(&mri(person), at, button, &with).await;
        assert_ne!(reply.status, 0, "no button {button} in {at}");
        dialog(&reply)
    }

    /// Sends what no button sends, as if a dialog had; the dialog then.
    pub(crate) async fn forges(&self, person: &str, data: Value) -> Value {
        let value = json!({ "data": data });
        dialog(&self.teams().invoke(&mri(person), "task/submit", value).await)
    }

    /// What a list offers while somebody types into it: what is read, and what comes back.
    pub(crate) async fn types_into(
        &self,
        person: &str,
        dataset: &str,
        typed: &str,
    ) -> Vec<(String, String)> {
        let value = json!({ "dataset": dataset, "queryText": typed,
                            "queryOptions": { "skip": 0, "top": 15 } });
        let reply = self.teams().invoke(&mri(person), "application/search", value).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let rows = reply.body["value"]["results"].as_array().unwrap();
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "title"), text(row, "value"))).collect()
    }
}

/// An input of a card, by its id.
pub(crate) fn input(card: &Value, id: &str) -> Option<Value> {
    match card {
        Value::Object(fields) => {
            let is_it = fields.get("id").is_some_and(|found| found == id);
            let is_input =
                fields.get("type").and_then(Value::as_str).is_some_and(|t| t.starts_with("Input."));
            if is_it && is_input {
                return Some(card.clone());
            }
            fields.values().find_map(|inner| input(inner, id))
        }
        Value::Array(items) => items.iter().find_map(|inner| input(inner, id)),
        _ => None,
    }
}

/// What can be chosen in an input: what people read.
pub(crate) fn choices(card: &Value, id: &str) -> Vec<String> {
    let found = input(card, id).unwrap_or_else(|| panic!("no input {id} in {card}"));
    let title = |choice: &Value| choice["title"].as_str().unwrap().to_owned();
    found["choices"].as_array().unwrap().iter().map(title).collect()
}

/// The first request that a dialog names.
pub(crate) fn number(card: &Value) -> RequestId {
    let said = text(card);
    let ids = super::ids_in(&said);
    *ids.first().unwrap_or_else(|| panic!("no number in {said}"))
}
