//! Sorting by a number, and a queue by one, by one heap: each sort of the standard library's adds 6 KB to the page, and each
//! kind of heap 2.

use std::collections::BinaryHeap;

/// Numbers of `keys` from the smallest to the largest; equal ones keep their order.
pub fn rising(keys: &[f64]) -> Vec<usize> {
    places(keys.iter().map(|key| whole(*key).into()).collect())
}

/// Places of `keys` from the smallest to the largest; equal ones keep their order.
fn places(keys: Vec<u128>) -> Vec<usize> {
    let mut entries = BinaryHeap::with_capacity(keys.len());
    keys.into_iter().enumerate().for_each(|(place, key)| entries.push((key, place)));
    let mut places = vec![0; entries.len()];
    for place in places.iter_mut().rev() {
        *place = entries.pop().map_or(0, |(_, place)| place);
    }
    places
}

/// Whole numbers in the order of [`f64::total_cmp`].
pub fn whole(key: f64) -> u64 {
    let bits = key.to_bits();
    // Of two negative numbers, the one with the larger bits is the smaller.
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn sorted<T: Clone>(items: &[T], keys: Vec<u128>) -> Vec<T> {
    places(keys).into_iter().map(|i| items[i].clone()).collect()
}

/// `items` from the largest `key` to the smallest; equal ones keep their order.
pub fn falling<T: Clone>(items: &[T], key: impl Fn(&T) -> f64) -> Vec<T> {
    sorted(items, items.iter().map(|item| whole(-key(item)).into()).collect())
}

/// `items` from the smallest whole `key` to the largest; equal ones keep their order.
pub fn by_whole<T: Clone>(items: &[T], key: impl Fn(&T) -> u128) -> Vec<T> {
    sorted(items, items.iter().map(key).collect())
}

/// Items of which the one with the largest key comes first.
pub struct Queue<T> {
    /// Keys, and places of their items.
    keys: BinaryHeap<(u128, usize)>,
    items: Vec<T>,
    /// Places of items that came out.
    free: Vec<usize>,
}

impl<T: Copy> Queue<T> {
    /// Nothing is in it.
    pub const fn new() -> Queue<T> {
        Queue { keys: BinaryHeap::new(), items: vec![], free: vec![] }
    }

    /// Puts an item in.
    pub fn push(&mut self, key: u128, item: T) {
        let place = self.free.pop().unwrap_or(self.items.len());
        match self.items.get_mut(place) {
            Some(at) => *at = item,
            None => self.items.push(item),
        }
        self.keys.push((key, place));
    }

    /// Takes the item with the largest key out.
    pub fn pop(&mut self) -> Option<T> {
        let (_, place) = self.keys.pop()?;
        self.free.push(place);
        self.items.get(place).copied()
    }

    /// The item with the largest key.
    pub fn peek(&self) -> Option<&T> {
        self.items.get(self.keys.peek()?.1)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl<T: Copy> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue::new()
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

    #[test]
    fn a_queue_gives_the_largest_first() {
        let mut queue = Queue::new();
        for round in 0..3 {
            [3, 1, 4, 1, 5].iter().for_each(|key| queue.push(*key, (round, *key)));
            assert_eq!(queue.peek().map(|item| item.1), Some(5));
            let three = [queue.pop(), queue.pop(), queue.pop()];
            assert_eq!(three.map(|item| item.map(|item| item.1)), [Some(5), Some(4), Some(3)]);
        }
        let rest: Vec<u128> = std::iter::from_fn(|| queue.pop()).map(|item| item.1).collect();
        assert_eq!((rest, queue.is_empty()), (vec![1; 6], true));
        assert!(queue.items.len() < 12);
    }
}
