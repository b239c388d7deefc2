//! What a press asks for. It names a request at most; who may do what is worked out by `app`.
use super::activity::By;
use super::answers::{Reply, Shape};
use super::handle::{NAME, Teams, Why};
use super::narrowing;
use crate::app::ActError;
use crate::chat::access::how_to_connect;
use crate::chat::form::bounds::too_long_words;
use crate::chat::form::fields::Fields;
use crate::domain::decide::{NotAllowed, Verdict};
use crate::domain::id::RequestId;
use crate::domain::narrow::NotLess;
use crate::domain::parties::is_theirs;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::show::details::{Told, details};
use crate::show::ending::{self, Ending};
use crate::show::forms::{self, Notice};
use crate::show::teams::{Decide, End, Laid, lay_out};
use crate::show::{Voice, cards, narrowing as show, texts};

/// A press about one request.
pub(super) struct Press<'a> {
    pub(super) by: &'a By,
    pub(super) id: RequestId,
    pub(super) fields: &'a Fields,
}

/// What is wrong with a decision that was sent.
#[derive(Debug, Default)]
struct Refused {
    /// With its reason.
    wrong: Option<String>,
    /// With what it would leave.
    not_less: Option<NotLess>,
}

impl Teams {
    /// Does what was pressed; what is to be shown then.
    pub(super) async fn act(&self, by: &By, shape: Shape, fields: &Fields) -> Result<Reply, Why> {
        let act = fields.get("do").unwrap_or_default();
        if act == "close" {
            return Ok(Reply::Close);
        }
        if let Some(view) = self.form(by, act, fields).await? {
            return Ok(Reply::View(view));
        }
        if act == "list" {
            return self.list(by, fields).await.map(Reply::View);
        }
        let id = fields.get("id").and_then(|id| id.parse().ok());
        let Some(id) = id else { return Ok(self.dead_button(by)) };
        let press = Press { by, id, fields };
        match act {
            "details" => self.details(by, id, fields.number("page").unwrap_or(0)).await,
            "refresh" => self.refresh(&press).await,
            "approve" => self.open_decision(&press, true).await,
            "reject" => self.open_decision(&press, false).await,
            "decide" => self.decide(&press).await,
            "connect" => self.connect(&press).await,
            "cancel" | "revoke" => self.open_end(&press, act == "cancel").await,
            "end_cancel" | "end_revoke" => self.end(&press, act == "end_cancel").await,
            "extend" => self.extend(&press, shape).await,
            "star" | "unstar" => self.star(&press, act == "star").await,
            _ => Ok(self.dead_button(by)),
        }
    }

    /// A button of an older version, or a forged one: nothing is done, and that is said.
    fn dead_button(&self, by: &By) -> Reply {
        let line = texts::say(self.language(by), "button-dead", []);
        Reply::View(self.drawn(by, &Notice::new(NAME, line)))
    }

    /// A page of a request's details, for somebody who may see it.
    pub(super) async fn details(&self, by: &By, id: RequestId, page: usize) -> Result<Reply, Why> {
        let person = self.person(by).await?;
        let whole = self.app().whole(&person, id).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(by));
        let (record, past) = (&whole.record, whole.past.as_slice());
        let told = Told { record, past, star: whole.star, at: whole.at };
        let model = details(voice, told, &person, page);
        Ok(Reply::View(lay_out(voice.language, "details", &model)?))
    }

    /// A question in a channel, as whoever opened the channel may see it: with buttons for those who
    /// may decide now.
    async fn refresh(&self, press: &Press<'_>) -> Result<Reply, Why> {
        let person = self.person(press.by).await?;
        let record = self.app().request(&person, press.id).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(press.by));
        let ask = cards::ask(voice, &record, Some(&person));
        if ask.is_open || record.state.is_final() {
            return Ok(Reply::View(lay_out(voice.language, "ask", &ask)?));
        }
        self.channel_ask(voice, &record).await.map(Reply::View)
    }

    /// Opens the dialog for a decision, or says why there is nothing to decide.
    async fn open_decision(&self, press: &Press<'_>, approves: bool) -> Result<Reply, Why> {
        let person = self.person_now(press.by).await?;
        let record = self.app().ask_to_decide(&person, press.id, approves).await?;
        self.decision(press, &record, approves, Refused::default()).map(Reply::View)
    }

    fn decision(
        &self,
        press: &Press<'_>,
        record: &Record,
        approves: bool,
        Refused { wrong, not_less }: Refused,
    ) -> Result<Laid, Why> {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(press.by));
        let (verdict, style) =
            if approves { ("approve", "positive") } else { ("reject", "destructive") };
        let mut form = forms::decide(voice, record, &record.asked.requester, approves);
        let says = |why| (why, show::not_less(voice, why));
        form.narrow = approves.then(|| match not_less {
            // It is drawn as it stands now, and all of what is left of it stays ticked.
            Some(NotLess::Moved) => narrowing::form(voice, record),
            why => {
                let narrowed = narrowing::narrowed(press.fields);
                let goes = narrowed.out.as_deref().unwrap_or_default();
                let form = narrowing::form(voice, record).without(voice, record, goes);
                form.filled(&narrowed.filled(), why.map(says))
            }
        });
        form.note = not_less.filter(|why| *why == NotLess::Moved).map(|why| says(why).1);
        let model = Decide {
            form,
            id: press.id.to_string(),
            verdict,
            style,
            version: record.version,
            reason: press.fields.typed("reason").unwrap_or_default(),
            wrong,
        };
        Ok(lay_out(voice.language, "decide", &model)?)
    }

    /// Takes a decision. The dialog closes; the messages say the rest.
    async fn decide(&self, press: &Press<'_>) -> Result<Reply, Why> {
        let person = self.person_now(press.by).await?;
        let word = press.fields.get("verdict").unwrap_or_default();
        let approves = word == "approve";
        if let Some(wrong) = self.too_long(press) {
            return self.decide_again(press, approves, wrong).await;
        }
        let verdict = match (word, press.fields.typed("reason")) {
            ("approve", reason) => narrowing::narrowed(press.fields).verdict(reason),
            ("reject", Some(reason)) => Ok(Verdict::Reject { reason }),
            ("reject", None) => {
                return self.decide_again(press, false, self.needs_reason(press)).await;
            }
            _ => return Ok(self.dead_button(press.by)),
        };
        // One dialog is one vote, also where its sender is asked again at the next stage.
        let drawn = press.fields.number("version");
        let key = drawn.map(|version| format!("teams:{word}:{}:{version}:{person}", press.id));
        let decided = match verdict {
            Ok(verdict) => self.app().decide(&person, press.id, verdict, key.as_deref()).await,
            Err(unread) => self.app().refuse_decision(&person, press.id, unread.into()).await,
        };
        match decided {
            Ok(_) => Ok(Reply::Close),
            Err(ActError::NeedsReason) => {
                self.decide_again(press, approves, self.needs_reason(press)).await
            }
            Err(ActError::NotAllowed(NotAllowed::NotLess(why))) => {
                let record = self.app().ask_to_decide(&person, press.id, true).await?;
                let refused = Refused { not_less: Some(why), ..Refused::default() };
                self.decision(press, &record, true, refused).map(Reply::View)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Draws the dialog once more, with what is wrong with its reason.
    async fn decide_again(
        &self,
        press: &Press<'_>,
        approves: bool,
        wrong: String,
    ) -> Result<Reply, Why> {
        let person = self.person_now(press.by).await?;
        let record = self.app().ask_to_decide(&person, press.id, approves).await?;
        let refused = Refused { wrong: Some(wrong), ..Refused::default() };
        self.decision(press, &record, approves, refused).map(Reply::View)
    }

    fn needs_reason(&self, press: &Press<'_>) -> String {
        texts::say(self.language(press.by), "decide-needs-reason", [])
    }

    /// What is wrong with a reason that is too long. Nothing of it is cut.
    fn too_long(&self, press: &Press<'_>) -> Option<String> {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(press.by));
        too_long_words(voice, &press.fields.typed("reason")?)
    }

    /// Opens the dialog that an end is confirmed in; whoever ends what is somebody else's says why.
    pub(super) async fn open_end(
        &self,
        press: &Press<'_>,
        is_cancelled: bool,
    ) -> Result<Reply, Why> {
        let person = self.person_now(press.by).await?;
        let record = self.app().request(&person, press.id).await?;
        let needs_reason = !is_theirs(&self.app().policy().policy, &person, &record.asked);
        self.end_form(press, &record, (is_cancelled, needs_reason), None).map(Reply::View)
    }

    fn end_form(
        &self,
        press: &Press<'_>,
        record: &Record,
        (is_cancelled, is_reason_required): (bool, bool),
        wrong: Option<String>,
    ) -> Result<Laid, Why> {
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(press.by));
        let reason = press.fields.typed("reason").unwrap_or_default();
        let of = Ending { is_cancelled, is_reason_required, reason: &reason };
        let model = End {
            form: ending::end_form(voice, record, of),
            id: press.id.to_string(),
            act: if is_cancelled { "end_cancel" } else { "end_revoke" },
            wrong,
        };
        Ok(lay_out(voice.language, "end", &model)?)
    }

    /// Ends what the dialog is about. It closes; the messages say the rest.
    async fn end(&self, press: &Press<'_>, is_cancelled: bool) -> Result<Reply, Why> {
        let person = self.person_now(press.by).await?;
        let again = async |is_reason_required, wrong| {
            let record = self.app().request(&person, press.id).await?;
            let form =
                self.end_form(press, &record, (is_cancelled, is_reason_required), Some(wrong))?;
            Ok(Reply::View(form))
        };
        if let Some(wrong) = self.too_long(press) {
            return again(false, wrong).await;
        }
        let reason = press.fields.typed("reason").unwrap_or_default();
        let key = press.by.key.as_deref();
        let ended = match is_cancelled {
            true => self.app().cancel(&person, press.id, reason, key).await,
            false => self.app().revoke(&person, press.id, reason, key).await,
        };
        match ended {
            Ok(_) => Ok(Reply::Close),
            Err(ActError::NeedsReason) => again(true, self.needs_reason(press)).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Lets access last longer. A button carries what it saw: two presses extend once.
    async fn extend(&self, press: &Press<'_>, shape: Shape) -> Result<Reply, Why> {
        let person = self.person_now(press.by).await?;
        let Some(seen) = press.fields.get("seen").and_then(|seen| seen.parse().ok()) else {
            return Ok(self.dead_button(press.by));
        };
        let key = press.by.key.as_deref();
        let record = self.app().extend(&person, press.id, Some(seen), key).await?;
        if shape == Shape::Dialog {
            return self.details(press.by, press.id, 0).await;
        }
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(press.by));
        Ok(Reply::Said(ending::extended(voice, &record)))
    }

    async fn star(&self, press: &Press<'_>, is_starred: bool) -> Result<Reply, Why> {
        let person = self.person(press.by).await?;
        self.app().star(&person, press.id, is_starred).await?;
        self.app().redraw_home(&person).await?;
        self.details(press.by, press.id, 0).await
    }

    /// Shows the grantee, and nobody else, how to connect.
    async fn connect(&self, press: &Press<'_>) -> Result<Reply, Why> {
        let person = self.person_now(press.by).await?;
        let found = self.app().access_details(&person, press.id).await?;
        let snapshot = self.app().policy();
        let voice = Voice::new(&snapshot.policy, self.language(press.by));
        let page = press.fields.number("page").unwrap_or_default();
        let Some(model) = how_to_connect(voice, press.id, &found, page) else {
            let title = voice.say("connect-title", []);
            let notice = Notice::new(&title, voice.say("connect-nothing", []));
            return Ok(Reply::View(self.drawn(press.by, &notice)));
        };
        Ok(Reply::View(lay_out(voice.language, "connect", &model)?))
    }
}

/// How often it was extended, where it can be.
pub(super) fn extensions(record: &Record) -> Option<u32> {
    match &record.state {
        State::Active { extensions, .. } => Some(*extensions),
        _ => None,
    }
}
