//! Tickets in words.
use super::limits::one_line;
use super::{Choice, Fact, Voice};
use crate::domain::record::Record;
use crate::domain::terms::Demands;
use crate::domain::ticket::{Standing, Ticket, TicketMistake};

/// Longest number and name that is shown, in characters.
const SHOWN_CHARS: usize = 64;

/// The ticket of a request as a fact, where it names one.
pub fn fact(voice: Voice<'_>, record: &Record) -> Option<Fact> {
    let ticket = record.asked.ticket.as_ref()?;
    Some(Fact::text(&voice.say("ticket-label", []), worded(voice, ticket)))
}

/// `INC-42 (Incident)`, and whether it could not be checked.
pub fn worded(voice: Voice<'_>, ticket: &Ticket) -> String {
    let of_type = voice.policy.tickets.get(&ticket.kind);
    let name = of_type.map_or(ticket.kind.as_str(), |of_type| &of_type.name);
    let key = match ticket.standing {
        Standing::Fits => "ticket-fits",
        Standing::Found => "ticket-found",
        Standing::Unchecked => "ticket-unchecked",
    };
    let number = one_line(&ticket.number, SHOWN_CHARS);
    voice.say(key, [("number", number.into()), ("type", one_line(name, SHOWN_CHARS).into())])
}

/// The types that count, as choices with an example each.
pub fn choices(voice: Voice<'_>, demands: &Demands) -> Vec<Choice> {
    let choice = |of_type: &crate::domain::ticket::TicketType| Choice {
        label: one_line(&of_type.name, SHOWN_CHARS),
        value: of_type.id.as_str().to_owned(),
        hint: Some(one_line(&of_type.example, SHOWN_CHARS)),
    };
    demands.counting(voice.policy).into_iter().map(choice).collect()
}

/// Why a ticket cannot be taken.
pub fn mistake(voice: Voice<'_>, mistake: &TicketMistake) -> String {
    let with = |key, name, value: &str| voice.say(key, [(name, one_line(value, 200).into())]);
    match mistake {
        TicketMistake::Missing { examples } => with("ticket-missing", "examples", examples),
        TicketMistake::NotOne { examples } => with("ticket-not-one", "examples", examples),
        TicketMistake::WrongType { examples } => with("ticket-wrong-type", "examples", examples),
        TicketMistake::NoneForAll => voice.say("ticket-none-for-all", []),
        TicketMistake::NotThere { number } => with("ticket-not-there", "number", number),
        TicketMistake::Unanswered => voice.say("ticket-unanswered", []),
    }
}
