//! Files made from one model, and what is said of them when they are opened.
#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use crate::common::{Named, Pickle, storages, torch_archive};
use crate::files;
use adderscope::formats::{MAX_MESSAGE, open};
use adderscope::model::file::Checkpoint;
use serde_json::Value;

/// The model that all files are made from.
pub fn source() -> Value {
    files::variant("learned_spiral_74p")
}

pub fn opened(bytes: &[u8]) -> Checkpoint {
    open(bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// Asserts that a file opens with the numbers of [`source`]; what is said of it.
pub fn notes(bytes: &[u8]) -> Vec<String> {
    let wanted = opened(source().to_string().as_bytes());
    let found = opened(bytes);
    assert_eq!(found.model.params(), wanted.model.params());
    found.about.notes
}

/// The same for JSON.
pub fn json_notes(value: &Value) -> Vec<String> {
    notes(value.to_string().as_bytes())
}

/// Why a file is refused, which is one short line.
pub fn refusal(bytes: &[u8]) -> String {
    let words = open(bytes).map(|_| "it opens").unwrap_err().to_string();
    assert!(words.chars().count() <= MAX_MESSAGE && !words.contains(char::is_control), "{words}");
    words
}

/// The tensors of a state dict of nested lists.
pub fn tensors(state: &Value) -> Vec<Named> {
    fn flatten(value: &Value, out: &mut Vec<f32>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| flatten(item, out)),
            number => out.push(number.as_f64().unwrap() as f32),
        }
    }
    let named = |(name, value): (&String, &Value)| {
        let mut shape = Vec::new();
        let mut first = value;
        while let Some(items) = first.as_array() {
            shape.push(items.len());
            first = &items[0];
        }
        let mut data = Vec::new();
        flatten(value, &mut data);
        (name.clone(), shape, data)
    };
    state.as_object().unwrap().iter().map(named).collect()
}

/// The pickle of [`source`] with what `beside` writes: keys and their values. The configuration is one of these.
pub fn pickled(beside: impl Fn(&mut Pickle)) -> Vec<u8> {
    let tensors = tensors(&source()["model_state_dict"]);
    let mut pickle = Pickle::new();
    pickle.op(b"}(").text("model_state_dict").state_dict(&tensors);
    beside(&mut pickle);
    pickle.op(b"u");
    torch_archive(&pickle.stop(), &storages(&tensors))
}
