//! What a demo has for a day: a directory of its own, and secrets that nobody knows tomorrow.
use crate::ids;
use anyhow::Context;
use ring::rand::{SecureRandom, SystemRandom};
use std::path::{Path, PathBuf};

/// A directory of its own that is gone afterwards.
pub(super) struct Home(PathBuf);

impl Home {
    pub(super) fn make() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("hallpass-demo-{}", ids::fresh()));
        std::fs::create_dir(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes the company's configuration; returns the service file's path.
    pub(super) fn keep(&self, files: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
        for (name, text) in files {
            std::fs::write(self.0.join(name), text).with_context(|| format!("writing {name}"))?;
        }
        Ok(self.0.join("hallpass.toml"))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the demo's files stay behind"
            );
        }
    }
}

/// A secret of a day.
pub(super) fn random_hex() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| anyhow::anyhow!("no randomness"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
