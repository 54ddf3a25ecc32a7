//! Numbers as people read them ([`words`]), short lists in the order of their numbers ([`order`]), and lists of what an
//! iterator has ([`listed`]).
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod listed;
pub mod order;
pub mod words;
