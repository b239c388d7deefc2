//! How to connect, a page at a time (R21), and what the details tell of whom and which ticket (R20).
use crate::world::policy;
use crate::world::{Options, World, form, worlds_with};
use chrono::TimeDelta;
use hallpass::app::submit::Form;
use hallpass::demo::slack::{View, read};
use hallpass::domain::flow::{Pattern, Scope};
use hallpass::domain::id::RequestId;
use hallpass::domain::terms::TicketRule;
use hallpass::domain::ticket::{GivenTicket, TicketPattern, TicketType};

async fn opens(world: &World, person: &str, id: RequestId) -> View {
    assert!(world.types(person, &format!("show {id}")).await.is_ok());
    world.sees_modal(person, "details").await
}

/// R21: what many resources gave is read a page at a time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_to_connect_turns_its_pages_and_shows_everything_once() {
    const MANY: usize = 45;
    let mut policy = policy::usual();
    let names: Vec<String> = (0..MANY).map(|n| format!("log-{n:02}")).collect();
    policy.catalog.resources = names.iter().map(|name| policy::resource(name)).collect();
    policy.flows[0].what[0].resource = Pattern::new("log-*");
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let items: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
        let id = world.submits("ana", &items, TimeDelta::hours(1)).await[0];
        world.settle().await;
        let ready = world.said_to("ana", id, "Your access is ready");
        assert!(world.clicks("ana", &ready, "connect").await.is_ok());

        let mut view = world.sees_modal("ana", "connect").await;
        let mut pages = vec![view.all_text()];
        while read::find_action(&view.json, "connect_next").is_some() {
            view = world.presses_in("ana", &view, "connect_next").await;
            pages.push(view.all_text());
            assert!(pages.len() <= MANY, "the pages have an end");
        }
        let last = pages.len() - 1;
        let back = world.presses_in("ana", &view, "connect_previous").await;

        assert!(last > 0 && back.all_text() == pages[last - 1]);
        for name in &names {
            let on = pages.iter().filter(|text| text.contains(&format!("{name} ")));
            assert_eq!(on.count(), 1, "{name}: {pages:?}");
        }
        let passwords: usize = pages.iter().map(|text| text.matches("s3cret-canary").count()).sum();
        assert_eq!(passwords, MANY);
        world.ends().await;
    }
}

/// R20: for whom, and which ticket.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_details_tell_for_whom_and_which_ticket() {
    let mut policy = policy::usual();
    let incident = TicketType {
        id: "incident".into(),
        name: "Incident".to_owned(),
        pattern: TicketPattern::new("INC-[0-9]+").unwrap(),
        example: "INC-42".to_owned(),
        lookup: None,
    };
    policy.tickets.insert(incident.id.clone(), incident);
    for flow in &mut policy.flows {
        flow.scope = Scope::Others;
        flow.ticket = Some(TicketRule { types: vec!["incident".into()], is_required: true });
    }
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let asked = form("eva", vec![policy::item("payments", "read")], TimeDelta::hours(1));
        let number = "INC-77".to_owned();
        let ticket = Some(GivenTicket { kind: Some("incident".into()), number });
        let asked = Form { grantee: "ana".into(), ticket, ..asked };
        let id = world.app().submit(asked).await.unwrap().requests[0].asked.id;
        world.settle().await;

        for person in ["eva", "ana", "ben", "dev"] {
            let view = opens(&world, person, id).await;
            world.slack.close(&policy::account(person), &view.id).await;
            let text = view.all_text();
            let words: Vec<&str> = text.split_whitespace().collect();
            let text = words.join(" ");
            for fact in ["For: Ana Torres", "From: Eva Lindgren", "Ticket: INC-77 (Incident)"] {
                assert!(text.contains(fact), "{person}, {fact}: {text}");
            }
        }
        world.ends().await;
    }
}
