//! The product's promises as stories: people in a local Slack, the bot over HTTP, a target that is read.
#[cfg(test)]
mod again;
#[cfg(test)]
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
mod demo_email;
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
#[cfg(test)]
mod hostile_names;
#[cfg(test)]
mod instance;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod lease;
#[cfg(test)]
mod lights;
#[cfg(test)]
mod line;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod live;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod mail_back;
#[cfg(test)]
mod mail_letters;
#[cfg(test)]
mod migrated;
#[cfg(test)]
mod million;
#[cfg(test)]
mod narrow;
#[cfg(test)]
mod narrow_pages;
#[cfg(test)]
mod narrow_teams;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod overlap;
#[cfg(test)]
mod paced;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod pages_acts;
#[cfg(test)]
mod pages_codes;
#[cfg(test)]
mod pages_form;
#[cfg(test)]
mod pages_login;
#[cfg(test)]
mod pages_mail;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod pinned;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod pointed_out;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod replaced;
#[cfg(test)]
mod search;
#[cfg(test)]
mod shortcuts;
#[cfg(test)]
#[path = "../skipped/mod.rs"]
mod skipped;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod store;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod stricter;
#[cfg(test)]
mod tab;
#[cfg(test)]
mod tab_door;
#[cfg(test)]
mod teams_acts;
#[cfg(test)]
mod teams_api;
#[cfg(test)]
mod teams_back;
#[cfg(test)]
mod teams_bounds;
#[cfg(test)]
mod teams_door;
#[cfg(test)]
mod teams_form;
#[cfg(test)]
mod teams_hostile;
#[cfg(test)]
mod teams_late;
#[cfg(test)]
mod teams_living;
#[cfg(test)]
mod teams_mail;
#[cfg(test)]
mod teams_once;
#[cfg(test)]
mod teams_race;
#[cfg(test)]
mod teams_reached;
#[cfg(test)]
mod teams_secret;
#[cfg(test)]
mod teams_slow;
#[cfg(test)]
mod teams_tenants;
#[cfg(test)]
mod teams_twice;
#[cfg(test)]
mod teams_views;
#[cfg(test)]
mod teams_way;
#[cfg(test)]
mod teams_words;
#[cfg(test)]
mod tickets;
#[cfg(test)]
mod together;
#[cfg(test)]
mod twice;
#[cfg(test)]
mod way;
#[cfg(test)]
mod ways;
#[cfg(test)]
mod world;
