//! How fast Slack's requests are acknowledged, and what they cost: the release binary as people
//! run it, side by side with the same surface in Bolt for JavaScript where that is installed.
//!
//! `benches/run` installs Bolt and runs this. Each bot gets one core, the load and the Web API
//! stub the other. Requests are signed like Slack's; a message that follows an acknowledgement
//! goes to the stub. Mix: 1 slash command, 4 option searches, 1 pick, 1 submission, 1 approval, by
//! 2,000 people over 100,000 resources, every commit on disk (`synchronous=FULL`). An approval is the
//! first of the two that a request needs: it is recorded and told, and no target is called.
mod bots;
mod company;
mod events;
mod http;
mod load;
mod process;
mod report;
mod stub;

use bots::Bot;
use events::{Mix, Pool};
use load::{Latencies, Load};
use process::Running;
use report::{Figures, print};
use std::error::Error;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often a start is timed; the median counts.
const STARTS: usize = 5;
/// Events a second of the steady load: about what 10,000 busy people make.
const STEADY_RATE: u32 = 200;
const STEADY: Duration = Duration::from_secs(12);
const SATURATED: Duration = Duration::from_secs(6);
/// Longest wait for the messages of the load to be sent.
const AFTERWARDS: Duration = Duration::from_secs(10);

/// What every function here answers.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    // Other harnesses' arguments (`--bench`) mean nothing here; a name chooses one bot.
    let chosen: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    process::pin_self();
    let stub = stub::start()?;
    let home = company::Home::make(stub)?;
    let mut columns = Vec::new();
    for bot in bots::all(&home) {
        if chosen.is_empty() || chosen.iter().any(|name| name == bot.name) {
            columns.push(measure(&bot)?);
        }
    }
    print(&columns)
}

fn measure(bot: &Bot) -> Outcome<Figures> {
    let empty = cold_starts(bot, &bot.empty)?;
    // The first start over the full catalogue lists and stores it; it is not timed.
    let first = Running::start(&bot.full)?;
    let pool = Pool::default();
    first.first_ack()?;
    pool.fill(&first.at, Duration::from_secs(60))?;
    first.stop()?;
    let full = cold_starts(bot, &bot.full)?;
    let running = Running::start(&bot.full)?;
    running.first_ack()?;
    running.settle(AFTERWARDS);
    let idle = running.anonymous_kb()?;
    let mix = Mix::new(&pool);
    load::greet(&running.at, &mix)?;
    running.settle(AFTERWARDS);
    let steady = steady(&running, &mix)?;
    let saturated = saturated(&running, &mix)?;
    let peak = running.peak_kb();
    running.stop()?;
    Ok(Figures {
        name: bot.name,
        cold_empty: empty,
        cold_full: full,
        idle_kb: idle,
        peak_kb: peak,
        cpu_per_thousand: steady.cpu_per_thousand,
        saturated_cpu_per_thousand: saturated.cpu_per_thousand,
        saturated_per_second: saturated.per_second,
        latencies: steady.latencies,
        failures: steady.failures + saturated.failures,
    })
}

/// What one load showed.
struct Shown {
    cpu_per_thousand: f64,
    per_second: f64,
    latencies: Latencies,
    failures: usize,
}

fn steady(running: &Running, mix: &Mix) -> Outcome<Shown> {
    shown(running, mix, &Load { rate: Some(STEADY_RATE), senders: 32, lasts: STEADY })
}

fn saturated(running: &Running, mix: &Mix) -> Outcome<Shown> {
    shown(running, mix, &Load { rate: None, senders: 16, lasts: SATURATED })
}

/// The load and all that it causes: processor time counts until the bot is quiet again.
fn shown(running: &Running, mix: &Mix, load: &Load) -> Outcome<Shown> {
    let (before, start) = (running.cpu()?, Instant::now());
    let latencies = load::run(&running.at, mix, load)?;
    let took = start.elapsed();
    running.settle(AFTERWARDS);
    let spent = running.cpu()?.saturating_sub(before);
    let count = f64::from(u32::try_from(latencies.count())?);
    Ok(Shown {
        cpu_per_thousand: spent.as_secs_f64() * 1_000.0 / count,
        per_second: count / took.as_secs_f64(),
        failures: latencies.failures,
        latencies,
    })
}

/// The median time from starting the program to the first acknowledgement.
fn cold_starts(bot: &Bot, launch: &process::Launch) -> Outcome<Duration> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let running = Running::start(launch)?;
        times.push(running.first_ack()?);
        running.stop()?;
        sleep(Duration::from_millis(50));
    }
    times.sort();
    times.get(STARTS / 2).copied().ok_or_else(|| format!("{} did not start", bot.name).into())
}
