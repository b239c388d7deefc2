//! Searching: gather the hits of each kind, best kind first, until there are enough.
use super::asked::{Asked, Level, Term, collect_word, short};
use super::bits::Bits;
use super::{Found, Index, Query};
use std::ops::{ControlFlow, Range};

/// A text of more words is tried as a name alone, not split into a name and its place.
const MOST_SPLIT_WORDS: usize = 16;

/// The hits so far.
struct Hits<'a> {
    index: &'a Index,
    limit: usize,
    /// Allowed and not yet found.
    open: Bits,
    found: Found,
}

impl Hits<'_> {
    /// Takes one resource, if it is open; breaks when there is no room for it.
    fn take(&mut self, number: u32) -> ControlFlow<()> {
        if !self.open.contains(number) {
            return ControlFlow::Continue(());
        }
        if self.found.hits.len() >= self.limit {
            self.found.more = true;
            return ControlFlow::Break(());
        }
        self.open.remove_one(number);
        self.found.hits.extend(self.index.entries.get(number as usize));
        ControlFlow::Continue(())
    }

    /// Takes every open resource of a range.
    fn take_range(&mut self, range: Range<u32>) -> ControlFlow<()> {
        let room = self.limit.saturating_sub(self.found.hits.len()) + 1;
        let fits: Vec<u32> = self.open.within(range).take(room).collect();
        self.take_each(fits)
    }

    /// Takes each, in order.
    fn take_each(&mut self, numbers: impl IntoIterator<Item = u32>) -> ControlFlow<()> {
        numbers.into_iter().try_for_each(|number| self.take(number))
    }

    /// Takes every open resource of a set.
    fn take_set(&mut self, mut set: Bits) -> ControlFlow<()> {
        set.keep(&self.open);
        self.found.at_least = self.found.hits.len() + set.count();
        self.take_each(set.within(0..self.index.bound()))
    }

    fn done(self) -> Found {
        let Found { hits, more, at_least } = self.found;
        let seen = hits.len() + usize::from(more);
        Found { at_least: if more { at_least.max(seen) } else { seen }, hits, more }
    }
}

impl Index {
    /// The best matches of the query, at most as many as its limit.
    pub fn search(&self, query: &Query<'_>) -> Found {
        let mut open = query.allowed.0.clone();
        open.fit(self.len());
        let mut hits = Hits { index: self, limit: query.limit, open, found: Found::default() };
        // Breaking only means that there are enough.
        let _enough = if query.text.trim().is_empty() {
            self.boosted(query).try_for_each(|number| hits.take(number)).is_break()
                || hits.take_range(0..self.bound()).is_break()
        } else {
            Asked::read(query.text, self)
                .is_some_and(|asked| self.gather(&asked, query, &mut hits).is_break())
        };
        hits.done()
    }

    fn gather(&self, asked: &Asked, query: &Query<'_>, hits: &mut Hits<'_>) -> ControlFlow<()> {
        self.gather_exact(asked, hits)?;
        for number in self.boosted(query) {
            if self.level(number, asked).is_some_and(|level| level < Level::Misspelled) {
                hits.take(number)?;
            }
        }
        self.gather_named(asked, hits)?;
        if hits.open.has_at_most(self.few) {
            self.compare_each(asked, hits)
        } else {
            self.gather_words(asked, hits)
        }
    }

    fn boosted(&self, query: &Query<'_>) -> impl Iterator<Item = u32> {
        query.boosted.iter().filter_map(|&entry| self.numbers.get(entry as usize).copied())
    }

    /// Those whose name or id is the text; then those whose name is most of it, and whose place is
    /// the rest.
    fn gather_exact(&self, asked: &Asked, hits: &mut Hits<'_>) -> ControlFlow<()> {
        let words = asked.known.len();
        let whole = asked.run(0..words).map_or(0..0, |run| self.named(&run));
        let spelled = short(asked.spelled);
        let start = self.ids.partition_point(|(id, _)| *id < asked.spelled);
        let ids = self.ids.get(start..).unwrap_or_default().iter();
        hits.take_each(whole.clone().filter(|&number| {
            self.spelled.get(number as usize).is_some_and(|&written| written == spelled)
        }))?;
        hits.take_each(ids.take_while(|(id, _)| *id == asked.spelled).map(|(_, number)| *number))?;
        if words == 0 {
            return ControlFlow::Continue(());
        }
        hits.take_range(whole)?;
        if words > MOST_SPLIT_WORDS {
            return ControlFlow::Continue(());
        }
        for length in (1..words).rev() {
            let fits = self.split(asked, length, hits);
            fits.map_or(ControlFlow::Continue(()), |fits| hits.take_set(fits))?;
        }
        ControlFlow::Continue(())
    }

    /// The open ones whose name or id is the text, or whose name is most of it and whose place is
    /// the rest.
    pub(super) fn exact(&self, asked: &Asked, open: &Bits) -> Vec<u32> {
        let (limit, open) = (self.len(), open.clone());
        let mut hits = Hits { index: self, limit, open, found: Found::default() };
        // There is room for all, so nothing breaks.
        let _all = self.gather_exact(asked, &mut hits).is_break();
        let numbers = hits.found.hits.into_iter();
        numbers.filter_map(|entry| self.numbers.get(entry as usize).copied()).collect()
    }

    /// The open resources whose name is `length` words in a row of the text, and whose place holds
    /// all other words.
    fn split(&self, asked: &Asked, length: usize, hits: &Hits<'_>) -> Option<Bits> {
        let words = asked.known.len();
        let mut fits = None;
        for start in 0..=words.saturating_sub(length) {
            let end = start + length;
            let Some(name) = asked.run(start..end) else { continue };
            let Some(mut rest) = asked.run(0..start) else { continue };
            let Some(after) = asked.run(end..words) else { continue };
            rest.extend(after);
            for number in hits.open.within(self.named(&name)) {
                let place = self.place(number);
                if rest.iter().all(|word| place.contains(word)) {
                    fits.get_or_insert_with(|| Bits::none(self.len())).insert(number);
                }
            }
        }
        fits
    }

    /// Those whose name begins with the text.
    fn gather_named(&self, asked: &Asked, hits: &mut Hits<'_>) -> ControlFlow<()> {
        let before = asked.known.len().saturating_sub(1);
        if asked.known.is_empty() {
            return ControlFlow::Continue(());
        }
        let named = asked.run(0..before).map(|run| self.named_beginning(&run, asked.last.clone()));
        named.map_or(ControlFlow::Continue(()), |named| hits.take_range(named))
    }

    /// The words of the resource's integration and type.
    fn place(&self, number: u32) -> &[u32] {
        self.place_of.get(number as usize).map_or(&[], |&place| self.places.get(place))
    }
}

/// One word of the text, with the resources that match it so far.
struct Matching<'a> {
    term: &'a Term,
    set: Bits,
    /// The levels that are in the set.
    levels: Vec<Level>,
}

/// So many times few words take longer to go through than to compare some resources first.
const MANY_FEW: usize = 8;
/// Some resources: so many times few.
const SOME_FEW: usize = 4;
/// From best to worst.
const LEVELS: [Level; 3] = [Level::Beginning, Level::Part, Level::Misspelled];

impl Index {
    /// Those that match all words, level by level, by comparing each that is open.
    fn compare_each(&self, asked: &Asked, hits: &mut Hits<'_>) -> ControlFlow<()> {
        let named = self.named_by_terms(asked);
        let mut fits: Vec<(Level, bool, u32)> = hits
            .open
            .within(0..self.bound())
            .filter_map(|number| {
                let level = self.level(number, asked)?;
                let is_named =
                    level == Level::Beginning && named.iter().any(|named| named.contains(&number));
                Some((level, !is_named, number))
            })
            .collect();
        fits.sort_unstable();
        hits.found.at_least = hits.found.hits.len() + fits.len();
        hits.take_each(fits.into_iter().map(|(_, _, number)| number))
    }

    /// Those that match all words, level by level, by sets.
    fn gather_words(&self, asked: &Asked, hits: &mut Hits<'_>) -> ControlFlow<()> {
        let mut matching: Vec<Matching<'_>> = asked
            .terms
            .iter()
            .map(|term| Matching { term, set: Bits::default(), levels: LEVELS.into() })
            .collect();
        for level in LEVELS {
            if level == Level::Part {
                self.take_first_parts(asked, hits)?;
            }
            let fits = self.fitting(&mut matching, level, hits);
            if level == Level::Beginning {
                let named = self.named_by_terms(asked).into_iter();
                hits.take_each(named.flat_map(|named| fits.within(named)))?;
            }
            if level == Level::Part {
                self.take_parts(asked, fits, hits)?;
            } else {
                hits.take_set(fits)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The open resources that match every word at this level or better.
    fn fitting(&self, matching: &mut [Matching<'_>], level: Level, hits: &Hits<'_>) -> Bits {
        if matching.is_empty() {
            return Bits::none(self.len());
        }
        let mut fits = hits.open.clone();
        for Matching { term, set, levels } in matching {
            if fits.has_at_most(self.few) {
                let left: Vec<u32> = fits.within(0..self.bound()).collect();
                for number in left {
                    if self.best(number, term).is_none_or(|best| best > level) {
                        fits.remove_one(number);
                    }
                }
                continue;
            }
            set.fit(self.len());
            for &missing in levels.iter().filter(|missing| **missing <= level) {
                term.collect(self, missing, set);
            }
            levels.retain(|missing| *missing > level);
            fits.keep(set);
        }
        fits
    }

    /// Where very many words have a part of the text in them, takes those hits of this level that
    /// come soon. Mostly these are enough, and the set need not be worked out.
    fn take_first_parts(&self, asked: &Asked, hits: &mut Hits<'_>) -> ControlFlow<()> {
        let weights = asked.terms.iter().map(|term| term.part_weight(&self.vocabulary));
        let has_rare = asked.terms.iter().any(|term| term.weight(self) <= self.few);
        if has_rare || weights.max().unwrap_or_default() <= MANY_FEW * self.few {
            return ControlFlow::Continue(());
        }
        let soon: Vec<u32> = hits.open.within(0..self.bound()).take(SOME_FEW * self.few).collect();
        hits.take_each(soon.into_iter().filter(|&number| {
            self.level(number, asked).is_some_and(|level| level < Level::Misspelled)
        }))
    }

    /// Takes those that match all words in part, and those whose name has the text in the middle.
    fn take_parts(&self, asked: &Asked, fits: Bits, hits: &mut Hits<'_>) -> ControlFlow<()> {
        let Some(phrase) = &asked.phrase else { return hits.take_set(fits) };
        let mut may = hits.open.clone();
        let mut set = Bits::none(self.len());
        self.postings.collect(phrase.last.clone(), &mut set);
        may.keep(&set);
        for &word in &phrase.middle {
            let mut set = Bits::none(self.len());
            collect_word(&self.postings, word, &mut set);
            may.keep(&set);
        }
        if !may.has_at_most(self.few) {
            let mut set = Bits::none(self.len());
            self.vocabulary
                .ending(&phrase.first, |word| collect_word(&self.postings, word, &mut set));
            may.keep(&set);
        }
        hits.found.at_least = hits.found.hits.len() + fits.count();
        may.add(&fits);
        hits.take_each(
            may.within(0..self.bound())
                .filter(|&number| fits.contains(number) || self.has_phrase(number, phrase)),
        )
    }

    /// The resources whose name begins with a word of the text, ascending.
    fn named_by_terms(&self, asked: &Asked) -> Vec<Range<u32>> {
        let named = |term: &Term| self.named_beginning(&[], term.beginning.clone());
        let mut ranges: Vec<Range<u32>> = asked.terms.iter().map(named).collect();
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        ranges
    }

    /// How well the resource matches the whole text.
    pub(super) fn level(&self, number: u32, asked: &Asked) -> Option<Level> {
        let mut level = (!asked.terms.is_empty()).then_some(Level::Beginning);
        for term in &asked.terms {
            level = level.and_then(|worst| Some(worst.max(self.best(number, term)?)));
        }
        if level.is_some_and(|level| level < Level::Misspelled) {
            return level;
        }
        match &asked.phrase {
            Some(phrase) if self.has_phrase(number, phrase) => Some(Level::Part),
            _ => level,
        }
    }

    /// How well the resource matches one word of the text.
    fn best(&self, number: u32, term: &Term) -> Option<Level> {
        let words = self.names.get(number).iter().chain(self.place(number));
        words.filter_map(|&word| term.level(&self.vocabulary, word)).min()
    }
}
