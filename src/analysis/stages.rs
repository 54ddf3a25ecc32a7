//! The residual stream of an answer row after each stage: what would be said of it (*logit lens*), and what each stage adds to
//! the logits themselves. Each with its arithmetic.

use crate::explain::{Addend, Factor};
use model::layers::{argmax, linear, rms, rms_norm};
use model::tensors::name::FC2_BIAS;
use model::weights::OutWeights;
use model::{Model, Trace};
use numbers::listed::Listed;
use serde::Serialize;
use task::item::{Item, Norm, Point};

/// What the rows of the lens are read with.
pub(crate) const NORM: &str =
    "Each stage is read by the last norm and the head, with the rms of that stage’s own numbers.";

/// A stage of the residual stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The row's own token and position.
    Embed,
    /// What attention writes, or the stream after it.
    Attention,
    /// What the FFN writes, or the stream after it.
    Ffn,
}

const STAGES: [Stage; 3] = [Stage::Embed, Stage::Attention, Stage::Ffn];

impl Stage {
    /// The stream after it.
    fn after(self) -> Point {
        match self {
            Stage::Embed => Point::Embed,
            Stage::Attention => Point::AfterAttention,
            Stage::Ffn => Point::AfterFfn,
        }
    }
}

/// What the answer would have been after a stage (*logit lens*).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct LensStage {
    /// After which.
    pub stage: Stage,
    /// A logit for each token.
    pub logits: Vec<f64>,
    /// The token that would be said.
    pub said: u8,
    /// What that token's logit is multiplied with: 1/rms of this stage's own stream.
    pub scale: Factor,
    /// What it is made of: its logit is the scale times their sum.
    pub terms: Vec<Addend>,
}

/// What a stage adds to the logits themselves.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct LogitPart {
    /// Which.
    pub stage: Stage,
    /// By token. All stages' sum is the logit.
    pub logits: Vec<f64>,
    /// What is multiplied with the terms: 1/rms of the final stream.
    pub scale: Factor,
    /// What the number of the token that is said is made of: scale times their sum.
    pub terms: Vec<Addend>,
}

/// The stages of one row of a pass.
pub(crate) struct Staged<'a> {
    model: &'a Model,
    row: usize,
    /// After each of [`STAGES`].
    streams: [Vec<f64>; 3],
    trace: &'a Trace,
}

fn inverse_rms(stream: &[f64]) -> Factor {
    Factor::made(None, "1/rms", 1.0 / rms(stream))
}

pub(crate) fn less(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).listed()
}

impl<'a> Staged<'a> {
    pub(crate) fn new(model: &'a Model, trace: &'a Trace, row: usize) -> Staged<'a> {
        let at = |stage: Stage| trace.at(stage.after()).map(|all| all.row(row).to_vec());
        let streams = STAGES.map(|stage| at(stage).unwrap_or_default());
        Staged { model, row, streams, trace }
    }

    /// What the last norm multiplies the final stream with, but for its weights.
    pub(crate) fn scale(&self) -> f64 {
        let [.., last] = &self.streams;
        inverse_rms(last).value
    }

    /// What would be said after each stage.
    pub(crate) fn lens(&self) -> Vec<LensStage> {
        let stages = STAGES.into_iter().zip(&self.streams);
        let lens = |(stage, stream): (Stage, &Vec<f64>)| {
            let mut normed = vec![0.0; stream.len()];
            rms_norm(stream, self.model.weights().norm_f.view(), &mut normed);
            let logits = self.logits(&normed);
            let said = argmax(&logits) as u8;
            let terms = self.of_stream(stage.after(), stream, said);
            LensStage { stage, logits, said, scale: inverse_rms(stream), terms }
        };
        stages.map(lens).listed()
    }

    /// What each stage adds to the logits.
    ///
    /// * `said` - the token whose number is taken apart
    pub(crate) fn parts(&self, said: u8) -> Vec<LogitPart> {
        let [embed, after_attention, after_ffn] = &self.streams;
        let added = [embed.clone(), less(after_attention, embed), less(after_ffn, after_attention)];
        let scale = inverse_rms(after_ffn);
        let part = |(stage, part): (Stage, &Vec<f64>)| {
            let norm = &self.model.weights().norm_f;
            let normed: Vec<f64> = part.iter().zip(norm).map(|(x, w)| x * scale.value * w).listed();
            let terms = match stage {
                Stage::Embed => self.of_stream(Point::Embed, embed, said),
                Stage::Attention => self.of_attention(said),
                Stage::Ffn => self.of_ffn(said),
            };
            LogitPart { stage, logits: self.logits(&normed), scale: scale.clone(), terms }
        };
        STAGES.into_iter().zip(&added).map(part).listed()
    }

    /// What the head and the embeddings make of what the last norm made.
    fn logits(&self, normed: &[f64]) -> Vec<f64> {
        let w = self.model.weights();
        let mut read = vec![0.0; self.model.config().tok_dim];
        let mut logits = vec![0.0; self.model.config().vocabulary.size];
        linear(w.head.view(), normed, &mut read);
        linear(w.tokens.view(), &read, &mut logits);
        logits
    }

    /// What the head and the embedding of `token` read of each dimension, after the norm.
    fn head(&self, token: u8) -> Vec<f64> {
        let w = self.model.weights();
        let embedding = w.tokens.row(usize::from(token));
        let column = |dim| embedding.iter().zip(w.head.column(dim)).map(|(e, h)| e * h).sum();
        (0..w.head.ncols()).map(column).listed()
    }

    /// What the logit of `token` reads of something that is written in this direction, before the scale.
    fn reads(&self, direction: impl Iterator<Item = f64>, token: u8) -> Factor {
        let read = self.head(token).into_iter().zip(&self.model.weights().norm_f);
        let value = read.zip(direction).map(|((head, norm), by)| head * norm * by).sum();
        Factor::made(None, format!("what the logit of {token} reads of that"), value)
    }

    fn number(&self, point: Point, index: usize) -> Option<Factor> {
        let item = Item::Number { point, row: self.row, index };
        Some(Factor::of(item.clone(), self.trace.number(&item)?))
    }

    /// Dimension by dimension.
    fn of_stream(&self, point: Point, stream: &[f64], token: u8) -> Vec<Addend> {
        let norm = &self.model.weights().norm_f;
        let head = self.head(token);
        let term = |(dim, ((x, norm), head)): (usize, ((&f64, &f64), f64))| {
            let of = |item, value: &f64| Factor::of(item, *value);
            Addend::new([
                of(Item::Number { point, row: self.row, index: dim }, x),
                of(Item::NormWeight { norm: Norm::Last, dim }, norm),
                Factor::made(None, format!("what head and token {token} read of it"), head),
            ])
        };
        stream.iter().zip(norm).zip(head).enumerate().map(term).listed()
    }

    /// Number by number that attention writes.
    fn of_attention(&self, token: u8) -> Vec<Addend> {
        let term = |point, index, direction: Vec<f64>| {
            let written = self.number(point, index)?;
            Some(Addend::new([written, self.reads(direction.into_iter(), token)]))
        };
        match &self.model.weights().out {
            OutWeights::LowRank { b, .. } => {
                let rows = b.outer_iter().enumerate();
                rows.filter_map(|(rank, row)| term(Point::Sum, rank, row.to_vec())).listed()
            }
            OutWeights::Full(w) => {
                let columns = w.columns().into_iter().enumerate();
                columns.filter_map(|(i, column)| term(Point::Read, i, column.to_vec())).listed()
            }
        }
    }

    /// Hidden unit by hidden unit, and the bias.
    fn of_ffn(&self, token: u8) -> Vec<Addend> {
        let w = self.model.weights();
        let unit = |(unit, column): (usize, ndarray::ArrayView1<'_, f64>)| {
            let reads = self.reads(column.to_vec().into_iter(), token);
            Some(Addend::new([self.number(Point::Active, unit)?, reads]))
        };
        let mut terms: Vec<Addend> =
            w.fc2.columns().into_iter().enumerate().filter_map(unit).listed();
        if self.model.config().ffn_bias {
            let bias = w.fc2_bias.iter().zip(self.head(token)).zip(&w.norm_f).enumerate();
            terms.extend(bias.map(|(dim, ((bias, head), norm))| {
                Addend::new([
                    Factor::of(Item::Weight { tensor: FC2_BIAS.to_owned(), index: dim }, *bias),
                    Factor::of(Item::NormWeight { norm: Norm::Last, dim }, *norm),
                    Factor::made(None, format!("what head and token {token} read of it"), head),
                ])
            }));
        }
        terms
    }
}
