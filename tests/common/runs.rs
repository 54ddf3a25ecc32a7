//! A short training run.
#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::train::{Architecture, Settings, Trainer};
use serde_json::Value;

/// A finished run of `arch`: 40 steps, with a snapshot every 10.
pub fn short(arch: &str) -> Trainer {
    let settings = Settings {
        arch: Architecture::named(arch),
        steps: 40,
        batch: 8,
        eval_every: 10,
        eval_examples: 50,
        ..Settings::default()
    };
    let mut trainer = Trainer::new(settings).unwrap();
    for _ in 0..4 {
        trainer.run(10).unwrap();
    }
    trainer
}

/// A safetensors file with header and tensors changed.
pub fn edited(bytes: &[u8], edit: impl FnOnce(&mut Value, &mut Vec<u8>)) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let mut data = bytes[8 + length..].to_vec();
    edit(&mut header, &mut data);
    let text = header.to_string();
    [&(text.len() as u64).to_le_bytes(), text.as_bytes(), &data].concat()
}
