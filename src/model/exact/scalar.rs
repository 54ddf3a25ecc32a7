//! Whether one token leads all others on an interval of `s`, where attention writes one number: the inner loop.
//!
//! It computes with the middles of all coefficients in plain f64, and allows for what that loses by a few numbers that are
//! made once per row and token ([`Scalar::new`], rounded outwards): `leads` for a sum of products of middles, `hidden` for
//! a hidden unit before GELU. With u = 2⁻⁵³, a sum of n rounded products is off by at most `n·u/(1 − n·u)` times the sum
//! of their sizes (Higham, *Accuracy and Stability of Numerical Algorithms*, 3.1); four times that is allowed.

use super::enclosed::epsilon;
use super::gelu;
use super::interval::{Interval, down, greater, lesser, up};
use super::readout::{Readout, Start};
use numbers::listed::Listed;
use std::rc::Rc;

/// Most tokens of a vocabulary, rounded up for SIMD.
pub const TOKENS: usize = 14;

/// What is known of a token on an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It leads all others everywhere.
    Leads,
    /// Somebody leads it everywhere.
    Beaten,
    /// Neither.
    Mixed,
}

/// One hidden unit: `(at + slope·s) / √(…) + bias`.
struct Unit {
    at: f64,
    slope: f64,
    bias: f64,
    /// Whether it rises with s: the sign of `turn + turn_slope·s`, certain beyond `turn_error`.
    turn: f64,
    turn_slope: f64,
    turn_error: f64,
    /// By how much the unit before GELU may be off.
    error: f64,
}

/// One answer row after one token.
pub struct Scalar {
    units: Vec<Unit>,
    /// `mean(x²) + ε` as a polynomial in s; (1, 0, 0) without a norm.
    square: [f64; 3],
    /// It is nowhere less.
    least_square: f64,
    /// By target: what leads start at; infinite where a tie decides.
    at: Vec<[f64; TOKENS]>,
    slopes: Rc<Slopes>,
    /// By how much a lead may be off.
    error: f64,
    /// The coefficients are in range.
    pub sane: bool,
    /// Where `s` lies in all additions.
    pub range: Interval,
}

/// What leads are made of beside their start: the same for all rows and tokens.
pub struct Slopes {
    /// By target, what `s` adds to its lead over each token.
    by_s: Vec<[f64; TOKENS]>,
    /// By target, then unit.
    by_unit: Vec<Vec<[f64; TOKENS]>>,
    /// The widest of each: of `s`, then of the units.
    widest: Vec<Width>,
    /// By target: where nothing but the start can make a difference.
    level: Vec<[bool; TOKENS]>,
    sane: bool,
}

/// The largest radius and size of some intervals.
#[derive(Clone, Copy, Default)]
struct Width {
    radius: f64,
    size: f64,
}

impl Width {
    fn take_in(&mut self, of: Interval) {
        self.radius = self.radius.max(of.radius());
        self.size = self.size.max(of.size());
    }
}

impl Slopes {
    /// Where attention writes one number.
    pub fn new(
        lead_slopes: &[Vec<Interval>],
        lead_units: &[Vec<Interval>],
        vocabulary: usize,
    ) -> Slopes {
        let units = lead_units.first().map_or(0, Vec::len);
        let mut slopes = Slopes {
            by_s: vec![[0.0; TOKENS]; vocabulary],
            by_unit: vec![vec![[0.0; TOKENS]; units]; vocabulary],
            widest: vec![Width::default(); units + 1],
            level: vec![[false; TOKENS]; vocabulary],
            sane: true,
        };
        for (pair, (by_s, by_unit)) in lead_slopes.iter().zip(lead_units).enumerate() {
            let (t, d) = (pair / vocabulary, pair % vocabulary);
            let all = || by_s.iter().take(1).chain(by_unit);
            slopes.level[t][d] = all().all(|c| c.is_zero());
            slopes.sane &= all().all(|c| c.is_sane());
            for (widest, c) in slopes.widest.iter_mut().zip(all()) {
                widest.take_in(*c);
            }
            slopes.by_s[t][d] = by_s.first().map_or(0.0, |c| c.middle());
            for (into, c) in slopes.by_unit[t].iter_mut().zip(by_unit) {
                into[d] = c.middle();
            }
        }
        slopes
    }
}

impl Scalar {
    /// For `s` in `range`.
    pub fn new(readout: &Readout, start: &Start, range: Interval) -> Scalar {
        let size = range.size();
        let square = if readout.normed {
            readout.square(start)
        } else {
            [Interval::ONE, Interval::ZERO, Interval::ZERO]
        };
        let sane = square.iter().chain(&start.units).chain(&start.leads).all(|v| v.is_sane());
        let doubt = Spread::of(&square, &[1.0, size, up(size * size)]).doubt;
        let least_square = if readout.normed { least_square(&square, range) } else { 1.0 };
        let units: Vec<Unit> = (0..readout.units)
            .map(|h| unit(readout, start, h, &square, least_square, doubt, range))
            .listed();
        let slopes = readout.slopes.clone();
        let mut scalar = Scalar {
            square: square.map(|v| v.middle()),
            least_square,
            at: vec![[f64::INFINITY; TOKENS]; readout.vocabulary],
            error: 0.0,
            sane: sane && slopes.sane && range.is_sane(),
            units,
            slopes,
            range,
        };
        scalar.leads(start, size);
        scalar
    }

    fn leads(&mut self, start: &Start, size: f64) {
        let v = self.at.len();
        let mut widest = Width::default();
        for (pair, at) in start.leads.iter().enumerate() {
            let (t, d) = (pair / v, pair % v);
            if t == d {
                continue;
            }
            widest.take_in(*at);
            self.at[t][d] = match (self.slopes.level[t][d] && at.is_zero(), t < d) {
                (false, _) => at.middle(),
                // Exactly as many: the first of them is said.
                (true, true) => f64::INFINITY,
                (true, false) => f64::NEG_INFINITY,
            };
        }
        let actives = self.units.iter().map(|unit| unit.largest_active(self.least_square, size));
        let sizes: Vec<f64> = [1.0, size].into_iter().chain(actives).listed();
        let widths = [&widest].into_iter().chain(&self.slopes.widest);
        let parts = widths.zip(&sizes).map(|(width, size)| (width.radius, width.size, *size));
        self.error = Spread::over(parts, sizes.len()).doubt;
        self.sane &= self.error <= super::interval::HUGE;
    }

    /// What is known of `target` on `[lo, hi]`, looking once.
    pub fn look(&self, target: usize, lo: f64, hi: f64) -> Judgement {
        let mut most = self.at[target];
        let mut least = most;
        let slope = &self.slopes.by_s[target];
        for d in 0..TOKENS {
            let (a, b) = (slope[d] * lo, slope[d] * hi);
            least[d] += lesser(a, b);
            most[d] += greater(a, b);
        }
        for (unit, weights) in self.units.iter().zip(&self.slopes.by_unit[target]) {
            let (low, high) = self.active(unit, lo, hi);
            for d in 0..TOKENS {
                let (a, b) = (weights[d] * low, weights[d] * high);
                least[d] += lesser(a, b);
                most[d] += greater(a, b);
            }
        }
        if least.iter().all(|lead| *lead > self.error) {
            Judgement::Leads
        } else if most.iter().any(|lead| *lead < -self.error) {
            Judgement::Beaten
        } else {
            Judgement::Mixed
        }
    }

    /// The same, looking again at halves, `depth` times.
    pub fn judge(&self, target: usize, lo: f64, hi: f64, depth: u32, looks: &mut u64) -> Judgement {
        *looks += 1;
        let whole = self.look(target, lo, hi);
        if whole != Judgement::Mixed || depth == 0 {
            return whole;
        }
        let middle = 0.5 * lo + 0.5 * hi;
        if !(middle > lo && middle < hi) {
            return whole;
        }
        let first = self.judge(target, lo, middle, depth - 1, looks);
        if first == Judgement::Mixed {
            return first;
        }
        let second = self.judge(target, middle, hi, depth - 1, looks);
        if first == second { first } else { Judgement::Mixed }
    }

    /// A hidden unit after GELU on `[lo, hi]`.
    fn active(&self, unit: &Unit, lo: f64, hi: f64) -> (f64, f64) {
        let (mut a, mut b) = (self.hidden(unit, lo), self.hidden(unit, hi));
        if a > b {
            (a, b) = (b, a);
        }
        let (first, last) = (unit.turn + unit.turn_slope * lo, unit.turn + unit.turn_slope * hi);
        let error = unit.turn_error;
        let monotone = (first > error && last > error) || (first < -error && last < -error);
        if !monotone {
            (a, b) = self.hull(unit, lo, hi);
        }
        let (a, b) = (a - unit.error, b + unit.error);
        let (low, high, error) = gelu::extremes(a, b);
        (low - error, high + error)
    }

    /// A hidden unit before GELU at `s`, give or take `unit.error`.
    #[inline(always)]
    fn hidden(&self, unit: &Unit, s: f64) -> f64 {
        let square = self.square[0] + s * (self.square[1] + s * self.square[2]);
        (unit.at + unit.slope * s) / greater(square, self.least_square).sqrt() + unit.bias
    }

    /// The same on an interval where it may turn.
    fn hull(&self, unit: &Unit, lo: f64, hi: f64) -> (f64, f64) {
        let [q0, q1, q2] = self.square;
        let at = |s: f64| (q0 + s * (q1 + s * q2)).max(self.least_square);
        let most = at(lo).max(at(hi)).sqrt();
        let turning = -q1 / (2.0 * q2);
        let inside = turning >= lo && turning <= hi;
        let least = if inside { self.least_square } else { at(lo).min(at(hi)) }.sqrt();
        let (a, b) = (unit.at + unit.slope * lo, unit.at + unit.slope * hi);
        let (a, b) = (a.min(b), a.max(b));
        let low = if a >= 0.0 { a / most } else { a / least };
        let high = if b >= 0.0 { b / least } else { b / most };
        (low + unit.bias, high + unit.bias)
    }
}

/// A number that `q0 + q1·s + q2·s²` is nowhere below on `range`. A sum of squares and ε, it is at least ε; and, q2 not being
/// negative, nowhere below its tangent at any point: the one at its lowest point is nearly level.
fn least_square(square: &[Interval; 3], range: Interval) -> f64 {
    let [q0, q1, q2] = *square;
    let lowest = -q1.middle() / (2.0 * q2.middle());
    let at = if lowest > range.lo && lowest < range.hi {
        lowest
    } else if lowest <= range.lo {
        range.lo
    } else {
        range.hi
    };
    let point = Interval::point(at);
    let value = q0 + (q1 + q2 * point) * point;
    let tangent = q1 + (q2 * point).times(2.0);
    let below = (value + tangent * (range - point)).lo;
    // NaN is no bound.
    if below > epsilon().lo { below } else { epsilon().lo }
}

/// A sum of products of middles, of which each is at most so large.
struct Spread {
    /// By how much the sum may be off.
    doubt: f64,
    /// How large it may be.
    most: f64,
}

impl Spread {
    /// `Σ cᵢ·vᵢ` with |vᵢ| at most `sizes[i]`, each of which may itself be off by a few roundings.
    fn of(coefficients: &[Interval], sizes: &[f64]) -> Spread {
        let parts = coefficients.iter().zip(sizes).map(|(c, size)| (c.radius(), c.size(), *size));
        Spread::over(parts, coefficients.len())
    }

    /// Of radius and size of each coefficient, and the largest size of what it is multiplied with.
    fn over(parts: impl Iterator<Item = (f64, f64, f64)>, count: usize) -> Spread {
        let n = count as f64 + 2.0;
        let (mut radius, mut most) = (0.0, 0.0);
        for (off, coefficient, size) in parts {
            radius = up(radius + up(off * size));
            most = up(most + up(coefficient * size));
        }
        Spread { doubt: up(radius + up(2.0 * n * f64::EPSILON * most) + f64::MIN_POSITIVE), most }
    }
}

impl Unit {
    /// After GELU no larger than before it.
    fn largest_active(&self, least_square: f64, size: f64) -> f64 {
        let form = up(self.at.abs() + up(self.slope.abs() * size));
        let form = up(up(form / least_square.sqrt()) * (1.0 + 1e-9));
        up(form + self.bias.abs() + 2.0 * self.error + 1.0)
    }
}

fn unit(
    readout: &Readout,
    start: &Start,
    h: usize,
    square: &[Interval; 3],
    least_square: f64,
    square_doubt: f64,
    range: Interval,
) -> Unit {
    let size = range.size();
    let slope = readout.unit_slopes[h].first().copied().unwrap_or(Interval::ZERO);
    let at = start.units[h];
    let form = Spread::of(&[at, slope], &[1.0, size]);
    let root = down(least_square.sqrt());
    let most = up(form.most / root);
    // |N'/√q' − N/√q| ≤ |N' − N|/√q' + |N/√q|·|q' − q|/q', and a root, a quotient and a sum round.
    let of_form = up(form.doubt / root);
    let of_square = up(most * up(square_doubt / least_square));
    let bias = readout.bias[h];
    let rounding = up(4.0 * f64::EPSILON * (most + bias.size()));
    let error = up(of_form + of_square + rounding + bias.radius()) * (1.0 + 1e-9);
    // The sign of d/ds (at + slope·s)/√q is that of slope·q0 − at·q1/2 + (slope·q1/2 − at·q2)·s.
    let half = square[1].times(0.5);
    let turn = slope * square[0] - at * half;
    let turn_slope = slope * half - at * square[2];
    Unit {
        at: at.middle(),
        slope: slope.middle(),
        bias: bias.middle(),
        turn: turn.middle(),
        turn_slope: turn_slope.middle(),
        turn_error: Spread::of(&[turn, turn_slope], &[1.0, size]).doubt,
        error,
    }
}
