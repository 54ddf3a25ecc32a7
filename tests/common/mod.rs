//! Small checkpoint files, made by the tests themselves.
#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::formats::{Error, read_raw};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A tensor: name, shape, elements in row-major order.
pub type Named = (String, Vec<usize>, Vec<f32>);

/// A tensor from literals.
pub fn named(name: &str, shape: &[usize], data: &[f32]) -> Named {
    assert_eq!(shape.iter().product::<usize>(), data.len(), "{name}");
    (name.to_owned(), shape.to_vec(), data.to_vec())
}

/// What `torch.save({"step", "model_state_dict", "config", "metrics"})` writes; parts that are
/// `None` are left out.
pub fn torch_file(
    tensors: &[Named],
    config: Option<&Value>,
    step: Option<u64>,
    metrics: Option<&Value>,
) -> Vec<u8> {
    let mut pickle = Pickle::new();
    pickle.op(b"}").op(b"(");
    if let Some(step) = step {
        pickle.text("step").int(i64::try_from(step).unwrap());
    }
    pickle.text("model_state_dict").state_dict(tensors);
    for (key, value) in [("config", config), ("metrics", metrics)] {
        if let Some(value) = value {
            pickle.text(key).value(value);
        }
    }
    pickle.op(b"u");
    torch_archive(&pickle.stop(), &storages(tensors))
}

/// What `torch.save(model.state_dict())` writes.
pub fn torch_state_dict(tensors: &[Named]) -> Vec<u8> {
    let mut pickle = Pickle::new();
    pickle.state_dict(tensors);
    torch_archive(&pickle.stop(), &storages(tensors))
}

/// The bytes of each tensor's storage.
pub fn storages(tensors: &[Named]) -> Vec<Vec<u8>> {
    tensors.iter().map(|(_, _, data)| floats(data)).collect()
}

/// Floats as a storage holds them.
pub fn floats(data: &[f32]) -> Vec<u8> {
    data.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A `.pt` file around any pickle.
pub fn torch_archive(pickle: &[u8], storages: &[Vec<u8>]) -> Vec<u8> {
    let mut entries =
        vec![Entry::new("best/data.pkl", pickle), Entry::new("best/byteorder", b"little")];
    let data = storages.iter().enumerate();
    entries.extend(data.map(|(index, bytes)| Entry::new(&format!("best/data/{index}"), bytes)));
    entries.push(Entry::new("best/version", b"3\n"));
    zip(&entries)
}

/// A `.pt` file with a matrix `a`, a scalar `b`, and everything else that one has.
pub fn small() -> Vec<u8> {
    let tensors: [Named; 2] = [named("a", &[2, 2], &[1., 2., 3., 4.]), named("b", &[], &[5.])];
    torch_file(&tensors, Some(&json!({"d_model": 5})), Some(7), Some(&json!({"exact": 0.5})))
}

/// A `.pt` file of one pickle, with one storage of four floats.
pub fn pt(pickle: &Pickle) -> Vec<u8> {
    torch_archive(&pickle.stop(), &[floats(&[1., 2., 3., 4.])])
}

/// A `.pt` file whose pickle is these instructions.
pub fn instructions(bytes: &[u8]) -> Vec<u8> {
    pt(Pickle::new().op(bytes))
}

/// Why a checkpoint cannot be read.
pub fn error(bytes: &[u8]) -> Error {
    read_raw(bytes).unwrap_err()
}

/// One entry of a zip archive, right unless a test makes it wrong.
#[derive(Clone)]
pub struct Entry {
    pub name: String,
    pub data: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
}

impl Entry {
    pub fn new(name: &str, data: &[u8]) -> Self {
        let (name, data) = (name.to_owned(), data.to_vec());
        Self { name, flags: 0x0808, method: 0, crc: crc32(&data), data }
    }

    fn fields(&self) -> Vec<u8> {
        let size = u32::try_from(self.data.len()).unwrap().to_le_bytes();
        let name = u16::try_from(self.name.len()).unwrap().to_le_bytes();
        let (flags, method) = (self.flags.to_le_bytes(), self.method.to_le_bytes());
        let parts: [&[u8]; 8] =
            [&flags, &method, &[0; 4], &self.crc.to_le_bytes(), &size, &size, &name, &[0; 2]];
        parts.concat()
    }
}

/// A zip archive, its contents aligned to 64 bytes by an extra field as torch does it.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = u32::try_from(out.len()).unwrap();
        let padding = 64 - (out.len() + 30 + entry.name.len() + 4) % 64;
        let mut header = [b"PK\x03\x04\0\0".as_slice(), &entry.fields()].concat();
        header[28..30].copy_from_slice(&u16::try_from(padding + 4).unwrap().to_le_bytes());
        out.extend(header);
        out.extend(entry.name.as_bytes());
        out.extend(b"FB");
        out.extend(u16::try_from(padding).unwrap().to_le_bytes());
        out.extend(vec![b'Z'; padding]);
        out.extend(&entry.data);
        directory.extend(b"PK\x01\x02\0\0\0\0");
        directory.extend(entry.fields());
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let start = u32::try_from(out.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    out.extend(directory);
    out.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &start, &[0; 2]].concat());
    out
}

/// CRC-32, a bit at a time: another way than the reader's.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// Writes pickles as Python does in protocol 2: text and globals go to the memo and are
/// recalled from there the next time.
pub struct Pickle {
    bytes: Vec<u8>,
    memo: HashMap<String, u32>,
}

impl Pickle {
    pub fn new() -> Self {
        Self { bytes: b"\x80\x02".to_vec(), memo: HashMap::new() }
    }

    /// Any bytes: an instruction of the pickle machine.
    pub fn op(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend(bytes);
        self
    }

    /// The whole pickle.
    pub fn stop(&self) -> Vec<u8> {
        [self.bytes.as_slice(), b"."].concat()
    }

    fn memoized(&mut self, key: String, write: Vec<u8>) -> &mut Self {
        if let Some(place) = self.memo.get(&key).copied() {
            return match u8::try_from(place) {
                Ok(place) => self.op(&[b'h', place]),
                Err(_) => self.op(b"j").op(&place.to_le_bytes()),
            };
        }
        let place = u32::try_from(self.memo.len()).unwrap();
        self.memo.insert(key, place);
        self.op(&write);
        match u8::try_from(place) {
            Ok(place) => self.op(&[b'q', place]),
            Err(_) => self.op(b"r").op(&place.to_le_bytes()),
        }
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        self.memoized(format!("text {text}"), [b"X", &length[..], text.as_bytes()].concat())
    }

    pub fn global(&mut self, module: &str, name: &str) -> &mut Self {
        let write = format!("c{module}\n{name}\n");
        self.memoized(write.clone(), write.into_bytes())
    }

    pub fn int(&mut self, value: i64) -> &mut Self {
        if let Ok(byte) = u8::try_from(value) {
            self.op(&[b'K', byte])
        } else if let Ok(short) = u16::try_from(value) {
            self.op(b"M").op(&short.to_le_bytes())
        } else if let Ok(int) = i32::try_from(value) {
            self.op(b"J").op(&int.to_le_bytes())
        } else {
            self.op(b"\x8a\x08").op(&value.to_le_bytes())
        }
    }

    /// Plain data.
    pub fn value(&mut self, value: &Value) -> &mut Self {
        match value {
            Value::Null => self.op(b"N"),
            Value::Bool(truth) => self.op(if *truth { b"\x88" } else { b"\x89" }),
            Value::Number(number) => match number.as_i64() {
                Some(int) => self.int(int),
                None => self.op(b"G").op(&number.as_f64().unwrap().to_be_bytes()),
            },
            Value::String(text) => self.text(text),
            Value::Array(items) => {
                self.op(b"](");
                for item in items {
                    self.value(item);
                }
                self.op(b"e")
            }
            Value::Object(map) => {
                self.op(b"}(");
                for (key, value) in map {
                    self.text(key).value(value);
                }
                self.op(b"u")
            }
        }
    }

    fn sizes(&mut self, sizes: &[i64]) -> &mut Self {
        self.op(b"(");
        for size in sizes {
            self.int(*size);
        }
        self.op(b"t")
    }

    /// A view of a storage: `storage` is its type, key and count, the rest as in torch.
    pub fn tensor(
        &mut self,
        storage: (&str, &str, i64),
        offset: i64,
        shape: &[i64],
        strides: &[i64],
    ) -> &mut Self {
        let (kind, key, count) = storage;
        self.global("torch._utils", "_rebuild_tensor_v2").op(b"((").text("storage");
        self.global("torch", kind).text(key).text("cpu").int(count).op(b"tQ").int(offset);
        self.sizes(shape).sizes(strides).op(b"\x89");
        self.global("collections", "OrderedDict").op(b")RtR")
    }

    /// An `OrderedDict` of contiguous float tensors, the N-th in storage N, with the
    /// `_metadata` that PyTorch gives it.
    pub fn state_dict(&mut self, tensors: &[Named]) -> &mut Self {
        self.global("collections", "OrderedDict").op(b")R(");
        for (index, (name, shape, data)) in tensors.iter().enumerate() {
            let shape: Vec<i64> = shape.iter().map(|len| *len as i64).collect();
            let inner = |dim: usize| shape[dim + 1..].iter().product::<i64>();
            let strides: Vec<i64> = (0..shape.len()).map(inner).collect();
            let key = index.to_string();
            self.text(name).tensor(("FloatStorage", &key, data.len() as i64), 0, &shape, &strides);
        }
        self.op(b"u}").text("_metadata");
        self.global("collections", "OrderedDict").op(b")Rsb")
    }
}
