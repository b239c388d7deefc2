//! What the people of a request may do with it: whoever asked, whoever receives, admins (R12, R15).
use super::flow::Approval;
use super::id::PersonId;
use super::policy::Policy;
use super::record::Record;
use super::request::Asked;

/// Whether `person` disposes of the request: whoever asked, or whoever receives the access where
/// they could have asked for it themselves. If someone asked on their behalf and they may not ask
/// for themselves, it is in that person's hands alone (R12).
pub fn is_theirs(policy: &Policy, person: &PersonId, asked: &Asked) -> bool {
    *person == asked.requester || (*person == asked.grantee && may_ask_alone(policy, asked))
}

/// Whether `person` may end the access early: whoever disposes of it, and admins.
pub fn may_revoke(policy: &Policy, person: &PersonId, record: &Record) -> bool {
    let known = policy.directory.active(person);
    known.is_some_and(|known| known.is_admin || is_theirs(policy, person, &record.asked))
}

/// Whether `person` may withdraw the pending request: whoever asked, and admins.
pub fn may_cancel(policy: &Policy, person: &PersonId, record: &Record) -> bool {
    let known = policy.directory.active(person);
    known.is_some_and(|known| known.is_admin || *person == record.asked.requester)
}

/// Whether the grantee may ask for all of it themselves today. Where a thing is no longer listed,
/// the flow's word on people stands.
fn may_ask_alone(policy: &Policy, asked: &Asked) -> bool {
    let grantee = &asked.grantee;
    let admits = policy
        .flow(&asked.flow)
        .is_some_and(|flow| flow.admits_people(&policy.directory, grantee, grantee));
    asked.items.iter().all(|item| match policy.governing(grantee, grantee, item) {
        Some(flow) => !matches!(flow.approval, Approval::Denied(_)),
        None => admits && policy.catalog.resources.get(&item.at).is_none(),
    })
}
