//! How many additions are right, of which kind: sums of counts over the diagrams of all rows.

use super::cases::Value;
use super::diagram::{Diagrams, FAILS, HOLDS, Id, Leaves, Within};
use super::report::{CHAINS, ChainShare, Count, DIGIT_SHARES, DigitShare, Share, additions};
use super::row::Row;
use task::addition::{ANSWER_DIGITS, DIGITS};

/// Leaves that are right for certain.
const RIGHT: Leaves = [true, false, false, false];
/// Leaves that may be right.
const PERHAPS: Leaves = [true, false, false, true];
/// Leaves that are wrong for certain.
const WRONG: Leaves = [false, true, true, false];
/// Leaves that are another digit for certain.
const DIGIT: Leaves = [false, true, false, false];
/// Leaves that end the answer for certain.
const STOPS: Leaves = [false, false, true, false];
/// Leaves that may end it.
const PERHAPS_STOPS: Leaves = [false, false, true, true];

/// Additions for which some diagrams all hold.
#[derive(Clone)]
pub struct Term {
    pub roots: Vec<Id>,
    pub within: Within,
}

/// The diagrams of all rows, and how many additions they hold for.
pub struct Counting {
    pub diagrams: Diagrams,
    right: Vec<Id>,
    perhaps: Vec<Id>,
    wrong: Vec<Id>,
    digit: Vec<Id>,
    stops: Vec<Id>,
    perhaps_stops: Vec<Id>,
}

/// Columns from `k` on are 0 + 0 and none sends or gets a carry: all answer digits from there on are 0.
fn ends(within: &Within, k: usize) -> Within {
    let mut within = within.clone();
    if k == DIGITS {
        return within.only(DIGITS - 1, |value| value.sends() == 0);
    }
    for j in k..DIGITS {
        within = within.only(j, |value| value.index() == 0);
    }
    within
}

/// All others, in parts that share no addition.
fn goes_on(within: &Within, k: usize) -> Vec<Within> {
    if k == DIGITS {
        return vec![within.clone().only(DIGITS - 1, |value| value.sends() == 1)];
    }
    (k..DIGITS).map(|j| ends(within, j + 1).only(j, |value| value.index() != 0)).collect()
}

impl Counting {
    /// Of what is known so far. A row that nobody has looked at is open.
    pub fn new(rows: &[Row]) -> Counting {
        let mut diagrams = Diagrams::default();
        let stop = rows.iter().any(Row::can_stop);
        let mut of = |leaves: Leaves| -> Vec<Id> {
            let known = rows.iter().map(|row| diagrams.of(row, leaves));
            let mut roots: Vec<Id> = known.collect();
            let unknown = if leaves[3] { HOLDS } else { FAILS };
            roots.resize(ANSWER_DIGITS, unknown);
            roots
        };
        Counting {
            right: of(RIGHT),
            perhaps: of(PERHAPS),
            wrong: of(WRONG),
            digit: of(DIGIT),
            stops: if stop { of(STOPS) } else { vec![] },
            perhaps_stops: if stop { of(PERHAPS_STOPS) } else { vec![] },
            diagrams,
        }
    }

    /// Additions that are certainly right: in all rows; or up to one that ends the answer where nothing but zeros would
    /// follow. No addition is in two of them.
    fn right_terms(&self, within: &Within) -> Vec<Term> {
        self.terms(&self.right, &self.stops, within)
    }

    /// All that may be right.
    fn perhaps_terms(&self, within: &Within) -> Vec<Term> {
        self.terms(&self.perhaps, &self.perhaps_stops, within)
    }

    /// How many of `total` additions are right in row `k` alone: at least, and at most.
    pub fn row(&self, k: usize, within: &Within, total: u128) -> (u128, u128) {
        if self.right[k] == HOLDS {
            return (total, total);
        }
        let least = self.diagrams.count(&[self.right[k]], within);
        let decided = self.right[k] == self.perhaps[k] || least == total;
        (least, if decided { least } else { self.diagrams.count(&[self.perhaps[k]], within) })
    }

    /// The diagram of what is certainly wrong in row `k`.
    pub fn wrong_row(&self, k: usize) -> Id {
        self.wrong[k]
    }

    /// Additions that may be right in all rows.
    pub fn perhaps_right(&self, within: Within) -> Term {
        Term { roots: self.perhaps.clone(), within }
    }

    fn terms(&self, right: &[Id], stops: &[Id], within: &Within) -> Vec<Term> {
        let mut terms = vec![Term { roots: right.to_vec(), within: within.clone() }];
        for (k, stop) in stops.iter().enumerate() {
            let mut roots = right[..k].to_vec();
            roots.push(*stop);
            terms.push(Term { roots, within: ends(within, k) });
        }
        terms
    }

    /// Additions that are certainly wrong and first so in row `k`, in parts that share none.
    pub fn wrong_terms(&self, k: usize, within: &Within) -> Vec<Term> {
        let term = |last: Id, within: Within| {
            let roots = self.right[..k].iter().copied().chain([last]).collect();
            Term { roots, within }
        };
        if self.stops.is_empty() {
            return vec![term(self.wrong[k], within.clone())];
        }
        // What ends the answer where only zeros would follow is right.
        let on = goes_on(within, k).into_iter().map(|within| term(self.wrong[k], within));
        on.chain([term(self.digit[k], ends(within, k))]).collect()
    }

    fn sum(&self, terms: &[Term], longest: usize) -> u128 {
        let count = |term: &Term| self.diagrams.count_chains(&term.roots, &term.within, longest);
        terms.iter().map(count).sum()
    }

    /// How many additions of at most `digits` digits are answered right.
    pub fn count(&self, digits: usize) -> Count {
        let within = Within::digits(digits);
        let at_least = self.sum(&self.right_terms(&within), DIGITS);
        let at_most = if self.right == self.perhaps && self.stops == self.perhaps_stops {
            at_least
        } else {
            self.sum(&self.perhaps_terms(&within), DIGITS).min(additions(digits))
        };
        Count { digits, at_least, at_most }
    }

    /// Answer digits under teacher forcing, by the carry into their column.
    pub fn by_digit(&self, digits: usize) -> Vec<DigitShare> {
        let mut shares = Vec::with_capacity(DIGIT_SHARES);
        for digit in 0..ANSWER_DIGITS {
            for carry in 0..2 {
                let within = into_column(digits, digit, carry);
                let share = Share::new(
                    self.diagrams.count(&[self.right[digit]], &within),
                    self.diagrams.count(&[self.perhaps[digit]], &within),
                    self.diagrams.count(&[], &within),
                );
                if digit > 0 || carry == 0 {
                    shares.push(DigitShare { digit, carry: carry as u8, share });
                }
            }
        }
        shares
    }

    /// Answers by the longest run of columns that send a carry.
    pub fn by_chain(&self, digits: usize) -> Vec<ChainShare> {
        let within = Within::digits(digits);
        let everything = [Term { roots: vec![], within: within.clone() }];
        let (right, perhaps) = (self.right_terms(&within), self.perhaps_terms(&within));
        let up_to = |terms: &[Term]| -> Vec<u128> {
            (0..CHAINS).map(|longest| self.sum(terms, longest)).collect()
        };
        let (all, least, most) = (up_to(&everything), up_to(&right), up_to(&perhaps));
        let exactly = |sums: &[u128], chain: usize| match chain {
            0 => sums[0],
            _ => sums[chain] - sums[chain - 1],
        };
        (0..CHAINS)
            .map(|chain| {
                let total = exactly(&all, chain);
                let share =
                    Share::new(exactly(&least, chain), exactly(&most, chain).min(total), total);
                ChainShare { chain, share }
            })
            .collect()
    }
}

impl Share {
    /// Of counts.
    pub(super) fn new(at_least: u128, at_most: u128, total: u128) -> Share {
        Share {
            right_at_least: at_least.to_string(),
            right_at_most: at_most.to_string(),
            total: total.to_string(),
        }
    }
}

/// Additions with this carry into a column; into column 10 it is what the last one sends.
fn into_column(digits: usize, column: usize, carry: usize) -> Within {
    let within = Within::digits(digits);
    match column {
        DIGITS => within.only(DIGITS - 1, |value: Value| value.sends() == carry),
        _ => within.only(column, |value: Value| value.carry == carry),
    }
}
