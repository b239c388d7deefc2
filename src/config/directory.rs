//! The directory file: people, and the groups they are in.
use super::mistake::Reading;
use super::section::{Found, Section};
use super::slack::is_platform_id;
use super::teams;
use super::words::{Names, shown};
use crate::domain::id::{GroupId, PersonId};
use crate::domain::language::Language;
use crate::domain::person::{Account, Directory, Person};
use std::collections::{BTreeMap, BTreeSet};

/// Longest id; ids become logins in target systems, which allow about as many.
const LONGEST_ID: usize = 48;

/// The platforms of pinned accounts, which are also the keys that they are pinned with.
const SLACK: &str = "slack";
const TEAMS: &str = "teams";

/// Where accounts may be.
#[derive(Debug, Clone)]
pub(super) struct Homes {
    /// The workspaces under `[slack]`.
    pub(super) slack: Vec<String>,
    /// The tenants under `[teams]`.
    pub(super) teams: Vec<String>,
}

/// The names that the directory defines, for references to them.
#[derive(Debug, Clone)]
pub(super) struct DirectoryNames {
    pub(super) people: Names,
    pub(super) groups: Names,
}

impl DirectoryNames {
    /// No names yet.
    pub(super) fn none() -> Self {
        Self { people: Names::of("person"), groups: Names::of("group") }
    }
}

/// An id: lower-case letters, digits, `-`, `_` and `.`, beginning with a letter or a digit.
pub(super) fn id<'a>(section: &Section<'a>, example: &str) -> Option<Found<&'a str>> {
    let text = section.needed_text("id", example)?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_id = text.value.starts_with(is_plain)
        && text.value.len() <= LONGEST_ID
        && text.value.chars().all(|c| is_plain(c) || matches!(c, '-' | '_' | '.'));
    if !is_id {
        let what = format!(
            "{} is no id; write at most {LONGEST_ID} lower-case letters, digits, `-`, `_` or `.`, \
             beginning with a letter or a digit",
            shown(text.value)
        );
        section.reading.mistake(&text.place, what);
        return None;
    }
    Some(text)
}

/// Reads people and groups, and adds their names to `names`.
pub(super) fn read(root: &Section<'_>, homes: &Homes, names: &mut DirectoryNames) -> Directory {
    let mut people = BTreeMap::new();
    let mut taken = Taken::default();
    let sections = root.sections("person");
    let ids: Vec<_> = sections.iter().map(|section| id(section, "\"ana\"")).collect();
    for id in ids.iter().flatten() {
        names.people.add(root.reading, id);
    }
    for (section, id) in sections.iter().zip(ids) {
        let person = person(section, id, homes, &names.people, &mut taken);
        if let Some(person) = section.kept(person) {
            people.insert(person.id.clone(), person);
        }
        section.finish();
    }
    if sections.is_empty() {
        root.reading.mistake(&root.here(), "there are no people; begin each with `[[person]]`");
    } else if !people.values().any(|person: &Person| person.is_admin && person.is_active) {
        let what =
            "nobody has `admin = true`: no one will hear of access that cannot be taken away";
        root.reading.warn(&root.here(), what);
    }
    Directory { people, groups: groups(root, names) }
}

/// What belongs to one person alone.
#[derive(Default)]
struct Taken {
    emails: BTreeMap<String, String>,
    accounts: BTreeMap<Account, String>,
}

fn person(
    section: &Section<'_>,
    id: Option<Found<&str>>,
    homes: &Homes,
    people: &Names,
    taken: &mut Taken,
) -> Option<Person> {
    let name = section.needed_text("name", "\"Ana Torres\"");
    let email = section.needed_text("email", "\"ana@example.com\"");
    let email = email.and_then(|text| email_address(section.reading, &text));
    let languages = Language::ALL.map(|language| (language.tag(), language));
    let language = section.choice("language", &languages);
    let manager = section.text("manager").map(|text| {
        let is_own = id.as_ref().is_some_and(|id| id.value == text.value);
        if is_own {
            section.reading.mistake(&text.place, "nobody is their own manager");
        }
        people.resolve(section.reading, &text.place, text.value).filter(|_| !is_own)
    });
    let is_admin = section.yes_or_no("admin", false);
    let is_active = section.yes_or_no("active", true);
    let mut pinned = pinned_in_slack(section, &homes.slack);
    pinned.extend(pinned_in_teams(section, &homes.teams));
    let id = id?;
    for account in &pinned {
        let other = taken.accounts.insert(account.clone(), id.value.to_owned());
        if let Some(other) = other {
            let what = format!("this account is already pinned to {}", shown(&other));
            section.reading.mistake(&section.place(&account.platform), what);
        }
    }
    let email = email?;
    let other = taken.emails.insert(email.to_lowercase(), id.value.to_owned());
    if let Some(other) = other {
        let what = format!("this address already belongs to {}", shown(&other));
        section.reading.mistake(&section.place("email"), what);
    }
    Some(Person {
        id: PersonId::new(id.value),
        name: name?.value.to_owned(),
        email,
        language,
        manager: manager.map_or(Some(None), |read| read.map(Some))?,
        is_admin,
        is_active,
        pinned,
    })
}

/// The shape of an address; whether it exists is for the mail server to say.
pub(super) fn email_address(reading: &Reading<'_>, text: &Found<&str>) -> Option<String> {
    let is_plain = |c: char| !c.is_whitespace() && !"<>()[],;:\\\"@".contains(c);
    let is_address = text.value.split_once('@').is_some_and(|(local, domain)| {
        let labels = domain.split('.');
        !local.is_empty()
            && local.chars().all(is_plain)
            && domain.chars().all(is_plain)
            && labels.clone().count() >= 2
            && labels.into_iter().all(|label| !label.is_empty())
    });
    if !is_address {
        let what = format!("{} is no address; write one like ana@example.com", shown(text.value));
        reading.mistake(&text.place, what);
    }
    is_address.then(|| text.value.to_owned())
}

/// `slack = "U0123ABCDEF"`, or `"T0123ABCDEF/U0123ABCDEF"` where there are several workspaces.
fn pinned_in_slack(section: &Section<'_>, workspaces: &[String]) -> Vec<Account> {
    let read = |text: &Found<&str>| {
        let wrong = |what: String| {
            section.reading.mistake(&text.place, what);
            None
        };
        let (workspace, user) = match (text.value.split_once('/'), workspaces) {
            (Some((workspace, user)), _) => (workspace, user),
            (None, [only]) => (only.as_str(), text.value),
            (None, _) => {
                let example = "`T0123ABCDEF/U0123ABCDEF`";
                return wrong(format!("write which workspace the account is in: {example}"));
            }
        };
        if !workspaces.iter().any(|known| known == workspace) {
            let known = workspaces.join(", ");
            return wrong(format!(
                "{} is not among the workspaces under `[slack]`: {known}",
                shown(workspace)
            ));
        }
        if !is_platform_id(user, &['U', 'W']) {
            return wrong(format!(
                "{} is no account id; those look like U0123ABCDEF (in Slack: the profile's menu, \
                 Copy member ID)",
                shown(user)
            ));
        }
        Some(Account {
            platform: SLACK.to_owned(),
            workspace: workspace.to_owned(),
            user: user.to_owned(),
        })
    };
    section.texts(SLACK).iter().filter_map(read).collect()
}

/// `teams = "<object id>"`, or `"<tenant>/<object id>"` where there are several tenants.
fn pinned_in_teams(section: &Section<'_>, tenants: &[String]) -> Vec<Account> {
    let read = |text: &Found<&str>| {
        let wrong = |what: String| {
            section.reading.mistake(&text.place, what);
            None
        };
        let (tenant, user) = match (text.value.split_once('/'), tenants) {
            (Some((tenant, user)), _) => (tenant.to_ascii_lowercase(), user),
            (None, [only]) => (only.clone(), text.value),
            (None, []) => return wrong("there is no `[teams]` in the service file".to_owned()),
            (None, _) => {
                return wrong(
                    "write which tenant the account is in: `tenant/object id`".to_owned(),
                );
            }
        };
        if !tenants.contains(&tenant) {
            let known = tenants.join(", ");
            return wrong(format!(
                "{} is not among the tenants under `[teams]`: {known}",
                shown(&tenant)
            ));
        }
        let user = Found { value: user, place: text.place.clone() };
        let user = teams::id(section.reading, &user, "user")?;
        Some(Account { platform: TEAMS.to_owned(), workspace: tenant, user })
    };
    section.texts(TEAMS).iter().filter_map(read).collect()
}

fn groups(root: &Section<'_>, names: &mut DirectoryNames) -> BTreeMap<GroupId, BTreeSet<PersonId>> {
    let mut groups = BTreeMap::new();
    for section in root.sections("group") {
        let id = id(&section, "\"payments-leads\"");
        if !section.has("members") {
            section.missing("members", "[\"ana\", \"ben\"]");
        }
        let resolve = |member: &Found<&str>| {
            names.people.resolve(section.reading, &member.place, member.value)
        };
        let members: BTreeSet<PersonId> =
            section.texts_or_none("members").iter().filter_map(resolve).collect();
        section.finish();
        if let Some(id) = id {
            names.groups.add(root.reading, &id);
            groups.insert(GroupId::new(id.value), members);
        }
    }
    groups
}
