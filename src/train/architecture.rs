//! What can be trained: architectures by name, and any supported configuration.

use super::error::Error;
use super::random::Random;
use formats::Keys;
use model::config::{Config, ParamSpec};
use model::tensors::{self, First, name::*};
use model::{Model, Params, weights::spiral_norm_base};
use ndarray::ArrayD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::f64::consts::PI;
use task::addition::DIGITS;

/// Name, and what differs from [`base`].
type Named = (&'static str, &'static [(&'static str, Setting)]);

#[derive(Clone, Copy)]
enum Setting {
    Word(&'static str),
    Count(u64),
    On,
}

/// Second-generation spiral norm: its configuration is that of `62p`, its tensors differ.
const BOOST: &str = "62p_boost";

const NAMED: [Named; 5] = [
    ("57p", &[("tie_fc2_head", Setting::On)]),
    ("62p", &[("norm_mode", Setting::Word("spiral"))]),
    ("67p", &[]),
    ("74p", &[("qk_dim", Setting::Count(5)), ("freeze_spiral", Setting::Word(""))]),
    (BOOST, &[("norm_mode", Setting::Word("spiral"))]),
];

/// The configuration of 67p; the other named ones are changes of it.
fn base() -> Map<String, Value> {
    let config = json!({
        "d_model": 5,
        "tok_dim": 2,
        "pos_dim": 3,
        "n_heads": 1,
        "head_dim": 5,
        "ffn_dim": 2,
        "vocab_size": 10,
        "max_seq_len": 34,
        "qk_dim": 4,
        "norm_mode": "weighted",
        "qk_input": "pos",
        "freeze_tok_arc": "",
        "tok_arc_init_A": default(TOK_ARC_A),
        "tok_arc_init_start": default(TOK_ARC_START),
        "tok_arc_init_stride": default(TOK_ARC_STRIDE),
        "tie_fc2_head": false,
        "freeze_spiral": "amp,phase,slope,offset",
        "spiral_init_amp": default(SPIRAL_AMP),
        "spiral_init_phase": default(SPIRAL_PHASE),
        "spiral_init_slope": default(SPIRAL_SLOPE),
        "spiral_init_offset": default(SPIRAL_OFFSET),
        "equals_spiral_idx": -1.0,
    });
    config.as_object().cloned().unwrap_or_default()
}

/// `config` with what it leaves out as in [`base`]; sizes that follow from others follow.
fn completed(config: &Map<String, Value>) -> Map<String, Value> {
    let given = Keys::new(Some(config)).map().unwrap_or(config);
    let mut whole = base();
    for follows in ["d_model", "head_dim"] {
        whole.remove(follows);
    }
    whole.extend(given.clone());
    whole
}

/// An architecture, as settings name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Architecture {
    /// One of [`Architecture::names`].
    Name(String),
    /// A configuration of the clean dialect, as in a checkpoint. What it leaves out is as
    /// in 67p.
    Config(Map<String, Value>),
}

impl Default for Architecture {
    fn default() -> Architecture {
        Architecture::named("62p")
    }
}

/// An architecture, ready to be trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Built {
    /// What is computed.
    pub config: Config,
    /// The same as a checkpoint stores it.
    pub stored: Map<String, Value>,
    initial: Initial,
}

/// What a run starts from.
#[derive(Clone, Debug, PartialEq)]
struct Initial {
    /// Tensors of one number that the configuration says or has a default for.
    numbers: Vec<(&'static str, f64)>,
    /// Where on the spiral a frozen position is, by the setting that says so.
    on_spiral: Vec<(&'static str, f64)>,
}

/// The number that a tensor has at first where a configuration says nothing of it.
fn default(tensor: &str) -> f64 {
    match tensors::find(tensor).map(|tensor| tensor.first) {
        Some(First::Number { default, .. }) => default,
        _ => 0.0,
    }
}

impl Initial {
    fn new(keys: Keys) -> Result<Initial, model::Error> {
        let mut initial = Initial { numbers: Vec::new(), on_spiral: Vec::new() };
        for tensor in tensors::ALL {
            if let First::Number { .. } | First::NumberLike { .. } = tensor.first {
                initial.numbers.push((tensor.name, keys.first_number(tensor.name)?));
            }
            if let Some(First::OnSpiral { key }) = tensor.fixed
                && let Some(i) = keys.number(key)?.filter(|i| *i >= 0.0)
            {
                initial.on_spiral.push((key, i));
            }
        }
        Ok(initial)
    }

    fn number(&self, tensor: &str) -> f64 {
        self.numbers.iter().find(|(name, _)| *name == tensor).map_or(0.0, |(_, value)| *value)
    }

    /// The initial values of a tensor, in row-major order.
    fn values(&self, config: &Config, spec: &ParamSpec, random: &mut Random) -> Vec<f64> {
        let tensor = tensors::find(spec.name);
        let fixed = tensor.and_then(|tensor| tensor.fixed).filter(|_| !spec.learned);
        let first = fixed.or(tensor.map(|tensor| tensor.first)).unwrap_or(First::Zeros);
        let count = spec.len();
        let mut uniform = |bound| (0..count).map(|_| random.symmetric(bound)).collect();
        match first {
            First::Number { .. } | First::NumberLike { .. } => vec![self.number(spec.name)],
            First::Zeros => vec![0.0; count],
            First::Ones => vec![1.0; count],
            First::Normal(deviation) => (0..count).map(|_| random.normal(deviation)).collect(),
            First::Xavier => uniform((6.0 / spec.shape.iter().sum::<usize>() as f64).sqrt()),
            // PyTorch's fan-in is the last axis.
            First::Kaiming => {
                let fan_in = spec.shape.last().copied().unwrap_or(1).max(1);
                uniform(1.0 / (fan_in as f64).sqrt())
            }
            First::SpiralNorm => {
                spiral_norm_base(self.number(SPIRAL_AMP), config.d_model()).to_vec()
            }
            First::OnSpiral { key } => self.on_spiral(key, count),
        }
    }

    /// A position at its place on the spiral, without the phase as in MicroAdder; zero without one.
    fn on_spiral(&self, key: &str, count: usize) -> Vec<f64> {
        let mut point = vec![0.0; count];
        let place = self.on_spiral.iter().find(|(setting, _)| *setting == key);
        if let (Some((_, i)), [x, y, z, ..]) = (place, &mut point[..]) {
            let amp = self.number(SPIRAL_AMP);
            let angle = 2.0 * PI * i / DIGITS as f64;
            *x = amp * libm::cos(angle);
            *y = amp * libm::sin(angle);
            *z = self.number(SPIRAL_SLOPE) * i + self.number(SPIRAL_OFFSET);
        }
        point
    }
}

impl Architecture {
    /// The architecture called `name`.
    pub fn named(name: &str) -> Architecture {
        Architecture::Name(name.to_owned())
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMED.iter().map(|(name, _)| *name)
    }

    /// What an architecture may be, in words.
    pub(super) fn wanted() -> String {
        let names: Vec<&str> = Architecture::names().collect();
        format!("{} or a configuration of the clean dialect", names.join(", "))
    }

    /// The configuration, as a checkpoint stores it.
    fn stored(&self) -> Result<Map<String, Value>, Error> {
        let name = match self {
            Architecture::Config(config) => return Ok(completed(config)),
            Architecture::Name(name) => name,
        };
        let (_, changes) =
            NAMED.iter().find(|(known, _)| known == name).ok_or_else(|| Error::Setting {
                name: "arch",
                value: Value::from(name.as_str()).to_string(),
                wanted: Architecture::wanted(),
            })?;
        let mut config = base();
        for (key, value) in *changes {
            let value = match value {
                Setting::Word(word) => Value::from(*word),
                Setting::Count(count) => Value::from(*count),
                Setting::On => Value::from(true),
            };
            config.insert((*key).to_owned(), value);
        }
        Ok(config)
    }

    /// Makes it ready to be trained.
    ///
    /// # Errors
    /// The name is not known, or the configuration is not supported.
    pub fn build(&self) -> Result<Built, Error> {
        let stored = self.stored()?;
        let boost = *self == Architecture::named(BOOST);
        let config = formats::architecture(&stored, boost)?;
        let initial = Initial::new(Keys::new(Some(&stored)))?;
        Ok(Built { config, stored, initial })
    }
}

impl Built {
    /// A model with initial values: arc, spiral and zeros as configured, Xavier uniform
    /// matrices, normal positions, norms of 1.
    ///
    /// # Errors
    /// An initial value of the configuration is too large for f32.
    pub fn model(&self, random: &mut Random) -> Result<Model, Error> {
        let mut tensors = BTreeMap::new();
        for spec in self.config.specs() {
            let values = self.initial.values(&self.config, &spec, random);
            let values = values.into_iter().map(|v| v as f32).collect();
            tensors.insert(spec.name, ArrayD::from_shape_vec(spec.shape, values).ok());
        }
        let find = |name: &str| (name.to_owned(), tensors.get(name).cloned().flatten());
        let params = Params::collect(&self.config, find)?;
        Ok(Model::new(self.config.clone(), params))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(architecture: &Architecture) -> Model {
        architecture.build().unwrap().model(&mut Random::new(1)).unwrap()
    }

    #[test]
    fn names_count_their_parameters() {
        for name in Architecture::names() {
            let wanted: usize = name.split('p').next().unwrap().parse().unwrap();
            assert_eq!(model(&Architecture::named(name)).params().count(), wanted, "{name}");
        }
    }

    #[test]
    fn initial_values_are_those_of_the_reference() {
        let model = model(&Architecture::named("62p"));
        let params = model.params();
        let scalars =
            ["tok_arc_A", "tok_arc_start", "tok_arc_stride", "spiral_amp", "spiral_slope"];
        let found = scalars.map(|name| params.scalar(name) as f32);
        assert_eq!(found, [2.5, -1.2, 0.29, 3.5, 0.15]);
        let all = |name: &str, test: fn(f32) -> bool| {
            assert!(params.get(name).unwrap().iter().all(|v| test(*v)), "{name}");
        };
        all("z_hi_pos", |v| v != 0.0 && v.abs() < 0.1);
        all("special_pos_equals", |v| v != 0.0 && v.abs() < 0.1);
        all("q_phase_angle", |v| v == 0.0);
        all("q_proj.weight", |v| v.abs() <= (6.0f32 / 7.0).sqrt());
        all("out_proj.A", |v| v.abs() <= 1.0);
        all("out_proj.B", |v| v == 0.0);
        let norm: Vec<f32> = params.get("norm1.weight").unwrap().iter().copied().collect();
        assert_eq!(norm[0], 1.0);
        assert!((norm[1] - 3.057_248_4).abs() < 1e-6 && (norm[4] - 3.057_248_4).abs() < 1e-6);
    }

    #[test]
    fn a_configuration_keeps_what_it_freezes() {
        let config = json!({
            "freeze_tok_arc": "A,start", "norm_mode": "structured", "equals_spiral_idx": 9.5,
            "freeze_spiral": "amp", "pos_dim": 4, "tok_arc_init_A": 3.0,
        });
        let model = model(&Architecture::Config(config.as_object().unwrap().clone()));
        let learned = |name: &str| model.params().iter().find(|p| p.name == name).unwrap().learned;
        assert_eq!(
            ["tok_arc_A", "tok_arc_stride", "spiral_amp", "spiral_phase", "special_pos_equals"]
                .map(learned),
            [false, true, false, true, false]
        );
        assert_eq!(model.params().scalar("tok_arc_A"), 3.0);
        assert_eq!((model.config().d_model(), model.config().head_dim), (6, 6));
        let equals = model.params().get("special_pos_equals").unwrap();
        assert!((equals[[0, 2]] - 1.425).abs() < 1e-6);
    }
}
