//! What people do in a world: ask, decide, press what is on their screen.
use crate::world::{ANA, BEN, World};
use hallpass::demo::slack::{Answer, Container, Message, State, View, read};
use serde_json::{Value, json};
use std::time::Duration;

/// Longest wait for something to appear on a screen.
const PATIENCE: Duration = Duration::from_secs(75);

impl World {
    /// Ana fills the form up to the button; the form's id.
    pub(crate) async fn fill(&self, rooms: &[String], duration: &str) -> String {
        let form = self.open_form().await;
        let mut options = Vec::new();
        for room in rooms {
            options.push(self.option(&form, room).await);
        }
        self.fill_with(&form, &options, duration).await
    }

    /// Ana opens the form.
    pub(crate) async fn open_form(&self) -> View {
        let ws = &self.workspace;
        // A trigger lives for three seconds: on a busy machine people press again.
        let mut form = None;
        for _ in 0..5 {
            let answer = ws.slash(ANA, "request").await;
            assert!(answer.is_ok(), "{answer:?}");
            let look = |state: &State| top(state, ANA, "What do you need?");
            form = ws.wait_for(look, Duration::from_secs(5)).await;
            if form.is_some() {
                break;
            }
        }
        form.expect("the form opens")
    }

    /// Ana chooses these and says for how long and why; the form's id.
    pub(crate) async fn fill_with(&self, form: &View, options: &[Value], duration: &str) -> String {
        let ws = &self.workspace;
        let chosen = ws.choose_options(ANA, &form.id, "resources", options).await;
        assert!(chosen.is_ok(), "{chosen:?}");
        let count = match options.len() {
            1_000 => "1,000".to_owned(),
            fewer => fewer.to_string(),
        };
        self.wait_view(ANA, &format!("{count} of at most 1,000 chosen")).await;
        let went_on = ws.submit(ANA, &form.id, &json!({})).await;
        assert!(went_on.is_ok(), "{went_on:?}");
        self.wait_view(ANA, "For how long?").await;
        ws.type_text(ANA, &form.id, "other_duration", duration).await;
        ws.type_text(ANA, &form.id, "justification", "INC-7: the lamp in there is broken").await;
        form.id.clone()
    }

    async fn option(&self, form: &View, room: &str) -> Value {
        let mut found = self.options(form, room).await;
        assert!(!found.is_empty(), "{room} is not found");
        found.remove(0)
    }

    /// The options that a search offers whose name holds what was searched.
    pub(crate) async fn options(&self, form: &View, words: &str) -> Vec<Value> {
        let at = Container::View(form.id.clone());
        let found = self.workspace.suggest(ANA, &at, "resources", words).await;
        let mut options = found.body["options"].as_array().cloned().unwrap_or_default();
        options.retain(|option| option["text"]["text"].as_str().unwrap().contains(words));
        options
    }

    /// Ana presses "Send request".
    pub(crate) async fn send(&self, form: &str) -> Answer {
        self.workspace.submit(ANA, form, &json!({})).await
    }

    /// Ana asks for rooms; the answer is acknowledged.
    pub(crate) async fn ask(&self, rooms: &[String], duration: &str) {
        let form = self.fill(rooms, duration).await;
        let sent = self.send(&form).await;
        assert!(sent.is_ok() && sent.errors.is_empty(), "{sent:?}");
    }

    /// Ben approves what he is asked last.
    pub(crate) async fn approve(&self) {
        let card = self
            .wait_message(BEN, |message| {
                live_buttons(message).iter().any(|label| label == "Approve")
            })
            .await;
        for _ in 0..5 {
            self.workspace.click(BEN, &Container::from(&card), "approve").await;
            let look = |state: &State| top(state, BEN, "Approve AR-");
            let dialog = self.workspace.wait_for(look, Duration::from_secs(5)).await;
            if let Some(dialog) = dialog {
                let sent = self.workspace.submit(BEN, &dialog.id, &json!({})).await;
                assert!(sent.is_ok() && sent.errors.is_empty(), "{sent:?}");
                return;
            }
        }
        panic!("the dialog does not open\n{}", self.bot().log());
    }

    /// Ben presses Approve on questions that were answered long ago: he is told so, and the
    /// question loses its buttons.
    pub(crate) async fn click_stale_questions(&self) {
        for message in self.stale_messages() {
            self.workspace.click(BEN, &Container::from(&message), "approve").await;
            let look = |state: &State| {
                let now = state.message(&message.channel, &message.ts)?;
                live_buttons(now).is_empty().then_some(())
            };
            let closed = self.workspace.wait_for(look, PATIENCE).await;
            assert!(closed.is_some(), "{message:?}\n{}", self.bot().log());
        }
    }

    /// Waits for a view that says `text` on top of somebody's screen.
    pub(crate) async fn wait_view(&self, user: &str, text: &str) -> View {
        let found = self.workspace.wait_for(|state| top(state, user, text), PATIENCE).await;
        found.unwrap_or_else(|| panic!("{user} sees no {text:?}\n{}", self.bot().log()))
    }

    /// Waits for a message in somebody's direct messages.
    pub(crate) async fn wait_message(
        &self,
        user: &str,
        is_meant: impl Fn(&Message) -> bool,
    ) -> Message {
        let look = |state: &State| state.direct(user).into_iter().find(|m| is_meant(m)).cloned();
        let found = self.workspace.wait_for(look, PATIENCE).await;
        found.unwrap_or_else(|| {
            let all: Vec<_> = self.workspace.dm(user).iter().map(Message::all_text).collect();
            panic!("{user} got no such message, but {all:?}\n{}", self.bot().log())
        })
    }

    /// Waits until a call of Slack's is held.
    pub(crate) async fn wait_held_call(&self, method: &str) {
        let look = |state: &State| {
            state.calls(method).into_iter().any(|call| call.answer.is_none()).then_some(())
        };
        self.workspace.wait_for(look, PATIENCE).await.expect("a call is held");
    }
}

fn top(state: &State, user: &str, text: &str) -> Option<View> {
    state.views(user).last().filter(|view| view.all_text().contains(text)).cloned()
}

/// The buttons of a message that only make sense while its request is under way.
pub(crate) fn live_buttons(message: &Message) -> Vec<String> {
    const LIVE: [&str; 5] =
        ["Approve", "Reject", "Cancel request", "End access now", "How to connect"];
    let mut shown = read::buttons(&message.blocks);
    shown.retain(|label| LIVE.contains(&label.as_str()));
    shown
}
