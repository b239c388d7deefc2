//! Three lights over a justification (R9): it describes the task, it explains why this level of
//! access, it names a ticket.
//!
//! ```text
//! text --words--> what is said --task, level, ticket--> Lights, each with what is missing
//! ```
//!
//! The checker knows English and German words, looks at nothing but its input, and takes time
//! linear in the text. It does not understand: it finds the signs that a useful justification has
//! and that a careless one lacks, so that a person is helped while typing. Whoever wants to fool it
//! can; an approver reads the text all the same.
mod said;
#[cfg(test)]
mod tests;
mod words;

use super::ticket::TicketType;
use said::Said;

/// What is known when a justification is judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting<'a> {
    /// The permissions asked for.
    pub permissions: &'a [&'a str],
    /// The types of ticket that count; any number that looks like a ticket's where there are none.
    pub tickets: &'a [&'a TicketType],
    /// What stands in the ticket's own field.
    pub ticket: Option<&'a str>,
    /// What the form shows as an example; repeating it says nothing.
    pub examples: &'a [&'a str],
}

/// The three lights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lights {
    /// Describes the task.
    pub task: Light,
    /// Explains why this level of access.
    pub level: Light,
    /// Names a relevant ticket.
    pub ticket: Light,
}

/// One light, with what is missing where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Light {
    /// It does.
    Green,
    /// Nearly.
    Amber(Hint),
    /// It does not.
    Red(Hint),
}

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// There is no text yet.
    Empty,
    /// The text is the form's own example.
    IsExample,
    /// These are no words, or a few words over and over.
    NoSense,
    /// Written in letters of a language that the checker does not know.
    UnknownLanguage,
    /// Nothing says what will be done.
    NoTask,
    /// It says what will be done, and not with what.
    TooShort,
    /// It says what it is about, and not what will be done.
    NoAction,
    /// Nothing says why it must be this permission.
    NoLevel {
        /// The strongest permission asked for.
        permission: String,
    },
    /// It says what this permission is used for, and not why that is needed.
    NoReason {
        /// The strongest permission asked for.
        permission: String,
    },
    /// What is described needs less than what is asked for.
    LessWouldDo {
        /// The strongest permission asked for.
        permission: String,
    },
    /// No ticket is named.
    NoTicket,
    /// What looks like a ticket is none of the types that count here.
    OtherTicket {
        /// As written.
        number: String,
    },
}

impl Lights {
    /// Whether all three are green.
    pub fn are_green(&self) -> bool {
        [&self.task, &self.level, &self.ticket].iter().all(|light| **light == Light::Green)
    }
}

impl Light {
    /// What is missing.
    pub fn hint(&self) -> Option<&Hint> {
        match self {
            Self::Green => None,
            Self::Amber(hint) | Self::Red(hint) => Some(hint),
        }
    }
}

/// Judges a justification.
pub fn check(text: &str, setting: &Setting<'_>) -> Lights {
    let said = Said::of(text, setting);
    if let Some(hint) = worthless(text, &said, setting) {
        let ticket = match hint {
            Hint::IsExample => field_alone(setting),
            _ => ticket(&said, setting),
        };
        return Lights { task: Light::Red(hint.clone()), level: Light::Red(hint), ticket };
    }
    Lights { task: task(&said), level: level(&said, setting), ticket: ticket(&said, setting) }
}

/// Why the text as a whole says nothing.
fn worthless(text: &str, said: &Said, setting: &Setting<'_>) -> Option<Hint> {
    if text.trim().is_empty() {
        return Some(Hint::Empty);
    }
    let plain = said::plain(text);
    if setting.examples.iter().any(|example| said::plain(example) == plain) {
        return Some(Hint::IsExample);
    }
    said.is_senseless().then_some(Hint::NoSense)
}

fn task(said: &Said) -> Light {
    if said.is_foreign() {
        return Light::Amber(Hint::UnknownLanguage);
    }
    match (said.acts(), said.topics()) {
        (true, 2..) => Light::Green,
        (true, 1) => Light::Amber(Hint::TooShort),
        (false, 3..) => Light::Amber(Hint::NoAction),
        (true, _) | (false, _) => Light::Red(Hint::NoTask),
    }
}

fn level(said: &Said, setting: &Setting<'_>) -> Light {
    if said.is_foreign() {
        return Light::Amber(Hint::UnknownLanguage);
    }
    let strongest = setting.permissions.iter().max_by_key(|permission| words::power(permission));
    let permission = strongest.map_or("", |permission| *permission).to_owned();
    let needed = words::power(&permission);
    let is_enough = said.power() >= Some(needed);
    let is_named = said.names(&permission) || said.asked() >= Some(needed);
    if !is_enough && said.power().is_some() && said.gives_reason() && !said.less_is_too_little() {
        return Light::Amber(Hint::LessWouldDo { permission });
    }
    if !is_enough && !is_named {
        return Light::Red(Hint::NoLevel { permission });
    }
    if said.gives_reason() && (said.acts() || said.topics() >= 2) {
        return Light::Green;
    }
    Light::Amber(Hint::NoReason { permission })
}

fn ticket(said: &Said, setting: &Setting<'_>) -> Light {
    if said.has_ticket() || field_alone(setting) == Light::Green {
        return Light::Green;
    }
    match said.other_ticket() {
        Some(number) => Light::Amber(Hint::OtherTicket { number: number.to_owned() }),
        None => field_alone(setting),
    }
}

/// What the ticket's own field alone says.
fn field_alone(setting: &Setting<'_>) -> Light {
    let Some(number) = setting.ticket.map(str::trim).filter(|number| !number.is_empty()) else {
        return Light::Red(Hint::NoTicket);
    };
    match said::is_ticket(number, setting.tickets) {
        true => Light::Green,
        false => Light::Amber(Hint::OtherTicket { number: said::short(number) }),
    }
}
