//! The catalogue of texts against what uses it: the same texts with the same values in every
//! language, every used text there, no text unused, and no words of its own in a template.
#[cfg(test)]
mod tests {
    use hallpass::domain::language::Language;
    use hallpass::show::texts;
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Where words are chosen; elsewhere a text in quotes is no key.
    const USERS: &[&str] = &["src/show", "src/chat", "src/work"];

    fn here(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    /// Every file below a folder, with its text.
    fn files(folder: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut folders = vec![here(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => {
                        let text = fs::read_to_string(&path).unwrap();
                        found.push((path.display().to_string(), text));
                    }
                }
            }
        }
        found.sort();
        found
    }

    /// The texts of a language: the names of the values that each takes.
    fn catalogue(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, file) in files(&format!("texts/{}", language.tag())) {
            let mut key = None;
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
                if let Some((name, _)) = line.split_once(" =").filter(|_| begins) {
                    assert!(is_key(name), "{path}: {name}");
                    key = Some(name.to_owned());
                    assert!(
                        found.insert(name.to_owned(), BTreeSet::new()).is_none(),
                        "twice: {name}"
                    );
                }
                for value in line.split('$').skip(1) {
                    let ends = value.find(|c: char| !c.is_ascii_lowercase() && c != '_');
                    let name = value.get(..ends.unwrap_or(value.len())).unwrap().to_owned();
                    found.get_mut(key.as_ref().unwrap()).unwrap().insert(name);
                }
            }
        }
        found
    }

    fn is_key(text: &str) -> bool {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_part)
    }

    /// The texts in quotes of a source file or template, whatever they are for.
    fn quoted(source: &str) -> impl Iterator<Item = &str> {
        source.split('"').filter(|text| is_key(text))
    }

    /// The keys that a template says.
    fn said_by_template(template: &str) -> Vec<&str> {
        let tags = template.split("{{").skip(1).filter_map(|tag| tag.split("}}").next());
        tags.flat_map(|tag| tag.split('(').collect::<Vec<_>>())
            .filter_map(|tag| tag.trim_start().strip_prefix("t \""))
            .filter_map(|rest| rest.split('"').next())
            .collect()
    }

    /// The keys that a source file says, where they are written at the call itself.
    fn said_by_source(source: &str) -> Vec<&str> {
        let calls = source.split("say(").skip(1);
        calls
            .filter_map(|call| {
                let call = call.trim_start();
                let call = call.strip_prefix("voice.language,").unwrap_or(call);
                let call = call.strip_prefix("language,").unwrap_or(call);
                call.trim_start().strip_prefix('"')?.split('"').next()
            })
            .collect()
    }

    #[test]
    fn every_language_has_the_same_texts_with_the_same_values() {
        let english = catalogue(Language::English);

        for language in Language::ALL {
            assert_eq!(texts::mistakes(language), [] as [String; 0]);
            let theirs = catalogue(language);
            let keys = |texts: &BTreeMap<String, _>| texts.keys().cloned().collect::<BTreeSet<_>>();
            let (ours, theirs_keys) = (keys(&english), keys(&theirs));
            let missing: Vec<&String> = ours.symmetric_difference(&theirs_keys).collect();
            assert!(missing.is_empty(), "only in one of en and {}: {missing:?}", language.tag());
            for (key, values) in &english {
                assert_eq!(Some(values), theirs.get(key), "{key} in {}", language.tag());
            }
        }
    }

    #[test]
    fn every_text_that_is_said_is_there_and_every_text_is_said() {
        let there: BTreeSet<String> = catalogue(Language::English).into_keys().collect();
        let templates = files("blocks");
        let sources: Vec<_> = USERS.iter().flat_map(|folder| files(folder)).collect();

        let mut said: BTreeSet<&str> = BTreeSet::new();
        for (path, template) in &templates {
            for key in said_by_template(template) {
                assert!(there.contains(key), "{path} says {key}, which is no text");
                said.insert(key);
            }
        }
        for (path, source) in sources.iter().filter(|(path, _)| path.ends_with(".rs")) {
            let source = source.split("#[cfg(test)]").next().unwrap();
            for key in said_by_source(source) {
                assert!(there.contains(key), "{path} says {key}, which is no text");
            }
            said.extend(quoted(source).filter(|key| there.contains(*key)));
        }
        let unused: Vec<&String> =
            there.iter().filter(|key| !said.contains(key.as_str())).collect();
        assert!(unused.is_empty(), "nothing says {unused:?}");
    }

    /// What a template writes itself, outside of `{{…}}`: the values of the keys that people read.
    fn own_words(template: &str) -> Vec<String> {
        let mut plain = String::new();
        let mut parts = template.split("{{");
        plain.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (tag, after) = part.split_once("}}").unwrap();
            // A part's argument in quotes is a text as well, unless the catalogue says it.
            let arguments =
                tag.strip_prefix('>').map(|tag| tag.replace("(t \"", "(")).unwrap_or_default();
            let pieces: Vec<&str> = arguments.split("=\"").collect();
            for pair in pieces.windows(2) {
                // What a press does, and how its button looks, is nothing that people read.
                let name = pair[0].rsplit(' ').next().unwrap();
                if ["act", "style", "query"].contains(&name) {
                    continue;
                }
                let argument = pair[1];
                plain.push_str("\"text\": \"");
                plain.push_str(argument.split('"').next().unwrap());
                plain.push('"');
            }
            plain.push('\u{0}');
            plain.push_str(after.trim_start_matches('}'));
        }
        let read = ["text", "fallback", "initial_value", "alt_text", "title"];
        read.iter()
            .flat_map(|key| plain.split(&format!("\"{key}\": \"")).skip(1).collect::<Vec<_>>())
            .filter_map(|rest| rest.split('"').next())
            .filter(|text| text.replace("\\n", "").chars().any(char::is_alphabetic))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn no_template_has_words_of_its_own() {
        assert_eq!(own_words(r#"{ "text": "Approve {{id}}" }"#), ["Approve \u{0}"]);
        assert_eq!(own_words(r#"{{> _quote label="Why" quote=(t "ask-why")}}"#), ["Why"]);
        assert_eq!(
            own_words(r#"{ "text": "{{t "ask" id=id}} · {{x}}\n", "type": "text" }"#),
            [""; 0]
        );

        for (path, template) in files("blocks") {
            assert_eq!(own_words(&template), [""; 0], "{path}");
        }
    }
}
