//! `conversations.*`: channels and direct messages.

use serde_json::{Value, json};

use super::{ApiError, Outcome};
use crate::demo::slack::json::{at, text};
use crate::demo::slack::state::State;

/// `conversations.open`
pub(super) fn open(state: &mut State, args: &Value) -> Outcome {
    let users: Vec<String> = match at(args, "/users") {
        Value::String(users) => users.split(',').map(|user| user.trim().to_owned()).collect(),
        Value::Array(users) => users.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => return Err(ApiError::new("users_list_not_supplied")),
    };
    let [user] = users.as_slice() else {
        return Err(ApiError::new("method_not_supported_for_channel_type"));
    };
    let Some(member) = state.member(user) else {
        return Err(ApiError::new("user_not_found"));
    };
    if member.deleted {
        return Err(ApiError::new("user_disabled"));
    }
    if member.is_bot {
        return Err(ApiError::new("cannot_dm_bot"));
    }
    let id = state.dm(user);
    let created = state.now().timestamp();
    let channel = json!({"id": id, "created": created, "is_im": true, "user": user});
    Ok(json!({"channel": channel, "no_op": true, "already_open": true}))
}

/// `conversations.info`
pub(super) fn info(state: &mut State, args: &Value) -> Outcome {
    let id = text(args, "/channel");
    let created = state.now().timestamp();
    if let Some(owner) = state.dm_owner(id) {
        let channel = json!({"id": id, "created": created, "is_im": true, "user": owner});
        return Ok(json!({"channel": channel}));
    }
    let channel = state.channel(id).ok_or(ApiError::new("channel_not_found"))?;
    Ok(json!({"channel": {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": created,
        "is_channel": true,
        "is_im": false,
        "is_private": false,
        "is_archived": channel.is_archived,
        "is_member": channel.has_bot,
        "num_members": channel.members.len(),
    }}))
}

/// `conversations.members`
pub(super) fn members(state: &mut State, args: &Value) -> Outcome {
    let id = text(args, "/channel");
    let channel = state.channel(id).ok_or(ApiError::new("channel_not_found"))?;
    let mut members = channel.members.clone();
    if channel.has_bot {
        members.push(state.bot_user.clone());
    }
    super::people::page(members, "members", args)
}
