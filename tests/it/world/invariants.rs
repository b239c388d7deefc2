//! What is always true (I1–I5), read from the target and the database, not asked from the bot.
use super::{SOON, World};
use hallpass::demo::slack::Call;
use hallpass::domain::catalog::Entitlement;
use hallpass::domain::id::{PersonId, RequestId};
use hallpass::domain::record::Record;
use hallpass::domain::request::State;
use hallpass::store::audit::{AuditRow, Verified};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    /// Fails where an invariant does not hold.
    pub(crate) async fn holds_its_invariants(&self) {
        let records = self.records().await;
        let held: BTreeSet<Entitlement> = self.target.held().into_iter().collect();
        self.every_privilege_is_covered(&records, &held);
        for record in &records {
            decisions_are_by_others(record);
            self.status_agrees_with_target(record, &records, &held);
        }
        self.audit_tells_every_move(&records).await;
        self.slack_took_everything();
    }

    /// Every request there is.
    pub(crate) async fn records(&self) -> Vec<Record> {
        let rows = self.query("SELECT CAST(id AS TEXT) FROM request ORDER BY id").await;
        let mut tx = self.app().store().read().await.unwrap();
        let mut records = Vec::new();
        for row in rows {
            let id = RequestId(row[0].parse().unwrap());
            records.push(tx.request(id).await.unwrap().unwrap());
        }
        records
    }

    /// The bodies of the audit's rows of one kind.
    pub(crate) async fn audits(&self, kind: &str) -> Vec<String> {
        let rows = self.audit().await.into_iter().filter(|row| row.kind == kind);
        rows.map(|row| row.body).collect()
    }

    /// Waits until the audit has so many rows of one kind; their bodies.
    pub(crate) async fn audited(&self, kind: &str, count: usize) -> Vec<String> {
        let until = std::time::Instant::now() + SOON;
        loop {
            let rows = self.audits(kind).await;
            if rows.len() >= count {
                return rows;
            }
            assert!(std::time::Instant::now() < until, "{kind}: not {count}: {rows:?}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// The audit, in order.
    pub(crate) async fn audit(&self) -> Vec<AuditRow> {
        let mut tx = self.app().store().read().await.unwrap();
        let mut rows = Vec::new();
        loop {
            let after = rows.last().map_or(0, |row: &AuditRow| row.seq);
            let page = tx.audit_rows(after, 1000).await.unwrap();
            if page.is_empty() {
                return rows;
            }
            rows.extend(page);
        }
    }

    /// I1.
    fn every_privilege_is_covered(&self, records: &[Record], held: &BTreeSet<Entitlement>) {
        let covered: BTreeSet<Entitlement> = records
            .iter()
            .filter(|r| may_be_there(&r.state))
            .flat_map(Record::entitlements)
            .collect();
        let uncovered: Vec<_> = held.difference(&covered).collect();
        assert!(uncovered.is_empty(), "I1 {:?}: {uncovered:?}", self.kind());
    }

    /// I4.
    fn status_agrees_with_target(
        &self,
        record: &Record,
        all: &[Record],
        held: &BTreeSet<Entitlement>,
    ) {
        let id = record.asked.id;
        match &record.state {
            State::Active { missing, .. } => {
                for entitlement in record.entitlements() {
                    let is_missing = missing.iter().any(|m| m.item == entitlement.item);
                    let is_there = held.contains(&entitlement);
                    assert!(is_there || is_missing, "I4: {id} is Active without {entitlement:?}");
                }
            }
            State::Revoked { .. } | State::Expired { .. } | State::Failed { .. } => {
                for entitlement in record.entitlements().into_iter().filter(|e| held.contains(e)) {
                    let is_covered = all.iter().any(|other| {
                        may_be_there(&other.state) && other.entitlements().contains(&entitlement)
                    });
                    assert!(is_covered, "I4: {id} is over and {entitlement:?} is there");
                }
            }
            _ => {}
        }
    }

    /// I5.
    async fn audit_tells_every_move(&self, records: &[Record]) {
        let mut tx = self.app().store().read().await.unwrap();
        let verified = tx.verify_audit().await.unwrap();
        drop(tx);
        let rows = self.audit().await;
        assert_eq!(verified, Verified::Whole(i64::try_from(rows.len()).unwrap()), "I5");
        let mut moves: BTreeMap<i64, Vec<serde_json::Value>> = BTreeMap::new();
        for row in &rows {
            let body: serde_json::Value = serde_json::from_str(&row.body).unwrap();
            if let (Some(request), Some(to)) = (row.request, body.get("to")) {
                moves.entry(request).or_default().push(to.clone());
            }
        }
        for record in records {
            let id = record.asked.id;
            let told = moves.get(&id.0).cloned().unwrap_or_default();
            assert_eq!(i64::try_from(told.len()).unwrap(), record.version, "I5: moves of {id}");
            assert_eq!(told.last(), Some(&serde_json::json!(record.state)), "I5: end of {id}");
        }
    }

    fn slack_took_everything(&self) {
        assert_eq!(self.slack.warnings(), Vec::<String>::new());
        if !self.may_be_refused {
            let mut refused = self.slack.refusals();
            refused.retain(|call| !was_overtaken(call));
            assert_eq!(refused, vec![]);
        }
    }
}

/// Whether a picture came after its view was sent or closed, which its hash is there to tell.
fn was_overtaken(call: &Call) -> bool {
    let error = call.answer.as_ref().and_then(|(_, body)| body["error"].as_str());
    call.method == "views.update"
        && call.args.get("hash").is_some()
        && matches!(error, Some("hash_conflict" | "not_found"))
}

/// Whether access may be in the target at this state.
fn may_be_there(state: &State) -> bool {
    matches!(state, State::Granting { .. } | State::Active { .. } | State::Revoking { .. })
}

/// I3.
fn decisions_are_by_others(record: &Record) {
    let id = record.asked.id;
    let stages = record.asked.plan.stages.len();
    let mut yes: BTreeMap<&PersonId, usize> = BTreeMap::new();
    for decision in &record.decisions {
        assert!(decision.is_own || !record.is_party(&decision.by), "I3: {decision:?} on {id}");
        if decision.is_approval {
            *yes.entry(&decision.by).or_default() += 1;
        }
    }
    assert!(yes.values().all(|count| *count <= stages), "I3: {yes:?} on {id}");
    let no = record.decisions.iter().filter(|decision| !decision.is_approval).count();
    assert!(no <= 1, "I3: {no} rejections of {id}");
}
