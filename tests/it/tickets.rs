//! Tickets: held against their pattern and, where configured, looked up; seen by approvers.
use crate::world::policy::{account, item, usual};
use crate::world::{Options, World, form, ids_in, worlds_with};
use chrono::TimeDelta;
use hallpass::app::submit::Submitted;
use hallpass::app::{ActError, FormMistake};
use hallpass::config::TicketLookup;
use hallpass::demo::slack::{Answer, View, read};
use hallpass::domain::id::RequestId;
use hallpass::domain::policy::Policy;
use hallpass::domain::terms::{JustificationRule, TicketRule};
use hallpass::domain::ticket::{
    GivenTicket, Standing, TicketMistake, TicketPattern, TicketType, WhenDown,
};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A policy whose flow for people asks for an incident.
fn policy(lookup: Option<WhenDown>) -> Policy {
    let mut policy = usual();
    let incident = TicketType {
        id: "incident".into(),
        name: "Incident".to_owned(),
        pattern: TicketPattern::new("INC-[0-9]+").unwrap(),
        example: "INC-42".to_owned(),
        lookup,
    };
    policy.tickets.insert(incident.id.clone(), incident);
    let rule = TicketRule { types: vec!["incident".into()], is_required: true };
    policy.flows.iter_mut().find(|flow| flow.id == "by-people".into()).unwrap().ticket = Some(rule);
    policy
}

async fn submits(world: &World, number: Option<&str>) -> Result<Submitted, ActError> {
    let mut filled = form("ana", vec![item("payments", "read")], TimeDelta::hours(1));
    filled.ticket = number.map(|number| GivenTicket { kind: None, number: number.to_owned() });
    world.app().submit(filled).await
}

fn mistake(result: Result<Submitted, ActError>) -> TicketMistake {
    match result {
        Err(ActError::Form(FormMistake::Ticket(mistake))) => mistake,
        other => panic!("{other:?}"),
    }
}

/// A ticket system that has INC-42 alone, says nothing about INC-500, and wants its secret.
async fn ticket_system() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let request = String::from_utf8_lossy(&request[..read]).to_lowercase();
                let status = if !request.contains("authorization: token canary") {
                    "401 Unauthorized"
                } else if request.starts_with("get /tickets/inc-42 ") {
                    "200 OK"
                } else if request.starts_with("get /tickets/inc-500 ") {
                    "503 Service Unavailable"
                } else {
                    "404 Not Found"
                };
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    format!("http://{address}/tickets/{{id}}")
}

/// An address where nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/{{id}}", listener.local_addr().unwrap())
}

/// The second step of Ana's form for payments.
async fn second_step(world: &World) -> View {
    let view = world.opens_form("ana").await;
    let view = world.chooses("ana", &view, "payments", "read").await;
    world.goes_on("ana", &view).await
}

/// Types a ticket and a reason, and sends.
async fn sends(world: &World, view: &View, ticket: &str, why: &str) -> Answer {
    let typed = |text: &str| json!({"type": "plain_text_input", "value": text});
    let values = json!({"ticket": {"ticket": typed(ticket)}, "why": {"justification": typed(why)}});
    world.slack.submit(&account("ana"), &view.id, &values).await
}

/// The request that the form on Ana's screen became.
fn became(world: &World) -> RequestId {
    ids_in(&world.slack.views(&account("ana")).pop().unwrap().all_text())[0]
}

fn looked_up(url: String, when_down: WhenDown) -> Options {
    let header = Some(("Authorization".to_owned(), "Token canary".to_owned().into()));
    let lookup = TicketLookup { url, header, found: 200 };
    Options {
        policy: policy(Some(when_down)),
        tickets: [("incident".into(), lookup)].into(),
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flow_that_asks_for_a_ticket_gets_one_of_its_type_or_says_what_to_give() {
    for world in worlds_with(Options { policy: policy(None), ..Options::default() }).await {
        let examples = || "INC-42".to_owned();
        let missing = mistake(submits(&world, None).await);
        assert_eq!(missing, TicketMistake::Missing { examples: examples() });
        let wrong = mistake(submits(&world, Some("OPS-1")).await);
        assert_eq!(wrong, TicketMistake::NotOne { examples: examples() });
        assert_eq!(world.records().await.len(), 0);

        let submitted = submits(&world, Some(" inc-42 ")).await.unwrap();
        world.settle().await;

        let id = submitted.requests[0].asked.id;
        let ticket = world.record(id).await.asked.ticket.unwrap();
        assert_eq!((ticket.number.as_str(), ticket.standing), ("INC-42", Standing::Fits));
        let asked = world.ask_of("ben", id).blocks.to_string();
        assert!(asked.contains("INC-42 (Incident)"), "{asked}");
        let told = world.audit().await;
        let row = told.iter().find(|row| row.kind == "submitted").unwrap();
        assert!(row.body.contains("\"number\":\"INC-42\""), "{}", row.body);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_is_looked_up_where_that_is_configured() {
    let url = ticket_system().await;
    for world in worlds_with(looked_up(url, WhenDown::Refuse)).await {
        let nowhere = mistake(submits(&world, Some("INC-43")).await);
        assert_eq!(nowhere, TicketMistake::NotThere { number: "INC-43".to_owned() });
        let unclear = mistake(submits(&world, Some("INC-500")).await);
        assert_eq!(unclear, TicketMistake::Unanswered);

        let submitted = submits(&world, Some("INC-42")).await.unwrap();
        world.settle().await;

        let ticket = submitted.requests[0].asked.ticket.clone().unwrap();
        assert_eq!(ticket.standing, Standing::Found);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_system_that_is_down_lets_through_with_a_mark_for_approvers() {
    let url = nobody().await;
    for world in worlds_with(looked_up(url, WhenDown::LetThrough)).await {
        let submitted = submits(&world, Some("INC-42")).await.unwrap();
        world.settle().await;

        let id = submitted.requests[0].asked.id;
        let asked = world.ask_of("ben", id).blocks.to_string();
        assert!(asked.contains("could not be checked"), "{asked}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flow_may_demand_all_three_lights() {
    let mut strict = policy(None);
    for flow in &mut strict.flows {
        flow.justification = JustificationRule::AllLights;
    }
    for world in worlds_with(Options { policy: strict, ..Options::default() }).await {
        let submit = async |why: &str| {
            let mut filled = form("ana", vec![item("payments", "read")], TimeDelta::hours(1));
            filled.justification = why.to_owned();
            let number = "INC-42".to_owned();
            filled.ticket = Some(GivenTicket { kind: Some("incident".into()), number });
            world.app().submit(filled).await
        };

        let careless = submit("need access please").await;
        assert!(matches!(careless, Err(ActError::Form(FormMistake::Unclear(_)))), "{careless:?}");
        assert_eq!(world.records().await.len(), 0);
        let careful = submit(
            "compare the failed payments of May with the bank's file, to find the missing ones",
        );
        assert_eq!(careful.await.unwrap().requests.len(), 1);
        world.settle().await;
        world.ends().await;
    }
}

/// A number in a typed line, under flows that ask for no ticket: the form shows no field for it, so
/// nothing about it stands in the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ticket_that_no_flow_asks_for_is_kept_as_it_was_given() {
    let url = ticket_system().await;
    let mut options = looked_up(url, WhenDown::Refuse);
    for flow in &mut options.policy.flows {
        flow.ticket = None;
    }
    for world in worlds_with(options).await {
        for number in ["INC-99999", "INC-500"] {
            let line = format!("request payments read because {number} the totals differ");
            assert!(world.types("ana", &line).await.is_ok());
            let form = world.sees_modal("ana", "request_finish").await;

            let sent = world.slack.submit("U1", &form.id, &serde_json::json!({})).await;

            assert!(sent.is_ok(), "{sent:?}");
            let asked = world.records().await.pop().unwrap().asked;
            let ticket = asked.ticket.unwrap();
            assert_eq!((ticket.number.as_str(), ticket.standing), (number, Standing::Fits));
        }
        world.ends().await;
    }
}

const WHY: &str =
    "compare the failed payments of May with the bank's file, to find the missing ones";

/// R8: the field itself, from a wrong number to what approvers and the details show.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_ticket_is_answered_at_its_field_and_a_good_one_is_shown_to_approvers() {
    let mut asks = policy(None);
    let change = TicketType {
        id: "change".into(),
        name: "Change".to_owned(),
        pattern: TicketPattern::new("CHG-[0-9]{4}").unwrap(),
        example: "CHG-1000".to_owned(),
        lookup: None,
    };
    asks.tickets.insert(change.id.clone(), change);
    let by_people = asks.flows.iter_mut().find(|flow| flow.id == "by-people".into()).unwrap();
    by_people.ticket.as_mut().unwrap().types.push("change".into());
    for world in worlds_with(Options { policy: asks, ..Options::default() }).await {
        let view = second_step(&world).await;
        let kinds = read::offered(&read::find_action(&view.json, "ticket_kind").unwrap().element);
        let names: Vec<_> = kinds.iter().map(|kind| &kind["text"]["text"]).collect();
        assert_eq!(names, ["Incident", "Change"]);

        let none = sends(&world, &view, " ", WHY).await;
        assert_eq!(none.errors["ticket"], "Name a ticket, such as INC-42, CHG-1000.");
        let wrong = sends(&world, &view, "OPS-1", WHY).await;
        let like = "This is no ticket's number; write one like INC-42, CHG-1000.";
        assert_eq!(wrong.errors["ticket"], like);
        let of_other_type = sends(&world, &view, "CHG-2024", WHY).await;
        assert!(of_other_type.errors["ticket"].contains("another type"), "{of_other_type:?}");
        assert_eq!(world.records().await.len(), 0);
        let view = world
            .redraws(&view, async |world| {
                world.slack.choose("U1", &view.id, "ticket_kind", &["change"]).await
            })
            .await;
        let field = read::find_action(&view.json, "ticket").unwrap().element;
        assert_eq!(field["placeholder"]["text"], "CHG-1000");
        let good = sends(&world, &view, "chg-2024", WHY).await;
        assert!(good.is_ok(), "{good:?}");
        world.settle().await;

        let id = became(&world);
        assert!(world.ask_of("ben", id).all_text().contains("CHG-2024 (Change)"));
        assert!(world.ask_in_channel(id).all_text().contains("CHG-2024 (Change)"));
        assert!(world.types("ben", &format!("show {id}")).await.is_ok());
        let details = world.sees_modal("ben", "details").await.all_text();
        assert!(details.contains("CHG-2024 (Change)"), "{details}");
        world.ends().await;
    }
}

/// R8: what follows when the ticket system is down, seen by whoever fills the form.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_ticket_system_is_down_the_form_says_so_or_goes_on_with_a_mark() {
    let url = nobody().await;
    for when_down in [WhenDown::Refuse, WhenDown::LetThrough] {
        for world in worlds_with(looked_up(url.clone(), when_down)).await {
            let view = second_step(&world).await;

            let sent = sends(&world, &view, "INC-42", WHY).await;
            world.settle().await;

            match when_down {
                WhenDown::Refuse => {
                    let said = &sent.errors["ticket"];
                    assert!(said.contains("cannot be checked now"), "{said}");
                    assert!(said.contains("Try again in a minute"), "{said}");
                    assert_eq!(world.records().await.len(), 0);
                    let still = world.slack.views("U1").pop().unwrap();
                    assert_eq!(still.values()["why"]["justification"]["value"], WHY);
                }
                WhenDown::LetThrough => {
                    assert!(sent.is_ok(), "{sent:?}");
                    let asked = world.ask_of("ben", became(&world)).all_text();
                    assert!(asked.contains("INC-42 (Incident) ⚠️ could not be checked"), "{asked}");
                }
            }
            world.ends().await;
        }
    }
}

/// R9: what the field says when two lights are missing, and that a better text passes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_all_three_lights_the_form_says_at_the_field_what_the_text_lacks() {
    let mut strict = policy(None);
    for flow in &mut strict.flows {
        flow.justification = JustificationRule::AllLights;
    }
    for world in worlds_with(Options { policy: strict, ..Options::default() }).await {
        let view = second_step(&world).await;

        for (why, lacks) in [
            ("need access please", "write what you will do, and with what."),
            ("j'ai besoin de vérifier les paiements", "understood in English and German"),
        ] {
            let careless = sends(&world, &view, "INC-42", why).await;
            let said = &careless.errors["why"];
            assert!(said.contains(lacks), "{why}: {said}");
        }
        assert_eq!(world.records().await.len(), 0);
        let better = world.types_in("ana", &view, "justification", WHY).await;
        assert_eq!(better.all_text().matches('🟢').count(), 3, "{}", better.all_text());
        assert_eq!(better.values()["why"]["justification"]["value"], WHY, "the text stays");
        let sent = sends(&world, &better, "INC-42", WHY).await;
        assert!(sent.is_ok(), "{sent:?}");
        world.settle().await;

        let id = became(&world);
        assert_eq!(world.record(id).await.asked.justification, WHY);
        assert!(world.ask_of("ben", id).all_text().contains(WHY));
        world.ends().await;
    }
}
