//! How people call the statuses.
use super::Voice;
use crate::domain::request::State;
use crate::domain::status::Status;

/// What the reader calls a status.
pub fn status(voice: Voice<'_>, status: Status) -> String {
    let key = match status {
        Status::PendingMfa => "status-pending-mfa",
        Status::PendingApproval => "status-pending-approval",
        Status::Granting => "status-granting",
        Status::Active => "status-active",
        Status::Revoking => "status-revoking",
        Status::Rejected => "status-rejected",
        Status::Expired => "status-expired",
        Status::Revoked => "status-revoked",
        Status::Cancelled => "status-cancelled",
        Status::Failed => "status-failed",
    };
    voice.say(key, [])
}

/// What the reader calls the status of a state.
pub fn of_state(voice: Voice<'_>, state: &State) -> String {
    Status::of_label(state.label()).map_or_else(|| state.label().to_owned(), |s| status(voice, s))
}
