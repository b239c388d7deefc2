//! The command connector with real little programs: good, lying, hanging, loud and broken ones.
#![cfg(test)]
mod skipped;

use chrono::{DateTime, Utc};
use hallpass::connect::command::{Command, CommandTarget};
use hallpass::connect::{Again, Connector, Fault, GrantOrder, Presence};
use hallpass::domain::catalog::{Entitlement, Item, ResourceRef};
use hallpass::domain::person::Person;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

fn shell(script: &str) -> CommandTarget {
    CommandTarget::new("doors".into(), vec!["/bin/sh".into(), "-c".into(), script.into()])
}

fn connector(target: CommandTarget) -> Command {
    Command::new(target).unwrap()
}

fn order() -> GrantOrder {
    let at = ResourceRef { integration: "doors".into(), resource: "door:lab".into() };
    let item = Item { at, permission: "enter".into() };
    GrantOrder {
        entitlement: Entitlement { grantee: "ana".into(), item },
        grantee: Person {
            id: "ana".into(),
            name: "Ana \"; rm -rf / $(x) `y`".into(),
            email: "ana@example.com".into(),
            manager: None,
            is_admin: false,
            is_active: true,
            language: None,
            pinned: Vec::new(),
        },
        until: DateTime::<Utc>::from_timestamp(1_900_000_000, 0).unwrap(),
        idempotency_key: "AR-1042.1".into(),
        needs_credential: true,
    }
}

async fn fault_of(script: &str) -> Fault {
    connector(shell(script)).grant(&order()).await.unwrap_err()
}

#[tokio::test]
async fn the_call_and_the_answer_are_as_documented() {
    let directory = tempfile::tempdir().unwrap();
    let call = directory.path().join("call");
    let script = format!(
        r#"cat > {}; echo '{{"ok":true,"details":{{"lines":[["door","Lab"]],"credential":"4711"}}}}'"#,
        call.display()
    );

    let details = connector(shell(&script)).grant(&order()).await.unwrap();

    assert_eq!(details.lines, [("door".to_owned(), "Lab".to_owned())]);
    assert_eq!(details.credential.unwrap().expose_secret(), "4711");
    let call: Value = serde_json::from_slice(&std::fs::read(call).unwrap()).unwrap();
    let expected = json!({
        "op": "grant",
        "entitlement": {
            "grantee": "ana", "integration": "doors", "resource": "door:lab", "permission": "enter",
        },
        "grantee": {
            "id": "ana", "name": "Ana \"; rm -rf / $(x) `y`", "email": "ana@example.com",
        },
        "until": "2030-03-17T17:46:40Z",
        "idempotency_key": "AR-1042.1",
        "needs_credential": true,
    });
    assert_eq!(call, expected);
}

#[tokio::test]
async fn a_program_that_says_yes_and_does_nothing_is_found_out_by_reading_back() {
    let script = r#"case "$(cat)" in *read_back*) echo '{"ok":true,"present":false}';; *) echo '{"ok":true}';; esac"#;
    let doors = connector(shell(script));

    doors.grant(&order()).await.unwrap();

    assert_eq!(doors.read_back(&order().entitlement).await, Ok(Presence::Absent));
}

#[tokio::test]
async fn a_hanging_program_and_its_children_are_killed() {
    let directory = tempfile::tempdir().unwrap();
    let children = directory.path().join("children");
    for script in ["sleep 300 & echo $! > FILE; wait", "sleep 300 & echo $! > FILE; exit 0"] {
        let script = script.replace("FILE", &children.display().to_string());
        let target = CommandTarget { limit: Duration::from_millis(300), ..shell(&script) };
        let started = Instant::now();

        let fault = connector(target).grant(&order()).await.unwrap_err();

        assert_eq!(fault.again, Again::Retry(None));
        assert!(fault.message.contains("longer than 300ms"), "{fault}");
        assert!(started.elapsed() < Duration::from_secs(10));
        let child = std::fs::read_to_string(&children).unwrap();
        ends(child.trim()).await;
    }
}

/// Waits until the process is gone, or only waits to be collected.
async fn ends(process: &str) {
    let stat = Path::new("/proc").join(process).join("stat");
    let is_running = || std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
    for _ in 0..500 {
        if !is_running() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("process {process} still runs");
}

#[tokio::test]
async fn an_abandoned_call_leaves_no_process() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("child");
    let doors = connector(shell(&format!("sleep 300 & echo $! > {}; wait", file.display())));

    let order = order();
    let call = doors.grant(&order);
    let written = async {
        loop {
            match std::fs::read_to_string(&file) {
                Ok(child) if child.ends_with('\n') => return child,
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    let child = tokio::select! {
        done = call => panic!("{done:?}"),
        child = written => child,
    };

    ends(child.trim()).await;
}

#[tokio::test]
async fn more_than_64_mib_are_refused_without_waiting_for_the_end() {
    let started = Instant::now();
    let fault = fault_of("yes").await;
    assert_eq!(fault.again, Again::Never);
    assert!(fault.message.contains("67108864 bytes"), "{fault}");
    assert!(started.elapsed() < Duration::from_secs(20));

    let noise = r#"yes noise | head -c 20000000 >&2; echo '{"ok":true}'"#;
    connector(shell(noise)).grant(&order()).await.unwrap();
}

#[tokio::test]
async fn every_broken_answer_is_a_fault() {
    for (script, again, text) in [
        ("echo yes", Again::Never, "not as agreed"),
        ("true", Again::Never, "not as agreed"),
        ("echo '{\"ok\":true}{\"ok\":true}'", Again::Never, "not as agreed"),
        ("printf '\\377'", Again::Never, "not as agreed"),
        ("echo '{\"ok\":true}'; exit 1", Again::Retry(None), "exit status: 1: it did not say why"),
        (
            "echo a >&2; printf 'b\\033[31m\\n\\n' >&2; exit 3",
            Again::Retry(None),
            "exit status: 3: b[31m",
        ),
        ("kill -9 $$", Again::Retry(None), "signal: 9"),
        (
            "echo '{\"ok\":false,\"message\":\"no such door\"}'; exit 1",
            Again::Never,
            "no such door",
        ),
        (
            "echo '{\"ok\":false,\"retry\":true,\"after_seconds\":30,\"message\":\"busy\"}'",
            Again::Retry(Some(Duration::from_secs(30))),
            "busy",
        ),
    ] {
        let fault = fault_of(script).await;
        assert_eq!(fault.again, again, "{script}: {fault}");
        assert!(fault.message.contains(text), "{script}: {fault}");
    }
    let missing = CommandTarget::new("doors".into(), vec!["/no/such/program".into()]);
    assert_eq!(connector(missing).list().await.unwrap_err().again, Again::Never);
    assert!(Command::new(CommandTarget::new("doors".into(), Vec::new())).is_err());
}

#[tokio::test]
async fn the_environment_is_what_is_configured_and_stays_out_of_faults() {
    let script = "env | cut -d= -f1 | sort | tr '\\n' ' ' >&2; echo \"$DOOR_TOKEN\" >&2; exit 1";
    let mut target = shell(script);
    target.environment.insert("DOOR_TOKEN".into(), "canary".to_owned().into());

    let fault = connector(target).grant(&order()).await.unwrap_err();

    assert!(!fault.message.contains("canary"), "{fault}");
    assert!(fault.message.contains("DOOR_TOKEN"), "{fault}");
    assert!(!fault.message.contains("CARGO"), "{fault}");
}

#[tokio::test]
async fn the_example_grants_and_revokes_and_survives_twenty_at_once() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/command-file-access.py");
    if !Path::new("/usr/bin/env").exists() || !has_python() {
        skipped::skipped("python3");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("access.json");
    let before = json!({
        "resources": [{ "id": "door:lab", "name": "Lab", "kind": "door", "permissions": ["enter"] }],
        "access": [],
    });
    std::fs::write(&file, before.to_string()).unwrap();
    let argv = [&example, &file].map(|path| path.display().to_string());
    let doors = connector(CommandTarget::new("doors".into(), argv.into()));
    let read = || -> Value { serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap() };
    let orders: Vec<_> = (0..20)
        .map(|n| {
            let mut order = order();
            order.entitlement.grantee = format!("p{n}").as_str().into();
            order
        })
        .collect();

    let listed = doors.list().await.unwrap();
    assert_eq!(listed.nth(0).unwrap().name, "Lab");
    for _ in 0..2 {
        let granted = futures_util::future::join_all(orders.iter().map(|it| doors.grant(it))).await;
        assert!(granted.iter().all(Result::is_ok), "{granted:?}");
        assert_eq!(read()["access"].as_array().unwrap().len(), 20);
    }
    assert_eq!(doors.read_back(&orders[3].entitlement).await, Ok(Presence::Present));
    for _ in 0..2 {
        let gone = orders.iter().map(|it| doors.revoke(&it.entitlement));
        assert!(futures_util::future::join_all(gone).await.iter().all(Result::is_ok));
    }
    assert_eq!(doors.read_back(&orders[3].entitlement).await, Ok(Presence::Absent));
    assert_eq!(read(), before);

    let mut unknown = order();
    unknown.entitlement.item.permission = "own".into();
    assert_eq!(doors.grant(&unknown).await.unwrap_err().again, Again::Never);
}

fn has_python() -> bool {
    std::process::Command::new("python3").arg("--version").output().is_ok()
}
