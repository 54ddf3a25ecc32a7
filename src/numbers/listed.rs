//! Collecting into lists by one loop for each kind of item. The standard library's is made anew for each iterator, which
//! for all that the proof collects would be 10 KB of the page.

/// An iterator whose items are put into a list.
pub trait Listed<T>: Iterator<Item = T> + Sized {
    /// All items, as `collect` gives them.
    fn listed(mut self) -> Vec<T> {
        gathered(&mut || self.next())
    }
}

impl<T, I: Iterator<Item = T>> Listed<T> for I {}

#[inline(never)]
fn gathered<T>(next: &mut dyn FnMut() -> Option<T>) -> Vec<T> {
    let mut list = Vec::new();
    while let Some(item) = next() {
        list.push(item);
    }
    list
}
