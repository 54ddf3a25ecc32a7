//! Whether one token leads all others in a box of numbers that attention writes: for several heads and higher ranks, in
//! plain interval arithmetic.

use super::interval::Interval;
use super::readout::{Readout, Start};
use super::scalar::{Judgement, gelu_error};
use crate::layers::gelu;
use std::rc::Rc;

/// One answer row after one token.
pub struct Boxed {
    readout: Rc<Readout>,
    start: Start,
    /// How long each slot's direction is, to know which side of a box matters.
    lengths: Vec<f64>,
}

/// The values of GELU, which falls to its minimum and rises from there.
fn gelu_of(x: Interval) -> Interval {
    let (a, b) = (gelu(x.lo), gelu(x.hi));
    let error = gelu_error(x.lo).max(gelu_error(x.hi));
    let (first, last) = super::scalar::LOWEST_AT;
    let low = if x.lo >= last {
        a
    } else if x.hi <= first {
        b
    } else {
        super::scalar::LOWEST.min(a).min(b)
    };
    Interval::around(low, error).hull(Interval::around(a.max(b), error))
}

impl Boxed {
    /// Of one row and token.
    pub fn new(readout: &Rc<Readout>, start: Start) -> Boxed {
        let length =
            |b: &Vec<Interval>| b.iter().map(|v| v.middle() * v.middle()).sum::<f64>().sqrt();
        Boxed {
            readout: readout.clone(),
            lengths: readout.write.iter().map(length).collect(),
            start,
        }
    }

    fn combined(&self, at: Interval, slopes: &[Interval], s: &[Interval]) -> Interval {
        slopes.iter().zip(s).fold(at, |sum, (slope, s)| sum + *slope * *s)
    }

    fn active(&self, s: &[Interval]) -> Vec<Interval> {
        let root = self.readout.normed.then(|| {
            let width = Interval::point(self.start.x.len() as f64);
            let x = self.start.x.iter().enumerate().map(|(i, x)| {
                let written = self.readout.write.iter().zip(s).map(|(b, s)| b[i] * *s);
                written.fold(*x, |x, v| x + v).square()
            });
            (x.sum::<Interval>().over(width) + super::enclosed::epsilon()).sqrt()
        });
        let unit = |h: usize| {
            let form = self.combined(self.start.units[h], &self.readout.unit_slopes[h], s);
            let hidden = root.map_or(form, |root| form.over(root));
            gelu_of(hidden + self.readout.bias[h])
        };
        (0..self.readout.units).map(unit).collect()
    }

    /// What is known of `target` in the box, looking once.
    pub fn look(&self, target: usize, s: &[Interval]) -> Judgement {
        let active = self.active(s);
        let v = self.readout.vocabulary;
        let mut leads = true;
        for d in (0..v).filter(|d| *d != target) {
            let pair = target * v + d;
            let direct = self.combined(self.start.leads[pair], &self.readout.lead_slopes[pair], s);
            let lead = self.combined(direct, &self.readout.lead_units[pair], &active);
            if lead.hi < 0.0 || (lead.is_zero() && d < target) {
                return Judgement::Beaten;
            }
            leads &= lead.is_sane() && (lead.lo > 0.0 || (lead.is_zero() && target < d));
        }
        if leads { Judgement::Leads } else { Judgement::Mixed }
    }

    /// The same, looking again at halves, `depth` times.
    pub fn judge(&self, target: usize, s: &[Interval], depth: u32, looks: &mut u64) -> Judgement {
        *looks += 1;
        let whole = self.look(target, s);
        if whole != Judgement::Mixed || depth == 0 {
            return whole;
        }
        let sides =
            s.iter().zip(&self.lengths).map(|(s, length)| (s.hi - s.lo) * length).enumerate();
        let Some((side, _)) = sides.max_by(|a, b| a.1.total_cmp(&b.1)) else { return whole };
        let middle = s[side].middle();
        if !(middle > s[side].lo && middle < s[side].hi) {
            return whole;
        }
        let half = |half: Interval| {
            let mut s = s.to_vec();
            s[side] = half;
            s
        };
        let first = half(Interval { hi: middle, ..s[side] });
        let first = self.judge(target, &first, depth - 1, looks);
        if first == Judgement::Mixed {
            return first;
        }
        let second = half(Interval { lo: middle, ..s[side] });
        let second = self.judge(target, &second, depth - 1, looks);
        if first == second { first } else { Judgement::Mixed }
    }
}
