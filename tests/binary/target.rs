//! The target's directory: who has what, which calls came, and where calls are held.
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PROGRAM: &str = include_str!("target.sh");

/// A target system that is a directory.
#[derive(Debug, Clone)]
pub(crate) struct Target(PathBuf);

impl Target {
    /// Makes it inside `directory`.
    pub(crate) fn make(directory: &Path) -> Self {
        let target = Self(directory.join("target"));
        for part in ["access", "hold", "held"] {
            std::fs::create_dir_all(target.0.join(part)).unwrap();
        }
        std::fs::write(target.program(), PROGRAM).unwrap();
        let executable = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(target.program(), executable).unwrap();
        target
    }

    /// The program that changes it.
    pub(crate) fn program(&self) -> PathBuf {
        self.0.join("target.sh")
    }

    /// Its directory.
    pub(crate) fn directory(&self) -> &Path {
        &self.0
    }

    /// The resources that somebody has now.
    pub(crate) fn access(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.0.join("access")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Every call so far, as `grant h0-01`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.0.join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }

    /// Lets calls wait at `point` from now on.
    pub(crate) fn hold(&self, point: &str) {
        std::fs::write(self.0.join("hold").join(point), "").unwrap();
    }

    /// Lets calls go on, and waits until those that waited have.
    pub(crate) async fn release(&self) {
        for entry in std::fs::read_dir(self.0.join("hold")).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        while self.count_held() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // The last step after the wait is one system call.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    /// Waits until `count` calls wait.
    pub(crate) async fn wait_held(&self, count: usize) {
        while self.count_held() < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Calls that wait; one that was killed left its mark behind.
    fn count_held(&self) -> usize {
        let held = std::fs::read_dir(self.0.join("held")).unwrap();
        let is_running = |mark: &std::path::PathBuf| {
            let process = mark.extension().unwrap_or_default();
            Path::new("/proc").join(process).exists()
        };
        held.map(|entry| entry.unwrap().path()).filter(is_running).count()
    }
}
