//! The form in Teams (R5–R9, R11): three ways, for oneself and for others, lists that depend on what
//! was picked before and search as one types, and the second step with its lights and its preview.
use crate::world::policy::{any_of, flow, item, stages, usual};
use crate::world::teams::mri;
use crate::world::teams_form::{choices, input, number};
use crate::world::teams_people::{buttons, choice, dialog, teams_alone, text};
use crate::world::{Options, World, worlds_with};
use chrono::TimeDelta;
use hallpass::domain::catalog::Item;
use hallpass::domain::flow::Who;
use hallpass::domain::policy::Policy;
use hallpass::domain::terms::JustificationRule;
use serde_json::{Value, json};

/// What Teams shows of a search at once.
const ROWS: usize = 15;

fn with(policy: Policy) -> Options {
    let mut policy = policy;
    policy.flows.iter_mut().for_each(|flow| flow.channel = None);
    Options { policy, ..teams_alone() }
}

fn says(card: &Value, lines: &[&str]) {
    let said = text(card);
    for line in lines {
        assert!(said.contains(line), "{line} is not in {said}");
    }
}

/// The form's name, as its buttons carry it.
fn draft_of(card: &Value) -> String {
    let text = card.to_string();
    let at = text.find("\"draft\":\"").unwrap() + 9;
    text[at..].split('"').next().unwrap().to_owned()
}

/// The name of the list that searches as somebody types.
fn dataset(card: &Value, id: &str) -> String {
    input(card, id).unwrap()["choices.data"]["dataset"].as_str().unwrap().to_owned()
}

/// Sends the second step; what was asked for, of all requests that it became.
async fn sends(world: &World, person: &str, second: &Value) -> Vec<Item> {
    let typed = json!({ "why": "INC-42: look up failed payments", "other_duration": "1h" });
    let sent = world.goes(person, second, "Send request", typed).await;
    let mut asked = Vec::new();
    for id in crate::world::ids_in(&text(&sent)) {
        asked.extend(world.record(id).await.asked.items);
    }
    asked.sort();
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_app_each_list_depends_on_the_one_before_in_teams() {
    for world in worlds_with(with(crate::ways::company())).await {
        let form = world.opens_in_teams("ana").await;
        let systems = world.goes("ana", &form, "By app", json!({})).await;
        assert_eq!(choices(&systems, "go0"), ["Production", "Staging"]);
        assert!(input(&systems, "go1").is_none() && input(&systems, "item").is_none());

        let production = json!({ "go0": choice(&systems, "go0", "Production") });
        let kinds = world.goes("ana", &systems, "Show: Connected system", production).await;
        assert_eq!(choices(&kinds, "go1"), ["database", "role"]);
        assert!(input(&kinds, "item").is_none(), "resources come after their type");
        let role = json!({ "go1": choice(&kinds, "go1", "role") });
        let roles = world.goes("ana", &kinds, "Show: Type", role).await;
        let offered = choices(&roles, "item");
        assert!(offered.len() == 2 && offered[0].starts_with("auditors: member"), "{offered:?}");
        let staging = json!({ "go0": choice(&roles, "go0", "Staging") });
        let away = world.goes("ana", &roles, "Show: Connected system", staging).await;
        assert_eq!(choices(&away, "go1"), ["database"], "the types are this system's");
        assert!(input(&away, "item").is_none(), "what was picked before is gone");
        let database = json!({ "go1": choice(&away, "go1", "database") });
        let found = world.goes("ana", &away, "Show: Type", database).await;
        let narrow = json!({ "permission": "admin" });
        let found = world.goes("ana", &found, "Search", narrow).await;
        let offered = choices(&found, "item");
        assert!(offered.len() == 1 && offered[0].starts_with("sandbox: admin"), "{offered:?}");

        let ticked = json!({ "item": choice(&found, "item", "sandbox") });
        let second = world.goes("ana", &found, "Continue", ticked).await;
        let asked = sends(&world, "ana", &second).await;
        assert_eq!(asked.len(), 1);
        assert_eq!((&*asked[0].at.resource, &*asked[0].permission), ("sandbox", "admin"));
        assert_eq!(asked[0].at.integration, "staging".into());
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_bundle_all_or_part_of_it_is_asked_for_in_teams() {
    for world in worlds_with(with(crate::ways::company())).await {
        let form = world.opens_in_teams("ana").await;
        let bundles = world.goes("ana", &form, "By bundle", json!({})).await;
        says(&bundles, &["2 of 2 bundles match"]);
        let found = world.goes("ana", &bundles, "Search", json!({ "words": "call" })).await;
        says(&found, &["1 of 2 bundles match"]);
        assert_eq!(choices(&found, "go0"), ["On call"]);
        let call = json!({ "go0": choice(&found, "go0", "On call") });
        let open = world.goes("ana", &found, "Show: Bundle", call).await;
        says(&open, &["On call holds 3 things", "What the person on call needs"]);

        let part = json!({ "item": choice(&open, "item", "ledger") });
        let one = world.goes("ana", &open, "Add what is ticked", part).await;
        says(&one, &["Added 1 thing.", "1 of at most 1,000 chosen", "On call holds 3 things"]);
        assert_eq!(choices(&one, "item").len(), 2, "what is chosen is not offered again");
        let all = world.goes("ana", &one, "Add all 3", json!({})).await;
        says(&all, &["Added 2 things. 1 was chosen before.", "3 of at most 1,000 chosen"]);
        let review = world.goes("ana", &all, "Review", json!({})).await;
        let logs = json!({ "item": choice(&review, "item", "logs") });
        let fewer = world.goes("ana", &review, "Remove what is ticked", logs).await;
        assert_eq!(choices(&fewer, "item").len(), 2);
        let second = world.goes("ana", &fewer, "Continue", json!({})).await;

        let asked = sends(&world, "ana", &second).await;
        assert_eq!(asked, ["ledger", "payments"].map(|name| item(name, "read")));
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_are_offered_as_far_as_a_flow_reaches_and_no_further_in_teams() {
    for world in worlds_with(with(crate::ways::with_reports())).await {
        let of_ana = world.opens_in_teams("ana").await;
        assert!(!buttons(&of_ana).contains(&"Change".to_owned()), "nobody reports to Ana");
        let forged = json!({ "do": "set_for", "draft": draft_of(&of_ana), "person": "eva" });
        says(&world.forges("ana", forged).await, &["You cannot ask for Eva Lindgren"]);

        let mut form = world.opens_in_teams("ben").await;
        for name in ["payments", "invoices"] {
            let found = json!({ "words": format!("{name} read") });
            form = world.goes("ben", &form, "Search", found).await;
            let ticked = json!({ "item": choice(&form, "item", &format!("{name}: read")) });
            form = world.goes("ben", &form, "Add what is ticked", ticked).await;
        }
        let people = world.goes("ben", &form, "Change", json!({})).await;
        let offered = choices(&people, "person");
        assert_eq!(offered.len(), 2, "{offered:?}");
        let typed = world.types_into("ben", &dataset(&people, "person"), "lind").await;
        assert_eq!(typed.len(), 1);
        assert!(typed[0].0.starts_with("Eva Lindgren") && typed[0].1 == "eva", "{typed:?}");
        assert_eq!(world.types_into("ben", &dataset(&people, "person"), "ana").await, []);
        let eva = json!({ "person": typed[0].1 });
        let for_eva = world.goes("ben", &people, "Continue", eva).await;
        says(&for_eva, &["1 thing cannot be asked for on their behalf", "Eva Lindgren"]);
        says(&for_eva, &["1 of at most 1,000 chosen"]);
        let second = world.goes("ben", &for_eva, "Continue", json!({})).await;
        says(&second, &["1 thing for Eva Lindgren"]);
        let typed = json!({ "why": "INC-42: she is on call", "other_duration": "1h" });
        let id = number(&world.goes("ben", &second, "Send request", typed).await);

        let asked = world.record(id).await.asked;
        assert_eq!((asked.requester.as_str(), asked.grantee.as_str()), ("ben", "eva"));
        assert_eq!(asked.items, [item("payments", "read")]);
        world.install_in_teams(&["ben", "eva"]).await;
        world.settle().await;
        for person in ["ben", "eva"] {
            let list = world.forges(person, json!({ "do": "list", "list": "delegated" })).await;
            says(&list, &[&id.to_string(), "Ben Okafor for Eva Lindgren"]);
        }
        let of_ana = world.forges("ana", json!({ "do": "list", "list": "delegated" })).await;
        says(&of_ana, &["You asked for nobody else, and nobody asked for you."]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_finds_every_resource_as_one_types_and_nothing_of_anothers_in_teams() {
    let mut policy = crate::search::policy(5_000);
    // Two hundred of them are for Ben alone.
    let mut of_ben = flow("of-ben", "db-04[01]*", stages(vec![any_of(&["eva"])]));
    of_ben.who = vec![Who::Person("ben".into())];
    let mut rest = flow("rest", "db-0[0-3]*", stages(vec![any_of(&["eva"])]));
    rest.what = ["db-00*", "db-01*", "db-02*", "db-03*"]
        .map(|name| flow("x", name, stages(Vec::new())).what.remove(0))
        .into();
    of_ben.what = ["db-040*", "db-041*"]
        .map(|name| flow("x", name, stages(Vec::new())).what.remove(0))
        .into();
    policy.flows = vec![of_ben, rest];
    for world in worlds_with(with(policy)).await {
        let form = world.opens_in_teams("ana").await;
        let list = dataset(&form, "pick");

        assert_eq!(world.types_into("ana", &list, "").await.len(), ROWS);
        assert_eq!(world.types_into("ana", &list, "db").await.len(), ROWS, "more than are shown");
        for n in (0..4_000).step_by(331) {
            let name = format!("db-{n:05}");
            let found = world.types_into("ana", &list, &name).await;
            assert!(found[0].0.starts_with(&format!("{name}: read")), "{name}: {found:?}");
        }
        let none = world.types_into("ana", &list, "db-04011").await;
        assert!(!none.iter().any(|(label, _)| label.contains("db-04")), "{none:?}");
        assert_eq!(world.types_into("ana", &list, "zzzzzzzz qqqqqq").await, []);
        // Ben searches in Ana's form: he finds what is his, and nothing of the form.
        let theirs = world.types_into("ben", &list, "db-04011").await;
        assert!(theirs[0].0.starts_with("db-04011: read"), "{theirs:?}");
        let forged = json!({ "do": "add", "draft": draft_of(&form), "item": theirs[0].1 });
        says(&world.forges("ana", forged).await, &["1 cannot be asked for", "Nothing chosen yet"]);

        let typed = world.types_into("ana", &list, "db-03999").await;
        let second =
            world.goes("ana", &form, "Continue", json!({ "pick": typed[0].1.clone() })).await;
        assert_eq!(sends(&world, "ana", &second).await, [item("db-03999", "read")]);
        for dataset in
            ["", "items", "people", "items x", "nonsense y ?way=zzz", "items \u{0} \u{0}"]
        {
            world.types_into("ana", dataset, "db").await;
        }
        world.settle().await;
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_matches_is_added_and_all_of_it_can_be_looked_over_in_teams() {
    for world in worlds_with(with(crate::search::policy(1_200))).await {
        let form = world.opens_in_teams("ana").await;
        let all = world.goes("ana", &form, "Add all 1,200 that match", json!({})).await;
        says(&all, &["Added 1,000 things.", "200 did not fit: 1,000 is the most at once."]);
        let mut page = world.goes("ana", &all, "Review", json!({})).await;
        let mut seen = choices(&page, "item").len();
        while buttons(&page).contains(&"Next".to_owned()) {
            page = world.goes("ana", &page, "Next", json!({})).await;
            seen += choices(&page, "item").len();
        }
        assert_eq!(seen, 1_000);

        let second = world.goes("ana", &page, "Continue", json!({})).await;
        says(&second, &["1,000 things."]);
        assert_eq!(sends(&world, "ana", &second).await.len(), 1_000);
        world.install_in_teams(&["ana"]).await;
        let id = world.records().await[0].asked.id;
        let mut page = world.forges("ana", json!({ "do": "details", "id": id.to_string() })).await;
        let mut turned = 0;
        while buttons(&page).contains(&"Next".to_owned()) {
            page = world.goes("ana", &page, "Next", json!({})).await;
            turned += 1;
        }
        says(&page, &["of 1,000"]);
        assert!(turned > 5, "{turned}");
        world.ends().await;
    }
}

/// A company that asks for a ticket and for a good reason.
fn strict() -> Policy {
    let mut policy = crate::lights::options().policy;
    for flow in &mut policy.flows {
        flow.justification = JustificationRule::AllLights;
        flow.ticket.as_mut().unwrap().is_required = true;
    }
    policy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_step_shows_lights_preview_and_what_is_wrong_and_keeps_what_was_typed_in_teams()
{
    for world in worlds_with(with(strict())).await {
        let form = world.opens_in_teams("ana").await;
        let found = world.goes("ana", &form, "Search", json!({ "words": "payments write" })).await;
        let ticked = json!({ "item": choice(&found, "item", "payments: write") });
        let second = world.goes("ana", &found, "Continue", ticked).await;
        says(&second, &["What sending this makes", "The flow by-people", "Ben Okafor"]);
        says(&second, &["At most 1 day."]);
        assert_eq!(text(&second).matches('🟢').count(), 0);

        let typed = json!({ "why": "INC-12: correct 14 invoices", "ticket": "OPS-1",
                            "other_duration": "90m" });
        let looked = world.goes("ana", &second, "Check what I wrote", typed).await;
        let lights = text(&looked).matches('🟢').count();
        assert!(lights > 0 && lights < 3, "{}", text(&looked));
        says(&looked, &["for 1 h 30 min"]);
        let wrong = world.goes("ana", &looked, "Send request", json!({})).await;
        says(&wrong, &["This is no ticket's number; write one like INC-42."]);
        let kept = |card: &Value, id: &str| input(card, id).unwrap()["value"].clone();
        assert_eq!(kept(&wrong, "why"), "INC-12: correct 14 invoices");
        assert_eq!(
            (kept(&wrong, "ticket"), kept(&wrong, "other_duration")),
            ("OPS-1".into(), "90m".into())
        );
        let late = json!({ "ticket": "INC-12", "other_duration": "9d" });
        let late = world.goes("ana", &wrong, "Send request", late).await;
        says(&late, &["1 day"]);
        assert!(world.records().await.is_empty());

        let good = "INC-12: correct 14 invoices with the wrong tax rate; the script has to update \
                    rows, because support cannot";
        let good = json!({ "why": good, "other_duration": "90m" });
        let back = world.goes("ana", &late, "Back", good).await;
        let second = world.goes("ana", &back, "Continue", json!({})).await;
        assert_eq!(text(&second).matches('🟢').count(), 3, "{}", text(&second));
        assert_eq!(kept(&second, "ticket"), "INC-12", "between the steps it stays");
        let id = number(&world.goes("ana", &second, "Send request", json!({})).await);
        let record = world.record(id).await;
        assert_eq!(record.asked.duration, TimeDelta::minutes(90));
        assert_eq!(record.asked.ticket.unwrap().number, "INC-12");
        world.install_in_teams(&["ben"]).await;
        says(&world.reads("ben", "INC-12 (Incident)").await.activity, &[&id.to_string()]);

        // The same once more: it is pointed out before it is sent (R11).
        let form = world.opens_in_teams("ana").await;
        let found = world.goes("ana", &form, "Search", json!({ "words": "payments write" })).await;
        says(&found, &[&format!("{id} gives or asks for the same")]);
        let ticked = json!({ "item": choice(&found, "item", "payments: write") });
        let second = world.goes("ana", &found, "Continue", ticked).await;
        says(&second, &["There already, or asked for:", &format!("see {id}")]);
        world.ends().await;
    }
}

/// What somebody else's form holds comes to nobody by its name, and nobody changes it (V5).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anothers_form_shows_and_takes_nothing_at_any_step_in_teams() {
    for world in worlds_with(with(usual())).await {
        let form = world.opens_in_teams("ana").await;
        let found = world.goes("ana", &form, "Search", json!({ "words": "crown admin" })).await;
        let handle = choice(&found, "item", "crown: admin");
        let ticked = json!({ "item": handle });
        let second = world.goes("ana", &found, "Continue", ticked).await;
        let typed = json!({ "why": "INC-42: a secret of Ana's", "other_duration": "1h" });
        let second = world.goes("ana", &second, "Check what I wrote", typed).await;
        let draft = draft_of(&second);

        for act in [
            "form", "add", "add_all", "chosen", "remove", "for", "set_for", "finish", "look",
            "send",
        ] {
            for more in [
                json!({}),
                json!({ "why": "INC-43: Ben's words", "other_duration": "2h",
                                            "all": "yes", "person": "ana" }),
            ] {
                let mut data = more;
                data["do"] = act.into();
                data["draft"] = draft.as_str().into();
                let value = json!({ "data": data });
                let reply = world.teams().invoke(&mri("ben"), "task/submit", value).await;
                let said = text(&dialog(&reply));
                assert!(!said.contains("secret of Ana"), "{act}: {said}");
                assert!(!said.contains("crown (database in Production): admin"), "{act}: {said}");
            }
        }

        assert!(world.records().await.is_empty(), "nothing was sent");
        let still = world.goes("ana", &second, "Back", json!({})).await;
        says(&still, &["1 of at most 1,000 chosen", "crown"]);
        let second = world.goes("ana", &still, "Continue", json!({})).await;
        assert_eq!(input(&second, "why").unwrap()["value"], "INC-42: a secret of Ana's");
        assert_eq!(sends(&world, "ana", &second).await, [item("crown", "admin")]);
        world.settle().await;
        world.ends().await;
    }
}
