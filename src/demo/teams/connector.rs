//! The Connector: conversations, messages, their edits, and who is there. What Microsoft's refuses,
//! this one does.
use super::faults::{Fault, Kind, Standing};
use super::state::{Call, Message, chat_of};
use super::{Person, State, Teams};
use axum::body::Bytes;
use axum::extract::{Path, Query, State as Shared};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Largest message: "keep it under 80 KB" is what Microsoft advises for everything together.
const MOST_BYTES: usize = 80 * 1024;

/// What is answered, and after how many seconds to come again.
struct Outcome {
    status: u16,
    body: Value,
    retry_after: Option<i64>,
}

/// A question to the Connector.
struct Asked {
    kind: Kind,
    conversation: String,
    body: Value,
    bytes: usize,
}

pub(super) fn routes() -> Router<Teams> {
    Router::new()
        .route("/teams/v3/conversations", post(create))
        .route("/teams/v3/conversations/{conversation}/activities", post(send))
        .route("/teams/v3/conversations/{conversation}/activities/{id}", put(update))
        .route("/teams/v3/conversations/{conversation}/members/{user}", get(member))
}

async fn create(Shared(teams): Shared<Teams>, headers: HeaderMap, body: Bytes) -> Response {
    let asked = asked(Kind::Create, "", &body);
    let named = asked.body.pointer("/members/0/id").and_then(Value::as_str).unwrap_or_default();
    let asked = Asked { conversation: named.to_owned(), ..asked };
    teams.answer(&headers, asked, |state, asked, _| state.create(&asked.body)).await
}

async fn send(
    Shared(teams): Shared<Teams>,
    Path(conversation): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = asked(Kind::Send, &conversation, &body);
    let is_targeted = query.get("isTargetedActivity").is_some_and(|is| is == "true");
    teams.answer(&headers, asked, |state, asked, now| state.send(asked, is_targeted, now)).await
}

async fn update(
    Shared(teams): Shared<Teams>,
    Path((conversation, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = asked(Kind::Update, &conversation, &body);
    teams.answer(&headers, asked, |state, asked, now| state.update(asked, &id, now)).await
}

async fn member(
    Shared(teams): Shared<Teams>,
    Path((conversation, user)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let asked = asked(Kind::Look, &conversation, b"");
    let found = |state: &mut State, asked: &Asked, _| {
        let person = state.person(&user).filter(|one| state.is_in(one, &asked.conversation));
        match person {
            _ if !state.is_ours(&asked.conversation) => {
                Outcome::refused(403, "BotNotInConversationRoster")
            }
            Some(person) => Outcome::good(200, member_json(person)),
            None => Outcome::refused(404, "MemberNotFoundInConversation"),
        }
    };
    teams.answer(&headers, asked, found).await
}

fn asked(kind: Kind, conversation: &str, body: &[u8]) -> Asked {
    let json = serde_json::from_slice(body).unwrap_or_default();
    Asked { kind, conversation: conversation.to_owned(), body: json, bytes: body.len() }
}

fn member_json(person: &Person) -> Value {
    json!({
        "id": person.id, "objectId": person.object_id, "name": person.name,
        "email": person.email, "userPrincipalName": person.upn, "tenantId": person.tenant,
        "userRole": if person.is_guest { "guest" } else { "user" },
    })
}

impl Outcome {
    fn good(status: u16, body: Value) -> Self {
        Self { status, body, retry_after: None }
    }

    fn refused(status: u16, code: &str) -> Self {
        Self::good(status, json!({"error": {"code": code, "message": "refused"}}))
    }

    fn too_many(seconds: i64) -> Self {
        Self { retry_after: Some(seconds), ..Self::refused(429, "TooManyRequests") }
    }

    /// What a fault answers in place of the Connector.
    fn of(fault: &Fault) -> Option<Self> {
        match fault {
            Fault::Refused { status, code } => Some(Self::refused(*status, code)),
            Fault::TooMany { retry_after } => {
                Some(Self::too_many(i64::try_from(retry_after.as_secs()).unwrap_or(i64::MAX)))
            }
            Fault::Unnamed | Fault::HoldBefore | Fault::HoldAfter => None,
        }
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut answer = (status, Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        answer
    }
}

impl Teams {
    /// Answers one call: who may call at all, then what a test wants to go wrong, then `effect`.
    async fn answer(
        &self,
        headers: &HeaderMap,
        asked: Asked,
        effect: impl FnOnce(&mut State, &Asked, DateTime<Utc>) -> Outcome,
    ) -> Response {
        let now = self.now();
        let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let is_known = self.read(|state| state.knows_token(token, now));
        let standing = self.change(|state| state.strike(asked.kind, &asked.conversation));
        let holds = |fault: &Fault| standing.as_ref().filter(|one: &&Standing| one.fault == *fault);
        if let Some(held) = holds(&Fault::HoldBefore) {
            held.gate.cancelled().await;
        }
        let struck = standing.as_ref().and_then(|standing| Outcome::of(&standing.fault));
        let outcome = self.change(|state| {
            let outcome = match struck {
                _ if !is_known => Outcome::refused(401, "Unauthorized"),
                Some(outcome) => outcome,
                None => effect(state, &asked, now),
            };
            let (conversation, body) = (asked.conversation.clone(), asked.body.clone());
            let status = outcome.status;
            state.calls.push(Call { kind: asked.kind, conversation, body, status });
            outcome
        });
        if let Some(held) = holds(&Fault::HoldAfter) {
            held.gate.cancelled().await;
        }
        match holds(&Fault::Unnamed) {
            Some(_) => Outcome::good(outcome.status, Value::Null).into_response(),
            None => outcome.into_response(),
        }
    }
}

impl State {
    /// Whether somebody is in a conversation: everybody is in every channel.
    fn is_in(&self, person: &Person, conversation: &str) -> bool {
        self.channels.contains(conversation) || chat_of(&person.id) == conversation
    }

    /// Whether the bot is in a conversation: a channel of its, or its chat with somebody who has the
    /// app. People also have chats without it.
    fn is_ours(&self, conversation: &str) -> bool {
        let has_app = |person: &Person| person.has_app && chat_of(&person.id) == conversation;
        self.channels.contains(conversation) || self.people.iter().any(has_app)
    }

    fn create(&mut self, body: &Value) -> Outcome {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
        let tenant =
            text("/tenantId").filter(|tenant| text("/channelData/tenant/id") == Some(tenant));
        let person = text("/members/0/id").and_then(|id| self.person(id));
        match person {
            Some(person) if Some(&*person.tenant) == tenant => match person.has_app {
                true => Outcome::good(201, json!({"id": chat_of(&person.id)})),
                false => Outcome::refused(403, "ForbiddenOperationException"),
            },
            _ => Outcome::refused(400, "BadSyntax"),
        }
    }

    /// Why nothing may be written to a conversation now.
    fn may_write(&mut self, asked: &Asked, now: DateTime<Utc>) -> Result<(), Outcome> {
        if !self.has_conversation(&asked.conversation) {
            return Err(Outcome::refused(404, "ConversationNotFound"));
        }
        if let Some(code) = self.closed(&asked.conversation) {
            return Err(Outcome::refused(403, code));
        }
        if asked.bytes > MOST_BYTES {
            return Err(Outcome::refused(413, "MessageSizeTooBig"));
        }
        if asked.body.get("type").and_then(Value::as_str) != Some("message") {
            return Err(Outcome::refused(400, "BadArgument"));
        }
        if self.minds_pace {
            self.pace.take(&asked.conversation, now).map_err(Outcome::too_many)?;
        }
        Ok(())
    }

    fn send(&mut self, asked: &Asked, is_targeted: bool, now: DateTime<Utc>) -> Outcome {
        if let Err(refused) = self.may_write(asked, now) {
            return refused;
        }
        let recipient = asked.body.pointer("/recipient/id").and_then(Value::as_str);
        let id = self.fresh_id();
        self.messages.push(Message {
            conversation: asked.conversation.clone(),
            id: id.clone(),
            activity: asked.body.clone(),
            earlier: Vec::new(),
            only_for: recipient.filter(|_| is_targeted).map(str::to_owned),
        });
        Outcome::good(201, json!({ "id": id }))
    }

    fn update(&mut self, asked: &Asked, id: &str, now: DateTime<Utc>) -> Outcome {
        if let Err(refused) = self.may_write(asked, now) {
            return refused;
        }
        let is_it =
            |message: &&mut Message| message.conversation == asked.conversation && message.id == id;
        let Some(message) = self.messages.iter_mut().find(is_it) else {
            return Outcome::refused(404, "ActivityNotFoundInConversation");
        };
        let before = std::mem::replace(&mut message.activity, asked.body.clone());
        message.earlier.push(before);
        Outcome::good(200, json!({ "id": id }))
    }
}
