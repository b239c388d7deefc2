//! How long: `90m`, `1.5h`, `2d`, `1h 30m` as people type it, and back as people read it.
use chrono::TimeDelta;

/// Longest duration that is understood at all, in seconds: ten years.
const LONGEST_SECONDS: u64 = 10 * 365 * 86_400;

/// Why a text is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADuration {
    /// Not a number with a unit.
    #[error("write how long as 90m, 1.5h or 2d")]
    Unreadable,
    /// Nothing, or less than a second.
    #[error("the duration must be longer than nothing")]
    Zero,
    /// More than ten years.
    #[error("that is longer than ten years")]
    TooLong,
}

/// Reads `90m`, `1.5h`, `2d`, `1w`, `45s`, `1h 30m`, also with the units spelled out in English or
/// German, as the forms write them.
///
/// # Errors
///
/// [`NotADuration`] says in a person's words what is wrong with the text.
pub fn parse(text: &str) -> Result<TimeDelta, NotADuration> {
    let text = text.trim().to_lowercase();
    let mut rest = text.as_str();
    let mut millis: u64 = 0;
    if rest.is_empty() {
        return Err(NotADuration::Unreadable);
    }
    while !rest.is_empty() {
        let number_ends =
            rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
        let (number, after) = rest.split_at(number_ends);
        let after = after.trim_start();
        let unit_ends = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_ends);
        // `30 Min.`, as the form itself writes it; `1h.5h` has a number there.
        let after = match after.strip_prefix('.') {
            Some(rest) if !rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
            _ => after,
        };
        let part = thousandths(number)?
            .checked_mul(seconds_of(unit)?)
            .and_then(|part| millis.checked_add(part));
        millis = part.ok_or(NotADuration::TooLong)?;
        rest = after.trim_start();
    }
    match millis / 1000 {
        0 => Err(NotADuration::Zero),
        seconds if seconds > LONGEST_SECONDS => Err(NotADuration::TooLong),
        seconds => i64::try_from(seconds)
            .map_or(Err(NotADuration::TooLong), |seconds| Ok(TimeDelta::seconds(seconds))),
    }
}

/// `1.5` as 1500; digits past the third are cut.
fn thousandths(number: &str) -> Result<u64, NotADuration> {
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !is_number(whole) || !is_number(part) {
        return Err(NotADuration::Unreadable);
    }
    let read = |digits: &str| digits.parse::<u64>().map_err(|_| NotADuration::TooLong);
    let whole = if whole.is_empty() { 0 } else { read(whole)? };
    let padded: String = part.chars().chain("000".chars()).take(3).collect();
    whole
        .checked_mul(1000)
        .ok_or(NotADuration::TooLong)?
        .checked_add(read(&padded)?)
        .ok_or(NotADuration::TooLong)
}

fn seconds_of(unit: &str) -> Result<u64, NotADuration> {
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" | "sek" | "sekunde" | "sekunden" => Ok(1),
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => Ok(60),
        "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" => Ok(3600),
        "d" | "day" | "days" | "tag" | "tage" | "tagen" => Ok(86_400),
        "w" | "week" | "weeks" | "woche" | "wochen" => Ok(7 * 86_400),
        _ => Err(NotADuration::Unreadable),
    }
}

/// As people type it, to be read back: `90m`, `2d`, `45s`.
pub fn written(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    match seconds {
        0 => "0s".to_owned(),
        _ if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        _ if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        _ if seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// As people read it: `90 minutes` is `1 h 30 min`, two days are `2 days`.
pub fn spoken(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds().max(0);
    let units = [
        (seconds / 86_400, if seconds / 86_400 == 1 { "day" } else { "days" }),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts: Vec<String> = units
        .iter()
        .filter(|(n, _)| *n > 0)
        .take(2)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect();
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_write_durations_in_many_ways() {
        for (text, minutes) in [
            ("90m", 90),
            ("1.5h", 90),
            ("1,5 h", 90),
            ("1h 30m", 90),
            ("1h30m", 90),
            (" 2D ", 2880),
            ("2 days", 2880),
            ("1 week", 10_080),
            (".5h", 30),
            ("2 Stunden", 120),
            ("30 Min.", 30),
            ("1 Stunde 30 Min.", 90),
            ("1,5 Std.", 90),
            ("2 Tage", 2880),
            ("60 Sek.", 1),
            ("0h 1min", 1),
        ] {
            assert_eq!(parse(text), Ok(TimeDelta::minutes(minutes)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused_with_the_next_step() {
        for text in [
            "", "h", "2", "2x", "1.2.3h", "-1h", "1h -30m", "٣h", "1e3h", "🙂", "1h;drop", "h.",
            ".",
        ] {
            assert_eq!(parse(text), Err(NotADuration::Unreadable), "{text}");
        }
        assert_eq!(parse("0m"), Err(NotADuration::Zero));
        assert_eq!(parse("99999999999999999999h"), Err(NotADuration::TooLong));
        assert_eq!(parse("11000d"), Err(NotADuration::TooLong));
    }

    #[test]
    fn durations_are_spoken_with_two_units_at_most() {
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (5400, "1 h 30 min"),
            (86_400, "1 day"),
            (2 * 86_400 + 3600 + 60, "2 days 1 h"),
        ] {
            assert_eq!(spoken(TimeDelta::seconds(seconds)), words);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_written_reads_back(seconds in 1_i64..50_000_000) {
            let duration = TimeDelta::seconds(seconds);
            prop_assert_eq!(parse(&written(duration)), Ok(duration));
        }

        #[test]
        fn minutes_read_back(minutes in 1_i64..5_000_000) {
            prop_assert_eq!(parse(&format!("{minutes}m")), Ok(TimeDelta::minutes(minutes)));
        }
    }
}
