//! Types of ticket: the `[[ticket]]` tables of the service file.
use super::directory::id;
use super::secret::{SecretForm, secret};
use super::section::{Found, Section};
use super::service::address;
use super::words::{Names, shown};
use crate::domain::id::TicketTypeId;
use crate::domain::ticket::{TicketPattern, TicketType, WhenDown};
use secrecy::SecretString;
use std::collections::BTreeMap;

/// Stands for the ticket's number in an address.
const NUMBER: &str = "{id}";

/// The status that means that there is such a ticket, where the file does not say.
const FOUND: u16 = 200;

/// Where tickets of one type are looked up.
#[derive(Debug, Clone)]
pub struct TicketLookup<S: SecretForm = SecretString> {
    /// The address, with `{id}` where the number belongs.
    pub url: String,
    /// A header with a secret, where the system wants one.
    pub header: Option<(String, S)>,
    /// The status that means that there is such a ticket.
    pub found: u16,
}

/// What the service file says about tickets.
pub(super) struct Tickets<S: SecretForm> {
    pub(super) names: Names,
    pub(super) types: BTreeMap<TicketTypeId, TicketType>,
    pub(super) lookups: BTreeMap<TicketTypeId, TicketLookup<S>>,
}

/// Reads all types of ticket.
pub(super) fn read<S: SecretForm>(root: &Section<'_>) -> Tickets<S> {
    let mut tickets = Tickets {
        names: Names::of("type of ticket"),
        types: BTreeMap::new(),
        lookups: BTreeMap::new(),
    };
    for section in root.sections("ticket") {
        let id = id(&section, "\"incident\"");
        let name = section.text("name").or_else(|| id.clone());
        let pattern = pattern(&section);
        let example = example(&section, pattern.as_ref());
        if let Some(id) = &id {
            tickets.names.add(root.reading, id);
        }
        let looked_up = section.section("lookup").map(|table| {
            let read = lookup::<S>(&table, id.as_ref());
            table.finish();
            read
        });
        section.finish();
        // One that could not be read is a mistake already.
        let looked_up = looked_up.flatten();
        if let (Some(id), Some(name), Some(pattern), Some(example)) = (id, name, pattern, example) {
            let id = TicketTypeId::new(id.value);
            let name = name.value.to_owned();
            let lookup = looked_up.as_ref().map(|(when_down, _)| *when_down);
            let of_type = TicketType { id: id.clone(), name, pattern, example, lookup };
            tickets.types.insert(id.clone(), of_type);
            tickets.lookups.extend(looked_up.map(|(_, lookup)| (id, lookup)));
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

/// Where and how tickets are looked up, and what follows when that cannot be done.
fn lookup<S: SecretForm>(
    table: &Section<'_>,
    id: Option<&Found<&str>>,
) -> Option<(WhenDown, TicketLookup<S>)> {
    let url = url(table);
    let header = header::<S>(table, id);
    let found = found(table);
    let choices = [("let through", WhenDown::LetThrough), ("refuse", WhenDown::Refuse)];
    if !table.has("when_down") {
        table.missing("when_down", "\"let through\"");
    }
    let when_down = table.choice("when_down", &choices);
    Some((when_down?, TicketLookup { url: url?, header: header?, found: found? }))
}

fn url(table: &Section<'_>) -> Option<String> {
    let text = table.needed_text("url", "\"https://tickets.example.com/api/{id}\"")?;
    if text.value.matches(NUMBER).count() != 1 {
        let what = "write `{id}` once, where the ticket's number belongs";
        table.reading.mistake(&text.place, what);
        return None;
    }
    // Checked with a word in the number's place; braces are no address.
    let filled = text.value.replace(NUMBER, "id");
    address(table, &Found { value: filled.as_str(), place: text.place.clone() })?;
    Some(text.value.to_owned())
}

/// `Some(None)` where no header is asked for.
fn header<S: SecretForm>(
    table: &Section<'_>,
    id: Option<&Found<&str>>,
) -> Option<Option<(String, S)>> {
    table.has("token_file");
    let Some(name) = table.text("header") else {
        if table.has("token_file") {
            table.missing("header", "\"Authorization\"");
            return None;
        }
        return (!table.has("header")).then_some(None);
    };
    let is_name = name.value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_name {
        let what = format!("{} is no header's name", shown(name.value));
        table.reading.mistake(&name.place, what);
        return None;
    }
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let id: String = id?.value.chars().map(upper).collect();
    let token = secret(table, "token_file", &format!("HALLPASS_TICKET_{id}_TOKEN"), |text| {
        let is_line = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        is_line.then_some(()).ok_or("holds more than one line of plain characters")
    })?;
    Some(Some((name.value.to_owned(), token)))
}

fn found(table: &Section<'_>) -> Option<u16> {
    let Some(word) = table.word_or_number("found", "a status such as 200, without quotes") else {
        return (!table.has("found")).then_some(FOUND);
    };
    let read = word.value.parse::<u16>().ok().filter(|status| (200..=599).contains(status));
    if read.is_none() {
        table.reading.mistake(&word.place, "write a status from 200 to 599");
    }
    read
}
