//! The form that asks for access, as models of its three views: choose, review, finish.
mod choose;
mod finish;
mod review;
pub mod samples;

pub use choose::{
    AppChosen, Basket, BundleEntries, ByApp, ByBundle, ByResource, Choose, ItemChoices, Picks,
    TICKS, TickGroup, TickPage, WayButton, added, any_kind, any_permission, basket, by_app,
    by_bundle, by_resource, cut, dropped, entries, gone, item_choice, named_choice, not_for,
    nothing_chosen, nothing_ticked, person_choice, pick_permission, refine_choice, resource_choice,
    unsearched, ways,
};
pub use finish::{Finish, Finishing, TicketFields, finish, submitted};
pub use review::{Review, ReviewRow, review};

use crate::show::Voice;

/// Things as people count them.
fn count(voice: Voice<'_>, number: usize) -> String {
    voice.say("count-things", [("count", number.into())])
}
