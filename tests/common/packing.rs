//! Files in files, as other programs pack them: everything stored, nothing compressed, but in the form of each.
#![allow(dead_code, reason = "each test crate uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use crate::common::crc32;

/// A deflate stream of blocks that are stored as they are.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let blocks: Vec<&[u8]> = bytes.chunks(0xffff).collect();
    let mut out = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        out.push(u8::from(index + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(*block);
    }
    out
}

/// A gzip file with a name in its header.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03best.pt\0".to_vec();
    out.extend(deflated(bytes));
    out.extend(crc32(bytes).to_le_bytes());
    out.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
    out
}

/// A tar archive.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in files {
        let mut header = vec![0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[156] = b'0';
        header[257..262].copy_from_slice(b"ustar");
        out.extend(header);
        out.extend(*bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// A zip archive; entries whose names end with `*` (which is taken off) are deflated.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let (name, method) = name.strip_suffix('*').map_or((*name, 0u16), |name| (name, 8));
        let data = if method == 8 { deflated(bytes) } else { bytes.to_vec() };
        let sizes =
            [data.len(), bytes.len()].map(|size| u32::try_from(size).unwrap().to_le_bytes());
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let method = method.to_le_bytes();
        let sum = crc32(bytes).to_le_bytes();
        let fields = [&[0; 2], &method[..], &[0; 4], &sum, &sizes[0], &sizes[1], &length, &[0; 2]];
        let offset = u32::try_from(out.len()).unwrap().to_le_bytes();
        out.extend([b"PK\x03\x04\x14\0", &fields.concat()[..], name.as_bytes(), &data].concat());
        directory.extend(
            [b"PK\x01\x02\x14\0\x14\0", &fields.concat()[..], &[0; 10], &offset, name.as_bytes()]
                .concat(),
        );
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let [size, start] =
        [directory.len(), out.len()].map(|size| u32::try_from(size).unwrap().to_le_bytes());
    out.extend(directory);
    out.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &start, &[0; 2]].concat());
    out
}

/// A `.npy` file of float32.
pub fn npy(shape: &[usize], data: &[f32]) -> Vec<u8> {
    let sizes: Vec<String> = shape.iter().map(|size| format!("{size},")).collect();
    let text =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}\n", sizes.concat());
    let mut out = b"\x93NUMPY\x01\0".to_vec();
    out.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
    out.extend(text.as_bytes());
    out.extend(data.iter().flat_map(|value| value.to_le_bytes()));
    out
}
