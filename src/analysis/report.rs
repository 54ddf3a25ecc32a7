//! Everything that the panels show and the command line prints, in one struct.

use super::Rows;
use super::errors::ErrorsByAlignment;
use super::geometry::{Geometry, geometry};
use super::readout::{NormWeights, Rank1, norm_weights, rank1};
use super::trajectory::trajectory;
use model::Engine;
use model::config::QkInput;
use model::engine::Examples;
use model::file::{Checkpoint, Evaluation, Metrics};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use task::sampling::{ATTENTION_EXAMPLES, ERROR_EXAMPLES, PANEL_SEED, pairs};

/// The examples behind the error panels. Every edit of a weight asks them, so that they are
/// drawn once.
static EXAMPLES: OnceLock<Examples> = OnceLock::new();

/// The sizes that axes and titles speak of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Attention heads.
    pub n_heads: usize,
    /// Query and key dimensions per head.
    pub qk_dim: usize,
    /// Value dimensions per head.
    pub head_dim: usize,
    /// Rows of the token table.
    pub vocab_size: usize,
    /// Rank of the output projection; `None` when it is a full matrix.
    pub out_proj_rank: Option<usize>,
    /// Names of the residual stream's dimensions: `tok0`, …, `pos2`.
    pub dims: Vec<String>,
    /// Queries and keys read the token part alone: positions lie nowhere in their space.
    #[serde(default)]
    pub qk_of_tokens: bool,
}

/// Where in the history of its run a model stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its place among the snapshots, from 0.
    pub index: usize,
    /// Snapshots of the run.
    pub count: usize,
}

/// All analyses of one checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `clean` or `research`.
    pub family: String,
    /// The configuration, flat; a JSON object.
    pub config: String,
    /// Training step, where the file says it.
    pub step: Option<u64>,
    /// Stored metrics; see [`Checkpoint::metrics`].
    pub metrics: Option<Metrics>,
    /// Whether these are not the numbers that training left.
    pub edited: bool,
    /// What is switched off in what panels 4 to 8 show, as a sentence; empty where nothing is.
    pub off: String,
    /// Learned numbers.
    pub param_count: usize,
    /// Learned numbers per tensor, under the file's names.
    pub parameter_breakdown: Vec<(String, usize)>,
    /// Sizes.
    pub shape: Shape,
    /// Panels 1 to 3.
    pub geometry: Geometry,
    /// Panels 4 and 5: mean softmax weights over 500 examples (n_heads × 33 × 33).
    pub mean_attention: Vec<Rows>,
    /// Panels 6 to 8: 3000 examples.
    pub errors: ErrorsByAlignment,
    /// Panels 9 and 10; `None` unless the output projection has rank 1.
    pub rank1: Option<Rank1>,
    /// Panel 11.
    pub norms: NormWeights,
    /// Panel 12; `None` without a log.
    pub trajectory: Option<Vec<Evaluation>>,
    /// Where it stands in its run; `None` for a model from a checkpoint.
    pub snapshot: Option<Snapshot>,
}

impl Report {
    /// The report as bytes, to send from a Worker to the page. Not for files: the format
    /// is of this build.
    ///
    /// # Errors
    /// A value cannot be written; none that an analysis makes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// What [`Report::to_bytes`] wrote.
    ///
    /// # Errors
    /// These are other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Report, postcard::Error> {
        postcard::from_bytes(bytes)
    }

    /// Analyses `checkpoint`, with the run's log if there is one.
    pub fn new(checkpoint: &Checkpoint, log: Option<&[Evaluation]>) -> Report {
        let (model, config) = (&checkpoint.model, checkpoint.model.config());
        let engine = Engine::new(model);
        let examples = EXAMPLES.get_or_init(|| Examples::new(pairs(PANEL_SEED, ERROR_EXAMPLES)));
        Report {
            family: checkpoint.about.family.name().to_owned(),
            config: checkpoint.about.config.clone(),
            step: checkpoint.about.step,
            metrics: checkpoint.metrics().cloned(),
            edited: checkpoint.is_edited(),
            off: String::new(),
            param_count: model.params().count(),
            parameter_breakdown: checkpoint.parameter_breakdown(),
            shape: Shape {
                n_heads: config.n_heads,
                qk_dim: config.qk_dim,
                head_dim: config.head_dim,
                vocab_size: config.vocabulary.size,
                out_proj_rank: config.out_proj.rank(),
                dims: config.dim_labels(),
                qk_of_tokens: config.qk_input == QkInput::Token,
            },
            geometry: geometry(model),
            mean_attention: engine.mean_attention(pairs(PANEL_SEED, ATTENTION_EXAMPLES)),
            errors: engine.errors_in(examples),
            rank1: rank1(model),
            norms: norm_weights(model),
            trajectory: log.map(trajectory),
            snapshot: None,
        }
    }

    /// A number of the stored metrics, such as `exact_match`.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.as_ref()?.number(name)
    }
}
