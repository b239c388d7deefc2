//! A person's lists of requests, a page at a time, and their portal: all of them at once.
//!
//! Every list is the reader's own by its query; what comes from outside is where a page starts, and
//! that is a position in their own list, whatever number it holds.
use super::job::Recipient;
use super::{ActError, App};
use crate::domain::decide::Ballot;
use crate::domain::id::PersonId;
use crate::domain::listing::{List, Page, Place, Portal, Start};
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::domain::status::Status;
use crate::store::{Listed, Tx};
use std::collections::BTreeSet;

/// The requests that a portal offers to ask for again because they ended last.
const CLOSED: usize = 3;

impl App {
    /// A page of a list of `person`'s; the newest where there is nothing at `place`.
    pub async fn page(
        &self,
        person: &PersonId,
        list: List,
        place: &Place,
        size: usize,
    ) -> Result<Page, ActError> {
        let mut tx = self.store().read().await?;
        self.page_in(&mut tx, person, (list, size), place).await
    }

    /// Everything that `person`'s portal holds, with pages of these sizes.
    pub async fn portal(
        &self,
        person: &PersonId,
        place: &Place,
        sizes: &[(List, usize)],
    ) -> Result<Portal, ActError> {
        let mut tx = self.store().read().await?;
        let counts = tx.count_requests(person).await?;
        let mut pages = Vec::with_capacity(sizes.len());
        for one in sizes {
            pages.push(self.page_in(&mut tx, person, *one, place).await?);
        }
        let closed = BTreeSet::from(Status::FINAL);
        let closed = tx.list(Listed::Requests(person, &closed), None, CLOSED).await?;
        Ok(Portal { counts, pages, closed, place: place.clone() })
    }

    async fn page_in(
        &self,
        tx: &mut Tx,
        person: &PersonId,
        (list, size): (List, usize),
        place: &Place,
    ) -> Result<Page, ActError> {
        let recipient = Recipient::Person(person.clone()).to_string();
        let listed = match list {
            List::Waiting => Listed::Waiting(&recipient),
            List::Access => Listed::Access(person),
            List::Requests => Listed::Requests(person, &place.statuses),
            List::Favorites => Listed::Favorites(person),
            List::Delegated => Listed::Delegated(person),
        };
        let snapshot = self.policy();
        let is_shown =
            |record: &Record| list != List::Waiting || waits_for(&snapshot.policy, person, record);
        let mut start = place.start(list);
        let mut found = fill(tx, listed, start, size, is_shown).await?;
        if found.rows.is_empty() && start.is_some() {
            start = None;
            found = fill(tx, listed, start, size, is_shown).await?;
        }
        let all = tx.ahead(listed, None, size).await?.count;
        let ahead = match start {
            Some(_) => Some(tx.ahead(listed, start, size).await?).filter(|ahead| ahead.count > 0),
            None => None,
        };
        Ok(Page {
            list,
            before: ahead.map_or(0, |ahead| ahead.count),
            // What was asked of them and is no longer theirs to decide is not counted where it is seen.
            total: all.saturating_sub(found.passed_over),
            next: found.next,
            previous: ahead.map(|ahead| ahead.start),
            rows: found.rows,
        })
    }
}

/// Rows for one page, and where the next begins.
struct Filled {
    rows: Vec<Record>,
    next: Start,
    passed_over: usize,
}

/// Reads on until the page is full or the list ends, passing over what is not shown.
async fn fill(
    tx: &mut Tx,
    listed: Listed<'_>,
    mut start: Start,
    size: usize,
    is_shown: impl Fn(&Record) -> bool,
) -> Result<Filled, ActError> {
    let (mut rows, mut passed_over) = (Vec::with_capacity(size), 0);
    loop {
        // One more than fits tells whether there is a next page.
        let read = tx.list(listed, start, size + 1).await?;
        let is_last = read.len() <= size;
        for record in read {
            if rows.len() == size {
                return Ok(Filled { next: start, rows, passed_over });
            }
            start = Some(record.asked.id);
            if is_shown(&record) {
                rows.push(record);
            } else {
                passed_over += 1;
            }
        }
        if is_last {
            return Ok(Filled { rows, next: None, passed_over });
        }
    }
}

/// Whether `person` can bring a request nearer to a decision now, by today's policy (R26).
fn waits_for(policy: &Policy, person: &PersonId, record: &Record) -> bool {
    match &record.state {
        State::PendingApproval { approvals, .. } => {
            Ballot::of(&record.asked, approvals, policy).open().contains(person)
        }
        _ => false,
    }
}
