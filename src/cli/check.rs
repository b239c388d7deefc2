//! `hallpass check`: the configuration's mistakes, or what it holds when there are none.
//!
//! Ends with 1 on a mistake and 0 otherwise; warnings are printed and do not count.
use super::Check;
use crate::config::{self, Config, Mistakes, SecretForm};
use std::io::Write;
use std::process::ExitCode;

/// Reads the configuration and writes the report.
pub(super) fn run(check: &Check, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let path = &check.at.config;
    let report = if check.without_secrets {
        config::load_without_secrets(path).map(|config| summary(&config))
    } else {
        config::load(path).map(|config| summary(&config))
    };
    match report {
        Ok(summary) => {
            let secrets = if check.without_secrets { ", secrets not looked at" } else { "" };
            writeln!(out, "{summary}{}: no mistakes{secrets}", path.display())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(mistakes) => refuse(&mistakes, out),
    }
}

/// Writes what is wrong; the program ends with 1.
pub(super) fn refuse(mistakes: &Mistakes, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    writeln!(out, "{mistakes}")?;
    Ok(ExitCode::FAILURE)
}

/// Warnings, then one line for each thing with the number of them.
fn summary<S: SecretForm>(config: &Config<S>) -> String {
    let policy = &config.policy;
    let warnings = config.warnings.iter().map(|w| format!("{}: warning: {}\n", w.place, w.what));
    let left = policy.directory.people.values().filter(|person| !person.is_active).count();
    let counts = [
        (policy.directory.people.len() - left, "person", "people"),
        (left, "person who left", "people who left"),
        (policy.directory.admins().count(), "admin", "admins"),
        (policy.directory.groups.len(), "group", "groups"),
        (policy.catalog.integrations.len(), "integration", "integrations"),
        (policy.catalog.resources.len(), "resource listed by hand", "resources listed by hand"),
        (policy.catalog.bundles.len(), "bundle", "bundles"),
        (policy.flows.len(), "flow", "flows"),
    ];
    let counts = counts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count:>5} {}\n", if *count == 1 { one } else { many }));
    warnings.chain(counts).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// How the program ends, and what it wrote.
    fn run(words: &[&str]) -> (String, String) {
        let mut out = Vec::new();
        let words = ["hallpass", "check"].iter().chain(words).map(Into::into);
        let code = crate::cli::run(words, &mut out).unwrap();
        (format!("{code:?}"), String::from_utf8(out).unwrap())
    }

    fn ended_with(code: u8) -> String {
        format!("{:?}", std::process::ExitCode::from(code))
    }

    #[test]
    fn the_example_passes_where_there_are_no_secrets() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = root.join("examples/hallpass.toml").display().to_string();

        let (code, said) = run(&["--without-secrets", "--config", &path]);

        assert_eq!(code, ended_with(0));
        insta::assert_snapshot!(said.replace(&path, "hallpass.toml"), @"
        6 people
        2 admins
        5 groups
        3 integrations
        5 resources listed by hand
        2 bundles
        7 flows
    hallpass.toml: no mistakes, secrets not looked at
    ");
    }

    #[test]
    fn a_mistake_ends_it_with_1() {
        let (code, said) = run(&["--config", "no/such/hallpass.toml"]);

        assert_eq!(code, ended_with(1));
        assert_eq!(said, "no/such/hallpass.toml: there is no such file\n1 mistake\n");
    }
}
