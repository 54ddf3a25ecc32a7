//! From what is in a file to a [`Raw`]: the weights wherever they are, the configuration, step and metrics beside them in
//! whatever form, and in a line what was left unread. Only the weights can refuse a file.

use super::beside::Beside;
use super::error::{Error, at_most, shown};
use super::limits::{MAX_ALL_VALUES, MAX_LEAVES, MAX_LEVELS, MAX_LIST, MAX_LOOKED_AT, MAX_VALUES};
use super::names::{Chosen, Leaf, Place, choose, parted, two};
use super::node::{Node, Tensorness};
use super::raw::{EDITED, Raw, STATE_DICT_KEYS, Tensors, listed};
use model::file::Format;
use model::names::clean_name;
use model::tensors::is_known;
use serde_json::Value;

/// What a file holds, as far as its format tells.
pub(super) struct Content<'a> {
    pub(super) format: Format,
    /// The whole of it.
    pub(super) top: Node<'a>,
    /// Tensors that stand beside that, by name.
    pub(super) tensors: Vec<(String, Node<'a>)>,
}

/// Finds the model in a file, and what is said of it.
pub(super) fn raw(content: &Content<'_>) -> Result<Raw, Error> {
    let Content { format, top, tensors } = content;
    let (mut leaves, mut unread) = (Vec::new(), Vec::new());
    for (name, node) in tensors {
        leaves.push(Leaf { path: vec![name.clone()], node: *node, is: node.tensorness() });
    }
    let mut left = MAX_ALL_VALUES;
    for (key, node) in parts(*top) {
        let most = MAX_VALUES.min(left);
        let mut search = Search { leaves: Vec::new(), unread: Vec::new(), looked: 0, most };
        search.look(node, &mut vec![key]);
        left = left.saturating_sub(search.looked);
        // Past the limit it is no state dict that we could open.
        if search.looked <= search.most {
            leaves.append(&mut search.leaves);
            unread.append(&mut search.unread);
        }
        at_most("tensors", leaves.len(), MAX_LEAVES)?;
        at_most("values in the pickle", top.looked_at(), MAX_LOOKED_AT)?;
    }
    let chosen = choose(&leaves, &place(content))?;
    refuse_unread(&unread, &leaves, &chosen)?;
    let mut read = Tensors::default();
    for (at, name) in &chosen.tensors {
        read_once(&leaves, *at, name, &mut read)?;
    }
    let mut beside = Beside::of(*top, &leaves, &chosen);
    at_most("values in the pickle", top.looked_at(), MAX_LOOKED_AT)?;
    let mut notes = Vec::new();
    if let Some(prefix) = &chosen.prefix {
        notes.push(format!("The weights were read from under {}.", shown(prefix)));
    }
    let config = beside.config(&mut notes);
    let (step, metrics) = (beside.step(), beside.metrics());
    let edited = beside.take(EDITED).is_some_and(|side| side.value == Value::Bool(true));
    let others = chosen.others_shown();
    notes.extend(sentence(
        "Not of this model, so left alone",
        others.iter().map(|name| shown(name)),
    ));
    notes.extend(sentence("Left unread", beside.left_unread().into_iter()));
    Ok(Raw { format: *format, tensors: read.into_map(), config, step, metrics, edited, notes })
}

/// The named values of a dict; those of a list, by their numbers.
pub(super) fn parts<'a>(node: Node<'a>) -> Vec<(String, Node<'a>)> {
    node.entries().or_else(|| list(node)).unwrap_or_default()
}

/// The values of a list that is no tensor.
fn list<'a>(node: Node<'a>) -> Option<Vec<(String, Node<'a>)>> {
    let items = node.items(MAX_LIST)?;
    // Of JSON, a list of numbers is a tensor.
    if matches!(node, Node::Json(_)) && !items.iter().all(|item| item.entries().is_some()) {
        return None;
    }
    Some(items.into_iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect())
}

/// Where the state dict is, by its key or because there is nothing else.
fn place(content: &Content<'_>) -> Place {
    let entries = content.top.entries();
    let named = entries.iter().flatten();
    let usual =
        |key: &&&str| named.clone().any(|(own, node)| own == **key && node.entries().is_some());
    if let Some(key) = STATE_DICT_KEYS.iter().find(usual) {
        return Place::Under((*key).to_owned());
    }
    let is_tensor = |(_, node): &(String, Node<'_>)| node.tensorness() != Tensorness::Not;
    match &entries {
        _ if !content.tensors.is_empty() => Place::Top,
        Some(entries) if !entries.is_empty() && entries.iter().all(is_tensor) => Place::Top,
        Some(entries) => Place::Nowhere(listed(entries.iter().map(|(key, _)| key.as_str()))),
        None => Place::Nowhere(content.top.kind()),
    }
}

/// Looks for tensors.
struct Search<'a> {
    leaves: Vec<Leaf<'a>>,
    /// What has the name of a tensor and is none.
    unread: Vec<Leaf<'a>>,
    /// Values so far, and those in dicts that were taken out for a look.
    looked: usize,
    most: usize,
}

impl<'a> Search<'a> {
    fn look(&mut self, node: Node<'a>, path: &mut Vec<String>) {
        self.looked += 1;
        if self.looked > self.most || path.len() > MAX_LEVELS {
            return;
        }
        let inside =
            if path.len() == 1 { node.entries().or_else(|| list(node)) } else { node.entries() };
        if let Some(entries) = inside {
            for (key, inner) in entries {
                path.push(key);
                self.look(inner, path);
                path.pop();
            }
            return;
        }
        let is = node.tensorness();
        let leaf = || Leaf { path: path.clone(), node, is };
        if is != Tensorness::Not && self.leaves.len() <= MAX_LEAVES {
            self.leaves.push(leaf());
        }
        let is_odd = is == Tensorness::Not && !node.is_null();
        if is_odd && self.unread.len() < MAX_LEAVES && parted(&path.join(".")).is_some() {
            self.unread.push(leaf());
        }
    }
}

/// Refuses a model of which a tensor is there, but as something that is not read: without it, it would compute something
/// else.
fn refuse_unread(unread: &[Leaf<'_>], leaves: &[Leaf<'_>], chosen: &Chosen) -> Result<(), Error> {
    let first = chosen.tensors.iter().find_map(|(at, _)| parted(&leaves.get(*at)?.full()));
    let Some((before, _)) = first else { return Ok(()) };
    for leaf in unread.iter().filter(|leaf| leaf.path.starts_with(&chosen.root)) {
        if let Some((own, name)) = parted(&leaf.full())
            && own == before
            && is_known(&clean_name(&name))
        {
            return Err(Error::NotATensor { name: shown(&name), found: leaf.node.kind() });
        }
    }
    Ok(())
}

/// Reads a tensor. A name that is there twice has to have the same numbers both times.
fn read_once(
    leaves: &[Leaf<'_>],
    at: usize,
    name: &str,
    tensors: &mut Tensors,
) -> Result<(), Error> {
    let node = leaves[at].node;
    let Some(before) = tensors.take(name) else { return node.read(name, tensors) };
    node.read(name, tensors)?;
    if tensors.get(name) == Some(&before) {
        return Ok(());
    }
    let same = |leaf: &&Leaf<'_>| leaf.full() != leaves[at].full() && leaf.full().ends_with(name);
    let other = leaves.iter().find(same).map_or_else(|| name.to_owned(), Leaf::full);
    Err(two(&other, &leaves[at].full()))
}

/// `what: a, b and 3 more.` in at most 300 bytes; nothing of nothing.
pub(super) fn sentence(what: &str, names: impl Iterator<Item = String>) -> Option<String> {
    /// Bytes of names; what stands around them has less than the rest.
    const MOST: usize = 220;
    let mut text = String::new();
    let mut more = 0;
    for name in names {
        if more > 0 || text.len() + name.len() > MOST && !text.is_empty() {
            more += 1;
            continue;
        }
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&name);
    }
    match (text.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(format!("{what}: {text}.")),
        (false, more) => Some(format!("{what}: {text} and {more} more.")),
    }
}
