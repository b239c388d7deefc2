//! Stages: who counts, how many are enough, who is asked next, and when nobody is left.
use super::super::person::Person;
use super::super::sample::{directory, group, ids, one, person, stage};
use super::*;
use proptest::prelude::*;
use rstest::rstest;

/// A directory with owners and excluded people, from which a [`Setting`] is lent.
struct World {
    directory: Directory,
    grantee: PersonId,
    owners: BTreeSet<PersonId>,
    excluded: BTreeSet<PersonId>,
}

/// Ana receives; Tom owns; nobody is excluded.
fn world() -> World {
    World {
        directory: directory(),
        grantee: "ana".into(),
        owners: ids(&["tom"]),
        excluded: BTreeSet::new(),
    }
}

impl World {
    fn setting(&self) -> Setting<'_> {
        Setting {
            directory: &self.directory,
            grantee: &self.grantee,
            owners: &self.owners,
            excluded: &self.excluded,
        }
    }

    fn leaves(&mut self, name: &str) {
        self.directory
            .people
            .insert(name.into(), Person { is_active: false, ..person(name, None) });
    }

    /// `done`, or the waiting stage and who is open there.
    fn after(&self, plan: &Plan, said_yes: &[&str]) -> String {
        let said_yes: Vec<PersonId> = said_yes.iter().map(|name| PersonId::from(*name)).collect();
        match plan.progress(&said_yes, &self.setting()) {
            Progress::Complete => "done".to_owned(),
            Progress::Waiting { stage, open } => {
                let open: Vec<&str> = open.iter().map(PersonId::as_str).collect();
                format!("{stage}: {}", open.join(" "))
            }
        }
    }
}

fn plan<const N: usize>(stages: [Stage; N]) -> Plan {
    Plan { stages: stages.into() }
}

/// One stage after these approvals: who is open, or that it is done.
#[rstest]
#[case::any(Need::Any, &[one("ben"), one("tom")], &[], "0: ben tom")]
#[case::any_done(Need::Any, &[one("ben"), one("tom")], &["tom"], "done")]
#[case::group(Need::Any, &[group("dba")], &[], "0: ben cem")]
#[case::group_done(Need::Any, &[group("dba")], &["cem"], "done")]
#[case::manager(Need::Any, &[Approver::Manager], &[], "0: mia")]
#[case::owner(Need::Any, &[Approver::ResourceOwner], &[], "0: tom")]
#[case::outsider_counts_nowhere(Need::Any, &[group("dba")], &["tom"], "0: ben cem")]
#[case::unknown_person(Need::Any, &[one("nobody")], &["nobody"], "0: ")]
#[case::unknown_group(Need::Any, &[group("nobody")], &[], "0: ")]
#[case::empty_group(Need::Any, &[group("empty")], &[], "0: ")]
#[case::left(Need::Any, &[one("lea"), group("left")], &["lea"], "0: ")]
#[case::all(Need::All, &[one("ben"), one("tom")], &[], "0: ben tom")]
#[case::all_half(Need::All, &[one("ben"), one("tom")], &["tom"], "0: ben")]
#[case::all_done(Need::All, &[one("ben"), one("tom")], &["tom", "ben"], "done")]
#[case::all_needs_different_people(Need::All, &[one("ben"), group("dba")], &["ben"], "0: cem")]
#[case::all_moves_people_over(Need::All, &[group("dba"), one("ben")], &["ben"], "0: cem")]
#[case::all_group_twice(Need::All, &[group("dba"), group("dba")], &["ben", "cem"], "done")]
#[case::all_group_once_is_enough(Need::All, &[group("dba"), one("tom")], &["ben"], "0: tom")]
#[case::all_dead_end(Need::All, &[one("ben"), one("ben")], &["ben"], "0: ")]
#[case::count(Need::Count(2), &[group("dba"), one("tom")], &["ben"], "0: cem tom")]
#[case::count_done(Need::Count(2), &[group("dba"), one("tom")], &["ben", "cem"], "done")]
#[case::count_once_a_person(Need::Count(2), &[group("dba"), one("ben")], &["ben", "ben"], "0: cem")]
#[case::count_dead_end(Need::Count(3), &[group("dba")], &["ben", "cem"], "0: ")]
fn a_stage_waits_for_those_who_bring_it_nearer(
    #[case] need: Need,
    #[case] of: &[Approver],
    #[case] said_yes: &[&str],
    #[case] expected: &str,
) {
    assert_eq!(world().after(&plan([stage(need, of)]), said_yes), expected);
}

#[test]
fn a_plan_without_stages_is_satisfied() {
    assert_eq!(world().after(&Plan::default(), &[]), "done");
    assert!(Plan::default().can_complete(&world().setting()));
}

#[test]
fn stages_run_in_order_and_an_early_yes_does_not_count_later() {
    let plan = plan([stage(Need::Any, &[one("ben")]), stage(Need::Any, &[one("tom")])]);

    let answers = [&[][..], &["tom"], &["tom", "ben"], &["ben"], &["ben", "tom"]]
        .map(|said_yes| world().after(&plan, said_yes));

    assert_eq!(answers, ["0: ben", "0: ben", "1: tom", "1: tom", "done"]);
}

#[test]
fn one_person_counts_once_in_each_stage() {
    let plan = plan([stage(Need::Any, &[one("ben")]), stage(Need::Count(2), &[group("dba")])]);

    let answers = [&["ben"][..], &["ben", "ben"], &["ben", "ben", "ben"], &["ben", "ben", "cem"]]
        .map(|said_yes| world().after(&plan, said_yes));

    assert_eq!(answers, ["1: ben cem", "1: cem", "1: cem", "done"]);
}

#[test]
fn excluded_people_never_count() {
    let mut world = world();
    world.excluded = ids(&["mia", "tom", "ben"]);
    for approver in [Approver::Manager, Approver::ResourceOwner, one("ben")] {
        let plan = plan([stage(Need::Any, &[approver])]);

        assert_eq!(world.after(&plan, &["mia", "tom", "ben"]), "0: ");
        assert!(!plan.can_complete(&world.setting()));
        assert!(
            ["mia", "tom", "ben"]
                .iter()
                .all(|name| !plan.is_asked(&(*name).into(), &world.setting()))
        );
    }
}

#[test]
fn the_yes_of_somebody_who_left_no_longer_counts() {
    let mut world = world();
    let plan = plan([stage(Need::Count(2), &[group("dba"), one("tom")])]);
    assert_eq!(world.after(&plan, &["ben", "cem"]), "done");

    world.leaves("ben");

    assert_eq!(world.after(&plan, &["ben", "cem"]), "0: tom");
    assert_eq!(world.after(&plan, &["ben", "cem", "tom"]), "done");
}

#[test]
fn the_manager_is_the_grantees_and_may_be_missing() {
    let mut world = world();
    let plan = plan([stage(Need::Any, &[Approver::Manager])]);

    world.grantee = "tom".into();

    assert_eq!(world.after(&plan, &[]), "0: ");
    assert!(!plan.can_complete(&world.setting()));
}

#[test]
fn everybody_of_any_stage_is_asked() {
    let world = world();
    let plan = plan([stage(Need::Any, &[one("ben")]), stage(Need::Any, &[Approver::Manager])]);

    let asked = ["ana", "ben", "cem", "mia", "tom", "lea"]
        .map(|name| plan.is_asked(&name.into(), &world.setting()));

    assert_eq!(asked, [false, true, false, true, false, false]);
}

/// Whether a stage can be completed at all by the people there are.
#[rstest]
#[case(Need::Any, &[group("dba")], true)]
#[case(Need::Any, &[group("empty"), one("lea")], false)]
#[case(Need::Any, &[], false)]
#[case(Need::All, &[one("ben"), group("dba")], true)]
#[case(Need::All, &[one("ben"), one("ben")], false)]
#[case(Need::All, &[group("dba"), group("dba"), one("ben")], false)]
#[case(Need::All, &[one("ben"), one("lea")], false)]
#[case(Need::Count(2), &[group("dba")], true)]
#[case(Need::Count(3), &[group("dba")], false)]
fn a_plan_that_nobody_can_complete_is_known_at_once(
    #[case] need: Need,
    #[case] of: &[Approver],
    #[case] expected: bool,
) {
    let later = plan([stage(Need::Any, &[one("tom")]), stage(need, of)]);

    assert_eq!(plan([stage(need, of)]).can_complete(&world().setting()), expected);
    assert_eq!(later.can_complete(&world().setting()), expected);
}

const PEOPLE: [&str; 5] = ["ana", "ben", "cem", "mia", "tom"];

fn any_approver() -> impl Strategy<Value = Approver> {
    prop_oneof![
        4 => prop::sample::select(&PEOPLE[..]).prop_map(one),
        2 => prop::sample::select(vec!["dba", "abc", "mt", "left"]).prop_map(group),
        1 => Just(Approver::Manager),
        1 => Just(Approver::ResourceOwner),
    ]
}

fn any_stage() -> impl Strategy<Value = Stage> {
    let need = prop_oneof![Just(Need::Any), Just(Need::All), (1..4_usize).prop_map(Need::Count)];
    (need, prop::collection::vec(any_approver(), 1..5)).prop_map(|(need, of)| Stage { need, of })
}

fn any_plan() -> impl Strategy<Value = Plan> {
    prop::collection::vec(any_stage(), 0..4).prop_map(|stages| Plan { stages })
}

fn any_approvals() -> impl Strategy<Value = Vec<PersonId>> {
    prop::collection::vec(prop::sample::select(&PEOPLE[..]).prop_map(PersonId::from), 0..10)
}

fn any_world() -> impl Strategy<Value = World> {
    let some = || prop::sample::subsequence(&PEOPLE[..], 0..3);
    (some(), some()).prop_map(|(excluded, owners)| {
        let mut world = world();
        world.excluded = ids(&excluded);
        world.owners = ids(&owners);
        world.directory.groups.insert("abc".into(), ids(&["ana", "ben", "cem"]));
        world.directory.groups.insert("mt".into(), ids(&["mia", "tom"]));
        world
    })
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "owners {:?}, excluded {:?}", self.owners, self.excluded)
    }
}

/// The most entries that can each have a person of their own, by trying every way.
fn most_matched(entries: &[BTreeSet<PersonId>], said_yes: &BTreeSet<PersonId>) -> usize {
    let Some((first, rest)) = entries.split_first() else { return 0 };
    let without = most_matched(rest, said_yes);
    let with = first.intersection(said_yes).map(|person| {
        let mut others = said_yes.clone();
        others.remove(person);
        1 + most_matched(rest, &others)
    });
    with.chain([without]).max().unwrap()
}

/// How far a plan has come, as a number that grows.
fn reached(progress: &Progress) -> usize {
    match progress {
        Progress::Complete => usize::MAX,
        Progress::Waiting { stage, .. } => *stage,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn all_of_means_that_everybody_can_stand_for_an_entry_of_their_own(
        stage in any_stage(),
        world in any_world(),
        said_yes in any_approvals(),
    ) {
        let stage = Stage { need: Need::All, ..stage };
        let said_yes: BTreeSet<PersonId> = said_yes.into_iter().collect();
        let entries: Vec<_> = stage.of.iter().map(|entry| entry.people(&world.setting())).collect();
        let slowly = most_matched(&entries, &said_yes);

        prop_assert_eq!(stage.matched(&said_yes, &world.setting()), slowly);
        prop_assert_eq!(stage.is_satisfied_by(&said_yes, &world.setting()), slowly == entries.len());
    }

    #[test]
    fn a_further_yes_never_takes_a_plan_back(
        plan in any_plan(),
        world in any_world(),
        said_yes in any_approvals(),
        left_out in any::<prop::sample::Index>(),
    ) {
        let all = plan.progress(&said_yes, &world.setting());
        for end in 0..said_yes.len() {
            let earlier = plan.progress(&said_yes[..end], &world.setting());
            prop_assert!(reached(&earlier) <= reached(&all));
        }
        if !said_yes.is_empty() {
            let mut fewer = said_yes.clone();
            fewer.remove(left_out.index(said_yes.len()));
            prop_assert!(reached(&plan.progress(&fewer, &world.setting())) <= reached(&all));
        }
    }

    #[test]
    fn only_those_who_may_are_asked(
        plan in any_plan(),
        world in any_world(),
        said_yes in any_approvals(),
    ) {
        let setting = world.setting();
        for person in plan.progress(&said_yes, &setting).open() {
            prop_assert!(!world.excluded.contains(&person));
            prop_assert!(world.directory.active(&person).is_some());
            prop_assert!(plan.is_asked(&person, &setting));
        }
        for person in &world.excluded {
            let mut with = said_yes.clone();
            with.push(person.clone());
            prop_assert_eq!(plan.progress(&with, &setting), plan.progress(&said_yes, &setting));
        }
    }

    /// Asking whoever is open, in whatever order, completes exactly the plans that can complete.
    #[test]
    fn whoever_is_open_says_yes_until_the_plan_is_done_or_dead(
        plan in any_plan(),
        world in any_world(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        let setting = world.setting();
        let mut said_yes: Vec<PersonId> = Vec::new();
        for pick in picks {
            let open: Vec<PersonId> = plan.progress(&said_yes, &setting).open().into_iter().collect();
            if let Some(index) = (!open.is_empty()).then(|| pick.index(open.len())) {
                said_yes.push(open[index].clone());
            }
        }

        let end = plan.progress(&said_yes, &setting);

        prop_assert!(end.open().is_empty());
        prop_assert_eq!(end == Progress::Complete, plan.can_complete(&setting));
    }
}
