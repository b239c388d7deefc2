//! Names and tickets that a channel might read as more than text are text as well (V13): of people, of
//! what they ask for, and the ticket they name, from the form's lists to the last message.
use crate::hostile::{check_all, texts};
use crate::world::policy::{person, resource, usual};
use crate::world::{Options, World, ids_in, worlds_with};
use hallpass::demo::slack::{Container, Member, read};
use hallpass::domain::catalog::Resource;
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::TicketRule;
use hallpass::domain::ticket::{TicketPattern, TicketType};
use serde_json::{Value, json};

/// What a ticket's number may be at most, in characters.
const TICKET: usize = 64;
/// So much of a name is certainly shown where names are shown.
const SHOWN: usize = 40;

/// What is left of a text where nobody cares for white space and for what cannot be seen.
pub(crate) fn bare(text: &str) -> String {
    let is_unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

/// The beginning of a name as it must be found where it is shown.
fn beginning(name: &str) -> String {
    bare(&name.trim().chars().take(SHOWN).collect::<String>())
}

pub(crate) fn shows(place: &str, text: &str, name: &str) {
    let (all, part) = (bare(text), beginning(name));
    assert!(all.contains(&part), "{place}: {part:?} of {name:?} is not in {text:?}");
}

/// Names that a directory or a system may hold.
pub(crate) fn names() -> Vec<String> {
    let is_name = |text: &String| !text.trim().is_empty() && !text.contains('\u{0}');
    texts().into_iter().filter(is_name).collect()
}

pub(crate) fn id(n: usize) -> String {
    format!("h{n:02}")
}

/// A person and a resource of each name, and tickets that are any 64 characters.
pub(crate) fn company(names: &[String]) -> Options {
    let mut policy = usual();
    let known: Vec<Resource> = policy.catalog.resources.iter().collect();
    let hostile = names.iter().enumerate().map(|(n, name)| Resource {
        name: name.clone(),
        permissions: vec!["read".to_owned()],
        ..resource(&format!("r{n:02}"))
    });
    policy.catalog.resources = known.into_iter().chain(hostile).collect();
    for (n, name) in names.iter().enumerate() {
        policy.directory.people.insert(id(n).as_str().into(), person(&id(n), name));
    }
    let ben = person("ben", "<https://evil.example|Ben> &amp;\\");
    policy.directory.people.insert("ben".into(), ben);
    let any = TicketType {
        id: "any".into(),
        name: "<!here> *Any*".to_owned(),
        pattern: TicketPattern::new("(?s).{1,64}").unwrap(),
        example: "<@U1> {{id}}".to_owned(),
        lookup: None,
    };
    policy.tickets.insert(any.id.clone(), any);
    let rule = TicketRule { types: vec!["any".into()], is_required: true };
    for flow in &mut policy.flows {
        flow.ticket = Some(rule.clone());
    }
    let member = |n: usize| {
        Member::new(&format!("U-{}", id(n)), &id(n), &id(n), &format!("{}@example.com", id(n)))
    };
    Options { members: (0..names.len()).map(member).collect(), policy, ..Options::default() }
}

/// One of them asks for the resource of the same name, in the form; the request.
async fn asks(world: &World, n: usize, name: &str, ticket: &str) -> RequestId {
    let (who, account) = (id(n), format!("U-{}", id(n)));
    let form = world.opens_form(&who).await;
    let offered = world.searches(&who, &form, &format!("r{n:02}")).await;
    let label = |option: &Value| option["text"]["text"].as_str().unwrap().to_owned();
    let meant = offered.iter().find(|option| bare(&label(option)).contains(&beginning(name)));
    let meant = meant.unwrap_or_else(|| panic!("{name:?} is not offered: {offered:?}"));
    let chosen = world
        .redraws(&form, async |world| {
            let picks = std::slice::from_ref(meant);
            world.slack.choose_options(&account, &form.id, "resources", picks).await
        })
        .await;
    shows("the basket", &chosen.all_text(), name);
    let finish = world.goes_on(&who, &chosen).await;
    // No more than the field takes.
    let why: String = format!("INC-42: {name}").chars().take(3_000).collect();
    assert!(world.slack.click(&account, &Container::from(&finish), "review").await.is_ok());
    let review = world.sees_modal(&who, "request_review").await;
    shows("the review", &review.all_text(), name);
    let finish = world.goes_on(&who, &review).await;
    let typed = |text: &str| json!({"type": "plain_text_input", "value": text});
    let given = json!({
        "ticket": {"ticket": typed(ticket)}, "why": {"justification": typed(&why)},
    });
    let sent = world.slack.submit(&account, &finish.id, &given).await;
    assert!(sent.is_ok(), "{name:?}: {sent:?}");
    let said = world.slack.views(&account).pop().unwrap();
    world.slack.close(&account, &said.id).await;
    ids_in(&said.json.to_string())[0]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_names_and_tickets_are_literal_wherever_they_are_shown() {
    let names = names();
    assert!(names.len() >= 55, "{}", names.len());
    for world in worlds_with(company(&names)).await {
        for (n, name) in names.iter().enumerate() {
            // What is left of it where a ticket is trimmed must still be one.
            let ticket: String = name.trim().chars().take(TICKET).collect();

            let id = asks(&world, n, name, &ticket).await;
            world.settle().await;

            let number = world.record(id).await.asked.ticket.unwrap().number;
            assert_eq!(number.to_lowercase(), ticket.trim().to_lowercase(), "{name:?}");
            for copy in [world.ask_of("ben", id), world.ask_in_channel(id)] {
                let text = copy.all_text();
                shows("the question: person", &text, name);
                assert!(bare(&text).matches(&beginning(name)).count() >= 2, "{name:?}: {text}");
                shows("the question: ticket", &text, &number);
            }
            world.rejects("ben", id, "no").await;
            world.settle().await;
            assert_eq!(world.status(id).await, "Rejected", "{name:?}");
            let decided = world.ask_of("ben", id).all_text();
            assert!(decided.contains("<https://evil.example|Ben>"), "{decided}");
        }
        for who in ["ben".to_owned(), id(0), id(7)] {
            let home = world.opens_home(&who).await;
            assert!(!read::elements(&home.json).is_empty());
        }
        let mine = world.opens_form(&id(3)).await;
        let at = Container::from(&mine);
        assert!(world.slack.suggest("U-h03", &at, "resources", "").await.is_ok());
        check_all(&world);
        world.ends().await;
    }
}
