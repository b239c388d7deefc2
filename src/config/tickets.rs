//! Types of ticket: the `[[ticket]]` tables of the service file.
use super::directory::id;
use super::section::Section;
use super::words::{Names, shown};
use crate::domain::id::TicketTypeId;
use crate::domain::ticket::{TicketPattern, TicketType};
use std::collections::BTreeMap;

/// What the service file says about tickets.
pub(super) struct Tickets {
    pub(super) names: Names,
    pub(super) types: BTreeMap<TicketTypeId, TicketType>,
}

/// Reads all types of ticket.
pub(super) fn read(root: &Section<'_>) -> Tickets {
    let mut tickets = Tickets { names: Names::of("type of ticket"), types: BTreeMap::new() };
    for section in root.sections("ticket") {
        let id = id(&section, "\"incident\"");
        let name = section.text("name").or_else(|| id.clone());
        let pattern = pattern(&section);
        let example = example(&section, pattern.as_ref());
        if let Some(id) = &id {
            tickets.names.add(root.reading, id);
        }
        section.finish();
        if let (Some(id), Some(name), Some(pattern), Some(example)) = (id, name, pattern, example) {
            let id = TicketTypeId::new(id.value);
            let name = name.value.to_owned();
            let of_type = TicketType { id: id.clone(), name, pattern, example, lookup: None };
            tickets.types.insert(id, of_type);
        }
    }
    tickets
}

fn pattern(section: &Section<'_>) -> Option<TicketPattern> {
    let text = section.needed_text("pattern", "\"INC-[0-9]+\"")?;
    match TicketPattern::new(text.value) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            let what = format!("{} is no regular expression: {why}", shown(text.value));
            section.reading.mistake(&text.place, what);
            None
        }
    }
}

/// One number, which people are shown and which proves that the pattern means what it should.
fn example(section: &Section<'_>, pattern: Option<&TicketPattern>) -> Option<String> {
    let text = section.needed_text("example", "\"INC-42\"")?;
    if pattern.is_some_and(|pattern| pattern.read(text.value).as_deref() != Some(text.value)) {
        let what = format!("{} does not fit `pattern`", shown(text.value));
        section.reading.mistake(&text.place, what);
    }
    Some(text.value.to_owned())
}
