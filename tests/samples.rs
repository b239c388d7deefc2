//! Writes one of every message and view that Slack may be sent to `target/samples`, as JSON.
//!
//! `scripts/check-views` hands the files to validators that others wrote. A file is named after its
//! template and the texts in it, and holds what goes to Slack: a view, a message or a list's answer.
#[cfg(test)]
mod tests {
    use hallpass::domain::id::{PersonId, RequestId};
    use hallpass::domain::language::Language;
    use hallpass::domain::listing::Place;
    use hallpass::domain::narrow::NotLess;
    use hallpass::domain::past::Happened;
    use hallpass::domain::record::Record;
    use hallpass::domain::request::{Missing, State, WhyNot};
    use hallpass::domain::submission::{RefusedItem, WhyRefused};
    use hallpass::show::details::{Told, details};
    use hallpass::show::ending::{self, Ending};
    use hallpass::show::forms::{self, Connect, ConnectEntry, Notice};
    use hallpass::show::request_form::{self, samples as form_samples};
    use hallpass::show::samples::{self, HOSTILE, Texts, at};
    use hallpass::show::{Fact, Voice, home, narrowing, templates};
    use serde::Serialize;
    use std::collections::{BTreeMap, BTreeSet};
    use std::io::Write as _;
    use std::path::PathBuf;

    /// Templates that others include; they are nothing by themselves.
    const PART: char = '_';
    /// Resources of one request: the most that a submission may hold (R5).
    const MOST_ITEMS: usize = 1000;

    /// Where the samples go, a new directory each time.
    struct Page {
        directory: PathBuf,
        language: Language,
        texts: String,
        written: BTreeSet<String>,
        count: usize,
        largest: BTreeMap<&'static str, Size>,
    }

    /// The most of one surface: blocks and bytes, and the sample in which each is.
    #[derive(Default)]
    struct Size {
        blocks: (usize, String),
        bytes: (usize, String),
    }

    impl Page {
        fn new() -> Self {
            let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../samples");
            // What an earlier version wrote must not pass for this one's.
            if directory.exists() {
                std::fs::remove_dir_all(&directory).unwrap();
            }
            std::fs::create_dir_all(&directory).unwrap();
            Self {
                directory,
                language: Language::English,
                texts: String::new(),
                written: BTreeSet::new(),
                count: 0,
                largest: BTreeMap::new(),
            }
        }

        fn write<M: Serialize>(&mut self, template: &str, model: &M) {
            self.keep(template, &templates::slack(self.language, template, model).unwrap());
            self.written.insert(template.to_owned());
        }

        fn keep(&mut self, template: &str, laid_out: &serde_json::Value) {
            self.count += 1;
            assert!(red_buttons(laid_out).is_empty(), "{template}: {:?}", red_buttons(laid_out));
            let name =
                format!("{template}-{}-{}-{:03}.json", self.language.tag(), self.texts, self.count);
            let text = serde_json::to_string_pretty(laid_out).unwrap();
            std::fs::write(self.directory.join(&name), text).unwrap();
            self.measure(&name, laid_out);
        }

        fn measure(&mut self, name: &str, laid_out: &serde_json::Value) {
            let surface = match laid_out["type"].as_str() {
                Some("home") => "a Home",
                Some(_) => "a modal",
                None if laid_out.get("options").is_some() => "a list's answer",
                None => "a message",
            };
            // As it is sent: without the white space of the templates.
            let bytes = laid_out.to_string().len();
            let blocks = laid_out["blocks"].as_array().map_or(0, Vec::len);
            let largest = self.largest.entry(surface).or_default();
            largest.blocks = (blocks, name.to_owned()).max(std::mem::take(&mut largest.blocks));
            largest.bytes = (bytes, name.to_owned()).max(std::mem::take(&mut largest.bytes));
        }
    }

    /// Red belongs to what a confirmation asks: a button that only opens one, or a dialog, has none.
    fn red_buttons(json: &serde_json::Value) -> Vec<String> {
        let found = hallpass::demo::slack::read::elements(json).into_iter();
        let red = found.filter(|found| found.element["style"] == "danger");
        red.map(|found| found.action_id).collect()
    }

    /// Requests at every status: one thing each, and one with as many as there may be.
    fn records(texts: Texts<'_>) -> Vec<Record> {
        let mut records: Vec<Record> =
            samples::states(texts).into_iter().map(|state| samples::record(texts, state)).collect();
        let pending = State::PendingApproval { closes_at: at(168), approvals: Vec::new() };
        let mut large = samples::record(texts, pending);
        let first = large.asked.items.first().unwrap().clone();
        large.asked.items = vec![first; MOST_ITEMS];
        records.push(large.clone());
        let missing = large.asked.items.iter().cloned();
        let missing =
            missing.map(|item| Missing { item, why: texts.words.to_owned() }).collect::<Vec<_>>();
        let given = |state: &State| matches!(state, State::Active { .. });
        if let Some(mut active) = records.iter().find(|one| given(&one.state)).cloned() {
            active.asked.items = large.asked.items;
            if let State::Active { missing: gone, .. } = &mut active.state {
                *gone = missing;
            }
            records.push(active);
        }
        let pending = State::PendingApproval { closes_at: at(168), approvals: Vec::new() };
        let mut few = samples::narrowed(texts, pending.clone());
        records.push(few.clone());
        few.decisions.clear();
        records.push(few);
        records
    }

    fn connect(voice: Voice<'_>, texts: Texts<'_>) -> Connect {
        let lines = vec![Fact::text("Host", "db.example.com"), Fact::text("Password", texts.words)];
        let entry = ConnectEntry { item: "payments (read)".to_owned(), lines };
        Connect::page(voice, RequestId(1042), vec![entry], 0)
    }

    fn write_forms(page: &mut Page, texts: Texts<'_>, voice: Voice<'_>, records: &[Record]) {
        let items = &records.first().unwrap().asked.items;
        for choose in form_samples::choose(texts, voice) {
            page.write("request_choose", &choose);
        }
        for review in form_samples::review(texts, voice) {
            page.write("request_review", &review);
        }
        for finish in form_samples::finish(texts, voice) {
            page.write("request_finish", &finish);
        }
        page.keep("choices", &forms::options(&form_samples::choices(texts, voice)));
        page.write("connect", &connect(voice, texts));
        let refused =
            RefusedItem { item: items.first().unwrap().clone(), why: WhyRefused::NotYours };
        page.write("notice", &request_form::submitted(voice, records, &vec![refused; 1_000]));
        page.write("notice", &Notice::new("Hallpass", "Something to say."));
        for record in records {
            page.write("decide_form", &forms::decide(voice, record, &"ben".into(), true));
            page.write("decide_form", &forms::decide(voice, record, &"ben".into(), false));
            let mut noted = forms::decide(voice, record, &"ben".into(), true);
            noted.note = Some(narrowing::not_less(voice, NotLess::Moved));
            page.write("decide_form", &noted);
            page.keep("choices", &forms::options(&narrowing::search(voice, record, "")));
            page.write("notice", &forms::late(voice, record, WhyNot::NotWaiting, "/access"));
            for (is_cancelled, reason) in [(true, ""), (false, ""), (false, texts.words)] {
                let is_reason_required = reason.is_empty();
                let of = Ending { is_cancelled, is_reason_required, reason };
                page.write("end_form", &ending::end_form(voice, record, of));
            }
            let past = samples::past();
            let far: Vec<Happened> = past.iter().cycle().take(500).cloned().collect();
            let told = |past, star| Told { record, past, star, at: at(2) };
            for (viewer, star) in [("ana", Some(true)), ("ben", None), ("dev", None)] {
                let viewer = PersonId::from(viewer);
                page.write("details", &details(voice, told(&past, star), &viewer, 0));
                page.write("details", &details(voice, told(&far, star), &viewer, 7));
            }
        }
    }

    fn write_home(page: &mut Page, texts: Texts<'_>, voice: Voice<'_>) {
        let ana = PersonId::from("ana");
        for portal in home::samples::portals(texts) {
            page.write("home", &home::home(voice, &ana, &portal));
        }
        for listed in home::samples::pages(texts) {
            page.write("list", &home::list(voice, &ana, &listed, &Place::default()));
        }
    }

    fn write_all(page: &mut Page, label: &str, texts: Texts<'_>) {
        page.texts = label.to_owned();
        let policy = samples::policy(texts);
        let voice = Voice::new(&policy, page.language);
        let records = records(texts);
        for card in samples::messages(page.language, texts) {
            page.write(card.template(), &card);
        }
        write_forms(page, texts, voice, &records);
        write_home(page, texts, voice);
    }

    #[test]
    fn every_template_is_written_with_texts_of_every_kind() {
        let mut page = Page::new();
        let long = "&<>\u{1f512}é ".repeat(800);

        for language in Language::ALL {
            page.language = language;
            let plain = Texts { name: "", words: "INC-42: look at failed payments" };
            write_all(&mut page, "plain", plain);
            write_all(&mut page, "long", Texts { name: &long, words: &long });
            for (n, hostile) in HOSTILE.iter().enumerate() {
                let texts = Texts { name: hostile, words: hostile };
                write_all(&mut page, &format!("hostile{n}"), texts);
            }
        }

        for (surface, Size { blocks, bytes }) in &page.largest {
            let most = (blocks.0, &blocks.1, bytes.0, &bytes.1);
            // Past the capture of a test's output: the figures are there to be read.
            let _ = writeln!(
                std::io::stdout(),
                "{surface}: {} blocks ({}), {} bytes ({}) at most",
                most.0,
                most.1,
                most.2,
                most.3
            );
        }
        let blocks = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("blocks/slack");
        let templates: BTreeSet<String> = std::fs::read_dir(blocks)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with(PART))
            .map(|name| name.trim_end_matches(".json.hbs").to_owned())
            .collect();
        assert_eq!(page.written, templates);
    }
}
