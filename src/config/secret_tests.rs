//! Secrets come from private files or the environment, and go nowhere else.
use super::super::{Config, load_with};
use super::*;
use secrecy::ExposeSecret;
use std::fs;
use tempfile::TempDir;

const KEY: &str = "c2VjcmV0LWNhbmFyeS1zZWNyZXQtY2FuYXJ5LXNlY3JldA==";

const FILES: [(&str, &str); 5] = [
    ("master-key", KEY),
    ("bot", "xoxb-canary-bot\n"),
    ("app", "xapp-canary-app"),
    ("url", "postgres://hallpass:canary-url@db/postgres"),
    ("database-url", "postgres://hallpass:canary-database@db/hallpass"),
];

/// A configuration with every secret in a file of its own.
fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write(
        "hallpass.toml",
        "master_key_file = 'master-key'\ndatabase_url_file = 'database-url'\n[slack]\n\
         workspace = 'T0123ABCDEF'\nbot_token_file = 'bot'\napp_token_file = 'app'\n",
    );
    write(
        "directory.toml",
        "[[person]]\nid='ana'\nname='Ana'\nemail='a@example.com'\nadmin=true\n",
    );
    write(
        "catalogue.toml",
        "[[integration]]\nid='pg'\nname='pg'\nkind='postgres'\nurl_file='url'\n",
    );
    write(
        "flows.toml",
        "[[flow]]\nid='all'\nwho='everyone'\napproval='automatic'\nlongest='1h'\n\
         [[flow.what]]\nintegration='pg'\n",
    );
    for (name, text) in FILES {
        write_secret(&dir, name, text, 0o600);
    }
    dir
}

fn write_secret(dir: &TempDir, name: &str, text: &str, mode: u32) {
    let path = dir.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
}

fn load(dir: &TempDir) -> Result<Config, String> {
    let name = format!("{}/", dir.path().display());
    load_with(&dir.path().join("hallpass.toml"), &|_| None)
        .map_err(|mistakes| mistakes.to_string().replace(&name, ""))
}

#[test]
fn secrets_are_read_from_private_files() {
    let config = load(&folder()).unwrap();

    assert_eq!(config.service.slack.unwrap().bot_token.expose_secret(), "xoxb-canary-bot");
    assert_eq!(config.service.master_key.expose_secret(), b"secret-canary-secret-canary-secret");
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    let mut page = String::new();
    for (name, mode) in [("master-key", 0o644), ("bot", 0o640), ("url", 0o602), ("app", 0o400)] {
        let dir = folder();
        fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
        page.push_str(&load(&dir).err().unwrap_or_else(|| format!("{name} is fine")));
        page.push('\n');
    }
    insta::assert_snapshot!(page, @"
    hallpass.toml:1: master_key_file: the file `master-key` can be read or written by others than its owner (mode 0644); run `chmod 600 master-key`
    1 mistake
    hallpass.toml:5: slack.bot_token_file: the file `bot` can be read or written by others than its owner (mode 0640); run `chmod 600 bot`
    1 mistake
    catalogue.toml:5: integration.url_file: the file `url` can be read or written by others than its owner (mode 0602); run `chmod 600 url`
    1 mistake
    app is fine
    ");
}

#[test]
fn a_secret_that_is_wrong_is_named_and_not_shown() {
    let mut page = String::new();
    for (name, text) in [
        ("master-key", "canary"),
        ("master-key", "c2VjcmV0LWNhbmFyeQ=="),
        ("master-key", "canary canary"),
        ("bot", "xapp-canary-app"),
        ("bot", ""),
        ("bot", "xoxb-canary\nxoxb-canary"),
        ("app", "xoxb-canary-bot"),
        ("url", "mysql://ana:canary@db"),
        ("database-url", "canary"),
    ] {
        let dir = folder();
        write_secret(&dir, name, text, 0o600);
        page.push_str(&load(&dir).unwrap_err());
        page.push('\n');
    }

    assert!(!page.contains("canary"), "{page}");
    insta::assert_snapshot!(page, @"
    hallpass.toml:1: master_key_file: the file `master-key` holds 4 bytes, a key has at least 32; make one with `(umask 077; head -c 32 /dev/urandom | base64 > master-key)`
    1 mistake
    hallpass.toml:1: master_key_file: the file `master-key` holds 13 bytes, a key has at least 32; make one with `(umask 077; head -c 32 /dev/urandom | base64 > master-key)`
    1 mistake
    hallpass.toml:1: master_key_file: the file `master-key` holds neither base64 nor hex; make one with `(umask 077; head -c 32 /dev/urandom | base64 > master-key)`
    1 mistake
    hallpass.toml:5: slack.bot_token_file: the file `bot` holds no bot token; those begin with xoxb-
    1 mistake
    hallpass.toml:5: slack.bot_token_file: the file `bot` is empty
    1 mistake
    hallpass.toml:5: slack.bot_token_file: the file `bot` holds more than one line
    1 mistake
    hallpass.toml:6: slack.app_token_file: the file `app` holds no app-level token; those begin with xapp-
    1 mistake
    catalogue.toml:5: integration.url_file: the file `url` must hold an address like postgres://user:password@host/db
    1 mistake
    hallpass.toml:2: database_url_file: the file `database-url` must hold an address like postgres://user:password@host/db
    1 mistake
    ");
}

#[test]
fn a_secret_that_is_missing_is_named() {
    let mut page = String::new();
    for name in ["master-key", "url"] {
        let dir = folder();
        fs::remove_file(dir.path().join(name)).unwrap();
        page.push_str(&load(&dir).unwrap_err());
        page.push('\n');
        fs::create_dir(dir.path().join(name)).unwrap();
        page.push_str(&load(&dir).unwrap_err());
        page.push('\n');
    }
    let dir = folder();
    let path = dir.path().join("hallpass.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.lines().filter(|l| !l.contains("_file")).collect::<Vec<_>>().join("\n"))
        .unwrap();
    page.push_str(&load(&dir).unwrap_err());

    insta::assert_snapshot!(page, @"
    hallpass.toml:1: master_key_file: the file `master-key` does not exist; make one with `(umask 077; head -c 32 /dev/urandom | base64 > master-key)`
    1 mistake
    hallpass.toml:1: master_key_file: the file `master-key` is not a plain file
    1 mistake
    catalogue.toml:5: integration.url_file: the file `url` does not exist
    1 mistake
    catalogue.toml:5: integration.url_file: the file `url` is not a plain file
    1 mistake
    hallpass.toml:1: master_key_file: missing: neither this key nor the environment variable HALLPASS_MASTER_KEY is set; make one with `(umask 077; head -c 32 /dev/urandom | base64 > master-key)`
    hallpass.toml:1: slack.app_token_file: missing: neither this key nor the environment variable HALLPASS_SLACK_APP_TOKEN is set
    hallpass.toml:1: slack.bot_token_file: missing: neither this key nor the environment variable HALLPASS_SLACK_BOT_TOKEN is set
    3 mistakes
    ");
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:#?}", load(&folder()).unwrap());

    assert!(!shown.contains("canary"), "{shown}");
    assert!(!shown.contains("115,"), "{shown}");
    assert!(shown.contains("REDACTED"), "{shown}");
}

#[test]
fn keys_are_read_in_hex_and_in_both_alphabets_of_base64() {
    for (text, bytes) in [
        ("00ff10", Some(vec![0, 255, 16])),
        ("aGFsbHBhc3M=", Some(b"hallpass".to_vec())),
        ("aGFsbHBhc3M", Some(b"hallpass".to_vec())),
        ("--__", Some(vec![0xfb, 0xef, 0xff])),
        ("++//", Some(vec![0xfb, 0xef, 0xff])),
        ("not a key", None),
    ] {
        assert_eq!(from_hex(text).or_else(|| from_base64(text)), bytes, "{text}");
    }
}
