//! What can be asked for: integrations, the resources inside them, and bundles of both.
use super::flow::Selector;
use super::id::{BundleId, IntegrationId, PersonId};
use super::resources::Resources;
use super::submission::MOST_ITEMS;
use super::visible::name_or_id;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One connected system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Its name in the configuration: `prod-postgres`.
    pub id: IntegrationId,
    /// How people call it: `Production PostgreSQL`.
    pub name: String,
}

/// A resource's place: which integration, and its id there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceRef {
    /// The connected system.
    pub integration: IntegrationId,
    /// The id that the connector lists and understands; any text.
    pub resource: String,
}

impl fmt::Display for ResourceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.integration, self.resource)
    }
}

/// A thing inside an integration that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Where it is.
    pub at: ResourceRef,
    /// How people call it: `payments`.
    pub name: String,
    /// Its type: `database`, `group`, `role`.
    pub kind: String,
    /// What may be done with it, weakest first: `read`, `write`, `admin`.
    pub permissions: Vec<String>,
    /// Who answers for it, where somebody does.
    pub owner: Option<PersonId>,
}

/// One thing asked for: a resource with a permission.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Item {
    /// On what.
    pub at: ResourceRef,
    /// To do what.
    pub permission: String,
}

/// What a connector grants and revokes: who may do what with which resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entitlement {
    /// Who receives it.
    pub grantee: PersonId,
    /// On what, to do what.
    #[serde(flatten)]
    pub item: Item,
}

impl Entitlement {
    /// One text that names this entitlement and no other, whatever its parts contain.
    pub fn key(&self) -> String {
        let parts = [
            self.grantee.as_str(),
            self.item.at.integration.as_str(),
            &self.item.at.resource,
            &self.item.permission,
        ];
        serde_json::Value::from(parts.to_vec()).to_string()
    }
}

/// Resources and permissions that are asked for as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Its name in the configuration.
    pub id: BundleId,
    /// How people call it.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it holds: each item once, at most [`MOST_ITEMS`]. In a policy as configured, what is
    /// named one by one; in the catalogue in force, also what `what` means there.
    pub items: Vec<Item>,
    /// What else it holds: whatever these mean in the catalogue.
    pub what: Vec<Selector>,
    /// How many more it means than a form can hold.
    pub left_out: usize,
}

fn permissions_meant(what: &[Selector], resource: &Resource) -> Vec<String> {
    let meant: Vec<_> = what.iter().filter(|selector| selector.covers_resource(resource)).collect();
    let is_meant =
        |permission: &&String| meant.iter().any(|what| what.permission.matches(permission));
    resource.permissions.iter().filter(is_meant).cloned().collect()
}

/// Everything that can be asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The connected systems.
    pub integrations: BTreeMap<IntegrationId, Integration>,
    /// What is inside them, configured or discovered.
    pub resources: Resources,
    /// What is asked for as one.
    pub bundles: BTreeMap<BundleId, Bundle>,
}

impl Catalog {
    /// Adds to each bundle the items that its selectors mean among today's resources.
    pub fn fill_bundles(&mut self) {
        let selecting = self.bundles.values_mut().filter(|bundle| !bundle.what.is_empty());
        let mut filling: Vec<_> = selecting
            .map(|bundle| (bundle.items.iter().cloned().collect::<BTreeSet<Item>>(), bundle))
            .collect();
        if filling.is_empty() {
            return;
        }
        for resource in self.resources.iter() {
            for (held, bundle) in &mut filling {
                for permission in permissions_meant(&bundle.what, &resource) {
                    let item = Item { at: resource.at.clone(), permission };
                    if held.contains(&item) {
                        continue;
                    }
                    if bundle.items.len() >= MOST_ITEMS {
                        bundle.left_out += 1;
                        continue;
                    }
                    held.insert(item.clone());
                    bundle.items.push(item);
                }
            }
        }
    }

    /// How people call the integration; its id where it is no longer configured.
    pub fn integration_name<'a>(&'a self, id: &'a IntegrationId) -> &'a str {
        let known = self.integrations.get(id);
        known.map_or(id.as_str(), |integration| name_or_id(&integration.name, id.as_str()))
    }

    /// How people call the resource; its id where it is no longer listed.
    pub fn resource_name<'a>(&'a self, at: &'a ResourceRef) -> &'a str {
        self.resources.name_of(at).unwrap_or(&at.resource)
    }
}
