//! The second step, as a page: for how long, why, what sending makes of it; and sending.
use super::super::act::Act;
use super::super::answer::{Stop, see};
use super::super::reader::Reader;
use super::Sheet;
use crate::app::ActError;
use crate::chat::form::finish::{self, answers_of, form_of, wrong};
use crate::domain::draft::Draft;
use crate::show::pages::Place;
use crate::show::pages::form::{self as show, StepTitle, Wrong};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

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

impl Sheet {
    async fn send(self) -> Result<Response, Stop> {
        let reader = &self.reader;
        let form = match form_of(reader.voice(), &reader.person, (&self.id, &self.draft)) {
            Ok(form) => form,
            Err(wrong) => return Ok(self.refused(wrong).await),
        };
        match reader.app().submit(form).await {
            Ok(submitted) => {
                reader.app().forget_boosted(&self.draft.grantee);
                let body = show::sent(reader.voice(), &submitted.requests, &submitted.refused);
                let title = show::title(reader.voice(), StepTitle::Sent);
                Ok(reader.page("form_sent", reader.frame(title, Place::Elsewhere), body))
            }
            Err(ActError::Form(mistake)) => {
                Ok(self.refused(wrong(self.reader.voice(), &mistake)).await)
            }
            Err(error) => Err(reader.refuse(&error).into()),
        }
    }

    async fn refused(&self, wrong: Wrong) -> Response {
        self.draw(StatusCode::UNPROCESSABLE_ENTITY, wrong).await
    }

    async fn draw(&self, status: StatusCode, wrong: Wrong) -> Response {
        let reader = &self.reader;
        let live = self.live(self.draft.basket.items()).await;
        let shown = (&*reader.snapshot, reader.voice());
        let body = finish::view(shown, &reader.person, (&self.id, &self.draft), &live, wrong);
        let title = show::title(reader.voice(), StepTitle::Choose);
        reader.visit.page(status, "form_finish", reader.frame(title, Place::Elsewhere), body)
    }
}
