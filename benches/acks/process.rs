//! A bot as a process: started on a core of its own, looked at through /proc, stopped.
use super::Outcome;
use super::events;
use super::http::Connection;
use std::cell::RefCell;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

/// The core that bots run on.
const CORE: &str = "1";
/// The core that the load comes from.
const OTHER_CORE: &str = "0";
/// Clock ticks a second in /proc, on every Linux.
const TICK: Duration = Duration::from_millis(10);
/// How often memory is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// A bot that uses less than this of its core in half a second is quiet.
const QUIET: Duration = Duration::from_millis(10);

/// How a bot is started.
pub(super) struct Launch {
    pub(super) words: Vec<String>,
    pub(super) variables: Vec<(String, String)>,
    pub(super) directory: PathBuf,
    pub(super) at: SocketAddr,
}

/// A bot that runs.
pub(super) struct Running {
    pub(super) at: SocketAddr,
    child: RefCell<Child>,
    started: Instant,
    peak_kb: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    watch: Option<JoinHandle<()>>,
}

/// Keeps this process, and what it starts unless told otherwise, off the bots' core.
pub(super) fn pin_self() {
    let me = std::process::id().to_string();
    let mut pinned = Command::new("taskset");
    pinned.args(["-a", "-cp", OTHER_CORE, &me]).stdout(Stdio::null());
    // Without taskset both share what cores there are.
    let _ = pinned.status();
}

fn has_taskset() -> bool {
    let asked = Command::new("taskset").arg("--version").stdout(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

impl Running {
    /// Starts a bot.
    pub(super) fn start(launch: &Launch) -> Outcome<Self> {
        let pin: &[&str] = if has_taskset() { &["taskset", "-c", CORE] } else { &[] };
        let mut words = pin.iter().map(|word| (*word).to_owned()).chain(launch.words.clone());
        let mut command = Command::new(words.next().ok_or("nothing to start")?);
        command.args(words).current_dir(&launch.directory).envs(launch.variables.clone());
        let log =
            fs::OpenOptions::new().create(true).append(true).open(launch.directory.join("log"))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let started = Instant::now();
        let child = command.spawn()?;
        let (peak_kb, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let watch = watch(child.id(), &peak_kb, &is_over);
        let child = RefCell::new(child);
        Ok(Self { at: launch.at, child, started, peak_kb, is_over, watch: Some(watch) })
    }

    /// How long it took from the start to the first acknowledgement.
    pub(super) fn first_ack(&self) -> Outcome<Duration> {
        loop {
            let answered = Connection::to(self.at)
                .and_then(|mut connection| Ok(connection.ask(&events::help(self.at))?.0));
            match answered {
                Ok(200) => return Ok(self.started.elapsed()),
                Ok(status) => return Err(format!("the first answer is {status}").into()),
                Err(_) if self.started.elapsed() > Duration::from_secs(20) => {
                    return Err("no acknowledgement within 20 s; see the log".into());
                }
                Err(_) => sleep(Duration::from_millis(1)),
            }
        }
    }

    /// The processor time that it used so far, its own threads only.
    pub(super) fn cpu(&self) -> Outcome<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.borrow().id()))?;
        let (_, fields) = stat.rsplit_once(") ").ok_or("stat")?;
        let ticks =
            |at: usize| -> Outcome<u32> { Ok(fields.split(' ').nth(at).ok_or("stat")?.parse()?) };
        Ok(TICK * (ticks(11)? + ticks(12)?))
    }

    /// The anonymous memory that it holds now, in KB.
    pub(super) fn anonymous_kb(&self) -> Outcome<u64> {
        anonymous_kb(self.child.borrow().id()).ok_or_else(|| "no memory to read".into())
    }

    /// The most anonymous memory it held, in KB.
    pub(super) fn peak_kb(&self) -> u64 {
        self.peak_kb.load(Ordering::Relaxed)
    }

    /// Waits until it is quiet, at most so long.
    pub(super) fn settle(&self, longest: Duration) {
        let start = Instant::now();
        while start.elapsed() < longest {
            let before = self.cpu().unwrap_or_default();
            sleep(Duration::from_millis(500));
            if self.cpu().unwrap_or_default().saturating_sub(before) < QUIET {
                return;
            }
        }
    }

    /// Stops it and waits until it is gone.
    pub(super) fn stop(mut self) -> Outcome<()> {
        self.end();
        Ok(())
    }

    fn end(&mut self) {
        let Some(watch) = self.watch.take() else { return };
        let mut child = self.child.borrow_mut();
        // Asked first, so that it closes its database; made to when it does not answer.
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) && matches!(child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        let _ = child.wait();
        self.is_over.store(true, Ordering::Relaxed);
        let _ = watch.join();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

fn watch(id: u32, peak_kb: &Arc<AtomicU64>, is_over: &Arc<AtomicBool>) -> JoinHandle<()> {
    let (peak_kb, is_over) = (Arc::clone(peak_kb), Arc::clone(is_over));
    thread::spawn(move || {
        while !is_over.load(Ordering::Relaxed) {
            peak_kb.fetch_max(anonymous_kb(id).unwrap_or_default(), Ordering::Relaxed);
            sleep(LOOK);
        }
    })
}

fn anonymous_kb(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
