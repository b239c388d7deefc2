//! The manifest for each way in, and within Slack's limits.
use super::*;
use std::path::PathBuf;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hallpass.toml")
}

fn manifest(path: &Path) -> String {
    let mut out = Vec::new();
    slack(path, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The manifest of the example, over HTTP.
fn over_http() -> String {
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(example().parent().unwrap()).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
        }
    }
    let path = dir.path().join("hallpass.toml");
    let text = std::fs::read_to_string(&path)
        .unwrap()
        .replace("# public_url =", "public_url =")
        .replace("mode = \"socket\"", "mode = \"http\"")
        .replace("link_people_by_email = true", "link_people_by_email = false")
        .replace("command = \"/access\"", "command = \"/hallpass\"");
    std::fs::write(&path, text).unwrap();
    manifest(&path)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one manifest, whole, on one page")]
fn over_sockets_no_address_is_named() {
    insta::assert_snapshot!(manifest(&example()), @r##"
    # Hallpass for Slack, made from its configuration by `hallpass manifest slack`.
    # Paste it at https://api.slack.com/apps: "Create New App", "From a manifest".
    # Then install it, make an app-level token with the one scope connections:write ("Basic
    # Information", "App-Level Tokens"), and give Hallpass both tokens.
    _metadata:
      major_version: 2
    display_information:
      name: "Hallpass"
      description: "Ask for access, approve it, and have it taken back on time."
      long_description: "Hallpass lets you ask for access to databases and other systems where you already talk. The right people are asked to approve, the access is given at once, and it is taken away again when its time is up. It runs on your own company's machines."
      background_color: "#1f3a5f"
    features:
      app_home:
        home_tab_enabled: true
        messages_tab_enabled: true
        # Hallpass writes here and reads nothing: no scope lets it see what people write to it.
        messages_tab_read_only_enabled: true
      bot_user:
        display_name: "Hallpass"
        always_online: true
      slash_commands:
        - command: "/access"
          description: "Ask for access, or see what you have and what waits for you"
          usage_hint: "request payments read for 2h because INC-42 … | requests | mine | approvals | show AR-1042 | help"
          # People named in the text arrive with their ids.
          should_escape: true
      shortcuts:
        - name: "Request access"
          type: global
          callback_id: request_access
          description: "Open the form that asks for access"
        # The message becomes the reason; Hallpass sees no message that nobody points at.
        - name: "Request access"
          type: message
          callback_id: request_access_message
          description: "Ask for access with this message as the reason"
    oauth_config:
      scopes:
        bot:
          # Receive /access.
          - commands
          # Write to people and to channels that Hallpass is in.
          - chat:write
          # Write to the channels that the configuration names without being invited to each. Leave it
          # out and invite Hallpass to them instead, if you like; a private channel needs that anyway.
          - chat:write.public
          # Open the direct message in which somebody is asked or told.
          - im:write
          # See whether an account is a guest's, a bot's or deactivated, and refuse it.
          - users:read
          # Link an account to its person by the address, once, on first contact.
          - users:read.email
    settings:
      event_subscriptions:
        bot_events:
          # Draw the Home tab when somebody opens it.
          - app_home_opened
          # Notice that Slack no longer lets Hallpass in.
          - app_uninstalled
          - tokens_revoked
      interactivity:
        is_enabled: true
      org_deploy_enabled: false
      socket_mode_enabled: true
      token_rotation_enabled: false
    "##);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one manifest, whole, on one page")]
fn over_http_slack_is_told_where_to_call() {
    insta::assert_snapshot!(over_http(), @r##"
    # Hallpass for Slack, made from its configuration by `hallpass manifest slack`.
    # Paste it at https://api.slack.com/apps: "Create New App", "From a manifest".
    # Then install it, and give Hallpass the bot token and the signing secret.
    _metadata:
      major_version: 2
    display_information:
      name: "Hallpass"
      description: "Ask for access, approve it, and have it taken back on time."
      long_description: "Hallpass lets you ask for access to databases and other systems where you already talk. The right people are asked to approve, the access is given at once, and it is taken away again when its time is up. It runs on your own company's machines."
      background_color: "#1f3a5f"
    features:
      app_home:
        home_tab_enabled: true
        messages_tab_enabled: true
        # Hallpass writes here and reads nothing: no scope lets it see what people write to it.
        messages_tab_read_only_enabled: true
      bot_user:
        display_name: "Hallpass"
        always_online: true
      slash_commands:
        - command: "/hallpass"
          url: "https://hallpass.example.com/slack/commands"
          description: "Ask for access, or see what you have and what waits for you"
          usage_hint: "request payments read for 2h because INC-42 … | requests | mine | approvals | show AR-1042 | help"
          # People named in the text arrive with their ids.
          should_escape: true
      shortcuts:
        - name: "Request access"
          type: global
          callback_id: request_access
          description: "Open the form that asks for access"
        # The message becomes the reason; Hallpass sees no message that nobody points at.
        - name: "Request access"
          type: message
          callback_id: request_access_message
          description: "Ask for access with this message as the reason"
    oauth_config:
      scopes:
        bot:
          # Receive /hallpass.
          - commands
          # Write to people and to channels that Hallpass is in.
          - chat:write
          # Write to the channels that the configuration names without being invited to each. Leave it
          # out and invite Hallpass to them instead, if you like; a private channel needs that anyway.
          - chat:write.public
          # Open the direct message in which somebody is asked or told.
          - im:write
          # See whether an account is a guest's, a bot's or deactivated, and refuse it.
          - users:read
    settings:
      event_subscriptions:
        request_url: "https://hallpass.example.com/slack/events"
        bot_events:
          # Draw the Home tab when somebody opens it.
          - app_home_opened
          # Notice that Slack no longer lets Hallpass in.
          - app_uninstalled
          - tokens_revoked
      interactivity:
        is_enabled: true
        request_url: "https://hallpass.example.com/slack/interactions"
        # The lists that are searched while one types.
        message_menu_options_url: "https://hallpass.example.com/slack/options"
      org_deploy_enabled: false
      socket_mode_enabled: false
      token_rotation_enabled: false
    "##);
}

#[test]
fn every_text_is_within_slacks_limits() {
    let limits = [
        ("name", 1, 35),
        ("description", 1, 140),
        ("long_description", 175, 4000),
        ("display_name", 1, 80),
        ("command", 2, 32),
        ("usage_hint", 1, 1000),
        ("url", 1, 3000),
        ("request_url", 1, 3500),
        ("message_menu_options_url", 1, 3500),
    ];
    for text in [manifest(&example()), over_http()] {
        let mut seen = 0;
        for line in text.lines() {
            let Some((key, value)) = line.trim().trim_start_matches("- ").split_once(": \"") else {
                continue;
            };
            let Some((_, least, most)) = limits.iter().find(|(name, ..)| *name == key) else {
                continue;
            };
            let length = value.trim_end_matches('"').chars().count();
            assert!((*least..=*most).contains(&length), "{key} has {length} characters");
            seen += 1;
        }
        assert!(seen >= 6, "{text}");
    }
}
