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
use std::sync::Arc;

/// Resources in the order of their places, each place once. Cheap to clone.
#[derive(Clone, Default)]
pub struct Resources {
    packed: Arc<Packed>,
}

#[derive(Debug, Default)]
struct Packed {
    texts: String,
    rows: Vec<Row>,
    shapes: Vec<Shape>,
}

/// Takes resources one by one, in any order; the first of a place stays.
#[derive(Debug, Default)]
pub struct Packing {
    packed: Packed,
    /// The latest shape of each hash.
    known: HashMap<u64, u32>,
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

/// A resource to pack, wherever its texts are.
#[derive(Debug, Clone, Copy)]
pub struct Unpacked<'a, P> {
    /// The connected system.
    pub integration: &'a str,
    /// Its id there.
    pub id: &'a str,
    /// How people call it.
    pub name: &'a str,
    /// Its type.
    pub kind: &'a str,
    /// What may be done with it, weakest first.
    pub permissions: P,
    /// Who answers for it, where somebody does.
    pub owner: Option<&'a str>,
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
    pub fn push<'a>(&mut self, resource: &Unpacked<'a, impl Iterator<Item = &'a str> + Clone>) {
        let shape = self.shape_of(resource);
        let (begins, id, name) = (self.packed.texts.len(), resource.id, resource.name);
        self.packed.texts.push_str(id);
        // A name that cannot be seen is none: the id stands for it wherever the resource is named.
        let name = if name == id || !is_visible(name) { "" } else { name };
        self.packed.texts.push_str(name);
        let (id_bytes, name_bytes) = (number(id.len()), number(name.len()));
        self.packed.rows.push(Row { begins, id_bytes, name_bytes, shape });
    }

    /// The shape of a resource. Where two that differ share a hash, one is kept more than once.
    fn shape_of<'a>(
        &mut self,
        resource: &Unpacked<'a, impl Iterator<Item = &'a str> + Clone>,
    ) -> u32 {
        let mut hasher = DefaultHasher::new();
        resource.hash_shape(&mut hasher);
        let hash = hasher.finish();
        let shapes = &mut self.packed.shapes;
        if let Some(&known) = self.known.get(&hash)
            && size(known).and_then(|at| shapes.get(at)).is_some_and(|it| resource.is_of(it))
        {
            return known;
        }
        let new = number(shapes.len());
        shapes.push(resource.shape());
        self.known.insert(hash, new);
        new
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
        Resources { packed: Arc::new(packed) }
    }

    /// The resources that were taken, all in one integration, whichever they were said to be in.
    pub fn finish_in(mut self, integration: &IntegrationId) -> Resources {
        self.packed.shapes.iter_mut().for_each(|it| it.integration = integration.clone());
        self.finish()
    }
}

impl<'a, P: Iterator<Item = &'a str> + Clone> Unpacked<'a, P> {
    fn hash_shape(&self, hasher: &mut DefaultHasher) {
        (self.integration, self.kind, self.owner).hash(hasher);
        self.permissions.clone().for_each(|permission| permission.hash(hasher));
    }

    fn is_of(&self, shape: &Shape) -> bool {
        shape.integration.as_str() == self.integration
            && shape.kind == self.kind
            && shape.owner.as_ref().map(PersonId::as_str) == self.owner
            && shape.permissions.iter().map(String::as_str).eq(self.permissions.clone())
    }

    fn shape(&self) -> Shape {
        Shape {
            integration: self.integration.into(),
            kind: self.kind.to_owned(),
            permissions: self.permissions.clone().map(str::to_owned).collect(),
            owner: self.owner.map(PersonId::from),
        }
    }
}

impl Resources {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.packed.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.packed.rows.is_empty()
    }

    /// The resource at a place.
    pub fn get(&self, at: &ResourceRef) -> Option<Resource> {
        self.found(at).and_then(|row| self.packed.made(row))
    }

    /// The resource that is `entry`th in order.
    pub fn nth(&self, entry: usize) -> Option<Resource> {
        self.packed.rows.get(entry).and_then(|row| self.packed.made(row))
    }

    /// The parts of the resource that is `entry`th in order.
    pub fn parts_at(&self, entry: usize) -> Option<Parts<'_>> {
        self.packed.rows.get(entry).and_then(|row| self.packed.parts_of(row))
    }

    /// The parts of the resource at a place.
    pub fn parts_of(&self, at: &ResourceRef) -> Option<Parts<'_>> {
        self.packed.parts_of(self.found(at)?)
    }

    /// Which in order the resource at a place is.
    pub fn entry_of(&self, at: &ResourceRef) -> Option<usize> {
        let wanted = Some((&at.integration, at.resource.as_str()));
        self.packed.rows.binary_search_by(|row| self.packed.place(row).cmp(&wanted)).ok()
    }

    /// The name of the resource at a place.
    pub fn name_of(&self, at: &ResourceRef) -> Option<&str> {
        Some(self.packed.parts_of(self.found(at)?)?.name)
    }

    /// Who answers for the resource at a place.
    pub fn owner_of(&self, at: &ResourceRef) -> Option<&PersonId> {
        self.packed.shape(self.found(at)?)?.owner.as_ref()
    }

    /// A number that stands for all of them in this process: the same for the same, taken in the
    /// same order.
    pub fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.packed.texts, &self.packed.rows, &self.packed.shapes).hash(&mut hasher);
        hasher.finish()
    }

    /// These, and of `others` those in places that none of these has.
    pub fn over(&self, others: &Self) -> Self {
        match (self.is_empty(), others.is_empty()) {
            (true, _) => others.clone(),
            (_, true) => self.clone(),
            (false, false) => self.iter().chain(others.iter()).collect(),
        }
    }

    /// Those in integrations of which this is true.
    pub fn within(&self, is_meant: impl Fn(&IntegrationId) -> bool) -> Self {
        if self.packed.shapes.iter().all(|shape| is_meant(&shape.integration)) {
            return self.clone();
        }
        self.iter().filter(|resource| is_meant(&resource.at.integration)).collect()
    }

    /// The permissions that there are, some of them more than once.
    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.packed.shapes.iter().flat_map(|shape| shape.permissions.iter().map(String::as_str))
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Resource> {
        self.packed.rows.iter().filter_map(|row| self.packed.made(row))
    }

    /// All of them, in order, without making any.
    pub fn parts(&self) -> impl Iterator<Item = Parts<'_>> {
        self.packed.rows.iter().filter_map(|row| self.packed.parts_of(row))
    }

    fn found(&self, at: &ResourceRef) -> Option<&Row> {
        self.packed.rows.get(self.entry_of(at)?)
    }
}

impl Packed {
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

    /// All there is to a resource.
    fn all_of(&self, row: &Row) -> Option<(&str, &str, &Shape)> {
        let parts = self.parts_of(row)?;
        Some((parts.id, parts.name, self.shape(row)?))
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
        resources.into_iter().for_each(|resource| packing.push(&unpacked(&resource)));
        packing.finish()
    }
}

impl PartialEq for Resources {
    fn eq(&self, other: &Self) -> bool {
        let same = |(ours, theirs): (&Row, &Row)| {
            let (ours, theirs) = (self.packed.all_of(ours), other.packed.all_of(theirs));
            ours == theirs
        };
        self.len() == other.len() && self.packed.rows.iter().zip(&other.packed.rows).all(same)
    }
}

impl Eq for Resources {}

impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

fn unpacked(resource: &Resource) -> Unpacked<'_, impl Iterator<Item = &str> + Clone> {
    Unpacked {
        integration: resource.at.integration.as_str(),
        id: &resource.at.resource,
        name: &resource.name,
        kind: &resource.kind,
        permissions: resource.permissions.iter().map(String::as_str),
        owner: resource.owner.as_ref().map(PersonId::as_str),
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
