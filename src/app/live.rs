//! What somebody has or waits for already, of what they are about to ask for (R11).
//!
//! What is left of what a request asks for changes with its version alone, so it is read once and kept
//! in memory: each press in a form then reads which requests are live, and nothing of what is in them.
use super::{ActError, App};
use crate::domain::catalog::Item;
use crate::domain::id::{PersonId, RequestId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Most things kept over all requests: some two megabytes.
const MOST_KEPT: usize = 10_000;

/// What is left of what requests asked for.
#[derive(Debug, Default)]
pub(super) struct AskedItems(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    of: HashMap<RequestId, (i64, Arc<[Item]>)>,
    count: usize,
}

impl AskedItems {
    /// What is left of all of these at these versions; `None` where one of them is not kept.
    fn of(&self, ids: &[(RequestId, i64)]) -> Option<Vec<(RequestId, Arc<[Item]>)>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = |(id, version): &(RequestId, i64)| {
            let (_, items) = kept.of.get(id).filter(|(at, _)| at == version)?;
            Some((*id, Arc::clone(items)))
        };
        ids.iter().map(found).collect()
    }

    fn keep(&self, id: RequestId, version: i64, items: &Arc<[Item]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.count + items.len() > MOST_KEPT {
            *kept = Kept::default();
        }
        kept.count += items.len();
        if let Some((_, before)) = kept.of.insert(id, (version, Arc::clone(items))) {
            kept.count -= before.len();
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
                let mut read: Vec<(RequestId, Arc<[Item]>)> = Vec::with_capacity(ids.len());
                for live in tx.live_items(grantee).await? {
                    let items = Arc::from(live.items);
                    self.inner.asked_items.keep(live.id, live.version, &items);
                    read.push((live.id, items));
                }
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
