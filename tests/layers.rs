//! Who may use whom, read from the source, and the rules of the house that no lint knows.
//!
//! The table is ARCHITECTURE.md's. To let a layer use another one, change both.
#[path = "layers/source.rs"]
mod source;

use source::{Token, crate_paths, tokens};
use std::fs;
use std::path::{Path, PathBuf};

/// What one layer may use besides itself and, except for the domain, [`SHARED`].
struct Layer {
    name: &'static str,
    may_use: &'static [&'static str],
    but_not: &'static [&'static str],
}

const fn layer(name: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer { name, may_use, but_not: &[] }
}

/// Used by all but the domain.
const SHARED: &[&str] = &["clock", "health", "ids", "telemetry"];

/// Stands for every layer.
const ALL: &str = "*";

const LAYERS: &[Layer] = &[
    layer("domain", &[]),
    layer("clock", &[]),
    layer("health", &[]),
    layer("ids", &[]),
    layer("telemetry", &[]),
    layer("token", &[]),
    layer("config", &["domain"]),
    layer("store", &["domain"]),
    layer("show", &["domain"]),
    layer("connect", &["domain"]),
    layer("app", &["store", "domain"]),
    layer("chat", &["app", "show", "domain", "token"]),
    // Of chat only the trait: a worker does not know which platform it speaks to.
    Layer {
        name: "work",
        may_use: &[
            "app",
            "chat",
            "connect",
            "show",
            "store::outbox",
            "store::Card",
            "store::Tx",
            "domain",
        ],
        but_not: &["chat::slack", "chat::teams", "chat::mail"],
    },
    layer("http", &["chat", "app", "show", "domain", "token"]),
    layer("bot", &[ALL]),
    layer("cli", &[ALL]),
    layer("demo", &[ALL]),
    layer("main", &[ALL]),
];

/// Crates that may be named in some layers only.
const FOREIGN: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "connect", "cli", "demo"]),
    (
        "tokio",
        &[
            "store", "app", "chat", "health", "work", "connect", "http", "token", "bot", "cli",
            "demo", "main",
        ],
    ),
];

/// Longest file of `src`, in lines.
const LONGEST_FILE: usize = 500;

/// A rule that is broken: file, line, what is wrong.
type Broken = (String, usize, String);

/// One file of `src`.
struct Source {
    /// From the repository's root, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The module that the file is; the root is empty, and the binary is `main`.
    fn module(&self) -> Vec<String> {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
        match module.pop().as_deref() {
            None | Some("mod" | "lib") => {}
            // Included by path as the `tests` module of the file it is named after.
            Some(tests) if tests.ends_with("_tests") => {
                module.extend([tests.trim_end_matches("_tests").to_owned(), "tests".to_owned()]);
            }
            Some(name) => module.push(name.to_owned()),
        }
        module
    }

    fn layer(&self) -> String {
        self.module().into_iter().next().unwrap_or_default()
    }

    fn broken(&self, line: usize, what: String) -> Broken {
        (self.path.clone(), line, what)
    }
}

/// Whether `path` is `rule` or lies inside it.
fn is_inside(path: &[String], rule: &str) -> bool {
    rule == ALL
        || rule.split("::").enumerate().all(|(n, part)| path.get(n).is_some_and(|p| p == part))
}

/// Uses of other layers that the table does not allow.
fn wrong_uses(source: &Source, found: &[Token]) -> Vec<Broken> {
    let name = source.layer();
    if name.is_empty() {
        return Vec::new();
    }
    let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
        return vec![source.broken(1, format!("`{name}` is no layer of tests/layers.rs"))];
    };
    let shared = if name == "domain" { &[] } else { SHARED };
    let is_allowed = |path: &[String]| {
        let is_listed = layer.may_use.iter().chain(shared).any(|rule| is_inside(path, rule));
        let is_barred = layer.but_not.iter().any(|rule| is_inside(path, rule));
        is_inside(path, &name) || (is_listed && !is_barred)
    };
    let also = (name == "main").then_some("hallpass");
    crate_paths(found, &source.module(), also)
        .into_iter()
        .filter(|path| !is_allowed(&path.segments))
        .map(|path| {
            let used = path.segments.join("::");
            source.broken(path.line, format!("`{name}` may not use `crate::{used}`"))
        })
        .collect()
}

/// Words that do not belong where they stand.
fn wrong_words(source: &Source, found: &[Token]) -> Vec<Broken> {
    let layer = source.layer();
    let text = |at: usize| found.get(at).map_or("", |token| token.text.as_str());
    let mut broken = Vec::new();
    for (at, token) in found.iter().enumerate() {
        let word = token.text.as_str();
        let is_clock_read = matches!(word, "Utc" | "Local" | "SystemTime")
            && text(at + 1) == "::"
            && text(at + 2) == "now";
        let is_print = matches!(word, "println" | "print") && text(at + 1) == "!";
        let is_foreign = FOREIGN.iter().any(|(name, layers)| {
            *name == word && text(at + 1) == "::" && !layers.contains(&layer.as_str())
        });
        let is_async = layer == "domain" && matches!(word, "async" | "await");
        let what = if is_clock_read && layer != "clock" {
            "only src/clock.rs reads the clock; take `now` as a parameter"
        } else if is_print {
            "write to a given output, not with a print macro"
        } else if is_foreign {
            "this crate does not belong in this layer"
        } else if is_async {
            "the domain never awaits"
        } else {
            continue;
        };
        broken.push(source.broken(token.line, format!("`{word}`: {what}")));
    }
    broken
}

/// Files that are too long, or undescribed.
fn wrong_shape(source: &Source) -> Vec<Broken> {
    let lines = source.text.lines().count();
    let mut broken = Vec::new();
    if lines > LONGEST_FILE {
        broken.push(source.broken(lines, format!("more than {LONGEST_FILE} lines: split it")));
    }
    if !source.text.starts_with("//!") {
        broken.push(source.broken(1, "begin with `//!`: what this module is".to_owned()));
    }
    broken
}

/// Paths that exist on somebody's machine only.
fn machine_paths(path: &str, text: &str) -> Vec<Broken> {
    let roots =
        [["/ho", "me/"], ["/ro", "ot/"], ["/Us", "ers/"], ["/wo", "rk/"]].map(|p| p.concat());
    let is_start =
        |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || "._-~}*/".contains(c));
    let names_one = |line: &str| {
        roots.iter().any(|root| line.match_indices(root).any(|(at, _)| is_start(&line[..at])))
    };
    let numbered = text.lines().zip(1..).filter(|(line, _)| names_one(line));
    numbered.map(|(_, n)| (path.to_owned(), n, "names a path of one machine".to_owned())).collect()
}

/// Everything that is wrong with one file of `src`.
fn check(path: &str, text: &str) -> Vec<Broken> {
    let source = Source { path: path.to_owned(), text: text.to_owned() };
    let found = tokens(text);
    let mut broken = wrong_uses(&source, &found);
    broken.extend(wrong_words(&source, &found));
    broken.extend(wrong_shape(&source));
    broken
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file below `directory`, but for what is built or belongs to version control.
fn texts(directory: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let is_left_out = name.is_none_or(|n| {
            n.starts_with("target") || n.starts_with(".git") || n == "node_modules"
        });
        if is_left_out || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            found.extend(texts(&path)?);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let inside = path.strip_prefix(root()).unwrap_or(&path);
            found.push((inside.to_string_lossy().replace('\\', "/"), text));
        }
    }
    found.sort();
    Ok(found)
}

fn page(broken: &[Broken]) -> String {
    let line = |(path, line, what): &Broken| format!("{path}:{line}: {what}");
    broken.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_source_keeps_to_the_house() {
    let files = texts(&root().join("src")).unwrap();
    assert!(files.iter().any(|(path, _)| path == "src/domain/request.rs"), "the source was read");

    let broken: Vec<Broken> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .flat_map(|(path, text)| check(path, text))
        .collect();

    assert!(broken.is_empty(), "\n{}\n", page(&broken));
}

#[test]
fn nothing_names_a_path_of_one_machine() {
    let broken: Vec<Broken> =
        texts(&root()).unwrap().iter().flat_map(|(path, text)| machine_paths(path, text)).collect();

    assert!(broken.is_empty(), "\n{}\n", page(&broken));
}

/// The guard can fail: each text breaks one rule, in the line that is named; or none.
#[rstest::rstest]
#[case("domain/plan.rs", "use crate::store::Tx;", "1 store::Tx")]
#[case("domain/plan.rs", "use crate::clock::Clock;", "1 clock::Clock")]
#[case("domain/plan.rs", "use super::id::PersonId;\nuse crate::domain::flow::Flow;", "")]
#[case("domain/plan.rs", "use super::super::store::Tx;", "1 store::Tx")]
#[case("domain/plan.rs", "use super::{id, super::app};", "1 app")]
#[case("domain/plan_tests.rs", "use super::super::id;\nuse super::super::super::app;", "2 app")]
#[case(
    "domain/plan.rs",
    "mod tests {\n use super::super::id;\n use super::super::super::app;\n}",
    "3 app"
)]
#[case("domain/plan.rs", "mod a { mod b {} }\nuse super::super::app;", "2 app")]
#[case(
    "store/db.rs",
    "use crate::{\n domain::id,\n clock::Clock,\n app::{submit, decide as d},\n};",
    "4 app::submit, 4 app::decide"
)]
#[case("store/db.rs", "fn f() { crate::show::words::<u8>(); }", "1 show::words")]
#[case("store/db.rs", "pub(crate) fn f() {}\npub(in crate::store) fn g() {}", "")]
#[case("store/db.rs", "use crate::*;", "1 *")]
#[case("store/db.rs", "use crate as all;", "1 ")]
#[case("store/db.rs", "use crate::{self as all};", "1 ")]
#[case("store/db.rs", "macro_rules! m { () => { $crate::app::act() } }", "1 app::act")]
#[case(
    "store/db.rs",
    "// use crate::app;\n/* crate::app /* crate::app */ crate::app */\nconst A: &str = \"crate::app\";",
    ""
)]
#[case(
    "store/db.rs",
    "const A: &str = r#\"\" crate::app \"#; const B: char = '\"'; use crate::app;",
    "1 app"
)]
#[case(
    "store/db.rs",
    "fn f<'a>(c: &'a str) -> &'a str { crate::app::x(c, '\\'', b'\\\\') }",
    "1 app::x"
)]
#[case("app/submit.rs", "use crate::store::Tx;\nuse crate::chat::Messenger;", "2 chat::Messenger")]
#[case("show/limits.rs", "use crate::app::App;", "1 app::App")]
#[case("connect/postgres.rs", "use crate::store::Tx;", "1 store::Tx")]
#[case("config/mod.rs", "use crate::domain::flow::Flow;\nuse crate::store::Tx;", "2 store::Tx")]
#[case("chat/slack/inbound.rs", "use crate::app::App;\nuse crate::store::Tx;", "2 store::Tx")]
#[case("chat/slack/inbound.rs", "use crate::http::Router;", "1 http::Router")]
#[case(
    "work/outbox.rs",
    "use crate::store::outbox::claim;\nuse crate::store::requests;",
    "2 store::requests"
)]
#[case("work/effects.rs", "use crate::chat::{Messenger, slack::send};", "1 chat::slack::send")]
#[case("http/router.rs", "use crate::chat::slack::verify;\nuse crate::work::run;", "2 work::run")]
#[case("clock.rs", "use crate::domain::id;", "1 domain::id")]
#[case("cli/mod.rs", "use crate::{store, http, demo};", "")]
#[case("demo/mod.rs", "use crate::chat::slack::send;", "")]
#[case("main.rs", "use hallpass::cli::run;", "")]
#[case("lib.rs", "pub mod domain;", "")]
fn the_table_is_kept(#[case] path: &str, #[case] text: &str, #[case] expected: &str) {
    let source = Source { path: format!("src/{path}"), text: text.to_owned() };

    let broken: Vec<String> = wrong_uses(&source, &tokens(text))
        .iter()
        .map(|(_, line, what)| {
            let used = what.split("`crate::").nth(1).unwrap().trim_end_matches('`');
            format!("{line} {used}")
        })
        .collect();

    assert_eq!(broken.join(", "), expected);
}

#[test]
fn a_folder_that_is_no_layer_is_named() {
    let broken = check("src/helpers/mod.rs", "//! Help.\n");

    assert_eq!(page(&broken), "src/helpers/mod.rs:1: `helpers` is no layer of tests/layers.rs");
}

#[rstest::rstest]
#[case("src/app/submit.rs", "let now = Utc::now();", true)]
#[case("src/app/submit.rs", "let now = chrono::Utc :: now();", true)]
#[case("src/app/submit.rs", "let now = std::time::SystemTime::now();", true)]
#[case("src/app/submit.rs", "let now = Local::now();", true)]
#[case("src/app/submit.rs", "let began = Instant::now();", false)]
#[case("src/app/submit.rs", "let now = clock.now(); // not Utc::now()", false)]
#[case("src/clock.rs", "let now = Utc::now();", false)]
#[case("src/cli/mod.rs", "println!(\"x\");", true)]
#[case("src/cli/mod.rs", "print! (\"x\");", true)]
#[case("src/cli/mod.rs", "writeln!(out, \"println!\")?;", false)]
#[case("src/http/mod.rs", "use sqlx::Row;", true)]
#[case("src/store/db.rs", "use sqlx::Row;", false)]
#[case("src/domain/plan.rs", "async fn f() {}", true)]
#[case("src/app/submit.rs", "async fn f() {}", false)]
fn words_stand_where_they_belong(#[case] path: &str, #[case] code: &str, #[case] is_wrong: bool) {
    let broken = check(path, &format!("//! A module.\n{code}\n"));

    let lines: Vec<usize> = broken.iter().map(|(_, line, _)| *line).collect();
    assert_eq!(lines, if is_wrong { vec![2] } else { vec![] }, "{}", page(&broken));
}

#[test]
fn long_and_undescribed_files_are_named() {
    let described = |lines: usize| "//! A line.\n".repeat(lines);
    let count = |path: &str, text: &str| check(path, text).len();

    assert_eq!(count("src/app/submit.rs", &described(LONGEST_FILE)), 0);
    assert_eq!(count("src/app/submit.rs", &described(LONGEST_FILE + 1)), 1);
    assert_eq!(count("src/app/submit.rs", "use std::fs;\n"), 1);
}

#[test]
fn paths_of_one_machine_are_named() {
    let home = ["/ho", "me/ana/x"].concat();
    let count = |line: &str| machine_paths("README.md", line).len();

    assert_eq!(count(&format!("cd {home}")), 1);
    assert_eq!(count(&format!("PATH=\"{home}\"")), 1);
    assert_eq!(count(&format!("https://example.com{home}")), 0);
    assert_eq!(count("views/home/index.html"), 0);
}
