//! Every tensor that a supported architecture can have: one table ([`ALL`]), and what follows from it.
//!
//! Which tensors a [`Config`] has, in what shapes ([`Config::specs`]); their names in both dialects
//! ([`names`](crate::names)); what stands for what where tensors are tied; what a person reads about a
//! number; what a setting freezes and what training starts from. A new tensor is a name in [`name`] and a
//! row of the table.

mod axis;
pub mod name;
mod table;

pub use axis::Axis;
pub use table::ALL;

use crate::config::{Config, ParamSpec};
use numbers::listed::Listed;

/// A tensor that some supported architecture has.
#[derive(Clone, Copy, Debug)]
pub struct Tensor {
    /// Its name in the clean dialect.
    pub name: &'static str,
    /// What it is, with every place that uses it.
    pub title: Title,
    /// Its axes, outermost first; none for a number.
    pub axes: &'static [Axis],
    /// What it is in an architecture; `None` where that does without.
    pub role: fn(&Config) -> Option<Role>,
    /// Where the research dialect has it.
    pub block: Block,
    /// What training starts from.
    pub first: First,
    /// What it holds where it is not learned, if that is something else.
    pub fixed: Option<First>,
    /// What freezes it; `None` for one that no run can freeze.
    pub freeze: Option<Freeze>,
    /// Names that can hold it where it is tied and the file has it only once.
    pub twins: &'static [&'static str],
}

/// What a tensor is in an architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Learned, unless the run froze it.
    Learned,
    /// Stored and never learned.
    Buffer,
    /// A buffer that is zeros where the file does not have it.
    Optional,
}

/// What a tensor is, in words.
#[derive(Clone, Copy, Debug)]
pub enum Title {
    /// The same in every architecture.
    Is(&'static str),
    /// By the architecture.
    Of(fn(&Config) -> String),
}

/// The part of a model that a tensor of the research dialect is nested in. Norms are there by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// None.
    Top,
    /// The attention of the one block.
    Attention,
    /// The FFN of the one block.
    Ffn,
}

/// What a tensor holds when training starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum First {
    /// A number of the configuration.
    Number {
        /// The setting.
        key: &'static str,
        /// What MicroAdder has without it.
        default: f64,
    },
    /// A number of the configuration, without which it is that of another tensor.
    NumberLike {
        /// The setting.
        key: &'static str,
        /// The other tensor.
        other: &'static str,
    },
    /// Zeros.
    Zeros,
    /// Ones.
    Ones,
    /// Normal, with this deviation.
    Normal(f64),
    /// Xavier uniform.
    Xavier,
    /// Kaiming uniform with a = √5 over the last axis.
    Kaiming,
    /// The base of the spiral norm.
    SpiralNorm,
    /// A point of the spiral; zeros without one.
    OnSpiral {
        /// The setting that says which point, where that is not negative.
        key: &'static str,
    },
}

/// What freezes a tensor, and how that shows without a configuration.
#[derive(Clone, Copy, Debug)]
pub struct Freeze {
    /// The settings that freeze it: each alone does.
    pub by: &'static [FrozenBy],
    /// Values beside the default of [`First::Number`] that it has where a MicroAdder run froze it. A
    /// learned number that never moved off its start to the last bit is as good as frozen.
    pub also: &'static [f32],
}

/// A setting that freezes a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrozenBy {
    /// A word between the commas of a setting.
    Listed {
        /// The setting.
        key: &'static str,
        /// The word.
        word: &'static str,
    },
    /// A setting that is on.
    Flag(&'static str),
    /// A setting that is a number, not below 0.
    NotNegative(&'static str),
    /// A setting of one value.
    Choice {
        /// The setting.
        key: &'static str,
        /// The value.
        word: &'static str,
    },
}

/// Buffers that files can have and that carry no information of their own.
const EMPTY: [&str; 6] =
    ["causal_mask", "_pos_sources", "_pos_indices", "_frozen_special", "_zero_special", "_pad_emb"];

/// Those of them that a model adds: they can be left alone as long as they are 0.
const ZEROS: [&str; 2] = ["_zero_special", "_pad_emb"];

/// Whether a buffer without information of its own is one of zeros.
pub fn is_zero(name: &str) -> bool {
    ZEROS.contains(&name)
}

/// The tensor of this clean name.
pub fn find(name: &str) -> Option<&'static Tensor> {
    ALL.iter().find(|tensor| tensor.name == name)
}

/// Names that can hold a tensor where it is tied and the file has it only once.
pub fn twins(name: &str) -> &'static [&'static str] {
    find(name).map_or(&[], |tensor| tensor.twins)
}

/// The twins of `name` in a model with the tensors `own`: what is a tensor of its own there is nobody's
/// twin.
pub fn tied(name: &str, own: &[ParamSpec]) -> impl Iterator<Item = &'static str> {
    let is_own = |twin: &&str| own.iter().any(|spec| spec.name == *twin);
    twins(name).iter().copied().filter(move |twin| !is_own(twin))
}

/// Whether a tensor of this clean name can be left unread without loss.
pub fn is_empty(name: &str) -> bool {
    EMPTY.contains(&name)
}

/// Whether some supported architecture has a tensor of this clean name. One of these that a configuration
/// does not use is left alone; a tensor of any other name makes a file unsupported.
pub fn is_known(name: &str) -> bool {
    ALL.iter().any(|tensor| tensor.name == name || tensor.twins.contains(&name))
}

/// Whether `key` is a setting that freezes a tensor or that says what one starts from.
pub fn is_setting(key: &str) -> bool {
    ALL.iter().any(|tensor| {
        let firsts = [Some(tensor.first), tensor.fixed].into_iter().flatten();
        let by = tensor.freeze.map_or(&[] as &[FrozenBy], |freeze| freeze.by);
        firsts.filter_map(First::key).chain(by.iter().map(|by| by.key())).any(|k| k == key)
    })
}

/// The words that the setting `key` can list, and the tensors that they freeze.
pub fn listed(key: &str) -> Vec<(&'static str, &'static str)> {
    let freezing = |tensor: &'static Tensor| {
        tensor.freeze?.by.iter().find_map(|by| match *by {
            FrozenBy::Listed { key: k, word } if k == key => Some((word, tensor.name)),
            _ => None,
        })
    };
    ALL.iter().filter_map(freezing).listed()
}

/// What a tensor is, with every place that uses it.
pub fn title(name: &str, config: &Config) -> String {
    match find(name).map(|tensor| tensor.title) {
        Some(Title::Is(words)) => words.to_owned(),
        Some(Title::Of(words)) => words(config),
        None => name.to_owned(),
    }
}

/// Names of the places along each axis of a tensor, outermost first. Axes of one place that only shape the
/// tensor are left out.
pub fn axes(name: &str, config: &Config) -> Vec<Vec<String>> {
    let axes = find(name).map_or(&[] as &[Axis], |tensor| tensor.axes);
    axes.iter().filter_map(|axis| axis.names(config)).listed()
}

/// What the number at the flat `index` of a tensor is: `q0, pos2`; empty for a tensor of one number.
pub fn place(axes: &[Vec<String>], mut index: usize) -> String {
    let mut names = Vec::new();
    for axis in axes.iter().rev() {
        names.push(axis.get(index % axis.len().max(1)).cloned().unwrap_or_default());
        index /= axis.len().max(1);
    }
    names.reverse();
    names.join(", ")
}

/// The index of the number at the flat `index` as code writes it: `[0, 2]`; empty for a tensor without axes.
pub fn subscript(shape: &[usize], mut index: usize) -> String {
    if shape.is_empty() {
        return String::new();
    }
    let mut parts = Vec::new();
    for len in shape.iter().rev() {
        parts.push((index % len.max(&1)).to_string());
        index /= len.max(&1);
    }
    parts.reverse();
    format!("[{}]", parts.join(", "))
}

impl Config {
    /// Every tensor of this architecture, in the order of the forward pass: the rows of the table that it has. Tied
    /// tensors stand once.
    pub fn specs(&self) -> Vec<ParamSpec> {
        SHAPES.iter().filter_map(|tensor| tensor.spec(self)).listed()
    }
}

/// What alone of a tensor says whether an architecture has it, and in what shape.
#[derive(Clone, Copy)]
struct Shaped {
    name: &'static str,
    axes: &'static [Axis],
    role: fn(&Config) -> Option<Role>,
}

/// That of the whole table, apart from it: parts of the page that need no more do not get titles and settings, which with
/// what makes words of them are 3 KB.
static SHAPES: [Shaped; ALL.len()] = {
    let mut shapes = [Shaped { name: "", axes: &[], role: |_| None }; ALL.len()];
    let mut at = 0;
    while at < ALL.len() {
        shapes[at] = Shaped { name: ALL[at].name, axes: ALL[at].axes, role: ALL[at].role };
        at += 1;
    }
    shapes
};

impl Shaped {
    /// The tensor in an architecture; `None` where that does without.
    fn spec(&self, config: &Config) -> Option<ParamSpec> {
        let role = (self.role)(config)?;
        Some(ParamSpec {
            name: self.name,
            shape: self.axes.iter().map(|axis| axis.len(config)).listed(),
            learned: role == Role::Learned && !config.frozen.iter().any(|name| name == self.name),
            optional: role == Role::Optional,
        })
    }
}

/// Whether a run can leave the tensor `name` alone.
pub fn is_freezable(name: &str) -> bool {
    find(name).is_some_and(|tensor| tensor.freeze.is_some())
}

impl Tensor {
    /// Whether `values` are those that it has where a run froze it.
    pub fn is_at_rest<'a>(&self, mut values: impl Iterator<Item = &'a f32>) -> bool {
        let Some(freeze) = self.freeze else { return false };
        let default = match self.first {
            First::Number { default, .. } => Some(default as f32),
            _ => None,
        };
        values.all(|v| default == Some(*v) || freeze.also.contains(v))
    }
}

impl First {
    /// The setting that it looks at.
    fn key(self) -> Option<&'static str> {
        match self {
            First::Number { key, .. } | First::NumberLike { key, .. } | First::OnSpiral { key } => {
                Some(key)
            }
            _ => None,
        }
    }
}

impl FrozenBy {
    /// The setting.
    fn key(self) -> &'static str {
        match self {
            FrozenBy::Listed { key, .. }
            | FrozenBy::Choice { key, .. }
            | FrozenBy::Flag(key)
            | FrozenBy::NotNegative(key) => key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tensor_stands_in_the_table_once() {
        for (i, tensor) in ALL.iter().enumerate() {
            assert!(ALL[..i].iter().all(|other| other.name != tensor.name), "{}", tensor.name);
            assert!(!tensor.name.is_empty() && !is_empty(tensor.name));
        }
        for key in ["freeze_tok_arc", "freeze_spiral"] {
            let words = listed(key);
            assert_eq!(words.len(), 4);
            assert!(words.iter().all(|(_, name)| find(name).is_some_and(|t| t.freeze.is_some())));
            assert!(is_setting(key));
        }
        for key in ["tok_arc_init_B", "equals_spiral_idx", "freeze_z_hi", "freeze_special"] {
            assert!(is_setting(key), "{key}");
        }
        assert!(!is_setting("d_model"));
    }

    #[test]
    fn frozen_tensors_are_told_by_their_values() {
        let rests = |name: &str, values: &[f32]| find(name).unwrap().is_at_rest(values.iter());
        assert!(rests(name::TOK_ARC_A, &[2.5]) && !rests(name::TOK_ARC_A, &[2.4]));
        assert!(rests(name::SPIRAL_SLOPE, &[0.15]) && rests(name::SPIRAL_SLOPE, &[1.0 / 9.0]));
        assert!(rests(name::TOK_ARC_START, &[-1.2]) && rests(name::TOK_ARC_STRIDE, &[0.29]));
        assert!(rests(name::Z_HI_POS, &[0.0, 0.0]) && !rests(name::Z_HI_POS, &[0.0, 0.1]));
        assert!(!rests(name::TOK_ARC_B, &[2.5]) && !rests(name::Q_PROJ, &[0.0]));
    }

    #[test]
    fn numbers_are_named_by_their_axes() {
        let axes = vec![vec!["q0".to_owned(), "q1".to_owned()], vec!["pos0".into(), "pos1".into()]];
        let places: Vec<String> = (0..4).map(|i| place(&axes, i)).collect();
        assert_eq!(places, ["q0, pos0", "q0, pos1", "q1, pos0", "q1, pos1"]);
        let subscripts: Vec<String> = (0..4).map(|i| subscript(&[2, 2], i)).collect();
        assert_eq!(subscripts, ["[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]"]);
        assert_eq!((place(&[], 0), subscript(&[], 0)), (String::new(), String::new()));
    }
}
