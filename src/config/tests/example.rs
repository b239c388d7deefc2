//! The example in `examples/` loads, and does what its comments say.
use super::super::{Config, SecretPlace, load_without_secrets};
use crate::domain::catalog::{Item, ResourceRef};
use std::path::Path;

fn example() -> Config<SecretPlace> {
    load_without_secrets(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hallpass.toml"))
        .unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn the_example_has_neither_mistakes_nor_warnings() {
    assert_eq!(example().warnings, []);
}

/// What the comments of the example promise.
#[test]
fn the_example_governs_as_it_says() {
    let policy = example().policy;
    let mut page = String::new();
    for (who, whom, integration, resource, permission) in [
        ("finn", "finn", "prod-postgres", "database:payments", "read"),
        ("ana", "ana", "prod-postgres", "database:payments", "read"),
        ("ana", "ana", "prod-postgres", "database:payments", "write"),
        ("ben", "ben", "prod-postgres", "database:ledger", "write"),
        ("dev", "dev", "prod-postgres", "role:payments_admin", "member"),
        ("ben", "ben", "prod-postgres", "role:payments_admin", "member"),
        ("eva", "eva", "prod-postgres", "database:customers", "read"),
        ("finn", "finn", "vpn", "office", "connect"),
        ("ben", "finn", "vpn", "office", "connect"),
        ("finn", "ben", "vpn", "office", "connect"),
    ] {
        let at = ResourceRef { integration: integration.into(), resource: resource.to_owned() };
        let item = Item { at, permission: permission.to_owned() };
        let flow = policy.governing(&who.into(), &whom.into(), &item);
        let flow = flow.map_or("no flow", |flow| flow.id.as_str());
        page.push_str(&format!("{who} for {whom}: {permission} on {resource}: {flow}\n"));
    }
    insta::assert_snapshot!(page, @"
    finn for finn: read on database:payments: interns-production
    ana for ana: read on database:payments: payments-read
    ana for ana: write on database:payments: no flow
    ben for ben: write on database:ledger: payments-write
    dev for dev: member on role:payments_admin: payments-admin
    ben for ben: member on role:payments_admin: no flow
    eva for eva: read on database:customers: customers-denied
    finn for finn: connect on office: vpn
    ben for finn: connect on office: vpn
    finn for ben: connect on office: no flow
    ");
}
