//! `chat.*`: posting, editing and deleting messages.

use serde_json::{Value, json};

use super::{ApiError, Outcome};
use crate::demo::slack::json::{at, list, set, text};
use crate::demo::slack::limits;
use crate::demo::slack::message::Content;
use crate::demo::slack::state::State;

/// Finds the channel to post to; a user's id stands for their direct message.
fn destination(state: &mut State, args: &Value) -> Result<String, ApiError> {
    let id = text(args, "/channel").to_owned();
    if id.is_empty() {
        return Err(ApiError::missing("channel"));
    }
    if id.starts_with('U') {
        let Some(member) = state.member(&id) else {
            return Err(ApiError::new("channel_not_found"));
        };
        if member.deleted {
            return Err(ApiError::new("user_not_found"));
        }
        if member.is_bot {
            return Err(ApiError::new("cannot_dm_bot"));
        }
        return Ok(state.dm(&id));
    }
    if let Some(owner) = state.dm_owner(&id) {
        let is_gone = state.member(owner).is_none_or(|member| member.deleted);
        return if is_gone { Err(ApiError::new("is_archived")) } else { Ok(id) };
    }
    let channel = state.channel(&id).ok_or(ApiError::new("channel_not_found"))?;
    if channel.is_archived {
        return Err(ApiError::new("is_archived"));
    }
    if !channel.has_bot {
        return Err(ApiError::new("not_in_channel"));
    }
    Ok(id)
}

/// Checks what a message says.
fn check(state: &mut State, method: &str, args: &Value, longest: usize) -> Result<(), ApiError> {
    let blocks = at(args, "/blocks");
    let has_blocks = !list(blocks, "").is_empty();
    let text = text(args, "/text");
    if text.is_empty() && !has_blocks && list(args, "/attachments").is_empty() {
        return Err(ApiError::new("no_text"));
    }
    if text.chars().count() > longest {
        return Err(ApiError::new("msg_too_long"));
    }
    if !blocks.is_null() {
        let violations = limits::message(blocks);
        if !violations.is_empty() {
            return Err(ApiError::with("invalid_blocks", &violations));
        }
        if limits::is_too_long(blocks) {
            return Err(ApiError::new("msg_blocks_too_long"));
        }
    }
    if text.is_empty() {
        state.warnings.push(format!("{method}: blocks without `text` reach no screen reader"));
    }
    Ok(())
}

/// `chat.postMessage`
pub(super) fn post_message(state: &mut State, args: &Value) -> Outcome {
    let channel = destination(state, args)?;
    check(state, "chat.postMessage", args, limits::POST_TEXT)?;
    let thread = text(args, "/thread_ts");
    if !thread.is_empty() && state.message(&channel, thread).is_none() {
        return Err(ApiError::new("thread_not_found"));
    }
    let thread = (!thread.is_empty()).then_some(thread);
    let bot = state.bot_user.clone();
    let message = state.post(&channel, &bot, Content::of(args), None, thread);
    Ok(json!({"channel": channel, "ts": message.ts, "message": message.to_json(state)}))
}

/// Finds the bot's message that a call is about.
fn own(state: &State, args: &Value, refusal: &str) -> Result<(String, String), ApiError> {
    let (channel, ts) = (text(args, "/channel"), text(args, "/ts"));
    if ts.is_empty() {
        return Err(ApiError::missing("ts"));
    }
    if state.channel(channel).is_none() && state.dm_owner(channel).is_none() {
        return Err(ApiError::new("channel_not_found"));
    }
    if state.channel(channel).is_some_and(|channel| channel.is_archived) {
        return Err(ApiError::new("is_archived"));
    }
    match state.message(channel, ts) {
        Some(message) if message.only_for.is_some() => Err(ApiError::new("message_not_found")),
        Some(message) if !message.is_bot => Err(ApiError::new(refusal)),
        Some(message) => Ok((channel.to_owned(), message.ts.clone())),
        None => Err(ApiError::new("message_not_found")),
    }
}

/// `chat.update`
pub(super) fn update(state: &mut State, args: &Value) -> Outcome {
    let (channel, ts) = own(state, args, "cant_update_message")?;
    check(state, "chat.update", args, limits::UPDATE_TEXT)?;
    let mut content = Content::of(args);
    // Slack keeps the blocks when an update does not mention them.
    if at(args, "/blocks").is_null()
        && let Some(before) = state.message(&channel, &ts)
    {
        content.blocks = before.blocks.clone();
    }
    let said = content.text.clone();
    state.rewrite(&channel, &ts, content);
    let message = state.message(&channel, &ts).map(|m| m.to_json(state)).unwrap_or_default();
    Ok(json!({"channel": channel, "ts": ts, "text": said, "message": message}))
}

/// `chat.delete`
pub(super) fn delete(state: &mut State, args: &Value) -> Outcome {
    let (channel, ts) = own(state, args, "cant_delete_message")?;
    state.erase(&channel, &ts);
    Ok(json!({"channel": channel, "ts": ts}))
}

/// `chat.postEphemeral`
pub(super) fn post_ephemeral(state: &mut State, args: &Value) -> Outcome {
    let channel = destination(state, args)?;
    let user = text(args, "/user");
    if user.is_empty() {
        return Err(ApiError::missing("user"));
    }
    let is_there = match state.channel(&channel) {
        Some(channel) => channel.members.iter().any(|member| member == user),
        None => state.dm_owner(&channel) == Some(user),
    };
    if !is_there {
        return Err(ApiError::new("user_not_in_channel"));
    }
    check(state, "chat.postEphemeral", args, limits::POST_TEXT)?;
    let bot = state.bot_user.clone();
    let message = state.post(&channel, &bot, Content::of(args), Some(user), None);
    let mut answer = json!({"message_ts": message.ts});
    set(&mut answer, "channel", channel);
    Ok(answer)
}
