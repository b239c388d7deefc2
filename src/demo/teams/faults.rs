//! Faults that a test asks for: refusals, and calls held back.
use super::{State, Teams};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is asked of the Connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A conversation with a person.
    Create,
    /// A message.
    Send,
    /// A message anew.
    Update,
    /// Who is there.
    Look,
}

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This HTTP status and code.
    Refused {
        /// The status.
        status: u16,
        /// The code.
        code: &'static str,
    },
    /// HTTP 429 with this `Retry-After`.
    TooMany {
        /// How long the bot is told to wait.
        retry_after: Duration,
    },
    /// The call has its effect; the answer does not name what it made.
    Unnamed,
    /// The call arrives; nothing happens until it is released.
    HoldBefore,
    /// The call has its effect; the answer waits until it is released.
    HoldAfter,
}

/// A fault that stands until it has struck often enough.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    kind: Kind,
    conversation: Option<String>,
    pub(super) fault: Fault,
    left: u32,
    pub(super) gate: CancellationToken,
}

/// A fault that was asked for; dropping it changes nothing.
#[derive(Debug, Clone)]
pub struct FaultHandle {
    gate: CancellationToken,
    teams: Teams,
}

impl FaultHandle {
    /// Ends the fault and lets go what it holds.
    pub fn release(&self) {
        self.gate.cancel();
        self.teams.arrange(|state| state.faults.retain(|fault| !fault.gate.is_cancelled()));
    }
}

impl Teams {
    /// Makes the next `times` calls of a kind go wrong, those of one conversation where one is named.
    pub fn fault(
        &self,
        kind: Kind,
        conversation: Option<&str>,
        fault: Fault,
        times: u32,
    ) -> FaultHandle {
        let gate = CancellationToken::new();
        let conversation = conversation.map(str::to_owned);
        let standing = Standing { kind, conversation, fault, left: times, gate: gate.clone() };
        self.arrange(|state| state.faults.push(standing));
        FaultHandle { gate, teams: self.clone() }
    }
}

impl State {
    /// The fault that strikes this call, counted down.
    pub(super) fn strike(&mut self, kind: Kind, conversation: &str) -> Option<Standing> {
        let standing = self.faults.iter_mut().find(|standing| {
            let is_there = standing.conversation.as_deref().is_none_or(|one| one == conversation);
            standing.kind == kind && standing.left > 0 && is_there
        })?;
        standing.left -= 1;
        Some(standing.clone())
    }
}
