//! The one pass that there is, in small steps, with a hook at every [`Point`].
//!
//! Up to attention a row depends on its (token, place) only (`project`); from there on it reads what the rows up to its
//! own hold (`run`). The plain [`Forward`](super::Forward) keeps the first half in tables and runs the second without a
//! hook, which then costs nothing. A [`Pass`] does both for one sequence, so that a hook sees every number before anything
//! reads it, and may put another in its place.

use super::Model;
use super::config::Config;
use super::intervened::{Intervened, Patched};
use super::layers::{gelu, linear, rms_norm, rotate, softmax_of};
use super::weights::OutWeights;
use ndarray::{ArrayView1, Axis};
use task::addition::ROWS;
use task::item::Point;

/// Sees what a pass makes at each point, row by row, before anything reads it; what it changes goes on changed. Scores and
/// attention weights come as n_heads × 33, of which only places up to the row itself mean anything.
pub trait Hook: FnMut(Point, usize, &mut [f64]) {}

impl<F: FnMut(Point, usize, &mut [f64])> Hook for F {}

/// The hook that does nothing.
pub fn unhooked(_: Point, _: usize, _: &mut [f64]) {}

/// Rows of one kind.
pub(super) struct Table {
    width: usize,
    values: Vec<f64>,
}

impl Table {
    pub(super) fn new(width: usize, rows: usize) -> Table {
        Table { width, values: vec![0.0; rows * width] }
    }

    pub(super) fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.width..(index + 1) * self.width]
    }

    pub(super) fn row_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.values[index * self.width..(index + 1) * self.width]
    }
}

/// Where [`project`] puts its results.
pub(super) struct Projected<'a> {
    /// Token embedding beside position (d_model).
    pub embed: &'a mut [f64],
    /// After the first norm (d_model).
    pub normed: &'a mut [f64],
    /// Rotated query (n_heads·qk_dim).
    pub query: &'a mut [f64],
    /// Key (n_heads·qk_dim).
    pub key: &'a mut [f64],
    /// Value (n_heads·head_dim).
    pub value: &'a mut [f64],
}

/// What depends on `token` at `place` alone: steps 1 to 4 up to the scores.
pub(super) fn project(
    model: &Model,
    (place, token): (usize, usize),
    into: Projected,
    hook: &mut impl Hook,
) {
    let Projected { embed, normed, query, key, value } = into;
    begin(model, (place, token), (&mut *embed, &mut *normed, query), hook);
    offer(model, place, normed, (key, value), hook);
}

/// Where the row of a place begins, and what it asks for.
fn begin(
    model: &Model,
    (place, token): (usize, usize),
    (embed, normed, query): (&mut [f64], &mut [f64], &mut [f64]),
    hook: &mut impl Hook,
) {
    let w = model.weights();
    let parts = w.tokens.row(token).into_iter().chain(w.positions.row(place));
    embed.iter_mut().zip(parts).for_each(|(x, v)| *x = *v);
    hook(Point::Embed, place, embed);
    rms_norm(embed, w.norm1.view(), normed);
    hook(Point::Normed, place, normed);
    linear(w.q.view(), &normed[model.config().qk_dims()], query);
    for (q, &phase) in query.chunks_exact_mut(model.config().qk_dim).zip(&w.phase) {
        rotate(q, phase);
    }
    hook(Point::Query, place, query);
}

/// What a place offers to the rows that look at it.
fn offer(
    model: &Model,
    place: usize,
    normed: &[f64],
    (key, value): (&mut [f64], &mut [f64]),
    hook: &mut impl Hook,
) {
    let (config, w) = (model.config(), model.weights());
    linear(w.k.view(), &normed[config.qk_dims()], key);
    hook(Point::Key, place, key);
    linear(w.v.view(), &normed[..config.tok_dim], value);
    hook(Point::Value, place, value);
}

/// What [`project`] made of several (place, token).
pub(super) struct Projections {
    pub embed: Table,
    pub normed: Table,
    pub queries: Table,
    pub keys: Table,
    pub values: Table,
}

impl Projections {
    /// Zeros for `rows` of them.
    pub fn new(config: &Config, rows: usize) -> Projections {
        let (d, qk) = (config.d_model(), config.n_heads * config.qk_dim);
        Projections {
            embed: Table::new(d, rows),
            normed: Table::new(d, rows),
            queries: Table::new(qk, rows),
            keys: Table::new(qk, rows),
            values: Table::new(config.inner_dim(), rows),
        }
    }

    /// What [`project`] fills as row `index`.
    pub fn row_mut(&mut self, index: usize) -> Projected<'_> {
        Projected {
            embed: self.embed.row_mut(index),
            normed: self.normed.row_mut(index),
            query: self.queries.row_mut(index),
            key: self.keys.row_mut(index),
            value: self.values.row_mut(index),
        }
    }
}

/// What one row leaves behind on its way to the logits.
pub(super) struct Row {
    /// Softmax weights (n_heads × 33), zero behind the row itself.
    pub attention: Vec<f64>,
    /// What the heads read (n_heads·head_dim).
    pub inner: Vec<f64>,
    /// What the output projection makes of that before it writes: its rank, none where it is a full matrix.
    pub sums: Vec<f64>,
    /// Residual stream after attention (d_model).
    pub after_attention: Vec<f64>,
    /// What the FFN reads (d_model).
    pub ffn_input: Vec<f64>,
    /// Hidden layer before GELU, and after it (ffn_dim).
    pub hidden: Vec<f64>,
    pub active: Vec<f64>,
    /// Residual stream after the FFN (d_model).
    pub after_ffn: Vec<f64>,
    /// After the last norm (d_model).
    pub normed: Vec<f64>,
    /// Read by the head (tok_dim).
    pub token_space: Vec<f64>,
    /// One number per token.
    pub logits: Vec<f64>,
}

impl Row {
    /// Memory for [`run`].
    pub fn new(config: &Config) -> Row {
        let d = config.d_model();
        Row {
            attention: vec![0.0; config.n_heads * ROWS],
            inner: vec![0.0; config.inner_dim()],
            sums: vec![0.0; config.out_proj.rank().unwrap_or(0)],
            after_attention: vec![0.0; d],
            ffn_input: vec![0.0; d],
            hidden: vec![0.0; config.ffn_dim],
            active: vec![0.0; config.ffn_dim],
            after_ffn: vec![0.0; d],
            normed: vec![0.0; d],
            token_space: vec![0.0; config.tok_dim],
            logits: vec![0.0; config.vocabulary.size],
        }
    }
}

/// The projections of one sequence, as a row sees it.
pub(super) struct Seen<'a, At> {
    pub projections: &'a Projections,
    /// In which row those of the row itself stand: where it begins, and its query.
    pub own: usize,
    /// In which row key and value of a place stand.
    pub at: At,
    /// Places that no row looks at, under interventions.
    pub hidden: Option<&'a [bool; ROWS]>,
}

/// Softmax weights of row `r` over rows `0..=r`, head by head (step 4). The buffer's weights behind `r` stay as they are.
pub(super) fn attend(
    config: &Config,
    seen: &Seen<impl Fn(usize) -> usize>,
    r: usize,
    attention: &mut [f64],
    hook: &mut impl Hook,
) {
    let qk_dim = config.qk_dim;
    let scale = 1.0 / (qk_dim as f64).sqrt();
    let query = seen.projections.queries.row(seen.own);
    for (head, scores) in attention.chunks_exact_mut(ROWS).enumerate() {
        let dims = head * qk_dim..(head + 1) * qk_dim;
        for (j, score) in scores[..=r].iter_mut().enumerate() {
            let key = &seen.projections.keys.row((seen.at)(j))[dims.clone()];
            let dot: f64 = query[dims.clone()].iter().zip(key).map(|(q, k)| q * k).sum();
            let is_hidden = seen.hidden.is_some_and(|hidden| hidden[j]);
            *score = if is_hidden { f64::NEG_INFINITY } else { dot * scale };
        }
    }
    hook(Point::Score, r, attention);
    for scores in attention.chunks_exact_mut(ROWS) {
        let scores = &mut scores[..=r];
        // A softmax of nothing: where all is hidden, nothing is read.
        match seen.hidden {
            Some(hidden) if hidden.iter().take(r + 1).all(|hidden| *hidden) => scores.fill(0.0),
            _ => softmax_of(config.softmax1, scores),
        }
    }
    hook(Point::Attention, r, attention);
}

/// Row `r` from attention to logits (steps 4 to 6).
pub(super) fn run(
    model: &Model,
    seen: &Seen<impl Fn(usize) -> usize>,
    r: usize,
    row: &mut Row,
    hook: &mut impl Hook,
) {
    let config = model.config();
    attend(config, seen, r, &mut row.attention, hook);
    row.inner.fill(0.0);
    for (head, weights) in row.attention.chunks_exact(ROWS).enumerate() {
        let dims = head * config.head_dim..(head + 1) * config.head_dim;
        for (j, weight) in weights[..=r].iter().enumerate() {
            let value = &seen.projections.values.row((seen.at)(j))[dims.clone()];
            for (sum, v) in row.inner[dims.clone()].iter_mut().zip(value) {
                *sum += weight * v;
            }
        }
    }
    hook(Point::Read, r, &mut row.inner);
    row.after_attention.copy_from_slice(seen.projections.embed.row(seen.own));
    add_out_proj(&model.weights().out, r, row, hook);
    hook(Point::AfterAttention, r, &mut row.after_attention);
    ffn(model, r, row, hook);
    readout(model, r, row, hook);
}

/// `after_attention += inner · out_proj`: inner (n_heads·head_dim), after_attention (d_model).
fn add_out_proj(out: &OutWeights, r: usize, row: &mut Row, hook: &mut impl Hook) {
    let Row { inner, sums, after_attention: x, .. } = row;
    let dot = |w: ArrayView1<f64>| w.iter().zip(&*inner).map(|(w, v)| w * v).sum::<f64>();
    match out {
        OutWeights::Full(w) => {
            x.iter_mut().zip(w.outer_iter()).for_each(|(x, row)| *x += dot(row));
        }
        OutWeights::LowRank { a, b } => {
            sums.iter_mut().zip(a.axis_iter(Axis(1))).for_each(|(s, read)| *s = dot(read));
            hook(Point::Sum, r, sums);
            for (s, write) in sums.iter().zip(b.outer_iter()) {
                x.iter_mut().zip(write).for_each(|(x, w)| *x += s * w);
            }
        }
    }
}

/// Step 5: from `after_attention` to `after_ffn`.
fn ffn(model: &Model, r: usize, row: &mut Row, hook: &mut impl Hook) {
    let w = model.weights();
    match &w.norm2 {
        Some(norm2) => rms_norm(&row.after_attention, norm2.view(), &mut row.ffn_input),
        None => row.ffn_input.copy_from_slice(&row.after_attention),
    }
    hook(Point::FfnInput, r, &mut row.ffn_input);
    linear(w.fc1.view(), &row.ffn_input, &mut row.hidden);
    row.hidden.iter_mut().zip(&w.fc1_bias).for_each(|(h, b)| *h += b);
    hook(Point::Hidden, r, &mut row.hidden);
    row.active.iter_mut().zip(&row.hidden).for_each(|(active, h)| *active = gelu(*h));
    hook(Point::Active, r, &mut row.active);
    linear(w.fc2.view(), &row.active, &mut row.after_ffn);
    for ((x, a), b) in row.after_ffn.iter_mut().zip(&row.after_attention).zip(&w.fc2_bias) {
        *x += a + b;
    }
    hook(Point::AfterFfn, r, &mut row.after_ffn);
}

/// Step 6: from `after_ffn` to the logits.
fn readout(model: &Model, r: usize, row: &mut Row, hook: &mut impl Hook) {
    let w = model.weights();
    rms_norm(&row.after_ffn, w.norm_f.view(), &mut row.normed);
    hook(Point::Final, r, &mut row.normed);
    linear(w.head.view(), &row.normed, &mut row.token_space);
    hook(Point::TokenSpace, r, &mut row.token_space);
    linear(w.tokens.view(), &row.token_space, &mut row.logits);
    hook(Point::Logits, r, &mut row.logits);
}

/// The tokens of a place: what its row begins with, and what others read of it.
pub(super) struct Standing {
    pub own: u8,
    pub read: u8,
}

/// One sequence on its way through a model, place by place, with a hook at every point.
pub struct Pass<'a, H> {
    model: &'a Model,
    under: Option<&'a Intervened>,
    /// Under interventions, what the row that is looked at reads of another addition.
    patched: Option<&'a Patched>,
    projections: Projections,
    row: Row,
    place: usize,
    hook: H,
}

impl<'a, H: Hook> Pass<'a, H> {
    /// Nothing is read yet.
    pub fn new(model: &'a Model, hook: H) -> Pass<'a, H> {
        let config = model.config();
        let (projections, row) = (Projections::new(config, ROWS), Row::new(config));
        Pass { model, under: None, patched: None, projections, row, place: 0, hook }
    }

    /// The same under interventions, as row `looked` sees the sequence: what it reads of another addition stands there for
    /// all rows.
    pub fn under(under: &'a Intervened, looked: usize, hook: H) -> Pass<'a, H> {
        let pass = Pass::new(under.model(), hook);
        Pass { under: Some(under), patched: under.patched(looked), ..pass }
    }

    /// Reads `token`, one of the model's vocabulary, at the next place: the logits of its row. `None` once all 33 are read.
    pub fn step(&mut self, token: u8) -> Option<&[f64]> {
        let place = self.place;
        if place == ROWS {
            return None;
        }
        self.place += 1;
        self.project(place, token);
        let seen = Seen {
            projections: &self.projections,
            own: place,
            at: |place| place,
            hidden: self.under.map(Intervened::hidden),
        };
        run(self.model, &seen, place, &mut self.row, &mut self.hook);
        Some(&self.row.logits)
    }

    /// What stands at `place` where `token` does in the example.
    pub(super) fn standing(&self, place: usize, token: u8) -> Standing {
        let Some(patched) = self.patched else { return Standing { own: token, read: token } };
        let other = |is_taken: bool| if is_taken { patched.tokens[place] } else { token };
        Standing {
            own: other(patched.own && patched.row == place),
            read: other(patched.read[place]),
        }
    }

    fn project(&mut self, place: usize, token: u8) {
        let Standing { own, read } = self.standing(place, token);
        let into = self.projections.row_mut(place);
        if own == read {
            return project(self.model, (place, own.into()), into, &mut self.hook);
        }
        let Projected { embed, normed, query, key, value } = into;
        let mut other = Projections::new(self.model.config(), 1);
        project(self.model, (place, read.into()), other.row_mut(0), &mut unhooked);
        begin(self.model, (place, own.into()), (embed, normed, query), &mut self.hook);
        offer(self.model, place, other.normed.row(0), (key, value), &mut self.hook);
    }
}
