//! The form, as dialogs: every press sends all fields, and the next step is drawn from the draft.
use super::activity::By;
use super::answers::Reply;
use super::handle::{Teams, Why};
use crate::app::choose::item_handle;
use crate::app::{ActError, Snapshot};
use crate::chat::form::Asked;
use crate::chat::form::begin::{self, line_prefill};
use crate::chat::form::bounds::too_long;
use crate::chat::form::choose::{self, Chooser, Room};
use crate::chat::form::fields::Fields;
use crate::chat::form::finish::{self, answers_of, form_of};
use crate::domain::catalog::Item;
use crate::domain::draft::{Draft, Prefill};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::language::Language;
use crate::show::Voice;
use crate::show::pages::form::{self as pages, ForPage, Wrong};
use crate::show::request_form as show;
use crate::show::teams::{Choose, Laid, lay_out};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one dialog holds of what is found; the list searches for the rest.
const ROOM: Room = Room { found: 12, of_bundle: 60 };
/// People in one dialog; the list searches for the rest.
const PEOPLE: usize = 50;

/// The presses that are steps of an open form.
const STEPS: [&str; 10] =
    ["form", "add", "add_all", "chosen", "remove", "for", "set_for", "finish", "look", "send"];

/// Somebody's form, and what it is drawn with.
struct Sheet {
    snapshot: Arc<Snapshot>,
    language: Language,
    owner: PersonId,
    id: String,
    draft: Draft,
}

impl Sheet {
    fn voice(&self) -> Voice<'_> {
        Voice::new(&self.snapshot.policy, self.language)
    }
}

impl Teams {
    /// A step of the form, where the press is one; `None` where it is none.
    pub(super) async fn form(
        &self,
        by: &By,
        act: &str,
        fields: &Fields,
    ) -> Result<Option<Laid>, Why> {
        if act == "again" {
            return self.begin_again(by, fields).await.map(Some);
        }
        if !STEPS.contains(&act) {
            return Ok(None);
        }
        let mut sheet = self.sheet(by, fields).await?;
        // The second step's fields come with every press in it.
        if fields.get("why").is_some()
            && let Some(wrong) = self.keep_answers(&mut sheet, fields).await?
        {
            return self.finish(&sheet, wrong).await.map(Some);
        }
        self.step(sheet, act, fields).await.map(Some)
    }

    async fn step(&self, sheet: Sheet, act: &str, fields: &Fields) -> Result<Laid, Why> {
        match act {
            "add" | "add_all" => self.add(sheet, act == "add_all", fields).await,
            "chosen" => self.chosen(&sheet, fields).await,
            "remove" => self.remove(sheet, fields).await,
            "for" => for_whom(&sheet, fields),
            "set_for" => self.set_grantee(sheet, fields).await,
            "finish" => self.go_on(sheet, fields).await,
            "look" => self.finish(&sheet, Wrong::default()).await,
            "send" => self.send(&sheet).await,
            _ => self.choose(&sheet, fields, None).await,
        }
    }

    /// The message extension was opened, on a message perhaps, which is then the justification.
    pub(super) async fn open_quoting(
        &self,
        by: &By,
        message: Option<String>,
    ) -> Result<Reply, Why> {
        let justification = message.filter(|message| !message.is_empty());
        let prefill = Prefill { justification, ..Prefill::default() };
        let owner = self.person(by).await?;
        let (sheet, _) = self.begun(by, owner, prefill).await?;
        self.choose(&sheet, &Fields::default(), None).await.map(Reply::View)
    }

    /// A form that a typed line fills: its id, the form, and whether all of it was understood.
    pub(super) async fn filled_by_line(
        &self,
        by: &By,
        text: &str,
    ) -> Result<(String, Draft, bool), Why> {
        let person = self.person(by).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let prefill = line_prefill(&snapshot, voice, &person, text);
        let (sheet, is_clear) = self.begun(by, person, prefill).await?;
        Ok((sheet.id, sheet.draft, is_clear))
    }

    /// A form that begins with this, and whether all that was meant is in it.
    async fn begun(
        &self,
        by: &By,
        owner: PersonId,
        prefill: Prefill,
    ) -> Result<(Sheet, bool), Why> {
        let (snapshot, language) = (self.app().policy(), self.language(by));
        let (draft, is_unclear) = begin::begin(&snapshot, (&owner, language), prefill);
        let id = self.app().new_draft();
        if draft != Draft::of(owner.clone()) {
            let fill = |kept: &mut Draft| kept.clone_from(&draft);
            self.app().change_draft(&owner, &id, fill).await?;
        }
        Ok((Sheet { snapshot, language, owner, id, draft }, !is_unclear))
    }

    /// A form that is filled with what a request was about.
    async fn begin_again(&self, by: &By, fields: &Fields) -> Result<Laid, Why> {
        let owner = self.person(by).await?;
        let id = fields.get("id").and_then(|id| id.parse().ok()).ok_or(ActError::NotFound)?;
        let again = self.app().again(&owner, id).await?;
        let (snapshot, language) = (self.app().policy(), self.language(by));
        let filled = begin::again(Voice::new(&snapshot.policy, language), again);
        let id = self.app().new_draft();
        let fill = |kept: &mut Draft| kept.clone_from(&filled);
        let (draft, ()) = self.app().change_draft(&owner, &id, fill).await?;
        let sheet = Sheet { snapshot, language, owner, id, draft };
        self.finish(&sheet, Wrong::default()).await
    }

    /// The form that a press came from; a new one where it names none.
    async fn sheet(&self, by: &By, fields: &Fields) -> Result<Sheet, Why> {
        let owner = self.person(by).await?;
        let id = match fields.get("draft").filter(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            None => self.app().new_draft(),
        };
        let draft = self.app().draft(&owner, &id).await?;
        let (snapshot, language) = (self.app().policy(), self.language(by));
        Ok(Sheet { snapshot, language, owner, id, draft })
    }

    /// Keeps what was answered in the second step. What is too long is not stored, and not lost: it
    /// stays in its field, and what is wrong with it is returned.
    async fn keep_answers(&self, sheet: &mut Sheet, fields: &Fields) -> Result<Option<Wrong>, Why> {
        let answers = answers_of(fields);
        let wrong = too_long(sheet.voice(), &answers);
        if wrong.is_some() {
            sheet.draft.answers = answers;
            return Ok(wrong);
        }
        let keep = |draft: &mut Draft| draft.answers = answers.clone();
        sheet.draft = self.app().change_draft(&sheet.owner, &sheet.id, keep).await?.0;
        Ok(None)
    }

    /// The first step.
    async fn choose(
        &self,
        sheet: &Sheet,
        fields: &Fields,
        said: Option<String>,
    ) -> Result<Laid, Why> {
        let (voice, asked) = (sheet.voice(), asked(fields));
        let Sheet { snapshot, owner, id, draft, .. } = sheet;
        let chooser = Chooser { snapshot, voice, owner, id, draft };
        let found = chooser.found(&asked, ROOM);
        let live = self.live(&sheet.draft, &found.items).await;
        let said = said.or_else(|| sheet.draft.note.clone());
        let model = Choose { body: chooser.view(&asked, found, &live), said };
        Ok(lay_out(voice.language, "form_choose", &model)?)
    }

    /// Puts what is ticked, or everything that was found, into the basket.
    async fn add(&self, sheet: Sheet, is_all: bool, fields: &Fields) -> Result<Laid, Why> {
        let asked = asked(fields);
        let found = is_all.then_some(&asked);
        let put = |draft: &mut Draft| {
            choose::put(&sheet.snapshot, &sheet.owner, found, ticked(fields), draft)
        };
        let (draft, (added, closed)) =
            self.app().change_draft(&sheet.owner, &sheet.id, put).await?;
        let said = show::added(sheet.voice(), added, closed);
        self.choose(&Sheet { draft, ..sheet }, fields, Some(said)).await
    }

    /// Goes on to the second step; what is ticked but was not added is meant as well.
    async fn go_on(&self, mut sheet: Sheet, fields: &Fields) -> Result<Laid, Why> {
        if ticked(fields).next().is_some() {
            let put = |draft: &mut Draft| {
                choose::put(&sheet.snapshot, &sheet.owner, None, ticked(fields), draft)
            };
            sheet.draft = self.app().change_draft(&sheet.owner, &sheet.id, put).await?.0;
        }
        if sheet.draft.basket.is_empty() {
            let said = show::nothing_chosen(sheet.voice());
            return self.choose(&sheet, fields, Some(said)).await;
        }
        self.finish(&sheet, Wrong::default()).await
    }

    /// A page of everything that is chosen.
    async fn chosen(&self, sheet: &Sheet, fields: &Fields) -> Result<Laid, Why> {
        let (voice, items) = (sheet.voice(), sheet.draft.basket.items());
        let live = self.live(&sheet.draft, items).await;
        let page = fields.number("page").unwrap_or_default();
        let review = show::review(voice, &sheet.id, (items, &live), page, item_handle);
        Ok(lay_out(voice.language, "form_chosen", &pages::review(review))?)
    }

    async fn remove(&self, sheet: Sheet, fields: &Fields) -> Result<Laid, Why> {
        let is_all = fields.get("all").is_some();
        let ticked: Vec<&str> = fields.all("item").collect();
        let take = |draft: &mut Draft| {
            // By its handle: a thing that is no longer listed can be removed as well.
            draft.basket.keep(|one| !is_all && !ticked.contains(&item_handle(one).as_str()));
        };
        let (draft, ()) = self.app().change_draft(&sheet.owner, &sheet.id, take).await?;
        self.chosen(&Sheet { draft, ..sheet }, fields).await
    }

    /// Asks for somebody; what they may not have goes from the basket.
    async fn set_grantee(&self, sheet: Sheet, fields: &Fields) -> Result<Laid, Why> {
        let Some(grantee) =
            fields.get("person").filter(|id| !matches!(*id, "" | "-")).map(PersonId::new)
        else {
            return self.choose(&sheet, &Fields::default(), None).await;
        };
        let Sheet { snapshot, owner, .. } = &sheet;
        if grantee != *owner && !snapshot.policy.may_ask_for(owner, &grantee) {
            let said = show::not_for(sheet.voice(), &grantee);
            return self.choose(&sheet, &Fields::default(), Some(said)).await;
        }
        let set = |draft: &mut Draft| choose::set_grantee(snapshot, owner, &grantee, draft);
        let (draft, dropped) = self.app().change_draft(owner, &sheet.id, set).await?;
        let said = (dropped > 0).then(|| show::dropped(sheet.voice(), dropped));
        self.choose(&Sheet { draft, ..sheet }, &Fields::default(), said).await
    }

    /// The second step.
    async fn finish(&self, sheet: &Sheet, wrong: Wrong) -> Result<Laid, Why> {
        let live = self.live(&sheet.draft, sheet.draft.basket.items()).await;
        let (voice, form) = (sheet.voice(), (sheet.id.as_str(), &sheet.draft));
        let model = finish::view((&sheet.snapshot, voice), &sheet.owner, form, &live, wrong);
        Ok(lay_out(voice.language, "form_finish", &model)?)
    }

    /// Sends the form; what it became, or what is wrong at its field.
    async fn send(&self, sheet: &Sheet) -> Result<Laid, Why> {
        let voice = sheet.voice();
        let form = match form_of(voice, &sheet.owner, (&sheet.id, &sheet.draft)) {
            Ok(form) => form,
            Err(wrong) => return self.finish(sheet, wrong).await,
        };
        match self.app().submit(form).await {
            Ok(submitted) => {
                self.app().forget_boosted(&sheet.draft.grantee);
                let sent = pages::sent(voice, &submitted.requests, &submitted.refused);
                Ok(lay_out(voice.language, "form_sent", &sent)?)
            }
            Err(ActError::Form(mistake)) => {
                self.finish(sheet, finish::wrong(voice, &mistake)).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What of these its grantee has or waits for.
    async fn live(&self, draft: &Draft, items: &[Item]) -> BTreeMap<Item, RequestId> {
        choose::live(self.app(), &draft.grantee, items).await
    }
}

/// The people for whom they may ask.
fn for_whom(sheet: &Sheet, fields: &Fields) -> Result<Laid, Why> {
    let words = fields.get("words").unwrap_or_default();
    let found = sheet.snapshot.people_named(&sheet.owner, words);
    let model = ForPage {
        draft: sheet.id.clone(),
        words: words.to_owned(),
        people: found.iter().take(PEOPLE).map(|person| pages::person(person)).collect(),
        has_more: found.len() > PEOPLE,
    };
    Ok(lay_out(sheet.language, "form_for", &model)?)
}

/// What is ticked, and what is picked in the list that searches.
fn ticked(fields: &Fields) -> impl Iterator<Item = &str> {
    fields.all("item").chain(fields.all("pick")).filter(|one| *one != "-")
}

/// What the press wants to be found: what its button carries, and what stands in the fields.
fn asked(fields: &Fields) -> Asked {
    // A step's button names the list in which the next query was picked.
    let picked = fields.get("go").and_then(|go| fields.get(go));
    let mut asked = Asked::read(picked.or(fields.get("query")).unwrap_or_default());
    if picked.is_some() {
        return asked;
    }
    let typed = |name: &str| fields.get(name).map(str::trim).map(str::to_owned);
    // What stands for any: Teams takes no choice without a value.
    let is_one = |name: &str| !name.is_empty() && name != "*";
    if let Some(words) = typed("words") {
        asked.words = words;
    }
    if let Some(kind) = typed("kind") {
        asked.sieve.kind = Some(kind).filter(|kind| is_one(kind));
    }
    if let Some(permission) = typed("permission") {
        asked.sieve.permission = Some(permission).filter(|permission| is_one(permission));
    }
    asked
}
