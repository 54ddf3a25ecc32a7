//! What can be wrong with a configuration or with its tensors.

use thiserror::Error;

/// Why a set of tensors and a configuration are not a MicroAdder that we support.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// A configuration value outside of what is supported.
    #[error(
        "the configuration has {key} = {value}, which AdderScope does not support: {supported}"
    )]
    Unsupported {
        /// The key, in the file's own dialect.
        key: String,
        /// Its value, as JSON.
        value: String,
        /// What would be supported, as half a sentence.
        supported: String,
    },
    /// A tensor that the configuration asks for is not in the file.
    #[error("the tensor {name} is missing: this architecture has one of shape {wanted}")]
    MissingTensor {
        /// The tensor's name, in the file's own dialect.
        name: String,
        /// The shape that the configuration asks for, like `(5, 3)`.
        wanted: String,
    },
    /// A tensor has another shape than the configuration asks for.
    #[error("the tensor {name} has shape {found}, where this architecture has {wanted}")]
    WrongShape {
        /// The tensor's name, in the file's own dialect.
        name: String,
        /// The shape that the configuration asks for.
        wanted: String,
        /// The shape in the file.
        found: String,
    },
    /// A weight is NaN or infinite.
    #[error(
        "the tensor {name} holds {value} at index {index}: training diverged before this \
         checkpoint was saved, so open an earlier one"
    )]
    NotFinite {
        /// The tensor's name, in the file's own dialect.
        name: String,
        /// Flat index of the first such value.
        index: usize,
        /// `NaN`, `inf` or `-inf`.
        value: String,
    },
    /// Two names of one tied tensor hold different values.
    #[error(
        "the tensors {name} and {twin} are one in this architecture but hold different values: \
         export the checkpoint again, or correct the configuration"
    )]
    TiedDiffer {
        /// The name that the model uses.
        name: String,
        /// The other name.
        twin: String,
    },
    /// The tensors are those of another kind of model.
    #[error(
        "this looks like {family}, not like a MicroAdder: of its {count} tensors, {} belong to no model that AdderScope \
         knows. It opens one-layer MicroAdder checkpoints",
        .second.as_ref().map_or_else(|| first.clone(), |second| format!("{first} and {second}"))
    )]
    Foreign {
        /// What it looks like, with an article.
        family: &'static str,
        /// How many tensors it has.
        count: usize,
        /// The first of them that no MicroAdder has.
        first: String,
        /// The second.
        second: Option<String>,
    },
    /// A tensor that no supported model has.
    #[error(
        "the tensor {name} belongs to no model that AdderScope knows: it opens one-layer \
         MicroAdder checkpoints only"
    )]
    UnknownTensor {
        /// The tensor's name as it stands in the file.
        name: String,
    },
}
