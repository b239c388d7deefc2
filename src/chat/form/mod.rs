//! The form that asks for access as a series of whole views, for the web pages and for Teams'
//! dialogs alike: what was pressed comes with all fields, and the next view is drawn from the draft.
mod asked;
pub mod choose;
pub mod fields;
pub mod finish;

pub use asked::Asked;

use crate::domain::draft::WayIn;

/// The way that a word opens; by resource where it is none.
pub fn way_of(word: Option<&str>) -> WayIn {
    match word {
        Some("app") => WayIn::App,
        Some("bundle") => WayIn::Bundle,
        _ => WayIn::Resource,
    }
}
