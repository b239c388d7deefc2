//! The whole way: from the command to the access and back.
use crate::world::policy::account;
use crate::world::{CHANNEL, worlds};
use chrono::TimeDelta;
use hallpass::demo::slack::{Container, read};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_approved_granted_used_and_taken_back() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "write").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Pending Approval");
        assert!(!world.target.holds("ana", "payments", "write"));
        for copy in [world.ask_of("ben", id), world.ask_of("eva", id), world.ask_in_channel(id)] {
            assert_eq!(read::buttons(&copy.blocks), ["Approve", "Reject", "Details"]);
            assert!(copy.all_text().contains("INC-42"), "{}", copy.all_text());
            assert!(copy.all_text().contains("payments (database in Production): write"));
        }

        world.approves("ben", id, "fine by me").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert!(world.target.holds("ana", "payments", "write"));
        for copy in [world.ask_of("ben", id), world.ask_of("eva", id), world.ask_in_channel(id)] {
            assert_eq!(read::buttons(&copy.blocks), ["Details"]);
            assert!(
                copy.all_text().contains("Approved by Ben Okafor")
                    || copy.all_text().contains("approved by Ben Okafor"),
                "{}",
                copy.all_text()
            );
            assert!(copy.all_text().contains("fine by me"));
        }
        let ready = world.said_to("ana", id, "Your access is ready");
        assert!(world.clicks("ana", &ready, "connect").await.is_ok());
        let connect = world.sees_modal("ana", "connect").await;
        assert!(connect.all_text().contains("db.example.com"));
        assert!(connect.all_text().contains("s3cret-canary"));

        world.passes(TimeDelta::minutes(59)).await;
        assert_eq!(world.status(id).await, "Active");
        world.passes(TimeDelta::minutes(1)).await;

        assert_eq!(world.status(id).await, "Expired", "{:?}", world.record(id).await);
        assert!(!world.target.holds("ana", "payments", "write"));
        world.said_to("ana", id, "Its time was over and the access is gone");
        let over = world.said_to("ana", id, "This access has ended");
        assert_eq!(read::buttons(&over.blocks), ["Details"]);
        assert_eq!(world.slack.messages(CHANNEL).len(), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejection_reaches_the_requester_with_its_reason() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "admin").await;
        world.settle().await;
        let message = world.ask_of("eva", id);
        let dialog = world.presses("eva", &message, "reject").await;
        let missing = world.gives_reason("eva", &dialog, "").await;
        assert!(missing.errors.contains_key("reason"), "{missing:?}");

        let answer = world.gives_reason("eva", &dialog, "read is enough").await;
        world.settle().await;

        assert!(answer.is_ok(), "{answer:?}");
        assert_eq!(world.status(id).await, "Rejected");
        assert!(
            world.said_to("ana", id, "Eva Lindgren said no").all_text().contains("read is enough")
        );
        for copy in [world.ask_of("ben", id), world.ask_of("eva", id), world.ask_in_channel(id)] {
            assert_eq!(read::buttons(&copy.blocks), ["Details"]);
            assert!(copy.all_text().contains("ejected by Eva Lindgren"), "{}", copy.all_text());
        }
        assert_eq!(world.target.count("grant"), 0);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pending_request_is_cancelled_by_button_and_by_word() {
    for world in worlds().await {
        let by_button = world.asks("ana", "payments", "read").await;
        let by_word = world.asks("ana", "invoices", "read").await;
        world.settle().await;
        let status = world.said_to("ana", by_button, "It waits for");

        assert!(world.clicks("ana", &status, "cancel").await.is_ok());
        assert!(world.types("ana", &format!("cancel {by_word}")).await.is_ok());
        world.becomes(by_button, "Cancelled").await;
        world.becomes(by_word, "Cancelled").await;
        world.settle().await;

        for id in [by_button, by_word] {
            assert_eq!(read::buttons(&world.ask_of("ben", id).blocks), ["Details"]);
            assert_eq!(read::buttons(&world.ask_in_channel(id).blocks), ["Details"]);
        }
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn active_access_is_ended_early() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        world.approves("ben", id, "").await;
        world.settle().await;
        let ready = world.said_to("ana", id, "Your access is ready");
        let asks = read::find_action(&ready.blocks, "revoke").unwrap().element["confirm"].clone();
        assert!(asks["title"]["text"].as_str().unwrap().contains(&id.to_string()), "{asks}");
        assert_eq!(asks["style"], "danger");

        assert!(world.clicks("ana", &ready, "revoke").await.is_ok());
        world.becomes(id, "Revoking").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Revoked");
        assert!(!world.target.holds("ana", "payments", "read"));
        world.said_to("ana", id, "Ana Torres ended it early");
        assert!(world.clicks("ana", &ready, "connect").await.notice.is_some());
        let late = world.slack.click_on("U1", &ready, "connect").await;
        assert!(late.is_ok());
        let notice = world.sees_modal("ana", "notice").await.all_text();
        assert!(!notice.contains("s3cret-canary"), "{notice}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_but_the_grantee_sees_how_to_connect() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        world.approves("ben", id, "").await;
        world.settle().await;
        let ready = world.said_to("ana", id, "Your access is ready");

        for person in ["ben", "dev", "finn"] {
            assert!(world.slack.click_on(&account(person), &ready, "connect").await.is_ok());
            let notice = world.sees_modal(person, "notice").await;
            assert!(notice.all_text().contains("No such request."), "{}", notice.all_text());
        }

        let everything = world.query("SELECT sealed FROM access_details").await;
        assert_eq!(everything.len(), 1);
        assert!(!everything[0][0].contains("s3cret"));
        world.passes(TimeDelta::hours(1)).await;
        assert_eq!(world.query("SELECT sealed FROM access_details").await.len(), 0);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policy_alone_approves_or_denies() {
    for world in worlds().await {
        let logs = world.asks("ana", "logs", "read").await;
        let secrets = world.asks("ana", "secrets", "read").await;
        world.settle().await;

        assert_eq!(world.status(logs).await, "Active");
        assert!(world.target.holds("ana", "logs", "read"));
        assert_eq!(world.status(secrets).await, "Rejected");
        assert!(
            world
                .said_to("ana", secrets, "The access flow said no")
                .all_text()
                .contains("nobody reads the secrets")
        );
        assert_eq!(world.target.count("grant"), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stages_run_in_order_and_each_needs_its_own_yes() {
    for world in worlds().await {
        let id = world.asks("ana", "ledger", "read").await;
        world.settle().await;
        assert_eq!(world.maybe_ask_of("eva", id), None);

        world.approves("ben", id, "first").await;
        world.settle().await;
        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.target.count("grant"), 0);
        assert_eq!(read::buttons(&world.ask_of("ben", id).blocks), ["Details"]);
        world.approves("finn", id, "second").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert_eq!(world.record(id).await.decisions.len(), 2);
        assert_eq!(read::buttons(&world.ask_of("eva", id).blocks), ["Details"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_of_three_must_say_yes_and_one_person_counts_once() {
    for world in worlds().await {
        let id = world.asks("ana", "crown", "read").await;
        world.settle().await;
        let before = world.ask_of("ben", id);

        world.approves("ben", id, "").await;
        world.settle().await;
        assert!(world.slack.click_on("U2", &before, "approve").await.is_ok());
        let again = world.sees_modal("ben", "notice").await.all_text();
        assert!(again.contains("You approved this request already"), "{again}");
        assert_eq!(world.status(id).await, "Pending Approval");
        world.approves("eva", id, "").await;
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        assert_eq!(world.target.count("grant"), 1);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flow_may_ask_a_reason_for_a_yes() {
    for world in worlds().await {
        let id = world.asks("ana", "vault", "read").await;
        world.settle().await;
        let message = world.ask_of("ben", id);
        let dialog = world.presses("ben", &message, "approve").await;

        assert!(world.gives_reason("ben", &dialog, "").await.errors.contains_key("reason"));
        assert_eq!(world.status(id).await, "Pending Approval");
        assert!(world.gives_reason("ben", &dialog, "the audit asks for it").await.is_ok());
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_form_becomes_a_request_for_each_flow() {
    for world in worlds().await {
        let chosen =
            [("payments", "read"), ("logs", "read"), ("secrets", "read"), ("invoices", "write")];
        let ids = world.submits("ana", &chosen, TimeDelta::hours(1)).await;
        world.settle().await;

        let mut seen = Vec::new();
        for id in &ids {
            let record = world.record(*id).await;
            let items =
                record.asked.items.iter().map(|item| item.at.resource.clone()).collect::<Vec<_>>();
            seen.push((record.asked.flow.to_string(), record.state.label(), items.join(" ")));
        }
        let seen: Vec<_> = seen.iter().map(|(a, b, c)| (a.as_str(), *b, c.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("automatic", "Active", "logs"),
                ("denied", "Rejected", "secrets"),
                ("by-people", "Pending Approval", "payments invoices"),
            ]
        );
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_home_shows_what_is_mine_and_what_waits_for_me() {
    for world in worlds().await {
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;

        let home = world.opens_home("ben").await;
        assert!(home.all_text().contains(&id.to_string()), "{}", home.all_text());
        assert!(read::buttons(&home.json).contains(&"Approve".to_owned()));
        let clicked = world.slack.click("U2", &Container::Home, "approve").await;
        assert!(clicked.is_ok(), "{clicked:?}");
        let dialog = world.sees_modal("ben", "decide").await;
        assert!(world.gives_reason("ben", &dialog, "").await.is_ok());
        world.settle().await;

        assert_eq!(world.status(id).await, "Active");
        let mine = world.opens_home("ana").await.all_text();
        assert!(mine.contains("Active 1"), "{mine}");
        assert!(mine.contains(&id.to_string()), "{mine}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_understood_is_answered_with_help() {
    for world in worlds().await {
        for text in
            ["help", "nonsense <!channel>", "cancel", "revoke AR-x", "show AR-99999999999999999999"]
        {
            let answer = world.types("ana", text).await;
            assert!(answer.is_ok(), "{answer:?}");
            let said = answer.body["text"].as_str().unwrap();
            assert!(said.contains("`/access request`") && !said.contains("<!channel>"), "{said}");
        }
        assert!(world.types("ana", "show AR-4711").await.is_ok());
        let notice = world.sees_modal("ana", "notice").await.all_text();
        assert!(notice.contains("No such request."), "{notice}");
        world.ends().await;
    }
}
