//! The plain forward pass: right and readable, in f64. The fast path is measured
//! against it, and near ties between two logits are decided by it.
//!
//! Up to attention a row depends on its (token, place) only, so normed rows, queries,
//! keys and values are computed once for all 33 places and all tokens.

use super::Model;
use super::intervened::{Intervened, Patched};
use super::layers::argmax;
use super::pass::{Projections, Row, Seen, attend, project, run, unhooked};
use super::trace::Trace;
use ndarray::{Array3, Axis};
use task::addition::{
    ANSWER_DIGITS, EQUALS, PROMPT, ROWS, SEQUENCE, Z0, Z10, number, tokens as example,
};

/// The forward pass of one model, with its (place, token) tables.
pub struct Forward<'a> {
    pub(super) model: &'a Model,
    pub(super) under: Option<&'a Intervened>,
    pub(super) vocab: usize,
    /// For every (place, token), place-major.
    pub(super) tables: Projections,
}

/// What attention writes into a row.
pub struct Written {
    /// The numbers: what the output projection makes of what the heads read, or that itself where it is a full matrix.
    pub numbers: Vec<f64>,
    /// The residual stream after it (d_model).
    pub after_attention: Vec<f64>,
    /// One number per token.
    pub logits: Vec<f64>,
}

impl<'a> Forward<'a> {
    /// Computes the tables of `model`.
    pub fn new(model: &'a Model) -> Forward<'a> {
        let vocab = model.config().vocabulary.size;
        let mut tables = Projections::new(model.config(), ROWS * vocab);
        for index in 0..ROWS * vocab {
            project(model, (index / vocab, index % vocab), tables.row_mut(index), &mut unhooked);
        }
        Forward { model, under: None, vocab, tables }
    }

    /// The same under interventions.
    pub fn under(under: &'a Intervened) -> Forward<'a> {
        Forward { under: Some(under), ..Forward::new(under.model()) }
    }

    /// The model; under interventions it is their [`Intervened::model`].
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// Row of the tables for the token at `place`.
    pub(super) fn index(&self, tokens: &[u8], place: usize) -> usize {
        place * self.vocab + usize::from(tokens[place])
    }

    /// The tables' rows for these tokens, as row `r` sees them.
    fn seen<'s>(&'s self, tokens: &'s [u8], r: usize) -> Seen<'s, impl Fn(usize) -> usize + 's> {
        let patched = self.patched(r);
        let of = move |place: usize| match patched {
            Some(patched) if patched.read[place] => &patched.tokens,
            _ => tokens,
        };
        Seen {
            projections: &self.tables,
            own: r * self.vocab + usize::from(self.token(tokens, r)),
            at: move |place| self.index(of(place), place),
            hidden: self.under.map(Intervened::hidden),
        }
    }

    fn patched(&self, r: usize) -> Option<&'a Patched> {
        self.under.and_then(|under| under.patched(r))
    }

    /// The token that row `r` begins with: that of these tokens, or of another addition under interventions.
    pub fn token(&self, tokens: &[u8], r: usize) -> u8 {
        self.patched(r).filter(|patched| patched.own).map_or(tokens[r], |patched| patched.tokens[r])
    }

    /// Memory for [`Forward::row`].
    pub(super) fn row_buffers(&self) -> Row {
        Row::new(self.model.config())
    }

    /// Softmax weights of row `r` over rows `0..=r`, head by head (step 4). The buffer's weights
    /// behind `r` stay as they are.
    pub(super) fn attend(&self, tokens: &[u8], r: usize, attention: &mut [f64]) {
        attend(self.model.config(), &self.seen(tokens, r), r, attention, &mut unhooked);
    }

    /// Row `r` from attention to logits (steps 4 to 6), given tokens `0..=r`.
    pub(super) fn row(&self, tokens: &[u8], r: usize, row: &mut Row) {
        run(self.model, &self.seen(tokens, r), r, row, &mut unhooked);
    }

    /// Runs all 33 rows of a teacher-forced example and keeps every intermediate.
    pub fn trace(&self, tokens: &[u8; SEQUENCE]) -> Trace {
        Trace::new(self.model, tokens)
    }

    /// The same, under interventions as row `r` sees the example.
    pub fn trace_of(&self, tokens: &[u8; SEQUENCE], r: usize) -> Trace {
        self.under.map_or_else(|| self.trace(tokens), |under| Trace::under(under, tokens, r))
    }

    /// Adds the attention of every row of one example to `sum` (n_heads × 33 × 33).
    pub fn add_attention(&self, tokens: &[u8; SEQUENCE], sum: &mut Array3<f64>) {
        let mut weights = vec![0.0; self.model.config().n_heads * ROWS];
        for r in 0..ROWS {
            self.attend(tokens, r, &mut weights);
            let heads = sum.axis_iter_mut(Axis(0)).zip(weights.chunks_exact(ROWS));
            for (mut head, weights) in heads {
                head.row_mut(r).iter_mut().zip(weights).for_each(|(s, w)| *s += w);
            }
        }
    }

    /// Predicted tokens of rows 21 (EQUALS) to 32 (Z10) under teacher forcing: eleven
    /// answer digits and EOS.
    pub fn predict(&self, tokens: &[u8; SEQUENCE]) -> [u8; ROWS - EQUALS] {
        let mut row = self.row_buffers();
        std::array::from_fn(|i| {
            self.row(tokens, EQUALS + i, &mut row);
            argmax(&row.logits) as u8
        })
    }

    /// The token's embedding beside the place's position: where a row's residual stream begins.
    pub fn embed(&self, place: usize, token: u8) -> &[f64] {
        self.tables.embed.row(place * self.vocab + usize::from(token))
    }

    /// What attention writes into row `r`, given tokens `0..=r`, and what comes of it.
    pub fn written(&self, tokens: &[u8; SEQUENCE], r: usize) -> Written {
        let mut row = self.row_buffers();
        self.row(tokens, r, &mut row);
        let numbers = if row.sums.is_empty() { row.inner } else { row.sums };
        Written { numbers, after_attention: row.after_attention, logits: row.logits }
    }

    /// The logits of answer row `k` (0 to 10, the one that predicts Zk) under teacher forcing.
    pub fn answer_logits(&self, tokens: &[u8; SEQUENCE], k: usize) -> Vec<f64> {
        let mut row = self.row_buffers();
        self.row(tokens, EQUALS + k, &mut row);
        row.logits
    }

    /// The token that row `r` predicts, given tokens `0..=r`.
    pub(super) fn next(&self, tokens: &[u8], r: usize) -> u8 {
        let mut row = self.row_buffers();
        self.row(tokens, r, &mut row);
        argmax(&row.logits) as u8
    }

    /// The answer to `a + b`, decoded greedily: prompt of 22 tokens, eleven argmax steps.
    pub fn decode(&self, a: u64, b: u64) -> u64 {
        let mut tokens = example(a, b, self.model.config().vocabulary);
        let mut row = self.row_buffers();
        for place in PROMPT..PROMPT + ANSWER_DIGITS {
            self.row(&tokens, place - 1, &mut row);
            tokens[place] = argmax(&row.logits) as u8;
        }
        number(&tokens[Z0..=Z10])
    }
}
