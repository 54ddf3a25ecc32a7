//! How many additions are right, of which kind: sums of counts over the diagrams of all rows.

use super::cases::{Columns, Value};
use super::diagram::{Diagrams, FAILS, HOLDS, Id, Leaves, Tally, Term, Within};
use super::report::{CHAINS, ChainShare, Count, DIGIT_SHARES, DigitShare, Share, additions};
use super::row::Row;
use super::walk::Chains;
use numbers::listed::Listed;
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

/// The diagrams of all rows, and how many additions they hold for.
pub struct Counting {
    pub diagrams: Diagrams,
    /// What columns are made of.
    columns: Columns,
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
        return within.only(DIGITS - 1, &|value| value.sends() == 0);
    }
    for j in k..DIGITS {
        within = within.only(j, &|value| value == Value::NOTHING);
    }
    within
}

/// All others, in parts that share no addition: by the last column that is not as there.
fn goes_on(within: &Within, k: usize) -> Vec<Within> {
    let last = DIGITS - 1;
    if k == DIGITS {
        return vec![within.clone().only(last, &|value| value.sends() == 1)];
    }
    let after = |j: usize| if j == last { within.clone() } else { ends(within, j + 1) };
    (k..DIGITS).map(|j| after(j).only(j, &|value| value != Value::NOTHING)).listed()
}

impl Counting {
    /// What is right, of what is known so far, by diagrams of no more than `nodes`. A row that nobody has looked at is open.
    pub fn new(rows: &[Row], nodes: usize) -> Counting {
        Counting::among(Diagrams::new(nodes), rows)
    }

    /// The same where the diagrams hold others already.
    pub fn among(diagrams: Diagrams, rows: &[Row]) -> Counting {
        let mut counting = Counting {
            diagrams,
            columns: rows.first().map_or_else(Columns::default, |row| row.columns),
            right: vec![],
            perhaps: vec![],
            wrong: vec![],
            digit: vec![],
            stops: vec![],
            perhaps_stops: vec![],
        };
        counting.right = counting.of(rows, RIGHT);
        counting.perhaps = counting.either(rows, PERHAPS, &counting.right.clone());
        if rows.iter().any(Row::can_stop) {
            counting.stops = counting.of(rows, STOPS);
            counting.perhaps_stops = counting.either(rows, PERHAPS_STOPS, &counting.stops.clone());
        }
        counting
    }

    /// What is right, and what is wrong.
    pub fn with_wrong(rows: &[Row], nodes: usize) -> Counting {
        Counting::with_wrong_among(Diagrams::new(nodes), rows)
    }

    /// The same where the diagrams hold others already.
    pub fn with_wrong_among(diagrams: Diagrams, rows: &[Row]) -> Counting {
        let mut counting = Counting::among(diagrams, rows);
        counting.wrong = counting.of(rows, WRONG);
        counting.digit = counting.of(rows, DIGIT);
        counting
    }

    fn of(&mut self, rows: &[Row], leaves: Leaves) -> Vec<Id> {
        let unknown = if leaves[3] { HOLDS } else { FAILS };
        let mut roots: Vec<Id> = rows.iter().map(|row| self.diagrams.of(row, leaves)).listed();
        roots.resize(ANSWER_DIGITS, unknown);
        roots
    }

    /// The same with what is open, where anything is.
    fn either(&mut self, rows: &[Row], leaves: Leaves, certain: &[Id]) -> Vec<Id> {
        let decided = rows.len() == ANSWER_DIGITS && rows.iter().all(Row::is_decided);
        // A diagram that had no room for a tree is open where the tree is not.
        if decided && !self.diagrams.cut { certain.to_vec() } else { self.of(rows, leaves) }
    }

    /// Additions that are certainly right: in all rows; or up to one that ends the answer where nothing but zeros would
    /// follow. No addition is in two of them.
    pub fn right_terms(&self, within: &Within) -> Vec<Term> {
        terms(&self.right, &self.stops, within, false)
    }

    /// All that may be right.
    pub fn perhaps_terms(&self, within: &Within) -> Vec<Term> {
        terms(&self.perhaps, &self.perhaps_stops, within, true)
    }

    /// How many of `total` additions are right in row `k` alone: at least, and at most.
    pub fn row(&self, k: usize, within: &Within, total: u128) -> (u128, u128) {
        if self.right[k] == HOLDS {
            return (total, total);
        }
        let term = |root: Id, open: bool| Term { roots: vec![root], within: within.clone(), open };
        let least = self.diagrams.count(&term(self.right[k], false));
        if least.count == total || self.right[k] == self.perhaps[k] {
            return (least.count, least.most().min(total));
        }
        (least.count, self.diagrams.count(&term(self.perhaps[k], true)).count.min(total))
    }

    /// The diagram of what is certainly wrong in row `k`.
    pub fn wrong_row(&self, k: usize) -> Id {
        self.wrong[k]
    }

    /// Additions that may be right in all rows.
    pub fn perhaps_right(&self, within: Within) -> Term {
        Term { roots: self.perhaps.clone(), within, open: true }
    }

    /// Additions that are certainly wrong and first so in row `k`, in parts that share none.
    pub fn wrong_terms(&self, k: usize, within: &Within) -> Vec<Term> {
        let term = |last: Id, within: Within| {
            let roots = self.right[..k].iter().copied().chain([last]).listed();
            Term { roots, within, open: false }
        };
        if self.stops.is_empty() {
            return vec![term(self.wrong[k], within.clone())];
        }
        // What ends the answer where only zeros would follow is right.
        let on = goes_on(within, k).into_iter().map(|within| term(self.wrong[k], within));
        on.chain([term(self.digit[k], ends(within, k))]).listed()
    }

    /// Whether no diagram is open.
    pub fn is_decided(&self) -> bool {
        self.right == self.perhaps && self.stops == self.perhaps_stops
    }

    /// Certainly how many additions some terms have.
    pub fn sum(&self, terms: &[Term]) -> u128 {
        self.tally(terms).count
    }

    /// What may be right in all rows, where nothing else may be: all others are certainly wrong.
    pub fn perhaps_if_all_rows_count(&self, within: &Within) -> Option<Term> {
        self.perhaps_stops.is_empty().then(|| self.perhaps_right(within.clone()))
    }

    fn tally(&self, terms: &[Term]) -> Tally {
        let nothing = Tally { count: 0, left: 0 };
        terms.iter().map(|term| self.diagrams.count(term)).fold(nothing, |sum, term| Tally {
            count: sum.count.saturating_add(term.count),
            left: sum.left.saturating_add(term.left),
        })
    }

    fn chains(&self, terms: &[Term]) -> Chains {
        let mut sum = Chains { counts: [0; CHAINS], left: 0 };
        for chains in terms.iter().map(|term| self.diagrams.count_by_chain(term)) {
            sum.left = sum.left.saturating_add(chains.left);
            for (sum, count) in sum.counts.iter_mut().zip(chains.counts) {
                *sum = sum.saturating_add(count);
            }
        }
        sum
    }

    /// Additions of at most `digits` digits.
    pub fn within(&self, digits: usize) -> Within {
        Within::digits(digits, self.columns)
    }

    /// How many of them are answered right.
    pub fn count(&self, digits: usize) -> Count {
        let within = self.within(digits);
        let least = self.tally(&self.right_terms(&within));
        let at_most =
            if self.is_decided() { least.most() } else { self.sum(&self.perhaps_terms(&within)) };
        Count { digits, at_least: least.count, at_most: at_most.min(additions(digits)) }
    }

    /// Answer digits under teacher forcing, by the carry into their column.
    pub fn by_digit(&self, digits: usize) -> Vec<DigitShare> {
        let mut shares = Vec::with_capacity(DIGIT_SHARES);
        for digit in 0..ANSWER_DIGITS {
            for carry in 0..if digit == 0 { 1 } else { 2 } {
                let within = into_column(self.within(digits), digit, carry);
                let all = Term { roots: vec![], within: within.clone(), open: false };
                let total = self.diagrams.count(&all).count;
                let (least, most) = self.row(digit, &within, total);
                let share = Share::new(least, most, total);
                shares.push(DigitShare { digit, carry: carry as u8, share });
            }
        }
        shares
    }

    /// Answers by the longest run of columns that send a carry.
    pub fn by_chain(&self, digits: usize) -> Vec<ChainShare> {
        let within = self.within(digits);
        let everything = Term { roots: vec![], within: within.clone(), open: false };
        let all = self.chains(&[everything]);
        let least = self.chains(&self.right_terms(&within));
        let most = if self.is_decided() && least.left == 0 {
            least.counts
        } else {
            self.chains(&self.perhaps_terms(&within)).counts
        };
        let share = |chain: usize| {
            let total = all.counts[chain];
            Share::new(least.counts[chain], most[chain].min(total), total)
        };
        (0..CHAINS).map(|chain| ChainShare { chain, share: share(chain) }).listed()
    }
}

fn terms(right: &[Id], stops: &[Id], within: &Within, open: bool) -> Vec<Term> {
    let mut terms = vec![Term { roots: right.to_vec(), within: within.clone(), open }];
    for (k, stop) in stops.iter().enumerate() {
        let roots = right[..k].iter().copied().chain([*stop]).listed();
        terms.push(Term { roots, within: ends(within, k), open });
    }
    terms
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
fn into_column(within: Within, column: usize, carry: usize) -> Within {
    match column {
        DIGITS => within.only(DIGITS - 1, &|value: Value| value.sends() == carry),
        _ => within.only(column, &|value: Value| value.carry == carry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_an_answer_ends_and_where_it_goes_on_are_all_additions_and_none_twice() {
        let diagrams = Diagrams::new(0);
        let size =
            |within: Within| diagrams.count(&Term { roots: vec![], within, open: false }).count;
        let some_ordered = Columns { ordered: std::array::from_fn(|j| j % 3 == 0) };
        for columns in [Columns::default(), some_ordered] {
            for (digits, k) in
                (1..=DIGITS).flat_map(|digits| (0..=DIGITS).map(move |k| (digits, k)))
            {
                let within = Within::digits(digits, columns);
                let parts = std::iter::once(ends(&within, k)).chain(goes_on(&within, k));
                let sum: u128 = parts.map(size).sum();
                assert_eq!(sum, additions(digits), "{digits} digits, Z{k}");
            }
        }
    }
}
