//! The least and greatest of a sum over columns, by shortest paths: digits of the answer are determined by the pairs and
//! the carry, so the carry is all that one column tells the next (theorem 3 of [the module](super)).

use super::cases::{Case, Columns, PAIR, Value};
use super::enclosed::PLUS_CLASS;
use super::interval::{Interval, down, up};
use task::addition::{DIGITS, EQUALS, PLUS, ROWS, Y0, Z0};

/// Digits of a pair's sum: 0 to 18.
const SUMS: usize = 19;

/// The least and the greatest of some sums, and for each a second number of the same path, which bounds nothing.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    pub lo: f64,
    pub hi: f64,
    pub with_lo: f64,
    pub with_hi: f64,
}

impl Reach {
    /// Of no sum at all.
    pub const NONE: Reach =
        Reach { lo: f64::INFINITY, hi: f64::NEG_INFINITY, with_lo: 0.0, with_hi: 0.0 };
    /// Of the empty sum.
    pub const ZERO: Reach = Reach { lo: 0.0, hi: 0.0, with_lo: 0.0, with_hi: 0.0 };

    pub fn is_none(&self) -> bool {
        self.lo > self.hi
    }

    #[inline(always)]
    fn take_in(&mut self, other: Reach) {
        if other.lo < self.lo {
            (self.lo, self.with_lo) = (other.lo, other.with_lo);
        }
        if other.hi > self.hi {
            (self.hi, self.with_hi) = (other.hi, other.with_hi);
        }
    }

    #[inline(always)]
    fn plus(self, other: Reach) -> Reach {
        if self.is_none() || other.is_none() {
            return Reach::NONE;
        }
        Reach {
            lo: down(self.lo + other.lo),
            hi: up(self.hi + other.hi),
            with_lo: self.with_lo + other.with_lo,
            with_hi: self.with_hi + other.with_hi,
        }
    }

    fn widen(mut self, by: f64) -> Reach {
        self.lo = down(self.lo - by);
        self.hi = up(self.hi + by);
        self
    }
}

/// What answer rows look at, where interventions hide some of it.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// By column, X and Y.
    pub pair: [[bool; 2]; DIGITS],
    /// By column, Z.
    pub answer: [bool; DIGITS],
    /// PLUS and EQUALS.
    pub special: [bool; 2],
}

impl Shown {
    /// Everything.
    pub const ALL: Shown =
        Shown { pair: [[true; 2]; DIGITS], answer: [true; DIGITS], special: [true; 2] };

    /// What is left where these places are hidden.
    pub fn of(hidden: &[bool; ROWS]) -> Shown {
        Shown {
            pair: std::array::from_fn(|j| [!hidden[j], !hidden[Y0 + j]]),
            answer: std::array::from_fn(|j| !hidden[Z0 + j]),
            special: [!hidden[PLUS], !hidden[EQUALS]],
        }
    }

    /// What columns are made of: where one of X and Y is looked at alone it matters which digit is whose.
    pub fn columns(&self) -> Columns {
        Columns { ordered: self.pair.map(|[x, y]| x != y) }
    }

    /// How many tokens of a class answer row `row` looks at.
    pub fn looked_at(&self, class: usize, row: usize) -> f64 {
        let one = |is_shown: bool| f64::from(u8::from(is_shown));
        match class.checked_sub(PLUS_CLASS) {
            Some(which) => one(self.special[which]),
            None => {
                let [x, y] = self.pair[class];
                one(x) + one(y) + one(class < row && self.answer[class])
            }
        }
    }
}

/// The place of what is not looked at beside the digits: it adds nothing.
const UNSEEN: usize = DIGITS;

/// What one token of each digit adds in each column.
#[derive(Clone)]
pub struct Terms {
    pub lo: [[f64; DIGITS + 1]; DIGITS],
    pub hi: [[f64; DIGITS + 1]; DIGITS],
    /// The second number of [`Reach`].
    pub with: [[f64; DIGITS + 1]; DIGITS],
    /// Each column's largest size, which its roundings are measured by.
    size: [f64; DIGITS],
    /// Whether the column adds exactly nothing.
    nothing: [bool; DIGITS],
    shown: Shown,
}

impl Terms {
    /// Of `term(column, digit)` and its second number, of what is shown.
    pub fn new(shown: Shown, mut term: impl FnMut(usize, usize) -> (Interval, f64)) -> Terms {
        let zero = [[0.0; DIGITS + 1]; DIGITS];
        let (size, nothing) = ([0.0; DIGITS], [true; DIGITS]);
        let mut terms = Terms { lo: zero, hi: zero, with: zero, size, nothing, shown };
        for j in 0..DIGITS {
            for d in 0..DIGITS {
                let (value, with) = term(j, d);
                // Of a number that left the range of f64 nothing is known; NaN would be lost on the way.
                let value = if value.is_sane() { value } else { Interval::ANY };
                (terms.lo[j][d], terms.hi[j][d], terms.with[j][d]) = (value.lo, value.hi, with);
                terms.size[j] = terms.size[j].max(value.size());
                terms.nothing[j] &= value.is_zero();
            }
        }
        terms
    }

    /// What a pair of digits adds in column `j`; rounding is not yet allowed for.
    #[inline(always)]
    fn bare(&self, j: usize, pair: usize) -> Reach {
        let (x, y) = PAIR[pair];
        let [is_x, is_y] = self.shown.pair[j];
        let x = if is_x { usize::from(x) } else { UNSEEN };
        let y = if is_y { usize::from(y) } else { UNSEEN };
        let (lo, hi, with) = (&self.lo[j], &self.hi[j], &self.with[j]);
        let second = with[x] + with[y];
        Reach { lo: lo[x] + lo[y], hi: hi[x] + hi[y], with_lo: second, with_hi: second }
    }

    /// What pairs of each sum add in column `j`: so that what else knows only their sum need not look at each of them.
    fn by_sum(&self, j: usize) -> [Reach; SUMS] {
        let mut sums = [Reach::NONE; SUMS];
        let pairs = self.shown.columns().pairs(j);
        for (pair, (x, y)) in PAIR[..pairs].iter().enumerate() {
            sums[usize::from(x + y)].take_in(self.bare(j, pair));
        }
        sums
    }

    /// The same with the digit `z` of the answer, where that is seen.
    #[inline(always)]
    fn and_answer(&self, j: usize, z: usize, pair: Reach) -> Reach {
        let z = if self.shown.answer[j] { z } else { UNSEEN };
        let (lo, hi, with) = (self.lo[j][z], self.hi[j][z], self.with[j][z]);
        Reach {
            lo: pair.lo + lo,
            hi: pair.hi + hi,
            with_lo: pair.with_lo + with,
            with_hi: pair.with_hi + with,
        }
    }

    /// Two additions of numbers up to three times the column's size, each off by half a unit in the last place at most,
    /// are off by less than 5/2 EPSILON times the size, and taking that off rounds once more.
    #[inline(always)]
    fn allow(&self, j: usize, reach: Reach) -> Reach {
        if self.nothing[j] || reach.is_none() {
            reach
        } else {
            reach.widen(8.0 * f64::EPSILON * self.size[j])
        }
    }

    /// What a fixed column adds.
    fn fixed(&self, j: usize, value: Value, answer_is_seen: bool) -> Reach {
        let mut reach = self.bare(j, value.pair);
        if answer_is_seen {
            reach = self.and_answer(j, value.digit(), reach);
        }
        self.allow(j, reach)
    }

    /// What a column adds whose answer digit is not seen, whatever it is.
    fn any(&self, j: usize) -> Reach {
        let mut any = Reach::NONE;
        self.by_sum(j).into_iter().for_each(|pairs| any.take_in(pairs));
        self.allow(j, any)
    }
}

/// Paths over the columns below answer row `row`, whose answer digits it sees, whatever the digit before it is.
#[derive(Clone)]
pub struct Below {
    row: usize,
    /// By column, carry in and carry out.
    column: [[[Reach; 2]; 2]; DIGITS],
    /// All columns below one, by the carry into it.
    pub before: [[Reach; 2]; DIGITS + 1],
    /// The column before the row's own by the sum of its pair, without its answer digit; rounding is not yet allowed for.
    last: [Reach; SUMS],
    /// The own column by its sum.
    own: [Reach; SUMS],
    /// All columns above the row's own.
    above: Reach,
}

impl Below {
    /// Of answer row `row`, 0 to 10.
    pub fn new(terms: &Terms, row: usize) -> Below {
        let mut below = Below {
            row,
            column: [[[Reach::NONE; 2]; 2]; DIGITS],
            before: [[Reach::NONE; 2]; DIGITS + 1],
            last: [Reach::NONE; SUMS],
            own: [Reach::NONE; SUMS],
            above: Reach::ZERO,
        };
        below.before[0][0] = Reach::ZERO;
        // The column before the row's own is looked at digit by digit.
        for j in 0..row.saturating_sub(1) {
            let sums = terms.by_sum(j);
            let column = &mut below.column[j];
            for (carry, ways) in column.iter_mut().enumerate() {
                for (sum, pairs) in sums.iter().enumerate() {
                    let total = sum + carry;
                    ways[total / 10].take_in(terms.and_answer(j, total % 10, *pairs));
                }
            }
            for way in column.iter_mut().flatten() {
                *way = terms.allow(j, *way);
            }
            below.before[j + 1] = below.through(below.before[j], &below.column[j]);
        }
        if row > 0 {
            below.last = terms.by_sum(row - 1);
        }
        if row < DIGITS {
            below.own = terms.by_sum(row).map(|own| terms.allow(row, own));
        }
        for j in row + 1..DIGITS {
            below.above = below.above.plus(terms.any(j));
        }
        below
    }

    fn through(&self, from: [Reach; 2], column: &[[Reach; 2]; 2]) -> [Reach; 2] {
        std::array::from_fn(|out| {
            let mut reach = from[0].plus(column[0][out]);
            reach.take_in(from[1].plus(column[1][out]));
            reach
        })
    }
}

/// The same with the digit before, `q`.
pub struct Paths {
    /// The column before the row's own, by carry in and carry out.
    last: [[Reach; 2]; 2],
    /// All columns below the row's own, by the carry into it.
    into: [Reach; 2],
}

impl Paths {
    /// After the digit `q`, which row 0 does not have.
    pub fn new(terms: &Terms, below: &Below, q: usize) -> Paths {
        let mut paths = Paths { last: [[Reach::NONE; 2]; 2], into: [Reach::NONE; 2] };
        let Some(before) = below.row.checked_sub(1) else {
            paths.into[0] = Reach::ZERO;
            return paths;
        };
        for carry in 0..2 {
            for sends in 0..2 {
                let sum = (10 * sends + q).checked_sub(carry);
                let Some(pairs) = sum.and_then(|sum| below.last.get(sum)) else { continue };
                let reach = terms.and_answer(before, q, *pairs);
                paths.last[carry][sends] = terms.allow(before, reach);
            }
        }
        paths.into = below.through(below.before[before], &paths.last);
        paths
    }

    /// Sums over all additions of a case, with this carry into the row's own column.
    pub fn reach(&self, terms: &Terms, below: &Below, case: &Case, carry: usize) -> Reach {
        let row = below.row;
        let under = match case.lowest_below(row) {
            None => self.into[carry],
            Some(lowest) => self.walk(terms, below, case, lowest)[carry],
        };
        let own = match (case.get(row), case.own_sum) {
            (Some(value), _) => terms.fixed(row, value, false),
            (None, Some(sum)) => below.own[usize::from(sum)],
            (None, None) if row < DIGITS => terms.any(row),
            (None, None) => Reach::ZERO,
        };
        under.plus(own).plus(above(terms, below, case))
    }

    /// Sums of the columns below the row's own, by the carry into it, where the lowest fixed one is `lowest`.
    fn walk(&self, terms: &Terms, below: &Below, case: &Case, lowest: usize) -> [Reach; 2] {
        let mut here = below.before[lowest];
        for j in lowest..below.row {
            here = match case.get(j) {
                Some(value) => {
                    let mut next = [Reach::NONE; 2];
                    next[value.sends()] = here[value.carry].plus(terms.fixed(j, value, true));
                    next
                }
                None if j + 1 == below.row => below.through(here, &self.last),
                None => below.through(here, &below.column[j]),
            };
        }
        here
    }
}

/// Sums of the columns above the row's own.
fn above(terms: &Terms, below: &Below, case: &Case) -> Reach {
    if !case.fixes_above(below.row) {
        return below.above;
    }
    (below.row + 1..DIGITS).fold(Reach::ZERO, |sum, j| {
        let reach = match case.get(j) {
            Some(value) => terms.fixed(j, value, false),
            None => terms.any(j),
        };
        sum.plus(reach)
    })
}
