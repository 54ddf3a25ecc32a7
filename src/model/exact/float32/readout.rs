//! From what attention wrote to the logits in float32: theorem 3 of [the module](super).

use super::super::boxed::Boxed;
use super::super::cases::Case;
use super::super::enclosed::Enclosed;
use super::super::interval::Interval;
use super::super::jet;
use super::super::noisy::{Noisy, dot, gamma};
use super::super::row::Row;
use super::Machine;
use numbers::listed::Listed;

/// How often a box is halved to see that a lead is larger than what float32 may lose.
const HALVINGS: u32 = 5;

/// One answer row after one token.
pub(super) struct Lane<'l> {
    pub(super) machine: &'l Machine<'l>,
    pub(super) row: &'l Row,
    pub(super) q: usize,
    pub(super) exact: Boxed,
    pub(super) slots: Vec<f64>,
    pub(super) start: Vec<Noisy>,
}

impl Lane<'_> {
    /// Whether float32 says the same in every addition of a case.
    pub(super) fn agrees(&self, case: &Case, carry: usize) -> bool {
        let mut reach = Vec::new();
        if !self.row.reach(self.q, carry, case, &mut reach) {
            return true;
        }
        let middle: Vec<Interval> = reach.iter().map(|s| Interval::point(s.middle())).listed();
        let Some(said) = self.exact.said(&middle) else { return false };
        // What attention wrote in float32, taken as given.
        let written = reach.iter().zip(&self.slots).map(|(s, off)| Noisy::new(*s, *off).given());
        let written: Vec<Noisy> = written.listed();
        let after = self.after(&written);
        let others = (0..self.machine.tokens.len()).filter(|t| *t != said);
        let offs: Vec<f64> = others.map(|t| after.lead_off(self.machine, said, t)).listed();
        if !offs.iter().all(|off| off.is_finite()) {
            return false;
        }
        let off = offs.into_iter().fold(0.0, f64::max);
        let written: Vec<Interval> = written.iter().map(|s| s.exact).listed();
        self.exact.least_lead(said, &written, off * 1.01, HALVINGS) > off
    }

    /// Steps 5 and 6 up to the head, of what attention wrote.
    fn after(&self, slots: &[Noisy]) -> After {
        let machine = self.machine;
        let w = machine.model.weights();
        let x: Vec<Noisy> = (0..self.start.len())
            .map(|i| {
                let written: Vec<Noisy> = machine.write.iter().map(|b| b[i]).listed();
                self.start[i].plus(dot(slots, &written, Noisy::stored(0.0)))
            })
            .listed();
        let normed = machine.normed(&x, 1);
        let hidden = machine.fc1.iter().zip(&w.fc1_bias);
        let active: Vec<Noisy> = hidden
            .map(|(row, b)| {
                let form = dot(row, &normed.values, Noisy::stored(*b));
                let passed = (form.exact - Interval::point(*b)).size() + form.off;
                Noisy::new(form.exact, form.off + normed.off * passed).gelu()
            })
            .listed();
        let given: Vec<Noisy> = active.iter().map(|unit| unit.given()).listed();
        let made = machine.fc2.iter().zip(&w.fc2_bias);
        let stream: Vec<Noisy> =
            made.zip(&x).map(|((row, b), x)| x.plus(dot(row, &given, Noisy::stored(*b)))).listed();
        let all: Vec<Noisy> = stream.iter().map(|x| x.given()).listed();
        let last = machine.normed(&all, 2);
        After {
            active: active.iter().map(|unit| unit.off).listed(),
            stream: stream.iter().map(|x| x.off).listed(),
            space: machine
                .head
                .iter()
                .map(|row| dot(row, &last.values, Noisy::stored(0.0)))
                .listed(),
            scale: last.scale,
            off: last.off,
        }
    }
}

/// Where the last norm and the head begin: by how much each is off beside what comes from those before it.
struct After {
    /// Hidden units after GELU.
    active: Vec<f64>,
    /// The residual stream.
    stream: Vec<f64>,
    /// Token space, without the last norm's common factor.
    space: Vec<Noisy>,
    /// The most that the last norm multiplies with, beside its weights.
    scale: f64,
    /// By what share this may be off.
    off: f64,
}

impl After {
    /// How far the lead of one token over another may be off: theorem 3 of [the module](self).
    fn lead_off(&self, machine: &Machine, said: usize, other: usize) -> f64 {
        let ways = &machine.ways[said * machine.tokens.len() + other];
        let passed: f64 = ways.stream.iter().zip(&self.stream).map(|(way, off)| way * off).sum();
        let made: f64 = ways.units.iter().zip(&self.active).map(|(way, off)| way * off).sum();
        let (a, b) = (&machine.tokens[said], &machine.tokens[other]);
        let coordinate = |((a, b), u): ((&Noisy, &Noisy), &Noisy)| {
            let passed = (a.exact - b.exact).size() * u.off + (a.off + b.off) * u.size();
            passed + gamma(self.space.len() + 2) * (a.size() + b.size()) * u.size()
        };
        let read: f64 = a.iter().zip(b).zip(&self.space).map(coordinate).sum();
        // Beyond this a share of a share would matter.
        let common = if self.off < 0.01 { 1.0 + 4.0 * self.off } else { f64::INFINITY };
        ((passed + made) * self.scale + read) * common * 1.000_001
    }
}

/// By how much the lead of one token over another moves, before the last norm's common factor, with the residual stream and
/// with hidden units.
pub(super) struct Ways {
    stream: Vec<f64>,
    units: Vec<f64>,
}

/// By the token that leads and the other.
pub(super) fn ways(enclosed: &Enclosed<Interval>) -> Vec<Ways> {
    let tokens = enclosed.tokens.len();
    let pairs = (0..tokens).flat_map(|t| (0..tokens).map(move |d| (t, d)));
    let of = |(t, d): (usize, usize)| {
        let difference = enclosed.difference(t, d);
        let along = |i: usize| -> Interval {
            let read = difference.iter().zip(&enclosed.head).map(|(by, row)| *by * row[i]);
            read.sum::<Interval>() * enclosed.norm_f[i]
        };
        let stream: Vec<Interval> = (0..enclosed.norm_f.len()).map(along).listed();
        Ways {
            units: enclosed.fc2.iter().map(|made| jet::dot(&stream, made).size()).listed(),
            stream: stream.iter().map(|way| way.size()).listed(),
        }
    };
    pairs.map(of).listed()
}
