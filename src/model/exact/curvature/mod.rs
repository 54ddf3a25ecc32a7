//! How far a lead can bend between two values of one stored number: ranges in [the module](super).
//!
//! Fix an addition, an answer row and a token that competes with the right one. As one stored number runs from `w₀` to `w₁`,
//! the right token's lead, times the last norm's root, is a function `L` with two derivatives, and with `|L''| ≤ M`
//! ```text
//! L(w) ≥ min(L(w₀), L(w₁)) − M·(w₁ − w₀)²/8
//! ```
//! (a function less its chord has the second derivative of the function, and is 0 at both ends). So where at both ends
//! every lead of every addition is above that margin, the model is right on all additions for every value between. `M` is
//! bounded here from [`Jet`]s over the whole range; it may be generous, since it counts by the square of the range. With softmax1
//! there are two derivatives only where `shares::largest` knows the largest score.

mod shares;

use super::cases::befores;
use super::enclosed::{CLASSES, Enclosed, own};
use super::interval::{Interval, up};
use super::jet::{Jet, Real, dot};
use super::projections::{Channel, Projections, tokens_of};
use super::readout::Margin;
use crate::Config;
use numbers::listed::Listed;
use shares::{NOTHING, Scores, Shares, largest};
use std::cell::OnceCell;
use task::addition::{ANSWER_DIGITS, DIGITS};

/// In how many parts the range of what attention writes is looked at, where it writes one number.
const PARTS: usize = 16;

/// `|GELU'|` is nowhere more: its extremes are Φ(√2) + √2·φ(√2) = 1.12890… and the same less 1.
const STEEPEST: f64 = 1.1290;
/// `|GELU''(x)| = φ(x)·|2 − x²|` is nowhere more than 2·φ(0) = 0.79788….
const MOST_BENT: f64 = 0.7979;

/// What must be subtracted from leads at both ends of a range: by answer row, digit before, and pair of tokens.
pub struct Margins {
    bend: Bend,
    /// An eighth of the square of the range.
    share: f64,
    /// Made when they are asked for.
    rows: [OnceCell<Vec<Vec<f64>>>; ANSWER_DIGITS],
}

impl Margin for Margins {
    fn of(&self, row: usize, q: usize) -> &[f64] {
        Margins::of(self, row, q)
    }
}

impl Margins {
    /// Of an architecture with these tables, over a range of a number that is `width` wide.
    pub fn new(config: &Config, enclosed: Enclosed<Jet>, width: f64) -> Margins {
        let bend = Bend::new(config, enclosed);
        Margins { bend, share: up(up(width * width) / 8.0), rows: Default::default() }
    }

    /// Of answer row `row` after the digit `q`, by t and d (vocabulary × vocabulary): that of the lead of t over d, times the
    /// last norm's root.
    pub fn of(&self, row: usize, q: usize) -> &[f64] {
        self.row(row).get(q).map_or(&[], Vec::as_slice)
    }

    /// Whether the range is narrow enough to bound anything in answer row `row`.
    pub fn are_finite(&self, row: usize) -> bool {
        self.row(row).iter().flatten().all(|margin| margin.is_finite())
    }

    /// Whether these are nowhere less than `other`.
    pub fn cover(&self, other: &Margins) -> bool {
        let all = |margins: &Margins| -> Vec<f64> {
            (0..ANSWER_DIGITS).flat_map(|row| margins.row(row).concat()).listed()
        };
        all(self).iter().zip(&all(other)).all(|(own, other)| own >= other)
    }

    fn row(&self, row: usize) -> &[Vec<f64>] {
        let made = || -> Vec<Vec<f64>> {
            let digits = befores(row);
            let margin = |most: f64| if most == 0.0 { 0.0 } else { up(most * self.share) };
            let fixed = self.bend.enclosed.fixed.then(|| self.bend.slots(row, 0));
            let lane = |q: usize| {
                let slots = fixed.clone().unwrap_or_else(|| self.bend.slots(row, q));
                let most = slots.map(|slots| self.bend.lane(row, q, &slots));
                let unknown = || vec![f64::INFINITY; self.bend.pairs.len()];
                most.map_or_else(unknown, |most| most.into_iter().map(margin).listed())
            };
            (0..digits).map(lane).listed()
        };
        self.rows.get(row).map_or(&[], |cell| cell.get_or_init(made))
    }
}

/// Upper bounds of the sizes of a function and its derivatives.
#[derive(Clone, Copy)]
struct Sizes {
    value: f64,
    first: f64,
    second: f64,
}

impl Sizes {
    const ZERO: Sizes = Sizes { value: 0.0, first: 0.0, second: 0.0 };

    fn of(jet: Jet) -> Sizes {
        let [value, first, second] = [jet.value, jet.first, jet.second].map(Interval::size);
        Sizes { value, first, second }
    }

    fn max(self, other: Sizes) -> Sizes {
        // NaN is larger than any number.
        let larger = |a: f64, b: f64| if a >= b || a.is_nan() { a } else { b };
        Sizes {
            value: larger(self.value, other.value),
            first: larger(self.first, other.first),
            second: larger(self.second, other.second),
        }
    }

    /// The size of a product's second derivative.
    fn bend(self, other: Sizes) -> f64 {
        let (a, b) = (self, other);
        let ends = up(up(a.second * b.value) + up(a.value * b.second));
        up(ends + up(2.0 * up(a.first * b.first)))
    }
}

/// All that a lane's leads are computed from.
struct Bend {
    equals: usize,
    softmax1: bool,
    enclosed: Enclosed<Jet>,
    projections: Projections<Jet>,
    /// fc1 with the norm's weights in it (units × d_model).
    fc1: Vec<Vec<Jet>>,
    /// Head with the last norm's weights in it (tok_dim × d_model).
    head: Vec<Vec<Jet>>,
    /// fc2's bias in token space (tok_dim).
    fc2_bias: Vec<Jet>,
    /// By t and d.
    pairs: Vec<Pair>,
}

/// The lead of a token t over another one d.
struct Pair {
    /// They have exactly the same embedding.
    tied: bool,
    /// `E[t] − E[d]`.
    difference: Vec<Jet>,
    /// What each slot adds.
    slopes: Vec<Sizes>,
    /// What each hidden unit adds.
    units: Vec<Sizes>,
}

impl Bend {
    fn new(config: &Config, enclosed: Enclosed<Jet>) -> Bend {
        let scaled = |row: &Vec<Jet>, norm: &[Jet]| -> Vec<Jet> {
            row.iter().zip(norm).map(|(v, w)| *w * *v).listed()
        };
        let projections = Projections::new(config, &enclosed);
        let head: Vec<Vec<Jet>> =
            enclosed.head.iter().map(|row| scaled(row, &enclosed.norm_f)).listed();
        let in_token_space =
            |x: &Vec<Jet>| -> Vec<Jet> { head.iter().map(|row| dot(row, x)).listed() };
        let directions = |of: &[Vec<Jet>]| of.iter().map(in_token_space).listed();
        let (written, made) = (directions(&projections.write), directions(&enclosed.fc2));
        let pair = |t: usize, d: usize| {
            let by: Vec<Jet> = enclosed.difference(t, d);
            let along = |directions: &[Vec<Jet>]| {
                directions.iter().map(|u| Sizes::of(dot(&by, u))).listed()
            };
            Pair {
                tied: by.iter().all(|by| by.is_zero()),
                slopes: along(&written),
                units: along(&made),
                difference: by,
            }
        };
        let v = enclosed.tokens.len();
        let pairs = (0..v * v).map(|i| pair(i / v, i % v)).listed();
        Bend {
            fc1: match &enclosed.norm2 {
                Some(norm) => enclosed.fc1.iter().map(|row| scaled(row, norm)).listed(),
                None => enclosed.fc1.clone(),
            },
            fc2_bias: in_token_space(&enclosed.fc2_bias),
            equals: config.vocabulary.equals.into(),
            softmax1: config.softmax1,
            enclosed,
            projections,
            pairs,
            head,
        }
    }

    /// What attention writes in answer row `row` after the digit `q`, over all additions; nothing where nothing bounds that.
    fn slots(&self, row: usize, q: usize) -> Option<Vec<Jet>> {
        let looked = |head: usize| {
            let scores = self.scores(head, row, q)?;
            let shares = Shares::new(&scores, row);
            Some((scores, shares))
        };
        let heads: Vec<Option<(Scores, Shares)>> =
            (0..self.enclosed.phases.len()).map(looked).listed();
        let mut slots = vec![Jet::zero(); self.projections.write.len()];
        for channel in &self.projections.channels {
            let (scores, shares) = heads[channel.head].as_ref()?;
            slots[channel.slot] = slots[channel.slot] + mean(channel, scores, shares);
        }
        Some(slots)
    }

    /// By t and d, `M` of the lead of t over d in answer row `row` after the digit `q`, where attention writes `slots`.
    fn lane(&self, row: usize, q: usize, slots: &[Jet]) -> Vec<f64> {
        let (class, token) = own(self.equals, row, q);
        let tokens = self.enclosed.tokens[token].iter();
        let x: Vec<Jet> = tokens.chain(&self.enclosed.positions[class]).copied().listed();
        let active = self.active(&x, slots);
        let slots: Vec<Sizes> = slots.iter().copied().map(Sizes::of).listed();
        let bias = self.head.iter().zip(&self.fc2_bias);
        let u: Vec<Jet> = bias.map(|(row, bias)| dot(row, &x) + *bias).listed();
        let bends = |factors: &[Sizes], of: &[Sizes]| {
            factors.iter().zip(of).fold(0.0, |sum, (a, b)| up(sum + a.bend(*b)))
        };
        let of_pair = |pair: &Pair| {
            if pair.tied {
                return 0.0;
            }
            let terms = pair.difference.iter().zip(&u).map(|(a, b)| a.bend(*b));
            let direct = terms.sum::<Interval>().size();
            up(up(direct + bends(&pair.slopes, &slots)) + bends(&pair.units, &active))
        };
        let v = self.enclosed.tokens.len();
        let mut most = vec![0.0; v * v];
        // One token's lead over another is the other's less 0.
        for (t, d) in (0..v).flat_map(|d| (0..d).map(move |t| (t, d))) {
            most[t * v + d] = of_pair(&self.pairs[t * v + d]);
            most[d * v + t] = most[t * v + d];
        }
        most
    }

    /// Scores of all tokens, less that of one that is looked at much. Nothing where softmax1 counts a score once more of which it
    /// is not known how it bends.
    fn scores(&self, head: usize, row: usize, q: usize) -> Option<Scores> {
        let mut scores = [[Jet::zero(); DIGITS]; CLASSES];
        let mut most = (f64::NEG_INFINITY, Jet::zero());
        for (class, scores) in scores.iter_mut().enumerate() {
            let differ = if self.enclosed.fixed { 1 } else { tokens_of(class) };
            for (d, score) in scores.iter_mut().enumerate().take(differ) {
                *score = self.projections.score(head, (row, q), (class, d));
                if score.value.middle() > most.0 {
                    most = (score.value.middle(), *score);
                }
            }
            if differ < tokens_of(class) {
                *scores = [scores[0]; DIGITS];
            }
        }
        let of = scores.map(|scores| scores.map(|score| score - most.1));
        let once_more = if self.softmax1 { Some(largest(&of, self.enclosed.fixed)?) } else { None };
        Some(Scores { of, once_more })
    }

    /// Hidden units after GELU, over all that attention may write.
    fn active(&self, x: &[Jet], slots: &[Jet]) -> Vec<Sizes> {
        let mut most = vec![Sizes::ZERO; self.fc1.len()];
        for slots in parts(slots) {
            let written = |i: usize| {
                let directions = self.projections.write.iter().zip(&slots);
                directions.fold(x[i], |x, (b, s)| x + b[i] * *s)
            };
            let x: Vec<Jet> = (0..x.len()).map(written).listed();
            let root = self.enclosed.norm2.as_ref().map(|_| {
                let width = Jet::from(Interval::point(x.len() as f64));
                let sum: Jet = x.iter().map(|x| x.square()).sum();
                (sum.over(width) + Jet::from(super::enclosed::epsilon())).sqrt()
            });
            let rows = self.fc1.iter().zip(&self.enclosed.fc1_bias);
            for ((row, bias), most) in rows.zip(&mut most) {
                let form = dot(row, &x);
                let hidden = root.map_or(form, |root| form.over(root)) + *bias;
                *most = most.max(gelu(hidden));
            }
        }
        most
    }
}

/// What a channel reads in an answer row, over all additions: a mean of what it reads from tokens.
///
/// With scores `σ` and weights proportional to `e^σ`, `s = E[u]` has
/// `s' = E[u' + σ'·(u − s)]` and `s'' = E[u'' + 2σ'·(u' − s') + (σ'' + σ'²)·(u − s)]`. A number that all scores share
/// changes nothing.
fn mean(channel: &Channel<Jet>, scores: &Scores, shares: &Shares) -> Jet {
    let value = |class: usize, d: usize| match class {
        NOTHING => Jet::zero(),
        _ => channel.values[class][d],
    };
    let s = shares.mean(|class, d| value(class, d).value);
    let first = shares.mean(|class, d| {
        let (u, score) = (value(class, d), scores.at(class, d));
        u.first + score.first * (u.value - s)
    });
    let second = shares.mean(|class, d| {
        let (u, score) = (value(class, d), scores.at(class, d));
        let turned = score.second + score.first.square();
        let along = (score.first * (u.first - first)).times(2.0);
        u.second + along + turned * (u.value - s)
    });
    Jet { value: s, first, second }
}

/// The range of one slot in parts; several slots as they are.
fn parts(slots: &[Jet]) -> Vec<Vec<Jet>> {
    let [slot] = slots else { return vec![slots.to_vec()] };
    let Interval { lo, hi } = slot.value;
    let end = |i: usize| if i == PARTS { hi } else { lo + (hi - lo) * (i as f64 / PARTS as f64) };
    let part = |i: usize| vec![Jet { value: Interval::between(end(i), end(i + 1)), ..*slot }];
    (0..PARTS).map(part).listed()
}

/// GELU of a hidden unit: `x·Φ(x)`, `Φ(x) + x·φ(x)`, `φ(x)·(2 − x²)`.
fn gelu(hidden: Jet) -> Sizes {
    let x = hidden.value;
    let inner = Sizes::of(hidden);
    // How far from 0 all of it is. From 2 on x·φ(x) and φ(x)·(x² − 2) fall, and below −2 Φ(x) is less than |x|·φ(x).
    let away = if x.lo > 0.0 { x.lo } else { (-x.hi).max(0.0) };
    let (steep, bent) = if away >= 2.0 {
        let at = Interval::point(away);
        // 1/√(2π) is below 0.4.
        let density = (-at.square()).times(0.5).exp().times(0.4);
        let tail = (density * at).hi;
        (if x.lo > 0.0 { up(1.0 + tail) } else { tail }, (density * at.square()).hi)
    } else {
        (STEEPEST, MOST_BENT)
    };
    Sizes {
        value: inner.value,
        first: up(steep * inner.first),
        second: up(up(bent * up(inner.first * inner.first)) + up(steep * inner.second)),
    }
}
