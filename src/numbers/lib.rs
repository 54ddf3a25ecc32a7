//! Numbers as people read them ([`words`]), and short lists in the order of their numbers ([`order`]).
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod order;
pub mod words;
