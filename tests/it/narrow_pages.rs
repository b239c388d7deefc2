//! An approver gives less than was asked for on a page, and letters tell what was given (R24).
use crate::mail::with_mail;
use crate::narrow::sets;
use crate::world::browser::{Browser, Seen};
use crate::world::policy::{flow, stages, usual};
use crate::world::{Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::domain::id::RequestId;
use hallpass::domain::plan::{Approver, Need, Stage};

const BOTH: [(&str, &str); 2] = [("payments", "read"), ("invoices", "read")];

async fn asks_for_both(world: &World) -> RequestId {
    let id = world.submits("ana", &BOTH, TimeDelta::hours(8)).await[0];
    world.settle().await;
    id
}

/// The values that a form's field begins with.
fn values(page: &Seen, field: &str) -> Vec<String> {
    let fields = page.form("/decide").fields;
    fields.into_iter().filter(|(name, _)| name == field).map(|(_, value)| value).collect()
}

/// Approves on a page with these fields in place of its own.
async fn approves(browser: &mut Browser, page: &Seen, fields: &[(&str, &str)]) -> Seen {
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("verdict", "approve")]).collect();
    browser.sends(page, "/decide", &all).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn less_time_and_fewer_things_are_given_from_a_page() {
    for world in worlds().await {
        let id = asks_for_both(&world).await;
        let mut ben = world.signs_in("ben").await;
        let page = ben.opens(&format!("/requests/{id}")).await;
        assert_eq!(values(&page, "duration"), ["28800"], "as it was asked for");
        assert_eq!(values(&page, "keep"), ["0", "1"], "all of it stays");

        let less = [("duration", "7200"), ("keep", "1"), ("reason", "two hours will do")];
        let after = approves(&mut ben, &page, &less).await;

        let text = after.text();
        assert!(text.contains("For 2 h instead of 8 h, and without 1 of the 2 things"), "{text}");
        world.settle().await;
        world.becomes(id, "Active").await;
        let record = world.record(id).await;
        assert_eq!(record.expires_at.unwrap() - record.active_at.unwrap(), TimeDelta::hours(2));
        assert_eq!(world.target.called("grant"), ["invoices"]);
        let now = ben.opens(&format!("/requests/{id}")).await.text();
        for line in ["Taken out", "payments (database in Production): read (by Ben Okafor)"] {
            assert!(now.contains(line), "{line}: {now}");
        }
        world.passes(TimeDelta::hours(2)).await;
        world.settle().await;
        world.becomes(id, "Expired").await;
        assert!(world.target.held().is_empty());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_was_asked_for_is_refused_on_the_page_with_all_that_was_chosen() {
    const LONGER: &str = "You can shorten it, not make it longer: 8 h at most.";
    const FOREIGN: &str = "You can take things out, not add any.";
    const NOTHING: &str = "Leave at least one thing, or reject the request.";
    for world in worlds().await {
        let id = asks_for_both(&world).await;
        let mut ben = world.signs_in("ben").await;
        let page = ben.opens(&format!("/requests/{id}")).await;

        for (fields, sentence) in [
            (&[("duration", "36000"), ("keep", "0")][..], LONGER),
            (&[("duration", "two hours")], "Choose one of the times."),
            (&[("keep", "2")], FOREIGN),
            (&[("keep", "prod/secrets")], FOREIGN),
            (&[("duration", "7200"), ("keep", "x"), ("reason", "my words")], FOREIGN),
        ] {
            let refused = approves(&mut ben, &page, fields).await;
            assert_eq!(refused.status, 422, "{fields:?}");
            assert!(refused.text().contains(sentence), "{fields:?}: {}", refused.text());
        }
        let token = page.form("/decide").fields[0].1.clone();
        let none = [
            ("form", &*token),
            ("verdict", "approve"),
            ("boxes", "1"),
            ("seen", "0"),
            ("duration", "3600"),
            ("reason", "my words"),
        ];
        let refused = ben.posts(&format!("/requests/{id}/decide"), &none).await;

        assert!(refused.status == 422 && refused.text().contains(NOTHING), "{}", refused.text());
        assert_eq!(values(&refused, "duration"), ["3600"], "what was chosen stays");
        assert_eq!(values(&refused, "reason"), ["my words"]);
        assert!(values(&refused, "keep").is_empty());
        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.audits("decision_refused").await.len(), 6);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_from_before_another_narrowed_it_is_drawn_anew_and_decides_nothing() {
    let mut policy = usual();
    let of = ["ben", "eva", "finn"].map(|id| Approver::Person(id.into())).to_vec();
    policy.flows.insert(0, flow("two", "*", stages(vec![Stage { need: Need::Count(2), of }])));
    for world in worlds_with(Options { policy, ..Options::default() }).await {
        let id = asks_for_both(&world).await;
        let (mut ben, mut eva) = (world.signs_in("ben").await, world.signs_in("eva").await);
        let path = format!("/requests/{id}");
        let (of_ben, of_eva) = (ben.opens(&path).await, eva.opens(&path).await);
        approves(&mut ben, &of_ben, &[("keep", "0"), ("duration", "14400")]).await;

        let stale = approves(&mut eva, &of_eva, &[("keep", "1"), ("reason", "go on")]).await;

        assert_eq!(stale.status, 409);
        let text = stale.text();
        assert!(text.contains("Another approver changed what this is about"), "{text}");
        assert!(text.contains("4 h instead of 8 h"), "{text}");
        assert_eq!(values(&stale, "duration"), ["14400"]);
        assert_eq!(values(&stale, "reason"), ["go on"]);
        assert_eq!(world.record(id).await.decisions.len(), 1);
        approves(&mut eva, &stale, &[]).await;
        world.settle().await;
        world.becomes(id, "Active").await;
        assert_eq!(world.target.called("grant"), ["payments"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_tell_what_was_given_instead_of_what_was_asked_for() {
    let (office, worlds) = with_mail(|options, _| options.absent = vec!["ana", "eva"]).await;
    for world in worlds {
        office.forgets();
        let id = asks_for_both(&world).await;
        let dialog = world.presses("ben", &world.ask_of("ben", id), "approve").await;
        sets(&world, "ben", &dialog, "narrow_duration", &["7200"]).await;
        sets(&world, "ben", &dialog, "narrow_keep", &["0"]).await;
        assert!(world.gives_reason("ben", &dialog, "").await.is_ok());
        world.settle().await;

        let out = "Taken out: invoices (database in Production): read (by Ben Okafor)";
        for person in ["ana", "eva"] {
            let letter = office.letters_to(person).pop().unwrap();
            assert!(letter.text.contains("How long: 2 h instead of 8 h"), "{}", letter.text);
            assert!(letter.text.contains(out), "{}", letter.text);
            assert!(letter.shown().contains("2 h instead of 8 h"), "{}", letter.shown());
        }
        let ready = office.letters_to("ana").pop().unwrap();
        let items = "payments (database in Production): read";
        assert!(ready.header("subject").ends_with(items), "{}", ready.header("subject"));
        world.ends().await;
    }
}
