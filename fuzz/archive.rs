//! Files around any bytes: a `.pt` around a pickle, a safetensors file around a header, a sum behind what has one.
#![allow(dead_code, reason = "each target uses its part")]

/// A zip archive with this pickle, and one storage under each of four names.
pub fn torch(pickle: &[u8], storage: &[u8]) -> Vec<u8> {
    let storages = ["a/data/0", "a/data/1", "a/data/2", "a/data/3"];
    let entries = std::iter::once(("a/data.pkl", pickle));
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let mut count = 0u16;
    for (name, data) in entries.chain(storages.map(|name| (name, storage))) {
        count += 1;
        let (offset, size) = ((out.len() as u32).to_le_bytes(), (data.len() as u32).to_le_bytes());
        // CRCs of 0 are not checked, so none has to be computed here.
        let name_length = (name.len() as u16).to_le_bytes();
        let fields = [&[0; 4][..], &[0; 4], &[0; 4], &size, &size, &name_length, &[0; 2]].concat();
        out.extend([b"PK\x03\x04\0\0", &fields[..], name.as_bytes(), data].concat());
        directory.extend(
            [b"PK\x01\x02\0\0\0\0", &fields[..], &[0; 10], &offset, name.as_bytes()].concat(),
        );
    }
    let (start, size) = ((out.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let count = count.to_le_bytes();
    out.extend(directory);
    out.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &start, &[0; 2]].concat());
    out
}

/// A safetensors file whose header is the first line, with its right length in front; its data is the rest.
pub fn safetensors(bytes: &[u8]) -> Vec<u8> {
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let data = bytes.get(header.len() + 1..).unwrap_or_default();
    [&(header.len() as u64).to_le_bytes(), header, data].concat()
}

/// Bytes with their CRC-32 behind them.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    let crc = !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    });
    [bytes, &crc.to_le_bytes()].concat()
}
