//! Random walks over the transition table: what holds on every path.
use super::*;
use proptest::prelude::*;

/// One tried event of a walk and what came of it.
#[derive(Debug)]
struct Step {
    from: State,
    event: Event,
    now: DateTime<Utc>,
    answer: Result<Move, Refused>,
}

/// What happens next in a random walk.
#[derive(Debug, Clone)]
enum Next {
    /// This, after so many milliseconds.
    Happens(usize, i64),
    /// Whatever time does next, when it is due.
    TimePasses,
}

fn walks() -> impl Strategy<Value = (Gate, Vec<Next>)> {
    let gate = prop_oneof![
        Just(Gate::Mfa),
        Just(Gate::People),
        Just(Gate::Open),
        Just(Gate::Closed { reason: "frozen".to_owned() }),
    ];
    let pause = prop_oneof![0..MINUTE, 0..HOUR, 0..WEEK];
    let next = prop_oneof![
        12 => (0..every_event().len(), pause).prop_map(|(event, ms)| Next::Happens(event, ms)),
        1 => Just(Next::TimePasses),
    ];
    (gate, prop::collection::vec(next, 1..80))
}

/// Walks the table from a fresh request; a refused event leaves the walk where it was.
fn walk(gate: Gate, path: Vec<Next>) -> Vec<Step> {
    let asked = asked(&flow("f", Approval::Automatic), "ana", "ana");
    let mut now = asked.submitted_at;
    let mut state = State::first(&asked, gate, TimeDelta::days(7)).to;
    let mut steps = Vec::new();
    for next in path {
        let event = match (next, state.next_by_time()) {
            (Next::Happens(event, ms), _) => {
                now += TimeDelta::milliseconds(ms);
                Some(every_event()[event].1.clone())
            }
            (Next::TimePasses, Some((when, _))) => {
                now = now.max(when);
                state.due(now)
            }
            (Next::TimePasses, None) => None,
        };
        let Some(event) = event else { continue };
        let answer = state.after(event.clone(), now);
        let to = answer.as_ref().map_or_else(|_| state.clone(), |made| made.to.clone());
        steps.push(Step { from: std::mem::replace(&mut state, to), event, now, answer });
    }
    steps
}

/// The instants that lie behind a request; they are set once.
fn past(state: &State) -> Option<DateTime<Utc>> {
    match state {
        State::PendingMfa { .. } | State::PendingApproval { .. } => None,
        State::Granting { since, .. }
        | State::Active { since, .. }
        | State::Revoking { since, .. } => Some(*since),
        State::Rejected { at, .. }
        | State::Expired { at }
        | State::Revoked { at, .. }
        | State::Cancelled { at, .. }
        | State::Failed { at, .. } => Some(*at),
    }
}

/// The instant at which a wait or an access ends.
fn end(state: &State) -> Option<DateTime<Utc>> {
    match state {
        State::PendingMfa { closes_at } | State::PendingApproval { closes_at, .. } => {
            Some(*closes_at)
        }
        State::Active { until, .. } => Some(*until),
        _ => None,
    }
}

/// The statuses between which access may be there.
fn may_hold_access(state: &State) -> bool {
    matches!(state, State::Granting { .. } | State::Active { .. } | State::Revoking { .. })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn final_never_becomes_live_again((gate, path) in walks()) {
        for step in walk(gate, path) {
            prop_assert!(!step.from.is_final() || step.answer.is_err(), "{step:?}");
        }
    }

    #[test]
    fn times_never_move_back_and_are_never_ahead((gate, path) in walks()) {
        for Step { from, now, answer, .. } in walk(gate, path) {
            let Ok(Move { to, .. }) = answer else { continue };
            prop_assert!(past(&from) <= past(&to), "{from:?} -> {to:?}");
            prop_assert!(past(&to).is_none_or(|past| past <= now), "{to:?}");
            if let (Some(before), Some(after)) = (end(&from), end(&to)) {
                prop_assert!(before <= after, "{from:?} -> {to:?}");
            }
            if let State::Active { since, until, .. } = &to {
                prop_assert!(since < until && now < *until, "{to:?}");
            }
        }
    }

    #[test]
    fn waiting_twice_does_not_lengthen_the_wait((gate, path) in walks()) {
        for Step { from, answer, .. } in walk(gate, path) {
            let Ok(Move { to: to @ State::PendingApproval { .. }, .. }) = answer else { continue };
            prop_assert_eq!(end(&from), end(&to));
        }
    }

    #[test]
    fn no_yes_is_lost_while_others_are_awaited((gate, path) in walks()) {
        for Step { from, answer, .. } in walk(gate, path) {
            let Ok(Move { to, .. }) = answer else { continue };
            let (State::PendingApproval { approvals: before, .. },
                State::PendingApproval { approvals: after, .. }
                | State::Granting { approvals: after, .. }) = (&from, &to) else { continue };
            prop_assert_eq!(after.len(), before.len() + 1);
            prop_assert!(after.starts_with(before));
        }
    }

    #[test]
    fn access_is_given_only_after_the_last_gate((gate, path) in walks()) {
        for Step { from, event, answer, .. } in walk(gate, path) {
            let Ok(Move { to: State::Granting { .. }, effects }) = answer else { continue };
            let is_last_gate = match (&from, &event) {
                (State::PendingMfa { .. }, Event::MfaPassed { needs_approval }) => !needs_approval,
                (State::PendingApproval { .. }, Event::Approved { completes, .. }) => *completes,
                _ => false,
            };
            prop_assert!(is_last_gate, "{from:?} {event:?}");
            prop_assert!(effects.contains(&Effect::SettleTargets));
        }
    }

    #[test]
    fn what_may_have_been_given_is_taken_back_before_the_end((gate, path) in walks()) {
        for Step { from, event, answer, .. } in walk(gate, path) {
            let Ok(Move { to, effects }) = answer else { continue };
            if may_hold_access(&from) && to.is_final() {
                let is_revoking = matches!(from, State::Revoking { .. });
                prop_assert!(is_revoking && event == Event::Removed, "{from:?} {event:?}");
            }
            if matches!(to, State::Active { .. }) {
                let is_there = matches!(from, State::Active { .. });
                let was_confirmed = is_there || matches!(event, Event::Granted { .. });
                prop_assert!(was_confirmed, "{event:?}");
            }
            if matches!(to, State::Revoking { is_alarmed: false, .. }) {
                prop_assert!(effects.contains(&Effect::SettleTargets));
            }
        }
    }

    #[test]
    fn what_time_does_next_is_always_possible((gate, path) in walks()) {
        for Step { from, now, .. } in walk(gate, path) {
            let Some((when, _)) = from.next_by_time() else { continue };
            let then = when.max(now);
            let event = from.due(then);
            prop_assert!(event.is_some_and(|event| from.after(event, then).is_ok()), "{from:?}");
        }
    }

    #[test]
    fn every_state_reads_back_as_it_was_written((gate, path) in walks()) {
        for Step { from, .. } in walk(gate, path) {
            let text = serde_json::to_string(&from).unwrap();
            prop_assert_eq!(serde_json::from_str::<State>(&text).unwrap(), from);
        }
    }
}

/// The walks above prove nothing about a status that they never reach.
#[test]
fn random_walks_reach_every_status() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();

    let mut reached = BTreeSet::new();
    for _ in 0..512 {
        let (gate, path) = walks().new_tree(&mut runner).unwrap().current();
        reached.extend(walk(gate, path).iter().map(|step| step.from.label()));
    }

    assert_eq!(reached, every_state().iter().map(|(_, state)| state.label()).collect());
}
