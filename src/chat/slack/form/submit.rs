//! Going on to the second step, and sending.
use super::super::Ack;
use super::super::handle::{Slack, Why, replace_view};
use super::super::payload::View;
use super::draw::Sheet;
use super::fields::{app_items, pick_block, take_over};
use crate::app::reach::Pair;
use crate::app::submit::Form;
use crate::app::{ActError, FormMistake, Snapshot};
use crate::chat::answers;
use crate::domain::draft::{Answers, Draft, WayIn};
use crate::domain::duration::{self, NotADuration};
use crate::domain::id::{PersonId, TicketTypeId};
use crate::domain::person::Account;
use crate::domain::ticket::GivenTicket;
use crate::show::{Voice, request_form as show};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;

impl Slack {
    /// Puts the second step in the place of the first.
    pub(in super::super) async fn go_on(self: &Arc<Self>, from: &Account, view: View) -> Ack {
        self.turns().begin(&view.id);
        match self.next_step(from, &view).await {
            Ok(next) => replace_view(&next),
            Err(why) => self.refuse(from, &why).await,
        }
    }

    async fn next_step(&self, from: &Account, view: &View) -> Result<Value, Why> {
        let person = self.person(from).await?;
        let (app, id) = (self.app(), view.metadata.as_str());
        let snapshot = app.policy();
        let take = |draft: &mut Draft| {
            take_over(&snapshot, &person, view, draft);
            take_picks(&snapshot, &person, view, draft);
        };
        let (draft, ()) = app.change_draft(&person, id, take).await?;
        let language = self.language(from).await;
        let sheet = Sheet { language, snapshot: &snapshot, owner: &person, id, draft: &draft };
        match draft.basket.is_empty() {
            true => sheet.choose(None, Some(show::nothing_chosen(sheet.voice()))),
            false => sheet.finish(&self.live(&draft).await, None),
        }
    }

    /// Sends the form; the answer is what it became, or what is wrong, field by field.
    pub(in super::super) async fn submit_request(
        self: &Arc<Self>,
        from: &Account,
        view: View,
    ) -> Ack {
        self.turns().begin(&view.id);
        let person = match self.person(from).await {
            Ok(person) => person,
            Err(nobody) => return self.refuse(from, &Why::from(nobody)).await,
        };
        let mut draft = match self.app().draft(&person, &view.metadata).await {
            Ok(draft) => draft,
            Err(error) => return self.refuse(from, &Why::from(error)).await,
        };
        let (snapshot, language) = (self.app().policy(), self.language(from).await);
        let voice = Voice::new(&snapshot.policy, language);
        take_over(&snapshot, &person, &view, &mut draft);
        let form = match form(&person, &view.metadata, &draft) {
            Ok(form) => form,
            Err(why) => {
                return errors("other_duration", &answers::not_a_duration(voice, why));
            }
        };
        match self.app().submit(form).await {
            Ok(submitted) => {
                self.app().forget_boosted(&draft.grantee);
                let notice = show::submitted(voice, &submitted.requests, &submitted.refused);
                self.answer(language, &notice)
            }
            Err(ActError::Form(mistake)) => {
                let id = view.metadata.as_str();
                let sheet =
                    Sheet { language, snapshot: &snapshot, owner: &person, id, draft: &draft };
                self.point_out(&sheet, &view, &mistake)
            }
            Err(error) => self.refuse(from, &Why::from(error)).await,
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
                return match sheet.choose(None, Some(said)) {
                    Ok(view) => replace_view(&view),
                    Err(why) => self.answer(sheet.language, &self.notice_of(sheet.language, &why)),
                };
            }
        };
        errors(block, &answers::form_mistake(sheet.voice(), mistake))
    }
}

/// What is picked but was not added yet is meant as well.
fn take_picks(snapshot: &Snapshot, person: &PersonId, view: &View, draft: &mut Draft) {
    let pair = Pair { requester: person.clone(), grantee: draft.grantee.clone() };
    match draft.way {
        WayIn::Resource => {
            // Picked a moment ago: its own press comes too late for this step, and adds nothing.
            let picked = view.chosen_many(&pick_block(draft));
            let items = picked.iter().filter_map(|value| snapshot.item_of(value));
            let may = items.filter(|item| snapshot.may_ask(&pair, item));
            if draft.basket.add(may).new > 0 {
                draft.turn += 1;
            }
        }
        WayIn::App => {
            let items = app_items(snapshot, &pair, &draft.app);
            if !items.is_empty() {
                draft.basket.add(items);
                draft.app.pick_resources(Vec::new());
                draft.turn += 1;
            }
        }
        WayIn::Bundle => {
            let ticked = std::mem::take(&mut draft.bundle.ticked);
            let may = ticked.into_iter().filter(|item| snapshot.may_ask(&pair, item));
            if draft.basket.add(may).new > 0 {
                draft.turn += 1;
            }
        }
    }
}

fn form(person: &PersonId, id: &str, draft: &Draft) -> Result<Form, NotADuration> {
    Ok(Form {
        requester: person.clone(),
        grantee: draft.grantee.clone(),
        items: draft.basket.items().to_vec(),
        duration: duration_of(&draft.answers)?,
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

/// The typed duration where there is one, else the picked.
fn duration_of(answers: &Answers) -> Result<TimeDelta, NotADuration> {
    match &answers.other_duration {
        Some(text) => duration::parse(text),
        None => answers
            .duration_seconds
            .and_then(TimeDelta::try_seconds)
            .filter(|duration| *duration > TimeDelta::zero())
            .ok_or(NotADuration::Unreadable),
    }
}

fn errors(block: &str, what: &str) -> Ack {
    let body = json!({ "response_action": "errors", "errors": { block: what } });
    Ack { body: Some(body) }
}
