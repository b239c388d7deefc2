//! People who act: each becomes a signed activity to the bot, and its answer comes back.
use super::cards::{self, Pressed};
use super::state::{Message, chat_of};
use super::{Person, Teams};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value, json};

/// Where bots take what Teams sends.
const ROUTE: &str = "/api/messages";

/// What the bot answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The HTTP status; 0 where there was no answer.
    pub status: u16,
    /// What it says; null where it says nothing.
    pub body: Value,
}

impl Teams {
    /// A person writes to the bot in their chat.
    pub async fn say(&self, person: &str, text: &str) -> Reply {
        self.says_in(person, &chat_of(person), text).await
    }

    /// A person writes in a conversation; in a channel, the text begins by naming the bot.
    pub async fn says_in(&self, person: &str, conversation: &str, text: &str) -> Reply {
        let mut activity = self.activity(person, conversation, "message");
        let is_channel = self.read(|state| state.channels.contains(conversation));
        let (said, mention) = match is_channel {
            true => (format!("<at>Hallpass</at> {text}"), Some(self.mention())),
            false => (text.to_owned(), None),
        };
        set(&mut activity, "text", said.into());
        set(&mut activity, "textFormat", "plain".into());
        if let (Some(mention), Some(Value::Array(entities))) =
            (mention, activity.get_mut("entities"))
        {
            entities.push(mention);
        }
        self.post(&activity).await
    }

    /// A person gets the app, and with it a chat.
    pub async fn installs(&self, person: &str) -> Reply {
        self.arrange(|state| {
            let them = state.people.iter_mut().find(|one| one.id == person);
            them.into_iter().for_each(|one| one.has_app = true);
        });
        let mut activity = self.activity(person, &chat_of(person), "installationUpdate");
        set(&mut activity, "action", "add".into());
        self.post(&activity).await
    }

    /// A person removes the app.
    pub async fn uninstalls(&self, person: &str) -> Reply {
        self.arrange(|state| {
            let them = state.people.iter_mut().find(|one| one.id == person);
            them.into_iter().for_each(|one| one.has_app = false);
        });
        let mut activity = self.activity(person, &chat_of(person), "installationUpdate");
        set(&mut activity, "action", "remove".into());
        self.post(&activity).await
    }

    /// A person presses the action of this title on a message; `inputs` is what they typed or chose.
    /// `refresh` is the card's own, as their client does it by itself.
    pub async fn press(
        &self,
        person: &str,
        message: &Message,
        title: &str,
        inputs: &Value,
    ) -> Reply {
        let none = Reply { status: 0, body: Value::Null };
        let Some(card) = cards::card_in(&message.activity) else { return none };
        let Some(action) = cards::action(card, title) else { return none };
        let typed = filled(card, inputs);
        let mut activity = match cards::pressed(action, typed, title == "refresh") {
            Pressed::Invoke { name, value } => {
                self.invoked(person, &message.conversation, name, value)
            }
            Pressed::Message(value) => {
                let mut activity = self.activity(person, &message.conversation, "message");
                set(&mut activity, "value", value);
                activity
            }
            Pressed::Nothing => return none,
        };
        set(&mut activity, "replyToId", message.id.clone().into());
        self.post(&activity).await
    }

    /// A person presses the action of this title in a dialog, which the bot answered with `dialog`.
    pub async fn press_in(
        &self,
        person: &str,
        dialog: &Value,
        title: &str,
        inputs: &Value,
    ) -> Reply {
        let none = Reply { status: 0, body: Value::Null };
        let Some(card) = cards::card_in(dialog) else { return none };
        let Some(action) = cards::action(card, title) else { return none };
        let data = cards::sent(action, filled(card, inputs));
        let value = json!({"data": data, "context": {"theme": "default"}});
        self.invoke(person, "task/submit", value).await
    }

    /// A person's client invokes something of the bot, in their chat.
    pub async fn invoke(&self, person: &str, name: &str, value: Value) -> Reply {
        let activity = self.invoked(person, &chat_of(person), name, value);
        self.post(&activity).await
    }

    /// The same in another conversation.
    pub async fn invoke_in(
        &self,
        person: &str,
        conversation: &str,
        name: &str,
        value: Value,
    ) -> Reply {
        let activity = self.invoked(person, conversation, name, value);
        self.post(&activity).await
    }

    /// Posts an activity with a good token.
    pub async fn post(&self, activity: &Value) -> Reply {
        let bearer = format!("Bearer {}", self.token(&self.claims()));
        self.post_with(Some(&bearer), activity.to_string().into_bytes()).await
    }

    /// Posts anything.
    pub async fn post_with(&self, authorization: Option<&str>, body: Vec<u8>) -> Reply {
        let url = format!("{}{ROUTE}", self.read(|state| state.bot_url.clone()));
        let mut request = Request::post(url).header(CONTENT_TYPE, "application/json");
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let none = Reply { status: 0, body: Value::Null };
        let Ok(request) = request.body(Full::new(Bytes::from(body))) else { return none };
        let Ok(answer) = self.0.client.request(request).await else { return none };
        let status = answer.status().as_u16();
        let Ok(body) = answer.into_body().collect().await else { return none };
        let body = body.to_bytes();
        let text = || Value::from(String::from_utf8_lossy(&body).into_owned());
        let body = match body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&body).unwrap_or_else(|_| text()),
        };
        self.arrange(|state| state.answers.push(body.clone()));
        Reply { status, body }
    }

    /// An activity of a kind, as Teams fills it.
    pub fn activity(&self, person: &str, conversation: &str, kind: &str) -> Value {
        let id = self.arrange(super::State::fresh_id);
        let (them, is_channel) = self
            .read(|state| (state.person(person).cloned(), state.channels.contains(conversation)));
        let Some(Person { id: mri, object_id, name, tenant, locale, .. }) = them else {
            return Value::Null;
        };
        let home = &self.options().tenant;
        // In a channel it is the channel's tenant, whoever writes.
        let tenant = if is_channel { home } else { &tenant };
        let now = self.now().to_rfc3339();
        json!({
            "type": kind, "id": id, "timestamp": now, "localTimestamp": now,
            "serviceUrl": self.service_url(), "channelId": "msteams", "locale": locale,
            "from": {"id": mri, "name": name, "aadObjectId": object_id},
            "conversation": {
                "id": conversation, "tenantId": tenant, "isGroup": is_channel,
                "conversationType": if is_channel { "channel" } else { "personal" },
            },
            "recipient": {"id": self.bot_id(), "name": "Hallpass"},
            "entities": [{"type": "clientInfo", "locale": locale, "country": "US",
                          "platform": "Web", "timezone": "Europe/Lisbon"}],
            "channelData": {"tenant": {"id": tenant}},
        })
    }

    fn invoked(&self, person: &str, conversation: &str, name: &str, value: Value) -> Value {
        let mut activity = self.activity(person, conversation, "invoke");
        set(&mut activity, "name", name.into());
        set(&mut activity, "value", value);
        activity
    }

    fn bot_id(&self) -> String {
        format!("28:{}", self.options().app_id)
    }

    fn mention(&self) -> Value {
        json!({
            "type": "mention", "text": "<at>Hallpass</at>",
            "mentioned": {"id": self.bot_id(), "name": "Hallpass"},
        })
    }
}

/// The card's fields with what was typed or chosen in them.
fn filled(card: &Value, inputs: &Value) -> Map<String, Value> {
    let mut all = cards::given(card);
    all.extend(inputs.as_object().cloned().unwrap_or_default());
    all
}

fn set(activity: &mut Value, key: &str, value: Value) {
    if let Some(fields) = activity.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
}
