//! The product's promises as stories: people in a local Slack, the bot over HTTP, a target that is read.
#[cfg(test)]
mod again;
mod alarms;
#[cfg(test)]
mod any_payload;
#[cfg(test)]
mod app_gone;
#[cfg(test)]
mod basket;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod details;
#[cfg(test)]
mod extend;
#[cfg(test)]
mod favorites;
#[cfg(test)]
mod form;
#[cfg(test)]
mod form_stays;
#[cfg(test)]
mod home;
#[cfg(test)]
mod hostile;
mod instance;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod lease;
#[cfg(test)]
mod line;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod live;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod migrated;
#[cfg(test)]
mod million;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod overlap;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod pinned;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod replaced;
#[cfg(test)]
mod search;
#[cfg(test)]
mod shortcuts;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod store;
mod stricter;
#[cfg(test)]
mod tickets;
#[cfg(test)]
mod together;
#[cfg(test)]
mod way;
#[cfg(test)]
mod ways;
#[cfg(test)]
mod world;
