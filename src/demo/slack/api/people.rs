//! `users.*`, `usergroups.*` and `auth.test`: who is who.

use serde_json::{Value, json};

use super::{ApiError, Outcome};
use crate::demo::slack::json::{at, set, text};
use crate::demo::slack::state::State;

/// `auth.test`
pub(super) fn auth_test(state: &State) -> Value {
    json!({
        "url": "https://local.slack.com/",
        "team": state.team_name,
        "user": state.bot_name,
        "team_id": state.team_id,
        "user_id": state.bot_user,
        "bot_id": state.bot_id,
        "app_id": state.app_id,
        "is_enterprise_install": false,
    })
}

/// `users.info`
pub(super) fn info(state: &mut State, args: &Value) -> Outcome {
    let id = text(args, "/user");
    let member = state.member(id).ok_or(ApiError::new("user_not_found"))?;
    let mut user = state.member_json(member);
    if matches!(at(args, "/include_locale"), Value::Bool(true))
        || text(args, "/include_locale") == "true"
    {
        let locale = if member.locale.is_empty() { "en-US" } else { &member.locale };
        set(&mut user, "locale", locale.to_owned());
    }
    Ok(json!({"user": user}))
}

/// `users.lookupByEmail`
pub(super) fn lookup_by_email(state: &mut State, args: &Value) -> Outcome {
    let email = text(args, "/email");
    let is_theirs = |member: &&crate::demo::slack::options::Member| {
        !member.deleted && !email.is_empty() && member.email.eq_ignore_ascii_case(email)
    };
    let member = state.members.iter().find(is_theirs).ok_or(ApiError::new("users_not_found"))?;
    Ok(json!({"user": state.member_json(member)}))
}

/// `users.list`
pub(super) fn list(state: &mut State, args: &Value) -> Outcome {
    let members = state.members.iter().map(|member| state.member_json(member)).collect();
    page(members, "members", args)
}

/// `usergroups.users.list`
pub(super) fn group(state: &mut State, args: &Value) -> Outcome {
    let id = text(args, "/usergroup");
    let group = state.groups.iter().find(|group| group.id == id);
    let group = group.ok_or(ApiError::new("no_such_subteam"))?;
    Ok(json!({"users": group.members}))
}

/// Answers one page of a list; the cursor is the place to go on from.
pub(super) fn page<T: Into<Value>>(all: Vec<T>, key: &str, args: &Value) -> Outcome {
    let number = |key: &str| match at(args, &format!("/{key}")) {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|n| usize::try_from(n).ok()),
    };
    let cursor = text(args, "/cursor");
    let from = if cursor.is_empty() { Some(0) } else { cursor.parse().ok() };
    let from: usize = from.ok_or(ApiError::new("invalid_cursor"))?;
    let limit = number("limit").filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    let to = from.saturating_add(limit);
    let next = if to < all.len() { to.to_string() } else { String::new() };
    let items: Vec<Value> = all.into_iter().skip(from).take(limit).map(Into::into).collect();
    Ok(json!({key: items, "response_metadata": {"next_cursor": next}}))
}
