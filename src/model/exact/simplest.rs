//! The simplest additions of a kind: fewest digits that are not 0, then the smallest sum, then the smallest first summand.
//! All three add up over columns, so the simplest ways to come to a state are found column by column.

use super::cases::{PAIR, Value};

use super::diagram::{Diagrams, FAILS, STATES, State, Term};
use numbers::order::by_whole;
use rustc_hash::FxHashMap;
use std::hash::Hash;
use task::addition::DIGITS;
use task::sampling::Pair;

/// What makes an addition simple, the most important first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    digits: u32,
    sum: u64,
    a: u64,
}

impl Cost {
    /// As one number: sums have 11 digits, less than 40 bits.
    fn whole(self) -> u128 {
        u128::from(self.digits) << 80 | u128::from(self.sum) << 40 | u128::from(self.a)
    }
}

/// The simplest ways to come to one state, each with its first summand.
type Ways = Vec<Cost>;

fn keep(ways: &mut Ways, cost: Cost, most: usize) {
    match ways.binary_search(&cost) {
        Ok(_) => {}
        Err(at) if at < most => {
            ways.insert(at, cost);
            ways.truncate(most);
        }
        Err(_) => {}
    }
}

/// The simplest additions of a term.
pub struct Simplest {
    /// The simplest first.
    pub pairs: Vec<Pair>,
    /// None was left out for want of room, so that where there is none, the term has none.
    pub whole: bool,
}

/// The `most` simplest additions of a term.
pub fn simplest(diagrams: &Diagrams, term: &Term, most: usize) -> Simplest {
    if term.roots.contains(&FAILS) {
        return Simplest { pairs: vec![], whole: !diagrams.cut };
    }
    let step = |state: &Option<State>, j: usize, value: Value| {
        diagrams.step(&term.roots, state.as_ref()?, j, value).map(Some)
    };
    ways(diagrams, term, most, Some(State::START), step, |state| state.is_some())
}

/// The `most` simplest additions within a term's, for which it does not hold.
pub fn simplest_failing(diagrams: &Diagrams, term: &Term, most: usize) -> Simplest {
    if term.roots.contains(&FAILS) {
        let all = Term { roots: vec![], ..term.clone() };
        return simplest(diagrams, &all, most);
    }
    let step = |state: &Failing, j: usize, value: Value| match state {
        Failing::NotYet(state) if !state.fits(value) => None,
        Failing::NotYet(state) => Some(match diagrams.step(&term.roots, state, j, value) {
            Some(state) => Failing::NotYet(state),
            None => Failing::Failed(value.carry as u8),
        }),
        Failing::Failed(sends) if usize::from(*sends) != value.sends() => None,
        Failing::Failed(_) => Some(Failing::Failed(value.carry as u8)),
    };
    let start = Failing::NotYet(State::START);
    ways(diagrams, term, most, start, step, |state| matches!(state, Failing::Failed(_)))
}

/// Where an addition is that is to fail.
#[derive(PartialEq, Eq, Hash)]
enum Failing {
    NotYet(State),
    /// Some root failed: only what the columns below have to send matters.
    Failed(u8),
}

/// The simplest ways from `start` through all columns to where `ends`.
fn ways<S: Eq + Hash>(
    diagrams: &Diagrams,
    term: &Term,
    most: usize,
    start: S,
    step: impl Fn(&S, usize, Value) -> Option<S>,
    ends: impl Fn(&S) -> bool,
) -> Simplest {
    let mut whole = !diagrams.cut;
    let mut states: FxHashMap<S, Ways> = FxHashMap::default();
    states.insert(start, vec![Cost { digits: 0, sum: 0, a: 0 }]);
    for j in (0..DIGITS).rev() {
        let place = 10u64.pow(j as u32);
        let mut next: FxHashMap<S, Ways> = FxHashMap::default();
        let values: Vec<Value> = term.within.values(j).collect();
        for (state, ways) in &states {
            for value in &values {
                let Some(state) = step(state, j, *value) else { continue };
                let into = next.entry(state).or_default();
                let (x, y) = PAIR[value.pair];
                let digits = u32::from(x > 0) + u32::from(y > 0);
                let sum = u64::from(x + y) * place;
                let orders = if x == y { 1 } else { 2 };
                for way in ways {
                    for first in [x, y].iter().take(orders) {
                        let a = way.a + u64::from(*first) * place;
                        let cost = Cost { digits: way.digits + digits, sum: way.sum + sum, a };
                        keep(into, cost, most);
                    }
                }
            }
        }
        if next.len() > STATES {
            whole = false;
            let costs: Vec<Cost> = next.values().filter_map(|ways| ways.first().copied()).collect();
            let limit = by_whole(&costs, |cost| cost.whole())[STATES];
            next.retain(|_, ways| ways.first().is_some_and(|cost| *cost < limit));
        }
        states = next;
    }
    let mut all = Ways::new();
    for (_, ways) in states.into_iter().filter(|(state, _)| ends(state)) {
        ways.into_iter().for_each(|cost| keep(&mut all, cost, most));
    }
    let pairs = all.into_iter().map(|cost| (cost.a, cost.sum - cost.a)).collect();
    Simplest { pairs, whole }
}

/// The simplest of several terms.
pub fn simplest_of(diagrams: &Diagrams, terms: &[Term], most: usize) -> Vec<Pair> {
    let mut all: Vec<Pair> =
        terms.iter().flat_map(|term| simplest(diagrams, term, most).pairs).collect();
    all = by_whole(&all, |pair| order(*pair));
    all.dedup();
    all.truncate(most);
    all
}

/// How simple an addition is: see [the module](self). The smaller, the simpler.
pub fn order((a, b): Pair) -> u128 {
    let digits = |n: u64| n.to_string().bytes().filter(|d| *d != b'0').count() as u32;
    Cost { digits: digits(a) + digits(b), sum: a + b, a }.whole()
}
