//! A mail server that others wrote, in a process of its own; see `tests/real_post.py`.
use chrono::TimeDelta;
use hallpass::config::{Email, MailTls, Sender};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

/// The running server; it ends with this.
pub(crate) struct RealPost {
    port: u16,
    letters: mpsc::UnboundedReceiver<String>,
    _stdin: ChildStdin,
    _child: Child,
}

impl RealPost {
    /// Starts it; `None` where it is not installed.
    pub(crate) async fn open() -> Option<Self> {
        let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tools/python/bin/python");
        let installed = Command::new(&python).args(["-c", "import aiosmtpd"]).status().await;
        if !installed.is_ok_and(|status| status.success()) {
            crate::skipped::skipped("aiosmtpd (scripts/test installs it)");
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_post.py");
        let mut child = Command::new(&python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap().unwrap().parse().unwrap();
        // A server that cannot write what it took takes nothing more.
        let (taken, letters) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let _ = taken.send(line);
            }
        });
        Some(Self { port, letters, _stdin: child.stdin.take().unwrap(), _child: child })
    }

    /// How a bot reaches it.
    pub(crate) fn settings(&self) -> Email {
        let name = Some("Hällpass, Birch & Bell".to_owned());
        Email {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: MailTls::None,
            login: None,
            from: Sender { name, address: "access@example.com".to_owned() },
            after: TimeDelta::minutes(5),
            beside_chat: false,
        }
    }

    /// The next letter, as Python's mail library reads it.
    pub(crate) async fn letter(&mut self) -> Value {
        let letter = tokio::time::timeout(super::SOON, self.letters.recv()).await;
        serde_json::from_str(&letter.expect("a letter").unwrap()).unwrap()
    }
}
