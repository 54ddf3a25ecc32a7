//! The arithmetic of one number: what it is made of, named so that each part can be asked for in turn.
//!
//! An [`Explanation`] is one step long. A hidden unit is a sum of products of weights and of what the FFN reads; what the FFN
//! reads is explained by asking for that. The step is taken from the numbers of the [`Trace`], so that it holds of a pass
//! with replaced numbers too, but for those that were replaced.

mod entered;
mod pass;
mod table;

use model::config::Config;
use model::layers::gelu;
use model::{Forward, Model, Trace, tensors};
use numbers::listed::Listed;
use serde::Serialize;
use std::str::FromStr;
use task::addition::{EQUALS, tokens};
use task::item::{Item, NoItem, Point};
use thiserror::Error;

/// How terms make a number: the product of the scale times this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// It is made of nothing: the model's file holds it.
    Given,
    /// The terms' sum.
    Sum,
    /// The cosine of their sum.
    Cos,
    /// The sine of their sum.
    Sin,
    /// GELU of their sum.
    Gelu,
    /// One of the terms over their sum.
    Share {
        /// Its place among the terms.
        term: usize,
    },
}

/// A number that is multiplied with others.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Factor {
    /// What it comes from, where that can be asked for.
    pub item: Option<Item>,
    /// The item's text where it is the item's own number; else what was made of it, or what it is: `cos(weight:…)`, `1/rms`.
    pub label: String,
    /// The number.
    pub value: f64,
}

/// A product that is added to others.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Addend {
    /// What it passes on: of its factors' items a number of the pass, or the first where there is none.
    pub item: Option<Item>,
    /// Its factors' labels.
    pub label: String,
    /// The factors' product.
    pub value: f64,
    /// What is multiplied; at least one.
    pub factors: Vec<Factor>,
}

impl Addend {
    pub(crate) fn new(factors: impl Into<Vec<Factor>>) -> Addend {
        let factors = factors.into();
        let items = || factors.iter().filter_map(|factor| factor.item.as_ref());
        let passed = |item: &&Item| matches!(item, Item::Number { .. } | Item::Source { .. });
        let labels: Vec<&str> = factors.iter().map(|factor| factor.label.as_str()).listed();
        Addend {
            item: items().find(passed).or_else(|| items().next()).cloned(),
            label: labels.join(" · "),
            value: product(&factors),
            factors,
        }
    }
}

/// How a number was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Explanation {
    /// The number's name.
    pub item: Item,
    /// The number.
    pub value: f64,
    /// The step in symbols: `hidden = Σ fc1.weight · ffn_input + fc1.bias`.
    pub formula: String,
    /// How the terms make it.
    pub rule: Rule,
    /// What the whole is multiplied with; nothing in most.
    pub scale: Vec<Factor>,
    /// What it is made of.
    pub terms: Vec<Addend>,
}

impl Explanation {
    /// What scale, rule and terms come to: the value, up to the rounding of another order of additions.
    pub fn combined(&self) -> f64 {
        let sum: f64 = self.terms.iter().map(|term| term.value).sum();
        let made = match self.rule {
            Rule::Given => self.value,
            Rule::Sum => sum,
            Rule::Cos => libm::cos(sum),
            Rule::Sin => libm::sin(sum),
            Rule::Gelu => gelu(sum),
            Rule::Share { term } => self.terms.get(term).map_or(f64::NAN, |term| term.value / sum),
        };
        made * product(&self.scale)
    }
}

fn product(factors: &[Factor]) -> f64 {
    factors.iter().map(|factor| factor.value).product()
}

/// An explanation without what it explains.
struct Step {
    formula: String,
    rule: Rule,
    scale: Vec<Factor>,
    terms: Vec<Addend>,
    /// What factors are made of that name no item, or another.
    folded: Vec<Item>,
}

impl Step {
    fn sum(formula: impl Into<String>, terms: Vec<Addend>) -> Step {
        let (scale, folded) = (Vec::new(), Vec::new());
        Step { formula: formula.into(), rule: Rule::Sum, scale, terms, folded }
    }
}

/// Where numbers are looked up.
struct Numbers<'a> {
    model: &'a Model,
    trace: &'a Trace,
}

/// How the number that `item` names was made; `None` where it names none of this model and pass.
pub fn explain(model: &Model, trace: &Trace, item: &Item) -> Option<Explanation> {
    let numbers = Numbers { model, trace };
    let value = numbers.value(item)?; // what names no number ends here, before any arithmetic with its parts
    let step = match *item {
        Item::Number { point, row, index } => numbers.step(point, row, index)?,
        Item::Source { point: Point::Score, row, place, head } => {
            numbers.score(row, place, head)?
        }
        Item::Source { row, place, head, .. } => numbers.attention(row, place, head)?,
        Item::Embedding { token, dim } => numbers.embedding_step(token, dim)?,
        Item::NormWeight { norm, dim } => numbers.norm_step(norm, dim)?,
        Item::Weight { ref tensor, .. } => numbers.stored_step(tensor)?,
        _ => return None,
    };
    let Step { formula, rule, scale, terms, .. } = step;
    Some(Explanation { item: item.clone(), value, formula, rule, scale, terms })
}

/// What is made, in one step, of the number of a tensor that `item` names: in the tables of the model first, then in the pass,
/// in its order. Nothing where it names none.
pub fn entered(model: &Model, trace: &Trace, item: &Item) -> Vec<Item> {
    let numbers = Numbers { model, trace };
    match item {
        Item::Weight { tensor, index } if numbers.value(item).is_some() => {
            numbers.entered(tensor, *index)
        }
        _ => Vec::new(),
    }
}

/// What an item is called in a sentence; of a stored number what that is in this model.
pub fn named(config: &Config, item: &Item) -> String {
    let Item::Weight { tensor, index } = item else { return item.words() };
    let (title, place) =
        (tensors::title(tensor, config), tensors::place(&tensors::axes(tensor, config), *index));
    if place.is_empty() { title } else { format!("{title}: {place}") }
}

/// Why a text is not explained.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unexplained {
    /// It is no item.
    #[error(transparent)]
    NoItem(#[from] NoItem),
    /// It is an item, but no number that this model has.
    #[error("“{item}” is no number of this model")]
    NoNumber {
        /// The item.
        item: Item,
    },
}

/// Explains the number that `item` names, in words, when `model` adds `a` and `b`. Both must be at most
/// [`MAX_SUMMAND`](task::addition::MAX_SUMMAND).
///
/// # Errors
/// The text names no number of this model and pass.
pub fn explain_text(model: &Model, a: u64, b: u64, item: &str) -> Result<Explanation, Unexplained> {
    explain_by(&Forward::new(model), (a, b), EQUALS, item)
}

/// The same by a forward pass, which can be under interventions: then as row `looked` sees the addition.
///
/// # Errors
/// As [`explain_text`].
pub fn explain_by(
    forward: &Forward,
    (a, b): (u64, u64),
    looked: usize,
    item: &str,
) -> Result<Explanation, Unexplained> {
    let item = Item::from_str(item)?;
    let model = forward.model();
    let trace = forward.trace_of(&tokens(a, b, model.config().vocabulary), looked);
    explain(model, &trace, &item).ok_or(Unexplained::NoNumber { item })
}

/// What [`entered`] says of the number that `item` names, in words, when `model` adds `a` and `b`, as [`explain_text`].
///
/// # Errors
/// The text names nothing.
pub fn entered_text(model: &Model, a: u64, b: u64, item: &str) -> Result<Vec<Item>, Unexplained> {
    let item = Item::from_str(item)?;
    let trace = Trace::new(model, &tokens(a, b, model.config().vocabulary));
    Ok(entered(model, &trace, &item))
}
