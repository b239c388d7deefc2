//! What people do in Slack, in the words of the product: each goes through real HTTP, both ways.
use super::{CHANNEL, SOON, World, policy};
use hallpass::demo::slack::{Answer, Container, Delivery, Message, State, View};
use hallpass::domain::id::RequestId;
use serde_json::{Value, json};

/// What is typed into a form beside the choices.
pub(crate) struct Filled<'a> {
    pub(crate) resource: &'a str,
    pub(crate) permission: &'a str,
    pub(crate) duration: Option<&'a str>,
    pub(crate) why: &'a str,
}

impl World {
    /// Waits for what the bot does soon.
    pub(crate) async fn soon<T>(&self, what: &str, look: impl FnMut(&State) -> Option<T>) -> T {
        let found = self.slack.wait_for(look, SOON).await;
        found.unwrap_or_else(|| panic!("{what}: not seen; refused: {:?}", self.slack.refusals()))
    }

    /// Waits until a person's uppermost modal is of this kind.
    pub(crate) async fn sees_modal(&self, person: &str, callback: &str) -> View {
        let account = policy::account(person);
        let what = format!("{person}'s modal {callback}");
        let look =
            |state: &State| state.views(&account).last().filter(|view| is(view, callback)).cloned();
        self.soon(&what, look).await
    }

    /// Types the command.
    pub(crate) async fn types(&self, person: &str, text: &str) -> Answer {
        self.slack.slash(&policy::account(person), text).await
    }

    /// Opens the empty form.
    pub(crate) async fn opens_form(&self, person: &str) -> View {
        assert!(self.types(person, "request").await.is_ok());
        self.sees_modal(person, "request").await
    }

    /// What a search in the open form offers.
    pub(crate) async fn searches(&self, person: &str, view: &View, text: &str) -> Vec<Value> {
        self.searches_in(person, view, "resources", text).await
    }

    /// What a list of an open view offers.
    pub(crate) async fn searches_in(
        &self,
        person: &str,
        view: &View,
        list: &str,
        text: &str,
    ) -> Vec<Value> {
        let account = policy::account(person);
        let answer = self.slack.suggest(&account, &Container::from(view), list, text).await;
        assert!(answer.is_ok(), "{answer:?}");
        answer.body["options"].as_array().cloned().unwrap_or_default()
    }

    /// Waits until an open view is drawn anew and shows what is looked for.
    pub(crate) async fn shows<T>(
        &self,
        what: &str,
        view: &View,
        look: impl Fn(&View) -> Option<T>,
    ) -> T {
        self.soon(what, |state| state.view(&view.id).and_then(&look)).await
    }

    /// Waits until an open view says something.
    pub(crate) async fn says(&self, view: &View, text: &str) -> View {
        let look = |view: &View| view.all_text().contains(text).then(|| view.clone());
        self.shows(text, view, look).await
    }

    /// Does something in an open view and waits until it is drawn anew; the view then.
    pub(crate) async fn redraws(
        &self,
        view: &View,
        does: impl AsyncFnOnce(&Self) -> Answer,
    ) -> View {
        let before = self.slack.read(|state| state.view(&view.id).unwrap().hash().to_owned());
        let answer = does(self).await;
        assert!(answer.is_ok(), "{answer:?}");
        let look = |view: &View| (view.hash() != before).then(|| view.clone());
        self.shows("a view drawn anew", view, look).await
    }

    /// Presses a button in an open view; the view then.
    pub(crate) async fn presses_in(&self, person: &str, view: &View, action: &str) -> View {
        let account = policy::account(person);
        let container = Container::from(view);
        self.redraws(view, async |world| world.slack.click(&account, &container, action).await)
            .await
    }

    /// Picks options of a list by the texts that people read; the view then.
    pub(crate) async fn picks(
        &self,
        person: &str,
        view: &View,
        list: &str,
        texts: &[&str],
    ) -> View {
        let account = policy::account(person);
        let mut options = Vec::new();
        for text in texts {
            let offered = self.searches_in(person, view, list, text).await;
            let is_meant = |option: &&Value| option["text"]["text"] == *text;
            let found = offered.iter().find(is_meant);
            options.push(found.unwrap_or_else(|| panic!("no {text}: {offered:?}")).clone());
        }
        self.redraws(view, async |world| {
            world.slack.choose_options(&account, &view.id, list, &options).await
        })
        .await
    }

    /// Types into a field that tells the bot; the view then.
    pub(crate) async fn types_in(
        &self,
        person: &str,
        view: &View,
        field: &str,
        text: &str,
    ) -> View {
        let account = policy::account(person);
        self.redraws(view, async |world| {
            world.slack.type_text(&account, &view.id, field, text).await
        })
        .await
    }

    /// Chooses one resource with a permission in the open form, as a person would.
    pub(crate) async fn chooses(
        &self,
        person: &str,
        view: &View,
        resource: &str,
        permission: &str,
    ) -> View {
        let account = policy::account(person);
        let text = format!("{resource} {permission}");
        let offered = self.searches(person, view, &text).await;
        let meant = format!("{resource}: {permission}");
        let is_meant = |option: &&Value| option["text"]["text"] == meant.as_str();
        let option = offered
            .iter()
            .find(is_meant)
            .unwrap_or_else(|| panic!("{meant} is not offered: {offered:?}"));
        let chosen = std::slice::from_ref(option);
        self.redraws(view, async |world| {
            world.slack.choose_options(&account, &view.id, "resources", chosen).await
        })
        .await
    }

    /// Goes on to the second step.
    pub(crate) async fn goes_on(&self, person: &str, view: &View) -> View {
        let answer = self.slack.submit(&policy::account(person), &view.id, &json!({})).await;
        assert!(answer.is_ok(), "{answer:?}");
        self.sees_modal(person, "request_finish").await
    }

    /// Fills and sends the form; what Slack shows the person then.
    pub(crate) async fn sends_form(&self, person: &str, filled: &Filled<'_>) -> (Answer, View) {
        let view = self.opens_form(person).await;
        self.chooses(person, &view, filled.resource, filled.permission).await;
        let view = self.goes_on(person, &view).await;
        let mut values =
            json!({"why": {"justification": {"type": "plain_text_input", "value": filled.why}}});
        if let Some(duration) = filled.duration {
            values["other_duration"] =
                json!({"other_duration": {"type": "plain_text_input", "value": duration}});
        }
        let account = policy::account(person);
        let answer = self.slack.submit(&account, &view.id, &values).await;
        let shown = self.slack.views(&account).pop().unwrap();
        (answer, shown)
    }

    /// The last form that Slack sent, as it sent it.
    pub(crate) fn last_submission(&self) -> Value {
        let is_form = |delivery: &&Delivery| delivery.payload["type"] == "view_submission";
        let last = |state: &State| state.deliveries().iter().rfind(is_form).cloned();
        self.slack.read(last).unwrap().payload
    }

    /// Asks for one thing for an hour; the request it becomes.
    pub(crate) async fn asks(&self, person: &str, resource: &str, permission: &str) -> RequestId {
        let why = "INC-42: look into the failed payments of 3 May";
        let filled = Filled { resource, permission, duration: Some("1h"), why };
        let (answer, shown) = self.sends_form(person, &filled).await;
        assert!(answer.is_ok(), "{answer:?}");
        self.slack.close(&policy::account(person), &shown.id).await;
        ids_in(&shown.all_text())[0]
    }

    /// The message that asks a person to decide: the first that they hear of the request.
    pub(crate) fn ask_of(&self, person: &str, id: RequestId) -> Message {
        self.maybe_ask_of(person, id).unwrap_or_else(|| panic!("{person} was not asked about {id}"))
    }

    /// The same, where they may not have been asked.
    pub(crate) fn maybe_ask_of(&self, person: &str, id: RequestId) -> Option<Message> {
        let messages = self.slack.dm(&policy::account(person));
        messages.into_iter().find(|message| is_about(message, id))
    }

    /// The message that asks the channel to decide.
    pub(crate) fn ask_in_channel(&self, id: RequestId) -> Message {
        let found = self.slack.messages(CHANNEL).into_iter().find(|m| is_about(m, id));
        found.unwrap_or_else(|| panic!("nothing about {id} in the channel"))
    }

    /// A direct message about a request, whose text holds `text`.
    pub(crate) fn said_to(&self, person: &str, id: RequestId, text: &str) -> Message {
        self.maybe_said_to(person, id, text).unwrap_or_else(|| {
            panic!("{person} was not told “{text}” about {id}: {:#?}", self.told(person))
        })
    }

    /// The same, where it may not be there.
    pub(crate) fn maybe_said_to(&self, person: &str, id: RequestId, text: &str) -> Option<Message> {
        let messages = self.slack.dm(&policy::account(person));
        messages.into_iter().find(|m| is_about(m, id) && m.all_text().contains(text))
    }

    /// Everything that a person's direct messages say.
    pub(crate) fn told(&self, person: &str) -> Vec<String> {
        self.slack.dm(&policy::account(person)).iter().map(Message::all_text).collect()
    }

    /// Presses Approve or Reject on a message and waits for the dialog.
    pub(crate) async fn presses(&self, person: &str, message: &Message, button: &str) -> View {
        let answer = self.slack.click_on(&policy::account(person), message, button).await;
        assert!(answer.is_ok(), "{answer:?}");
        self.sees_modal(person, "decide").await
    }

    /// Sends the open dialog with a reason.
    pub(crate) async fn gives_reason(&self, person: &str, dialog: &View, reason: &str) -> Answer {
        let values = json!({"reason": {"reason": {"type": "plain_text_input", "value": reason}}});
        self.slack.submit(&policy::account(person), &dialog.id, &values).await
    }

    /// Approves from the direct message.
    pub(crate) async fn approves(&self, person: &str, id: RequestId, reason: &str) {
        let message = self.ask_of(person, id);
        let dialog = self.presses(person, &message, "approve").await;
        let answer = self.gives_reason(person, &dialog, reason).await;
        assert!(answer.is_ok(), "{answer:?}");
    }

    /// Rejects from the direct message.
    pub(crate) async fn rejects(&self, person: &str, id: RequestId, reason: &str) {
        let message = self.ask_of(person, id);
        let dialog = self.presses(person, &message, "reject").await;
        let answer = self.gives_reason(person, &dialog, reason).await;
        assert!(answer.is_ok(), "{answer:?}");
    }

    /// Presses any button of a message as it is on the screen now.
    pub(crate) async fn clicks(&self, person: &str, message: &Message, action: &str) -> Answer {
        self.slack.click(&policy::account(person), &Container::from(message), action).await
    }
}

/// Whether a view is of a kind.
fn is(view: &View, callback: &str) -> bool {
    view.json["callback_id"] == callback
}

/// Whether a message is about a request.
fn is_about(message: &Message, id: RequestId) -> bool {
    let all = format!("{} {}", message.text, message.all_text());
    ids_in(&all).contains(&id)
}

/// The requests that a text names.
pub(crate) fn ids_in(text: &str) -> Vec<RequestId> {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    text.split("AR-").skip(1).filter_map(|rest| digits(rest).parse().ok()).collect()
}
