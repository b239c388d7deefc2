//! What is inside the connected systems: many resources, in the order of their places, packed.
//!
//! There may be a million, looked up and searched all day and replaced rarely. So their ids and
//! names lie back to back in one text, what many share (system, type, permissions, owner) is kept
//! once, and a [`Resource`] is made when it is asked for: about 50 bytes each instead of 500.
use super::catalog::{Resource, ResourceRef};
use super::id::{IntegrationId, PersonId};
use super::visible::is_visible;
use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Resources in the order of their places, each place once.
#[derive(Clone, Default)]
pub struct Resources {
    texts: String,
    rows: Vec<Row>,
    shapes: Vec<Shape>,
}

/// Takes resources one by one, in any order; the first of a place stays.
#[derive(Debug, Default)]
pub struct Packing {
    packed: Resources,
    known: HashMap<Shape, u32>,
}

/// What is a resource's own: where its id begins, with its name behind it.
#[derive(Debug, Clone, Copy, Hash)]
struct Row {
    begins: usize,
    id_bytes: u32,
    /// None where people call it by its id.
    name_bytes: u32,
    shape: u32,
}

/// What resources share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Shape {
    integration: IntegrationId,
    kind: String,
    permissions: Vec<String>,
    owner: Option<PersonId>,
}

/// The parts of a resource that is not made.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The connected system.
    pub integration: &'a IntegrationId,
    /// Its id there.
    pub id: &'a str,
    /// How people call it.
    pub name: &'a str,
    /// Its type.
    pub kind: &'a str,
    /// What may be done with it, weakest first.
    pub permissions: &'a [String],
    /// Stands for everything but the id and the name: the same for all that differ in these alone.
    pub shape: u32,
}

impl Packing {
    /// Takes a resource; it is left out where its place is taken already.
    pub fn push(&mut self, resource: Resource) {
        let Resource { at, name, kind, permissions, owner } = resource;
        let shape = Shape { integration: at.integration, kind, permissions, owner };
        let shape = match self.known.get(&shape) {
            Some(&known) => known,
            None => {
                let new = number(self.packed.shapes.len());
                self.packed.shapes.push(shape.clone());
                self.known.insert(shape, new);
                new
            }
        };
        let (begins, id) = (self.packed.texts.len(), at.resource);
        self.packed.texts.push_str(&id);
        // A name that cannot be seen is none: the id stands for it wherever the resource is named.
        let name = if name == id || !is_visible(&name) { "" } else { name.as_str() };
        self.packed.texts.push_str(name);
        let (id_bytes, name_bytes) = (number(id.len()), number(name.len()));
        self.packed.rows.push(Row { begins, id_bytes, name_bytes, shape });
    }

    /// The resources that were taken.
    pub fn finish(self) -> Resources {
        let mut packed = self.packed;
        let mut rows = std::mem::take(&mut packed.rows);
        rows.sort_by(|a, b| packed.place(a).cmp(&packed.place(b)));
        rows.dedup_by(|next, first| packed.place(next) == packed.place(first));
        rows.shrink_to_fit();
        packed.texts.shrink_to_fit();
        packed.rows = rows;
        packed
    }
}

impl Resources {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The resource at a place.
    pub fn get(&self, at: &ResourceRef) -> Option<Resource> {
        self.found(at).and_then(|row| self.made(row))
    }

    /// The resource that is `entry`th in order.
    pub fn nth(&self, entry: usize) -> Option<Resource> {
        self.rows.get(entry).and_then(|row| self.made(row))
    }

    /// The parts of the resource that is `entry`th in order.
    pub fn parts_at(&self, entry: usize) -> Option<Parts<'_>> {
        self.rows.get(entry).and_then(|row| self.parts_of(row))
    }

    /// Which in order the resource at a place is.
    pub fn entry_of(&self, at: &ResourceRef) -> Option<usize> {
        let wanted = Some((&at.integration, at.resource.as_str()));
        self.rows.binary_search_by(|row| self.place(row).cmp(&wanted)).ok()
    }

    /// The name of the resource at a place.
    pub fn name_of(&self, at: &ResourceRef) -> Option<&str> {
        Some(self.parts_of(self.found(at)?)?.name)
    }

    /// Who answers for the resource at a place.
    pub fn owner_of(&self, at: &ResourceRef) -> Option<&PersonId> {
        self.shape(self.found(at)?)?.owner.as_ref()
    }

    /// A number that stands for all of them in this process: the same for the same, taken in the
    /// same order.
    pub fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.texts, &self.rows, &self.shapes).hash(&mut hasher);
        hasher.finish()
    }

    /// The permissions that there are, some of them more than once.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.shapes.iter().flat_map(|shape| shape.permissions.iter().map(String::as_str))
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Resource> {
        self.rows.iter().filter_map(|row| self.made(row))
    }

    /// All of them, in order, without making any.
    pub fn parts(&self) -> impl Iterator<Item = Parts<'_>> {
        self.rows.iter().filter_map(|row| self.parts_of(row))
    }

    fn found(&self, at: &ResourceRef) -> Option<&Row> {
        self.rows.get(self.entry_of(at)?)
    }

    fn place(&self, row: &Row) -> Option<(&IntegrationId, &str)> {
        let parts = self.parts_of(row)?;
        Some((parts.integration, parts.id))
    }

    fn parts_of(&self, row: &Row) -> Option<Parts<'_>> {
        let Shape { integration, kind, permissions, .. } = self.shape(row)?;
        let (id_bytes, name_bytes) = (size(row.id_bytes)?, size(row.name_bytes)?);
        let (id, rest) = self.texts.get(row.begins..)?.split_at_checked(id_bytes)?;
        let name = if name_bytes == 0 { id } else { rest.get(..name_bytes)? };
        Some(Parts { integration, id, name, kind, permissions, shape: row.shape })
    }

    fn shape(&self, row: &Row) -> Option<&Shape> {
        self.shapes.get(size(row.shape)?)
    }

    fn made(&self, row: &Row) -> Option<Resource> {
        let (parts, shape) = (self.parts_of(row)?, self.shape(row)?.clone());
        Some(Resource {
            at: ResourceRef { integration: shape.integration, resource: parts.id.to_owned() },
            name: parts.name.to_owned(),
            kind: shape.kind,
            permissions: shape.permissions,
            owner: shape.owner,
        })
    }
}

impl FromIterator<Resource> for Resources {
    fn from_iter<I: IntoIterator<Item = Resource>>(resources: I) -> Self {
        let mut packing = Packing::default();
        resources.into_iter().for_each(|resource| packing.push(resource));
        packing.finish()
    }
}

impl PartialEq for Resources {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Resources {}

impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Lengths and counts fit: no id has 4 GB, and nobody lists 4 billion shapes.
fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

fn size(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(integration: &str, id: &str, name: &str) -> Resource {
        Resource {
            at: ResourceRef { integration: integration.into(), resource: id.into() },
            name: name.into(),
            kind: "database".into(),
            permissions: vec!["read".into()],
            owner: (id == "b").then(|| "ben".into()),
        }
    }

    #[test]
    fn what_was_taken_comes_back_in_order_and_the_first_of_a_place_stays() {
        let first = [
            resource("pg", "b", "b"),
            resource("pg", "é", "Café"),
            resource("ldap", "z", "z"),
            resource("pg", "", "nameless id"),
        ];

        let packed: Resources =
            first.iter().cloned().chain([resource("pg", "b", "a later one")]).collect();

        let [b, e, z, none] = first;
        assert_eq!(packed.iter().collect::<Vec<_>>(), [z, none, b.clone(), e.clone()]);
        assert_eq!(packed.get(&b.at), Some(b.clone()));
        assert_eq!(packed.nth(3), Some(e.clone()));
        assert_eq!(packed.name_of(&e.at), Some("Café"));
        assert_eq!(packed.owner_of(&b.at), Some(&"ben".into()));
        assert_eq!(packed.get(&resource("pg", "c", "").at), None);
    }
}
