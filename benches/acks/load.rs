//! Sends events at a rate or as fast as they are acknowledged, and keeps how long each took.
//!
//! At a rate, an event's time begins when it was *due* to be sent, so that a bot that stalls is
//! charged with what waited behind the stall.
use super::Outcome;
use super::company::PEOPLE;
use super::events::{Kind, Mix, searching};
use super::http::Connection;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A load.
pub(super) struct Load {
    /// Events a second; as fast as possible where there is none.
    pub(super) rate: Option<u32>,
    /// Connections, each with one event at a time.
    pub(super) senders: u32,
    pub(super) lasts: Duration,
}

/// How long acknowledgements took.
#[derive(Debug, Default)]
pub(super) struct Latencies {
    taken: Vec<(Kind, Duration)>,
    /// Answers that were no acknowledgement.
    pub(super) failures: usize,
}

impl Latencies {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.taken.len()
    }

    /// The times of a kind, or of all, in order.
    pub(super) fn of(&self, kind: Option<Kind>) -> Vec<Duration> {
        let is_asked = |(taken, _): &&(Kind, Duration)| kind.is_none_or(|kind| kind == *taken);
        let mut times: Vec<Duration> =
            self.taken.iter().filter(is_asked).map(|(_, time)| *time).collect();
        times.sort();
        times
    }

    fn join(&mut self, other: Self) {
        self.taken.extend(other.taken);
        self.failures += other.failures;
    }
}

/// Sends the load.
pub(super) fn run(to: &SocketAddr, mix: &Mix, load: &Load) -> Outcome<Latencies> {
    let (next, start) = (AtomicU32::new(0), Instant::now() + Duration::from_millis(20));
    let mut all = Latencies::default();
    thread::scope(|scope| -> Outcome<()> {
        let sender = || send(*to, mix, load, &next, start).map_err(|error| error.to_string());
        let senders: Vec<_> = (0..load.senders).map(|_| scope.spawn(sender)).collect();
        for sender in senders {
            all.join(sender.join().map_err(|_| "a sender broke")??);
        }
        Ok(())
    })?;
    Ok(all)
}

fn send(
    to: SocketAddr,
    mix: &Mix,
    load: &Load,
    next: &AtomicU32,
    start: Instant,
) -> Outcome<Latencies> {
    let mut connection = Connection::to(to)?;
    let mut latencies = Latencies::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let due = match load.rate {
            Some(rate) => start + Duration::from_secs(1) * number / rate,
            None => Instant::now().max(start),
        };
        if due >= start + load.lasts {
            return Ok(latencies);
        }
        let event = mix.event(to, number);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let (status, body) = connection.ask(&event.request)?;
        latencies.taken.push((event.kind, due.elapsed()));
        if status != 200 || !mix.learn(&event, body) {
            latencies.failures += 1;
        }
    }
}

/// Everybody searches once: the bots ask Slack who they are, and keep it.
pub(super) fn greet(to: &SocketAddr, mix: &Mix) -> Outcome<()> {
    let next = AtomicU32::new(0);
    thread::scope(|scope| -> Outcome<()> {
        let greeter = || -> Result<(), String> {
            let mut connection = Connection::to(*to).map_err(|error| error.to_string())?;
            loop {
                let person = next.fetch_add(1, Ordering::Relaxed);
                if person >= PEOPLE {
                    return Ok(());
                }
                let request = searching(*to, person, "payments");
                let (status, _) = connection.ask(&request).map_err(|error| error.to_string())?;
                if status != 200 {
                    return Err(format!("a greeting was answered with {status}"));
                }
            }
        };
        let greeters: Vec<_> = (0..8).map(|_| scope.spawn(greeter)).collect();
        for greeter in greeters {
            greeter.join().map_err(|_| "a greeter broke")??;
        }
        Ok(())
    })?;
    // A few requests to approve from the start on.
    let warm = Load { rate: Some(100), senders: 8, lasts: Duration::from_secs(1) };
    let warmed = run(to, mix, &warm)?;
    if warmed.failures > 0 {
        return Err(format!("{} of the first events failed", warmed.failures).into());
    }
    Ok(())
}
