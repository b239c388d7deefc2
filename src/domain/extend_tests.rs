//! When access may last longer, and when people hear that it ends.
use super::super::request::Missing;
use super::super::sample::{asked, at, flow, item, policy};
use super::super::terms::Offered;
use super::*;
use rstest::rstest;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// Two steps of half an hour, at most two hours in all, from the last quarter on.
fn rule() -> Extend {
    Extend {
        step: TimeDelta::minutes(30),
        times: 2,
        longest: TimeDelta::hours(2),
        offered: Offered::LastQuarter,
    }
}

fn flow_with(extend: Option<Extend>) -> Flow {
    Flow { extend, ..flow("f", Approval::Automatic) }
}

/// Active from 0 until `until_ms`, extended so often.
fn record(until_ms: i64, extensions: u32) -> Record {
    let state = State::Active {
        since: at(0),
        until: at(until_ms),
        tells_at: at(0),
        is_told: true,
        extensions,
        missing: Vec::new(),
    };
    Record {
        asked: asked(&flow_with(None), "ana", "ana"),
        state,
        version: 3,
        active_at: Some(at(0)),
        expires_at: Some(at(until_ms)),
        ended_at: None,
        decisions: Vec::new(),
    }
}

/// V11, the rule's side: from the last quarter to the last instant, and not at the end itself.
#[rstest]
#[case::too_early(45 * MINUTE - 1, false)]
#[case::from_the_last_quarter(45 * MINUTE, true)]
#[case::just_before_the_end(HOUR - 1000, true)]
#[case::at_the_end(HOUR, false)]
#[case::after_the_end(HOUR + 1000, false)]
fn it_is_offered_near_the_end_and_not_at_it(#[case] now: i64, #[case] is_offered: bool) {
    let policy = policy(vec![flow_with(Some(rule()))]);

    let offered = offer(&policy, &record(HOUR, 0), at(now));

    assert_eq!(offered.is_ok(), is_offered, "{offered:?}");
    if let Ok(offer) = offered {
        let (step, until) = (TimeDelta::minutes(30), at(90 * MINUTE));
        assert_eq!(offer, Offer { step, until, left: 2 });
    }
}

#[test]
fn it_never_goes_past_the_longest_and_not_more_often_than_the_flow_says() {
    let policy = policy(vec![flow_with(Some(rule()))]);
    let near = |until: i64, extensions| offer(&policy, &record(until, extensions), at(until - 1));

    let cut = near(110 * MINUTE, 1).unwrap();
    assert_eq!((cut.step, cut.until), (TimeDelta::minutes(10), at(2 * HOUR)));
    assert_eq!(near(2 * HOUR, 1), Err(NotOffered::AtLongest));
    assert_eq!(near(90 * MINUTE, 2), Err(NotOffered::Used { times: 2 }));
}

/// Where it is offered for longer than a step, a second wish comes too early for a second step.
#[test]
fn after_an_extension_it_is_offered_again_when_people_hear_of_the_new_end() {
    let wide = Extend { offered: Offered::Before(TimeDelta::hours(1)), ..rule() };
    let policy = policy(vec![flow_with(Some(wide.clone()))]);
    let (now, until) = (at(50 * MINUTE), at(90 * MINUTE));
    let mut extended = record(90 * MINUTE, 1);
    if let State::Active { tells_at, is_told, .. } = &mut extended.state {
        *tells_at = until - notice(Some(&wide), at(0), until, now);
        *is_told = false;
    }

    assert_eq!(offer(&policy, &extended, now), Err(NotOffered::Already { until }));
    let told = at(70 * MINUTE);
    assert!(offer(&policy, &extended, told - TimeDelta::milliseconds(1)).is_err());
    assert!(offer(&policy, &extended, told).is_ok());
}

#[test]
fn it_follows_todays_flow() {
    let may = |flow: Flow| offer(&policy(vec![flow]), &record(HOUR, 0), at(HOUR - 1)).map(drop);
    let ended = Flow { what: Vec::new(), ..flow_with(Some(rule())) };
    let denied = Approval::Denied("frozen".to_owned());
    let denied = Flow { approval: denied, ..flow_with(Some(rule())) };

    assert_eq!(may(flow_with(Some(rule()))), Ok(()));
    assert_eq!(may(flow_with(None)), Err(NotOffered::NotAllowed));
    assert_eq!(may(ended), Err(NotOffered::Changed));
    assert_eq!(may(denied), Err(NotOffered::Changed));
    assert_eq!(may(flow("other", Approval::Automatic)), Err(NotOffered::Changed));
}

#[test]
fn what_could_not_be_given_does_not_stand_in_the_way() {
    let policy = policy(vec![flow_with(Some(rule()))]);
    let mut record = record(HOUR, 0);
    let gone = item("no such database", "read");
    record.asked.items.push(gone.clone());
    assert_eq!(offer(&policy, &record, at(HOUR - 1)), Err(NotOffered::Changed));

    if let State::Active { missing, .. } = &mut record.state {
        missing.push(Missing { item: gone, why: "unknown".to_owned() });
    }

    assert!(offer(&policy, &record, at(HOUR - 1)).is_ok());
}

#[test]
fn what_is_left_is_known_before_the_end_is_near() {
    let policy = policy(vec![flow_with(Some(rule()))]);
    let left = |extensions| ahead(&policy, &record(HOUR, extensions)).map(|(offer, _)| offer.left);

    assert_eq!(left(0), Ok(2));
    assert_eq!(left(1), Ok(1));
    assert_eq!(left(2), Err(NotOffered::Used { times: 2 }));
}

/// Told when extending is offered; never in the first half of what is left.
#[rstest]
#[case::last_quarter(Some(Offered::LastQuarter), HOUR, 0, 45)]
#[case::last_hour_of_eight(Some(Offered::Before(TimeDelta::hours(1))), 8 * HOUR, 0, 7 * 60)]
#[case::last_hour_of_half_an_hour(Some(Offered::Before(TimeDelta::hours(1))), HOUR / 2, 0, 15)]
#[case::no_rule_short(None, HOUR, 0, 45)]
#[case::no_rule_long(None, 80 * HOUR, 0, 79 * 60)]
#[case::after_an_extension(Some(Offered::LastQuarter), 90 * MINUTE, 50 * MINUTE, 70)]
fn people_hear_of_the_end_in_time(
    #[case] offered: Option<Offered>,
    #[case] until: i64,
    #[case] now: i64,
    #[case] minutes: i64,
) {
    let rule = offered.map(|offered| Extend { offered, ..rule() });

    let told = at(until) - notice(rule.as_ref(), at(0), at(until), at(now));

    assert_eq!(told, at(minutes * MINUTE));
}
