//! Mean attention (panels 4 and 5) in f64: every row, every example, from tables.

use super::general::largest;
use super::places::{CLASSES, Places, class_of};
use super::{Engine, Path};
use crate::layers::softmax_of;
use ndarray::{Array2, Array3, Axis};
use task::addition::{ROWS, SEQUENCE, tokens};
use task::sampling::Pair;

/// Exponentiated scores are taken over the largest that any tokens could give. A row whose
/// sum is under this (f64 ends at 1e-308) has lost precision, and is done again.
const TRUSTED: f64 = 1e-280;

impl Engine<'_> {
    /// Mean softmax weights over `pairs` (n_heads × 33 × 33); zeros without any.
    /// Takes any iterator as one type, so that the loop is compiled here, not as who calls is.
    pub(crate) fn attention(&self, pairs: &mut dyn Iterator<Item = Pair>) -> Array3<f64> {
        let mut sum = Array3::zeros((self.places.heads, ROWS, ROWS));
        match self.path() {
            Path::Linear => {
                if pairs.next().is_some() {
                    fixed(&self.places, &mut sum);
                }
            }
            Path::General => self.mean(pairs, &mut sum),
        }
        sum
    }

    fn mean(&self, pairs: &mut dyn Iterator<Item = Pair>, sum: &mut Array3<f64>) {
        let places = &self.places;
        let tables: Vec<Array2<f64>> = (0..places.heads).map(|h| table(places, h)).collect();
        let vocabulary = self.model.config().vocabulary;
        let mut row = [0.0; ROWS];
        let mut count = 0.0f64;
        for (a, b) in pairs {
            let example = tokens(a, b, vocabulary);
            let keys: [usize; ROWS] =
                std::array::from_fn(|j| key(places, class_of(j), usize::from(example[j])));
            for ((h, table), mut head) in tables.iter().enumerate().zip(sum.axis_iter_mut(Axis(0)))
            {
                for (r, mut into) in head.outer_iter_mut().enumerate() {
                    let weights = table.row(keys[r]);
                    let mut total = 0.0;
                    for (w, key) in row.iter_mut().zip(&keys).take(r + 1) {
                        *w = weights[*key];
                        total += *w;
                    }
                    if total > TRUSTED {
                        let more = if places.softmax1 { largest(&row[..=r]) } else { 0.0 };
                        let share = 1.0 / (total + more);
                        let seen = into.iter_mut().zip(&row).take(r + 1);
                        seen.for_each(|(s, w)| *s += w * share);
                    } else {
                        let exact = self.row_attention(&example, r, h);
                        into.iter_mut().zip(&exact).for_each(|(s, w)| *s += w);
                    }
                }
            }
            count += 1.0;
        }
        *sum /= count.max(1.0);
    }

    fn row_attention(&self, example: &[u8; SEQUENCE], r: usize, h: usize) -> Vec<f64> {
        let mut weights = vec![0.0; self.places.heads * ROWS];
        self.plain().attend(example, r, &mut weights);
        weights[h * ROWS..(h + 1) * ROWS].to_vec()
    }
}

/// The row of (class, token) among queries and keys; PLUS and EQUALS have one each.
fn key(places: &Places, class: usize, token: usize) -> usize {
    places.index(class, if places.count(class) == 1 { 0 } else { token })
}

/// Exponentiated scores of head `h`, by rows of queries and of keys.
fn table(places: &Places, h: usize) -> Array2<f64> {
    let size = CLASSES * places.tokens;
    let mut table = Array2::from_shape_fn((size, size), |(q, k)| places.score(h, q, k));
    for mut row in table.axis_iter_mut(Axis(0)) {
        let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.mapv_inplace(|s| libm::exp(s - max));
    }
    table
}

/// Attention that is the same for all examples.
fn fixed(places: &Places, sum: &mut Array3<f64>) {
    for (h, mut head) in sum.axis_iter_mut(Axis(0)).enumerate() {
        for r in 0..ROWS {
            let query = places.index(class_of(r), 0);
            let score = |j: usize| places.score(h, query, places.index(class_of(j), 0));
            let mut row: Vec<f64> = (0..=r).map(score).collect();
            softmax_of(places.softmax1, &mut row);
            head.row_mut(r).iter_mut().zip(row).for_each(|(s, w)| *s = w);
        }
    }
}
