//! One request, whole, and ending it early from there (R12, R15, R20, R21).
use crate::world::policy;
use crate::world::{Fails, Options, World, form, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::app::submit::Form;
use hallpass::connect::Fault as Failure;
use hallpass::demo::slack::{Container, Fault, Filter, View, read};
use hallpass::domain::flow::{Pattern, Scope};
use hallpass::domain::id::RequestId;
use hallpass::domain::plan::Stage;
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

/// Sixty stages, in the first of which sixty people are named: more than a paragraph, and than a view.
fn many_approvers() -> Policy {
    let mut policy = policy::usual();
    let mut stages: Vec<Stage> = (0..60).map(|_| policy::any_of(&["ben"])).collect();
    let ids: Vec<String> = (0..60).map(|n| format!("approver-{n}")).collect();
    for id in &ids {
        let name = format!("{id} {}", "of a long name ".repeat(6));
        policy.directory.people.insert(id.as_str().into(), policy::person(id, &name));
    }
    stages[0] = policy::any_of(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    policy.flows.insert(0, policy::flow("long", "crown", policy::stages(stages)));
    policy
}

/// What is beyond Slack's limits is said to be, its buttons stay, and the pages lead to the rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn details_beyond_slacks_limits_say_so_and_are_reached_by_paging() {
    let options = Options { policy: many_approvers(), ..Options::default() };
    for world in worlds_with(options).await {
        let id = world.submits("ana", &[("crown", "read")], TimeDelta::hours(1)).await[0];

        let view = opens(&world, "ana", id).await;

        let text = view.all_text();
        assert!(text.contains("One part of this is left out, because it is more"), "{text}");
        assert!(text.contains("INC-42: look into the failed payments"), "{text}");
        assert!(read::buttons(&view.json).contains(&"Cancel request".to_owned()));
        let mut seen = text;
        for _ in 1..3 {
            let next = world.presses_in("ana", &view, "page_next").await.all_text();
            assert!(!next.contains("left out"), "{next}");
            seen += &next;
        }
        for n in 2..=60 {
            assert!(seen.contains(&format!("Stage {n} of 60")), "stage {n}");
        }
        world.ends().await;
    }
}

/// What Slack refuses although it seemed to fit is said to be too much, with the way on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_that_slack_refuses_becomes_a_sentence_that_says_why_and_where_else() {
    for mut world in worlds().await {
        world.may_be_refused = true;
        let id = world.submits("ana", &[("payments", "read")], TimeDelta::hours(1)).await[0];
        for line in [format!("show {id}"), "request".to_owned()] {
            let refused = Fault::Error("invalid_arguments".to_owned());
            world.slack.fault("views.open", Filter::user("U1"), refused, 1);

            assert!(world.types("ana", &line).await.is_ok());

            let notice = world.sees_modal("ana", "notice").await;
            let text = notice.all_text();
            assert!(text.contains("more than fits in one view"), "{text}");
            assert!(text.contains("my Home tab show") && text.contains("/access help"), "{text}");
            world.slack.close("U1", &notice.id).await;
        }
        world.ends().await;
    }
}

/// R18: what is opened from a list lies on top of it, and what is done there shows below.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn details_opened_from_a_list_lead_back_to_it() {
    for world in worlds().await {
        let kept = world.asks("ana", "invoices", "read").await;
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        assert!(world.types("ana", "requests").await.is_ok());
        let list = world.sees_modal("ana", "list").await;

        let part = json!({ "value": id.to_string() });
        let (place, nothing) = (Container::from(&list), json!({}));
        let pressed = world.slack.act("U1", &place, "details", part, &nothing).await;
        assert!(pressed.is_ok(), "{pressed:?}");
        let details = world.sees_modal("ana", "details").await;
        assert_eq!(details.json["close"]["text"], "Back");
        let open: Vec<String> =
            world.slack.views("U1").iter().map(|view| view.id.clone()).collect();
        assert_eq!(open, [list.id.clone(), details.id.clone()]);

        // A third view on top, and a fourth that finds no room.
        assert!(world.slack.click("U1", &Container::from(&details), "cancel").await.is_ok());
        let row = format!("{id} · Cancelled");
        let now = world.says(&list, &row).await;
        assert!(now.all_text().contains(&format!("{kept} · Pending Approval")));
        let redrawn = world.says(&details, "Cancelled").await;
        assert_eq!(redrawn.json["close"]["text"], "Back");
        let place = Container::from(&details);
        let again = json!({"action_id": "cancel"});
        assert!(world.slack.act("U1", &place, "refresh", again, &json!({})).await.is_ok());
        let notice = world.sees_modal("ana", "notice").await;
        assert_eq!(world.slack.views("U1").len(), 3);
        world.slack.close("U1", &notice.id).await;
        world.slack.close("U1", &details.id).await;
        assert_eq!(world.slack.views("U1").last().unwrap().id, list.id);
        world.ends().await;
    }
}

/// R24: whoever decides from their list is back in it, and it no longer waits for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_decides_from_a_list_is_back_in_it() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        assert!(world.types("ben", "approvals").await.is_ok());
        let list = world.sees_modal("ben", "list").await;
        assert!(list.all_text().contains(&id.to_string()));

        assert!(world.slack.click("U2", &Container::from(&list), "approve").await.is_ok());
        let dialog = world.sees_modal("ben", "decide").await;
        assert!(world.gives_reason("ben", &dialog, "known task").await.is_ok());

        let gone = |view: &View| (!view.all_text().contains(&id.to_string())).then_some(());
        world.shows("a list without it", &list, gone).await;
        let open = world.slack.views("U2");
        assert_eq!(open.last().map(|view| &view.id), Some(&list.id));
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");
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

        for (id, action, after) in
            [(pending, "cancel_for", "Cancelled"), (active, "revoke_for", "Revoking")]
        {
            let view = opens(&world, "dev", id).await;
            let place = Container::View(view.id.clone());
            assert!(world.slack.click("U5", &place, action).await.is_ok());
            let dialog = world.sees_modal("dev", "end").await;
            let silent = world.gives_reason("dev", &dialog, "").await;
            assert!(silent.errors.contains_key("reason"), "{silent:?}");
            assert!(world.gives_reason("dev", &dialog, "the audit begins").await.is_ok());
            world.says(&view, after).await;
            world.slack.close("U5", &view.id).await;
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
    for (policy, may_alone) in policy::on_behalf() {
        for world in worlds_with(Options { policy, ..Options::default() }).await {
            let id = world.asks_for_ana("logs").await;
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

/// What was done in open details is seen in them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_ended_in_the_details_is_seen_there_at_once() {
    for world in worlds().await {
        let pending = world.asks("ana", "payments", "read").await;
        let active = world.asks("ana", "logs", "read").await;
        world.settle().await;

        for (id, action, after) in
            [(pending, "cancel", "Cancelled"), (active, "revoke", "Revoking")]
        {
            let view = opens(&world, "ana", id).await;
            let shown = world.presses_in("ana", &view, action).await;
            assert!(shown.all_text().contains(after), "{}", shown.all_text());
            assert!(!read::buttons(&shown.json).contains(&"End access now".to_owned()));
            world.slack.close(&policy::account("ana"), &view.id).await;
        }
        world.settle().await;
        world.ends().await;
    }
}

/// Every button that takes something away asks first, wherever it stands (R15).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_away_asks_first() {
    for world in worlds().await {
        let pending = world.asks("ana", "payments", "read").await;
        let active = world.asks("ana", "logs", "read").await;
        world.settle().await;
        for (id, action) in [(pending, "cancel"), (active, "revoke")] {
            let details = opens(&world, "ana", id).await;
            let card = world.said_to("ana", id, &id.to_string());
            for shown in [&details.json, &card.blocks] {
                let found = read::find_action(shown, action);
                let found = found.unwrap_or_else(|| panic!("no {action} in {shown}"));
                let confirm = &found.element["confirm"];
                let title = confirm["title"]["text"].as_str().unwrap_or_default();
                assert!(title.contains(&id.to_string()), "{}", found.element);
                assert!(confirm["deny"]["text"].is_string(), "{}", found.element);
            }
            world.slack.close(&policy::account("ana"), &details.id).await;
        }

        assert!(world.types("ana", &format!("revoke {active} done")).await.is_ok());
        let dialog = world.sees_modal("ana", "end").await;
        assert_eq!(world.status(active).await, "Active");
        assert_eq!(dialog.values()["reason"]["reason"]["value"], "done");
        let answer = world.slack.submit("U1", &dialog.id, &json!({})).await;
        assert!(answer.is_ok(), "{answer:?}");
        world.becomes(active, "Revoking").await;
        // What cannot be ended is said at once.
        assert!(world.types("ana", &format!("revoke {pending}")).await.is_ok());
        let notice = world.sees_modal("ana", "notice").await;
        assert!(notice.all_text().contains(&pending.to_string()), "{}", notice.all_text());
        world.settle().await;
        world.ends().await;
    }
}

/// What could not be given is marked, with all that the target said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_details_tell_what_could_not_be_given_and_why() {
    for world in worlds().await {
        let why = format!("no such database, {}", "says the target ".repeat(20));
        let fault = Fails::GrantOf("payments".to_owned(), Failure::lasting(&why));
        world.target.fails(fault, 1);
        let items = [("payments", "read"), ("invoices", "read")];
        let id = world.submits("ana", &items, TimeDelta::hours(1)).await[0];
        world.settle().await;
        world.approves("ben", id, "").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Active");

        let text = says(&world, "ana", id).await;

        let line = format!("⚠️ payments (database in Production): read: could not be given: {why}");
        assert!(text.contains(line.trim_end()), "{text}");
        assert!(!text.contains("⚠️ invoices"), "{text}");
        world.said_to("ana", id, "Details has all that the target says");
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
