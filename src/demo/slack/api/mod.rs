//! The Web API: one address a method, checked as Slack checks it.

mod args;
mod chat;
mod conversations;
mod people;
mod views;

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Request, State as Extract};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use self::args::Args;
use super::Workspace;
use super::faults::{Fault, Standing};
use super::json::set;
use super::limits::Violation;
use super::state::{Call, State};

/// A refusal: Slack's code, and what is wrong where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    code: String,
    messages: Vec<String>,
}

impl ApiError {
    pub(super) fn new(code: &str) -> Self {
        Self { code: code.to_owned(), messages: Vec::new() }
    }

    pub(super) fn with(code: &str, violations: &[Violation]) -> Self {
        let messages = violations.iter().map(ToString::to_string).collect();
        Self { code: code.to_owned(), messages }
    }

    fn missing(name: &str) -> Self {
        let message = format!("[ERROR] missing required field: {name}");
        Self { code: "invalid_arguments".to_owned(), messages: vec![message] }
    }

    fn to_json(&self) -> Value {
        let mut body = json!({"ok": false, "error": self.code});
        if !self.messages.is_empty() {
            set(&mut body, "response_metadata", json!({"messages": self.messages}));
        }
        body
    }
}

type Outcome = Result<Value, ApiError>;

/// Answers one call.
pub(super) async fn call(
    Extract(workspace): Extract<Workspace>,
    Path(method): Path<String>,
    request: Request,
) -> Response {
    let args = match args::read(request).await {
        Ok(args) => args,
        Err(code) => return answer(StatusCode::OK, &ApiError::new(code).to_json()),
    };
    let (n, standing) = workspace.change(|state| {
        let at = state.now();
        let call = Call { at, method: method.clone(), args: args.values.clone(), answer: None };
        state.calls.push(call);
        let struck = state.strike(&method, &args.values);
        let struck = struck.or_else(|| state.too_fast(&method, &args.values));
        (state.calls.len() - 1, struck)
    });
    let response = match standing {
        Some(standing) => faulty(&workspace, &method, &args, &standing).await,
        None => (StatusCode::OK, run(&workspace, &method, &args), None),
    };
    let (status, body, retry_after) = response;
    workspace.change(|state| {
        if let Some(call) = state.calls.get_mut(n) {
            call.answer = Some((status.as_u16(), body.clone()));
        }
    });
    let mut response = answer(status, &body);
    if let Some(wait) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    }
    response
}

fn answer(status: StatusCode, body: &Value) -> Response {
    if body.is_null() {
        return (status, "the server is having trouble").into_response();
    }
    (status, Json(body)).into_response()
}

type Answered = (StatusCode, Value, Option<Duration>);

/// Answers a call that a fault strikes.
async fn faulty(ws: &Workspace, method: &str, args: &Args, standing: &Standing) -> Answered {
    let held = async {
        tokio::select! {
            () = standing.gate.cancelled() => {}
            () = ws.stopped() => {}
        }
    };
    match &standing.fault {
        Fault::RateLimited { retry_after } => {
            let body = json!({"ok": false, "error": "ratelimited"});
            (StatusCode::TOO_MANY_REQUESTS, body, Some(*retry_after))
        }
        Fault::Error(code) => (StatusCode::OK, ApiError::new(code).to_json(), None),
        Fault::Http(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, Value::Null, None)
        }
        Fault::Delay(wait) => {
            tokio::time::sleep(*wait).await;
            (StatusCode::OK, run(ws, method, args), None)
        }
        Fault::HoldBefore => {
            held.await;
            (StatusCode::OK, run(ws, method, args), None)
        }
        Fault::HoldAfter => {
            let body = run(ws, method, args);
            held.await;
            (StatusCode::OK, body, None)
        }
    }
}

/// Applies one call and words the answer.
fn run(workspace: &Workspace, method: &str, args: &Args) -> Value {
    let outcome = workspace
        .authorize(method, args.token.as_deref())
        .and_then(|()| workspace.change(|state| dispatch(workspace, state, method, &args.values)));
    match outcome {
        Ok(Value::Object(body)) => {
            let mut all = Map::from_iter([("ok".to_owned(), Value::Bool(true))]);
            all.extend(body);
            Value::Object(all)
        }
        Ok(_) => json!({"ok": true}),
        Err(error) => error.to_json(),
    }
}

fn dispatch(workspace: &Workspace, state: &mut State, method: &str, args: &Value) -> Outcome {
    match method {
        "api.test" => Ok(json!({"args": args})),
        "auth.test" => Ok(people::auth_test(state)),
        "apps.connections.open" => workspace.open_connection(state),
        "chat.postMessage" => chat::post_message(state, args),
        "chat.update" => chat::update(state, args),
        "chat.postEphemeral" => chat::post_ephemeral(state, args),
        "chat.delete" => chat::delete(state, args),
        "conversations.open" => conversations::open(state, args),
        "conversations.info" => conversations::info(state, args),
        "conversations.members" => conversations::members(state, args),
        "users.info" => people::info(state, args),
        "users.lookupByEmail" => people::lookup_by_email(state, args),
        "users.list" => people::list(state, args),
        "usergroups.users.list" => people::group(state, args),
        "views.open" => views::open(state, args),
        "views.push" => views::push(state, args),
        "views.update" => views::update(state, args),
        "views.publish" => views::publish(state, args),
        _ => Err(ApiError::new("unknown_method")),
    }
}

impl Workspace {
    /// Checks the token of a call.
    fn authorize(&self, method: &str, token: Option<&str>) -> Result<(), ApiError> {
        let options = self.options();
        let is_app_call = method == "apps.connections.open";
        match token {
            None | Some("") if method == "api.test" => Ok(()),
            None | Some("") => Err(ApiError::new("not_authed")),
            Some(token) if token == options.bot_token && !is_app_call => Ok(()),
            Some(token) if token == options.app_token && is_app_call => Ok(()),
            Some(token) if token == options.bot_token || token == options.app_token => {
                Err(ApiError::new("not_allowed_token_type"))
            }
            Some(_) => Err(ApiError::new("invalid_auth")),
        }
    }
}
