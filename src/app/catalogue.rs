//! Today's policy with what the connectors listed, as one value that is replaced whole.
use super::{ActError, App};
use crate::domain::catalog::{Item, Resource, ResourceRef};
use crate::domain::flow::Flow;
use crate::domain::id::{IntegrationId, PersonId};
use crate::domain::policy::Policy;
use crate::domain::search::{Allowed, Index, Query};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};

/// The policy in force.
#[derive(Debug)]
pub struct Snapshot {
    /// What the configuration says, with what the connectors listed.
    pub policy: Policy,
    /// The configuration alone; what was listed is laid over it anew at every listing.
    configured: Policy,
    /// Stands for all that was listed, to tell whether it changed.
    listed: Vec<u8>,
    handles: HashMap<String, ResourceRef>,
    index: Index,
    /// The resources in the order in which the index names them.
    order: Vec<ResourceRef>,
    /// What each flow is about, in the order of the flows.
    covered: Vec<Allowed>,
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
    pub fn new(configured: Policy, listed: Vec<Resource>) -> Self {
        let listed_digest = digest_of(&listed);
        let mut policy = configured.clone();
        for resource in listed {
            if policy.catalog.integrations.contains_key(&resource.at.integration) {
                policy.catalog.resources.entry(resource.at.clone()).or_insert(resource);
            }
        }
        let order: Vec<ResourceRef> = policy.catalog.resources.keys().cloned().collect();
        let handles = order.iter().map(|at| (handle(at), at.clone())).collect();
        let index = Index::of(&policy.catalog);
        let resources: Vec<&Resource> = policy.catalog.resources.values().collect();
        let offers_some = |flow: &Flow, entry: u32| {
            let resource = usize::try_from(entry).ok().and_then(|n| resources.get(n));
            resource.is_some_and(|resource| !flow.permissions_on(resource).is_empty())
        };
        let covered =
            policy.flows.iter().map(|flow| index.allow(|entry| offers_some(flow, entry))).collect();
        Self { policy, configured, listed: listed_digest, handles, index, order, covered }
    }

    /// Searches what `requester` may ask for, for `grantee`, in memory.
    pub fn search(
        &self,
        requester: &PersonId,
        grantee: &PersonId,
        text: &str,
        limit: usize,
    ) -> Found {
        let mut allowed = self.index.allow_none();
        let directory = &self.policy.directory;
        for (flow, covered) in self.policy.flows.iter().zip(&self.covered) {
            if flow.admits_people(directory, requester, grantee) {
                allowed.add(covered);
            }
        }
        let query = Query { text, allowed: &allowed, boosted: &[], limit };
        let found = self.index.search(&query);
        let flows = self.policy.flows_for(requester, grantee);
        let offers = found
            .hits
            .into_iter()
            .filter_map(|entry| self.order.get(usize::try_from(entry).ok()?))
            .filter_map(|at| offer_of(&flows, self.policy.catalog.resources.get(at)?))
            .collect();
        Found { offers, has_more: found.more }
    }

    /// The resource that a short handle stands for.
    pub fn resource_of(&self, handle: &str) -> Option<&Resource> {
        self.policy.catalog.resources.get(self.handles.get(handle)?)
    }

    /// What of `resource` `requester` may ask for, for `grantee`.
    pub fn offer(
        &self,
        requester: &PersonId,
        grantee: &PersonId,
        resource: &Resource,
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

fn offer_of(flows: &[&Flow], resource: &Resource) -> Option<Offer> {
    let is_offered = |permission: &str| {
        flows.iter().any(|flow| flow.permissions_on(resource).contains(&permission))
    };
    let permissions: Vec<String> =
        resource.permissions.iter().filter(|p| is_offered(p)).cloned().collect();
    (!permissions.is_empty()).then(|| Offer { resource: resource.clone(), permissions })
}

/// Stands for a list of resources, in whatever order it comes.
fn digest_of(listed: &[Resource]) -> Vec<u8> {
    let mut lines: Vec<String> =
        listed.iter().map(|resource| serde_json::json!(resource).to_string()).collect();
    lines.sort();
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    for line in &lines {
        context.update(line.as_bytes());
        context.update(b"\n");
    }
    context.finish().as_ref().to_vec()
}

/// A short text that stands for a resource where a platform limits the length of values.
///
/// 128 bits of SHA-256 over the place, so that nobody can make two resources share one.
pub fn handle(at: &ResourceRef) -> String {
    let place = serde_json::json!([at.integration.as_str(), at.resource]).to_string();
    let digest = ring::digest::digest(&ring::digest::SHA256, place.as_bytes());
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl App {
    /// Puts a new configuration in force.
    pub async fn reload(&self, configured: Policy) -> Result<(), ActError> {
        let listed = self.store().read().await?.listed().await?;
        self.replace(Snapshot::new(configured, listed));
        Ok(())
    }

    /// Lays what an integration listed over the configuration, now and after a restart.
    pub async fn take_listed(
        &self,
        integration: &IntegrationId,
        resources: &[Resource],
    ) -> Result<(), ActError> {
        let is_known = |r: &&Resource| r.at.integration == *integration;
        let resources: Vec<Resource> = resources.iter().filter(is_known).cloned().collect();
        let place = |r: Resource| (r.at.clone(), r);
        let new: BTreeMap<ResourceRef, Resource> = resources.iter().cloned().map(place).collect();
        let stored = self.store().read().await?.listed().await?;
        let before: BTreeMap<ResourceRef, Resource> = stored.into_iter().map(place).collect();
        let ours = before.iter().filter(|(at, _)| at.integration == *integration);
        if !ours.eq(new.iter()) {
            let mut tx = self.store().begin().await?;
            tx.save_listed(integration, &resources).await?;
            tx.commit().await?;
        }
        let mut listed: Vec<Resource> =
            before.into_values().filter(|r| r.at.integration != *integration).collect();
        listed.extend(new.into_values());
        // Another instance may have stored it first: what counts is what this one knows.
        if self.policy().listed != digest_of(&listed) {
            self.replace(Snapshot::new(self.policy().configured.clone(), listed));
        }
        Ok(())
    }

    fn replace(&self, snapshot: Snapshot) {
        *self.inner.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}
