//! What two numbers do together.

use super::report::{Along, Landscape, LandscapeCell};
use super::{LEAST_LOOKS, LOOKS, named};
use crate::exact::{Exact, Interval, Ranged};
use crate::{EditError, Model};
use task::addition::DIGITS;

/// Most values along each side.
pub const MOST_VALUES: usize = 1_000;

/// Exact accuracy over two numbers, in the making: cell by cell, row by row.
pub struct Landscaping {
    model: Model,
    looks: u64,
    found: Landscape,
}

impl Landscaping {
    /// Of all pairs of these values: x goes from left to right, y from the first row to the last. Values beyond
    /// `MOST_VALUES` are left out. Each cell looks at about `looks` intervals at most.
    ///
    /// # Errors
    /// There is no such learned number, or a value is none.
    pub fn new(model: &Model, x: Along, y: Along, looks: u64) -> Result<Landscaping, EditError> {
        for along in [&x, &y] {
            named(model, &along.tensor, along.index)?;
            if let Some(value) = along.values.iter().find(|value| !value.is_finite()) {
                return Err(EditError::NotFinite { value: value.to_string() });
            }
        }
        let short = |mut along: Along| {
            along.values.truncate(MOST_VALUES);
            along
        };
        let looks = looks.clamp(LEAST_LOOKS, LOOKS);
        let found = Landscape { x: short(x), y: short(y), cells: vec![] };
        Ok(Landscaping { model: model.clone(), looks, found })
    }

    /// So many values around that of a number, as far as `reach` to both sides.
    ///
    /// # Errors
    /// There is no such learned number.
    pub fn around(
        model: &Model,
        (tensor, index): (&str, usize),
        reach: f64,
        values: usize,
    ) -> Result<Along, EditError> {
        let (tensor, value) = named(model, tensor, index)?;
        let values = values.clamp(1, MOST_VALUES);
        let middle = (values - 1) as f64 / 2.0;
        let at = |i: usize| {
            let share = if middle > 0.0 { (i as f64 - middle) / middle } else { 0.0 };
            (f64::from(value) + share * reach).clamp(f64::from(f32::MIN), f64::from(f32::MAX))
                as f32
        };
        Ok(Along { tensor: tensor.to_owned(), index, values: (0..values).map(at).collect() })
    }

    fn total(&self) -> usize {
        self.found.x.values.len() * self.found.y.values.len()
    }

    /// Decides the next cell. Gives whether there is nothing left to do.
    pub fn step(&mut self) -> bool {
        let (done, total) = (self.found.cells.len(), self.total());
        if done >= total {
            return true;
        }
        let width = self.found.x.values.len();
        let Landscape { x, y, .. } = &self.found;
        let ranged = |along: &Along, i: usize| -> (usize, Interval) {
            (along.index, Interval::point(f64::from(along.values[i])))
        };
        let (column, row) = (ranged(x, done % width), ranged(y, done / width));
        let ranges = [(&x.tensor, column), (&y.tensor, row)]
            .map(|(tensor, (index, range))| Ranged { tensor, index, range });
        let mut exact = Exact::over(&self.model, &ranges);
        exact.step(self.looks);
        let count = exact.count(DIGITS);
        let share = |n: u128| n as f64 / count.total() as f64;
        self.found.cells.push(LandscapeCell {
            at_least: share(count.at_least),
            at_most: share(count.at_most),
            right: count.proven(),
            decided: count.right().is_some(),
        });
        done + 1 >= total
    }

    /// How much is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        self.found.cells.len() as f64 / self.total().max(1) as f64
    }

    /// What is known so far.
    pub fn landscape(&self) -> &Landscape {
        &self.found
    }
}
