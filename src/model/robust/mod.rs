//! How firm a model is: how far each of its numbers can go, how short they can be, and what two of them do together.
//!
//! All of it is work in steps: `step` does a piece of some milliseconds (seconds for models of two hundred numbers) and says
//! whether that was the last; what is known so far can be asked for at any time.

mod landscape;
mod report;
mod rounding;
mod side;

pub use landscape::Landscaping;
pub use report::*;
pub use rounding::Shortening;
pub use side::REACH;

use crate::exact::{Count, Exact, Firm, Verdict};
use crate::{EditError, Model, tensors};
use side::Search;
use std::rc::Rc;
use task::addition::DIGITS;

/// Intervals that a verdict on the model itself may look at.
const LOOKS: u64 = 400_000;

/// A number of a model that was changed may take so many times the work of the model itself.
const HARDER: u64 = 8;

/// Where a model of which nothing was asked for yet begins.
const LEAST_LOOKS: u64 = 2_000;

/// What is asked of models whose numbers were changed.
#[derive(Clone, Copy, Debug)]
struct Goal {
    kept: Kept,
    /// So many additions are right.
    least: u128,
    /// What the model itself has.
    base: Count,
    /// Intervals that a verdict may look at.
    looks: u64,
}

impl Goal {
    /// To stay right, or not to lose more than `part` of the right answers.
    fn of(model: &Model, part: f64) -> Goal {
        let exact = Exact::decided(model, LOOKS);
        let base = exact.count(DIGITS);
        let kept = match base.proven() {
            true => Kept::Right,
            false => Kept::Part { lost: part.clamp(0.0, 1.0) },
        };
        let least = match kept {
            Kept::Right => base.at_least,
            // Rounding here moves what is asked for, not what is answered.
            Kept::Part { lost } => base.at_least - (base.at_least as f64 * lost) as u128,
        };
        let looks = exact.looks().saturating_mul(HARDER).clamp(LEAST_LOOKS, LOOKS);
        Goal { kept, least: least.min(base.at_least), base, looks }
    }

    fn verdict(&self, count: Count) -> Verdict {
        if count.at_least >= self.least {
            Verdict::Right
        } else if count.at_most < self.least {
            Verdict::Wrong
        } else {
            Verdict::Open
        }
    }
}

/// A learned number by its tensor and flat index.
fn named(model: &Model, tensor: &str, index: usize) -> Result<(&'static str, f32), EditError> {
    let param = model.params().iter().find(|param| param.name == tensor);
    let param = param.ok_or_else(|| EditError::NoTensor { name: tensor.to_owned() })?;
    if !param.learned {
        return Err(EditError::Frozen { name: tensor.to_owned() });
    }
    let number = EditError::NoNumber { name: tensor.to_owned(), index, len: param.values.len() };
    let value = param.values.iter().nth(index).ok_or(number)?;
    Ok((param.name, *value))
}

/// How far each number can go, in the making.
pub struct Ranging {
    model: Rc<Model>,
    goal: Goal,
    /// Those that are asked for.
    numbers: Vec<(&'static str, usize)>,
    done: Vec<NumberRange>,
    current: Option<Current>,
}

/// The number that is looked at.
struct Current {
    firm: Firm,
    range: NumberRange,
    below: Search,
    above: Search,
}

impl Ranging {
    /// Of all learned numbers of a model. Where it is not right on all additions, a number can go as far as no more than
    /// `part` of its right answers are lost.
    pub fn new(model: &Model, part: f64) -> Ranging {
        let learned = model.params().iter().filter(|param| param.learned);
        let numbers = learned.flat_map(|p| (0..p.values.len()).map(|index| (p.name, index)));
        Ranging {
            goal: Goal::of(model, part),
            numbers: numbers.collect(),
            model: Rc::new(model.clone()),
            done: vec![],
            current: None,
        }
    }

    /// The same of these numbers only: tensors with flat indices.
    ///
    /// # Errors
    /// There is no such learned number.
    pub fn only(mut self, numbers: &[(&str, usize)]) -> Result<Ranging, EditError> {
        let own = |(tensor, index): &(&str, usize)| {
            named(&self.model, tensor, *index).map(|(name, _)| (name, *index))
        };
        self.numbers = numbers.iter().map(own).collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// Does a piece of the work. Gives whether there is nothing left to do.
    pub fn step(&mut self) -> bool {
        let Some((tensor, index)) = self.numbers.get(self.done.len()).copied() else { return true };
        let mut current = match self.current.take() {
            Some(current) => current,
            None => self.begin(tensor, index),
        };
        let side = match current.range.read {
            false => None,
            true => [&mut current.below, &mut current.above].into_iter().find(|s| !s.is_done()),
        };
        match side {
            Some(side) => {
                side.step(&mut current.firm, &self.goal);
                self.current = Some(current);
            }
            None => {
                let Current { range, below, above, .. } = current;
                self.done.push(NumberRange { below: below.side(), above: above.side(), ..range });
            }
        }
        self.done.len() == self.numbers.len()
    }

    fn begin(&self, tensor: &'static str, index: usize) -> Current {
        let param = self.model.params().get(tensor);
        let value = param.and_then(|t| t.iter().nth(index)).copied().unwrap_or(0.0);
        let firm = Firm::new(&self.model, tensor, index, self.goal.looks);
        let read = firm.is_read();
        let search =
            |sign: f64| if read { Search::new(value, sign) } else { Search::free(value, sign) };
        let (below, above) = (search(-1.0), search(1.0));
        let range = NumberRange {
            tensor: tensor.to_owned(),
            index,
            subscript: param.map_or(String::new(), |t| tensors::subscript(t.shape(), index)),
            place: tensors::place(&tensors::axes(tensor, self.model.config()), index),
            value,
            read,
            below: below.side(),
            above: above.side(),
        };
        Current { firm, range, below, above }
    }

    /// How much is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        let current = self
            .current
            .as_ref()
            .map_or(0.0, |current| 0.5 * (current.below.progress() + current.above.progress()));
        (self.done.len() as f64 + current) / self.numbers.len().max(1) as f64
    }

    /// What is known so far.
    pub fn ranges(&self) -> Ranges {
        Ranges {
            kept: self.goal.kept,
            right_at_least: self.goal.base.at_least.to_string(),
            numbers: self.done.clone(),
            total: self.numbers.len(),
        }
    }
}
