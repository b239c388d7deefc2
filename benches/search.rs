//! How long searches take, over catalogues of 10,000, 100,000 and 1,000,000 resources.
//!
//! `cargo bench --bench search` prints, for each kind of query and for all of them, the median, the
//! 99th percentile and the slowest, in microseconds; how long counting all that match takes; and the
//! build time and bytes a resource. Names
//! and queries come from a fixed seed. The last catalogues' names are all different words with one or two
//! beginnings, the hardest for an index of words.
use hallpass::domain::search::{Allowed, Entry, Index, Query};
use std::error::Error;
use std::io::{Write, stdout};
use std::time::Instant;

const TEAMS: &[&str] = &[
    "payments",
    "orders",
    "billing",
    "catalog",
    "checkout",
    "fraud",
    "identity",
    "inventory",
    "ledger",
    "logistics",
    "marketing",
    "messaging",
    "notifications",
    "onboarding",
    "partners",
    "pricing",
    "profiles",
    "promotions",
    "refunds",
    "reporting",
    "returns",
    "risk",
    "search",
    "settlements",
    "shipping",
    "subscriptions",
    "support",
    "tax",
    "treasury",
    "warehouse",
    "analytics",
    "audit",
    "compliance",
    "customers",
    "devices",
    "documents",
    "events",
    "exports",
];
const THINGS: &[&str] = &[
    "archive",
    "api",
    "backup",
    "cache",
    "cluster",
    "core",
    "dashboard",
    "deploy",
    "events",
    "gateway",
    "history",
    "jobs",
    "logs",
    "metrics",
    "primary",
    "queue",
    "reader",
    "replica",
    "reports",
    "secrets",
    "service",
    "staging",
    "storage",
    "stream",
    "tokens",
    "users",
    "worker",
    "writer",
    "admin",
    "sandbox",
];
const STAGES: &[&str] = &["prod", "production", "staging", "dev", "test", "qa", "demo", "dr"];
const REGIONS: &[&str] = &["eu", "us", "ap", "eu-west-1", "us-east-1", "ap-south-1", "global"];
const SYLLABLES: &[&str] = &[
    "ka", "lo", "mer", "vin", "tor", "sa", "ri", "den", "qu", "bel", "nor", "fi", "gar", "ul",
    "hex", "zy", "pra", "ost", "em", "wil",
];
const PLACES: &[[&str; 3]] = &[
    ["prod-postgres", "Production PostgreSQL", "database"],
    ["prod-postgres", "Production PostgreSQL", "schema"],
    ["prod-postgres", "Production PostgreSQL", "role"],
    ["corp-ldap", "Company directory", "group"],
    ["aws-main", "AWS main account", "role"],
    ["aws-main", "AWS main account", "bucket"],
    ["okta", "Okta", "group"],
    ["github", "GitHub", "repository"],
    ["staging-postgres", "Staging PostgreSQL", "database"],
    ["kafka", "Kafka", "topic"],
];

/// A small generator of even numbers (SplitMix64); the seed makes runs alike.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let high = (mixed ^ (mixed >> 31)) >> 33;
        usize::try_from(high).unwrap_or_default() % bound.max(1)
    }

    fn of<T: Clone + Default>(&mut self, all: &[T]) -> T {
        all.get(self.below(all.len())).cloned().unwrap_or_default()
    }

    fn coined(&mut self) -> String {
        (0..2 + self.below(3)).map(|_| self.of(SYLLABLES)).collect()
    }

    /// A name as companies give them.
    fn name(&mut self, at: usize) -> String {
        let (team, thing, stage) = (self.of(TEAMS), self.of(THINGS), self.of(STAGES));
        match self.below(6) {
            0 => format!("{team}-{stage}-{}-{}", self.of(REGIONS), self.below(400)),
            1 => format!("{team}_{thing}_{}", 2009 + self.below(18)),
            2 => format!("team.{team}.{}.{thing}", self.coined()),
            3 => format!("{}-{thing}-{stage}", self.coined()),
            4 => format!("{team}/{}-{thing}-{at}", self.coined()),
            _ => format!("{} {thing} {}", self.coined(), self.of(REGIONS)),
        }
    }
}

/// A catalogue and the texts to look for in it.
struct Case {
    title: String,
    names: Vec<String>,
    places: Vec<[&'static str; 3]>,
}

impl Case {
    fn company(count: usize) -> Self {
        let mut dice = Dice(7);
        let names = (0..count).map(|at| dice.name(at)).collect();
        let places = (0..count).map(|_| dice.of(PLACES)).collect();
        Self { title: format!("{count} resources of a company"), names, places }
    }

    fn one_beginning(count: usize) -> Self {
        let names = (0..count).map(|at| format!("resource{at:07}")).collect();
        Self::plain(format!("{count} resources with one beginning"), names)
    }

    fn two_beginnings(count: usize) -> Self {
        let names =
            (0..count)
                .map(|at| {
                    if at < count / 2 { format!("app{at:07}") } else { format!("resource{at:07}") }
                })
                .collect();
        Self::plain(format!("{count} resources, half with one beginning, half another"), names)
    }

    fn plain(title: String, names: Vec<String>) -> Self {
        let places = vec![PLACES.first().copied().unwrap_or_default(); names.len()];
        Self { title, names, places }
    }

    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.names.iter().zip(&self.places).map(|(name, place)| Entry {
            id: name,
            name,
            place: *place,
        })
    }

    fn type_of(&self, entry: u32) -> Option<&str> {
        let place = usize::try_from(entry).ok().and_then(|at| self.places.get(at));
        place.map(|[_, _, kind]| *kind)
    }

    /// Texts of one kind.
    fn texts(&self, kind: Kind, dice: &mut Dice) -> Vec<String> {
        (0..200).map(|_| kind.text(&dice.of(&self.names), dice)).collect()
    }
}

/// What kind of text is typed.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Name,
    Beginning,
    Typing,
    OneLetter,
    TwoLetters,
    ThreeLetters,
    AnyOrder,
    NameAndPlace,
    Part,
    Misspelled,
    ManyWords,
    Common,
    Nothing,
    Long,
    Hostile,
}

const KINDS: &[Kind] = &[
    Kind::Name,
    Kind::Beginning,
    Kind::Typing,
    Kind::OneLetter,
    Kind::TwoLetters,
    Kind::ThreeLetters,
    Kind::AnyOrder,
    Kind::NameAndPlace,
    Kind::Part,
    Kind::Misspelled,
    Kind::ManyWords,
    Kind::Common,
    Kind::Nothing,
    Kind::Long,
    Kind::Hostile,
];

const HOSTILE: &[&str] = &[
    "\u{202e}\u{0}payments",
    "ﷺﷺﷺﷺ",
    "e\u{301}\u{301}\u{301}",
    "🏳️‍🌈",
    "İ",
    "%_'\";--",
    "支付数据库",
    "a\u{300}b\u{300}",
    "<!channel>",
    "\u{1f468}\u{200d}\u{1f469}",
    "ŉ",
    "ΐ",
];

fn part(text: &str, from: usize, letters: usize) -> String {
    text.chars().skip(from).take(letters).collect()
}

impl Kind {
    fn text(self, name: &str, dice: &mut Dice) -> String {
        let length = name.chars().count();
        let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
        let letters = |dice: &mut Dice, count: usize| {
            (0..count).map(|_| part("etaoinsrpdlu013", dice.below(15), 1)).collect::<String>()
        };
        match self {
            Self::Name => name.to_owned(),
            Self::Beginning => part(name, 0, 1 + dice.below(length)),
            Self::Typing => part(dice.of(&words), 0, 2 + dice.below(4)),
            Self::OneLetter => letters(dice, 1),
            Self::TwoLetters => letters(dice, 2),
            Self::ThreeLetters => part(name, dice.below(length.saturating_sub(2)), 3),
            Self::AnyOrder => format!("{} {}", dice.of(&words), part(dice.of(&words), 0, 3)),
            Self::NameAndPlace => {
                let place = dice.of(PLACES);
                format!("{name} {}", dice.of(&place))
            }
            Self::Part => part(name, dice.below(length), 3 + dice.below(8)),
            Self::Misspelled => {
                let at = dice.below(length);
                format!("{}{}{}", part(name, 0, at), letters(dice, 1), part(name, at + 1, length))
            }
            Self::ManyWords => (0..2 + dice.below(12))
                .map(|_| letters(dice, 1) + &letters(dice, 1) + " ")
                .collect(),
            Self::Common => {
                format!("{} {} {}", dice.of(STAGES), letters(dice, 1), dice.of(THINGS))
            }
            Self::Nothing => format!("{}xq{}", dice.coined(), dice.below(1000)),
            Self::Long => part(&format!("{name} {} ", letters(dice, 5)).repeat(300), 0, 3_000),
            Self::Hostile => dice.of(HOSTILE).repeat(1 + dice.below(200)),
        }
    }
}

/// Median, 99th percentile and slowest.
fn spread(mut micros: Vec<u128>) -> [u128; 3] {
    micros.sort_unstable();
    let at = |percent: usize| {
        micros.get((micros.len() * percent / 100).min(micros.len().saturating_sub(1)))
    };
    [at(50), at(99), micros.last()].map(|micros| micros.copied().unwrap_or_default())
}

fn row(kind: &str, micros: Vec<u128>) -> std::io::Result<()> {
    let [median, late, slowest] = spread(micros);
    writeln!(stdout(), "  {kind:<14}{median:>8}{late:>8}{slowest:>8}")
}

/// Makes sure that resources from all over the catalogue are found by their names.
fn check_names(case: &Case, index: &Index) {
    let allowed = index.allow(|_| true);
    for (text, entry) in case.names.iter().zip(0..).step_by(499) {
        let found = index.search(&Query { text, allowed: &allowed, boosted: &[], limit: 99 });
        assert!(found.hits.contains(&entry), "{text} is found");
    }
}

fn measure(case: &Case) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let index = Index::build(case.entries());
    let built = start.elapsed();
    writeln!(
        stdout(),
        "{}: built in {} ms, {} bytes a resource (names alone: {})",
        case.title,
        built.as_millis(),
        index.bytes() / index.len().max(1),
        case.names.iter().map(String::len).sum::<usize>() / case.names.len().max(1),
    )?;
    check_names(case, &index);
    let start = Instant::now();
    let some = index.allow(|entry| entry % 97 == 5);
    writeln!(
        stdout(),
        "  a set of allowed resources is made in {} ms",
        start.elapsed().as_millis()
    )?;
    let start = Instant::now();
    let types = index.mark(|entry| case.type_of(entry));
    let mut of_type = index.allow(|_| true);
    writeln!(stdout(), "  resources are marked by type in {} ms", start.elapsed().as_millis())?;
    types.keep("database", &mut of_type);
    let grants: [(&str, Allowed); 4] = [
        ("all allowed", index.allow(|_| true)),
        ("of one type", of_type),
        ("a third allowed", index.allow(|entry| entry % 3 == 0)),
        ("1 % allowed", some),
    ];
    for (title, allowed) in &grants {
        writeln!(stdout(), "  {title:<14}  median  99th %  slowest (µs)")?;
        let mut dice = Dice(11);
        let mut all = Vec::new();
        for &kind in KINDS {
            let micros: Vec<u128> = case
                .texts(kind, &mut dice)
                .iter()
                .map(|text| {
                    let start = Instant::now();
                    let found =
                        index.search(&Query { text, allowed, boosted: &[1, 2, 3], limit: 99 });
                    assert!(found.hits.len() <= 99, "never more than the limit");
                    start.elapsed().as_micros()
                })
                .collect();
            all.extend(&micros);
            row(&format!("{kind:?}"), micros)?;
        }
        row("all of them", all)?;
        count(case, &index, allowed)?;
    }
    Ok(())
}

/// Counts all that match, as the form does at every key.
fn count(case: &Case, index: &Index, allowed: &Allowed) -> Result<(), Box<dyn Error>> {
    let mut dice = Dice(11);
    let mut micros = Vec::new();
    for &kind in KINDS {
        for text in &case.texts(kind, &mut dice) {
            let start = Instant::now();
            let matching = index.matching(text, allowed).count();
            micros.push(start.elapsed().as_micros());
            assert!(matching <= allowed.count(), "never more than allowed");
        }
    }
    Ok(row("counting all", micros)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    for count in [10_000, 100_000, 1_000_000] {
        measure(&Case::company(count))?;
    }
    measure(&Case::one_beginning(1_000_000))?;
    measure(&Case::two_beginnings(1_000_000))
}
