//! A checkpoint in the address of a page: `weights=` and base64url of
//!
//! ```text
//! version (1) · length of the header (2) · header, JSON · tensors · CRC-32 of all before (4)
//! tensor: its place in NAMES (1) · rank (1) · its dimensions (1 each) · its numbers, f32 (4 each)
//! ```
//!
//! with all numbers little-endian. The header has what a checkpoint has beside its tensors: `name`, `step`, `edited`,
//! `research` (the dialect), and of `config` the settings without which another model would come out. What training
//! measured is left out: whoever opens a link computes it.

use super::error::{Error, at_most, shown};
use super::keys::is_setting;
use super::limits::{MAX_LINK_BYTES, MAX_LINK_NAME};
use super::raw::{Raw, Tensors, object, whole};
use super::zip::crc32;
use super::{Keys, checkpoint};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Model;
use model::file::Format;
use model::names::Family;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The version that is written. Those before it are read for ever.
const VERSION: u8 = 1;

/// What is in front of the text in an address.
pub const KEY: &str = "weights=";

/// Tensors by their places in links. Links in the world count on these: new names come last, and none ever goes.
const NAMES: [&str; 39] = [
    "tok_arc_A",
    "tok_arc_B",
    "tok_arc_start",
    "tok_arc_stride",
    "tok_emb.weight",
    "spiral_amp",
    "spiral_phase",
    "spiral_slope",
    "spiral_offset",
    "pos_corr_slope",
    "pos_corr_intercept",
    "pos_correction",
    "z_hi_pos",
    "special_pos",
    "special_pos_learned",
    "special_pos_equals",
    "_plus_pos",
    "_eos_pos",
    "q_phase_angle",
    "q_proj.weight",
    "k_proj.weight",
    "v_proj.weight",
    "out_proj.A",
    "out_proj.B",
    "out_proj.weight",
    "fc1.weight",
    "fc1.bias",
    "fc2.weight",
    "fc2.bias",
    "head_proj.weight",
    "norm1.weight",
    "norm2.weight",
    "norm_f.weight",
    "norm1.scale",
    "norm1.b",
    "norm1.d1",
    "norm1.d4",
    "norm1.base_weight",
    "digit_pos",
];

/// What turns the direction of text, or is not seen: a name could pass for another.
const TURNS: [RangeInclusive<char>; 3] =
    ['\u{200b}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}'];

fn damaged(what: impl Into<String>) -> Error {
    Error::Link { what: what.into() }
}

/// The fields of an address: what is behind its `#`, or all of a text that has none.
pub fn fields_in(text: &str) -> &str {
    text.split_once('#').map_or(text, |(_, fields)| fields).trim()
}

/// The text behind `weights=` where `bytes` are an address with it, or that part alone.
pub(super) fn weights_in(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let is_address = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'{' | b'<');
    if !text.bytes().all(is_address) {
        return None;
    }
    let mut weights = fields_in(text).split('&').filter_map(|field| field.strip_prefix(KEY));
    weights.next().filter(|weights| !weights.is_empty())
}

/// The name that a link has for its model.
fn name_of(header: &Map<String, Value>) -> Option<String> {
    let name = header.get("name").and_then(Value::as_str)?;
    let shows = |char: &char| !char.is_control() && !TURNS.iter().any(|turns| turns.contains(char));
    let name: String = name.chars().filter(shows).take(MAX_LINK_NAME).collect();
    Some(name).filter(|name| !name.trim().is_empty())
}

/// Reads the checkpoint of a link.
///
/// # Errors
/// There is none in it, or it is not as it was written.
pub fn read(bytes: &[u8]) -> Result<Raw, Error> {
    Ok(read_named(bytes)?.1)
}

/// The same with the name that the link has for it.
pub(super) fn read_named(bytes: &[u8]) -> Result<(Option<String>, Raw), Error> {
    let weights = weights_in(bytes).ok_or_else(|| damaged("there are no weights in it"))?;
    let packed = unpacked(weights)?;
    let Unpacked { mut header, tensors } = Unpacked::of(&packed)?;
    let is = |key: &str| header.get(key).and_then(Value::as_bool).unwrap_or(false);
    let family = if is("research") { Family::Research } else { Family::Clean };
    let edited = is("edited");
    let mut read = Tensors::default();
    let mut rest = tensors;
    while !rest.is_empty() {
        let (name, shape, data) = tensor(&mut rest, family)?;
        if read.get(&name).is_some() {
            return Err(damaged(format!("it holds the tensor {} twice", shown(&name))));
        }
        read.admit(&name, &shape)?;
        read.insert(&name, &shape, data)?;
    }
    let raw = Raw {
        format: Format::Link,
        tensors: read.into_map(),
        step: header.get("step").and_then(whole),
        config: object("config", header.remove("config"))?,
        metrics: None,
        edited,
        notes: Vec::new(),
    };
    Ok((name_of(&header), raw))
}

/// The bytes of a text, whose sum is right and whose version is known.
fn unpacked(text: &str) -> Result<Vec<u8>, Error> {
    at_most("characters of a link", text.len(), MAX_LINK_BYTES)?;
    let mut bytes =
        URL_SAFE_NO_PAD.decode(text).map_err(|_| damaged("a part of it is missing or changed"))?;
    let newer = bytes.first().filter(|version| **version != VERSION).copied();
    let sum = bytes.split_off(bytes.len().saturating_sub(4));
    if sum != crc32(&bytes).to_le_bytes() {
        return Err(damaged("a part of it is missing or changed"));
    }
    match newer {
        Some(version) => Err(Error::LinkVersion { version, known: VERSION }),
        None => Ok(bytes),
    }
}

struct Unpacked<'a> {
    header: Map<String, Value>,
    tensors: &'a [u8],
}

impl<'a> Unpacked<'a> {
    fn of(bytes: &'a [u8]) -> Result<Unpacked<'a>, Error> {
        let mut rest = bytes;
        let [_version, low, high] = *take(&mut rest, 3)? else { return Err(short()) };
        let header = take(&mut rest, u16::from_le_bytes([low, high]).into())?;
        match serde_json::from_slice(header) {
            Ok(Value::Object(header)) => Ok(Unpacked { header, tensors: rest }),
            _ => Err(damaged("its header is no JSON object")),
        }
    }
}

fn short() -> Error {
    damaged("it ends in the middle of a tensor")
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], Error> {
    let (taken, after) = rest.split_at_checked(count).ok_or_else(short)?;
    *rest = after;
    Ok(taken)
}

/// The next tensor: its name in the file's dialect, its shape, its numbers.
fn tensor(rest: &mut &[u8], family: Family) -> Result<(String, Vec<usize>, Vec<f32>), Error> {
    let [place, rank] = *take(rest, 2)? else { return Err(short()) };
    let name = NAMES
        .get(usize::from(place))
        .ok_or_else(|| damaged(format!("it names a tensor {place}, which is none")))?;
    let shape: Vec<usize> = take(rest, rank.into())?.iter().map(|len| usize::from(*len)).collect();
    let len = shape.iter().try_fold(4, |product: usize, len| product.checked_mul(*len));
    let numbers = take(rest, len.ok_or_else(short)?)?;
    let (numbers, _) = numbers.as_chunks::<4>();
    let data = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Ok((family.source_name(name), shape, data))
}

/// What a link has of a checkpoint: `weights=…`.
///
/// * `name` - of its file
///
/// # Errors
/// It holds no supported model, or one that a link has no room for.
pub fn to_link(raw: &Raw, name: &str) -> Result<String, Error> {
    let opened = checkpoint(raw)?;
    let family = opened.about.family;
    let mut header = Map::new();
    if !name.is_empty() {
        let name: String = name.chars().take(MAX_LINK_NAME).collect();
        header.insert("name".into(), name.into());
    }
    if let Some(step) = raw.step {
        header.insert("step".into(), step.into());
    }
    for (key, is) in [("edited", raw.edited), ("research", family == Family::Research)] {
        if is {
            header.insert(key.into(), true.into());
        }
    }
    let mut tensors = Vec::new();
    let mut own = Raw { tensors: BTreeMap::new(), ..raw.clone() };
    for param in opened.model.params().iter() {
        put(param.name, param.values.shape(), param.numbers(), &mut tensors)?;
        own.tensors.insert(family.source_name(param.name), param.values.clone());
    }
    own.config = Keys::new(raw.config.as_ref()).map().cloned();
    if let Some(config) = fewest(&mut own, &opened.model) {
        header.insert("config".into(), Value::Object(config));
    }
    let link = written(header, &tensors)?;
    match read(link.as_bytes()).is_ok_and(|read| is_same(&read, &opened.model)) {
        true => Ok(link),
        false => Err(damaged("another model would come out of it: send the file")),
    }
}

/// The settings of a checkpoint without those that change nothing; none where it has none.
fn fewest(own: &mut Raw, model: &Model) -> Option<Map<String, Value>> {
    // Those of the trainer at once: there can be any number.
    let mut config = own.config.clone()?;
    config.retain(|key, _| is_setting(key));
    for key in config.clone().keys() {
        let mut fewer = config.clone();
        fewer.remove(key);
        own.config = Some(fewer);
        if is_same(own, model)
            && let Some(fewer) = own.config.take()
        {
            config = fewer;
        }
    }
    Some(config)
}

fn put(name: &str, shape: &[usize], numbers: &[f32], out: &mut Vec<u8>) -> Result<(), Error> {
    let none = || damaged(format!("links have no place for the tensor {}", shown(name)));
    let place = NAMES.iter().position(|known| *known == name).ok_or_else(none)?;
    out.push(u8::try_from(place).map_err(|_| none())?);
    out.push(u8::try_from(shape.len()).map_err(|_| none())?);
    for len in shape {
        out.push(u8::try_from(*len).map_err(|_| none())?);
    }
    numbers.iter().for_each(|number| out.extend(number.to_le_bytes()));
    Ok(())
}

fn written(header: Map<String, Value>, tensors: &[u8]) -> Result<String, Error> {
    let header = Value::Object(header).to_string();
    let len = u16::try_from(header.len());
    let len = len.map_err(|_| damaged("the configuration is too long for a link"))?;
    let mut bytes = vec![VERSION];
    bytes.extend(len.to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(tensors);
    bytes.extend(crc32(&bytes).to_le_bytes());
    let text = URL_SAFE_NO_PAD.encode(bytes);
    at_most("characters of a link", text.len(), MAX_LINK_BYTES)?;
    Ok(format!("{KEY}{text}"))
}

/// Whether a checkpoint gives a model, and says as much as its file of where its configuration comes from.
fn is_same(raw: &Raw, model: &Model) -> bool {
    checkpoint(raw).is_ok_and(|opened| {
        let is_told = raw.config.is_none() || !opened.about.config_inferred;
        is_told
            && opened.model.config() == model.config()
            && opened.model.params() == model.params()
    })
}

#[cfg(test)]
mod tests {
    use super::NAMES;
    use model::tensors::ALL;

    #[test]
    fn every_tensor_has_a_place_in_links() {
        for tensor in ALL {
            assert!(NAMES.contains(&tensor.name), "{} comes last in NAMES", tensor.name);
        }
    }
}
