//! Each edit of a good configuration, and what is said of it.
use super::{Folder, NAMES};

/// One page: each edit of `file`, and what is said of it.
fn page(file: &str, edits: &[(&str, &str)]) -> String {
    let mut page = String::new();
    for (from, to) in edits {
        let folder = Folder::new();
        folder.edit(file, from, to);
        let report = folder.report();
        page.push_str(if report.is_empty() { "nothing\n" } else { &report });
    }
    page
}

const SERVICE_FILE: &[(&str, &str)] = &[
    ("listen", "lissten"),
    ("\"127.0.0.1:8080\"", "\"here\""),
    ("\"127.0.0.1:8080\"", "8080"),
    ("listen", "pending_window = \"soon\"\nlisten"),
    ("listen", "language = \"fr\"\nlisten"),
    ("listen", "database = \"mysql:x\"\nlisten"),
    ("listen", "database = \"postgres://ana:canary@db/x\"\nlisten"),
    ("listen", "database = \"sqlite:\"\nlisten"),
    ("listen", "public_url = \"http://example.com\"\nlisten"),
    ("listen", "public_url = \"https://ana:canary@example.com\"\nlisten"),
    ("\"socket\"", "\"sockett\""),
    ("\"socket\"", "\"http\""),
    ("\"T0123ABCDEF\"", "\"acme\""),
    ("workspace = \"T0123ABCDEF\"", ""),
    ("mode", "command = \"access\"\nmode"),
    ("mode", "alarm_channel = \"#alarms\"\nmode"),
    ("mode", "api_url = \"http://slack.com/api\"\nmode"),
    ("mode", "link_people_by_email = \"yes\"\nmode"),
    ("mode", "bot_token = \"xoxb-canary\"\nmode"),
    ("mode", "bot_token_file = \"xoxb-canary\"\nmode"),
    ("mode", "enabled = maybe\nmode"),
    ("[slack]", "[slack"),
    ("[slack]", "[files]\nflows = \"none.toml\"\ndirectori = \"x\"\n[slack]"),
];

#[test]
fn mistakes_in_the_service_file() {
    let page = page(NAMES[0], SERVICE_FILE);
    insta::assert_snapshot!(page, @r#"
    hallpass.toml:2: lissten: unknown key; did you mean `listen`? Allowed: database, database_url_file, email, files, language, listen, master_key_file, pending_window, public_url, sign_in, slack, teams, ticket
    hallpass.toml:2: listen: `here` is no address to listen on; write an IP address and a port, `127.0.0.1:8080`
    hallpass.toml:2: listen: this must be a text in quotes, not a number
    hallpass.toml:2: pending_window: `soon` is no duration: write how long as 90m, 1.5h or 2d
    hallpass.toml:2: language: `fr` is not known here; allowed: en, de
    hallpass.toml:2: database: `mysql:x` is no database; allowed: `sqlite:` with the path of a file, or `postgres` with `database_url_file`
    hallpass.toml:2: database: this value (not shown, it may be a secret) is no database; allowed: `sqlite:` with the path of a file, or `postgres` with `database_url_file`
    hallpass.toml:2: database: name a file, `sqlite:hallpass.db`: grants must outlive a restart
    hallpass.toml:2: public_url: this must begin with `https://` (`http://` on this machine alone)
    hallpass.toml:2: public_url: an address here must not hold a name or a password
    hallpass.toml:4: slack.mode: `sockett` is not known here; did you mean `socket`? Allowed: socket, http
    hallpass.toml:4: slack.mode: over HTTP Slack must reach Hallpass: set `public_url` at the top of this file, or use `mode = "socket"`
    hallpass.toml:5: slack.workspace: `acme` is no workspace id; those look like T0123ABCDEF (E… for an organisation)
    hallpass.toml:3: slack.workspace: missing; write the workspace's id, `workspace = "T0123ABCDEF"`: it is in the address of Slack in a browser, https://app.slack.com/client/T0123ABCDEF
    hallpass.toml:4: slack.command: `access` is no slash command; write `/` and at most 31 lower-case letters, digits, `-` or `_`
    hallpass.toml:4: slack.alarm_channel: `#alarms` is no channel id; those look like C0123ABCDEF (in Slack: the channel's details, at the bottom)
    hallpass.toml:4: slack.api_url: this must begin with `https://` (`http://` on this machine alone)
    hallpass.toml:4: slack.link_people_by_email: this must be true or false, without quotes, not a text
    hallpass.toml:4: slack.bot_token: a secret does not belong in this file; put it into a file of its own that only Hallpass can read and write `bot_token_file = "that file"`
    hallpass.toml:4: slack.bot_token_file: this looks like the secret itself; write the path of a file that holds it
    hallpass.toml:4: this is not TOML: string values must be quoted, expected literal string
    hallpass.toml:3: this is not TOML: unclosed table, expected `]`
    hallpass.toml:4: files.flows: `none.toml`: there is no such file
    hallpass.toml:5: files.directori: unknown key; did you mean `directory`? Allowed: bundles, catalogue, directory, flows
    "#);
}

const DIRECTORY: &[(&str, &str)] = &[
    ("id = \"ana\"", ""),
    ("id = \"ana\"", "id = \"Ana Torres\""),
    ("id = \"ana\"", "id = \"ben\""),
    ("\"ana@example.com\"", "\"ana at example.com\""),
    ("\"ana@example.com\"", "\"BEN@example.com\""),
    ("manager = \"ben\"", "manager = \"bne\""),
    ("manager = \"ben\"", "manager = \"ana\""),
    ("admin = true", ""),
    ("admin = true", "amdin = true"),
    ("admin = true", "slack = \"ben\""),
    ("admin = true", "admin = true\nslack = [\"T0999ABCDEF/U0123ABCDEF\"]"),
    (
        "manager = \"ben\"",
        "slack = \"U0123ABCDEF\"\n[[person]]\nid = \"ed\"\nname = \"Ed\"\nemail = \"ed@example.com\"\nslack = \"U0123ABCDEF\"",
    ),
    ("members = [\"ana\", \"ben\"]", "members = [\"ana\", 7, \"bob\"]"),
    ("members = [\"ana\", \"ben\"]", ""),
    ("name = \"Ana\"", "name = \"\""),
    ("name = \"Ana\"", "name = \"A\\nna\""),
    ("[[person]]", "[person]"),
];

#[test]
fn mistakes_in_the_directory() {
    let page = page(NAMES[1], DIRECTORY);
    insta::assert_snapshot!(page, @r#"
    directory.toml:2: person.id: missing; write for example `id = "ana"`
    directory.toml:22: group.members: there is no person `ana`; there are: ben, gil
    directory.toml:3: person.id: `Ana Torres` is no id; write at most 48 lower-case letters, digits, `-`, `_` or `.`, beginning with a letter or a digit
    directory.toml:22: group.members: there is no person `ana`; there are: ben, gil
    directory.toml:6: person.manager: nobody is their own manager
    directory.toml:9: person.id: there is another person `ben` above
    directory.toml:22: group.members: there is no person `ana`; there are: ben, gil
    directory.toml:5: person.email: `ana at example.com` is no address; write one like ana@example.com
    directory.toml:11: person.email: this address already belongs to `ana`
    directory.toml:6: person.manager: there is no person `bne`; did you mean `ben`? There are: ana, ben, gil
    directory.toml:6: person.manager: nobody is their own manager
    warning: directory.toml:1: nobody has `admin = true`: no one will hear of access that cannot be taken away
    directory.toml:12: person.amdin: unknown key; did you mean `admin`? Allowed: active, admin, email, id, language, manager, name, slack, teams
    warning: directory.toml:1: nobody has `admin = true`: no one will hear of access that cannot be taken away
    directory.toml:12: person.slack: `ben` is no account id; those look like U0123ABCDEF (in Slack: the profile's menu, Copy member ID)
    warning: directory.toml:1: nobody has `admin = true`: no one will hear of access that cannot be taken away
    directory.toml:13: person.slack: `T0999ABCDEF` is not among the workspaces under `[slack]`: T0123ABCDEF
    directory.toml:11: person.slack: this account is already pinned to `ana`
    directory.toml:22: group.members: there is no person `bob`; there are: ana, ben, gil
    directory.toml:22: group.members: this must be a text in quotes, not a number
    directory.toml:20: group.members: missing; write for example `members = ["ana", "ben"]`
    directory.toml:4: person.name: this text must not be empty
    directory.toml:4: person.name: this text must be one line without control characters
    directory.toml:8: this is not TOML: duplicate key
    directory.toml:14: this is not TOML: duplicate key
    "#);
}

const CATALOGUE: &[(&str, &str)] = &[
    ("kind = \"postgres\"", "kind = \"postgre\""),
    ("kind = \"postgres\"", "kind = \"postgres\"\nlogin = \"existing\""),
    (
        "kind = \"postgres\"",
        "kind = \"postgres\"\n[integration.logins]\nana = \"ana_t\"\nbno = \"b\"",
    ),
    ("kind = \"postgres\"", "kind = \"postgres\"\nprefix = \"pg_x\""),
    ("kind = \"postgres\"", "kind = \"postgres\"\npeople_connect_to = \"db\""),
    ("kind = \"postgres\"", "kind = \"postgres\"\nurl = \"postgres://ana:canary@db/x\""),
    ("kind = \"postgres\"", "kind = \"postgres\"\nurl_file = \"postgres://ana:canary@db/x\""),
    ("kind = \"postgres\"", "kind = \"postgres\"\n[integration.show]\ndatabase = [\"x\"]"),
    ("id = \"vpn\"", "id = \"prod-postgres\""),
    ("id = \"vpn\"", "id = \"prod_postgres\""),
    ("[\"/bin/sh\"]", "[\"sh\", \"-c\"]"),
    ("[\"/bin/sh\"]", "[\"/no/such/program\"]"),
    ("[\"/bin/sh\"]", "[]"),
    ("program = [\"/bin/sh\"]", "program = [\"/bin/sh\"]\ntime_limit = \"2h\""),
    ("program = [\"/bin/sh\"]", "program = [\"/bin/sh\"]\nlogin = \"temporary\""),
    (
        "program = [\"/bin/sh\"]",
        "program = [\"/bin/sh\"]\nenvironment = { TOKEN = \"xoxb-canary\" }",
    ),
    ("[\"read\", \"write\"]", "[]"),
    ("owner = \"ben\"", "owner = \"bem\""),
    (
        "owner = \"ben\"",
        "owner = \"ben\"\n[[integration.resource]]\nid = \"database:payments\"\nkind = \"database\"\npermissions = \"read\"",
    ),
];

#[test]
fn mistakes_in_the_catalogue() {
    let page = page(NAMES[2], CATALOGUE);
    insta::assert_snapshot!(page, @r#"
    catalogue.toml:5: integration.kind: `postgre` is not known here; did you mean `postgres`? Allowed: postgres, command
    catalogue.toml:2: integration.logins: missing; write each person's login, `[integration.logins]` with lines like `ana = "ana_t"`
    catalogue.toml:6: integration.logins: these are used with `login = "existing"` alone
    catalogue.toml:8: integration.logins.bno: there is no person `bno`; there are: ana, ben, gil
    catalogue.toml:6: integration.prefix: `pg_x` cannot begin a role's name; write at most 16 of a-z, 0-9 and _, beginning with a letter and not with pg_
    catalogue.toml:6: integration.people_connect_to: `db` is no host and port; write `db.example.com:5432`
    catalogue.toml:6: integration.url: a secret does not belong in this file; put it into a file of its own that only Hallpass can read and write `url_file = "that file"`
    catalogue.toml:6: integration.url_file: this looks like the secret itself; write the path of a file that holds it
    catalogue.toml:7: integration.show.database: unknown key; did you mean `databases`? Allowed: databases, roles, schemas, tables
    catalogue.toml:15: integration.id: there is another integration `prod-postgres` above
    catalogue.toml:15: integration.id: this id and `prod-postgres` both read HALLPASS_INTEGRATION_PROD_POSTGRES_URL
    catalogue.toml:18: integration.program: `sh` must be a path: `/usr/local/bin/…`, or `./…` beside this file
    warning: catalogue.toml:18: integration.program: there is no program `/no/such/program`
    catalogue.toml:18: integration.program: this list must not be empty
    catalogue.toml:19: integration.time_limit: a program is given at most 10 minutes
    catalogue.toml:19: integration.login: unknown key; allowed: directory, environment, environment_files, id, kind, name, program, resource, time_limit
    catalogue.toml:19: integration.environment.TOKEN: this looks like a secret; put it into a file of its own and name that under `[integration.environment_files]`
    catalogue.toml:11: integration.resource.permissions: this list must not be empty
    catalogue.toml:12: integration.resource.owner: there is no person `bem`; did you mean `ben`? There are: ana, ben, gil
    catalogue.toml:7: integration.resource: this integration lists the resource `database:payments` twice
    "#);
}

const FLOWS: &[(&str, &str)] = &[
    ("who = \"group:dba\"", ""),
    ("\"group:dba\"", "\"group:dbas\""),
    ("\"group:dba\"", "[\"dba\", \"person:bne\", \"everyon\"]"),
    ("who =", "scope = \"direct-reports\"\nwho ="),
    ("who =", "channel = \"#access\"\nwho ="),
    ("\"4h\"]", "\"4h\", \"9h\", \"60m\", \"x\"]"),
    ("durations = [\"1h\", \"4h\"]\nlongest = \"8h\"", ""),
    ("integration = \"prod-postgres\"\npermission = \"read\"", ""),
    ("\"prod-postgres\"", "\"prod-postgress\""),
    ("\"prod-postgres\"", "\"stage-*\""),
    ("[[flow.what]]\nintegration = \"prod-postgres\"\npermission = \"read\"", ""),
    ("[[flow.what]]", "[[flow.waht]]"),
    ("who =", "approval = \"automatic\"\nwho ="),
    ("[[flow.stage]]\nneed = \"any\"\nof = [\"resource-owner\", \"person:ben\"]", ""),
    ("of =", "aprovers = 1\nof ="),
    ("\"any\"", "\"some\""),
    ("\"any\"", "0"),
    ("\"any\"", "2.5"),
    (
        "\"any\"\nof = [\"resource-owner\", \"person:ben\"]",
        "3\nof = [\"group:dba\", \"person:ben\"]",
    ),
    (
        "\"any\"\nof = [\"resource-owner\", \"person:ben\"]",
        "\"all\"\nof = [\"person:ben\", \"person:ben\"]",
    ),
    ("[\"resource-owner\", \"person:ben\"]", "[\"group:gone\", \"person:gil\"]"),
    ("[\"resource-owner\", \"person:ben\"]", "[\"resource-owners\", \"ben\"]"),
    ("[\"resource-owner\", \"person:ben\"]", "[\"person:ben\"]"),
    ("[\"resource-owner\", \"person:ben\"]", "[]"),
    (
        "[[flow]]",
        "[[flow]]\nid = \"wide\"\nwho = \"everyone\"\nscope = \"others\"\ndeny = \"no\"\n[[flow.what]]\nintegration = \"prod-*\"\n[[flow]]",
    ),
    (
        "[[flow]]",
        "[[flow]]\nid = \"payments-read\"\nwho = \"person:ana\"\ndeny = \"no\"\n[[flow.what]]\nresource = \"*\"\n[[flow]]",
    ),
];

#[test]
fn mistakes_in_the_flows() {
    let page = page(NAMES[3], FLOWS);
    insta::assert_snapshot!(page, @r#"
    flows.toml:2: flow.who: missing; write for example `who = "everyone"`
    flows.toml:5: flow.who: there is no group `dbas`; did you mean `dba`? There are: dba, gone
    flows.toml:5: flow.who: `dba` names nobody; did you mean `group:dba`? Allowed: everyone, person:…, group:…
    flows.toml:5: flow.who: `everyon` names nobody; did you mean `everyone`? Allowed: everyone, person:…, group:…
    flows.toml:5: flow.who: there is no person `bne`; did you mean `ben`? There are: ana, ben, gil
    flows.toml:5: flow.scope: `direct-reports` is not known here; did you mean `direct_reports`? Allowed: self, direct_reports, others
    flows.toml:5: flow.channel: `#access` is no channel id; those look like C0123ABCDEF (in Slack: the channel's details, at the bottom)
    flows.toml:6: flow.durations: 9 h is longer than this flow's longest, 8 h
    flows.toml:6: flow.durations: `x` is no duration: write how long as 90m, 1.5h or 2d
    flows.toml:6: flow.durations: this duration is offered twice
    flows.toml:2: flow.durations: missing; write for example `durations = ["1h", "8h"]`
    flows.toml:8: flow.what: names nothing; write `integration = "*"` if everything is meant
    flows.toml:9: flow.what.integration: there is no integration `prod-postgress`; did you mean `prod-postgres`? There are: prod-postgres, vpn
    flows.toml:9: flow.what.integration: no integration fits `stage-*`; there are: prod-postgres, vpn
    flows.toml:2: flow.what: missing: what may be asked for; write `[[flow.what]]` with `integration`, `kind`, `resource` or `permission`
    flows.toml:2: flow.what: missing: what may be asked for; write `[[flow.what]]` with `integration`, `kind`, `resource` or `permission`
    flows.toml:8: flow.waht: unknown key; did you mean `what`? Allowed: allow_self_approval, approval, channel, deny, durations, extend, id, justification, longest, name, needs_approval_reason, scope, stage, ticket, what, who
    flows.toml:2: flow: write exactly one of `approval = "automatic"`, `deny = "the reason"` and `[[flow.stage]]` tables
    flows.toml:2: flow: write exactly one of `approval = "automatic"`, `deny = "the reason"` and `[[flow.stage]]` tables
    flows.toml:13: flow.stage.aprovers: unknown key; allowed: need, of
    flows.toml:12: flow.stage.need: `some` is not known here; allowed: any, all, or a number
    flows.toml:12: flow.stage.need: at least one person must say yes; write 1 or more
    flows.toml:12: flow.stage.need: this must be `"any"`, `"all"` or a whole number, not a number with a point
    flows.toml:12: flow.stage.need: 3 must say yes, and `of` names only 2 people
    flows.toml:12: flow.stage.need: each of the 2 entries of `of` needs a person of its own, and they name only 1 person
    flows.toml:13: flow.stage.of: `gil` is not active and cannot approve
    flows.toml:13: flow.stage.of: nobody active is in the group `gone`
    flows.toml:13: flow.stage.of: `ben` names nobody; did you mean `person:ben`? Allowed: manager, resource-owner, person:…, group:…
    flows.toml:13: flow.stage.of: `resource-owners` names nobody; did you mean `resource-owner`? Allowed: manager, resource-owner, person:…, group:…
    warning: flows.toml:2: flow: when `ben` asks under `payments-read`, too few people can approve stage 1
    flows.toml:13: flow.stage.of: this list must not be empty
    warning: flows.toml:9: flow: never used: `wide` (line 2) comes first and admits everything that `payments-read` does
    flows.toml:9: flow.id: there is another flow `payments-read` above
    "#);
}

const TERMS: &[(&str, &str)] = &[
    ("who =", "justification = \"all light\"\nwho ="),
    ("[[flow.what]]", "[flow.extend]\n[[flow.what]]"),
    ("[[flow.what]]", "[flow.extend]\nstep = \"1h\"\ntimes = 0\n[[flow.what]]"),
    ("[[flow.what]]", "[flow.extend]\nstep = \"1h\"\nlongest = \"7h\"\n[[flow.what]]"),
    ("[[flow.what]]", "[flow.extend]\nstep = \"1h\"\noffered = \"last qarter\"\n[[flow.what]]"),
    ("longest = \"8h\"", "longest = \"4h\"\n[flow.extend]\nstep = \"1h\"\nevery = 1"),
    ("[\"1h\", \"4h\"]", "[\"8h\"]\nextend = { step = \"1h\" }"),
    ("[[flow.what]]", "[flow.ticket]\n[[flow.what]]"),
    ("[[flow.what]]", "[flow.ticket]\ntypes = [\"incidents\"]\nrequired = 1\n[[flow.what]]"),
    ("[[flow.what]]", "[flow.ticket]\ntypes = [\"incident\", \"incident\"]\n[[flow.what]]"),
    ("who =", "ticket = \"incident\"\nwho ="),
    (
        "[[flow]]",
        "[[flow]]\nid = \"no\"\nwho = \"person:ana\"\ndeny = \"no\"\njustification = \"any\"\n[[flow.what]]\nintegration = \"vpn\"\n[[flow]]",
    ),
];

#[test]
fn mistakes_in_what_a_flow_asks_besides_approval() {
    let page = page(NAMES[3], TERMS);
    insta::assert_snapshot!(page, @r#"
    flows.toml:5: flow.justification: `all light` is not known here; did you mean `all lights`? Allowed: any, all lights
    flows.toml:8: flow.extend.step: missing; write for example `step = "1h"`
    flows.toml:10: flow.extend.times: write how often, as a whole number from 1 to 100
    flows.toml:10: flow.extend.longest: 7 h in all is shorter than what this flow gives without it, 8 h
    flows.toml:10: flow.extend.offered: `last qarter` is not known here; did you mean `last quarter`? Allowed: last quarter, or how long before the end, "1h"
    flows.toml:10: flow.extend.every: unknown key; allowed: longest, offered, step, times
    flows.toml:7: flow.extend: nothing could ever be extended: every duration that is offered lasts 8 h, the longest in all; write `longest = "…"` here, how long a grant may last with its extensions
    flows.toml:8: flow.ticket.types: missing; write for example `types = ["incident"]`
    flows.toml:9: flow.ticket.types: there is no type of ticket `incidents`; did you mean `incident`? There are: incident
    flows.toml:10: flow.ticket.required: this must be true or false, without quotes, not a number
    flows.toml:9: flow.ticket.types: this type is named twice
    flows.toml:5: flow.ticket: this must be a table, `[flow.ticket]`, not a text
    flows.toml:6: flow.justification: this flow only denies, so this is never used
    "#);
}

const TICKETS: &[(&str, &str)] = &[
    ("pattern = \"INC-[0-9]+\"", ""),
    ("pattern = \"INC-[0-9]+\"", "pattern = \"INC-[\""),
    ("pattern = \"INC-[0-9]+\"", "pattern = \"INC-[0-9]{3,}\""),
    ("example = \"INC-42\"", ""),
    ("example = \"INC-42\"", "example = \"inc-42\""),
    ("[[ticket]]", "[[ticket]]\nid = \"incident\"\npattern = \"a\"\nexample = \"a\"\n[[ticket]]"),
    ("[[ticket]]", "[ticket]"),
    (
        "example = \"INC-42\"",
        "example = \"INC-42\"\n[ticket.lookup]\nurl = \"http://x.example.com/{id}\"\nfound = \"yes\"\nwhen_down = \"pass\"",
    ),
    (
        "example = \"INC-42\"",
        "example = \"INC-42\"\n[ticket.lookup]\nurl = \"https://x.example.com/\"\nheader = \"A b\"",
    ),
    (
        "example = \"INC-42\"",
        "example = \"INC-42\"\n[ticket.lookup]\nurl = \"https://x.example.com/{id}\"\nheader = \"Authorization\"\nwhen_down = \"refuse\"",
    ),
];

#[test]
fn mistakes_in_the_types_of_ticket() {
    let page = page(NAMES[0], TICKETS);
    insta::assert_snapshot!(page, @r#"
    hallpass.toml:6: ticket.pattern: missing; write for example `pattern = "INC-[0-9]+"`
    hallpass.toml:8: ticket.pattern: `INC-[` is no regular expression: unclosed character class
    hallpass.toml:9: ticket.example: `INC-42` does not fit `pattern`
    hallpass.toml:6: ticket.example: missing; write for example `example = "INC-42"`
    hallpass.toml:9: ticket.example: `inc-42` does not fit `pattern`
    hallpass.toml:11: ticket.id: there is another type of ticket `incident` above
    hallpass.toml:6: ticket: this must be tables, each beginning with `[[ticket]]`, not a table
    hallpass.toml:11: ticket.lookup.url: this must begin with `https://` (`http://` on this machine alone)
    hallpass.toml:12: ticket.lookup.found: write a status from 200 to 599
    hallpass.toml:13: ticket.lookup.when_down: `pass` is not known here; allowed: let through, refuse
    hallpass.toml:10: ticket.lookup.when_down: missing; write for example `when_down = "let through"`
    hallpass.toml:11: ticket.lookup.url: write `{id}` once, where the ticket's number belongs
    hallpass.toml:12: ticket.lookup.header: `A b` is no header's name
    hallpass.toml:10: ticket.lookup.token_file: missing: neither this key nor the environment variable HALLPASS_TICKET_INCIDENT_TOKEN is set
    "#);
}

const BUNDLES: &[(&str, &str)] = &[
    ("[[bundle.item]]", "[[bundle.what]]\nintegration = \"prod\"\n[[bundle.item]]"),
    ("[[bundle.item]]", "[[bundle.what]]\n[[bundle.item]]"),
    ("\"prod-postgres\"", "\"prod\""),
    ("\"read\"", "\"raed\""),
    ("resource = \"database:payments\"", ""),
    ("[[bundle.item]]", "[[bundle]]\nid = \"all\"\n[[bundle.item]]"),
];

#[test]
fn mistakes_in_the_bundles() {
    let page = page(NAMES[4], BUNDLES);
    insta::assert_snapshot!(page, @r#"
    bundles.toml:5: bundle.what.integration: there is no integration `prod`; there are: prod-postgres, vpn
    bundles.toml:4: bundle.what: names nothing; write `integration = "*"` if everything is meant
    bundles.toml:5: bundle.item.integration: there is no integration `prod`; there are: prod-postgres, vpn
    bundles.toml:7: bundle.item.permission: `raed` is no permission of it; did you mean `read`? There are: read, write
    bundles.toml:4: bundle.item.resource: missing; write for example `resource = "database:payments"`
    bundles.toml:2: bundle.item: a bundle holds 1 to 1000 items, each beginning with `[[bundle.item]]`, or all that `[[bundle.what]]` tables mean
    bundles.toml:5: bundle.id: there is another bundle `all` above
    "#);
}

#[test]
fn a_file_that_is_no_toml_causes_no_mistakes_elsewhere() {
    let folder = Folder::new();
    folder.write("directory.toml", "[[person]\nid = \n= x");

    insta::assert_snapshot!(folder.report(), @"
    directory.toml:1: this is not TOML: unclosed array table, expected `]`
    directory.toml:3: this is not TOML: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
    ");
}
