//! The twelve panels.
