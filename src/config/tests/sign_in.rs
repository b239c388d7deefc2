//! A company's sign-in in the service file.
use super::{Folder, NAMES};

const TABLE: &str = r#"public_url = "https://access.example.com"
[sign_in.oidc]
name = "Birch"
issuer = "https://login.example.com/"
client_id = "hallpass"
[slack]"#;

#[test]
fn a_companys_sign_in_is_read_and_its_secret_shown_nowhere() {
    let folder = Folder::new();
    folder.edit(NAMES[0], "[slack]", TABLE);

    let config = folder.load().unwrap();

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
    insta::assert_snapshot!(page, @r#"
    hallpass.toml:4: sign_in.oidc.issuer: missing; write for example `issuer = "https://login.example.com"`
    hallpass.toml:6: sign_in.oidc.isuer: unknown key; did you mean `issuer`? Allowed: client_id, client_secret_file, issuer, name, trust_addresses
    hallpass.toml:6: sign_in.oidc.issuer: this must begin with `https://` (`http://` on this machine alone)
    hallpass.toml:7: sign_in.oidc.client_id: this must be a text in quotes, not a number
    hallpass.toml:4: sign_in.oidc.client_id: missing; write for example `client_id = "hallpass"`
    hallpass.toml:4: sign_in.oidc: people are sent back to Hallpass: set `public_url` at the top of this file
    hallpass.toml:5: sign_in.oidc.client_secret: a secret does not belong in this file; put it into a file of its own that only Hallpass can read and write `client_secret_file = "that file"`
    hallpass.toml:5: sign_in.oidc.trust_addresses: this must be true or false, without quotes, not a text
    hallpass.toml:5: sign_in.code: unknown key; allowed: oidc
    "#);
}
