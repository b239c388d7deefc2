//! App Home, details, how to connect, and ending a request early.
use super::handle::{NAME, Slack, Trouble, Way};
use super::payload::Click;
use crate::app::browse::{Details, Home};
use crate::domain::catalog::Entitlement;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::person::Account;
use crate::show::forms::{self, Connect, ConnectEntry, Notice};
use crate::show::home::{self, ROWS};
use crate::show::{Fact, Voice, templates, texts, words};

impl Slack {
    /// Draws the App Home for whoever opened it.
    pub(super) async fn publish_home(&self, from: &Account) -> Result<(), Trouble> {
        let way = Way {
            from: from.clone(),
            trigger: None,
            response_url: None,
            is_click: true,
            copy: None,
        };
        let person = match self.person(from).await {
            Ok(person) => person,
            Err(nobody) => {
                let policy = self.app().policy();
                let voice = Voice::new(&policy.policy, self.language(from).await);
                let notice = Notice::new(NAME, nobody.sentence(voice));
                let mut view = templates::slack(voice.language, "notice", &notice)
                    .map_err(|e| way.trouble(e))?;
                as_home(&mut view);
                self.api()
                    .publish_home(&from.user, view, None)
                    .await
                    .map_err(|e| way.trouble(e))?;
                return Ok(());
            }
        };
        let view = self.home_of(from, &person).await.map_err(|why| way.trouble(why))?;
        match self.api().publish_home(&from.user, view, None).await {
            Ok(()) => Ok(()),
            // The Home is drawn anew whenever it is opened; nobody waits for this one.
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a Home was not published"
                );
                Ok(())
            }
        }
    }

    async fn home_of(
        &self,
        from: &Account,
        person: &PersonId,
    ) -> Result<serde_json::Value, super::handle::Why> {
        let app = self.app();
        let Home { mut mine, counts, waiting } = app.home(person, ROWS + 1).await?;
        mine.truncate(ROWS);
        let policy = app.policy();
        let voice = Voice::new(&policy.policy, self.language(from).await);
        let model = home::home(voice, person, &mine, &waiting, &counts);
        Ok(templates::slack(voice.language, "home", &model)?)
    }

    /// Opens a request's details for somebody who may see it.
    pub(super) async fn open_details(&self, way: &Way, id: RequestId) -> Result<(), Trouble> {
        let view = self.details(way, id, 0).await?;
        let trigger = way.trigger.as_deref().unwrap_or_default();
        self.api().open_view(trigger, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Turns the page of open details.
    pub(super) async fn turn_page(
        &self,
        way: &Way,
        id: RequestId,
        click: &Click,
    ) -> Result<(), Trouble> {
        let view = self.details(way, id, page_of(click).unwrap_or(0)).await?;
        if let Some(open) = &click.view {
            self.api().update_view(&open.id, None, view).await.map_err(|e| way.trouble(e))?;
        }
        Ok(())
    }

    async fn details(
        &self,
        way: &Way,
        id: RequestId,
        page: usize,
    ) -> Result<serde_json::Value, Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let record = self.app().request(&person, id).await.map_err(|e| way.trouble(e))?;
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language(&way.from).await);
        let model = forms::details(voice, &record, &person, page);
        templates::slack(voice.language, "details", &model).map_err(|e| way.trouble(e))
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
        let trigger = way.trigger.as_deref().unwrap_or_default();
        let policy = self.app().policy();
        let voice = Voice::new(&policy.policy, self.language(&way.from).await);
        if details.is_empty() {
            let title = voice.say("connect-title", []);
            self.say(way, &Notice::new(&title, voice.say("connect-nothing", []))).await;
            return Ok(());
        }
        let entries = details
            .into_iter()
            .map(|(entitlement, details)| entry(voice, &entitlement, details))
            .collect();
        let model = Connect::page(voice, id, entries, page_of(click).unwrap_or(0));
        let view =
            templates::slack(voice.language, "connect", &model).map_err(|e| way.trouble(e))?;
        if let (Some(_), Some(open)) = (page_of(click), &click.view) {
            self.api().update_view(&open.id, None, view).await.map_err(|e| way.trouble(e))?;
            return Ok(());
        }
        self.api().open_view(trigger, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Withdraws a pending request.
    pub(super) async fn cancel(&self, way: &Way, id: RequestId) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let key = way.key();
        self.app().cancel(&person, id, key.as_deref()).await.map_err(|e| way.trouble(e))?;
        self.confirm(way, "cancelled", id).await
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
        let revoked = self.app().revoke(&person, id, reason, key.as_deref()).await;
        revoked.map_err(|e| way.trouble(e))?;
        self.confirm(way, "being-revoked", id).await
    }

    /// Where a word was typed an answer is due; a click's answer is its message, rewritten.
    async fn confirm(&self, way: &Way, key: &str, id: RequestId) -> Result<(), Trouble> {
        if let Some(url) = way.response_url.as_deref().filter(|_| !way.is_click) {
            let language = self.language(&way.from).await;
            let line = texts::say(language, key, [("id", id.to_string().into())]);
            let text = templates::mrkdwn_text(&line);
            let body = serde_json::json!({ "response_type": "ephemeral", "text": text });
            self.api().respond(url, body).await.map_err(|e| way.trouble(e))?;
        }
        self.publish_home(&way.from).await
    }
}

fn entry(voice: Voice<'_>, entitlement: &Entitlement, details: Details) -> ConnectEntry {
    let mut lines: Vec<Fact> = details
        .lines
        .iter()
        .map(|(label, value)| Fact::text(&words::title(label), value))
        .collect();
    if let Some(credential) = details.credential {
        lines.push(Fact::text(&voice.say("connect-password", []), credential.0));
    }
    ConnectEntry { item: words::item(voice, &entitlement.item), lines }
}

/// The page that a button of a paged view turns to.
fn page_of(click: &Click) -> Option<usize> {
    click.value.split(' ').nth(1)?.parse().ok()
}

/// A notice drawn as a Home instead of a modal.
fn as_home(view: &mut serde_json::Value) {
    if let Some(view) = view.as_object_mut() {
        view.retain(|key, _| key == "blocks");
        view.insert("type".to_owned(), "home".into());
    }
}
