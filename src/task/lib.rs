//! The task: two 10-digit numbers and their sum. How an addition stands as tokens, what its places and answer rows are
//! called ([`addition`]), what can be pointed at in it ([`item`]), what can be done to
//! a pass ([`intervene`]), and the seeded examples that models are asked ([`sampling`]).
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod addition;
pub mod intervene;
pub mod item;
mod point;
pub mod sampling;
mod spoken;
pub mod terms;
