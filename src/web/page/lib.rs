//! The part of the page that shows a model.
//!
//! [`Session`](session::Session) lives in a Worker and computes; [`Figure`](figure::Figure) lives on the page and draws
//! what the Worker sent over.
#![cfg_attr(test, allow(clippy::unwrap_used))]
#![cfg_attr(
    not(feature = "page-only"),
    allow(dead_code, reason = "some of what is kept is read by what only the page asks")
)]

pub mod figure;
pub mod gallery;
#[cfg(feature = "page-only")]
pub mod page;
#[cfg(feature = "page-only")]
pub mod seeds;
pub mod session;
