//! The shapes in which Teams wants its answers.
use super::Answer;
use super::activity::Invoke;
use crate::show::teams::Laid;
use serde_json::{Value, json};

/// An Adaptive Card, as Teams names it.
pub(super) const CARD: &str = "application/vnd.microsoft.card.adaptive";
/// Most rows of a search that Teams shows.
pub(super) const ROWS: usize = 15;

/// What is answered.
#[derive(Debug)]
pub(super) enum Reply {
    /// A card: in the place of the one that was pressed, or as a dialog.
    View(Laid),
    /// A sentence.
    Said(String),
    /// Nothing: a dialog closes.
    Close,
}

/// Where an answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// In a card's place.
    Card,
    /// In a dialog.
    Dialog,
    /// In a list that is searched.
    Rows,
}

impl Shape {
    pub(super) fn of(invoke: &Invoke) -> Self {
        match invoke {
            Invoke::Execute(_) => Self::Card,
            Invoke::Dialog(_) | Invoke::Extension(_) | Invoke::Unknown => Self::Dialog,
            Invoke::Search { .. } => Self::Rows,
        }
    }
}

/// A reply in this shape.
pub(super) fn answer(shape: Shape, reply: Reply) -> Answer {
    match (shape, reply) {
        (Shape::Card, Reply::View(laid)) => {
            Answer::with(json!({ "statusCode": 200, "type": CARD, "value": laid.card }))
        }
        (_, Reply::View(laid)) => Answer::with(dialog(laid)),
        (shape, Reply::Said(text)) => line(shape, &text),
        (Shape::Card, Reply::Close) => line(shape, ""),
        (_, Reply::Close) => Answer::empty(),
    }
}

/// A sentence in this shape.
pub(super) fn line(shape: Shape, text: &str) -> Answer {
    Answer::with(match shape {
        Shape::Card => json!({
            "statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text,
        }),
        Shape::Dialog => json!({ "task": { "type": "message", "value": text } }),
        Shape::Rows => return rows(&[]),
    })
}

fn dialog(laid: Laid) -> Value {
    let laid = laid.for_dialog();
    let card = json!({ "contentType": CARD, "content": laid.card });
    let value = json!({ "title": laid.title, "height": "large", "width": "medium", "card": card });
    json!({ "task": { "type": "continue", "value": value } })
}

/// The rows of a search: what people read, and what comes back.
pub(super) fn rows(rows: &[(String, String)]) -> Answer {
    let row = |(title, value): &(String, String)| json!({ "title": title, "value": value });
    let rows: Vec<Value> = rows.iter().take(ROWS).map(row).collect();
    Answer::with(json!({
        "statusCode": 200, "type": "application/vnd.microsoft.search.searchResponse",
        "value": { "results": rows },
    }))
}
