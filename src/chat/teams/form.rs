//! The form, as dialogs: every press sends all fields, and the next step is drawn from the draft.
use super::Answer;
use super::activity::By;
use super::answers::{ROWS, Reply, rows};
use super::handle::{Teams, Why};
use crate::app::ActError;
use crate::app::choose::item_handle;
use crate::chat::form::Asked;
use crate::chat::form::begin::{self, line_prefill};
use crate::chat::form::choose::{self, Chooser, Room};
use crate::chat::form::fields::Fields;
use crate::chat::form::finish::{self, answers_of, form_of};
use crate::domain::catalog::Item;
use crate::domain::draft::{Draft, Prefill};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::person::Person;
use crate::domain::words::has_words;
use crate::show::Voice;
use crate::show::pages::form::{self as pages, ForPage, Wrong};
use crate::show::request_form as show;
use crate::show::teams::{Choose, Laid, lay_out};
use std::collections::BTreeMap;

/// What one dialog holds of what is found; the list searches for the rest.
const ROOM: Room = Room { found: 12, of_bundle: 60 };
/// People in one dialog; the list searches for the rest.
const PEOPLE: usize = 50;

/// Somebody's form.
struct Sheet<'a> {
    by: &'a By,
    owner: PersonId,
    id: String,
    draft: Draft,
}

impl Teams {
    /// A step of the form, where the press is one; `None` where it is none.
    pub(super) async fn form(
        &self,
        by: &By,
        act: &str,
        fields: &Fields,
    ) -> Result<Option<Laid>, Why> {
        Ok(Some(match act {
            "again" => self.begin_again(by, fields).await?,
            "form" => self.choose(&self.sheet(by, fields).await?, fields, None).await?,
            "add" | "add_all" => self.add(by, act == "add_all", fields).await?,
            "chosen" => self.chosen(&self.sheet(by, fields).await?, fields).await?,
            "remove" => self.remove(by, fields).await?,
            "for" => self.for_whom(&self.sheet(by, fields).await?, fields)?,
            "set_for" => self.set_grantee(by, fields).await?,
            "finish" => self.go_on(by, fields).await?,
            "look" => self.finish(&self.sheet(by, fields).await?, Wrong::default()).await?,
            "send" => self.send(&self.sheet(by, fields).await?).await?,
            _ => return Ok(None),
        }))
    }

    /// The message extension was opened, on a message perhaps, which is then the justification.
    pub(super) async fn open_quoting(
        &self,
        by: &By,
        message: Option<String>,
    ) -> Result<Reply, Why> {
        let justification = message.filter(|message| !message.is_empty());
        let prefill = Prefill { justification, ..Prefill::default() };
        let (id, draft, _) = self.begun(by, prefill).await?;
        let owner = self.person(by).await?;
        let sheet = Sheet { by, owner, id, draft };
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
        self.begun(by, prefill).await
    }

    async fn begun(&self, by: &By, prefill: Prefill) -> Result<(String, Draft, bool), Why> {
        let person = self.person(by).await?;
        let (snapshot, id) = (self.app().policy(), self.app().new_draft());
        let (draft, is_unclear) = begin::begin(&snapshot, (&person, self.language(by)), prefill);
        if draft != Draft::of(person.clone()) {
            self.app().change_draft(&person, &id, |kept| *kept = draft.clone()).await?;
        }
        Ok((id, draft, !is_unclear))
    }

    /// A form that is filled with what a request was about.
    async fn begin_again(&self, by: &By, fields: &Fields) -> Result<Laid, Why> {
        let owner = self.person(by).await?;
        let id = fields.get("id").and_then(|id| id.parse().ok()).ok_or(ActError::NotFound)?;
        let again = self.app().again(&owner, id).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let (id, filled) = (self.app().new_draft(), begin::again(voice, again));
        let fill = |kept: &mut Draft| kept.clone_from(&filled);
        let (draft, ()) = self.app().change_draft(&owner, &id, fill).await?;
        self.finish(&Sheet { by, owner, id, draft }, Wrong::default()).await
    }

    /// The form that a press came from, with what was answered in it; a new one where it names none.
    async fn sheet<'a>(&self, by: &'a By, fields: &Fields) -> Result<Sheet<'a>, Why> {
        let owner = self.person(by).await?;
        let id = match fields.get("draft").filter(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            None => self.app().new_draft(),
        };
        // The second step's fields come with every press in it.
        let draft = match fields.get("why") {
            Some(_) => {
                let answers = answers_of(fields);
                let keep = |draft: &mut Draft| draft.answers = answers.clone();
                self.app().change_draft(&owner, &id, keep).await?.0
            }
            None => self.app().draft(&owner, &id).await?,
        };
        Ok(Sheet { by, owner, id, draft })
    }

    /// The first step.
    async fn choose(
        &self,
        sheet: &Sheet<'_>,
        fields: &Fields,
        said: Option<String>,
    ) -> Result<Laid, Why> {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(sheet.by));
        let asked = asked(fields);
        let (owner, id, draft) = (&sheet.owner, sheet.id.as_str(), &sheet.draft);
        let chooser = Chooser { snapshot: &snapshot, voice, owner, id, draft };
        let found = chooser.found(&asked, ROOM);
        let live = self.live(&sheet.draft, &found.items).await;
        let said = said.or_else(|| sheet.draft.note.clone());
        let model = Choose { body: chooser.view(&asked, found, &live), said };
        Ok(lay_out(voice.language, "form_choose", &model)?)
    }

    /// Puts what is ticked, or everything that was found, into the basket.
    async fn add(&self, by: &By, is_all: bool, fields: &Fields) -> Result<Laid, Why> {
        let sheet = self.sheet(by, fields).await?;
        let snapshot = self.app().policy();
        let asked = asked(fields);
        let found = is_all.then_some(&asked);
        let put =
            |draft: &mut Draft| choose::put(&snapshot, &sheet.owner, found, ticked(fields), draft);
        let (draft, (added, closed)) =
            self.app().change_draft(&sheet.owner, &sheet.id, put).await?;
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let said = show::added(voice, added, closed);
        self.choose(&Sheet { draft, ..sheet }, fields, Some(said)).await
    }

    /// Goes on to the second step; what is ticked but was not added is meant as well.
    async fn go_on(&self, by: &By, fields: &Fields) -> Result<Laid, Why> {
        let sheet = self.sheet(by, fields).await?;
        let snapshot = self.app().policy();
        let mut draft = sheet.draft.clone();
        if ticked(fields).next().is_some() {
            let put = |draft: &mut Draft| {
                choose::put(&snapshot, &sheet.owner, None, ticked(fields), draft)
            };
            draft = self.app().change_draft(&sheet.owner, &sheet.id, put).await?.0;
        }
        let sheet = Sheet { draft, ..sheet };
        if sheet.draft.basket.is_empty() {
            let voice = Voice::new(&snapshot.policy, self.language(by));
            return self.choose(&sheet, fields, Some(show::nothing_chosen(voice))).await;
        }
        self.finish(&sheet, Wrong::default()).await
    }

    /// A page of everything that is chosen.
    async fn chosen(&self, sheet: &Sheet<'_>, fields: &Fields) -> Result<Laid, Why> {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(sheet.by));
        let items = sheet.draft.basket.items();
        let live = self.live(&sheet.draft, items).await;
        let page = fields.number("page").unwrap_or_default();
        let review = show::review(voice, &sheet.id, (items, &live), page, item_handle);
        Ok(lay_out(voice.language, "form_chosen", &pages::review(review))?)
    }

    async fn remove(&self, by: &By, fields: &Fields) -> Result<Laid, Why> {
        let sheet = self.sheet(by, fields).await?;
        let is_all = fields.get("all").is_some();
        let ticked: Vec<&str> = fields.all("item").collect();
        let take = |draft: &mut Draft| {
            // By its handle: a thing that is no longer listed can be removed as well.
            draft.basket.keep(|one| !is_all && !ticked.contains(&item_handle(one).as_str()));
        };
        let (draft, ()) = self.app().change_draft(&sheet.owner, &sheet.id, take).await?;
        self.chosen(&Sheet { draft, ..sheet }, fields).await
    }

    /// The people for whom they may ask.
    fn for_whom(&self, sheet: &Sheet<'_>, fields: &Fields) -> Result<Laid, Why> {
        let snapshot = self.app().policy();
        let words = fields.get("words").unwrap_or_default();
        let found = snapshot.people_named(&sheet.owner, words);
        let model = ForPage {
            draft: sheet.id.clone(),
            words: words.to_owned(),
            people: found.iter().take(PEOPLE).map(|person| pages::person(person)).collect(),
            has_more: found.len() > PEOPLE,
        };
        Ok(lay_out(self.language(sheet.by), "form_for", &model)?)
    }

    /// Asks for somebody; what they may not have goes from the basket.
    async fn set_grantee(&self, by: &By, fields: &Fields) -> Result<Laid, Why> {
        let sheet = self.sheet(by, fields).await?;
        let Some(grantee) =
            fields.get("person").filter(|id| !matches!(*id, "" | "-")).map(PersonId::new)
        else {
            return self.choose(&sheet, &Fields::default(), None).await;
        };
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        if grantee != sheet.owner && !snapshot.policy.may_ask_for(&sheet.owner, &grantee) {
            let said = show::not_for(voice, &grantee);
            return self.choose(&sheet, &Fields::default(), Some(said)).await;
        }
        let set = |draft: &mut Draft| choose::set_grantee(&snapshot, &sheet.owner, &grantee, draft);
        let (draft, dropped) = self.app().change_draft(&sheet.owner, &sheet.id, set).await?;
        let said = (dropped > 0).then(|| show::dropped(voice, dropped));
        self.choose(&Sheet { draft, ..sheet }, &Fields::default(), said).await
    }

    /// The second step.
    async fn finish(&self, sheet: &Sheet<'_>, wrong: Wrong) -> Result<Laid, Why> {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(sheet.by));
        let live = self.live(&sheet.draft, sheet.draft.basket.items()).await;
        let form = (sheet.id.as_str(), &sheet.draft);
        let model = finish::view((&snapshot, voice), &sheet.owner, form, &live, wrong);
        Ok(lay_out(voice.language, "form_finish", &model)?)
    }

    /// Sends the form; what it became, or what is wrong at its field.
    async fn send(&self, sheet: &Sheet<'_>) -> Result<Laid, Why> {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(sheet.by));
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

    /// What is found while somebody types into a list.
    pub(super) async fn search(&self, by: &By, dataset: &str, text: &str) -> Answer {
        match self.searched(by, dataset, text).await {
            Ok(found) => rows(&found),
            Err(why) => {
                // A list has no room for a sentence; the press that follows says it.
                tracing::info!(?why, "a list was not searched");
                rows(&[])
            }
        }
    }

    async fn searched(
        &self,
        by: &By,
        dataset: &str,
        text: &str,
    ) -> Result<Vec<(String, String)>, Why> {
        let mut parts = dataset.split(' ');
        let (list, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let query = parts.next().unwrap_or_default();
        let owner = self.person(by).await?;
        let snapshot = self.app().policy();
        if list == "people" {
            let found = snapshot.people_named(&owner, text);
            let row = |person: &&Person| {
                let choice = pages::person(person);
                (choice.label, choice.value)
            };
            return Ok(found.iter().take(ROWS).map(row).collect());
        }
        let draft = self.app().draft(&owner, id).await?;
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let mut asked = Asked::read(query);
        if asked.bundle.is_none() {
            text.clone_into(&mut asked.words);
        }
        let chooser = Chooser { snapshot: &snapshot, voice, owner: &owner, id, draft: &draft };
        let found = chooser.found(&asked, Room { found: ROWS, of_bundle: usize::MAX });
        let row = |item: &Item| {
            let choice = show::item_choice(voice, item, item_handle(item));
            let hint = choice.hint.map(|hint| format!(" · {hint}")).unwrap_or_default();
            (format!("{}{hint}", choice.label), choice.value)
        };
        let rows = found.items.iter().map(row);
        Ok(rows.filter(|(label, _)| asked.bundle.is_none() || has_words(label, text)).collect())
    }
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
