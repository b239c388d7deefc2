//! An approver in Teams gives less than was asked for (R24).
use crate::world::policy::{self, flow, stages};
use crate::world::teams::mri;
use crate::world::teams_people::{choice, dialog, teams_alone, text};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::demo::teams::Reply;
use hallpass::domain::id::RequestId;
use hallpass::domain::plan::{Approver, Need, Stage};
use serde_json::{Value, json};

async fn asks(world: &World, items: &[(&str, &str)]) -> RequestId {
    for person in ["ana", "ben", "eva", "finn", "dev"] {
        assert_eq!(world.teams().installs(&mri(person)).await.status, 200);
        world.reads(person, "Good to see you").await;
    }
    let id = world.submits("ana", items, TimeDelta::hours(8)).await[0];
    world.settle().await;
    id
}

async fn asks_for_both(world: &World) -> RequestId {
    asks(world, &[("payments", "read"), ("invoices", "read")]).await
}

/// Presses Approve on the message about a request; the dialog.
async fn opens(world: &World, person: &str, id: RequestId) -> Value {
    let ask = world.reads(person, &id.to_string()).await;
    dialog(&world.teams().press(&mri(person), &ask, "Approve", &json!({})).await)
}

async fn sends(world: &World, person: &str, dialog: &Value, inputs: &Value) -> Reply {
    world.teams().press_in(&mri(person), dialog, "Approve", inputs).await
}

/// An input of a dialog.
fn input<'a>(json: &'a Value, id: &str) -> Option<&'a Value> {
    match json {
        Value::Object(fields) if fields.get("id").is_some_and(|known| known == id) => Some(json),
        Value::Object(fields) => fields.values().find_map(|inner| input(inner, id)),
        Value::Array(items) => items.iter().find_map(|inner| input(inner, id)),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn less_time_and_fewer_things_are_given_from_teams() {
    for world in worlds_with(teams_alone()).await {
        let id = asks_for_both(&world).await;
        let form = opens(&world, "ben", id).await;
        assert_eq!(input(&form, "duration").unwrap()["value"], "28800", "as it was asked for");
        assert_eq!(input(&form, "item").unwrap()["value"], "0,1", "all of it stays");
        let hours = choice(&form, "duration", "2 h");
        let kept = choice(&form, "item", "payments: read");

        let said = json!({ "duration": hours, "item": kept, "reason": "two hours will do" });
        assert_eq!(sends(&world, "ben", &form, &said).await.status, 200);
        world.settle().await;

        world.becomes(id, "Active").await;
        let record = world.record(id).await;
        assert_eq!(record.expires_at.unwrap() - record.active_at.unwrap(), TimeDelta::hours(2));
        assert_eq!(world.target.called("grant"), ["payments"]);
        for person in ["ben", "eva", "ana"] {
            let card = text(&world.reads(person, "instead of").await.activity);
            assert!(card.contains("(by Ben Okafor)"), "{person}: {card}");
        }
        let ready = text(&world.reads("ana", "Your access is ready").await.activity);
        assert!(ready.contains("2 h instead of 8 h"), "{ready}");
        world.passes(TimeDelta::hours(2)).await;
        world.settle().await;
        world.becomes(id, "Expired").await;
        assert!(world.target.held().is_empty());
        assert_eq!(world.teams().refusals(), []);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_was_asked_for_is_refused_in_the_dialog_with_all_that_was_chosen() {
    const FOREIGN: &str = "You can take things out, not add any.";
    for world in worlds_with(teams_alone()).await {
        let id = asks_for_both(&world).await;
        let form = opens(&world, "ben", id).await;

        for (inputs, sentence) in [
            (json!({"duration": "28801"}), "You can shorten it, not make it longer: 8 h at most."),
            (json!({"duration": "-1"}), "Choose one of the times."),
            (json!({"duration": "soon"}), "Choose one of the times."),
            (json!({"item": "0,2"}), FOREIGN),
            (json!({"item": "prod/secrets"}), FOREIGN),
            (json!({"pick": "7", "item": "-1"}), FOREIGN),
            (json!({"item": "", "duration": "3600", "reason": "my words"}), "Leave at least one"),
        ] {
            let refused = dialog(&sends(&world, "ben", &form, &inputs).await);
            assert!(text(&refused).contains(sentence), "{inputs}: {}", text(&refused));
        }

        let inputs = json!({"item": "", "duration": "3600", "reason": "my words"});
        let refused = dialog(&sends(&world, "ben", &form, &inputs).await);
        assert_eq!(input(&refused, "duration").unwrap()["value"], "3600");
        assert_eq!(input(&refused, "item").unwrap()["value"], "");
        assert_eq!(input(&refused, "reason").unwrap()["value"], "my words");
        assert_eq!(world.status(id).await, "Pending Approval");
        assert_eq!(world.audits("decision_refused").await.len(), 8);
        let outsider = sends(&world, "finn", &form, &json!({"item": "7"})).await;
        assert!(text(&outsider.body).contains("not among the people"), "{:?}", outsider.body);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialog_from_before_another_narrowed_it_is_drawn_anew_and_decides_nothing() {
    let mut options = teams_alone();
    let of = ["ben", "eva", "finn"].map(|id| Approver::Person(id.into())).to_vec();
    let two = Stage { need: Need::Count(2), of };
    options.policy.flows.insert(0, flow("two", "*", stages(vec![two])));
    for world in worlds_with(options.clone()).await {
        let id = asks_for_both(&world).await;
        let (of_ben, of_eva) = (opens(&world, "ben", id).await, opens(&world, "eva", id).await);
        sends(&world, "ben", &of_ben, &json!({"item": "1", "duration": "14400"})).await;
        world.settle().await;

        let stale = dialog(&sends(&world, "eva", &of_eva, &json!({"item": "0"})).await);

        let said = text(&stale);
        assert!(said.contains("Another approver changed what this is about"), "{said}");
        assert!(said.contains("4 h instead of 8 h"), "{said}");
        assert!(input(&stale, "item").is_none(), "one thing is left");
        assert_eq!(world.record(id).await.decisions.len(), 1);
        sends(&world, "eva", &stale, &json!({})).await;
        world.settle().await;
        world.becomes(id, "Active").await;
        assert_eq!(world.target.called("grant"), ["invoices"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_things_what_goes_is_searched_for_in_teams() {
    let mut options = teams_alone();
    let known: Vec<_> = options.policy.catalog.resources.iter().collect();
    let many = (0..130).map(|n| policy::resource(&format!("db-{n:03}")));
    options.policy.catalog.resources = known.into_iter().chain(many).collect();
    for world in worlds_with(Options { ..options.clone() }).await {
        let names: Vec<String> = (0..130).map(|n| format!("db-{n:03}")).collect();
        let items: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "read")).collect();
        let id = asks(&world, &items).await;
        let form = opens(&world, "ben", id).await;
        assert!(text(&form).contains("It is about 130 things."), "{}", text(&form));
        let dataset = &input(&form, "pick").unwrap()["choices.data"]["dataset"];

        let query = json!({"queryText": "db-12 read", "queryOptions": {"skip": 0, "top": 15}, "dataset": dataset});
        let found = world.teams().invoke(&mri("ben"), "application/search", query).await;
        let results = found.body["value"]["results"].as_array().unwrap().clone();
        assert_eq!(results.len(), 10, "{results:?}");
        let out: Vec<&str> = results.iter().map(|one| one["value"].as_str().unwrap()).collect();
        sends(&world, "ben", &form, &json!({ "pick": out.join(",") })).await;
        world.settle().await;

        world.becomes(id, "Active").await;
        assert_eq!(world.target.held().len(), 120);
        assert!(!world.target.called("grant").iter().any(|name| name.starts_with("db-12")));
        world.ends().await;
    }
}
