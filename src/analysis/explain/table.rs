//! Where numbers are looked up, and how those of the tables are made: embeddings, positions and norms.

use super::{Addend, Factor, Numbers, Rule, Step};
use model::config::{self, Correction, DigitPositions, Embedding};
use model::tensors::name::{
    DIGIT_POS, NORM_B, NORM_BASE, NORM_D1, NORM_D4, NORM_F, NORM_SCALE, NORM1, NORM2,
    POS_CORR_INTERCEPT, POS_CORR_SLOPE, POS_CORRECTION, SPIRAL_AMP, SPIRAL_OFFSET, SPIRAL_PHASE,
    SPIRAL_SLOPE, TOK_ARC_A, TOK_ARC_B, TOK_ARC_START, TOK_ARC_STRIDE, TOK_EMB, Z_HI_POS,
};
use model::weights::stored_position;
use numbers::listed::Listed;
use std::f64::consts::PI;
use task::addition::{DIGITS, EQUALS, PLUS, Y0, Z0, Z10};
use task::item::{Item, Norm, Point};

impl Factor {
    /// The number of an item.
    pub(crate) fn of(item: Item, value: f64) -> Factor {
        Factor { label: item.to_string(), item: Some(item), value }
    }

    /// What is made of an item, or of nothing that can be asked for.
    pub(crate) fn made(item: Option<&Item>, label: impl Into<String>, value: f64) -> Factor {
        Factor { item: item.cloned(), label: label.into(), value }
    }
}

impl Addend {
    /// One factor more, in front.
    pub(super) fn times(self, factor: &Factor) -> Addend {
        Addend::new([vec![factor.clone()], self.factors].concat())
    }
}

/// The only number of a tensor.
fn stored(tensor: &str) -> Item {
    Item::Weight { tensor: tensor.to_owned(), index: 0 }
}

impl Numbers<'_> {
    /// The number that `item` names.
    pub(super) fn value(&self, item: &Item) -> Option<f64> {
        let w = self.model.weights();
        match item {
            Item::Number { .. } | Item::Source { .. } => self.trace.number(item),
            Item::Embedding { token, dim } => w.tokens.get((usize::from(*token), *dim)).copied(),
            Item::NormWeight { norm, dim } => {
                let weights = match norm {
                    Norm::First => &w.norm1,
                    Norm::Second => w.norm2.as_ref()?,
                    Norm::Last => &w.norm_f,
                };
                weights.get(*dim).copied()
            }
            Item::Weight { tensor, index } => {
                let values = self.model.params().get(tensor)?;
                values.iter().nth(*index).map(|value| f64::from(*value))
            }
            _ => None,
        }
    }

    fn factor(&self, item: Item) -> Option<Factor> {
        let value = self.value(&item)?;
        Some(Factor::of(item, value))
    }

    pub(super) fn number(&self, point: Point, row: usize, index: usize) -> Option<Factor> {
        self.factor(Item::Number { point, row, index })
    }

    pub(super) fn source(
        &self,
        point: Point,
        row: usize,
        place: usize,
        head: usize,
    ) -> Option<Factor> {
        self.factor(Item::Source { point, row, place, head })
    }

    pub(super) fn weight(&self, tensor: &str, index: usize) -> Option<Factor> {
        self.factor(Item::Weight { tensor: tensor.to_owned(), index })
    }

    pub(super) fn embedding(&self, token: u8, dim: usize) -> Option<Factor> {
        self.factor(Item::Embedding { token, dim })
    }

    pub(super) fn norm_weight(&self, norm: Norm, dim: usize) -> Option<Factor> {
        self.factor(Item::NormWeight { norm, dim })
    }

    /// A number of the file.
    pub(super) fn stored_step(&self, tensor: &str) -> Option<Step> {
        let param = self.model.params().iter().find(|param| param.name == tensor)?;
        let how = if param.learned { "learned in training" } else { "not learned" };
        let formula = format!("a number of {tensor}, {how}");
        Some(Step { rule: Rule::Given, ..Step::sum(formula, Vec::new()) })
    }

    /// A row of the residual stream where it begins: token embedding beside position.
    pub(super) fn embed(&self, place: usize, dim: usize) -> Option<Step> {
        let token = *self.trace.own.get(place)?;
        match dim.checked_sub(self.model.config().tok_dim) {
            None => self.embedding_step(token, dim),
            Some(dim) => self.position_step(place, dim),
        }
    }

    pub(super) fn embedding_step(&self, token: u8, dim: usize) -> Option<Step> {
        let config = self.model.config();
        let Embedding::Arc { tied } = config.embedding else {
            if config.frozen_pad && usize::from(token) + 1 == config.vocabulary.size {
                let terms = vec![Addend::new([Factor::made(None, "0", 0.0)])];
                return Some(Step::sum("embedding = 0: PAD has none", terms));
            }
            let index = usize::from(token) * config.tok_dim + dim;
            let terms = vec![Addend::new([self.weight(TOK_EMB, index)?])];
            return Some(Step::sum("embedding = tok_emb.weight", terms));
        };
        let radius = if dim > 0 && !tied { TOK_ARC_B } else { TOK_ARC_A };
        let (rule, name) = if dim == 0 { (Rule::Cos, "cos") } else { (Rule::Sin, "sin") };
        let digit = Item::Token(token);
        let times = Factor::made(Some(&digit), digit.to_string(), f64::from(token));
        Some(Step {
            formula: format!(
                "embedding = {radius} · {name}(tok_arc_start + token · tok_arc_stride)"
            ),
            rule,
            scale: vec![self.weight(radius, 0)?],
            terms: vec![
                Addend::new([self.weight(TOK_ARC_START, 0)?]),
                Addend::new([self.weight(TOK_ARC_STRIDE, 0)?, times]),
            ],
            folded: Vec::new(),
        })
    }

    fn position_step(&self, place: usize, dim: usize) -> Option<Step> {
        if let Some((tensor, row)) = stored_position(self.model.config(), place) {
            let index = row * self.model.config().pos_dim + dim;
            let terms = vec![Addend::new([self.weight(tensor, index)?])];
            return Some(Step::sum(format!("position = {tensor}"), terms));
        }
        let digit = match place {
            0..PLUS => place,
            Y0..EQUALS => place - Y0,
            Z0..Z10 => place - Z0,
            PLUS | EQUALS | Z10.. => {
                return Some(Step::sum("position = 0: this place has none", Vec::new()));
            }
        };
        match self.model.config().digit_positions {
            DigitPositions::Spiral => self.spiral_step(digit, dim),
            DigitPositions::Learned => {
                let index = digit * self.model.config().pos_dim + dim;
                let terms = vec![Addend::new([self.weight(DIGIT_POS, index)?])];
                Some(Step::sum(format!("position = {DIGIT_POS}"), terms))
            }
        }
    }

    /// Point `i` of the spiral that the digits' positions lie on.
    fn spiral_step(&self, i: usize, dim: usize) -> Option<Step> {
        let (corrected, scale) = match self.correction(i)? {
            None => ("", Vec::new()),
            Some(correction) => (" · (1 + correction)", vec![correction]),
        };
        let folded = match self.model.config().correction {
            Correction::Linear => [POS_CORR_INTERCEPT, POS_CORR_SLOPE].map(stored).to_vec(),
            Correction::None | Correction::Full => Vec::new(),
        };
        let at = |label: &str, value| Factor::made(None, label, value);
        if dim == 2 {
            let slope = [at("i", i as f64), self.weight(SPIRAL_SLOPE, 0)?];
            let terms = vec![Addend::new(slope), Addend::new([self.weight(SPIRAL_OFFSET, 0)?])];
            let formula =
                format!("position = (i · spiral_slope + spiral_offset){corrected}, i = {i}");
            return Some(Step { scale, folded, ..Step::sum(formula, terms) });
        }
        let (rule, name) = match dim {
            0 => (Rule::Cos, "cos"),
            1 => (Rule::Sin, "sin"),
            _ => {
                return Some(Step::sum(
                    "position = 0: the spiral has three dimensions",
                    Vec::new(),
                ));
            }
        };
        let angle = at("2πi/10", 2.0 * PI * i as f64 / DIGITS as f64);
        Some(Step {
            formula: format!(
                "position = spiral_amp · {name}(2πi/10 + spiral_phase){corrected}, i = {i}"
            ),
            rule,
            scale: [vec![self.weight(SPIRAL_AMP, 0)?], scale].concat(),
            terms: vec![Addend::new([angle]), Addend::new([self.weight(SPIRAL_PHASE, 0)?])],
            folded,
        })
    }

    /// What point `i` of the spiral is scaled by; `Some(None)` where by nothing.
    fn correction(&self, i: usize) -> Option<Option<Factor>> {
        Some(match self.model.config().correction {
            Correction::None => None,
            Correction::Linear => {
                let intercept = self.weight(POS_CORR_INTERCEPT, 0)?;
                let slope = self.weight(POS_CORR_SLOPE, 0)?;
                let label = format!("(1 + {} + {i} · {})", intercept.label, slope.label);
                let value = 1.0 + (intercept.value + slope.value * i as f64);
                Some(Factor::made(None, label, value))
            }
            Correction::Full => {
                let Factor { item, label, value } = self.weight(POS_CORRECTION, i)?;
                Some(Factor { item, label: format!("(1 + {label})"), value: 1.0 + value })
            }
        })
    }

    pub(super) fn norm_step(&self, norm: Norm, dim: usize) -> Option<Step> {
        // Norms and dimensions that the model does not have end here.
        self.norm_weight(norm, dim)?;
        let stored = |tensor: &str, index| {
            let terms = vec![Addend::new([self.weight(tensor, index)?])];
            Some(Step::sum(format!("norm = {tensor}"), terms))
        };
        match self.model.config().norm {
            config::Norm::Shared | config::Norm::Spiral => stored(NORM1, dim),
            config::Norm::Full | config::Norm::NoNorm2 => match norm {
                Norm::First => stored(NORM1, dim),
                Norm::Second => stored(NORM2, dim),
                Norm::Last => stored(NORM_F, dim),
            },
            config::Norm::Scalar => stored(NORM_SCALE, 0),
            config::Norm::Fixed => {
                let terms = vec![Addend::new([Factor::made(None, "1", 1.0)])];
                Some(Step::sum("norm = 1: it has no weights", terms))
            }
            config::Norm::Structured => self.structured(dim),
            config::Norm::SpiralBoost { amp } => self.boosted(amp, dim),
        }
    }

    fn structured(&self, dim: usize) -> Option<Step> {
        let mut terms = vec![Addend::new([self.weight(NORM_B, 0)?])];
        let more = [(1, NORM_D1), (4, NORM_D4)].into_iter().find(|(at, _)| *at == dim);
        let mut formula = "norm = norm1.b".to_owned();
        if let Some((_, tensor)) = more {
            terms.push(Addend::new([self.weight(tensor, 0)?]));
            formula += &format!(" + {tensor}");
        }
        Some(Step::sum(formula, terms))
    }

    /// A frozen spiral norm, boosted by Z10's position.
    fn boosted(&self, amp: f64, dim: usize) -> Option<Step> {
        let base = Addend::new([self.weight(NORM_BASE, dim)?]);
        let Some(i) = dim.checked_sub(self.model.config().tok_dim) else {
            return Some(Step::sum("norm = norm1.base_weight", vec![base]));
        };
        let z = self.model.params().get(Z_HI_POS)?;
        let total: f64 = z.iter().map(|z| f64::from(*z).abs()).sum();
        let Factor { item, label, value } = self.weight(Z_HI_POS, i)?;
        let boost = Addend::new([
            Factor::made(None, "spiral_init_amp", amp),
            Factor { item, label: format!("|{label}|"), value: value.abs() },
            Factor::made(None, "1/(Σ|z_hi_pos| + 1)", 1.0 / (total + 1.0)),
        ]);
        let formula = "norm = norm1.base_weight + spiral_init_amp · |z_hi_pos| / (Σ|z_hi_pos| + 1)";
        let weight = |index| Item::Weight { tensor: Z_HI_POS.to_owned(), index };
        let folded = (0..z.len()).map(weight).listed(); // in their sum
        Some(Step { folded, ..Step::sum(formula, vec![base, boost]) })
    }
}
