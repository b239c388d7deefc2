//! Forms that are being filled: theirs alone who opened them, kept for a day after the last touch.
//!
//! A form that nobody changed has no row: opening one writes nothing. Its id says when it was made,
//! so that a form without a row is an empty one while it is young, and forgotten when it is old.
use super::{ActError, App};
use crate::domain::catalog::ResourceRef;
use crate::domain::draft::Draft;
use crate::domain::id::PersonId;
use crate::ids;
use crate::store::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long a form is kept that nobody touches.
pub(super) const KEEP_DRAFTS: TimeDelta = TimeDelta::days(1);
/// How often a change is tried again because another one of the same form came first.
const TRIES: usize = 8;
/// Requests of a person that searches prefer.
const RECENT_REQUESTS: i64 = 20;
/// Resources of a person that searches prefer.
const RECENT_RESOURCES: usize = 50;
/// How long what searches prefer is kept.
const KEEP_RECENT: TimeDelta = TimeDelta::minutes(10);
/// Most people for whom that is kept.
const MOST_RECENT: usize = 10_000;

/// What people's searches prefer, kept in memory so that an option search runs no SQL.
#[derive(Debug, Default)]
pub(super) struct Boosted(Mutex<HashMap<PersonId, Preferred>>);

/// What one person's searches prefer, and since when that is known.
#[derive(Debug)]
struct Preferred {
    at: DateTime<Utc>,
    resources: Arc<[ResourceRef]>,
}

impl App {
    /// The id of a new form; nothing is stored.
    pub fn new_draft(&self) -> String {
        ids::made_at(self.now())
    }

    /// A person's form as it stands.
    ///
    /// # Errors
    ///
    /// [`ActError::FormGone`] when it was forgotten or is not theirs; the two look the same.
    pub async fn draft(&self, owner: &PersonId, id: &str) -> Result<Draft, ActError> {
        let found = self.store().read().await?.draft(id, owner).await?;
        found
            .map(|(draft, _)| draft)
            .or_else(|| self.untouched(owner, id))
            .ok_or(ActError::FormGone)
    }

    /// Changes a person's form; what `change` answered, and the form as it then stands.
    ///
    /// `change` may run more than once, each time on the form as it stands.
    ///
    /// # Errors
    ///
    /// As for [`App::draft`]; [`ActError::Crowded`] when other changes came first again and again.
    pub async fn change_draft<T>(
        &self,
        owner: &PersonId,
        id: &str,
        mut change: impl FnMut(&mut Draft) -> T,
    ) -> Result<(Draft, T), ActError> {
        for _ in 0..TRIES {
            match self.try_to_change(owner, id, &mut change).await {
                Err(ActError::Store(StoreError::Stale)) => {}
                Err(ActError::Store(error)) if error.is_passing() => {}
                done => return done,
            }
        }
        Err(ActError::Crowded)
    }

    async fn try_to_change<T>(
        &self,
        owner: &PersonId,
        id: &str,
        change: &mut impl FnMut(&mut Draft) -> T,
    ) -> Result<(Draft, T), ActError> {
        let mut tx = self.store().begin().await?;
        let found = match tx.draft(id, owner).await? {
            Some(found) => Some(found),
            None => self.untouched(owner, id).map(|draft| (draft, 0)),
        };
        let (mut draft, version) = found.ok_or(ActError::FormGone)?;
        let before = draft.clone();
        let answer = change(&mut draft);
        // A form that is sent twice at once is the same both times: neither is in the other's way.
        if draft == before && version > 0 {
            return Ok((draft, answer));
        }
        tx.keep_draft(id, owner, (&draft, version), self.now()).await?;
        tx.commit().await?;
        Ok((draft, answer))
    }

    /// What a person's searches prefer, best first, from memory; nothing until it was loaded.
    pub fn boosted(&self, person: &PersonId) -> Arc<[ResourceRef]> {
        let known = self.inner.boosted.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(person).map(|preferred| preferred.resources.clone()).unwrap_or_default()
    }

    /// Learns what a person's searches prefer, where that is not known or not fresh.
    pub async fn learn_boosted(&self, person: &PersonId) -> Result<(), ActError> {
        let now = self.now();
        {
            let known = self.inner.boosted.0.lock().unwrap_or_else(PoisonError::into_inner);
            if known.get(person).is_some_and(|preferred| now - preferred.at < KEEP_RECENT) {
                return Ok(());
            }
        }
        let mut tx = self.store().read().await?;
        let recent = tx.recent_items(person, RECENT_REQUESTS).await?;
        let starred = tx.favorites(person, 0, RECENT_REQUESTS).await?;
        drop(tx);
        let mut resources: Vec<ResourceRef> = Vec::new();
        for item in recent.into_iter().flat_map(|(_, items)| items) {
            if resources.len() >= RECENT_RESOURCES {
                break;
            }
            if !resources.contains(&item.at) {
                resources.push(item.at);
            }
        }
        // After what they had lately, what they starred.
        let starred = starred.into_iter().flat_map(|record| record.asked.items);
        for item in starred.take(RECENT_RESOURCES) {
            if !resources.contains(&item.at) {
                resources.push(item.at);
            }
        }
        let mut known = self.inner.boosted.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_RECENT {
            known.clear();
        }
        known.insert(person.clone(), Preferred { at: now, resources: resources.into() });
        Ok(())
    }

    /// Lets what a person's searches prefer be learnt anew, because it changed.
    pub fn forget_boosted(&self, person: &PersonId) {
        self.inner.boosted.0.lock().unwrap_or_else(PoisonError::into_inner).remove(person);
    }

    /// The form that has no row because nobody changed it.
    fn untouched(&self, owner: &PersonId, id: &str) -> Option<Draft> {
        let made = ids::time_of(id)?;
        (self.now() - made < KEEP_DRAFTS).then(|| Draft::of(owner.clone()))
    }
}
