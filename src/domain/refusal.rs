//! Why something cannot happen to a request where it stands: a sentence for each pair of event and
//! state that the transition table refuses.
use super::event::Event;
use super::request::State;

/// The move is not possible from where the request stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request is {status}; {why}")]
pub struct Refused {
    /// The status that refused, as shown to people.
    pub status: &'static str,
    /// Why this cannot happen there.
    pub why: WhyNot,
}

/// Why something cannot happen where a request stands; true there, and follows the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// Deciding came after the window.
    #[error("its time to be decided is over")]
    TimeToDecideOver,
    /// Closing the window came before its end.
    #[error("its time to be decided is not over")]
    TimeToDecideNotOver,
    /// A proof of presence that nothing waits for.
    #[error("it does not wait for a proof of presence")]
    NoProofAwaited,
    /// Deciding came before the proof of presence.
    #[error("the requester has to prove presence first")]
    NotProved,
    /// Deciding came after the decision.
    #[error("it is no longer waiting for a decision")]
    NotWaiting,
    /// Withdrawing what is not pending.
    #[error("only a pending request can be cancelled")]
    NotPending,
    /// Giving up on a target that has time left.
    #[error("its target may still take some time")]
    TargetAtWork,
    /// News of a grant that nobody waits for.
    #[error("no access is being given")]
    NothingGiven,
    /// Extending at the end, or by nothing.
    #[error("access is extended before its end, and by more than nothing")]
    ExtendedTooLate,
    /// Extending what is not Active.
    #[error("only active access can be extended")]
    NotActive,
    /// Telling of the end twice.
    #[error("its end was told already")]
    EndTold,
    /// Telling of an end that is far, or over.
    #[error("its end is not near, or it is over")]
    EndNotNear,
    /// Telling of the end of what is not Active.
    #[error("only active access nears its end")]
    NoEndNears,
    /// Ending what is being ended.
    #[error("its access is being taken away already")]
    AlreadyRevoking,
    /// The time is not up.
    #[error("its access is not at its end")]
    NotAtItsEnd,
    /// Ending what is not there.
    #[error("there is no access to take away")]
    NoAccess,
    /// A second alarm.
    #[error("the admins were told already")]
    AdminsKnow,
    /// An alarm about a target that has time left.
    #[error("taking the access away may still take some time")]
    RemovalAtWork,
    /// News of a removal that nobody waits for.
    #[error("no access is being taken away")]
    NothingTaken,
    /// Asking again for what is not over.
    #[error("it can be asked for again once it is over")]
    NotOver,
    /// How to connect, asked while it is not Active.
    #[error("how to connect is shown while it is Active")]
    NotConnectable,
}

impl WhyNot {
    /// Why `event` cannot happen to what stands at `state`; asked where the table has refused it.
    pub(super) fn of(event: &Event, state: &State) -> Self {
        match (event, state) {
            (Event::MfaPassed { .. }, State::PendingMfa { .. })
            | (Event::Rejected { .. }, State::PendingMfa { .. })
            | (Event::Approved { .. } | Event::Rejected { .. }, State::PendingApproval { .. }) => {
                Self::TimeToDecideOver
            }
            (Event::MfaPassed { .. }, _) => Self::NoProofAwaited,
            (Event::Approved { .. }, State::PendingMfa { .. }) => Self::NotProved,
            (Event::Approved { .. } | Event::Rejected { .. }, _) => Self::NotWaiting,
            (Event::Cancelled { .. }, _) => Self::NotPending,
            (Event::WindowClosed, State::PendingMfa { .. } | State::PendingApproval { .. }) => {
                Self::TimeToDecideNotOver
            }
            (Event::WindowClosed, _) => Self::NotWaiting,
            (Event::PatienceOver, State::Granting { .. }) => Self::TargetAtWork,
            (Event::Granted { .. } | Event::GrantFailed { .. } | Event::PatienceOver, _) => {
                Self::NothingGiven
            }
            (Event::Extended { .. }, State::Active { .. }) => Self::ExtendedTooLate,
            (Event::Extended { .. }, _) => Self::NotActive,
            (Event::EndNears, State::Active { is_told: true, .. }) => Self::EndTold,
            (Event::EndNears, State::Active { .. }) => Self::EndNotNear,
            (Event::EndNears, _) => Self::NoEndNears,
            (Event::RevokeAsked { .. } | Event::TimeUp, State::Revoking { .. }) => {
                Self::AlreadyRevoking
            }
            (Event::TimeUp, State::Active { .. }) => Self::NotAtItsEnd,
            (Event::RevokeAsked { .. } | Event::TimeUp, _) => Self::NoAccess,
            (Event::Overdue, State::Revoking { is_alarmed: true, .. }) => Self::AdminsKnow,
            (Event::Overdue, State::Revoking { .. }) => Self::RemovalAtWork,
            (Event::Overdue | Event::Removed, _) => Self::NothingTaken,
        }
    }
}
