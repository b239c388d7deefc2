//! One of every page, for tests and for looking at, as what its template gets.
use super::request::{Typed, request};
use super::tab::{self, Entry, Scripts};
use super::{Done, Frame, Notice, Page, Place, Said, done, not_found, sign_in};
use super::{form, lists};
use crate::domain::draft::WayIn;
use crate::domain::id::{PersonId, RequestId};
use crate::domain::language::Language;
use crate::domain::listing;
use crate::domain::narrow::NotLess;
use crate::domain::record::Record;
use crate::domain::request::State;
use crate::domain::submission::{RefusedItem, WhyRefused};
use crate::show::details::Told;
use crate::show::forms::{Connect, ConnectEntry};
use crate::show::narrowing::Filled;
use crate::show::samples::{self, Texts, at};
use crate::show::{Fact, Voice, home, request_form, words};
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};

/// Where the style sheet is for a sample.
pub const STYLE: &str = "/assets/style.css";

/// As long as the id of a form.
const DRAFT: &str = "019aae2b-9c30-7e5a-b54e-38a0d8a1f0c2";

/// A page: its template, and what it gets.
pub type Sample = (&'static str, Value);

/// Every page with these texts.
pub fn all(language: Language, texts: Texts<'_>) -> Vec<Sample> {
    let policy = samples::policy(texts);
    let voice = Voice::new(&policy, language);
    let mut pages = requests(texts, voice);
    pages.extend(entering(texts, voice));
    pages.extend(in_teams(texts, voice));
    pages.extend(overviews(texts, voice));
    pages.extend(choosing(texts, voice));
    pages.extend(finishing(texts, voice));
    pages
}

fn frame(voice: Voice<'_>, title: &str, viewer: &str, here: Place) -> Frame {
    Frame::new(voice, title.to_owned(), "", STYLE)
        .read_by(voice, &PersonId::from(viewer), here)
        .with_form("form".to_owned())
}

fn page<B: Serialize>(template: &'static str, frame: Frame, body: B) -> Sample {
    (template, json!(Page { frame, body }))
}

fn requests(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Sample> {
    let past = samples::past();
    let typed = Typed {
        reason: texts.words.to_owned(),
        wrong: Some(voice.say("decide-needs-reason", [])),
        ..Typed::default()
    };
    let mut pages = Vec::new();
    for (place, state) in samples::states(texts).into_iter().enumerate() {
        let record = samples::record(texts, state);
        for (viewer, star) in [("ana", Some(place % 2 == 0)), ("ben", None), ("dev", None)] {
            let told = Told { record: &record, past: &past, star, at: at(2) };
            let typed = if place == 1 { typed.clone() } else { Typed::default() };
            let viewer_id = PersonId::from(viewer);
            let body = request(voice, told, (&viewer_id, 0), typed);
            let said = (place == 3).then(|| done(voice, Done::Approved));
            let frame = frame(voice, &body.details.id, viewer, Place::Elsewhere).saying(said);
            pages.push(page("request", frame, body));
        }
    }
    pages.extend(narrowing(texts, voice));
    let password = Fact::text(&voice.say("connect-password", []), texts.words);
    let lines = vec![Fact::text(&words::connect_label(voice, "host"), "db.example.com"), password];
    let items = samples::record(texts, over()).asked.items;
    let item = items.first().map(|item| words::item(voice, item)).unwrap_or_default();
    let entries = vec![ConnectEntry { item, lines }; 45];
    let body = Connect::page(voice, RequestId(1042), entries, 1);
    let frame = frame(voice, &voice.say("connect-title", []), "ana", Place::Elsewhere);
    pages.push(page("connect", frame, body));
    pages
}

/// The page on which an approver leaves less, as it is first seen and with what is wrong.
fn narrowing(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Sample> {
    let pending = State::PendingApproval { closes_at: at(168), approvals: Vec::new() };
    let mut whole = samples::narrowed(texts, pending.clone());
    let narrowed = whole.clone();
    whole.decisions.clear();
    let mut many = whole.clone();
    many.asked.items = whole.asked.items.iter().cycle().take(1_000).cloned().collect();
    let wrong = |not_less| {
        let duration = Some("900".to_owned());
        let narrowed = Filled { duration, stays: Some(vec!["1".to_owned()]) };
        Typed { narrowed, not_less: Some(not_less), ..Typed::default() }
    };
    let longer = NotLess::Longer { most: TimeDelta::hours(8) };
    [
        (&whole, Typed::default()),
        (&narrowed, Typed::default()),
        (&many, Typed::default()),
        (&whole, wrong(longer)),
        (&whole, wrong(NotLess::Nothing)),
        (&narrowed, wrong(NotLess::Moved)),
    ]
    .into_iter()
    .map(|(record, typed)| {
        let told = Told { record, past: &samples::past(), star: None, at: at(2) };
        let body = request(voice, told, (&PersonId::from("ben"), 0), typed);
        page("request", frame(voice, &body.details.id, "ben", Place::Elsewhere), body)
    })
    .collect()
}

/// What is otherwise inside of Teams: the way in, and what stands around a page.
fn in_teams(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Sample> {
    let outside = || Some("https://access.example.com/requests/AR-1042".to_owned());
    let scripts = Scripts { own: "/own.js".to_owned(), teams: "/teams.js".to_owned() };
    let entry = |note, scripts| Entry {
        next: "/requests/AR-1042".to_owned(),
        outside: outside(),
        scripts,
        note,
    };
    let frame_of = || Frame::new(voice, tab::title(voice), "", STYLE);
    let lines = vec![texts.words.to_owned()];
    let notice = Notice { title: voice.say("page-sorry", []), lines };
    let read = frame(voice, &notice.title, "ana", Place::Elsewhere).in_teams(outside());
    let entries = [
        entry(None, Some(scripts)),
        entry(Some(tab::refused(voice)), None),
        entry(Some(tab::unknown(voice)), None),
        entry(Some(tab::no_cookie(voice)), None),
        Entry { outside: None, ..entry(Some(tab::busy(voice)), None) },
    ];
    let mut pages = vec![page("notice", read, notice)];
    pages.extend(entries.map(|body| page("tab", frame_of().in_teams(body.outside.clone()), body)));
    pages
}

fn over() -> State {
    State::Expired { at: at(3) }
}

fn entering(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Sample> {
    let nobody = |title: String| Frame::new(voice, title, "", STYLE).with_form("form".to_owned());
    let ask = sign_in::SignIn {
        next: "/requests/AR-1042".to_owned(),
        note: None,
        has_mail: true,
        address: texts.name.to_owned(),
        named: None,
        provider: Some(sign_in::Provider {
            name: if texts.name.is_empty() { "Example" } else { texts.name }.to_owned(),
            path: "/sign-in/provider?next=%2F".to_owned(),
        }),
    };
    let masked = voice.policy.directory.people.values().next().map(sign_in::masked);
    let named = sign_in::Named { token: "1.x.y".to_owned(), masked: masked.unwrap_or_default() };
    let old = sign_in::SignIn { note: Some(sign_in::old_link(voice)), ..ask.clone() };
    let linked = sign_in::SignIn { named: Some(named), provider: None, ..ask.clone() };
    let code = |wrong| sign_in::Code {
        next: "/".to_owned(),
        again: "/sign-in?next=%2F".to_owned(),
        wrong,
    };
    let title = || sign_in::title(voice);
    let busy = sign_in::SignIn { note: Some(sign_in::busy(voice)), ..linked.clone() };
    let not_done = sign_in::SignIn { note: Some(sign_in::not_done(voice)), ..ask.clone() };
    let company = ask.provider.as_ref().map_or("", |provider| &*provider.name);
    let out = sign_in::signed_out_of_us(voice, company);
    let gone: Notice = not_found(voice);
    let said = Said::wrong(sign_in::unknown(voice));
    vec![
        page("sign_in", nobody(title()), busy),
        page("sign_in", nobody(title()), not_done),
        page("sign_in", nobody(title()).saying(Some(out)), ask.clone()),
        page("sign_in", nobody(title()).saying(Some(said)), ask),
        page("sign_in", nobody(title()), old),
        page("sign_in", nobody(title()).saying(Some(done(voice, Done::SignedOut))), linked),
        page("code", nobody(title()), code(None)),
        page("code", nobody(title()), code(Some(sign_in::wrong_code(voice)))),
        page("notice", nobody(gone.title.clone()), gone.clone()),
        page("notice", frame(voice, &gone.title, "ana", Place::Elsewhere), gone),
    ]
}

fn step_frame(voice: Voice<'_>, of: form::StepTitle) -> Frame {
    frame(voice, &form::title(voice, of), "ana", Place::Elsewhere)
}

fn choosing(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Sample> {
    let typed = || texts.words.chars().take(200).collect::<String>();
    let mut pages = Vec::new();
    let found = samples::record(texts, over()).asked.items;
    let live = found.iter().map(|item| (item.clone(), RequestId(1042))).collect();
    let row = |n: usize| {
        let item = found.first().filter(|_| n == 0)?;
        Some(form::tick_row(voice, (item, format!("handle-{n}")), (&found, &live)))
    };
    for way in [WayIn::Resource, WayIn::App, WayIn::Bundle] {
        let links = (0..3).map(|n| form::StepLink {
            label: if texts.name.is_empty() { "Production PostgreSQL" } else { texts.name }
                .chars()
                .take(75)
                .collect(),
            query: format!("?way={}&system=prod", form::way_word(way)),
            is_here: n == 1,
        });
        let step = form::step(voice, form::StepOf::Integration, links.collect());
        let kinds = form::picks(request_form::any_kind(voice, ""), &["database"], None);
        let permissions =
            form::picks(request_form::any_permission(voice, ""), &["read"], Some("read"));
        let carried = vec![form::Carried { name: "system", value: texts.name.to_owned() }];
        let body = form::ChoosePage {
            draft: DRAFT.to_owned(),
            grantee: Some(words::name(voice, &PersonId::from("ana"))),
            tabs: form::tabs(voice, way),
            way: form::way_word(way),
            search: Some(form::Search { words: typed(), kinds, permissions, carried }),
            steps: if way == WayIn::Resource { Vec::new() } else { vec![step] },
            matching: Some(form::bundle_lines(voice, (texts.name, texts.words), (34, 3)).0),
            rows: (0..1).filter_map(row).collect(),
            has_more: true,
            add_all: Some(voice.say("request-add-all", [("count", 284.into())])),
            back: "?way=resource".to_owned(),
            basket: request_form::basket(voice, &found),
            has_chosen: way != WayIn::App,
        };
        pages.push(page("form_choose", step_frame(voice, form::StepTitle::Choose), body));
    }
    let people = voice.policy.directory.people.values().map(form::person).collect();
    let body = form::ForPage { draft: DRAFT.to_owned(), words: typed(), people, has_more: true };
    pages.push(page("form_for", step_frame(voice, form::StepTitle::ForWhom), body));
    pages
}

fn finishing(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Sample> {
    let mut pages = Vec::new();
    let found = samples::record(texts, over()).asked.items;
    for review in request_form::samples::review(texts, voice) {
        let frame = step_frame(voice, form::StepTitle::Chosen);
        pages.push(page("form_chosen", frame, form::review(review)));
    }
    for (place, finish) in request_form::samples::finish(texts, voice).into_iter().enumerate() {
        let wrong = || Some(voice.say("request-missing-ticket", []));
        let wrong = match place {
            0 => form::Wrong::default(),
            _ => form::Wrong { duration: wrong(), ticket: wrong(), why: wrong() },
        };
        let frame = step_frame(voice, form::StepTitle::Choose);
        pages.push(page("form_finish", frame, form::finish(finish, wrong)));
    }
    let records: Vec<Record> =
        samples::states(texts).into_iter().map(|state| samples::record(texts, state)).collect();
    let refused =
        found.iter().map(|item| RefusedItem { item: item.clone(), why: WhyRefused::NotYours });
    let body = form::sent(voice, &records, &refused.collect::<Vec<_>>());
    pages.push(page("form_sent", step_frame(voice, form::StepTitle::Sent), body));
    pages
}

fn overviews(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Sample> {
    let ana = PersonId::from("ana");
    let portals = home::samples::portals(texts).into_iter().map(|portal| {
        let title = voice.say("page-home", []);
        page("home", frame(voice, &title, "ana", Place::Home), lists::home(voice, &ana, &portal))
    });
    let place = listing::Place::default();
    let pages = home::samples::pages(texts).into_iter().map(|listed| {
        let body = lists::list(voice, &ana, &listed, &place);
        page("list", frame(voice, &body.shelf.title, "ana", Place::Requests), body)
    });
    portals.chain(pages).collect()
}
