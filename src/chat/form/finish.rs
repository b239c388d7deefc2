//! The second step: for how long, why, what sending makes of it; and sending.
use super::bounds;
use super::fields::Fields;
use crate::app::submit::Form;
use crate::app::{FormMistake, Snapshot};
use crate::chat::answers;
use crate::domain::catalog::Item;
use crate::domain::draft::{Answers, Draft};
use crate::domain::id::{PersonId, RequestId, TicketTypeId};
use crate::domain::submission::split;
use crate::domain::ticket::GivenTicket;
use crate::show::Voice;
use crate::show::pages::form::{self as show, FinishPage, Wrong};
use crate::show::request_form::{self as chat, Finishing};
use std::collections::BTreeMap;

/// What was answered, however long ([`bounds::too_long`] says what does not do).
pub fn answers_of(fields: &Fields) -> Answers {
    let typed = |name: &str| fields.typed(name);
    Answers {
        duration_seconds: fields.get("duration").and_then(|seconds| seconds.parse().ok()),
        other_duration: typed("other_duration"),
        ticket_kind: typed("ticket_kind"),
        ticket_id: typed("ticket"),
        justification: typed("why"),
    }
}

/// The form to send; or what is wrong with it as it stands.
///
/// # Errors
///
/// An answer that is too long or a duration that cannot be read, said at its field.
pub fn form_of(
    voice: Voice<'_>,
    owner: &PersonId,
    (id, draft): (&str, &Draft),
) -> Result<Form, Wrong> {
    let answers = &draft.answers;
    if let Some(wrong) = bounds::too_long(voice, answers) {
        return Err(wrong);
    }
    let duration = answers.duration().map_err(|why| {
        let duration = Some(answers::not_a_duration(voice, why));
        Wrong { duration, ..Wrong::default() }
    })?;
    let number = answers.ticket_id.clone();
    let kind = answers.ticket_kind.clone().map(TicketTypeId::new);
    Ok(Form {
        requester: owner.clone(),
        grantee: draft.grantee.clone(),
        items: draft.basket.items().to_vec(),
        duration,
        ticket: number.map(|number| GivenTicket { kind, number }),
        justification: answers.justification.clone().unwrap_or_default(),
        // The same form in two windows, or sent twice, is one submission, on every platform.
        key: Some(format!("draft:{id}")),
    })
}

/// What is wrong, where it is wrong.
pub fn wrong(voice: Voice<'_>, mistake: &FormMistake) -> Wrong {
    let sentence = Some(answers::form_mistake(voice, mistake));
    match mistake {
        FormMistake::TooLong { .. } => Wrong { duration: sentence, ..Wrong::default() },
        FormMistake::Ticket(_) => Wrong { ticket: sentence, ..Wrong::default() },
        FormMistake::NoJustification
        | FormMistake::Unclear(_)
        | FormMistake::Empty
        | FormMistake::NothingAllowed(_) => Wrong { why: sentence, ..Wrong::default() },
    }
}

/// The second step as it stands; `live` is what the grantee has or waits for.
pub fn view(
    (snapshot, voice): (&Snapshot, Voice<'_>),
    owner: &PersonId,
    (id, draft): (&str, &Draft),
    live: &BTreeMap<Item, RequestId>,
    wrong: Wrong,
) -> FinishPage {
    let policy = &snapshot.policy;
    let items = draft.basket.items();
    let split = split(policy, owner, &draft.grantee, items);
    let grantee = (draft.grantee != *owner).then(|| policy.directory.name_of(&draft.grantee));
    let answers = &draft.answers;
    let of = Finishing { draft: id, items, split: &split, answers, live, grantee };
    show::finish(chat::finish(voice, of, draft.note.clone()), wrong)
}
