//! Asking again for what a request was about: what of it may be asked for today (R12).
//!
//! Nothing is submitted here. The answer fills the form; the justification is left for the person
//! to write anew, and what they then send is split by today's flows like any other form.
use super::refusals::Look;
use super::{ActError, App};
use crate::domain::catalog::Item;
use crate::domain::flow::Approval;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::parties::is_theirs;
use crate::domain::record::Record;
use crate::domain::request::WhyNot;
use chrono::TimeDelta;

/// What a form that asks again begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Which request it is about.
    pub of: RequestId,
    /// Who shall receive it, as then.
    pub grantee: PersonId,
    /// What may still be asked for.
    pub items: Vec<Item>,
    /// What may not, or is no longer there.
    pub gone: Vec<Item>,
    /// For how long it was asked, at most as long as today's flows allow.
    pub duration: TimeDelta,
}

impl App {
    /// What `person` may ask for again of a closed request, or of a favourite.
    ///
    /// # Errors
    ///
    /// [`ActError::NotFound`] when it is not theirs to see; [`ActError::TheirsAlone`] when somebody
    /// asked on `person`'s behalf who may not ask for themselves; [`ActError::Late`] while the
    /// request is not closed; [`ActError::NothingLeft`] when nothing of it may be asked for today.
    pub async fn again(&self, person: &PersonId, id: RequestId) -> Result<Again, ActError> {
        let mut tx = self.store().read().await?;
        let record = tx.request(id).await?.ok_or(ActError::NotFound)?;
        let policy = &self.policy().policy;
        if !record.is_party(person) {
            drop(tx);
            self.audit_refused_look(person, id, Look::Again).await?;
            return Err(ActError::NotFound);
        }
        if !is_theirs(policy, person, &record.asked) {
            drop(tx);
            self.audit_refused_look(person, id, Look::Again).await?;
            return Err(ActError::TheirsAlone(record.asked.requester));
        }
        // A favourite is there to be asked for again at any time.
        if !record.state.is_final() && !tx.has_star(person, id).await? {
            return Err(ActError::Late(id, Box::new(record), WhyNot::NotOver));
        }
        let again = of_today(policy, person, record);
        if again.items.is_empty() { Err(ActError::NothingLeft(id)) } else { Ok(again) }
    }
}

fn of_today(policy: &crate::domain::policy::Policy, person: &PersonId, record: Record) -> Again {
    let asked = record.asked;
    let governs = |item: &Item| {
        let flow = policy.governing(person, &asked.grantee, item);
        flow.filter(|flow| !matches!(flow.approval, Approval::Denied(_)))
    };
    let longest = asked.items.iter().filter_map(governs).map(|flow| flow.longest).min();
    let (items, gone) = asked.items.iter().cloned().partition(|item| governs(item).is_some());
    let duration = longest.map_or(asked.duration, |longest| asked.duration.min(longest));
    Again { of: asked.id, grantee: asked.grantee.clone(), items, gone, duration }
}
