//! Who may decide: the stricter of the policy at submission and today's, never on one's own.
use super::super::catalog::Item;
use super::super::flow::{Scope, Who};
use super::super::narrow::Narrowing;
use super::super::person::Person;
use super::super::plan::{Approver, Need, Stage};
use super::super::request::Actor;
use super::super::resources::Resources;
use super::super::sample::{
    asked, at, change, flow, group, ids, item, one, person, policy, selector, stage,
};
use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;
use rstest::rstest;

const EVERYBODY: [&str; 6] = ["ana", "ben", "cem", "mia", "tom", "lea"];

fn people_decide(stages: &[Stage]) -> Flow {
    flow("f", Approval::Stages(Plan { stages: stages.to_vec() }))
}

fn any_of(of: &[Approver]) -> Stage {
    stage(Need::Any, of)
}

fn yes(by: &str) -> Approved {
    Approved {
        by: by.into(),
        reason: None,
        at: at(0),
        is_own: false,
        narrowing: Narrowing::default(),
    }
}

/// What comes of `person` saying yes: `done`, `more`, or the refusal.
fn approves(ballot: &Ballot<'_>, person: &str) -> String {
    match ballot.decide(&person.into(), Verdict::Approve { reason: None }, at(1)) {
        Ok(Event::Approved { completes: true, .. }) => "done".to_owned(),
        Ok(Event::Approved { completes: false, .. }) => "more".to_owned(),
        Ok(event) => panic!("{event:?}"),
        Err(refused) => format!("{refused:?}"),
    }
}

fn rejects(ballot: &Ballot<'_>, person: &str) -> Result<Event, NotAllowed> {
    ballot.decide(&person.into(), Verdict::Reject { reason: "no".to_owned() }, at(1))
}

fn names(open: BTreeSet<PersonId>) -> String {
    open.iter().map(PersonId::as_str).collect::<Vec<_>>().join(" ")
}

/// Ways in which somebody could be an approver of their own request (V4).
fn roles() -> Vec<Approver> {
    vec![one("ana"), one("mia"), group("both"), Approver::Manager, Approver::ResourceOwner]
}

#[rstest]
fn nobody_decides_their_own_in_any_role(
    #[values(0, 1, 2, 3, 4)] role: usize,
    #[values(false, true)] allowed_then: bool,
    #[values(false, true)] allowed_now: bool,
) {
    // Mia asks for Ana; she is Ana's manager, owns the database and is in the group with her.
    let mut then = people_decide(&[any_of(&[roles()[role].clone()])]);
    then.allow_self_approval = allowed_then;
    let asked = asked(&then, "mia", "ana");
    let mut now = then.clone();
    now.allow_self_approval = allowed_now;
    let mut policy = policy(vec![now]);
    policy.directory.groups.insert("both".into(), ids(&["ana", "mia"]));
    change(&mut policy, &asked.items[0], |found| found.owner = Some("mia".into()));
    let ballot = Ballot::of(&asked, &[], &policy);

    for name in ["ana", "mia"] {
        let is_asked = then_asks(&roles()[role], name);
        let expected = match (allowed_then && allowed_now, is_asked) {
            (false, _) => "Own",
            (true, true) => "done",
            (true, false) => "NotAnApprover",
        };
        assert_eq!(approves(&ballot, name), expected, "{name}");
        assert_eq!(rejects(&ballot, name).is_ok(), expected == "done", "{name}");
        assert_eq!(ballot.open().contains(&name.into()), expected == "done", "{name}");
    }
}

/// Whether Ana or Mia is meant by this role in the test above.
fn then_asks(role: &Approver, name: &str) -> bool {
    match role {
        Approver::Person(person) => person.as_str() == name,
        Approver::Group(_) => true,
        Approver::Manager | Approver::ResourceOwner => name == "mia",
    }
}

#[test]
fn an_allowed_decision_on_ones_own_is_recorded_as_such() {
    let mut own = people_decide(&[any_of(&[one("ana"), one("tom"), one("ben")])]);
    own.allow_self_approval = true;
    let (asked, policy) = (asked(&own, "ana", "ben"), policy(vec![own]));
    let ballot = Ballot::of(&asked, &[], &policy);

    let is_own = ["ana", "ben", "tom"].map(|name| {
        let verdict = Verdict::Approve { reason: Some("fine".to_owned()) };
        match ballot.decide(&name.into(), verdict, at(5)).unwrap() {
            Event::Approved { approval, .. } => {
                assert_eq!((approval.by.as_str(), approval.at), (name, at(5)));
                assert_eq!(approval.reason.as_deref(), Some("fine"));
                approval.is_own
            }
            event => panic!("{event:?}"),
        }
    });

    assert_eq!(is_own, [true, true, false]);
}

/// One change of policy after Ana asked; what Tom's and Ben's yes then does, and who is open.
/// At submission Tom had to say yes.
#[rstest]
#[case::unchanged(|_: &mut Policy| {}, "done", "NotAnApprover", "tom")]
#[case::flow_removed(|p: &mut Policy| p.flows.clear(), "PolicyChanged", "NotAnApprover", "")]
#[case::flow_renamed(|p: &mut Policy| p.flows[0].id = "g".into(), "PolicyChanged", "NotAnApprover", "")]
#[case::approver_removed(|p: &mut Policy| asks(p, &[&["ben"]]), "NotAnApprover", "NotAnApprover", "")]
#[case::approver_added(|p: &mut Policy| asks(p, &[&["ben", "tom"]]), "done", "NotAnApprover", "tom")]
#[case::stage_added_behind(|p: &mut Policy| asks(p, &[&["tom"], &["ben"]]), "more", "NotAnApprover", "tom")]
#[case::stage_added_in_front(|p: &mut Policy| asks(p, &[&["ben"], &["tom"]]), "NotAnApprover", "NotAnApprover", "")]
#[case::approval_dropped(|p: &mut Policy| p.flows[0].approval = Approval::Automatic, "done", "NotAnApprover", "tom")]
#[case::denied(|p: &mut Policy| p.flows[0].approval = Approval::Denied("no".to_owned()), "PolicyChanged", "NotAnApprover", "")]
#[case::shortened(|p: &mut Policy| p.flows[0].longest = TimeDelta::minutes(59), "PolicyChanged", "NotAnApprover", "")]
#[case::just_long_enough(|p: &mut Policy| p.flows[0].longest = TimeDelta::hours(1), "done", "NotAnApprover", "tom")]
#[case::not_covered(|p: &mut Policy| p.flows[0].what = vec![selector("orders", "*")], "PolicyChanged", "NotAnApprover", "")]
#[case::permission_gone(|p: &mut Policy| change(p, &item("payments", "read"), |found| found.permissions.clear()), "PolicyChanged", "NotAnApprover", "")]
#[case::resource_gone(|p: &mut Policy| p.catalog.resources = Resources::default(), "PolicyChanged", "NotAnApprover", "")]
#[case::requester_not_admitted(|p: &mut Policy| p.flows[0].who = vec![Who::Group("dba".into())], "PolicyChanged", "NotAnApprover", "")]
#[case::requester_left(|p: &mut Policy| leaves(p, "ana"), "PolicyChanged", "NotAnApprover", "")]
#[case::approver_left(|p: &mut Policy| leaves(p, "tom"), "NotAnApprover", "NotAnApprover", "")]
fn the_stricter_of_both_policies_holds(
    #[case] change: fn(&mut Policy),
    #[case] tom: &str,
    #[case] ben: &str,
    #[case] open: &str,
) {
    let then = people_decide(&[any_of(&[one("tom")])]);
    let asked = asked(&then, "ana", "ana");
    let mut policy = policy(vec![then]);

    change(&mut policy);

    let ballot = Ballot::of(&asked, &[], &policy);
    assert_eq!(approves(&ballot, "tom"), tom);
    assert_eq!(approves(&ballot, "ben"), ben);
    assert_eq!(names(ballot.open()), open);
    assert_eq!(ballot.can_complete(), !open.is_empty());
}

fn asks(policy: &mut Policy, stages: &[&[&str]]) {
    let stages =
        stages.iter().map(|names| any_of(&names.iter().map(|name| one(name)).collect::<Vec<_>>()));
    policy.flows[0].approval = Approval::Stages(Plan { stages: stages.collect() });
}

fn leaves(policy: &mut Policy, name: &str) {
    let left = Person { is_active: false, ..person(name, None) };
    policy.directory.people.insert(name.into(), left);
}

#[test]
fn a_grantee_outside_todays_scope_is_no_longer_offered() {
    let then = people_decide(&[any_of(&[one("tom")])]);
    let asked = asked(&then, "mia", "ben");
    let mut policy = policy(vec![then]);
    policy.flows[0].scope = Scope::DirectReports;
    assert_eq!(approves(&Ballot::of(&asked, &[], &policy), "tom"), "done");

    policy.flows[0].scope = Scope::OneSelf;

    assert_eq!(approves(&Ballot::of(&asked, &[], &policy), "tom"), "PolicyChanged");
}

/// R26: a flow put in front of the one that governed has a say as well.
#[test]
fn a_flow_that_denies_in_front_of_the_one_asked_under_stops_the_yes() {
    let then = people_decide(&[any_of(&[one("tom")])]);
    let asked = asked(&then, "ana", "ana");
    let mut denies = flow("freeze", Approval::Denied("frozen".to_owned()));
    denies.what = vec![selector("payments", "*")];

    let policy = policy(vec![denies, then]);

    let ballot = Ballot::of(&asked, &[], &policy);
    assert_eq!(approves(&ballot, "tom"), "PolicyChanged");
    assert_eq!(names(ballot.open()), "");
    assert!(rejects(&ballot, "tom").is_ok());
}

#[test]
fn one_item_that_is_no_longer_offered_stops_the_whole() {
    let then = people_decide(&[any_of(&[one("tom")])]);
    let mut asked = asked(&then, "ana", "ana");
    asked.items.push(item("orders", "write"));
    let mut policy = policy(vec![then]);
    assert_eq!(approves(&Ballot::of(&asked, &[], &policy), "tom"), "done");

    policy.flows[0].what = vec![selector("*", "read")];

    assert_eq!(approves(&Ballot::of(&asked, &[], &policy), "tom"), "PolicyChanged");
}

#[test]
fn a_second_yes_of_the_same_person_changes_nothing() {
    let both = people_decide(&[stage(Need::Count(2), &[one("tom"), group("dba")])]);
    let (asked, policy) = (asked(&both, "ana", "ana"), policy(vec![both]));

    let ballot = Ballot::of(&asked, &[yes("tom")], &policy);

    assert_eq!(approves(&ballot, "tom"), "AlreadyApproved");
    assert_eq!(approves(&ballot, "ben"), "done");
    assert_eq!(names(ballot.open()), "ben cem");
}

#[test]
fn a_later_stage_asks_its_people_even_if_they_said_yes_before() {
    let twice = people_decide(&[any_of(&[one("tom")]), any_of(&[one("tom"), one("ben")])]);
    let (asked, policy) = (asked(&twice, "ana", "ana"), policy(vec![twice]));

    let ballot = Ballot::of(&asked, &[yes("tom")], &policy);

    assert_eq!(approves(&ballot, "tom"), "done");
    assert_eq!(names(ballot.open()), "ben tom");
}

#[test]
fn a_yes_given_before_the_policy_changed_counts_under_both() {
    let then = people_decide(&[stage(Need::Count(2), &[one("tom"), group("dba")])]);
    let asked = asked(&then, "ana", "ana");
    let mut policy = policy(vec![then]);
    asks(&mut policy, &[&["ben", "cem", "tom"], &["cem"]]);

    let after =
        |said_yes: &[Approved], name: &str| approves(&Ballot::of(&asked, said_yes, &policy), name);

    assert_eq!(after(&[], "tom"), "more");
    assert_eq!(after(&[yes("tom")], "ben"), "NotAnApprover");
    assert_eq!(after(&[yes("tom")], "cem"), "done");
}

/// Tom's yes was not enough under a policy that has been taken back since.
#[test]
fn a_request_that_needs_no_further_yes_is_not_stuck() {
    let then = people_decide(&[any_of(&[one("tom"), one("ben")])]);
    let (asked, policy) = (asked(&then, "ana", "ana"), policy(vec![then]));

    let ballot = Ballot::of(&asked, &[yes("tom")], &policy);

    assert!(ballot.is_complete());
    assert_eq!(names(ballot.open()), "ben tom");
    assert_eq!(approves(&ballot, "ben"), "done");
    assert_eq!(approves(&ballot, "tom"), "done");
    assert_eq!(approves(&ballot, "cem"), "NotAnApprover");
    assert_eq!(approves(&ballot, "ana"), "Own");
}

#[test]
fn whoever_both_plans_ask_at_any_stage_may_say_no() {
    let then = people_decide(&[any_of(&[one("tom")]), any_of(&[one("ben"), one("cem")])]);
    let asked = asked(&then, "ana", "ana");
    let mut policy = policy(vec![then]);
    asks(&mut policy, &[&["mia", "cem"], &["tom"]]);
    let ballot = Ballot::of(&asked, &[], &policy);

    let may = EVERYBODY.map(|name| rejects(&ballot, name).is_ok());

    assert_eq!(may, [false, false, true, false, true, false]);
    let by = Actor::Person("tom".into());
    assert_eq!(rejects(&ballot, "tom"), Ok(Event::Rejected { by, reason: "no".to_owned() }));
    assert_eq!(rejects(&ballot, "ana"), Err(NotAllowed::Own));
    assert_eq!(rejects(&ballot, "ben"), Err(NotAllowed::NotAnApprover), "taken off since");
    assert_eq!(rejects(&ballot, "mia"), Err(NotAllowed::NotAnApprover), "put on since");
    assert!(ballot.is_asked(&"ben".into()) && ballot.is_asked(&"mia".into()), "both may look");
}

#[test]
fn whoever_a_stage_put_on_since_waits_for_may_say_no_once_it_is_their_turn() {
    let then = people_decide(&[any_of(&[one("tom")])]);
    let asked = asked(&then, "ana", "ana");
    let mut policy = policy(vec![then]);
    asks(&mut policy, &[&["tom"], &["ben"]]);

    let before = Ballot::of(&asked, &[], &policy);
    let said_yes = [yes("tom")];
    let after = Ballot::of(&asked, &said_yes, &policy);

    assert_eq!(rejects(&before, "ben"), Err(NotAllowed::NotAnApprover));
    assert!(rejects(&after, "ben").is_ok());
    assert_eq!(approves(&after, "ben"), "done");
    assert!(rejects(&after, "tom").is_ok(), "who said yes may think again");
}

/// One change of policy after Ana asked; whose no then counts. At submission Tom and Ben were asked.
#[rstest]
#[case::unchanged(|_: &mut Policy| {}, "ben tom")]
#[case::one_taken_off(|p: &mut Policy| asks(p, &[&["ben"]]), "ben")]
#[case::one_put_on(|p: &mut Policy| asks(p, &[&["ben", "tom", "mia"]]), "ben tom")]
#[case::one_for_the_other(|p: &mut Policy| asks(p, &[&["ben", "mia"]]), "ben")]
#[case::asked_at_another_stage(|p: &mut Policy| asks(p, &[&["mia"], &["tom"]]), "tom")]
#[case::all_others(|p: &mut Policy| asks(p, &[&["mia", "cem"]]), "")]
#[case::approval_dropped(|p: &mut Policy| p.flows[0].approval = Approval::Automatic, "ben tom")]
#[case::denied(|p: &mut Policy| p.flows[0].approval = Approval::Denied("no".to_owned()), "ben tom")]
#[case::flow_removed(|p: &mut Policy| p.flows.clear(), "ben tom")]
#[case::one_left(|p: &mut Policy| leaves(p, "tom"), "ben")]
fn a_no_counts_from_whom_both_policies_ask(#[case] change: fn(&mut Policy), #[case] may: &str) {
    let then = people_decide(&[any_of(&[one("tom"), one("ben")])]);
    let asked = asked(&then, "ana", "ana");
    let mut policy = policy(vec![then]);

    change(&mut policy);

    let ballot = Ballot::of(&asked, &[], &policy);
    let can = EVERYBODY.into_iter().filter(|name| rejects(&ballot, name).is_ok());
    assert_eq!(names(can.map(PersonId::from).collect()), may);
    assert!(!may.is_empty() || !ballot.can_complete(), "the admins are told where nobody may");
}

#[test]
fn a_no_is_possible_when_the_policy_changed() {
    let then = people_decide(&[any_of(&[one("tom")])]);
    let asked = asked(&then, "ana", "ana");

    let policy = policy(vec![]);
    let ballot = Ballot::of(&asked, &[yes("ben")], &policy);

    assert!(rejects(&ballot, "tom").is_ok());
}

#[test]
fn a_plan_that_lost_its_people_cannot_complete() {
    let both = people_decide(&[stage(Need::All, &[one("tom"), group("dba")])]);
    let asked = asked(&both, "ana", "ana");
    let mut policy = policy(vec![both]);
    assert!(Ballot::of(&asked, &[], &policy).can_complete());

    policy.directory.groups.insert("dba".into(), ids(&["ana", "tom"]));

    let ballot = Ballot::of(&asked, &[], &policy);
    assert_eq!(names(ballot.open()), "tom");
    assert!(!ballot.can_complete());
}

#[test]
fn only_a_pending_or_granting_state_shows_approvals() {
    let approvals = vec![yes("tom")];
    let pending = State::PendingApproval { closes_at: at(1), approvals: approvals.clone() };
    let granting = State::Granting { since: at(1), approvals: approvals.clone() };

    assert_eq!(approvals_so_far(&pending), approvals);
    assert_eq!(approvals_so_far(&granting), approvals);
    assert_eq!(approvals_so_far(&State::Expired { at: at(1) }), []);
}

fn any_flow() -> impl Strategy<Value = Flow> {
    let approver = prop_oneof![
        4 => prop::sample::select(&EVERYBODY[..]).prop_map(one),
        2 => Just(group("dba")),
        1 => Just(Approver::Manager),
        1 => Just(Approver::ResourceOwner),
    ];
    let need = prop_oneof![Just(Need::Any), Just(Need::All), (1..3_usize).prop_map(Need::Count)];
    let stage =
        (need, prop::collection::vec(approver, 1..4)).prop_map(|(need, of)| Stage { need, of });
    (prop::collection::vec(stage, 1..3), any::<bool>()).prop_map(|(stages, own)| {
        let mut flow = people_decide(&stages);
        flow.allow_self_approval = own;
        flow
    })
}

/// The plan is satisfied by these people, who are not the requester or the grantee.
fn satisfies(flow: &Flow, said_yes: &[PersonId], asked: &Asked, policy: &Policy) -> bool {
    let Approval::Stages(plan) = &flow.approval else { return false };
    let setting = Setting {
        directory: &policy.directory,
        grantee: &asked.grantee,
        owners: &policy.owners_of(&asked.items),
        excluded: &BTreeSet::new(),
    };
    plan.progress(said_yes, &setting) == Progress::Complete
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Clicks of anybody in any order: a yes completes exactly when both plans are satisfied.
    #[test]
    fn a_yes_completes_exactly_when_both_plans_are_satisfied(
        then in any_flow(),
        now in any_flow(),
        is_unchanged in any::<bool>(),
        requester in prop::sample::select(&["ana", "mia"][..]),
        clicks in prop::collection::vec(prop::sample::select(&EVERYBODY[..]), 1..12),
    ) {
        let now = if is_unchanged { then.clone() } else { now };
        let asked = asked(&then, requester, "ana");
        let policy = policy(vec![now.clone()]);
        let may_decide_own = then.allow_self_approval && now.allow_self_approval;
        let mut approvals: Vec<Approved> = Vec::new();
        for name in clicks {
            let ballot = Ballot::of(&asked, &approvals, &policy);
            let is_open = ballot.open().contains(&name.into());
            let verdict = Verdict::Approve { reason: None };
            let answer = ballot.decide(&name.into(), verdict, at(1));
            prop_assert_eq!(is_open, answer.is_ok(), "the open are those whose click counts");
            let Ok(Event::Approved { approval, completes }) = answer else { continue };
            let is_own = name == requester || name == "ana";
            prop_assert_eq!(approval.is_own, is_own);
            prop_assert!(!is_own || may_decide_own);
            prop_assert!(name != "lea", "who left may do nothing");
            approvals.push(approval);
            let said_yes: Vec<PersonId> = approvals.iter().map(|yes| yes.by.clone()).collect();
            let is_enough = satisfies(&then, &said_yes, &asked, &policy)
                && satisfies(&now, &said_yes, &asked, &policy);
            prop_assert_eq!(completes, is_enough);
            if completes {
                break;
            }
        }
    }

    /// A no counts exactly from whom both plans ask and from whose yes is waited for; and where
    /// nobody may, the admins hear of it.
    #[test]
    fn a_no_counts_exactly_from_whom_both_plans_ask(
        then in any_flow(),
        now in any_flow(),
        requester in prop::sample::select(&["ana", "mia"][..]),
        said_yes in prop::collection::vec(prop::sample::select(&EVERYBODY[..]), 0..3),
    ) {
        let asked = asked(&then, requester, "ana");
        let policy = policy(vec![now.clone()]);
        let approvals: Vec<Approved> = said_yes.into_iter().map(yes).collect();
        let ballot = Ballot::of(&asked, &approvals, &policy);
        let may_decide_own = then.allow_self_approval && now.allow_self_approval;
        for name in EVERYBODY {
            let is_own = name == requester || name == "ana";
            let is_asked = [&then, &now].map(|flow| asks_at_all(flow, name, &asked, &policy));
            let is_open = ballot.open().contains(&name.into());
            let may = (!is_own || may_decide_own) && (is_open || is_asked == [true, true]);
            prop_assert_eq!(rejects(&ballot, name).is_ok(), may, "{}", name);
            prop_assert!(!is_open || is_asked != [false, false], "{}", name);
        }
        prop_assert!(!ballot.open().is_empty() || !ballot.can_complete());
    }
}

/// Whether a flow asks somebody at any stage, whoever made the request.
fn asks_at_all(flow: &Flow, name: &str, asked: &Asked, policy: &Policy) -> bool {
    let Approval::Stages(plan) = &flow.approval else { return false };
    let setting = Setting {
        directory: &policy.directory,
        grantee: &asked.grantee,
        owners: &policy.owners_of(&asked.items),
        excluded: &BTreeSet::new(),
    };
    plan.is_asked(&name.into(), &setting)
}

#[test]
fn owners_of_every_item_are_asked() {
    let owners = people_decide(&[any_of(&[Approver::ResourceOwner])]);
    let mut asked = asked(&owners, "ana", "ana");
    let items: [Item; 2] = [item("payments", "read"), item("orders", "read")];
    asked.items = items.into();
    let mut policy = policy(vec![owners]);
    change(&mut policy, &asked.items[1], |found| found.owner = Some("cem".into()));

    assert_eq!(names(Ballot::of(&asked, &[], &policy).open()), "cem tom");
}
