//! The formats of checkpoints.

use serde::{Deserialize, Serialize};

/// The formats that checkpoints come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// `torch.save`: a zip archive with a pickle and raw storages.
    Torch,
    /// A JSON header and raw tensors.
    Safetensors,
    /// One object, tensors as nested lists.
    Json,
    /// A Python pickle that `torch.save` did not write.
    Pickle,
    /// NumPy's arrays by their names.
    Numpy,
    /// The address of a page, with the weights in it.
    Link,
}

impl Format {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Torch => "PyTorch .pt",
            Self::Safetensors => "safetensors",
            Self::Json => "JSON",
            Self::Pickle => "Python pickle",
            Self::Numpy => "NumPy",
            Self::Link => "link",
        }
    }

    /// How its file names end, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Torch => "pt",
            Self::Safetensors => "safetensors",
            Self::Json => "json",
            Self::Pickle => "pkl",
            Self::Numpy => "npz",
            Self::Link => "txt",
        }
    }
}
