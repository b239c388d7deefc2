//! The form that asks for access, as models of its three views: choose, review, finish.
mod choose;
mod finish;
mod review;
pub mod samples;

pub use choose::{
    AppChosen, Basket, BundleEntries, ByApp, ByBundle, ByResource, Choose, Picks, TICKS, TickGroup,
    TickPage, WayButton, added, all_choice, basket, by_app, by_bundle, by_resource, dropped,
    entries, gone, item_choice, named_choice, nothing_chosen, person_choice, pick_permission,
    refine_choice, resource_choice, ways,
};
pub use finish::{Finish, Finishing, finish, submitted};
pub use review::{Review, ReviewRow, review};

/// Things as people count them.
pub(super) fn count(number: usize) -> String {
    match number {
        1 => "1 thing".to_owned(),
        _ => format!("{} things", grouped(number)),
    }
}

/// A number with its thousands apart: `1,204`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1204, "1,204"), (1_000_000, "1,000,000")] {
            assert_eq!(grouped(number), text);
        }
    }
}
