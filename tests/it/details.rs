//! One request, whole, and ending it early from there (R12, R15, R20, R21).
use crate::world::policy;
use crate::world::{Options, World, form, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::app::submit::Form;
use hallpass::demo::slack::{Container, View, read};
use hallpass::domain::flow::{Flow, Pattern, Scope, Who};
use hallpass::domain::id::RequestId;
use hallpass::domain::policy::Policy;
use hallpass::domain::terms::{Extend, Offered, TicketRule};
use hallpass::domain::ticket::{GivenTicket, TicketPattern, TicketType};
use serde_json::json;

async fn opens(world: &World, person: &str, id: RequestId) -> View {
    assert!(world.types(person, &format!("show {id}")).await.is_ok());
    world.sees_modal(person, "details").await
}

async fn says(world: &World, person: &str, id: RequestId) -> String {
    let view = opens(world, person, id).await;
    world.slack.close(&policy::account(person), &view.id).await;
    view.all_text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_details_tell_how_every_approver_stands() {
    for world in worlds().await {
        let id = world.asks("ana", "ledger", "read").await;
        world.settle().await;
        let text = says(&world, "ana", id).await;
        for line in [
            "Stage 1 of 2: Ben Okafor",
            "Ben Okafor is asked",
            "Stage 2 of 2: Eva Lindgren or Finn Weber",
            "Finn Weber is asked after the stage before",
            "The flow two-stages",
            "INC-42: look into the failed payments of 3 May",
            "Submitted by Ana Torres",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }

        world.approves("ben", id, "known task").await;
        world.settle().await;
        world.rejects("finn", id, "not during the audit").await;
        world.settle().await;

        let text = says(&world, "ana", id).await;
        for line in [
            "Ben Okafor approved: “known task”",
            "Finn Weber rejected: “not during the audit”",
            "Eva Lindgren is not needed any more",
            "Approved by Ben Okafor",
            "Rejected by Finn Weber",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_details_tell_what_is_left_and_what_happened() {
    let mut policy = policy::usual();
    let rule = Extend {
        step: TimeDelta::minutes(30),
        times: 2,
        longest: TimeDelta::hours(4),
        offered: Offered::LastQuarter,
    };
    policy.flows[0].extend = Some(rule);
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = world.asks("ana", "logs", "read").await;
        world.settle().await;
        let end = world.record(id).await.expires_at.unwrap();

        world.clock.set(end - TimeDelta::minutes(50));
        let early = opens(&world, "ana", id).await;
        let text = early.all_text();
        assert!(text.contains("50 min") && text.contains("2 (by 30 min each)"), "{text}");
        assert_eq!(
            read::buttons(&early.json),
            ["How to connect", "End access now", "☆ Add to favourites", "Refresh"]
        );
        world.clock.set(end - TimeDelta::minutes(10));
        world.settle().await;
        let place = Container::View(early.id.clone());
        assert!(world.slack.click("U1", &place, "refresh").await.is_ok());
        let near = |text: &String| text == "Extend by 30 min";
        world
            .soon("Extend in the details", |state| {
                read::buttons(&state.view(&early.id)?.json).iter().find(|text| near(text)).cloned()
            })
            .await;
        assert!(world.slack.click("U1", &place, "extend").await.is_ok());
        let text = world
            .soon("the extension in the details", |state| {
                let text = state.view(&early.id)?.all_text();
                text.contains("1 (by 30 min each)").then_some(text)
            })
            .await;

        for line in ["Access in place", "Told that it ends soon", "Extended by Ana Torres"] {
            assert!(text.contains(line), "{line}: {text}");
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_resource_is_on_some_page_and_every_page_fits() {
    let mut policy = policy::usual();
    let names: Vec<String> =
        (0..1000).map(|n| format!("table-{n:04}-{}", "\"x\\".repeat(30))).collect();
    policy.catalog.resources = names.iter().map(|name| policy::resource(name)).collect();
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let items: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
        let id = world.submits("ana", &items, TimeDelta::hours(1)).await[0];
        let view = opens(&world, "ana", id).await;

        let (mut pages, mut seen) = (1, view.all_text());
        loop {
            let shown = world.slack.read(|state| state.view(&view.id).unwrap().clone());
            if !read::buttons(&shown.json).contains(&"Next".to_owned()) {
                break;
            }
            let place = Container::View(view.id.clone());
            assert!(world.slack.click("U1", &place, "page_next").await.is_ok());
            seen += &world
                .soon("the next page", |state| {
                    let now = state.view(&view.id)?;
                    (now.hash() != shown.hash()).then(|| now.all_text())
                })
                .await;
            pages += 1;
        }

        assert_eq!(pages, 25);
        for n in 0..1000 {
            assert!(seen.contains(&format!("table-{n:04}")), "table-{n:04}");
        }
        world.ends().await;
    }
}

/// R15: an admin says why, and everybody concerned hears it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_ends_what_is_somebody_elses_with_a_reason() {
    for world in worlds().await {
        let pending = world.asks("ana", "payments", "read").await;
        let active = world.asks("ana", "logs", "read").await;
        world.settle().await;

        for (id, action) in [(pending, "cancel_for"), (active, "revoke_for")] {
            let view = opens(&world, "dev", id).await;
            let place = Container::View(view.id.clone());
            assert!(world.slack.click("U5", &place, action).await.is_ok());
            let dialog = world.sees_modal("dev", "end").await;
            let silent = world.gives_reason("dev", &dialog, "").await;
            assert!(silent.errors.contains_key("reason"), "{silent:?}");
            assert!(world.gives_reason("dev", &dialog, "the audit begins").await.is_ok());
        }
        world.settle().await;

        assert_eq!(world.status(pending).await, "Cancelled");
        assert_eq!(world.status(active).await, "Revoked");
        assert!(!world.target.holds("ana", "logs", "read"));
        for id in [pending, active] {
            let last =
                world.slack.dm("U1").into_iter().rfind(|m| m.all_text().contains(&id.to_string()));
            let text = last.unwrap().all_text();
            assert!(text.contains("Dev Anand") && text.contains("the audit begins"), "{text}");
        }
        assert_eq!(read::buttons(&world.ask_of("ben", pending).blocks), ["Details"]);
        let typed = world.asks("ana", "invoices", "read").await;
        assert!(world.types("dev", &format!("cancel {typed}")).await.is_ok());
        world.sees_modal("dev", "end").await;
        assert!(world.types("dev", &format!("cancel {typed} a duplicate")).await.is_ok());
        world.becomes(typed, "Cancelled").await;
        world.ends().await;
    }
}

/// A forged click of somebody else's on a button that only others are shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_ends_it() {
    for world in worlds().await {
        let id = world.asks("ana", "logs", "read").await;
        world.settle().await;
        let ready = world.said_to("ana", id, "Your access is ready");

        for account in ["U2", "U4"] {
            assert!(world.slack.click_on(account, &ready, "revoke").await.is_ok());
        }
        for person in ["ben", "finn"] {
            let notice = world.sees_modal(person, "notice").await.all_text();
            assert!(notice.contains("Only the person who asked"), "{notice}");
        }

        assert_eq!(world.status(id).await, "Active");
        let refused = world.audit().await.into_iter().filter(|row| row.kind == "ending_refused");
        assert_eq!(refused.count(), 2);
        world.ends().await;
    }
}

/// R12: asked for on my behalf, by somebody in whose hands it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_ask_for_themselves_does_not_end_it_and_who_may_does() {
    let usual = policy::usual();
    let logs = Flow { scope: Scope::Others, ..usual.flows[0].clone() };
    let by_eva = Flow { who: vec![Who::Person("eva".into())], ..logs.clone() };
    for (flow, may_alone) in [(by_eva, false), (logs, true)] {
        let policy = Policy { flows: vec![flow], ..usual.clone() };
        for world in worlds_with(Options { policy, ..Options::default() }).await {
            let asked = form("eva", vec![policy::item("logs", "read")], TimeDelta::hours(1));
            let asked = Form { grantee: "ana".into(), ..asked };
            let id = world.app().submit(asked).await.unwrap().requests[0].asked.id;
            world.settle().await;

            let view = opens(&world, "ana", id).await;
            let buttons = read::buttons(&view.json);
            assert_eq!(buttons.contains(&"End access now".to_owned()), may_alone, "{buttons:?}");
            let ended = world.app().revoke(&"ana".into(), id, String::new(), None).await;
            assert_eq!(ended.is_ok(), may_alone, "{ended:?}");
            world.settle().await;
            assert_eq!(world.status(id).await, if may_alone { "Revoked" } else { "Active" });
            assert_eq!(world.target.holds("ana", "logs", "read"), !may_alone);
            if !may_alone {
                let evas = world.said_to("eva", id, "Your access is ready");
                assert!(world.clicks("eva", &evas, "revoke").await.is_ok());
                world.becomes(id, "Revoking").await;
            }
            world.ends().await;
        }
    }
}

/// R21: what was sealed goes with the access, and that is recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_to_connect_is_erased_with_the_access_and_that_is_audited() {
    for world in worlds().await {
        let id = world.asks("ana", "logs", "read").await;
        world.settle().await;
        let kept = "SELECT COUNT(*) || '' FROM access_details";
        assert_eq!(world.query(kept).await, [["1"]]);

        world.passes(TimeDelta::hours(1)).await;

        assert_eq!(world.status(id).await, "Expired");
        assert_eq!(world.query(kept).await, [["0"]]);
        let rows = world.audit().await;
        let erased: Vec<_> = rows.iter().filter(|row| row.kind == "details_erased").collect();
        assert_eq!(erased.len(), 1);
        assert_eq!(erased[0].request, Some(id.0));
        assert!(!erased[0].body.contains("s3cret"), "{}", json!(erased[0].body));
        world.ends().await;
    }
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
            let text = says(&world, person, id).await;
            let words: Vec<&str> = text.split_whitespace().collect();
            let text = words.join(" ");
            for fact in ["For: Ana Torres", "From: Eva Lindgren", "Ticket: INC-77 (Incident)"] {
                assert!(text.contains(fact), "{person}, {fact}: {text}");
            }
        }
        world.ends().await;
    }
}
