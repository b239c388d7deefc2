//! When to try again.
use chrono::TimeDelta;
use std::time::Duration;

/// Longest pause between two tries at a target: what is overdue goes soon after it is back.
const TARGET_CEILING: TimeDelta = TimeDelta::seconds(30);
/// Longest pause before a target is asked once more for what it said it would never do.
const REFUSED_CEILING: TimeDelta = TimeDelta::minutes(5);
/// Longest pause between two tries at a message.
const MESSAGE_CEILING: TimeDelta = TimeDelta::minutes(5);

/// The pause after `attempts` failures (from 1) at a target, or what the target asked for.
pub(super) fn target(attempts: i64, asked: Option<Duration>) -> TimeDelta {
    pause(attempts, asked, TARGET_CEILING)
}

/// The pause after a target refused for good, for the `attempts`th time (from 1).
pub(super) fn refused(attempts: i64) -> TimeDelta {
    pause(attempts, None, REFUSED_CEILING)
}

/// The pause after `attempts` failures (from 1) at a message, or what the platform asked for.
pub(super) fn message(attempts: i64, asked: Option<Duration>) -> TimeDelta {
    pause(attempts, asked, MESSAGE_CEILING)
}

fn pause(attempts: i64, asked: Option<Duration>, ceiling: TimeDelta) -> TimeDelta {
    if let Some(asked) = asked.and_then(|asked| TimeDelta::from_std(asked).ok()) {
        return asked;
    }
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    TimeDelta::try_seconds(1_i64 << doublings).unwrap_or(ceiling).min(ceiling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_ceiling() {
        let seconds: Vec<i64> = (0..9).map(|n| target(n, None).num_seconds()).collect();
        assert_eq!(seconds, [1, 1, 2, 4, 8, 16, 30, 30, 30]);
        assert_eq!(message(i64::MAX, None), MESSAGE_CEILING);
        assert_eq!(target(1, Some(Duration::from_secs(90))).num_seconds(), 90);
    }
}
