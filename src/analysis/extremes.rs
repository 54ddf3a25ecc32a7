//! How far the numbers of a run go: what scales must hold that stay the same while a model
//! moves through its training.

use super::geometry::Geometry;
use super::readout::{NormWeights, norm_weights, rank1};
use model::Model;
use numbers::listed::Listed;
use serde::{Deserialize, Serialize};

/// The lowest and the highest of some values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Lowest.
    pub lo: f64,
    /// Highest.
    pub hi: f64,
}

impl Span {
    /// The span of `values`; of none it is empty, and any value widens it.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a f64>) -> Span {
        let empty = Span { lo: f64::INFINITY, hi: f64::NEG_INFINITY };
        values.into_iter().fold(empty, |s, &v| Span { lo: s.lo.min(v), hi: s.hi.max(v) })
    }

    /// Both ends.
    pub fn ends(self) -> [f64; 2] {
        [self.lo, self.hi]
    }

    fn widen(&mut self, other: Span) {
        *self = Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) };
    }
}

/// How far the numbers go that panels 1 to 3 and 9 to 11 draw: those that have no bounds of
/// their own. They come from weights alone, so a run of hundreds of snapshots takes
/// milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extremes {
    /// Of the digits' embeddings, per dimension.
    pub token_embedding: Vec<Span>,
    /// Of each place and column of `positions_qk`.
    pub positions_qk: Vec<Vec<Span>>,
    /// Of each place and column of `keys`.
    pub keys: Vec<Vec<Span>>,
    /// Of the rank-1 readout.
    pub readout: Span,
    /// Of A, which is read along.
    pub read: Span,
    /// Of B, which is written along.
    pub write: Span,
    /// Of all norm weights.
    pub norms: Span,
}

impl Extremes {
    /// Of one model.
    pub fn of(model: &Model) -> Extremes {
        let Geometry { token_embedding, positions_qk, keys, .. } = super::geometry::geometry(model);
        let digits = &token_embedding[..task::addition::DIGITS];
        let dims = digits.first().map_or(0, Vec::len);
        let alone = |row: &Vec<f64>| row.iter().map(|v| Span::of([v])).listed();
        let rank1 = rank1(model);
        Extremes {
            token_embedding: (0..dims).map(|i| Span::of(digits.iter().map(|r| &r[i]))).listed(),
            positions_qk: positions_qk.iter().map(alone).listed(),
            keys: keys.iter().map(alone).listed(),
            readout: Span::of(rank1.iter().flat_map(|r| &r.readout)),
            read: Span::of(rank1.iter().flat_map(|r| &r.a)),
            write: Span::of(rank1.iter().flat_map(|r| &r.b)),
            norms: of_norms(&norm_weights(model)),
        }
    }

    /// Of this and another model of the same architecture.
    pub fn widened(mut self, other: Extremes) -> Extremes {
        fn all(ours: &mut [Span], others: &[Span]) {
            ours.iter_mut().zip(others).for_each(|(span, other)| span.widen(*other));
        }
        all(&mut self.token_embedding, &other.token_embedding);
        for (row, other) in self.positions_qk.iter_mut().zip(&other.positions_qk) {
            all(row, other);
        }
        for (row, other) in self.keys.iter_mut().zip(&other.keys) {
            all(row, other);
        }
        self.readout.widen(other.readout);
        self.read.widen(other.read);
        self.write.widen(other.write);
        self.norms.widen(other.norms);
        self
    }

    /// The extremes as bytes, to send from a Worker to the page, once for a run. Not for files: the format is of this
    /// build.
    ///
    /// # Errors
    /// A value cannot be written; none that a model has.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// What [`Extremes::to_bytes`] wrote.
    ///
    /// # Errors
    /// These are other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Extremes, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

fn of_norms(norms: &NormWeights) -> Span {
    Span::of(norms.norm1.iter().chain(norms.norm2.iter().flatten()).chain(&norms.norm_f))
}
