//! Whatever stands in the files, the loader answers.
use super::{Folder, NAMES};
use proptest::prelude::*;
use std::fs;

/// Pieces that make texts look enough like a configuration to get past the first line.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z_.]{1,12} = ",
        "\\[\\[?[a-z._]{0,12}\\]?\\]?\n",
        "\"[^\"]{0,12}\"\n",
        Just("[[flow]]\nid = \"a\"\n".to_owned()),
        Just("[[flow.what]]\nintegration = [\"*\", 1]\n".to_owned()),
        Just("[[flow.stage]]\nneed = 2\nof = [\"manager\"]\n".to_owned()),
        Just("[[person]]\nid = \"ana\"\nname = \"A\"\nemail = \"a@b.c\"\n".to_owned()),
        Just("[[group]]\nid = \"g\"\nmembers = [\"ana\"]\n".to_owned()),
        Just("[[integration]]\nid = \"i\"\nkind = \"command\"\n".to_owned()),
        Just("who = \"everyone\"\n".to_owned()),
        "-?[0-9]{1,25}\n",
        ".{0,8}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(file in 0_usize..5, text in pieces(), bytes in ".{0,80}") {
        let folder = Folder::new();
        for text in [text, bytes] {
            folder.write(NAMES[file], &text);
            let _ = folder.load();
        }
    }

    #[test]
    fn no_cut_makes_the_loader_panic_or_drop_a_flow(file in 0_usize..5, cut in 0_usize..600) {
        let folder = Folder::new();
        let text = fs::read_to_string(folder.path(NAMES[file])).unwrap();
        folder.write(NAMES[file], text.get(..cut.min(text.len())).unwrap());

        if let Ok(config) = folder.load() {
            prop_assert_eq!(config.policy.flows.len(), 1);
            prop_assert_eq!(config.targets.len(), config.policy.catalog.integrations.len());
        }
    }
}
