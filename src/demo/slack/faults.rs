//! Faults that a test asks for: refusals, delays, calls held back.

use std::time::Duration;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::Workspace;
use super::json::{at, text};
use super::state::State;

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// HTTP 429 with this `Retry-After`.
    RateLimited {
        /// How long the bot is told to wait.
        retry_after: Duration,
    },
    /// HTTP 200 with this error code.
    Error(String),
    /// This HTTP status, and no JSON.
    Http(u16),
    /// The answer is right but late.
    Delay(Duration),
    /// The call arrives; nothing happens until it is released.
    HoldBefore,
    /// The call has its effect; the answer waits until it is released.
    HoldAfter,
}

/// Which calls a fault strikes; an empty one strikes all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only calls about this channel.
    pub channel: Option<String>,
    /// Only calls about this person, their direct message included.
    pub user: Option<String>,
}

impl Filter {
    /// Strikes calls about one person.
    pub fn user(id: &str) -> Self {
        Self { user: Some(id.to_owned()), channel: None }
    }

    /// Strikes calls about one channel.
    pub fn channel(id: &str) -> Self {
        Self { channel: Some(id.to_owned()), user: None }
    }
}

/// A fault that stands until it has struck often enough.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    method: String,
    filter: Filter,
    pub(super) fault: Fault,
    left: u32,
    pub(super) gate: CancellationToken,
}

/// A fault that was asked for; dropping it changes nothing.
#[derive(Debug, Clone)]
pub struct FaultHandle {
    gate: CancellationToken,
    workspace: Workspace,
}

impl FaultHandle {
    /// Ends the fault and lets go what it holds.
    pub fn release(&self) {
        self.gate.cancel();
        self.workspace.change(|state| state.faults.retain(|f| !f.gate.is_cancelled()));
    }
}

impl Standing {
    /// A fault that the workspace itself strikes with, now.
    pub(super) fn once(fault: Fault) -> Self {
        let (filter, gate) = (Filter::default(), CancellationToken::new());
        Self { method: String::new(), filter, fault, left: 0, gate }
    }
}

impl Workspace {
    /// Makes the next `times` matching calls of `method` go wrong; `*` means any
    /// method.
    pub fn fault(&self, method: &str, filter: Filter, fault: Fault, times: u32) -> FaultHandle {
        let gate = CancellationToken::new();
        let standing =
            Standing { method: method.to_owned(), filter, fault, left: times, gate: gate.clone() };
        self.change(|state| state.faults.push(standing));
        FaultHandle { gate, workspace: self.clone() }
    }
}

impl State {
    /// The fault that strikes this call, counted down.
    pub(super) fn strike(&mut self, method: &str, args: &Value) -> Option<Standing> {
        let n = self.faults.iter().position(|standing| {
            let is_meant = standing.method == "*" || standing.method == method;
            is_meant && standing.left > 0 && self.is_about(&standing.filter, args)
        })?;
        let standing = self.faults.get_mut(n)?;
        standing.left -= 1;
        Some(standing.clone())
    }

    fn is_about(&self, filter: &Filter, args: &Value) -> bool {
        let channel = text(args, "/channel");
        let named = filter.channel.as_deref().is_none_or(|id| id == channel);
        let person = filter.user.as_deref().is_none_or(|id| {
            let trigger = self.triggers.get(text(args, "/trigger_id"));
            let view = self.view(text(args, "/view_id"));
            channel == id
                || self.dms.get(id).is_some_and(|dm| dm == channel)
                || ["/user", "/user_id", "/users"].iter().any(|key| is_or_has(at(args, key), id))
                || trigger.is_some_and(|trigger| trigger.user == id)
                || view.is_some_and(|view| view.user == id)
        });
        named && person
    }
}

fn is_or_has(value: &Value, id: &str) -> bool {
    match value {
        Value::String(text) => text.split(',').any(|one| one.trim() == id),
        Value::Array(items) => items.iter().any(|item| item == id),
        _ => false,
    }
}
