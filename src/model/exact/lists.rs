//! Lists of whole numbers, each with a number of its own: all that is looked up while additions are counted. One table of
//! one kind for all of them: a hash map of the standard library for each kind of key would be 4 KB of the page.

/// No list has this number.
const NONE: u32 = u32::MAX;

/// Lists by their numbers, 0, 1, …, in the order in which they came.
#[derive(Default)]
pub struct Lists {
    /// All lists, one after the other.
    words: Vec<u32>,
    /// Where each ends, and its hash.
    ends: Vec<(usize, u64)>,
    /// Numbers of lists, each at the first free place from that of its hash on. A power of two of them.
    places: Vec<u32>,
}

fn hash(list: &[u32]) -> u64 {
    // Multiplied by an odd number near 2⁶⁴ / φ; the high bits are the well mixed ones.
    let mix = |hash: u64, word: &u32| (hash.rotate_left(5) ^ u64::from(*word)).wrapping_mul(FACTOR);
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    list.iter().fold(list.len() as u64, mix)
}

impl Lists {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The list with this number.
    pub fn get(&self, number: usize) -> Option<&[u32]> {
        let (end, _) = self.ends.get(number)?;
        let begin = if number == 0 { 0 } else { self.ends[number - 1].0 };
        self.words.get(begin..*end)
    }

    /// All of them, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map_while(|number| self.get(number))
    }

    /// The number of a list that is there.
    pub fn find(&self, list: &[u32]) -> Option<usize> {
        let place = self.place(hash(list), |number| self.get(number) == Some(list));
        self.places.get(place).filter(|number| **number != NONE).map(|number| *number as usize)
    }

    /// The number of a list; of one that is not there yet the next.
    pub fn number(&mut self, list: &[u32]) -> usize {
        if 2 * self.len() >= self.places.len() {
            self.grow();
        }
        let hash = hash(list);
        let place = self.place(hash, |number| self.get(number) == Some(list));
        if self.places[place] == NONE {
            self.places[place] = self.len() as u32;
            self.words.extend_from_slice(list);
            self.ends.push((self.words.len(), hash));
        }
        self.places[place] as usize
    }

    /// Where the number of a list with this hash stands that `is` it, or where it would.
    fn place(&self, hash: u64, is: impl Fn(usize) -> bool) -> usize {
        let Some(last) = self.places.len().checked_sub(1) else { return 0 };
        let mut place = (hash >> 32) as usize & last;
        loop {
            let number = self.places[place];
            if number == NONE || (self.ends[number as usize].1 == hash && is(number as usize)) {
                return place;
            }
            place = (place + 1) & last;
        }
    }

    fn grow(&mut self) {
        self.places = vec![NONE; (2 * self.places.len()).max(64)];
        for number in 0..self.len() {
            let place = self.place(self.ends[number].1, |_| false);
            self.places[place] = number as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lists;
    use std::collections::HashMap;

    #[test]
    fn every_list_keeps_its_number() {
        let (mut lists, mut known) = (Lists::default(), HashMap::new());
        let mut state = 1u32;
        for _ in 0..20_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let list: Vec<u32> = (0..state >> 30).map(|i| state >> (12 + i) & 1023).collect();
            let next = known.len();
            assert_eq!(lists.find(&list), known.get(&list).copied(), "{list:?}");
            let number = *known.entry(list.clone()).or_insert(next);
            assert_eq!(lists.number(&list), number, "{list:?}");
            assert_eq!((lists.get(number), lists.len()), (Some(&list[..]), known.len()));
        }
        assert!(lists.len() > 5000 && lists.get(lists.len()).is_none());
        assert_eq!(lists.iter().count(), lists.len());
    }
}
