//! Going on to the second step, and sending.
use super::super::Ack;
use super::super::acks::errors;
use super::super::handle::{Slack, Why, replace_view};
use super::super::payload::View;
use super::draw::Sheet;
use super::fields::{app_items, take_over};
use super::press::picked_items;
use crate::app::reach::Pair;
use crate::app::submit::Form;
use crate::app::{ActError, FormMistake, Snapshot};
use crate::chat::answers;
use crate::domain::catalog::Item;
use crate::domain::draft::{Added, Answers, Draft, WayIn};
use crate::domain::duration::NotADuration;
use crate::domain::id::{PersonId, TicketTypeId};
use crate::domain::person::Account;
use crate::domain::ticket::GivenTicket;
use crate::show::{Voice, request_form as show};
use serde_json::Value;

impl Slack {
    /// Puts the second step in the place of the first.
    pub(in super::super) async fn go_on(&self, from: &Account, view: View) -> Ack {
        self.turns().begin(&view.id);
        match self.next_step(from, &view).await {
            Ok(next) => replace_view(&next),
            Err(why) => self.refuse(from, &view, &why).await,
        }
    }

    async fn next_step(&self, from: &Account, view: &View) -> Result<Value, Why> {
        let person = self.person_in_ack(from).await?;
        let (app, id) = (self.app(), view.metadata.as_str());
        let snapshot = app.policy();
        let take = |draft: &mut Draft| {
            let lost = take_over(&snapshot, &person, view, draft);
            (lost, take_picks(&snapshot, &person, view, draft))
        };
        let (draft, (lost, (added, closed))) = app.change_draft(&person, id, take).await?;
        let language = self.language_at_hand(from).await;
        let sheet = Sheet { language, snapshot: &snapshot, owner: &person, id, draft: &draft };
        let lost = lost.told(sheet.voice());
        if lost.is_some() {
            return sheet.choose(lost);
        }
        if draft.basket.is_empty() {
            return sheet.choose(Some(show::nothing_chosen(sheet.voice())));
        }
        let is_told = added.left_out > 0 || closed > 0;
        let said = is_told.then(|| show::added(sheet.voice(), added, closed));
        sheet.finish(&self.live(&draft).await, said)
    }

    /// Sends the form; the answer is what it became, or what is wrong, field by field.
    pub(in super::super) async fn submit_request(&self, from: &Account, view: View) -> Ack {
        self.turns().begin(&view.id);
        match self.sent(from, &view).await {
            Ok(ack) => ack,
            Err(why) => self.refuse(from, &view, &why).await,
        }
    }

    async fn sent(&self, from: &Account, view: &View) -> Result<Ack, Why> {
        let (id, person) = (view.metadata.as_str(), self.person_in_ack(from).await?);
        let mut draft = self.app().draft(&person, id).await?;
        let (snapshot, language) = (self.app().policy(), self.language_at_hand(from).await);
        let voice = Voice::new(&snapshot.policy, language);
        let lost = take_over(&snapshot, &person, view, &mut draft).told(voice);
        if lost.is_some() {
            // What was meant for somebody else is not sent for oneself.
            let take = |draft: &mut Draft| drop(take_over(&snapshot, &person, view, draft));
            let (draft, ()) = self.app().change_draft(&person, id, take).await?;
            let sheet = Sheet { language, snapshot: &snapshot, owner: &person, id, draft: &draft };
            return Ok(replace_view(&sheet.choose(lost)?));
        }
        let form = match form(&person, id, &draft) {
            Ok(form) => form,
            Err(why) => return Ok(errors("other_duration", &answers::not_a_duration(voice, why))),
        };
        match self.app().submit(form).await {
            Ok(submitted) => {
                self.app().forget_boosted(&draft.grantee);
                let notice = show::submitted(voice, &submitted.requests, &submitted.refused);
                Ok(self.answer(language, &notice))
            }
            Err(ActError::Form(mistake)) => {
                let sheet =
                    Sheet { language, snapshot: &snapshot, owner: &person, id, draft: &draft };
                Ok(self.point_out(&sheet, view, &mistake))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Says what is wrong where it is wrong.
    fn point_out(&self, sheet: &Sheet<'_>, view: &View, mistake: &FormMistake) -> Ack {
        let block = match mistake {
            FormMistake::TooLong { .. } if view.typed("other_duration").is_none() => "duration",
            FormMistake::TooLong { .. } => "other_duration",
            FormMistake::NoJustification | FormMistake::Unclear(_) => "why",
            // Where the form shows no field for it, the person reads it at the reason.
            FormMistake::Ticket(_) => {
                if view.has("ticket") {
                    "ticket"
                } else {
                    "why"
                }
            }
            FormMistake::Empty | FormMistake::NothingAllowed(_) => {
                let said = answers::form_mistake(sheet.voice(), mistake);
                return match sheet.choose(Some(said)) {
                    Ok(view) => replace_view(&view),
                    Err(why) => self.answer(sheet.language, &self.notice_of(sheet.language, &why)),
                };
            }
        };
        errors(block, &answers::form_mistake(sheet.voice(), mistake))
    }
}

/// What is picked but was not added yet is meant as well; what became of it, and how many of it
/// cannot be asked for.
fn take_picks(
    snapshot: &Snapshot,
    person: &PersonId,
    view: &View,
    draft: &mut Draft,
) -> (Added, usize) {
    let pair = Pair { requester: person.clone(), grantee: draft.grantee.clone() };
    // Picked a moment ago: its own press comes too late for this step, and adds nothing. The list
    // may have been drawn under an older name.
    let picked: Vec<String> =
        view.blocks("pick-").flat_map(|block| view.chosen_many(block)).collect();
    let (mut items, gone) = picked_items(snapshot, picked.iter());
    match draft.way {
        WayIn::Resource => {}
        WayIn::App => items.extend(app_items(snapshot, &pair, &draft.app)),
        WayIn::Bundle => items.append(&mut draft.bundle.ticked),
    }
    if items.is_empty() {
        return (Added::default(), gone);
    }
    let asked = items.len();
    let may: Vec<Item> = items.into_iter().filter(|item| snapshot.may_ask(&pair, item)).collect();
    let closed = gone + asked - may.len();
    if draft.way == WayIn::App {
        draft.app.pick_resources(Vec::new());
    }
    draft.turn += 1;
    (draft.basket.add(may), closed)
}

fn form(person: &PersonId, id: &str, draft: &Draft) -> Result<Form, NotADuration> {
    Ok(Form {
        requester: person.clone(),
        grantee: draft.grantee.clone(),
        items: draft.basket.items().to_vec(),
        duration: draft.answers.duration()?,
        ticket: ticket_of(&draft.answers),
        justification: draft.answers.justification.clone().unwrap_or_default(),
        // The same form in two windows, or sent twice, is one submission.
        key: Some(format!("draft:{id}")),
    })
}

/// The ticket as it was given, where one was.
fn ticket_of(answers: &Answers) -> Option<GivenTicket> {
    let number = answers.ticket_id.clone()?;
    let kind = answers.ticket_kind.clone().map(TicketTypeId::new);
    Some(GivenTicket { kind, number })
}
