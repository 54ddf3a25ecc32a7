//! Sets of additions as one answer row sees them.

use task::addition::DIGITS;

/// Unordered pairs of digits: X and Y of a column share its position, so a model cannot tell which is which.
const ALIKE: usize = 55;
/// Ordered ones, of columns where rows look at X or at Y alone: there a model can tell.
const ORDERED: usize = 100;
/// The most that a column can be: a pair, without or with a carry in.
pub const VALUES: usize = 2 * ORDERED;

/// The pairs: those with the greater digit first, then, of ordered ones, all others.
pub const PAIR: [(u8, u8); ORDERED] = {
    let mut pairs = [(0, 0); ORDERED];
    let (mut x, mut i, mut others) = (0, 0, ALIKE);
    while x < 10 {
        let mut y = 0;
        while y <= x {
            pairs[i] = (x, y);
            i += 1;
            if y < x {
                pairs[others] = (y, x);
                others += 1;
            }
            y += 1;
        }
        x += 1;
    }
    pairs
};

/// A column of an addition: a pair and the carry in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// Index into [`PAIR`].
    pub pair: usize,
    /// The carry in.
    pub carry: usize,
}

impl Value {
    /// 0 + 0 without a carry.
    pub const NOTHING: Value = Value { pair: 0, carry: 0 };

    /// The value of an index below [`VALUES`].
    #[inline(always)]
    pub fn of(index: usize) -> Value {
        Value { pair: index / 2, carry: index % 2 }
    }

    /// Its index: those of unordered pairs come first.
    #[inline(always)]
    pub fn index(self) -> usize {
        2 * self.pair + self.carry
    }

    /// The pair's sum, 0 to 18.
    #[inline(always)]
    pub fn sum(self) -> usize {
        let (x, y) = PAIR[self.pair];
        usize::from(x + y)
    }

    /// The answer digit.
    #[inline(always)]
    pub fn digit(self) -> usize {
        let total = self.sum() + self.carry;
        if total < 10 { total } else { total - 10 }
    }

    /// The carry out.
    #[inline(always)]
    pub fn sends(self) -> usize {
        usize::from(self.sum() + self.carry >= 10)
    }
}

/// What columns are made of: ordered pairs where rows look at X or at Y alone, else unordered ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Whether pairs of a column are ordered.
    pub ordered: [bool; DIGITS],
}

impl Columns {
    /// How many pairs column `j` can be, the first ones of [`PAIR`].
    #[inline(always)]
    pub fn pairs(&self, j: usize) -> usize {
        if self.ordered[j] { ORDERED } else { ALIKE }
    }

    /// All values of column `j`, in the order of their indices.
    pub fn values(&self, j: usize) -> impl Iterator<Item = Value> + use<> {
        (0..2 * self.pairs(j)).map(Value::of)
    }

    /// How many ordered pairs a value of column `j` stands for.
    pub fn times(&self, j: usize, value: Value) -> u32 {
        let (x, y) = PAIR[value.pair];
        if x == y || self.ordered[j] { 1 } else { 2 }
    }

    /// The pair of column `j` that X and Y are.
    pub fn pair(&self, j: usize, x: usize, y: usize) -> usize {
        let (high, low) = (x.max(y), x.min(y));
        if x < y && self.ordered[j] {
            // Before it are those with a smaller greater digit; two equal digits have no other order.
            return ALIKE + high * (high - 1) / 2 + low;
        }
        high * (high + 1) / 2 + low
    }

    /// The columns of `a + b`, both of at most ten digits.
    pub fn of(&self, a: u64, b: u64) -> [Value; DIGITS] {
        let (mut a, mut b, mut carry) = (a, b, 0);
        std::array::from_fn(|j| {
            let (x, y) = (a % 10, b % 10);
            (a, b) = (a / 10, b / 10);
            let value = Value { pair: self.pair(j, x as usize, y as usize), carry };
            carry = value.sends();
            value
        })
    }
}

/// How many digits can stand before answer row `row`: none before the first, which counts as one way.
pub fn befores(row: usize) -> usize {
    if row == 0 { 1 } else { DIGITS }
}

/// A column that is not fixed.
const FREE: u8 = u8::MAX;

/// What is known of the columns of an addition, beside the carry into the row's own and the digit before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    columns: [u8; DIGITS],
    /// The own column is any pair with this sum.
    pub own_sum: Option<u8>,
}

impl Case {
    /// Nothing is known.
    pub const ANY: Case = Case { columns: [FREE; DIGITS], own_sum: None };

    /// The same with one column fixed.
    pub fn with(mut self, column: usize, value: Value) -> Case {
        self.columns[column] = value.index() as u8;
        self
    }

    /// The same with any pair of this sum in the row's own column.
    pub fn with_sum(mut self, sum: usize) -> Case {
        self.own_sum = Some(sum as u8);
        self
    }

    /// What a column is, where it is fixed.
    pub fn get(&self, column: usize) -> Option<Value> {
        let value = *self.columns.get(column)?;
        (value != FREE).then(|| Value::of(value.into()))
    }

    /// An addition of this case, with this carry into column `row` and the digit `q` before it; nothing where it has none that
    /// is found at once.
    pub fn example(&self, row: usize, q: usize, carry: usize) -> Option<(u64, u64)> {
        let (mut a, mut b) = (0, 0);
        // What a column has to send; above the row's own any carry will do.
        let mut sends = None;
        for j in (0..DIGITS).rev() {
            if j + 1 == row {
                sends = Some(carry);
            }
            let fits = |value: &Value| {
                sends.is_none_or(|sends| value.sends() == sends)
                    && (j + 1 != row || value.digit() == q)
                    && (j != row || self.own_sum.is_none_or(|sum| value.sum() == usize::from(sum)))
                    && (j != row || value.carry == carry)
                    && (j > 0 || value.carry == 0)
            };
            let value = match self.get(j) {
                Some(value) => Some(value).filter(|value| j > row || fits(value)),
                // The simplest, without a carry where there is one; some unordered pair has every sum.
                None => {
                    let mut all =
                        (0..2 * ALIKE).map(|i| Value { pair: i % ALIKE, carry: i / ALIKE });
                    all.find(fits)
                }
            }?;
            let (x, y) = PAIR[value.pair];
            (a, b) = (a * 10 + u64::from(x), b * 10 + u64::from(y));
            sends = (j < row).then_some(value.carry);
        }
        Some((a, b))
    }

    /// How many columns are fixed.
    pub fn fixed(&self) -> usize {
        self.columns.iter().filter(|value| **value != FREE).count()
    }

    /// The lowest fixed column below `row`.
    pub fn lowest_below(&self, row: usize) -> Option<usize> {
        (0..row.min(DIGITS)).find(|j| self.columns[*j] != FREE)
    }

    /// Whether a column above `row` is fixed.
    pub fn fixes_above(&self, row: usize) -> bool {
        (row + 1..DIGITS).any(|j| self.columns[j] != FREE)
    }
}
