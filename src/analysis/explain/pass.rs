//! The steps from one point of a pass to the next.

use super::{Addend, Factor, Numbers, Rule, Step};
use model::layers::{RMS_EPSILON, rms};
use model::tensors::name::{
    FC1, FC1_BIAS, FC2, FC2_BIAS, HEAD_PROJ, K_PROJ, OUT_PROJ, OUT_PROJ_A, OUT_PROJ_B,
    Q_PHASE_ANGLE, Q_PROJ, V_PROJ,
};
use numbers::listed::Listed;
use numbers::words::exact;
use task::item::{Item, Norm, Point};

const QUERY: &str = Q_PROJ;
const HEAD: &str = HEAD_PROJ;

impl Numbers<'_> {
    /// How the number at `index` of `row` was made, at a point that has no sources.
    pub(super) fn step(&self, point: Point, row: usize, index: usize) -> Option<Step> {
        // What is no number must not get as far as the arithmetic.
        self.trace.number(&Item::Number { point, row, index })?;
        match point {
            Point::Embed => self.embed(row, index),
            Point::Normed => self.norm((Point::Embed, Norm::First, point), row, index),
            Point::Query => self.query(row, index),
            Point::Key => self.key(row, index),
            Point::Value => self.attended(row, index),
            Point::Read => self.read(row, index),
            Point::Sum => self.sum(row, index),
            Point::AfterAttention => self.after_attention(row, index),
            Point::FfnInput => self.ffn_input(row, index),
            Point::Hidden => self.hidden(row, index),
            Point::Active => {
                let terms = vec![Addend::new([self.number(Point::Hidden, row, index)?])];
                Some(Step { rule: Rule::Gelu, ..Step::sum("active = gelu(hidden)", terms) })
            }
            Point::AfterFfn => self.after_ffn(row, index),
            Point::Final => self.norm((Point::AfterFfn, Norm::Last, point), row, index),
            Point::TokenSpace => {
                let start = index * self.width(Point::Final);
                let terms = self.products(HEAD, |dim| start + dim, (Point::Final, row))?;
                Some(Step::sum(format!("token_space = Σ {HEAD} · final"), terms))
            }
            Point::Logits => self.logits(row, index),
            Point::Score | Point::Attention => None,
        }
    }

    pub(super) fn width(&self, point: Point) -> usize {
        self.trace.at(point).map_or(0, |values| values.ncols())
    }

    /// Products of weights, whose flat index `at` tells, and all numbers of `row` at `point`.
    fn products(
        &self,
        tensor: &str,
        at: impl Fn(usize) -> usize,
        (point, row): (Point, usize),
    ) -> Option<Vec<Addend>> {
        let term =
            |i| Some(Addend::new([self.weight(tensor, at(i))?, self.number(point, row, i)?]));
        (0..self.width(point)).map(term).collect()
    }

    /// `to = x / rms(x) · w`.
    fn norm(&self, (from, norm, to): (Point, Norm, Point), row: usize, dim: usize) -> Option<Step> {
        let rms = rms(&self.trace.at(from)?.row(row).to_vec());
        let (x, to) = (from.name(), to.name());
        let formula = format!(
            "{to} = {x} · norm / rms, rms = √(mean of {x}² + {RMS_EPSILON}) = {}",
            exact(rms)
        );
        let term = Addend::new([self.number(from, row, dim)?, self.norm_weight(norm, dim)?]);
        let scale = vec![Factor::made(None, "1/rms", 1.0 / rms)];
        Some(Step { scale, ..Step::sum(formula, vec![term]) })
    }

    /// Products of row `output` of a query or key projection and what it reads of `row`.
    fn projected(&self, tensor: &str, output: usize, row: usize) -> Option<Vec<Addend>> {
        let config = self.model.config();
        let dims = config.qk_dims();
        let weight = |dim| self.weight(tensor, output * dims.len() + dim - dims.start);
        let term = |dim| Some(Addend::new([weight(dim)?, self.number(Point::Normed, row, dim)?]));
        dims.clone().map(term).collect()
    }

    fn query(&self, row: usize, index: usize) -> Option<Step> {
        let config = self.model.config();
        let (head, within) = (index / config.qk_dim, index % config.qk_dim);
        let alone = within % 2 == 0 && within + 1 == config.qk_dim;
        if !config.q_phase || alone {
            let terms = self.projected(QUERY, index, row)?;
            return Some(Step::sum(format!("query = Σ {QUERY} · normed"), terms));
        }
        let (sin, cos) = *self.model.weights().phase.get(head)?;
        let angle = Item::Weight { tensor: Q_PHASE_ANGLE.into(), index: head };
        let made = |label: String, value| Factor::made(Some(&angle), label, value);
        let cos = made(format!("cos({angle})"), cos);
        let first = index - within % 2;
        let (even, odd, turned) = if within % 2 == 0 {
            let minus_sin = made(format!("−sin({angle})"), -sin);
            (cos, minus_sin, format!("q{first} · cos(angle) − q{} · sin(angle)", first + 1))
        } else {
            let turned = format!("q{first} · sin(angle) + q{} · cos(angle)", first + 1);
            (made(format!("sin({angle})"), sin), cos, turned)
        };
        let mut terms = Vec::new();
        for (output, turn) in [(first, even), (first + 1, odd)] {
            let untouched = self.projected(QUERY, output, row)?;
            terms.extend(untouched.into_iter().map(|term| term.times(&turn)));
        }
        Some(Step::sum(format!("query = {turned}, q = Σ {QUERY} · normed"), terms))
    }

    fn key(&self, row: usize, index: usize) -> Option<Step> {
        let tensor = if self.model.config().tie_qk { QUERY } else { K_PROJ };
        let terms = self.projected(tensor, index, row)?;
        Some(Step::sum(format!("key = Σ {tensor} · normed"), terms))
    }

    fn attended(&self, row: usize, index: usize) -> Option<Step> {
        let config = self.model.config();
        let (d, tok) = (config.d_model(), config.tok_dim);
        let (tensor, at): (_, &dyn Fn(usize) -> usize) = match config.tie_v_head {
            true => (HEAD, &|dim| dim * d + index),
            false => (V_PROJ, &|dim| index * tok + dim),
        };
        let term = |dim| {
            Some(Addend::new([
                self.weight(tensor, at(dim))?,
                self.number(Point::Normed, row, dim)?,
            ]))
        };
        let terms: Option<Vec<Addend>> = (0..tok).map(term).collect();
        Some(Step::sum(format!("value = Σ {tensor} · normed"), terms?))
    }

    /// Query times key, before the softmax.
    pub(super) fn score(&self, row: usize, place: usize, head: usize) -> Option<Step> {
        self.source(Point::Score, row, place, head)?;
        let qk_dim = self.model.config().qk_dim;
        let term = |index| {
            let (query, key) = (Point::Query, Point::Key);
            Some(Addend::new([self.number(query, row, index)?, self.number(key, place, index)?]))
        };
        let terms: Option<Vec<Addend>> = (head * qk_dim..(head + 1) * qk_dim).map(term).collect();
        let root = format!("1/√{qk_dim}");
        let scale = vec![Factor::made(None, root, 1.0 / (qk_dim as f64).sqrt())];
        let formula = format!("score = Σ query · key / √{qk_dim}");
        Some(Step { scale, ..Step::sum(formula, terms?) })
    }

    /// The softmax over what `row` sees.
    pub(super) fn attention(&self, row: usize, place: usize, head: usize) -> Option<Step> {
        self.source(Point::Attention, row, place, head)?;
        if place > row {
            let formula = "attention = 0, since a row sees no place after its own";
            return Some(Step::sum(formula, Vec::new()));
        }
        // Without those that interventions hide: they have no score.
        let scored = |of: usize| Some((of, self.source(Point::Score, row, of, head)?));
        let (places, scores): (Vec<usize>, Vec<Factor>) = (0..=row).filter_map(scored).unzip();
        let Some(share) = places.iter().position(|of| *of == place) else {
            let formula = "attention = 0, since attention to this place is switched off";
            return Some(Step::sum(formula, Vec::new()));
        };
        let largest = scores.iter().fold(f64::NEG_INFINITY, |most, score| most.max(score.value));
        let term = |Factor { item, label, value }: Factor| {
            let label = format!("exp({label} − largest)");
            Addend::new([Factor { item, label, value: libm::exp(value - largest) }])
        };
        let softmax1 = self.model.config().softmax1;
        let more =
            if softmax1 { "(1 + Σ exp(score − largest))" } else { "Σ exp(score − largest)" };
        let formula =
            format!("attention = exp(score − largest) / {more}, largest = {}", exact(largest));
        let mut terms: Vec<Addend> = scores.into_iter().map(term).listed();
        if softmax1 {
            terms.push(Addend::new([Factor::made(None, "1", 1.0)]));
        }
        Some(Step { rule: Rule::Share { term: share }, ..Step::sum(formula, terms) })
    }

    fn read(&self, row: usize, index: usize) -> Option<Step> {
        let head = index / self.model.config().head_dim;
        let term = |place| {
            let weight = self.source(Point::Attention, row, place, head)?;
            Some(Addend::new([weight, self.number(Point::Value, place, index)?]))
        };
        let terms: Option<Vec<Addend>> = (0..=row).map(term).collect();
        Some(Step::sum("read = Σ attention · value", terms?))
    }

    fn sum(&self, row: usize, index: usize) -> Option<Step> {
        let rank = self.width(Point::Sum);
        let terms = self.products(OUT_PROJ_A, |i| i * rank + index, (Point::Read, row))?;
        Some(Step::sum("s = Σ out_proj.A · read", terms))
    }

    fn after_attention(&self, row: usize, dim: usize) -> Option<Step> {
        let d = self.model.config().d_model();
        let (written, formula) = match self.width(Point::Sum) {
            0 => {
                let inner = self.width(Point::Read);
                let at = |i| dim * inner + i;
                let formula = "after_attention = embed + Σ out_proj.weight · read";
                (self.products(OUT_PROJ, at, (Point::Read, row))?, formula)
            }
            _ => {
                let formula = "after_attention = embed + Σ out_proj.B · s";
                (self.products(OUT_PROJ_B, |i| i * d + dim, (Point::Sum, row))?, formula)
            }
        };
        let before = Addend::new([self.number(Point::Embed, row, dim)?]);
        Some(Step::sum(formula, [vec![before], written].concat()))
    }

    fn ffn_input(&self, row: usize, dim: usize) -> Option<Step> {
        if self.model.weights().norm2.is_some() {
            return self.norm((Point::AfterAttention, Norm::Second, Point::FfnInput), row, dim);
        }
        let same = Addend::new([self.number(Point::AfterAttention, row, dim)?]);
        Some(Step::sum("ffn_input = after_attention, since there is no norm", vec![same]))
    }

    fn hidden(&self, row: usize, unit: usize) -> Option<Step> {
        let start = unit * self.width(Point::FfnInput);
        let mut terms = self.products(FC1, |dim| start + dim, (Point::FfnInput, row))?;
        let mut formula = "hidden = Σ fc1.weight · ffn_input".to_owned();
        if self.model.config().ffn_bias {
            terms.push(Addend::new([self.weight(FC1_BIAS, unit)?]));
            formula += " + fc1.bias";
        }
        Some(Step::sum(formula, terms))
    }

    fn after_ffn(&self, row: usize, dim: usize) -> Option<Step> {
        let config = self.model.config();
        let (d, units) = (config.d_model(), config.ffn_dim);
        let (tensor, written) = match config.tie_fc2_head {
            true => (HEAD, self.products(HEAD, |unit| unit * d + dim, (Point::Active, row))?),
            false => {
                let at = |unit| dim * units + unit;
                (FC2, self.products(FC2, at, (Point::Active, row))?)
            }
        };
        let before = Addend::new([self.number(Point::AfterAttention, row, dim)?]);
        let mut terms = [vec![before], written].concat();
        let mut formula = format!("after_ffn = after_attention + Σ {tensor} · active");
        if config.ffn_bias {
            terms.push(Addend::new([self.weight(FC2_BIAS, dim)?]));
            formula += " + fc2.bias";
        }
        Some(Step::sum(formula, terms))
    }

    fn logits(&self, row: usize, token: usize) -> Option<Step> {
        let token = u8::try_from(token).ok()?;
        let term = |dim| {
            let embedding = self.embedding(token, dim)?;
            Some(Addend::new([embedding, self.number(Point::TokenSpace, row, dim)?]))
        };
        let terms: Option<Vec<Addend>> = (0..self.width(Point::TokenSpace)).map(term).collect();
        Some(Step::sum("logits = Σ embedding · token_space", terms?))
    }
}
