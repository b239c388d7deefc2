//! A line in place of the form (R16): what it says is filled in, what it does not say is asked.
use crate::world::policy::{any_of, flow, item, person, stages, usual};
use crate::world::{Options, worlds, worlds_with};
use hallpass::demo::slack::Member;
use hallpass::domain::flow::{Scope, Who};
use hallpass::domain::policy::Policy;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_line_fills_the_form_and_sending_it_asks() {
    for mut world in worlds().await {
        // Whoever sends at once is quicker than what is looked up for the form.
        world.may_be_refused = true;
        let line = "request payments read for 90m because INC-42 the totals of May differ";
        assert!(world.types("ana", line).await.is_ok());
        let form = world.sees_modal("ana", "request_finish").await;

        let sent = world.slack.submit("U1", &form.id, &serde_json::json!({})).await;
        assert!(sent.is_ok(), "{sent:?}");
        world.settle().await;

        let records = world.records().await;
        assert_eq!(records.len(), 1);
        let asked = &records[0].asked;
        assert_eq!(asked.items[0].at.resource, "payments");
        assert_eq!(asked.items[0].permission, "read");
        assert_eq!(asked.duration, chrono::TimeDelta::minutes(90));
        assert_eq!(asked.justification, "INC-42 the totals of May differ");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_line_does_not_say_clearly_is_left_to_the_form() {
    for world in worlds().await {
        for (line, said) in [
            ("request paymants for 2h", "paymants"),
            ("request payments", "payments"),
            ("request payments read for nobody-here", "nobody-here"),
        ] {
            assert!(world.types("ana", line).await.is_ok());
            let form = world.soon("a form", |state| state.views("U1").last().cloned()).await;
            assert!(form.json.to_string().contains(said), "{line}: {}", form.all_text());
            assert_eq!(world.records().await.len(), 0, "{line}");
            world.slack.close("U1", &form.id).await;
        }
        world.ends().await;
    }
}

/// Named, and not to be asked for: it is not quietly for oneself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_for_somebody_one_may_not_ask_for_says_so_until_it_is_sent() {
    for world in worlds().await {
        let said = "You cannot ask for anything for Ben Okafor";
        assert!(world.types("ana", "request payments read for 2h for @ben").await.is_ok());
        let form = world.sees_modal("ana", "request").await;
        assert!(form.all_text().contains(said), "{}", form.all_text());

        let typed = world.types_in("ana", &form, "words", "pay").await;
        assert!(typed.all_text().contains(said), "{}", typed.all_text());
        let typed = world.chooses("ana", &typed, "payments", "read").await;
        let finish = world.goes_on("ana", &typed).await;
        assert!(finish.all_text().contains(said), "{}", finish.all_text());
        let typed = world.types_in("ana", &finish, "justification", "INC-42: compare").await;
        assert!(typed.all_text().contains(said), "{}", typed.all_text());

        assert!(world.types("ana", "request payments read for nobody-here").await.is_ok());
        let form = world.sees_modal("ana", "request").await;
        assert!(form.all_text().contains("I know nobody called nobody-here."));
        assert!(form.all_text().contains("1 of at most 1,000 chosen"), "{}", form.all_text());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reason_longer_than_its_field_is_cut_and_that_is_said() {
    for world in worlds().await {
        let why = format!("INC-42 {}", "compare the totals ".repeat(200));
        assert!(world.types("ana", &format!("request payments read because {why}")).await.is_ok());

        let form = world.sees_modal("ana", "request_finish").await;

        assert!(form.all_text().contains("longer than its field"), "{}", form.all_text());
        let kept = form.values()["why"]["justification"]["value"].as_str().unwrap().to_owned();
        assert!(kept.starts_with("INC-42 compare") && kept.chars().count() <= 3_000);
        assert!(world.slack.submit("U1", &form.id, &serde_json::json!({})).await.is_ok());
        world.settle().await;
        world.ends().await;
    }
}

/// Dev may ask for anybody, and Nils has another name in Slack than in the directory.
fn with_nils() -> Options {
    let mut anybody = flow("anybody", "crown", stages(vec![any_of(&["ben"])]));
    anybody.scope = Scope::Others;
    anybody.who = vec![Who::Person("dev".into())];
    let mut policy: Policy = usual();
    policy.flows.insert(0, anybody);
    policy.directory.people.insert("nils".into(), person("nils", "Nils Ahlberg"));
    let nils = Member::new("U9", "nisse", "Nils Ahlberg", "nils@example.com");
    Options { policy, members: vec![nils], ..Options::default() }
}

/// R7, R16: a mention is whoever the platform says it is, also of somebody who never wrote.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_asks_for_whom_it_mentions_as_far_as_a_flow_reaches() {
    for mut world in worlds_with(with_nils()).await {
        world.may_be_refused = true;
        let line = "request crown read for 2h for @nisse because INC-42 compare the totals of May";

        assert!(world.types("dev", line).await.is_ok());
        let form = world.sees_modal("dev", "request_finish").await;
        assert!(form.all_text().contains("1 thing for Nils Ahlberg"), "{}", form.all_text());
        let sent = world.slack.submit("U5", &form.id, &serde_json::json!({})).await;
        assert!(sent.is_ok(), "{sent:?}");
        world.settle().await;

        let asked = world.records().await.remove(0).asked;
        assert_eq!((asked.requester.as_str(), asked.grantee.as_str()), ("dev", "nils"));
        assert_eq!(asked.items, [item("crown", "read")]);
        assert_eq!(asked.duration, chrono::TimeDelta::hours(2));

        // Nobody's flow lets Ana ask for others.
        assert!(world.types("ana", line).await.is_ok());
        let form = world.sees_modal("ana", "request").await;
        let text = form.all_text();
        assert!(text.contains("You cannot ask for anything for Nils Ahlberg"), "{text}");
        assert!(text.contains("Nothing chosen yet"), "what was for Nils is not Ana's: {text}");
        assert_eq!(form.values()["words"]["words"]["value"], "crown");
        assert_eq!(world.records().await.len(), 1);
        world.ends().await;
    }
}

/// The linking rules hold for mentions as for whoever writes: no guest, no second account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mention_of_somebody_who_may_do_nothing_here_is_nobody() {
    let mut options = with_nils();
    options.members[0].is_restricted = true;
    for world in worlds_with(options).await {
        let line = "request crown read for 2h for @nisse because INC-42 compare the totals of May";

        assert!(world.types("dev", line).await.is_ok());

        let form = world.soon("a form", |state| state.views("U5").last().cloned()).await;
        assert!(form.all_text().contains("nobody called nisse"), "{}", form.all_text());
        let linked = "SELECT person FROM account WHERE user_id = 'U9'";
        assert_eq!(world.query(linked).await, Vec::<Vec<String>>::new());
        world.ends().await;
    }
}
