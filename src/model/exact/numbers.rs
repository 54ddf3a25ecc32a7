//! A model's numbers as the verdict takes them: the stored ones, each of which a range can stand in for.

use super::interval::Interval;
use crate::Model;

/// A range in the place of one stored number.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranged<'a> {
    /// The tensor's clean name.
    pub tensor: &'a str,
    /// Flat index, row by row.
    pub index: usize,
    /// Every value from one to the other, both included.
    pub range: Interval,
}

/// The numbers of a model, by tensor. Zeros stand in for what is not there.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    model: &'a Model,
    ranges: &'a [Ranged<'a>],
}

impl<'a> Numbers<'a> {
    /// Of `model`, with `ranges` in the place of some.
    pub fn new(model: &'a Model, ranges: &'a [Ranged<'a>]) -> Numbers<'a> {
        Numbers { model, ranges }
    }

    /// The architecture that they fit.
    pub fn config(&self) -> &'a crate::Config {
        self.model.config()
    }

    /// All numbers of a tensor, row by row; none where there is no such tensor.
    pub fn vector(&self, tensor: &str) -> Vec<Interval> {
        let stored = self.model.params().get(tensor);
        let mut values: Vec<Interval> =
            stored.map_or(vec![], |t| t.iter().map(|v| Interval::point(f64::from(*v))).collect());
        for ranged in self.ranges.iter().filter(|ranged| ranged.tensor == tensor) {
            if let Some(value) = values.get_mut(ranged.index) {
                *value = ranged.range;
            }
        }
        values
    }

    /// The first number of a tensor.
    pub fn scalar(&self, tensor: &str) -> Interval {
        self.vector(tensor).first().copied().unwrap_or(Interval::ZERO)
    }

    /// The rows of a tensor of two axes.
    pub fn matrix(&self, tensor: &str) -> Vec<Vec<Interval>> {
        let width = self.model.params().get(tensor).and_then(|t| t.shape().last().copied());
        let values = self.vector(tensor);
        values.chunks(width.unwrap_or(1).max(1)).map(<[Interval]>::to_vec).collect()
    }
}

/// The columns of a matrix as rows.
pub fn transposed(rows: &[Vec<Interval>]) -> Vec<Vec<Interval>> {
    let width = rows.first().map_or(0, Vec::len);
    (0..width).map(|i| rows.iter().map(|row| row[i]).collect()).collect()
}
