//! People read their own language; channels the one that is configured.
use crate::world::policy::account;
use crate::world::{CHANNEL, Options, World, worlds, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::slack::{Message, read};
use hallpass::domain::id::RequestId;
use hallpass::domain::language::Language;
use serde_json::json;

/// Slack's word on an account is asked for again after this.
const ASKED_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// Sets what somebody chose in Slack's preferences.
fn reads(world: &World, person: &str, locale: &str) {
    let id = account(person);
    world.slack.arrange(|members, _| {
        locale.clone_into(&mut members.iter_mut().find(|member| member.id == id).unwrap().locale);
    });
}

fn in_channel(world: &World, id: RequestId) -> Message {
    world.ask_in_channel(id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_reads_their_own_language() {
    for world in worlds().await {
        reads(&world, "ana", "de-DE");

        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;

        let status =
            world.said_to("ana", id, "Der Antrag wartet auf Ben Okafor oder Eva Lindgren.");
        assert_eq!(read::buttons(&status.blocks), ["Antrag zurückziehen", "Details"]);
        assert!(status.all_text().contains("1 Stunde"), "{}", status.all_text());
        let ask = world.ask_of("ben", id);
        assert!(ask.text.contains("Ana Torres asks for access"), "{}", ask.text);
        assert_eq!(read::buttons(&ask.blocks), ["Approve", "Reject", "Details"]);
        assert_eq!(read::buttons(&in_channel(&world, id).blocks), ["Approve", "Reject", "Details"]);

        world.approves("ben", id, "").await;
        world.settle().await;

        let ready = world.said_to("ana", id, "Dein Zugriff ist bereit");
        let buttons = read::buttons(&ready.blocks);
        assert_eq!(buttons, ["Verbinden", "Zugriff jetzt beenden", "Details"]);
        assert!(world.ask_of("ben", id).all_text().contains("Already approved by Ben Okafor."));
        world.clicks("ana", &ready, "connect").await;
        let connect = world.sees_modal("ana", "connect").await;
        assert!(connect.all_text().contains("Nur du siehst das."), "{}", connect.all_text());
        assert!(
            world.told("ana").iter().all(|text| !text.contains("access")),
            "{:?}",
            world.told("ana")
        );
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_in_the_language_of_whoever_is_refused() {
    for world in worlds().await {
        reads(&world, "eva", "de-AT");
        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;
        let ask = world.ask_of("eva", id);
        assert_eq!(read::buttons(&ask.blocks), ["Genehmigen", "Ablehnen", "Details"]);
        let dialog = world.presses("eva", &ask, "reject").await;

        world.approves("ben", id, "").await;
        let late = world.gives_reason("eva", &dialog, "zu viel").await;

        let late = late.body.to_string();
        assert!(late.contains("Hier wird auf keine Entscheidung mehr gewartet."), "{late}");
        assert!(late.contains("Schon genehmigt von Ben Okafor. Das war am "), "{late}");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_switches_the_language_reads_the_new_one_from_then_on() {
    for world in worlds().await {
        let before = world.asks("ana", "payments", "read").await;
        world.settle().await;
        world.said_to("ana", before, "It waits for");

        reads(&world, "ana", "de-DE");
        world.passes(ASKED_AGAIN).await;
        let after = world.asks("ana", "invoices", "read").await;
        world.settle().await;
        world.approves("ben", before, "").await;
        world.settle().await;

        world.said_to("ana", after, "Der Antrag wartet auf");
        world.said_to("ana", before, "Der Zugriff ist eingerichtet.");
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn channels_and_unknown_languages_get_the_configured_one() {
    let options = Options { language: Language::German, ..Options::default() };
    for world in worlds_with(options).await {
        reads(&world, "ana", "pt-BR");

        let id = world.asks("ana", "payments", "read").await;
        world.settle().await;

        world.said_to("ana", id, "Der Antrag wartet auf");
        let copy = in_channel(&world, id);
        assert_eq!(read::buttons(&copy.blocks), ["Genehmigen", "Ablehnen", "Details"]);
        assert_eq!(world.slack.messages(CHANNEL).len(), 1);
        assert_eq!(
            read::buttons(&world.ask_of("ben", id).blocks),
            ["Approve", "Reject", "Details"]
        );
        world.ends().await;
    }
}

/// R16 in German, from the line to the answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_german_line_fills_a_german_form() {
    for mut world in worlds().await {
        // Whoever sends at once is quicker than what is looked up for the form.
        world.may_be_refused = true;
        reads(&world, "ana", "de-DE");
        let line = "request payments lesen für 2 Stunden weil INC-42 die Summen im Mai abweichen";

        assert!(world.types("ana", line).await.is_ok());
        let form = world.sees_modal("ana", "request_finish").await;
        assert!(form.all_text().contains("Warum brauchst du es?"), "{}", form.all_text());
        let sent = world.slack.submit("U1", &form.id, &json!({})).await;
        assert!(sent.is_ok(), "{sent:?}");
        let answer = world.slack.views("U1").pop().unwrap().all_text();
        world.settle().await;

        assert!(answer.contains("Zugriff beantragt"), "{answer}");
        let asked = world.records().await.remove(0).asked;
        assert_eq!(asked.items, [crate::world::policy::item("payments", "read")]);
        assert_eq!(asked.duration, TimeDelta::hours(2));
        assert_eq!(asked.justification, "INC-42 die Summen im Mai abweichen");
        let typo = world.types("ana", "request payments für niemand-da").await;
        assert!(typo.is_ok());
        let form = world.sees_modal("ana", "request").await.all_text();
        assert!(form.contains("Ich kenne niemanden namens niemand-da"), "{form}");
        world.ends().await;
    }
}
