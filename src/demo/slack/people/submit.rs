//! Submitting a modal and applying what the app answers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Answer, Container, NOT_THERE, TROUBLE};
use crate::demo::slack::Workspace;
use crate::demo::slack::deliver::Kind;
use crate::demo::slack::json::{at, entries, text};
use crate::demo::slack::limits;
use crate::demo::slack::read;
use crate::demo::slack::state::State;
use crate::demo::slack::view::View;

impl Workspace {
    /// Presses a modal's submit button; `values` are put in before, in the shape
    /// `{block_id: {action_id: {type, …}}}`.
    pub async fn submit(&self, user: &str, view_id: &str, values: &Value) -> Answer {
        self.put_in(user, &Container::View(view_id.to_owned()), values);
        let top = self.read(|state| state.views(user).last().cloned());
        let Some(view) = top.filter(|view| view.id == view_id) else {
            return Answer::refused(NOT_THERE);
        };
        let missing = read::missing(&view.json, &view.values());
        if !missing.is_empty() {
            return Answer { errors: missing.into_iter().collect(), ..Answer::default() };
        }
        let payload = self.change(|state| {
            state.turn_to(user, None);
            state.view_submission(&view)
        });
        let mut answer = Answer::of(self.deliver(Kind::Interaction, payload).await);
        let applied = match answer.status {
            Some(200) => self.change(|state| state.apply_submission(&view, &answer.body)),
            _ => Err("the submission was not acknowledged".to_owned()),
        };
        match applied {
            Ok(errors) => answer.errors = errors,
            Err(warning) => {
                answer.notice = Some(TROUBLE.to_owned());
                self.change(|state| state.warnings.push(warning));
            }
        }
        self.noticed(user, answer)
    }
}

impl State {
    /// Applies what came back with a submission's acknowledgement; the errors that
    /// the form then shows, or what Slack would not accept.
    fn apply_submission(
        &mut self,
        view: &View,
        body: &Value,
    ) -> Result<BTreeMap<String, String>, String> {
        let check = |sent: &Value| match limits::view(sent, limits::Surface::Modal).first() {
            Some(wrong) => Err(format!("submission answer: {wrong}")),
            None => Ok(()),
        };
        let none = BTreeMap::new();
        match text(body, "/response_action") {
            "" if body.is_null() || body == &json!({}) || body == "" => {
                self.close_view(&view.id);
                Ok(none)
            }
            "clear" => {
                self.clear_views(&view.user);
                Ok(none)
            }
            "update" => {
                let sent = at(body, "/view");
                check(sent)?;
                self.update_view(&view.id, sent);
                Ok(none)
            }
            "push" => {
                let sent = at(body, "/view");
                check(sent)?;
                if self.views(&view.user).len() >= limits::VIEW_STACK {
                    return Err("submission answer: push_limit_reached".to_owned());
                }
                self.push_view(&view.user, sent);
                Ok(none)
            }
            "errors" => {
                let inputs = Self::input_blocks(view);
                let said = entries(body, "/errors")
                    .map(|(id, line)| (id.clone(), line.as_str().unwrap_or_default().to_owned()));
                let errors: BTreeMap<_, _> = said.collect();
                if errors.is_empty() || errors.iter().any(|(id, _)| !inputs.contains(id)) {
                    return Err("submission answer: errors must name input blocks".to_owned());
                }
                Ok(errors)
            }
            other => Err(format!("submission answer: unknown response_action `{other}`")),
        }
    }
}
