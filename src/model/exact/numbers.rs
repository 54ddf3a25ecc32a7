//! A model's numbers as the verdict takes them: the stored ones, each of which a range can stand in for.

use super::interval::Interval;
use super::jet::Real;
use crate::{Config, Model};
use numbers::listed::Listed;

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
pub struct Numbers<'a, T> {
    model: &'a Model,
    /// Those that are not the stored ones: tensor, flat index, and what they are.
    others: Vec<(&'a str, usize, T)>,
}

impl<'a, T: Real> Numbers<'a, T> {
    /// Of `model`, with others in the place of some.
    pub fn new(model: &'a Model, others: Vec<(&'a str, usize, T)>) -> Numbers<'a, T> {
        Numbers { model, others }
    }

    /// The architecture that they fit.
    pub fn config(&self) -> &'a Config {
        self.model.config()
    }

    /// All numbers of a tensor, row by row; none where there is no such tensor.
    pub fn vector(&self, tensor: &str) -> Vec<T> {
        let stored = self.model.params().numbers(tensor);
        let point = |v: &f32| T::from(Interval::point(f64::from(*v)));
        let mut values: Vec<T> = stored.iter().map(point).listed();
        for (_, index, other) in self.others.iter().filter(|(name, ..)| *name == tensor) {
            if let Some(value) = values.get_mut(*index) {
                *value = *other;
            }
        }
        values
    }

    /// The first number of a tensor.
    pub fn scalar(&self, tensor: &str) -> T {
        self.vector(tensor).first().copied().unwrap_or(T::zero())
    }

    /// The rows of a tensor of two axes.
    pub fn matrix(&self, tensor: &str) -> Vec<Vec<T>> {
        let width = self.model.params().get(tensor).and_then(|t| t.shape().last().copied());
        let values = self.vector(tensor);
        values.chunks(width.unwrap_or(1).max(1)).map(<[T]>::to_vec).listed()
    }
}

/// The columns of a matrix as rows.
pub fn transposed<T: Copy>(rows: &[Vec<T>]) -> Vec<Vec<T>> {
    let width = rows.first().map_or(0, Vec::len);
    (0..width).map(|i| rows.iter().map(|row| row[i]).listed()).listed()
}
