//! Three ways in, for oneself and for others: what is offered depends on what was picked before.
use crate::world::policy::{account, any_of, flow, item, resource, stages, usual};
use crate::world::{Options, World, ids_in, worlds_with};
use hallpass::demo::slack::{View, read};
use hallpass::domain::catalog::{Bundle, Integration, Resource, ResourceRef};
use hallpass::domain::flow::{Pattern, Scope, Selector};
use hallpass::domain::id::IntegrationId;
use hallpass::domain::policy::Policy;
use serde_json::{Value, json};

/// Two systems, two types, a few permissions, and two bundles.
pub(crate) fn company() -> Policy {
    let mut policy = usual();
    let staging = IntegrationId::from("staging");
    let name = "Staging".to_owned();
    policy.catalog.integrations.insert(staging.clone(), Integration { id: staging.clone(), name });
    let role = |name: &str| Resource {
        kind: "role".to_owned(),
        permissions: vec!["member".to_owned()],
        ..resource(name)
    };
    let away = |name: &str| Resource {
        at: ResourceRef { integration: staging.clone(), resource: name.to_owned() },
        ..resource(name)
    };
    let all: Vec<Resource> = policy.catalog.resources.iter().collect();
    let more = [role("reporting"), role("auditors"), away("sandbox")];
    policy.catalog.resources = all.into_iter().chain(more).collect();
    // All that is there so far can be asked for; one more cannot.
    let open: Vec<String> = policy.catalog.resources.iter().map(|found| found.name).collect();
    let last = policy.flows.last_mut().unwrap();
    let every = last.what.remove(0);
    let named = |name: &String| Selector { resource: Pattern::new(name), ..every.clone() };
    last.what = open.iter().map(named).collect();
    let hidden = resource("hidden-1");
    policy.catalog.resources = policy.catalog.resources.iter().chain([hidden]).collect();
    let bundle = |id: &str, name: &str, items: Vec<hallpass::domain::catalog::Item>| Bundle {
        id: id.into(),
        name: name.to_owned(),
        description: "What the person on call needs".to_owned(),
        items,
        what: Vec::new(),
        left_out: 0,
    };
    let on_call = vec![item("payments", "read"), item("ledger", "read"), item("logs", "read")];
    let month = vec![item("invoices", "write")];
    for bundle in [bundle("on-call", "On call", on_call), bundle("month", "End of month", month)] {
        policy.catalog.bundles.insert(bundle.id.clone(), bundle);
    }
    policy
}

fn texts(options: &[Value]) -> Vec<&str> {
    options.iter().map(|option| option["text"]["text"].as_str().unwrap()).collect()
}

fn has(view: &View, action: &str) -> bool {
    read::find_action(&view.json, action).is_some()
}

async fn sends(world: &World, person: &str, view: &View) -> String {
    let view = world.goes_on(person, view).await;
    let why = json!({"type": "plain_text_input", "value": "INC-42: look up failed payments"});
    let values = json!({"why": {"justification": why}});
    let answer = world.slack.submit(&account(person), &view.id, &values).await;
    assert!(answer.is_ok(), "{answer:?}");
    world.slack.views(&account(person)).pop().unwrap().all_text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_resource_the_filters_narrow_what_is_offered_and_counted() {
    for world in worlds_with(Options { policy: company(), ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        assert!(view.all_text().contains("10 of 10 match"), "{}", view.all_text());
        let kinds = world.searches_in("ana", &view, "kind", "").await;
        assert_eq!(texts(&kinds), ["Any type", "database", "role"]);
        let permissions = world.searches_in("ana", &view, "permission", "").await;
        assert_eq!(texts(&permissions), ["Any permission", "admin", "member", "read", "write"]);

        let view = world.picks("ana", &view, "kind", &["role"]).await;
        assert!(view.all_text().contains("2 of 10 match"), "{}", view.all_text());
        assert!(read::buttons(&view.json).contains(&"Add all 2 that match".to_owned()));
        let permissions = world.searches_in("ana", &view, "permission", "").await;
        assert_eq!(texts(&permissions), ["Any permission", "member"]);
        let offered = world.searches("ana", &view, "").await;
        assert_eq!(texts(&offered), ["auditors: member", "reporting: member"]);
        let view = world.picks("ana", &view, "kind", &["Any type"]).await;
        let view = world.picks("ana", &view, "permission", &["admin"]).await;
        let view = world.types_in("ana", &view, "words", "staging").await;
        assert!(view.all_text().contains("1 of 10 match"), "{}", view.all_text());
        let offered = world.searches("ana", &view, "").await;
        assert_eq!(texts(&offered), ["sandbox: admin"]);
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_app_each_list_depends_on_the_one_before() {
    for world in worlds_with(Options { policy: company(), ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        let view = world.presses_in("ana", &view, "way_app").await;
        assert!(!has(&view, "app_kind") && !has(&view, "resources"));
        let systems = world.searches_in("ana", &view, "app_integration", "").await;
        assert_eq!(texts(&systems), ["Production", "Staging"]);
        let view = world.picks("ana", &view, "app_integration", &["Production"]).await;
        let kinds = world.searches_in("ana", &view, "app_kind", "").await;
        assert_eq!(texts(&kinds), ["database", "role"]);
        let view = world.picks("ana", &view, "app_kind", &["database"]).await;
        let offered = world.searches_in("ana", &view, "app_resources", "").await;
        let offered = texts(&offered);
        assert!(offered.contains(&"payments") && !offered.contains(&"sandbox"), "{offered:?}");
        assert!(!offered.contains(&"auditors") && !offered.contains(&"hidden-1"), "{offered:?}");
        let view = world.picks("ana", &view, "app_resources", &["payments", "invoices"]).await;
        let view = world.picks("ana", &view, "app_permissions", &["read", "write"]).await;
        assert!(read::buttons(&view.json).contains(&"Add 4 things".to_owned()));

        let other = world.picks("ana", &view, "app_kind", &["role"]).await;
        assert!(has(&other, "app_resources") && !has(&other, "app_permissions"));
        assert!(!other.all_text().contains("Add 4 things"));
        let again = world.picks("ana", &other, "app_kind", &["database"]).await;
        assert!(!has(&again, "app_permissions"), "what was picked before is gone");
        let view = world.picks("ana", &again, "app_resources", &["payments", "invoices"]).await;
        let view = world.picks("ana", &view, "app_permissions", &["read", "write"]).await;
        let view = world.presses_in("ana", &view, "add_app").await;

        assert!(view.all_text().contains("Added 4 things"), "{}", view.all_text());
        assert!(!has(&view, "app_permissions"));
        let said = sends(&world, "ana", &view).await;
        let record = world.record(ids_in(&said)[0]).await;
        let mut asked = record.asked.items.clone();
        asked.sort();
        let meant = [("invoices", "read"), ("invoices", "write")].map(|(n, p)| item(n, p));
        let and = [("payments", "read"), ("payments", "write")].map(|(n, p)| item(n, p));
        assert_eq!(asked, [meant, and].concat());
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_bundle_all_or_part_of_it_is_asked_for() {
    for world in worlds_with(Options { policy: company(), ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        let view = world.presses_in("ana", &view, "way_bundle").await;
        assert!(view.all_text().contains("2 of 2 bundles match"), "{}", view.all_text());
        let view = world.types_in("ana", &view, "bundle_words", "call").await;
        assert!(view.all_text().contains("1 of 2 bundles match"), "{}", view.all_text());
        let offered = world.searches_in("ana", &view, "bundle", "").await;
        assert_eq!(texts(&offered), ["On call"]);
        let view = world.picks("ana", &view, "bundle", &["On call"]).await;
        assert!(view.all_text().contains("On call holds 3 things"), "{}", view.all_text());
        let view = world.presses_in("ana", &view, "add_ticked").await;
        assert!(view.all_text().contains("Tick at least one thing"), "{}", view.all_text());
        let ticks = read::find_action(&view.json, "ticks").unwrap();
        let ledger = read::offered(&ticks.element)
            .into_iter()
            .find(|option| option["text"]["text"] == "ledger: read");
        let account = account("ana");
        world.slack.choose_options(&account, &view.id, "ticks", &[ledger.unwrap()]).await;

        let view = world.presses_in("ana", &view, "add_ticked").await;
        assert!(view.all_text().contains("1 of at most 1,000 chosen"), "{}", view.all_text());
        let view = world.presses_in("ana", &view, "add_bundle").await;
        assert!(view.all_text().contains("3 of at most 1,000 chosen"), "{}", view.all_text());
        assert!(view.all_text().contains("Added 2 things. 1 was chosen before."));

        let said = sends(&world, "ana", &view).await;
        let mut asked = Vec::new();
        for id in ids_in(&said) {
            asked.extend(world.record(id).await.asked.items);
        }
        asked.sort();
        assert_eq!(asked, ["ledger", "logs", "payments"].map(|name| item(name, "read")));
        world.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switching_between_the_ways_keeps_what_was_chosen_and_typed() {
    for world in worlds_with(Options { policy: company(), ..Options::default() }).await {
        let view = world.opens_form("ana").await;
        let view = world.types_in("ana", &view, "words", "pay").await;
        let view = world.picks("ana", &view, "permission", &["write"]).await;
        let view = world.chooses("ana", &view, "payments", "write").await;

        let view = world.presses_in("ana", &view, "way_app").await;
        let view = world.picks("ana", &view, "app_integration", &["Production"]).await;
        let view = world.presses_in("ana", &view, "way_bundle").await;
        let view = world.picks("ana", &view, "bundle", &["On call"]).await;
        let view = world.presses_in("ana", &view, "way_resource").await;

        assert_eq!(view.values()["words"]["words"]["value"], "pay");
        assert_eq!(
            view.values()["permission"]["permission"]["selected_option"]["text"]["text"],
            "write"
        );
        assert!(view.all_text().contains("1 of at most 1,000 chosen"), "{}", view.all_text());
        let view = world.presses_in("ana", &view, "way_bundle").await;
        assert!(view.all_text().contains("On call holds 3 things"), "{}", view.all_text());
        let view = world.presses_in("ana", &view, "way_app").await;
        assert!(has(&view, "app_kind"));
        world.ends().await;
    }
}

/// Eva reports to Ben, and Ben may ask for his reports; Dev may ask for anybody.
pub(crate) fn with_reports() -> Policy {
    let mut policy = usual();
    let mut reports = flow("reports", "payments", stages(vec![any_of(&["finn"])]));
    reports.scope = Scope::DirectReports;
    let mut anybody = flow("anybody", "crown", stages(vec![any_of(&["finn"])]));
    anybody.scope = Scope::Others;
    anybody.who = vec![hallpass::domain::flow::Who::Person("dev".into())];
    policy.flows.insert(0, reports);
    policy.flows.insert(0, anybody);
    if let Some(eva) = policy.directory.people.get_mut(&"eva".into()) {
        eva.manager = Some("ben".into());
    }
    policy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_are_offered_as_far_as_a_flow_reaches_and_no_further() {
    for world in worlds_with(Options { policy: with_reports(), ..Options::default() }).await {
        let ana = world.opens_form("ana").await;
        assert!(!has(&ana, "grantee"), "nobody reports to Ana");
        let dev = world.opens_form("dev").await;
        let offered = world.searches_in("dev", &dev, "grantee", "").await;
        assert_eq!(offered.len(), 5, "{offered:?}");
        let view = world.opens_form("ben").await;
        let offered = world.searches_in("ben", &view, "grantee", "").await;
        assert_eq!(texts(&offered), ["Ben Okafor", "Eva Lindgren"]);
        let view = world.chooses("ben", &view, "payments", "read").await;
        let view = world.chooses("ben", &view, "invoices", "read").await;

        let view = world.picks("ben", &view, "grantee", &["Eva Lindgren"]).await;

        assert!(view.all_text().contains("1 thing cannot be asked for on their behalf"));
        assert!(view.all_text().contains("1 of 1 match"), "{}", view.all_text());
        assert!(view.all_text().contains("1 of at most 1,000 chosen"), "{}", view.all_text());
        let finish = world.goes_on("ben", &view).await;
        assert!(finish.all_text().contains("1 thing for Eva Lindgren"), "{}", finish.all_text());
        let back = world.presses_in("ben", &finish, "back").await;
        let said = sends(&world, "ben", &back).await;
        let asked = world.record(ids_in(&said)[0]).await.asked;
        assert_eq!((asked.requester.as_str(), asked.grantee.as_str()), ("ben", "eva"));
        assert_eq!(asked.items, [item("payments", "read")]);
        world.ends().await;
    }
}
