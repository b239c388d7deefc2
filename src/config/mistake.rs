//! What is wrong with a configuration, and where: `flows.toml:12: flow.who: there is no person ...`.
//!
//! One pass over the files collects everything in a [`Reading`]; nothing stops at the first mistake.
//! No mistake carries a secret: values are shown through [`super::words::shown`] alone.
use std::cell::RefCell;
use std::fmt;

/// Where in the files something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as its path was given.
    pub file: String,
    /// The line, counted from 1; `None` where the file as a whole is meant.
    pub line: Option<usize>,
    /// The key, with the tables it is in: `flow.stage.of`. Empty where no key can be named.
    pub key: String,
}

/// One thing that is wrong or doubtful.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where it is.
    pub place: Place,
    /// What is wrong, what is allowed, and the nearest right word.
    pub what: String,
}

/// Everything that is wrong with a configuration, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Mistakes {
    /// What keeps the configuration from being used; never empty.
    pub mistakes: Vec<Mistake>,
    /// What is allowed and hardly meant.
    pub warnings: Vec<Mistake>,
}

/// One pass over the files: what it found, and where it looks for secrets besides files.
pub(super) struct Reading<'a> {
    mistakes: RefCell<Vec<Mistake>>,
    warnings: RefCell<Vec<Mistake>>,
    /// The variables of the environment.
    pub(super) environment: &'a dyn Fn(&str) -> Option<String>,
    /// Whether secrets and programs must be at hand, as they are where Hallpass runs.
    pub(super) is_at_home: bool,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        Ok(())
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for mistake in &self.mistakes {
            writeln!(f, "{mistake}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "{}: warning: {}", warning.place, warning.what)?;
        }
        match self.mistakes.len() {
            1 => write!(f, "1 mistake"),
            count => write!(f, "{count} mistakes"),
        }
    }
}

impl<'a> Reading<'a> {
    /// A pass that has found nothing yet.
    pub(super) fn new(environment: &'a dyn Fn(&str) -> Option<String>, is_at_home: bool) -> Self {
        Self { mistakes: RefCell::default(), warnings: RefCell::default(), environment, is_at_home }
    }

    /// Notes what keeps the configuration from being used.
    pub(super) fn mistake(&self, place: &Place, what: impl Into<String>) {
        let found = Mistake { place: place.clone(), what: what.into() };
        self.mistakes.borrow_mut().push(found);
    }

    /// Notes what is allowed and hardly meant.
    pub(super) fn warn(&self, place: &Place, what: impl Into<String>) {
        let found = Mistake { place: place.clone(), what: what.into() };
        self.warnings.borrow_mut().push(found);
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.mistakes.borrow().is_empty()
    }

    /// Everything found, file by file in the order of `files`, by line, each thing once.
    pub(super) fn finish(&self, files: &[String]) -> (Vec<Mistake>, Vec<Mistake>) {
        let rank = |found: &Mistake| {
            let file = files.iter().position(|file| *file == found.place.file);
            (file.unwrap_or(usize::MAX), found.clone())
        };
        let tidy = |mut found: Vec<Mistake>| {
            found.sort_by_key(rank);
            found.dedup();
            found
        };
        (tidy(self.mistakes.take()), tidy(self.warnings.take()))
    }
}
