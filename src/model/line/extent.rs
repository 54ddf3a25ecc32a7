//! How far the one number goes that attention writes into an answer row: its least and its greatest over all additions.

use super::dot;
use crate::Forward;
use task::addition::{DIGITS, EQUALS, PLUS, ROWS, Y0, Z0};

/// A sum of `e·(u − τ)` and that of `e`, over tokens that a row sees.
#[derive(Clone, Copy)]
struct Sum {
    above: f64,
    weight: f64,
}

impl Sum {
    const NOTHING: Sum = Sum { above: 0.0, weight: 0.0 };
    const NEVER: Sum = Sum { above: f64::NEG_INFINITY, weight: 0.0 };

    fn and(self, other: Sum) -> Sum {
        Sum { above: self.above + other.above, weight: self.weight + other.weight }
    }

    fn or(self, other: Sum) -> Sum {
        if other.above > self.above { other } else { self }
    }
}

/// What one head of a row sees: e, the exponential of a score, and u, what is read of the value.
struct Seen {
    digit: usize,
    before: usize,
    /// By column and digit: X, Y and Z of a column have one position.
    columns: [[(f64, f64); DIGITS]; DIGITS],
    /// PLUS and EQUALS.
    special: [(f64, f64); 2],
    /// Places that no row looks at, under interventions.
    hidden: [bool; ROWS],
}

/// A pair's columns by carry into it and out of it.
const CARRIES: [usize; 2] = [0, 1];
/// Rounds until the quotient stands; three or four are enough.
const ROUNDS: usize = 30;

impl Seen {
    fn new(forward: &Forward, head: usize, (digit, before): (usize, u8)) -> Option<Seen> {
        let config = forward.model.config();
        if config.softmax1 {
            return None;
        }
        let vocabulary = config.vocabulary;
        let own = if digit == 0 { vocabulary.equals } else { before };
        let index = |place: usize, token: u8| place * forward.vocab + usize::from(token);
        let tables = &forward.tables;
        let (qk, width) = (config.qk_dim, config.head_dim);
        let query = &tables.queries.row(index(EQUALS + digit, own))[head * qk..(head + 1) * qk];
        let (reads, _) = forward.model.weights().out.single()?;
        let seen = |place: usize, token: u8| {
            let key = &tables.keys.row(index(place, token))[head * qk..(head + 1) * qk];
            let dims = head * width..(head + 1) * width;
            let value = &tables.values.row(index(place, token))[dims.clone()];
            let read = reads.get(dims).unwrap_or(&[]);
            (dot(query.iter().zip(key)) / (qk as f64).sqrt(), dot(value.iter().zip(read)))
        };
        let mut columns = [[(0.0, 0.0); DIGITS]; DIGITS];
        for (j, column) in columns.iter_mut().enumerate() {
            for (d, of_digit) in column.iter_mut().enumerate() {
                *of_digit = seen(j, d as u8);
            }
        }
        let mut special = [seen(PLUS, vocabulary.plus), seen(EQUALS, vocabulary.equals)];
        let hidden = forward.under.map_or([false; ROWS], |under| *under.hidden());
        let all = || columns.iter().flatten().chain(&special);
        let largest = all().map(|(score, _)| *score).fold(f64::NEG_INFINITY, f64::max);
        for (score, _) in columns.iter_mut().flatten().chain(&mut special) {
            *score = libm::exp(*score - largest);
        }
        Some(Seen { digit, before: before.into(), columns, special, hidden })
    }

    /// The addition for which `sign · Σ e·(u − τ)` is greatest: that sum, and Σ e.
    fn greatest(&self, sign: f64, tau: f64) -> Sum {
        let sum = |&(e, u): &(f64, f64)| Sum { above: sign * e * (u - tau), weight: e };
        let special = [PLUS, EQUALS].into_iter().zip(&self.special);
        let special = special.filter(|(place, _)| !self.hidden[*place]).map(|(_, seen)| sum(seen));
        let mut by_carry = [special.fold(Sum::NOTHING, Sum::and), Sum::NEVER];
        for (j, column) in self.columns.iter().enumerate() {
            let digits = column.each_ref().map(sum);
            let shown = |start: usize| {
                if self.hidden[start + j] { [Sum::NOTHING; DIGITS] } else { digits }
            };
            let (x, y) = (shown(0), shown(Y0));
            by_carry = if j < self.digit {
                self.seen_column(j, [&x, &y, &shown(Z0)], by_carry)
            } else {
                let best = |digits: [Sum; DIGITS]| digits.into_iter().fold(Sum::NEVER, Sum::or);
                by_carry.map(|so_far| so_far.and(best(x)).and(best(y)))
            };
        }
        by_carry[0].or(by_carry[1])
    }

    /// A column whose answer digit the row sees too.
    fn seen_column(&self, j: usize, [x, y, z]: [&[Sum; DIGITS]; 3], before: [Sum; 2]) -> [Sum; 2] {
        let mut pairs = [Sum::NEVER; 2 * DIGITS - 1];
        for (i, of_x) in x.iter().enumerate() {
            for (k, of_y) in y.iter().enumerate() {
                pairs[i + k] = pairs[i + k].or(of_x.and(*of_y));
            }
        }
        let mut after = [Sum::NEVER; 2];
        for carry in CARRIES {
            for (sum, pair) in pairs.iter().enumerate() {
                let total = sum + carry;
                let digit = total % DIGITS;
                if j + 1 != self.digit || digit == self.before {
                    let so_far = before[carry].and(*pair).and(z[digit]);
                    let out = &mut after[total / DIGITS];
                    *out = out.or(so_far);
                }
            }
        }
        after
    }

    /// The greatest `sign · Σ e·u / Σ e` over all additions, by Dinkelbach's method: τ becomes the quotient of the addition
    /// that beats it by most, until none does.
    fn end(&self, sign: f64) -> f64 {
        let mut tau = 0.0;
        for _ in 0..ROUNDS {
            let Sum { above, weight } = self.greatest(sign, tau);
            let by = above / weight;
            tau += sign * by;
            if by.is_nan() || by <= 1e-14 * tau.abs() {
                break;
            }
        }
        tau
    }
}

/// The least and the greatest number that attention writes into the row that says `digit`, after the digit `before`, over
/// all additions, as f64 computes them; `None` where it writes more than one number, or weights do not sum to 1 (softmax1). With one head both are reached. With
/// several each head's ends are, and their sums may lie further out than what one addition reaches.
pub fn extent(forward: &Forward, digit: usize, before: u8) -> Option<(f64, f64)> {
    let mut ends = (0.0, 0.0);
    for head in 0..forward.model.config().n_heads {
        let seen = Seen::new(forward, head, (digit, before))?;
        ends = (ends.0 + seen.end(-1.0), ends.1 + seen.end(1.0));
    }
    Some(ends)
}
