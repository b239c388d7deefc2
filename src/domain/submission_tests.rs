//! A form splits exactly: nothing dropped, nothing added, nothing twice.
use super::super::flow::{Approval, Scope, Who};
use super::super::sample::{flow, ids, item, person, policy, resource, selector};
use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn ask(policy: &Policy, requester: &str, grantee: &str, chosen: &[Item]) -> (String, String) {
    let split = split(policy, &requester.into(), &grantee.into(), chosen);
    let parts: Vec<String> = split
        .parts
        .iter()
        .map(|part| {
            let items: Vec<String> = part
                .items
                .iter()
                .map(|item| format!("{}:{}", item.at.resource, item.permission))
                .collect();
            format!("{}={}", part.flow.id, items.join("+"))
        })
        .collect();
    let refused: Vec<String> = split
        .refused
        .iter()
        .map(|no| format!("{}:{}", no.item.at.resource, no.item.permission))
        .collect();
    (parts.join(" "), refused.join(" "))
}

#[test]
fn the_first_flow_in_file_order_that_admits_governs() {
    let mut narrow = flow("narrow", Approval::Automatic);
    narrow.what = vec![selector("payments", "read")];
    narrow.who = vec![Who::Group("dba".into())];
    let wide = flow("wide", Approval::Automatic);
    let chosen = [item("orders", "read"), item("payments", "read"), item("payments", "write")];

    let policy = policy(vec![narrow, wide]);

    let (parts, refused) = ask(&policy, "ben", "ben", &chosen);
    assert_eq!(parts, "narrow=payments:read wide=orders:read+payments:write");
    assert_eq!(refused, "");
    let (parts, _) = ask(&policy, "ana", "ana", &chosen);
    assert_eq!(parts, "wide=orders:read+payments:read+payments:write");
}

#[test]
fn a_flow_that_denies_still_governs() {
    let mut denies = flow("denies", Approval::Denied("frozen".to_owned()));
    denies.what = vec![selector("payments", "write")];
    let policy = policy(vec![denies, flow("wide", Approval::Automatic)]);

    let (parts, refused) =
        ask(&policy, "ana", "ana", &[item("payments", "write"), item("payments", "read")]);

    assert_eq!(parts, "denies=payments:write wide=payments:read");
    assert_eq!(refused, "");
}

#[test]
fn what_no_flow_covers_and_what_does_not_exist_look_the_same() {
    let mut reads = flow("reads", Approval::Automatic);
    reads.what = vec![selector("*", "read")];
    let policy = policy(vec![reads]);
    let chosen = [item("orders", "write"), item("nowhere", "read"), item("orders", "fly")];

    let split = split(&policy, &"ana".into(), &"ana".into(), &chosen);

    assert_eq!(split.parts, []);
    let refused = chosen.map(|item| RefusedItem { item, why: WhyRefused::NotYours });
    assert_eq!(split.refused, refused);
}

/// Who may ask for whom: themselves, a report (Mia is Ana's manager), anybody, one who left.
#[rstest]
#[case(Scope::OneSelf, "mia", [true, false, false, false])]
#[case(Scope::DirectReports, "mia", [true, true, false, false])]
#[case(Scope::Others, "mia", [true, true, true, false])]
#[case(Scope::Others, "lea", [false, false, false, false])]
fn a_flow_reaches_as_far_as_its_scope(
    #[case] scope: Scope,
    #[case] requester: &str,
    #[case] admitted: [bool; 4],
) {
    let mut scoped = flow("f", Approval::Automatic);
    scoped.scope = scope;
    let policy = policy(vec![scoped]);

    let seen = [requester, "ana", "tom", "lea"]
        .map(|grantee| ask(&policy, requester, grantee, &[item("orders", "read")]).1.is_empty());

    assert_eq!(seen, admitted);
}

#[test]
fn a_report_may_not_ask_for_the_manager() {
    let mut scoped = flow("f", Approval::Automatic);
    scoped.scope = Scope::DirectReports;

    let (parts, refused) = ask(&policy(vec![scoped]), "ana", "mia", &[item("orders", "read")]);

    assert_eq!((parts.as_str(), refused.as_str()), ("", "orders:read"));
}

#[test]
fn a_form_holds_a_thousand_things_and_says_which_were_too_many() {
    let mut policy = policy(vec![flow("f", Approval::Automatic)]);
    let all: Vec<Item> = (0..1002).map(|n| item(&format!("r{n}"), "read")).collect();
    policy.catalog.resources = all.iter().map(|item| resource(&item.at.resource, None)).collect();
    let mut chosen = all.clone();
    chosen.insert(0, item("nowhere", "read"));
    chosen.insert(0, all[0].clone());

    let split = split(&policy, &"ana".into(), &"ana".into(), &chosen);

    assert_eq!(split.parts[0].items, all[..MOST_ITEMS]);
    let why: Vec<WhyRefused> = split.refused.iter().map(|refused| refused.why).collect();
    assert_eq!(why, [WhyRefused::NotYours, WhyRefused::TooMany, WhyRefused::TooMany]);
}

#[test]
fn the_strictest_of_several_flows_bounds_the_form() {
    let mut short = flow("short", Approval::Automatic);
    short.longest = TimeDelta::hours(2);
    short.what = vec![selector("orders", "*")];
    let policy = policy(vec![short, flow("long", Approval::Automatic)]);
    let longest = |chosen: &[Item]| split(&policy, &"ana".into(), &"ana".into(), chosen).longest();

    assert_eq!(longest(&[item("payments", "read")]), Some(TimeDelta::days(1)));
    assert_eq!(
        longest(&[item("payments", "read"), item("orders", "read")]),
        Some(TimeDelta::hours(2))
    );
    assert_eq!(longest(&[]), None);
}

const PEOPLE: [&str; 5] = ["ana", "ben", "mia", "tom", "lea"];
const RESOURCES: [&str; 5] = ["payments", "orders", "logs", "mail", "nowhere"];

fn any_flow() -> impl Strategy<Value = Flow> {
    let who = prop_oneof![
        3 => Just(Who::Everyone),
        1 => prop::sample::select(&PEOPLE[..]).prop_map(|name| Who::Person(name.into())),
        1 => prop::sample::select(vec!["dba", "left", "empty"]).prop_map(|name| Who::Group(name.into())),
    ];
    let scope = prop::sample::select(vec![Scope::OneSelf, Scope::DirectReports, Scope::Others]);
    let resource = prop::sample::select(vec!["*", "payments", "orders", "l*", "*s", "nowhere"]);
    let permission = prop::sample::select(vec!["*", "read", "write", "fly"]);
    let what = prop::collection::vec((resource, permission), 0..3);
    (prop::collection::vec(who, 1..3), scope, what, any::<bool>()).prop_map(
        |(who, scope, what, is_denied)| {
            let denied = Approval::Denied("no".to_owned());
            let mut flow = flow("f", if is_denied { denied } else { Approval::Automatic });
            flow.who = who;
            flow.scope = scope;
            flow.what = what.into_iter().map(|(at, permission)| selector(at, permission)).collect();
            flow
        },
    )
}

fn any_policy() -> impl Strategy<Value = Policy> {
    prop::collection::vec(any_flow(), 0..6).prop_map(|mut flows| {
        for (place, flow) in flows.iter_mut().enumerate() {
            flow.id = format!("f{place}").as_str().into();
        }
        let mut policy = policy(flows);
        let more = ["logs", "mail"].map(|name| resource(name, None));
        policy.catalog.resources = policy.catalog.resources.iter().chain(more).collect();
        policy
    })
}

fn chosen() -> impl Strategy<Value = Vec<Item>> {
    let resource = prop::sample::select(&RESOURCES[..]);
    let permission = prop::sample::select(vec!["read", "write", "fly"]);
    prop::collection::vec((resource, permission).prop_map(|(r, p)| item(r, p)), 0..25)
}

proptest! {
    #[test]
    fn every_chosen_item_lands_in_one_part_or_is_refused_once(
        policy in any_policy(),
        requester in prop::sample::select(&PEOPLE[..]),
        grantee in prop::sample::select(&PEOPLE[..]),
        chosen in chosen(),
    ) {
        let (requester, grantee) = (requester.into(), grantee.into());

        let split = split(&policy, &requester, &grantee, &chosen);

        let placed = split.parts.iter().flat_map(|part| part.items.iter());
        let mut landed: Vec<&Item> =
            placed.chain(split.refused.iter().map(|refused| &refused.item)).collect();
        landed.sort();
        let mut distinct: Vec<&Item> = chosen.iter().collect();
        distinct.sort();
        distinct.dedup();
        prop_assert_eq!(landed, distinct);
        prop_assert!(split.parts.iter().all(|part| !part.items.is_empty()));
        for part in &split.parts {
            for item in &part.items {
                prop_assert_eq!(first_that_admits(&policy, &requester, &grantee, item), Some(part.flow));
            }
        }
        for refused in &split.refused {
            prop_assert_eq!(first_that_admits(&policy, &requester, &grantee, &refused.item), None);
        }
        let places: Vec<_> = split
            .parts
            .iter()
            .map(|part| policy.flows.iter().position(|flow| flow == part.flow))
            .collect();
        prop_assert!(places.is_sorted_by(|a, b| a < b), "parts stand in file order: {places:?}");
    }
}

/// The governing flow, worked out from the words of R7 and R10 alone.
fn first_that_admits<'p>(
    policy: &'p Policy,
    requester: &PersonId,
    grantee: &PersonId,
    item: &Item,
) -> Option<&'p Flow> {
    let here = |id: &PersonId| policy.directory.people.get(id).filter(|person| person.is_active);
    let (asker, grantee) = (here(requester)?, here(grantee)?);
    let resource = policy.catalog.resources.get(&item.at)?;
    policy.flows.iter().find(|flow| {
        let is_asker = flow.who.iter().any(|who| match who {
            Who::Everyone => true,
            Who::Person(id) => *id == asker.id,
            Who::Group(group) => policy.directory.groups[group].contains(&asker.id),
        });
        let is_self = asker.id == grantee.id;
        let is_report = grantee.manager == Some(asker.id.clone());
        let is_in_scope = match flow.scope {
            Scope::OneSelf => is_self,
            Scope::DirectReports => is_self || is_report,
            Scope::Others => true,
        };
        let has_permission = resource.permissions.contains(&item.permission);
        let is_meant = flow.what.iter().any(|what| {
            what.resource.matches(&resource.name) && what.permission.matches(&item.permission)
        });
        is_asker && is_in_scope && has_permission && is_meant
    })
}

#[test]
fn membership_of_a_group_admits_only_while_it_lasts() {
    let mut dbas = flow("dbas", Approval::Automatic);
    dbas.who = vec![Who::Group("dba".into())];
    let mut policy = policy(vec![dbas]);
    let chosen = [item("orders", "read")];
    assert_eq!(ask(&policy, "ben", "ben", &chosen).0, "dbas=orders:read");

    policy.directory.groups.insert("dba".into(), ids(&["cem"]));

    assert_eq!(ask(&policy, "ben", "ben", &chosen).1, "orders:read");
    policy.directory.people.insert(
        "cem".into(),
        super::super::person::Person { is_active: false, ..person("cem", None) },
    );
    assert_eq!(ask(&policy, "cem", "cem", &chosen).1, "orders:read");
}
