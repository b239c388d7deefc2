//! The bundles file: resources and permissions that are asked for as one.
use super::directory::id;
use super::flows::{combinations, selector};
use super::section::Section;
use super::words::{Label, Names, advice, shown};
use crate::domain::catalog::{Bundle, Item, Resource, ResourceRef};
use crate::domain::id::BundleId;
use crate::domain::submission::MOST_ITEMS;
use std::collections::BTreeMap;

/// Reads all bundles.
pub(super) fn read(
    root: &Section<'_>,
    integrations: &Names,
    resources: &BTreeMap<ResourceRef, Resource>,
) -> BTreeMap<BundleId, Bundle> {
    let mut names = Names::of("bundle");
    let mut bundles = BTreeMap::new();
    for section in root.sections("bundle") {
        let id = id(&section, "\"on-call\"");
        let name = section.text("name").or_else(|| id.clone());
        let description = section.text("description").map_or("", |text| text.value).to_owned();
        let tables = section.sections("item");
        let selecting = section.sections("what");
        if tables.len() + selecting.len() == 0 || tables.len() > MOST_ITEMS {
            let what = format!(
                "a bundle holds 1 to {MOST_ITEMS} items, each beginning with `[[bundle.item]]`, or \
                 all that `[[bundle.what]]` tables mean"
            );
            section.reading.mistake(&section.place("item"), what);
        }
        let what = selecting.iter().flat_map(|table| combinations(table, integrations));
        let what = what.map(|written| selector(&written)).collect();
        let mut items: Vec<Item> = Vec::new();
        for item in tables.iter().filter_map(|table| item(table, integrations, resources)) {
            if !items.contains(&item) {
                items.push(item);
            }
        }
        section.finish();
        if let (Some(id), Some(name)) = (id, name) {
            names.add(root.reading, &id);
            let id = BundleId::new(id.value);
            let name = name.value.to_owned();
            let bundle = Bundle { id: id.clone(), name, description, items, what, left_out: 0 };
            bundles.insert(id, bundle);
        }
    }
    bundles
}

/// One item. A resource that nobody listed by hand may be discovered later and is not doubted.
fn item(
    table: &Section<'_>,
    integrations: &Names,
    resources: &BTreeMap<ResourceRef, Resource>,
) -> Option<Item> {
    let integration = table.needed_text("integration", "\"prod-postgres\"");
    let resource = table.needed_text("resource", "\"database:payments\"");
    let permission = table.needed_text("permission", "\"read\"");
    table.finish();
    let integration = integration?;
    let integration = integrations.resolve(table.reading, &integration.place, integration.value)?;
    let at = ResourceRef { integration, resource: resource?.value.to_owned() };
    let permission = permission?;
    if let Some(listed) = resources.get(&at) {
        let known = listed.permissions.iter().map(String::as_str);
        if !listed.permissions.is_empty() && !known.clone().any(|known| known == permission.value) {
            let advice = advice(permission.value, known, Label::ThereAre);
            let what = format!("{} is no permission of it{advice}", shown(permission.value));
            table.reading.mistake(&permission.place, what);
        }
    }
    Some(Item { at, permission: permission.value.to_owned() })
}
