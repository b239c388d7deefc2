//! Details, how to connect, and ending a request early.
use super::api::ApiError;
use super::handle::{Slack, Trouble, Way, Why};
use super::payload::Click;
use super::stack::{DetailsPlace, Shown};
use super::views::{carry, lead_back, view};
use crate::app::ActError;
use crate::chat::access::how_to_connect;
use crate::domain::id::RequestId;
use crate::show::details::{Told, details};
use crate::show::forms::Notice;
use crate::show::{Voice, templates, texts};

impl Slack {
    /// Opens a request's details for somebody who may see it.
    pub(super) async fn open_details(&self, way: &Way, id: RequestId) -> Result<(), Trouble> {
        let view = self.details(way, id, 0, &way.stack()).await;
        let view = view.map_err(|why| way.trouble(why))?;
        self.open(way, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Turns the page of open details.
    pub(super) async fn turn_page(
        &self,
        way: &Way,
        id: RequestId,
        click: &Click,
    ) -> Result<(), Trouble> {
        let mut below = way.stack();
        // The uppermost is the one that is turned.
        let here = below.pop().and_then(|shown| shown.page());
        let page = page_of(click).or(here).unwrap_or_default();
        let view = self.details(way, id, page, &below).await;
        let view = view.map_err(|why| way.trouble(why))?;
        if let Some(open) = &click.view {
            let drawn = self.api().update_view(&open.id, None, view).await;
            // Where it was closed meanwhile, nobody waits for the page.
            drawn.map(drop).or_else(ApiError::unless_overtaken).map_err(|e| way.trouble(e))?;
        }
        Ok(())
    }

    /// A page of a request's details, drawn for whoever acted.
    pub(super) async fn details(
        &self,
        way: &Way,
        id: RequestId,
        page: usize,
        below: &[Shown],
    ) -> Result<serde_json::Value, Why> {
        let person = self.person(&way.from).await?;
        let whole = self.app().whole(&person, id).await?;
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language(&way.from).await);
        let (record, past) = (&whole.record, whole.past.as_slice());
        let told = Told { record, past, star: whole.star, at: whole.at };
        let model = details(voice, told, &person, page);
        let mut view = view(voice.language, "details", &model)?;
        carry(&mut view, &DetailsPlace { request: id, page, below: below.to_vec() });
        if !below.is_empty() {
            lead_back(voice.language, &mut view);
        }
        Ok(view)
    }

    /// Shows the grantee, and nobody else, how to connect.
    pub(super) async fn open_connect(
        &self,
        way: &Way,
        id: RequestId,
        click: &Click,
    ) -> Result<(), Trouble> {
        let person = self.person_now(&way.from).await.map_err(|e| way.trouble(e))?;
        let details = self.app().access_details(&person, id).await.map_err(|e| way.trouble(e))?;
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language(&way.from).await);
        let Some(model) = how_to_connect(voice, id, &details, page_of(click).unwrap_or(0)) else {
            let title = voice.say("connect-title", []);
            self.say(way, &Notice::new(&title, voice.say("connect-nothing", []))).await;
            return Ok(());
        };
        let mut view = view(voice.language, "connect", &model).map_err(|e| way.trouble(e))?;
        if let (Some(_), Some(open)) = (page_of(click), &click.view) {
            if way.is_pushed() {
                lead_back(voice.language, &mut view);
            }
            let drawn = self.api().update_view(&open.id, None, view).await;
            // Where it was closed meanwhile, nobody waits for the page.
            drawn.map(drop).or_else(ApiError::unless_overtaken).map_err(|e| way.trouble(e))?;
            return Ok(());
        }
        self.open(way, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Withdraws a pending request; an admin gives a reason.
    pub(super) async fn cancel(
        &self,
        way: &Way,
        id: RequestId,
        reason: String,
    ) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let key = way.key();
        match self.app().cancel(&person, id, reason, key.as_deref()).await {
            Err(ActError::NeedsReason) => return self.open_end(way, id, (true, "")).await,
            ended => ended.map_err(|e| way.trouble(e))?,
        };
        self.refresh(way, &way.stack()).await;
        let line = self.line(way, "cancelled", id).await;
        self.confirm(way, line).await
    }

    /// Ends access early; an admin gives a reason.
    pub(super) async fn revoke(
        &self,
        way: &Way,
        id: RequestId,
        reason: String,
    ) -> Result<(), Trouble> {
        let person = self.person_now(&way.from).await.map_err(|e| way.trouble(e))?;
        let key = way.key();
        match self.app().revoke(&person, id, reason, key.as_deref()).await {
            Err(ActError::NeedsReason) => return self.open_end(way, id, (false, "")).await,
            ended => ended.map_err(|e| way.trouble(e))?,
        };
        self.refresh(way, &way.stack()).await;
        let line = self.line(way, "being-revoked", id).await;
        self.confirm(way, line).await
    }

    async fn line(&self, way: &Way, key: &str, id: RequestId) -> String {
        texts::say(self.language(&way.from).await, key, [("id", id.to_string().into())])
    }

    /// Where a word was typed an answer is due; a click's answer is its message, rewritten.
    pub(super) async fn confirm(&self, way: &Way, line: String) -> Result<(), Trouble> {
        if let Some(url) = way.response_url.as_deref().filter(|_| !way.is_click) {
            let text = templates::mrkdwn_text(&line);
            let body = serde_json::json!({ "response_type": "ephemeral", "text": text });
            self.api().respond(url, body).await.map_err(|e| way.trouble(e))?;
        }
        Ok(())
    }
}

/// The page that a button of a paged view turns to.
fn page_of(click: &Click) -> Option<usize> {
    click.value.split(' ').nth(1)?.parse().ok()
}
