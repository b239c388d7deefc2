//! One of every card, for tests and for looking at. What dialogs show is what the web pages show, so
//! their samples are these too.
use super::{ChannelAsk, Decide, End, Laid, Opener, Retry, lay_out};
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::domain::narrow::NotLess;
use crate::domain::request::State;
use crate::show::cards::Card;
use crate::show::ending::{self, Ending};
use crate::show::forms::{self, Notice};
use crate::show::narrowing::{self, Filled};
use crate::show::samples::{self, Texts, at};
use crate::show::templates::ShowError;
use crate::show::{Voice, pages};
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};

/// A card: its template, and what it gets.
pub type Sample = (&'static str, Value);

fn sample<M: Serialize>(template: &'static str, model: &M) -> Sample {
    (template, json!(model))
}

/// Every card with these texts.
pub fn all(language: Language, texts: Texts<'_>) -> Vec<Sample> {
    let mut all: Vec<Sample> = Vec::new();
    for message in samples::messages(language, texts) {
        if let Card::Ask(ask) = &message {
            let refreshes = vec!["29:1aBcD".to_owned(); usize::from(ask.is_open)];
            all.push(sample("ask_channel", &ChannelAsk { ask, refreshes }));
        }
        all.push(sample(message.template(), &message));
    }
    all.extend(pages::samples::all(language, texts).into_iter().filter_map(from_page));
    all.extend(dialogs(language, texts));
    all
}

/// A page's sample as a card; the pages that only browsers need are none.
fn from_page((template, page): pages::samples::Sample) -> Option<Sample> {
    let body = page.get("body")?.clone();
    let said = page.pointer("/frame/said/text").cloned().unwrap_or_default();
    Some(match template {
        "request" => ("details", body.get("details")?.clone()),
        "list" => {
            let mut list = body;
            list.as_object_mut()?.insert("ticked".to_owned(), "active,expired".into());
            ("list", list)
        }
        "form_choose" => ("form_choose", json!({ "body": body, "said": said })),
        "connect" | "home" | "form_chosen" | "form_for" | "form_finish" | "form_sent" => {
            (template, body)
        }
        _ => return None,
    })
}

/// The dialog in which an approver leaves less: with boxes, narrowed before, with too many things for
/// boxes, and with what is wrong.
fn narrowed(voice: Voice<'_>, texts: Texts<'_>) -> Vec<Sample> {
    let pending = State::PendingApproval { closes_at: at(168), approvals: Vec::new() };
    let before = samples::narrowed(texts, pending);
    let mut whole = before.clone();
    whole.decisions.clear();
    let filled = Filled { duration: Some("900".to_owned()), stays: Some(vec!["1".to_owned()]) };
    [
        (&whole, 40, None),
        (&before, 40, Some(NotLess::Moved)),
        (&whole, 3, None),
        (&whole, 40, Some(NotLess::Longer { most: TimeDelta::hours(8) })),
        (&whole, 40, Some(NotLess::Nothing)),
    ]
    .into_iter()
    .map(|(record, most, why)| {
        let mut form = forms::decide(voice, record, &PersonId::from("ben"), true);
        let wrong = why.map(|why| (why, narrowing::not_less(voice, why)));
        form.note = wrong.as_ref().filter(|(why, _)| *why == NotLess::Moved).map(|w| w.1.clone());
        form.narrow = Some(narrowing::form(voice, record, most).filled(&filled, wrong));
        let decide = Decide {
            form,
            id: record.asked.id.to_string(),
            verdict: "approve",
            style: "positive",
            version: record.version,
            reason: texts.words.chars().take(1000).collect(),
            wrong: None,
        };
        sample("decide", &decide)
    })
    .collect()
}

fn dialogs(language: Language, texts: Texts<'_>) -> Vec<Sample> {
    let policy = samples::policy(texts);
    let voice = Voice::new(&policy, language);
    let record = samples::record(
        texts,
        State::PendingApproval { closes_at: at(168), approvals: Vec::new() },
    );
    let ben = PersonId::from("ben");
    let mut all = Vec::new();
    for (approves, verdict, style) in
        [(true, "approve", "positive"), (false, "reject", "destructive")]
    {
        let decide = Decide {
            form: forms::decide(voice, &record, &ben, approves),
            id: record.asked.id.to_string(),
            verdict,
            style,
            version: record.version,
            reason: texts.words.chars().take(1000).collect(),
            wrong: (!approves).then(|| voice.say("decide-needs-reason", [])),
        };
        all.push(sample("decide", &decide));
        let of =
            Ending { is_cancelled: approves, is_reason_required: approves, reason: texts.words };
        let end = End {
            form: ending::end_form(voice, &record, of),
            id: record.asked.id.to_string(),
            act: if approves { "end_cancel" } else { "end_revoke" },
            wrong: approves.then(|| voice.say("decide-needs-reason", [])),
        };
        all.push(sample("end", &end));
    }
    all.extend(narrowed(voice, texts));
    let notice = Notice {
        title: "Hallpass".to_owned(),
        lines: vec![texts.words.to_owned(), texts.name.to_owned()],
        quote: Some(texts.words.to_owned()),
    };
    all.push(sample("notice", &notice));
    let opener = Opener {
        note: Some(texts.words.to_owned()),
        line: texts.words.to_owned(),
        button: voice.say("button-new", []),
        act: "form",
        reason: texts.words.to_owned(),
        ..Opener::default()
    };
    all.push(sample("opener", &opener));
    let sent = [("do", "decide"), ("id", "AR-7"), ("reason", texts.words)];
    let retry = Retry {
        title: "Hallpass".to_owned(),
        lines: vec![voice.say("stranger-unconfirmed", [])],
        fields: sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    };
    all.push(sample("retry", &retry));
    all
}

/// Every card with these texts, laid out for a message and for a dialog.
pub fn laid_out(
    language: Language,
    texts: Texts<'_>,
) -> impl Iterator<Item = (&'static str, Result<(Laid, Laid), ShowError>)> {
    all(language, texts).into_iter().map(move |(template, model)| {
        let laid = lay_out(language, template, &model);
        (template, laid.map(|laid| (laid.clone(), laid.for_dialog())))
    })
}
