//! Web pages, as models: what stands around each (`Frame`), and one file for each kind of page.
//!
//! The same models as in chat where they fit. A template gets a [`Page`]: `frame` for the layout,
//! `body` for itself. Nothing here knows a cookie or an address outside.
pub mod form;
mod frame;
mod html;
pub mod lists;
pub mod request;
pub mod samples;
pub mod sign_in;
pub mod tab;

pub use frame::{Done, Frame, Notice, Page, Place, Said, done, form_old, not_found, sorry};
pub use html::{html, icon, style};
