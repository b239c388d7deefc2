//! Flows that are allowed and hardly meant: one that never governs, one that nobody can approve.
use super::approval::can_be_satisfied;
use super::flows::{Around, Written};
use super::mistake::Reading;
use super::words::{counted, shown};
use crate::domain::flow::{Approval, Flow, Pattern, Scope, Who};
use crate::domain::id::PersonId;
use crate::domain::person::Directory;
use crate::domain::plan::Approver;
use std::collections::BTreeSet;

/// Warns of what is doubtful in the flows taken together.
pub(super) fn warn(reading: &Reading<'_>, flows: &[Written], around: &Around<'_>) {
    for (index, later) in flows.iter().enumerate() {
        let earlier = flows.iter().take(index);
        let mut shadows = earlier.filter(|earlier| admits_all_of(earlier, later, around.directory));
        if let Some(shadow) = shadows.next() {
            let line = shadow.place.line.map(|line| format!(" (line {line})")).unwrap_or_default();
            let what = format!(
                "never used: {}{line} comes first and admits everything that {} does",
                shown(shadow.flow.id.as_str()),
                shown(later.flow.id.as_str())
            );
            reading.warn(&later.place, what);
        }
        warn_of_dead_ends(reading, later, around);
    }
}

/// Whether `earlier` governs all that `later` admits, with today's people.
fn admits_all_of(earlier: &Written, later: &Written, directory: &Directory) -> bool {
    let asks = |flow: &Flow| askers(flow, directory);
    let covers = |wide: &[String; 4], narrow: &[String; 4]| {
        wide.iter().zip(narrow).all(|(wide, narrow)| includes(wide, narrow))
    };
    breadth(earlier.flow.scope) >= breadth(later.flow.scope)
        && asks(&later.flow).is_subset(&asks(&earlier.flow))
        && later.what.iter().all(|narrow| earlier.what.iter().any(|wide| covers(wide, narrow)))
}

/// Whether `wide` matches every text that `narrow` matches: it must absorb a character that it
/// cannot contain wherever `narrow` leaves the text open.
fn includes(wide: &str, narrow: &str) -> bool {
    Pattern::new(wide).matches(&narrow.replace('*', "\0"))
}

fn breadth(scope: Scope) -> u8 {
    match scope {
        Scope::OneSelf => 0,
        Scope::DirectReports => 1,
        Scope::Others => 2,
    }
}

fn askers(flow: &Flow, directory: &Directory) -> BTreeSet<PersonId> {
    let is_asker = |person: &PersonId| {
        flow.who.iter().any(|who| match who {
            Who::Everyone => true,
            Who::Person(one) => one == person,
            Who::Group(group) => directory.is_member(group, person),
        })
    };
    let active = directory.people.values().filter(|person| person.is_active);
    active.map(|person| person.id.clone()).filter(is_asker).collect()
}

/// Warns when somebody who may ask would be the only one to approve, or has nobody.
fn warn_of_dead_ends(reading: &Reading<'_>, written: &Written, around: &Around<'_>) {
    let Approval::Stages(plan) = &written.flow.approval else { return };
    for (index, stage) in plan.stages.iter().enumerate() {
        if stage.of.contains(&Approver::ResourceOwner) {
            continue;
        }
        let stuck: Vec<PersonId> = askers(&written.flow, around.directory)
            .into_iter()
            .filter(|asker| {
                let own = if written.flow.allow_self_approval {
                    BTreeSet::new()
                } else {
                    BTreeSet::from([asker.clone()])
                };
                !can_be_satisfied(stage, around, asker, &own)
            })
            .collect();
        let Some(first) = stuck.first() else { continue };
        let others = match stuck.len() {
            1 => String::new(),
            many => format!(" and {}", counted(many - 1, "other", "others")),
        };
        let what = format!(
            "when {}{others} asks under {}, too few people can approve stage {}",
            shown(first.as_str()),
            shown(written.flow.id.as_str()),
            index + 1
        );
        reading.warn(&written.place, what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_includes_another_when_it_matches_all_that_the_other_does() {
        for (wide, narrow, includes_it) in [
            ("*", "pay*", true),
            ("pay*", "payments", true),
            ("pay*", "*", false),
            ("*a*", "*ba", true),
            ("a*", "*a", false),
            ("read", "read", true),
            ("read", "read*", false),
        ] {
            assert_eq!(includes(wide, narrow), includes_it, "{wide} over {narrow}");
        }
    }
}
