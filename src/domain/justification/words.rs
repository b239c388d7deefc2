//! The words that the checker knows, in English and German, folded: small letters, no dots on
//! umlauts.
//!
//! An entry is a word's beginning; one that ends in `=` is a whole word, and one that begins with
//! `*` may stand anywhere in a word (German puts words together and its participles in the middle).

use std::sync::LazyLock;

/// A list of words, split at its first use.
type Words = LazyLock<Vec<&'static str>>;

fn split(words: &'static str) -> Vec<&'static str> {
    words.split_whitespace().collect()
}

/// How much a permission lets people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    /// Look, or get in.
    Look,
    /// Change what is there.
    Change,
    /// Decide who may, or how it runs.
    Rule,
}

/// What permissions are called, strongest first; any other lets people look.
const PERMISSIONS: [(Power, &[&str]); 2] = [
    (Power::Rule, &["admin", "owner", "super", "root", "manage", "sudo", "full", "maintain"]),
    (
        Power::Change,
        &[
            "write", "edit", "insert", "update", "delete", "change", "deploy", "modif", "push",
            "create", "alter",
        ],
    ),
];

/// What people do who look.
static LOOKING: Words = Words::new(|| {
    split(
        "read look see= view query queries querying check inspect investigat compar report analy \
     count verif validat debug diagnos trace tracing search find= finding review audit examin \
     monitor export extract reproduc measur list= listing reconcil understand connect reach= \
     *lesen *gelesen *lese= ansehen anzusehen anschau anzuschau nachseh nachzuseh nachschau \
     nachzuschau *pruf *pruef *such abfrag abzufrag *auswert *auszuwert *vergleich *analys \
     *untersuch *diagnos *nachvollzieh *einsehen *einzusehen *verbind *exportier *abgleich \
     *abzugleich schauen *kontrollier *uberwach",
    )
});

/// What people do who change.
static CHANGING: Words = Words::new(|| {
    split(
        "writ chang fix correct updat insert delet migrat repair backfill restor edit modif set= \
     setting reset remov add= adding renam replac clean import load merg patch deploy \
     rollback roll= revers refund cancel rerun retry retri resend purg *schreib *andern \
     *andert *anderung *aender *korrigier *losch *loesch *einfug *einzufug *reparier \
     *aktualisier *migrier *anleg *anzuleg *beheb *zuruckset *zuruckzuset *wiederherstell \
     *bereinig *nachtrag *nachzutrag *stornier *ersetz *umbenenn *einspiel *einzuspiel \
     *import *berichtig *erganz *umstell",
    )
});

/// What people do who rule.
static RULING: Words = Words::new(|| {
    split(
        "admin grant configur install upgrad rotat provision creat drop failover restart reboot \
     tune tuning vacuum reindex *verwalt *konfigurier *einricht *einzuricht *installier \
     *neustart *freischalt *umzieh *umzug *anpass",
    )
});

/// What people do, whatever it needs.
static ACTING: Words = Words::new(|| {
    split(
        "test work= working support help= helping answer prepar plan build rehears train onboard \
     handl resolv solv clos finish complet run= running call= write-up document join attend \
     operat maintain demonstrat demo= *arbeit *unterstutz *vorbereit *test *beantwort *klaren \
     *klarung *losen= *erledig *dokumentier *schul *teilnehm *bearbeit *betreu",
    )
});

/// Words that carry no meaning here: grammar, politeness, and the asking itself.
static FILLER: Words = Words::new(|| {
    split(
        "a= an= the= and= or= but= of= in= on= at= to= for= from= with= by= as= i= me= my= we= \
     us= our= you= your= it= its= is= am= are= be= been= was= were= will= would= can= could= \
     should= may= might= must= do= does= did= have= has= had= this= that= these= those= \
     there= here= not= no= yes= so= some any all= just= only= need want please pls= plz= \
     thanks thank thx= hi= hello hey= asap= urgent quick now= today= access permission \
     request grant= give= get= got= let= because= since= cause= reason job= work stuff thing \
     things= task project business important various etc= ok= okay= lol= necessary required \
     everything usual again= same= before= test= testing= boss= told= said= says= ich= mir= \
     mich= wir= uns= der= die= das= den= dem= des= ein= eine= einen= einem= einer= und= oder= \
     aber= ist= sind= bin= war= wird= werden= kann= konnte= muss= soll= sollte= hat= habe= \
     haben= zu= zum= zur= im= auf= aus= bei= mit= von= vom= fur= fuer= um= nach= weil= da= \
     damit= denn= wegen= bitte danke brauch benotig zugriff zugang recht= rechte= arbeit= \
     aufgabe sache dringend schnell heute= jetzt= mal= nur= alles= wieder= wie= immer= etwas= \
     irgend diverse usw= nicht= kein hier= es= sie= chef= sagt= gesagt=",
    )
});

/// Words that begin a reason.
static REASONS: Words = Words::new(|| {
    split(
        "to= because= since= so= for= due= therefore= otherwise= cannot= must= only= without= \
     requires= required= until= after= while= as= needs= weil= um= damit= denn= da= zum= zur= \
     wegen= fur= fuer= sonst= muss= daher= deshalb= ohne= nachdem= benotigt= zu=",
    )
});

/// Reasons that need what is done right behind them.
const NEAR_REASONS: &[&str] = &["to", "zu", "as", "so", "must", "muss"];

/// Says that less would not do.
const LESS_IS_TOO_LITTLE: &[&str] =
    &["reicht nicht", "not enough", "insufficient", "genugt nicht", "genügt nicht"];

/// The words for what is asked itself.
static ASKED: Words = Words::new(|| {
    split(
        "access permission right= rights= role= roles= privileg *zugriff *zugang *recht= *rechte= \
     *rechten= *berechtigung *rolle=",
    )
});

/// Names of things that have no vowel.
const ABBREVIATIONS: &[&str] = &[
    "https", "xhtml", "mtls", "grpc", "kvstr", "tcpdump", "ntpd", "sshd", "dhcp", "smtp", "sftp",
    "mssql", "nfs4",
];

/// What hands type that rest on a keyboard, English and German.
static MASHES: Words =
    Words::new(|| split("asd sdf dfg fgh ghj hjk jkl qwe wert ertz qwertz yxc xcv zxc cvb vbn"));

/// Words that are or hold a piece of a keyboard row all the same.
const NOT_MASHES: &[&str] = &["wert", "antwort", "mitwert"];

/// Words that mean nothing by design.
static NONSENSE: Words = Words::new(|| {
    split(
        "lorem ipsum dolor blah bla foo foobar bar baz xxx abc abcd xyz asdf qwerty qwertz \
     test123 hjkl",
    )
});

fn fits(word: &str, entries: &[&str]) -> bool {
    entries.iter().any(|entry| match (entry.strip_prefix('*'), entry.strip_suffix('=')) {
        (Some(inside), None) => word.contains(inside),
        (Some(inside), Some(_)) => word.ends_with(inside.trim_end_matches('=')),
        (None, Some(whole)) => word == whole,
        (None, None) => word.starts_with(entry),
    })
}

/// What a permission of this name lets people do.
pub(super) fn power(permission: &str) -> Power {
    let name = permission.to_lowercase();
    let found = PERMISSIONS.iter().find(|(_, words)| words.iter().any(|word| name.contains(word)));
    found.map_or(Power::Look, |(power, _)| *power)
}

/// What an activity of this name needs.
pub(super) fn power_of(word: &str) -> Option<Power> {
    let known = [(Power::Rule, &*RULING), (Power::Change, &*CHANGING), (Power::Look, &*LOOKING)];
    known.into_iter().find(|(_, words)| fits(word, words)).map(|(power, _)| power)
}

/// Whether the word is something that people do.
pub(super) fn is_action(word: &str) -> bool {
    fits(word, &ACTING)
}

/// Whether the word carries no meaning here.
pub(super) fn is_filler(word: &str) -> bool {
    fits(word, &FILLER)
}

/// Whether the word begins a reason.
pub(super) fn is_reason(word: &str) -> bool {
    fits(word, &REASONS)
}

/// How many words behind a reason's first may hold what it is.
pub(super) fn reach(reason: &str) -> usize {
    if NEAR_REASONS.contains(&reason) { 1 } else { 6 }
}

/// Whether the word is about what is asked, not about what it is for.
pub(super) fn is_asked(word: &str) -> bool {
    fits(word, &ASKED)
}

/// Whether the text says that less would not do.
pub(super) fn less_is_too_little(text: &str) -> bool {
    let text = text.to_lowercase();
    LESS_IS_TOO_LITTLE.iter().any(|phrase| text.contains(phrase))
}

/// Whether the word is short for something although it has no vowel.
pub(super) fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.contains(&word)
}

/// Whether the word was typed without meaning any.
pub(super) fn is_mash(word: &str) -> bool {
    if NONSENSE.contains(&word) {
        return true;
    }
    if NOT_MASHES.iter().any(|known| word.contains(known)) {
        return false;
    }
    let pieces: usize = MASHES.iter().map(|mash| word.matches(mash).count() * mash.len()).sum();
    pieces * 2 >= word.len().max(1)
}
