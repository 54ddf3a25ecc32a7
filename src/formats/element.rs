//! Element types of stored tensors. All of them become `f32`, which is what the
//! model computes in.

/// The type of a tensor's elements, little-endian in every format that we read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Element {
    F64,
    F32,
    F16,
    Bf16,
    I64,
    I32,
    I16,
    I8,
    U64,
    U32,
    U16,
    U8,
    Bool,
}

impl Element {
    /// Bytes of one element.
    pub(super) fn size(self) -> usize {
        match self {
            Self::F64 | Self::I64 | Self::U64 => 8,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::F16 | Self::Bf16 | Self::I16 | Self::U16 => 2,
            Self::I8 | Self::U8 | Self::Bool => 1,
        }
    }

    /// One element from its bytes; NaN and infinities stay what they are.
    pub(super) fn decode(self, bytes: &[u8]) -> f32 {
        match self {
            Self::F64 => f64::from_le_bytes(first(bytes)) as f32,
            Self::F32 => f32::from_le_bytes(first(bytes)),
            Self::F16 => half(u16::from_le_bytes(first(bytes))),
            Self::Bf16 => f32::from_bits(u32::from(u16::from_le_bytes(first(bytes))) << 16),
            Self::I64 => i64::from_le_bytes(first(bytes)) as f32,
            Self::I32 => i32::from_le_bytes(first(bytes)) as f32,
            Self::I16 => f32::from(i16::from_le_bytes(first(bytes))),
            Self::I8 => f32::from(i8::from_le_bytes(first(bytes))),
            Self::U64 => u64::from_le_bytes(first(bytes)) as f32,
            Self::U32 => u32::from_le_bytes(first(bytes)) as f32,
            Self::U16 => f32::from(u16::from_le_bytes(first(bytes))),
            Self::U8 => f32::from(u8::from_le_bytes(first(bytes))),
            Self::Bool => f32::from(u8::from(first::<1>(bytes) != [0])),
        }
    }

    /// One element as a number of the file, not rounded to `f32`.
    pub(super) fn decode_number(self, bytes: &[u8]) -> f64 {
        match self {
            Self::F64 => f64::from_le_bytes(first(bytes)),
            Self::I64 => i64::from_le_bytes(first(bytes)) as f64,
            Self::I32 => f64::from(i32::from_le_bytes(first(bytes))),
            Self::U64 => u64::from_le_bytes(first(bytes)) as f64,
            Self::U32 => f64::from(u32::from_le_bytes(first(bytes))),
            other => f64::from(other.decode(bytes)),
        }
    }

    /// The type that NumPy calls by a letter and a number of bytes: `f4`.
    pub(super) fn of_numpy(code: &str) -> Option<Element> {
        Some(match code {
            "f8" => Self::F64,
            "f4" => Self::F32,
            "f2" => Self::F16,
            "i8" => Self::I64,
            "i4" => Self::I32,
            "i2" => Self::I16,
            "i1" => Self::I8,
            "u8" => Self::U64,
            "u4" => Self::U32,
            "u2" => Self::U16,
            "u1" => Self::U8,
            "b1" => Self::Bool,
            _ => return None,
        })
    }

    /// Elements that lie one after the other.
    pub(super) fn decode_all(self, bytes: &[u8]) -> Vec<f32> {
        bytes.chunks_exact(self.size()).map(|element| self.decode(element)).collect()
    }
}

/// The first `N` bytes; what is not there counts as zero.
pub(super) fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    out
}

/// IEEE 754 binary16.
fn half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let exponent = u32::from(bits >> 10 & 0x1f);
    let fraction = u32::from(bits & 0x3ff);
    match exponent {
        // Subnormal: the fraction counts steps of 2^-24, which f32 holds exactly.
        0 => f32::from_bits((fraction as f32 / 16_777_216.0).to_bits() | sign),
        31 => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_exact() {
        let cases = [
            (0x0000, 0.0),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
            (0x0400, 6.103_515_6e-5),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x3555, 0.333_251_95),
            (0x7c00, f32::INFINITY),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (bits, value) in cases {
            assert_eq!(half(bits), value, "{bits:#06x}");
        }
        assert!(half(0x7e00).is_nan());
        assert_eq!(half(0x8000).to_bits(), (-0.0f32).to_bits());
    }

    #[test]
    fn every_type_reads_its_bytes() {
        let cases = [
            (Element::F64, (-1.5f64).to_le_bytes().to_vec(), -1.5),
            (Element::F32, 0.1f32.to_le_bytes().to_vec(), 0.1),
            (Element::Bf16, vec![0xc0, 0x3f], 1.5),
            (Element::I64, (-3i64).to_le_bytes().to_vec(), -3.0),
            (Element::I32, (-3i32).to_le_bytes().to_vec(), -3.0),
            (Element::I16, (-3i16).to_le_bytes().to_vec(), -3.0),
            (Element::I8, vec![0xfd], -3.0),
            (Element::U64, 7u64.to_le_bytes().to_vec(), 7.0),
            (Element::U32, 7u32.to_le_bytes().to_vec(), 7.0),
            (Element::U16, 7u16.to_le_bytes().to_vec(), 7.0),
            (Element::U8, vec![253], 253.0),
            (Element::Bool, vec![2], 1.0),
        ];
        for (element, bytes, value) in cases {
            assert_eq!(bytes.len(), element.size());
            assert_eq!(element.decode_all(&bytes), [value], "{element:?}");
        }
    }
}
