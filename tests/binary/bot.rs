//! `hallpass` as a child process: its files, its environment, its log, its end.
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// Longest start; the machine may be busy with many of them.
const START: Duration = Duration::from_secs(60);

/// Where a bot's files are, and what its environment holds.
#[derive(Debug, Clone)]
pub(crate) struct Installation {
    pub(crate) directory: PathBuf,
    pub(crate) environment: BTreeMap<String, String>,
}

/// A running `hallpass serve`; killed when it is dropped.
pub(crate) struct Bot {
    child: Child,
    pub(crate) url: String,
    log: Arc<Mutex<String>>,
}

impl Installation {
    /// A file of the configuration.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Replaces a text in a file of the configuration.
    pub(crate) fn edit(&self, name: &str, old: &str, new: &str) {
        let path = self.file(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{name} has no {old:?}");
        std::fs::write(path, text.replace(old, new)).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
        command.args(words).arg("--config").arg(self.file("hallpass.toml"));
        command.env_clear().envs(&self.environment).current_dir(&self.directory);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs a command to its end; fails when it does not come.
    pub(crate) async fn run(&self, words: &[&str]) -> Output {
        let ran = tokio::time::timeout(START, self.command(words).output());
        ran.await.expect("the command ends").unwrap()
    }

    /// Every row of the audit, after its chain was verified.
    pub(crate) async fn audit(&self) -> Vec<Value> {
        let verified = self.run(&["audit", "verify"]).await;
        assert!(verified.status.success(), "{}", said(&verified));
        let exported = self.run(&["audit", "export"]).await;
        assert!(exported.status.success(), "{}", said(&exported));
        let rows = String::from_utf8(exported.stdout).unwrap();
        rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect()
    }

    /// Starts the bot and waits until it serves.
    pub(crate) async fn start(&self) -> Bot {
        let mut child =
            self.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (found, address) = oneshot::channel();
        let lines = BufReader::new(child.stderr.take().unwrap());
        tokio::spawn(keep(lines, Arc::clone(&log), found));
        let address = tokio::time::timeout(START, address).await;
        let Ok(Ok(address)) = address else {
            panic!("the bot did not start: {}", log.lock().unwrap());
        };
        Bot { child, url: format!("http://{address}"), log }
    }
}

/// Keeps every line of the log and reports the address when it is told.
async fn keep(
    lines: BufReader<tokio::process::ChildStderr>,
    log: Arc<Mutex<String>>,
    found: oneshot::Sender<String>,
) {
    let (mut lines, mut found) = (lines.lines(), Some(found));
    while let Ok(Some(line)) = lines.next_line().await {
        let entry: Value = serde_json::from_str(&line).unwrap_or_default();
        if entry["message"] == "hallpass is running"
            && let Some(found) = found.take()
        {
            let _ = found.send(entry["address"].as_str().unwrap_or_default().to_owned());
        }
        let mut log = log.lock().unwrap();
        log.push_str(&line);
        log.push('\n');
    }
}

impl Bot {
    /// Everything it logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// `127.0.0.1:port`.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Ends it as a power cut does: nothing is flushed, nobody is told.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Tells it to stop; how it ended and after how long.
    pub(crate) async fn terminate(mut self) -> (ExitStatus, Duration) {
        let since = Instant::now();
        self.signal(Signal::TERM);
        let ended = tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await;
        (ended.expect("it ends").unwrap(), since.elapsed())
    }

    /// Sends it a signal and goes on.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        kill_process(pid.unwrap(), signal).unwrap();
    }

    /// Its resident memory in KiB: now, and the most there ever was.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = Path::new("/proc").join(self.child.id().unwrap().to_string()).join("status");
        let status = std::fs::read_to_string(status).unwrap();
        let of = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        (of("VmRSS:"), of("VmHWM:"))
    }
}

/// What a command wrote, both ways.
pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}
