//! What Slack hands out with a payload: triggers and response addresses.
//!
//! A trigger opens one view within 3 s. A response address takes five answers
//! within 30 minutes.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Workspace;
use super::api::ApiError;
use super::json::{flag, list, text};
use super::limits;
use super::message::Content;
use super::state::State;

/// How long a trigger opens a view.
pub const TRIGGER_LIFE: Duration = Duration::from_secs(3);
/// How often one response address takes an answer.
const RESPONSE_USES: u8 = 5;
/// How long a response address takes answers.
const RESPONSE_LIFE: TimeDelta = TimeDelta::minutes(30);

/// The right to open one view.
#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) user: String,
    /// The view that the person acted in, if it was one.
    pub(super) view: Option<String>,
    /// Slack measures this in real time, whatever the workspace's clock says.
    made: Instant,
    is_expired: bool,
    is_used: bool,
}

/// The right to answer where the person acted.
#[derive(Debug, Clone)]
pub(super) struct ResponseUrl {
    channel: String,
    user: String,
    /// The message that the person acted on, if it was one.
    original: Option<String>,
    made: DateTime<Utc>,
    used: u8,
}

impl State {
    /// Hands out a trigger.
    pub(super) fn new_trigger(&mut self, user: &str, view: Option<&str>) -> String {
        let n = self.next();
        let id = format!("{}.{n}.{:016x}", self.now().timestamp(), super::random());
        let trigger = Trigger {
            user: user.to_owned(),
            view: view.map(str::to_owned),
            made: Instant::now(),
            is_expired: false,
            is_used: false,
        };
        self.triggers.insert(id.clone(), trigger);
        id
    }

    /// Spends a trigger.
    pub(super) fn take_trigger(&mut self, id: &str) -> Result<Trigger, ApiError> {
        let trigger = self.triggers.get_mut(id).ok_or(ApiError::new("invalid_trigger_id"))?;
        if trigger.is_used {
            return Err(ApiError::new("exchanged_trigger_id"));
        }
        if trigger.is_expired || trigger.made.elapsed() > TRIGGER_LIFE {
            return Err(ApiError::new("expired_trigger_id"));
        }
        trigger.is_used = true;
        Ok(trigger.clone())
    }

    /// Lets every trigger lapse now.
    pub(super) fn expire_triggers(&mut self) {
        self.triggers.values_mut().for_each(|trigger| trigger.is_expired = true);
    }

    /// Hands out a response address and returns its path.
    pub(super) fn new_response(&mut self, channel: &str, user: &str, ts: Option<&str>) -> String {
        let id = format!("{:016x}", super::random());
        let response = ResponseUrl {
            channel: channel.to_owned(),
            user: user.to_owned(),
            original: ts.map(str::to_owned),
            made: self.now(),
            used: 0,
        };
        self.response_urls.insert(id.clone(), response);
        format!("/response/{id}")
    }

    /// Applies one answer to a response address.
    fn respond(&mut self, id: &str, body: &Value) -> Result<(), &'static str> {
        let now = self.now();
        let found = self.response_urls.get_mut(id).ok_or("no_such_url")?;
        if now - found.made > RESPONSE_LIFE {
            return Err("expired_url");
        }
        if found.used >= RESPONSE_USES {
            return Err("used_url");
        }
        let wrong = limits::message(&Value::from(list(body, "/blocks").to_vec()));
        if !wrong.is_empty() {
            self.warnings.extend(wrong.iter().map(|v| format!("response_url: {v}")));
            return Err("invalid_blocks");
        }
        found.used += 1;
        let place = found.clone();
        self.apply_response(&place, body)
    }

    fn apply_response(&mut self, place: &ResponseUrl, body: &Value) -> Result<(), &'static str> {
        let original = place.original.as_deref();
        if flag(body, "/delete_original") {
            let done = original.is_some_and(|ts| self.erase(&place.channel, ts));
            return if done { Ok(()) } else { Err("message_not_found") };
        }
        if text(body, "/text").is_empty() && list(body, "/blocks").is_empty() {
            return Err("no_text");
        }
        if flag(body, "/replace_original")
            && let Some(ts) = original
        {
            let done = self.rewrite(&place.channel, ts, Content::of(body));
            return if done { Ok(()) } else { Err("message_not_found") };
        }
        self.say(&place.channel, &place.user, body);
        Ok(())
    }

    /// Posts an answer that came with an acknowledgement or a response address.
    pub(super) fn say(&mut self, channel: &str, user: &str, body: &Value) {
        let only_for = (text(body, "/response_type") != "in_channel").then_some(user);
        let bot = self.bot_user.clone();
        self.post(channel, &bot, Content::of(body), only_for, None);
    }
}

/// Takes an answer at a response address.
pub(super) async fn respond(
    Extract(workspace): Extract<Workspace>,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    workspace.keep_answer(&body);
    match workspace.change(|state| state.respond(&id, &body)) {
        Ok(()) => "ok".into_response(),
        Err(code) => {
            (StatusCode::NOT_FOUND, Json(json!({"ok": false, "error": code}))).into_response()
        }
    }
}
