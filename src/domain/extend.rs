//! Extending: whether access that is there may last longer, by how much, and why not (R14).
//!
//! Today's flow has the word: its step, how often, how long in all, from when on. Nothing is asked
//! of anybody anew, so it is offered only while the same people could still ask for the same things
//! under the same flow. Times are UTC; no function reads a clock.
use super::flow::{Approval, Flow};
use super::policy::Policy;
use super::record::Record;
use super::request::State;
use super::terms::Extend;
use chrono::{DateTime, TimeDelta, Utc};

/// Longest time before its end at which people hear of access that cannot be extended.
const NOTICE: TimeDelta = TimeDelta::hours(1);

/// What extending does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// By how much: the flow's step, or what is left of its longest.
    pub step: TimeDelta,
    /// When the access ends then.
    pub until: DateTime<Utc>,
    /// How often it can be extended, this time included.
    pub left: u32,
}

/// Why access cannot be extended now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOffered {
    /// It is not there, or it is over.
    #[error("only active access can be extended, before its end")]
    NotActive,
    /// The flow has no rule for it.
    #[error("its access flow does not let access be extended")]
    NotAllowed,
    /// The flow no longer gives these people these things.
    #[error("its access flow no longer gives this access; ask for it again")]
    Changed,
    /// An approver shortened it: what they did not give is not added without asking.
    #[error("an approver shortened it; ask for it again")]
    Shortened,
    /// It was extended as often as the flow allows.
    #[error("it was extended {times} times, as often as its access flow allows")]
    Used {
        /// How often.
        times: u32,
    },
    /// It lasts as long as the flow allows.
    #[error("it lasts as long as its access flow allows already")]
    AtLongest,
    /// Its end is not near.
    #[error("it can be extended once its end is near")]
    Early {
        /// From when on.
        from: DateTime<Utc>,
    },
    /// It was extended since the person saw it, or a moment ago.
    #[error("it was extended already")]
    Already {
        /// When it ends now.
        until: DateTime<Utc>,
    },
}

/// What extending `record` does at `now`. What was extended is offered it again when people hear of
/// its new end: where the flow offers it for longer than a step is, the same wish said twice must not
/// extend twice.
///
/// # Errors
///
/// [`NotOffered`] says why it cannot be extended; the weightier reason first.
pub fn offer(policy: &Policy, record: &Record, now: DateTime<Utc>) -> Result<Offer, NotOffered> {
    let (offer, from) = ahead(policy, record)?;
    match &record.state {
        State::Active { until, .. } if *until <= now => Err(NotOffered::NotActive),
        _ if now < from => Err(NotOffered::Early { from }),
        State::Active { until, tells_at, extensions: 1.., .. } if now < *tells_at => {
            Err(NotOffered::Already { until: *until })
        }
        _ => Ok(offer),
    }
}

/// What extending will do once it is offered, and from when on the flow offers it.
///
/// # Errors
///
/// [`NotOffered`], but never for the time being.
pub fn ahead(policy: &Policy, record: &Record) -> Result<(Offer, DateTime<Utc>), NotOffered> {
    let State::Active { since, until, extensions, .. } = &record.state else {
        return Err(NotOffered::NotActive);
    };
    let flow = policy.flow(&record.asked.flow).ok_or(NotOffered::Changed)?;
    let rule = flow.extend.as_ref().ok_or(NotOffered::NotAllowed)?;
    if !is_still_given(policy, flow, record) {
        return Err(NotOffered::Changed);
    }
    if record.is_shortened() {
        return Err(NotOffered::Shortened);
    }
    let offer = by_rule(rule, *since, *until, *extensions)?;
    Ok((offer, rule.offered.from(*since, *until)))
}

/// The step that a rule allows from here, never past its longest.
fn by_rule(
    rule: &Extend,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    extensions: u32,
) -> Result<Offer, NotOffered> {
    let left = rule.times.saturating_sub(extensions);
    if left == 0 {
        return Err(NotOffered::Used { times: extensions });
    }
    let room = rule.longest - (until - since);
    let step = rule.step.min(room);
    if step <= TimeDelta::zero() {
        return Err(NotOffered::AtLongest);
    }
    Ok(Offer { step, until: until + step, left })
}

/// Whether today these people could ask for what was given under the same flow.
fn is_still_given(policy: &Policy, flow: &Flow, record: &Record) -> bool {
    let State::Active { missing, .. } = &record.state else { return false };
    let asked = &record.asked;
    let was_given = |item: &&_| missing.iter().all(|missing| missing.item != **item);
    !matches!(flow.approval, Approval::Denied(_))
        && record.left().items.iter().filter(was_given).all(|item| {
            let governs = policy.governing(&asked.requester, &asked.grantee, item);
            governs.is_some_and(|governs| governs.id == flow.id)
        })
}

/// How long before `until` people hear of it, when that is settled at `now`: when extending is
/// offered, but never in the first half of what is left, where nobody has to act yet.
pub fn notice(
    rule: Option<&Extend>,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> TimeDelta {
    let of_rule = match rule {
        Some(rule) => until - rule.offered.from(since, until),
        None => ((until - since) / 4).min(NOTICE),
    };
    of_rule.min((until - now) / 2).max(TimeDelta::zero())
}

#[cfg(test)]
#[path = "extend_tests.rs"]
mod tests;
