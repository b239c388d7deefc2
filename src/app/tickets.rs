//! What a form must bring besides its items: a ticket, and a justification that is good enough.
//!
//! A ticket's number is held against its type's pattern here. Whether there is such a ticket, its
//! own system is asked, before any transaction begins and for a moment only.
use super::submit::Form;
use super::{App, FormMistake};
use crate::domain::id::TicketTypeId;
use crate::domain::justification::{self, Setting};
use crate::domain::policy::Policy;
use crate::domain::submission::Split;
use crate::domain::terms::{Demands, JustificationRule};
use crate::domain::ticket::{
    Answer, Standing, Ticket, TicketMistake, TicketType, WhenDown, choose,
};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Asks a ticket's own system whether there is such a ticket. Answers soon, whatever happens there.
pub type TicketLookup =
    Arc<dyn Fn(TicketTypeId, String) -> BoxFuture<'static, Answer> + Send + Sync>;

impl App {
    /// Lets `lookup` answer for the types of ticket that are looked up; the first one stays.
    pub fn look_tickets_up_with(&self, lookup: TicketLookup) {
        // Only the wiring calls this, once.
        let _ = self.inner.ticket_lookup.set(lookup);
    }

    /// The ticket that a form brings, checked as far as can be.
    pub(super) async fn ticket(
        &self,
        policy: &Policy,
        demands: &Demands,
        form: &Form,
    ) -> Result<Option<Ticket>, FormMistake> {
        let given = form.ticket.as_ref();
        let chosen = choose(&policy.tickets, demands, given);
        if !demands.asks_ticket {
            // Named without being asked for, as in a typed line: it is kept as it was given. The
            // form shows no field for it, so nothing about it may stand in the way.
            let kept = |(of_type, number): (&TicketType, String)| Ticket {
                kind: of_type.id.clone(),
                number,
                standing: Standing::Fits,
            };
            return Ok(chosen.ok().flatten().map(kept));
        }
        let Some((of_type, number)) = chosen? else {
            return Ok(None);
        };
        let kind = of_type.id.clone();
        let Some(when_down) = of_type.lookup else {
            return Ok(Some(Ticket { kind, number, standing: Standing::Fits }));
        };
        let answer = match self.inner.ticket_lookup.get() {
            Some(lookup) => lookup(kind.clone(), number.clone()).await,
            None => Answer::Unknown,
        };
        let standing = match (answer, when_down) {
            (Answer::There, _) => Standing::Found,
            (Answer::NotThere, _) => return Err(TicketMistake::NotThere { number }.into()),
            (Answer::Unknown, WhenDown::LetThrough) => Standing::Unchecked,
            (Answer::Unknown, WhenDown::Refuse) => return Err(TicketMistake::Unanswered.into()),
        };
        Ok(Some(Ticket { kind, number, standing }))
    }
}

/// Holds the justification against what the flows demand of it.
pub(super) fn justify(
    policy: &Policy,
    split: &Split<'_>,
    demands: &Demands,
    form: &Form,
) -> Result<(), FormMistake> {
    if demands.justification == JustificationRule::Any {
        return Ok(());
    }
    let strict = |rule| rule == JustificationRule::AllLights;
    let permissions: Vec<&str> = split
        .parts
        .iter()
        .filter(|part| strict(part.flow.justification))
        .flat_map(|part| part.items.iter().map(|item| item.permission.as_str()))
        .collect();
    let setting = Setting {
        permissions: &permissions,
        tickets: &demands.counting(policy),
        ticket: form.ticket.as_ref().map(|given| given.number.as_str()),
        examples: &[],
    };
    let lights = justification::check(&form.justification, &setting);
    if lights.are_green() { Ok(()) } else { Err(FormMistake::Unclear(Box::new(lights))) }
}
