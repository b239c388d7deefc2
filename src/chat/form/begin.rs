//! What a form begins with: nothing, a typed line, or what was asked for before.
use crate::app::Snapshot;
use crate::app::again::Again;
use crate::app::line::Filled;
use crate::app::reach::Pair;
use crate::domain::draft::{Draft, Prefill};
use crate::domain::duration;
use crate::domain::id::PersonId;
use crate::domain::language::Language;
use crate::show::limits::{INPUT_CHARS, WORDS_CHARS, one_line, shorten};
use crate::show::{Voice, ending, request_form as show, words};

/// Longest part of a line that is repeated, in characters.
const REPEATED_CHARS: usize = 120;

/// What a typed line fills a form with, and what of it could not be taken, as its note.
pub fn line_prefill(
    snapshot: &Snapshot,
    voice: Voice<'_>,
    person: &PersonId,
    text: &str,
) -> Prefill {
    let Filled { mut prefill, not_clear, nobody, not_for, not_understood } =
        snapshot.read_line(person, text);
    prefill.is_unclear = nobody.is_some() || not_for.is_some() || !not_clear.is_empty();
    let mut notes: Vec<String> = Vec::new();
    let shown = |text: &str| one_line(text, REPEATED_CHARS);
    notes.extend(nobody.map(|name| voice.say("line-nobody", [("name", shown(&name).into())])));
    notes.extend(
        not_for
            .as_ref()
            .map(|person| voice.say("line-not-for", [("name", words::name(voice, person).into())])),
    );
    if !not_clear.is_empty() {
        let words = shown(&not_clear.join(", "));
        notes.push(voice.say("line-not-clear", [("words", words.into())]));
    }
    if !not_understood.is_empty() {
        let words = shown(&not_understood.join(", "));
        notes.push(voice.say("line-not-understood", [("words", words.into())]));
    }
    prefill.note = (!notes.is_empty()).then(|| notes.join(" "));
    prefill
}

/// The draft that a form begins with, and whether something was meant that is not in it.
pub fn begin(
    snapshot: &Snapshot,
    (owner, language): (&PersonId, Language),
    prefill: Prefill,
) -> (Draft, bool) {
    let voice = Voice::new(&snapshot.policy, language);
    let may = |grantee: &PersonId| snapshot.policy.may_ask_for(owner, grantee);
    let (grantee, not_for) = match prefill.grantee {
        Some(grantee) if grantee == *owner || may(&grantee) => (grantee, None),
        Some(other) => (owner.clone(), Some(other)),
        None => (owner.clone(), None),
    };
    let pair = Pair { requester: owner.clone(), grantee: grantee.clone() };
    let mut draft = Draft::of(grantee);
    let asked = prefill.items.len();
    let offered = prefill.items.into_iter().filter(|item| snapshot.may_ask(&pair, item));
    let added = draft.basket.add(offered);
    let mut is_cut = false;
    let mut fit = |text: String, most: usize| {
        is_cut |= text.chars().count() > most;
        shorten(&text, most)
    };
    draft.filters.words = fit(prefill.words.unwrap_or_default(), WORDS_CHARS);
    draft.answers.justification = prefill.justification.map(|why| fit(why, INPUT_CHARS));
    draft.answers.other_duration = prefill.duration.map(duration::written);
    if let Some((kind, id)) = prefill.ticket {
        draft.answers.ticket_kind = kind;
        draft.answers.ticket_id = Some(id);
    }
    let gone = asked.saturating_sub(added.new + added.known);
    let notes: Vec<String> = [
        not_for.as_ref().map(|person| show::not_for(voice, person)),
        prefill.note,
        (gone > 0).then(|| show::gone(voice, gone)),
        is_cut.then(|| show::cut(voice)),
    ]
    .into_iter()
    .flatten()
    .collect();
    draft.note = (!notes.is_empty()).then(|| notes.join(" "));
    (draft, prefill.is_unclear || not_for.is_some())
}

/// The draft that asks again for what a request was about.
pub fn again(voice: Voice<'_>, again: Again) -> Draft {
    let mut draft = Draft::of(again.grantee);
    draft.note = Some(ending::again_note(voice, again.of, &again.gone));
    draft.basket.add(again.items);
    draft.answers.other_duration = Some(duration::written(again.duration));
    draft
}
