//! Training: loss and gradients.

pub mod gradient;
