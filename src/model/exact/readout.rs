//! From what attention writes to the logits (steps 5 and 6), in intervals, for all answer rows at once.
//!
//! With `s` the numbers in the slots, `x = [E[q] | P] + Σ s·B`, so that every coordinate is linear in `s`. Hidden units are
//! linear forms over a common root, and one logit's lead over another, times the last norm's root, is
//! `a + b·s + c·gelu(hidden)`: only `a` and the start of `x` know the row and its token.

use super::enclosed::{Enclosed, epsilon, own};
use super::interval::Interval;
use super::jet::dot;
use super::scalar::Slopes;
use crate::Config;
use numbers::listed::Listed;
use std::rc::Rc;
use task::addition::DIGITS;

/// What all answer rows share.
pub struct Readout {
    enclosed: Rc<Enclosed<Interval>>,
    /// The token of EQUALS.
    equals: usize,
    /// Directions that attention writes (slots × d_model).
    pub write: Vec<Vec<Interval>>,
    /// Tokens.
    pub vocabulary: usize,
    /// Hidden units.
    pub units: usize,
    /// fc1 with the norm's weights in it (units × d_model).
    fc1: Vec<Vec<Interval>>,
    /// fc1's biases.
    pub bias: Vec<Interval>,
    /// Of each hidden unit, what a slot adds to its linear form (units × slots).
    pub unit_slopes: Vec<Vec<Interval>>,
    /// Head with the last norm's weights in it (tok_dim × d_model).
    head: Vec<Vec<Interval>>,
    /// fc2's bias in token space (tok_dim).
    fc2_bias: Vec<Interval>,
    /// What each hidden unit adds to the residual stream (units × d_model), and what comes without any (d_model).
    fc2: Vec<Vec<Interval>>,
    fc2_constant: Vec<Interval>,
    /// `E[t] − E[d]`, by t and d.
    differences: Vec<Vec<Interval>>,
    /// By t and d, what each slot adds to the lead of t over d.
    pub lead_slopes: Vec<Vec<Interval>>,
    /// By t and d, what each hidden unit adds.
    pub lead_units: Vec<Vec<Interval>>,
    /// The two before as the inner loop has them.
    pub slopes: Rc<Slopes>,
    /// Whether there is a norm before the FFN.
    pub normed: bool,
    /// By how much all leads are taken to be less than they are.
    margins: Option<Rc<dyn Margin>>,
}

/// By how much leads are taken to be less than they are.
pub trait Margin {
    /// In answer row `row` after the digit `q`, by t and d.
    fn of(&self, row: usize, q: usize) -> &[f64];
}

/// One answer row after one token.
pub struct Start {
    /// The residual stream before attention (d_model).
    pub x: Vec<Interval>,
    /// Of each hidden unit, its linear form there.
    pub units: Vec<Interval>,
    /// By t and d, the lead of t over d without attention and FFN.
    pub leads: Vec<Interval>,
}

impl Readout {
    /// Of an architecture with these tables, whose attention writes along `write`.
    pub fn new(
        config: &Config,
        enclosed: &Rc<Enclosed<Interval>>,
        write: &[Vec<Interval>],
    ) -> Readout {
        let rows = |m: &[Vec<Interval>], norm: Option<&Vec<Interval>>| -> Vec<Vec<Interval>> {
            let scale = |i: usize| norm.map_or(Interval::ONE, |norm| norm[i]);
            let scaled =
                |row: &Vec<Interval>| row.iter().enumerate().map(|(i, v)| scale(i) * *v).listed();
            m.iter().map(scaled).listed()
        };
        let fc1 = rows(&enclosed.fc1, enclosed.norm2.as_ref());
        let head = rows(&enclosed.head, Some(&enclosed.norm_f));
        let units = fc1.len();
        let in_token_space =
            |x: &[Interval]| -> Vec<Interval> { head.iter().map(|row| dot(row, x)).listed() };
        let written: Vec<Vec<Interval>> = write.iter().map(|b| in_token_space(b)).listed();
        let active: Vec<Vec<Interval>> = enclosed.fc2.iter().map(|c| in_token_space(c)).listed();
        let vocabulary = enclosed.tokens.len();
        let pairs = || (0..vocabulary).flat_map(move |t| (0..vocabulary).map(move |d| (t, d)));
        let differences: Vec<Vec<Interval>> =
            pairs().map(|(t, d)| enclosed.difference(t, d)).listed();
        let along = |directions: &[Vec<Interval>]| -> Vec<Vec<Interval>> {
            differences.iter().map(|by| directions.iter().map(|u| dot(by, u)).listed()).listed()
        };
        let (lead_slopes, lead_units) = (along(&written), along(&active));
        Readout {
            slopes: Rc::new(Slopes::new(&lead_slopes, &lead_units, vocabulary)),
            lead_slopes,
            lead_units,
            unit_slopes: fc1.iter().map(|row| write.iter().map(|b| dot(row, b)).listed()).listed(),
            bias: enclosed.fc1_bias.clone(),
            fc2_bias: in_token_space(&enclosed.fc2_bias),
            fc2: enclosed.fc2.clone(),
            fc2_constant: enclosed.fc2_bias.clone(),
            normed: enclosed.norm2.is_some(),
            margins: None,
            equals: config.vocabulary.equals.into(),
            enclosed: enclosed.clone(),
            write: write.to_vec(),
            vocabulary,
            units,
            fc1,
            head,
            differences,
        }
    }

    /// The same, which takes all leads to be less than they are.
    pub fn with(self, margins: Rc<dyn Margin>) -> Readout {
        Readout { margins: Some(margins), ..self }
    }

    /// Answer row `row` (0 to 10) after the digit `q`, or after EQUALS in row 0.
    pub fn start(&self, row: usize, q: usize) -> Start {
        let (class, token) = own(self.equals, row, q);
        debug_assert!(row <= DIGITS);
        let tokens = &self.enclosed.tokens[token];
        let x: Vec<Interval> =
            tokens.iter().chain(&self.enclosed.positions[class]).copied().listed();
        let bias = self.head.iter().zip(&self.fc2_bias);
        let u: Vec<Interval> = bias.map(|(row, bias)| dot(row, &x) + *bias).listed();
        let margins = self.margins.as_ref().map_or(&[] as &[f64], |margins| margins.of(row, q));
        let mut leads: Vec<Interval> = self.differences.iter().map(|by| dot(by, &u)).listed();
        for (lead, margin) in leads.iter_mut().zip(margins) {
            *lead = *lead - Interval::point(*margin);
        }
        Start { units: self.fc1.iter().map(|row| dot(row, &x)).listed(), leads, x }
    }

    /// `mean(x²) + ε` in one slot: constant, linear and square coefficient.
    pub fn square(&self, start: &Start) -> [Interval; 3] {
        let b = &self.write[0];
        let width = Interval::point(start.x.len() as f64);
        let sum = |terms: &mut dyn Iterator<Item = Interval>| terms.sum::<Interval>().over(width);
        [
            sum(&mut start.x.iter().map(|x| x.square())) + epsilon(),
            sum(&mut start.x.iter().zip(b).map(|(x, b)| (*x * *b).times(2.0))),
            sum(&mut b.iter().map(|b| b.square())),
        ]
    }

    /// The root that the last norm divides by, where attention and the FFN add these.
    pub fn last_root(&self, start: &Start, s: &[Interval], active: &[Interval]) -> Interval {
        let width = Interval::point(start.x.len() as f64);
        let x = (0..start.x.len()).map(|i| {
            let written = self.write.iter().zip(s).map(|(b, s)| b[i] * *s);
            let made = self.fc2.iter().zip(active).map(|(c, g)| c[i] * *g);
            let added = written.chain(made).fold(self.fc2_constant[i], |sum, v| sum + v);
            (start.x[i] + added).square()
        });
        (x.sum::<Interval>().over(width) + epsilon()).sqrt()
    }
}
