//! The request form: opened, brought up to date while it is filled, and submitted.
use super::Ack;
use super::handle::{Slack, Trouble, Way, Why, replace_view};
use super::payload::View;
use crate::app::catalogue::{Offer, handle as handle_of};
use crate::app::submit::Form;
use crate::app::{ActError, FormMistake, Snapshot};
use crate::chat::answers;
use crate::domain::catalog::Item;
use crate::domain::duration;
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::person::Account;
use crate::domain::submission::split;
use crate::show::forms::{self, PermissionList, RequestForm};
use crate::show::limits::CHOICES;
use crate::show::{Choice, Voice};
use crate::show::{templates, words};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the row "type more" carries; it is not a resource.
const REFINE: &str = "refine";

/// What is chosen in the form so far.
struct Chosen {
    offers: Vec<Offer>,
    items: Vec<Item>,
    lists: Vec<PermissionList>,
    /// How many of the chosen can no longer be asked for.
    gone: usize,
    /// Whether a permission was picked from a list that is no longer offered so.
    is_stale: bool,
}

impl Slack {
    /// Opens the empty form.
    pub(super) async fn open_request(&self, way: &Way) -> Result<(), Trouble> {
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(&way.from).await);
        let view = self.form(voice, &snapshot, &person, None).map_err(|why| way.trouble(why))?;
        let trigger = way.trigger.as_deref().unwrap_or_default();
        self.api().open_view(trigger, view).await.map_err(|e| way.trouble(e))?;
        Ok(())
    }

    /// Brings the open form up to date with what was chosen in it.
    pub(super) async fn update_request(
        &self,
        way: &Way,
        view: Option<View>,
    ) -> Result<(), Trouble> {
        let Some(view) = view else { return Ok(()) };
        let person = self.person(&way.from).await.map_err(|e| way.trouble(e))?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(&way.from).await);
        let form =
            self.form(voice, &snapshot, &person, Some(&view)).map_err(|why| way.trouble(why))?;
        match self.api().update_view(&view.id, view.hash.as_deref(), form).await {
            Ok(_) => Ok(()),
            // A later choice is on its way and brings its own update; the latest wins.
            Err(error) if error.is_overtaken() => Ok(()),
            Err(error) => Err(way.trouble(error)),
        }
    }

    /// Answers a search from memory.
    pub(super) async fn search(&self, from: &Account, text: &str) -> Ack {
        let Ok(person) = self.person(from).await else { return options(&[]) };
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(from).await);
        let found = snapshot.search(&person, &person, text, CHOICES - 1);
        let mut choices: Vec<Choice> = found
            .offers
            .iter()
            .map(|offer| {
                let handle = handle_of(&offer.resource.at);
                forms::resource_choice(voice, &offer.resource, handle)
            })
            .collect();
        if found.has_more {
            choices.push(forms::refine_choice(voice, REFINE));
        }
        options(&choices)
    }

    /// Submits the form; the answer is what it became, or what is wrong, field by field.
    pub(super) async fn submit_request(self: &Arc<Self>, from: &Account, view: View) -> Ack {
        let person = match self.person(from).await {
            Ok(person) => person,
            Err(nobody) => return self.refuse(from, &Why::from(nobody)).await,
        };
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(from).await);
        let chosen = self.chosen(voice, &snapshot, &person, &view);
        if chosen.is_stale {
            return errors("what", &voice.say("mistake-stale", []));
        }
        let duration = match duration_of(&view) {
            Ok(duration) => duration,
            Err(why) => {
                return errors("other_duration", &answers::not_a_duration(voice, why));
            }
        };
        let form = Form {
            requester: person.clone(),
            grantee: person.clone(),
            items: chosen.items,
            duration,
            justification: view.typed("why").unwrap_or_default(),
            key: Some(format!("slack:{}:{}", from.workspace, view.id)),
        };
        match self.app().submit(form).await {
            Ok(submitted) => {
                let notice =
                    forms::submitted(voice, &submitted.requests, &submitted.refused, chosen.gone);
                self.answer(voice.language, &notice)
            }
            Err(ActError::Form(mistake)) => {
                errors(block_of(&mistake, &view), &answers::form_mistake(voice, &mistake))
            }
            Err(error) => self.refuse(from, &Why::from(error)).await,
        }
    }

    /// Puts a notice in the place of the form.
    pub(super) fn answer(&self, language: Language, notice: &forms::Notice) -> Ack {
        match templates::slack(language, "notice", notice) {
            Ok(view) => replace_view(&view),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a view cannot be drawn");
                Ack::default()
            }
        }
    }

    /// Puts what went wrong in the place of the form.
    pub(super) async fn refuse(&self, from: &Account, why: &Why) -> Ack {
        self.audit_refusal(from, why).await;
        let language = self.language(from).await;
        self.answer(language, &self.notice_of(language, why))
    }

    fn form(
        &self,
        voice: Voice<'_>,
        snapshot: &Snapshot,
        person: &PersonId,
        view: Option<&View>,
    ) -> Result<Value, Why> {
        let chosen = view.map(|view| self.chosen(voice, snapshot, person, view));
        let model = model(voice, snapshot, person, chosen);
        Ok(templates::slack(voice.language, "request_form", &model)?)
    }

    /// What the form holds: resources that may still be asked for, each with a permission.
    fn chosen(
        &self,
        voice: Voice<'_>,
        snapshot: &Snapshot,
        person: &PersonId,
        view: &View,
    ) -> Chosen {
        let handles: BTreeSet<String> =
            view.chosen_many("what").into_iter().filter(|handle| handle != REFINE).collect();
        let offers: Vec<Offer> = handles
            .iter()
            .filter_map(|handle| snapshot.resource_of(handle))
            .filter_map(|resource| snapshot.offer(person, person, resource))
            .collect();
        let mut lists: BTreeMap<String, PermissionList> = BTreeMap::new();
        let mut items = Vec::new();
        let has_picks = view.values.keys().any(|block| block.starts_with("permission-"));
        let mut is_stale = false;
        for offer in &offers {
            let list = list_of(voice, offer);
            let place = view.chosen(&format!("permission-{}", list.id));
            let picked =
                place.and_then(|place| offer.permissions.get(place.parse::<usize>().ok()?));
            is_stale |= has_picks && picked.is_none();
            let picked = picked.cloned();
            // The weakest where nothing was picked: that is what the list shows.
            if let Some(permission) = picked.or_else(|| offer.permissions.first().cloned()) {
                items.push(Item { at: offer.resource.at.clone(), permission });
            }
            lists.entry(list.id.clone()).or_insert(list);
        }
        let gone = handles.len() - offers.len();
        Chosen { offers, items, lists: lists.into_values().collect(), gone, is_stale }
    }
}

/// The list of permissions for resources like this one: same place, same type, same permissions.
fn list_of(voice: Voice<'_>, offer: &Offer) -> PermissionList {
    let resource = &offer.resource;
    let mut alike = resource.at.clone();
    alike.resource = json!([resource.kind, offer.permissions]).to_string();
    let id = handle_of(&alike);
    forms::permission_list(voice, resource, id, &offer.permissions)
}

fn model(
    voice: Voice<'_>,
    snapshot: &Snapshot,
    person: &PersonId,
    chosen: Option<Chosen>,
) -> RequestForm {
    let (offers, items, lists) =
        chosen.map(|chosen| (chosen.offers, chosen.items, chosen.lists)).unwrap_or_default();
    let split = split(&snapshot.policy, person, person, &items);
    let flows = snapshot.policy.flows_for(person, person);
    let longest = split.longest().or_else(|| flows.iter().map(|flow| flow.longest).max());
    let longest = longest.unwrap_or(TimeDelta::hours(1));
    let offered: Vec<TimeDelta> = match split.parts.is_empty() {
        true => flows.iter().flat_map(|flow| flow.durations.iter().copied()).collect(),
        false => split.parts.iter().flat_map(|part| part.flow.durations.iter().copied()).collect(),
    };
    let mut seen = BTreeSet::new();
    let mut durations: Vec<TimeDelta> =
        offered.into_iter().filter(|d| *d <= longest && seen.insert(*d)).collect();
    if durations.is_empty() {
        durations.push(longest);
    }
    RequestForm {
        chosen: match offers.len() {
            0 => "Nothing chosen yet. Up to 100 things at once.".to_owned(),
            1 => "1 thing chosen.".to_owned(),
            n => format!("{n} things chosen, of up to 100."),
        },
        permissions: lists,
        durations: forms::duration_choices(voice, &durations),
        longest: format!("At most {}.", words::duration(voice, longest)),
        preview: forms::preview(voice, &split),
        justification: String::new(),
        resources: Vec::new(),
    }
}

/// The typed duration where there is one, else the chosen.
fn duration_of(view: &View) -> Result<TimeDelta, duration::NotADuration> {
    match view.typed("other_duration") {
        Some(text) => duration::parse(&text),
        None => {
            let seconds = view.chosen("duration").and_then(|value| value.parse().ok());
            seconds
                .and_then(TimeDelta::try_seconds)
                .filter(|duration| *duration > TimeDelta::zero())
                .ok_or(duration::NotADuration::Unreadable)
        }
    }
}

/// The block that a mistake belongs to.
fn block_of(mistake: &FormMistake, view: &View) -> &'static str {
    match mistake {
        FormMistake::Empty | FormMistake::NothingAllowed(_) => "what",
        FormMistake::TooLong { .. } if view.typed("other_duration").is_none() => "duration",
        FormMistake::TooLong { .. } => "other_duration",
        FormMistake::NoJustification => "why",
    }
}

fn errors(block: &str, sentence: &str) -> Ack {
    Ack { body: Some(json!({ "response_action": "errors", "errors": { block: sentence } })) }
}

fn options(choices: &[Choice]) -> Ack {
    Ack { body: Some(forms::options(choices)) }
}
