//! What somebody has or waits for already, of what they are about to ask for (R11).
//!
//! What a request asks for is fixed when it is submitted, so it is read once and kept in memory: each
//! press in a form then reads which requests are live, and nothing of what is in them.
use super::{ActError, App};
use crate::domain::catalog::Item;
use crate::domain::id::{PersonId, RequestId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Most things kept over all requests: some two megabytes.
const MOST_KEPT: usize = 10_000;

/// What requests asked for.
#[derive(Debug, Default)]
pub(super) struct AskedItems(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    of: HashMap<RequestId, Arc<[Item]>>,
    count: usize,
}

impl AskedItems {
    /// What all of these asked for; `None` where one of them is not kept.
    fn of(&self, ids: &[RequestId]) -> Option<Vec<(RequestId, Arc<[Item]>)>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().map(|id| Some((*id, kept.of.get(id)?.clone()))).collect()
    }

    fn keep(&self, id: RequestId, items: &Arc<[Item]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.count + items.len() > MOST_KEPT {
            *kept = Kept::default();
        }
        if kept.of.insert(id, Arc::clone(items)).is_none() {
            kept.count += items.len();
        }
    }
}

impl App {
    /// What of `items` somebody has, or waits for, by the request that it is in; the newest of several.
    pub async fn live_items(
        &self,
        grantee: &PersonId,
        items: &[Item],
    ) -> Result<BTreeMap<Item, RequestId>, ActError> {
        if items.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut tx = self.store().read().await?;
        let ids = tx.live_requests(grantee).await?;
        let asked = match self.inner.asked_items.of(&ids) {
            Some(asked) => asked,
            None => {
                let read = tx.live_items(grantee).await?;
                let read = read.into_iter().map(|(id, items)| (id, Arc::from(items)));
                let read: Vec<(RequestId, Arc<[Item]>)> = read.collect();
                read.iter().for_each(|(id, items)| self.inner.asked_items.keep(*id, items));
                read
            }
        };
        let wanted: BTreeSet<&Item> = items.iter().collect();
        let mut live = BTreeMap::new();
        for (id, items) in &asked {
            for item in items.iter().filter(|item| wanted.contains(item)) {
                live.entry(item.clone()).or_insert(*id);
            }
        }
        Ok(live)
    }
}
