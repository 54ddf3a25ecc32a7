//! Wrong additions in words, parted by their first wrong digit and by what the columns are that decide it.

use super::cases::{Columns, VALUES, Value};
use super::counting::Counting;
use super::diagram::{Term, Within};
use super::row::{NodeId, Row, STOPS, WRONG};
use numbers::listed::Listed;
use task::addition::DIGITS;

/// A set of columns' values, as bits.
type Set = [bool; VALUES];

/// Additions whose columns are among some values, and which are first wrong in one digit.
#[derive(Clone)]
pub struct Kind {
    /// The first wrong answer digit.
    pub digit: usize,
    /// The columns that are among some values: the higher, and what may stand before it.
    column: usize,
    /// What columns are made of.
    made_of: Columns,
    own: Set,
    before: Set,
    /// Not all of them are wrong.
    part: bool,
    /// Roughly how many, to begin with the largest.
    pub weight: u128,
}

/// Most pairs of digits that are listed one by one.
const LISTED: usize = 6;

/// The wrong ones that are first so in row `row`.
pub fn kinds(row: &Row) -> Vec<Kind> {
    let column = row.row.min(DIGITS - 1);
    let mut kinds = Vec::new();
    for part in [false, true] {
        // Values of the own column (of the last one, in row 10) that lead to the same, by what may stand in the one before.
        let mut alike: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for value in row.columns.values(column) {
            let before = before(row, column, value, part);
            let before: Vec<usize> = (0..VALUES).filter(|i| before[*i]).listed();
            if !before.is_empty() {
                match alike.binary_search_by(|(other, _)| other.cmp(&before)) {
                    Ok(at) => alike[at].1.push(value.index()),
                    Err(at) => alike.insert(at, (before, vec![value.index()])),
                }
            }
        }
        let times = |j: usize, list: &[usize]| -> u128 {
            list.iter().map(|i| u128::from(row.columns.times(j, Value::of(*i)))).sum()
        };
        kinds.extend(alike.into_iter().map(|(before, own)| Kind {
            digit: row.row,
            column,
            made_of: row.columns,
            own: set(&own),
            before: set(&before),
            part,
            weight: times(column, &own) * times(below(column), &before),
        }));
    }
    kinds
}

impl Kind {
    /// Its additions, in parts that share none.
    pub fn terms(&self, counting: &Counting, within: &Within) -> Vec<Term> {
        let whole = counting.wrong_terms(self.digit, within);
        whole.iter().map(|term| narrowed(term, self.column, &self.own, &self.before)).listed()
    }

    /// "column 7 is 5 + 6 or 6 + 5 and column 6 is 0 + 0 without a carry".
    pub fn text(&self) -> String {
        let mut text = self.decided_by();
        if self.part {
            text += ", in part";
        }
        text
    }

    fn decided_by(&self) -> String {
        let Kind { column, made_of, own, before, .. } = self;
        // The column before says which carry comes, unless it can be any.
        let any = *column > 0 && self.is_any_before();
        let mut text = format!("column {column} is {}", values(made_of, *column, own, any));
        if *column > 0 && !any {
            let before = values(made_of, column - 1, before, *column > 1);
            text += &format!(" and column {} is {before}", column - 1);
        }
        text
    }

    /// Whether what may stand in the column before is all that can.
    fn is_any_before(&self) -> bool {
        let own = (0..VALUES).filter(|i| self.own[*i]);
        let carries: Vec<usize> = own.map(|i| Value::of(i).carry).listed();
        // Nothing sends a carry into column 0.
        let can_be = |value: &Value| self.column > 1 || value.carry == 0;
        let mut all = self.made_of.values(below(self.column)).filter(can_be);
        all.all(|value| self.before[value.index()] || !carries.contains(&value.sends()))
    }
}

/// The column before; of column 0, which has none, itself.
fn below(column: usize) -> usize {
    column.saturating_sub(1)
}

fn narrowed(term: &Term, column: usize, own: &Set, before: &Set) -> Term {
    let mut within = term.within.clone().only(column, &|value| own[value.index()]);
    if column > 0 {
        within = within.only(column - 1, &|value| before[value.index()]);
    }
    Term { within, ..term.clone() }
}

fn set(indices: &[usize]) -> Set {
    std::array::from_fn(|i| indices.contains(&i))
}

/// Before which values of the column before `value` in `column` goes wrong: always, or `part` of the time.
fn before(row: &Row, column: usize, value: Value, part: bool) -> Set {
    if column == 0 && value.carry == 1 {
        return [false; VALUES];
    }
    let goes_wrong =
        |id: NodeId| if part { row.node(id).is_some() } else { id == WRONG || id == STOPS };
    let child = match row.node(row.root) {
        Some(node) if node.column == column => row.child(node, value),
        _ => row.root,
    };
    let under = |id: NodeId, before: Value| match row.node(id) {
        Some(node) if node.column + 1 == column => row.child(node, before),
        _ => id,
    };
    let mut set = [false; VALUES];
    for before in row.columns.values(below(column)) {
        set[before.index()] =
            (column == 0 || before.sends() == value.carry) && goes_wrong(under(child, before));
    }
    set
}

/// "5 + 6 or 6 + 5 with a carry"; the carry is told where `carry_matters`.
fn values(made_of: &Columns, column: usize, set: &Set, carry_matters: bool) -> String {
    let of = |carries: &[usize]| -> Vec<usize> {
        let all = made_of.values(column).filter(|value| set[value.index()]);
        all.filter(|value| carries.contains(&value.carry)).map(|value| value.pair).listed()
    };
    let pairs = |list: &[usize]| pairs(|x, y| list.contains(&made_of.pair(column, x, y)));
    let (without, with) = (of(&[0]), of(&[1]));
    if without == with || !carry_matters {
        return pairs(&of(&[0, 1]));
    }
    let part = |list: &[usize], carry: &str| format!("{} {carry}", pairs(list));
    match (without.is_empty(), with.is_empty()) {
        (_, true) => part(&without, "without a carry"),
        (true, _) => part(&with, "with a carry"),
        _ => format!("{}, or {}", part(&without, "without a carry"), part(&with, "with a carry")),
    }
}

/// Pairs of digits by their sums where these are complete, else one by one, else by how many they are.
fn pairs(has: impl Fn(usize, usize) -> bool) -> String {
    let mut all: Vec<(usize, usize)> = vec![];
    for x in 0..DIGITS {
        for y in 0..=x {
            if x != y && has(y, x) {
                all.push((y, x));
            }
            if has(x, y) {
                all.push((x, y));
            }
        }
    }
    if all.len() == DIGITS * DIGITS {
        return "any pair".into();
    }
    if all.len() <= LISTED {
        return all.iter().map(|(x, y)| format!("{x} + {y}")).listed().join(" or ");
    }
    let sums: Vec<usize> = (0..=18).filter(|sum| all.iter().any(|(x, y)| x + y == *sum)).listed();
    let complete: usize = sums.iter().map(|sum| DIGITS - sum.abs_diff(9)).sum();
    let sums = ranges(&sums);
    if all.len() == complete {
        return format!("a pair with the sum {sums}");
    }
    format!("one of {} pairs with the sum {sums}", all.len())
}

/// "0 to 3, 7 or 9".
fn ranges(sums: &[usize]) -> String {
    let mut words: Vec<String> = vec![];
    let mut rest = sums;
    while let [first, ..] = rest {
        let run = rest.iter().enumerate().take_while(|(i, sum)| **sum == first + i).count();
        if run > 2 {
            words.push(format!("{first} to {}", first + run - 1));
            rest = &rest[run..];
        } else {
            words.push(first.to_string());
            rest = &rest[1..];
        }
    }
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
