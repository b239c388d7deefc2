//! What people type and what they find; the index against the plain way; and the sizes that the
//! catalogue may have.
mod oracle;

use super::{Entry, Found, Index, Query};
use proptest::prelude::*;
use proptest::sample::{Index as Pick, select};

/// An entry that owns its texts.
#[derive(Debug, Clone)]
struct Own {
    id: String,
    name: String,
    place: [String; 3],
}

fn own(id: &str, name: &str, place: [&str; 3]) -> Own {
    Own { id: id.to_owned(), name: name.to_owned(), place: place.map(str::to_owned) }
}

fn index(entries: &[Own]) -> Index {
    Index::build(entries.iter().map(|own| Entry {
        id: &own.id,
        name: &own.name,
        place: own.place.each_ref().map(String::as_str),
    }))
}

fn find(index: &Index, text: &str, limit: usize) -> Found {
    let allowed = index.allow(|_| true);
    index.search(&Query { text, allowed: &allowed, boosted: &[], limit })
}

/// A small company's.
fn company() -> Vec<Own> {
    let postgres = ["prod-postgres", "Production PostgreSQL", "database"];
    let ldap = ["corp-ldap", "Directory", "group"];
    [
        ("payments", postgres),
        ("payments-archive", postgres),
        ("orders", postgres),
        ("orders_archive_2019", postgres),
        ("eu-payments", postgres),
        ("Payments", ldap),
        ("team.billing.reader", ldap),
        ("Équipe Paiements", ldap),
        ("repayments", ldap),
        ("支付数据库", ldap),
        ("🚀", ldap),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (name, place))| own(&format!("id-{at}"), name, place))
    .collect()
}

#[test]
fn people_find_what_they_mean() {
    let entries = company();
    let index = index(&entries);
    let mut page = String::new();
    for text in [
        "payments",
        "Payments",
        "PAYMENTS ",
        "payments database",
        "directory payments",
        "pay",
        "archive orders",
        "ord 2019",
        "lling",
        "ng.rea",
        "ents-arch",
        "orders archve",
        "odrers",
        "equipe",
        "paiment",
        "数据",
        "🚀",
        "id-4",
        "postgresql pay",
        "nothing of that",
        "%';--",
    ] {
        let hits = find(&index, text, 99).hits;
        let names: Vec<&str> =
            hits.iter().map(|&hit| entries[hit as usize].name.as_str()).collect();
        page += &format!("{text:<18}-> {}\n", names.join(", "));
    }
    insta::assert_snapshot!(page);
}

#[test]
fn an_empty_text_lists_the_boosted_and_then_all_by_name() {
    let index = index(&company());
    let allowed = index.allow(|entry| entry != 2);

    let found = index.search(&Query {
        text: "  ",
        allowed: &allowed,
        boosted: &[6, 2, 99, 0, 6],
        limit: 5,
    });

    assert_eq!(found, Found { hits: vec![6, 0, 10, 7, 4], more: true, at_least: 6 });
}

#[test]
fn a_boosted_one_comes_after_the_exact_name() {
    let index = index(&company());
    let allowed = index.allow(|_| true);

    let boosted = &[4, 7];
    let found = index.search(&Query { text: "payments", allowed: &allowed, boosted, limit: 3 });

    assert_eq!(found, Found { hits: vec![0, 5, 4], more: true, at_least: 4 });
}

#[test]
fn sets_of_allowed_entries_combine() {
    let index = index(&company());
    let mut allowed = index.allow_none();

    allowed.add(&index.allow(|entry| entry < 5));
    allowed.add(&index.allow(|entry| entry == 8));
    allowed.keep(&index.allow(|entry| entry % 2 == 0));

    assert_eq!(allowed.count(), 4);
    let hits = index.search(&Query { text: "", allowed: &allowed, boosted: &[], limit: 9 }).hits;
    assert_eq!(hits, [4, 2, 0, 8]);
}

#[test]
fn marks_narrow_a_set_and_say_what_is_there() {
    let entries: Vec<Own> = (0..500)
        .map(|at| own(&at.to_string(), &format!("shard-{at}"), ["prod", "Production", "database"]))
        .collect();
    let index = index(&entries);
    let numbers: Vec<String> = (0..500).map(|at| format!("only-{at:03}")).collect();
    let marks = index.mark(|entry| {
        let kind = if entry % 2 == 0 { "even" } else { "odd" };
        [kind, numbers[entry as usize].as_str()]
    });

    let mut allowed = index.allow(|entry| entry < 10);
    marks.keep("odd", &mut allowed);
    assert_eq!(allowed.count(), 5);
    assert_eq!(marks.names().len(), 502);
    assert_eq!(
        marks.names_in(&allowed),
        ["odd", "only-001", "only-003", "only-005", "only-007", "only-009"]
    );
    let mut none = allowed.clone();
    marks.keep("neither", &mut none);
    assert_eq!(none.count(), 0);
    marks.keep("only-007", &mut allowed);
    assert_eq!(index.listed(&allowed, 9), [7]);
}

#[test]
fn every_one_of_many_with_one_beginning_is_found_by_its_name() {
    for count in [0_u32, 1, 100, 101, 5_000] {
        let place = ["prod", "Production", "database"];
        let entries: Vec<Own> =
            (0..count).map(|at| own(&at.to_string(), &format!("shard-{at}"), place)).collect();
        let index = index(&entries);

        let found = find(&index, "shard", 99);
        assert_eq!(found.hits.len(), count.min(99) as usize);
        assert_eq!(found.more, count > 99);
        for at in 0..count {
            let name = &entries[at as usize].name;
            assert_eq!(find(&index, name, 99).hits.first(), Some(&at), "{name} of {count}");
        }
    }
}

#[test]
fn of_many_with_one_name_the_place_or_the_id_finds_each() {
    let entries: Vec<Own> = (0..2_000)
        .map(|at| own(&format!("oid:{at}"), "payments", [&format!("ldap-{at}"), "LDAP", "group"]))
        .collect();
    let index = index(&entries);

    assert!(find(&index, "payments", 99).more);
    for at in 0..2_000 {
        let text = format!("payments ldap-{at}");
        assert_eq!(find(&index, &text, 99).hits.first(), Some(&at), "{text}");
        let text = format!("oid:{at}");
        assert_eq!(find(&index, &text, 99).hits.first(), Some(&at), "{text}");
    }
}

/// Few letters, so that words often meet; and some that fold.
fn a_word() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ab]{1,6}",
        2 => "[abc1]{3,5}",
        1 => select(vec!["payments", "prod", "eu", "Straße", "Équipe", "支付", "AbBa", "🚀"])
            .prop_map(str::to_owned),
    ]
}

fn a_name() -> impl Strategy<Value = String> {
    let separator = select(vec!["-", "_", ".", " ", "/", "--"]);
    prop_oneof![
        9 => prop::collection::vec((a_word(), separator), 1..5).prop_map(|words| {
            let joined: String =
                words.iter().flat_map(|(word, separator)| [word.as_str(), separator]).collect();
            joined.trim_end_matches(['-', '_', '.', ' ', '/']).to_owned()
        }),
        1 => any::<String>(),
    ]
}

fn a_catalogue() -> impl Strategy<Value = Vec<Own>> {
    let place = select(vec![
        ["prod-pg", "Production", "database"],
        ["ab", "Abba", "role"],
        ["ldap", "Straße", "ab group"],
    ]);
    prop::collection::vec((a_name(), place, prop::option::of("[ab]{1,3}")), 0..40).prop_map(|all| {
        let entry = |(name, place, id): (String, _, Option<String>)| {
            own(&id.unwrap_or_else(|| name.clone()), &name, place)
        };
        all.into_iter().map(entry).collect()
    })
}

/// One letter added, dropped, replaced or swapped.
fn slip(word: &str, at: usize, kind: u8) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.is_empty() {
        return String::new();
    }
    let at = at % letters.len();
    match kind {
        0 => letters.insert(at, 'b'),
        1 => drop(letters.remove(at)),
        2 => letters[at] = 'c',
        _ => letters.swap(at, (at + 1) % word.chars().count()),
    }
    letters.into_iter().collect()
}

/// Texts that people type: made of the catalogue's words, cut, misspelled, mixed; or anything.
fn a_text(entries: &[Own]) -> impl Strategy<Value = String> + use<> {
    let mut names: Vec<String> = entries.iter().map(|own| own.name.clone()).collect();
    names.extend(["prod-pg", "Abba", "role", "group"].map(str::to_owned));
    let words: Vec<String> = names.iter().flat_map(|name| oracle::words(name)).collect();
    let part = |text: String, from: Pick, to: Pick| {
        let letters: Vec<char> = text.chars().collect();
        let (a, b) = (from.index(letters.len() + 1), to.index(letters.len() + 1));
        letters[a.min(b)..a.max(b)].iter().collect::<String>()
    };
    let piece = prop_oneof![
        2 => select(words.clone()),
        2 => (select(words.clone()), any::<Pick>(), any::<Pick>())
            .prop_map(move |(word, from, to)| part(word, from, to)),
        1 => (select(words), any::<usize>(), 0_u8..4)
            .prop_map(|(word, at, kind)| slip(&word, at, kind)),
        1 => a_word(),
    ];
    prop_oneof![
        1 => select(names.clone()),
        2 => (select(names), any::<Pick>(), any::<Pick>())
            .prop_map(move |(name, from, to)| part(name, from, to)),
        4 => prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.join(" ")),
        1 => any::<String>(),
    ]
}

fn a_catalogue_and_a_text() -> impl Strategy<Value = (Vec<Own>, String)> {
    a_catalogue().prop_flat_map(|entries| {
        let text = a_text(&entries);
        (Just(entries), text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_index_finds_what_the_plain_way_finds(
        (entries, text) in a_catalogue_and_a_text(),
        allowed in any::<u64>(),
        boosted in prop::collection::vec(0_u32..50, 0..4),
        limit in 0_usize..50,
    ) {
        let may = |entry: u32| allowed >> (entry % 64) & 1 == 1 || allowed % 3 == 0;
        let expected = oracle::search(&entries, &text, may, &boosted);
        let mut index = index(&entries);
        for few in [0, 1, 3, 1_000] {
            index.few = few;
            let allowed = index.allow(may);
            let query = Query { text: &text, allowed: &allowed, boosted: &boosted, limit };
            let found = index.search(&query);

            let shown = &expected[..expected.len().min(limit)];
            prop_assert_eq!(&found.hits[..], shown, "{:?}, few {}", text, few);
            prop_assert_eq!(found.more, expected.len() > limit);
            prop_assert!(found.at_least <= expected.len() && found.at_least >= shown.len());
            if !found.more {
                prop_assert_eq!(found.at_least, expected.len());
            }
            let all = index.matching(&text, &allowed);
            let mut listed = index.listed(&all, usize::MAX);
            prop_assert_eq!(all.count(), listed.len());
            listed.sort_unstable();
            prop_assert_eq!(listed, oracle::matching(&entries, &text, may), "{:?}", text);
        }
    }

    #[test]
    fn every_resource_is_found_by_its_name_and_its_parts(
        entries in a_catalogue(),
        from in any::<Pick>(),
        length in any::<Pick>(),
        at in any::<usize>(),
        kind in 0_u8..4,
    ) {
        let index = index(&entries);
        for (entry, own) in (0..).zip(&entries) {
            let is_found = |text: &str| find(&index, text, 99).hits.contains(&entry);
            prop_assert!(is_found(&own.name), "by its name {:?}", own.name);
            let folded = oracle::words(&own.name).join(" ");
            let letters: Vec<char> = folded.chars().collect();
            let start = from.index(letters.len() + 1);
            let end = start + length.index(letters.len() - start + 1);
            let part: String = letters[start..end].iter().collect();
            if part.chars().filter(|letter| *letter != ' ').count() >= 3 {
                prop_assert!(is_found(&part), "{:?} by its part {:?}", own.name, part);
            }
            for word in folded.split(' ').filter(|word| !word.is_empty()) {
                let beginning: String =
                    word.chars().take(1 + from.index(word.chars().count())).collect();
                prop_assert!(is_found(&beginning), "{:?} by {:?}", own.name, beginning);
                let is_long = word.chars().count() >= 4 && word.is_ascii();
                let slipped = slip(word, at % (word.chars().count().max(2) - 1), kind);
                if is_long {
                    prop_assert!(is_found(&slipped), "{:?} by {:?}", own.name, slipped);
                }
            }
        }
    }

    #[test]
    fn any_text_at_all_is_answered(text in any::<String>(), times in 1_usize..200) {
        let index = index(&company());
        let found = find(&index, &text.repeat(times), 3);
        prop_assert!(found.hits.len() <= 3);
    }
}
