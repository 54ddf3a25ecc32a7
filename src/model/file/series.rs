//! The numbers of all snapshots of a run on their way from one part of the page to another. They are most of what the first
//! view downloads beside the library.

use numbers::listed::Listed;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Tensors through the snapshots of a run. As bytes they are the differences of their bits from snapshot to snapshot, the
/// last bytes of all numbers first, the first bytes last: training moves a number little at a time, so that those are alike,
/// which packs by a fifth better.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// So many snapshots.
    pub count: usize,
    /// The numbers of every snapshot, one after the other.
    pub tensors: Vec<Vec<f32>>,
}

/// Numbers of one snapshot.
fn size(numbers: usize, count: usize) -> usize {
    (numbers / count.max(1)).max(1)
}

/// A difference as a whole number without a sign: small where it is near zero, on whichever side.
fn folded(difference: u32) -> u32 {
    difference << 1 ^ (difference >> 31).wrapping_neg()
}

fn unfolded(folded: u32) -> u32 {
    folded >> 1 ^ (folded & 1).wrapping_neg()
}

fn packed(numbers: &[f32], count: usize) -> Vec<u8> {
    let (length, size) = (numbers.len(), size(numbers.len(), count));
    let mut bytes = vec![0; 4 * length];
    for (i, number) in numbers.iter().enumerate() {
        let before = i.checked_sub(size).map_or(0, |before| numbers[before].to_bits());
        let difference = folded(number.to_bits().wrapping_sub(before));
        for (plane, byte) in difference.to_le_bytes().into_iter().enumerate() {
            bytes[plane * length + i] = byte;
        }
    }
    bytes
}

fn unpacked(bytes: &[u8], count: usize) -> Vec<f32> {
    let length = bytes.len() / 4;
    let size = size(length, count);
    let mut numbers: Vec<f32> = Vec::with_capacity(length);
    for i in 0..length {
        let before = i.checked_sub(size).map_or(0, |before| numbers[before].to_bits());
        let difference = u32::from_le_bytes([0, 1, 2, 3].map(|plane| bytes[plane * length + i]));
        numbers.push(f32::from_bits(before.wrapping_add(unfolded(difference))));
    }
    numbers
}

impl Serialize for Series {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let tensors = self.tensors.iter().map(|numbers| packed(numbers, self.count)).listed();
        (self.count, tensors).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Series {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Series, D::Error> {
        let (count, tensors) = <(usize, Vec<&[u8]>)>::deserialize(from)?;
        if tensors.iter().any(|bytes| bytes.len() % 4 != 0) {
            return Err(D::Error::custom("numbers have four bytes each"));
        }
        let tensors = tensors.iter().map(|bytes| unpacked(bytes, count)).listed();
        Ok(Series { count, tensors })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_to_the_bit_whatever_they_are() {
        let bits = [0, 1, 0x8000_0000, 0x7f80_0000, 0xff80_0001, 0x3f80_0000, u32::MAX];
        for count in [0, 1, 2, 3, 7, 9, usize::MAX] {
            for length in 0..=bits.len() {
                let numbers: Vec<f32> = bits[..length].iter().map(|b| f32::from_bits(*b)).collect();
                let back: Vec<u32> = unpacked(&packed(&numbers, count), count)
                    .into_iter()
                    .map(f32::to_bits)
                    .collect();
                assert_eq!(back, bits[..length], "{count} snapshots of {length} numbers");
            }
        }
    }

    #[test]
    fn numbers_that_move_little_are_mostly_zeros() {
        let numbers: Vec<f32> = (0..1000).map(|step| 1.5 + f32::from(step as u16) * 1e-5).collect();
        let zeros = packed(&numbers, 1000).iter().filter(|byte| **byte == 0).count();
        assert!(zeros >= 2 * 999, "{zeros}");
    }

    #[test]
    fn half_a_number_is_none() {
        let bytes = postcard::to_allocvec(&(1_usize, vec![vec![1_u8, 2, 3]])).unwrap_or_default();
        assert!(postcard::from_bytes::<Series>(&bytes).is_err());
    }
}
