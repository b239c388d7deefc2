//! Reads a call's arguments, however they came: query, form or JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderName, header};
use serde_json::{Map, Value};

/// A call's token and its arguments.
#[derive(Debug)]
pub(super) struct Args {
    pub(super) token: Option<String>,
    pub(super) values: Value,
}

/// Arguments that are JSON even when they come in a form.
const JSON_ARGS: &[&str] = &["blocks", "view", "attachments", "metadata"];

/// Reads the arguments, or says with Slack's code why not.
pub(super) async fn read(request: Request) -> Result<Args, &'static str> {
    let bearer = header_of(&request, header::AUTHORIZATION);
    let kind = header_of(&request, header::CONTENT_TYPE);
    let query = request.uri().query().unwrap_or_default().to_owned();
    let body = Bytes::from_request(request, &()).await.map_err(|_| "request_timeout")?;

    let mut values = Map::new();
    form(query.as_bytes(), &mut values)?;
    if kind.starts_with("application/json") {
        match serde_json::from_slice(&body).map_err(|_| "invalid_json")? {
            Value::Object(object) => values.extend(object),
            _ => return Err("json_not_object"),
        }
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        form(&body, &mut values)?;
    } else if !body.is_empty() {
        return Err("invalid_post_type");
    }
    let in_args = values.remove("token").and_then(|token| token.as_str().map(str::to_owned));
    let token = bearer.strip_prefix("Bearer ").map(str::to_owned).or(in_args);
    Ok(Args { token, values: Value::Object(values) })
}

fn header_of(request: &Request, name: HeaderName) -> String {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn form(body: &[u8], values: &mut Map<String, Value>) -> Result<(), &'static str> {
    for (key, value) in url::form_urlencoded::parse(body) {
        let value = if JSON_ARGS.contains(&key.as_ref()) {
            serde_json::from_str(&value).map_err(|_| "invalid_arguments")?
        } else {
            Value::from(value.into_owned())
        };
        values.insert(key.into_owned(), value);
    }
    Ok(())
}
