//! Today's policy with what the connectors listed, as one value that is replaced whole.
use super::reach::{Pair, Reach, Sieve};
use crate::domain::catalog::{Item, Resource, ResourceRef};
use crate::domain::flow::Flow;
use crate::domain::id::PersonId;
use crate::domain::policy::Policy;
use crate::domain::resources::{Parts, Resources};
use crate::domain::search::Index;

/// Bytes of a resource's handle: as many as nobody can make two resources share.
const HANDLE_BYTES: usize = 16;

/// The policy in force.
#[derive(Debug)]
pub struct Snapshot {
    /// What the configuration says, with what the connectors listed.
    pub policy: Policy,
    /// The configuration alone; what was listed is laid over it anew at every listing.
    configured: Policy,
    /// The channels that hear alarms beside the admins, by their platforms' own ids.
    alarm_channels: Vec<String>,
    /// Stands for all that was listed, to tell whether it changed.
    listed: u64,
    /// Handles, ascending, and the places of their resources in the catalogue's order.
    handles: Vec<([u8; HANDLE_BYTES], u32)>,
    pub(super) index: Index,
    pub(super) reach: Reach,
}

/// A page of what a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The best, at most as many as asked for.
    pub offers: Vec<Offer>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// What of a resource a person may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The resource.
    pub resource: Resource,
    /// The permissions that some flow offers, weakest first; never empty.
    pub permissions: Vec<String>,
}

impl Snapshot {
    /// The configuration with these listed resources; a configured resource wins over a listed one.
    pub fn new(configured: Policy, listed: &Resources) -> Self {
        let stamp = listed.stamp();
        let mut policy = configured.clone();
        let known = listed.within(|it| policy.catalog.integrations.contains_key(it));
        policy.catalog.resources = configured.catalog.resources.over(&known);
        policy.catalog.fill_bundles();
        let index = Index::of(&policy.catalog);
        let resources = &policy.catalog.resources;
        let handle = |parts: Parts<'_>| digest_of(parts.integration.as_str(), parts.id);
        let mut handles: Vec<_> = resources.parts().map(handle).zip(0_u32..).collect();
        handles.sort_unstable();
        let reach = Reach::of(&policy, &index);
        let alarm_channels = Vec::new();
        Self { policy, configured, alarm_channels, listed: stamp, handles, index, reach }
    }

    /// The same, with channels that hear alarms beside the admins.
    pub fn with_alarm_channels(self, channels: Vec<String>) -> Self {
        Self { alarm_channels: channels, ..self }
    }

    /// The channels that hear alarms beside the admins.
    pub(super) fn alarm_channels(&self) -> &[String] {
        &self.alarm_channels
    }

    /// The configuration alone, without what connectors listed.
    pub(super) fn configured(&self) -> &Policy {
        &self.configured
    }

    /// Stands for all that was listed when this was made.
    pub(super) fn listed(&self) -> u64 {
        self.listed
    }

    /// Searches what `requester` may ask for, for `grantee`, in memory.
    pub fn search(
        &self,
        requester: &PersonId,
        grantee: &PersonId,
        text: &str,
        limit: usize,
    ) -> Found {
        let pair = Pair { requester: requester.clone(), grantee: grantee.clone() };
        self.seek(&pair, &Sieve::default(), text, &[], limit)
    }

    /// The resource that a short handle stands for.
    pub fn resource_of(&self, handle: &str) -> Option<Resource> {
        let wanted = read_handle(handle)?;
        let at = self.handles.binary_search_by(|(known, _)| known.cmp(&wanted)).ok()?;
        let (_, entry) = self.handles.get(at)?;
        self.resource_at(*entry)
    }

    pub(super) fn resource_at(&self, entry: u32) -> Option<Resource> {
        self.policy.catalog.resources.nth(usize::try_from(entry).ok()?)
    }

    /// What of `resource` `requester` may ask for, for `grantee`.
    pub fn offer(
        &self,
        requester: &PersonId,
        grantee: &PersonId,
        resource: Resource,
    ) -> Option<Offer> {
        let flows = self.policy.flows_for(requester, grantee);
        offer_of(&flows, resource)
    }

    /// The flow that governs `item`.
    pub fn governing(
        &self,
        requester: &PersonId,
        grantee: &PersonId,
        item: &Item,
    ) -> Option<&Flow> {
        self.policy.governing(requester, grantee, item)
    }
}

pub(super) fn offer_of(flows: &[&Flow], resource: Resource) -> Option<Offer> {
    let is_offered =
        |permission: &&String| flows.iter().any(|flow| flow.is_about(&resource, permission));
    let permissions: Vec<String> =
        resource.permissions.iter().filter(is_offered).cloned().collect();
    (!permissions.is_empty()).then_some(Offer { resource, permissions })
}

/// A short text that stands for a resource where a platform limits the length of values.
///
/// 128 bits of SHA-256 over the place, so that nobody can make two resources share one.
pub fn handle(at: &ResourceRef) -> String {
    format!("{:032x}", u128::from_be_bytes(digest(at)))
}

fn digest(at: &ResourceRef) -> [u8; HANDLE_BYTES] {
    digest_of(at.integration.as_str(), &at.resource)
}

fn digest_of(integration: &str, resource: &str) -> [u8; HANDLE_BYTES] {
    // Two texts are always JSON, in which none can be taken for another.
    let place = serde_json::to_string(&[integration, resource]).unwrap_or_default();
    let digest = ring::digest::digest(&ring::digest::SHA256, place.as_bytes());
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

/// The bytes of a handle, where the text is one.
fn read_handle(text: &str) -> Option<[u8; HANDLE_BYTES]> {
    let is_handle = text.len() == 2 * HANDLE_BYTES && text.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u128::from_str_radix(text, 16).ok().filter(|_| is_handle)?;
    Some(number.to_be_bytes())
}
