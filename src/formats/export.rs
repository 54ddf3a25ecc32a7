//! Checkpoints out: safetensors and JSON, the inverse of their readers. The same input
//! gives the same bytes.

use super::error::Error;
use super::raw::{EDITED, Raw};
use super::schema::Schema;
use serde_json::{Map, Value, json};

/// The key of a safetensors header that is not a tensor.
const METADATA: &str = "__metadata__";

/// A tensor, ready to be written.
pub struct Packed {
    /// Its name.
    pub name: String,
    /// Its shape; without one number too many or too few in `data`.
    pub shape: Vec<usize>,
    /// Its numbers.
    pub data: Data,
}

/// Numbers of either type, in row-major order.
pub enum Data {
    /// float32.
    F32(Vec<f32>),
    /// float64.
    F64(Vec<f64>),
}

impl Data {
    fn bytes(&self) -> (&'static str, Vec<u8>) {
        match self {
            Data::F32(data) => ("F32", data.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Data::F64(data) => ("F64", data.iter().flat_map(|v| v.to_le_bytes()).collect()),
        }
    }
}

/// A safetensors file of `float32` tensors in the order of their names, with `config`, `step`
/// and `metrics` as JSON strings in `__metadata__`.
pub fn to_safetensors(raw: &Raw) -> Result<Vec<u8>, Error> {
    let tensors = raw.tensors.iter().map(|(name, array)| Packed {
        name: name.clone(),
        shape: array.shape().to_vec(),
        data: Data::F32(array.iter().copied().collect()),
    });
    safetensors(fields(raw), tensors)
}

/// A safetensors file of `tensors`, in their order, with `fields` in `__metadata__`.
///
/// The header is written here, because the `safetensors` crate keeps metadata in a map whose
/// order changes from run to run.
pub fn safetensors(
    fields: impl Iterator<Item = (&'static str, String)>,
    tensors: impl Iterator<Item = Packed>,
) -> Result<Vec<u8>, Error> {
    let mut metadata = Map::new();
    for (key, text) in fields {
        metadata.insert(key.to_owned(), Value::String(text));
    }
    let mut header = Map::new();
    if !metadata.is_empty() {
        header.insert(METADATA.to_owned(), Value::Object(metadata));
    }
    let mut data = Vec::new();
    for tensor in tensors {
        if tensor.name == METADATA {
            let what = format!("no tensor can have the name {METADATA}");
            return Err(Error::Safetensors { what });
        }
        let start = data.len();
        let (dtype, bytes) = tensor.data.bytes();
        data.extend(bytes);
        let info =
            json!({"dtype": dtype, "shape": tensor.shape, "data_offsets": [start, data.len()]});
        header.insert(tensor.name, info);
    }
    let mut text = Value::Object(header).to_string();
    // Readers map the tensors straight into memory, which wants them aligned.
    while !text.len().is_multiple_of(8) {
        text.push(' ');
    }
    let mut out = (text.len() as u64).to_le_bytes().to_vec();
    out.extend(text.as_bytes());
    out.extend(data);
    Ok(out)
}

/// JSON text: tensors as nested lists, one a line. Floats are written as Python writes them,
/// so that they read back to the same bits.
pub fn to_json(raw: &Raw) -> String {
    let own = Schema::Checkpoint.fields();
    let mut parts: Vec<String> =
        own.into_iter().map(|(key, value)| format!("  \"{key}\": {value}")).collect();
    let tensors: Vec<String> = raw
        .tensors
        .iter()
        .map(|(name, array)| {
            let data: Vec<f32> = array.iter().copied().collect();
            let mut text = format!("    {}: ", Value::from(name.as_str()));
            nested(array.shape(), &data, &mut text);
            text
        })
        .collect();
    parts.push(format!("  \"model_state_dict\": {{\n{}\n  }}", tensors.join(",\n")));
    parts.extend(fields(raw).map(|(key, text)| format!("  \"{key}\": {text}")));
    format!("{{\n{}\n}}\n", parts.join(",\n"))
}

/// What a file has beside its tensors, as JSON text.
fn fields(raw: &Raw) -> impl Iterator<Item = (&'static str, String)> {
    let text = |map: &Map<String, Value>| Value::Object(map.clone()).to_string();
    [
        ("config", raw.config.as_ref().map(text)),
        ("step", raw.step.map(|step| step.to_string())),
        ("metrics", raw.metrics.as_ref().map(text)),
        (EDITED, raw.edited.then(|| "true".to_owned())),
    ]
    .into_iter()
    .filter_map(|(key, text)| Some((key, text?)))
}

fn nested(shape: &[usize], data: &[f32], out: &mut String) {
    let [len, inner @ ..] = shape else {
        data.iter().for_each(|value| out.push_str(&float(*value)));
        return;
    };
    let size: usize = inner.iter().product();
    out.push('[');
    for index in 0..*len {
        if index > 0 {
            out.push_str(", ");
        }
        nested(inner, data.get(index * size..(index + 1) * size).unwrap_or_default(), out);
    }
    out.push(']');
}

/// The shortest text of the double that equals `value`. Shorter text would do for `float32`,
/// but not for a reader that goes through a double.
fn float(value: f32) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        format!("{:?}", f64::from(value))
    }
}
