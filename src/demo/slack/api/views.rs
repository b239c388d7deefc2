//! `views.*`: modals and the App Home.

use serde_json::{Value, json};

use super::{ApiError, Outcome};
use crate::demo::slack::json::{at, text};
use crate::demo::slack::limits::{self, Surface};
use crate::demo::slack::passes::Trigger;
use crate::demo::slack::state::State;

/// Checks what the app sent as a view, beside its own identity's rules.
fn check(sent: &Value, surface: Surface) -> Result<(), ApiError> {
    if sent.is_null() {
        return Err(ApiError::missing("view"));
    }
    let violations = limits::view(sent, surface);
    if !violations.is_empty() {
        return Err(ApiError::with("invalid_arguments", &violations));
    }
    if sent.to_string().len() > limits::VIEW_BYTES {
        return Err(ApiError::new("view_too_large"));
    }
    Ok(())
}

/// Refuses an `external_id` that another view has.
fn check_external(state: &State, sent: &Value, own: Option<&str>) -> Result<(), ApiError> {
    match state.view_by_external(text(sent, "/external_id")) {
        Some(other) if Some(other.id.as_str()) != own => {
            Err(ApiError::new("duplicate_external_id"))
        }
        _ => Ok(()),
    }
}

fn trigger(state: &mut State, args: &Value) -> Result<Trigger, ApiError> {
    let id = text(args, "/trigger_id");
    if id.is_empty() {
        return Err(ApiError::missing("trigger_id"));
    }
    state.take_trigger(id)
}

/// `views.open`
pub(super) fn open(state: &mut State, args: &Value) -> Outcome {
    let sent = at(args, "/view");
    check(sent, Surface::Modal)?;
    check_external(state, sent, None)?;
    let trigger = trigger(state, args)?;
    let view = state.open_view(&trigger.user, sent);
    Ok(json!({"view": view.to_json()}))
}

/// `views.push`
pub(super) fn push(state: &mut State, args: &Value) -> Outcome {
    let sent = at(args, "/view");
    check(sent, Surface::Modal)?;
    check_external(state, sent, None)?;
    let trigger = trigger(state, args)?;
    let depth = state.views(&trigger.user).len();
    if trigger.view.is_none() || depth == 0 {
        return Err(ApiError::new("not_found"));
    }
    if depth >= limits::VIEW_STACK {
        return Err(ApiError::new("push_limit_reached"));
    }
    let view = state.push_view(&trigger.user, sent);
    Ok(json!({"view": view.to_json()}))
}

/// `views.update`
pub(super) fn update(state: &mut State, args: &Value) -> Outcome {
    let sent = at(args, "/view");
    let (id, external) = (text(args, "/view_id"), text(args, "/external_id"));
    if id.is_empty() && external.is_empty() {
        return Err(ApiError::missing("view_id"));
    }
    let found = if id.is_empty() { state.view_by_external(external) } else { state.view(id) };
    let view = found.ok_or(ApiError::new("not_found"))?.clone();
    let is_home = text(&view.json, "/type") == "home";
    check(sent, if is_home { Surface::Home } else { Surface::Modal })?;
    check_external(state, sent, Some(&view.id))?;
    check_hash(args, Some(view.hash()))?;
    let view = state.update_view(&view.id, sent).ok_or(ApiError::new("not_found"))?;
    Ok(json!({"view": view.to_json()}))
}

/// `views.publish`
pub(super) fn publish(state: &mut State, args: &Value) -> Outcome {
    let user = text(args, "/user_id").to_owned();
    if user.is_empty() {
        return Err(ApiError::missing("user_id"));
    }
    let sent = at(args, "/view");
    check(sent, Surface::Home)?;
    let member = state.member(&user).ok_or(ApiError::new("user_not_found"))?;
    if member.deleted || member.is_bot {
        return Err(ApiError::new("user_not_found"));
    }
    let before = state.home(&user).map(|home| (home.hash().to_owned(), home.id.clone()));
    check_external(state, sent, before.as_ref().map(|(_, id)| id.as_str()))?;
    check_hash(args, before.as_ref().map(|(hash, _)| hash.as_str()))?;
    let view = state.publish(&user, sent);
    Ok(json!({"view": view.to_json()}))
}

fn check_hash(args: &Value, current: Option<&str>) -> Result<(), ApiError> {
    let given = text(args, "/hash");
    if given.is_empty() || Some(given) == current {
        return Ok(());
    }
    Err(ApiError::new("hash_conflict"))
}
