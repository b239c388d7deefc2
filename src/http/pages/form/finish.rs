//! The second step: for how long, why, what sending makes of it; and sending.
use super::super::act::Act;
use super::super::answer::{Stop, see};
use super::super::fields::Fields;
use super::super::reader::Reader;
use super::Sheet;
use crate::app::submit::Form;
use crate::app::{ActError, FormMistake};
use crate::chat::answers;
use crate::domain::draft::{Answers, Draft};

use crate::domain::id::TicketTypeId;
use crate::domain::submission::split;
use crate::domain::ticket::GivenTicket;
use crate::show::pages::Place;
use crate::show::pages::form::{self as show, StepTitle, Wrong};
use crate::show::request_form::{self as chat, Finishing};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// Longest answer that is kept, in characters: what the fields take.
const ANSWER: usize = 3000;

/// `GET /forms/{id}/finish`.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Result<Response, Stop> {
    let sheet = Sheet::open(reader, id).await?;
    if sheet.draft.basket.is_empty() {
        return Ok(see(&sheet.reader.visit.door, &format!("/forms/{}", sheet.id)));
    }
    Ok(sheet.draw(StatusCode::OK, Wrong::default()).await)
}

/// `POST /forms/{id}/finish`: keeps the answers; then shows what they make, or sends.
pub(super) async fn press(Path(id): Path<String>, act: Act) -> Result<Response, Stop> {
    let Act { reader, fields } = act;
    let answers = answers_of(&fields);
    let keep = |draft: &mut Draft| draft.answers = answers.clone();
    let kept = reader.app().change_draft(&reader.person, &id, keep).await;
    let (draft, ()) = kept.map_err(|error: ActError| reader.refuse(&error))?;
    let sheet = Sheet { reader, id, draft };
    if fields.get("press") != Some("send") {
        return Ok(sheet.draw(StatusCode::OK, Wrong::default()).await);
    }
    sheet.send().await
}

fn answers_of(fields: &Fields) -> Answers {
    let typed = |name: &str| {
        let text = fields.typed(name)?;
        Some(text.chars().take(ANSWER).collect::<String>())
    };
    Answers {
        duration_seconds: fields.get("duration").and_then(|seconds| seconds.parse().ok()),
        other_duration: typed("other_duration"),
        ticket_kind: typed("ticket_kind"),
        ticket_id: typed("ticket"),
        justification: typed("why"),
    }
}

impl Sheet {
    async fn send(self) -> Result<Response, Stop> {
        let reader = &self.reader;
        let answers = &self.draft.answers;
        let duration = match answers.duration() {
            Ok(duration) => duration,
            Err(why) => {
                let duration = Some(answers::not_a_duration(reader.voice(), why));
                return Ok(self.refused(Wrong { duration, ..Wrong::default() }).await);
            }
        };
        let number = answers.ticket_id.clone();
        let kind = answers.ticket_kind.clone().map(TicketTypeId::new);
        let form = Form {
            requester: reader.person.clone(),
            grantee: self.draft.grantee.clone(),
            items: self.draft.basket.items().to_vec(),
            duration,
            ticket: number.map(|number| GivenTicket { kind, number }),
            justification: answers.justification.clone().unwrap_or_default(),
            // The same form in two windows, or sent twice, is one submission, in chat as well.
            key: Some(format!("draft:{}", self.id)),
        };
        match reader.app().submit(form).await {
            Ok(submitted) => {
                reader.app().forget_boosted(&self.draft.grantee);
                let body = show::sent(reader.voice(), &submitted.requests, &submitted.refused);
                let title = show::title(reader.voice(), StepTitle::Sent);
                Ok(reader.page("form_sent", reader.frame(title, Place::Elsewhere), body))
            }
            Err(ActError::Form(mistake)) => {
                let wrong = self.wrong(&mistake);
                Ok(self.refused(wrong).await)
            }
            Err(error) => Err(reader.refuse(&error).into()),
        }
    }

    /// What is wrong, where it is wrong.
    fn wrong(&self, mistake: &FormMistake) -> Wrong {
        let sentence = Some(answers::form_mistake(self.reader.voice(), mistake));
        match mistake {
            FormMistake::TooLong { .. } => Wrong { duration: sentence, ..Wrong::default() },
            FormMistake::Ticket(_) => Wrong { ticket: sentence, ..Wrong::default() },
            FormMistake::NoJustification
            | FormMistake::Unclear(_)
            | FormMistake::Empty
            | FormMistake::NothingAllowed(_) => Wrong { why: sentence, ..Wrong::default() },
        }
    }

    async fn refused(&self, wrong: Wrong) -> Response {
        self.draw(StatusCode::UNPROCESSABLE_ENTITY, wrong).await
    }

    async fn draw(&self, status: StatusCode, wrong: Wrong) -> Response {
        let reader = &self.reader;
        let (policy, draft) = (&reader.snapshot.policy, &self.draft);
        let items = draft.basket.items();
        let live = self.live(items).await;
        let split = split(policy, &reader.person, &draft.grantee, items);
        let receiver =
            (draft.grantee != reader.person).then(|| policy.directory.name_of(&draft.grantee));
        let of = Finishing {
            draft: &self.id,
            items,
            split: &split,
            answers: &draft.answers,
            live: &live,
            receiver,
        };
        let body = show::finish(chat::finish(reader.voice(), of, draft.note.clone()), wrong);
        let title = show::title(reader.voice(), StepTitle::Choose);
        reader.visit.page(status, "form_finish", reader.frame(title, Place::Elsewhere), body)
    }
}
