//! Models of other kinds, told by the names of their tensors.

use super::configure::Tensors;
use super::error::shown;
use model::Error;
use model::tensors::{self, name::HEAD_PROJ};
use ndarray::ArrayD;
use std::collections::BTreeMap;

/// Tensors under the names of the file.
type Stored = BTreeMap<String, ArrayD<f32>>;

/// Refuses a state dict most of whose tensors no MicroAdder has; `clean` are the same under clean names.
///
/// # Errors
/// It is one: what it looks like, and which tensors tell.
pub fn refuse(stored: &Stored, clean: &Tensors) -> Result<(), Error> {
    let is_known = |name: &&String| tensors::is_known(name) || tensors::is_empty(name);
    if clean.contains_key(HEAD_PROJ)
        || clean.is_empty()
        || clean.keys().filter(is_known).count() * 2 > clean.len()
    {
        return Ok(());
    }
    let mut unknown = stored.keys().filter(|name| !is_known(&&model::names::clean_name(name)));
    let first = unknown.next().map(|name| shown(name)).unwrap_or_default();
    let second = unknown.next().map(|name| shown(name));
    Err(Error::Foreign { family: family(stored), count: stored.len(), first, second })
}

/// How models are told by a name that they have.
const FAMILIES: [(&str, &str); 14] = [
    ("lora_A", "a LoRA adapter"),
    ("q_norm", "a Qwen-style state dict"),
    ("self_attn.q_proj.bias", "a Qwen-style state dict"),
    ("self_attn.q_proj", "a Llama-style state dict"),
    ("attn.c_attn", "a GPT-2-style state dict"),
    ("query_key_value", "a GPT-NeoX-style state dict"),
    ("encoder.layer.", "a BERT-style state dict"),
    ("self_attn.in_proj_weight", "a state dict of PyTorch's Transformer"),
    ("down_blocks.", "a diffusion model's state dict"),
    ("patch_embed", "a vision transformer's state dict"),
    ("layer1.0.", "a ResNet-style state dict"),
    ("conv1.", "a convolutional network's state dict"),
    ("weight_ih_l0", "a recurrent network's state dict"),
    ("blocks.1.", "a state dict of several layers"),
];

/// What a foreign state dict looks like.
fn family(names: &Stored) -> &'static str {
    let has = |(part, _): &&(&str, &str)| names.keys().any(|name| name.contains(part));
    FAMILIES.iter().find(has).map_or("another model's state dict", |(_, family)| family)
}
