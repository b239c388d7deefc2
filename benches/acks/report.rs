//! The table at the end.
use super::Outcome;
use super::events::Kind;
use super::load::Latencies;
use std::io::{Write, stdout};
use std::time::Duration;

/// What was measured of one bot.
pub(super) struct Figures {
    pub(super) name: &'static str,
    pub(super) cold_empty: Duration,
    pub(super) cold_full: Duration,
    pub(super) idle_kb: u64,
    pub(super) peak_kb: u64,
    pub(super) cpu_per_thousand: f64,
    pub(super) saturated_cpu_per_thousand: f64,
    pub(super) saturated_per_second: f64,
    pub(super) latencies: Latencies,
    pub(super) failures: usize,
}

/// Kinds as rows of the table.
const KINDS: [(&str, Option<Kind>); 6] = [
    ("slash command", Some(Kind::Command)),
    ("option search", Some(Kind::Search)),
    ("pick", Some(Kind::Pick)),
    ("submission", Some(Kind::Submission)),
    ("approval", Some(Kind::Approval)),
    ("all", None),
];

/// Prints the figures, a column a bot.
pub(super) fn print(columns: &[Figures]) -> Outcome<()> {
    row("", columns, |figures| figures.name.to_owned())?;
    row("cold start to first ack, small (ms)", columns, |it| millis(it.cold_empty))?;
    row("cold start to first ack, 100,000 (ms)", columns, |it| millis(it.cold_full))?;
    row("memory idle, anonymous (MB)", columns, |it| megabytes(it.idle_kb))?;
    row("memory peak, anonymous (MB)", columns, |it| megabytes(it.peak_kb))?;
    row("CPU s per 1,000 events, at 200/s", columns, |it| format!("{:.2}", it.cpu_per_thousand))?;
    row("CPU s per 1,000 events, saturated", columns, |it| {
        format!("{:.2}", it.saturated_cpu_per_thousand)
    })?;
    row("events/s at saturation", columns, |it| format!("{:.0}", it.saturated_per_second))?;
    for (title, kind) in KINDS {
        row(&format!("ack p50 / p99 / max at 200/s, {title} (ms)"), columns, |it| {
            let times = it.latencies.of(kind);
            let at = |percent: usize| millis(percentile(&times, percent));
            format!("{} / {} / {}", at(50), at(99), at(100))
        })?;
    }
    row("answers that were no acknowledgement", columns, |it| it.failures.to_string())
}

fn row(title: &str, columns: &[Figures], cell: impl Fn(&Figures) -> String) -> Outcome<()> {
    let cells: Vec<String> = columns.iter().map(|it| format!("{:>30}", cell(it))).collect();
    Ok(writeln!(stdout(), "{title:<52}{}", cells.join(""))?)
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted.get((sorted.len() * percent / 100).min(last)).copied().unwrap_or_default()
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}

fn megabytes(kb: u64) -> String {
    format!("{}.{}", kb / 1_024, kb % 1_024 * 10 / 1_024)
}
