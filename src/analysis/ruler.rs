//! The ruler that an answer digit is read off: what its row says, by what attention writes into it.
//!
//! In a model whose attention writes one number s, an answer row knows two things: its own token, which is the digit before,
//! and s. So the answer digit is a function of the two, and for each digit before a line that is cut into segments, each
//! with the digit that is said there: a lane. Where an addition stops on its lane decides the digit.
//!
//! Where attention writes more than one number there is no such line for all additions, and where its weights are those of
//! softmax1 none is made here. The ruler then has one lane, of one addition: the direction in which attention moved its row,
//! from 0, where nothing is written, to 1, what this addition wrote.

use model::forward::Written;
use model::layers::argmax;
use model::line::{Line, Readout, extent};
use model::weights::OutWeights;
use model::{Forward, Model, line};
use numbers::listed::Listed;
use serde::{Deserialize, Serialize};
use task::addition::{ANSWER_DIGITS, DIGITS, EQUALS, digit as digit_of, tokens};
use task::item::{Item, Point};

/// Steps at which the range is looked at.
const STEPS: usize = 400;
/// What is added at both ends of what additions reach, of its length.
const MARGIN: f64 = 0.04;
/// What is narrower than this share of the range is passed over where totals are counted.
const NARROW: f64 = 0.01;
/// From where to where the line of one addition goes.
const MOVED: (f64, f64) = (-0.25, 1.25);

/// What the axis of a ruler is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum RulerAxis {
    /// The one number that attention writes.
    Number,
    /// How far attention moved the row of this addition: 0 is not at all, 1 as far as it did.
    Direction,
}

/// Part of a lane on which one token is said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What is said; 10 and more are no digits.
    pub token: u8,
}

/// What is said after one token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// The answer digit before; none before the first, whose row reads EQUALS.
    pub before: Option<u8>,
    /// From end to end of the ruler's range.
    pub segments: Vec<Segment>,
    /// The least and the greatest that additions reach; of the line of one addition 0 and 1.
    pub reach: (f64, f64),
}

impl Lane {
    /// The place of the segment in which `s` lies; of what is beyond the range the outermost.
    fn place(&self, s: f64) -> usize {
        let last = self.segments.len().saturating_sub(1);
        self.segments.iter().position(|segment| s < segment.to).unwrap_or(last)
    }

    /// The segment in which `s` lies.
    pub fn segment(&self, s: f64) -> Option<&Segment> {
        self.segments.get(self.place(s))
    }

    /// The column's total that each segment stands for, of digit `digit`, where the lane is in order: from the least to the
    /// greatest that additions reach there are the digits of the totals 0 to 19, up or down, and beside them only segments
    /// that are narrower than a hundredth of the range, as where a model runs back through all digits from 9 to 0. Totals end
    /// with 18 where no carry can come in: in the first column, and in the second after a 9. The carry-out has no column.
    /// What is no total has none.
    pub fn totals(&self, digit: usize) -> Option<Vec<Option<u8>>> {
        let carried = digit > 1 || (digit == 1 && self.before != Some(9));
        let count = if carried { 20 } else { 19 };
        let width = |segment: &Segment| segment.to - segment.from;
        let narrow = NARROW * self.segments.iter().map(width).sum::<f64>();
        let reached = self.place(self.reach.0)..=self.place(self.reach.1);
        let ends = [*reached.start(), *reached.end()];
        let wide: Vec<usize> = reached
            .filter(|i| {
                ends.contains(i) || self.segments.get(*i).is_some_and(|s| width(s) > narrow)
            })
            .listed();
        let total = |up: bool, i: usize| if up { i } else { count - 1 - i } as u8;
        let said = |i: &usize| self.segments.get(*i).map(|segment| segment.token);
        let fits = |up: bool| {
            let mut all = wide.iter().enumerate();
            all.all(|(i, place)| said(place) == Some(total(up, i) % DIGITS as u8))
        };
        let whole = digit < DIGITS && wide.len() == count;
        let up = [true, false].into_iter().find(|up| whole && fits(*up))?;
        let of = |i: usize| wide.iter().position(|place| *place == i).map(|i| total(up, i));
        Some((0..self.segments.len()).map(of).listed())
    }
}

/// Where one addition stops.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pointer {
    /// The lane, by its place in the list.
    pub lane: usize,
    /// Where on it.
    pub s: f64,
    /// What is said there, after right digits.
    pub said: u8,
    /// The sum's digit.
    pub right: u8,
}

/// The ruler of one answer digit, with one addition on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ruler {
    /// First summand.
    pub a: u64,
    /// Second summand.
    pub b: u64,
    /// The answer digit: 0 for Z0.
    pub digit: usize,
    /// What its axis is.
    pub along: RulerAxis,
    /// From where to where its lanes go: as far as any addition reaches, and a little further.
    pub range: (f64, f64),
    /// No segment is missing that is wider than this.
    pub resolution: f64,
    /// One for each digit that can stand before.
    pub lanes: Vec<Lane>,
    /// Where this addition stops.
    pub pointer: Pointer,
    /// The numbers that attention wrote, of this addition.
    pub written: Vec<f64>,
    /// What is switched off, as a sentence; empty where nothing is. Whoever runs the pass under it says so.
    pub off: String,
    /// The same of what the row has of another addition.
    pub taken: String,
    /// Whether they are those that a low-rank output projection makes of what the heads read; else what the heads read.
    pub summed: bool,
}

impl Ruler {
    /// The name of the `index`-th number that attention wrote.
    pub fn item(&self, index: usize) -> Item {
        let point = if self.summed { Point::Sum } else { Point::Read };
        Item::Number { point, row: EQUALS + self.digit, index }
    }

    /// The lane on which this addition stops.
    pub fn own(&self) -> Option<&Lane> {
        self.lanes.get(self.pointer.lane)
    }

    /// As bytes, by which it crosses from the Worker to the page.
    ///
    /// # Errors
    /// A value cannot be written; none that a ruler has.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// What [`Ruler::to_bytes`] wrote.
    ///
    /// # Errors
    /// These are other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Ruler, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

/// The direction in which the one number is written; `None` where attention writes more than one, and with softmax1, of which
/// `line/extent.rs` does not know how far the number goes.
pub(crate) fn direction(model: &Model) -> Option<Vec<f64>> {
    let single = model.weights().out.single().filter(|_| !model.config().softmax1);
    single.map(|(_, direction)| direction)
}

fn segments(line: &Line, range: (f64, f64)) -> Vec<Segment> {
    let all = line.segments(range, STEPS).into_iter();
    all.map(|line::Segment { from, to, token }| Segment { from, to, token }).listed()
}

/// The range of a ruler whose lanes reach so far.
fn around(reaches: &[(f64, f64)], s: f64) -> (f64, f64) {
    let ends = |(lo, hi): (f64, f64), &(from, to): &(f64, f64)| (lo.min(from), hi.max(to));
    let (lo, hi) = reaches.iter().fold((s, s), ends);
    let margin = MARGIN * (hi - lo);
    // Where all additions stop at one place.
    let margin = if margin > 0.0 { margin } else { MARGIN * lo.abs().max(1.0) };
    (lo - margin, hi + margin)
}

/// One answer row of one addition.
struct Looked<'a> {
    forward: &'a Forward<'a>,
    readout: Readout<'a>,
    digit: usize,
    /// The row, and the token that it reads.
    place: usize,
    token: u8,
    written: Written,
}

/// Lanes, from where to where they go, and where on which of them the addition stops.
struct Lanes {
    along: RulerAxis,
    range: (f64, f64),
    lanes: Vec<Lane>,
    own: usize,
    s: f64,
}

impl Looked<'_> {
    /// The digit before, as lanes have it.
    fn before(&self, token: u8) -> Option<u8> {
        (self.digit > 0).then_some(token)
    }

    /// A lane for each digit that can stand before.
    fn of_number(&self, direction: &[f64], s: f64) -> Option<Lanes> {
        let all = if self.digit == 0 { vec![self.token] } else { (0..DIGITS as u8).listed() };
        let reach = |before: &u8| extent(self.forward, self.digit, *before);
        let reaches: Vec<(f64, f64)> = all.iter().map(reach).collect::<Option<_>>()?;
        let range = around(&reaches, s);
        if !(range.0.is_finite() && range.1.is_finite()) {
            return None;
        }
        let lane = |(before, reach): (&u8, &(f64, f64))| {
            let start = self.forward.embed(self.place, *before);
            let segments = segments(&self.readout.along(start, direction), range);
            Lane { before: self.before(*before), segments, reach: *reach }
        };
        let lanes = all.iter().zip(&reaches).map(lane).listed();
        let own = self.before(self.token).map_or(0, usize::from);
        Some(Lanes { along: RulerAxis::Number, range, lanes, own, s })
    }

    /// The line along which attention moved the row.
    fn of_direction(&self) -> Option<Lanes> {
        let start = self.forward.embed(self.place, self.token);
        let ends = self.written.after_attention.iter().zip(start);
        let moved: Vec<f64> = ends.map(|(after, before)| after - before).listed();
        if !moved.iter().all(|by| by.is_finite()) {
            return None;
        }
        let segments = segments(&self.readout.along(start, &moved), MOVED);
        let lane = Lane { before: self.before(self.token), segments, reach: (0.0, 1.0) };
        let lanes = vec![lane];
        Some(Lanes { along: RulerAxis::Direction, range: MOVED, lanes, own: 0, s: 1.0 })
    }
}

/// The ruler of answer digit `digit`, 0 to 10, with `a + b` on it, after right digits. Both summands must be at most
/// [`MAX_SUMMAND`](task::addition::MAX_SUMMAND). `None` where there is no such digit, or a number of the pass is not finite.
///
/// How far additions reach is computed in f64: with one head the least and the greatest s over all of them (a shortest path
/// over the columns, with the carry as its state), whether attention moves with the digits or not; with several heads the
/// sums of each head's, which may lie further out.
pub fn ruler(model: &Model, a: u64, b: u64, digit: usize) -> Option<Ruler> {
    ruler_by(&Forward::new(model), a, b, digit)
}

/// The same by a forward pass, which can be under interventions. Additions then reach as far as they do with the same parts
/// switched off, and without what one row has of another addition: with that it can stop beyond.
pub fn ruler_by(forward: &Forward, a: u64, b: u64, digit: usize) -> Option<Ruler> {
    if digit >= ANSWER_DIGITS {
        return None;
    }
    let (model, place) = (forward.model(), EQUALS + digit);
    let example = tokens(a, b, model.config().vocabulary);
    let written = forward.written(&example, place);
    let readout = Readout::new(model);
    let token = forward.token(&example, place);
    let looked = Looked { forward, readout, digit, place, token, written };
    let Lanes { along, range, lanes, own, s } = match direction(model) {
        Some(direction) => looked.of_number(&direction, *looked.written.numbers.first()?)?,
        None => looked.of_direction()?,
    };
    let said = argmax(&looked.written.logits) as u8;
    Some(Ruler {
        a,
        b,
        digit,
        along,
        range,
        resolution: (range.1 - range.0) / STEPS as f64,
        lanes,
        pointer: Pointer { lane: own, s, said, right: digit_of(a + b, digit) },
        written: looked.written.numbers,
        off: String::new(),
        taken: String::new(),
        summed: matches!(model.weights().out, OutWeights::LowRank { .. }),
    })
}
