//! Everything that the bot gave people to see, whichever way it came: calls, acknowledgements, answers.

use serde_json::{Value, json};

use super::json::{at, text};
use super::state::State;

/// One thing that was sent to be shown, as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    /// A modal or a Home.
    View(Value),
    /// A message: its text and its blocks.
    Message(Value),
    /// What a list offers.
    Options(Value),
}

impl Sent {
    /// What it holds, of whichever kind it is.
    pub fn json(&self) -> &Value {
        match self {
            Self::View(json) | Self::Message(json) | Self::Options(json) => json,
        }
    }

    /// What an acknowledgement or an answer to a response address gives to see.
    pub(super) fn of_body(body: &Value) -> Option<Self> {
        let view = at(body, "/view");
        if !view.is_null() {
            return Some(Self::View(view.clone()));
        }
        if body.get("options").is_some() {
            return Some(Self::Options(body.clone()));
        }
        let has_words = !text(body, "/text").is_empty() || body.get("blocks").is_some();
        has_words.then(|| message(body))
    }

    fn of_call(method: &str, args: &Value) -> Option<Self> {
        match method {
            "views.open" | "views.push" | "views.update" | "views.publish" => {
                Some(Self::View(at(args, "/view").clone()))
            }
            "chat.postMessage" | "chat.update" | "chat.postEphemeral" => Some(message(args)),
            _ => None,
        }
    }
}

fn message(of: &Value) -> Sent {
    let blocks = of.get("blocks").cloned().unwrap_or_else(|| json!([]));
    Sent::Message(json!({ "text": text(of, "/text"), "blocks": blocks }))
}

impl State {
    /// All of it: what came by calls, then what came as answers.
    pub fn sent(&self) -> Vec<Sent> {
        let calls = self.calls.iter().filter_map(|call| Sent::of_call(&call.method, &call.args));
        calls.chain(self.answers.iter().cloned()).collect()
    }
}
