//! What the panels count and average, of a model with parts switched off.

use super::attention::mean_attention;
use super::errors::{ErrorsByAlignment, errors};
use super::{Report, Rows};
use model::{Forward, Intervened};
use task::sampling::{ATTENTION_EXAMPLES, ERROR_EXAMPLES, PANEL_SEED, pairs};

/// What panels 4 to 8 show: all other panels are of the stored numbers, which no switch changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// What is switched off, as a sentence.
    pub off: String,
    /// As [`Report::mean_attention`].
    pub mean_attention: Vec<Rows>,
    /// As [`Report::errors`].
    pub errors: ErrorsByAlignment,
}

impl Measured {
    /// Runs the plain forward pass over the report's own examples.
    pub fn new(under: &Intervened, off: String) -> Measured {
        let (forward, config) = (Forward::under(under), under.model().config());
        let examples = |count| pairs(PANEL_SEED, count);
        Measured {
            off,
            mean_attention: mean_attention(&forward, config, examples(ATTENTION_EXAMPLES)),
            errors: errors(&forward, config, examples(ERROR_EXAMPLES)),
        }
    }

    /// Takes the place of what `report` has of the whole model.
    pub fn put(self, report: &mut Report) {
        let Measured { off, mean_attention, errors } = self;
        (report.off, report.mean_attention, report.errors) = (off, mean_attention, errors);
    }
}
