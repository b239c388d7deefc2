//! A company's sign-in in the service file.
use super::{Folder, NAMES, environment};
use crate::config::load_with;

const TABLE: &str = r#"public_url = "https://access.example.com"
[sign_in.oidc]
name = "Birch"
issuer = "https://login.example.com/"
client_id = "hallpass"
[slack]"#;

fn with_secret(name: &str) -> Option<String> {
    match name {
        "HALLPASS_SIGN_IN_OIDC_CLIENT_SECRET" => Some("canary-oidc".to_owned()),
        other => environment(other),
    }
}

#[test]
fn a_companys_sign_in_is_read_and_its_secret_shown_nowhere() {
    let folder = Folder::new();
    folder.edit(NAMES[0], "[slack]", TABLE);

    let config = load_with(&folder.path("hallpass.toml"), &with_secret).unwrap();

    let debug = format!("{config:?}");
    let oidc = config.service.oidc.unwrap();
    assert_eq!((&*oidc.name, &*oidc.client_id), ("Birch", "hallpass"));
    assert_eq!(oidc.issuer, "https://login.example.com/", "as the provider writes it");
    assert!(!oidc.trusts_addresses);
    assert!(!debug.contains("canary"), "{debug}");
}

#[test]
fn mistakes_in_a_companys_sign_in() {
    let mut page = String::new();
    for (from, to) in [
        ("issuer =", "isuer ="),
        ("https://login.example.com/", "http://login.example.com"),
        ("client_id = \"hallpass\"", "client_id = 7"),
        ("client_id = \"hallpass\"", ""),
        ("public_url = \"https://access.example.com\"", ""),
        ("name = \"Birch\"", "client_secret = \"canary\""),
        ("name = \"Birch\"", "trust_addresses = \"yes\""),
        ("[sign_in.oidc]", "[sign_in]\ncode = true\n[sign_in.oidc]"),
    ] {
        let folder = Folder::new();
        folder.edit(NAMES[0], "[slack]", &TABLE.replacen(from, to, 1));
        page.push_str(&folder.report());
    }
    assert!(!page.contains("canary"), "{page}");
    insta::assert_snapshot!(page, @"");
}
