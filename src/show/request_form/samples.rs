//! The form in every shape, for tests and for looking at: empty, filled, and as full as it gets.
use super::{
    AppChosen, Choose, Finish, Finishing, Picks, Review, TICKS, TickPage, TicketFields, added,
    any_kind, any_permission, basket, by_app, by_bundle, by_resource, cut, dropped, entries, gone,
    item_choice, named_choice, not_for, nothing_ticked, person_choice, refine_choice,
    resource_choice, unsearched, ways,
};
use crate::domain::catalog::{Bundle, Item, Resource, ResourceRef};
use crate::domain::draft::{Added, Answers, WayIn};
use crate::domain::id::{PersonId, RequestId};
use crate::domain::submission::{MOST_ITEMS, split};
use crate::show::limits::CHOICES;
use crate::show::samples::Texts;
use crate::show::{Choice, Voice};

/// As long as the id of a form.
const DRAFT: &str = "019aae2b-9c30-7e5a-b54e-38a0d8a1f0c2";

/// So many things, of which the first is one that the sample's policy knows.
fn items(texts: Texts<'_>, number: usize) -> Vec<Item> {
    let item = |number: usize| Item {
        at: ResourceRef {
            integration: "prod-postgres".into(),
            resource: match number {
                0 => "db:payments".to_owned(),
                _ => format!("db:{} {number}", texts.name),
            },
        },
        permission: if number == 0 { "read".to_owned() } else { format!("{}write", texts.name) },
    };
    (0..number).map(item).collect()
}

/// Everything that a form may have to say when it begins.
fn notes(voice: Voice<'_>) -> String {
    [not_for(voice, &"ana".into()), gone(voice, 3), cut(voice)].join(" ")
}

fn ana(voice: Voice<'_>) -> Option<Choice> {
    let person = voice.policy.directory.people.get(&PersonId::from("ana"))?;
    Some(person_choice(person, "ana".to_owned()))
}

/// The first step: each way, empty and full.
pub fn choose(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Choose> {
    let one = |way: WayIn, chosen: &[Item]| Choose {
        draft: DRAFT.to_owned(),
        note: None,
        grantee: None,
        ways: ways(voice, way),
        by_resource: None,
        by_app: None,
        by_bundle: None,
        said: None,
        basket: basket(voice, chosen),
    };
    let any = (String::new(), any_kind(voice, "any"), any_permission(voice, "any"));
    let named = |text: &str| named_choice(text, "0123456789abcdef".to_owned());
    let narrowed = (texts.words.chars().take(200).collect(), named(texts.name), named(texts.name));
    let all = items(texts, MOST_ITEMS);
    let full = Added { new: 1000, known: 17, left_out: 123_456 };
    vec![
        Choose {
            by_resource: Some(by_resource(voice, any, (0, 0), None, "pick-0".to_owned())),
            ..one(WayIn::Resource, &[])
        },
        Choose {
            note: Some(notes(voice)),
            grantee: ana(voice),
            by_resource: Some(by_resource(
                voice,
                narrowed,
                (284_000, 1_000_000),
                Some(284_000),
                "pick-4294967295".to_owned(),
            )),
            said: Some(added(voice, full, 3)),
            ..one(WayIn::Resource, &all)
        },
        Choose { by_app: Some(by_app(voice, empty_app())), ..one(WayIn::App, &[]) },
        Choose { by_app: Some(full_app(texts, voice)), ..one(WayIn::App, &all) },
        Choose {
            by_bundle: Some(by_bundle(voice, String::new(), (0, 0), None, None)),
            said: Some(nothing_ticked(voice)),
            ..one(WayIn::Bundle, &[])
        },
        full_bundle(texts, voice, one(WayIn::Bundle, &all)),
    ]
}

/// Nothing is picked yet.
fn empty_app() -> AppChosen {
    let integration = Picks { block: "app_integration".to_owned(), chosen: Vec::new() };
    AppChosen { integration, ..AppChosen::default() }
}

fn full_app(texts: Texts<'_>, voice: Voice<'_>) -> super::ByApp {
    let picks = |begin: &str, number: usize| Picks {
        block: format!("{begin}-4294967295-0123456789abcdef"),
        chosen: (0..number).map(|n| named_choice(texts.name, format!("value-{n}"))).collect(),
    };
    let resources = choices_of(texts, voice);
    by_app(
        voice,
        AppChosen {
            integration: picks("app_integration", 1),
            kind: picks("app_kind", 1),
            resources: Picks { chosen: resources, ..picks("app_resources", 0) },
            permissions: picks("app_permissions", CHOICES),
            makes: CHOICES * CHOICES,
        },
    )
}

fn full_bundle(texts: Texts<'_>, voice: Voice<'_>, empty: Choose) -> Choose {
    let offered = items(texts, MOST_ITEMS);
    let name = if texts.name.is_empty() { "On call" } else { texts.name }.to_owned();
    let bundle = Bundle {
        id: "on-call".into(),
        name,
        description: texts.words.to_owned(),
        items: offered.clone(),
        what: Vec::new(),
        left_out: 0,
    };
    let handle =
        |item: &Item| format!("{:016x}{:016x}:0123456789abcdef", 0, item.at.resource.len());
    let ticked: Vec<Item> = offered.iter().take(TICKS + 3).cloned().collect();
    let page = TickPage { page: 1, closed: 12 };
    let block = |first: usize| format!("ticks-4294967295-0123456789abcdef-{first}");
    let shown = entries(voice, (&bundle, &offered, &ticked), page, (handle, block));
    let chosen = named_choice(&bundle.name, "0123456789abcdef".to_owned());
    let words = texts.words.chars().take(200).collect();
    Choose {
        said: Some(dropped(voice, 12)),
        by_bundle: Some(by_bundle(voice, words, (3, 12), Some(chosen), Some(shown))),
        ..empty
    }
}

/// What is chosen: nothing, one thing, and a page of as much as there may be.
pub fn review(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Review> {
    let live = items(texts, 40).into_iter().map(|item| (item, RequestId(1042))).collect();
    [0, 1, MOST_ITEMS]
        .into_iter()
        .flat_map(|number| {
            let chosen = items(texts, number);
            [0, 3].map(|page| {
                let handle = |item: &Item| format!("{}:{}", chosen.len(), place(&chosen, item));
                super::review(voice, DRAFT, (&chosen, &live), page, handle)
            })
        })
        .collect()
}

fn place(items: &[Item], item: &Item) -> usize {
    items.iter().position(|one| one == item).unwrap_or_default()
}

/// The second step: nothing answered, and everything.
pub fn finish(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Finish> {
    let ana = PersonId::from("ana");
    let live = items(texts, 40).into_iter().map(|item| (item, RequestId(1042))).collect();
    let answers = Answers {
        duration_seconds: Some(28_800),
        other_duration: Some("1.5h".to_owned()),
        ticket_kind: None,
        ticket_id: None,
        justification: Some(texts.words.chars().take(3000).collect()),
    };
    [(0, Answers::default()), (1, Answers::default()), (MOST_ITEMS, answers)]
        .into_iter()
        .map(|(number, answers)| {
            let chosen = items(texts, number);
            let split = split(voice.policy, &ana, &ana, &chosen);
            let of = Finishing {
                draft: DRAFT,
                items: &chosen,
                split: &split,
                answers: &answers,
                live: &live,
                grantee: (number > 1).then_some(texts.name),
            };
            let form = super::finish(voice, of, (number > 1).then(|| notes(voice)));
            Finish { ticket: (number > 1).then(|| ticket(texts)), ..form }
        })
        .collect()
}

fn ticket(texts: Texts<'_>) -> TicketFields {
    let kinds: Vec<Choice> =
        (0..CHOICES).map(|number| named_choice(texts.name, format!("type-{number}"))).collect();
    TicketFields {
        is_required: true,
        kind: kinds.first().cloned().into_iter().collect(),
        kinds,
        id: texts.words.chars().take(64).collect(),
        example: "INC-42".to_owned(),
    }
}

/// A search's answer: as many rows as there may be, the last of which says so.
pub fn choices(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = items(texts, CHOICES - 2)
        .iter()
        .enumerate()
        .map(|(number, item)| item_choice(voice, item, format!("handle-{number}")))
        .collect();
    choices.push(refine_choice(voice, "refine"));
    choices.push(unsearched(voice.language, "refine"));
    choices
}

fn choices_of(texts: Texts<'_>, voice: Voice<'_>) -> Vec<Choice> {
    let resource = Resource {
        at: ResourceRef { integration: "prod-postgres".into(), resource: "db:x".to_owned() },
        name: if texts.name.is_empty() { "payments" } else { texts.name }.to_owned(),
        kind: "database".to_owned(),
        permissions: Vec::new(),
        owner: None,
    };
    (0..CHOICES).map(|n| resource_choice(voice, &resource, format!("handle-{n}"))).collect()
}
