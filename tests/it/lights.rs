//! The three lights over a justification, while somebody types (R9): they follow what is typed, and
//! what is typed stays in its field.
use crate::world::policy::{account, usual};
use crate::world::{Options, World, worlds_with};
use hallpass::demo::slack::{View, read};
use hallpass::domain::terms::TicketRule;
use hallpass::domain::ticket::{TicketPattern, TicketType};

const TASK: &str = "Says what you will do";
const LEVEL: &str = "Says why it must be this permission";
const TICKET: &str = "Names a ticket";

/// A company whose flows ask for a ticket in words.
pub(crate) fn options() -> Options {
    let mut policy = usual();
    let incident = TicketType {
        id: "incident".into(),
        name: "Incident".to_owned(),
        pattern: TicketPattern::new("INC-[0-9]+").unwrap(),
        example: "INC-42".to_owned(),
        lookup: None,
    };
    policy.tickets.insert(incident.id.clone(), incident);
    let rule = TicketRule { types: vec!["incident".into()], is_required: false };
    for flow in &mut policy.flows {
        flow.ticket = Some(rule.clone());
    }
    Options { policy, ..Options::default() }
}

/// The light of each line, `🔴`, `🟡` or `🟢`.
fn lights(view: &View) -> Vec<(char, String)> {
    let blocks = view.json["blocks"].as_array().unwrap();
    let lights = blocks.iter().find(|block| block["block_id"] == "lights").unwrap();
    let lines = lights["elements"].as_array().unwrap().iter();
    let light = |line: &str| (line.chars().next().unwrap(), line.to_owned());
    lines.map(|line| light(line["text"].as_str().unwrap())).collect()
}

fn marks(view: &View) -> String {
    lights(view).iter().map(|(mark, _)| *mark).collect()
}

/// What stands in the field, and in which block.
fn field(view: &View) -> (String, String) {
    let found = read::find_action(&view.json, "justification").unwrap();
    let value = view.values()[&found.block_id]["justification"]["value"].clone();
    (found.block_id, value.as_str().unwrap_or_default().to_owned())
}

/// Types a reason letter by letter as far as it goes in one go; the view then.
async fn types(world: &World, view: &View, text: &str) -> View {
    let typed = world.types_in("ana", view, "justification", text).await;
    assert_eq!(field(&typed), (field(view).0, text.to_owned()), "what was typed stays");
    typed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lights_follow_what_is_typed_and_the_text_stays() {
    for world in worlds_with(options()).await {
        let view = world.opens_form("ana").await;
        let view = world.chooses("ana", &view, "payments", "write").await;
        let view = world.goes_on("ana", &view).await;
        let said = lights(&view);
        assert_eq!(said.len(), 3, "{said:?}");
        for ((_, line), about) in said.iter().zip([TASK, LEVEL, TICKET]) {
            assert!(line.contains(about), "{line}");
        }
        assert!(!marks(&view).contains('🟢'), "{said:?}");

        let poor = types(&world, &view, "need access please").await;
        assert!(!marks(&poor).contains('🟢'), "{:?}", lights(&poor));
        let half = types(&world, &poor, "INC-12: correct 14 invoices").await;
        let said = marks(&half);
        assert!(said.ends_with('🟢') && said != "🟢🟢🟢", "{:?}", lights(&half));
        let good = "INC-12: correct 14 invoices with the wrong tax rate; the script has to update \
                    rows, because support cannot";
        let good = types(&world, &half, good).await;
        assert_eq!(marks(&good), "🟢🟢🟢", "{:?}", lights(&good));
        let back = types(&world, &good, "x").await;
        assert!(!marks(&back).contains('🟢'), "{:?}", lights(&back));
        world.slack.close(&account("ana"), &back.id).await;
        world.ends().await;
    }
}
