//! Sorting by a number, by a heap: each sort of the standard library's adds 6 KB to the page.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Numbers of `keys` from the smallest to the largest; equal ones keep their order.
pub fn rising(keys: &[f64]) -> Vec<usize> {
    places(keys.iter().map(|key| rank(*key)))
}

/// Places of `keys` from the smallest to the largest; equal ones keep their order.
fn places<K: Ord>(keys: impl Iterator<Item = K>) -> Vec<usize> {
    let entries: BinaryHeap<(K, usize)> = keys.zip(0..).collect();
    entries.into_sorted_vec().into_iter().map(|(_, i)| i).collect()
}

/// Whole numbers in the order of [`f64::total_cmp`].
pub fn rank(key: f64) -> i64 {
    let bits = key.to_bits() as i64;
    // Of two negative numbers, the one with the larger bits is the smaller.
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// `items` from the largest `key` to the smallest; equal ones keep their order.
pub fn falling<T: Clone>(items: &[T], key: impl Fn(&T) -> f64) -> Vec<T> {
    let keys: Vec<f64> = items.iter().map(|item| -key(item)).collect();
    rising(&keys).into_iter().map(|i| items[i].clone()).collect()
}

/// `items` from the smallest whole `key` to the largest; equal ones keep their order.
pub fn by_whole<T: Clone>(items: &[T], key: impl Fn(&T) -> u128) -> Vec<T> {
    places(items.iter().map(key)).into_iter().map(|i| items[i].clone()).collect()
}

/// An item of a heap, which goes by its key alone.
pub struct Keyed<K, T> {
    /// The largest comes first.
    pub key: K,
    /// What it is the key of.
    pub item: T,
}

impl<K: Ord, T> Ord for Keyed<K, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl<K: Ord, T> PartialOrd for Keyed<K, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, T> Eq for Keyed<K, T> {}

impl<K: Ord, T> PartialEq for Keyed<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_items_keep_their_order() {
        let items = [(1.0, 'a'), (2.0, 'b'), (1.0, 'c'), (2.0, 'd')];
        let letters: String = falling(&items, |i| i.0).iter().map(|i| i.1).collect();
        assert_eq!(letters, "bdac");
        assert_eq!(rising(&[3.0, 1.0, 2.0, 1.0]), [1, 3, 2, 0]);
    }

    #[test]
    fn whole_numbers_are_in_order_and_equal_ones_stay() {
        let items = [(u128::MAX, 'a'), (0, 'b'), (7, 'c'), (0, 'd')];
        let letters: String = by_whole(&items, |i| i.0).iter().map(|i| i.1).collect();
        assert_eq!(letters, "bdca");
    }

    #[test]
    fn numbers_of_all_kinds_are_in_order() {
        let inf = f64::INFINITY;
        let rising = rising(&[f64::NAN, 0.5, -0.5, inf, -2.0, 0.0, -0.0, -inf, -f64::NAN]);
        assert_eq!(rising, [8, 7, 4, 2, 6, 5, 1, 3, 0]);
    }
}
