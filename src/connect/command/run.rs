//! One run of the program: started, fed, listened to, and ended when its time is up.
use super::super::{Again, Fault};
use super::CommandTarget;
use super::answer::{self, Answer};
use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// More than a list of 500,000 resources; a program in a loop is stopped there.
const LONGEST_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// As much of standard error as is kept, from its end.
const KEPT_ERROR_BYTES: usize = 4 * 1024;
/// As much of a line as people will read.
const LONGEST_MESSAGE: usize = 300;
/// What the program gets from our own environment.
const PASSED_ON: [&str; 3] = ["PATH", "HOME", "LANG"];

/// The program and how it is run.
pub(super) struct Program {
    name: String,
    arguments: Vec<String>,
    environment: BTreeMap<String, SecretString>,
    directory: PathBuf,
    limit: Duration,
    turns: Semaphore,
}

/// What one run left.
struct Ran {
    status: ExitStatus,
    written: Vec<u8>,
    errors: Vec<u8>,
}

impl Program {
    pub(super) fn new(target: CommandTarget) -> Result<Self, Fault> {
        let mut words = target.argv.into_iter();
        let name = words.next().filter(|name| !name.is_empty());
        Ok(Self {
            name: name.ok_or_else(|| Fault::lasting("argv names no program"))?,
            arguments: words.collect(),
            environment: target.environment,
            directory: target.directory.unwrap_or_else(|| PathBuf::from("/")),
            limit: target.limit,
            turns: Semaphore::new(target.calls_at_once.max(1)),
        })
    }

    /// Runs the program for one call.
    pub(super) async fn ask<A: Answer>(&self, call: &Value) -> Result<A, Fault> {
        let _turn = self.turns.acquire().await.map_err(|_| Fault::passing("shutting down"))?;
        let ran = self.run(call).await?;
        let answered = answer::read(&ran.written);
        match (ran.status.success(), answered) {
            (_, Some(Err(fault))) => Err(self.presentable(fault)),
            (true, Some(Ok(answer))) => Ok(answer),
            (true, None) => Err(Fault::lasting("the program's answer is not as agreed")),
            (false, _) => Err(self.presentable(Fault::passing(format!(
                "the program failed with {}: {}",
                ran.status,
                last_line(&ran.errors)
            )))),
        }
    }

    async fn run(&self, call: &Value) -> Result<Ran, Fault> {
        let mut child = self.start()?;
        let mut group = Group::of(&child);
        let (Some(input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Fault::passing("the program has no pipes"));
        };
        let call = call.to_string();
        let work = async {
            let (status, (), written, errors) = tokio::try_join!(
                async { child.wait().await.map_err(|error| lost(&error)) },
                async { feed(input, &call).await.map_err(|error| lost(&error)) },
                listen(output),
                async { end_of(errors).await.map_err(|error| lost(&error)) },
            )?;
            Ok(Ran { status, written, errors })
        };
        let ran = timeout(self.limit, work).await.unwrap_or_else(|_| {
            Err(Fault::passing(format!("the program took longer than {:?}", self.limit)))
        })?;
        group.disarm();
        Ok(ran)
    }

    fn start(&self) -> Result<Child, Fault> {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments).current_dir(&self.directory).env_clear();
        let ours = PASSED_ON.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.envs(ours);
        command.envs(self.environment.iter().map(|(name, value)| (name, value.expose_secret())));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true);
        command.spawn().map_err(|error| {
            let text = format!("cannot start {:?}: {error}", self.name);
            match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Fault::lasting(text),
                _ => Fault::passing(text),
            }
        })
    }

    /// The fault with a message that admins may see: one line, and nothing of the environment's values.
    fn presentable(&self, fault: Fault) -> Fault {
        let mut message = fault.message;
        for value in self.environment.values() {
            let value = value.expose_secret();
            if !value.is_empty() {
                message = message.replace(value, "…");
            }
        }
        let message = message.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect();
        Fault { again: fault.again, message }
    }
}

/// The processes of one run, killed together unless all of them ended in order.
struct Group(Option<Pid>);

impl Group {
    /// The group that the child leads. It stays the child's as long as one of its members lives, which
    /// holds whenever we kill: the child is not reaped, or something of it still holds a pipe.
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }

    fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // It may have ended in this moment.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

fn lost(error: &io::Error) -> Fault {
    Fault { again: Again::Retry(None), message: format!("lost the program: {error}") }
}

/// Writes the call; a program that answers without reading is welcome to.
async fn feed(mut input: ChildStdin, call: &str) -> io::Result<()> {
    let fed = async {
        input.write_all(call.as_bytes()).await?;
        input.write_all(b"\n").await?;
        input.shutdown().await
    };
    match fed.await {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

async fn listen(output: impl AsyncRead + Unpin) -> Result<Vec<u8>, Fault> {
    let mut written = Vec::new();
    let most = u64::try_from(LONGEST_ANSWER_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    output.take(most).read_to_end(&mut written).await.map_err(|error| lost(&error))?;
    if written.len() > LONGEST_ANSWER_BYTES {
        return Err(Fault::lasting(format!(
            "the program wrote more than {LONGEST_ANSWER_BYTES} bytes"
        )));
    }
    Ok(written)
}

/// Reads to the end and keeps the last of it.
async fn end_of(mut errors: impl AsyncRead + Unpin) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut piece = [0; KEPT_ERROR_BYTES];
    loop {
        let read = errors.read(&mut piece).await?;
        if read == 0 {
            return Ok(kept);
        }
        kept.extend(piece.iter().take(read));
        kept.drain(..kept.len().saturating_sub(KEPT_ERROR_BYTES));
    }
}

fn last_line(errors: &[u8]) -> String {
    let text = String::from_utf8_lossy(errors);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or("it did not say why").to_owned()
}
