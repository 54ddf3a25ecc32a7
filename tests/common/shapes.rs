//! Made-up architectures that the fast gradient takes, and models of them.
#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::model::config::{Config, Correction, Norm, OutProj, SpecialPositions};
use adderscope::model::{Model, Params};
use adderscope::task::addition::Vocabulary;
use adderscope::task::sampling::PythonRandom;
use adderscope::train::Architecture;
use ndarray::ArrayD;

/// A random one of `list`.
fn one_of<T: Clone>(random: &mut PythonRandom, list: &[T]) -> T {
    list[random.up_to(list.len() as u64 - 1) as usize].clone()
}

/// A random architecture with embeddings on a circle.
pub fn config(seed: u64) -> Config {
    let mut random = PythonRandom::new(seed);
    let random = &mut random;
    let mut config = Architecture::named("67p").build().unwrap().config;
    config.frozen.clear();
    let flag = |random: &mut PythonRandom| random.up_to(1) == 1;
    config.vocabulary = Vocabulary::of_size(one_of(random, &Vocabulary::SIZES)).unwrap();
    config.pos_dim = one_of(random, &[3, 3, 4, 6]);
    config.n_heads = one_of(random, &[1, 1, 2, 3]);
    config.head_dim = one_of(random, &[1, 3, 5]);
    config.qk_dim = one_of(random, &[1, 4, 5]);
    config.ffn_dim = one_of(random, &[1, 2, 2, 9]);
    config.out_proj = one_of(
        random,
        &[OutProj::LowRank(1), OutProj::LowRank(2), OutProj::LowRank(4), OutProj::Full],
    );
    config.correction = one_of(random, &[Correction::None, Correction::Full]);
    config.special_positions = one_of(random, &[SpecialPositions::All, SpecialPositions::Zero]);
    config.tie_qk = flag(random);
    config.q_phase = flag(random);
    config.tie_v_head = flag(random);
    if config.tie_v_head {
        (config.n_heads, config.head_dim) = (1, config.d_model());
    }
    config.tie_fc2_head = flag(random);
    if config.tie_fc2_head {
        config.ffn_dim = config.tok_dim;
    }
    config.ffn_bias = flag(random);
    config.norm = one_of(
        random,
        &[
            Norm::Shared,
            Norm::Full,
            Norm::NoNorm2,
            Norm::Fixed,
            Norm::Scalar,
            Norm::Structured,
            Norm::Spiral,
            Norm::SpiralBoost { amp: 0.7 },
        ],
    );
    config
}

/// The architecture in a few words.
pub fn words(c: &Config) -> String {
    let (d, h, f, v) = (c.d_model(), c.n_heads, c.ffn_dim, c.vocabulary.size);
    format!("d {d} heads {h}x{} ffn {f} vocab {v} {:?} {:?}", c.head_dim, c.out_proj, c.norm)
}

/// A model with random weights of the size that trained ones have.
pub fn model(config: &Config, seed: u64) -> Model {
    let mut random = PythonRandom::new(seed + 1000);
    let mut values = Vec::new();
    for spec in config.specs() {
        let (middle, spread) = match spec.name {
            "tok_arc_A" => (2.5, 0.5),
            "tok_arc_start" => (-1.2, 0.2),
            "tok_arc_stride" => (0.29, 0.05),
            "spiral_amp" => (3.5, 0.5),
            name if name.starts_with("norm") => (1.0, 0.5),
            _ => (0.0, 0.9),
        };
        let mut draw = || (middle + spread * (random.up_to(2_000_000) as f64 / 1e6 - 1.0)) as f32;
        let count = spec.shape.iter().product();
        let data: Vec<f32> = (0..count).map(|_| draw()).collect();
        values.push((spec.name, ArrayD::from_shape_vec(spec.shape, data).unwrap()));
    }
    let find = |name: &str| {
        let found = values.iter().find(|(n, _)| *n == name);
        (name.to_owned(), found.map(|(_, values)| values.clone()))
    };
    let params = Params::collect(config, find).unwrap();
    Model::new(config.clone(), params)
}
