//! The simplest additions of a kind: fewest digits that are not 0, then the smallest sum, then the smallest first summand.
//! All three add up over columns, so the simplest ways to come to a state are found column by column.

use super::cases::{PAIR, Value};
use super::diagram::{Diagrams, FAILS, START, STATES, State, Term, fits};
use super::lists::Lists;
use numbers::listed::Listed;
use numbers::order::by_whole;
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
    ways(diagrams, term, most, false)
}

/// The `most` simplest additions within a term's, for which it does not hold.
pub fn simplest_failing(diagrams: &Diagrams, term: &Term, most: usize) -> Simplest {
    if term.roots.contains(&FAILS) {
        let all = Term { roots: vec![], ..term.clone() };
        return simplest(diagrams, &all, most);
    }
    ways(diagrams, term, most, true)
}

/// Whether some root failed: only what the columns below have to send matters from there on.
fn has_failed(state: &State) -> bool {
    state.get(1) == Some(&FAILS)
}

/// The simplest ways through all columns: of a term, or of those within it that fail it.
fn ways(diagrams: &Diagrams, term: &Term, most: usize, failing: bool) -> Simplest {
    let mut whole = !diagrams.cut;
    let (mut states, mut all) = (Lists::default(), vec![vec![Cost { digits: 0, sum: 0, a: 0 }]]);
    states.number(START);
    let mut list = Vec::new();
    for j in (0..DIGITS).rev() {
        let place = 10u64.pow(j as u32);
        let (mut next, mut of_next) = (Lists::default(), Vec::<Ways>::new());
        let values: Vec<Value> = term.within.values(j).listed();
        for (state, ways) in states.iter().zip(&all) {
            for value in values.iter().filter(|value| fits(state, **value)) {
                list.clear();
                let fails =
                    has_failed(state) || !diagrams.step(&term.roots, state, j, *value, &mut list);
                if fails && failing {
                    list.clear();
                    list.extend([value.carry as u32, FAILS]);
                } else if fails {
                    continue;
                }
                let number = next.number(&list);
                of_next.resize(next.len(), vec![]);
                let (x, y) = PAIR[value.pair];
                let firsts = &[x, y][..term.within.made_of.times(j, *value) as usize];
                keep_all(&mut of_next[number], ways, firsts, x + y, place, most);
            }
        }
        if next.len() > STATES {
            whole = false;
            (next, of_next) = simplest_states(&next, of_next);
        }
        (states, all) = (next, of_next);
    }
    let mut best = Ways::new();
    for (state, ways) in states.iter().zip(all) {
        if has_failed(state) == failing {
            ways.into_iter().for_each(|cost| keep(&mut best, cost, most));
        }
    }
    let pairs = best.into_iter().map(|cost| (cost.a, cost.sum - cost.a)).listed();
    Simplest { pairs, whole }
}

/// Ways that go on with a column whose pair adds up to `sum`, and in which X is one of `firsts`.
fn keep_all(into: &mut Ways, ways: &Ways, firsts: &[u8], sum: u8, place: u64, most: usize) {
    for way in ways {
        for first in firsts {
            let digits = way.digits + u32::from(*first > 0) + u32::from(*first < sum);
            let a = way.a + u64::from(*first) * place;
            keep(into, Cost { digits, sum: way.sum + u64::from(sum) * place, a }, most);
        }
    }
}

/// The states that the simplest ways come to.
fn simplest_states(states: &Lists, ways: Vec<Ways>) -> (Lists, Vec<Ways>) {
    let costs: Vec<Cost> = ways.iter().filter_map(|ways| ways.first().copied()).listed();
    let limit = by_whole(&costs, |cost| cost.whole())[STATES];
    let (mut kept, mut of_kept) = (Lists::default(), vec![]);
    for (state, ways) in states.iter().zip(ways) {
        if ways.first().is_some_and(|cost| *cost < limit) {
            kept.number(state);
            of_kept.push(ways);
        }
    }
    (kept, of_kept)
}

/// The simplest of several terms.
pub fn simplest_of(diagrams: &Diagrams, terms: &[Term], most: usize) -> Vec<Pair> {
    let mut all: Vec<Pair> =
        terms.iter().flat_map(|term| simplest(diagrams, term, most).pairs).listed();
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
