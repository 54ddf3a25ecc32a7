//! Two models side by side: their architectures, their weights, and AdderBoard's suite. What all additions say of them is
//! [`model::exact::versus`].

use model::config::{
    Config, Correction, DigitPositions, Embedding, Norm, OutProj, QkInput, SpecialPositions,
};
use model::exact::versus::{Answers, Who};
use model::params::{Param, shape_text};
use model::{Engine, Model, tensors};
use numbers::words;
use serde::Serialize;
use std::collections::BTreeMap;
use task::sampling::{ADDERBOARD_PAIRS, ADDERBOARD_SEED, Pair, adderboard};

/// A setting of the architecture in which two models differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Setting {
    /// What it is: `heads`.
    pub name: &'static str,
    /// What it is in A.
    pub a: String,
    /// What it is in B.
    pub b: String,
}

/// One number of a tensor in both models.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct NumberPair {
    /// Its index: `[0, 2]`; empty for a tensor of one number.
    pub subscript: String,
    /// What it is: `q0, pos2`; empty for a tensor of one number.
    pub place: String,
    /// In A.
    pub a: f32,
    /// In B.
    pub b: f32,
    /// B less A.
    pub delta: f64,
}

/// A tensor of two models.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct TensorPair {
    /// Its clean name.
    pub name: &'static str,
    /// What it is, in words.
    pub title: String,
    /// Its numbers, row by row; none where there is a reason not to compare them.
    pub numbers: Vec<NumberPair>,
    /// That reason.
    pub apart: Option<String>,
}

/// AdderBoard's suite, asked of two models.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct SuitePair {
    /// Additions asked.
    pub total: usize,
    /// A's right answers.
    pub passed_a: usize,
    /// B's.
    pub passed_b: usize,
    /// How many are of each kind, in the order of [`Who::ALL`].
    pub kinds: [usize; 4],
    /// Those that one alone gets right, in the order asked.
    pub differences: Vec<Answers>,
}

/// Two models side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct SideBySide {
    /// A's learned numbers.
    pub parameters_a: usize,
    /// B's.
    pub parameters_b: usize,
    /// Settings in which they differ.
    pub settings: Vec<Setting>,
    /// The tensors of both, in the order of the forward pass.
    pub tensors: Vec<TensorPair>,
    /// AdderBoard's suite.
    pub suite: SuitePair,
}

/// Compares `a` and `b`.
pub fn side_by_side(a: &Model, b: &Model) -> SideBySide {
    SideBySide {
        parameters_a: a.params().count(),
        parameters_b: b.params().count(),
        settings: settings(a.config(), b.config()),
        tensors: tensor_pairs(a, b),
        suite: suite(a, b),
    }
}

fn settings(a: &Config, b: &Config) -> Vec<Setting> {
    let both = described(a).into_iter().zip(described(b));
    let differ = both.filter(|((_, a), (_, b))| a != b);
    differ.map(|((name, a), (_, b))| Setting { name, a, b }).collect()
}

/// All settings of an architecture, in words.
fn described(config: &Config) -> Vec<(&'static str, String)> {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let Config {
        vocabulary,
        tok_dim,
        pos_dim,
        n_heads,
        head_dim,
        qk_dim,
        ffn_dim,
        embedding,
        frozen_pad,
        digit_positions,
        correction,
        special_positions,
        qk_input,
        tie_qk,
        q_phase,
        softmax1,
        tie_v_head,
        out_proj,
        ffn_bias,
        tie_fc2_head,
        norm,
        frozen,
    } = config;
    let frozen = if frozen.is_empty() { "none".to_owned() } else { words::list(frozen) };
    vec![
        ("vocabulary", vocabulary.size.to_string()),
        ("token dimensions", tok_dim.to_string()),
        ("position dimensions", pos_dim.to_string()),
        ("heads", n_heads.to_string()),
        ("value dimensions per head", head_dim.to_string()),
        ("query and key dimensions per head", qk_dim.to_string()),
        ("hidden units", ffn_dim.to_string()),
        ("token embeddings", embedding_words(*embedding).to_owned()),
        ("embedding of PAD fixed at 0", yes(*frozen_pad)),
        ("positions of digits", position_words(*digit_positions).to_owned()),
        ("correction of the spiral", correction_words(*correction).to_owned()),
        ("special positions", special_words(*special_positions).to_owned()),
        ("queries and keys read", qk_words(*qk_input).to_owned()),
        ("keys tied to queries", yes(*tie_qk)),
        ("queries rotated", yes(*q_phase)),
        ("attention", if *softmax1 { "softmax1" } else { "softmax" }.to_owned()),
        ("values tied to the head", yes(*tie_v_head)),
        ("output projection", out_words(*out_proj)),
        ("biases in the FFN", yes(*ffn_bias)),
        ("second FFN layer tied to the head", yes(*tie_fc2_head)),
        ("norms", norm_words(*norm)),
        ("frozen tensors", frozen),
    ]
}

fn embedding_words(embedding: Embedding) -> &'static str {
    match embedding {
        Embedding::Arc { tied: true } => "circular arc",
        Embedding::Arc { tied: false } => "elliptic arc",
        Embedding::Learned => "learned table",
    }
}

fn position_words(positions: DigitPositions) -> &'static str {
    match positions {
        DigitPositions::Spiral => "a spiral",
        DigitPositions::Learned => "learned table",
    }
}

fn correction_words(correction: Correction) -> &'static str {
    match correction {
        Correction::None => "none",
        Correction::Linear => "linear",
        Correction::Full => "by position",
    }
}

fn special_words(special: SpecialPositions) -> &'static str {
    match special {
        SpecialPositions::All => "PLUS, EQUALS and EOS",
        SpecialPositions::PlusEquals => "PLUS and EQUALS",
        SpecialPositions::Equals => "EQUALS",
        SpecialPositions::Zero => "none",
    }
}

fn qk_words(input: QkInput) -> &'static str {
    match input {
        QkInput::Position => "positions",
        QkInput::Full => "the whole row",
        QkInput::Token => "tokens",
    }
}

fn out_words(out: OutProj) -> String {
    match out {
        OutProj::LowRank(rank) => format!("rank {rank}"),
        OutProj::Full => "full".to_owned(),
    }
}

fn norm_words(norm: Norm) -> String {
    let words = match norm {
        Norm::Shared => "one learned vector",
        Norm::Full => "three learned vectors",
        Norm::NoNorm2 => "two learned vectors, none before the FFN",
        Norm::Fixed => "all ones",
        Norm::Scalar => "one learned number",
        Norm::Structured => "three learned numbers",
        Norm::Spiral => "frozen spiral",
        Norm::SpiralBoost { amp } => {
            return format!("frozen spiral of {}, with a boost", words::exact(amp));
        }
    };
    words.to_owned()
}

fn tensor_pairs(a: &Model, b: &Model) -> Vec<TensorPair> {
    let find = |model: &'_ Model, name: &str| model.params().iter().position(|p| p.name == name);
    let mut pairs: Vec<TensorPair> = Vec::new();
    for param in a.params().iter() {
        let other = b.params().iter().find(|other| other.name == param.name);
        pairs.push(tensor_pair(a, param, other, "only in A"));
    }
    let more = b.params().iter().filter(|param| find(a, param.name).is_none());
    pairs.extend(more.map(|param| tensor_pair(b, param, None, "only in B")));
    pairs
}

fn tensor_pair(of: &Model, a: &Param, b: Option<&Param>, alone: &str) -> TensorPair {
    let (name, title) = (a.name, tensors::title(a.name, of.config()));
    let apart = match b {
        None => Some(alone.to_owned()),
        Some(b) if a.values.shape() != b.values.shape() => {
            let shape = |param: &Param| shape_text(param.values.shape());
            Some(format!("shape {} in A, {} in B", shape(a), shape(b)))
        }
        Some(_) => None,
    };
    let (None, Some(b)) = (&apart, b) else {
        return TensorPair { name, title, numbers: vec![], apart };
    };
    let axes = tensors::axes(name, of.config());
    let number = |(i, (a_value, b_value)): (usize, (&f32, &f32))| NumberPair {
        subscript: tensors::subscript(a.values.shape(), i),
        place: tensors::place(&axes, i),
        a: *a_value,
        b: *b_value,
        delta: f64::from(*b_value) - f64::from(*a_value),
    };
    let numbers = a.numbers().iter().zip(b.numbers()).enumerate().map(number).collect();
    TensorPair { name, title, numbers, apart }
}

/// What a model says to AdderBoard's additions that it answers wrong.
fn failures(model: &Model) -> BTreeMap<Pair, u64> {
    let mut failures = BTreeMap::new();
    Engine::new(model).each_failure(adderboard(ADDERBOARD_SEED, ADDERBOARD_PAIRS), |failure| {
        failures.insert((failure.a, failure.b), failure.got);
    });
    failures
}

fn suite(a: &Model, b: &Model) -> SuitePair {
    let (wrong_a, wrong_b) = (failures(a), failures(b));
    let (mut kinds, mut differences, mut total) = ([0; 4], Vec::new(), 0);
    for (a, b) in adderboard(ADDERBOARD_SEED, ADDERBOARD_PAIRS) {
        let said = |wrong: &BTreeMap<Pair, u64>| wrong.get(&(a, b)).copied().unwrap_or(a + b);
        let (got_a, got_b) = (said(&wrong_a), said(&wrong_b));
        let answers = Answers { a, b, expected: a + b, got_a, got_b };
        let who = answers.who();
        total += 1;
        kinds[who as usize] += 1;
        if matches!(who, Who::OnlyA | Who::OnlyB) {
            differences.push(answers);
        }
    }
    let of = |who: Who| kinds[who as usize];
    let passed_a = of(Who::Both) + of(Who::OnlyA);
    SuitePair { total, passed_a, passed_b: of(Who::Both) + of(Who::OnlyB), kinds, differences }
}
