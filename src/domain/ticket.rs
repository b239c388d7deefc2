//! Tickets: their types, and whether a text is the number of one.
//!
//! A type's pattern must fit the whole number. Patterns run in time linear in the text (the regex
//! crate has no backtracking), and numbers are short, so that nobody can make a check slow.
use super::id::TicketTypeId;
use super::terms::Demands;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest number of a ticket, in characters.
pub const LONGEST_NUMBER: usize = 64;

/// Most memory that one compiled pattern may take, in bytes: `INC-[0-9]+` takes a thousandth.
const LARGEST_PATTERN_BYTES: usize = 1 << 18;

/// One kind of ticket, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketType {
    /// Its name in the configuration.
    pub id: TicketTypeId,
    /// How people call it: `Incident`.
    pub name: String,
    /// What its numbers look like.
    pub pattern: TicketPattern,
    /// One such number, as people are shown it: `INC-42`.
    pub example: String,
    /// What follows when the ticket system does not answer; `None` where none is asked.
    pub lookup: Option<WhenDown>,
}

/// What follows when a ticket could not be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenDown {
    /// The request goes on; approvers see that the ticket is unchecked.
    LetThrough,
    /// The request is refused until the ticket system answers.
    Refuse,
}

/// A ticket that a request names, as it stood when that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its type.
    pub kind: TicketTypeId,
    /// Its number.
    pub number: String,
    /// What is known of it.
    pub standing: Standing,
}

/// What is known of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its number looks right; its system is not asked.
    Fits,
    /// Its system has it.
    Found,
    /// Its system did not answer.
    Unchecked,
}

/// What a ticket system says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// There is such a ticket.
    There,
    /// There is none.
    NotThere,
    /// It does not answer, or nothing that can be understood.
    Unknown,
}

/// A ticket as somebody gave it: it may be wrong still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenTicket {
    /// The type that was picked; any that fits where none was.
    pub kind: Option<TicketTypeId>,
    /// The number as typed.
    pub number: String,
}

/// Why a ticket cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketMistake {
    /// There must be one.
    #[error("name a ticket, such as {examples}")]
    Missing {
        /// What would count.
        examples: String,
    },
    /// It looks like none.
    #[error("this is no ticket's number; write one like {examples}")]
    NotOne {
        /// What would count.
        examples: String,
    },
    /// It looks like a ticket of a type that does not count here.
    #[error("this needs another type of ticket, such as {examples}")]
    WrongType {
        /// What would count.
        examples: String,
    },
    /// No type counts for everything that is asked for.
    #[error("these need tickets of different types; ask for them in separate forms")]
    NoneForAll,
    /// Its system has none of that number.
    #[error("there is no ticket {number}")]
    NotThere {
        /// As typed.
        number: String,
    },
    /// Its system does not answer, and the configuration asks for an answer.
    #[error(
        "the ticket cannot be checked, because its system does not answer; try again in a minute"
    )]
    Unanswered,
}

/// The type and the number that `given` means under what is demanded; `None` where no ticket is
/// given and none is needed.
///
/// # Errors
///
/// [`TicketMistake`] says what to give instead.
pub fn choose<'t>(
    types: &'t BTreeMap<TicketTypeId, TicketType>,
    demands: &Demands,
    given: Option<&GivenTicket>,
) -> Result<Option<(&'t TicketType, String)>, TicketMistake> {
    let of_ids = |ids: &[TicketTypeId]| -> Vec<&'t TicketType> {
        ids.iter().filter_map(|id| types.get(id)).collect()
    };
    let counting = match demands.asks_ticket {
        true => of_ids(&demands.types),
        false => types.values().collect(),
    };
    let examples = counting.iter().map(|one| one.example.as_str()).collect::<Vec<_>>().join(", ");
    let given = given.filter(|given| !given.number.trim().is_empty());
    if demands.asks_ticket && counting.is_empty() && (demands.is_ticket_required || given.is_some())
    {
        return Err(TicketMistake::NoneForAll);
    }
    let Some(given) = given.filter(|_| !types.is_empty()) else {
        return match demands.is_ticket_required {
            true => Err(TicketMistake::Missing { examples }),
            false => Ok(None),
        };
    };
    let is_meant = |one: &&&TicketType| given.kind.as_ref().is_none_or(|kind| *kind == one.id);
    let read = |one: &&'t TicketType| one.pattern.read(&given.number).map(|number| (*one, number));
    if let Some(found) = counting.iter().filter(is_meant).find_map(read) {
        return Ok(Some(found));
    }
    match types.values().any(|one| one.pattern.read(&given.number).is_some()) {
        true => Err(TicketMistake::WrongType { examples }),
        false => Err(TicketMistake::NotOne { examples }),
    }
}

/// What the numbers of a type look like.
#[derive(Debug, Clone)]
pub struct TicketPattern {
    written: String,
    compiled: Regex,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAPattern(String);

impl TicketPattern {
    /// The pattern written as `text`, a regular expression such as `INC-[0-9]+`.
    ///
    /// # Errors
    ///
    /// [`NotAPattern`] says what is wrong with the expression.
    pub fn new(text: &str) -> Result<Self, NotAPattern> {
        let compile = |text: &str| {
            let built = RegexBuilder::new(text).size_limit(LARGEST_PATTERN_BYTES).build();
            built.map_err(|error| {
                // The last line of the crate's drawing says what is wrong.
                let said = error.to_string();
                let last = said.lines().last().unwrap_or_default().trim();
                let why = last.strip_prefix("error: ").unwrap_or(last);
                NotAPattern(why.trim_end_matches('.').to_owned())
            })
        };
        // Alone first: `a)|(b` must not become whole by what is put around it.
        compile(text)?;
        Ok(Self { written: text.to_owned(), compiled: compile(&format!("^(?:{text})$"))? })
    }

    /// The expression as written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The ticket's number as `text` means it: as typed, or in capitals where only that fits.
    pub fn read(&self, text: &str) -> Option<String> {
        let typed = text.trim();
        if typed.chars().nth(LONGEST_NUMBER).is_some() {
            return None;
        }
        [typed.to_owned(), typed.to_uppercase()]
            .into_iter()
            .find(|number| self.compiled.is_match(number))
    }
}

impl PartialEq for TicketPattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for TicketPattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_fits_whole_and_in_capitals_where_only_that_fits() {
        let incident = TicketPattern::new("INC-[0-9]{1,6}|#[0-9]+").unwrap();
        for (text, number) in [
            ("INC-42", Some("INC-42")),
            (" inc-42 ", Some("INC-42")),
            ("#7", Some("#7")),
            ("INC-", None),
            ("xINC-42", None),
            ("INC-42x", None),
            ("INC-42\nINC-43", None),
            ("INC-1234567", None),
            ("INC-٤٢", None),
            ("", None),
        ] {
            assert_eq!(incident.read(text).as_deref(), number, "{text}");
        }
        assert_eq!(TicketPattern::new(".*").unwrap().read(&"x".repeat(65)), None);
    }

    #[test]
    fn a_pattern_that_cannot_be_is_refused_with_the_reason() {
        let why = |text| TicketPattern::new(text).unwrap_err().to_string();
        insta::assert_snapshot!(
            [why("INC-["), why("a)|(b"), why("(?=x)y"), why("(?:x{1000}){1000}")].join("\n"),
            @"
            unclosed character class
            unopened group
            look-around, including look-ahead and look-behind, is not supported
            Compiled regex exceeds size limit of 262144 bytes
            "
        );
    }
}
