//! A short training run.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::train::{Architecture, Settings, Trainer};

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
