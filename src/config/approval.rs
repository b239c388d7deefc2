//! How a flow is decided: at once, never, or by people in stages.
use super::flows::{Around, Named, named};
use super::section::{Found, Section};
use super::words::{Label, advice, counted, shown};
use crate::domain::flow::Approval;
use crate::domain::id::PersonId;
use crate::domain::plan::{Approver, Need, Plan, Progress, Setting, Stage};
use std::collections::BTreeSet;

/// Reads `approval = "automatic"`, `deny = "reason"` or the `[[flow.stage]]` tables: exactly one.
pub(super) fn read(section: &Section<'_>, around: &Around<'_>) -> Option<Approval> {
    let automatic = section.choice("approval", &[("automatic", ())]);
    let denied = section.text("deny");
    let stages: Vec<Option<Stage>> =
        section.sections("stage").iter().map(|table| stage(table, around)).collect();
    let said = ["approval", "deny", "stage"].map(|key| section.has(key));
    if said.iter().filter(|is_said| **is_said).count() != 1 {
        let what = "write exactly one of `approval = \"automatic\"`, `deny = \"the reason\"` and \
                    `[[flow.stage]]` tables";
        section.reading.mistake(&section.here(), what);
        return None;
    }
    if let Some(reason) = denied {
        return Some(Approval::Denied(reason.value.to_owned()));
    }
    if automatic.is_some() {
        return Some(Approval::Automatic);
    }
    let stages: Vec<Stage> = stages.into_iter().collect::<Option<_>>()?;
    if stages.is_empty() {
        if section.has("stage") {
            let what = "there is no stage here; begin each with `[[flow.stage]]`";
            section.reading.mistake(&section.place("stage"), what);
        }
        return None;
    }
    Some(Approval::Stages(Plan { stages }))
}

fn stage(table: &Section<'_>, around: &Around<'_>) -> Option<Stage> {
    let need = need(table);
    if !table.has("of") {
        table.missing("of", "[\"person:ben\", \"group:dba\"]");
    }
    let texts = table.texts("of");
    let of: Vec<Approver> = texts.iter().filter_map(|text| approver(table, text, around)).collect();
    table.finish();
    let stage = Stage { need: need?, of };
    if stage.of.len() == texts.len() && !texts.is_empty() {
        check_enough(table, &stage, around);
    }
    Some(stage)
}

fn need(table: &Section<'_>) -> Option<Need> {
    let Some(word) = table.word_or_number("need", "`\"any\"`, `\"all\"` or a whole number") else {
        return (!table.has("need")).then_some(Need::Any);
    };
    let wrong = |what: String| {
        table.reading.mistake(&word.place, what);
        None
    };
    match word.value.as_str() {
        "any" => Some(Need::Any),
        "all" => Some(Need::All),
        number => match number.parse::<usize>() {
            Ok(0) => wrong("at least one person must say yes; write 1 or more".to_owned()),
            Ok(count) => Some(Need::Count(count)),
            Err(_) => {
                let advice = advice(number, ["any", "all"], Label::Allowed);
                wrong(format!("{} is not known here{advice}, or a number", shown(number)))
            }
        },
    }
}

fn approver(table: &Section<'_>, text: &Found<&str>, around: &Around<'_>) -> Option<Approver> {
    match text.value {
        "manager" => Some(Approver::Manager),
        "resource-owner" => Some(Approver::ResourceOwner),
        _ => match named(table, text, around.names, &["manager", "resource-owner"])? {
            Named::Person(person) => {
                let id = PersonId::new(person);
                let left = around.directory.people.get(&id).is_some_and(|p| !p.is_active);
                if left {
                    let what = format!("{} is not active and cannot approve", shown(person));
                    table.reading.mistake(&text.place, what);
                }
                Some(Approver::Person(id))
            }
            Named::Group(group) => {
                let members = around.directory.groups.get(&group.into());
                let has_one = members.is_some_and(|members| {
                    members.iter().any(|member| around.directory.active(member).is_some())
                });
                if members.is_some() && !has_one && around.names.people.is_whole {
                    let what = format!("nobody active is in the group {}", shown(group));
                    table.reading.mistake(&text.place, what);
                }
                Some(Approver::Group(group.into()))
            }
        },
    }
}

/// Whether everybody of the stage saying yes would be enough; known only when all are named.
fn check_enough(table: &Section<'_>, stage: &Stage, around: &Around<'_>) {
    let is_named = |of: &Approver| matches!(of, Approver::Person(_) | Approver::Group(_));
    if !stage.of.iter().all(is_named) || !around.names.people.is_whole {
        return;
    }
    if can_be_satisfied(stage, around, &PersonId::new(""), &BTreeSet::new()) {
        return;
    }
    let nobody = BTreeSet::new();
    let people = people_of(stage, around, &nobody);
    if people.is_empty() {
        return;
    }
    let are = counted(people.len(), "person", "people");
    let what = match stage.need {
        Need::Count(count) => format!("{count} must say yes, and `of` names only {are}"),
        Need::Any | Need::All => format!(
            "each of the {} entries of `of` needs a person of its own, and they name only {are}",
            stage.of.len()
        ),
    };
    table.reading.mistake(&table.place("need"), what);
}

/// Everybody active that the stage names.
fn people_of(
    stage: &Stage,
    around: &Around<'_>,
    excluded: &BTreeSet<PersonId>,
) -> BTreeSet<PersonId> {
    let none = BTreeSet::new();
    let nobody = PersonId::new("");
    let setting =
        Setting { directory: around.directory, grantee: &nobody, owners: &none, excluded };
    Plan { stages: vec![stage.clone()] }.progress([], &setting).open()
}

/// Whether the stage could be satisfied for `grantee` if everybody said yes.
pub(super) fn can_be_satisfied(
    stage: &Stage,
    around: &Around<'_>,
    grantee: &PersonId,
    excluded: &BTreeSet<PersonId>,
) -> bool {
    let none = BTreeSet::new();
    let setting = Setting { directory: around.directory, grantee, owners: &none, excluded };
    let plan = Plan { stages: vec![stage.clone()] };
    match plan.progress([], &setting) {
        Progress::Complete => true,
        Progress::Waiting { open, .. } => plan.progress(&open, &setting) == Progress::Complete,
    }
}
