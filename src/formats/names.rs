//! The tensors of a MicroAdder among those of a file, by their names: under whatever key and behind whatever prefix.

use super::error::{Error, shown};
use super::limits::{MAX_NAME_BYTES, MAX_NAME_PARTS};
use super::node::{Node, Tensorness};
use super::raw::STATE_DICT_KEYS;
use model::names::clean_name;
use model::tensors::{self, name::HEAD_PROJ};
use std::collections::BTreeSet;

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

/// Buffers that programs which count a model's operations leave in each of its modules (thop), each one number.
const COUNTS: [&str; 2] = ["total_ops", "total_params"];

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

/// What `full` has in front of the name of a tensor, and the name.
pub(super) fn parted(full: &str) -> Option<(String, String)> {
    Named::of(full).map(|Named { prefix, name }| (prefix, name))
}

/// A tensor's name, and what stands in front of it.
struct Named {
    prefix: String,
    name: String,
}

impl Named {
    /// The longest end of `full` that names a tensor of some MicroAdder.
    fn of(full: &str) -> Option<Named> {
        // As many keys as are looked into, each as long as a name can be.
        if full.len() > 10 * MAX_NAME_BYTES {
            return None;
        }
        let full = unwrapped(full);
        let parts: Vec<&str> = full.split('.').collect();
        (parts.len().saturating_sub(MAX_NAME_PARTS)..parts.len()).find_map(|at| {
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

/// Where a state dict is by its place alone.
pub(super) enum Place {
    /// In a dict under this key.
    Under(String),
    /// The whole file is one.
    Top,
    /// Nowhere: what the file is instead.
    Nowhere(String),
}

/// The tensors of a model among the leaves of a file.
pub(super) struct Chosen {
    /// Leaf and name of each.
    pub(super) tensors: Vec<(usize, String)>,
    /// Leaf and name of each tensor beside them that the model does without.
    pub(super) others: Vec<(usize, String)>,
    /// The keys that lead to all of them.
    pub(super) root: Vec<String>,
    /// What all names had in front, if that says something.
    pub(super) prefix: Option<String>,
}

impl Chosen {
    /// The keys, of the dict that they are all in, under which they or their copies stand.
    pub(super) fn keys<'k>(&'k self, leaves: &'k [Leaf<'_>]) -> BTreeSet<&'k str> {
        let key = |at: usize| leaves.get(at)?.path.get(self.root.len()).map(String::as_str);
        let all = self.tensors.iter().chain(&self.others);
        set(&mut all.filter_map(|(at, _)| key(*at)))
    }

    /// The others in words: a whole model's by what its names have in front.
    pub(super) fn others_shown(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (_, other) in &self.others {
            // Those of one model mostly follow each other.
            if all.last() != Some(other) {
                all.push(other.clone());
            }
        }
        all
    }
}

/// Finds the tensors of the one model in a file.
///
/// # Errors
/// There is none, there are two of which neither is the foremost, or tensors beside it belong to a model that we do not
/// know.
pub(super) fn choose(leaves: &[Leaf<'_>], place: &Place) -> Result<Chosen, Error> {
    let names: Vec<Option<Named>> = leaves.iter().map(|leaf| Named::of(&leaf.full())).collect();
    let heads: Vec<usize> = (0..leaves.len())
        .filter(|at| names[*at].as_ref().is_some_and(|named| clean_name(&named.name) == HEAD_PROJ))
        .collect();
    let head = foremost(leaves, &names, &heads)?;
    let prefix = match head {
        Some(head) => names[head].as_ref().map(|named| named.prefix.as_str()),
        None => headless(leaves, &names),
    };
    let Some(prefix) = prefix else { return whole(leaves, place) };
    let tensors: Vec<(usize, String)> = (0..leaves.len())
        .filter_map(|at| {
            let named = names[at].as_ref().filter(|named| named.prefix == prefix)?;
            Some((at, named.name.clone()))
        })
        .collect();
    let root = common_root(leaves, &tensors);
    let prefix = head.and_then(|head| said(&leaves[head].full(), &names[head].as_ref()?.name));
    let mut chosen = Chosen { tensors, others: Vec::new(), root, prefix };
    chosen.take_others(leaves, &names);
    Ok(chosen)
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

/// What stands in front of the tensors of a model whose head is missing, if most tensors are a MicroAdder's.
fn headless<'n>(leaves: &[Leaf<'_>], names: &'n [Option<Named>]) -> Option<&'n str> {
    let tensors = || (0..leaves.len()).filter(|at| leaves[*at].is == Tensorness::Is);
    let known = |at: &usize| names[*at].as_ref().is_some_and(Named::is_plain);
    if tensors().filter(known).count() * 2 <= tensors().count() {
        return None;
    }
    let first = tensors().find(known).and_then(|at| names[at].as_ref());
    first.map(|named| named.prefix.as_str())
}

/// All tensors of the dict that a state dict is in, whatever model it is of.
fn whole(leaves: &[Leaf<'_>], place: &Place) -> Result<Chosen, Error> {
    let root = match place {
        Place::Under(key) => vec![key.clone()],
        Place::Top => Vec::new(),
        Place::Nowhere(found) => {
            let last = |leaf: &Leaf<'_>| leaf.path.last().cloned().unwrap_or_default();
            let is_number = |key: String| key.bytes().all(|byte| byte.is_ascii_digit());
            let count = leaves.iter().filter(|leaf| leaf.is == Tensorness::Is).count();
            let unnamed = count > 0 && leaves.iter().all(|leaf| is_number(last(leaf)));
            let found =
                if unnamed { format!("{count} tensors without names") } else { found.clone() };
            return Err(Error::NoStateDict { found });
        }
    };
    let named = |(at, leaf): (usize, &Leaf<'_>)| {
        let rest = leaf.path.strip_prefix(root.as_slice()).filter(|rest| !rest.is_empty())?;
        Some((at, rest.join(".")))
    };
    let tensors = leaves.iter().enumerate().filter_map(named).collect();
    Ok(Chosen { tensors, others: Vec::new(), root, prefix: None })
}

/// The keys that lead to all of `tensors`.
fn common_root(leaves: &[Leaf<'_>], tensors: &[(usize, String)]) -> Vec<String> {
    let mut paths = tensors.iter().map(|(at, _)| leaves[*at].path.as_slice());
    let Some(first) = paths.next() else { return Vec::new() };
    let most = first.len().saturating_sub(1);
    let depth = paths.fold(most, |depth, path| {
        let same = first.iter().zip(path).take_while(|(a, b)| a == b).count();
        depth.min(same).min(path.len().saturating_sub(1))
    });
    first.get(..depth).unwrap_or_default().to_vec()
}

/// Texts as a set. Collecting into one sorts first, which adds 6 KB to the page.
pub(super) fn set<'a>(texts: &mut dyn Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::new();
    for text in texts {
        all.insert(text);
    }
    all
}

/// A name without what wraps a module.
fn unwrapped(full: &str) -> String {
    let parts: Vec<&str> = full.split('.').filter(|part| !WRAPPERS.contains(part)).collect();
    parts.join(".")
}

impl Chosen {
    /// Sorts the tensors that stand beside those of the model and are none of its own: copies of it and what keeps them, and
    /// parts of the program around it, are left alone. One that stands among the model's own is taken too: it makes the
    /// model compute something else.
    fn take_others(&mut self, leaves: &[Leaf<'_>], names: &[Option<Named>]) {
        let depth = self.root.len();
        let Some((first, _)) = self.tensors.first() else { return };
        let prefix = names[*first].as_ref().map_or("", |named| named.prefix.as_str());
        // The parts of a model: the first words of its names.
        let part = |name: &'_ str| name.find('.').unwrap_or(name.len());
        let is_count =
            |name: &'_ str| name.rsplit('.').next().is_some_and(|last| COUNTS.contains(&last));
        let parts = set(&mut self.tensors.iter().filter_map(|(_, name)| name.get(..part(name))));
        let is_head = |named: &&Named| clean_name(&named.name) == HEAD_PROJ;
        let heads = names.iter().flatten().filter(is_head);
        let copies = set(&mut heads.map(|named| named.prefix.as_str()));
        let mut own = vec![false; leaves.len()];
        for (at, _) in &self.tensors {
            own[*at] = true;
        }
        let key = |(at, _): &(usize, String)| leaves[*at].path.get(depth).map(String::as_str);
        let keys = set(&mut self.tensors.iter().filter_map(key));
        let root = unwrapped(&self.root.join("."));
        let (mut taken, mut others) = (Vec::new(), Vec::new());
        for (at, leaf) in leaves.iter().enumerate() {
            if own[at] || !leaf.path.starts_with(&self.root) {
                continue;
            }
            if leaf.path.len() > depth + 1
                && !leaf.path.get(depth).is_some_and(|key| keys.contains(key.as_str()))
            {
                continue;
            }
            let full = unwrapped(&leaf.full());
            let name = full.strip_prefix(prefix).unwrap_or(&full).trim_start_matches('.');
            let copied =
                names[at].as_ref().is_some_and(|named| copies.contains(named.prefix.as_str()));
            let first = name.get(..part(name)).unwrap_or(name);
            let is_part = parts.contains(first) || !name.contains('.');
            if copied {
                // A whole model's names are told by what they have in front.
                let before = names[at].as_ref().map_or("", |named| named.prefix.as_str());
                let before = before.strip_prefix(&root).unwrap_or(before).trim_start_matches('.');
                others.push((at, format!("{before}.…")));
            } else if leaf.is != Tensorness::Is {
                // A number of no tensor's name is no tensor.
            } else if !is_part || AVERAGES.contains(&name) || is_count(name) {
                others.push((at, leaf.path.get(depth..).unwrap_or_default().join(".")));
            } else {
                taken.push((at, name.to_owned()));
            }
        }
        self.tensors.append(&mut taken);
        self.others = others;
    }
}

/// What `full` has in front of `name`, if a reader should know; keys that a checkpoint always has are none of that.
fn said(full: &str, name: &str) -> Option<String> {
    let before = full.strip_suffix(name).unwrap_or(full).trim_end_matches('.');
    (!before.is_empty() && !STATE_DICT_KEYS.contains(&before)).then(|| before.to_owned())
}
