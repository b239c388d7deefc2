//! Ids as types, so that a person's id cannot stand where a flow's belongs.
//!
//! Configured things (people, groups, flows, integrations) are named by the words in the
//! configuration. Requests are numbered: `AR-1042` to people, `1042` in the database.
use serde::{Deserialize, Serialize};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

/// The configured name of a `T`.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id<T>(String, #[serde(skip)] PhantomData<fn() -> T>);

/// Marks the id of a person.
#[derive(Debug)]
pub enum PersonTag {}
/// Marks the id of a group of people.
#[derive(Debug)]
pub enum GroupTag {}
/// Marks the id of an access flow.
#[derive(Debug)]
pub enum FlowTag {}
/// Marks the id of an integration.
#[derive(Debug)]
pub enum IntegrationTag {}
/// Marks the id of a bundle.
#[derive(Debug)]
pub enum BundleTag {}
/// Marks the id of a type of ticket.
#[derive(Debug)]
pub enum TicketTypeTag {}

/// Names a person of the directory.
pub type PersonId = Id<PersonTag>;
/// Names a group of the directory.
pub type GroupId = Id<GroupTag>;
/// Names an access flow.
pub type FlowId = Id<FlowTag>;
/// Names an integration (a connected system).
pub type IntegrationId = Id<IntegrationTag>;
/// Names a bundle.
pub type BundleId = Id<BundleTag>;
/// Names a type of ticket.
pub type TicketTypeId = Id<TicketTypeTag>;

impl<T> Id<T> {
    /// The id named `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into(), PhantomData)
    }

    /// The name as written in the configuration.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> From<&str> for Id<T> {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number of a request; people read `AR-1042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub i64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AR-{}", self.0)
    }
}

/// What was typed is not the number of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a request's number; write it like AR-1042")]
pub struct NotARequestId;

impl FromStr for RequestId {
    type Err = NotARequestId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let is_marked = text.get(..3).is_some_and(|mark| mark.eq_ignore_ascii_case("AR-"));
        let digits = if is_marked { text.get(3..).unwrap_or_default() } else { text };
        match digits.parse::<i64>() {
            Ok(number) if number > 0 && digits.bytes().all(|b| b.is_ascii_digit()) => {
                Ok(Self(number))
            }
            _ => Err(NotARequestId),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_reads_back_as_people_write_it() {
        for text in ["AR-1042", "ar-1042", " 1042 "] {
            assert_eq!(text.parse(), Ok(RequestId(1042)), "{text}");
        }
        for text in ["", "AR-", "AR-0", "AR--4", "AR-+4", "AR-99999999999999999999", "é-1"] {
            assert_eq!(text.parse::<RequestId>(), Err(NotARequestId), "{text}");
        }
    }
}
