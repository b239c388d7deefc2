//! The package for each configuration, and within Teams' limits.
use super::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// A configuration with Teams in it, and the package made of it.
struct Made {
    said: String,
    files: BTreeMap<String, Vec<u8>>,
}

fn made(email: &str) -> Made {
    let dir = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for file in std::fs::read_dir(examples).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
        }
    }
    let path = dir.path().join("hallpass.toml");
    let table = format!(
        "[teams]\napp_id = \"0A000000-0000-4000-8000-00000000000a\"\n\
         tenant = \"0b000000-0000-4000-8000-00000000000b\"\n{email}[slack]\n"
    );
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("# public_url =", "public_url =").replace("[slack]\n", &table);
    std::fs::write(&path, text).unwrap();
    let out = dir.path().join("made.zip");
    let mut said = Vec::new();
    let package = Package { at: super::super::At { config: path }, out: out.clone() };
    let code = teams(&package, &mut said).unwrap();
    let said = String::from_utf8(said).unwrap();
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS), "{said}");
    Made { said: said.replace(&*out.to_string_lossy(), "made.zip"), files: unzipped(&out) }
}

/// The files of an archive that only stores.
fn unzipped(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let archive = std::fs::read(path).unwrap();
    let number = |at: usize| u16::from_le_bytes([archive[at], archive[at + 1]]).into();
    let mut files = BTreeMap::new();
    let mut at = 0;
    while archive[at..].starts_with(b"PK\x03\x04") {
        let (name, length): (usize, usize) = (number(at + 26), number(at + 18));
        let begin = at + 30 + name;
        let name = String::from_utf8(archive[at + 30..begin].to_vec()).unwrap();
        files.insert(name, archive[begin..begin + length].to_vec());
        at = begin + length;
    }
    files
}

const EMAIL: &str =
    "[email]\nserver = \"localhost:25\"\ntls = \"none\"\nfrom = \"a@example.com\"\n";

#[test]
fn the_package_holds_the_app_in_both_languages_and_its_icons() {
    let made = made(EMAIL);

    let names: Vec<&String> = made.files.keys().collect();
    assert_eq!(names, ["color.png", "de.json", "manifest.json", "outline.png"]);
    assert!(made.said.starts_with("made.zip is written: upload it"), "{}", made.said);
    let size = |name: &str| {
        let picture = &made.files[name];
        assert!(picture.starts_with(b"\x89PNG"), "{name}");
        let side = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
        (side(16), side(20))
    };
    assert_eq!((size("color.png"), size("outline.png")), ((192, 192), (32, 32)));
}

#[test]
fn the_manifest_fits_the_configuration() {
    let json =
        |made: &Made, name: &str| -> Value { serde_json::from_slice(&made.files[name]).unwrap() };
    let (with, without) = (made(EMAIL), made(""));
    let manifest = json(&with, "manifest.json");

    let app = "0a000000-0000-4000-8000-00000000000a";
    for place in ["/id", "/bots/0/botId", "/composeExtensions/0/botId"] {
        assert_eq!(manifest.pointer(place).unwrap(), app, "{place}");
    }
    assert_eq!(manifest["manifestVersion"], "1.30");
    assert_eq!(manifest["validDomains"], serde_json::json!(["hallpass.example.com"]));
    // A tab needs more of Azure, so it comes when it is asked for.
    assert_eq!(manifest["staticTabs"].as_array().unwrap().len(), 2);
    assert_eq!(json(&without, "manifest.json")["staticTabs"], manifest["staticTabs"]);
    let lists = manifest["bots"][0]["commandLists"].as_array().unwrap();
    assert_eq!(lists.len(), 1);
    let commands = lists[0]["commands"].as_array().unwrap();
    assert_eq!(commands.len(), 12, "Teams takes no more");
    // Every text of the other language belongs to something that is there.
    let german = json(&with, "de.json");
    for key in german.as_object().unwrap().keys().filter(|key| *key != "$schema") {
        let pointer = format!("/{}", key.replace(']', "").replace(['.', '['], "/"));
        assert!(manifest.pointer(&pointer).is_some(), "{key}");
    }
    for (n, _) in commands.iter().enumerate() {
        let key = format!("bots[0].commandLists[0].commands[{n}].description");
        assert!(german.get(&key).is_some(), "{key}");
    }
    for part in ["permissions", "authorization", "webApplicationInfo"] {
        assert!(manifest.get(part).is_none(), "{part}: the least that does");
    }
}

#[test]
fn the_manifest_has_the_tab_where_it_is_asked_for() {
    let made = made("tab = true\n");
    let manifest: Value = serde_json::from_slice(&made.files["manifest.json"]).unwrap();

    let app = "0a000000-0000-4000-8000-00000000000a";
    let resource = format!("api://hallpass.example.com/botid-{app}");
    assert_eq!(
        manifest["webApplicationInfo"],
        serde_json::json!({ "id": app, "resource": resource })
    );
    let tab = &manifest["staticTabs"][1];
    assert_eq!(tab["contentUrl"], "https://hallpass.example.com/tab/sign-in");
    assert_eq!(tab["scopes"], serde_json::json!(["personal"]));
    assert_eq!(manifest["validDomains"], serde_json::json!(["hallpass.example.com"]));
    assert!(made.said.contains(&resource), "{}", made.said);
}

#[test]
fn without_teams_there_is_no_package() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hallpass.toml");
    let out = PathBuf::from("never-written.zip");
    let mut said = Vec::new();

    let package = Package { at: super::super::At { config: path }, out: out.clone() };
    let code = teams(&package, &mut said).unwrap();

    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
    assert!(
        String::from_utf8(said).unwrap().ends_with("Teams is not enabled; add `[teams]` to it\n")
    );
    assert!(!out.exists());
}
