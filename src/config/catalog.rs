//! The catalogue file: connected systems, and resources listed by hand.
use super::directory::id;
use super::secret::SecretForm;
use super::section::Section;
use super::target::{self, Target, url_variable};
use super::words::{Names, shown};
use crate::domain::catalog::{Integration, Resource, ResourceRef};
use crate::domain::id::{IntegrationId, PersonTag};
use std::collections::BTreeMap;

/// What the catalogue file holds.
#[derive(Debug)]
pub(super) struct Listed<S: SecretForm> {
    pub(super) integrations: BTreeMap<IntegrationId, Integration>,
    pub(super) targets: BTreeMap<IntegrationId, Target<S>>,
    pub(super) resources: BTreeMap<ResourceRef, Resource>,
}

impl<S: SecretForm> Listed<S> {
    /// Nothing listed.
    pub(super) fn none() -> Self {
        Self { integrations: BTreeMap::new(), targets: BTreeMap::new(), resources: BTreeMap::new() }
    }
}

/// Reads integrations and their resources, and adds the integrations' names to `names`.
pub(super) fn read<S: SecretForm>(
    root: &Section<'_>,
    people: &Names,
    names: &mut Names,
) -> Listed<S> {
    let mut listed = Listed::none();
    let sections = root.sections("integration");
    if sections.is_empty() {
        let what = "there are no integrations; begin each with `[[integration]]`";
        root.reading.mistake(&root.here(), what);
    }
    let mut variables = BTreeMap::new();
    for section in &sections {
        let id = id(section, "\"prod-postgres\"");
        let name = section.needed_text("name", "\"Production PostgreSQL\"");
        let variable = url_variable(id.as_ref().map_or("", |id| id.value));
        let target = section.kept(target::read(section, &variable, people));
        if let Some(id) = id {
            names.add(root.reading, &id);
            let other = variables.insert(variable.clone(), id.value.to_owned());
            if let Some(other) = other.filter(|other| other != id.value) {
                let what = format!("this id and {} both read {variable}", shown(&other));
                root.reading.mistake(&id.place, what);
            }
            let id = IntegrationId::new(id.value);
            for resource in resources(section, &id, people) {
                add(&mut listed.resources, resource, section);
            }
            listed.targets.extend(target.map(|target| (id.clone(), target)));
            let integration =
                name.map(|name| Integration { id: id.clone(), name: name.value.to_owned() });
            listed.integrations.extend(integration.map(|integration| (id, integration)));
        }
        section.finish();
    }
    listed
}

/// The resources that a person listed by hand: what discovery cannot know, an owner for example.
fn resources(section: &Section<'_>, at: &IntegrationId, people: &Names) -> Vec<Resource> {
    let mut resources = Vec::new();
    for listed in section.sections("resource") {
        let id = listed.needed_text("id", "\"database:payments\"");
        let name = listed.text("name").or_else(|| id.clone());
        let kind = listed.needed_text("kind", "\"database\"");
        if !listed.has("permissions") {
            listed.missing("permissions", "[\"read\", \"write\"]");
        }
        let permissions: Vec<String> =
            listed.texts("permissions").iter().map(|text| text.value.to_owned()).collect();
        let owner = listed.text("owner").and_then(|owner| {
            people.resolve::<PersonTag>(listed.reading, &owner.place, owner.value)
        });
        listed.finish();
        if let (Some(id), Some(name), Some(kind)) = (id, name, kind) {
            let at = ResourceRef { integration: at.clone(), resource: id.value.to_owned() };
            let (name, kind) = (name.value.to_owned(), kind.value.to_owned());
            resources.push(Resource { at, name, kind, permissions, owner });
        }
    }
    resources
}

fn add(resources: &mut BTreeMap<ResourceRef, Resource>, resource: Resource, section: &Section<'_>) {
    let id = resource.at.resource.clone();
    if resources.insert(resource.at.clone(), resource).is_some() {
        let what = format!("this integration lists the resource {} twice", shown(&id));
        section.reading.mistake(&section.place("resource"), what);
    }
}
