//! What a file says beside the weights: configuration, step and metrics, in whatever form; and what of it stays unread.

use super::error::shown;
use super::find::parts;
use super::keys::{is_setting, looks_like_one};
use super::limits::MAX_SIDE_SIZE;
use super::literal;
use super::names::{Chosen, Leaf};
use super::node::Node;
use super::raw::whole;
use serde_json::{Map, Value};

/// Keys that a configuration stands under, first choice first.
const CONFIG: [&str; 12] = [
    "config",
    "model_config",
    "cfg",
    "hyper_parameters",
    "hparams",
    "model_args",
    "model_kwargs",
    "args",
    "init_args",
    "kwargs",
    "settings",
    "opt",
];

/// Keys that a step stands under, first choice first. An epoch is one where nothing else is.
const STEP: [&str; 9] = [
    "step",
    "global_step",
    "iter_num",
    "iteration",
    "iter",
    "steps",
    "num_steps",
    "step_num",
    "epoch",
];

/// Keys that metrics stand under, first choice first.
const METRICS: [&str; 3] = ["metrics", "val_metrics", "eval_metrics"];

/// What a checkpoint has for the program that trains, and what we write of ourselves: left unread without a word.
const BOOKKEEPING: [&str; 20] = [
    "optimizer_state_dict",
    "optimizer",
    "optimizer_state",
    "optimizer_states",
    "optim",
    "scheduler",
    "scheduler_state_dict",
    "lr_scheduler",
    "lr_schedulers",
    "lr_scheduler_state_dict",
    "scaler",
    "args",
    "epoch",
    "callbacks",
    "loops",
    "pytorch-lightning_version",
    "hparams_name",
    "format", // `pt`, in every safetensors file of PyTorch's
    "schema",
    "version",
];

/// A value beside the weights.
pub(super) struct Side {
    key: String,
    pub(super) value: Value,
    /// Objects in it that could not be read, by path, each with what it is.
    objects: Vec<String>,
    /// Whether it was within the limits.
    is_whole: bool,
}

impl Side {
    /// Reads a value; of all of them together at most `left` is read.
    fn new(key: String, node: Node<'_>, left: &mut usize) -> Side {
        if *left == 0 {
            let objects = vec![format!("{} (too much before it)", shown(&key))];
            return Side { key, value: Value::Null, objects, is_whole: false };
        }
        let reading = node.to_json(&shown(&key));
        *left = left.saturating_sub(reading.size());
        let is_whole = reading.is_whole();
        let value = match reading.value {
            // A text can be what it writes: metadata is nothing but texts.
            Value::String(text) => literal::value(&text).unwrap_or(Value::String(text)),
            value => value,
        };
        Side { key, value, objects: reading.unread, is_whole }
    }

    /// The configuration that it is.
    fn config(&self) -> Option<&Map<String, Value>> {
        self.value.as_object().filter(|map| self.is_whole && looks_like_one(map))
    }
}

/// What is beside the weights, from what is nearest to them.
pub(super) struct Beside {
    sides: Vec<Side>,
    /// What was used and has parts that could not be read.
    unread: Vec<String>,
}

impl Beside {
    /// Everything in the dicts around the weights.
    pub(super) fn of(top: Node<'_>, leaves: &[Leaf<'_>], chosen: &Chosen) -> Beside {
        let (mut sides, mut left) = (Vec::new(), MAX_SIDE_SIZE);
        let own = chosen.keys(leaves);
        let mut node = Some(top);
        for level in 0..=chosen.root.len() {
            let Some(present) = node.take() else { break };
            let mut found = Vec::new();
            for (key, value) in parts(present) {
                if chosen.root.get(level) == Some(&key) {
                    node = Some(value);
                } else if level < chosen.root.len() || !own.contains(key.as_str()) {
                    found.push(Side::new(key, value, &mut left));
                }
            }
            found.append(&mut sides);
            sides = found;
        }
        Beside { sides, unread: Vec::new() }
    }

    /// Takes out what stands under a key.
    pub(super) fn take(&mut self, key: &str) -> Option<Side> {
        let at = self.sides.iter().position(|side| side.key == key)?;
        Some(self.sides.remove(at))
    }

    /// The configuration: under one of its keys, spread out beside the weights, or the one dict that looks like one.
    pub(super) fn config(&mut self, notes: &mut Vec<String>) -> Option<Map<String, Value>> {
        let is_one = |side: &Side| side.config().is_some();
        let named = |key: &str| self.sides.iter().position(|side| side.key == key && is_one(side));
        if let Some(at) = CONFIG.iter().find_map(|key| named(key)) {
            return self.config_at(at, notes);
        }
        if let Some(config) = self.spread() {
            return Some(config);
        }
        // Whatever stands under that key is a configuration, if not of a model that we know.
        let first = self
            .sides
            .iter()
            .position(|side| side.key == CONFIG[0] && side.is_whole && side.value.is_object());
        let Some(at) = self.sides.iter().position(is_one) else {
            return self.config_at(first?, notes);
        };
        let inside = self.sides[at].value.as_object().cloned().unwrap_or_default();
        let key = CONFIG.iter().find(|key| inside.get(**key).is_some_and(Value::is_object));
        let Some(key) = key else { return self.config_at(at, notes) };
        // Metadata in one piece: what is in it stands beside the weights.
        let outer = self.sides.remove(at);
        self.unread.extend(outer.objects);
        for (key, value) in inside.clone() {
            self.sides.push(Side { key, value, objects: Vec::new(), is_whole: true });
        }
        self.take(key).and_then(|side| side.value.as_object().cloned())
    }

    fn config_at(&mut self, at: usize, notes: &mut Vec<String>) -> Option<Map<String, Value>> {
        let side = self.sides.remove(at);
        if side.key != CONFIG[0] {
            notes.push(format!("The configuration was read from {}.", shown(&side.key)));
        }
        self.unread.extend(side.objects);
        match side.value {
            Value::Object(map) => Some(map),
            _ => None,
        }
    }

    /// Settings that stand beside the weights one by one.
    fn spread(&mut self) -> Option<Map<String, Value>> {
        let mut map = Map::new();
        for side in &self.sides {
            if is_setting(&side.key) {
                map.insert(side.key.clone(), side.value.clone());
            }
        }
        if !looks_like_one(&map) {
            return None;
        }
        self.sides.retain(|side| !is_setting(&side.key));
        Some(map)
    }

    /// How many steps of training are behind the weights.
    pub(super) fn step(&mut self) -> Option<u64> {
        STEP.iter().find_map(|key| {
            let at = self
                .sides
                .iter()
                .position(|side| side.key == *key && whole(&side.value).is_some())?;
            whole(&self.sides.remove(at).value)
        })
    }

    /// What the training script measured.
    pub(super) fn metrics(&mut self) -> Option<Map<String, Value>> {
        METRICS.iter().find_map(|key| {
            let at = self
                .sides
                .iter()
                .position(|side| side.key == *key && side.value.is_object() && side.is_whole)?;
            let side = self.sides.remove(at);
            self.unread.extend(side.objects);
            match side.value {
                Value::Object(map) => Some(map),
                _ => None,
            }
        })
    }

    /// What was not read: objects by their paths and classes, everything else by its key. Bookkeeping of training is
    /// not told.
    pub(super) fn left_unread(self) -> Vec<String> {
        let mut left = self.unread;
        for side in self.sides {
            let told = !BOOKKEEPING.contains(&side.key.as_str());
            if !side.objects.is_empty() {
                left.extend(side.objects);
            } else if told && !side.value.is_null() {
                left.push(shown(&side.key));
            }
        }
        left
    }
}
