//! The product's promises as stories: people in a local Slack, the bot over HTTP, a target that is read.
#[cfg(test)]
mod way;
#[cfg(test)]
mod world;
