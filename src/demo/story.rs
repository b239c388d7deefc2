//! The ends of the demo's stories that are alike on chat and by email: the access is used, and in the
//! end the target itself is read.
use super::target::Target;
use super::teller::Teller;
use anyhow::{bail, ensure};

/// The user and the password that Ana is shown, where the target makes a login.
pub(super) type Login = (String, String);

/// Uses what was given: logs in and counts, or reads the file where there is no login.
pub(super) async fn use_access(
    target: &Target,
    teller: &mut Teller<'_>,
    login: Option<&Login>,
) -> anyhow::Result<()> {
    match login {
        Some((user, password)) => {
            teller.now("Ana logs in to PostgreSQL");
            let failed = target.count_failed(user, password).await?;
            ensure!(failed == 10, "{failed} failed payments instead of 10");
            teller.step(&format!("Ana logs in as {user} and finds {failed} failed payments."))
        }
        None => {
            let lines = target.lines().await?;
            ensure!(lines.len() == 1, "the file says {lines:?}");
            teller.step(&format!("The file says: {}.", lines.join("; ")))
        }
    }
}

/// Reads that the target holds what it did `before`, and that the login opens nothing any more.
pub(super) async fn read_target(
    target: &Target,
    teller: &mut Teller<'_>,
    before: &[String],
    login: Option<&Login>,
) -> anyhow::Result<()> {
    teller.now("reading the target");
    let after = target.lines().await?;
    ensure!(after == before, "the target holds what it did not before: {after:?}");
    if let Some((user, password)) = login
        && target.count_failed(user, password).await.is_ok()
    {
        bail!("{user} can still log in");
    }
    teller.step(match login {
        Some(_) => "The target, read directly: the role is gone and its password opens nothing.",
        None => "The target, read directly: nothing is in the file any more.",
    })
}
