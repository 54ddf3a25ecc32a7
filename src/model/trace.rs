//! Every intermediate of one pass, by its [`Point`].

use super::Model;
use super::config::Config;
use super::intervened::Intervened;
use super::pass::{Hook, Pass, Standing, unhooked};
use ndarray::Array2;
use numbers::listed::Listed;
use task::addition::{ROWS, SEQUENCE};
use task::item::{Item, Point};

/// Every intermediate of one teacher-forced pass.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Input tokens (33), as rows read them.
    pub tokens: Vec<u8>,
    /// The same as rows begin with them: another one only where interventions put it there.
    pub own: Vec<u8>,
    /// A matrix for each of [`Point::ALL`], without columns where the point does not apply.
    points: Vec<Array2<f64>>,
}

/// How many numbers a row has at `point`: n_heads·33 where these have sources, none where the point does not apply.
fn width(config: &Config, point: Point) -> usize {
    match point {
        Point::Embed
        | Point::Normed
        | Point::AfterAttention
        | Point::FfnInput
        | Point::AfterFfn
        | Point::Final => config.d_model(),
        Point::Query | Point::Key => config.n_heads * config.qk_dim,
        Point::Value | Point::Read => config.inner_dim(),
        Point::Score | Point::Attention => config.n_heads * ROWS,
        Point::Sum => config.out_proj.rank().unwrap_or(0),
        Point::Hidden | Point::Active => config.ffn_dim,
        Point::TokenSpace => config.tok_dim,
        Point::Logits => config.vocabulary.size,
    }
}

/// What stands where a row cannot see: no score at all, and so no weight.
fn unseen(point: Point) -> f64 {
    if point == Point::Score { f64::NEG_INFINITY } else { 0.0 }
}

impl Trace {
    /// Runs all 33 rows of a teacher-forced example, whose tokens must be of the model's vocabulary.
    pub fn new(model: &Model, tokens: &[u8; SEQUENCE]) -> Trace {
        Trace::hooked(model, tokens, unhooked)
    }

    /// The same with a hook at every point: what it puts there is what the trace keeps and what the pass goes on with.
    pub fn hooked(model: &Model, tokens: &[u8; SEQUENCE], hook: impl Hook) -> Trace {
        Trace::kept((model, None), tokens, hook)
    }

    /// Under interventions, as row `looked` sees the example: what it reads of another addition stands there for all rows.
    pub fn under(under: &Intervened, tokens: &[u8; SEQUENCE], looked: usize) -> Trace {
        Trace::kept((under.model(), Some((under, looked))), tokens, unhooked)
    }

    fn kept(
        (model, under): (&Model, Option<(&Intervened, usize)>),
        tokens: &[u8; SEQUENCE],
        mut hook: impl Hook,
    ) -> Trace {
        let config = model.config();
        let zeros = |point| Array2::from_elem((ROWS, width(config, point)), unseen(point));
        let mut points: Vec<Array2<f64>> = Point::ALL.into_iter().map(zeros).listed();
        let keep = |point: Point, row: usize, values: &mut [f64]| {
            hook(point, row, values);
            let kept = points[point as usize].row_mut(row);
            for (index, (kept, value)) in kept.into_iter().zip(values).enumerate() {
                if !point.has_sources() || index % ROWS <= row {
                    *kept = *value;
                }
            }
        };
        let mut pass = match under {
            None => Pass::new(model, keep),
            Some((under, looked)) => Pass::under(under, looked, keep),
        };
        let seen: Vec<Standing> =
            (0..ROWS).map(|place| pass.standing(place, tokens[place])).listed();
        for token in &tokens[..ROWS] {
            pass.step(*token);
        }
        let own = seen.iter().map(|standing| standing.own).listed();
        Trace { tokens: seen.iter().map(|standing| standing.read).listed(), own, points }
    }

    /// What the pass made at `point`, a row for each place; `None` where the model has no such point. Scores and attention
    /// weights stand head by head (33 × n_heads·33); where a row cannot see, a score is −∞ and a weight 0.
    pub fn at(&self, point: Point) -> Option<&Array2<f64>> {
        self.points.get(point as usize).filter(|values| values.ncols() > 0)
    }

    /// The number that `item` names; `None` where it names none of this pass, such as the score of a place that the row
    /// cannot see.
    pub fn number(&self, item: &Item) -> Option<f64> {
        let (point, row, index) = match *item {
            Item::Number { point, row, index } if !point.has_sources() => (point, row, index),
            Item::Source { point, row, place, head } if point.has_sources() && place < ROWS => {
                (point, row, head.checked_mul(ROWS)?.checked_add(place)?)
            }
            _ => return None,
        };
        self.at(point)?.get((row, index)).copied().filter(|value| *value != f64::NEG_INFINITY)
    }

    /// Every number of the pass that can be named, in the order of the pass.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        let applies =
            Point::ALL.into_iter().filter_map(|point| Some((point, self.at(point)?.ncols())));
        let all = applies.flat_map(|(point, width)| {
            (0..ROWS).flat_map(move |row| (0..width).map(move |index| item(point, row, index)))
        });
        all.filter(|item| self.number(item).is_some())
    }
}

/// The item of the number at `index` of `row`.
fn item(point: Point, row: usize, index: usize) -> Item {
    if point.has_sources() {
        Item::Source { point, row, place: index % ROWS, head: index / ROWS }
    } else {
        Item::Number { point, row, index }
    }
}
