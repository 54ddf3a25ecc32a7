//! The tensors of a MicroAdder among those of a file, by their names: under whatever key and behind whatever prefix.

use super::error::{Error, shown};
use super::node::{Node, Tensorness};
use super::raw::STATE_DICT_KEYS;
use model::names::clean_name;
use model::tensors::{self, name::HEAD_PROJ};

/// What programs wrap a module in, wherever in a name it stands.
const WRAPPERS: [&str; 5] = [
    "_orig_mod",
    "module",
    "_forward_module",
    "_fsdp_wrapped_module",
    "_checkpoint_wrapped_module",
];

/// Words in front of a name that say no more than that it is the model's.
const PLAIN: [&str; 9] = [
    "model_state_dict",
    "state_dict",
    "model",
    "net",
    "network",
    "weights",
    "model_weights",
    "params",
    "checkpoint",
];

/// Buffers of what keeps an average of a model, each one number.
const AVERAGES: [&str; 6] =
    ["n_averaged", "num_updates", "num_batches_tracked", "step", "initted", "decay"];

/// A tensor of a file, or a number that can be one.
pub(super) struct Leaf<'a> {
    /// The keys that lead to it.
    pub(super) path: Vec<String>,
    pub(super) node: Node<'a>,
    pub(super) is: Tensorness,
}

impl Leaf<'_> {
    /// Its name with all that stands in front.
    pub(super) fn full(&self) -> String {
        self.path.join(".")
    }
}

/// A tensor's name, and what stands in front of it.
struct Named {
    prefix: String,
    name: String,
}

impl Named {
    /// The longest end of `full` that names a tensor of some MicroAdder.
    fn of(full: &str) -> Option<Named> {
        let parts: Vec<&str> = full.split('.').filter(|part| !WRAPPERS.contains(part)).collect();
        (0..parts.len()).find_map(|at| {
            let (before, name) = parts.split_at_checked(at)?;
            let name = name.join(".");
            let clean = clean_name(&name);
            let is_one = tensors::is_known(&clean) || tensors::is_empty(&clean);
            is_one.then(|| Named { prefix: before.join("."), name })
        })
    }

    /// Whether what stands in front says no more than that this is the model.
    fn is_plain(&self) -> bool {
        is_plain(&self.prefix)
    }
}

fn is_plain(prefix: &str) -> bool {
    let says_nothing =
        |part: &str| PLAIN.contains(&part) || part.bytes().all(|byte| byte.is_ascii_digit());
    prefix.is_empty() || prefix.split('.').all(says_nothing)
}

/// The tensors of a model among the leaves of a file.
pub(super) struct Chosen {
    /// Leaf and name of each.
    pub(super) tensors: Vec<(usize, String)>,
    /// Full names of other tensors beside them that no model here has.
    pub(super) others: Vec<String>,
    /// How many keys lead to all of them.
    pub(super) depth: usize,
    /// What all names had in front, if that says something.
    pub(super) prefix: Option<String>,
}

impl Chosen {
    /// Whether some of them stand under a key of the dict that they are all in.
    pub(super) fn holds(&self, key: &str, leaves: &[Leaf<'_>]) -> bool {
        let under = |at: usize| leaves[at].path.get(self.depth).is_some_and(|own| own == key);
        self.tensors.iter().any(|(at, _)| under(*at))
            || self.others.iter().any(|other| ends_with(other, key))
    }
}

/// Whether a full name has `key` as its last part or parts.
fn ends_with(full: &str, key: &str) -> bool {
    full.strip_suffix(key).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Finds the tensors of the one model in a file.
///
/// # Errors
/// There is none, there are two of which neither is the foremost, or tensors beside it belong to a model that we do not
/// know.
pub(super) fn choose(leaves: &[Leaf<'_>], found: impl Fn() -> String) -> Result<Chosen, Error> {
    let names: Vec<Option<Named>> = leaves.iter().map(|leaf| Named::of(&leaf.full())).collect();
    let heads: Vec<usize> = (0..leaves.len())
        .filter(|at| leaves[*at].is == Tensorness::Is)
        .filter(|at| names[*at].as_ref().is_some_and(|named| clean_name(&named.name) == HEAD_PROJ))
        .collect();
    let head = foremost(leaves, &names, &heads)?;
    let prefix = match head {
        Some(head) => names[head].as_ref().map_or("", |named| &named.prefix),
        None => headless(leaves, &names, found)?,
    };
    let tensors: Vec<(usize, String)> = (0..leaves.len())
        .filter_map(|at| {
            let named = names[at].as_ref().filter(|named| named.prefix == prefix)?;
            Some((at, named.name.clone()))
        })
        .collect();
    let depth = common_depth(leaves, &tensors);
    let others = others(leaves, &names, &tensors, depth)?;
    let prefix = head.and_then(|head| said(&leaves[head].full(), &names[head].as_ref()?.name));
    Ok(Chosen { tensors, others, depth, prefix })
}

/// The head of the model to take, of those in a file.
fn foremost(
    leaves: &[Leaf<'_>],
    names: &[Option<Named>],
    heads: &[usize],
) -> Result<Option<usize>, Error> {
    let plain = |at: &&usize| names[**at].as_ref().is_some_and(Named::is_plain);
    let prefix = |at: usize| names[at].as_ref().map_or("", |named| named.prefix.as_str());
    let mut best: Vec<usize> = heads.iter().filter(plain).copied().collect();
    if best.is_empty() {
        best = heads.to_vec();
    }
    // Where several keys hold weights, the usual ones come first.
    for key in STATE_DICT_KEYS {
        let under: Vec<usize> = best
            .iter()
            .copied()
            .filter(|at| leaves[*at].path.len() > 1 && leaves[*at].path[0] == key)
            .collect();
        if !under.is_empty() {
            best = under;
            break;
        }
    }
    let Some(first) = best.first().copied() else { return Ok(None) };
    match best.iter().find(|at| prefix(**at) != prefix(first)) {
        None => Ok(Some(first)),
        Some(second) => Err(two(&leaves[first].full(), &leaves[*second].full())),
    }
}

/// A refusal that names both.
pub(super) fn two(first: &str, second: &str) -> Error {
    Error::TwoModels { first: shown(first), second: shown(second) }
}

/// What stands in front of the tensors of a model whose head is missing; where most tensors are none of a MicroAdder's, it is
/// another model.
fn headless<'n>(
    leaves: &[Leaf<'_>],
    names: &'n [Option<Named>],
    found: impl Fn() -> String,
) -> Result<&'n str, Error> {
    let tensors = || (0..leaves.len()).filter(|at| leaves[*at].is == Tensorness::Is);
    let known = |at: &usize| names[*at].as_ref().is_some_and(Named::is_plain);
    let count = tensors().count();
    if count == 0 {
        return Err(Error::NoStateDict { found: found() });
    }
    let unnamed = tensors()
        .all(|at| leaves[at].path.last().is_none_or(|key| key.bytes().all(|b| b.is_ascii_digit())));
    if unnamed {
        return Err(Error::NoStateDict { found: format!("{count} tensors without names") });
    }
    if tensors().filter(known).count() * 2 > count {
        let first = tensors().find(known);
        return Ok(first.and_then(|at| names[at].as_ref()).map_or("", |named| &named.prefix));
    }
    let mut unknown = tensors().filter(|at| !known(at)).map(|at| leaves[at].full());
    let first = unknown.next().unwrap_or_default();
    let all: Vec<String> = tensors().map(|at| leaves[at].full()).collect();
    Err(Error::Foreign {
        family: family(&all),
        count,
        first: shown(&first),
        second: unknown.next().map(|n| shown(&n)),
    })
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
fn family(names: &[String]) -> &'static str {
    let has = |(part, _): &&(&str, &str)| names.iter().any(|name| name.contains(part));
    FAMILIES.iter().find(has).map_or("another model's state dict", |(_, family)| family)
}

/// How many keys lead to all of `tensors`.
fn common_depth(leaves: &[Leaf<'_>], tensors: &[(usize, String)]) -> usize {
    let mut paths = tensors.iter().map(|(at, _)| leaves[*at].path.as_slice());
    let Some(first) = paths.next() else { return 0 };
    let most = first.len().saturating_sub(1);
    paths.fold(most, |depth, path| {
        let same = first.iter().zip(path).take_while(|(a, b)| a == b).count();
        depth.min(same).min(path.len().saturating_sub(1))
    })
}

/// Tensors in the same dict as those of the model that are none of its own: copies of it and what keeps them, and parts of the
/// program around it. One that stands among the model's own would make it compute something else.
fn others(
    leaves: &[Leaf<'_>],
    names: &[Option<Named>],
    tensors: &[(usize, String)],
    depth: usize,
) -> Result<Vec<String>, Error> {
    let Some((first, _)) = tensors.first() else { return Ok(Vec::new()) };
    let root = leaves[*first].path.get(..depth).unwrap_or_default();
    let is_own = |at: usize| tensors.iter().any(|(own, _)| *own == at);
    let entry = |at: usize| leaves[at].path.get(depth);
    // The parts of a model: the first words of its names, dialects and nesting included.
    let part = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let parts: Vec<String> = tensors.iter().map(|(_, name)| part(name)).collect();
    let prefix = names[*first].as_ref().map_or("", |named| named.prefix.as_str());
    let complete = |prefix: &str| {
        let is_head = |n: &Named| n.prefix == prefix && clean_name(&n.name) == HEAD_PROJ;
        names.iter().flatten().any(is_head)
    };
    let mut left = Vec::new();
    for at in 0..leaves.len() {
        let leaf = &leaves[at];
        if is_own(at) || leaf.is != Tensorness::Is || !leaf.path.starts_with(root) {
            continue;
        }
        let direct = leaf.path.len() == depth + 1;
        if !direct && !tensors.iter().any(|(own, _)| entry(*own) == entry(at)) {
            continue;
        }
        let full = leaf.full();
        let unwrapped: Vec<&str> =
            full.split('.').filter(|part| !WRAPPERS.contains(part)).collect();
        let unwrapped = unwrapped.join(".");
        let name = unwrapped.strip_prefix(prefix).unwrap_or(&unwrapped).trim_start_matches('.');
        let is_copy = names[at].as_ref().is_some_and(|named| complete(&named.prefix));
        let is_part = parts.contains(&part(name)) || !name.contains('.');
        if !is_copy && is_part && !AVERAGES.contains(&name) {
            return Err(model::Error::UnknownTensor { name: shown(&full) }.into());
        }
        left.push(full);
    }
    Ok(left)
}

/// What `full` has in front of `name`, if a reader should know; keys that a checkpoint always has are none of that.
fn said(full: &str, name: &str) -> Option<String> {
    let before = full.strip_suffix(name).unwrap_or(full).trim_end_matches('.');
    (!before.is_empty() && !STATE_DICT_KEYS.contains(&before)).then(|| before.to_owned())
}
