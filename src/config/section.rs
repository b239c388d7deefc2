//! One table of a TOML file, read key by key.
//!
//! Every key that is asked for becomes a known one; [`Section::finish`] reports the rest. A value of
//! the wrong type is reported and reads as absent, so that one pass finds all that is wrong.
use super::mistake::{Place, Reading};
use super::words::{Label, advice, looks_like_secret, shown};
use crate::domain::duration;
use chrono::TimeDelta;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A TOML file's text.
pub(super) struct TextFile {
    /// The path as people gave it.
    pub(super) name: String,
    /// The directory that paths inside the file start from.
    pub(super) dir: PathBuf,
    text: String,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    /// The value.
    pub(super) value: T,
    /// Where it stands.
    pub(super) place: Place,
}

/// One table.
pub(super) struct Section<'a> {
    /// The pass that this reading belongs to.
    pub(super) reading: &'a Reading<'a>,
    file: &'a TextFile,
    table: &'a DeTable<'a>,
    header: usize,
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl TextFile {
    /// Reads the file; what keeps it from being read is reported at `at`.
    pub(super) fn open(path: &Path, reading: &Reading<'_>, at: Option<&Place>) -> Option<Self> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Some(Self::new(path, text)),
            Err(error) => {
                let whole = Place { file: name.clone(), line: None, key: String::new() };
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
                    std::io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
                    _ => format!("it cannot be read: {error}"),
                };
                match at {
                    Some(place) => reading.mistake(place, format!("{}: {why}", shown(&name))),
                    None => reading.mistake(&whole, why),
                }
                None
            }
        }
    }

    /// The file at `path` with this text.
    pub(super) fn new(path: &Path, text: String) -> Self {
        let dir = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let lines = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(newline, _)| newline + 1))
            .collect();
        Self { name: path.display().to_string(), dir, text, lines }
    }

    /// Hands the file's outermost table to `read`; false when the text is no TOML.
    pub(super) fn read(&self, reading: &Reading<'_>, read: impl FnOnce(&Section<'_>)) -> bool {
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        for error in &errors {
            let line = error.span().map(|span| self.line_at(span.start));
            let place = Place { file: self.name.clone(), line, key: String::new() };
            reading.mistake(&place, format!("this is not TOML: {}", error.message()));
        }
        if errors.is_empty() {
            let section = Section {
                reading,
                file: self,
                table: root.get_ref(),
                header: 0,
                path: String::new(),
                asked: RefCell::default(),
            };
            read(&section);
            section.finish();
        }
        errors.is_empty()
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }
}

impl<'a> Section<'a> {
    /// Where the table begins.
    pub(super) fn here(&self) -> Place {
        self.place_at(self.header, "")
    }

    /// Where `key` stands; the table's beginning when it is absent.
    pub(super) fn place(&self, key: &str) -> Place {
        let at = self.table.get_key_value(key).map_or(self.header, |(key, _)| key.span().start);
        self.place_at(at, key)
    }

    /// A path of the file, from the directory that the file is in.
    pub(super) fn path_from_here(&self, path: &str) -> PathBuf {
        self.file.dir.join(path)
    }

    /// Whether `key` is there at all.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// A text that is not empty.
    pub(super) fn text(&self, key: &'static str) -> Option<Found<&'a str>> {
        let value = self.get(key)?;
        self.as_text(value, self.place(key))
    }

    /// A text that must be there; `example` shows one.
    pub(super) fn needed_text(&self, key: &'static str, example: &str) -> Option<Found<&'a str>> {
        if !self.has(key) {
            self.missing(key, example);
        }
        self.text(key)
    }

    /// Reports that `key` must be there; `example` shows what it may be.
    pub(super) fn missing(&self, key: &'static str, example: &str) {
        let what = format!("missing; write for example `{key} = {example}`");
        self.reading.mistake(&self.place(key), what);
    }

    /// One text, or several in brackets; brackets with nothing in them are a mistake.
    pub(super) fn texts(&self, key: &'static str) -> Vec<Found<&'a str>> {
        if let Some(DeValue::Array(array)) = self.get(key).map(Spanned::get_ref)
            && array.is_empty()
        {
            self.reading.mistake(&self.place(key), "this list must not be empty");
        }
        self.texts_or_none(key)
    }

    /// One text, several in brackets, or brackets with nothing in them.
    pub(super) fn texts_or_none(&self, key: &'static str) -> Vec<Found<&'a str>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            return self.as_text(value, self.place(key)).into_iter().collect();
        };
        array
            .iter()
            .filter_map(|entry| self.as_text(entry, self.place_at(entry.span().start, key)))
            .collect()
    }

    /// `true` or `false`; `default` when absent.
    pub(super) fn yes_or_no(&self, key: &'static str, default: bool) -> bool {
        let Some(value) = self.get(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(value, &self.place(key), "true or false, without quotes");
            default
        })
    }

    /// One of these words; `None` when absent or another word.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let word = self.text(key)?;
        let found = choices.iter().find(|(name, _)| *name == word.value);
        if found.is_none() {
            let advice = advice(word.value, choices.iter().map(|(name, _)| *name), Label::Allowed);
            self.reading
                .mistake(&word.place, format!("{} is not known here{advice}", shown(word.value)));
        }
        found.map(|(_, choice)| *choice)
    }

    /// A length of time.
    pub(super) fn duration(&self, key: &'static str) -> Option<Found<TimeDelta>> {
        self.text(key).and_then(|text| self.as_duration(&text))
    }

    /// Several lengths of time.
    pub(super) fn durations(&self, key: &'static str) -> Vec<Found<TimeDelta>> {
        self.texts(key).iter().filter_map(|text| self.as_duration(text)).collect()
    }

    /// The word or the whole number at `key`, as it is written; `wanted` says what may stand there.
    pub(super) fn word_or_number(&self, key: &'static str, wanted: &str) -> Option<Found<String>> {
        let value = self.get(key)?;
        let place = self.place(key);
        match value.get_ref() {
            DeValue::Integer(number) => Some(Found { value: number.to_string(), place }),
            DeValue::String(_) => {
                let text = self.as_text(value, place)?;
                Some(Found { value: text.value.to_owned(), place: text.place })
            }
            _ => {
                self.wrong_type(value, &place, wanted);
                None
            }
        }
    }

    /// The table at `key`.
    pub(super) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        let value = self.get(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type(
                value,
                &self.place(key),
                &format!("a table, `[{}]`", self.path_to(key)),
            );
            return None;
        };
        Some(self.inner(key, table, value.span().start))
    }

    /// The tables at `key`, in file order.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let wanted = format!("tables, each beginning with `[[{}]]`", self.path_to(key));
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_type(value, &self.place(key), &wanted);
            return Vec::new();
        };
        array
            .iter()
            .filter_map(|entry| match entry.get_ref() {
                DeValue::Table(table) => Some(self.inner(key, table, entry.span().start)),
                _ => {
                    let place = self.place_at(entry.span().start, key);
                    self.wrong_type(entry, &place, &wanted);
                    None
                }
            })
            .collect()
    }

    /// The texts of the table at `key`, whatever their keys: `ana = "ana_t"`.
    pub(super) fn text_table(&self, key: &'static str) -> Vec<(Found<&'a str>, Found<&'a str>)> {
        let Some(section) = self.section(key) else { return Vec::new() };
        let entry = |(name, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name: &'a std::borrow::Cow<'a, str> = name.get_ref();
            let place = section.place(name);
            let text = section.as_text(value, place.clone())?;
            Some((Found { value: name.as_ref(), place }, text))
        };
        section.table.iter().filter_map(entry).collect()
    }

    /// What was read from this table. Nothing is dropped unseen: where it is absent and no mistake
    /// says why, that is a mistake itself.
    pub(super) fn kept<T>(&self, read: Option<T>) -> Option<T> {
        if read.is_none() && self.reading.is_clean() {
            self.reading.mistake(&self.here(), "this table could not be read");
        }
        read
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().map(|key| key.get_ref().as_ref()) {
            if asked.contains(key) {
                continue;
            }
            let file_key = format!("{key}_file");
            let what = if asked.contains(file_key.as_str()) {
                format!(
                    "a secret does not belong in this file; put it into a file of its own that only \
                     Hallpass can read and write `{file_key} = \"that file\"`"
                )
            } else {
                format!("unknown key{}", advice(key, asked.iter().copied(), Label::Allowed))
            };
            self.reading.mistake(&self.place(key), what);
        }
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    fn inner(&self, key: &str, table: &'a DeTable<'a>, header: usize) -> Section<'a> {
        Section {
            reading: self.reading,
            file: self.file,
            table,
            header,
            path: self.path_to(key),
            asked: RefCell::default(),
        }
    }

    fn path_to(&self, key: &str) -> String {
        let key = if looks_like_secret(key) { "(not shown)" } else { key };
        match (self.path.as_str(), key) {
            ("", key) => key.to_owned(),
            (path, "") => path.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    fn place_at(&self, offset: usize, key: &str) -> Place {
        Place {
            file: self.file.name.clone(),
            line: Some(self.file.line_at(offset)),
            key: self.path_to(key),
        }
    }

    fn as_text(&self, value: &'a Spanned<DeValue<'a>>, place: Place) -> Option<Found<&'a str>> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(value, &place, "a text in quotes");
            return None;
        };
        if text.trim().is_empty() {
            self.reading.mistake(&place, "this text must not be empty");
            return None;
        }
        if text.chars().any(char::is_control) {
            self.reading.mistake(&place, "this text must be one line without control characters");
            return None;
        }
        Some(Found { value: text, place })
    }

    fn as_duration(&self, text: &Found<&str>) -> Option<Found<TimeDelta>> {
        match duration::parse(text.value) {
            Ok(value) => Some(Found { value, place: text.place.clone() }),
            Err(error) => {
                let what = format!("{} is no duration: {error}", shown(text.value));
                self.reading.mistake(&text.place, what);
                None
            }
        }
    }

    fn wrong_type(&self, value: &Spanned<DeValue<'_>>, place: &Place, wanted: &str) {
        let is = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a number with a point",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.reading.mistake(place, format!("this must be {wanted}, not {is}"));
    }
}
