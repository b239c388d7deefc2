//! Whatever approvers say, what is left only ever gets less, and never nothing.
use super::super::decide::{Ballot, NotAllowed, Verdict};
use super::super::flow::Approval;
use super::super::plan::{Need, Plan};
use super::super::policy::Policy;
use super::super::request::{Approved, Event};
use super::super::sample::{asked, at, change, flow, item, one, policy, stage};
use super::*;
use proptest::prelude::*;

const NAMES: [&str; 4] = ["payments", "orders", "invoices", "stock"];

/// Eight hours of four databases.
fn four() -> Asked {
    let mut asked = asked(&flow("f", Approval::Automatic), "ana", "ana");
    asked.items = NAMES.map(|name| item(name, "read")).into();
    asked.duration = TimeDelta::hours(8);
    asked
}

fn without(names: &[&str]) -> Narrowing {
    Narrowing { duration: None, without: names.iter().map(|name| item(name, "read")).collect() }
}

fn shorter(hours: i64) -> Narrowing {
    Narrowing { duration: Some(TimeDelta::hours(hours)), without: Vec::new() }
}

/// What a wish makes of [`four`] after these narrowings.
fn made(wish: &Wish, before: &[Narrowing]) -> String {
    let asked = four();
    match wish.narrowing(&asked, &left(&asked, before)) {
        Ok(made) => {
            let after = left(&asked, before.iter().chain([&made]));
            let names: Vec<&str> = after.items.iter().map(|i| i.at.resource.as_str()).collect();
            format!("{} for {} h", names.join(" "), after.duration.num_hours())
        }
        Err(why) => why.to_string(),
    }
}

#[test]
fn a_wish_shortens_and_takes_out_and_never_adds() {
    let hours = |hours| Some(TimeDelta::hours(hours));
    let wish = |duration, keep| Wish { seen: None, duration, keep };
    let all = "payments orders invoices stock";
    for (wished, expected) in [
        (Wish::default(), format!("{all} for 8 h")),
        (wish(hours(8), Keep::Only(vec![0, 1, 2, 3])), format!("{all} for 8 h")),
        (wish(hours(2), Keep::All), format!("{all} for 2 h")),
        (wish(None, Keep::Only(vec![3, 0, 3])), "payments stock for 8 h".to_owned()),
        (wish(hours(1), Keep::Without(vec![1])), "payments invoices stock for 1 h".to_owned()),
        (wish(None, Keep::Without(Vec::new())), format!("{all} for 8 h")),
        (wish(hours(9), Keep::All), "approving may shorten the time, not add to it".to_owned()),
        (wish(hours(0), Keep::All), "that is no time to choose".to_owned()),
        (wish(hours(-1), Keep::All), "that is no time to choose".to_owned()),
        (
            wish(None, Keep::Only(vec![0, 4])),
            "approving may take things out, not add any".to_owned(),
        ),
        (wish(None, Keep::Only(Vec::new())), "approving leaves at least one thing".to_owned()),
        (
            wish(None, Keep::Without(vec![0, 1, 2, 3])),
            "approving leaves at least one thing".to_owned(),
        ),
    ] {
        assert_eq!(made(&wished, &[]), expected, "{wished:?}");
    }
}

#[test]
fn what_an_earlier_approver_took_away_stays_away() {
    let before = [without(&["orders"]), shorter(2)];
    let wish = |seen, duration: Option<i64>, keep| Wish {
        seen,
        duration: duration.map(TimeDelta::hours),
        keep,
    };
    for (wished, expected) in [
        (wish(Some(2), None, Keep::All), "payments invoices stock for 2 h"),
        (wish(Some(2), Some(1), Keep::Only(vec![2])), "invoices for 1 h"),
        (wish(Some(2), Some(8), Keep::All), "approving may shorten the time, not add to it"),
        (wish(Some(2), None, Keep::Only(vec![0, 1])), "approving may take things out, not add any"),
        (wish(Some(2), None, Keep::Without(vec![1])), "approving may take things out, not add any"),
        (wish(Some(1), None, Keep::All), "another approver narrowed it meanwhile"),
        (wish(Some(0), Some(1), Keep::All), "another approver narrowed it meanwhile"),
    ] {
        assert_eq!(made(&wished, &before), expected, "{wished:?}");
    }
}

/// First anyone who answers for a resource, then Mia.
fn by_owner() -> (Policy, Asked) {
    let owner = stage(Need::Any, &[super::super::plan::Approver::ResourceOwner]);
    let stages = vec![owner.clone(), stage(Need::Any, &[one("mia")]), owner];
    let by_owner = flow("f", Approval::Stages(Plan { stages }));
    let mut asked = asked(&by_owner, "ana", "ana");
    asked.items.push(item("orders", "read"));
    let mut policy = policy(vec![by_owner]);
    change(&mut policy, &asked.items[1], |found| found.owner = Some("cem".into()));
    (policy, asked)
}

fn approve(ballot: &Ballot<'_>, by: &str, wish: Wish) -> Result<Approved, NotAllowed> {
    let verdict = Verdict::ApproveLess { reason: None, wish };
    match ballot.decide(&by.into(), verdict, at(1))? {
        Event::Approved { approval, .. } => Ok(approval),
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_answers_for_what_was_taken_out_is_asked_no_more_and_what_they_said_stands() {
    let (policy, asked) = by_owner();
    let open = |approvals: &[Approved]| {
        let open = Ballot::of(&asked, approvals, &policy).open();
        open.iter().map(|person| person.as_str().to_owned()).collect::<Vec<_>>().join(" ")
    };
    let alone = |place| Wish { keep: Keep::Only(vec![place]), ..Wish::default() };
    assert_eq!(open(&[]), "cem tom");

    let by_tom = approve(&Ballot::of(&asked, &[], &policy), "tom", Wish::default()).unwrap();
    let first = [by_tom];
    let by_mia = approve(&Ballot::of(&asked, &first, &policy), "mia", alone(1)).unwrap();
    let [by_tom] = first;
    let both = [by_tom, by_mia];

    assert_eq!(open(&both), "cem tom", "whoever spoke for it once is still one who may");
    let mia_first = [both[0].clone()];
    assert_eq!(open(&mia_first), "mia");
    let silent = Approved { by: "cem".into(), ..both[0].clone() };
    let left_to_cem = [silent, both[1].clone()];
    assert_eq!(open(&left_to_cem), "cem", "Tom's database is out, and he said nothing before");
    assert!(Ballot::of(&asked, &left_to_cem, &policy).is_asked(&"tom".into()), "he may look");
}

#[test]
fn what_the_policy_stopped_offering_no_longer_matters_once_it_is_out() {
    let (mut policy, asked) = by_owner();
    let out = Wish { keep: Keep::Only(vec![0]), ..Wish::default() };
    let yes = approve(&Ballot::of(&asked, &[], &policy), "tom", out).unwrap();
    change(&mut policy, &asked.items[1], |orders| orders.permissions.clear());

    assert!(Ballot::of(&asked, &[], &policy).open().is_empty());
    assert_eq!(Ballot::of(&asked, &[yes], &policy).open(), ["mia".into()].into());
}

#[test]
fn what_a_yes_took_away_is_kept_as_written() {
    let narrowing = Narrowing { duration: Some(TimeDelta::hours(2)), ..without(&["orders"]) };
    let written = serde_json::json!(narrowing);
    insta::assert_snapshot!(
        written,
        @r#"{"duration":7200,"without":[{"at":{"integration":"db","resource":"orders"},"permission":"read"}]}"#
    );
    assert_eq!(serde_json::from_value::<Narrowing>(written).unwrap(), narrowing);
    assert_eq!(serde_json::json!(Narrowing::default()), serde_json::json!({}));
    assert_eq!(serde_json::from_str::<Narrowing>("{}").unwrap(), Narrowing::default());
}

fn wishes() -> impl Strategy<Value = Wish> {
    let places = || prop::collection::vec(0..6_usize, 0..5);
    let keep = prop_oneof![
        Just(Keep::All),
        places().prop_map(Keep::Only),
        places().prop_map(Keep::Without)
    ];
    let seen = prop_oneof![2 => Just(None), 1 => (0..4_usize).prop_map(Some)];
    let duration = prop::option::of((-1..10_i64).prop_map(TimeDelta::hours));
    (seen, duration, keep).prop_map(|(seen, duration, keep)| Wish { seen, duration, keep })
}

proptest! {
    #[test]
    fn any_wishes_only_ever_narrow_and_leave_something(
        wishes in prop::collection::vec(wishes(), 0..8),
    ) {
        let asked = four();
        let mut narrowings: Vec<Narrowing> = Vec::new();
        for wish in wishes {
            let before = left(&asked, &narrowings);
            let Ok(made) = wish.narrowing(&asked, &before) else { continue };
            prop_assert!(made.without.iter().all(|item| before.items.contains(item)));
            let after = left(&asked, narrowings.iter().chain([&made]));
            prop_assert!(!after.items.is_empty());
            prop_assert!(after.items.iter().all(|item| before.items.contains(item)));
            prop_assert!(after.duration <= before.duration && after.duration > TimeDelta::zero());
            prop_assert_eq!(
                after == before, made.is_none(), "what takes nothing away changes nothing"
            );
            narrowings.push(made);
            let mut backwards = narrowings.clone();
            backwards.reverse();
            prop_assert_eq!(left(&asked, &backwards), left(&asked, &narrowings));
        }
    }
}
