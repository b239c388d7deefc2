//! What can go wrong at Slack's Web API, by what a caller can do about it.
//!
//! The crate's errors print the whole answer, so none of them is kept: only the code is.
use slack_morphism::errors::SlackClientError;
use std::error::Error;
use std::time::Duration;

/// How long to wait where Slack limits the rate and does not say for how long.
const UNTOLD_WAIT: Duration = Duration::from_secs(30);

/// Codes that mean: not this person or channel, and not later either.
const UNREACHABLE: &[&str] = &[
    "account_inactive",
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "messages_tab_disabled",
    "not_in_channel",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "user_disabled",
    "user_is_bot",
    "user_is_restricted",
    "user_not_found",
    "user_not_in_channel",
    "user_not_visible",
    "users_not_found",
];
/// Codes that mean: not with this token, or not for this app any more.
const DEAD_TOKEN: &[&str] = &[
    "access_denied",
    "account_inactive",
    "deprecated_token",
    "ekm_access_denied",
    "invalid_auth",
    "link_disabled",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
];
/// Codes that mean: what it was about is no longer there, or no longer the same.
const OVERTAKEN: &[&str] = &[
    "cant_update_message",
    "edit_window_closed",
    "exchanged_trigger_id",
    "expired_trigger_id",
    "hash_conflict",
    "http_404",
    "http_410",
    "invalid_trigger_id",
    "message_not_found",
    "not_found",
    "trigger_exchanged",
    "trigger_expired",
    "view_not_found",
];

/// Why a call had no effect that we know of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Too many calls: the same one may be made again after this time.
    #[error("rate limited for {} s", after.as_secs())]
    RateLimited {
        /// Slack's word.
        after: Duration,
    },
    /// Slack refuses it, and would again.
    #[error("Slack refused: {code}")]
    Refused {
        /// Slack's code for it.
        code: String,
    },
    /// No answer, or none that says anything: it may or may not have happened; try again.
    #[error("no answer from Slack: {0}")]
    Later(String),
}

impl ApiError {
    /// The person or channel cannot be reached this way, now or later.
    pub fn is_unreachable(&self) -> bool {
        self.is_one_of(UNREACHABLE)
    }

    /// The token no longer works, or not for this: an admin must act. Slack says
    /// `account_inactive` both of a token and of a person: ask this where no person is concerned.
    pub fn is_dead_token(&self) -> bool {
        self.is_one_of(DEAD_TOKEN)
    }

    /// The message or view moved on, or the trigger is used up: look again.
    pub fn is_overtaken(&self) -> bool {
        self.is_one_of(OVERTAKEN)
    }

    /// Somebody else changed the view since it was read.
    pub fn is_conflict(&self) -> bool {
        self.is_one_of(&["hash_conflict"])
    }

    /// The trigger was used already: what we were sent came twice.
    pub fn is_repeat(&self) -> bool {
        self.is_one_of(&["exchanged_trigger_id", "trigger_exchanged"])
    }

    /// Nothing where it [was overtaken](Self::is_overtaken), else itself.
    pub fn unless_overtaken(self) -> Result<(), Self> {
        if self.is_overtaken() { Ok(()) } else { Err(self) }
    }

    /// The same call may well work in a moment.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Later(_) => true,
            Self::Refused { .. } => false,
        }
    }

    /// What we sent is wrong: trying again changes nothing.
    pub fn is_ours(&self) -> bool {
        let is_refusal = matches!(self, Self::Refused { .. });
        is_refusal && !self.is_unreachable() && !self.is_dead_token() && !self.is_overtaken()
    }

    fn is_one_of(&self, codes: &[&str]) -> bool {
        match self {
            Self::Refused { code } => codes.contains(&code.as_str()),
            Self::RateLimited { .. } | Self::Later(_) => false,
        }
    }

    /// Takes from the crate's error what may be kept.
    pub(super) fn of(error: SlackClientError) -> Self {
        match error {
            SlackClientError::ApiError(error) => Self::of_code(error.code),
            SlackClientError::RateLimitError(error) => {
                Self::RateLimited { after: error.retry_after.unwrap_or(UNTOLD_WAIT) }
            }
            SlackClientError::HttpError(error) => of_status(error.status_code.as_u16()),
            SlackClientError::HttpProtocolError(error) => Self::Later(chain(error.cause)),
            SlackClientError::SystemError(error) => Self::Later(chain(error.cause)),
            SlackClientError::ProtocolError(_) => Self::Later("an unreadable answer".to_owned()),
            SlackClientError::EndOfStream(_) | SlackClientError::SocketModeProtocolError(_) => {
                Self::Later("the connection ended".to_owned())
            }
        }
    }

    fn of_code(code: String) -> Self {
        match code.as_str() {
            "ratelimited" | "rate_limited" | "message_limit_exceeded" => {
                Self::RateLimited { after: UNTOLD_WAIT }
            }
            "internal_error"
            | "fatal_error"
            | "service_unavailable"
            | "request_timeout"
            | "team_added_to_org"
            | "external_channel_migrating" => Self::Later(code),
            _ => Self::Refused { code },
        }
    }
}

fn of_status(status: u16) -> ApiError {
    if status >= 500 || status == 408 {
        return ApiError::Later(format!("HTTP status {status}"));
    }
    ApiError::Refused { code: format!("http_{status}") }
}

/// The causes of a lost connection; they name no address and no header.
fn chain(cause: Option<Box<dyn Error + Send + Sync>>) -> String {
    let mut words = Vec::new();
    let mut next: Option<&dyn Error> = cause.as_deref().map(|cause| cause as &dyn Error);
    while let Some(error) = next {
        words.push(error.to_string());
        next = error.source();
    }
    if words.is_empty() { "no connection".to_owned() } else { words.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slack_morphism::errors::SlackClientApiError;

    fn refused(code: &str) -> ApiError {
        ApiError::of(SlackClientError::ApiError(SlackClientApiError::new(code.to_owned())))
    }

    #[test]
    fn a_refusal_says_whose_fault_it_is() {
        type Question = fn(&ApiError) -> bool;
        let table: [(&str, Question, bool); 8] = [
            ("is_archived", ApiError::is_unreachable, true),
            ("account_inactive", ApiError::is_unreachable, true),
            ("account_inactive", ApiError::is_dead_token, true),
            ("token_revoked", ApiError::is_unreachable, false),
            ("hash_conflict", ApiError::is_overtaken, true),
            ("invalid_blocks", ApiError::is_ours, true),
            ("hash_conflict", ApiError::is_ours, false),
            ("internal_error", ApiError::is_ours, false),
        ];

        for (code, question, answer) in table {
            assert_eq!(question(&refused(code)), answer, "{code}");
        }
        assert_eq!(refused("ratelimited"), ApiError::RateLimited { after: UNTOLD_WAIT });
    }

    #[test]
    fn an_answer_is_never_part_of_the_error() {
        let answer = SlackClientApiError::new("invalid_auth".into())
            .with_http_response_body("xoxb-canary".into());

        let error = ApiError::of(SlackClientError::ApiError(answer));

        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
