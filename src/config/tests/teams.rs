//! Microsoft Teams in the service file, in the directory and in flows.
use super::{Folder, NAMES};

const TABLE: &str = r#"public_url = "https://access.example.com"
[teams]
app_id = "0A000000-0000-4000-8000-00000000000a"
tenant = "0b000000-0000-4000-8000-00000000000b"
[slack]"#;
const ANA: &str = "0c000000-0000-4000-8000-00000000000C";

fn folder(from: &str, to: &str) -> Folder {
    let folder = Folder::new();
    assert!(TABLE.contains(from), "{from}");
    folder.edit(NAMES[0], "[slack]", &TABLE.replacen(from, to, 1));
    folder
}

#[test]
fn teams_is_read_and_its_secret_shown_nowhere() {
    let config = folder("", "").load().unwrap();

    let debug = format!("{config:?}");
    assert!(!debug.contains("canary"), "{debug}");
    let teams = config.service.teams.unwrap();
    assert_eq!(teams.app_id, "0a000000-0000-4000-8000-00000000000a");
    assert_eq!(teams.tenants, ["0b000000-0000-4000-8000-00000000000b"]);
    assert!(teams.link_people_by_email && teams.alarm_channel.is_none());
    assert_eq!(
        [&teams.service_url, &teams.metadata_url, &teams.token_url].map(String::as_str),
        [
            "https://smba.trafficmanager.net/teams/",
            "https://login.botframework.com/v1/.well-known/openidconfiguration",
            "https://login.microsoftonline.com/0b000000-0000-4000-8000-00000000000b/oauth2/v2.0/token",
        ]
    );
}

#[test]
fn teams_may_be_the_only_platform_or_switched_off() {
    let alone = folder("[slack]", "[slack]\nenabled = false");
    assert!(alone.load().unwrap().service.slack.is_none());

    let off = folder("[teams]", "[teams]\nenabled = false\nclient_secret_file = \"none\"");
    assert!(off.load().unwrap().service.teams.is_none());
}

#[test]
fn people_are_pinned_and_channels_named_by_microsofts_ids() {
    let folder = folder("", "");
    folder.edit(NAMES[1], "id = \"ana\"", &format!("id = \"ana\"\nteams = \"{ANA}\""));
    folder.edit(NAMES[3], "[[flow]]", "[[flow]]\nchannel = \"19:a-B_9@thread.tacv2\"");

    let policy = folder.load().unwrap().policy;

    let ana = &policy.directory.people[&"ana".into()].pinned[0];
    assert_eq!((&*ana.platform, &*ana.user), ("teams", &*ANA.to_lowercase()));
    assert_eq!(ana.workspace, "0b000000-0000-4000-8000-00000000000b");
    assert_eq!(policy.flows[0].channel.as_deref(), Some("19:a-B_9@thread.tacv2"));
}

#[test]
fn a_tab_is_there_where_it_is_asked_for_and_pages_have_tls() {
    let tab = |folder: &Folder| {
        let teams = folder.load().unwrap().service.teams.unwrap();
        (teams.has_tab, teams.authority_url)
    };
    let microsofts = "https://login.microsoftonline.com".to_owned();

    assert_eq!(tab(&folder("", "")), (false, microsofts.clone()));
    assert_eq!(tab(&folder("[slack]", "tab = true\n[slack]")), (true, microsofts));
    let gcc = "tab = true\nauthority_url = \"https://login.microsoftonline.us/\"\n[slack]";
    assert_eq!(tab(&folder("[slack]", gcc)), (true, "https://login.microsoftonline.us".to_owned()));

    let plain = folder("[slack]", "tab = true\n[slack]");
    plain.edit(NAMES[0], "https://access.example.com", "http://127.0.0.1:8080");
    insta::assert_snapshot!(plain.report(), @"hallpass.toml:7: teams.tab: Teams shows no page without TLS: `public_url` must begin with https:// for a tab");
    let word = folder("[slack]", "tab = \"yes\"\n[slack]");
    assert!(word.report().contains("teams.tab: "), "{}", word.report());
}

/// What the example says in comments is right once it is said.
#[test]
fn the_example_of_teams_has_no_mistakes() {
    let folder = Folder::new();
    let example = include_str!("../../../examples/hallpass.toml");
    let (_, after) = example.split_once("# [teams]\n").unwrap();
    let keys = after.lines().map_while(|line| line.strip_prefix('#'));
    let said =
        |line: &str| line.split_once(" = ").is_some_and(|(key, _)| !key.trim().contains(' '));
    let keys: String = keys.filter(|line| said(line)).map(|line| format!("{line}\n")).collect();
    let keys = keys.replace('…', "approvals").replace("<tenant>", "common");
    let keys = keys.replace("client_secret_file", "# client_secret_file");
    assert_eq!(keys.lines().count(), 12, "{keys}");
    let table = format!("public_url = \"https://access.example.com\"\n[teams]\n{keys}[slack]");

    folder.edit(NAMES[0], "[slack]", &table);

    assert_eq!(folder.report(), "");
}

#[test]
fn mistakes_in_teams() {
    let mut page = String::new();
    for (from, to) in [
        ("app_id = \"0A000000-0000-4000-8000-00000000000a\"", ""),
        ("0A000000", "0A00000"),
        ("tenant = \"0b", "tenant = \"x0"),
        ("[slack]", "tenants = []\n[slack]"),
        ("[slack]", "tenants = [\"example.com\"]\n[slack]"),
        ("public_url = \"https://access.example.com\"", ""),
        ("[slack]", "client_secret = \"canary\"\n[slack]"),
        ("[slack]", "aplication = \"x\"\n[slack]"),
        ("[slack]", "alarm_channel = \"C0123ABCDEF\"\n[slack]"),
        ("[slack]", "link_people_by_email = \"yes\"\n[slack]"),
        ("[slack]", "service_url = \"https://evil.trafficmanager.net/teams/\"\n[slack]"),
        ("[slack]", "metadata_url = \"http://example.com/keys\"\n[slack]"),
        ("[slack]", "token_url = \"login\"\n[slack]"),
    ] {
        page.push_str(&folder(from, to).report());
    }
    let public = folder("[slack]", "token_url = \"http://127.0.0.1:9/token\"\n[slack]");
    assert_eq!(public.report(), "");
    public.edit(NAMES[0], "listen = \"127.0.0.1:8080\"", "listen = \"0.0.0.0:8080\"");
    page.push_str(&public.report());
    assert!(!page.contains("canary"), "{page}");
    insta::assert_snapshot!(page, @r#"
    hallpass.toml:4: teams.app_id: missing; write for example `app_id = "1a2b3c4d-0000-4000-8000-1234567890ab"`
    hallpass.toml:5: teams.app_id: `0A00000-0000-4000-8000-00000000000a` is no id of Entra's; it looks like 1a2b3c4d-0000-4000-8000-1234567890ab (in Azure: "Microsoft App ID" on the bot's Configuration page)
    hallpass.toml:6: teams.tenant: `x0000000-0000-4000-8000-00000000000b` is no id of Entra's; it looks like 1a2b3c4d-0000-4000-8000-1234567890ab (in Azure: "Tenant ID" on the overview of Microsoft Entra ID)
    hallpass.toml:7: teams.tenants: this list must not be empty
    hallpass.toml:7: teams.tenants: `example.com` is no id of Entra's; it looks like 1a2b3c4d-0000-4000-8000-1234567890ab (in Azure: "Tenant ID" on the overview of Microsoft Entra ID)
    hallpass.toml:4: teams: Teams must reach Hallpass: set `public_url` at the top of this file
    hallpass.toml:7: teams.client_secret: a secret does not belong in this file; put it into a file of its own that only Hallpass can read and write `client_secret_file = "that file"`
    hallpass.toml:7: teams.aplication: unknown key; allowed: alarm_channel, app_id, authority_url, client_secret_file, enabled, link_people_by_email, metadata_url, service_url, tab, tenant, tenants, token_url
    hallpass.toml:7: teams.alarm_channel: `C0123ABCDEF` is no channel id; those look like 19:…@thread.tacv2 (in Teams: the channel's menu, Get link to channel; the part after /channel/, with %3a read as : and %40 as @)
    hallpass.toml:7: teams.link_people_by_email: this must be true or false, without quotes, not a text
    hallpass.toml:7: teams.service_url: `https://evil.trafficmanager.net/teams/` is not Microsoft's: no token goes there; allowed: https://smba.trafficmanager.net/teams/, or https://smba.infra.gcc.teams.microsoft.com/teams/ for GCC
    hallpass.toml:7: teams.metadata_url: this must begin with `https://` (`http://` on this machine alone)
    hallpass.toml:7: teams.token_url: `login` is no address; write `https://…`
    hallpass.toml:7: teams.token_url: an address without TLS is for rehearsals on this machine, and then `listen` must be on this machine too: 127.0.0.1:8080
    "#);
}

#[test]
fn mistakes_in_pins_and_channels() {
    let mut page = String::new();
    for pin in ["ana", "0d000000-0000-4000-8000-00000000000d/0c000000-0000-4000-8000-00000000000c"]
    {
        let folder = folder("", "");
        folder.edit(NAMES[1], "id = \"ana\"", &format!("id = \"ana\"\nteams = \"{pin}\""));
        page.push_str(&folder.report());
    }
    let twice = folder("", "");
    for person in ["ana", "ben"] {
        let id = format!("id = \"{person}\"");
        twice.edit(NAMES[1], &id, &format!("{id}\nteams = \"{ANA}\""));
    }
    page.push_str(&twice.report());
    let several = "tenants = [\"0b000000-0000-4000-8000-00000000000b\", \
                   \"0d000000-0000-4000-8000-00000000000d\"]\n[slack]";
    let several = folder("[slack]", several);
    several.edit(NAMES[1], "id = \"ana\"", &format!("id = \"ana\"\nteams = \"{ANA}\""));
    page.push_str(&several.report());
    let without = Folder::new();
    without.edit(NAMES[1], "id = \"ana\"", &format!("id = \"ana\"\nteams = \"{ANA}\""));
    page.push_str(&without.report());
    let channel = folder("", "");
    channel.edit(NAMES[3], "[[flow]]", "[[flow]]\nchannel = \"19:general\"");
    page.push_str(&channel.report());
    insta::assert_snapshot!(page, @r#"
    directory.toml:4: person.teams: `ana` is no id of Entra's; it looks like 1a2b3c4d-0000-4000-8000-1234567890ab (in Azure: "Object ID" on the user's page in Microsoft Entra ID)
    directory.toml:4: person.teams: `0d000000-0000-4000-8000-00000000000d` is not among the tenants under `[teams]`: 0b000000-0000-4000-8000-00000000000b
    directory.toml:11: person.teams: this account is already pinned to `ana`
    directory.toml:4: person.teams: write which tenant the account is in: `tenant/object id`
    directory.toml:4: person.teams: there is no `[teams]` in the service file
    flows.toml:3: flow.channel: `19:general` is no channel id; those look like 19:…@thread.tacv2 (in Teams: the channel's menu, Get link to channel; the part after /channel/, with %3a read as : and %40 as @)
    "#);
}
