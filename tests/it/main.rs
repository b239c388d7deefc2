//! The product's promises as stories: people in a local Slack, the bot over HTTP, a target that is read.
#[cfg(test)]
mod again;
#[cfg(test)]
mod basket;
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
mod home;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod line;
#[cfg(test)]
mod overlap;
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
