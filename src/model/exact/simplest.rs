//! The simplest additions of a kind: fewest digits that are not 0, then the smallest sum, then the smallest first summand.
//! All three add up over columns, so the simplest ways to come to a state are found column by column.

use super::cases::PAIR;

use super::diagram::{Diagrams, FAILS, STATES, State, Term};
use rustc_hash::FxHashMap;
use task::addition::DIGITS;
use task::sampling::Pair;

/// What makes an addition simple, the most important first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    digits: u32,
    sum: u64,
    a: u64,
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
    let mut whole = true;
    if term.roots.contains(&FAILS) {
        return Simplest { pairs: vec![], whole };
    }
    let mut states: FxHashMap<State, Ways> = FxHashMap::default();
    states.insert(State::START, vec![Cost { digits: 0, sum: 0, a: 0 }]);
    for j in (0..DIGITS).rev() {
        let place = 10u64.pow(j as u32);
        let mut next: FxHashMap<State, Ways> = FxHashMap::default();
        for (state, ways) in &states {
            for value in term.within.values(j) {
                let Some(state) = diagrams.step(&term.roots, state, j, value) else { continue };
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
            let mut costs: Vec<Cost> =
                next.values().filter_map(|ways| ways.first().copied()).collect();
            costs.sort_unstable();
            let limit = costs[STATES];
            next.retain(|_, ways| ways.first().is_some_and(|cost| *cost < limit));
        }
        states = next;
    }
    let mut all = Ways::new();
    for cost in states.into_values().flatten() {
        keep(&mut all, cost, most);
    }
    let pairs = all.into_iter().map(|cost| (cost.a, cost.sum - cost.a)).collect();
    Simplest { pairs, whole }
}

/// The simplest of several terms.
pub fn simplest_of(diagrams: &Diagrams, terms: &[Term], most: usize) -> Vec<Pair> {
    let mut all: Vec<Pair> =
        terms.iter().flat_map(|term| simplest(diagrams, term, most).pairs).collect();
    all.sort_by_key(|pair| order(*pair));
    all.dedup();
    all.truncate(most);
    all
}

/// How simple an addition is: see [the module](self).
pub fn order((a, b): Pair) -> (usize, u64, u64) {
    let digits = |n: u64| n.to_string().bytes().filter(|d| *d != b'0').count();
    (digits(a) + digits(b), a + b, a)
}
