//! What can go wrong at the Connector, by what a caller can do about it.
//!
//! Answers are not kept: only their status, and the code where it is a plain word.
use crate::token::fetch::NoDocument;
use hyper::Method;
use hyper::header::RETRY_AFTER;
use hyper::http::response::Parts;
use serde_json::Value;
use std::time::Duration;

/// Longest code that is repeated.
const LONGEST_CODE: usize = 64;
/// Longest pause that we keep to; who asks for more is asked again then.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// Why a call had no effect that we know of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// This person or conversation cannot be reached, now or later.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// It may or may not have happened; try again, after this pause where one is named.
    #[error("not now: {why}")]
    Later {
        /// What Teams asked for.
        after: Option<Duration>,
        /// Its word.
        why: String,
    },
    /// The app is shut out, or its secret is not taken, until an admin acts.
    #[error("shut out: {0}")]
    ShutOut(String),
    /// What it was about is no longer there.
    #[error("it is no longer there")]
    Gone,
    /// Teams refuses it, and would again: what we sent is wrong.
    #[error("Teams refused: {status} {code}")]
    Refused {
        /// The HTTP status; 0 where nothing was asked.
        status: u16,
        /// Its code for it.
        code: String,
    },
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Create,
    Send,
    Update,
    Look,
}

impl Call {
    pub(super) fn method(self) -> Method {
        match self {
            Self::Create | Self::Send => Method::POST,
            Self::Update => Method::PUT,
            Self::Look => Method::GET,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "create conversation",
            Self::Send => "send",
            Self::Update => "update",
            Self::Look => "look at members",
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Verdict {
    Unreachable,
    Later,
    ShutOut,
    Gone,
}

/// One kind of answer; `None` stands for any.
type Row = (u16, Option<&'static str>, Option<Call>, Verdict);

/// What answers mean; the first row that fits. What is not here is refused, and would be again.
///
/// From "Status codes from bot conversational APIs":
/// <https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages>;
/// `MessageWritesBlocked` from
/// <https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages>,
/// `BadSyntax` for a person of another tenant from
/// <https://github.com/MicrosoftDocs/bot-docs/issues/352>.
const TABLE: &[Row] = &[
    (400, Some("BadSyntax"), Some(Call::Create), Verdict::Unreachable),
    (401, None, None, Verdict::ShutOut),
    // The Connector of another cloud than the tenant's: `service_url` is wrong.
    (403, Some("InvalidBotApiHost"), None, Verdict::ShutOut),
    // MessageWritesBlocked, ConversationBlockedByUser, BotNotInConversationRoster,
    // BotDisabledByAdmin, ForbiddenOperationException, NotEnoughPermissions: each says of this person
    // or place alone that we may not write there.
    (403, None, None, Verdict::Unreachable),
    (404, Some("ActivityNotFoundInConversation"), None, Verdict::Gone),
    (404, Some("MemberNotFoundInConversation"), Some(Call::Look), Verdict::Gone),
    // A message that somebody deleted leaves its conversation; without that, nobody reads a rewrite.
    (404, Some("ConversationNotFound"), None, Verdict::Unreachable),
    (404, None, Some(Call::Update), Verdict::Gone),
    (404, None, Some(Call::Look), Verdict::Gone),
    (404, None, None, Verdict::Unreachable),
    (410, None, None, Verdict::Unreachable),
    (408, None, None, Verdict::Later),
    // Several wrote to the conversation at once.
    (412, None, None, Verdict::Later),
    (429, None, None, Verdict::Later),
    (500, None, None, Verdict::Later),
    (502, None, None, Verdict::Later),
    (503, None, None, Verdict::Later),
    (504, None, None, Verdict::Later),
];

/// What an answer that says no means.
pub(super) fn of_answer(call: Call, status: u16, code: &str, head: &Parts) -> ApiError {
    let fits = |row: &&Row| {
        let (its_status, its_code, its_call, _) = row;
        *its_status == status
            && its_code.is_none_or(|its| its == code)
            && its_call.is_none_or(|its| its == call)
    };
    let word = || match code {
        "" => format!("HTTP status {status}"),
        code => code.to_owned(),
    };
    match TABLE.iter().find(fits).map(|row| row.3) {
        Some(Verdict::Unreachable) => ApiError::Unreachable(word()),
        Some(Verdict::Later) => ApiError::Later { after: pause(head), why: word() },
        Some(Verdict::ShutOut) => ApiError::ShutOut(word()),
        Some(Verdict::Gone) => ApiError::Gone,
        None => ApiError::Refused { status, code: code.to_owned() },
    }
}

/// What it means that the other side does not answer.
pub(super) fn of_silence(why: &NoDocument) -> ApiError {
    match why {
        // What it sent may have gone on; the same call may work in a moment.
        NoDocument::Unreachable(_)
        | NoDocument::Slow
        | NoDocument::Broken
        | NoDocument::Status(_) => ApiError::Later { after: None, why: why.to_string() },
        NoDocument::Tls(_) | NoDocument::NoRoots(_) | NoDocument::NotAsked => {
            ApiError::Refused { status: 0, code: why.to_string() }
        }
    }
}

/// The pause that an answer asks for.
pub(super) fn pause(head: &Parts) -> Option<Duration> {
    let text = head.headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(|seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

/// The code of an answer that says no, where it is a plain word.
pub(super) fn code(body: &[u8]) -> String {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return String::new() };
    let places = ["/error/code", "/code", "/error", "/errorCode"];
    let code = places.iter().find_map(|place| body.pointer(place).and_then(Value::as_str));
    let is_plain = |code: &&str| {
        code.len() <= LONGEST_CODE && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    code.filter(is_plain).unwrap_or_default().to_owned()
}
