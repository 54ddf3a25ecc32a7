//! `--off`: what is switched off in the model that a command asks.

use super::Failure;
use adderscope::model::{Intervened, Model};
use adderscope::task::intervene::{Interventions, Off};
use std::collections::BTreeSet;

/// What is switched off.
#[derive(clap::Args)]
pub struct Switches {
    /// Switches a part off: `ffn`, `hidden:1`, or attention to `place:X3`, `column:4` or `group:Y`; can be given several times.
    #[arg(long, value_name = "PART")]
    off: Vec<Off>,
}

impl Switches {
    /// The parts.
    pub fn parts(&self) -> BTreeSet<Off> {
        self.off.iter().copied().collect()
    }

    fn interventions(&self) -> Interventions {
        Interventions { off: self.parts(), patch: None }
    }

    /// `model` with them off.
    pub fn of(&self, model: &Model) -> Result<Intervened, Failure> {
        Intervened::new(model, &self.interventions()).map_err(|e| Failure::Bad(e.to_string()))
    }

    /// "Switched off: the FFN, attention to X3"; nothing where nothing is.
    pub fn named(&self) -> Option<String> {
        self.interventions().switched_off()
    }

    /// As JSON has them.
    pub fn texts(&self) -> Vec<String> {
        self.parts().iter().map(ToString::to_string).collect()
    }
}
