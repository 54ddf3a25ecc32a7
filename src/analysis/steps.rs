//! One answer digit, step by step: where the number comes from that its row reads, what the hidden units make of it, and what
//! is said. After right digits, as in a [`Trace`].

use crate::explain::{Addend, Factor};
use crate::ruler::{Ruler, RulerAxis, direction, ruler_by};
use crate::stages::{NORM, Staged, less};
use model::layers::{gelu, product};
use model::line::Readout;
use model::tensors::name::{OUT_PROJ, OUT_PROJ_A};
use model::weights::OutWeights;
use model::{Forward, Model, Trace};
use numbers::listed::Listed;
use serde::Serialize;
use task::addition::{EQUALS, ROWS, label, tokens};
use task::item::{Item, Point};

pub use crate::stages::{LensStage, LogitPart, Stage};

/// Points of a hidden unit's curve.
const CURVE: usize = 121;

/// What a row looks at in one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct StepSource {
    /// The head, from 0.
    pub head: usize,
    /// The place.
    pub place: Item,
    /// What it is called: `X3`, `+`.
    pub name: String,
    /// The token that stands there.
    pub token: u8,
    /// How much of the row's attention it has.
    pub weight: Factor,
    /// What is read of its value.
    pub value: f64,
    /// What that is the sum of.
    pub terms: Vec<Addend>,
    /// Weight times value: what it adds to the whole.
    pub product: f64,
}

/// A hidden unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct StepUnit {
    /// Before GELU.
    pub before: Factor,
    /// After it.
    pub after: Factor,
    /// Before GELU at places of the ruler's range, at equal distances from end to end.
    pub curve_before: Vec<f64>,
    /// After it.
    pub curve_after: Vec<f64>,
}

/// A token that could be said.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct StepToken {
    /// The token; 10 and more are no digits.
    pub token: u8,
    /// Its logit.
    pub logit: Factor,
    /// Its share after the softmax.
    pub probability: f64,
}

/// One answer digit of one addition, step by step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Steps {
    /// First summand.
    pub a: u64,
    /// Second summand.
    pub b: u64,
    /// The answer digit: 0 for Z0.
    pub digit: usize,
    /// The answer digit before, which the row reads; none before the first, whose row reads EQUALS.
    pub before: Option<u8>,
    /// What the ruler's axis is.
    pub along: RulerAxis,
    /// From where to where the ruler goes.
    pub range: (f64, f64),
    /// Where this addition stops on it.
    pub stop: f64,
    /// The numbers that attention wrote.
    pub written: Vec<Factor>,
    /// What sources add up to: s, or, where attention writes more than one number, how far it moved the row.
    pub total: f64,
    /// All places that the row sees, head by head.
    pub sources: Vec<StepSource>,
    /// The hidden units.
    pub units: Vec<StepUnit>,
    /// All tokens.
    pub tokens: Vec<StepToken>,
    /// What is said.
    pub said: u8,
    /// The sum's digit.
    pub right: u8,
    /// What would have been said after each stage.
    pub lens: Vec<LensStage>,
    /// Which norm the lens is read with.
    pub norm: String,
    /// What the last norm multiplies the final stream with, 1/rms: parts of the logits share it.
    pub scale: f64,
    /// What each stage adds to the logits.
    pub parts: Vec<LogitPart>,
}

/// One row of a pass.
struct Looked<'a> {
    model: &'a Model,
    trace: Trace,
    row: usize,
}

impl Looked<'_> {
    fn at(&self, point: Point) -> Vec<f64> {
        self.trace.at(point).map(|values| values.row(self.row).to_vec()).unwrap_or_default()
    }

    fn number(&self, point: Point, index: usize, value: f64) -> Factor {
        Factor::of(Item::Number { point, row: self.row, index }, value)
    }

    fn numbers(&self, point: Point) -> Vec<Factor> {
        let values = self.at(point).into_iter().enumerate();
        values.map(|(index, value)| self.number(point, index, value)).listed()
    }

    /// What attention wrote, and what each of its numbers is called.
    fn written(&self) -> Vec<Factor> {
        let point = if self.trace.at(Point::Sum).is_some() { Point::Sum } else { Point::Read };
        self.numbers(point)
    }

    /// What is read of each number that the heads read, and what that coefficient is.
    fn reads(&self, moved: &[f64]) -> Vec<Factor> {
        let out = &self.model.weights().out;
        let one = direction(self.model).is_some();
        let weight = |tensor: &str, index, value| {
            Factor::of(Item::Weight { tensor: tensor.to_owned(), index }, value)
        };
        let length = dot(moved, moved).sqrt();
        let unit: Vec<f64> =
            moved.iter().map(|by| if length > 0.0 { by / length } else { 0.0 }).listed();
        let along = |written: &[f64]| dot(written, &unit);
        match out {
            OutWeights::LowRank { a, .. } if one => {
                a.column(0).iter().enumerate().map(|(i, v)| weight(OUT_PROJ_A, i, *v)).listed()
            }
            OutWeights::Full(_) if one => vec![Factor::made(None, "1", 1.0)],
            OutWeights::LowRank { a, b } => {
                let written = product(a.view(), b.view());
                let rows = written.outer_iter().map(|row| along(&row.to_vec()));
                rows.map(|by| {
                    Factor::made(None, format!("{OUT_PROJ_A} · B along the direction"), by)
                })
                .listed()
            }
            OutWeights::Full(w) => {
                let columns = w.columns().into_iter().map(|column| along(&column.to_vec()));
                columns
                    .map(|by| Factor::made(None, format!("{OUT_PROJ} along the direction"), by))
                    .listed()
            }
        }
    }

    fn sources(&self, moved: &[f64]) -> Option<Vec<StepSource>> {
        let config = self.model.config();
        let reads = self.reads(moved);
        let values = self.trace.at(Point::Value)?;
        let mut sources = Vec::new();
        for head in 0..config.n_heads {
            for place in 0..=self.row.min(ROWS - 1) {
                let source = Item::Source { point: Point::Attention, row: self.row, place, head };
                let weight = self.trace.number(&source)?;
                let term = |index: usize| {
                    let value = *values.get((place, index))?;
                    let item = Item::Number { point: Point::Value, row: place, index };
                    Some(Addend::new([Factor::of(item, value), reads.get(index)?.clone()]))
                };
                let dims = head * config.head_dim..(head + 1) * config.head_dim;
                let terms: Vec<Addend> = dims.map(term).collect::<Option<_>>()?;
                let value: f64 = terms.iter().map(|term| term.value).sum();
                sources.push(StepSource {
                    head,
                    place: Item::Place(place),
                    name: label(place),
                    token: *self.trace.tokens.get(place)?,
                    weight: Factor::of(source, weight),
                    value,
                    terms,
                    product: weight * value,
                });
            }
        }
        Some(sources)
    }

    fn units(&self, moved: &[f64], ruler: &Ruler) -> Vec<StepUnit> {
        let readout = Readout::new(self.model);
        let direction = direction(self.model).unwrap_or_else(|| moved.to_vec());
        let line = readout.along(&self.at(Point::Embed), &direction);
        let (lo, hi) = ruler.range;
        let at = |i: usize| line.hidden(lo + (hi - lo) * i as f64 / (CURVE - 1) as f64);
        let curves: Vec<Vec<f64>> = (0..CURVE).map(at).listed();
        let both = self.numbers(Point::Hidden).into_iter().zip(self.numbers(Point::Active));
        let unit = |(u, (before, after)): (usize, (Factor, Factor))| {
            let curve_before: Vec<f64> = curves.iter().filter_map(|at| at.get(u).copied()).listed();
            let curve_after = curve_before.iter().map(|before| gelu(*before)).listed();
            StepUnit { before, after, curve_before, curve_after }
        };
        both.enumerate().map(unit).listed()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The tokens' shares.
fn probabilities(logits: &[f64]) -> Vec<f64> {
    let mut shares = logits.to_vec();
    model::layers::softmax(&mut shares);
    shares
}

/// How answer digit `digit`, 0 to 10, of `a + b` comes about. Both summands must be at most
/// [`MAX_SUMMAND`](task::addition::MAX_SUMMAND). `None` where there is no such digit, or a number of the pass is not finite.
pub fn steps(model: &Model, a: u64, b: u64, digit: usize) -> Option<Steps> {
    steps_by(&Forward::new(model), a, b, digit)
}

/// The same by a forward pass, which can be under interventions.
pub fn steps_by(forward: &Forward, a: u64, b: u64, digit: usize) -> Option<Steps> {
    let (ruler, model) = (ruler_by(forward, a, b, digit)?, forward.model());
    let trace = forward.trace_of(&tokens(a, b, model.config().vocabulary), EQUALS + digit);
    let looked = Looked { model, trace, row: EQUALS + digit };
    let staged = Staged::new(model, &looked.trace, looked.row);
    let moved = less(&looked.at(Point::AfterAttention), &looked.at(Point::Embed));
    let logits = looked.at(Point::Logits);
    let tokens = looked.numbers(Point::Logits).into_iter().zip(probabilities(&logits));
    let token =
        |(token, (logit, probability))| StepToken { token: token as u8, logit, probability };
    let sources = looked.sources(&moved)?;
    Some(Steps {
        a,
        b,
        digit,
        before: ruler.own().and_then(|lane| lane.before),
        along: ruler.along,
        range: ruler.range,
        stop: ruler.pointer.s,
        written: looked.written(),
        total: match ruler.along {
            RulerAxis::Number => ruler.pointer.s,
            RulerAxis::Direction => dot(&moved, &moved).sqrt(),
        },
        sources,
        units: looked.units(&moved, &ruler),
        tokens: tokens.enumerate().map(token).listed(),
        said: ruler.pointer.said,
        right: ruler.pointer.right,
        lens: staged.lens(),
        norm: NORM.into(),
        scale: staged.scale(),
        parts: staged.parts(ruler.pointer.said),
    })
}
