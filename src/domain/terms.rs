//! What a flow asks of a request besides who approves: how it may be extended, which ticket it
//! names, how good its justification must be.
use super::flow::Flow;
use super::id::TicketTypeId;
use super::policy::Policy;
use super::ticket::TicketType;
use chrono::{DateTime, TimeDelta, Utc};

/// How a grant may be made longer without asking again (R14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extend {
    /// By how much, each time.
    pub step: TimeDelta,
    /// How often at most.
    pub times: u32,
    /// The longest that the grant may last in all, from when it became Active.
    pub longest: TimeDelta,
    /// From when on it is offered.
    pub offered: Offered,
}

/// From when on extending is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// In the last quarter of the time that the grant has.
    LastQuarter,
    /// So long before its end.
    Before(TimeDelta),
}

impl Offered {
    /// When offering begins for a grant that runs from `since` to `until`; never before `since`.
    pub fn from(self, since: DateTime<Utc>, until: DateTime<Utc>) -> DateTime<Utc> {
        let before = match self {
            Self::LastQuarter => (until - since) / 4,
            Self::Before(before) => before,
        };
        until.checked_sub_signed(before).map_or(since, |from| from.max(since))
    }
}

/// Which ticket a request must or may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRule {
    /// The types that count, in the order they are offered; never empty.
    pub types: Vec<TicketTypeId>,
    /// Whether there is no asking without one.
    pub is_required: bool,
}

/// How good a justification must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JustificationRule {
    /// Any text that is not empty; the lights only advise.
    #[default]
    Any,
    /// All three lights must be green.
    AllLights,
}

/// What the flows of one form ask for together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demands {
    /// Whether any of them asks for a ticket.
    pub asks_ticket: bool,
    /// Whether there is no asking without one.
    pub is_ticket_required: bool,
    /// The types that count for all that ask for one, in the order of the first.
    pub types: Vec<TicketTypeId>,
    /// The strictest rule for the justification.
    pub justification: JustificationRule,
}

impl Demands {
    /// What these flows ask for together.
    pub fn of<'f>(flows: impl IntoIterator<Item = &'f Flow>) -> Self {
        let mut demands = Self::default();
        for flow in flows {
            if flow.justification == JustificationRule::AllLights {
                demands.justification = JustificationRule::AllLights;
            }
            let Some(rule) = &flow.ticket else { continue };
            match demands.asks_ticket {
                true => demands.types.retain(|known| rule.types.contains(known)),
                false => demands.types.clone_from(&rule.types),
            }
            demands.asks_ticket = true;
            demands.is_ticket_required |= rule.is_required;
        }
        demands
    }

    /// The types of ticket that count: those asked for, or all where none is asked for.
    pub fn counting<'p>(&self, policy: &'p Policy) -> Vec<&'p TicketType> {
        match self.asks_ticket {
            true => self.types.iter().filter_map(|id| policy.tickets.get(id)).collect(),
            false => policy.tickets.values().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extending_is_offered_near_the_end_and_never_before_the_beginning() {
        let at = |minutes: i64| DateTime::from_timestamp(60 * minutes, 0).unwrap();
        for (offered, minutes, from) in [
            (Offered::LastQuarter, 60_i64, 45_i64),
            (Offered::LastQuarter, 480, 360),
            (Offered::Before(TimeDelta::hours(1)), 480, 420),
            (Offered::Before(TimeDelta::hours(1)), 30, 0),
            (Offered::Before(TimeDelta::MAX), 30, 0),
        ] {
            assert_eq!(offered.from(at(0), at(minutes)), at(from), "{offered:?} of {minutes}");
        }
    }
}
