//! Sorting by a number, compiled once: every further sort of another type would add 5 KB to
//! the page.

/// Numbers of `keys` from the smallest to the largest; equal ones keep their order.
pub fn rising(keys: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| keys[a].total_cmp(&keys[b]));
    order
}

/// `items` from the largest `key` to the smallest; equal ones keep their order.
pub fn falling<T: Clone>(items: &[T], key: impl Fn(&T) -> f64) -> Vec<T> {
    let keys: Vec<f64> = items.iter().map(|item| -key(item)).collect();
    rising(&keys).into_iter().map(|i| items[i].clone()).collect()
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
}
