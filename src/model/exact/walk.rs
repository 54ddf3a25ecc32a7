//! How many additions some diagrams all hold for: from state to state, column by column, the highest first.
//!
//! 110 values lead on from a state, or 200, but few ways: a value matters only to the nodes that look at its column. Where these lead
//! is found once for all states that have come to them, each turn with the number of pairs of digits that take it.

use super::cases::{Columns, Value};
use super::diagram::{Diagrams, FAILS, Id, START, Term, fits};
use super::lists::Lists;
use super::report::CHAINS;
use numbers::listed::Listed;
use numbers::order::by_whole;
use task::addition::DIGITS;

/// How many additions there are, by the longest run of columns that send a carry.
pub struct Chains {
    /// From 0 to 10 columns.
    pub counts: [u128; CHAINS],
    /// For want of room as many were left, at most.
    pub left: u128,
}

/// Where some nodes of one column lead.
#[derive(Default)]
struct Turns {
    /// Each a list: what the column sends, then the state that it comes to.
    to: Lists,
    /// How many pairs of digits take each.
    times: Vec<u64>,
}

/// Where a column leads.
struct Column<'d> {
    diagrams: &'d Diagrams,
    j: usize,
    /// Roots that look at it.
    begun: Vec<Id>,
    values: Vec<Value>,
    made_of: Columns,
    /// What it has to send, and nodes that look at it.
    keys: Lists,
    /// By the numbers of these.
    turns: Vec<Turns>,
    key: Vec<u32>,
    list: Vec<u32>,
}

impl<'d> Column<'d> {
    fn new(diagrams: &'d Diagrams, term: &Term, j: usize) -> Column<'d> {
        let looks = |root: &Id| diagrams.column(*root) == Some(j);
        Column {
            diagrams,
            j,
            begun: term.roots.iter().copied().filter(looks).listed(),
            values: term.within.values(j).listed(),
            made_of: term.within.made_of,
            keys: Lists::default(),
            turns: vec![],
            key: vec![],
            list: vec![],
        }
    }

    /// Where `state` leads; its nodes that do not look at the column are written into `rest`.
    fn turns(&mut self, state: &[u32], rest: &mut Vec<u32>) -> &Turns {
        rest.clear();
        self.key.clear();
        for (i, word) in state.iter().enumerate() {
            let looks = i == 0 || self.diagrams.column(*word) == Some(self.j);
            if looks { &mut self.key } else { &mut *rest }.push(*word);
        }
        let number = self.keys.number(&self.key);
        if number == self.turns.len() {
            let made = self.made();
            self.turns.push(made);
        }
        &self.turns[number]
    }

    fn made(&mut self) -> Turns {
        let mut turns = Turns::default();
        for value in self.values.iter().filter(|value| fits(&self.key, **value)) {
            self.list.clear();
            self.list.push(value.sends() as u32);
            if self.diagrams.step(&self.begun, &self.key, self.j, *value, &mut self.list) {
                let number = turns.to.number(&self.list);
                turns.times.resize(turns.to.len(), 0);
                turns.times[number] += u64::from(self.made_of.times(self.j, *value));
            }
        }
        turns
    }
}

/// Both lists of nodes, which are in order, as one.
fn merge(mut a: &[u32], mut b: &[u32], into: &mut Vec<u32>) {
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        into.push(*x.min(y));
        let (in_a, in_b) = (x <= y, y <= x);
        a = &a[usize::from(in_a)..];
        b = &b[usize::from(in_b)..];
    }
    into.extend_from_slice(a);
    into.extend_from_slice(b);
}

impl Diagrams {
    /// Counts by the longest run of carries, or all as if there were none.
    pub(super) fn walk(&self, term: &Term, runs: bool) -> Chains {
        let mut chains = Chains { counts: [0; CHAINS], left: 0 };
        if term.roots.contains(&FAILS) {
            return chains;
        }
        let ways = term.within.ways();
        let (mut states, mut counts) = (Lists::default(), vec![1]);
        states.number(&[&[Run::default().word()], START].concat());
        let (mut list, mut rest) = (vec![], vec![]);
        for j in (0..DIGITS).rev() {
            let (mut next, mut sums) = (Lists::default(), Vec::<u128>::new());
            let mut column = Column::new(self, term, j);
            for (state, count) in states.iter().zip(&counts) {
                let Some((run, state)) = state.split_first() else { continue };
                let turns = column.turns(state, &mut rest);
                for (to, times) in turns.to.iter().zip(&turns.times) {
                    let [sends, carry, nodes @ ..] = to else { continue };
                    let then = Run::of(*run).then(*sends).word();
                    list.clear();
                    list.extend_from_slice(&[if runs { then } else { *run }, *carry]);
                    merge(nodes, &rest, &mut list);
                    let number = next.number(&list);
                    sums.resize(next.len(), 0);
                    sums[number] += count * u128::from(*times);
                }
            }
            if next.len() > self.states() {
                (next, sums) = chains.leave(&next, sums, &ways[j], term.open, self.states());
            }
            (states, counts) = (next, sums);
        }
        for (state, count) in states.iter().zip(counts) {
            chains.counts[usize::from(Run::of(state[0]).longest)] += count;
        }
        chains
    }
}
/// A run of columns that send a carry, from the highest down.
#[derive(Clone, Copy, Default)]
struct Run {
    now: u8,
    longest: u8,
}

impl Run {
    /// As one number of a list.
    fn word(self) -> u32 {
        u32::from(self.now) << 8 | u32::from(self.longest)
    }

    fn of(word: u32) -> Run {
        Run { now: (word >> 8) as u8, longest: word as u8 }
    }

    fn then(self, sends: u32) -> Run {
        let now = if sends == 1 { self.now + 1 } else { 0 };
        Run { now, longest: self.longest.max(now) }
    }
}

impl Chains {
    /// Keeps less than `most` states, and leaves those with the fewest additions. Where what is open counts, all that the columns below could be is counted,
    /// with every run that there may be.
    fn leave(
        &mut self,
        states: &Lists,
        counts: Vec<u128>,
        ways: &[u128; 2],
        open: bool,
        most: usize,
    ) -> (Lists, Vec<u128>) {
        let least = by_whole(&counts, |count| u128::MAX - count)[most];
        let (mut kept, mut of_kept) = (Lists::default(), Vec::new());
        for (state, count) in states.iter().zip(counts) {
            if count > least {
                kept.number(state);
                of_kept.push(count);
                continue;
            }
            let sends = if state[1] == 1 { 1 } else { 0 };
            let all = count.saturating_mul(ways[sends]);
            self.left = self.left.saturating_add(all);
            if open {
                for sum in &mut self.counts[usize::from(Run::of(state[0]).longest)..] {
                    *sum = sum.saturating_add(all);
                }
            }
        }
        (kept, of_kept)
    }
}
