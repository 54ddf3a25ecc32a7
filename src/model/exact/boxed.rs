//! Whether one token leads all others in a box of numbers that attention writes: for several heads and higher ranks, in
//! plain interval arithmetic.

use super::gelu;
use super::interval::Interval;
use super::readout::{Readout, Start};
use super::scalar::Judgement;
use numbers::listed::Listed;
use std::rc::Rc;

/// One answer row after one token.
pub struct Boxed {
    readout: Rc<Readout>,
    start: Start,
    /// How long each slot's direction is, to know which side of a box matters.
    lengths: Vec<f64>,
}

impl Boxed {
    /// Of answer row `row` after the digit `q`.
    pub fn new(readout: &Rc<Readout>, row: usize, q: usize) -> Boxed {
        let length =
            |b: &Vec<Interval>| b.iter().map(|v| v.middle() * v.middle()).sum::<f64>().sqrt();
        Boxed {
            readout: readout.clone(),
            lengths: readout.write.iter().map(length).listed(),
            start: readout.start(row, q),
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
            gelu::enclosed(hidden + self.readout.bias[h])
        };
        (0..self.readout.units).map(unit).listed()
    }

    /// What is known of `target` in the box, looking once.
    pub fn look(&self, target: usize, s: &[Interval]) -> Judgement {
        if !s.iter().all(|s| s.is_sane()) {
            return Judgement::Mixed;
        }
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

    /// By how much the logit of `target` leads the next one in the box; below 0 where it does not.
    pub fn lead(&self, target: usize, s: &[Interval]) -> Interval {
        let active = self.active(s);
        let v = self.readout.vocabulary;
        let mut least = Interval { lo: f64::INFINITY, hi: f64::INFINITY };
        for d in (0..v).filter(|d| *d != target) {
            let pair = target * v + d;
            let direct = self.combined(self.start.leads[pair], &self.readout.lead_slopes[pair], s);
            let lead = self.combined(direct, &self.readout.lead_units[pair], &active);
            let lead = if lead.is_sane() { lead } else { Interval::ANY };
            least = Interval { lo: least.lo.min(lead.lo), hi: least.hi.min(lead.hi) };
        }
        least.over(self.readout.last_root(&self.start, s, &active))
    }

    /// The token that leads all others everywhere in the box.
    pub fn said(&self, s: &[Interval]) -> Option<usize> {
        (0..self.readout.vocabulary).find(|t| self.look(*t, s) == Judgement::Leads)
    }

    /// A lower bound of [`Boxed::lead`], of halves of halves where it is below `enough`.
    pub fn least_lead(&self, target: usize, s: &[Interval], enough: f64, depth: u32) -> f64 {
        // NaN bounds nothing.
        let whole = f64::max(self.lead(target, s).lo, f64::NEG_INFINITY);
        if whole >= enough || depth == 0 {
            return whole;
        }
        let Some(halves) = self.halves(s) else { return whole };
        let mut least = enough;
        for half in halves {
            least = least.min(self.least_lead(target, &half, least, depth - 1));
            if least <= 0.0 {
                return least;
            }
        }
        least
    }

    /// A box in two, across the side that matters most.
    fn halves(&self, s: &[Interval]) -> Option<[Vec<Interval>; 2]> {
        let sides = s.iter().zip(&self.lengths).map(|(s, length)| (s.hi - s.lo) * length);
        let (side, _) = sides.enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let middle = s[side].middle();
        let half = |half: Interval| {
            let mut s = s.to_vec();
            s[side] = half;
            s
        };
        let inside = middle > s[side].lo && middle < s[side].hi;
        inside.then(|| {
            [half(Interval { hi: middle, ..s[side] }), half(Interval { lo: middle, ..s[side] })]
        })
    }

    /// The same, looking again at halves, `depth` times.
    pub fn judge(&self, target: usize, s: &[Interval], depth: u32, looks: &mut u64) -> Judgement {
        *looks += 1;
        let whole = self.look(target, s);
        if whole != Judgement::Mixed || depth == 0 {
            return whole;
        }
        let Some([first, second]) = self.halves(s) else { return whole };
        let first = self.judge(target, &first, depth - 1, looks);
        if first == Judgement::Mixed {
            return first;
        }
        let second = self.judge(target, &second, depth - 1, looks);
        if first == second { first } else { Judgement::Mixed }
    }
}
